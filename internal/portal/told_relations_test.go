package portal_test

import (
	"time"

	"comptoir/internal/customer"
	"comptoir/internal/gdap"
	"comptoir/internal/invitation"
	"comptoir/internal/partnership"
	"comptoir/internal/relationship"
)

// invited has somebody ask the customer for a relation, together with a provider
// where one is named, and returns the link.
func (w *world) invited(who string, ask invitation.Asking) string {
	w.t.Helper()
	begin, end := invitation.Begin, invitation.Make
	if ask.Provider != "" {
		begin, end = invitation.BeginJoint, invitation.MakeJoint
	}
	o := do(w, begin, w.actor(who), ask)
	link := o.Link.URL("https://comptoir.example")
	_, text := o.Words("fr", "Camille", link)
	do(w, end, w.actor(who), invitation.New{
		Asking: ask, Token: o.Link.Token, Base: "https://comptoir.example", Recipient: invitation.Recipient{Name: "Camille", Email: "camille@vercors.example"},
		Source: invitation.Referral, Language: "fr", Message: text,
	})
	return link
}

// accepts has the customer accept what a link offers.
func (w *world) accepts(link string) {
	w.t.Helper()
	a := w.actor("customer")
	a.MFA = true
	o := do(w, invitation.Look, a, link)
	o.Company.Address.AddressLine1, o.Company.Address.City, o.Company.Address.PostalCode = "3 place du Marché", "Villard-de-Lans", "38250"
	do(w, invitation.Accept, a, invitation.Acceptance{Link: link, Company: o.Company, Relation: true, Agreed: true, Rank: o.Agreement.Rank})
}

// tellingsOfRelations are the rows N2: a customer that is no longer one answers
// invitations.
func (w *world) tellingsOfRelations() []telling {
	const agent, sales, reviewer = "direct admin-agent", "direct sales-agent", "operator operator-reviewer"
	return []telling{
		{
			"N2: the customer declines an invitation", func() {
				do(w, invitation.Decline, w.actor("customer"), invitation.Declining{Link: w.invited(sales, invitation.Asking{}), Reason: "Pas maintenant"})
			},
			map[string][]string{"relationship.declined": {agent, sales}},
			map[string][]string{"relationship.declined": {agent + " sv", sales + " fr"}},
		},
		{
			"N2, N7: it accepts one", func() { w.accepts(w.invited(sales, invitation.Asking{})) },
			map[string][]string{"relationship.accepted": {agent, sales}, "verification.opened": {agent, sales}, "verification.queued": {reviewer}},
			map[string][]string{"relationship.accepted": {agent + " sv", sales + " fr"}},
		},
		{
			"N2: it accepts one of a reseller with its provider", func() {
				w.accepts(w.invited("reseller sales-agent", invitation.Asking{Provider: w.provider.Tenant}))
			},
			map[string][]string{
				"relationship.accepted_indirect": {"reseller admin-agent", "reseller sales-agent"}, "relationship.accepted": {"provider admin-agent"},
				"verification.opened": {"provider admin-agent", "provider sales-agent"}, "verification.queued": {reviewer},
			},
			map[string][]string{
				"relationship.accepted_indirect": {"reseller admin-agent en", "reseller sales-agent en"}, "relationship.accepted": {"provider admin-agent en"},
			},
		},
		{"E21: a provider removes a partnership, and nobody is told", func() {
			do(w, partnership.Remove, w.actor("provider global-admin"), partnership.Removal{
				Reseller: w.reseller.Tenant, Statement: relationship.Statement{Version: relationship.StatementVersion, Language: "en", Made: true},
			})
		}, nil, nil},
		{
			"N3, N4: it asks for a partnership, and the reseller authorizes it", func() {
				o := do(w, partnership.Begin, w.actor("provider sales-agent"), struct{}{})
				do(w, partnership.Make, w.actor("provider sales-agent"), partnership.New{
					Token: o.Token, Base: "https://comptoir.example", Language: "en", Message: partnership.Link("https://comptoir.example", o.Token),
				})
				do(w, partnership.Authorize, w.actor("reseller admin-agent"), partnership.Authorization{Token: o.Token, Agreed: true})
			},
			map[string][]string{"partnership.accepted": {"provider global-admin"}},
			map[string][]string{"partnership.accepted": {"provider global-admin en"}},
		},
	}
}

// tellingsOfDelegation are the rows N10 to N12: the customer c answers requests for
// admin roles, and these come to their ends.
func (w *world) tellingsOfDelegation(c *customer.Customer) []telling {
	const agent = "direct admin-agent"
	after := func(days int) func() { return func() { w.k.Clock.Advance(time.Duration(days) * 24 * time.Hour) } }
	return []telling{
		{
			"N10: the customer approves delegated administration", func() {
				a := w.actor("customer")
				a.MFA = true
				do(w, gdap.OwnApprove, a, gdap.Decision{Relationship: w.asked(*c, "Exploitation 2028").ID})
			},
			map[string][]string{"delegation.approved": {agent}, "delegation.granted": {"customer"}},
			map[string][]string{"delegation.approved": {agent + " sv"}, "delegation.granted": {"customer fr"}},
		},
		{
			"N11, N7: a month before its end", after(150),
			map[string][]string{
				"delegation.expiring": {agent}, "delegation.running_out": {"customer"},
				"verification.overdue": {agent, "direct sales-agent", "provider admin-agent", "provider sales-agent"}, "verification.late": {"operator operator-admin"},
			},
			map[string][]string{"delegation.expiring": {agent + " sv"}, "delegation.running_out": {"customer fr"}},
		},
		{
			"N11: its end", after(30),
			map[string][]string{"delegation.expired": {agent}, "delegation.ran_out": {"customer"}},
			map[string][]string{"delegation.expired": {agent + " sv"}, "delegation.ran_out": {"customer fr"}},
		},
		{
			"N12: the customer declines a request", func() {
				do(w, gdap.OwnReject, w.actor("customer"), gdap.Decision{Relationship: w.asked(*c, "Exploitation 2029").ID})
			},
			map[string][]string{"delegation.declined": {agent}},
			nil,
		},
		{"F5: a request is sent", func() { w.asked(*c, "Exploitation 2030") }, nil, nil},
		{"N11: nobody answers it for 90 days", after(91), map[string][]string{"delegation.lapsed": {agent}}, nil},
	}
}
