package partnership_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"comptoir/internal/clock"
	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/fault"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/letter"
	"comptoir/internal/op"
	"comptoir/internal/partnership"
	"comptoir/internal/place"
	"comptoir/internal/policy"
	"comptoir/internal/relationship"
)

const base = "https://comptoir.example"

var opening = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

// A world is an installation with a provider, two resellers of which one is in
// another market, and a partner that sells directly.
type world struct {
	t                              *testing.T
	k                              *op.Kernel
	provider, reseller, far, other identity.Partner
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	k := op.New(d, slog.New(slog.DiscardHandler))
	k.Clock, k.Link = clock.Fixed(opening), relationship.Link
	w := &world{t: t, k: k}
	w.provider = w.enrol("Nordmolnet Distribution AB", "nordmolnet", policy.IndirectProvider, "SE")
	w.reseller = w.enrol("Skånes IT-partner AB", "skanes-it", policy.IndirectReseller, "SE")
	w.far = w.enrol("Tokyo Cloud KK", "tokyo-cloud", policy.IndirectReseller, "JP")
	w.other = w.enrol("Atelier Nuage SAS", "atelier-nuage", policy.DirectBill, "FR")
	return w
}

func (w *world) enrol(name, domain string, types policy.Org, country string) identity.Partner {
	w.t.Helper()
	c, _ := place.World().Country(country)
	return must(w.t, identity.EnrolPartner, w.k, op.System("", 0, op.ViaCLI), identity.Enrolment{
		Name: name, Types: types, Country: country, Market: c.Market, Active: true, SignedMPA: true, Domain: domain + ".example",
	}).Partner
}

// agent is somebody with roles at p.
func agent(p identity.Partner, roles policy.Role) op.Actor {
	return op.Actor{
		Kind: policy.Partner, Tenant: p.Tenant, Org: p.Types, Roles: roles, User: id.User(p.Tenant), UserName: "ada@" + p.Domain,
		Channel: op.ViaPortal, Locale: "en",
	}
}

func admin(p identity.Partner) op.Actor { return agent(p, policy.GlobalAdmin) }

func must[I, O any](t *testing.T, o *op.Operation[I, O], k *op.Kernel, a op.Actor, in I) O {
	t.Helper()
	out, err := o.Do(t.Context(), k, a, in)
	if err != nil {
		t.Fatalf("%s: %v", o.Spec().Name, err)
	}
	return out
}

// message is that of a new request, done.
func (w *world) message() partnership.New {
	w.t.Helper()
	o := must(w.t, partnership.Begin, w.k, admin(w.provider), struct{}{})
	_, text := o.Words("sv", "Maja", partnership.Link(base, o.Token))
	return partnership.New{Token: o.Token, Base: base, Recipient: partnership.Recipient{Name: "Maja", Email: "maja@skanes-it.example"}, Language: "sv", Message: text}
}

// request has the provider ask, and returns the request.
func (w *world) request() partnership.Request {
	w.t.Helper()
	return must(w.t, partnership.Make, w.k, admin(w.provider), w.message())
}

func (w *world) authorize(a op.Actor, r partnership.Request) error {
	_, err := partnership.Authorize.Do(w.t.Context(), w.k, a, partnership.Authorization{Token: r.Token, Agreed: true})
	return err
}

var (
	logOf    = db.Scan(`SELECT operation FROM activity WHERE tenant_id = $1 ORDER BY id`, "test")
	eventsOf = db.Scan(`SELECT name || ' ' || payload FROM events WHERE tenant_id = $1 ORDER BY id`, "test")
)

type work func(ctx context.Context, u *op.Unit) error

var anything = op.Define(op.Spec{Name: "test.anything", Action: "profile.update", Write: true},
	func(ctx context.Context, u *op.Unit, f work) (struct{}, error) { return struct{}{}, f(ctx, u) })

func (w *world) lines(s *db.Stmt, args ...any) (all []string) {
	w.t.Helper()
	must(w.t, anything, w.k, op.System("", 0, op.ViaCLI), func(ctx context.Context, u *op.Unit) (err error) {
		all, err = db.All(ctx, u.Tx, s, args, func(row db.Row) (line string, err error) {
			err = row.Scan(&line)
			return line, err
		})
		return err
	})
	return all
}

// keys are the keys of the refusals in err, "" for none.
func keys(err error) string {
	var all []string
	for _, e := range fault.All(err) {
		all = append(all, e.Key)
	}
	if len(all) == 0 && err != nil {
		return err.Error()
	}
	return strings.Join(all, " ")
}

