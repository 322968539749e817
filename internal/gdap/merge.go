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
