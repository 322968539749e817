package relationship

import (
	"context"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

// Ended is a relation that was, as its customer sees it (rule E27, portal K-3).
type Ended struct {
	Partner identity.Partner
	Kind    Kind
	Since   time.Time
	EndedAt time.Time
	// ByCustomer says that a person of the customer ended it (rule E29).
	ByCustomer bool
}

// The sides that can end a relation.
const (
	endedByPartner  = "partner"
	endedByCustomer = "customer"
)

var (
	insertEnded = db.SQL(`INSERT INTO ended_relations (customer_id, id, partner_id, kind, since, ended_at, ended_by) VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	endedOf     = db.SQL(`SELECT partner_id, kind, since, ended_at, ended_by FROM ended_relations WHERE customer_id = $1 ORDER BY id DESC LIMIT 100`)
	endedWith   = db.SQL(`SELECT partner_id, kind, since, ended_at, ended_by FROM ended_relations WHERE customer_id = $1 AND partner_id = $2 ORDER BY id DESC LIMIT 20`)
	moveEnded   = db.SQL(`UPDATE ended_relations SET customer_id = $2 WHERE customer_id = $1`)
	forgetEnded = db.SQL(`DELETE FROM ended_relations WHERE customer_id = $1`)
)

// KeepEnded notes for the customer that r, made at since, ends with the unit.
func KeepEnded(ctx context.Context, u *op.Unit, r Relation, since time.Time) error {
	by := endedByPartner
	if u.Actor.Kind == policy.Customer {
		by = endedByCustomer
	}
	_, err := u.Exec(ctx, insertEnded, r.Customer, u.NewID(), r.Partner, r.Kind, db.Micros(since), db.Micros(u.Now), by)
	return err
}

func scanEnded(row db.Row) (e Ended, err error) {
	var by string
	var since, ended int64
	err = row.Scan(&e.Partner.Tenant, &e.Kind, &since, &ended, &by)
	e.Since, e.EndedAt, e.ByCustomer = db.Time(since), db.Time(ended), by == endedByCustomer
	return e, err
}

// EndedWith returns the last relations of one partner with customer that have ended,
// the newest first, without more of the partner than its tenant.
func EndedWith(ctx context.Context, t *db.Tx, customer, partner id.Tenant) ([]Ended, error) {
	return db.All(ctx, t, endedWith, []any{customer, partner}, scanEnded)
}

// ListOwnEnded returns the last hundred relations of partners with the actor's own
// organization, a customer, that have ended, the newest first (rule E27, c6).
var ListOwnEnded = op.Define(op.Spec{Name: "own.partner.ended", Action: "own.partner.view"},
	func(ctx context.Context, u *op.Unit, _ struct{}) ([]Ended, error) {
		all, err := db.All(ctx, u.Tx, endedOf, []any{u.Actor.Tenant}, scanEnded)
		if err != nil {
			return nil, err
		}
		for i, e := range all {
			p, found, err := identity.PartnerOf(ctx, u.Tx, e.Partner.Tenant)
			if err != nil {
				return nil, err
			}
			if found {
				all[i].Partner = p
			}
		}
		return all, nil
	})

// MoveEnded makes the ended relations of the customer from those of into, in the
// unit that merges the two (V-5).
func MoveEnded(ctx context.Context, u *op.Unit, from, into id.Tenant, _ []id.User) error {
	_, err := u.Exec(ctx, moveEnded, from, into)
	return err
}

// ForgetEnded removes the ended relations of a customer that is deleted.
func ForgetEnded(ctx context.Context, u *op.Unit, customer id.Tenant) error {
	_, err := u.Exec(ctx, forgetEnded, customer)
	return err
}
