package invitation_test

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
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/invitation"
	"comptoir/internal/op"
	"comptoir/internal/place"
	"comptoir/internal/policy"
	"comptoir/internal/relationship"
)

const base = "https://comptoir.example"

var opening = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

// A world is an installation with a direct partner, a provider and its reseller,
// and a customer of another partner, of whom they all would like to be partners.
type world struct {
	t                          *testing.T
	k                          *op.Kernel
	direct, provider, reseller identity.Partner
	bakery, smithy             op.Actor // administrators of two customers
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	k := op.New(d, slog.New(slog.DiscardHandler))
	k.Clock, k.Link = clock.Fixed(opening), relationship.Link
	gdap.OnChange(customer.FollowDelegation)
	w := &world{t: t, k: k}
	other := w.enrol("Västmoln AB", policy.DirectBill, "SE")
	w.direct = w.enrol("Atelier Nuage SAS", policy.DirectBill, "FR")
	w.provider = w.enrol("Nordmolnet Distribution AB", policy.IndirectProvider, "SE")
	w.reseller = w.enrol("Skånes IT-partner AB", policy.IndirectReseller, "SE")
	must(t, relationship.ConnectPartners, k, op.System("", 0, op.ViaCLI), relationship.Pair{Provider: w.provider.Tenant, Reseller: w.reseller.Tenant})
	w.bakery, w.smithy = w.customer(other, "Fjällbageriet i Lund AB", "fjallbageriet"), w.customer(other, "Smedjan i Höör AB", "smedjanihoor")
	return w
}

func (w *world) enrol(name string, types policy.Org, country string) identity.Partner {
	c, _ := place.World().Country(country)
	return must(w.t, identity.EnrolPartner, w.k, op.System("", 0, op.ViaCLI), identity.Enrolment{
		Name: name, Types: types, Country: country, Market: c.Market, Active: true, SignedMPA: true,
		Domain: strings.ToLower(strings.Map(func(r rune) rune {
			if r < 128 && r != ' ' {
				return r
			}
			return -1
		}, name)) + ".example",
	}).Partner
}

// customer adds a customer of p and returns its administrator.
func (w *world) customer(p identity.Partner, name, domain string) op.Actor {
	added := must(w.t, customer.Add, w.k, agent(p), customer.NewCustomer{Domain: domain, Billing: customer.Billing{
		CompanyName: name, Email: "maja@" + domain + ".example", Culture: "sv-SE", Language: "sv",
		Address: place.Address{
			Country: "SE", City: "Lund", AddressLine1: "Bredgatan 4", PostalCode: "222 21", FirstName: "Maja", LastName: "Lind", PhoneNumber: "046-12 34 56",
		},
	}}).Customer
	a := op.Actor{Kind: policy.Customer, Tenant: added.ID, Roles: policy.CustomerAdmin, Channel: op.ViaPortal, Locale: "en", MFA: true}
	w.within(func(ctx context.Context, u *op.Unit) error {
		all, err := identity.Admins(ctx, u.Tx, identity.Tenant{ID: added.ID, Kind: identity.CustomerTenant})
		a.User, a.UserName = all[0].ID, all[0].Name
		return err
	})
	return a
}

// agent is a Global admin and Admin agent of p.
func agent(p identity.Partner) op.Actor {
	return op.Actor{
		Kind: policy.Partner, Tenant: p.Tenant, Org: p.Types, Roles: policy.GlobalAdmin | policy.AdminAgent, User: id.User(p.Tenant),
		UserName: "ada@" + p.Domain, Channel: op.ViaPortal, Locale: "en",
	}
}

func must[I, O any](t *testing.T, o *op.Operation[I, O], k *op.Kernel, a op.Actor, in I) O {
	t.Helper()
	out, err := o.Do(t.Context(), k, a, in)
	if err != nil {
		t.Fatalf("%T: %v", in, err)
	}
	return out
}

type work func(ctx context.Context, u *op.Unit) error

