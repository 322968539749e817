package app_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/policy"
)

func init() { maps.Copy(pages, delegationPages) }

var (
	viewingRoles = row{"gdap.view", false}
	askingRoles  = row{"gdap.request", true}
	endingRoles  = row{"gdap.end", true}
	givingRoles  = row{"gdap.assign", true}
)

const (
	relationshipPages = "/customers/{id}/admin-relationships"
	onePages          = relationshipPages + "/{relationship}"
)

// delegationPages are those with which partners look after their delegated roles.
var delegationPages = map[string][]page{
	"GET " + relationshipPages:                         {{rows: []row{viewingRoles}}},
	"GET " + relationshipPages + "/export":             {{rows: []row{viewingRoles}}},
	"GET " + relationshipPages + "/terminate":          {{rows: []row{viewingRoles}, query: drafted, then: []row{endingRoles}}},
	"POST " + relationshipPages + "/extend/ask":        {{rows: []row{viewingRoles}, form: drafted, then: []row{endingRoles}}},
	"POST " + relationshipPages + "/extend":            {{rows: []row{viewingRoles}, form: extended, then: []row{endingRoles}}},
	"GET " + onePages:                                  {{rows: []row{viewingRoles}, targets: boundDrafts}},
	"POST " + onePages + "/consent":                    {{rows: []row{viewingRoles}, targets: boundDrafts, form: agreed, then: []row{askingRoles}, ok: []int{http.StatusConflict}}},
	"GET /customers/{id}/access":                       {{rows: []row{viewingRoles}}},
	"GET /insights/gdap":                               {{rows: []row{viewingRoles}}},
	"GET /customers/expiring-gdap":                     {{rows: []row{viewingRoles}}},
	"POST /customers/expiring-gdap/extend/ask":         {{rows: []row{endingRoles}}},
	"POST /customers/expiring-gdap/extend":             {{rows: []row{endingRoles}, form: nothingTyped, ok: []int{http.StatusBadRequest}}},
	"GET /insights/role-templates":                     {{rows: []row{viewingRoles}}},
	"GET /insights/role-templates/new":                 {{rows: []row{askingRoles}}},
	"POST /insights/role-templates/new":                {{rows: []row{askingRoles}, form: nothingTyped, ok: []int{http.StatusBadRequest}}},
	"GET /insights/role-templates/{id}":                {{rows: []row{viewingRoles}, targets: roleTemplates}},
	"POST /insights/role-templates/{id}":               {{rows: []row{viewingRoles}, targets: roleTemplates, form: nothingTyped, then: []row{askingRoles}, ok: []int{http.StatusBadRequest}}},
	"GET /insights/role-templates/{id}/delete":         {{rows: []row{viewingRoles}, targets: roleTemplates, then: []row{askingRoles}}},
	"POST /insights/role-templates/{id}/delete":        {{rows: []row{viewingRoles}, targets: roleTemplates, then: []row{askingRoles}}},
	"GET " + relationshipPages + "/new":                {{rows: []row{viewingRoles}, then: []row{askingRoles}}},
	"POST " + relationshipPages + "/new":               {{rows: []row{viewingRoles}, then: []row{askingRoles}, form: nothingTyped, ok: []int{http.StatusBadRequest}}},
	"GET " + onePages + "/edit":                        {{rows: []row{viewingRoles}, targets: boundDrafts, then: []row{askingRoles}}},
	"POST " + onePages + "/edit":                       {{rows: []row{viewingRoles}, targets: boundDrafts, then: []row{askingRoles}, form: nothingTyped, ok: []int{http.StatusBadRequest}}},
	"POST " + onePages + "/finalize":                   {{rows: []row{viewingRoles}, targets: boundDrafts, then: []row{askingRoles}}},
	"GET " + onePages + "/delete":                      {{rows: []row{viewingRoles}, targets: boundDrafts, then: []row{askingRoles}}},
	"POST " + onePages + "/delete":                     {{rows: []row{viewingRoles}, targets: boundDrafts, then: []row{askingRoles}}},
	"GET " + onePages + "/message":                     {{rows: []row{viewingRoles}, targets: boundWaiting, then: []row{askingRoles}}},
	"POST " + onePages + "/message":                    {{rows: []row{viewingRoles}, targets: boundWaiting, then: []row{askingRoles}, form: nothingTyped, ok: []int{http.StatusBadRequest}}},
	"GET " + onePages + "/extend":                      {{rows: []row{viewingRoles}, targets: boundDrafts, then: []row{endingRoles}}},
	"GET " + onePages + "/groups":                      {{rows: []row{viewingRoles}, targets: boundDrafts, then: []row{givingRoles}}},
	"POST " + onePages + "/groups":                     {{rows: []row{viewingRoles}, targets: boundDrafts, form: nothingTyped, then: []row{givingRoles}, ok: []int{http.StatusBadRequest}}},
	"GET " + onePages + "/groups/{assignment}":         {{rows: []row{viewingRoles}, targets: boundGroups, then: []row{givingRoles}}},
	"POST " + onePages + "/groups/{assignment}":        {{rows: []row{viewingRoles}, targets: boundGroups, form: readers, then: []row{givingRoles}}},
	"GET " + onePages + "/groups/{assignment}/remove":  {{rows: []row{viewingRoles}, targets: boundGroups, then: []row{givingRoles}}},
	"POST " + onePages + "/groups/{assignment}/remove": {{rows: []row{viewingRoles}, targets: boundGroups, then: []row{givingRoles}}},
	"GET " + onePages + "/terminate":                   {{rows: []row{viewingRoles}, targets: boundDrafts, then: []row{endingRoles}}},
	"POST " + onePages + "/terminate":                  {{rows: []row{viewingRoles}, targets: boundDrafts, then: []row{endingRoles}, ok: []int{http.StatusConflict}}},
}

