package portal_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"comptoir/internal/identity"
	"comptoir/internal/policy"
	"comptoir/internal/portal/browsertest"
)

// Rule b48, portal P-19: people are added with roles in two groups of check boxes;
// the temporary password is shown once.
func TestAColleagueIsAddedAndSignsInWithATemporaryPassword(t *testing.T) {
	w := newWorld(t)
	r := w.reads("direct user-admin")
	p := r.get("/settings/users/new").is(http.StatusOK)
	p.says("#roles", "Directory roles", "Global admin", "User management admin", "Billing admin")
	p.says("#partner-roles", "Partner roles", "Admin agent", "Sales agent", "Helpdesk agent")
	form := p.form("main form")
	form.Set("first", "Agnès")
	form.Set("last", "Petit")
	form.Set("local", "agnes petit")
	form["roles"] = []string{"sales-agent", "billing-admin"}
	r.post("/settings/users/new", form).is(http.StatusBadRequest).says("#errors", "user name")
	form.Set("local", "agnes")
	once := r.post("/settings/users/new", form).is(http.StatusOK)
	password := once.attr("#password", "value")
	if password == "" || once.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("no password to save, or it is kept: %s", once.text("main"))
	}
	again := r.post("/settings/users/new", form).is(http.StatusOK)
	again.says(".secrets", "Already shown", "agnes@atelier-nuage.example")
	if strings.Contains(again.body, password) {
		t.Error("loaded again, the page shows the password again")
	}
	if lost := w.reads("direct user-admin").post("/settings/users/new", form); lost.attr("#password", "value") != password {
		t.Error("after a lost answer the same form adds somebody else")
	}
	r.post("/settings/users/done", nil).is(http.StatusBadRequest).says("main", "Have you saved it?")
	if on := r.post("/settings/users/done", url.Values{"saved": {"yes"}}); on.header.Get("Location") != "/settings/users" {
		t.Errorf("with the tick one is led to %q", on.header.Get("Location"))
	}
	r.get("/settings/users?role=sales-agent").says("#users tbody", "Agnès Petit", "agnes@atelier-nuage.example", "Billing admin and Sales agent", "Temporary password")
	r.get("/settings/users?role=user-admin").hides("#users tbody", "Agnès Petit")
}

// Rule A13: the last Global admin stays; a User management admin leaves Global
// admins alone; at one the reader is warned.
func TestTheLastGlobalAdminStays(t *testing.T) {
	w := newWorld(t)
	admin, agent := w.people["direct global-admin"].ID, w.people["direct sales-agent"].ID
	path := "/settings/users/" + string(admin)
	r := w.reads("direct global-admin")
	r.post(path+"/roles", url.Values{"roles": {"admin-agent"}}).is(http.StatusConflict).says("#errors", "last")
	r.post(path+"/remove", nil).is(http.StatusConflict).says("dialog", "last")
	r.post(path, url.Values{"display": {"Chef"}, "blocked": {"yes"}}).is(http.StatusConflict).says("#errors", "last")

	um := w.reads("direct user-admin")
	um.post(path+"/password", nil).is(http.StatusForbidden)
	um.post("/settings/users/"+string(agent)+"/roles", url.Values{"roles": {"global-admin"}}).is(http.StatusForbidden)
	if len(um.get("/settings/users/"+string(agent)).find("#roles input[value=global-admin][disabled]")) == 0 {
		t.Error("a User management admin is offered the role of a Global admin")
	}

	warned := r.follow(r.post("/settings/users/"+string(agent)+"/roles", url.Values{"roles": {"helpdesk-agent"}}))
	warned.says("#toasts", "only one Global admin")
	second := r.follow(r.post("/settings/users/"+string(agent)+"/roles", url.Values{"roles": {"global-admin"}}))
	second.says("#toasts", "were changed")
	r.follow(r.post(path+"/roles", url.Values{"roles": {"admin-agent"}}))
	r.get(path).is(http.StatusForbidden) // from the next request on
}