func TestAResellerAuthorizesAProvider(t *testing.T) { // E18, E19; S4.9, A5: no customer comes along
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		alone := w.add(customer.NewCustomer{}, "Fjällbageriet i Lund AB", "fjallbageriet")
		r := w.request()
		o := must(t, partnership.Look, w.k, admin(w.reseller), r.Token)
		if o.Provider.Name != w.provider.Name || o.State != partnership.Open || o.Connected || o.Obstacle != nil || !o.ExpiresAt.Equal(opening.Add(90*24*time.Hour)) {
			t.Errorf("the offer is %+v", o)
		}
		if err := w.authorize(agent(w.reseller, policy.AdminAgent), r); err != nil {
			t.Fatal(err)
		}
		resellers := must(t, partnership.ListResellers, w.k, admin(w.provider), struct{}{})
		if len(resellers) != 1 || resellers[0].Partner.Name != w.reseller.Name || !resellers[0].Since.Equal(opening) || resellers[0].Shared != 0 {
			t.Errorf("the resellers are %+v", resellers)
		}
		providers := must(t, partnership.ListProviders, w.k, admin(w.reseller), struct{}{})
		if len(providers) != 1 || providers[0].Partner.Name != w.provider.Name {
			t.Errorf("the providers are %+v", providers)
		}
		if made := must(t, partnership.List, w.k, admin(w.provider), struct{}{}); made[0].State != partnership.Authorized || made[0].Reseller != w.reseller.Tenant || made[0].Name != w.reseller.Name {
			t.Errorf("the request is %+v", made[0])
		}
		for _, p := range []identity.Partner{w.provider, w.reseller} {
			if log := w.lines(logOf, p.Tenant); !slices.Contains(log, "create_partner_relationship") {
				t.Errorf("the log of %s is %v", p.Name, log)
			}
		}
		if told := w.lines(eventsOf, w.provider.Tenant); !slices.Contains(told, `partnership-accepted {"Reseller":"Skånes IT-partner AB"}`) {
			t.Errorf("N4: told %v", told)
		}
		if list := must(t, customer.List, w.k, admin(w.reseller), customer.Query{Size: 9, Exact: true}); list.Total != 0 {
			t.Errorf("S4.9: the reseller has %v, %s came along", list.Items, alone.OriginalName)
		}
		shared := w.add(customer.NewCustomer{Reseller: string(w.reseller.Tenant)}, "Smedjan i Höör AB", "smedjanihoor")
		if got := must(t, customer.Get, w.k, admin(w.reseller), customer.Ref{ID: shared.ID}); got.Customer.Provider != w.provider.Tenant {
			t.Errorf("E19: the reseller sees %+v", got.Customer)
		}
		if resellers := must(t, partnership.ListResellers, w.k, admin(w.provider), struct{}{}); resellers[0].Shared != 1 {
			t.Errorf("they share %d", resellers[0].Shared)
		}
	})
}

// add has the provider add a customer.
func (w *world) add(in customer.NewCustomer, name, domain string) customer.Customer {
	in.Domain, in.Billing = domain, customer.Billing{
		CompanyName: name, FirstName: "Maja", LastName: "Lind", Email: "maja@" + domain + ".example", Culture: "sv-SE", Language: "sv",
		Address: place.Address{
			Country: "SE", City: "Lund", AddressLine1: "Bredgatan 4", PostalCode: "222 21", FirstName: "Maja", LastName: "Lind", PhoneNumber: "046-12 34 56",
		},
	}
	return must(w.t, customer.Add, w.k, agent(w.provider, policy.AdminAgent), in).Customer
}

func TestWhatAMessageMustHave(t *testing.T) { // E18: RF-22
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for name, tt := range map[string]struct {
			change func(in *partnership.New)
			want   string
		}{
			"no link":           {func(in *partnership.New) { in.Message = "Hej" }, "refusal.rf22"},
			"another token":     {func(in *partnership.New) { in.Token = letter.NewToken() }, "refusal.rf22"},
			"a token of no use": {func(in *partnership.New) { in.Token = "x" }, "refusal.rf22"},
			"another language":  {func(in *partnership.New) { in.Language = "de" }, "identity.user.language"},
			"no address":        {func(in *partnership.New) { in.Recipient.Email = "maja" }, "refusal.property"},
			"a name of lines":   {func(in *partnership.New) { in.Recipient.Name = "Maja\x00" }, "refusal.property"},
		} {
			in := w.message()
			tt.change(&in)
			if _, err := partnership.Make.Do(t.Context(), w.k, admin(w.provider), in); keys(err) != tt.want {
				t.Errorf("%s: %v, want %s", name, err, tt.want)
			}
		}
		in := w.message()
		must(t, partnership.Make, w.k, admin(w.provider), in)
		if _, err := partnership.Make.Do(t.Context(), w.k, admin(w.provider), in); keys(err) != "refusal.rf22" {
			t.Errorf("the same token again: %v", err)
		}
	})
}

