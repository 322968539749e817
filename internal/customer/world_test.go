package customer_test

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
	"comptoir/internal/fault"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/place"
	"comptoir/internal/policy"
	"comptoir/internal/relationship"
	"comptoir/internal/verification"
)

// A world is an installation with three partners in Europe: direct sells in its
// own name, provider sells for reseller as well.
type world struct {
	t                          testing.TB
	k                          *op.Kernel
	direct, provider, reseller identity.Partner
}

var opening = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) // a Friday

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	k := op.New(d, slog.New(slog.DiscardHandler))
	k.Clock = clock.Fixed(opening)
	k.Link = relationship.Link
	w := &world{t: t, k: k}
	w.direct = w.enrol("Atelier Nuage SAS", policy.DirectBill, "FR", "atelier-nuage.example")
	w.provider = w.enrol("Nordmolnet Distribution AB", policy.IndirectProvider, "SE", "nordmolnet.example")
	w.reseller = w.enrol("Skånes IT-partner AB", policy.IndirectReseller, "SE", "skanes-it.example")
	w.connect(w.reseller)
	return w
}

func (w *world) enrol(name string, types policy.Org, country, domain string) identity.Partner {
	w.t.Helper()
	return w.enrolled(identity.Enrolment{Name: name, Types: types, Country: country, Domain: domain, Active: true, SignedMPA: true})
}

// unsigned enrols a partner that has not signed its agreement. A reseller is a
// partner of the provider.
func (w *world) unsigned(name string, types policy.Org) identity.Partner {
	w.t.Helper()
	p := w.enrolled(identity.Enrolment{Name: name, Types: types, Country: "SE", Domain: prefix(name) + ".example", Active: true})
	if types == policy.IndirectReseller {
		w.connect(p)
	}
	return p
}

func (w *world) enrolled(in identity.Enrolment) identity.Partner {
	w.t.Helper()
	c, _ := place.World().Country(in.Country)
	in.Market = c.Market
	out, err := identity.EnrolPartner.Do(w.t.Context(), w.k, op.System("", 0, op.ViaCLI), in)
	if err != nil {
		w.t.Fatal(err)
	}
	return out.Partner
}

// connect makes p a reseller of the provider.
func (w *world) connect(p identity.Partner) {
	w.t.Helper()
	in := relationship.Pair{Provider: w.provider.Tenant, Reseller: p.Tenant}
	if _, err := relationship.ConnectPartners.Do(w.t.Context(), w.k, op.System("", 0, op.ViaCLI), in); err != nil {
		w.t.Fatal(err)
	}
}

// status has the operator give p a status.
func (w *world) status(p identity.Partner, s identity.PartnerStatus) {
	w.t.Helper()
	in := identity.PartnerChange{Tenant: p.Tenant, Status: &s, Cause: "a bill is overdue"}
	if _, err := identity.UpdatePartner.Do(w.t.Context(), w.k, op.System("", 0, op.ViaCLI), in); err != nil {
		w.t.Fatal(err)
	}
}

// within runs f in a unit of work of the installation.
func (w *world) within(f func(ctx context.Context, u *op.Unit) error) {
	w.t.Helper()
	w.as(op.System("", 0, op.ViaCLI), f)
}

// as runs f in a unit of work of a.
func (w *world) as(a op.Actor, f func(ctx context.Context, u *op.Unit) error) {
	w.t.Helper()
	if _, err := anything.Do(w.t.Context(), w.k, a, work(f)); err != nil {
		w.t.Fatal(err)
	}
}

type work func(ctx context.Context, u *op.Unit) error

var anything = op.Define(op.Spec{Name: "test.anything", Action: "profile.update", Write: true},
	func(ctx context.Context, u *op.Unit, f work) (struct{}, error) { return struct{}{}, f(ctx, u) })

// ownDomain gives a customer a domain that it proved to own.
func (w *world) ownDomain(tenant id.Tenant, domain string) {
	w.t.Helper()
	w.within(func(ctx context.Context, u *op.Unit) error { return identity.AddDomain(ctx, u, tenant, domain, false) })
}

// decide has a reviewer decide the case of c.
func (w *world) decide(c customer.Customer, as *op.Operation[verification.Decision, verification.Case]) {
	w.t.Helper()
	in := verification.Decision{Partner: c.Partner, Customer: c.ID, Reason: "not_found", Text: "No such company."}
	if _, err := as.Do(w.t.Context(), w.k, reviewer(), in); err != nil {
		w.t.Fatal(err)
	}
}

var forgetStatus = db.SQL(`UPDATE customers SET status = '', status_at = 0 WHERE partner_id = $1 AND customer_id = $2`)

// lost makes c a customer from before there was verification.
func (w *world) lost(c customer.Customer) {
	w.t.Helper()
	w.within(func(ctx context.Context, u *op.Unit) error {
		if err := u.Count(ctx, c.Partner, relationship.ByStatus.Counter(string(c.Status)), -1); err != nil {
			return err
		}
		_, err := u.Exec(ctx, forgetStatus, c.Partner, c.ID)
		return err
	})
}

