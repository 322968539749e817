package partnersof

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"comptoir/internal/draft"
	"comptoir/internal/fault"
	"comptoir/internal/identity"
	"comptoir/internal/invitation"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/customers"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

const (
	reviewPath  = visit.InvitationPath + "/review"
	declinePath = visit.InvitationPath + "/decline"
	donePath    = visit.InvitationPath + "/done"
)

// draftForm names the draft of what an organization says of itself. It is the same
// whoever invites.
const draftForm = "invitation.company"

// answering is one step of answering an invitation (K-4).
type answering struct {
	*visit.Visit
	link    string // the members of the link, as the address carries them
	offer   invitation.Offer
	company *customers.Company
	said    visit.Verdicts
	refused error // why there is nothing to decline
}

// openAnswer reads what the link in the address offers. Where there is nothing to
// accept it draws the page that says why, and returns nil.
func openAnswer(v *visit.Visit) (*answering, error) {
	a, err := lookAt(v)
	if a == nil || err != nil {
		return nil, err
	}
	if !a.open() {
		return nil, a.showState(a.state())
	}
	a.company = customers.NewCompany(v, a.offer.Company)
	return a, a.load()
}

// lookAt reads what the link in the address is, whether or not there is something to
// accept still. Of one that leads this reader nowhere it draws the page that says why,
// and returns nil.
func lookAt(v *visit.Visit) (*answering, error) {
	a := &answering{Visit: v, link: v.Request.URL.RawQuery}
	if v.Actor.Kind != policy.Customer {
		return nil, a.explain(refusal.RF09)
	}
	var err error
	if a.offer, err = visit.Do(v, invitation.Look, a.link); err != nil {
		return nil, a.explain(err)
	}
	a.link = a.offer.Link.Query()
	if errors.Is(a.offer.Obstacle, refusal.RF25) {
		return nil, a.explain(a.offer.Obstacle)
	}
	return a, nil
}

// open reports whether the invitation can be accepted.
func (a *answering) open() bool {
	return a.offer.Obstacle == nil && !a.offer.Connected && a.offer.State == invitation.Open
}

// load puts what was typed before into the form: nothing typed is lost, whatever
// happens between the steps.
func (a *answering) load() error {
	d, err := visit.Do(a.Visit, draft.Load, draftForm)
	if err != nil || d.SavedAt.IsZero() {
		return err
	}
	var typed url.Values
	if json.Unmarshal([]byte(d.Content), &typed) == nil { // else written by another version of the program
		a.company.Type(typed)
	}
	return nil
}

func (a *answering) save() error {
	text, err := json.Marshal(a.company.Typed())
	if err != nil {
		return err
	}
	_, err = visit.Do(a.Visit, draft.Save, draft.Draft{Form: draftForm, Content: string(text)})
	return err
}

// at is the address of a step.
func (a *answering) at(path string) string { return path + "?" + a.link }

// acceptance is what the steps so far say.
func (a *answering) acceptance() invitation.Acceptance {
	return invitation.Acceptance{Link: a.link, Company: a.company.Details(), Rank: a.offer.Agreement.Rank}
}

// complete holds what is known of the company against the rules (rule E14), and
// keeps what is wrong for the form.
func (a *answering) complete() (bool, error) {
	_, err := visit.Do(a.Visit, invitation.Check, a.acceptance())
	if err != nil && fault.KindOf(err) != fault.Invalid {
		return false, err
	}
	if err := a.company.Judge(err); err != nil {
		return false, err
	}
	return !a.company.Refused(), nil
}

// companyStep asks for the form of the company, even where nothing is missing.
const companyStep = "step"

// openInvitation is the first step: the company, where something is missing, else
// the review.
func openInvitation(v *visit.Visit) error {
	a, err := openAnswer(v)
	if a == nil || err != nil {
		return err
	}
	complete, err := a.complete()
	if err != nil {
		return err
	}
	if complete && v.Query(companyStep) == "" {
		return v.Redirect(a.at(reviewPath))
	}
	return a.showCompany(http.StatusOK)
}

// checkCompany takes the company: on to the review, or back to the form with what is
// wrong.
func checkCompany(v *visit.Visit) error {
	a, err := openAnswer(v)
	if a == nil || err != nil {
		return err
	}
	_ = v.Form("go") // reads the form
	a.company.Type(v.Request.PostForm)
	if err := a.save(); err != nil {
		return err
	}
	complete, err := a.complete()
	if err != nil {
		return err
	}
	if !complete {
		return a.showCompany(http.StatusBadRequest)
	}
	return v.Redirect(a.at(reviewPath))
}

func (a *answering) showCompany(status int) error {
	return a.ShowAs(status, companyPage(a, a.frame()))
}

// reviewInvitation is the second step: what is accepted (rule E15).
func reviewInvitation(v *visit.Visit) error {
	a, err := openReview(v)
	if a == nil || err != nil {
		return err
	}
	return a.showReview(http.StatusOK)
}

// openReview is openAnswer for an organization that has said who it is; another one
// is led to say it.
func openReview(v *visit.Visit) (*answering, error) {
	a, err := openAnswer(v)
	if a == nil || err != nil {
		return nil, err
	}
	complete, err := a.complete()
	switch {
	case err != nil:
		return nil, err
	case !complete:
		return nil, v.Redirect(a.at(visit.InvitationPath))
	}
	return a, nil
}

func (a *answering) showReview(status int) error { return a.ShowAs(status, reviewPage(a, a.frame())) }

