package app_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"

	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

func init() { maps.Copy(pages, consolePages) }

var (
	inspecting = row{"partner.list", false}
	enrolling  = row{"partner.enrol", true}
	looking    = row{"organization.view", false}
	correcting = row{"organization.correct", true}
	merging    = row{"organization.merge", true}
	seeing     = row{"setting.view", false}
	setting    = row{"setting.update", true}
	staffing   = row{"partner.user.update", true}
)

// consolePages are the pages with which the operator runs the installation.
var consolePages = map[string][]page{
	"GET /operator/partners":                     {{kind: policy.Operator, rows: []row{inspecting}}, {kind: policy.Operator, rows: []row{inspecting}, query: searching}},
	"GET /operator/partners/new":                 {{kind: policy.Operator, rows: []row{enrolling}}},
	"POST /operator/partners/new":                {{kind: policy.Operator, rows: []row{enrolling}, form: newPartner, ok: []int{http.StatusBadRequest}}},
	"GET /operator/partners/{id}":                {{kind: policy.Operator, rows: []row{inspecting}, targets: partnerFiles}},
	"POST /operator/partners/{id}/saved":         {{kind: policy.Operator, rows: []row{inspecting}, targets: partnerFiles, form: ticked}},
	"GET /operator/partners/{id}/status":         {{kind: policy.Operator, rows: []row{enrolling}, targets: partnerFiles, query: restricting}},
	"POST /operator/partners/{id}/status":        {{kind: policy.Operator, rows: []row{enrolling}, targets: partnerFiles, form: restricting, ok: []int{http.StatusNotFound}}},
	"GET /operator/partners/{id}/vetting":        {{kind: policy.Operator, rows: []row{enrolling}, targets: partnerFiles, query: vetting}},
	"POST /operator/partners/{id}/vetting":       {{kind: policy.Operator, rows: []row{enrolling}, targets: partnerFiles, form: vetting}},
	"GET /operator/partners/{id}/edit":           {{kind: policy.Operator, rows: []row{enrolling}, targets: partnerFiles}},
	"POST /operator/partners/{id}/edit":          {{kind: policy.Operator, rows: []row{enrolling}, targets: partnerFiles, form: nothingTyped, ok: []int{http.StatusBadRequest}}},
	"GET /operator/organizations":                {{kind: policy.Operator, rows: []row{looking}}, {kind: policy.Operator, rows: []row{looking}, query: searching}},
	"GET /operator/partners/{id}/credit":         {{kind: policy.Operator, rows: []row{enrolling}, targets: partnerFiles}},
	"POST /operator/partners/{id}/credit":        {{kind: policy.Operator, rows: []row{enrolling}, targets: partnerFiles, form: owing}},
	"GET /operator/organizations/{id}":           {{kind: policy.Operator, rows: []row{looking}, targets: everyCustomer}},
	"GET /operator/organizations/{id}/correct":   {{kind: policy.Operator, rows: []row{correcting}, targets: everyCustomer, query: ofDirect}},
	"POST /operator/organizations/{id}/correct":  {{kind: policy.Operator, rows: []row{correcting}, targets: everyCustomer, form: ofDirect, ok: []int{http.StatusBadRequest}}},
	"GET /operator/roles":                        {{kind: policy.Operator, rows: []row{seeing}}},
	"GET /operator/roles/export":                 {{kind: policy.Operator, rows: []row{seeing}}},
	"GET /operator/roles/import":                 {{kind: policy.Operator, rows: []row{setting}}},
	"POST /operator/roles/import":                {{kind: policy.Operator, rows: []row{setting}, form: badMatrix, ok: []int{http.StatusBadRequest}}},
	"GET /operator/roles/try":                    {{kind: policy.Operator, rows: []row{seeing}, query: trial}},
	"GET /operator/roles/{id}":                   {{kind: policy.Operator, rows: []row{setting}, targets: actions}},
	"POST /operator/roles/{id}":                  {{kind: policy.Operator, rows: []row{setting}, targets: actions, form: nothingTyped}},
	"GET /operator/countries":                    {{kind: policy.Operator, rows: []row{seeing}}},
	"GET /operator/countries/{id}":               {{kind: policy.Operator, rows: []row{seeing}, targets: lands}},
	"POST /operator/countries/{id}":              {{kind: policy.Operator, rows: []row{setting}, targets: lands, form: trying}},
	"GET /operator/countries/{id}/types/{type}":  {{kind: policy.Operator, rows: []row{seeing}, targets: idTypes}},
	"POST /operator/countries/{id}/types/{type}": {{kind: policy.Operator, rows: []row{setting}, targets: idTypes, form: trying}},
	"GET /operator/partners/{id}/registrar":      {{kind: policy.Operator, rows: []row{enrolling}, targets: partnerFiles}},
	"POST /operator/partners/{id}/registrar":     {{kind: policy.Operator, rows: []row{enrolling}, targets: partnerFiles, form: nothingTyped}},

	"GET /operator/organizations/duplicates":  {{kind: policy.Operator, rows: []row{merging}}, {kind: policy.Operator, rows: []row{merging}, query: byName}},
	"GET /operator/organizations/{id}/merge":  {{kind: policy.Operator, rows: []row{merging}, targets: everyCustomer}},
	"POST /operator/organizations/{id}/merge": {{kind: policy.Operator, rows: []row{merging}, targets: everyCustomer, form: nothingTyped, ok: []int{http.StatusBadRequest}}},

	"GET /operator/help":       {{kind: policy.Operator, rows: []row{readingTexts}}},
	"GET /operator/help/edit":  {{kind: policy.Operator, rows: []row{readingTexts}, query: everyPage}},
	"POST /operator/help/edit": {{kind: policy.Operator, rows: []row{writingTexts}, query: everyPage, form: nothingTyped}},

	"GET /operator/name-rules":             {{kind: policy.Operator, rows: []row{seeing}, query: trying}},
	"GET /operator/name-rules/{id}":        {{kind: policy.Operator, rows: []row{setting}, targets: rulesOfNames}},
	"POST /operator/name-rules/{id}":       {{kind: policy.Operator, rows: []row{setting}, targets: rulesOfNames, form: trying, ok: []int{http.StatusBadRequest}}},
	"GET /operator/name-rules/lists/{id}":  {{kind: policy.Operator, rows: []row{seeing}, targets: wordLists}},
	"POST /operator/name-rules/lists/{id}": {{kind: policy.Operator, rows: []row{setting}, targets: wordLists, form: words, ok: []int{http.StatusBadRequest}}},
	"GET /operator/users":                  {{kind: policy.Operator, rows: []row{staffing}}},
	"GET /operator/users/new":              {{kind: policy.Operator, rows: []row{staffing}}},
	"POST /operator/users/new":             {{kind: policy.Operator, rows: []row{staffing}, form: newColleague}},
	"POST /operator/users/new/saved":       {{kind: policy.Operator, form: ticked}},
	"GET /operator/users/{id}":             {{kind: policy.Operator, rows: []row{staffing}, targets: colleagues}},
	"POST /operator/users/{id}":            {{kind: policy.Operator, rows: []row{staffing}, targets: colleagues, form: newRoles}},
	"GET /operator/users/{id}/remove":      {{kind: policy.Operator, rows: []row{staffing}, targets: colleagues}},
	"POST /operator/users/{id}/remove":     {{kind: policy.Operator, rows: []row{staffing}, targets: colleagues}},
	"GET /operator/users/{id}/password":    {{kind: policy.Operator, rows: []row{staffing}, targets: colleagues}},
	"POST /operator/users/{id}/password":   {{kind: policy.Operator, rows: []row{staffing}, targets: colleagues}},
	"GET /operator/settings":               {{kind: policy.Operator, rows: []row{{"setting.view", false}}}},
	"GET /operator/settings/{id}":          {{kind: policy.Operator, rows: []row{{"setting.view", false}, {"setting.update", true}}, targets: settings}},
	"POST /operator/settings/{id}":         {{kind: policy.Operator, rows: []row{{"setting.view", false}, {"setting.update", true}}, targets: settings, form: newValue, ok: []int{http.StatusBadRequest}}},
}

