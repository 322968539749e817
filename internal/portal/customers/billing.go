package customers

import (
	"errors"
	"net/http"
	"strconv"

	"comptoir/internal/customer"
	"comptoir/internal/fault"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
	"comptoir/internal/verification"
)

// etag is the version of the billing information, as the form carries it.
func etag(c customer.Customer) string { return strconv.FormatInt(c.Version, 10) }

func billingPath(a *account) string { return visit.AccountPath(a.tenant) + "/billing" }

// saveBilling takes the billing information: it names the effects first, and
// saves when they were confirmed (rule C28).
func saveBilling(v *visit.Visit) error {
	a, err := openAccount(v)
	if err != nil {
		return err
	}
	for _, name := range profileFields {
		if name != fCountry { // it never changes (rule C5)
			a.values.Set(name, v.Form(name))
		}
	}
	a.etag = v.Form("etag")
	checked, err := visit.Do(v, customer.CheckBilling, a.change())
	if err != nil {
		return a.refuse(err)
	}
	switch {
	case !checked.Changed:
		v.Toast(v.T("customers.billing.same"))
		return v.Redirect(visit.AccountPath(a.tenant))
	case a.reverifies() && v.Form("confirmed") != "yes":
		if a.said, err = v.Judge(nil, checked.Findings, fieldOf, a.label); err != nil {
			return err
		}
		return v.Show(confirmBillingPage(a, a.frame()))
	}
	if _, err := visit.DoOnce(v, customer.UpdateBilling, a.change()); err != nil {
		return a.refuse(err)
	}
	v.Toast(v.T("customers.billing.saved"))
	return v.Redirect(visit.AccountPath(a.tenant))
}

// change is what the form asks for.
func (a *account) change() customer.BillingChange {
	version, err := strconv.ParseInt(a.etag, 10, 64)
	if err != nil {
		version = -1 // no version is this one: the reader compares first
	}
	r := a.registration()
	return customer.BillingChange{
		ID: a.tenant, Version: version, Billing: a.billing(), Registration: &r, AddressConfirmed: a.value(fConfirmed) == "yes",
	}
}

// reverifies reports whether a change has the account looked at again. One that
// is not complete waits for more anyway (rule C24).
func (a *account) reverifies() bool {
	next, changes := a.details.Customer.Status.After(verification.Changed)
	return changes && next == verification.UnderReview
}

func fieldOf(member string) string { return members[member] }

// refuse answers a form that cannot be saved: with its errors, or with both
// versions when somebody else was faster (RF-18).
func (a *account) refuse(err error) error {
	switch {
	case errors.Is(err, refusal.RF18):
		return a.ShowAs(http.StatusPreconditionFailed, conflictPage(a, a.frame()))
	case fault.KindOf(err) != fault.Invalid:
		return err
	}
	said, err := a.Judge(err, nil, fieldOf, a.label)
	if err != nil {
		return err
	}
	a.said = said
	return a.show(http.StatusBadRequest)
}

// difference is a field of which the reader and somebody else have two versions.
type difference struct {
	name, label  string
	mine, theirs string
}

// differences compares what the reader typed with what is stored now.
func (a *account) differences() []difference {
	theirs := newProfile(a.Visit, map[string][]string{})
	theirs.fill(a.details.Customer.Billing, a.details.Customer.Registration)
	var all []difference
	for _, name := range profileFields {
		if name != fConfirmed && a.value(name) != theirs.value(name) {
			all = append(all, difference{name, a.label(name), a.value(name), theirs.value(name)})
		}
	}
	return all
}

// differs reports whether a field has two versions.
func differs(all []difference, name string) bool {
	for _, d := range all {
		if d.name == name {
			return true
		}
	}
	return false
}

// choice asks which version of a field holds.
func (a *account) choice(d difference) block.Field {
	mine, theirs := d.mine, d.theirs
	if d.name == fCulture {
		mine, theirs = a.Culture(mine), a.Culture(theirs)
	}
	return block.Field{Name: d.name, Label: d.label, Value: d.mine, Options: []block.Option{
		{Value: d.mine, Label: a.orNothing(mine), Hint: a.T("customers.conflict.mine")},
		{Value: d.theirs, Label: a.orNothing(theirs), Hint: a.T("customers.conflict.theirs")},
	}}
}

func (a *account) orNothing(value string) string {
	if value == "" {
		return a.T("common.not_set")
	}
	return value
}

// confirmation names the effects of saving before they happen (rule C28).
func (a *account) confirmation() block.Dialog {
	return block.Dialog{
		ID: "reverify", Title: a.T("customers.reverify.title"), Text: a.T("customers.reverify.text"), Tone: block.Warning,
		Action: billingPath(a), CSRF: a.CSRF(), RequestID: a.Actor.RequestID,
		Confirm: a.T("customers.reverify.confirm"), Cancel: visit.AccountPath(a.tenant) + "#billing",
	}
}
