package app_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"

	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

var (
	managing      = row{"partner.user.update", true}
	seesGroups    = row{"partner.group.view", false}
	fillsGroups   = row{"partner.group.update", true}
	programs      = row{"partner.application.update", true}
	signsForAll   = row{"partner.profile.update", true}
	ownProfile    = row{"own.organization.view", false}
	renames       = row{"own.organization.update", true}
	seesProfile   = row{"partner.profile.view", false}
	tellsSupport  = row{"partner.support.update", true}
	provesDomains = row{"partner.domain.update", true}
	letsIn        = row{"partner.application.grant", true}
	notHisForm    = []int{http.StatusBadRequest, http.StatusConflict}
	ownPeople     = row{"own.user.update", true}
	ofOwnPeople   = page{kind: policy.Customer, rows: []row{ownPeople}}
	ofOwnUser     = page{kind: policy.Customer, rows: []row{ownPeople}, targets: ownUsers}
	ofDeleted     = page{kind: policy.Customer, rows: []row{ownPeople}, targets: deletedUsers}
	ofPartner     = page{kind: policy.Partner}
	ofManagers    = page{kind: policy.Partner, rows: []row{managing}}
	ofUser        = page{kind: policy.Partner, rows: []row{managing}, targets: users}
	ofGroup       = page{kind: policy.Partner, rows: []row{seesGroups}, targets: groups}
	ofGroupForm   = page{kind: policy.Partner, rows: []row{seesGroups}, then: []row{fillsGroups}, targets: groups, ok: notHisForm}
	ofPrograms    = page{kind: policy.Partner, rows: []row{programs}}
	ofProgram     = page{kind: policy.Partner, rows: []row{programs}, targets: apps}
	ofSubProgram  = page{kind: policy.Partner, rows: []row{programs}, targets: apps, ok: notHisForm}
)

// with is p with a form.
func (p page) with(form func(*house, *actor, target) url.Values) page {
	p.form = form
	return p
}