func TestAPasswordIsResetAndShownOnce(t *testing.T) { // rules A13, b48
	w := newWorld(t)
	agent := w.people["direct sales-agent"]
	r, path := w.reads("direct user-admin"), "/settings/users/"+string(agent.ID)
	r.get(path+"/password").says("main", "shown once", "signed out everywhere")
	if once := r.post(path+"/password", nil).is(http.StatusOK); once.attr("#password", "value") == "" {
		t.Error("no password to save")
	}
	r.get(path).says("main", "Temporary password")
	r.get(path+"/remove").says("dialog", "cannot be undone")
	r.follow(r.post(path+"/remove", nil)).says("#toasts", "was removed")
	r.get(path).is(http.StatusNotFound)
}

// Groups of agents follow from roles; others are filled with people and groups.
func TestAGroupHasMembers(t *testing.T) {
	w := newWorld(t)
	r := w.reads("direct global-admin")
	r.get("/settings/groups").says("#groups", "Admin agents", "Everybody with the role Admin agent")
	group := r.follow(r.post("/settings/groups", url.Values{"name": {"Night shift"}, "description": {"From ten to six"}}))
	path, agent := strings.TrimSuffix(group.path, "#"), w.people["direct helpdesk-agent"]
	group.says("#members", "Nobody is in this group")
	r.follow(r.post(path+"/members", url.Values{"member": {"user:" + string(agent.ID)}})).says("#members", "Élodie Åkerström", "Person")
	r.post(path+"/members", url.Values{"member": {"user:" + string(agent.ID)}}).is(http.StatusConflict).says("#errors", "already")
	r.post(path+"/members", url.Values{"member": {"group:" + strings.TrimPrefix(path, "/settings/groups/")}}).is(http.StatusConflict)
	r.follow(r.post(path+"/members/remove", url.Values{"member": {"user:" + string(agent.ID)}})).says("#members", "Nobody is in this group")
	r.post("/settings/groups", url.Values{"name": {"night SHIFT"}}).is(http.StatusConflict).says("#errors", "already")
	r.follow(r.post(path+"/remove", nil)).hides("#groups", "Night shift")
	w.reads("direct sales-agent").get("/settings/groups").is(http.StatusOK).hides("main", "Add group")
	w.reads("direct billing-admin").get("/settings/groups").is(http.StatusForbidden)
}

// Rules A7 and b49: a Global admin alone signs the partner agreement.
func TestAGlobalAdminSignsThePartnerAgreement(t *testing.T) {
	w := newWorld(t)
	p := do(w, identity.EnrolPartner, system(), identity.Enrolment{Name: "Nouveau Nuage SARL", Types: policy.DirectBill, Country: "FR", Market: "europe", Domain: "nouveau.example", Active: true}).Partner
	w.person("new", p.Tenant, policy.GlobalAdmin)
	w.person("new", p.Tenant, policy.AdminAgent)
	agent := w.reads("new admin-agent")
	sees(agent.get("/settings/agreements"), func(p *page) { p.says("main", "Not signed", "Global admin"); p.hides("main", "Sign agreement") })
	agent.post("/settings/agreements", url.Values{"accept": {"yes"}}).is(http.StatusForbidden)
	r := w.reads("new global-admin")
	r.post("/settings/agreements", nil).is(http.StatusBadRequest).says("#errors", "Tick")
	signed := r.follow(r.post("/settings/agreements", url.Values{"accept": {"yes"}}))
	sees(signed, func(p *page) { p.says("main", "Signed Nov 20, 2026"); p.hides("main", "Sign agreement") })
	agent.get("/settings/identifiers").says("main", "PartnerID", string(p.Tenant), "nouveau.example", "Default domain")
}

