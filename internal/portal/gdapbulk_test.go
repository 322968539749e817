package portal_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"comptoir/internal/customer"
	"comptoir/internal/gdapbulk"
	"comptoir/internal/id"
)

const bulkPath = "/customers/admin-relationships/bulk"

// delegating adds a customer of the direct partner to ask for roles.
func (w *world) delegating() customer.Customer {
	w.t.Helper()
	return do(w, customer.Add, w.actor("direct admin-agent"), newCustomer("Coopérative de Pontarlier SARL", "pontarlier")).Customer
}

// wanted is a file that asks c for roles, with a row that cannot be done.
func wanted(c id.Tenant) string {
	return "customer,name,roles,days,autoExtend\r\n" + string(c) + ",Service Jura,Global Reader;Helpdesk Administrator,90,yes\r\nnobody.example,Other,Global Emperor,900,\r\n"
}

// A partner uploads a file, sees what every row would come to, starts it, and takes
// the results along with the links to hand over; the jobs list it too (F1, F2; portal
// P-11, P-23, 0.3).
func TestManyAdminRelationshipsAreRequestedWithAFile(t *testing.T) {
	w := newWorld(t)
	c := w.delegating()
	r := w.reads("direct admin-agent")
	r.get("/customers").says(".commands", "Admin relationships in bulk")
	r.get(bulkPath).is(http.StatusOK).says("main", "Request new relationships", "Assign security groups", "Templates")
	if got := r.get(bulkPath + "/template?kind=request").body; !strings.Contains(got, "customer,name,roles,customerName,days,autoExtend") {
		t.Errorf("the template is %q", got)
	}
	r.sendTo(bulkPath, "", "", "kind", "request").is(http.StatusBadRequest).says(".summary", "Choose a file first")
	r.sendTo(bulkPath, "x.csv", "customer,name\r\na,b\r\n", "kind", "request").is(http.StatusBadRequest).says(".summary", "no column “roles”")
	r.sendTo(bulkPath, "x.csv", wanted(c.ID)).is(http.StatusBadRequest).says(".summary", "what is to be done")

	sent := r.sendTo(bulkPath, "jura.csv", wanted(c.ID), "kind", "request")
	path := sent.header.Get("Location")
	plan := r.follow(sent)
	plan.says("main", "Nothing has been done yet", "Ready 1", "Refused 1", "Send 1 request")
	plan.says("#rows", "Coopérative de Pontarlier SARL", "Line 2", "Service Jura", "2 roles for 90 days", "customer: None of your customers", "days: Enter a duration", "roles: Global Emperor is not a role")
	r.follow(r.post(path, url.Values{"go": {"start"}})).says("#progress", "The rows are being done")
	w.work()
	done := r.get(path)
	done.says("main", "Done 1", "Refused 1", "Copy link", "Try 1 refused row again")
	r.get("/jobs").says("#jobs", "jura.csv", "Request new relationships", "1 done, 0 without change, 1 refused")
	r.get(bulkPath).says("main", "jura.csv")

	saved := r.get(path + "/results").body
	if !strings.Contains(saved, "/AdminPortal/Home#/partners/invitation/granularAdminRelationships/") || !strings.Contains(saved, "Global Emperor") {
		t.Errorf("saved %q", saved)
	}
	// What was refused can be corrected in that file and uploaded as it is.
	refused := r.get(path + "/results?outcome=undone").body
	if strings.Contains(refused, "Service Jura") {
		t.Errorf("refused %q", refused)
	}
	right := strings.NewReplacer("nobody.example", string(c.ID), "Global Emperor", "Global Reader", "900", "30").Replace(refused)
	r.follow(r.sendTo(bulkPath, "again.csv", right, "kind", "request")).says("main", "Send 1 request")
	again := r.follow(r.post(path, url.Values{"go": {"again"}}))
	again.says("main", "Nothing to do 0", "Refused 1", "nothing left to do")
	if to := r.post(again.path, url.Values{"go": {"end"}}).header.Get("Location"); to != bulkPath {
		t.Errorf("a discarded plan leads to %s", to)
	}

	ends := r.follow(r.sendTo(bulkPath, "ends.csv", "relationship\r\nService Jura\r\n", "kind", "terminate"))
	ends.says("main", "You are about to end access for 1 relationship", "Terminate 1 relationship")

	// What a stopped batch has not come to is not lost.
	r.post(ends.path, url.Values{"go": {"start"}})
	r.follow(r.post(ends.path, url.Values{"go": {"end"}})).says("main", "Try 1 row that was not done again", "Download rows that were not done")
	if left := r.get(ends.path + "/results?outcome=undone").body; !strings.Contains(left, "Service Jura") {
		t.Errorf("left undone: %q", left)
	}
	r.follow(r.post(ends.path, url.Values{"go": {"again"}})).says("main", "Terminate 1 relationship")

	w.reads("direct sales-agent").get(bulkPath).is(http.StatusForbidden)
	w.reads("reseller admin-agent").get(path).is(http.StatusNotFound)
	w.reads("direct global-admin").get(bulkPath).is(http.StatusOK).hides("main", "Terminate relationships") // b34, not b35
}

// batchScenes are the pages on which a partner changes many admin relationships.
func (w *world) batchScenes() []scene {
	const agent = "direct admin-agent"
	c := w.delegating()
	planned := func() gdapbulk.Batch {
		order, err := gdapbulk.Read(gdapbulk.Asking, "jura.csv", strings.NewReader(wanted(c.ID)))
		if err != nil {
			w.t.Fatal(err)
		}
		return do(w, gdapbulk.Plan[gdapbulk.Asking], w.actor(agent), order)
	}
	ended := planned()
	do(w, gdapbulk.Start[gdapbulk.Asking], w.actor(agent), ended.ID)
	w.work()
	return []scene{
		{"bulk", agent, bulkPath, nil},
		{"bulk-plan", agent, bulkPath + "/" + planned().ID, nil},
		{"bulk-done", agent, bulkPath + "/" + ended.ID, nil},
	}
}