// delegated returns the delegated relationships of p with c.
func (w *world) delegated(p identity.Partner, c customer.Customer) (all []gdap.Relationship) {
	w.t.Helper()
	w.within(func(ctx context.Context, u *op.Unit) (err error) {
		all, err = gdap.Of(ctx, u.Tx, p.Tenant, c.ID)
		return err
	})
	return all
}

// agent returns a person of p with the roles, who calls over REST.
func agent(p identity.Partner, roles policy.Role) op.Actor {
	return op.Actor{
		Kind: policy.Partner, Tenant: p.Tenant, Org: p.Types, Roles: roles, User: id.User(p.Tenant), UserName: "ada@" + p.Domain,
		Channel: op.ViaREST, Locale: "en",
	}
}

func (w *world) seller() op.Actor   { return agent(w.direct, policy.AdminAgent) }
func (w *world) supplier() op.Actor { return agent(w.provider, policy.AdminAgent) }
func (w *world) through() op.Actor  { return agent(w.reseller, policy.AdminAgent) }

// bakery is a customer with nothing to say against it.
func bakery() customer.NewCustomer {
	return customer.NewCustomer{
		Domain: "fjallbageriet",
		Billing: customer.Billing{
			CompanyName: "Fjällbageriet i Lund AB", Email: "maja@fjallbageriet.example", Culture: "sv-SE", Language: "sv",
			Address: place.Address{
				Country: "SE", City: "Lund", AddressLine1: "Bredgatan 4", PostalCode: "222 21", FirstName: "Maja", LastName: "Lind",
				PhoneNumber: "046-12 34 56",
			},
		},
	}
}

// called is a bakery with another name and domain.
func called(name string) customer.NewCustomer {
	in := bakery()
	in.Billing.CompanyName = name
	in.Domain = prefix(name)
	in.Billing.Email = "maja@" + in.Domain + ".example"
	return in
}

func prefix(name string) string {
	p := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(name))
	if len(p) < 3 {
		p = fmt.Sprintf("firm%x", name)
	}
	return p[:min(len(p), 27)]
}

func (w *world) add(a op.Actor, in customer.NewCustomer) customer.Added {
	w.t.Helper()
	added, err := customer.Add.Do(w.t.Context(), w.k, a, in)
	if err != nil {
		w.t.Fatalf("adding %s: %v", in.Billing.CompanyName, err)
	}
	return added
}

// refused returns the faults with which adding in is refused, "code field" each.
func (w *world) refused(a op.Actor, in customer.NewCustomer) []string {
	w.t.Helper()
	_, err := customer.Add.Do(w.t.Context(), w.k, a, in)
	if err == nil {
		w.t.Fatalf("%s was added", in.Billing.CompanyName)
	}
	return codes(err)
}

func codes(err error) []string {
	var all []string
	for _, f := range fault.All(err) {
		all = append(all, strings.TrimSpace(f.Code+" "+f.Key+" "+f.Field))
	}
	if len(all) == 0 {
		all = append(all, err.Error())
	}
	return all
}

func (w *world) set(name, value string) {
	w.t.Helper()
	if err := w.k.UpdateSetting(w.t.Context(), op.Actor{Kind: policy.System, Channel: op.ViaCLI}, op.SetSetting{Name: name, Value: value}); err != nil {
		w.t.Fatal(err)
	}
}

var (
	logOf     = db.Scan(`SELECT operation FROM activity WHERE tenant_id = $1 ORDER BY id`, "test")
	eventsOf  = db.Scan(`SELECT name FROM events WHERE tenant_id = $1 ORDER BY id`, "test")
	strayRows = db.Scan(`SELECT (SELECT COUNT(*) FROM customers) + (SELECT COUNT(*) FROM customer_terms) + (SELECT COUNT(*) FROM customer_tags)
		+ (SELECT COUNT(*) FROM verification_cases) + (SELECT COUNT(*) FROM gdap_relationships) + (SELECT COUNT(*) FROM agreements)
		+ (SELECT COUNT(*) FROM customer_qualifications) + (SELECT COUNT(*) FROM tenants WHERE kind = 'customer')
		+ (SELECT COUNT(*) FROM domains d JOIN tenants t ON t.id = d.tenant_id WHERE t.kind = 'customer')
		+ (SELECT COUNT(*) FROM counters WHERE name LIKE 'customers.%' AND name <> 'customers.number' AND value <> 0)`, "test")
)

// lines returns the first column of a test's statement.
func (w *world) lines(s *db.Stmt, args ...any) (all []string) {
	w.t.Helper()
	err := w.k.DB.Read(w.t.Context(), func(ctx context.Context, t *db.Tx) error {
		rows, err := t.Query(ctx, s, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var line string
			if err := rows.Scan(&line); err != nil {
				return err
			}
			all = append(all, line)
		}
		return rows.Err()
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}
