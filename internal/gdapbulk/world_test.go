package gdapbulk_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"comptoir/internal/clock"
	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/gdap"
	"comptoir/internal/gdapbulk"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/job"
	"comptoir/internal/op"
	"comptoir/internal/place"
	"comptoir/internal/policy"
	"comptoir/internal/relationship"
)

var opening = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

// A world is a sandbox with a partner, Ada who is an admin agent there, a group of
// technicians, and customers.
type world struct {
	t       testing.TB
	k       *op.Kernel
	workers *job.Workers
	partner identity.Partner
	boss    op.Actor // a global admin, who looks after people and groups
	ada     op.Actor
	group   identity.Group
	bakery  customer.Customer
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	k := op.New(d, slog.New(slog.DiscardHandler))
	k.Clock, k.Wall, k.Sandbox, k.Link = clock.Fixed(opening), clock.Fixed(opening), true, relationship.Link
	w := &world{t: t, k: k, workers: job.NewWorkers(k, 1)}
	country, _ := place.World().Country("SE")
	enrolled := do(w, identity.EnrolPartner, op.System("", 0, op.ViaCLI), identity.Enrolment{
		Name: "Atelier Nuage SAS", Types: policy.DirectBill, Country: "SE", Market: country.Market, Domain: "atelier-nuage.example", Active: true, SignedMPA: true,
	})
	w.partner = enrolled.Partner
	w.boss = op.Actor{
		Kind: policy.Partner, Tenant: w.partner.Tenant, Org: w.partner.Types, Roles: policy.GlobalAdmin, User: id.User(w.partner.Tenant),
		UserName: "boss@atelier-nuage.example", Channel: op.ViaPortal, Locale: "en",
	}
	w.ada = w.person("ada", policy.AdminAgent)
	w.group = do(w, identity.AddGroup, w.boss, identity.NewGroup{Name: "Tekniker"})
	w.bakery = w.add("Fjällbageriet i Lund AB", "fjallbageriet")
	return w
}

func (w *world) person(name string, roles policy.Role) op.Actor {
	w.t.Helper()
	made := do(w, identity.AddUser, w.boss, identity.NewUser{Name: name + "@" + w.partner.Domain, DisplayName: name, Roles: roles, KeepPassword: true})
	a := w.boss
	a.User, a.UserName, a.Roles = made.User.ID, made.User.Name, roles
	return a
}

func (w *world) add(name, prefix string) customer.Customer {
	w.t.Helper()
	return do(w, customer.Add, w.ada, customer.NewCustomer{
		Domain: prefix, Billing: customer.Billing{
			CompanyName: name, Email: "maja@" + prefix + ".example", Culture: "sv-SE", Language: "sv",
			Address: place.Address{
				Country: "SE", City: "Lund", AddressLine1: "Bredgatan 4", PostalCode: "222 21", FirstName: "Maja", LastName: "Lind", PhoneNumber: "046-12 34 56",
			},
		},
	}).Customer
}

// admin is an admin of a customer.
func admin(customer id.Tenant) op.Actor {
	return op.Actor{
		Kind: policy.Customer, Tenant: customer, Roles: policy.CustomerAdmin, User: id.User(customer), UserName: "maja@fjallbageriet.example",
		Channel: op.ViaPortal, Locale: "sv",
	}
}

// do runs an operation that must succeed.
func do[I, O any](w *world, o *op.Operation[I, O], a op.Actor, in I) O {
	w.t.Helper()
	out, err := o.Do(w.t.Context(), w.k, a, in)
	if err != nil {
		w.t.Fatalf("%s: %v", o.Spec().Name, err)
	}
	return out
}

// active is a relationship with the bakery that its admin has approved.
func (w *world) active(name string) gdap.Relationship {
	w.t.Helper()
	r := do(w, gdap.Create, w.ada, gdap.New{
		Name: name, Duration: "P90D", Customer: w.bakery.ID, Roles: []gdap.RoleID{gdap.GlobalReader, gdap.UserAdministrator},
	})
	do(w, gdap.LockForApproval, w.ada, gdap.Ref{Relationship: r.ID})
	return do(w, gdap.OwnApprove, admin(w.bakery.ID), gdap.Decision{Relationship: r.ID})
}

