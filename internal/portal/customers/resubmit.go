package customers

import (
	"net/http"

	"comptoir/internal/fault"
	"comptoir/internal/portal/visit"
	"comptoir/internal/verification"
)

// resubmitting is the dialog that has an account which was not approved verified
// again as it stands (rule C24, P-7). Who has something to prove appeals instead.
type resubmitting struct {
	*account
	text string
	said visit.Verdicts
}

func askResubmit(v *visit.Visit) error {
	d, err := newResubmission(v)
	if err != nil {
		return err
	}
	return d.show(http.StatusOK)
}

func newResubmission(v *visit.Visit) (*resubmitting, error) {
	a, err := openAccount(v)
	if err != nil {
		return nil, err
	}
	return &resubmitting{account: a}, v.Kernel().May(v.Actor, "customer.verification.resubmit", true)
}

func resubmit(v *visit.Visit) error {
	d, err := newResubmission(v)
	if err != nil {
		return err
	}
	d.text = v.Form(fText)
	_, err = visit.DoOnce(v, verification.Resubmit, verification.Appeal{Customer: d.tenant, Text: d.text})
	switch fault.KindOf(err) {
	case fault.Conflict, fault.Invalid:
		d.said.Refuse("", v.Sentence(err))
		return d.show(visit.Status(err))
	}
	if err != nil {
		return err
	}
	v.Toast(v.T("verification.page.resubmitted"))
	return v.Redirect(visit.AccountPath(d.tenant))
}

func (d *resubmitting) show(status int) error {
	f := d.Frame(d.T("verification.page.resubmit"), visit.Customers)
	d.crumbs(&f)
	return d.ShowAs(status, resubmitPage(d, f))
}

// explains says what the dialog does, and what goes with it.
func (d *resubmitting) explains() string {
	text := d.T("verification.page.resubmit_text")
	if n := len(d.documents(true)); n > 0 {
		text += " " + d.N("verification.page.resubmit_documents", int64(n))
	}
	return text
}
