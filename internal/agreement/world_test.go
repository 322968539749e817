package agreement_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"comptoir/internal/agreement"
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

// A world is a sandbox with a partner that sells a bakery in Sweden bread boxes.
type world struct {
	t      testing.TB
	k      *op.Kernel
	seller identity.Partner
	bakery customer.Added
}

var opening = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) // a Friday

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	k := op.New(d, slog.New(slog.DiscardHandler))
	k.Clock, k.Sandbox, k.Link = clock.Fixed(opening), true, relationship.Link
	w := &world{t: t, k: k}
	w.seller = w.enrol("Nordmolnet AB", "nordmolnet.example")
	w.bakery = w.add(w.seller, "Fjällbageriet i Lund AB", "fjallbageriet")
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

func (w *world) add(p identity.Partner, name, prefix string) customer.Added {
	w.t.Helper()
	added, err := customer.Add.Do(w.t.Context(), w.k, agent(p), customer.NewCustomer{
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
	return added
}

// travel moves the clock to a day.
func (w *world) travel(day string) {
	w.t.Helper()
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		w.t.Fatal(err)
	}
	w.k.Clock = clock.Fixed(at.Add(9 * time.Hour))
}

func (w *world) now() time.Time { return w.k.Clock.Now() }

// agent is an admin agent of p.
func agent(p identity.Partner) op.Actor {
	return op.Actor{
		Kind: policy.Partner, Tenant: p.Tenant, Org: p.Types, Roles: policy.AdminAgent, User: id.User(p.Tenant), UserName: "ada@" + p.Domain,
		Channel: op.ViaREST, Locale: "en",
	}
}

// admin is the first administrator of a customer.
func (w *world) admin(c customer.Added) op.Actor {
	w.t.Helper()
	var n identity.User
	w.within(func(ctx context.Context, u *op.Unit) (err error) {
		n, err = identity.UserByName(ctx, u.Tx, c.AdminUserName)
		return err
	})
	return op.Actor{Kind: policy.Customer, Tenant: c.Customer.ID, Roles: policy.CustomerAdmin, User: n.ID, UserName: n.Name, Channel: op.ViaPortal, Locale: "sv"}
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

// mayOrder asks whether p may order for c.
func (w *world) mayOrder(p identity.Partner, c customer.Added) (err error) {
	w.t.Helper()
	w.within(func(ctx context.Context, u *op.Unit) error {
		err = agreement.MayOrder(ctx, u, p.Tenant, c.Customer.ID)
		return nil
	})
	return err
}

// maja is who accepted, on a day.
func maja(on time.Time) agreement.Attestation {
	return agreement.Attestation{Person: agreement.Person{FirstName: "Maja", LastName: "Lind", Email: "maja@fjallbageriet.example", Phone: "046123456"}, AgreedAt: on}
}

func (w *world) attest(p identity.Partner, c customer.Added, a agreement.Attestation) error {
	w.t.Helper()
	_, err := agreement.Attest.Do(w.t.Context(), w.k, agent(p), agreement.Confirmation{Customer: c.Customer.ID, Attestation: a})
	return err
}

// publish publishes a version with a text in English.
func (w *world) publish(v agreement.NewVersion) agreement.Version {
	w.t.Helper()
	if v.Texts == nil {
		v.Texts = map[string][]byte{"en": []byte("<p>The terms.</p>")}
	}
	out, err := agreement.Publish.Do(w.t.Context(), w.k, operator(policy.OperatorAdmin), v)
	if err != nil {
		w.t.Fatal(err)
	}
	return out
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
