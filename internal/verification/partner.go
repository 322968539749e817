package verification

import (
	"context"
	"slices"
	"strings"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
)

// Customer is the input of operations about the account that the actor's
// organization has with one customer.
type Customer struct{ ID id.Tenant }

// ConcernsCustomer implements op.Concerning.
func (c Customer) ConcernsCustomer() id.Tenant { return c.ID }

// Standing is where an account stands.
type Standing struct {
	Status    Status
	UpdatedAt time.Time
}

var statusOf = db.SQL(`SELECT status, status_at FROM customers WHERE partner_id = $1 AND customer_id = $2 ORDER BY kind DESC LIMIT 1`)

// Get returns where the account of a customer stands (validationStatus of the
// wire). It refuses a customer without relation with refusal.NotFound and an
// account without record with ErrNoRecord (600074).
var Get = op.Define(op.Spec{Name: "verification.get", Action: "customer.account.view"},
	func(ctx context.Context, u *op.Unit, in Customer) (Standing, error) {
		var s Standing
		var at int64
		found, err := u.Found(ctx, statusOf, []any{u.Actor.Tenant, in.ID}, &s.Status, &at)
		switch {
		case err != nil:
			return Standing{}, err
		case !found:
			return Standing{}, refusal.NotFound
		case s.Status == None:
			return Standing{}, ErrNoRecord
		}
		s.UpdatedAt = db.Time(at)
		return s, nil
	})

// historyLimit bounds the cases that one page shows.
const historyLimit = 100

// Past is the verification of an account as its partner sees it.
type Past struct {
	Cases     []Case // the newest first
	Entries   []Entry
	Documents []Document // of its own
}

// History returns the verification of the account that the actor's organization
// has with a customer. An indirect reseller sees that of its provider's account
// (rule C8).
var History = op.Define(op.Spec{Name: "verification.history", Action: "customer.account.view"},
	func(ctx context.Context, u *op.Unit, in Customer) (Past, error) {
		account, err := in.account(ctx, u)
		if err != nil {
			return Past{}, err
		}
		var p Past
		if p.Cases, err = queryCases(ctx, u.Tx, casesOf, account.Partner, account.Customer, historyLimit); err != nil {
			return p, err
		}
		for i := range p.Cases {
			p.Cases[i] = p.Cases[i].forPartner()
		}
		if p.Entries, err = entriesOf(ctx, u.Tx, account); err != nil {
			return p, err
		}
		p.Entries = slices.DeleteFunc(p.Entries, func(e Entry) bool { return !e.ForPartner() })
		if account.Partner == u.Actor.Tenant {
			p.Documents, err = documentsOf(ctx, u.Tx, account)
		}
		return p, err
	})

// account returns the account by which the actor's organization knows a customer.
// Who does not sell to it has none (RF-28).
func (c Customer) account(ctx context.Context, u *op.Unit) (Account, error) {
	found, err := relationship.Between(ctx, u.Tx, u.Actor.Tenant, c.ID)
	if err != nil {
		return Account{}, err
	}
	if len(found) == 0 {
		return Account{}, refusal.NotFound
	}
	if slices.ContainsFunc(found, func(r relationship.Relation) bool { return r.Kind == relationship.Reseller }) {
		return Account{u.Actor.Tenant, c.ID}, nil
	}
	through := slices.IndexFunc(found, func(r relationship.Relation) bool { return r.Kind == relationship.IndirectReseller })
	if through < 0 {
		return Account{}, refusal.RF28
	}
	return Account{found[through].Provider, c.ID}, nil
}

// Appeal is the input of Resubmit and Answer: what the reviewer is to read.
type Appeal struct {
	Customer id.Tenant
	Text     string
}

// ConcernsCustomer implements op.Concerning.
func (a Appeal) ConcernsCustomer() id.Tenant { return a.Customer }

