package portal_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"comptoir/internal/agreement"
	"comptoir/internal/customer"
	"comptoir/internal/gdap"
	"comptoir/internal/gdapbulk"
	"comptoir/internal/identity"
	"comptoir/internal/mail"
	"comptoir/internal/notice"
	"comptoir/internal/qualification"
	"comptoir/internal/relationship"
	"comptoir/internal/verification"
)

// hearing is who heard of what since it began: the readers of the portal and of
// mail by the kind of notice, those of mail with their language.
type hearing struct {
	w     *world
	seen  map[string]bool // mails
	heard map[string]bool // kinds
}

// forget has everybody put away what he has been told.
func (h *hearing) forget() {
	for who := range h.w.people {
		do(h.w, notice.MarkRead, h.w.actor(who), notice.Selection{All: true})
		do(h.w, notice.Archive, h.w.actor(who), notice.Selection{All: true})
	}
	h.mails()
}

// told returns what people find in the portal: the kind with who has it.
func (h *hearing) told() map[string][]string {
	all := map[string][]string{}
	for who := range h.w.people {
		for _, n := range do(h.w, notice.List, h.w.actor(who), notice.Page{}).Notices {
			all[n.Kind] = append(all[n.Kind], who)
			h.heard[n.Kind] = true
		}
	}
	return sorted(all)
}

// mails returns the mails that were written since the last time.
func (h *hearing) mails() map[string][]string {
	all := map[string][]string{}
	for _, m := range do(h.w, mail.List, h.w.actor("operator operator-admin"), mail.Page{Limit: 200}).Mails {
		if h.seen[m.ID] {
			continue
		}
		h.seen[m.ID], h.heard[m.Kind] = true, true
		to := m.Address
		for who, p := range h.w.people {
			if p.Tenant == m.Tenant && p.ID == m.User {
				to = who
			}
		}
		all[m.Kind] = append(all[m.Kind], to+" "+m.Language)
	}
	return sorted(all)
}

func sorted(all map[string][]string) map[string][]string {
	for kind := range all {
		slices.Sort(all[kind])
	}
	return all
}

// telling is something that is done, and who must hear of it: in the portal by the
// kind of notice, and by mail with the language of each.
type telling struct {
	what string
	do   func()
	told map[string][]string
	mail map[string][]string
}

