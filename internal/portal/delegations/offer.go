package delegations

import (
	"errors"
	"net/http"

	"comptoir/internal/fault"
	"comptoir/internal/gdap"
	"comptoir/internal/identity"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

// offerPath is the page of one request.
const offerPath = visit.OfferPath + "{id}"

// offer is the page on which a customer answers a request for admin roles.
type offer struct {
	*visit.Visit
	asked gdap.Offer
	said  visit.Verdicts
}

func openOffer(v *visit.Visit) (*offer, error) {
	if v.Actor.Kind != policy.Customer {
		return nil, refusal.NotFound
	}
	found, err := visit.Do(v, gdap.OwnGet, gdap.Decision{Relationship: v.Request.PathValue("id")})
	return &offer{Visit: v, asked: found}, err
}

func showOffer(v *visit.Visit) error {
	o, err := openOffer(v)
	if err != nil {
		return err
	}
	return o.show(http.StatusOK)
}

func (o *offer) show(status int) error {
	f := o.Frame(o.T("delegationpage.title"), visit.CustomerHome)
	f.Subtitle = o.T("delegationpage.subtitle", "Partner", o.asked.PartnerName)
	f.Badges = []block.Badge{o.badge()}
	if m := o.standing(); m.Text != "" {
		f.Messages = append(f.Messages, m)
	}
	if why := o.Reason("own.gdap.decide", true); o.asks() && why != "" {
		f.Messages = append(f.Messages, block.Message{Tone: block.Info, Text: why})
	}
	f.Help = block.Help{
		Title: o.T("delegationpage.title"), Text: []string{o.T("delegationpage.help"), o.T("delegationpage.help_end")},
		Roles: o.RolesFor("own.gdap.decide", true),
	}
	return o.ShowAs(status, offerPage(o, f))
}

// answerOffer takes the answer.
func answerOffer(v *visit.Visit) error {
	if v.Actor.Kind != policy.Customer {
		return refusal.NotFound
	}
	in := gdap.Decision{Relationship: v.Request.PathValue("id")}
	decide, words := gdap.OwnApprove, "delegationpage.approved"
	switch v.Form("answer") {
	case "approve":
	case "decline":
		decide, words = gdap.OwnReject, "delegationpage.declined"
	default: // what was not said is no approval
		return refusal.Malformed
	}
	_, err := visit.DoOnce(v, decide, in)
	if err == nil {
		v.Toast(v.T(words))
		return v.Redirect(visit.OfferPath + in.Relationship)
	}
	if fault.KindOf(err) != fault.Conflict && !errors.Is(err, identity.ErrFactorToAccept) {
		return err
	}
	o, failed := openOffer(v)
	if failed != nil {
		return failed
	}
	o.said.Refuse("", v.Sentence(err))
	return o.show(visit.Status(err))
}

func (o *offer) badge() block.Badge { return o.DelegationStatus(o.asked.Status) }

// asks reports whether the page waits for an answer.
func (o *offer) asks() bool { return o.asked.Status == gdap.ApprovalPending }

// standing says why there is nothing to answer any more.
func (o *offer) standing() block.Message {
	switch {
	case o.asked.Status == gdap.Active:
		return block.Message{Tone: block.Info, Text: o.T("delegationpage.is_active", "Partner", o.asked.PartnerName, "Date", o.Date(o.asked.EndsAt))}
	case o.asked.Status == gdap.Expired && o.asked.ActivatedAt.IsZero():
		return block.Message{Tone: block.Warning, Text: o.T("delegationpage.is_lapsed", "Partner", o.asked.PartnerName)}
	case o.asked.Status.Over() && o.asked.ActivatedAt.IsZero():
		return block.Message{Tone: block.Info, Text: o.T("delegationpage.is_withdrawn", "Partner", o.asked.PartnerName)}
	case o.asked.Status.Over():
		return block.Message{Tone: block.Info, Text: o.T("delegationpage.is_over", "Date", o.Date(o.asked.EndedAt))}
	}
	return block.Message{}
}

// facts are what is asked for.
func (o *offer) facts() []block.Fact {
	extend := o.T("delegationpage.extend_no")
	if o.asked.Permanent() {
		extend = o.T("delegationpage.extend_yes")
	}
	facts := []block.Fact{
		{Term: o.T("delegationpage.partner"), Value: o.asked.PartnerName},
		{Term: o.T("delegationpage.name"), Value: o.asked.Name},
		{Term: o.T("delegationpage.duration"), Value: o.N("delegationpage.days", int64(o.asked.Days()))},
		{Term: o.T("delegationpage.extend"), Value: extend},
	}
	switch {
	case o.asks():
		facts = append(facts,
			block.Fact{Term: o.T("delegationpage.end"), Value: o.Date(o.asked.EndIfApproved), Hint: o.T("delegationpage.end_hint")},
			block.Fact{Term: o.T("delegationpage.answer_by"), Value: o.Date(o.asked.AnswerBy)})
	case !o.asked.EndsAt.IsZero():
		facts = append(facts, block.Fact{Term: o.T("delegationpage.end"), Value: o.Date(o.asked.EndsAt)})
	}
	if o.asked.ApprovedBy != "" {
		facts = append(facts, block.Fact{Term: o.T("notice.fact.approver"), Value: o.asked.ApprovedBy})
	}
	return facts
}

// roles are the roles that are asked for, with a warning where they reach far.
func (o *offer) roles() []block.Fact {
	return roleFacts(o.Visit, o.asked.Roles)
}

// bound reports whether the request is for this organization alone, which may then
// decline it.
func (o *offer) bound() bool { return o.asked.Customer != "" }
