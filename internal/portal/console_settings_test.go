package portal_test

import (
	"net/http"
	"net/url"
	"testing"

	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/verification"
)

// staff adds the operator's reviewer and support.
func (w *world) staff() {
	w.t.Helper()
	tenant := w.people["operator operator-admin"].Tenant
	for _, role := range []policy.Role{policy.OperatorReviewer, policy.OperatorSupport} {
		w.person("operator", tenant, role)
	}
}

// The operator sees every setting with its default and rule, changes it, and
// reads who changed what (V-12; rules.md, section o).
func TestASettingChangedInTheConsoleHoldsAtOnce(t *testing.T) {
	w := newWorld(t)
	w.staff()
	r := w.reads("operator operator-admin")
	list := r.get("/operator/settings")
	list.says("#settings", "verification.scope", "strict", "C22", "verification.autoApprove", "Off", "subscriptions.endOfTerm", "Not in this version")
	list.says("#log", "Nothing has been changed yet")
	for _, s := range op.Settings() {
		list.says("#settings", s.Name, s.Rule)
	}
	r.get("/operator/settings?q=holidays").hides("#settings", "verification.scope")

	dialog := r.get("/operator/settings/verification.autoApprove").is(http.StatusOK)
	form := dialog.form("dialog form")
	if form.Get("value") != "false" {
		t.Fatalf("the dialog shows %q", form.Get("value"))
	}
	form.Set("value", "true")
	after := r.follow(r.post("/operator/settings/verification.autoApprove", form))
	after.says("#toasts", "verification.autoApprove")
	after.says("#log", "verification.autoApprove", "false → true", "chef@drift.example")
	r.get("/operator/settings?state=changed").hides("#settings", "verification.scope")
	// C10, C25: an account that nothing speaks against is approved at once.
	if c := w.add("direct admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors")); c.Status != verification.Allowed {
		t.Errorf("with verification.autoApprove the account is %s", c.Status)
	}

	// What makes no sense is refused, with what was typed still there.
	for name, value := range map[string]string{
		"verification.timeZone": "Europe/Atlantis", "verification.holidays": "Christmas", "verification.scope": "loose",
	} {
		again := r.post("/operator/settings/"+name, url.Values{"value": {value}}).is(http.StatusBadRequest)
		again.says(".summary", name)
	}
	r.post("/operator/settings/subscriptions.endOfTerm", url.Values{"value": {"est"}}).is(http.StatusConflict)
	r.get("/operator/settings/no.setting").is(http.StatusNotFound)

	// Reviewers and support read them; partners have no such page.
	for _, who := range []string{"operator operator-reviewer", "operator operator-support"} {
		s := w.reads(who)
		s.get("/operator/settings").is(http.StatusOK)
		s.get("/operator/settings/verification.scope").is(http.StatusForbidden)
		s.post("/operator/settings/verification.scope", url.Values{"value": {"purchasesOnly"}}).is(http.StatusForbidden)
	}
	w.reads("direct global-admin").get("/operator/settings").is(http.StatusNotFound)
}

// The settings that open a cell of the matrix do so at once, and close it again
// (rules b15, c3).
func TestASettingOpensACellOfTheMatrix(t *testing.T) {
	w := newWorld(t)
	sales := w.actor("direct sales-agent")
	billing := op.Actor{Kind: policy.Customer, Roles: policy.CustomerBillingAdmin}
	for _, tt := range []struct {
		name, open, closed string
		actor              op.Actor
		action             policy.Action
	}{
		{"roles.sales.removeRelationship", "true", "false", sales, "relationship.remove"},
		{"customer.invite.minRole", "billingAdmin", "globalAdmin", billing, "own.invitation.answer"},
	} {
		set := func(value string) {
			t.Helper()
			if err := w.k.UpdateSetting(t.Context(), w.actor("operator operator-admin"), op.SetSetting{Name: tt.name, Value: value}); err != nil {
				t.Fatal(err)
			}
		}
		if w.k.May(tt.actor, tt.action, true) == nil {
			t.Errorf("%s is open by default", tt.action)
		}
		set(tt.open)
		if err := w.k.May(tt.actor, tt.action, true); err != nil {
			t.Errorf("%s with %s=%s: %v", tt.action, tt.name, tt.open, err)
		}
		set(tt.closed)
		if w.k.May(tt.actor, tt.action, true) == nil {
			t.Errorf("%s stays open", tt.action)
		}
	}
}