// plan plans a file for a person.
func (w *world) plan(a op.Actor, kind gdapbulk.Kind, file string) (gdapbulk.Batch, error) {
	w.t.Helper()
	order, err := gdapbulk.Read(kind, "orders.csv", strings.NewReader(file))
	if err != nil {
		return gdapbulk.Batch{}, err
	}
	return gdapbulk.Plan[kind].Do(w.t.Context(), w.k, a, order)
}

// planned plans a file of Ada's that can be read.
func (w *world) planned(kind gdapbulk.Kind, file string) gdapbulk.Batch {
	w.t.Helper()
	b, err := w.plan(w.ada, kind, file)
	if err != nil {
		w.t.Fatal(err)
	}
	return b
}

// done starts a batch, does what is due and returns the batch as it is then.
func (w *world) done(b gdapbulk.Batch) gdapbulk.Batch {
	w.t.Helper()
	do(w, gdapbulk.Start[b.Kind], w.ada, b.ID)
	w.work()
	return do(w, gdapbulk.Show, w.ada, b.ID)
}

func (w *world) work() {
	w.t.Helper()
	if _, err := w.workers.RunDue(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) rows(b gdapbulk.Batch) []gdapbulk.Row {
	w.t.Helper()
	return do(w, gdapbulk.ListRows, w.ada, gdapbulk.Rows{Batch: b.ID, Limit: gdapbulk.MaxRows})
}

// outcomes says what became of each row: "ready", or "refused: column key, …".
func (w *world) outcomes(b gdapbulk.Batch) (all []string) {
	w.t.Helper()
	for _, row := range w.rows(b) {
		text := string(row.Outcome)
		for i, f := range row.Faults {
			text += [...]string{": ", ", "}[min(i, 1)] + f.Field + " " + f.Key
		}
		all = append(all, text)
	}
	return all
}

func counted(b gdapbulk.Batch) string {
	return fmt.Sprintf("%s: %d ready, %d made, %d known, %d refused", b.Stage, b.Ready(), b.Made, b.Known, b.Refused)
}

var countTold = db.Scan(`SELECT COUNT(*) FROM events WHERE tenant_id = $1 AND name = $2 AND payload LIKE $3`, "test")

// told counts the events of a name that the starter, Ada, is told of.
func (w *world) told(event string) (n int64) {
	w.t.Helper()
	err := w.k.DB.Read(w.t.Context(), func(ctx context.Context, t *db.Tx) error {
		return t.QueryRow(ctx, countTold, []any{w.partner.Tenant, event, `%"User":"` + string(w.ada.User) + `"%`}, &n)
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// giveUpJobs makes every job of batches one that has failed for good.
var giveUpJobs = db.Scan(`UPDATE jobs SET state = 'failed' WHERE kind = 'gdap.bulk'`, "test")

// asProviders makes a draft one that a provider has made for the partner.
var asProviders = db.SQL(`UPDATE gdap_relationships SET source = 'provider' WHERE id = $1`)

var count = db.Scan(`SELECT COUNT(*) FROM activity WHERE tenant_id = $1 AND operation = $2`, "test")

// logged counts the records of an operation in the partner's log.
func (w *world) logged(operation string) (n int64) {
	w.t.Helper()
	err := w.k.DB.Read(w.t.Context(), func(ctx context.Context, t *db.Tx) error {
		return t.QueryRow(ctx, count, []any{w.partner.Tenant, operation}, &n)
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// anything runs a function in a unit of work of its actor.
var anything = op.Define(op.Spec{Name: "test.anything", Action: "profile.update", Write: true},
	func(ctx context.Context, u *op.Unit, f func(ctx context.Context, u *op.Unit) error) (struct{}, error) {
		return struct{}{}, f(ctx, u)
	})

// travel moves the clock to a time; what is due happens on the way.
func (w *world) travel(to time.Time) {
	w.t.Helper()
	if _, err := w.workers.Travel(w.t.Context(), op.System("", 0, op.ViaCLI), to); err != nil {
		w.t.Fatal(err)
	}
}
