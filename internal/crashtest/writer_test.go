package crashtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"testing"

	"github.com/google/uuid"

	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/job"
	"comptoir/internal/op"
	"comptoir/internal/place"
	"comptoir/internal/policy"
	"comptoir/internal/relationship"
)

// plan tells a writer what to do. Each lane is a sequence of steps, one after
// the other; the lanes write at the same time.
type plan struct {
	Database string
	Lanes    []position
	// Finish says to repeat only what may have been done already, and to end.
	Finish bool
}

// position is where a lane goes on: at its first step that was not acknowledged.
type position struct {
	Step     int
	Customer id.Tenant // of the steps after the first of an item
}

// The steps of an item: a customer is added, gets another name, and a job is
// left behind for it.
const (
	stepAdd = iota
	stepRename
	stepOrder
	stepsOfItem
)

// writerPlan is the environment variable that makes this test program a writer.
const writerPlan = "COMPTOIR_CRASH_PLAN"

func TestMain(m *testing.M) {
	if text := os.Getenv(writerPlan); text != "" {
		if err := write(text); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if text := os.Getenv(batchWork); text != "" {
		if err := workShift(text); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// write follows a plan until it is killed or has finished. It acknowledges each
// step with a line.
func write(text string) error {
	var p plan
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return err
	}
	ctx := context.Background()
	k, err := openKernel(ctx, p.Database)
	if err != nil {
		return err
	}
	partner, err := enrol(ctx, k)
	if err != nil {
		return fmt.Errorf("enrol: %w", err)
	}
	working, stop := context.WithCancel(ctx)
	defer stop()
	var background sync.WaitGroup
	background.Go(func() {
		if err := job.NewWorkers(k, 2).Run(working); err != nil {
			fmt.Fprintln(os.Stderr, "jobs:", err)
		}
	})
	w := &writer{kernel: k, partner: partner, failed: make(chan error, len(p.Lanes))}
	for lane, from := range p.Lanes {
		go func() { w.failed <- w.follow(ctx, lane, from, p.Finish) }()
	}
	for range p.Lanes {
		if err := <-w.failed; err != nil {
			return err
		}
	}
	stop()
	background.Wait()
	return k.DB.Close()
}

func openKernel(ctx context.Context, database string) (*op.Kernel, error) {
	d, err := db.Open(ctx, database, db.Options{})
	if err != nil {
		return nil, err
	}
	if err := d.Migrate(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	k := op.New(d, slog.New(slog.NewTextHandler(os.Stderr, nil)))
	k.Link = relationship.Link
	return k, k.Start(ctx)
}

// enrol makes the partner, or finds the one that an earlier writer made.
func enrol(ctx context.Context, k *op.Kernel) (id.Tenant, error) {
	market, _ := place.World().Country("SE")
	a := op.System("", 0, op.ViaCLI)
	a.IdempotencyKey = key("enrol")
	out, err := identity.EnrolPartner.Do(ctx, k, a, identity.Enrolment{
		Name: "Nordmolnet AB", Types: policy.DirectBill, Country: "SE", Domain: "nordmolnet.example", Active: true, SignedMPA: true,
		Market: market.Market,
	})
	return out.Partner.Tenant, err
}

// key returns the request id of a step, the same whoever repeats it.
func key(name string) string { return uuid.NewSHA1(uuid.NameSpaceURL, []byte(name)).String() }

type writer struct {
	kernel  *op.Kernel
	partner id.Tenant
	out     sync.Mutex
	failed  chan error
}

func (w *writer) follow(ctx context.Context, lane int, at position, finish bool) error {
	for {
		if err := w.step(ctx, lane, &at); err != nil {
			return fmt.Errorf("lane %d, step %d: %w", lane, at.Step, err)
		}
		w.out.Lock()
		_, err := io.WriteString(os.Stdout, fmt.Sprintf("%d %d %s\n", lane, at.Step, at.Customer))
		w.out.Unlock()
		if finish || err != nil {
			return err
		}
		at.Step++
	}
}

func (w *writer) step(ctx context.Context, lane int, at *position) error {
	a := op.Actor{
		Kind: policy.Partner, Tenant: w.partner, Org: policy.DirectBill, Roles: policy.AdminAgent, User: id.User(w.partner),
		UserName: "ada@nordmolnet.example", Channel: op.ViaREST, IdempotencyKey: key(fmt.Sprint(lane, " ", at.Step)),
	}
	item := at.Step / stepsOfItem
	in := newCustomer(lane, item)
	switch at.Step % stepsOfItem {
	case stepAdd:
		added, err := customer.Add.Do(ctx, w.kernel, a, in)
		at.Customer = added.Customer.ID
		return err
	case stepRename:
		in.Billing.CompanyName = renamed(lane, item)
		_, err := customer.UpdateBilling.Do(ctx, w.kernel, a, customer.BillingChange{ID: at.Customer, Billing: in.Billing})
		return err
	default:
		_, err := order.Do(ctx, w.kernel, a, at.Customer)
		return err
	}
}

func newCustomer(lane, item int) customer.NewCustomer {
	domain := domainOf(lane, item)
	return customer.NewCustomer{
		Domain: domain, Distinct: true,
		Billing: customer.Billing{
			CompanyName: fmt.Sprintf("Bageriet i kvarter %d nummer %d AB", lane, item), Email: "maja@" + domain + ".example",
			Culture: "sv-SE", Language: "sv",
			Address: place.Address{
				Country: "SE", City: "Lund", AddressLine1: "Bredgatan 4", PostalCode: "222 21", FirstName: "Maja", LastName: "Lind",
				PhoneNumber: "046-12 34 56",
			},
		},
	}
}

func domainOf(lane, item int) string { return fmt.Sprintf("kvarter%dnummer%d", lane, item) }

func renamed(lane, item int) string {
	return fmt.Sprintf("Konditoriet i kvarter %d nummer %d AB", lane, item)
}

// tally is the counter of the jobs that were done.
const tally = "crashtest.done"

var (
	order = op.Define(op.Spec{Name: "crashtest.order", Action: "profile.update", Write: true},
		func(ctx context.Context, u *op.Unit, c id.Tenant) (string, error) {
			return bake.Enqueue(ctx, u, c, job.Order{})
		})
	bake = job.Define("crashtest.bake", job.Options{Tries: 1000},
		func(ctx context.Context, u *op.Unit, r *job.Run, c id.Tenant) error {
			return u.Count(ctx, r.Tenant, tally, 1)
		})
)