// delegates has delegate been done, whichever test comes first.
func (h *house) delegates() {
	if h.delegation == nil {
		h.delegate()
	}
}

// boundDraft is a request of o, bound to a customer, that has not been sent.
func (h *house) boundDraft(o *org, customer id.Tenant) string {
	h.made++
	in := gdap.New{Name: fmt.Sprintf("Drift %d", h.made), Duration: "P90D", Roles: []gdap.RoleID{gdap.GlobalReader}, Customer: customer}
	return must(h, gdap.Create, o.system(), in).ID
}

// boundDrafts are a draft of the reader's organisation and a relationship of each
// other, with the customer that it is bound to.
func boundDrafts(h *house, a *actor) []target {
	all := []target{{"nobody's", "00000000-0000-4000-8000-000000000000/admin-relationships/nothing", false}}
	for _, o := range h.orgs {
		if !o.delegates() {
			continue
		}
		path := string(o.customers[0]) + "/admin-relationships/"
		if o == a.org {
			all = append(all, target{"a draft of his own", path + h.boundDraft(o, o.customers[0]), true})
		} else {
			all = append(all, target{"the relationship of " + o.key, path + h.delegation["the relationship"][o], false})
		}
	}
	return all
}

// boundWaiting are boundDrafts of which the reader's own waits for the customer.
func boundWaiting(h *house, a *actor) []target {
	all := boundDrafts(h, a)
	for _, t := range all {
		if t.own {
			_, relationship, _ := strings.Cut(t.id, "/admin-relationships/")
			must(h, gdap.LockForApproval, a.org.system(), gdap.Ref{Relationship: relationship})
		}
	}
	return all
}

// drafted names a draft about the customer, if it is the reader's.
func drafted(h *house, a *actor, about target) url.Values {
	if !about.own || a.org.kind != policy.Partner {
		return url.Values{}
	}
	return url.Values{"id": {h.boundDraft(a.org, id.Tenant(about.id))}}
}

func extended(h *house, a *actor, about target) url.Values {
	form := drafted(h, a, about)
	form.Set("extend", "on")
	return form
}

// boundGroups are a group with roles of the reader's organisation, and of each
// other, with the relationship and the customer.
func boundGroups(h *house, a *actor) []target {
	all := []target{{"nobody's", "00000000-0000-4000-8000-000000000000/admin-relationships/nothing/groups/nothing", false}}
	path := func(o *org, of string) string {
		relationship, assignment, _ := strings.Cut(of, "/")
		return string(o.customers[0]) + "/admin-relationships/" + relationship + "/groups/" + assignment
	}
	for _, o := range h.orgs {
		if o.delegates() && o != a.org {
			all = append(all, target{"the group of " + o.key, path(o, h.delegation["an assignment"][o]), false})
		}
	}
	if a.org.delegates() {
		all = append(all, target{"a group of his own", path(a.org, delegated["an assignment"](h, a.org)), true})
	}
	return all
}

func agreed(*house, *actor, target) url.Values { return url.Values{"answer": {"agree"}} }

func readers(*house, *actor, target) url.Values {
	return url.Values{"role": {string(gdap.DirectoryReaders)}}
}

// roleTemplates are a new one of the reader's organisation, and nobody's.
func roleTemplates(h *house, a *actor) []target {
	all := []target{{"nobody's", "nothing", false}}
	if a.org.kind == policy.Partner {
		h.made++
		made := must(h, gdap.SaveTemplate, a.org.system(), gdap.TemplateDraft{Name: fmt.Sprintf("Mall %d", h.made), Duration: "P90D", Roles: gdap.Set{gdap.GlobalReader}})
		all = append(all, target{"a template of his own", made.ID, true})
	}
	return all
}
