package portal_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"comptoir/internal/gdap"
	"comptoir/internal/portal/visit"
)

// F1 to F3, RF-29, P-11b: a partner asks for roles: a draft that can be changed and
// deleted, until it is finalized and the customer has the link.
func TestAPartnerAsksForAdminRoles(t *testing.T) {
	w, c := aCustomerOfDirect(t)
	do(w, gdap.SaveTemplate, w.actor("direct admin-agent"), gdap.TemplateDraft{
		Name: "Night watch", Duration: "P30D", AutoExtend: "P180D", Roles: gdap.Set{gdap.GlobalReader, gdap.HelpdeskAdministrator},
	})
	agent := w.reads("direct admin-agent")
	list := visit.DelegationsPath(c.ID)
	p := agent.get(list + "/new").is(http.StatusOK)
	p.says("main form", "Request", "Recommended by task", "Users and licenses", "Night watch", "Teams Administrator", "Global Administrator – far-reaching")
	p.hides("main form", "Directory Synchronization Accounts")
	form := p.form("#request")
	if form.Get("days") != "730" || form.Get("extend") != "" || form.Get("role") != "" {
		t.Errorf("F1: the form begins with %v", form)
	}
	if got := p.attr("input[name=extend]", "data-off-with"); got != string(gdap.GlobalAdministrator) {
		t.Errorf("RF-29: auto extend goes with %q", got)
	}

	// Sets to begin with, which keep what was typed.
	form.Set("name", "Exploitation 2027")
	form.Set("go", "task:users")
	p = agent.post(list+"/new", form).is(http.StatusOK)
	form = p.form("#request")
	if got := form["role"]; len(got) != 3 || form.Get("name") != "Exploitation 2027" {
		t.Errorf("the set of the task is %v of %q", got, form.Get("name"))
	}
	form.Set("go", "template")
	form.Set("template", do(w, gdap.ListTemplates, w.actor("direct admin-agent"), struct{}{})[0].ID)
	form = agent.post(list+"/new", form).is(http.StatusOK).form("#request")
	if len(form["role"]) != 2 || form.Get("days") != "30" || form.Get("extend") != "yes" {
		t.Errorf("the template gives %v", form)
	}

	for _, wrong := range []struct{ field, value, says string }{
		{"days", "0", "1 to 730"},
		{"days", "731", "1 to 730"},
		{"days", "1M5", "1 to 730"},
		{"name", "", "Enter a name"},
		{"name", strings.Repeat("x", 51), "Enter a name"},
		{"role", "", "Choose at least one role"},
		{"role", string(gdap.GlobalAdministrator), "Global Administrator"}, // with auto extend
	} {
		typed := url.Values{}
		for name, values := range form {
			typed[name] = values
		}
		typed.Set("go", "draft")
		typed.Set(wrong.field, wrong.value)
		agent.post(list+"/new", typed).is(http.StatusBadRequest).says("main .error", wrong.says)
	}
	form.Set("go", "draft")
	answer := agent.post(list+"/new", form)
	draft := answer.header.Get("Location")
	agent.follow(answer).says("main", "Exploitation 2027", "This is a draft", "30 days")
	again := url.Values{}
	for name, values := range form {
		again[name] = values
	}
	again.Set("request-id", "another")
	agent.post(list+"/new", again).is(http.StatusConflict).says("main", "already have an admin relationship called Exploitation 2027")

	// The draft changes, and one of it is deleted.
	form = agent.get(draft + "/edit").is(http.StatusOK).form("#request")
	form.Set("days", "60")
	form.Set("go", "draft")
	stale := url.Values{}
	for name, values := range form {
		stale[name] = values
	}
	agent.follow(agent.post(draft+"/edit", form)).says("main", "60 days")
	agent.post(draft+"/edit", stale).is(http.StatusPreconditionFailed).says("main", "changed")
	again.Set("name", "Two")
	two := agent.post(list+"/new", again).header.Get("Location")
	p = agent.get(two + "/delete").is(http.StatusOK)
	p.says("dialog", "Delete Two")
	agent.follow(agent.post(two+"/delete", p.form("dialog form"))).hides("#relationships tbody", "Two")

	// Finalized, it waits for the customer, who gets the link from the partner.
	p = agent.get(draft)
	p = agent.follow(agent.post(draft+"/finalize", p.form("#finalize")))
	link := p.value("link")
	if !strings.Contains(link, "/AdminPortal/Home#/partners/invitation/granularAdminRelationships/") || !strings.Contains(p.value("message"), link) {
		t.Errorf("F2: the message is about %q: %s", link, p.value("message"))
	}
	p.says("main", "Global Reader", "Keep the link")
	readsTheMessage(t, agent, draft, p.form("#message-form"))
	agent.get(draft).is(http.StatusOK).says("main", "The customer has until")
	agent.get(draft + "/edit").is(http.StatusSeeOther)
	agent.post(draft+"/finalize", url.Values{}).is(http.StatusConflict)
	agent.get(two + "/message").is(http.StatusNotFound)

	// Finalized at once.
	again.Set("name", "Three")
	again.Set("go", "finalize")
	again.Set("request-id", "third")
	agent.follow(agent.post(list+"/new", again)).says("main", "Three")
	for _, who := range []string{"direct global-admin", "direct sales-agent", "direct helpdesk-agent"} { // b33
		w.reads(who).get(list + "/new").is(http.StatusForbidden)
	}
}

// readsTheMessage changes the words of a request at will, but not its link (E2, F2,
// RF-22).
func readsTheMessage(t *testing.T, agent *reader, draft string, form url.Values) {
	t.Helper()
	message, link := form.Get("message"), form.Get("link")
	for name, text := range map[string]string{"no link": "Hello", "an altered link": strings.Replace(message, link, link+"0", 1), "nothing": ""} {
		for _, way := range []string{"", "download"} {
			p := agent.post(draft+"/message", with(form, "message", text, "go", way)).is(http.StatusBadRequest)
			p.says("#message-error", "link is missing from the message")
			if got := p.value("message"); strings.TrimSpace(got) != text {
				t.Errorf("RF-22, %s: what was typed has become %q", name, got)
			}
		}
	}
	if p := agent.post(draft+"/message", with(form, "message", "Hello", "go", "reset")).is(http.StatusOK); p.value("message") != message {
		t.Errorf("Reset gives %q", p.value("message"))
	}
	own := with(form, "message", "Bonjour Camille, "+link)
	file := agent.post(draft+"/message", with(own, "go", "download")).is(http.StatusOK)
	if !strings.Contains(file.header.Get("Content-Disposition"), "admin-relationship.eml") || !strings.Contains(file.body, "X-Unsent: 1") || !strings.Contains(file.body, form.Get("recipient-email")) {
		t.Errorf("the file is %v %s", file.header, file.body)
	}
	agent.follow(agent.post(draft+"/message", own)).says("#toasts", "Send the message to your customer yourself")
}
