package portal_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"comptoir/internal/agreement"
	"comptoir/internal/clock"
	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/importer"
	"comptoir/internal/job"
	"comptoir/internal/op"
	"comptoir/internal/place"
	"comptoir/internal/policy"
	"comptoir/internal/portal"
	"comptoir/internal/portal/browsertest"
	"comptoir/internal/portal/visit"
	"comptoir/internal/relationship"
	"comptoir/internal/verification"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

var today = time.Date(2026, time.November, 20, 9, 0, 0, 0, time.UTC) // a Friday

// world is an installation with a direct-bill partner, a provider with a
// reseller, and an operator, and the portal in front of it.
type world struct {
	t      testing.TB
	k      *op.Kernel
	gate   *identity.Gate
	server *httptest.Server

	direct, provider, reseller identity.Partner
	// people are who can sign in, by a name such as "direct sales-agent".
	people map[string]identity.Person
}

// csrf is the token of everybody's forms here.
const csrf = "token-of-the-form"

func newWorld(t testing.TB) *world {
	t.Helper()
	k := op.New(dbtest.SQLite(t), slog.New(slog.DiscardHandler))
	k.Clock, k.Wall, k.Link = clock.Fixed(today), clock.Fixed(today), relationship.Link
	w := &world{t: t, k: k, gate: identity.NewGate(k), people: map[string]identity.Person{}}
	w.operator()
	w.direct = w.enrol("direct", "Atelier Nuage SAS", policy.DirectBill, "FR", "atelier-nuage.example")
	w.provider = w.enrol("provider", "Nordmolnet Distribution AB", policy.IndirectProvider, "SE", "nordmolnet.example")
	w.reseller = w.enrol("reseller", "Skånes IT-partner AB", policy.IndirectReseller, "SE", "skanes-it.example")
	do(w, relationship.ConnectPartners, system(), relationship.Pair{Provider: w.provider.Tenant, Reseller: w.reseller.Tenant})
	w.server = httptest.NewServer(w.portal())
	t.Cleanup(w.server.Close)
	return w
}

func system() op.Actor { return op.System("", 0, op.ViaCLI) }

// do runs an operation that must work.
func do[I, O any](w *world, o *op.Operation[I, O], a op.Actor, in I) O {
	w.t.Helper()
	out, err := o.Do(context.Background(), w.k, a, in)
	if err != nil {
		w.t.Fatalf("%s: %v", o.Spec().Name, err)
	}
	return out
}

// roles of a partner, each with a person of its own.
var roles = []policy.Role{
	policy.GlobalAdmin, policy.UserAdmin, policy.BillingAdmin, policy.AdminAgent, policy.SalesAgent, policy.HelpdeskAgent,
}

// enrol makes a partner with one person for each role.
func (w *world) enrol(key, name string, types policy.Org, country, domain string) identity.Partner {
	w.t.Helper()
	c, _ := place.World().Country(country)
	p := do(w, identity.EnrolPartner, system(), identity.Enrolment{
		Name: name, Types: types, Country: country, Market: c.Market, Domain: domain, Active: true, SignedMPA: true,
	}).Partner
	for _, role := range roles {
		w.person(key, p.Tenant, role)
	}
	return p
}

// person adds somebody with a role, who is known as "key role".
func (w *world) person(key string, tenant id.Tenant, role policy.Role) {
	w.t.Helper()
	name := role.Names()[0]
	made := do(w, identity.AddUser, system(), identity.NewUser{
		Tenant: tenant, Name: name, DisplayName: "Élodie Åkerström", FirstName: "Élodie", LastName: "Åkerström", Roles: role, KeepPassword: true,
	})
	w.remember(key+" "+name, tenant, made.User.ID)
}

func (w *world) remember(who string, tenant id.Tenant, user id.User) {
	w.t.Helper()
	p, err := w.gate.Person(context.Background(), tenant, user)
	if err != nil {
		w.t.Fatal(err)
	}
	w.people[who] = p
}

func (w *world) operator() {
	w.t.Helper()
	made := do(w, identity.CreateOperator, system(), identity.NewOperator{
		Name: "Comptoir Drift AB", Country: "SE", Domain: "drift.example",
		Admin: identity.NewUser{Name: "chef", DisplayName: "Søren Lindqvist", FirstName: "Søren", KeepPassword: true},
	})
	w.remember("operator operator-admin", made.User.Tenant, made.User.ID)
}

