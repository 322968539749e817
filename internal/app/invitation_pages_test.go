package app_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"

	"comptoir/internal/invitation"
	"comptoir/internal/policy"
)

func init() { maps.Copy(pages, invitationPages) }

var inviting = row{"relationship.invite", false}

// invitationPages are those with which partners ask for reseller relationships.
var invitationPages = map[string][]page{
	"GET /customers/invite": {
		{rows: []row{inviting}, sells: true},
		{rows: []row{inviting}, sells: true, query: about("id"), targets: (*house).customerTargets, ok: []int{http.StatusConflict}},
		{rows: []row{{"relationship.invite.joint", false}}, sells: true, query: func(*house, *actor, target) url.Values { return url.Values{"with": {""}} }},
	},
	"POST /customers/invite": {
		{rows: []row{inviting}, sells: true, form: typedInvitation, ok: []int{http.StatusBadRequest}},
		{rows: []row{inviting}, sells: true, form: func(*house, *actor, target) url.Values { return url.Values{"go": {"reset"}} }},
	},
	"POST /customers/invite/selected":               {{form: selected}},
	"POST /customers/invite/selected/joint":         {{form: selected}},
	"GET /customers/invitations":                    {{rows: []row{inviting}}, {rows: []row{inviting}, query: about("open"), targets: invitationTargets, header: asksFor("pane")}},
	"GET /operator/drafts/{kind}/{language}":        {{kind: policy.Operator, rows: []row{readingTexts}}},
	"POST /operator/drafts/{kind}/{language}":       {{kind: policy.Operator, rows: []row{writingTexts}, form: draftWords}},
	"POST /operator/drafts/{kind}/{language}/reset": {{kind: policy.Operator, rows: []row{writingTexts}}},
	"GET /customers/invitations/export":             {{rows: []row{inviting}}},
	"GET /customers/invitations/message":            {{rows: []row{inviting}, query: about("id"), targets: invitationTargets}},
	"POST /customers/invitations/message":           {{rows: []row{inviting}, query: about("id"), targets: invitationTargets, form: nothingTyped, ok: []int{http.StatusBadRequest}}},
	"GET /customers/invitations/link":               {{rows: []row{inviting}, query: about("id"), targets: invitationTargets}},
	"GET /customers/invitations/withdraw":           {{rows: []row{inviting}, query: about("id"), targets: invitationTargets}},
	"POST /customers/invitations/withdraw":          {{rows: []row{inviting}, query: about("id"), targets: invitationTargets, form: nothingTyped}},
}

// draftWords is what the operator writes of a draft.
func draftWords(*house, *actor, target) url.Values {
	return url.Values{"subject": {payload}, "body": {payload + "\n\n{Link}"}}
}

// typedInvitation is a message without its link.
func typedInvitation(*house, *actor, target) url.Values {
	return url.Values{"recipient-name": {payload}, "recipient-email": {"maja@fjallbageriet.example"}, "language": {"sv"}, "subject": {payload}, "message": {payload}}
}

// invite has o ask for a relationship, and returns the invitation.
func (h *house) invite(o *org) string {
	h.made++
	begun := must(h, invitation.Begin, o.system(), invitation.Asking{})
	return must(h, invitation.Make, o.system(), invitation.New{
		Token: begun.Link.Token, Base: "https://portal.test", Recipient: invitation.Recipient{Name: fmt.Sprintf("Inbjuden %d", h.made)},
		Language: "sv", Message: begun.Link.URL("https://portal.test"),
	}).ID
}

// askedBy is an invitation of each partner that has made one.
var askedBy = map[*org]string{}

// invitationTargets are a new invitation of the reader's organisation, which the
// request may use up, and those of the partners that came before.
func invitationTargets(h *house, a *actor) []target {
	all := []target{{"nobody's", "01900000-0000-7000-8000-000000000000", false}}
	for o, made := range askedBy {
		if o != a.org {
			all = append(all, target{"an invitation of " + o.key, made, false})
		}
	}
	if a.org.kind == policy.Partner && !a.org.suspended {
		askedBy[a.org] = h.invite(a.org)
		all = append(all, target{"an invitation of his own", askedBy[a.org], true})
	}
	return all
}