// partnerFiles are the partner that is suspended, a customer and nobody.
func partnerFiles(h *house, _ *actor) []target {
	return []target{
		{"a partner", string(h.org("suspended").tenant), true},
		{"a customer", string(h.org("direct").customers[0]), false},
		{"nobody", "00000000-0000-4000-8000-000000000000", false},
	}
}

func newPartner(h *house, _ *actor, _ target) url.Values {
	h.made++
	return url.Values{
		"name": {"Bolaget " + payload}, "type": {"indirect-reseller"}, "country": {"SE"}, "domain": {fmt.Sprintf("new%d.example", h.made)},
		"admin": {"chef"}, "admin-name": {"Chef"}, "vetting": {"vet"},
	}
}

func restricting(*house, *actor, target) url.Values {
	return url.Values{"to": {"restricted"}, "cause": {"Obetald faktura. " + payload}}
}

// wordLists are one that there is, and one that there is not.
func wordLists(*house, *actor) []target {
	return []target{{"a list", "test-words", true}, {"no list", "colours", false}}
}

func words(*house, *actor, target) url.Values { return url.Values{"entries": {"test\n" + payload}} }

func owing(*house, *actor, target) url.Values { return url.Values{"limit": {"25000"}} }

func vetting(*house, *actor, target) url.Values {
	return url.Values{"step": {"business"}, "state": {"rejected"}, "note": {payload}}
}

