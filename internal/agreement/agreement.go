// Package agreement keeps the customer agreement in its versions, and the
// confirmations that customers accepted it, without which nothing may be ordered
// for them (rules.md, section d).
package agreement

import (
	"strings"
	"time"

	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/naming"
	"comptoir/internal/refusal"
)

// CustomerAgreement is the type of agreement that orders need, and
// CustomerTemplate the template of it that the wire names (api-customers.md,
// section 11).
const (
	CustomerAgreement = "MicrosoftCustomerAgreement"
	CustomerTemplate  = "117a77b0-9360-443b-8795-c6dedc750cf9"
)

// Method says how an acceptance became known (rule AG2).
type Method string

// The methods.
const (
	Attested Method = "attested" // a partner confirms it
	Direct   Method = "direct"   // the customer accepted it here
)

// Person is the person at the customer who accepted (rule AG3).
type Person struct {
	FirstName, LastName, Email string
	Phone                      string // optional
}

// Name returns the name of p in one piece.
func (p Person) Name() string { return strings.TrimSpace(p.FirstName + " " + p.LastName) }

// same reports whether p and other are one confirmation: all four values alike.
func (p Person) same(other Person) bool {
	return strings.EqualFold(p.FirstName, other.FirstName) && strings.EqualFold(p.LastName, other.LastName) &&
		strings.EqualFold(p.Email, other.Email) && p.Phone == other.Phone
}

// Agreement is one confirmation. It is never changed.
type Agreement struct {
	ID string
	// Partner is the organisation whose word it is: the partner that attests, or
	// the customer itself when it accepted directly.
	Partner, Customer id.Tenant
	Method            Method
	TemplateID, Type  string
	Rank              int64 // of the version that was accepted (rule AG8)
	Person            Person
	AgreedAt          time.Time
	RecordedAt        time.Time
	RecordedBy        id.User
	RecordedName      string // user name of RecordedBy
}

// Attestation is what a partner says about an acceptance.
type Attestation struct {
	Person   Person
	AgreedAt time.Time
}

var (
	// errNoDate refuses an attestation that does not say when.
	errNoDate = fault.New(fault.Invalid, "27002", "agreement.no_date")
	// errEmail is rule EM01 for the person who accepted.
	errEmail = fault.New(fault.Invalid, "3000", naming.EM01.Key())
)

// Check returns what is wrong with a, and a in the form that is kept. field is
// the input member that holds it, "" for the input itself, now the time of the transaction. A date after
// today is RF-20.
func (a Attestation) Check(field string, rules naming.Rules, channel naming.Channel, now time.Time) (Attestation, fault.List) {
	var faults fault.List
	if field != "" {
		field += "."
	}
	contact := field + "primaryContact"
	first := rules.CheckContactName(contact+".firstName", naming.FirstName, channel, a.Person.FirstName)
	last := rules.CheckContactName(contact+".lastName", naming.LastName, channel, a.Person.LastName)
	faults.Add(first.Fault)
	faults.Add(last.Fault)
	a.Person.FirstName, a.Person.LastName = first.Value, last.Value
	a.Person.Email, a.Person.Phone = naming.Trim(a.Person.Email), naming.Trim(a.Person.Phone)
	if !naming.ValidEmail(a.Person.Email) {
		faults.Add(errEmail.On(contact + ".email"))
	}
	switch {
	case a.AgreedAt.IsZero():
		faults.Add(errNoDate.On(field + "dateAgreed"))
	case !a.AgreedAt.Before(dayAfter(now)):
		faults.Add(refusal.RF20.On(field + "dateAgreed"))
	}
	return a, faults
}

// dayAfter returns when the day of t ends, in UTC as all dates here.
func dayAfter(t time.Time) time.Time { return today(t).AddDate(0, 0, 1) }

// today returns when the day of t began.
func today(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }
