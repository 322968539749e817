package app_test

import (
	"maps"
	"net/http"
	"net/url"

	"comptoir/internal/policy"
)

func init() { maps.Copy(pages, verificationPages) }

var (
	viewing  = row{"verification.view", false}
	deciding = row{"verification.decide", true}
	auditing = row{"audit.view", false}
)

// verificationPages are the pages about the vetting of accounts: those of
// partners, and those of reviewers.
var verificationPages = map[string][]page{
	"GET /customers/{id}/account/answer":    {{rows: []row{account}, then: []row{appealing}}},
	"POST /customers/{id}/account/answer":   {{rows: []row{account}, then: []row{appealing}, form: appeal, ok: []int{http.StatusConflict}}},
	"GET /customers/{id}/account/resubmit":  {{rows: []row{account}, then: []row{appealing}}},
	"POST /customers/{id}/account/resubmit": {{rows: []row{account}, then: []row{appealing}, form: appeal, ok: []int{http.StatusConflict}}},

	"GET /customers/{id}/account/remind":  {{rows: []row{account}, then: []row{appealing}}},
	"POST /customers/{id}/account/remind": {{rows: []row{account}, then: []row{appealing}, form: appeal, ok: []int{http.StatusConflict}}},

	"GET /customers/{id}/account/documents/{document}":         {{rows: []row{account}, targets: documents}},
	"POST /customers/{id}/account/documents/{document}/remove": {{rows: []row{appealing}, targets: unsentDocuments, form: nothingTyped}},

	"GET /operator/audit": {
		{kind: policy.Operator, rows: []row{auditing}},
		{kind: policy.Operator, rows: []row{auditing}, query: ofOrganization},
	},
	"GET /operator/audit/export": {{kind: policy.Operator, rows: []row{{"audit.view", true}}}},
	"GET /operator/audit/chain":  {{kind: policy.Operator, rows: []row{auditing}}},
	"POST /operator/audit/chain": {{kind: policy.Operator, rows: []row{{"audit.verify", true}}}},

	"GET /operator/verifications": {
		{kind: policy.Operator, rows: []row{viewing}},
		{kind: policy.Operator, rows: []row{viewing}, query: narrowedQueue},
		{kind: policy.Operator, rows: []row{viewing}, query: closedQueue},
	},
	"POST /operator/verifications/approve/ask":                              {{kind: policy.Operator, rows: []row{deciding}, form: selectedCases}},
	"POST /operator/verifications/approve":                                  {{kind: policy.Operator, rows: []row{deciding}, form: selectedCases}},
	"POST /operator/verifications/assign/ask":                               {{kind: policy.Operator, rows: []row{deciding}, form: selectedCases}},
	"POST /operator/verifications/assign":                                   {{kind: policy.Operator, rows: []row{deciding}, form: selectedCases}},
	"GET /operator/verifications/{partner}/{customer}":                      {{kind: policy.Operator, rows: []row{viewing}, targets: cases}},
	"GET /operator/verifications/{partner}/{customer}/next":                 {{kind: policy.Operator, rows: []row{viewing}, targets: cases}},
	"GET /operator/verifications/{partner}/{customer}/approve":              {{kind: policy.Operator, rows: []row{deciding}, targets: cases}},
	"POST /operator/verifications/{partner}/{customer}/approve":             {{kind: policy.Operator, rows: []row{deciding}, targets: cases, ok: []int{http.StatusConflict}}},
	"GET /operator/verifications/{partner}/{customer}/reject":               {{kind: policy.Operator, rows: []row{deciding}, targets: cases}},
	"POST /operator/verifications/{partner}/{customer}/reject":              {{kind: policy.Operator, rows: []row{deciding}, targets: cases, form: rejection, ok: []int{http.StatusConflict}}},
	"GET /operator/verifications/{partner}/{customer}/ask":                  {{kind: policy.Operator, rows: []row{deciding}, targets: cases}},
	"POST /operator/verifications/{partner}/{customer}/ask":                 {{kind: policy.Operator, rows: []row{deciding}, targets: cases, form: rejection, ok: []int{http.StatusConflict}}},
	"GET /operator/verifications/{partner}/{customer}/assign":               {{kind: policy.Operator, rows: []row{deciding}, targets: cases}},
	"POST /operator/verifications/{partner}/{customer}/assign":              {{kind: policy.Operator, rows: []row{deciding}, targets: cases}},
	"POST /operator/verifications/{partner}/{customer}/note":                {{kind: policy.Operator, rows: []row{deciding}, targets: cases, form: remark}},
	"POST /operator/verifications/{partner}/{customer}/take-over":           {{kind: policy.Operator, rows: []row{deciding}, targets: cases, ok: []int{http.StatusConflict}}},
	"GET /operator/verifications/{partner}/{customer}/documents/{document}": {{kind: policy.Operator, rows: []row{viewing}, targets: caseDocuments}},
}

func narrowedQueue(h *house, _ *actor, _ target) url.Values {
	return url.Values{"q": {"bo"}, "sort": {"name"}, "partner": {string(h.org("direct").tenant)}, "state": {"overdue"}}
}

func ofOrganization(h *house, _ *actor, _ target) url.Values {
	return url.Values{"organization": {string(h.org("direct").tenant)}, "q": {"bo"}, "by": {"user"}}
}

func closedQueue(*house, *actor, target) url.Values { return url.Values{"state": {"rejected"}} }

// selectedCases are a case of nobody and one that is decided, so that nothing
// becomes of them.
func selectedCases(h *house, _ *actor, _ target) url.Values {
	direct := h.org("direct")
	return url.Values{"id": {string(direct.tenant) + "." + string(direct.danger) + ".00000000-0000-4000-8000-000000000001.1"}}
}

func rejection(*house, *actor, target) url.Values {
	return url.Values{"reason": {"other"}, "text": {"Nej " + payload}}
}

func remark(*house, *actor, target) url.Values { return url.Values{"note": {"Ring dem " + payload}} }

// documents are those that partners have handed in.
func documents(h *house, a *actor) []target {
	return papersOf(h, a, func(o *org) string { return o.document })
}

// unsentDocuments are new ones for who may remove them, since each goes at the
// first form.
func unsentDocuments(h *house, a *actor) []target {
	return papersOf(h, a, func(o *org) string {
		if a.org != o || h.refusal(a, "customer.verification.resubmit", true) != nil {
			return o.document
		}
		document, err := h.handIn(o)
		if err != nil {
			panic(err)
		}
		return document
	})
}

func papersOf(h *house, a *actor, document func(*org) string) []target {
	var all []target
	for _, key := range []string{"direct", "foreign"} {
		o := h.org(key)
		if a.org == o || key == "direct" {
			all = append(all, target{"a document of " + key, string(o.paper) + "/account/documents/" + document(o), a.org == o})
		}
	}
	return all
}

func caseDocuments(h *house, a *actor) []target {
	direct := h.org("direct")
	return []target{
		{"a document of direct", string(direct.tenant) + "/" + string(direct.paper) + "/documents/" + direct.document, true},
		{"no document", string(direct.tenant) + "/" + string(direct.paper) + "/documents/" + string(direct.paper), false},
	}
}
