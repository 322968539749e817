package identity_test

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"comptoir/internal/clock"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

var today = time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)

// world is an installation with one partner and its Global admin.
type world struct {
	*testing.T
	k       *op.Kernel
	gate    *identity.Gate
	partner identity.Partner
	ga      op.Actor
}

// each runs a story in a fresh world on both engines.
func each(t *testing.T, story func(w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { story(newWorld(t, d)) })
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{T: t, k: kernel(d)}
	w.gate = identity.NewGate(w.k)
	made := must(identity.EnrolPartner.Do(t.Context(), w.k, cli(), identity.Enrolment{
		Name: "Nordmolnet AB", Types: policy.DirectBill, Country: "SE", Market: "EU", Domain: "nordmolnet.example",
		Active: true, SignedMPA: true, Admin: &identity.NewUser{Name: "ida", DisplayName: "Ida Berg", KeepPassword: true},
	}))(t)
	w.partner = made.Partner
	w.ga = w.actor(made.Admin.User)
	return w
}

func kernel(d *db.DB) *op.Kernel {
	k := op.New(d, slog.New(slog.DiscardHandler))
	k.Clock, k.Wall = clock.Fixed(today), clock.Fixed(today)
	return k
}

// cli is the installation itself, as the command line acts.
func cli() op.Actor { return op.System("", 0, op.ViaCLI) }

// must returns the first result and fails the test on an error.
func must[O any](out O, err error) func(t testing.TB) O {
	return func(t testing.TB) O {
		t.Helper()
		if err != nil {
			t.Fatalf("%+v", err)
		}
		return out
	}
}

// actor returns the actor that a user is now.
func (w *world) actor(n identity.User) op.Actor {
	w.Helper()
	a := must(w.gate.Person(w.Context(), n.Tenant, n.ID))(w).Actor("", true)
	a.Address = "192.0.2.10"
	return a
}

// person returns a user as the gate sees him.
func (w *world) person(n identity.User) identity.Person {
	w.Helper()
	return must(w.gate.Person(w.Context(), n.Tenant, n.ID))(w)
}

// user adds a user with roles to the partner, and returns him with his password.
func (w *world) user(name string, roles policy.Role) (identity.User, string) {
	w.Helper()
	made := must(identity.AddUser.Do(w.Context(), w.k, w.ga, identity.NewUser{
		Name: name, DisplayName: name + " of Nordmolnet", Roles: roles, KeepPassword: true,
	}))(w)
	return made.User, made.Password
}

// addCustomer stands for the operation of the customers' feature that makes a
// customer's organisation in its own transaction.
var addCustomer = op.Define(op.Spec{Name: "test.customer.add", Action: "customer.add", Write: true},
	identity.CreateCustomerTenant)

func (w *world) customer(domain string) identity.CreatedTenant {
	w.Helper()
	return must(addCustomer.Do(w.Context(), w.k, cli(), identity.NewCustomerTenant{
		Name: "Fjällbageri AB", Country: "SE", Domain: domain, FirstName: "Maja", LastName: "Lind", Email: "it@fjallbageri.example",
	}))(w)
}

// pass lets real and installation time pass.
func (w *world) pass(d time.Duration) {
	w.k.Clock.Advance(d)
	w.k.Wall.Advance(d)
}

// log returns "operation status data" of the activity records of a tenant, in order.
func (w *world) log(tenant id.Tenant) []string {
	w.Helper()
	rows, err := w.k.DB.Pool().QueryContext(w.Context(), `SELECT operation, status, data FROM activity WHERE tenant_id = $1 ORDER BY id`, tenant)
	if err != nil {
		w.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var operation, status, data string
		if err := rows.Scan(&operation, &status, &data); err != nil {
			w.Fatal(err)
		}
		all = append(all, fmt.Sprint(operation, " ", status, " ", data))
	}
	return all
}
