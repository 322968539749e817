package stories_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"comptoir/internal/db"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/partnership"
	"comptoir/internal/place"
	"comptoir/internal/policy"
	"comptoir/internal/portal/browsertest"
)

// swedish is a customer in Sweden as the REST API takes one.
func swedish(name, prefix string) map[string]any {
	return with(body("SE", name, prefix), "billingProfile.culture", "sv-SE", "billingProfile.defaultAddress.postalCode", "222 21",
		"billingProfile.defaultAddress.city", "Lund", "billingProfile.defaultAddress.phoneNumber", "+46 46 12 34 56")
}

// newReseller enrols an indirect reseller in Sweden, where the provider of the demo
// world is.
func (w *world) newReseller(t *testing.T, name string) *partner {
	t.Helper()
	country, _ := place.World().Country("SE")
	return w.enrol(t, name, policy.IndirectReseller, country)
}

// Indirect resellers request relationships and add nobody (A3, RF-01).
func TestS2_4_ResellersRequestRelationshipsOnly(t *testing.T) {
	w := theWorld(t)
	reseller := w.known(t, "reseller")
	agent := w.token(t, reseller, w.person(t, reseller, policy.AdminAgent, "en"))
	w.ask(t, agent, http.MethodPost, "/v1/customers", swedish("Smedjan i Höör AB", "smedjanihoor")).is(http.StatusForbidden).says("2032")
	w.ask(t, agent, http.MethodGet, "/v1/customers/relationshiprequests", nil).is(http.StatusOK).says("invType=ResellerRelationship", string(reseller.tenant))
}

// A provider adds the new customers of its resellers (A3, C5).
func TestS2_5_ProvidersAddCustomersForResellers(t *testing.T) {
	w := theWorld(t)
	provider, reseller := w.known(t, "provider"), w.known(t, "reseller")
	b := swedish("Bryggeriet i Simris AB", "bryggerietisimris")
	b["associatedPartnerId"] = string(reseller.tenant)
	agent := w.token(t, provider, w.person(t, provider, policy.AdminAgent, "en"))
	added := w.ask(t, agent, http.MethodPost, "/v1/customers", b).is(http.StatusCreated).at("id")
	w.ask(t, agent, http.MethodGet, "/v1/customers/"+added+"/relationships", nil).is(http.StatusOK).says(string(reseller.tenant))
	w.ask(t, w.token(t, reseller, ""), http.MethodGet, "/v1/customers/"+added, nil).is(http.StatusOK).says("Bryggeriet i Simris AB")
}

// A provider without a relationship of its own with a customer can do nothing for it,
// whatever its reseller has (A4, E30: RF-28).
func TestS4_7_AProviderNeedsItsOwnRelationship(t *testing.T) {
	w := theWorld(t)
	provider, reseller := w.known(t, "provider"), w.known(t, "reseller")
	b := swedish("Glasbruket i Åhus AB", "glasbruketiahus")
	b["associatedPartnerId"] = string(reseller.tenant)
	agent := w.token(t, provider, w.person(t, provider, policy.AdminAgent, "en"))
	added := w.ask(t, agent, http.MethodPost, "/v1/customers", b).is(http.StatusCreated).at("id")
	w.ask(t, agent, http.MethodPatch, "/v1/customers/"+added, map[string]any{"relationshipToPartner": "none"}).is(http.StatusOK)
	if got := w.ask(t, agent, http.MethodGet, "/v1/customers/"+added, nil); got.status != http.StatusForbidden && got.status != http.StatusNotFound {
		t.Errorf("the provider still gets the customer: %d %s", got.status, got.text)
	}
	w.ask(t, w.token(t, reseller, ""), http.MethodGet, "/v1/customers/"+added, nil).is(http.StatusOK) // E26: the reseller keeps its own
}

// A reseller sees the customers that it serves here already, and may ask them for a
// relationship (A6).
func TestS4_8_AResellerSeesWhomItServesAlready(t *testing.T) {
	browser := browsertest.NewBrowser(t)
	w := theWorld(t)
	reseller := w.newReseller(t, "served-reseller")
	added := w.ask(t, w.token(t, w.known(t, "provider"), ""), http.MethodPost, "/v1/customers", swedish("Mölla kvarn AB", "mollakvarn")).is(http.StatusCreated).at("id")
	agent := op.Actor{Kind: policy.Partner, Tenant: reseller.tenant, Org: reseller.types, Roles: policy.AdminAgent, User: "stories", UserName: "stories", Channel: op.ViaPortal}
	asked := do(t, w, gdap.Create, agent, gdap.New{Name: "Help with users", Duration: "P30D", Roles: []gdap.RoleID{"88d8e3e3-8f55-4a1e-953a-9b9898b8876b"}, Customer: id.Tenant(added)})
	do(t, w, gdap.LockForApproval, agent, gdap.Ref{Relationship: asked.ID})
	customer := op.Actor{Kind: policy.Customer, Tenant: id.Tenant(added), Roles: policy.CustomerAdmin, User: "stories", UserName: "stories", Channel: op.ViaPortal, MFA: true}
	do(t, w, gdap.OwnApprove, customer, gdap.Decision{Relationship: asked.ID})
	p := browser.Open(t, w.server.URL+"/customers")
	w.signIn(p, w.person(t, reseller, policy.AdminAgent, "en"))
	p.Wait(`document.querySelector('#customers tbody tr')`)
	if got := p.Text("#customers"); !strings.Contains(got, "Mölla kvarn AB") || !strings.Contains(got, "No reseller relationship") {
		t.Errorf("the list shows %s", got)
	}
}

