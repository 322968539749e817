package stories_test

import (
	"net/http"
	"strings"
	"testing"

	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/invitation"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/portal/browsertest"
)

// A reseller and its provider become partners of a customer that exists already: the
// link of the message leads the customer through its portal, and then both have it in
// their lists. What needs orders is told by the relation that they ask for.
func TestS4_4_ARelationshipIsAccepted(t *testing.T) {
	browser := browsertest.NewBrowser(t)
	w := theWorld(t)
	direct, provider, reseller := w.known(t, "direct"), w.known(t, "provider"), w.known(t, "reseller")
	customer := w.add(t, direct, "Ardoisières de Trélazé SARL", "trelaze")
	admin := w.customerAdmin(t, id.Tenant(customer), "trelaze.onmicrosoft.com", "en")
	agent := w.person(t, reseller, policy.AdminAgent, "en")
	seen := func(p *partner, status int) answer {
		return w.ask(t, w.token(t, p, ""), http.MethodGet, "/v1/customers/"+customer, nil).is(status)
	}

	t.Run("S4.4 without an account as a partner nobody asks for a relationship", func(t *testing.T) {
		made := do(t, w, identity.EnrolPartner, system(), identity.Enrolment{
			Name: "Applicants of Angers SARL", Types: policy.DirectBill, Country: "FR", Market: "EEA", Domain: "applicants.example",
		})
		applicant := op.System(made.Partner.Tenant, policy.DirectBill, op.ViaCLI)
		if _, err := invitation.Begin.Do(t.Context(), w.Kernel, applicant, invitation.Asking{}); err == nil {
			t.Error("a partner that is not enrolled begins an invitation")
		}
	})
	t.Run("S4.5 a customer that is set up is there for its own partner alone", func(*testing.T) { seen(direct, http.StatusOK); seen(reseller, http.StatusNotFound) })
	t.Run("S4.6 without a reseller relationship nothing is sold", func(*testing.T) {
		w.ask(t, w.token(t, provider, ""), http.MethodGet, "/v1/customers/"+customer+"/profiles/billing", nil).is(http.StatusNotFound)
	})
	t.Run("S4.22 nor managed on behalf of the customer", func(*testing.T) {
		w.ask(t, w.token(t, reseller, ""), http.MethodGet, "/v1/customers/"+customer+"/profiles/billing", nil).is(http.StatusNotFound)
	})
	t.Run("S4.23 the provider needs a relationship of its own", func(*testing.T) { seen(provider, http.StatusNotFound) })

	ask := invitation.Asking{Provider: provider.tenant}
	o := do(t, w, invitation.BeginJoint, reseller.system(), ask)
	link := o.Link.URL(w.server.URL)
	_, text := o.Words("en", "Léa Roche", link)
	do(t, w, invitation.MakeJoint, reseller.system(), invitation.New{
		Asking: ask, Token: o.Link.Token, Base: w.server.URL, Language: "en", Delegated: true, Terms: o.Terms, Message: text,
	})
	t.Run("S4.24 one acceptance gives the reseller its roles and lets the provider order", func(t *testing.T) {
		p := browser.Open(t, text[strings.Index(text, w.server.URL):strings.Index(text, "\n\nYour existing")])
		p.Wait(`document.querySelector('.message')?.innerText.includes('Sign in as an admin of your organization')`)
		w.signIn(p, admin)
		p.Wait(`location.pathname === '/admin/invitation/review' && document.querySelector('#answer')`)
		for selector, words := range map[string]string{"#partner": "orders, changes and cancels them", "#provider": "Order new subscriptions", "#roles": "Directory Readers"} {
			if got := p.Text(selector); !strings.Contains(got, words) {
				t.Errorf("%s says %s", selector, got)
			}
		}
		p.Click(`#relation`)
		p.Click(`#agreed`)
		p.Click(`.wizard-foot .primary`)
		p.Wait(`location.pathname === '/admin/invitation/done' && document.querySelector('#next')`)
	})

	t.Run("S4.27 the provider may order from now on", func(*testing.T) { seen(provider, http.StatusOK).says(`"relationshipToPartner":"reseller"`) })
	t.Run("S4.30 and the reseller administers the customer", func(t *testing.T) {
		held := do(t, w, gdap.List, reseller.system(), gdap.Query{Customer: id.Tenant(customer), Size: 9}).Relationships
		if len(held) != 1 || held[0].Status != gdap.Active {
			t.Fatalf("admin roles: %+v", held)
		}
		if given := do(t, w, gdap.ListAssignments, reseller.system(), held[0].ID); len(given) != 1 {
			t.Errorf("E17: its groups have %+v", given)
		}
	})
	p := browser.Open(t, w.server.URL+"/customers")
	w.signIn(p, agent)
	t.Run("S4.19 the customer is on the page Customers", func(*testing.T) { p.Shown(`#customers tbody a[href*="` + customer + `"]`) })
	t.Run("S4.20 open its record", func(*testing.T) {
		p.Go(w.server.URL + "/customers/" + customer)
		p.Wait(`document.querySelector('#nav')?.innerText.includes('Ardoisières de Trélazé SARL')`)
	})
	t.Run("S4.31 and choose what to do", func(t *testing.T) {
		p.Click(`#nav a[href$="/admin-relationships"]`)
		p.Wait(`location.pathname.endsWith('/admin-relationships') && document.querySelector('tbody tr')`)
	})
}
