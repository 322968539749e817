package stories_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"comptoir/internal/id"
	"comptoir/internal/policy"
	"comptoir/internal/portal/browsertest"
	"comptoir/internal/verification"
)

// add adds a French customer over REST and returns its id.
func (w *world) add(t *testing.T, p *partner, name, prefix string) string {
	t.Helper()
	return w.ask(t, w.token(t, p, ""), http.MethodPost, "/v1/customers", body("FR", name, prefix)).is(http.StatusCreated).at("id")
}

// approve has a reviewer approve the account that a partner has with a customer.
func (w *world) approve(t *testing.T, p *partner, customer string) {
	t.Helper()
	do(t, w, verification.Approve, system(), verification.Decision{Partner: p.tenant, Customer: id.Tenant(customer)})
}

// reader is somebody who reads the portal in a language. The statements S0 are
// told in English, and in French and Swedish again, which are the statements S1.
type reader struct {
	language, customers, account, details, billing, company, review string
}

var readers = []reader{
	{"en", "Customers", "Account", "Company details", "Billing information", "Company name", "Under review"},
	{"fr", "Clients", "Compte", "Détails de l’entreprise", "Informations de facturation", "Nom de la société", "En cours de révision"},
	{"sv", "Kunder", "Konto", "Företagsinformation", "Faktureringsinformation", "Företagsnamn", "Granskas"},
}

// story is the tale of one account, in one language.
type story struct {
	*reader
	t        *testing.T
	w        *world
	p        *browsertest.Page
	direct   *partner
	customer string
	original string
	friendly string
}

// tell runs one statement of the tale, under its name in this language.
func (s *story) tell(inEnglish, elsewhere, words string, check func(t *testing.T)) {
	name := inEnglish
	if s.language != "en" {
		name = elsewhere
	}
	if !s.t.Run(name+" "+words, check) {
		s.t.FailNow()
	}
}

// shows fails the test unless an element shows a text.
func (s *story) shows(t *testing.T, selector, text string) {
	t.Helper()
	if got := s.p.Text(selector); !strings.Contains(got, text) {
		t.Errorf("%s does not show %q: %s", selector, text, got)
	}
}

// A partner keeps the account of a customer right: it opens it from the list,
// changes what is wrong and gives it a friendly name, which shows in few places.
func TestS0_1_S1_1_AnAccountIsUpdated(t *testing.T) {
	browser := browsertest.NewBrowser(t)
	w := theWorld(t)
	direct := w.known(t, "direct")
	for _, r := range readers {
		t.Run(r.language, func(t *testing.T) {
			original := "Papeterie des Alpes " + strings.ToUpper(r.language) + " SAS"
			s := &story{reader: &r, t: t, w: w, direct: direct, original: original, friendly: "Papiers " + strings.ToUpper(r.language)}
			s.customer = w.add(t, direct, original, "papeterie"+r.language)
			w.approve(t, direct, s.customer)
			s.p = browser.Open(t, w.server.URL+"/")
			s.find()
			s.rename()
			s.names()
		})
	}
}

// find leads from the sign-in to the account.
func (s *story) find() {
	p := s.p
	s.tell("S0.6", "S1.6", "sign in, Customers", func(t *testing.T) {
		s.w.signIn(p, s.w.person(t, s.direct, policy.SalesAgent, s.language))
		s.shows(t, `#nav a[href="/customers"]`, s.customers)
		p.Click(`#nav a[href="/customers"]`)
		p.Wait(`location.pathname === '/customers'`)
	})
	s.tell("S0.7", "S1.7", "choose the customer, Account", func(t *testing.T) {
		p.Click("#customers-" + s.customer + " td:nth-child(3)")
		p.Wait(`document.querySelector('#pane h2')?.innerText === ` + quoted(s.original))
		p.Click(`#pane a.primary`)
		p.Wait(`document.querySelector('#billing-form')`)
		s.shows(t, "main", s.account)
	})
	s.tell("S0.1", "S1.1", "a page with company details and billing information, in the reader’s language", func(t *testing.T) {
		if got := browsertest.Eval[string](p, "document.documentElement.lang"); got != s.language {
			t.Errorf("the page is in %s", got)
		}
		s.shows(t, "#company-details", s.details)
		s.shows(t, "#billing", s.billing)
	})
}

// rename changes the address and the name in the billing information.
func (s *story) rename() {
	p := s.p
	save := func() {
		p.Click("#billing [data-save]")
		p.Wait(`document.querySelector('dialog#reverify')`)
		p.Click("dialog#reverify .btn.primary")
		p.Wait(`document.querySelector('.toast') && document.querySelector('#billing-form')`)
	}
	s.tell("S0.8", "S1.8", "edit, Save", func(t *testing.T) {
		p.Type("#line1", "B, ")
		save()
		if got := browsertest.Eval[string](p, "document.querySelector('#line1').value"); !strings.Contains(got, "B, ") {
			t.Errorf("the address is %s", got)
		}
		s.shows(t, "#verification", s.review)
	})
	s.tell("S0.11", "S1.11", "Billing information, Company name", func(t *testing.T) {
		s.shows(t, `#billing label[for="company"]`, s.company)
		browsertest.Eval[bool](p, "(document.querySelector('#company').value = '', true)")
		p.Type("#company", s.friendly)
		save()
		if got := browsertest.Eval[string](p, "document.querySelector('#company').value"); got != s.friendly {
			t.Errorf("the name is %s", got)
		}
	})
	s.tell("S0.3", "S1.3", "billing information and other company details", func(t *testing.T) {
		browsertest.Eval[bool](p, "(document.querySelector('#registration-id').value = '', true)")
		p.Type("#registration-id", "552 100 554")
		save()
		token := s.w.token(t, s.direct, s.w.person(t, s.direct, policy.AdminAgent, "en"))
		s.w.ask(t, token, http.MethodGet, "/v1/customers/"+s.customer+"/profiles/billing", nil).is(http.StatusOK).says(s.friendly, "B, ")
		p.Go(s.w.server.URL + "/customers/" + s.customer + "/account")
		if got := browsertest.Eval[string](p, "document.querySelector('#registration-id').value"); !strings.Contains(got, "552") {
			t.Errorf("the registration ID is %q", got)
		}
	})
}

