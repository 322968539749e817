package portal_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"comptoir/internal/customer"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/portal/visit"
)

// held is an active relationship with c that has the two least roles.
func (w *world) held(c customer.Customer, name string) gdap.Relationship {
	w.t.Helper()
	r := do(w, gdap.Create, w.actor("direct admin-agent"), gdap.New{
		Name: name, Duration: "P90D", Customer: c.ID, CustomerName: "Vercors", Roles: []gdap.RoleID{gdap.DirectoryReaders, gdap.LicenseAdministrator},
	})
	do(w, gdap.LockForApproval, w.actor("direct admin-agent"), gdap.Ref{Relationship: r.ID})
	return do(w, gdap.OwnApprove, w.actor("customer"), gdap.Decision{Relationship: r.ID})
}

// team adds a security group of direct with somebody in it.
func (w *world) team(name, member string) id.Group {
	w.t.Helper()
	g := do(w, identity.AddGroup, w.actor("direct global-admin"), identity.NewGroup{Name: name})
	do(w, identity.AddMember, w.actor("direct global-admin"), identity.Membership{Group: g.ID, User: w.people[member].ID})
	return g.ID
}

// P-11a, F8: the list says what is held, until when and by how many groups, and
// warns of what nobody can use.
func TestThePartnerSeesItsAdminRelationships(t *testing.T) {
	w, c := aCustomerOfDirect(t)
	used := w.held(c, "Service desk")
	do(w, gdap.Assign, w.actor("direct admin-agent"), gdap.Assignment{Relationship: used.ID, Group: w.team("Support", "direct helpdesk-agent"), Roles: gdap.Set{gdap.DirectoryReaders}})
	w.asked(c, "Exploitation 2027")
	agent := w.reads("direct admin-agent")
	path := visit.DelegationsPath(c.ID)

	// From the account, whose details a delegated role would show in full (rule C31).
	account := agent.get(visit.AccountPath(c.ID)).is(http.StatusOK)
	account.says("#nav", "Admin relationships")
	if got := account.attr("#company-details .message a", "href"); got != path {
		t.Errorf("C31: the hint leads to %q", got)
	}
	p := agent.get(path).is(http.StatusOK)
	p.says("nav.crumbs", "Fromagerie du Vercors SARL")
	p.says("#relationships-"+used.ID, "Service desk", "Active", "2", "1", "Off", "Nov 20, 2026", "Feb 18, 2027", "Request")
	p.says("#relationships tbody", "Exploitation 2027", "Waiting for approval", "1 far-reaching", "Default_", "No group", "With the customer")
	p.says("main .message", "Nobody can use these roles yet", "Default_")
	p.hides("main .message", "Service desk")

	p = agent.get(path + "?status=approvalPending").is(http.StatusOK)
	p.says("#relationships tbody", "Exploitation 2027")
	p.hides("#relationships tbody", "Service desk")
	agent.get(path+"?status=nonsense").is(http.StatusOK).says("#relationships tbody", "Service desk", "Exploitation 2027")
	agent.get(path+"?after=nonsense").is(http.StatusOK).says("#relationships tbody", "Service desk")

	file := agent.get(path + "/export?status=active").is(http.StatusOK)
	for _, want := range []string{"Name,Relationship ID,Status,Roles", "Service desk," + used.ID + ",Active,Directory Readers; License Administrator,1,Off,2026-11-20,2027-02-18,Request"} {
		if !strings.Contains(file.body, want) {
			t.Errorf("the spreadsheet does not say %q:\n%s", want, file.body)
		}
	}
	if strings.Contains(file.body, "Exploitation") {
		t.Error("the spreadsheet forgets the filter")
	}
	if got := w.readsIn("direct admin-agent", "sv").get(path + "/export?raw=1").body; !strings.Contains(got, "Relationship ID") {
		t.Errorf("the titles for programs are %s", got[:60])
	}

	// Who has no right is told so; the customer of somebody else is not found.
	w.reads("direct billing-admin").get(path).is(http.StatusForbidden)
	w.reads("reseller admin-agent").get(path).is(http.StatusNotFound)
	hidden := w.reads("direct billing-admin").get(visit.AccountPath(c.ID))
	hidden.hides("#nav", "Admin relationships")
	// A helpdesk agent may look and change nothing (b33, b35, b36).
	reads := w.reads("direct helpdesk-agent").get(path).is(http.StatusOK)
	if n := len(reads.find(".commands [aria-disabled=true]")); n < 2 {
		t.Errorf("a helpdesk agent has %d commands out of reach", n)
	}
}

