package partnerships

import (
	"net/http"

	"comptoir/internal/fault"
	"comptoir/internal/partnership"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

// offer is the page to which the link of a request leads (P-16).
type offer struct {
	*visit.Visit
	token string
	asked partnership.Offer
	said  visit.Verdicts
}

func openOffer(v *visit.Visit) (*offer, error) {
	if v.Actor.Kind != policy.Partner {
		return nil, refusal.NotFound
	}
	o := &offer{Visit: v, token: v.Request.PathValue("token")}
	var err error
	o.asked, err = visit.Do(v, partnership.Look, o.token)
	return o, err
}

func showOffer(v *visit.Visit) error {
	o, err := openOffer(v)
	if err != nil {
		return err
	}
	return o.show(http.StatusOK)
}

// authorize takes the answer.
func authorize(v *visit.Visit) error {
	if v.Actor.Kind != policy.Partner {
		return refusal.NotFound
	}
	p, err := visit.DoOnce(v, partnership.Authorize, partnership.Authorization{Token: v.Request.PathValue("token"), Agreed: v.Form("agreed") == "yes"})
	switch kind := fault.KindOf(err); {
	case err == nil:
		v.Toast(v.T("partnership.offer.done", "Provider", p.Name))
		return v.Redirect(visit.ProvidersPath)
	case kind != fault.Invalid && kind != fault.Conflict:
		return err
	}
	o, failed := openOffer(v)
	if failed != nil {
		return failed
	}
	status := visit.Status(err)
	if o.said, err = v.Judge(err, nil, func(member string) string { return member }, func(string) string { return "" }); err != nil {
		return err
	}
	return o.show(status)
}

func (o *offer) show(status int) error {
	area := visit.Nowhere
	if o.May("partnership.providers", false) {
		area = visit.Providers
	}
	f := o.Frame(o.T("partnership.offer.title", "Provider", o.asked.Provider.Name), area)
	if area == visit.Providers {
		f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: o.T("partnership.providers.title"), Href: visit.ProvidersPath})
	}
	f.Title = o.T("partnership.offer.title", "Provider", o.asked.Provider.Name)
	f.Subtitle = o.T("partnership.offer.subtitle")
	if m, stands := o.standing(); stands {
		f.Messages = append(f.Messages, m)
	}
	f.Help = block.Help{
		Title: o.T("partnership.offer.help_title"), Roles: o.RolesFor("partnership.accept", true),
		Text: []string{o.T("partnership.help.authorize"), o.T("partnership.providers.apart"), o.T("partnership.help.end")},
	}
	return o.ShowAs(status, offerPage(o, f))
}

// standing says why there is nothing to authorize, or who may (RF-25); the second
// result is false when the reader can.
func (o *offer) standing() (block.Message, bool) {
	switch {
	case o.asked.Connected:
		return block.Message{Tone: block.Success, Text: o.Fault(partnership.ErrConnected.With("Partner", o.asked.Provider.Name)), Links: []block.Link{
			{Label: o.T("partnership.providers.title"), Href: visit.ProvidersPath},
		}}, true
	case o.asked.Obstacle != nil:
		return block.Message{Tone: block.Blocked, Text: o.Sentence(o.asked.Obstacle)}, true
	case o.asked.State != partnership.Open:
		return block.Message{Tone: block.Warning, Text: o.Fault(partnership.ErrEnded.With("State", fault.Keys{o.asked.State.Key()}))}, true
	}
	if reason := o.Reason("partnership.accept", true); reason != "" {
		return block.Message{Tone: block.Warning, Text: reason}, true
	}
	return block.Message{}, false
}

// asks reports whether the reader can authorize the provider.
func (o *offer) asks() bool {
	_, stands := o.standing()
	return !stands
}

func (o *offer) facts() []block.Fact {
	p := o.asked.Provider
	facts := []block.Fact{
		{Term: o.T("partnership.column.provider"), Value: p.Name},
		{Term: o.T("partnership.column.location"), Value: o.Country(p.Country)},
		{Term: o.T("partnership.column.number"), Value: p.PartnerID, Mono: true},
		{Term: o.T("partnership.column.domain"), Value: p.Domain},
	}
	if o.asked.State == partnership.Open {
		facts = append(facts, block.Fact{Term: o.T("partnership.column.expires"), Value: o.DateTime(o.asked.ExpiresAt)})
	}
	return facts
}

// powers are what the reseller authorizes the provider to, and what it does not
// (rule E19).
func (o *offer) powers() []string {
	return []string{
		o.T("partnership.offer.orders"),
		o.T("partnership.offer.customers"),
		o.T("partnership.offer.apart"),
		o.T("partnership.offer.end"),
	}
}