// actor returns the actor that somebody is.
func (w *world) actor(who string) op.Actor {
	w.t.Helper()
	p, ok := w.people[who]
	if !ok {
		w.t.Fatalf("nobody is called %q", who)
	}
	return p.Actor("", true)
}

// Cookies of the browser of a test: who reads, and in which language.
const (
	whoCookie  = "test-who"
	langCookie = "test-lang"
)

// portal is the portal with a session that believes a cookie.
func (w *world) portal() http.Handler { return w.portalWith(func(*portal.Config) {}) }

// portalWith is portal with something changed.
func (w *world) portalWith(change func(*portal.Config)) http.Handler {
	config := portal.Config{Site: visit.Site{
		Kernel:  w.k,
		Session: w.session,
		CSRF:    func(*http.Request) string { return csrf },
		SignIn:  func(back string) string { return "/sign-in?back=" + url.QueryEscape(back) },
		SignOut: "/sign-out",
	}, Protect: protect}
	change(&config)
	pages := portal.New(config)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /as", func(rw http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		http.SetCookie(rw, &http.Cookie{Name: whoCookie, Value: url.QueryEscape(q.Get("who")), Path: "/"})
		http.SetCookie(rw, &http.Cookie{Name: langCookie, Value: q.Get("lang"), Path: "/"})
		http.SetCookie(rw, &http.Cookie{Name: visit.ThemeCookie, Value: q.Get("theme"), Path: "/"})
		http.Redirect(rw, r, q.Get("to"), http.StatusSeeOther)
	})
	mux.HandleFunc("GET /sign-in", func(rw http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(rw, "<!doctype html><html lang=en><title>Sign in</title><h1>Sign in</h1><p>%s</p>", url.QueryEscape(r.URL.Query().Get("back")))
	})
	mux.Handle("/", pages)
	return mux
}

func (w *world) session(r *http.Request) (visit.Session, bool) {
	c, err := r.Cookie(whoCookie)
	if err != nil {
		return visit.Session{}, false
	}
	who, _ := url.QueryUnescape(c.Value)
	p, ok := w.people[who]
	if !ok {
		return visit.Session{}, false
	}
	if fresh, err := w.gate.Person(r.Context(), p.Tenant, p.ID); err == nil {
		p = fresh
	}
	a := p.Actor("", true)
	if lang, err := r.Cookie(langCookie); err == nil && a.Locale == "" {
		a.Locale = lang.Value
	}
	return visit.Session{Actor: a, Person: p}, true
}

// protect stands for the protection of forms.
func protect(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		upload := strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/")
		if r.Method == http.MethodPost && !upload && r.FormValue("csrf") != csrf {
			http.Error(rw, "a form without its token", http.StatusForbidden)
			return
		}
		next.ServeHTTP(rw, r)
	})
}

// as is the address that opens a page as somebody, in a language.
func (w *world) as(who, lang, path string) string {
	w.actor(who)
	return w.server.URL + "/as?" + url.Values{"who": {who}, "lang": {lang}, "to": {path}}.Encode()
}

// newCustomer is the input of a customer that nothing speaks against.
func newCustomer(name, prefix string) customer.NewCustomer {
	return customer.NewCustomer{
		Domain: prefix,
		Billing: customer.Billing{
			CompanyName: name, FirstName: "Camille", LastName: "Lefèvre", Email: "camille@" + prefix + ".example", Culture: "fr-FR", Language: "fr",
			Address: place.Address{
				Country: "FR", AddressLine1: "12 rue des Lilas", City: "Lyon", PostalCode: "69003", PhoneNumber: "+33 4 72 00 00 00",
				FirstName: "Camille", LastName: "Lefèvre",
			},
		},
	}
}

// add adds a customer as somebody.
func (w *world) add(who string, in customer.NewCustomer) customer.Customer {
	w.t.Helper()
	return do(w, customer.Add, w.actor(who), in).Customer
}

