package portal_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"comptoir/internal/customer"
	"comptoir/internal/identity"
	"comptoir/internal/origin"
	"comptoir/internal/policy"
	"comptoir/internal/portal"
	"comptoir/internal/portal/browsertest"
	"comptoir/internal/portal/visit"
)

func TestWhoIsSignedOutSignsInAndComesBack(t *testing.T) { // portal 0.7
	w := newWorld(t)
	r := w.reads("")
	for path, back := range map[string]string{
		"/customers?status=Allowed": "/customers?status=Allowed",
		"/home":                     "/home",
		"/nothing":                  "/nothing",
	} {
		p := r.get(path).is(http.StatusSeeOther)
		if got, want := p.header.Get("Location"), "/sign-in?back="+url.QueryEscape(back); got != want {
			t.Errorf("%s leads to %s, want %s", path, got, want)
		}
	}
	p := r.post("/customers/new", url.Values{"company": {"x"}})
	if got := p.header.Get("Location"); got != "/sign-in?back="+url.QueryEscape("/") {
		t.Errorf("a form leads to %s", got)
	}
}

func TestEverybodyHasAHomeOfHisOwn(t *testing.T) {
	w := newWorld(t)
	w.signInAdmin(do(w, customer.Add, w.actor("direct admin-agent"), newCustomer("Fromagerie du Vercors SARL", "vercors")))
	for who, home := range map[string]string{
		"direct sales-agent": "/home", "reseller helpdesk-agent": "/home", "operator operator-admin": "/operator", "customer": "/admin",
	} {
		r := w.reads(who)
		if p := r.get("/"); p.header.Get("Location") != home {
			t.Errorf("%s is led to %s, want %s", who, p.header.Get("Location"), home)
		}
		r.get(home).is(http.StatusOK).says("h1", "")
		for _, other := range []string{"/operator", "/admin"} {
			if other != home {
				r.get(other).is(http.StatusNotFound)
			}
		}
	}
	// rule G1: the customer reads who manages what.
	w.reads("customer").get("/admin").says("main", "Atelier Nuage SAS gère pour vous les abonnements, les licences et la facturation")
}

