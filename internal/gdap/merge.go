package gdap

import (
	"context"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/op"
)

const ofRelationships = ` WHERE relationship_id IN (SELECT id FROM gdap_relationships WHERE customer_id = $1)`

var (
	moveAll = []*db.Stmt{
		db.SQL(`UPDATE gdap_assignments SET customer_id = $2` + ofRelationships),
		db.SQL(`UPDATE gdap_requests SET customer_id = $2` + ofRelationships),
		db.SQL(`UPDATE gdap_operations SET customer_id = $2` + ofRelationships),
		db.SQL(`UPDATE gdap_relationships SET customer_id = $2, version = version + 1 WHERE customer_id = $1`),
	}
	countOf = db.SQL(`SELECT COUNT(*) FROM gdap_relationships WHERE customer_id = $1 AND status = $2`)
)

// Move makes the delegated relationships with the customer from those with into, in
// the unit that merges the two. A partner may have several with one customer.
func Move(ctx context.Context, u *op.Unit, from, into id.Tenant) error {
	if err := countMoved(ctx, u, from, into); err != nil {
		return err
	}
	for _, s := range moveAll {
		if _, err := u.Exec(ctx, s, from, into); err != nil {
			return err
		}
	}
	return nil
}

// CountActive returns how many active relationships partners have with customer.
func CountActive(ctx context.Context, t *db.Tx, customer id.Tenant) (n int64, err error) {
	err = t.QueryRow(ctx, countOf, []any{customer, Active}, &n)
	return n, err
}

// countMoved counts one customer less for each partner that administers both.
func countMoved(ctx context.Context, u *op.Unit, from, into id.Tenant) error {
	moved, err := queryRelationships(ctx, u.Tx, boundTo, from)
	if err != nil {
		return err
	}
	counted := map[id.Tenant]bool{}
	for _, r := range moved {
		if r.Status != Active || counted[r.Partner] {
			continue
		}
		counted[r.Partner] = true
		both, err := activeBeside(ctx, u, r.Partner, into, "")
		if err != nil {
			return err
		}
		if both {
			if err := u.Count(ctx, r.Partner, countCustomers, -1); err != nil {
				return err
			}
		}
	}
	return nil
}

// Forget takes the relationships of partner with customer out of its figures, in the
// unit that deletes them with everything else of a sandbox customer.
func Forget(ctx context.Context, u *op.Unit, partner, customer id.Tenant) error {
	all, err := Of(ctx, u.Tx, partner, customer)
	if err != nil {
		return err
	}
	administered := false
	for _, r := range all {
		administered = administered || r.Status == Active
		for _, name := range r.was {
			if err := u.Count(ctx, partner, name, -1); err != nil {
				return err
			}
		}
	}
	if !administered {
		return nil
	}
	return u.Count(ctx, partner, countCustomers, -1)
}