// Resubmit has an account that was rejected looked at again, with the documents
// that were added for it (rules C24, b9). It refuses an account with another
// status with ErrNotRejected.
var Resubmit = op.Define(op.Spec{Action: "customer.verification.resubmit", Write: true},
	func(ctx context.Context, u *op.Unit, in Appeal) (Case, error) {
		in.Text = strings.TrimSpace(in.Text)
		if in.Text != "" {
			if err := checkText(in.Text); err != nil {
				return Case{}, err
			}
		}
		old, err := latest(ctx, u.Tx, u.Actor.Tenant, in.Customer)
		if err != nil {
			return Case{}, err
		}
		next, ok := old.Status.After(Appealed)
		if !ok {
			return Case{}, ErrNotRejected
		}
		c, err := Opening{
			Partner: old.Partner, Customer: old.Customer, CustomerName: old.CustomerName, Country: old.Country,
			Cause: CauseAppeal, Findings: old.Findings, Changes: old.Changes, Notes: in.Text,
		}.newCase(u, old.Status)
		if err != nil {
			return Case{}, err
		}
		c.Status, c.DecidedAt = next, time.Time{} // an appeal is for a person, whatever the checks say
		if err := c.insert(ctx, u); err != nil {
			return Case{}, err
		}
		if err := c.sendDocuments(ctx, u); err != nil {
			return Case{}, err
		}
		if err := relationship.SetStatus(ctx, u, c.Partner, c.Customer, string(c.Status), u.Now); err != nil {
			return Case{}, err
		}
		err = u.Record(ctx, op.Record{
			Operation: "verification_resubmitted", Resource: "customer", Customer: c.Customer, CustomerName: c.CustomerName,
			Old: old.Status, New: c.Status,
		})
		if err != nil {
			return Case{}, err
		}
		return c.forPartner(), c.emit(ctx, u, "verification-opened")
	})

// Answer gives the reviewer what he asked for, with the documents that were added
// for it; the clock of the case goes on (rule C26). It refuses an answer that
// nobody waits for with ErrNotAsked.
var Answer = op.Define(op.Spec{Name: "verification.answer", Action: "customer.verification.resubmit", Write: true},
	func(ctx context.Context, u *op.Unit, in Appeal) (Case, error) {
		in.Text = strings.TrimSpace(in.Text)
		if err := checkText(in.Text); err != nil {
			return Case{}, err
		}
		c, err := latest(ctx, u.Tx, u.Actor.Tenant, in.Customer)
		switch {
		case err != nil:
			return Case{}, err
		case !c.Open() || !c.Paused():
			return Case{}, ErrNotAsked
		}
		if c, err = c.resume(ctx, u); err != nil {
			return Case{}, err
		}
		if err := c.enter(ctx, u, Answered, in.Text); err != nil {
			return Case{}, err
		}
		if err := c.sendDocuments(ctx, u); err != nil {
			return Case{}, err
		}
		err = u.Record(ctx, op.Record{
			Operation: "verification_answered", Resource: "customer", Customer: c.Customer, CustomerName: c.CustomerName,
			Data: map[string]string{"Text": in.Text},
		})
		if err != nil {
			return Case{}, err
		}
		return c.forPartner(), c.emit(ctx, u, "verification-answered")
	})

// Remind asks the operator after a case that is overdue (rule C26). It refuses
// one that is in time with ErrNotOverdue.
var Remind = op.Define(op.Spec{Name: "verification.remind", Action: "customer.verification.resubmit", Write: true},
	func(ctx context.Context, u *op.Unit, in Appeal) (Case, error) {
		in.Text = strings.TrimSpace(in.Text)
		if err := checkText(in.Text); err != nil {
			return Case{}, err
		}
		c, err := latest(ctx, u.Tx, u.Actor.Tenant, in.Customer)
		switch {
		case err != nil:
			return Case{}, err
		case !c.Open():
			return Case{}, ErrNotOpen
		case !c.Overdue(u.Now):
			return Case{}, ErrNotOverdue.With("Date", c.DueAt)
		}
		if err := c.enter(ctx, u, Reminded, in.Text); err != nil {
			return Case{}, err
		}
		return c.forPartner(), c.emit(ctx, u, "verification-reminded")
	})