func TestRefusalsAreNoDeadEnds(t *testing.T) { // portal 0.7: 403, 404
	w := newWorld(t)
	c := w.add("direct admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))
	r := w.reads("direct helpdesk-agent")
	refused := r.get("/customers/new").is(http.StatusForbidden)
	refused.says("main", "Global admin", "Sales agent", "900150", "global-admin@atelier-nuage.example") // RF-10
	if refused.attr("main code", "class") == "" && !strings.Contains(refused.text("main"), refused.header.Get("MS-CorrelationId")) {
		t.Error("the page does not show the correlation ID")
	}
	missing := r.get("/no/such/page").is(http.StatusNotFound)
	if missing.attr(`main form input[name=q]`, "name") == "" {
		t.Error("the page for what is not there offers no search")
	}
	// A record of another organization answers 404, not 403.
	w.reads("provider admin-agent").get(visit.AccountPath(c.ID)).is(http.StatusNotFound)
	w.reads("direct admin-agent").get("/customers/no-guid/account").is(http.StatusNotFound)
	reseller := w.reads("reseller admin-agent").get("/customers/new").is(http.StatusForbidden)
	// RF-01 names the provider and how to reach it, and not the reseller's own
	// admins, who cannot help.
	reseller.says("main", "2032", "ask Nordmolnet Distribution AB (global-admin@nordmolnet.example).")
	reseller.hides("main", "skanes-it.example", "Your administrators")
	if reseller.attr(`main a[href="mailto:global-admin@nordmolnet.example"]`, "href") == "" {
		t.Error("the provider cannot be written to")
	}
}

// Who is of another kind of organisation is not sent to an admin of his own.
func TestAPageOfPartnersSaysSoToOthers(t *testing.T) { // RF-10
	w := newWorld(t)
	p := w.reads("operator operator-admin").get("/customers").is(http.StatusForbidden)
	p.says("main", "This is for the people of a partner organization only.")
	p.hides("main", "Ask an admin", "Your administrators", "drift.example")
	agent := w.reads("direct helpdesk-agent").get("/customers/new").is(http.StatusForbidden)
	agent.says("main", "Global admin, User management admin, Admin agent or Sales agent", "global-admin@atelier-nuage.example")
}

func TestOurOwnMistakesSayHowToReportThem(t *testing.T) { // portal 0.7: 500
	w := newWorld(t)
	r := w.reads("direct admin-agent")
	asked := 0
	w.server.Config.Handler = w.portalWith(func(c *portal.Config) {
		c.CSRF = func(*http.Request) string {
			if asked++; asked == 1 {
				panic("a mistake")
			}
			return csrf
		}
	})
	p := r.get("/home").is(http.StatusInternalServerError)
	p.says("main", "Something went wrong", p.header.Get("MS-CorrelationId"))
	p.hides("body", "a mistake")
}

func TestOldAddressesStillLeadSomewhere(t *testing.T) { // portal 0.7
	w := newWorld(t)
	r := w.reads("direct admin-agent")
	for old, to := range map[string]string{
		"/dashboard/home":                          "/home",
		"/Dashboard/Commerce2/Customers/List":      "/customers",
		"/commerce/customers/list":                 "/customers",
		"/dashboard/commerce2/customers/X1/orders": "/customers/x1/account",
	} {
		if p := r.get(old); p.header.Get("Location") != to {
			t.Errorf("%s leads to %q, want %q", old, p.header.Get("Location"), to)
		}
	}
}

// The older customer portal named its pages behind "#", which only the browser
// reads (K-5).
func TestThePagesOfTheOlderCustomerPortalHaveMoved(t *testing.T) {
	w := newWorld(t)
	w.buyer()
	page := w.reads("customer").get("/AdminPortal/Home").is(http.StatusOK)
	page.says("body", "This page has moved")
	if to := page.attr("[data-moved-to] a", "href"); to != visit.AgreementPath {
		t.Errorf("without script it leads to %q", to)
	}
	p := browsertest.NewBrowser(t).Open(t, w.as("customer", "en", visit.AgreementPath))
	address := browsertest.Eval[string](p, "location.origin")
	p.Go(address + "/AdminPortal/Home#/BillingAccounts/agreement")
	p.Wait("location.pathname === '" + visit.AgreementPath + "'")
}

func TestAnswersProtectTheirReader(t *testing.T) { // brief: strict CSP and its companions
	w := newWorld(t)
	h := w.reads("direct admin-agent").get("/home").header
	for name, want := range map[string]string{
		"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
		"X-Frame-Options": "DENY", "Cache-Control": "no-store", "Content-Language": "en",
	} {
		if got := h.Get(name); !strings.Contains(got, want) {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if csp := h.Get("Content-Security-Policy"); strings.Contains(csp, "unsafe") || !strings.Contains(csp, "frame-ancestors 'none'") || !strings.Contains(csp, "form-action 'self'") {
		t.Errorf("the policy is %s", csp)
	}
	if h.Get("Strict-Transport-Security") != "" {
		t.Error("HSTS without TLS")
	}
	secure := httptest.NewTLSServer(w.portalWith(func(c *portal.Config) { c.Origin = origin.Origin{PublicURL: "https://partners.example"} }))
	defer secure.Close()
	answer, err := secure.Client().Get(secure.URL + "/assets/none")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	answer, err = secure.Client().Transport.RoundTrip(httptest.NewRequest(http.MethodGet, secure.URL+"/home", nil))
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.Header.Get("Strict-Transport-Security") == "" {
		t.Error("no HSTS under TLS")
	}
	if p := w.reads("direct admin-agent").post("/preferences", url.Values{"csrf": {"forged"}, "theme": {"dark"}}); p.status != http.StatusForbidden {
		t.Errorf("a form without its token is taken: %d", p.status)
	}
}

// The size budgets of the customers page.
func TestPagesAreSmall(t *testing.T) {
	w := newWorld(t)
	w.many("direct admin-agent", 60)
	r := w.reads("direct admin-agent")
	p := r.get("/customers").is(http.StatusOK)
	first := p.size
	for _, asset := range []string{p.attr("link[rel=stylesheet]", "href"), p.attr("script[type=module]", "src"), p.attr("script[defer]", "src")} {
		a := r.get(asset).is(http.StatusOK)
		first += a.size
	}
	icons, _, _ := strings.Cut(p.attr("svg.i use", "href"), "#")
	first += r.get(icons).is(http.StatusOK).size
	t.Logf("page %d bytes, first load %d bytes", p.size, first)
	if p.size > 12<<10 {
		t.Errorf("the page has %d bytes on the wire, want at most 12 KiB", p.size)
	}
	if first > 60<<10 {
		t.Errorf("the first load has %d bytes, want at most 60 KiB", first)
	}
	request := r.request(http.MethodGet, "/customers?sort=name", nil)
	request.Header.Set("HX-Request", "true")
	request.Header.Set("HX-Target", "section#customers")
	part := r.do(request).is(http.StatusOK)
	if len(part.find("header")) > 0 || part.size >= p.size {
		t.Error("the browser asked for the list alone and got the page")
	}
}

// Every page must be readable before any script has run, and break no rule of
// the content security policy.
func TestPagesWorkWithoutScript(t *testing.T) {
	w := newWorld(t)
	for _, s := range w.scenes() {
		p := w.reads(s.who).get(s.path)
		for what, forbidden := range map[string]string{
			"an inline style": ` style=`, "a style element": "<style", "an inline handler": ` onclick=`, "an inline script": "<script>",
		} {
			if strings.Contains(p.body, forbidden) {
				t.Errorf("%s has %s, which the content security policy forbids", s.path, what)
			}
		}
		if n := len(p.find("h1")); n != 1 {
			t.Errorf("%s has %d headings of the first level, want 1", s.path, n)
		}
		seen := map[string]bool{}
		for _, n := range p.find("[id]") {
			for _, a := range n.Attr {
				if a.Key == "id" && seen[a.Val] {
					t.Errorf("%s has the id %q twice", s.path, a.Val)
				} else if a.Key == "id" {
					seen[a.Val] = true
				}
			}
		}
	}
}

func TestChoicesAreRemembered(t *testing.T) { // portal 0.2, 0.6
	w := newWorld(t)
	r := w.readsIn("direct sales-agent", "en")
	if p := r.post("/preferences", url.Values{"theme": {"dark"}, "back": {"/home"}}); p.header.Get("Location") != "/home" {
		t.Errorf("leads to %q", p.header.Get("Location"))
	}
	if got := r.get("/home").attr("html", "data-theme"); got != "dark" {
		t.Errorf("theme %q", got)
	}
	r.post("/preferences", url.Values{"lang": {"sv"}, "back": {"/profile"}}).is(http.StatusSeeOther)
	r.get("/profile").says("h1", "Profil")
	if got := r.get("/home").attr("html", "lang"); got != "sv" {
		t.Errorf("language %q", got)
	}
	// It is the person's choice, not the browser's.
	if got := w.readsIn("direct sales-agent", "fr").get("/home").attr("html", "lang"); got != "sv" {
		t.Errorf("in another browser the language is %q", got)
	}
	r.post("/preferences", url.Values{"nav": {"folded"}, "keys": {"off"}, "back": {"/home"}})
	p := r.get("/home")
	if p.attr("body", "data-nav") != "folded" || p.attr("body", "data-keys") != "off" {
		t.Error("the folded navigation and the switched-off keys are forgotten")
	}
	for _, elsewhere := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, "javascript:alert(1)"} {
		if p := r.post("/preferences", url.Values{"theme": {"light"}, "back": {elsewhere}}); p.header.Get("Location") != "/profile" {
			t.Errorf("%s leads away to %s", elsewhere, p.header.Get("Location"))
		}
	}
}

func TestTheNavigationShowsWhatOneMayOpen(t *testing.T) { // portal 0.1
	w := newWorld(t)
	for who, want := range map[string][]string{
		"direct admin-agent":      {"Home", "Customers", "Agreements", "Import customers", "Insights", "Jobs", "Account settings", "My access"},
		"direct helpdesk-agent":   {"Home", "Customers", "Insights", "Jobs", "Account settings", "My access"},
		"reseller admin-agent":    {"Home", "Customers", "Indirect providers", "Insights", "Jobs", "Account settings", "My access"},
		"provider helpdesk-agent": {"Home", "Customers", "Indirect resellers", "Insights", "Jobs", "Account settings", "My access"},
		"operator operator-admin": {
			"Home", "Verification queue", "Qualifications", "Customer agreements", "Partners", "Organizations", "Import customers", "Operator users", "Roles",
			"Countries and markets", "Name rules", "Settings", "Audit log", "Mail", "Messages", "My access",
		},
	} {
		p := w.reads(who).get("/my-access").is(http.StatusOK)
		var got []string
		for _, n := range p.find("#nav a.nav-item") {
			var b strings.Builder
			writeText(&b, n)
			got = append(got, strings.TrimSpace(b.String()))
		}
		if strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%s may open %v, want %v", who, got, want)
		}
	}
	// What one may not open is on My access, with the reason (P-22).
	w.reads("direct helpdesk-agent").get("/my-access").says("main", "Import customers", "It needs one of these roles")
}

// My access says in plain words what each part of the portal is for, and what each of
// the reader's roles allows (P-22).
func TestMyAccessExplainsItself(t *testing.T) {
	w := newWorld(t)
	w.staff()
	w.buyer()
	for who, says := range map[string]string{
		"direct admin-agent":        "Does everything for customers",
		"direct user-admin":         "Adds people to your organization",
		"reseller helpdesk-agent":   "Helps customers",
		"customer":                  "Decides for your organization",
		"operator operator-admin":   "Runs the installation",
		"operator operator-support": "changes nothing",
	} {
		p := w.reads(who).get("/my-access").is(http.StatusOK)
		p.says("main", says)
		for _, tile := range p.find(".tile") {
			var b strings.Builder
			writeText(&b, tile)
			if words := strings.Fields(b.String()); len(words) < 6 {
				t.Errorf("%s reads no more than %q", who, words)
			}
		}
		w.readsIn(who, "fr").get("/my-access").is(http.StatusOK)
	}
}

func TestTheHomePageCountsWhatNeedsDoing(t *testing.T) { // P-1
	w := newWorld(t)
	all := w.many("direct admin-agent", 9)
	p := w.reads("direct admin-agent").get("/home")
	p.says(".stats", "Customers 9", "Under review 2", "Not approved 1")
	if got := p.attr(`.stats a:nth-child(2)`, "href"); got != "/customers?status=UnderReview" {
		t.Errorf("the number leads to %s", got)
	}
	if shown := p.attr(`.stats a:nth-child(2) use`, "href"); !strings.HasSuffix(shown, "#pending") {
		t.Errorf("accounts under review have the icon %s here, and another in the list", shown)
	}
	p.says("main", all[8].OriginalName)
	empty := w.reads("provider admin-agent").get("/home")
	empty.says("main", "How to begin", "Add your first customer")
	w.reads("reseller admin-agent").get("/home").says("main", "Connect with an indirect provider")
	// A partner that may not sell reads why (rule A7).
	status := identity.PartnerRestricted
	do(w, identity.UpdatePartner, system(), identity.PartnerChange{Tenant: w.direct.Tenant, Status: &status, Cause: "a bill is overdue"})
	w.reads("direct admin-agent").get("/home").says("#messages", "restricted or suspended") // RF-43
	unsigned := do(w, identity.EnrolPartner, system(), identity.Enrolment{
		Name: "Ateliers Numériques SARL", Types: policy.DirectBill, Country: "FR", Market: w.direct.Market, Domain: "ateliers.example", Active: true,
	}).Partner
	w.person("unsigned", unsigned.Tenant, policy.GlobalAdmin)
	home := w.reads("unsigned global-admin").get("/home")
	home.says("#messages", "has not signed the partner agreement", "A Global admin must sign it: Élodie Åkerström", "900124") // RF-06
	home.says("main", "Sign the partner agreement")
}

func TestTheSearchFindsCustomersAndPages(t *testing.T) { // portal 0.1
	w := newWorld(t)
	all := w.many("direct admin-agent", 20)
	r := w.reads("direct admin-agent")
	r.get("/search?q=import").says("main", "Import customers")
	r.get("/search?q="+url.QueryEscape(all[3].OriginalName)).says("main", all[3].OriginalName)
	if p := r.get("/search?q=" + string(all[3].ID)); p.header.Get("Location") != visit.AccountPath(all[3].ID) {
		t.Errorf("a tenant ID leads to %q", p.header.Get("Location"))
	}
	r.get("/search?q=zzzz").says("main", "No results")
}