// Every row of rules.md, section l, whose feature there is: what people do, and
// what time does, is told to those whom the table names, in their languages.
func TestWhatPeopleDoIsToldToWhomTheTableNames(t *testing.T) {
	const chief, reviewer = "operator operator-admin", "operator operator-reviewer"
	const admin, agent, sales = "direct global-admin", "direct admin-agent", "direct sales-agent"
	agents := []string{agent, sales}
	mailed := []string{agent + " sv", sales + " fr"}

	w := newWorld(t)
	w.staff()
	w.letters()
	do(w, notice.UpdatePreferences, w.actor(agent), notice.Wishes{Language: "sv"})
	do(w, notice.UpdatePreferences, w.actor(sales), notice.Wishes{Language: "fr"})
	h := &hearing{w, map[string]bool{}, map[string]bool{}}

	in := newCustomer("Fromagerie du Vercors SARL", "vercors")
	in.Attestation = &agreement.Attestation{AgreedAt: today.AddDate(0, 0, -1), Person: agreement.Person{FirstName: "Camille", LastName: "Lefèvre", Email: in.Billing.Email}}
	var c customer.Customer
	var q qualification.Key
	decision := func() verification.Decision {
		return verification.Decision{Partner: c.Partner, Customer: c.ID, Reason: "name_mismatch", Text: "Autre nom au registre"}
	}
	account := func() verification.Account { return verification.Account{Partner: c.Partner, Customer: c.ID} }
	enforced := w.k.Clock.Now().AddDate(0, 0, 60)
	until := func(days int) { w.k.Clock.Advance(enforced.AddDate(0, 0, -days).Sub(w.k.Clock.Now())) }
	ask := func() {
		do(w, qualification.Ask, w.actor(sales), qualification.Asking{Customer: c.ID, Request: qualification.Request{Qualification: qualification.StateOwnedEntity}})
	}

	for _, step := range slices.Concat([]telling{
		{"N7, N6: a customer is added with the agreement attested", func() {
			added := do(w, customer.Add, w.actor(sales), in)
			w.signInAdmin(added)
			c = added.Customer
			q = qualification.Key{Partner: c.Partner, Customer: c.ID, Qualification: qualification.StateOwnedEntity}
		}, map[string][]string{"verification.opened": agents, "verification.queued": {reviewer}}, map[string][]string{"agreement.attested": {in.Billing.Email + " fr"}}},
		{
			"N7: three business days go by", func() { w.k.Clock.Advance(7 * 24 * time.Hour) },
			map[string][]string{"verification.overdue": agents, "verification.late": {chief}},
			nil,
		},
		{
			"N7: the partner asks after the overdue case", func() {
				do(w, verification.Remind, w.actor(agent), verification.Appeal{Customer: c.ID, Text: "Des nouvelles ?"})
			},
			map[string][]string{"verification.reminded": {chief}},
			nil,
		},
		{
			"N7: the reviewer asks", func() {
				do(w, verification.Ask, w.actor(reviewer), verification.Message{Account: account(), Text: "Un extrait ?"})
			},
			map[string][]string{"verification.asked": agents},
			map[string][]string{"verification.asked": mailed},
		},
		{
			"N7: the partner answers", func() {
				do(w, verification.Answer, w.actor(agent), verification.Appeal{Customer: c.ID, Text: "Le voici."})
			},
			map[string][]string{"verification.answered": {reviewer}},
			nil,
		},
		{
			"N7: the account is rejected", func() { do(w, verification.Reject, w.actor(reviewer), decision()) },
			map[string][]string{"verification.rejected": agents},
			map[string][]string{"verification.rejected": mailed},
		},
		{
			"N7: the partner has it looked at again", func() { do(w, verification.Resubmit, w.actor(sales), verification.Appeal{Customer: c.ID}) },
			map[string][]string{"verification.opened": agents, "verification.queued": {reviewer}},
			nil,
		},
		{
			"N7: the account is approved", func() { do(w, verification.Approve, w.actor(reviewer), decision()) },
			map[string][]string{"verification.approved": agents},
			map[string][]string{"verification.approved": mailed},
		},
		{"V-3: a special qualification is asked for", ask, map[string][]string{"qualification.queued": {reviewer}}, nil},
		{
			"N8: it is denied", func() {
				do(w, qualification.Deny, w.actor(reviewer), qualification.Decision{Key: q, Reason: "Aucune preuve"})
			},
			map[string][]string{"qualification.denied": agents},
			map[string][]string{"qualification.denied": mailed},
		},
		{"V-3: it is asked for again", ask, map[string][]string{"qualification.queued": {reviewer}}, nil},
		{
			"N8: it is approved", func() { do(w, qualification.Approve, w.actor(reviewer), qualification.Decision{Key: q}) },
			map[string][]string{"qualification.approved": agents},
			map[string][]string{"qualification.approved": mailed},
		},
		{"AG8: a version is published that will be required", func() {
			do(w, agreement.Publish, w.actor(chief), agreement.NewVersion{Label: "2027", Mandatory: true, EnforcedAt: enforced, Texts: map[string][]byte{"en": []byte("<h1>News</h1><p>Terms.")}})
		}, map[string][]string{"agreement.published": agents}, map[string][]string{"agreement.published": mailed}},
		{"AG8: a month before it is required", func() { until(30) }, map[string][]string{"agreement.coming": agents}, map[string][]string{"agreement.coming": mailed}},
		{"AG8: nothing between the reminders", func() { until(8) }, nil, nil},
		{"AG8: a week before", func() { until(7) }, map[string][]string{"agreement.coming": agents}, map[string][]string{"agreement.coming": mailed}},
		{"AG8: on the day", func() { until(0) }, map[string][]string{"agreement.coming": agents, "agreement.enforced": agents}, map[string][]string{"agreement.coming": mailed, "agreement.enforced": mailed}},
		{
			"AG5: the customer accepts it", func() { do(w, agreement.Accept, w.actor("customer"), agreement.Acceptance{Rank: 2, Agreed: true}) },
			map[string][]string{"agreement.accepted": agents},
			map[string][]string{"agreement.accepted": mailed},
		},
		{
			"N12: the partner gives delegated administration back", func() { do(w, customer.EndDelegation, w.actor(agent), customer.Ref{ID: c.ID}) },
			map[string][]string{"delegation.ended": {agent}, "delegation.withdrawn": {"customer"}},
			map[string][]string{"delegation.ended": {agent + " sv"}, "delegation.withdrawn": {"customer fr"}},
		},
		{
			"N5, E27: the relation is ended", func() {
				do(w, customer.Remove, w.actor(agent), customer.Removal{
					ID: c.ID, Typed: c.OriginalName, Statement: &relationship.Statement{Version: relationship.StatementVersion, Language: "sv", Made: true},
				})
			},
			map[string][]string{"relationship.removed": {agent, admin, sales}},
			nil,
		},
		{
			"N19: a file of admin relationships is worked through", func() {
				order, err := gdapbulk.Read(gdapbulk.Asking, "nord.csv", strings.NewReader(wanted("0190b3f8-0000-7000-8000-000000000000")))
				if err != nil {
					t.Fatal(err)
				}
				planned := do(w, gdapbulk.Plan[order.Kind], w.actor(agent), order)
				do(w, gdapbulk.Start[order.Kind], w.actor(agent), planned.ID)
				w.work()
				asked := do(w, gdapbulk.ListRows, w.actor(agent), gdapbulk.Rows{Batch: planned.ID})[0]
				do(w, gdap.End, w.actor(agent), gdap.Ref{Relationship: asked.Relationship}) // N12 tells nobody of what nobody answered
			}, map[string][]string{"delegation.batch": {agent}}, nil,
		},
		{"N19: an import is rehearsed", func() { w.start(sales, w.upload(sales, clients), true) }, map[string][]string{"import.rehearsed": {sales}}, nil},
		{
			"N19, N7: customers are imported", func() { w.start(sales, w.upload(sales, clients), false) },
			map[string][]string{"import.ended": {sales}, "verification.opened": agents, "verification.queued": {reviewer}},
			nil,
		},
	}, w.tellingsOfRelations(), w.tellingsOfDelegation(&c), []telling{
		{"N19: an import fails, because the partner is suspended meanwhile", func() {
			w.start(sales, w.upload(sales, strings.ReplaceAll(clients, "K-1", "K-9")), false)
			status := identity.PartnerSuspended
			do(w, identity.UpdatePartner, w.actor(chief), identity.PartnerChange{Tenant: w.direct.Tenant, Status: &status, Cause: "Facture en retard"})
		}, map[string][]string{"import.failed": {sales}}, nil},
	}) {
		h.forget()
		w.k.Clock.Advance(time.Minute)
		step.do()
		w.work()
		if got := h.told(); !maps.EqualFunc(got, step.told, slices.Equal) {
			t.Errorf("%s: told is %v, want %v", step.what, got, step.told)
		}
		if got := h.mails(); !maps.EqualFunc(got, step.mail, slices.Equal) {
			t.Errorf("%s: written is %v, want %v", step.what, got, step.mail)
		}
	}
	for _, r := range notice.Rows() {
		if !h.heard[r.Kind] {
			t.Errorf("%s %s: nobody has heard of it", r.Number, r.Kind)
		}
	}
}
