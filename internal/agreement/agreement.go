// Package agreement keeps the confirmations that customers accepted the
// customer agreement, without which nothing may be ordered for them (rules.md,
// section d).
package agreement

import (
	"context"
	"strings"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/naming"
	"comptoir/internal/op"
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

// same reports whether p and other are one confirmation: all four values alike.
func (p Person) same(other Person) bool {
	return strings.EqualFold(p.FirstName, other.FirstName) && strings.EqualFold(p.LastName, other.LastName) &&
		strings.EqualFold(p.Email, other.Email) && p.Phone == other.Phone
}

// Agreement is one confirmation. It is never changed.
type Agreement struct {
	ID                string
	Partner, Customer id.Tenant // Partner is empty when the customer accepted directly
	Method            Method
	TemplateID, Type  string
	Person            Person
	AgreedAt          time.Time
	RecordedAt        time.Time
	RecordedBy        id.User
}

// Attestation is what a partner says about an acceptance.
type Attestation struct {
	Person   Person
	AgreedAt time.Time
}

// noDate refuses an attestation that does not say when.
var noDate = fault.New(fault.Invalid, "27002", "agreement.no_date")

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
		faults.Add(badEmail.On(contact + ".email"))
	}
	switch {
	case a.AgreedAt.IsZero():
		faults.Add(noDate.On(field + "dateAgreed"))
	case !a.AgreedAt.Before(tomorrow(now)):
		faults.Add(refusal.RF20.On(field + "dateAgreed"))
	}
	return a, faults
}

// badEmail is rule EM01 for the person who accepted.
var badEmail = fault.New(fault.Invalid, "3000", naming.EM01.Key())

// tomorrow returns when the day of now ends, in UTC as all dates here.
func tomorrow(now time.Time) time.Time { return now.UTC().Truncate(24*time.Hour).AddDate(0, 0, 1) }

const columns = `SELECT id, partner_id, customer_id, method, template_id, type, first_name, last_name, email, phone,
	agreed_at, recorded_at, recorded_by FROM agreements`

var (
	insert = db.SQL(`INSERT INTO agreements (id, partner_id, customer_id, method, template_id, type, first_name, last_name, email, phone,
		agreed_at, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`)
	byCustomer = db.SQL(columns + ` WHERE customer_id = $1 ORDER BY customer_id, id`)
)

// AttestFirst records what partner says about an acceptance by a customer that
// was just added (rule AG4) and writes it to the log. The attestation was
// checked; name is the original name of the customer.
func AttestFirst(ctx context.Context, u *op.Unit, partner, customer id.Tenant, name string, a Attestation) (Agreement, error) {
	return record(ctx, u, name, Agreement{
		Partner: partner, Customer: customer, Method: Attested, Person: a.Person, AgreedAt: a.AgreedAt,
	})
}

func record(ctx context.Context, u *op.Unit, name string, a Agreement) (Agreement, error) {
	a.ID, a.TemplateID, a.Type = u.NewID(), CustomerTemplate, CustomerAgreement
	a.RecordedAt, a.RecordedBy = u.Now, u.Actor.User
	_, err := u.Exec(ctx, insert, a.ID, a.Partner, a.Customer, a.Method, a.TemplateID, a.Type,
		a.Person.FirstName, a.Person.LastName, a.Person.Email, a.Person.Phone, db.Micros(a.AgreedAt), db.Micros(a.RecordedAt), a.RecordedBy)
	if err != nil {
		return Agreement{}, err
	}
	return a, u.Record(ctx, op.Record{
		Operation: "create_agreement", Resource: "agreement", Tenant: a.Partner, Customer: a.Customer, CustomerName: name, New: a,
	})
}

// Of returns the confirmations that count for orders of partner for customer,
// oldest first: its own, and those of the customer itself.
func Of(ctx context.Context, t *db.Tx, partner, customer id.Tenant) ([]Agreement, error) {
	rows, err := t.Query(ctx, byCustomer, customer)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Agreement
	for rows.Next() {
		var a Agreement
		var agreed, recorded int64
		err := rows.Scan(&a.ID, &a.Partner, &a.Customer, &a.Method, &a.TemplateID, &a.Type, &a.Person.FirstName, &a.Person.LastName,
			&a.Person.Email, &a.Person.Phone, &agreed, &recorded, &a.RecordedBy)
		if err != nil {
			return nil, err
		}
		a.AgreedAt, a.RecordedAt = db.Time(agreed), db.Time(recorded)
		if a.Partner == partner || a.Method == Direct {
			all = append(all, a)
		}
	}
	return all, rows.Err()
}

// Confirmed returns nil when partner may order for customer, and RF-19 when no
// acceptance is known (rules AG1, AG2).
func Confirmed(ctx context.Context, t *db.Tx, partner, customer id.Tenant) error {
	known, err := Of(ctx, t, partner, customer)
	if err == nil && len(known) == 0 {
		return refusal.RF19
	}
	return err
}
