package portal_test

import (
	"net/http"
	"net/url"
	"testing"

	"comptoir/internal/customer"
	"comptoir/internal/portal/visit"
	"comptoir/internal/verification"
)

// aCustomerOfDirect is a customer whose administrator can sign in and whose
// account is approved.
func aCustomerOfDirect(t *testing.T) (*world, customer.Customer) {
	t.Helper()
	w := newWorld(t)
	added := do(w, customer.Add, w.actor("direct admin-agent"), newCustomer("Fromagerie du Vercors SARL", "vercors"))
	w.signInAdmin(added)
	w.approve(added.Customer)
	return w, added.Customer
}

// S0.17 to S0.19, S2.18, rules C20, C32 and C33: the customer changes its live name
// in its own portal. Its partner goes on seeing the original name everywhere and
// its own friendly name in the list, and no account is verified again.
func TestTheLiveNameChangesNothingOnThePartnerSide(t *testing.T) {
	w, c := aCustomerOfDirect(t)
	own := w.reads("customer")
	p := own.get(visit.OrgProfilePath).is(http.StatusOK)
	p.says("main", "Les partenaires conservent le nom")
	form := p.form("main form")
	form.Set("name", "Fromages Durand SARL")
	form.Set("line1", "9 quai du Port")
	form.Set("city", "Marseille")
	form.Set("postal-code", "13002")
	own.follow(own.post(visit.OrgProfilePath, form)).says("#toasts", "a été enregistré")
	own.get("/admin").says("h1", "Fromages Durand SARL")
	own.get(visit.BillingAccountPath).says("main", "Fromages Durand SARL", "9 quai du Port", "Marseille")

	for who, path := range map[string]string{
		"direct admin-agent": "/customers", "direct sales-agent": visit.AccountPath(c.ID), "direct global-admin": "/settings/activity-log",
		"direct helpdesk-agent": "/home", "operator operator-admin": visit.VerificationsPath + "/" + string(c.Partner) + "/" + string(c.ID),
	} {
		page := w.reads(who).get(path).is(http.StatusOK)
		page.hides("body", "Fromages Durand", "9 quai du Port")
		page.says("main", "Fromagerie du Vercors SARL")
	}
	d := do(w, customer.Get, w.actor("direct admin-agent"), customer.Ref{ID: c.ID})
	if d.Customer.Status != verification.Allowed || d.Customer.Billing.Address.City != "Lyon" || d.Customer.Version != c.Version {
		t.Errorf("the partner's side changed: %+v", d.Customer)
	}
}

// What the organization profile does not take (K-6): nothing is changed then.
func TestTheOrganizationProfileIsChecked(t *testing.T) {
	w, _ := aCustomerOfDirect(t)
	own := w.reads("customer")
	good := own.get(visit.OrgProfilePath).form("main form")
	for field, value := range map[string]string{"name": " ", "email": "nobody", "line1": "", "language": "de"} {
		form := url.Values{}
		for name, values := range good {
			form[name] = values
		}
		form.Set(field, value)
		own.post(visit.OrgProfilePath, form).is(http.StatusBadRequest)
	}
	own.get("/admin").says("h1", "Fromagerie du Vercors SARL")
	w.reads("direct admin-agent").get(visit.OrgProfilePath).is(http.StatusNotFound)
	w.reads("operator operator-admin").get(visit.BillingAccountPath).is(http.StatusNotFound)
}

// S0.9 to S0.16, S2.16 and S2.17, rules C31 and C32: the friendly name stands in
// the list of customers and in Billing information, and nowhere else.
func TestTheFriendlyNameStandsInTwoPlacesOnly(t *testing.T) {
	w, c := aCustomerOfDirect(t)
	b := c.Billing
	b.CompanyName = "Vercors – compte clé"
	do(w, customer.UpdateBilling, w.actor("direct sales-agent"), customer.BillingChange{ID: c.ID, Billing: b})
	r := w.reads("direct sales-agent")
	r.get("/customers").says("#customers tbody", "Vercors – compte clé")
	account := r.get(visit.AccountPath(c.ID)).is(http.StatusOK)
	account.hides(".crumbs", "compte clé")
	account.says(".crumbs", "Fromagerie du Vercors SARL")
	account.says("#company-details", "Fromagerie du Vercors SARL", string(c.ID), c.Domain, "France")
	account.hides("#company-details", "compte clé", "12 rue des Lilas", "camille@") // C31: no delegated role
	if got := account.value("company"); got != "Vercors – compte clé" {
		t.Errorf("Billing information names the company %q", got)
	}
	r.get("/home").hides("body", "compte clé")
	w.reads("direct admin-agent").get("/settings/activity-log").hides("#activity tbody", "compte clé")
	w.reads("customer").get("/admin").hides("body", "compte clé")
	w.reads("customer").get(visit.BillingAccountPath).hides("body", "compte clé")
	w.reads("operator operator-admin").get("/operator/verifications").hides("#queue tbody td:first-child", "compte clé")
}