// Rule b49, portal P-19: a Global admin changes the legal info; another name is
// vetted again, and the partner goes on selling.
func TestLegalInfoIsChangedByAGlobalAdmin(t *testing.T) {
	w := newWorld(t)
	r := w.reads("direct global-admin")
	p := r.get("/settings/legal").is(http.StatusOK)
	p.says("main", "Authorized", "Direct-bill partner", w.direct.PartnerID)
	form := p.form("#legal")
	r.post("/settings/legal", form).is(http.StatusBadRequest).says("#errors", "first line of the address")
	form.Set("company", "Atelier Nuage et Fils SAS")
	form.Set("line1", "12 rue des Lilas")
	form.Set("postal-code", "69003")
	form.Set("city", "Lyon")
	saved := r.follow(r.post("/settings/legal", form))
	saved.says("main", "Verification pending", "The operator is verifying your account")
	if got := saved.value("company"); got != "Atelier Nuage et Fils SAS" {
		t.Errorf("kept %q", got)
	}
	w.add("direct admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))

	agent := w.reads("direct admin-agent")
	agent.post("/settings/legal", form).is(http.StatusForbidden)
	agent.post("/settings/legal/support", url.Values{"support-email": {"x"}}).is(http.StatusBadRequest).says("#errors", "email address")
	agent.follow(agent.post("/settings/legal/support", url.Values{"support-email": {"aide@atelier-nuage.example"}})).says("#toasts", "was saved")
}

// Rule b50: secrets are shown once; a removed one no longer works.
func TestAnApplicationGetsItsSecretOnce(t *testing.T) {
	w := newWorld(t)
	r := w.reads("direct global-admin")
	r.post("/settings/applications/new", url.Values{"name": {"Nightly"}, "uris": {"http://elsewhere.example/"}}).is(http.StatusBadRequest).says("#errors", "http://elsewhere.example/")
	once := r.post("/settings/applications/new", url.Values{"name": {"Nightly"}, "uris": {"https://nightly.example/"}, "roles": {"admin-agent"}}).is(http.StatusOK)
	if secret := once.attr("#secret", "value"); !strings.HasPrefix(secret, "cmp_") {
		t.Fatalf("the secret is %q", secret)
	}
	list := r.get("/settings/applications")
	list.says("#apps", "Nightly", "Admin agent", "Valid until")
	path := list.attr("#apps tbody a", "href")
	second := r.post(path+"/secrets", url.Values{"days": {"30"}, "secret-name": {"Autumn"}}).is(http.StatusOK)
	if second.attr("#secret", "value") == once.attr("#secret", "value") {
		t.Error("the second secret is the first")
	}
	r.post(path+"/secrets", url.Values{"days": {"9999"}}).is(http.StatusBadRequest).says("#errors", "730")
	p := r.get(path)
	sees(p, func(p *page) {
		p.says("#credentials", "Autumn", "cmp_")
		p.hides("main", second.attr("#secret", "value"))
	})
	credential := p.attr("#credentials button[name=credential]", "value")
	r.follow(r.post(path+"/credentials/remove", url.Values{"credential": {credential}})).says("#toasts", "no longer works")
	r.follow(r.post(path+"/remove", nil)).says("main", "No applications yet")
	w.reads("direct sales-agent").get("/settings/applications").is(http.StatusForbidden)
	agent := w.reads("direct admin-agent")
	agent.post("/settings/applications/new", url.Values{"name": {"Mine"}, "roles": {"global-admin"}}).is(http.StatusForbidden)
}

func TestTheReportSaysWhoHasNoSecondFactor(t *testing.T) { // rule A12
	w := newWorld(t)
	p := w.reads("direct user-admin").get("/settings/security").is(http.StatusOK)
	if n := len(p.find("#without tbody tr")); n != len(roles) {
		t.Errorf("%d people without a second factor, want %d", n, len(roles))
	}
	w.reads("direct helpdesk-agent").get("/settings/security").is(http.StatusForbidden)
}

// A person is removed in a browser: the question stands over the page.
func TestPeopleAreManagedInABrowser(t *testing.T) {
	browser := browsertest.NewBrowser(t)
	w := newWorld(t)
	for lang, role := range map[string]policy.Role{"en": policy.SalesAgent, "fr": policy.HelpdeskAgent, "sv": policy.BillingAdmin} {
		t.Run(lang, func(t *testing.T) {
			name := role.Names()[0]
			p := browser.Open(t, w.as("direct global-admin", lang, "/settings/users"))
			p.Wait("document.querySelector('#users tbody').innerText.includes('" + name + "@')")
			p.Go(w.as("direct global-admin", lang, "/settings/users/"+string(w.people["direct "+name].ID)))
			p.Click("a[href$='/remove']")
			p.Wait("document.querySelector('dialog:modal')")
			p.Click("dialog .btn.destructive")
			p.Wait("location.pathname === '/settings/users' && !document.querySelector('#users tbody').innerText.includes('" + name + "@')")
		})
	}
}

// sees looks at a page twice.
func sees(p *page, look func(p *page)) { look(p) }

// Rule b50, portal P-19: applications of others that were let in are listed, and a
// Global admin takes that back.
func TestAConsentIsWithdrawn(t *testing.T) {
	w := newWorld(t)
	panel := do(w, identity.AddApplication, w.actor("provider global-admin"), identity.NewApp{Name: "Control panel", MultiTenant: true})
	r := w.reads("direct global-admin")
	r.get("/settings/applications").hides("main", "Applications with consent")
	r.post("/settings/consents", url.Values{"app": {"nonsense"}}).is(http.StatusBadRequest)
	r.follow(r.post("/settings/consents", url.Values{"app": {string(panel.App.ID)}})).says("#consents tbody", "Control panel", string(panel.App.ID))
	path := "/settings/consents/" + string(panel.App.ID)
	r.get(path).says("dialog", "Withdraw the consent to Control panel?")
	w.reads("provider global-admin").post(path, nil).is(http.StatusNotFound)
	w.reads("direct admin-agent").get("/settings/applications").is(http.StatusOK).hides("main", "Control panel")
	w.reads("direct admin-agent").post(path, nil).is(http.StatusForbidden)
	r.follow(r.post(path, nil)).hides("main", "Applications with consent")
	r.post(path, nil).is(http.StatusNotFound)
}

// Portal P-19: a Global admin adds a domain, gets the record to create, and has it
// verified; colleagues can then have user names at it.
func TestADomainIsAddedAndVerified(t *testing.T) {
	w := newWorld(t)
	var record string
	w.k.TXT = func(context.Context, string) ([]string, error) { return []string{record}, nil }
	r := w.reads("direct global-admin")
	r.post("/settings/domains", url.Values{"domain": {"no domain"}}).is(http.StatusBadRequest).says("#errors", "domain")
	r.post("/settings/domains", url.Values{"domain": {"atelier-nuage.example"}}).is(http.StatusConflict).says("#errors", "atelier-nuage.example")
	added := r.follow(r.post("/settings/domains", url.Values{"domain": {"nuage.fr"}}))
	added.says("main", "Not verified", "TXT", "comptoir-domain-verification=")
	r.follow(r.post("/settings/domains/verify", url.Values{"domain": {"nuage.fr"}})).says("main", "Being verified")
	w.work()
	r.get("/settings/identifiers").says("main", "the domain has no TXT record with this value")
	claims := do(w, identity.ListDomainClaims, w.actor("direct global-admin"), struct{}{})
	record = claims[0].Record
	r.post("/settings/domains/verify", url.Values{"domain": {"nuage.fr"}})
	w.work()
	sees(r.get("/settings/identifiers"), func(p *page) { p.says("#domains", "nuage.fr", "Verified"); p.hides("main", "Not verified") })
	form := r.get("/settings/users/new").form("main form")
	form.Set("local", "agnes")
	form.Set("domain", "nuage.fr")
	r.post("/settings/users/new", form).is(http.StatusOK).says("main", "agnes@nuage.fr")

	agent := w.reads("direct admin-agent")
	agent.get("/settings/identifiers").is(http.StatusOK).hides("main", "Add domain")
	agent.post("/settings/domains", url.Values{"domain": {"autre.fr"}}).is(http.StatusForbidden)
	r.follow(r.post("/settings/domains", url.Values{"domain": {"autre.fr"}}))
	r.follow(r.post("/settings/domains/remove", url.Values{"domain": {"autre.fr"}})).hides("main", "autre.fr was added")
}
