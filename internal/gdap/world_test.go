package gdap_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"comptoir/internal/clock"
	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/job"
	"comptoir/internal/op"
	"comptoir/internal/place"
	"comptoir/internal/policy"
	"comptoir/internal/relationship"
)

var opening = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

// A world is a sandbox with a provider, its reseller, a partner that sells for
// itself, and a bakery that is its customer.
type world struct {
	t                          testing.TB
	k                          *op.Kernel
	workers                    *job.Workers
	direct, provider, reseller identity.Partner
	bakery                     id.Tenant
	names                      int
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	k := op.New(d, slog.New(slog.DiscardHandler))
	k.Clock, k.Wall, k.Sandbox, k.Link = clock.Fixed(opening), clock.Fixed(opening), true, relationship.Link
	w := &world{t: t, k: k, workers: job.NewWorkers(k, 1)}
	w.direct = w.enrol("Atelier Nuage SAS", policy.DirectBill, "atelier-nuage.example")
	w.provider = w.enrol("Nordmolnet Distribution AB", policy.IndirectProvider, "nordmolnet.example")
	w.reseller = w.enrol("Skånes IT-partner AB", policy.IndirectReseller, "skanes-it.example")
	if _, err := relationship.ConnectPartners.Do(t.Context(), k, installation(), relationship.Pair{Provider: w.provider.Tenant, Reseller: w.reseller.Tenant}); err != nil {
		t.Fatal(err)
	}
	w.bakery = w.add("Fjällbageriet i Lund AB", "fjallbageriet")
	return w
}

func installation() op.Actor { return op.System("", 0, op.ViaCLI) }

func (w *world) enrol(name string, types policy.Org, domain string) identity.Partner {
	w.t.Helper()
	country, _ := place.World().Country("SE")
	out, err := identity.EnrolPartner.Do(w.t.Context(), w.k, installation(), identity.Enrolment{
		Name: name, Types: types, Country: "SE", Market: country.Market, Domain: domain, Active: true, SignedMPA: true,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out.Partner
}

func (w *world) add(name, prefix string) id.Tenant {
	w.t.Helper()
	added, err := customer.Add.Do(w.t.Context(), w.k, agent(w.direct), customer.NewCustomer{
		Domain: prefix, Billing: customer.Billing{
			CompanyName: name, Email: "maja@" + prefix + ".example", Culture: "sv-SE", Language: "sv",
			Address: place.Address{
				Country: "SE", City: "Lund", AddressLine1: "Bredgatan 4", PostalCode: "222 21", FirstName: "Maja", LastName: "Lind", PhoneNumber: "046-12 34 56",
			},
		},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return added.Customer.ID
}

// agent is an admin agent of p, person one who has no role there but may be in
// groups.
func agent(p identity.Partner) op.Actor {
	return op.Actor{
		Kind: policy.Partner, Tenant: p.Tenant, Org: p.Types, Roles: policy.AdminAgent, User: id.User(p.Tenant), UserName: "ada@" + p.Domain,
		Channel: op.ViaGraph, Locale: "en",
	}
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

// refused returns code and key of the refusal of an operation, "" when it is not refused.
func refused[I, O any](w *world, o *op.Operation[I, O], a op.Actor, in I) string {
	w.t.Helper()
	_, err := o.Do(w.t.Context(), w.k, a, in)
	if err == nil {
		return ""
	}
	all := fault.All(err)
	if len(all) == 0 {
		w.t.Fatalf("%s: %v", o.Spec().Name, err)
	}
	return all[0].Code + " " + all[0].Key
}

// wish is a request that nothing can be said against, bound to the bakery.
func (w *world) wish() gdap.New {
	w.names++
	return gdap.New{
		Name: "Drift " + string(rune('a'+w.names)), Duration: "P90D", Customer: w.bakery, CustomerName: "Bageriet",
		Roles: []gdap.RoleID{gdap.GlobalReader, gdap.UserAdministrator},
	}
}

// asked is a request that waits for the customer.
func (w *world) asked(in gdap.New) gdap.Relationship {
	w.t.Helper()
	r := do(w, gdap.Create, agent(w.direct), in)
	do(w, gdap.LockForApproval, agent(w.direct), gdap.Ref{Relationship: r.ID, Version: r.Version})
	return do(w, gdap.Get, agent(w.direct), r.ID)
}

// approved is an active relationship.
func (w *world) approved(in gdap.New) gdap.Relationship {
	w.t.Helper()
	return do(w, gdap.OwnApprove, admin(in.Customer), gdap.Decision{Relationship: w.asked(in).ID})
}

// travel moves the clock to a time; what is due happens on the way.
func (w *world) travel(to time.Time) {
	w.t.Helper()
	if _, err := w.workers.Travel(w.t.Context(), installation(), to); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) runDue() {
	w.t.Helper()
	if _, err := w.workers.RunDue(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

var (
	logOf    = db.Scan(`SELECT operation FROM activity WHERE tenant_id = $1 AND operation LIKE 'granular%' ORDER BY id`, "test")
	logTimes = db.Scan(`SELECT operation || ' ' || at FROM activity WHERE tenant_id = $1 AND operation LIKE 'granular%' ORDER BY id`, "test")
	eventsOf = db.Scan(`SELECT name FROM events WHERE tenant_id = $1 AND name LIKE 'granular%' ORDER BY id`, "test")
	leftOf   = db.Scan(`SELECT 'relationship' FROM gdap_relationships WHERE id = $1 UNION ALL SELECT 'request' FROM gdap_requests WHERE relationship_id = $1
		UNION ALL SELECT 'assignment' FROM gdap_assignments WHERE relationship_id = $1`, "test")
)

// lines returns the first column of a test's statement.
func (w *world) lines(s *db.Stmt, args ...any) (all []string) {
	w.t.Helper()
	err := w.k.DB.Read(w.t.Context(), func(ctx context.Context, t *db.Tx) (err error) {
		all, err = db.All(ctx, t, s, args, func(row db.Row) (string, error) {
			var line string
			err := row.Scan(&line)
			return line, err
		})
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}
