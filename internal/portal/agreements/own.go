package agreements

import (
	"errors"
	"net/http"
	"strconv"

	"comptoir/internal/agreement"
	"comptoir/internal/fault"
	"comptoir/internal/identity"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

// own is the page where a customer reads and accepts the agreement (K-5).
type own struct {
	*visit.Visit
	agreement agreement.Own
	document  agreement.Document
	said      visit.Verdicts
}

func openOwn(v *visit.Visit) (*own, error) {
	if v.Actor.Kind != policy.Customer {
		return nil, refusal.NotFound
	}
	o := &own{Visit: v}
	var err error
	if o.agreement, err = visit.Do(v, agreement.ShowOwn, struct{}{}); err != nil {
		return nil, err
	}
	wanted := text(v)
	wanted.Rank = o.agreement.Standing.Current.Rank
	o.document, err = visit.Do(v, agreement.ReadOwnText, wanted)
	return o, err
}

func showOwn(v *visit.Visit) error {
	o, err := openOwn(v)
	if err != nil {
		return err
	}
	return o.show(http.StatusOK)
}

func (o *own) show(status int) error {
	f := o.Frame(o.T("agreementpage.own.title"), visit.OwnAgreement)
	f.Subtitle = o.T("agreementpage.own.subtitle")
	f.Badges = []block.Badge{o.badge()}
	f.Messages = append(f.Messages, o.standing()...)
	f.Help = block.Help{
		Title: o.T("agreementpage.own.title"), Text: []string{o.T("agreementpage.own.help"), o.T("agreementpage.own.help_partner")},
		Roles: o.RolesFor("own.agreement.accept", true),
	}
	return o.ShowAs(status, ownPage(o, f))
}

// accept takes the acceptance.
func accept(v *visit.Visit) error {
	if v.Actor.Kind != policy.Customer {
		return refusal.NotFound
	}
	rank, err := strconv.ParseInt(v.Form("rank"), 10, 64)
	if err != nil {
		return refusal.Argument.On("rank")
	}
	_, err = visit.DoOnce(v, agreement.Accept, agreement.Acceptance{Rank: rank, Agreed: v.Form("agreed") == "yes"})
	kind := fault.KindOf(err)
	switch {
	case err == nil:
		v.Toast(v.T("agreementpage.own.saved"))
		return v.Redirect(visit.AgreementPath)
	case kind != fault.Invalid && kind != fault.Conflict && !errors.Is(err, identity.ErrFactorToAccept):
		return err
	}
	o, failed := openOwn(v)
	if failed != nil {
		return failed
	}
	field := ""
	if errors.Is(err, agreement.ErrTick) {
		field = "agreed"
	}
	o.said.Refuse(field, v.Sentence(err))
	return o.show(visit.Status(err))
}

func downloadOwn(v *visit.Visit) error {
	if v.Actor.Kind != policy.Customer {
		return refusal.NotFound
	}
	d, err := visit.Do(v, agreement.ReadOwnText, text(v))
	if err != nil {
		return err
	}
	return v.Send(d.FileName(), d.Media, d.File())
}

func (o *own) badge() block.Badge {
	switch o.agreement.Standing.State {
	case agreement.Confirmed:
		return block.Badge{Tone: block.Success, Text: o.T("customers.agreement.accepted")}
	case agreement.Outdated:
		return block.Badge{Tone: block.Warning, Text: o.T("agreementpage.outdated")}
	case agreement.Missing:
	}
	return block.Badge{Tone: block.Warning, Text: o.T("customers.agreement.open")}
}

// standing says what is to be done, and whom to ask where it cannot be done here
// (rule AG9).
func (o *own) standing() []block.Message {
	s := o.agreement.Standing
	var all []block.Message
	switch obstacle := o.agreement.Obstacle; {
	case errors.Is(obstacle, agreement.ErrAskPartner), errors.Is(obstacle, agreement.ErrNoPartner):
		all = append(all, block.Message{Tone: block.Info, Text: o.Sentence(obstacle)})
	case s.State == agreement.Outdated:
		all = append(all, block.Message{Tone: block.Warning, Text: o.T("agreementpage.own.outdated", "Version", s.Required.Label, "Date", o.Date(s.Required.EnforcedAt))})
	case s.State == agreement.Confirmed && s.Required.Rank != 0:
		all = append(all, block.Message{Tone: block.Info, Text: o.T("agreementpage.own.coming", "Version", s.Required.Label, "Date", o.Date(s.Required.EnforcedAt))})
	case s.State == agreement.Missing:
		all = append(all, block.Message{Tone: block.Warning, Text: o.T("agreementpage.own.missing")})
	}
	return all
}

// asks reports whether the page asks to accept: where orders wait for it, or
// will.
func (o *own) asks() bool {
	s := o.agreement.Standing
	return o.agreement.Obstacle == nil && (s.State != agreement.Confirmed || s.Required.Rank != 0)
}

// needsFactor is what stands above the form for who has to sign in otherwise
// before he accepts (rule A12).
func (o *own) needsFactor() bool {
	return identity.MFAMode(o.Kernel()) == "enforce" && !o.Actor.MFA
}

func (o *own) factorMessage() block.Message {
	m := block.Message{Tone: block.Info, Text: o.T("identity.factor_to_accept")}
	if security := o.Site().Security; security != "" {
		m.Links = []block.Link{{Label: o.T("portal.profile.security"), Href: security}}
	}
	return m
}

func (o *own) download() block.Button {
	return block.Button{
		Label: o.T("agreementpage.download"), Icon: icon.Download,
		Href: ownDocumentPath + query(o.document.Rank, o.document.Language),
	}
}

// history is what was accepted, the newest first.
func (o *own) history() []block.Step {
	all := o.agreement.Agreements
	steps := make([]block.Step, 0, len(all))
	for i := len(all) - 1; i >= 0; i-- {
		a := all[i]
		name := strconv.FormatInt(a.Rank, 10)
		if v, ok := o.agreement.Versions.Find(a.Rank); ok {
			name = v.Label
		}
		s := block.Step{Label: o.T("agreementpage.version", "Version", name), At: a.RecordedAt, By: a.Person.Name(), State: block.Done, Text: o.T("customers.agreement.direct")}
		if a.Method == agreement.Attested {
			s.Text = o.T("agreementpage.attested_by", "Partner", o.agreement.Partners[a.Partner], "Date", o.Date(a.AgreedAt))
		}
		steps = append(steps, s)
	}
	return steps
}
