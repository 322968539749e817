package agreement

import (
	"context"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/relationship"
)

var (
	moveAll = []*db.Stmt{
		db.SQL(`UPDATE agreements SET customer_id = $2 WHERE customer_id = $1`),
		// A customer that accepted itself is the organisation of its own row.
		db.SQL(`UPDATE agreements SET partner_id = $2 WHERE partner_id = $1 AND customer_id = $2`),
		db.SQL(`UPDATE agreement_round_rows SET customer_id = $2 WHERE customer_id = $1`),
	}
	countAll     = db.SQL(`SELECT COUNT(*) FROM agreements WHERE customer_id = $1`)
	moveRequests = db.SQL(`UPDATE agreement_requests SET customer_id = $3 WHERE partner_id = $1 AND customer_id = $2`)
)

// Count returns how many acceptances of the agreement by customer are known.
func Count(ctx context.Context, t *db.Tx, customer id.Tenant) (n int64, err error) {
	err = t.QueryRow(ctx, countAll, []any{customer}, &n)
	return n, err
}

// Move makes what is known of the agreement with the customer from known of into,
// in the unit that merges the two and after their relations were merged, and notes
// it where lists read it: what either accepted counts.
func Move(ctx context.Context, u *op.Unit, from, into id.Tenant) error {
	for _, s := range moveAll {
		if _, err := u.Exec(ctx, s, from, into); err != nil {
			return err
		}
	}
	relations, err := relationship.Of(ctx, u.Tx, into)
	if err != nil {
		return err
	}
	for _, r := range relations {
		if _, err := u.Exec(ctx, moveRequests, r.Partner, from, into); err != nil {
			return err
		}
		known, err := Of(ctx, u.Tx, r.Seller(), into)
		if err != nil {
			return err
		}
		var rank int64
		for _, a := range known {
			rank = max(rank, a.Rank)
		}
		if err := relationship.SetAgreed(ctx, u, r.Seller(), into, rank); err != nil {
			return err
		}
	}
	return nil
}
