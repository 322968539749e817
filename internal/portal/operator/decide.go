package operator

import (
	"errors"
	"net/http"
	"strconv"

	"comptoir/internal/fault"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
	"comptoir/internal/verification"
)

// seenCase and seenVersion are what the reader decides about: what the form was
// opened with, so that nobody decides about data that he has not seen.
func (r *review) seenCase() string {
	if r.typed.Has("case") {
		return r.typed.Get("case")
	}
	return r.current().ID
}

func (r *review) seenVersion() int64 {
	if n, err := strconv.ParseInt(r.typed.Get("version"), 10, 64); err == nil {
		return n
	}
	return r.current().Version
}

func (r *review) verdict() verification.Decision {
	return verification.Decision{
		Partner: r.account.Partner, Customer: r.account.Customer, Case: r.seenCase(), Version: r.seenVersion(),
		Reason: verification.Reason(r.Form("reason")), Text: r.Form("text"),
	}
}

func askApprove(v *visit.Visit) error {
	r, err := openCase(v)
	if err != nil {
		return err
	}
	return v.Show(approvePage(r, r.frame()))
}

// approveText says what an approval sets free, and reminds of what was noted.
func (r *review) approveText() string {
	text := r.T("verifyqueue.approve.text")
	if n := len(r.current().Findings); n > 0 {
		text += " " + r.N("verifyqueue.approve.findings", int64(n))
	}
	return text
}

func approve(v *visit.Visit) error {
	r, err := openCaseForm(v)
	if err != nil {
		return err
	}
	_, err = visit.Do(v, verification.Approve, r.verdict())
	if err == nil {
		v.Toast(v.T("verifyqueue.approved", "Name", r.current().CustomerName))
		return v.Redirect(queuePath)
	}
	status, err := r.overtaken(err)
	if err != nil {
		return err
	}
	return v.ShowAs(status, approvePage(r, r.frame()))
}

// openCaseForm is openCase for a form that was sent.
func openCaseForm(v *visit.Visit) (*review, error) {
	_ = v.Form("csrf") // reads the form
	return openCase(v)
}

// overtaken puts what somebody else did meanwhile, or that the case is not the
// reader's to decide, above the form, which keeps what was typed, and returns the status of the page; another error is returned.
// The data in the page behind is the new one, and so the next try is about it.
func (r *review) overtaken(err error) (int, error) {
	switch fault.KindOf(err) {
	case fault.Conflict, fault.Stale:
	default:
		if !errors.Is(err, verification.ErrOwnOrganization) {
			return 0, err
		}
	}
	r.said.Refuse("", r.Sentence(err))
	if errors.Is(err, verification.ErrChangedMeanwhile) {
		r.typed.Del("case")
		r.typed.Del("version")
	}
	return visit.Status(err), nil
}

func askReject(v *visit.Visit) error {
	r, err := openCase(v)
	if err != nil {
		return err
	}
	return v.Show(rejectPage(r, r.frame()))
}

// reason and words are those of the form, and before it was sent those that
// another reviewer proposed.
func (r *review) reason() string {
	if r.typed.Has("reason") {
		return r.typed.Get("reason")
	}
	if p := r.current().Proposal; p.By != "" {
		return string(p.Reason)
	}
	return ""
}

func (r *review) words() string {
	if r.typed.Has("text") {
		return r.typed.Get("text")
	}
	if p := r.current().Proposal; p.By != "" {
		return p.Text
	}
	return ""
}

// reasons are the reasons of a rejection.
func (r *review) reasons() []block.Option {
	all := make([]block.Option, 0, len(verification.Reasons()))
	for _, reason := range verification.Reasons() {
		all = append(all, block.Option{Value: string(reason), Label: r.RejectionReason(reason)})
	}
	return all
}

func (r *review) rejectDialog() block.Dialog {
	d := block.Dialog{
		ID: "reject", Title: r.T("operator.reject.title", "Name", r.current().CustomerName), Text: r.T("operator.reject.text"), Tone: block.Warning,
		Action: r.path() + "/reject", CSRF: r.CSRF(), Confirm: r.T("common.reject"), Destructive: true, Cancel: r.path(),
	}
	if r.NeedsTwo && r.current().Proposal.By == "" {
		d.Text += " " + r.T("verifyqueue.reject.two")
	}
	return d
}

func reject(v *visit.Visit) error {
	r, err := openCaseForm(v)
	if err != nil {
		return err
	}
	c, err := visit.Do(v, verification.Reject, r.verdict())
	switch {
	case err == nil && c.Open():
		v.Toast(v.T("verifyqueue.proposed", "Name", c.CustomerName))
		return v.Redirect(queuePath)
	case err == nil:
		v.Toast(v.T("verifyqueue.rejected", "Name", c.CustomerName))
		return v.Redirect(queuePath)
	case errors.Is(err, verification.ErrReason), errors.Is(err, verification.ErrText):
		r.said.Refuse(fieldOf(err), v.Sentence(err))
		return v.ShowAs(http.StatusBadRequest, rejectPage(r, r.frame()))
	}
	status, err := r.overtaken(err)
	if err != nil {
		return err
	}
	return v.ShowAs(status, rejectPage(r, r.frame()))
}

// fieldOf returns the field of a form that err is about.
func fieldOf(err error) string {
	if all := fault.All(err); len(all) > 0 {
		return all[0].Field
	}
	return ""
}
