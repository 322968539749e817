package partnersof

import (
	"errors"
	"net/http"

	"comptoir/internal/fault"
	"comptoir/internal/identity"
	"comptoir/internal/invitation"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

// state is why there is nothing to accept, and what to do about it.
type state struct {
	status      int
	kind        block.EmptyKind
	title, text string
	code        string
	actions     []block.Button
	// answerers may accept, and forward is the link to send them; for RF-25.
	answerers []identity.User
	forward   string
}

// explain draws the page of a link that leads this reader nowhere. What concerns
// nothing of the link is returned.
func (a *answering) explain(err error) error {
	s := state{status: visit.Status(err), kind: block.NoRight, text: a.Sentence(err)}
	if all := fault.All(err); len(all) > 0 {
		s.code = all[0].Code
	}
	switch {
	case errors.Is(err, refusal.RF24):
		s.kind, s.title = block.NotHere, a.T("acceptpage.invalid")
	case errors.Is(err, refusal.RF23):
		s.title, s.actions = a.T("acceptpage.elsewhere"), a.signInAs()
	case errors.Is(err, refusal.RF09):
		s.title, s.actions = a.T("acceptpage.partner"), a.signInAs()
	case errors.Is(err, refusal.RF25):
		if failed := a.forward(&s); failed != nil {
			return failed
		}
	default:
		return err
	}
	return a.showState(s)
}

// forward names the people who may accept, and the link to forward to them (RF-25).
func (a *answering) forward(s *state) error {
	var err error
	if s.answerers, err = visit.Do(a.Visit, invitation.Answerers, a.link); err != nil {
		return err
	}
	names := make([]string, len(s.answerers))
	for i, p := range s.answerers {
		names[i] = p.DisplayName
	}
	s.title, s.text = a.T("acceptpage.forward"), a.Sentence(refusal.RF25.With("Admins", names))
	if l, err := invitation.ParseLink(a.link); err == nil {
		s.forward = l.URL(a.Site().Origin.Base(a.Request))
	}
	s.actions = a.signInAs()
	return nil
}

// state says why what the link offers cannot be accepted (rules E12, E16).
func (a *answering) state() state {
	o := a.offer
	s := state{status: http.StatusConflict, kind: block.NothingYet, actions: a.home()}
	partner := o.Partner.LegalName
	switch {
	case errors.Is(o.Obstacle, refusal.RF08):
		s.title, s.text = a.T("acceptpage.market"), a.T("acceptpage.market_text", "Partner", partner, "Country", a.country(o.Obstacle))
	case errors.Is(o.Obstacle, refusal.RF09):
		s.title, s.text, s.actions = a.T("acceptpage.partner"), a.Sentence(o.Obstacle), a.signInAs()
	case o.Obstacle != nil:
		s.title, s.text = a.T("acceptpage.stopped"), a.Sentence(o.Obstacle)
	case o.Connected:
		s.status, s.title, s.text = http.StatusOK, a.T("acceptpage.connected", "Partner", partner), a.T("acceptpage.connected_text")
		s.actions = a.toPartners()
	case o.State == invitation.Withdrawn:
		s.title, s.text = a.T("acceptpage.withdrawn"), a.T("acceptpage.withdrawn_text", "Partner", partner)
	case o.State == invitation.Declined:
		s.title, s.text = a.T("acceptpage.was_declined"), a.T("acceptpage.was_declined_text", "Partner", partner)
	case o.State == invitation.Accepted:
		s.title, s.text = a.T("acceptpage.used"), a.T("acceptpage.used_text", "Partner", partner)
	default:
		s.title, s.text = a.T("acceptpage.expired"), a.T("acceptpage.expired_text", "Partner", partner, "Date", a.Date(o.ExpiresAt))
	}
	if all := fault.All(o.Obstacle); len(all) > 0 {
		s.code, s.status = all[0].Code, visit.Status(o.Obstacle)
	}
	return s
}

// country is the one that RF-08 names.
func (a *answering) country(err error) string {
	for _, e := range fault.All(err) {
		if name, ok := e.Args["Country"].(string); ok {
			return name
		}
	}
	return ""
}

// toPartners leads to the partners of the reader, where he may see them.
func (a *answering) toPartners() []block.Button {
	if !a.May("own.partner.view", false) {
		return a.home()
	}
	return []block.Button{
		{Label: a.T("acceptpage.partners"), Kind: block.Primary, Href: visit.OwnPartnersPath},
		{Label: a.T("portal.home"), Href: a.Home()},
	}
}

func (a *answering) home() []block.Button {
	return []block.Button{{Label: a.T("portal.home"), Kind: block.Primary, Href: a.Home()}}
}

// signInAs offers to come back as somebody else.
func (a *answering) signInAs() []block.Button {
	again := a.Site().SignInAs
	if again == nil {
		return a.home()
	}
	return []block.Button{
		{Label: a.T("acceptpage.sign_in_as"), Kind: block.Primary, Href: again(a.Here())},
		{Label: a.T("portal.home"), Href: a.Home()},
	}
}

func (a *answering) showState(s state) error {
	f := a.Frame(a.T("acceptpage.title"), visit.Nowhere)
	return a.ShowAs(s.status, statePage(a, f, s))
}

// forwarding is the link as the reader forwards it.
func (s state) forwarding(a *answering) []block.Fact {
	return []block.Fact{{Term: a.T("acceptpage.forward_link"), Value: s.forward, Copy: true}}
}
