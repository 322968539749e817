package portal_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"comptoir/internal/agreement"
	"comptoir/internal/customer"
	"comptoir/internal/policy"
	"comptoir/internal/portal/browsertest"
	"comptoir/internal/portal/visit"
)

// buyer adds a customer of the direct partner and lets its administrator in.
func (w *world) buyer() customer.Customer {
	w.t.Helper()
	in := newCustomer("Fromagerie du Vercors SARL", "vercors")
	in.Billing.Language = "de" // none of the portal's, so that a test chooses one
	added := do(w, customer.Add, w.actor("direct admin-agent"), in)
	w.signInAdmin(added)
	return added.Customer
}

// A customer reads the agreement in its language, accepts it and sees that it
// did; its partner sees it too (K-5, AG2, AG5).
func TestACustomerAcceptsTheAgreement(t *testing.T) {
	w := newWorld(t)
	c := w.buyer()
	account := visit.AccountPath(c.ID)
	partner := w.reads("direct admin-agent").get(account)
	partner.says("#agreement", "Not accepted")
	link := partner.attr("#agreement [data-copy]", "data-copy")
	if !strings.HasSuffix(link, "/AdminPortal/Home?ref=/BillingAccounts/agreement") {
		t.Errorf("the link for the customer is %s", link)
	}

	r := w.reads("customer")
	if to := r.get("/AdminPortal/Home?ref=/BillingAccounts/agreement").is(http.StatusFound).header.Get("Location"); to != visit.AgreementPath {
		t.Errorf("the link leads to %s", to)
	}
	p := r.get(visit.AgreementPath)
	p.says("main", "Customer agreement, version 1.0", "Use of the services", "has not accepted the agreement yet")
	w.readsIn("customer", "fr").get(visit.AgreementPath).says("main", "Contrat client, version 1.0", "Utilisation des services")
	w.readsIn("customer", "sv").get(visit.AgreementPath+"?language=fr").says("main", "Utilisation des services")

	form := p.form("#accept-form")
	r.post(visit.AgreementPath, form).is(http.StatusBadRequest).says("#accept", "Tick the box")
	saved := r.follow(r.post(visit.AgreementPath, with(form, "agreed", "yes")))
	saved.says(".badge", "Accepted")
	saved.says("#history", "Version 1.0", "Direct acceptance")
	saved.hides("main", "I have read the agreement")
	w.reads("direct admin-agent").get(account).says("#agreement", "Accepted", "Direct acceptance", "Version 1.0")

	file := r.get(visit.AgreementPath + "/document?rank=1&language=fr").is(http.StatusOK)
	if got := file.header.Get("Content-Disposition"); got != `attachment; filename="customer-agreement-1.0-fr.html"` {
		t.Errorf("the file is %s", got)
	}
	r.get(visit.AgreementPath + "/document?rank=9").is(http.StatusNotFound)
	w.reads("direct admin-agent").get(visit.AgreementPath).is(http.StatusNotFound)
}

// From the day on which a newer version is mandatory both sides see that it has
// to be accepted (AG8); before, from when on.
func TestANewerVersionHasToBeAccepted(t *testing.T) {
	w := newWorld(t)
	c := w.buyer()
	r := w.reads("customer")
	r.post(visit.AgreementPath, with(r.get(visit.AgreementPath).form("#accept-form"), "agreed", "yes"))
	now := w.k.Clock.Now()
	do(w, agreement.Publish, w.actor("operator operator-admin"), agreement.NewVersion{
		Label: "2027", Mandatory: true, EnforcedAt: now.AddDate(0, 0, 10), Texts: map[string][]byte{"en": []byte("<h1>News</h1><p>Terms.")},
	})
	path := visit.AccountPath(c.ID)
	w.reads("direct admin-agent").get(path).says("#agreement", "Accepted", "From Nov 30, 2026, version 2027")
	r.get(visit.AgreementPath).says("main", "You can accept it now", "News", "I have read the agreement")
	w.k.Clock.Advance(11 * 24 * time.Hour)
	account := w.reads("direct admin-agent").get(path)
	account.says("#agreement", "New version not accepted", "Since Nov 30, 2026, version 2027")
	account.says("#messages", "nothing can be ordered")
	stale := with(r.get(visit.AgreementPath).form("#accept-form"), "agreed", "yes", "rank", "1")
	r.post(visit.AgreementPath, stale).is(http.StatusConflict).says("#accept", "newer version")
	r.follow(r.post(visit.AgreementPath, with(stale, "rank", "2"))).says(".badge", "Accepted")
	w.reads("direct admin-agent").get(path).says("#agreement", "Version 2027", "Version 1.0")
}