func TestWhoCannotAuthorizeAProvider(t *testing.T) { // E18, A8; P-16
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		r := w.request()
		for name, tt := range map[string]struct {
			actor op.Actor
			want  string // of looking, and
			then  string // of authorizing
		}{
			"another type":                   {admin(w.other), "partnership.not_reseller", "refusal.rf10"},
			"another market":                 {admin(w.far), "relationship.other_market", "relationship.other_market"},
			"the provider itself":            {admin(w.provider), "partnership.own", "refusal.rf10"},
			"b17, RF-10 a sales agent":       {agent(w.reseller, policy.SalesAgent), "", "refusal.rf10"},
			"b17, RF-10 a helpdesk agent":    {agent(w.reseller, policy.HelpdeskAgent), "", "refusal.rf10"},
			"b17, RF-10 a billing admin":     {agent(w.reseller, policy.BillingAdmin), "", "refusal.rf10"},
			"b17, RF-10 a user admin":        {agent(w.reseller, policy.UserAdmin), "", "refusal.rf10"},
			"an application without anybody": {op.Actor{Kind: policy.Partner, Tenant: w.reseller.Tenant, Org: w.reseller.Types, App: "app", Roles: policy.AdminAgent}, "", ""},
		} {
			if o, err := partnership.Look.Do(t.Context(), w.k, tt.actor, r.Token); tt.actor.App == "" && (err != nil || keys(o.Obstacle) != tt.want) {
				t.Errorf("%s looks: %v, %v, want %q", name, o.Obstacle, err, tt.want)
			}
			if err := w.authorize(tt.actor, r); err == nil || tt.then != "" && keys(err) != tt.then {
				t.Errorf("%s authorizes: %v, want %q", name, err, tt.then)
			}
		}
		if _, err := partnership.Authorize.Do(t.Context(), w.k, admin(w.reseller), partnership.Authorization{Token: r.Token}); keys(err) != "partnership.tick" {
			t.Errorf("without the tick: %v", err)
		}
		for _, token := range []string{"", "x", letter.NewToken()} {
			if _, err := partnership.Look.Do(t.Context(), w.k, admin(w.reseller), token); keys(err) != "refusal.rf24" {
				t.Errorf("RF-24 token %q: %v", token, err)
			}
		}
		if err := w.authorize(admin(w.reseller), r); err != nil {
			t.Fatal(err)
		}
		again := w.request()
		if err := w.authorize(admin(w.reseller), again); keys(err) != "partnership.connected" {
			t.Errorf("connected already: %v", err)
		}
	})
}

func TestAProviderThatMayNotSellAsksNobody(t *testing.T) { // A7: RF-06, RF-43
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		r, in := w.request(), w.message()
		restricted := identity.PartnerRestricted
		must(t, identity.UpdatePartner, w.k, op.System("", 0, op.ViaCLI), identity.PartnerChange{Tenant: w.provider.Tenant, Status: &restricted, Cause: "a bill is overdue"})
		if _, err := partnership.Make.Do(t.Context(), w.k, admin(w.provider), in); keys(err) != "refusal.rf43" {
			t.Errorf("it asks: %v", err)
		}
		if err := w.authorize(admin(w.reseller), r); keys(err) != "partnership.stopped" {
			t.Errorf("it is authorized: %v", err)
		}
	})
}

func TestARequestEnds(t *testing.T) { // E18, b16: withdrawn, run out
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		withdrawn, late := w.request(), w.request()
		if _, err := partnership.Withdraw.Do(t.Context(), w.k, admin(w.reseller), withdrawn.ID); err == nil {
			t.Error("the reseller withdraws it")
		}
		must(t, partnership.Withdraw, w.k, admin(w.provider), withdrawn.ID)
		if _, err := partnership.Withdraw.Do(t.Context(), w.k, admin(w.provider), withdrawn.ID); keys(err) != "partnership.ended" {
			t.Errorf("it is withdrawn twice: %v", err)
		}
		if err := w.authorize(admin(w.reseller), withdrawn); keys(err) != "partnership.ended" {
			t.Errorf("it is authorized after that: %v", err)
		}
		w.k.Clock = clock.Fixed(late.ExpiresAt)
		if o := must(t, partnership.Look, w.k, admin(w.reseller), late.Token); o.State != partnership.Expired {
			t.Errorf("E10: after 90 days it is %s", o.State)
		}
		if err := w.authorize(admin(w.reseller), late); keys(err) != "partnership.ended" {
			t.Errorf("E10: it is authorized after 90 days: %v", err)
		}
		if _, err := partnership.Show.Do(t.Context(), w.k, admin(w.provider), letter.NewToken()); keys(err) != "refusal.not_found" {
			t.Errorf("nobody's request: %v", err)
		}
	})
}

