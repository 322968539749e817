package customers

import (
	"net/http"
	"strings"
	"time"

	"comptoir/internal/agreement"
	"comptoir/internal/fault"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
	"comptoir/internal/verification"
)

func agreementPath(a *account) string { return visit.AccountPath(a.tenant) + "/agreement" }

// agreementMembers says which field of the dialog a member of the input is. The
// fields are those of the wizard.
var agreementMembers = map[string]string{
	"dateAgreed":               fAgreedOn,
	"primaryContact.firstName": fAgreedFirst,
	"primaryContact.lastName":  fAgreedLast,
	"primaryContact.email":     fAgreedEmail,
}

// attesting is the dialog that confirms an acceptance (rule AG3).
type attesting struct {
	*account
	person agreement.Person
	on     string // the date, as typed
	said   visit.Verdicts
}

// askAgreement opens the dialog: the primary contact is who usually accepts.
func askAgreement(v *visit.Visit) error {
	a, err := openAccount(v)
	if err != nil {
		return err
	}
	if err := v.Kernel().May(v.Actor, "agreement.attest", true); err != nil {
		return err
	}
	b := a.details.Customer.Billing
	d := &attesting{account: a, on: v.Kernel().Clock.Now().UTC().Format(time.DateOnly), person: agreement.Person{
		FirstName: b.FirstName, LastName: b.LastName, Email: b.Email, Phone: b.Address.PhoneNumber,
	}}
	return d.show(http.StatusOK)
}

// attest takes the dialog.
func attest(v *visit.Visit) error {
	a, err := openAccount(v)
	if err != nil {
		return err
	}
	d := &attesting{account: a, on: v.Form(fAgreedOn), person: agreement.Person{
		FirstName: v.Form(fAgreedFirst), LastName: v.Form(fAgreedLast), Email: v.Form(fAgreedEmail), Phone: v.Form(fAgreedPhone),
	}}
	_, err = visit.DoOnce(v, agreement.Attest, agreement.Confirmation{
		Customer: a.tenant, Attestation: agreement.Attestation{Person: d.person, AgreedAt: day(d.on)},
	})
	switch kind := fault.KindOf(err); {
	case err == nil:
		v.Toast(v.T("customers.agreement.saved"))
		return v.Redirect(visit.AccountPath(a.tenant))
	case kind != fault.Invalid && kind != fault.Conflict:
		return err
	}
	d.said, err = v.Judge(err, nil, func(member string) string { return agreementMembers[member] }, d.label)
	if err != nil {
		return err
	}
	return d.show(http.StatusBadRequest)
}

func (d *attesting) show(status int) error {
	f := d.Frame(d.T("customers.agreement.confirm"), visit.Customers)
	d.crumbs(&f)
	return d.ShowAs(status, attestPage(d, f))
}

// dialog leaves with a key of its own, so that a double click confirms once.
func (d *attesting) dialog() block.Dialog {
	key := d.Form("request-id")
	if key == "" {
		key = d.Actor.RequestID
	}
	return block.Dialog{
		ID: "attest", Title: d.T("customers.agreement.confirm"), Text: d.T("customers.agreement.confirm_text"), Action: agreementPath(d.account),
		CSRF: d.CSRF(), RequestID: key, Confirm: d.T("customers.agreement.confirm"), Cancel: visit.AccountPath(d.tenant) + "#agreement", Wide: true,
	}
}

func (d *attesting) label(name string) string {
	switch name {
	case fAgreedFirst:
		return d.T("customers.field.first_name")
	case fAgreedLast:
		return d.T("customers.field.last_name")
	case fAgreedEmail:
		return d.T("customers.field.email")
	case fAgreedPhone:
		return d.T("customers.field.phone_optional")
	}
	return d.T("customers.field.agreed_on")
}

func (d *attesting) field(name, value string) block.Field {
	return d.said.Mark(block.Field{Name: name, Label: d.label(name), Value: value, Required: name != fAgreedPhone})
}

func appealPath(a *account) string { return visit.AccountPath(a.tenant) + "/appeal" }

// appealing is the dialog that has a rejected account looked at again.
type appealing struct {
	*account
	text string
	said visit.Verdicts
}

func askAppeal(v *visit.Visit) error {
	a, err := openAccount(v)
	if err != nil {
		return err
	}
	if err := v.Kernel().May(v.Actor, "customer.verification.resubmit", true); err != nil {
		return err
	}
	return (&appealing{account: a}).show(http.StatusOK)
}

// appeal takes the dialog. The reviewer needs a word on what has changed.
func appeal(v *visit.Visit) error {
	a, err := openAccount(v)
	if err != nil {
		return err
	}
	d := &appealing{account: a, text: strings.TrimSpace(v.Form("text"))}
	if d.text == "" {
		d.said.Refuse("text", v.T("portal.field.missing", "Field", v.T("customers.appeal.why")))
		return d.show(http.StatusBadRequest)
	}
	if err := d.send(); err != nil {
		if fault.KindOf(err) != fault.Conflict {
			return err
		}
		d.said.Refuse("", v.Sentence(err))
		return d.show(http.StatusConflict)
	}
	v.Toast(v.T("customers.appeal.sent"))
	return v.Redirect(visit.AccountPath(a.tenant))
}

func (d *appealing) send() error {
	_, err := visit.DoOnce(d.Visit, verification.Resubmit, verification.Appeal{Customer: d.tenant, Text: d.text})
	return err
}

func (d *appealing) show(status int) error {
	f := d.Frame(d.T("customers.appeal.open"), visit.Customers)
	d.crumbs(&f)
	return d.ShowAs(status, appealPage(d, f))
}

func (d *appealing) dialog() block.Dialog {
	return block.Dialog{
		ID: "appeal", Title: d.T("customers.appeal.open"), Text: d.T("customers.appeal.text"), Action: appealPath(d.account), CSRF: d.CSRF(),
		RequestID: d.Actor.RequestID, Confirm: d.T("customers.appeal.send"), Cancel: visit.AccountPath(d.tenant) + "#verification",
	}
}
