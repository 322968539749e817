package qualification_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"comptoir/internal/clock"
	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/place"
	"comptoir/internal/policy"
	"comptoir/internal/relationship"
)

// A world is a sandbox with a partner that sells to a school in Sweden.
type world struct {
	t      testing.TB
	k      *op.Kernel
	seller identity.Partner
	school customer.Added
}

var opening = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) // a Friday

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	k := op.New(d, slog.New(slog.DiscardHandler))
	k.Clock, k.Sandbox, k.Link = clock.Fixed(opening), true, relationship.Link
	w := &world{t: t, k: k}
	w.seller = w.enrol("Nordmolnet AB", "nordmolnet.example")
	w.school = w.add("Fjällskolan i Lund AB", "fjallskolan")
	return w
}

func (w *world) enrol(name, domain string) identity.Partner {
	w.t.Helper()
	country, _ := place.World().Country("SE")
	out, err := identity.EnrolPartner.Do(w.t.Context(), w.k, op.System("", 0, op.ViaCLI), identity.Enrolment{
		Name: name, Types: policy.DirectBill, Country: "SE", Market: country.Market, Domain: domain, Active: true, SignedMPA: true,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out.Partner
}

func (w *world) add(name, prefix string) customer.Added {
	w.t.Helper()
	return w.mailed(name, prefix, "maja@"+prefix+".example")
}

// mailed adds a customer whose contact has an address.
func (w *world) mailed(name, prefix, email string) customer.Added {
	w.t.Helper()
	w.k.Clock.Advance(time.Second) // so that ids tell the order
	added, err := customer.Add.Do(w.t.Context(), w.k, agent(w.seller), customer.NewCustomer{
		Domain: prefix, Billing: customer.Billing{
			CompanyName: name, Email: email, Culture: "sv-SE", Language: "sv",
			Address: place.Address{
				Country: "SE", City: "Lund", AddressLine1: "Bredgatan 4", PostalCode: "222 21", FirstName: "Maja", LastName: "Lind", PhoneNumber: "046-12 34 56",
			},
		},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return added
}

// agent is an admin agent of p.
func agent(p identity.Partner) op.Actor {
	return op.Actor{
		Kind: policy.Partner, Tenant: p.Tenant, Org: p.Types, Roles: policy.AdminAgent, User: id.User(p.Tenant), UserName: "ada@" + p.Domain,
		Channel: op.ViaREST, Locale: "en",
	}
}

func operator(roles policy.Role) op.Actor {
	return op.Actor{Kind: policy.Operator, Tenant: "operator", Roles: roles, User: "olga", UserName: "olga@molnverket.example", Channel: op.ViaPortal, Locale: "en"}
}

type work func(ctx context.Context, u *op.Unit) error

var anything = op.Define(op.Spec{Name: "test.anything", Action: "profile.update", Write: true},
	func(ctx context.Context, u *op.Unit, f work) (struct{}, error) { return struct{}{}, f(ctx, u) })

func (w *world) within(f work) {
	w.t.Helper()
	if _, err := anything.Do(w.t.Context(), w.k, op.System("", 0, op.ViaCLI), f); err != nil {
		w.t.Fatal(err)
	}
}

func codes(err error) string {
	var all []string
	for _, f := range fault.All(err) {
		all = append(all, strings.TrimSpace(f.Code+" "+f.Key+" "+f.Field))
	}
	if len(all) == 0 && err != nil {
		return err.Error()
	}
	return strings.Join(all, "; ")
}
