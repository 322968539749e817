package portal_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"comptoir/internal/customer"
	"comptoir/internal/fault"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/invitation"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

// K-3, c5, c6, F7, F10: a customer sees who serves it, what they may do and did, and
// takes admin roles back.
func TestACustomerLooksAfterItsPartners(t *testing.T) {
	w, c := aCustomerOfDirect(t)
	w.person("vercors", c.ID, policy.CustomerBillingAdmin)
	w.person("vercors", c.ID, policy.CustomerUser)
	_, link := w.invites("provider admin-agent", invitation.Asking{}, true)
	w.acceptsAs("customer", w.invitePath(link))
	own := w.reads("customer")
	p := own.get(visit.OwnPartnersPath).is(http.StatusOK)
	p.says("#partners tbody", "Atelier Nuage SAS", "Nordmolnet Distribution AB", "Active", "11")
	one := visit.OwnPartnersPath + "/" + string(w.provider.Tenant)
	p = own.get(one).is(http.StatusOK)
	p.says("#facts", "Nordmolnet Distribution AB", "Suède", w.provider.PartnerID, "Depuis le")
	p.says("#roles", "Directory Readers", "Retirer les rôles", "Désactiver l’extension", "admin@vercors")
	p.hides("#deeds-card", "admin@vercors") // what the customer did itself is not the partner's deed

	// F7: auto extension off; somebody who has seen an older page is told so.
	form := p.form("#roles form")
	roles := p.attr("#roles form", "action")
	form.Set("extend", "off")
	own.follow(own.post(roles, form)).says("#toasts", "est désactivée")
	own.post(roles, form).is(http.StatusPreconditionFailed)
	form.Set("extend", "maybe")
	own.post(roles, form).is(http.StatusBadRequest)

	// c5, c6: a billing admin reads, a user does not.
	w.reads("vercors customer-billing-admin").get(one).is(http.StatusOK)
	w.reads("vercors customer-billing-admin").post(roles+"/end", nil).is(http.StatusForbidden)
	w.reads("vercors customer-user").get(visit.OwnPartnersPath).is(http.StatusForbidden)
	w.reads("direct global-admin").get(visit.OwnPartnersPath).is(http.StatusNotFound)

	// The partner's deeds, without what it keeps about the customer.
	r := do(w, gdap.List, w.actor("provider admin-agent"), gdap.Query{Customer: c.ID, Size: 9}).Relationships[0]
	do(w, customer.UpdateBilling, w.actor("direct sales-agent"), customer.BillingChange{ID: c.ID, Billing: func() customer.Billing {
		b := c.Billing
		b.CompanyName = "Vercors compte secret"
		return b
	}()})
	own.get(visit.OwnPartnersPath+"/"+string(w.direct.Tenant)).hides("body", "compte secret")

	// F10: roles removed, the relationship stays.
	own.get(roles+"/end").is(http.StatusOK).says("#end-roles", "Retirer les rôles d’administration de Nordmolnet")
	own.follow(own.post(roles+"/end", nil)).says("#toasts", "sont retirés")
	own.post(roles+"/end", nil).is(http.StatusConflict).says("#end-roles", "état actuel", "résiliée") // the dialog says why
	if got := do(w, gdap.Get, w.actor("provider admin-agent"), r.ID); got.Status != gdap.Terminated {
		t.Errorf("the roles are %s", got.Status)
	}
	own.get(one).says("#roles", "Résiliée")
	w.reads("provider admin-agent").get("/customers").says("#customers tbody", "Fromagerie du Vercors SARL")
	own.get(visit.OwnPartnersPath + "/" + string(w.reseller.Tenant)).is(http.StatusNotFound)
}

// E29: the customer ends the relationship; while something runs, it is told whom to ask.
func TestACustomerEndsARelationship(t *testing.T) {
	w, c := aCustomerOfDirect(t)
	own := w.reads("customer")
	one := visit.OwnPartnersPath + "/" + string(w.direct.Tenant)
	running := true
	customer.OnRemove(func(_ context.Context, _ *op.Unit, partner, _ id.Tenant) ([]customer.Obstacle, error) {
		if !running || partner != w.direct.Tenant {
			return nil, nil
		}
		return []customer.Obstacle{{Said: fault.New(fault.Invalid, "3000", "refusal.rf33"), Part: "subscriptions"}}, nil
	})
	t.Cleanup(func() { customer.OnRemove() })
	own.get(one).is(http.StatusOK).says("#ending", "Adressez-vous d’abord au partenaire", "@atelier-nuage.example")
	form := own.get(one + "/end").is(http.StatusOK).form("#end")
	form.Set("typed", "Atelier Nuage SAS")
	own.post(one+"/end", form).is(http.StatusConflict).says("#end", "Adressez-vous d’abord")
	running = false
	form = own.get(one + "/end").form("#end")
	own.post(one+"/end", form).is(http.StatusBadRequest) // nothing typed
	form.Set("typed", "Atelier Nuage SAS")
	own.follow(own.post(one+"/end", form)).says("#partners tbody", "Atelier Nuage SAS", "Terminée")
	w.reads("direct admin-agent").get("/customers").hides("#customers tbody", "Fromagerie")
	own.get(one).is(http.StatusOK).says("#facts", "Fin décidée par votre organisation")
	own.get(one + "/end").is(http.StatusNotFound)
	if got := do(w, gdap.OwnList, w.actor("customer"), struct{}{}); len(got) != 1 || got[0].Status != gdap.Terminated {
		t.Errorf("E26: admin roles %+v", got)
	}
	if _, err := customer.Get.Do(t.Context(), w.k, w.actor("direct admin-agent"), customer.Ref{ID: c.ID}); fault.All(err)[0].Key != refusal.NotFound.Key {
		t.Errorf("the partner still sees it: %v", err)
	}
	// A partner of the past that asks for admin roles waits for an answer.
	w.asked(c, "Reprise 2028")
	own.get(visit.OwnPartnersPath+"?state=waiting").is(http.StatusOK).says("#partners tbody", "Atelier Nuage SAS", "En attente de votre part")
	own.get(visit.OwnPartnersPath+"?state=ended").says("#partners tbody", "Atelier Nuage SAS", "Terminée")
	own.get(one).hides(".badges", "Terminée")
	p := own.get(visit.OwnPartnersPath + "?state=active").is(http.StatusOK)
	if text := p.text("#partners tbody"); strings.Contains(text, "Atelier") {
		t.Errorf("the filter shows %s", text)
	}
}

// K-1: what partners ask for waits on the first page.
func TestOpenRequestsStandOnTheFirstPage(t *testing.T) {
	w, c := aCustomerOfDirect(t)
	w.asked(c, "Exploitation 2027")
	own := w.reads("customer")
	p := own.get("/admin").is(http.StatusOK)
	p.says("#todo", "Atelier Nuage SAS demande des rôles d’administration (Exploitation 2027)")
}