var anything = op.Define(op.Spec{Name: "test.anything", Action: "profile.update", Write: true},
	func(ctx context.Context, u *op.Unit, f work) (struct{}, error) { return struct{}{}, f(ctx, u) })

func (w *world) within(f func(ctx context.Context, u *op.Unit) error) {
	w.t.Helper()
	must(w.t, anything, w.k, op.System("", 0, op.ViaCLI), work(f))
}

// invite has p ask, jointly with provider where one is named, and returns the
// invitation and its link.
func (w *world) invite(p identity.Partner, ask invitation.Asking, delegated bool) (invitation.Invitation, string) {
	w.t.Helper()
	begin, end := invitation.Begin, invitation.Make
	if ask.Provider != "" {
		begin, end = invitation.BeginJoint, invitation.MakeJoint
	}
	o := must(w.t, begin, w.k, agent(p), ask)
	url := o.Link.URL(base)
	_, text := o.Words("sv", "Maja", url)
	made := must(w.t, end, w.k, agent(p), invitation.New{
		Asking: ask, Token: o.Link.Token, Base: base, Recipient: invitation.Recipient{Name: "Maja", Email: "maja@example.com"},
		Source: invitation.Referral, Language: "sv", Delegated: delegated, Message: text,
	})
	return made, url
}

// acceptance is that of a customer that has nothing to add to its company.
func (w *world) acceptance(a op.Actor, link string) invitation.Acceptance {
	w.t.Helper()
	o := must(w.t, invitation.Look, w.k, a, link)
	return invitation.Acceptance{Link: link, Company: o.Company, Relation: true, Agreed: true, Rank: o.Agreement.Rank}
}

func (w *world) relations(a op.Actor) map[id.Tenant]relationship.Relation {
	w.t.Helper()
	found := map[id.Tenant]relationship.Relation{}
	w.within(func(ctx context.Context, u *op.Unit) error {
		all, err := relationship.Of(ctx, u.Tx, a.Tenant)
		for _, r := range all {
			found[r.Partner] = r
		}
		return err
	})
	return found
}

var (
	logOf    = db.Scan(`SELECT operation FROM activity WHERE tenant_id = $1 ORDER BY id`, "test")
	eventsOf = db.Scan(`SELECT name FROM events WHERE tenant_id = $1 ORDER BY id`, "test")
)

func (w *world) lines(s *db.Stmt, args ...any) (all []string) {
	w.t.Helper()
	w.within(func(ctx context.Context, u *op.Unit) (err error) {
		all, err = db.All(ctx, u.Tx, s, args, func(row db.Row) (line string, err error) {
			err = row.Scan(&line)
			return line, err
		})
		return err
	})
	return all
}

func code(err error) string {
	all := fault.All(err)
	if len(all) == 0 {
		if err == nil {
			return ""
		}
		return err.Error()
	}
	return all[0].Key
}

// another enrols one more reseller of the provider.
func (w *world) another(name string) identity.Partner {
	p := w.enrol(name, policy.IndirectReseller, "SE")
	must(w.t, relationship.ConnectPartners, w.k, op.System("", 0, op.ViaCLI), relationship.Pair{Provider: w.provider.Tenant, Reseller: p.Tenant})
	return p
}

// removes has p end its relation with the bakery.
func (w *world) removes(p identity.Partner) {
	w.t.Helper()
	a := agent(p)
	a.Channel = op.ViaREST
	must(w.t, customer.Remove, w.k, a, customer.Removal{ID: w.bakery.Tenant})
}

// sees fails the test unless the lists and the counters of all of resellers show the
// bakery with status.
func (w *world) sees(status string, resellers ...identity.Partner) {
	w.t.Helper()
	for _, p := range resellers {
		if got := w.relations(w.bakery)[p.Tenant].Status; got != status {
			w.t.Errorf("%s sees the status %q, not %q", p.Name, got, status)
		}
		if n := must(w.t, customer.Count, w.k, agent(p), struct{}{}); n.By[relationship.ByStatus][status] != 1 {
			w.t.Errorf("%s counts %+v", p.Name, n.By[relationship.ByStatus])
		}
	}
}
