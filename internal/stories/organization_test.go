package stories_test

import (
	"strings"
	"testing"

	"comptoir/internal/demo"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/portal/browsertest"
	"comptoir/internal/verification"
)

// information is where a customer finds its organization profile, in the words
// of the statement.
var information = map[string][]string{
	"en": {"Settings", "Org settings", "Organization profile", "Organization information"},
	"fr": {"Paramètres", "Paramètres de l’organisation", "Profil de l’organisation", "Informations sur l’organisation"},
	"sv": {"Inställningar", "Organisationsinställningar", "Organisationsprofil", "Organisationsinformation"},
}

// Who has access to the customer's own tenant changes the name of the
// organization there. The partner keeps the one it recorded (rules C20, C32, C33).
func TestS0_17_S1_17_TheCustomerRenamesItself(t *testing.T) {
	browser := browsertest.NewBrowser(t)
	w := theWorld(t)
	direct := w.known(t, "direct")
	for _, r := range readers {
		t.Run(r.language, func(t *testing.T) {
			original := "Scierie du Jura " + strings.ToUpper(r.language) + " SARL"
			s := &story{reader: &r, t: t, w: w, direct: direct, original: original, friendly: "Bois du Jura " + strings.ToUpper(r.language)}
			s.customer = w.add(t, direct, original, "scierie"+r.language)
			w.approve(t, direct, s.customer)
			s.p = browser.Open(t, w.server.URL+"/admin/settings/org-profile")
			s.renameOrganization()
			s.partnerSide(browser)
		})
	}
}

// renameOrganization changes the live name in the customer's portal.
func (s *story) renameOrganization() {
	p := s.p
	s.tell("S0.18", "S1.18", "the road to Organization information", func(t *testing.T) {
		s.w.signIn(p, s.w.customerAdmin(t, id.Tenant(s.customer), "scierie"+s.language+".onmicrosoft.com", s.language))
		p.Wait(`document.querySelector('input[name=name]')`)
		p.Click(`[popovertarget="help"]`)
		p.Wait(`document.querySelector('#help').matches(':popover-open')`)
		for _, step := range information[s.language] {
			s.shows(t, "#help", step)
		}
		p.Press("\u001b") // Escape
		p.Wait(`!document.querySelector('#help').matches(':popover-open')`)
	})
	s.tell("S0.17", "S1.17", "the organization name is changed", func(t *testing.T) {
		browsertest.Eval[bool](p, `(document.querySelector('input[name=name]').value = '', true)`)
		p.Type("input[name=name]", s.friendly)
		p.Click("form [data-save], form .primary[type=submit]")
		p.Wait(`document.querySelector('.toast')`)
		p.Go(s.w.server.URL + "/admin")
		s.shows(t, "body", s.friendly)
	})
}

// partnerSide looks at what the partner sees of it: nothing.
func (s *story) partnerSide(browser *browsertest.Browser) {
	p := browser.Open(s.t, s.w.server.URL+"/customers")
	s.p = p
	s.w.signIn(p, s.w.person(s.t, s.direct, policy.SalesAgent, s.language))
	s.tell("S0.9", "S1.9", "the customer list keeps its names", func(t *testing.T) {
		p.Wait(`document.querySelector('#customers-` + s.customer + `')`)
		s.shows(t, "#customers-"+s.customer, s.original)
		s.shows(t, "#customers-"+s.customer, "scierie"+s.language+".onmicrosoft.com")
	})
	s.tell("S0.19", "S1.19", "the partner's pages and the verification stay as they are", func(t *testing.T) {
		p.Go(s.w.server.URL + "/customers/" + s.customer + "/account")
		if got := p.Text("body"); strings.Contains(got, s.friendly) {
			t.Errorf("the account shows the customer's new name: %s", got)
		}
		got := do(t, s.w, verification.Get, op.Actor{
			Kind: policy.Partner, Tenant: s.direct.tenant, Org: s.direct.types, Roles: policy.AdminAgent, User: "stories", UserName: "stories",
		}, verification.Customer{ID: id.Tenant(s.customer)})
		if got.Status != verification.Allowed {
			t.Errorf("the account is %s", got.Status)
		}
	})
}

// customerAdmin adds an admin of a customer who reads a language, and returns the
// name to sign in with.
func (w *world) customerAdmin(t *testing.T, customer id.Tenant, domain, language string) string {
	t.Helper()
	password, err := identity.GivenPassword(t.Context(), demo.Password)
	if err != nil {
		t.Fatal(err)
	}
	name := "chef@" + domain
	do(t, w, identity.AddUser, op.System(customer, 0, op.ViaCLI), identity.NewUser{
		Tenant: customer, Name: name, FirstName: "Léa", LastName: "Roche", Language: language, Roles: policy.CustomerAdmin, Password: password, KeepPassword: true,
	})
	return name
}
