package operator

import (
	"errors"
	"net/http"

	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/portal/visit"
	"comptoir/internal/verification"
)

func askPartner(v *visit.Visit) error {
	r, err := openCase(v)
	if err != nil {
		return err
	}
	return v.Show(askPage(r, r.frame()))
}

// ask has the partner asked; the clock of the case stands still then.
func ask(v *visit.Visit) error {
	r, err := openCaseForm(v)
	if err != nil {
		return err
	}
	_, err = visit.DoOnce(v, verification.Ask, verification.Message{Account: r.account, Text: v.Form("text")})
	if err == nil {
		v.Toast(v.T("verifyqueue.asked", "Name", r.partner.Name))
		return v.Redirect(r.path())
	}
	if errors.Is(err, verification.ErrText) {
		r.said.Refuse("text", v.Sentence(err))
		return v.ShowAs(http.StatusBadRequest, askPage(r, r.frame()))
	}
	status, err := r.overtaken(err)
	if err != nil {
		return err
	}
	return v.ShowAs(status, askPage(r, r.frame()))
}

func askAssign(v *visit.Visit) error {
	r, err := openCase(v)
	if err != nil {
		return err
	}
	return r.showAssign(http.StatusOK)
}

func (r *review) showAssign(status int) (err error) {
	if r.reviewers, err = visit.Do(r.Visit, verification.Reviewers, struct{}{}); err != nil {
		return err
	}
	return r.ShowAs(status, assignPage(r, r.frame()))
}

func assign(v *visit.Visit) error {
	r, err := openCaseForm(v)
	if err != nil {
		return err
	}
	_, err = visit.Do(v, verification.Assign, verification.Assignment{Accounts: []verification.Account{r.account}, To: id.User(v.Form("to"))})
	switch {
	case err == nil:
		v.Toast(v.N("verifyqueue.assigned", 1))
		return v.Redirect(r.path())
	case fault.KindOf(err) != fault.Invalid:
		return err
	}
	r.said.Refuse("to", v.Sentence(err))
	return r.showAssign(http.StatusBadRequest)
}

// note keeps a remark between the reviewers.
func note(v *visit.Visit) error {
	r, err := openCaseForm(v)
	if err != nil {
		return err
	}
	_, err = visit.DoOnce(v, verification.Note, verification.Message{Account: r.account, Text: v.Form("note")})
	switch {
	case err == nil:
		v.Toast(v.T("verifyqueue.noted"))
		return v.Redirect(r.path() + "#history")
	case errors.Is(err, verification.ErrText):
		r.said.Refuse("note", v.Sentence(err))
		return r.show(http.StatusBadRequest)
	}
	status, err := r.overtaken(err)
	if err != nil {
		return err
	}
	return r.show(status)
}

// takeOver has a case reviewed whose check failed.
func takeOver(v *visit.Visit) error {
	r, err := openCaseForm(v)
	if err != nil {
		return err
	}
	_, err = visit.Do(v, verification.TakeOver, r.account)
	if fault.KindOf(err) == fault.Conflict {
		return r.show(http.StatusConflict, v.Blocked(err))
	}
	if err != nil {
		return err
	}
	v.Toast(v.T("verifyqueue.taken_over"))
	return v.Redirect(r.path())
}
