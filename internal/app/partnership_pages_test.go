package app_test

import (
	"maps"
	"net/http"
	"net/url"

	"comptoir/internal/letter"
	"comptoir/internal/partnership"
	"comptoir/internal/policy"
	"comptoir/internal/relationship"
)

func init() { maps.Copy(pages, partnershipPages) }

var (
	ending          = row{"relationship.remove", true}
	resellersOf     = row{"partnership.resellers", false}
	askingResellers = row{"partnership.invite", false}
	parting         = row{"partnership.remove", true}
)

// partnershipPages are those about the end of relations, and about partnerships.
var partnershipPages = map[string][]page{
	"GET /customers/{id}/account/removal":  {{rows: []row{account}, then: []row{ending}}},
	"POST /customers/{id}/account/removal": {{rows: []row{ending}, form: nothingTyped, ok: []int{http.StatusBadRequest}}},

	"GET /indirect-resellers":               {{rows: []row{resellersOf}}},
	"GET /indirect-resellers/export":        {{rows: []row{resellersOf}}},
	"GET /indirect-resellers/customers":     {{query: about("id"), targets: partnerTargets, elsewhere: anyStatus}},
	"GET /indirect-resellers/customers/new": {{query: about("id"), targets: partnerTargets, elsewhere: anyStatus}},
	"GET /indirect-providers/customers":     {{query: about("id"), targets: partnerTargets, elsewhere: anyStatus}},
	"GET /indirect-providers/invite":        {{query: about("id"), targets: partnerTargets, elsewhere: anyStatus}},
	"GET /indirect-resellers/remove":        {{rows: []row{parting, resellersOf}, query: about("id"), targets: resellerTargets}},
	"POST /indirect-resellers/remove":       {{rows: []row{parting}, targets: resellerTargets, form: unstated, ok: []int{http.StatusBadRequest}}},

	"GET /indirect-resellers/invite":             {{rows: []row{askingResellers}}},
	"POST /indirect-resellers/invite":            {{rows: []row{askingResellers}, form: typedInvitation, ok: []int{http.StatusBadRequest}}},
	"GET /indirect-resellers/requests":           {{rows: []row{askingResellers}}},
	"GET /indirect-resellers/requests/message":   {{rows: []row{askingResellers}, query: about("id"), targets: askedOfResellers}},
	"POST /indirect-resellers/requests/message":  {{rows: []row{askingResellers}, query: about("id"), targets: askedOfResellers, form: nothingTyped, ok: []int{http.StatusBadRequest}}},
	"GET /indirect-resellers/requests/withdraw":  {{rows: []row{askingResellers}, query: about("id"), targets: askedOfResellers}},
	"POST /indirect-resellers/requests/withdraw": {{rows: []row{askingResellers}, query: about("id"), targets: askedOfResellers, form: nothingTyped}},

	"GET /indirect-providers": {{rows: []row{{"partnership.providers", false}}}},

	"GET /partnership/{token}":  {{kind: policy.Partner, rows: []row{{"partnership.look", false}}, targets: partnershipTargets}},
	"POST /partnership/{token}": {{kind: policy.Partner, rows: []row{{"partnership.accept", true}}, targets: partnershipTargets, form: ticked, ok: []int{http.StatusConflict}}},
}

// resellerTargets are the resellers of the provider: nobody else has any.
func resellerTargets(h *house, a *actor) []target {
	return []target{
		{"a reseller of the provider", string(h.org("reseller").tenant), a.org.key == "provider"},
		{"no reseller of anybody", string(h.org("foreign").tenant), false},
	}
}

// unstated ends a partnership without the statement.
func unstated(_ *house, _ *actor, t target) url.Values {
	return url.Values{"reseller": {t.id}, "version": {relationship.StatementVersion}}
}

// askReseller has the provider ask for a partnership.
func (h *house) askReseller() partnership.Request {
	begun := must(h, partnership.Begin, h.org("provider").system(), struct{}{})
	return must(h, partnership.Make, h.org("provider").system(), partnership.New{
		Token: begun.Token, Base: "https://portal.test", Recipient: partnership.Recipient{Name: payload}, Language: "sv", Subject: payload,
		Message: partnership.Link("https://portal.test", begun.Token) + " " + payload,
	})
}

// askedOfResellers are a request of the provider, a new one for itself, which the
// page may use up.
func askedOfResellers(h *house, a *actor) []target {
	all := []target{{"nobody's", "01900000-0000-7000-8000-000000000000", false}}
	if a.org.key == "provider" {
		return append(all, target{"a request of its own", h.askReseller().ID, true})
	}
	return append(all, target{"a request of the provider", h.asked.ID, false})
}

// partnershipTargets are what links lead to. Who does not know the provider has none: a
// link tells everybody who has it whom it is from.
func partnershipTargets(h *house, a *actor) []target {
	all := []target{{"nobody's", letter.NewToken(), false}}
	if a.org.knows[h.org("provider").tenant] && a.org.types&policy.IndirectReseller != 0 {
		all = append(all, target{"a request of its provider", h.asked.Token, true})
	}
	return all
}
