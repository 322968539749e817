package app_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"comptoir/internal/agreement"
	"comptoir/internal/app"
	"comptoir/internal/db"
	"comptoir/internal/demo"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/partnership"
	"comptoir/internal/place"
	"comptoir/internal/policy"
	"comptoir/internal/relationship"
)

// house is a whole installation with organisations of every kind and somebody of
// every role in each. The tests of isolation share one: to make it takes longer
// than to ask it anything.
type house struct {
	*app.App
	ctx    context.Context
	orgs   []*org
	actors []*actor
	// secrets are what those with no business with an organisation must not read.
	secrets    secrets
	specs      map[policy.Action]op.Spec // of all operations, by name
	ran        []op.Observation          // by the request under way
	factor     string                    // id of a second factor that somebody has begun to add
	made       int                       // how many things were made, so that each has a name of its own
	delegation delegation                // what partners have of delegated administration
	panel      id.App                    // an application that everybody may let in
	vendor     identity.Partner          // whose it is; nobody works with it
	// asked is a partnership that the provider has asked for.
	asked partnership.Request
}

// org is one organisation.
type org struct {
	key    string
	kind   policy.Kind
	types  policy.Org
	tenant id.Tenant
	domain string
	app    demo.App // of a partner
	// customers are those of a partner, the one that most requests are about first.
	customers []id.Tenant
	danger    id.Tenant         // the one whose texts are dangers to pages, "" for none
	paper     id.Tenant         // the one about whose account a document was handed in, "" for none
	document  string            // that document
	request   agreement.Request // of a partner that sells: that somebody accept the agreement
	spares    []id.Tenant       // those that requests may use up
	// knows are the organisations about which its people may read something.
	knows map[id.Tenant]bool
	// suspended partners may sell nothing new (rule A7).
	suspended bool
	actors    []*actor
}

// actor is somebody who sends requests; without an organisation he is nobody.
type actor struct {
	name     string
	org      *org
	roles    policy.Role
	alone    bool // an application without a user
	user     id.User
	userName string
	token    string
	// directory is his token for the directory's interface.
	directory string
	browser   browser
	address   string
	file      string // id of an import of his own, "" for none
	round     string // id of a plan of agreements of his own, "" for none
	batch     string // id of a plan about admin relationships of his own, "" for none
}

func (a *actor) String() string { return a.name }

// subject is the actor as the matrix asks for him.
func (a *actor) subject() policy.Subject {
	if a.org == nil {
		return policy.Subject{}
	}
	return policy.Subject{Kind: a.org.kind, Org: a.org.types, Roles: a.roles, AppOnly: a.alone}
}

// as returns the actor as operations take him.
func (a *actor) as() op.Actor {
	return op.Actor{
		Kind: a.org.kind, Tenant: a.org.tenant, Org: a.org.types, Roles: a.roles, User: a.user, UserName: a.userName,
		Channel: op.ViaPortal, Locale: "en",
	}
}

// system is the installation itself acting for o.
func (o *org) system() op.Actor { return op.System(o.tenant, o.types, op.ViaCLI) }

// payload is what would run as script if a page showed it as it is.
const payload = `<img src=x onerror=alert(1)>"'&`

// people are the combinations of roles that each kind of organisation has.
var people = map[policy.Kind][]struct {
	name  string
	roles policy.Role
}{
	policy.Partner: {
		{"first-user", policy.GlobalAdmin | policy.AdminAgent}, // rule A13
		{"global-admin", policy.GlobalAdmin},
		{"user-admin", policy.UserAdmin},
		{"billing-admin", policy.BillingAdmin},
		{"admin-agent", policy.AdminAgent},
		{"sales-agent", policy.SalesAgent},
		{"helpdesk-agent", policy.HelpdeskAgent},
		{"no-role", 0},
	},
	policy.Customer: {
		{"customer-admin", policy.CustomerAdmin},
		{"customer-billing-admin", policy.CustomerBillingAdmin},
		{"customer-user", policy.CustomerUser},
		{"no-role", 0},
	},
	policy.Operator: {
		{"operator-admin", policy.OperatorAdmin},
		{"operator-reviewer", policy.OperatorReviewer},
		{"operator-support", policy.OperatorSupport},
		{"no-role", 0},
	},
}

