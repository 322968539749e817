package portal_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// The operator tightens and widens the matrix for this installation; it holds at
// the next click of whom it concerns, and is taken back in the same way (V-11,
// rules.md section b).
func TestTheMatrixOfAnInstallationIsDecidedInTheConsole(t *testing.T) {
	w := newWorld(t)
	w.staff()
	r, sales, helpdesk := w.reads("operator operator-admin"), w.reads("direct sales-agent"), w.reads("direct helpdesk-agent")
	r.get("/operator/roles").says("#customers-customer\\.add", "Add a customer", "customer.add", "b3", "Allowed", "No")
	before := r.get("/operator/roles")
	before.says(".messages", "Everything is as specified")
	before.says("#own-own\\.subscription\\.update", "Change what a partner sold", "Fixed")
	sales.get("/customers/new").is(http.StatusOK)
	helpdesk.get("/customers/new").is(http.StatusForbidden)

	form := r.get("/operator/roles/customer.add").form("dialog form")
	if form.Get("sales-agent") != "allowed" || form.Get("helpdesk-agent") != "refused" {
		t.Fatalf("the dialog shows %v", form)
	}
	form.Set("sales-agent", "refused")
	form.Set("helpdesk-agent", "allowed")
	after := r.follow(r.post("/operator/roles/customer.add", form))
	after.says("#customers-customer\\.add", "Default: Allowed", "Default: No")
	after.says("#log", "Add a customer – Sales agent", "As specified → No")
	after.says(".messages", "2 cells differ")
	changed := r.get("/operator/roles?show=changed")
	changed.says("main", "Add a customer")
	changed.hides("main", "Export the customer list")
	sales.get("/customers/new").is(http.StatusForbidden)
	helpdesk.get("/customers/new").is(http.StatusOK)
	r.get("/operator/roles/try?type=direct-bill&roles=sales-agent").says("#customers-customer\\.add", "No")
	r.get("/operator/roles/try?type=indirect-reseller&roles=helpdesk-agent").says("#customers-customer\\.add", "No", "provider")

	file := r.get("/operator/roles/export").is(http.StatusOK)
	if !strings.Contains(file.body, "customer.add,sales-agent,refused\n") || strings.Count(file.body, "\n") != 3 {
		t.Errorf("the export is %q", file.body)
	}
	// Taken back by an import that names one cell alone.
	r.follow(r.post("/operator/roles/import", url.Values{"changes": {"customer.add,helpdesk-agent,allowed"}, "whole": {"yes"}})).says("#toasts", "One cell changed")
	sales.get("/customers/new").is(http.StatusOK)
	helpdesk.get("/customers/new").is(http.StatusOK)
	r.follow(r.post("/operator/roles/import", url.Values{"changes": {""}, "whole": {"yes"}}))
	helpdesk.get("/customers/new").is(http.StatusForbidden)
	r.follow(r.post("/operator/roles/import", url.Values{"changes": {file.body}, "whole": {"yes"}}))
	sales.get("/customers/new").is(http.StatusForbidden)

	// What is fixed, or cannot be read, is refused as a whole.
	for name, changes := range map[string]string{
		"the operator's own row":       "setting.update,operator-admin,refused",
		"what a customer never may":    "own.subscription.update,customer-admin,allowed",
		"no action":                    "customer.fly,sales-agent,allowed",
		"no role":                      "customer.add,king,allowed",
		"too little on a line":         "customer.add,allowed",
		"a good line before a bad one": "customer.tag,sales-agent,refused\ncustomer.add,king,allowed",
	} {
		if p := r.post("/operator/roles/import", url.Values{"changes": {changes}, "whole": {"yes"}}); p.status != http.StatusBadRequest || p.text(".summary") == "" {
			t.Errorf("%s: %d", name, p.status)
		}
	}
	sales.get("/customers/new").is(http.StatusForbidden)
	r.get("/operator/roles/setting.update").is(http.StatusNotFound)
	s := w.reads("operator operator-support")
	s.get("/operator/roles").is(http.StatusOK)
	s.post("/operator/roles/customer.add", form).is(http.StatusForbidden)
	s.post("/operator/roles/import", url.Values{"changes": {""}, "whole": {"yes"}}).is(http.StatusForbidden)
}
