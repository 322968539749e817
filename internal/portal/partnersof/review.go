package partnersof

import (
	"strconv"

	"comptoir/internal/gdap"
	"comptoir/internal/identity"
	"comptoir/internal/partnerprofile"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
)

// wizard is the frame of a step: the company, the review, what came of it.
func (a *answering) wizard(step int) block.Wizard {
	labels := []string{a.T("acceptpage.step.company"), a.T("acceptpage.step.review"), a.T("acceptpage.step.done")}
	w := block.Wizard{Label: a.T("acceptpage.title"), Heading: labels[step], Cancel: visit.CustomerHomePath, Last: step == 2}
	for i, label := range labels {
		s := block.Step{Label: label}
		switch {
		case i == step && !w.Last:
			s.State = block.Current
		case i <= step:
			s.State = block.Done
			if !w.Last {
				s.Href = a.at(visit.InvitationPath) + "&" + companyStep + "=company"
			}
		}
		w.Steps = append(w.Steps, s)
	}
	w.Form = block.Form{ID: "invitation", CSRF: a.CSRF(), RequestID: a.Actor.RequestID}
	switch step {
	case 0:
		w.Text, w.Action, w.Next = a.T("acceptpage.company.text"), a.at(visit.InvitationPath), a.T("acceptpage.company.next")
	case 1:
		w.Text, w.Action, w.Next, w.Back = a.T("acceptpage.review.text"), a.at(reviewPath), a.T("acceptpage.accept"), true
	}
	return w
}

// partnerFacts is who a partner is (rule E15).
func (a *answering) partnerFacts(p partnerprofile.Known) []block.Fact {
	location := a.Country(p.Country)
	if p.City != "" {
		location = p.City + ", " + location
	}
	return []block.Fact{
		{Term: a.T("acceptpage.legal_name"), Value: p.LegalName},
		{Term: a.T("acceptpage.location"), Value: location},
		{Term: a.T("portal.partner_id"), Value: p.PartnerID, Copy: true},
		{Term: a.T("acceptpage.domain"), Value: p.Domain},
	}
}

// sells reports whether the partner that invited orders in its own name.
func (a *answering) sells() bool {
	return a.offer.Provider == nil && a.offer.Partner.Types&policy.Sellers != 0
}

// rights say what the partner that invited will be able to do (rules E15, E31, A3).
func (a *answering) rights() []block.Fact {
	name := a.offer.Partner.LegalName
	orders, bills := a.T("acceptpage.may.order"), a.T("acceptpage.may.bill", "Partner", name)
	switch {
	case a.offer.Provider != nil:
		orders, bills = a.T("acceptpage.may.see_through", "Provider", a.offer.Provider.LegalName), a.T("acceptpage.may.bill_reseller", "Partner", name)
	case !a.sells():
		orders, bills = a.T("acceptpage.may.see"), a.T("acceptpage.may.bill_reseller", "Partner", name)
	}
	users := a.T("acceptpage.may.no_roles", "Partner", name)
	if a.offer.Delegated {
		users = a.T("acceptpage.may.roles")
	}
	return []block.Fact{
		{Term: a.T("acceptpage.subscriptions"), Value: orders},
		{Term: a.T("acceptpage.billing"), Value: bills},
		{Term: a.T("acceptpage.users"), Value: users},
		{Term: a.T("acceptpage.present"), Value: a.T("acceptpage.present_text")},
	}
}

// providerRights say what the provider of a joint invitation will be able to do
// (rule E6).
func (a *answering) providerRights() []block.Fact {
	return []block.Fact{
		{Term: a.T("acceptpage.subscriptions"), Value: a.T("acceptpage.may.provider", "Partner", a.offer.Partner.LegalName)},
		{Term: a.T("acceptpage.users"), Value: a.T("acceptpage.may.no_roles", "Partner", a.offer.Provider.LegalName)},
	}
}

