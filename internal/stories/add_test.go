package stories_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"comptoir/internal/demo"
	"comptoir/internal/policy"
	"comptoir/internal/portal/browsertest"
)

// A partner adds a customer in the browser: from the sign-in over the list and
// the wizard to the password that is shown once.
func TestS2_1_ACustomerIsAdded(t *testing.T) {
	browser := browsertest.NewBrowser(t)
	w := theWorld(t)
	p := browser.Open(t, w.server.URL+"/")
	t.Run("S2.16 sign in, Customers", func(t *testing.T) {
		w.signIn(p, w.person(t, w.known(t, "direct"), policy.SalesAgent, "en"))
		p.Click(`#nav a[href="/customers"]`)
		p.Wait(`location.pathname === '/customers' && document.querySelector('#customers tbody tr')`)
	})
	t.Run("S2.17 Add customer", func(t *testing.T) {
		p.Click(`.commands a[href="/customers/new"]`)
		p.Wait(`location.pathname === '/customers/new' && document.querySelector('#company')`)
	})
	t.Run("S2.18 customer details and primary contact", func(t *testing.T) {
		fillIn(p, "Fonderie des Trois Vallées SA", "troisvallees")
		p.Click(".wizard-foot .primary")
		p.Wait(`location.pathname === '/customers/new/review'`)
		for _, want := range []string{"Fonderie des Trois Vallées SA", "Inès Blanchet", "Chambéry"} {
			if got := p.Text("main"); !strings.Contains(got, want) {
				t.Errorf("the review lacks %s: %s", want, got)
			}
		}
		p.Click(".wizard-foot .primary")
		p.Wait(`document.querySelector('.secrets')`)
	})
	t.Run("S2.23 a new customer is verified", func(t *testing.T) {
		if got := p.Text("main"); !strings.Contains(got, "Under review") {
			t.Errorf("the confirmation says %s", got)
		}
		p.Click("[data-saved]")
		p.Click(".secret-foot .primary")
		p.Wait(`document.querySelector('tr.marked')?.innerText.includes('Under review')`)
	})
}

// fillIn fills in the wizard so that nothing speaks against the customer.
func fillIn(p *browsertest.Page, company, prefix string) {
	for _, field := range []struct{ id, value string }{
		{"company", company},
		{"line1", "8 rue du Four"},
		{"postal-code", "73000"},
		{"city", "Chambéry"},
		{"phone", "+33 4 79 00 00 00"},
		{"first-name", "Inès"},
		{"last-name", "Blanchet"},
		{"email", "ines@" + prefix + ".example"},
		{"domain", prefix},
	} {
		browsertest.Eval[bool](p, `(document.querySelector('#`+field.id+`').value = '', true)`)
		p.Type("#"+field.id, field.value)
	}
	browsertest.Eval[bool](p, `(document.querySelector('#agreed-on').value = '`+time.Now().AddDate(0, 0, -1).Format(time.DateOnly)+`', true)`)
}

// Who may add a customer is a matter of roles and of the kind of partner (b3).
func TestS2_2_TheRolesThatAddCustomers(t *testing.T) {
	w := theWorld(t)
	p := w.known(t, "direct")
	for role, may := range map[policy.Role]bool{
		policy.GlobalAdmin: true, policy.UserAdmin: true, policy.AdminAgent: true, policy.SalesAgent: true,
		policy.HelpdeskAgent: false, policy.BillingAdmin: false,
	} {
		name := role.Names()[0]
		token := w.token(t, p, w.person(t, p, role, "en"))
		prefix := "roles" + strings.ReplaceAll(name, "-", "")
		got := w.ask(t, token, http.MethodPost, "/v1/customers", body("FR", "Maison "+name+" de Lyon SAS", prefix))
		if may {
			got.is(http.StatusCreated)
		} else {
			got.is(http.StatusForbidden)
		}
	}
}