// settings are one that there is, and one that there is not.
func settings(*house, *actor) []target {
	return []target{{"a setting", "verification.timeZone", true}, {"no setting", "security.none", false}}
}

func newValue(*house, *actor, target) url.Values { return url.Values{"value": {"Europe/Stockholm"}} }

// newColleague is somebody new, under a name that nobody has.
func newColleague(h *house, _ *actor, _ target) url.Values {
	h.made++
	return url.Values{"display-name": {payload}, "user-name": {fmt.Sprintf("colleague%d", h.made)}, "roles": {"operator-support"}}
}

// colleagues are somebody of the operator whom nobody else needs, somebody of a
// partner, and nobody.
func colleagues(h *house, a *actor) []target {
	all := []target{
		{"somebody of a partner", string(h.actor("direct sales-agent").user), false},
		{"nobody", "00000000-0000-4000-8000-000000000000", false},
	}
	if a.org.kind != policy.Operator {
		return all
	}
	h.made++
	made, err := do(h, identity.AddUser, op.System(a.org.tenant, 0, op.ViaCLI), identity.NewUser{
		Name: fmt.Sprintf("leaver%d@%s", h.made, a.org.domain), DisplayName: payload, Roles: policy.OperatorSupport,
	})
	if err != nil {
		panic(err)
	}
	return append(all, target{"a colleague", string(made.User.ID), true})
}

func newRoles(*house, *actor, target) url.Values {
	return url.Values{"display-name": {payload}, "roles": {"operator-support"}}
}

// everyCustomer is a customer of a partner whose texts are dangers to pages, a
// partner, and nobody.
func everyCustomer(h *house, _ *actor) []target {
	direct := h.org("direct")
	return []target{
		{"a customer", string(direct.danger), true},
		{"a partner", string(direct.tenant), false},
		{"nobody", "00000000-0000-4000-8000-000000000000", false},
	}
}

// ofDirect names the relation of a partner, and a domain that is not the customer's.
func ofDirect(h *house, _ *actor, _ target) url.Values {
	return url.Values{
		"partner": {string(h.org("direct").tenant)}, "relation": {"reseller"}, "name": {payload}, "domain": {"fel.example"}, "reason": {payload},
	}
}

// actions are one that can be decided, one that is fixed, and one that is none.
func actions(*house, *actor) []target {
	return []target{{"an action", "customer.tag", true}, {"a fixed action", "setting.update", false}, {"no action", "customer.fly", false}}
}

func badMatrix(*house, *actor, target) url.Values {
	return url.Values{"changes": {"setting.update,operator-admin,refused"}}
}

func trial(*house, *actor, target) url.Values {
	return url.Values{"type": {"direct-bill"}, "roles": {"sales-agent"}}
}

// everyPage is the help panel of all pages.
func everyPage(*house, *actor, target) url.Values { return url.Values{"page": {"*"}} }

// idTypes are a kind of registration id, and one that there is not.
func idTypes(*house, *actor) []target {
	return []target{{"the Polish TIN", "PL/types/TIN", true}, {"no type", "PL/types/NONE", false}}
}

func lands(*house, *actor) []target {
	return []target{{"a country", "IS", true}, {"no country", "ZZ", false}}
}

func rulesOfNames(*house, *actor) []target {
	return []target{{"a rule", "CN09", true}, {"no rule", "CN99", false}}
}

// trying tries values and changes nothing.
func trying(*house, *actor, target) url.Values {
	return url.Values{"go": {"test"}, "try-postal": {payload}, "what": {"company"}, "text": {payload}}
}

// byName looks for duplicates by their names.
func byName(*house, *actor, target) url.Values { return url.Values{"by": {"name"}} }