// signInAdmin makes the first administrator of a new customer known as "customer".
func (w *world) signInAdmin(added customer.Added) {
	w.t.Helper()
	err := w.k.DB.Read(context.Background(), func(ctx context.Context, t *db.Tx) error {
		u, err := identity.UserByName(ctx, t, added.AdminUserName)
		if err == nil {
			w.remember("customer", u.Tenant, u.ID)
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// approve has the operator approve the account that a partner has with a customer.
func (w *world) approve(c customer.Customer) {
	w.t.Helper()
	do(w, verification.Approve, w.actor("operator operator-admin"), verification.Decision{Partner: c.Partner, Customer: c.ID})
}

var (
	firstWords  = []string{"Aurore", "Brasserie", "Cèdre", "Drôme", "Étoile", "Falaise", "Garonne", "Horizon", "Île Verte", "Jura", "Kerguelen", "Lumière", "Méridien", "Nacre", "Océan"}
	secondWords = []string{"Logistique", "Conseil", "Bâtiment", "Pharmacie", "Systèmes", "Textile", "Énergie", "Boulangerie", "Marine", "Optique", "Gestion", "Transports"}
	legalForms  = []string{"SAS", "SARL", "SA", "SNC"}
)

// many adds n customers with names that differ, some of them tagged and decided.
func (w *world) many(who string, n int) []customer.Customer {
	w.t.Helper()
	all := make([]customer.Customer, 0, n)
	for i := range n {
		in := newCustomer(fmt.Sprintf("%s %s %s", firstWords[i%15], secondWords[(i/15)%12], legalForms[i%4]), fmt.Sprintf("client%03d", i))
		in.Billing.Address.AddressLine1 = fmt.Sprintf("%d rue des Lilas", i+1)
		if i%3 == 0 {
			in.Tags = append(in.Tags, "VIP")
		}
		if i%7 == 0 {
			in.Tags = append(in.Tags, "Renouvellement T2")
		}
		if i%5 == 1 {
			in.Billing.Address.Country, in.Billing.Address.PostalCode, in.Billing.Address.City = "BE", "1000", "Bruxelles"
			in.Billing.Culture = "fr-BE"
		}
		if i%2 == 0 {
			in.Attestation = &agreement.Attestation{AgreedAt: today.AddDate(0, 0, -1), Person: agreement.Person{
				FirstName: "Camille", LastName: "Lefèvre", Email: in.Billing.Email,
			}}
		}
		c := w.add(who, in)
		w.decide(c, i)
		all = append(all, c)
	}
	return all
}

// decide approves most accounts and rejects a few.
func (w *world) decide(c customer.Customer, i int) {
	switch {
	case i%8 == 3:
		do(w, verification.Reject, w.actor("operator operator-admin"), verification.Decision{
			Partner: c.Partner, Customer: c.ID, Reason: "address_mismatch", Text: "Le registre indique une autre rue.",
		})
	case i%4 != 1:
		w.approve(c)
	}
}

// clients is a file as a partner has it: a good row, one without an address and
// one in a country that is far away.
const clients = "N° client;Raison sociale;Adresse;Code postal;Ville;Pays;Contact;Courriel;Notes\r\n" +
	"K-1;Fromagerie du Vercors SARL;3 place du Marché;38250;Villard-de-Lans;FR;Agnès Petit;agnes@fromagerie-vercors.example;fidèle\r\n" +
	"K-2;Ateliers Rhône SAS;;69001;Lyon;FR;Luc Morel;luc@ateliers-rhone.example;\r\n" +
	"K-3;Contoso Robotics Inc;1 Main Street;98052;Redmond;US;Ann Lee;ann@contoso-robotics.example;\r\n"

// upload keeps a file as somebody.
func (w *world) upload(who, file string) importer.Import {
	w.t.Helper()
	i, err := importer.Upload(context.Background(), w.k, w.actor(who), "clients.csv", strings.NewReader(file))
	if err != nil {
		w.t.Fatal(err)
	}
	return i
}

// start has a file imported, or rehearsed.
func (w *world) start(who string, i importer.Import, rehearse bool) {
	w.t.Helper()
	do(w, importer.Start.For(w.actor(who)), w.actor(who), importer.Order{ID: i.ID, Options: importer.Options{DryRun: rehearse}})
}

// work does the jobs that are due.
func (w *world) work() {
	w.t.Helper()
	if _, err := job.NewWorkers(w.k, 1).RunDue(context.Background()); err != nil {
		w.t.Fatal(err)
	}
}
