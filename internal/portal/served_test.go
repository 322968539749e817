package portal_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"testing"

	"comptoir/internal/customer"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/op"
)

// administer has a partner administer a customer by delegation, without selling to it.
var administer = op.Define(op.Spec{Name: "test.administer", Action: "profile.update", Write: true},
	func(ctx context.Context, u *op.Unit, c id.Tenant) (struct{}, error) {
		return struct{}{}, errors.Join(gdap.OpenDefault(ctx, u, gdap.Opening{Partner: u.Actor.Tenant, Customer: c}), customer.FollowDelegation(ctx, u, u.Actor.Tenant, c))
	})

// A reseller sees the customers that it serves in other ways in its list, marked,
// and can open them; nothing else is offered, and what is sent all the same is
// refused (rule A6, RF-28; portal P-2, S4.8).
func TestACustomerThatIsNotSoldToIsShownAndNothingElse(t *testing.T) {
	w := newWorld(t)
	c := w.add("direct admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))
	do(w, administer, w.actor("reseller admin-agent"), c.ID)
	r := w.reads("reseller admin-agent")
	r.get("/customers").says("#customers tbody", "Fromagerie du Vercors SARL", "Delegated administration", "No reseller relationship yet")
	r.get("/customers?relation=delegated_admin").says("#customers tbody", "Fromagerie du Vercors SARL")
	pane := r.get("/customers?open=" + string(c.ID) + ".delegated_admin")
	pane.says(".pane", "No reseller relationship yet", "Open")
	pane.hides(".pane", "Edit tags")
	path := "/customers/" + string(c.ID) + "/account"
	page := r.get(path).is(http.StatusOK)
	page.says("main", "Fromagerie du Vercors SARL", c.Domain, "Your organization serves this customer without selling to it (Delegated administration)")
	if forms := page.find("main form"); len(forms) != 0 {
		t.Errorf("%d forms are offered", len(forms))
	}
	for _, part := range []string{"/tags", "/qualification"} {
		r.post(path+part, url.Values{"tags": {"VIP"}}).is(http.StatusForbidden).says("main", "no reseller relationship with this customer")
	}
	for _, part := range []string{"/qualification", "/appeal", "/resubmit"} {
		if got := r.get(path + part); got.status != http.StatusForbidden {
			t.Errorf("%s answers %d", part, got.status)
		}
	}
	// The partner that sells to it sees no difference.
	w.reads("direct admin-agent").get("/customers").hides("#customers", "No reseller relationship yet")
}