var shared struct {
	sync.Once
	house *house
	dir   string
	err   error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if shared.house != nil {
		if err := shared.house.Close(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.RemoveAll(shared.dir)
	os.Exit(code)
}

// theHouse returns the shared installation.
func theHouse(t *testing.T) *house {
	t.Helper()
	shared.Do(func() {
		if shared.dir, shared.err = os.MkdirTemp("", "comptoir-isolation-"); shared.err == nil { //nolint:usetesting // the house outlives the test that opens it
			shared.house, shared.err = openHouse(filepath.Join(shared.dir, "comptoir.db"))
		}
	})
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.house
}

func openHouse(path string) (*house, error) {
	ctx := context.Background()
	a, err := app.Open(ctx, app.Options{
		Database: path, DB: db.Options{NoSync: true}, Kind: app.Sandbox, Post: op.Post{Product: "Comptoir", From: "post@molnverket.example", Site: base}, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return nil, err
	}
	h := &house{App: a, ctx: ctx, specs: map[policy.Action]op.Spec{}}
	for _, spec := range op.Defined() {
		h.specs[policy.Action(spec.Name)] = spec
	}
	if err := h.fill(); err != nil {
		return nil, err
	}
	h.Kernel.Observe(func(o op.Observation) { h.ran = append(h.ran, o) })
	return h, nil
}

// do runs an operation of the preparations.
func do[I, O any](h *house, o *op.Operation[I, O], a op.Actor, in I) (O, error) {
	out, err := o.Do(h.ctx, h.Kernel, a, in)
	if err != nil {
		err = fmt.Errorf("%s for %s: %w", o.Spec().Name, a.Tenant, err)
	}
	return out, err
}

// fill makes the demo world and what it lacks: two more partners that sell
// directly, one that also resells, one that is suspended, and everybody's people.
func (h *house) fill() error {
	w, err := demo.Fill(h.ctx, h.Kernel, base)
	if err != nil {
		return err
	}
	password, err := identity.GivenPassword(h.ctx, demo.Password)
	if err != nil {
		return err
	}
	for _, step := range []func() error{
		func() error { return h.operator(w) },
		func() error { return h.partners(w) },
		h.morePartners,
		h.share,
		func() error { return h.customers(w) },
		h.moreCustomers,
		func() error { return h.staff(password) },
		h.assignments,
		h.files,
		h.papers,
		h.qualify,
		h.requests,
		h.stock,
		h.registrar,
		h.begins,
		h.suspend,
		h.tell,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	h.acquaint()
	return h.signInAll()
}

func (h *house) org(key string) *org {
	i := slices.IndexFunc(h.orgs, func(o *org) bool { return o.key == key })
	if i < 0 {
		panic("no organisation is called " + key)
	}
	return h.orgs[i]
}

func (h *house) actor(name string) *actor {
	i := slices.IndexFunc(h.actors, func(a *actor) bool { return a.name == name })
	if i < 0 {
		panic("nobody is called " + name)
	}
	return h.actors[i]
}

func (h *house) operator(w demo.World) error {
	_, domain, _ := strings.Cut(w.Operator.UserName, "@")
	t, err := h.Gate.Tenant(h.ctx, domain)
	h.orgs = append(h.orgs, &org{key: "operator", kind: policy.Operator, tenant: t.ID, domain: domain})
	if err != nil {
		return err
	}
	for _, name := range []string{"customers.sandboxLimit", "api.requestsPerMinute"} {
		admin := op.Actor{Kind: policy.Operator, Tenant: t.ID, Roles: policy.OperatorAdmin, User: "test", UserName: w.Operator.UserName}
		if err := h.Kernel.UpdateSetting(h.ctx, admin, op.SetSetting{Name: name, Value: "0"}); err != nil {
			return err
		}
	}
	return nil
}

func (h *house) partners(w demo.World) error {
	for _, p := range w.Partners {
		types, ok := identity.ParsePartnerTypes(p.Type)
		if !ok {
			return fmt.Errorf("partner %s is of no known type", p.Key)
		}
		h.orgs = append(h.orgs, &org{key: p.Key, kind: policy.Partner, types: types, tenant: p.Tenant, domain: p.Domain, app: p.App})
	}
	return nil
}

func (h *house) morePartners() error {
	for _, p := range []struct {
		key   string
		types policy.Org
	}{
		{"foreign", policy.DirectBill},
		{"dual", policy.DirectBill | policy.IndirectReseller},
		{"suspended", policy.DirectBill},
	} {
		if err := h.enrol(p.key, p.types); err != nil {
			return err
		}
	}
	pair := relationship.Pair{Provider: h.org("provider").tenant, Reseller: h.org("dual").tenant}
	_, err := do(h, relationship.ConnectPartners, op.System("", 0, op.ViaCLI), pair)
	h.asked = h.askReseller()
	return err
}

// enrol adds a partner with an application. Its name is a danger to every page.
func (h *house) enrol(key string, types policy.Org) error {
	country, _ := place.World().Country("SE")
	made, err := do(h, identity.EnrolPartner, op.System("", 0, op.ViaCLI), identity.Enrolment{
		Name: "Molnbyrån " + key + " " + payload, Types: types, Country: "SE", Market: country.Market, Language: "sv",
		Domain: "molnbyran-" + key + ".example", Active: true, SignedMPA: true,
	})
	if err != nil {
		return err
	}
	o := &org{key: key, kind: policy.Partner, types: types, tenant: made.Partner.Tenant, domain: made.Partner.Domain}
	registered, err := do(h, identity.AddApplication, o.system(), identity.NewApp{
		Name: "Robot " + payload, Roles: policy.AdminAgent, RedirectURIs: []string{"http://localhost/"},
	})
	o.app = demo.App{ID: registered.App.ID, Secret: registered.Secret}
	h.orgs = append(h.orgs, o)
	return err
}

// share registers an application that everybody may let in. Whoever does is told
// whose it is, so that it belongs to a partner that has nothing else.
func (h *house) share() error {
	country, _ := place.World().Country("SE")
	vendor, err := do(h, identity.EnrolPartner, op.System("", 0, op.ViaCLI), identity.Enrolment{
		Name: "Programverket AB", Types: policy.DirectBill, Country: "SE", Market: country.Market, Domain: "programverket.example", Active: true, SignedMPA: true,
	})
	if err != nil {
		return err
	}
	panel, err := do(h, identity.AddApplication, op.System(vendor.Partner.Tenant, policy.DirectBill, op.ViaCLI), identity.NewApp{
		Name: "Panel " + payload, MultiTenant: true, WithoutSecret: true,
	})
	h.panel, h.vendor = panel.App.ID, vendor.Partner
	return err
}

// customers notes those of the demo world, and makes organisations of three of
// them: of a partner that sells directly, of a provider, and of a reseller.
func (h *house) customers(w demo.World) error {
	for _, c := range w.Customers {
		partner := h.org(c.Partner)
		through := relationshipsOf(h, c.Tenant)
		for _, r := range through {
			o := h.orgs[slices.IndexFunc(h.orgs, func(o *org) bool { return o.tenant == r.Partner })]
			o.customers = append(o.customers, c.Tenant)
		}
		first := len(partner.customers) == 1
		resold := len(through) == 2 && len(h.org("reseller").customers) == 1
		if first || resold {
			h.orgs = append(h.orgs, &org{key: "customer " + c.Key, kind: policy.Customer, tenant: c.Tenant, domain: c.Domain})
		}
	}
	return nil
}

func relationshipsOf(h *house, c id.Tenant) (all []relationship.Relation) {
	err := h.Kernel.DB.Read(h.ctx, func(ctx context.Context, t *db.Tx) (err error) {
		all, err = relationship.Of(ctx, t, c)
		return err
	})
	if err != nil {
		panic(err)
	}
	return all
}

// staff gives every organisation its people.
func (h *house) staff(password identity.NewPassword) error {
	nobody := &actor{name: "nobody", address: "198.51.100.1:5000"}
	h.actors = append(h.actors, nobody)
	for _, o := range h.orgs {
		for _, p := range people[o.kind] {
			made, err := do(h, identity.AddUser, op.System(o.tenant, o.types, op.ViaCLI), identity.NewUser{
				Name: "all-" + p.name + "@" + o.domain, DisplayName: payload, FirstName: payload,
				Roles: p.roles, Password: password, KeepPassword: true,
			})
			if err != nil {
				return err
			}
			h.add(&actor{name: o.key + " " + p.name, org: o, roles: p.roles, user: made.User.ID, userName: made.User.Name})
		}
		if o.kind == policy.Partner {
			h.add(&actor{name: o.key + " application", org: o, alone: true})
		}
	}
	return nil
}

func (h *house) add(a *actor) {
	a.address = fmt.Sprintf("203.0.113.%d:5000", len(h.actors))
	h.actors = append(h.actors, a)
	a.org.actors = append(a.org.actors, a)
}

// assignments lets the admin agents of every partner see the organisation of its
// first customer.
func (h *house) assignments() error {
	for _, o := range h.orgs {
		if o.kind != policy.Partner {
			continue
		}
		if err := h.assign(o, o.customers[0]); err != nil {
			return err
		}
	}
	return nil
}

// suspend ends what one of the partners may sell.
func (h *house) suspend() error {
	o, status := h.org("suspended"), identity.PartnerSuspended
	o.suspended = true
	_, err := do(h, identity.UpdatePartner, op.System("", 0, op.ViaCLI), identity.PartnerChange{Tenant: o.tenant, Status: &status, Cause: "abuse"})
	return err
}