// Nothing can be done for an organization of which there is no record (rule C1).
func TestS2_3_ARecordIsNeededFirst(t *testing.T) {
	w := theWorld(t)
	p := w.known(t, "direct")
	token := w.token(t, p, w.person(t, p, policy.AdminAgent, "en"))
	const unknown = "/v1/customers/00000000-0000-4000-8000-00000000c0de"
	for _, path := range []string{"", "/profiles/billing", "/agreements", "/validationStatus?type=account"} {
		if got := w.ask(t, token, http.MethodGet, unknown+path, nil); got.status != http.StatusNotFound && got.status != http.StatusForbidden {
			t.Errorf("%s answers %d: %s", path, got.status, got.text)
		}
	}
	added := w.add(t, p, "Minoterie du Rhône SARL", "minoterie")
	for _, path := range []string{"", "/profiles/billing", "/agreements", "/validationStatus?type=account"} {
		w.ask(t, token, http.MethodGet, "/v1/customers/"+added+path, nil).is(http.StatusOK)
	}
}

// A record that nothing speaks against passes by itself where the operator lets
// it; one that looks odd waits for a person (rules C6, C10, C25).
func TestS2_6_AccurateInformationEasesVerification(t *testing.T) {
	w := theWorld(t)
	p := w.known(t, "direct")
	w.set(t, "verification.autoApprove", "true", "false")
	token := w.token(t, p, w.person(t, p, policy.AdminAgent, "en"))
	for name, want := range map[string]string{"Tuilerie de la Saône SAS": "Allowed", "TUILE": "UnderReview"} {
		added := w.add(t, p, name, "eased"+strings.ToLower(want))
		w.ask(t, token, http.MethodGet, "/v1/customers/"+added+"/validationStatus?type=account", nil).is(http.StatusOK).says(`"status":"` + want + `"`)
	}
}

// What the wizard says about names while they are typed, and the reviewer reads
// (rule C5; CN06, CN09, CN10).
func TestS2_7_TheExactLegalName(t *testing.T) {
	browser := browsertest.NewBrowser(t)
	w := theWorld(t)
	p := browser.Open(t, w.server.URL+"/customers/new")
	w.signIn(p, w.person(t, w.known(t, "direct"), policy.SalesAgent, "en"))
	p.Wait(`document.querySelector('#company')`)
	said := func(name, at, want string) {
		t.Helper()
		browsertest.Eval[bool](p, `(document.querySelector('#company').value = '', true)`)
		p.Type("#company", name+"\t")
		p.Wait(`document.querySelector('#company-` + at + `')?.innerText.includes('` + want + `')`)
	}
	t.Run("S2.7 no name at all", func(*testing.T) { said("777", "error", "one repeated character") })
	t.Run("S2.8 no acronym", func(*testing.T) { said("FTV", "warning", "not an acronym") })
	t.Run("S2.9 no test name", func(*testing.T) { said("TEST", "warning", "Test names") })
	p.Problems() // what is refused is answered with a status, which the console notes
}

// An address must be complete and fit its country (rule C5, section c.4).
func TestS2_10_TheCompleteAddress(t *testing.T) {
	w := theWorld(t)
	token := w.token(t, w.known(t, "direct"), "")
	for member, value := range map[string]string{"addressLine1": "", "city": "", "postalCode": "", "country": ""} {
		b := with(body("FR", "Verrerie d’Albi SA", "verrerie"), "billingProfile.defaultAddress."+member, value)
		w.ask(t, token, http.MethodPost, "/v1/customers", b).is(http.StatusBadRequest).says("defaultAddress." + member)
	}
	b := with(body("FR", "Verrerie d’Albi SA", "verrerie"), "billingProfile.defaultAddress.postalCode", "6900")
	w.ask(t, token, http.MethodPost, "/v1/customers", b).is(http.StatusBadRequest).says("postalCode")
}

// The registration ID is that of the business, never that of a person (rules C5,
// C18).
func TestS2_11_TheRegistrationIDIsTheBusinessTaxID(t *testing.T) {
	w := theWorld(t)
	token := w.token(t, w.known(t, "direct"), "")
	const pesel = "44051401458" // of a person
	b := with(body("PL", "Huta Warta sp. z o.o.", "hutawarta"), "billingProfile.culture", "pl-PL", "billingProfile.defaultAddress.postalCode", "61-001",
		"billingProfile.defaultAddress.phoneNumber", "+48 61 800 00 00", "companyProfile.organizationRegistrationNumber", pesel)
	w.ask(t, token, http.MethodPost, "/v1/customers", b).is(http.StatusBadRequest).says("organizationRegistrationNumber")
	with(b, "companyProfile.organizationRegistrationNumber", "7740001454")
	w.ask(t, token, http.MethodPost, "/v1/customers", b).is(http.StatusCreated)
}

