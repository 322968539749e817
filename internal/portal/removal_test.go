package portal_test

import (
	"context"
	"net/http"
	"testing"

	"comptoir/internal/customer"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// A customer relationship is removed on the account page, with a statement and the
// name of the customer (E22 to E27; P-7).
func TestARelationshipIsRemovedFromTheAccount(t *testing.T) {
	w := newWorld(t)
	c := w.add("direct admin-agent", newCustomer("Imprimerie du Marais SAS", "imprimerie"))
	friendly := c.Billing
	friendly.CompanyName = "Le Marais"
	do(w, customer.UpdateBilling, w.actor("direct sales-agent"), customer.BillingChange{ID: c.ID, Billing: friendly})
	account := "/customers/" + string(c.ID) + "/account"
	r := w.reads("direct admin-agent")
	r.get(account).is(http.StatusOK).says("#removal", "Remove customer relationship")
	ask := r.get(account + "/removal").is(http.StatusOK)
	ask.says("dialog", "Imprimerie du Marais SAS", "leaves your list at once", "admin privileges", "Nobody is notified", "legal notice", "in good faith", "hold it harmless")
	ask.hides("dialog", "Le Marais")
	form := ask.form("dialog form")
	r.post(account+"/removal", form).is(http.StatusBadRequest).says(".summary", "Tick the statement", "Type the original name")
	r.post(account+"/removal", with(form, "typed", "Le Marais", "statement", "yes")).is(http.StatusBadRequest).says(".summary", "Imprimerie du Marais SAS")
	r.post(account+"/removal", with(form, "typed", c.OriginalName, "statement", "yes", "version", "0")).is(http.StatusConflict).says(".summary", "has changed")

	whole := with(form, "typed", "imprimerie du marais sas", "statement", "yes")
	sent := r.post(account+"/removal", whole).is(http.StatusSeeOther)
	list := r.follow(sent)
	list.says(".toast", "was removed")
	list.hides("#customers", "Le Marais", "Imprimerie")
	r.post(account+"/removal", whole).is(http.StatusSeeOther) // sent twice
	r.get(account).is(http.StatusNotFound)
	r.get("/settings/activity-log").says("#activity", "Customer relationship removed", "Statement accepted", "Verification closed with the relationship")
}

// Who may not remove a relationship sees why, and so does who has something running
// (b15, RF-10; E23, RF-27, RF-05).
func TestARelationshipIsNotRemovedByEverybodyAndNotAtAnyTime(t *testing.T) {
	w := newWorld(t)
	c := w.add("direct admin-agent", newCustomer("Imprimerie du Marais SAS", "imprimerie"))
	account := "/customers/" + string(c.ID) + "/account"
	for _, who := range []string{"direct sales-agent", "direct helpdesk-agent"} {
		r := w.reads(who)
		r.get(account).is(http.StatusOK).says("#removal", "Global admin", "Admin agent")
		r.get(account + "/removal").is(http.StatusForbidden)
		r.post(account+"/removal", nil).is(http.StatusForbidden)
	}
	customer.OnRemove(func(context.Context, *op.Unit, id.Tenant, id.Tenant) ([]customer.Obstacle, error) {
		return []customer.Obstacle{{Said: refusal.RF33, Part: "subscriptions"}}, nil
	})
	t.Cleanup(func() { customer.OnRemove() })
	r := w.reads("direct admin-agent")
	r.get(account).is(http.StatusOK).says("#removal", "nothing of this customer is running", "suspended")
	form := with(r.get(account+"/removal").form("dialog form"), "typed", c.OriginalName, "statement", "yes")
	r.post(account+"/removal", form).is(http.StatusBadRequest).says(".summary", "cannot be removed", "suspended")
	r.get(account).is(http.StatusOK)
}
