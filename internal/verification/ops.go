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

// History returns the cases of the account that the actor's organization has
// with a customer, newest first. An indirect reseller sees those of its
// provider's account (rule C8).
var History = op.Define(op.Spec{Name: "verification.history", Action: "customer.account.view"},
	func(ctx context.Context, u *op.Unit, in Customer) ([]Case, error) {
		found, err := relationship.Between(ctx, u.Tx, u.Actor.Tenant, in.ID)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, refusal.NotFound
		}
		partner := u.Actor.Tenant
		if !slices.ContainsFunc(found, func(r relationship.Relation) bool { return r.Kind == relationship.Reseller }) {
			partner = found[0].Provider
		}
		return queryCases(ctx, u.Tx, casesOf, partner, in.ID, historyLimit)
	})

// Page asks for open cases after one; the zero value asks from the first.
type Page struct {
	AfterDue time.Time
	AfterID  string
	Limit    int // 1 to 500
}

// Queue returns the open cases of the installation, those due first (V-2).
var Queue = op.Define(op.Spec{Name: "verification.queue", Action: "verification.decide"},
	func(ctx context.Context, u *op.Unit, in Page) ([]Case, error) {
		return queryCases(ctx, u.Tx, openCases, db.Micros(in.AfterDue), in.AfterID, min(max(in.Limit, 1), 500))
	})

// Decision is the input of Approve and Reject. Partner may be empty when the
// customer has an open case with one partner only.
type Decision struct {
	Partner, Customer id.Tenant
	// Reason and Text are for Reject: one of Reasons and words for the partner.
	Reason Reason
	Text   string
}

// ConcernsCustomer implements op.Concerning.
func (d Decision) ConcernsCustomer() id.Tenant { return d.Customer }

// Approve decides an open case for the account (rules C24, C25). It refuses a
// customer without case with ErrNoRecord, a case that is not open with
// ErrNotOpen and a reviewer of an organization concerned with
// ErrOwnOrganization.
var Approve = op.Define(op.Spec{Name: "verification.approve", Action: "verification.decide", Write: true},
	func(ctx context.Context, u *op.Unit, in Decision) (Case, error) { return decide(ctx, u, in, Approved) })

// Reject decides an open case against the account. Beside the refusals of
// Approve it refuses a missing or unknown reason, or one without words, with
// ErrReason.
var Reject = op.Define(op.Spec{Name: "verification.reject", Action: "verification.decide", Write: true},
	func(ctx context.Context, u *op.Unit, in Decision) (Case, error) {
		in.Text = strings.TrimSpace(in.Text)
		if !slices.Contains(Reasons(), in.Reason) || in.Text == "" {
			return Case{}, ErrReason.On("reason")
		}
		return decide(ctx, u, in, Rejected)
	})

func decide(ctx context.Context, u *op.Unit, in Decision, h Happening) (Case, error) {
	partner, err := in.partner(ctx, u.Tx)
	if err != nil {
		return Case{}, err
	}
	if u.Actor.Tenant == partner || u.Actor.Tenant == in.Customer {
		return Case{}, ErrOwnOrganization
	}
	c, err := latest(ctx, u.Tx, partner, in.Customer)
	if err != nil {
		return Case{}, err
	}
	before := c.Status
	next, ok := before.After(h)
	if !ok {
		return Case{}, ErrNotOpen
	}
	c.Status, c.DecidedAt, c.DecidedBy, c.Reason, c.ReasonText = next, u.Now, u.Actor.UserName, in.Reason, in.Text
	if _, err := u.Exec(ctx, decideCase, c.Partner, c.Customer, c.ID, c.Status, db.Micros(c.DecidedAt), c.DecidedBy, c.Reason, c.ReasonText); err != nil {
		return Case{}, err
	}
	if err := relationship.SetStatus(ctx, u, c.Partner, c.Customer, string(c.Status), u.Now); err != nil {
		return Case{}, err
	}
	return c, c.announceDecided(ctx, u, before)
}

// partner returns the partner whose account is meant.
func (d Decision) partner(ctx context.Context, t *db.Tx) (id.Tenant, error) {
	if d.Partner != "" {
		return d.Partner, nil
	}
	all, err := relationship.Of(ctx, t, d.Customer)
	if err != nil {
		return "", err
	}
	var found, open []id.Tenant
	for _, r := range all {
		if r.Kind != relationship.Reseller {
			continue
		}
		found = append(found, r.Partner)
		if Status(r.Status) == UnderReview {
			open = append(open, r.Partner)
		}
	}
	switch {
	case len(open) == 1:
		return open[0], nil
	case len(found) == 1:
		return found[0], nil
	case len(found) == 0:
		return "", refusal.NotFound
	}
	return "", ErrWhichPartner
}

// announceDecided writes the decision to the log of the partner and tells those
// who wait for it (rule C27).
func (c Case) announceDecided(ctx context.Context, u *op.Unit, before Status) error {
	err := u.Record(ctx, op.Record{
		Operation: "verification_decided", Resource: "customer", Tenant: c.Partner, Customer: c.Customer, CustomerName: c.CustomerName,
		Old: before, New: c.Status, Data: map[string]string{"Reason": string(c.Reason), "Text": c.ReasonText},
	})
	if err != nil {
		return err
	}
	return u.Emit(ctx, op.Event{
		Name: "verification-decided", Tenant: c.Partner, Customer: c.Customer, Resource: resource(c.Customer),
		Payload: map[string]string{"Case": c.ID, "By": c.OpenedBy, "Status": string(c.Status), "Reason": string(c.Reason)},
	})
}

// Appeal is the input of Resubmit. Text tells the reviewer why.
type Appeal struct {
	Customer id.Tenant
	Text     string
}

// ConcernsCustomer implements op.Concerning.
func (a Appeal) ConcernsCustomer() id.Tenant { return a.Customer }

// Resubmit has an account that was rejected looked at again (rules C24, b9). It
// refuses an account with another status with ErrNotRejected.
var Resubmit = op.Define(op.Spec{Action: "customer.verification.resubmit", Write: true},
	func(ctx context.Context, u *op.Unit, in Appeal) (Case, error) {
		old, err := latest(ctx, u.Tx, u.Actor.Tenant, in.Customer)
		if err != nil {
			return Case{}, err
		}
		if _, ok := old.Status.After(Appealed); !ok {
			return Case{}, ErrNotRejected
		}
		c, err := Opening{
			Partner: old.Partner, Customer: old.Customer, CustomerName: old.CustomerName, Country: old.Country,
			Cause: CauseAppeal, Findings: old.Findings, Notes: strings.TrimSpace(in.Text),
		}.newCase(u)
		if err != nil {
			return Case{}, err
		}
		c.Status, c.DecidedAt = UnderReview, time.Time{} // an appeal is for a person, whatever the checks say
		if err := c.insert(ctx, u); err != nil {
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
		return c, u.Emit(ctx, op.Event{
			Name: "verification-opened", Customer: c.Customer, Resource: resource(c.Customer),
			Payload: map[string]string{"Case": c.ID, "By": c.OpenedBy, "Status": string(c.Status)},
		})
	})