// An education customer has a procedure of its own (rules C4, C37).
func TestS2_14_EducationHasItsOwnProcedure(t *testing.T) {
	browser := browsertest.NewBrowser(t)
	w := theWorld(t)
	p := browser.Open(t, w.server.URL+"/customers/new")
	w.signIn(p, w.person(t, w.known(t, "direct"), policy.SalesAgent, "en"))
	p.Wait(`document.querySelector('[name=qualification]')`)
	browsertest.Eval[bool](p, `(() => {
		const education = document.querySelector('[name=qualification][value=Education]') ?? document.querySelector('select[name=qualification]')
		education.type === 'radio' ? education.click() : (education.value = 'Education', education.dispatchEvent(new Event('change', {bubbles: true})))
		return true
	})()`)
	p.Wait(`document.querySelector('[name=segment]')`)
	p.Wait(`document.querySelector('[name=website]')`)
}

// All that is wrong with names and addresses is said at once (section c.3).
func TestS2_21_NamesAndEmailFollowTheRules(t *testing.T) {
	w := theWorld(t)
	b := with(body("FR", "999", "a b"), "billingProfile.email", "somebody@"+w.known(t, "direct").domain,
		"billingProfile.firstName", "X", "billingProfile.defaultAddress.firstName", "X")
	w.ask(t, w.token(t, w.known(t, "direct"), ""), http.MethodPost, "/v1/customers", b).is(http.StatusBadRequest).
		says("billingProfile.companyName", "billingProfile.email", "billingProfile.firstName", "companyProfile.domain")
}

// A case is due after three business days (rules C20, C26).
func TestS2_22_VerificationTakesThreeBusinessDays(t *testing.T) {
	browser := browsertest.NewBrowser(t)
	w := theWorld(t)
	direct := w.known(t, "direct")
	added := w.add(t, direct, "Brasserie du Canal SARL", "canal")
	p := browser.Open(t, w.server.URL+"/customers/"+added+"/account")
	w.signIn(p, w.person(t, direct, policy.SalesAgent, "en"))
	p.Wait(`document.querySelector('#verification')`)
	due := businessDays(w.Kernel.Clock.Now(), 3).Format("Jan 2, 2006")
	if got := p.Text("#verification"); !strings.Contains(got, due) {
		t.Errorf("the case is not due on %s: %s", due, got)
	}
}

// businessDays returns the day n working days after t.
func businessDays(t time.Time, n int) time.Time {
	for n > 0 {
		t = t.AddDate(0, 0, 1)
		if t.Weekday() != time.Saturday && t.Weekday() != time.Sunday {
			n--
		}
	}
	return t
}

// Any change of billing information has the account verified again (rules C20,
// C28).
func TestS2_24_AChangeIsVerifiedAgain(t *testing.T) {
	w := theWorld(t)
	direct := w.known(t, "direct")
	added := w.add(t, direct, "Chocolaterie Morel SAS", "morel")
	w.approve(t, direct, added)
	token := w.token(t, direct, w.person(t, direct, policy.AdminAgent, "en"))
	status := func() string {
		return w.ask(t, token, http.MethodGet, "/v1/customers/"+added+"/validationStatus?type=account", nil).is(http.StatusOK).at("status")
	}
	profile := w.ask(t, token, http.MethodGet, "/v1/customers/"+added+"/profiles/billing", nil).is(http.StatusOK).body
	w.ask(t, token, http.MethodPut, "/v1/customers/"+added+"/profiles/billing", profile).is(http.StatusOK)
	if got := status(); got != "Allowed" {
		t.Errorf("saved without a difference the account is %s", got)
	}
	w.ask(t, token, http.MethodPut, "/v1/customers/"+added+"/profiles/billing", with(profile, "defaultAddress.city", "Villeurbanne")).is(http.StatusOK)
	if got := status(); got != "UnderReview" {
		t.Errorf("after a change the account is %s", got)
	}
}

// signIn signs in where a page has led to the sign-in.
func (w *world) signIn(p *browsertest.Page, userName string) {
	p.Wait(`document.querySelector('input[name="username"]')`)
	p.Type(`input[name="username"]`, userName)
	p.Type(`input[name="password"]`, demo.Password)
	p.Click(`form button.primary`)
	p.Wait(`!location.pathname.startsWith('/signin')`)
}