// The ticks of an acceptance (rule E15).
const (
	tickRelation = "relation"
	tickAgreed   = "agreed"
)

// accepting reads what the review says. The company is the one that was shown there,
// whatever has become of the draft since.
func accepting(v *visit.Visit) (invitation.Acceptance, error) {
	in := invitation.Acceptance{Link: v.Request.URL.RawQuery, Relation: v.Form(tickRelation) == "yes", Agreed: v.Form(tickAgreed) == "yes"}
	var err error
	if in.Rank, err = strconv.ParseInt(v.Form("rank"), 10, 64); err != nil { // that of the text that was shown
		return in, refusal.Argument.On("rank")
	}
	if shown := v.Form("company"); shown != "" && json.Unmarshal([]byte(shown), &in.Company) != nil {
		return in, refusal.Malformed
	}
	return in, nil
}

// shownCompany is the company as the review shows it, for accepting.
func (a *answering) shownCompany() (string, error) {
	text, err := json.Marshal(a.company.Details())
	return string(text), err
}

// acceptInvitation accepts what the review shows. A form that is sent twice does it
// once, and leads to the result both times (portal 0.4).
func acceptInvitation(v *visit.Visit) error {
	if v.Form("go") == "back" {
		return v.Redirect(visit.InvitationPath + "?" + v.Request.URL.RawQuery + "&" + companyStep + "=company")
	}
	in, err := accepting(v)
	if err != nil {
		return err
	}
	if _, err := visit.DoOnce(v, invitation.Accept, in); err != nil {
		return refuseAcceptance(v, in, err)
	}
	if _, err := visit.Do(v, draft.Drop, draftForm); err != nil { // it runs out by itself
		v.Kernel().Log.WarnContext(v.Context(), "a draft was not dropped", "form", draftForm, "correlation", v.Actor.CorrelationID, "error", err)
	}
	return v.Redirect(donePath + "?" + in.Link)
}

// refuseAcceptance shows the review again with what could not be done, or why there is
// nothing to accept.
func refuseAcceptance(v *visit.Visit, in invitation.Acceptance, err error) error {
	a, failed := openReview(v)
	if a == nil || failed != nil {
		return failed
	}
	switch {
	case errors.Is(err, invitation.ErrTicks):
		if !in.Relation {
			a.said.Refuse(tickRelation, v.T("acceptpage.tick.relation_missing"))
		}
		if !in.Agreed {
			a.said.Refuse(tickAgreed, v.T("acceptpage.tick.agreed_missing"))
		}
	case fault.KindOf(err) == fault.Conflict || fault.KindOf(err) == fault.Invalid || errors.Is(err, identity.ErrFactorToAccept):
		a.said.Refuse("", v.Sentence(err))
	default:
		return err
	}
	return a.showReview(visit.Status(err))
}

// askDecline is the dialog that asks for the reason; without script it is a page.
func askDecline(v *visit.Visit) error {
	a, err := openAnswer(v)
	if a == nil || err != nil {
		return err
	}
	return v.Show(declinePage(a, a.frame()))
}

// decline answers with no. The partner reads the reason.
func decline(v *visit.Visit) error {
	partner, err := visit.DoOnce(v, invitation.Decline, invitation.Declining{Link: v.Request.URL.RawQuery, Reason: v.Form("reason")})
	if err != nil {
		return refuseDecline(v, err)
	}
	v.Toast(v.T("acceptpage.declined", "Partner", partner))
	return v.Redirect(visit.CustomerHomePath)
}

// refuseDecline shows the dialog again with what could not be done: a script asked for
// a dialog. A link that leads this reader nowhere has none.
func refuseDecline(v *visit.Visit, err error) error {
	a, failed := lookAt(v)
	if a == nil || failed != nil {
		return failed
	}
	switch fault.KindOf(err) {
	case fault.Invalid:
		if !errors.Is(err, refusal.Property) {
			a.refused = err
			break
		}
		a.said.Refuse("reason", v.T("acceptpage.decline.reason_wrong"))
	case fault.Conflict, fault.Forbidden:
		a.refused = err
	default:
		return err
	}
	return a.ShowAs(visit.Status(err), declinePage(a, a.frame()))
}

// showDone is the last step: what has happened, and what comes next.
func showDone(v *visit.Visit) error {
	a := &answering{Visit: v, link: v.Request.URL.RawQuery}
	if v.Actor.Kind != policy.Customer {
		return refusal.NotFound
	}
	var err error
	if a.offer, err = visit.Do(v, invitation.Look, a.link); err != nil {
		return a.explain(err)
	}
	a.link = a.offer.Link.Query()
	if !a.offer.Connected {
		return v.Redirect(a.at(visit.InvitationPath))
	}
	return v.Show(donePage(a, a.frame()))
}

func (a *answering) frame() block.Frame {
	f := a.Frame(a.T("acceptpage.title"), visit.CustomerHome)
	f.Subtitle = a.T("acceptpage.subtitle", "Partner", a.offer.Partner.LegalName)
	f.Breadcrumb = []block.Link{{Label: a.T("portal.home"), Href: visit.CustomerHomePath}}
	f.Help = block.Help{
		Title: a.T("acceptpage.title"), Text: []string{a.T("acceptpage.help.what"), a.T("acceptpage.help.link"), a.T("acceptpage.help.end")},
		Roles: a.RolesFor("own.invitation.answer", true),
	}
	return f
}