// Who may not accept is told who may (c4); what can be downloaded from the
// account is what holds for the customer.
func TestWhoMayNotAcceptTheAgreement(t *testing.T) {
	w := newWorld(t)
	c := w.buyer()
	w.person("customer", c.ID, policy.CustomerUser)
	w.reads("customer customer-user").get(visit.AgreementPath).is(http.StatusForbidden).says("main", "needs one of these roles")
	file := w.reads("direct helpdesk-agent").get(visit.AccountPath(c.ID) + "/agreement/document?rank=1&language=sv").is(http.StatusOK)
	if file.header.Get("Content-Security-Policy") == "" || !strings.Contains(file.header.Get("Content-Type"), "text/html") {
		t.Errorf("headers %v", file.header)
	}
}

// The page in a browser: without the tick nothing is sent (K-5).
func TestTheAgreementIsAcceptedInABrowser(t *testing.T) {
	w := newWorld(t)
	w.buyer()
	p := browsertest.NewBrowser(t).Open(t, w.as("customer", "sv", visit.AgreementPath))
	p.Click("#accept-form .btn")
	p.Wait("document.querySelector('#agreed-error')")
	p.Problems() // the refused form answers 400
	p.Click("#agreed")
	p.Click("#accept-form .btn")
	p.Wait("document.querySelector('#history')")
	browsertest.Axe(t, p)
}

// sends posts a form with files, by their fields.
func (r *reader) sends(path string, values map[string]string, files map[string]string) *page {
	r.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for name, value := range values {
		if err := form.WriteField(name, value); err != nil {
			r.t.Fatal(err)
		}
	}
	for name, content := range files {
		part, err := form.CreateFormFile(name, name+".html")
		if err != nil {
			r.t.Fatal(err)
		}
		if _, err := part.Write([]byte(content)); err != nil {
			r.t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		r.t.Fatal(err)
	}
	request := r.request(http.MethodPost, path, &b)
	request.Header.Set("Content-Type", form.FormDataContentType())
	return r.do(request)
}

// The operator publishes a version with its texts and adds a language later; what
// is there is never replaced (V-7, AG8).
func TestTheOperatorPublishesAVersion(t *testing.T) {
	w := newWorld(t)
	c := w.buyer()
	r := w.reads("operator operator-admin")
	r.get(visit.TemplatesPath).says("main", "1.0", "Current", "With the program", "Every country without its own", "English, French and Swedish")
	r.get(visit.TemplatesPath+"/1").says("main", "Use of the services")
	bad := r.sends(visit.TemplatesPath, map[string]string{"label": "", "mandatory": "yes", "enforced": "2026-01-01"}, map[string]string{"file-fr": "<p onclick='x'>t"})
	bad.is(http.StatusBadRequest)
	for selector, want := range map[string]string{
		"#label-error": "Enter a name", "#enforced-error": "today or later", "#file-en-error": "a text in English", "#file-fr-error": "onclick",
	} {
		bad.says(selector, want)
	}
	made := r.follow(r.sends(visit.TemplatesPath, map[string]string{"label": "2027-01", "country": "FR", "mandatory": "yes", "enforced": "2026-12-01"},
		map[string]string{"file-en": "<h1>Terms</h1><p>of 2027</p>", "file-fr": "Conditions 2027"}))
	made.says("main", "2027-01", "France", "Mandatory from Dec 1, 2026", "English and French", "of 2027")
	r.get(made.path+"?language=fr").says("main", "Conditions 2027")
	again := r.sends(made.path, map[string]string{"language": "fr"}, map[string]string{"file": "autre"})
	again.is(http.StatusBadRequest).says("#translate", "never replaced")
	r.follow(r.sends(made.path, map[string]string{"language": "de"}, map[string]string{"file": "Bedingungen 2027"})).says("main", "Bedingungen 2027")
	w.reads("customer").get(visit.AgreementPath+"?language=fr").says("main", "Conditions 2027")
	w.reads("direct admin-agent").get(visit.AccountPath(c.ID)).says("#agreement", "Not accepted")
	w.reads("direct admin-agent").get(visit.TemplatesPath).is(http.StatusNotFound)
}