// names tells where the friendly and where the original name is shown (rule C32).
func (s *story) names() {
	p := s.p
	s.tell("S0.14", "S1.14", "the friendly name in Billing information", func(t *testing.T) {
		if got := browsertest.Eval[string](p, "document.querySelector('#company').value"); got != s.friendly {
			t.Errorf("the billing information has %s", got)
		}
	})
	s.tell("S0.15", "S1.15", "the original name in Company details", func(t *testing.T) { s.shows(t, "#company-details", s.original) })
	s.tell("S0.16", "S1.16", "the original name in the breadcrumb", func(t *testing.T) { s.shows(t, ".crumbs", s.original) })
	s.tell("S0.12", "S1.12", "the friendly name in few places only", func(t *testing.T) {
		for _, selector := range []string{".crumbs", "#nav", "#company-details", "#verification", "#agreement", "#tags"} {
			if got := p.Text(selector); strings.Contains(got, s.friendly) {
				t.Errorf("%s shows it: %s", selector, got)
			}
		}
		if got := browsertest.Eval[string](p, "document.title"); strings.Contains(got, s.friendly) {
			t.Errorf("the title is %s", got)
		}
	})
	s.tell("S0.13", "S1.13", "the friendly name in the customer list", func(t *testing.T) {
		p.Go(s.w.server.URL + "/customers")
		s.shows(t, "#customers-"+s.customer, s.friendly)
		if got := p.Text("#customers-" + s.customer); strings.Contains(got, s.original) {
			t.Errorf("the list shows the original name: %s", got)
		}
	})
}

func quoted(s string) string { return strconv.Quote(s) }

// Sales agents and Admin agents update accounts (b4, b5).
func TestS0_2_S1_2_TheRolesThatUpdateAccounts(t *testing.T) {
	w := theWorld(t)
	direct := w.known(t, "direct")
	customer := w.add(t, direct, "Horlogerie du Doubs SA", "horlogerie")
	path := "/v1/customers/" + customer + "/profiles/billing"
	profile := w.ask(t, w.token(t, direct, ""), http.MethodGet, path, nil).is(http.StatusOK).body
	for _, role := range []policy.Role{policy.HelpdeskAgent, policy.BillingAdmin, policy.UserAdmin, policy.GlobalAdmin} {
		token := w.token(t, direct, w.person(t, direct, role, "en"))
		w.ask(t, token, http.MethodPut, path, with(profile, "defaultAddress.city", "Besançon "+role.Names()[0])).is(http.StatusForbidden)
	}
	for _, role := range []policy.Role{policy.SalesAgent, policy.AdminAgent} {
		token := w.token(t, direct, w.person(t, direct, role, "en"))
		profile = w.ask(t, token, http.MethodPut, path, with(profile, "defaultAddress.city", "Besançon "+role.Names()[0])).is(http.StatusOK).body
	}
}

// Only direct-bill partners and providers update accounts, not resellers (A3, b5;
// RF-03).
func TestS0_10_S1_10_ResellersDoNotUpdateAccounts(t *testing.T) {
	w := theWorld(t)
	provider, reseller := w.known(t, "provider"), w.known(t, "reseller")
	b := with(body("SE", "Glasbruket i Kosta AB", "glasbruket"), "billingProfile.culture", "sv-SE", "billingProfile.defaultAddress.postalCode", "360 52",
		"billingProfile.defaultAddress.city", "Kosta", "billingProfile.defaultAddress.phoneNumber", "+46 478 500 00")
	b["associatedPartnerId"] = string(reseller.tenant)
	agent := w.token(t, provider, w.person(t, provider, policy.AdminAgent, "en"))
	customer := w.ask(t, agent, http.MethodPost, "/v1/customers", b).is(http.StatusCreated).at("id")
	path := "/v1/customers/" + customer + "/profiles/billing"
	theirs := w.ask(t, w.token(t, reseller, ""), http.MethodGet, path, nil).is(http.StatusOK).body
	w.ask(t, w.token(t, reseller, ""), http.MethodPut, path, with(theirs, "defaultAddress.city", "Växjö")).is(http.StatusForbidden).says("2032")
	ours := w.ask(t, w.token(t, provider, ""), http.MethodGet, path, nil).is(http.StatusOK).body
	w.ask(t, w.token(t, provider, ""), http.MethodPut, path, with(ours, "defaultAddress.city", "Växjö")).is(http.StatusOK)
}
