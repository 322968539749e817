package portal_test

import (
	"net/http"
	"net/url"
	"testing"

	"comptoir/internal/gdap"
	"comptoir/internal/portal/visit"
)

// F7, P-11d: what ends within 60 days is extended for several customers at once.
func TestWhatEndsSoonIsExtendedAtOnce(t *testing.T) {
	w, c := aCustomerOfDirect(t)
	agent := w.reads("direct admin-agent")
	agent.get(visit.ExpiringPath).is(http.StatusOK).says("main", "Nothing ends soon")
	for _, path := range []string{visit.CustomersPath, visit.InvitationsPath, visit.ExpiringPath} { // P-2
		agent.get(path).is(http.StatusOK).says(`a[href="`+visit.ExpiringPath+`"]`, "Expiring granular relationships")
	}
	w.reads("direct billing-admin").get(visit.CustomersPath).is(http.StatusOK).hides("main", "Expiring granular relationships")
	r := do(w, gdap.Create, w.actor("direct admin-agent"), gdap.New{
		Name: "Service desk", Duration: "P30D", Customer: c.ID, Roles: []gdap.RoleID{gdap.DirectoryReaders},
	})
	do(w, gdap.LockForApproval, w.actor("direct admin-agent"), gdap.Ref{Relationship: r.ID})
	do(w, gdap.OwnApprove, w.actor("customer"), gdap.Decision{Relationship: r.ID})
	w.held(c, "Later") // ends in 90 days
	p := agent.get(visit.ExpiringPath).is(http.StatusOK)
	p.says("#expiring", "Fromagerie du Vercors SARL", "Service desk", "in 30 days", "Off", "1–1 of 1")
	p.hides("#expiring tbody", "Later", "Default_")
	form := agent.post(visit.ExpiringPath+"/extend/ask", url.Values{"id": {r.ID}}).is(http.StatusOK).form("dialog form")
	agent.follow(agent.post(visit.ExpiringPath+"/extend", form)).says("#expiring tbody", "On")
	agent.get(visit.ExpiringPath+"?after=nonsense").is(http.StatusOK).says("#expiring tbody", "Service desk")
	w.reads("direct sales-agent").post(visit.ExpiringPath+"/extend/ask", url.Values{"id": {r.ID}}).is(http.StatusForbidden)
	w.reads("direct billing-admin").get(visit.ExpiringPath).is(http.StatusForbidden)
}

// F15, P-11e: how a partner stands with delegated administration.
func TestAPartnerSeesHowItStands(t *testing.T) {
	w, c := aCustomerOfDirect(t)
	w.asked(c, "Exploitation 2027") // waits, with Global Administrator
	far := w.asked(c, "Trop")
	do(w, gdap.OwnApprove, w.actor("customer"), gdap.Decision{Relationship: far.ID})
	p := w.reads("direct sales-agent").get(visit.InsightsPath).is(http.StatusOK)
	p.says(".stats", "Customers 1", "With an admin relationship 100%", "Admin relationships 3", "2 active", "End within 60 days 0", "Waiting for approval 1", "With Global Administrator 1")
	p.says("#waiting", "Exploitation 2027", "Feb 18, 2027")
	p.says("#top-roles", "Service Support Administrator", "2")
	if len(p.find("#ending-chart svg")) == 0 || len(p.find("#expired-chart svg")) == 0 {
		t.Error("F15: there are no pictures")
	}
	w.reads("direct billing-admin").get(visit.InsightsPath).is(http.StatusForbidden)
}

// F1, RF-29: a role template is named, changed and deleted in the portal.
func TestAPartnerKeepsRoleTemplates(t *testing.T) {
	w, _ := aCustomerOfDirect(t)
	agent := w.reads("direct admin-agent")
	p := agent.get(visit.RoleTemplatesPath).is(http.StatusOK)
	p.says("main", "No role template yet", "Add role template")
	form := agent.get(visit.RoleTemplatesPath + "/new").is(http.StatusOK).form("#template")
	form.Set("name", "Night watch")
	form.Set("go", "task:help")
	form = agent.post(visit.RoleTemplatesPath+"/new", form).is(http.StatusOK).form("#template")
	form.Set("go", "save")
	form.Set("days", "731")
	agent.post(visit.RoleTemplatesPath+"/new", form).is(http.StatusBadRequest).says("main", "1 to 730")
	form.Set("days", "90")
	p = agent.follow(agent.post(visit.RoleTemplatesPath+"/new", form))
	p.says("#templates", "Night watch", "Helpdesk Administrator", "90 days", "Off")
	one := p.attr("#templates tbody a", "href")
	form.Set("request-id", "another")
	agent.post(visit.RoleTemplatesPath+"/new", form).is(http.StatusConflict).says("main", "already have a role template called Night watch")
	form = agent.get(one).is(http.StatusOK).form("#template")
	form.Set("go", "save")
	form.Set("name", "Day watch")
	agent.follow(agent.post(one, form)).says("#templates", "Day watch")
	form.Set("request-id", "third")
	agent.post(one, form).is(http.StatusPreconditionFailed)
	p = agent.get(one + "/delete").is(http.StatusOK)
	p.says("dialog", "Delete Day watch")
	agent.post(one+"/delete", url.Values{"version": {"1"}}).is(http.StatusPreconditionFailed).says("dialog", "changed")
	agent.follow(agent.post(one+"/delete", p.form("dialog form"))).says("main", "No role template yet")
	w.reads("direct helpdesk-agent").get(visit.RoleTemplatesPath).is(http.StatusOK)
	w.reads("direct helpdesk-agent").get(visit.RoleTemplatesPath + "/new").is(http.StatusForbidden)
}