// RF-29, F7, F10, P-11a: auto extend is switched for a selection, one by one, and a
// relationship ends after a question.
func TestAutoExtendIsSwitchedAndARelationshipEnds(t *testing.T) {
	w, c := aCustomerOfDirect(t)
	plain, far := w.held(c, "Service desk"), w.asked(c, "Exploitation")
	do(w, gdap.OwnApprove, w.actor("customer"), gdap.Decision{Relationship: far.ID})
	agent := w.reads("direct admin-agent")
	path := visit.DelegationsPath(c.ID)
	chosen := url.Values{"id": {plain.ID, far.ID, plain.ID, "nothing"}}
	p := agent.post(path+"/extend/ask", chosen).is(http.StatusOK)
	p.says("dialog", "2 admin relationships are selected")
	form := p.form("dialog form")
	if form.Get("extend") != "on" {
		t.Errorf("F7: the dialog is set to %q", form.Get("extend"))
	}
	p = agent.post(path+"/extend", form).is(http.StatusConflict)
	p.says("dialog", "1 admin relationship is changed", "Exploitation", "Not changed", "Global Administrator")
	if !do(w, gdap.Get, w.actor("direct admin-agent"), plain.ID).Permanent() {
		t.Error("F7: auto extend is off")
	}
	one := agent.post(path+"/extend/ask", url.Values{"id": {plain.ID}}).form("dialog form")
	if one.Get("extend") != "off" {
		t.Errorf("F7: what is on is offered %q", one.Get("extend"))
	}
	agent.follow(agent.post(path+"/extend", one)).says("#toasts", "1 admin relationship is changed")
	agent.post(path+"/extend", url.Values{"extend": {"on"}}).is(http.StatusBadRequest)
	agent.post(path+"/extend/ask", url.Values{"id": make([]string, 30)}).is(http.StatusOK)
	w.reads("direct sales-agent").post(path+"/extend/ask", chosen).is(http.StatusForbidden)

	p = agent.get(path + "/terminate?id=" + plain.ID).is(http.StatusOK)
	p.says("dialog", "Terminate Service desk", "Access with these roles ends at once")
	form = p.form("dialog form")
	agent.post(visit.DelegationPath(c.ID, plain.ID)+"/terminate", form).is(http.StatusSeeOther)
	if got := do(w, gdap.Get, w.actor("direct admin-agent"), plain.ID).Status; got != gdap.Terminated {
		t.Errorf("F10: it is %s", got)
	}
	agent.post(visit.DelegationPath(c.ID, plain.ID)+"/terminate", form).is(http.StatusPreconditionFailed).says("dialog", "changed")
	form.Del("version")
	agent.post(visit.DelegationPath(c.ID, plain.ID)+"/terminate", form).is(http.StatusConflict).says("dialog", "ended")
	waiting := w.asked(c, "Encore")
	agent.get(visit.DelegationPath(c.ID, waiting.ID)+"/terminate").is(http.StatusOK).says("dialog", "Withdraw Encore")
	w.reads("direct sales-agent").get(visit.DelegationPath(c.ID, waiting.ID) + "/terminate").is(http.StatusForbidden)

	// The relationship of one customer is none of another's pages.
	other := w.add("direct admin-agent", newCustomer("Moulin de la Drôme SARL", "moulin"))
	agent.get(visit.DelegationPath(other.ID, waiting.ID) + "/terminate").is(http.StatusNotFound)
}
