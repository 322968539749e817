package world

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"comptoir/internal/app"
	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

// Build makes a world of so many customers in a new database at path, all of
// it through the operations of Comptoir, but for the decisions of the reviewers.
func Build(ctx context.Context, path string, customers int) (*World, error) {
	w := &World{Path: path}
	a, err := w.open(ctx)
	if err != nil {
		return nil, err
	}
	if err := w.fill(ctx, a.Kernel, customers); err != nil {
		return nil, errors.Join(fmt.Errorf("world: %w", err), a.Close())
	}
	return w, errors.Join(a.Close(), w.keep())
}

// fill makes everybody.
func (w *World) fill(ctx context.Context, k *op.Kernel, customers int) error {
	if err := w.employ(ctx, k); err != nil {
		return err
	}
	first := 0
	for i, n := range shares(customers) {
		p, err := enrol(ctx, k, i)
		if err == nil {
			err = p.add(ctx, k, first, n)
		}
		if err == nil {
			_, err = vet.Do(ctx, k, op.System("", 0, op.ViaCLI), share{&p, OpenCases * n / customers})
		}
		if err != nil {
			return err
		}
		w.Partners = append(w.Partners, p)
		first += n
	}
	return nil
}

// open opens the installation, without durability: what is half built is thrown away.
func (w *World) open(ctx context.Context) (*app.App, error) {
	for _, file := range []string{w.Path, w.Path + "-wal", w.Path + "-shm"} { // of a build that was broken off
		if err := os.Remove(file); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
	}
	return app.Open(ctx, app.Options{
		Database: w.Path, DB: db.Options{NoSync: true}, Kind: app.Production, Log: slog.New(slog.DiscardHandler),
	})
}

// enrol makes the i-th partner with a person and an application.
func enrol(ctx context.Context, k *op.Kernel, i int) (Partner, error) {
	operator := op.System("", 0, op.ViaCLI)
	made, err := identity.EnrolPartner.Do(ctx, k, operator, identity.Enrolment{
		Name: fmt.Sprintf("Handelshuset %03d AB", i), Types: policy.DirectBill, Country: "SE", Market: "europe", Language: "sv",
		Domain: fmt.Sprintf("handelshuset%03d.example", i), Active: true, SignedMPA: true,
		Admin: &identity.NewUser{Name: "ada", FirstName: "Ada", LastName: "Holm", KeepPassword: true},
	})
	if err != nil {
		return Partner{}, err
	}
	p := Partner{Tenant: made.Partner.Tenant, Admin: made.Admin.User.ID}
	registered, err := identity.AddApplication.Do(ctx, k, op.System(p.Tenant, policy.DirectBill, op.ViaCLI), identity.NewApp{
		Tenant: p.Tenant, Name: "Accounts", Roles: policy.AdminAgent,
	})
	p.App, p.Secret = registered.App.ID, registered.Secret
	return p, err
}

// batch is how many customers one transaction adds.
const batch = 500

// chunk is a batch of companies: those from first on.
type chunk struct {
	intake *customer.Intake
	drafts []customer.Draft
}

var (
	openIntake = op.Define(op.Spec{Name: "bench.intake", Action: "customer.add"},
		func(ctx context.Context, u *op.Unit, _ struct{}) (*customer.Intake, error) {
			return customer.OpenIntake(ctx, u)
		})
	addChunk = op.Define(op.Spec{Name: "bench.add", Action: "customer.add", Write: true},
		func(ctx context.Context, u *op.Unit, in chunk) ([]customer.Outcome, error) {
			return in.intake.Add(ctx, u, in.drafts)
		})
)

// add adds n companies, those from first on, to the customers of p.
func (p *Partner) add(ctx context.Context, k *op.Kernel, first, n int) error {
	actor := op.System(p.Tenant, policy.DirectBill, op.ViaCLI)
	intake, err := openIntake.Do(ctx, k, actor, struct{}{})
	if err != nil {
		return err
	}
	drafted := make(chan chunk, 4)
	failed := make(chan error, 1)
	go func() {
		defer close(drafted)
		failed <- draft(ctx, intake, first, n, drafted)
	}()
	for c := range drafted {
		outcomes, adding := addChunk.Do(ctx, k, actor, c)
		err = errors.Join(err, adding)
		for _, o := range outcomes {
			err = errors.Join(err, o.Err)
		}
	}
	return errors.Join(err, <-failed)
}

// draft sends the companies from first on, batch by batch.
func draft(ctx context.Context, intake *customer.Intake, first, n int, to chan<- chunk) error {
	for at := first; at < first+n && ctx.Err() == nil; at += batch {
		c := chunk{intake: intake}
		for i := at; i < min(at+batch, first+n); i++ {
			d, err := intake.Draft(Company(i), customer.Extra{})
			if err != nil {
				return err
			}
			c.drafts = append(c.drafts, d)
		}
		to <- c
	}
	return ctx.Err()
}