func init() {
	maps.Copy(pages, map[string][]page{
		"GET /admin/settings/org-profile":  {{kind: policy.Customer, rows: []row{ownProfile}}},
		"POST /admin/settings/org-profile": {{kind: policy.Customer, rows: []row{ownProfile, renames}, form: organizationForm}},
		"GET /admin/billing":               {{kind: policy.Customer, rows: []row{ownProfile}}},

		"GET /admin/users":                  {ofOwnPeople, ofOwnPeople.asking("role", "customer-admin"), ofOwnPeople.asking("q", "bo")},
		"GET /admin/users/deleted":          {ofOwnPeople},
		"GET /admin/users/new":              {ofOwnPeople},
		"POST /admin/users/new":             {ofOwnPeople.with(newOwnUser)},
		"POST /admin/users/done":            {{kind: policy.Customer, form: ticked}},
		"GET /admin/users/{user}":           {ofOwnUser},
		"POST /admin/users/{user}":          {ofOwnUser.with(typedName)},
		"POST /admin/users/{user}/roles":    {ofOwnUser.with(typedOwnRoles)},
		"GET /admin/users/{user}/password":  {ofOwnUser},
		"POST /admin/users/{user}/password": {ofOwnUser},
		"GET /admin/users/{user}/remove":    {ofOwnUser},
		"POST /admin/users/{user}/remove":   {ofOwnUser},
		"GET /admin/users/{user}/signout":   {ofOwnUser},
		"POST /admin/users/{user}/signout":  {ofOwnUser},
		"GET /admin/users/{user}/factors":   {ofOwnUser},
		"POST /admin/users/{user}/factors":  {ofOwnUser},
		"GET /admin/users/{user}/restore":   {ofDeleted},
		"POST /admin/users/{user}/restore":  {ofDeleted},

		"GET /settings/users":                  {ofManagers, ofManagers.asking("role", "admin-agent")},
		"GET /settings/users/new":              {ofManagers},
		"POST /settings/users/new":             {ofManagers.with(newPartnerUser)},
		"POST /settings/users/done":            {{kind: policy.Partner, form: ticked}},
		"GET /settings/users/{user}":           {ofUser},
		"POST /settings/users/{user}":          {ofUser.with(typedName)},
		"POST /settings/users/{user}/roles":    {ofUser.with(typedRoles)},
		"GET /settings/users/{user}/password":  {ofUser},
		"POST /settings/users/{user}/password": {ofUser},
		"GET /settings/users/{user}/remove":    {ofUser},
		"POST /settings/users/{user}/remove":   {ofUser},
		"GET /settings/users/{user}/signout":   {ofUser},
		"POST /settings/users/{user}/signout":  {ofUser},
		"GET /settings/users/{user}/factors":   {ofUser},
		"POST /settings/users/{user}/factors":  {ofUser},

		"GET /settings/groups":                         {{kind: policy.Partner, rows: []row{seesGroups}}},
		"POST /settings/groups":                        {{kind: policy.Partner, rows: []row{fillsGroups}, form: newName}},
		"GET /settings/groups/{group}":                 {ofGroup},
		"POST /settings/groups/{group}":                {ofGroupForm.with(newName)},
		"POST /settings/groups/{group}/members":        {ofMembers.with(strangerAsMember)},
		"POST /settings/groups/{group}/members/remove": {ofMembers.with(strangerAsMember)},
		"GET /settings/groups/{group}/remove":          {ofGroup},
		"POST /settings/groups/{group}/remove":         {ofGroupForm},

		"GET /settings/legal":          {{kind: policy.Partner, rows: []row{seesProfile}}},
		"POST /settings/legal":         {{kind: policy.Partner, rows: []row{seesProfile, signsForAll}, form: nothingTyped, ok: notHisForm}},
		"POST /settings/legal/support": {{kind: policy.Partner, rows: []row{seesProfile, tellsSupport}, form: supportForm}},

		"GET /settings/agreements":      {ofPartner},
		"POST /settings/agreements":     {{kind: policy.Partner, rows: []row{signsForAll}, form: accepted}},
		"GET /settings/identifiers":     {ofPartner},
		"POST /settings/domains":        {{kind: policy.Partner, rows: []row{provesDomains}, form: newDomain}},
		"POST /settings/domains/verify": {{kind: policy.Partner, rows: []row{provesDomains}, targets: claimed, form: domainForm}},
		"POST /settings/domains/remove": {{kind: policy.Partner, rows: []row{provesDomains}, targets: claimed, form: domainForm}},
		"GET /settings/security":        {ofManagers},

		"GET /settings/applications":                           {ofPrograms},
		"GET /settings/applications/new":                       {ofPrograms},
		"POST /settings/applications/new":                      {ofPrograms.with(newName)},
		"POST /settings/applications/done":                     {{kind: policy.Partner, form: ticked}},
		"POST /settings/consents":                              {{kind: policy.Partner, rows: []row{letsIn}, form: strangersApp, ok: notHisForm}},
		"GET /settings/consents/{app}":                         {{kind: policy.Partner, rows: []row{letsIn}, targets: consents}},
		"POST /settings/consents/{app}":                        {{kind: policy.Partner, rows: []row{letsIn}, targets: consents}},
		"GET /settings/applications/{app}":                     {ofProgram},
		"POST /settings/applications/{app}":                    {ofProgram.with(newName)},
		"POST /settings/applications/{app}/secrets":            {ofProgram.with(aMonth)},
		"POST /settings/applications/{app}/certificates":       {ofSubProgram.with(newName)},
		"POST /settings/applications/{app}/credentials/remove": {{kind: policy.Partner, rows: []row{programs}, targets: apps, form: newName, ok: []int{http.StatusNotFound}}},
		"GET /settings/applications/{app}/remove":              {ofProgram},
		"POST /settings/applications/{app}/remove":             {ofProgram},
	})
}

// ofMembers refuses a member that the organisation does not have.
var ofMembers = page{kind: policy.Partner, rows: []row{seesGroups}, then: []row{fillsGroups}, targets: groups, ok: []int{http.StatusNotFound}}

// asking is p with a member of the address.
func (p page) asking(name, value string) page {
	p.query = func(*house, *actor, target) url.Values { return url.Values{name: {value}} }
	return p
}

// made makes something for a target of its own, or stops the test.
func made[I, O any](h *house, o *op.Operation[I, O], a op.Actor, in I) O {
	out, err := do(h, o, a, in)
	if err != nil {
		panic(err)
	}
	return out
}

// other is a partner that is not the actor's own.
func (h *house) other(a *actor) *org {
	if a.org == h.org("provider") {
		return h.org("direct")
	}
	return h.org("provider")
}

// users are somebody who may be changed and removed, and somebody of another
// partner.
func users(h *house, a *actor) []target {
	all := []target{{"nobody", "01900000-0000-7000-8000-000000000000", false}, {"a stranger", string(h.other(a).actors[0].user), false}}
	if a.org.kind == policy.Partner {
		h.made++
		spare := made(h, identity.AddUser, a.org.system(), identity.NewUser{Name: fmt.Sprintf("spare%d", h.made), DisplayName: payload, Roles: policy.SalesAgent})
		all = append(all, target{"a colleague", string(spare.User.ID), true})
	}
	return all
}

// ownUsers are somebody of the reader's own organisation, a customer, and
// somebody of another.
func ownUsers(h *house, a *actor) []target {
	var all []target
	for _, o := range h.orgs {
		if o.kind == policy.Customer && o != a.org {
			all = append(all, target{"somebody of " + o.key, string(o.actors[0].user), false})
		}
	}
	if a.org.kind == policy.Customer {
		all = append(all, target{"a colleague", string(h.colleague(a)), true})
	}
	return append(all, target{"nobody", "01900000-0000-7000-8000-000000000000", false})
}

