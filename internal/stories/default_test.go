package stories_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/job"
	"comptoir/internal/policy"
	"comptoir/internal/portal/browsertest"
)

// The default relationship is a choice of who adds the customer, and gives rights to
// nobody until its roles are given to security groups (rules C5, F8, F12).
func TestS2_19_TheDefaultRelationshipIsAChoice(t *testing.T) {
	browser := browsertest.NewBrowser(t)
	w := theWorld(t)
	direct := w.known(t, "direct")
	agent := w.person(t, direct, policy.AdminAgent, "en")
	p := browser.Open(t, w.server.URL+"/customers/new")
	w.signIn(p, agent)

	t.Run("S2.19 the box is ticked, and unticked nothing is made", func(t *testing.T) {
		fillIn(p, "Papeterie du Buëch SARL", "buech")
		if !browsertest.Eval[bool](p, `document.querySelector('#gdap').checked`) {
			t.Error("the default relationship is not offered")
		}
		p.Click(`#gdap`)
		customer := confirm(t, p)
		if got := p.Text("main"); strings.Contains(got, "default GDAP") || strings.Contains(got, "default delegated admin relationship") {
			t.Errorf("the confirmation speaks of a relationship: %s", got)
		}
		if held := w.held(t, direct, customer); len(held) != 0 {
			t.Errorf("there is %+v", held)
		}
		p.Click("[data-saved]")
		p.Click(`.secret-foot [formaction$="/again"]`)
		p.Wait(`location.pathname === '/customers/new' && document.querySelector('#company')?.value === ''`)
	})

	t.Run("S2.20 its roles are given to security groups, and hold only then", func(t *testing.T) {
		fillIn(p, "Scierie de la Clarée SAS", "claree")
		customer := confirm(t, p)
		token := w.token(t, direct, agent)
		directory := func() answer {
			return w.ask(t, token, http.MethodGet, "/v1/customers/"+string(customer)+"/organization", nil)
		}
		if held := w.held(t, direct, customer); len(held) != 1 || held[0].Source != gdap.Default || held[0].Status != gdap.Active {
			t.Fatalf("the default relationship: %+v", held)
		}
		directory().is(http.StatusForbidden)

		p.Click("[data-saved]")
		p.Click(`.secret-foot [formaction$="/assign"]`)
		p.Wait(`location.pathname.endsWith('/groups') && document.querySelector('input[name=group]')`)
		p.Click(`input[name=group][value="` + w.agents(t, direct) + `"]`)
		p.Click(`.wizard-foot .primary`)
		p.Wait(`document.querySelector('input[name=role]')`)
		directory().is(http.StatusForbidden)
		p.Click(`input[name=role][value="` + string(gdap.GlobalReader) + `"]`)
		p.Click(`.wizard-foot .primary`)
		p.Wait(`location.pathname.includes('/admin-relationships/') && !location.pathname.endsWith('/groups') && document.querySelector('#groups')?.innerText.includes('Admin agents')`)
		directory().is(http.StatusForbidden) // the roles arrive moments later
		w.work(t)
		p.Wait(`document.querySelector('#groups').innerText.includes('Active')`)
		directory().is(http.StatusOK).says("Scierie de la Clarée SAS")
	})
}

// confirm sends the wizard that is filled in, and returns the new customer.
func confirm(t *testing.T, p *browsertest.Page) id.Tenant {
	t.Helper()
	p.Click(".wizard-foot .primary")
	p.Wait(`location.pathname === '/customers/new/review'`)
	p.Click(".wizard-foot .primary")
	p.Wait(`document.querySelector('[data-saved]')`)
	customer, found := id.Parse(guid.FindString(p.Text(".secrets")))
	if !found {
		t.Fatalf("the confirmation names no customer: %s", p.Text(".secrets"))
	}
	return id.Tenant(customer)
}

var guid = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// agents is the group of the admin agents of a partner.
func (w *world) agents(t *testing.T, p *partner) string {
	t.Helper()
	for _, g := range do(t, w, identity.ListGroups, p.system(), struct{}{}) {
		if g.Role == policy.AdminAgent {
			return string(g.ID)
		}
	}
	t.Fatal("there is no group of the admin agents")
	return ""
}

// work does what is due in the background.
func (w *world) work(t *testing.T) {
	t.Helper()
	if _, err := job.NewWorkers(w.Kernel, 1).RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// held are the admin relationships of a partner with a customer.
func (w *world) held(t *testing.T, p *partner, customer id.Tenant) []gdap.Relationship {
	t.Helper()
	return do(t, w, gdap.List, p.system(), gdap.Query{Customer: customer, Size: 9}).Relationships
}