func TestAPartnershipIsRemoved(t *testing.T) { // E21, E25: customers and delegated administration stay
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		if err := w.authorize(admin(w.reseller), w.request()); err != nil {
			t.Fatal(err)
		}
		shared := w.add(customer.NewCustomer{Reseller: string(w.reseller.Tenant)}, "Smedjan i Höör AB", "smedjanihoor")
		remove := func(a op.Actor, made bool) error {
			_, err := partnership.Remove.Do(t.Context(), w.k, a, partnership.Removal{
				Reseller: w.reseller.Tenant, Statement: relationship.Statement{Version: relationship.StatementVersion, Language: "sv", Made: made},
			})
			return err
		}
		for name, tt := range map[string]struct {
			err  error
			want string
		}{
			"without the statement":     {remove(admin(w.provider), false), "partnership.statement.missing"},
			"b18, RF-10 by a seller":    {remove(agent(w.provider, policy.SalesAgent), true), "refusal.rf10"},
			"by the reseller":           {remove(admin(w.reseller), true), "refusal.rf10"},
			"by a stranger of the kind": {remove(admin(w.enrol("Sydmolnet AB", "sydmolnet", policy.IndirectProvider, "SE")), true), "refusal.not_found"},
		} {
			if keys(tt.err) != tt.want {
				t.Errorf("%s: %v, want %s", name, tt.err, tt.want)
			}
		}
		if err := remove(admin(w.provider), true); err != nil {
			t.Fatal(err)
		}
		resellers := must(t, partnership.ListResellers, w.k, admin(w.provider), struct{}{})
		if len(resellers) != 1 || !resellers[0].EndedAt.Equal(opening) || resellers[0].Shared != 1 {
			t.Errorf("the resellers are %+v", resellers)
		}
		if providers := must(t, partnership.ListProviders, w.k, admin(w.reseller), struct{}{}); len(providers) != 0 {
			t.Errorf("the providers are %+v", providers)
		}
		for _, p := range []identity.Partner{w.provider, w.reseller} {
			got := must(t, customer.Get, w.k, admin(p), customer.Ref{ID: shared.ID})
			if !got.Delegated {
				t.Errorf("E21: %s has lost its delegated administration", p.Name)
			}
			if log := w.lines(logOf, p.Tenant); !slices.Contains(log, "remove_partner_relationship") {
				t.Errorf("the log of %s is %v", p.Name, log)
			}
		}
		if log := w.lines(logOf, w.provider.Tenant); !slices.Contains(log, "accept_statement") {
			t.Errorf("E25: the log is %v", log)
		}
		if told := w.lines(eventsOf, w.reseller.Tenant); len(told) != 0 {
			t.Errorf("P-14: the reseller is told %v", told)
		}
		if err := remove(admin(w.provider), true); keys(err) != "refusal.not_found" {
			t.Errorf("it is removed twice: %v", err)
		}
		if err := w.authorize(admin(w.reseller), w.request()); err != nil {
			t.Errorf("they come together again: %v", err)
		}
		if resellers := must(t, partnership.ListResellers, w.k, admin(w.provider), struct{}{}); !resellers[0].EndedAt.IsZero() {
			t.Errorf("together again: %+v", resellers)
		}
	})
}

func TestTheListsArePartnersOfTheirKind(t *testing.T) { // P-14, P-15
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		gdap.OnChange(customer.FollowDelegation)
		if _, err := partnership.ListResellers.Do(t.Context(), w.k, admin(w.reseller), struct{}{}); keys(err) != "refusal.rf10" {
			t.Errorf("resellers of a reseller: %v", err)
		}
		if _, err := partnership.ListProviders.Do(t.Context(), w.k, admin(w.provider), struct{}{}); keys(err) != "refusal.rf10" {
			t.Errorf("providers of a provider: %v", err)
		}
	})
}