// colleague adds somebody to the organisation of a customer.
func (h *house) colleague(a *actor) id.User {
	h.made++
	return made(h, identity.AddUser, a.org.system(), identity.NewUser{Name: fmt.Sprintf("spare%d", h.made), DisplayName: payload, Roles: policy.CustomerUser}).User.ID
}

// deletedUsers are ownUsers who can be restored.
func deletedUsers(h *house, a *actor) []target {
	all := ownUsers(h, a)
	for _, t := range all {
		if t.own {
			made(h, identity.DeleteOwnUser, a.org.system(), identity.UserKey{User: id.User(t.id)})
		}
	}
	return all
}

func groups(h *house, a *actor) []target {
	theirs := made(h, identity.ListGroups, h.other(a).system(), struct{}{})
	all := []target{{"a stranger's group", string(theirs[0].ID), false}}
	if a.org.kind == policy.Partner {
		h.made++
		own := made(h, identity.AddGroup, a.org.system(), identity.NewGroup{Name: fmt.Sprintf("Grupp %d %s", h.made, payload)})
		all = append(all, target{"his group", string(own.ID), true})
	}
	return all
}

func apps(h *house, a *actor) []target {
	all := []target{{"a stranger's application", string(h.other(a).app.ID), false}}
	if a.org.kind == policy.Partner {
		own := made(h, identity.AddApplication, a.org.system(), identity.NewApp{Name: "Nattjobb " + payload})
		all = append(all, target{"his application", string(own.App.ID), true})
	}
	return all
}

// consents are an application that the reader's organisation let in, and others
// that it did not.
func consents(h *house, a *actor) []target {
	all := []target{{"a stranger's application", string(h.other(a).app.ID), false}}
	if a.org.kind == policy.Partner {
		made(h, identity.GrantApplication, a.org.system(), identity.ConsentForAll{App: h.panel})
		all = append(all, target{"one that was let in", string(h.panel), true})
	}
	return all
}

// newDomain is a domain that nobody has asked for.
func newDomain(h *house, _ *actor, _ target) url.Values {
	h.made++
	return url.Values{"domain": {fmt.Sprintf("doman%d.example", h.made)}}
}

func domainForm(_ *house, _ *actor, t target) url.Values { return url.Values{"domain": {t.id}} }

// claimed is a domain that the reader's organisation claims, and one that it does not.
func claimed(h *house, a *actor) []target {
	all := []target{{"a domain that nobody claims", "nobody.example", false}}
	if a.org.kind == policy.Partner {
		h.made++
		c := made(h, identity.ClaimDomain, a.org.system(), identity.DomainName{Name: fmt.Sprintf("krav%d.example", h.made)})
		all = append(all, target{"a domain that it claims", c.Name, true})
	}
	return all
}

func newPartnerUser(h *house, _ *actor, _ target) url.Values {
	h.made++
	return url.Values{"local": {fmt.Sprintf("kollega%d", h.made)}, "display": {"Kollega " + payload}, "roles": {"sales-agent", "helpdesk-agent"}}
}

func typedName(*house, *actor, target) url.Values {
	return url.Values{"display": {"Ny " + payload}, "blocked": {"yes"}}
}

func typedRoles(*house, *actor, target) url.Values { return url.Values{"roles": {"helpdesk-agent"}} }

func newOwnUser(h *house, a *actor, about target) url.Values {
	form := newPartnerUser(h, a, about)
	form["roles"] = []string{"customer-user"}
	return form
}

func typedOwnRoles(*house, *actor, target) url.Values {
	return url.Values{"roles": {"customer-billing-admin"}}
}

func newName(h *house, _ *actor, _ target) url.Values {
	h.made++
	return url.Values{"name": {fmt.Sprintf("Namn %d %s", h.made, payload)}}
}

func organizationForm(*house, *actor, target) url.Values {
	return url.Values{"name": {"Nya namnet " + payload}, "line1": {"Egen gata 1"}, "city": {"Lund"}, "postal-code": {"222 21"}, "email": {"drift@kund.example"}}
}

func supportForm(*house, *actor, target) url.Values {
	return url.Values{"support-email": {"stod@molnbyran.example"}, "support-phone": {"0709998877"}, "support-website": {"https://molnbyran.example"}}
}

func accepted(*house, *actor, target) url.Values { return url.Values{"accept": {"yes"}} }

func aMonth(*house, *actor, target) url.Values { return url.Values{"days": {"30"}} }

func strangerAsMember(h *house, a *actor, _ target) url.Values {
	return url.Values{"member": {"user:" + string(h.other(a).actors[0].user)}}
}

// strangersApp names an application that is not for others.
func strangersApp(h *house, a *actor, _ target) url.Values {
	return url.Values{"app": {string(h.other(a).app.ID)}}
}
