package customers

import (
	"errors"
	"net/http"
	"slices"
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
	if v.Form("back") == "yes" { // from the question of rule C28, with what was typed
		return a.show(http.StatusOK)
	}
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
		return a.ShowAs(http.StatusPreconditionFailed, conflictPage(a, a.merge(), a.frame()))
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

// stored is the billing information as it is now.
func (a *account) stored() *profile {
	p := newProfile(a.Visit, map[string][]string{})
	p.fill(a.details.Customer.Billing, a.details.Customer.Registration)
	return &p
}

// base is what the reader began with, as the form carries it.
func (a *account) base(name string) string {
	if a.etag == etag(a.details.Customer) {
		return a.stored().value(name)
	}
	return a.Form("base." + name)
}

// edited reports whether the form holds anything but what it began with.
func (a *account) edited() bool {
	return slices.ContainsFunc(profileFields, func(name string) bool { return name != fConfirmed && a.value(name) != a.base(name) })
}

// merged is what became of a stale edit: the fields that only one of the two
// changed, and those that both did (rule C30).
type merged struct {
	mine, theirs []block.Fact
	both         []difference
}

// merge brings what the reader typed together with what was stored meanwhile.
// A field that the reader did not change takes the newer value, one that only
// the reader changed keeps theirs. From then on the form begins with what is
// stored now.
func (a *account) merge() merged {
	var m merged
	theirs, moved := a.stored(), false
	for _, name := range profileFields {
		mine, newer, base := a.value(name), theirs.value(name), a.base(name)
		switch {
		case name == fConfirmed || name == fCountry || mine == newer:
			continue
		case mine == base:
			a.values.Set(name, newer)
			m.theirs = append(m.theirs, a.fact(name))
		case newer == base:
			m.mine = append(m.mine, a.fact(name))
			continue
		default:
			m.both = append(m.both, difference{name, a.label(name), mine, newer})
		}
		moved = moved || slices.Contains(addressNames, name)
	}
	if moved { // the address that the reader confirmed is another one now
		a.values.Del(fConfirmed)
	}
	a.etag = etag(a.details.Customer)
	return m
}

var addressNames = []string{fLine1, fLine2, fCity, fState, fPostal}

// fact is a field and what the form holds for it.
func (a *account) fact(name string) block.Fact {
	return block.Fact{Term: a.label(name), Value: a.shown(name, a.value(name))}
}

// shown is the value of a field in words.
func (a *account) shown(name, value string) string {
	if name == fCulture && value != "" {
		value = a.Culture(value)
	}
	return a.orNothing(value)
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
	return block.Field{Name: d.name, Label: d.label, Value: d.mine, Options: []block.Option{
		{Value: d.mine, Label: a.shown(d.name, d.mine), Hint: a.T("customers.conflict.mine")},
		{Value: d.theirs, Label: a.shown(d.name, d.theirs), Hint: a.T("customers.conflict.theirs")},
	}}
}

func (a *account) orNothing(value string) string {
	if value == "" {
		return a.T("common.not_set")
	}
	return value
}