// Connecting with a provider brings none of its customers along (A5, E19), and what a
// reseller serves elsewhere does not appear by itself.
func TestS4_9_S4_10_APartnershipBringsNoCustomers(t *testing.T) {
	browser := browsertest.NewBrowser(t)
	w := theWorld(t)
	provider, reseller := w.known(t, "provider"), w.newReseller(t, "new-reseller")
	begun := do(t, w, partnership.Begin, provider.system(), struct{}{})
	link := partnership.Link(w.server.URL, begun.Token)
	do(t, w, partnership.Make, provider.system(), partnership.New{Token: begun.Token, Base: w.server.URL, Language: "en", Message: link})
	p := browser.Open(t, link)
	w.signIn(p, w.person(t, reseller, policy.GlobalAdmin, "en"))
	p.Wait(`document.querySelector('#authorize')`)
	p.Click(`#authorize input[name="agreed"]`)
	p.Click(`#authorize .btn.primary`)
	p.Wait(`location.pathname === '/indirect-providers' && document.querySelector('#providers tbody tr')`)
	if got := p.Text("main"); !strings.Contains(got, "does not bring its customers") {
		t.Errorf("S4.9: the page says %s", got)
	}
	p.Go(w.server.URL + "/customers")
	p.Wait(`document.querySelector('.empty')`)
	if got := p.Text("main"); !strings.Contains(got, "do not appear by themselves") || !strings.Contains(got, "Connecting with a provider does not bring") {
		t.Errorf("S4.10: the empty list says %s", got)
	}
}

// A partner removes a customer relationship on the account of the customer (E22 to
// E27).
func TestS4_3_ARelationshipIsInvitedAndRemoved(t *testing.T) {
	browser := browsertest.NewBrowser(t)
	w := theWorld(t)
	direct := w.known(t, "direct")
	const name = "Tonnellerie du Rhône SAS"
	added := w.add(t, direct, name, "tonnellerie")
	token := w.token(t, direct, w.person(t, direct, policy.AdminAgent, "en"))
	w.ask(t, token, http.MethodGet, "/v1/customers/relationshiprequests", nil).is(http.StatusOK).says("partner-invitation")
	p := browser.Open(t, w.server.URL+"/")
	tell := func(words string, check func(t *testing.T)) {
		if !t.Run(words, check) {
			t.FailNow()
		}
	}
	tell("S4.32 sign in, Customers", func(*testing.T) {
		w.signIn(p, w.person(t, direct, policy.AdminAgent, "en"))
		p.Click(`#nav a[href="/customers"]`)
		p.Wait(`location.pathname === '/customers'`)
	})
	tell("S4.33 select the customer, Account", func(*testing.T) {
		p.Click("#customers-" + added + " td:nth-child(3)")
		p.Wait(`document.querySelector('#pane h2')?.innerText === ` + quoted(name))
		p.Click(`#pane a.primary`)
		p.Wait(`document.querySelector('#removal')`)
	})
	tell("S4.34 Remove customer relationship", func(*testing.T) {
		p.Click(`#removal a.btn`)
		p.Wait(`document.querySelector('dialog#remove[open]')`)
	})
	tell("S4.37 the good-faith statement", func(t *testing.T) {
		if got := p.Text("dialog#remove"); !strings.Contains(got, "in good faith") || !strings.Contains(got, "hold it harmless") {
			t.Errorf("the dialog says %s", got)
		}
	})
	tell("S4.38 the legal notice is the partner’s own duty", func(t *testing.T) {
		if got := p.Text("dialog#remove"); !strings.Contains(got, "Nobody is notified") || !strings.Contains(got, "legal notice") {
			t.Errorf("the dialog says %s", got)
		}
	})
	tell("S4.35 it leaves the list", func(t *testing.T) {
		p.Click(`dialog#remove input[name="statement"]`)
		p.Type("#remove-type", name)
		p.Click(`dialog#remove .btn.destructive`)
		p.Wait(`location.pathname === '/customers' && document.querySelector('.toast')`)
		if got := p.Text("#customers"); strings.Contains(got, name) {
			t.Errorf("the list shows %s", got)
		}
	})
	tell("S4.36 all delegated admin privileges end", func(t *testing.T) {
		err := w.Kernel.DB.Read(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			all, err := gdap.Of(ctx, tx, direct.tenant, id.Tenant(added))
			if len(all) == 0 {
				t.Error("the customer was added without any")
			}
			for _, r := range all {
				if r.Status != gdap.Terminated {
					t.Errorf("%s is %s", r.Name, r.Status)
				}
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}
