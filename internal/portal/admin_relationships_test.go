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

// F8, S2.20, P-11c: groups get roles in two steps; moments later the assignment is
// active. While an earlier change is being made, the page says so.
func TestGroupsGetRolesOfARelationship(t *testing.T) {
	w, c := aCustomerOfDirect(t)
	r := w.held(c, "Service desk")
	support := w.team("Support de nuit", "direct helpdesk-agent")
	agent := w.reads("direct admin-agent")
	path := visit.DelegationPath(c.ID, r.ID)
	p := agent.get(path).is(http.StatusOK)
	p.says("main", "Nobody can use these roles yet", "Fromagerie du Vercors SARL", "90 days", "admin@vercors", "Directory Readers", "Sees people, groups and basic settings")
	p.says("#timeline", "Created", "Sent for approval", "Approved and active", "Ends")

	p = agent.get(path + "/groups").is(http.StatusOK)
	p.says("main form", "Support de nuit", "Admin agents")
	agent.post(path+"/groups", url.Values{}).is(http.StatusBadRequest).says("main", "Choose at least one security group")
	p = agent.post(path+"/groups", url.Values{"group": {string(support), "nothing"}}).is(http.StatusOK)
	p.says("main form", "Directory Readers", "License Administrator")
	p.hides("main form", "Global Administrator")
	form := p.form("main form")
	agent.post(path+"/groups", form).is(http.StatusBadRequest).says("main", "Choose at least one role")
	form.Add("role", string(gdap.DirectoryReaders))
	form.Set("go", "back")
	back := agent.post(path+"/groups", form).is(http.StatusOK)
	if back.value("group") != string(support) {
		t.Error("on the way back the choice is lost")
	}
	form.Set("go", "next")
	p = agent.follow(agent.post(path+"/groups", form))
	p.says("#groups", "Support de nuit", "Directory Readers", "Pending")
	agent.post(path+"/groups", form).is(http.StatusSeeOther) // the same form again is the same change
	if agent.get(path).attr("#groups", "hx-trigger") == "" {
		t.Error("F8: the page does not look again")
	}
	w.work()
	p = agent.get(path)
	p.says("#groups", "Active")
	p.hides("#groups", "Pending")
	p.hides("main", "Nobody can use these roles yet")

	// Other roles, and what has to wait.
	change := p.attr("#groups tbody .buttons a", "href")
	p = agent.get(change).is(http.StatusOK)
	form = p.form("#roles-form")
	if form.Get("role") != string(gdap.DirectoryReaders) {
		t.Errorf("the form starts with %q", form["role"])
	}
	form["role"] = []string{string(gdap.LicenseAdministrator)}
	agent.follow(agent.post(change, form)).says("#groups", "Being changed")
	again := agent.get(change).form("#roles-form")
	again["role"] = []string{string(gdap.DirectoryReaders), string(gdap.LicenseAdministrator)}
	agent.post(change, again).is(http.StatusConflict).says("main", "An earlier change is still being made")
	again["role"] = nil
	agent.post(change, again).is(http.StatusBadRequest).says("main", "Choose at least one role")
	w.work()
	agent.get(path).says("#groups", "License Administrator", "Active")
	agent.post(change, form).is(http.StatusSeeOther) // answered as the first time

	p = agent.get(change + "/remove").is(http.StatusOK)
	p.says("dialog", "Remove Support de nuit", "lose the roles")
	form = p.form("dialog form")
	stale := url.Values{"version": {"1"}}
	agent.post(change+"/remove", stale).is(http.StatusPreconditionFailed).says("dialog", "changed")
	agent.follow(agent.post(change+"/remove", form)).says("main", "Nobody can use these roles yet")
	agent.get(change).is(http.StatusNotFound)

	// A user admin gives roles, too, but ends nothing (b34, b35); a sales agent looks.
	w.reads("direct user-admin").get(path + "/groups").is(http.StatusOK)
	w.reads("direct sales-agent").get(path + "/groups").is(http.StatusForbidden)
	w.reads("direct sales-agent").get(path).is(http.StatusOK)
	switched := agent.get(path + "/extend").is(http.StatusOK).form("dialog form")
	done := agent.post(visit.DelegationsPath(c.ID)+"/extend", switched)
	if done.header.Get("Location") != path {
		t.Errorf("F7: after the switch the reader is at %q", done.header.Get("Location"))
	}
}

// F4: a reseller agrees with what its provider proposes, or refuses.
func TestAResellerAnswersItsProvidersProposal(t *testing.T) {
	w := newWorld(t)
	in := newCustomer("Fjällbageriet i Lund AB", "fjallbageriet")
	in.Billing.Address.Country, in.Billing.Address.PostalCode, in.Billing.Address.City, in.Billing.Address.PhoneNumber = "SE", "222 21", "Lund", "046-12 34 56"
	in.Billing.Culture, in.Reseller = "sv-SE", string(w.reseller.Tenant)
	c := w.add("provider admin-agent", in)
	propose := func(name string) gdap.Relationship {
		r := do(w, gdap.Create, w.actor("provider admin-agent"), gdap.New{
			Name: name, Duration: "P90D", Customer: c.ID, Reseller: w.reseller.Tenant, Roles: []gdap.RoleID{gdap.DirectoryReaders},
		})
		do(w, gdap.LockForApproval, w.actor("provider admin-agent"), gdap.Ref{Relationship: r.ID})
		return r
	}
	yes, no := propose("Drift"), propose("Tillsyn")
	w.reads("provider admin-agent").get(visit.DelegationPath(c.ID, yes.ID)).is(http.StatusOK).says("main", "Your reseller has to agree first")
	agent := w.reads("reseller admin-agent")
	p := agent.get(visit.DelegationPath(c.ID, yes.ID)).is(http.StatusOK)
	p.says("main", "Your provider proposes this on your behalf")
	form := p.form("#consent-form")
	agent.post(visit.DelegationPath(c.ID, yes.ID)+"/consent", form).is(http.StatusBadRequest)
	form.Set("answer", "agree")
	agent.follow(agent.post(visit.DelegationPath(c.ID, yes.ID)+"/consent", form)).says("main", "The customer has until")
	agent.post(visit.DelegationPath(c.ID, yes.ID)+"/consent", form).is(http.StatusPreconditionFailed)
	form = agent.get(visit.DelegationPath(c.ID, no.ID)).form("#consent-form")
	form.Set("answer", "refuse")
	agent.follow(agent.post(visit.DelegationPath(c.ID, no.ID)+"/consent", form)).says("main", "Ended")
}