// terms say how long the admin roles last (rules E15, F7).
func (a *answering) terms() []block.Fact {
	extend := a.T("delegationpage.extend_no")
	if a.offer.Terms.Permanent() {
		extend = a.T("delegationpage.extend_yes")
	}
	return []block.Fact{
		{Term: a.T("delegationpage.duration"), Value: a.N("delegationpage.days", int64(a.offer.Terms.Days()))},
		{Term: a.T("delegationpage.end"), Value: a.Date(a.Kernel().Clock.Now().AddDate(0, 0, a.offer.Terms.Days())), Hint: a.T("acceptpage.end_hint")},
		{Term: a.T("delegationpage.extend"), Value: extend},
	}
}

// needsFactor reports whether the reader has to prove a second factor before
// accepting (rule A12).
func (a *answering) needsFactor() bool {
	return identity.MFAMode(a.Kernel()) == "enforce" && !a.Actor.MFA
}

// factorMessage leads to where the factor is proved, and back to the review.
func (a *answering) factorMessage() block.Message {
	m := block.Message{Tone: block.Info, Text: a.T("identity.factor_to_accept")}
	if verify := a.Site().Verify; verify != nil {
		m.Links = []block.Link{{Label: a.T("acceptpage.verify"), Href: verify(a.at(reviewPath))}}
	}
	return m
}

// tick is one of the two boxes of the review.
func (a *answering) tick(name, label string) block.Field {
	return a.said.Mark(block.Field{Name: name, Label: label, Required: true, Checked: a.Form(name) == "yes"})
}

func (a *answering) tickRelation() block.Field {
	if a.offer.Provider != nil {
		return a.tick(tickRelation, a.T("acceptpage.tick.both", "Partner", a.offer.Partner.LegalName, "Provider", a.offer.Provider.LegalName))
	}
	return a.tick(tickRelation, a.T("acceptpage.tick.relation", "Partner", a.offer.Partner.LegalName))
}

func (a *answering) tickAgreed() block.Field {
	return a.tick(tickAgreed, a.T("acceptpage.tick.agreed", "Version", a.offer.Agreement.Label))
}

func (a *answering) rank() string { return strconv.FormatInt(a.offer.Agreement.Rank, 10) }

// next says what happens after the acceptance (K-4, rule E17).
func (a *answering) next() []block.Fact {
	facts := []block.Fact{{Term: a.T("acceptpage.next.told"), Value: a.T("acceptpage.next.told_text")}}
	if a.offer.Provider != nil || a.sells() {
		facts = append(facts, block.Fact{Term: a.T("acceptpage.next.verified"), Value: a.T("acceptpage.next.verified_text")})
	}
	if a.offer.Delegated {
		facts = append(facts, block.Fact{Term: a.T("acceptpage.users"), Value: a.T("acceptpage.next.roles_text", "Partner", a.offer.Partner.LegalName)})
	}
	return append(facts,
		block.Fact{Term: a.T("acceptpage.next.agreement"), Value: a.T("acceptpage.next.agreement_text")},
		block.Fact{Term: a.T("acceptpage.present"), Value: a.T("acceptpage.present_text")})
}

// roleFacts are roles as a customer reads them: what each is for, and a badge where
// it reaches far.
func roleFacts(v *visit.Visit, roles gdap.Set) []block.Fact {
	facts := make([]block.Fact, len(roles))
	for i, r := range roles {
		role, _ := gdap.RoleByID(r)
		facts[i] = block.Fact{Term: role.Name, Hint: v.DirectoryRole(r), Badge: block.Badge{Tone: block.Neutral, Text: v.T("delegationpage.limited")}}
		if role.Privileged {
			facts[i].Badge = block.Badge{Tone: block.Warning, Text: v.T("delegationpage.privileged")}
		}
	}
	return facts
}

// personal says that the link is of an invitation, whose answer its partner sees.
func (a *answering) personal() bool { return !a.offer.ExpiresAt.IsZero() }

// declining is the question before the answer is no.
func (a *answering) declining() block.Dialog {
	text := a.T("acceptpage.decline.text")
	if !a.personal() {
		text = a.T("acceptpage.decline.untold")
	}
	return block.Dialog{
		ID: "decline", Title: a.T("acceptpage.decline.title", "Partner", a.offer.Partner.LegalName), Text: text,
		Action: a.at(declinePath), CSRF: a.CSRF(), RequestID: a.Actor.RequestID, Confirm: a.T("acceptpage.decline"), Cancel: a.at(reviewPath),
		Reason: a.Sentence(a.refused),
	}
}
