package qualification

import (
	"context"
	"strings"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
)

// Refusals of a decision.
var (
	// ErrNotOpen refuses to decide what is not under review.
	ErrNotOpen = fault.New(fault.Conflict, "1003", "qualification.not_open")
	// ErrReason refuses a denial without words for the partner.
	ErrReason = fault.New(fault.Invalid, "27002", "qualification.reason")
	// ErrOwn refuses a reviewer who belongs to the organization judged.
	ErrOwn = fault.New(fault.Forbidden, "900150", "qualification.own_organization")
)

// Waiting is a qualification with the names that its reviewer knows it by.
type Waiting struct {
	Qualified
	CustomerName string // the original name
	Domain       string
	Country      string
	Email        string // of the customer's contact
}

const waitingColumns = `SELECT q.partner_id, q.customer_id, q.qualification, q.segment, q.website, q.validation_code, q.vetting, q.reason, q.denials, q.asked_by,
	q.created_at, q.changed_at, c.original_name, c.domain, c.country, c.email
	FROM customer_qualifications q JOIN customers c ON c.partner_id = q.partner_id AND c.customer_id = q.customer_id AND c.kind = 'reseller'`

var (
	// The condition on the vetting is the one of the index, so that it is used.
	open = db.SQL(waitingColumns + ` WHERE q.vetting = 'InReview' AND (q.changed_at, q.partner_id, q.customer_id, q.qualification) > ($1, $2, $3, $4)
		ORDER BY q.changed_at, q.partner_id, q.customer_id, q.qualification LIMIT $5`)
	one    = db.SQL(waitingColumns + ` WHERE q.partner_id = $1 AND q.customer_id = $2 AND q.qualification = $3`)
	decide = db.SQL(`UPDATE customer_qualifications SET vetting = $4, reason = $5, denials = denials + $6, changed_at = $7, decided_by = $8
		WHERE partner_id = $1 AND customer_id = $2 AND qualification = $3`)
)

func scanWaiting(row db.Row) (Waiting, error) {
	var w Waiting
	var err error
	w.Qualified, err = scan(row, &w.CustomerName, &w.Domain, &w.Country, &w.Email)
	return w, err
}

// Key names one qualification of one account.
type Key struct {
	Partner, Customer id.Tenant
	Qualification     Kind
}

// ConcernsCustomer implements op.Concerning.
func (k Key) ConcernsCustomer() id.Tenant { return k.Customer }

// Page is the input of Queue: those after a place, up to Limit.
type Page struct {
	After   Key
	AfterAt time.Time
	Limit   int
}

// Queue returns the qualifications that wait for a decision, the oldest first
// (portal V-3).
var Queue = op.Define(op.Spec{Name: "qualification.queue", Action: "qualification.decide"},
	func(ctx context.Context, u *op.Unit, in Page) ([]Waiting, error) {
		rows, err := u.Query(ctx, open, db.Micros(in.AfterAt), in.After.Partner, in.After.Customer, in.After.Qualification, min(max(in.Limit, 1), 500))
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		var all []Waiting
		for rows.Next() {
			w, err := scanWaiting(rows)
			if err != nil {
				return nil, err
			}
			all = append(all, w)
		}
		return all, rows.Err()
	})

// Inspect returns one qualification for its reviewer, or refusal.NotFound.
var Inspect = op.Define(op.Spec{Name: "qualification.inspect", Action: "qualification.decide"},
	func(ctx context.Context, u *op.Unit, in Key) (Waiting, error) { return find(ctx, u.Tx, in) })

func find(ctx context.Context, t *db.Tx, k Key) (Waiting, error) {
	rows, err := t.Query(ctx, one, k.Partner, k.Customer, k.Qualification)
	if err != nil {
		return Waiting{}, err
	}
	defer rows.Close()
	if !rows.Next() {
		if rows.Err() != nil {
			return Waiting{}, rows.Err()
		}
		return Waiting{}, refusal.NotFound
	}
	return scanWaiting(rows)
}

// Decision is the input of Approve and Deny.
type Decision struct {
	Key
	Reason string // for Deny: words for the partner
}

// Approve decides that a customer is what it is said to be (rule C38).
var Approve = op.Define(op.Spec{Name: "qualification.approve", Action: "qualification.decide", Write: true},
	func(ctx context.Context, u *op.Unit, in Decision) (Qualified, error) {
		in.Reason = ""
		return settle(ctx, u, in, Approved)
	})

// Deny decides that it is not. The partner learns why, and may ask once more.
var Deny = op.Define(op.Spec{Name: "qualification.deny", Action: "qualification.decide", Write: true},
	func(ctx context.Context, u *op.Unit, in Decision) (Qualified, error) {
		if in.Reason = strings.TrimSpace(in.Reason); in.Reason == "" {
			return Qualified{}, ErrReason.On("reason")
		}
		return settle(ctx, u, in, Denied)
	})

func settle(ctx context.Context, u *op.Unit, in Decision, v Vetting) (Qualified, error) {
	if u.Actor.Tenant == in.Partner || u.Actor.Tenant == in.Customer {
		return Qualified{}, ErrOwn
	}
	w, err := find(ctx, u.Tx, in.Key)
	if err != nil {
		return Qualified{}, err
	}
	if w.Vetting != InReview {
		return Qualified{}, ErrNotOpen
	}
	before, err := Of(ctx, u.Tx, in.Partner, in.Customer)
	if err != nil {
		return Qualified{}, err
	}
	denied := 0
	if v == Denied {
		denied = 1
	}
	if _, err := u.Exec(ctx, decide, in.Partner, in.Customer, in.Qualification, v, in.Reason, denied, db.Micros(u.Now), u.Actor.UserName); err != nil {
		return Qualified{}, err
	}
	found, err := relationship.Between(ctx, u.Tx, in.Partner, in.Customer)
	if err != nil {
		return Qualified{}, err
	}
	return announce(ctx, u, found[len(found)-1], before, in.Qualification, EventDecided)
}
