package verification

import (
	"context"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/op"
)

var (
	openOf = db.SQL(`SELECT id FROM verification_cases WHERE partner_id = $1 AND customer_id = $2 AND decided_at = 0 LIMIT 1`)
	moveOf = []*db.Stmt{
		db.SQL(`UPDATE verification_cases SET customer_id = $3 WHERE partner_id = $1 AND customer_id = $2`),
		db.SQL(`UPDATE verification_entries SET customer_id = $3 WHERE partner_id = $1 AND customer_id = $2`),
		db.SQL(`UPDATE verification_documents SET customer_id = $3 WHERE partner_id = $1 AND customer_id = $2`),
		db.SQL(`UPDATE verification_document_pieces SET customer_id = $3 WHERE partner_id = $1 AND customer_id = $2`),
	}
)

// IsOpen reports whether a case of the account is open.
func IsOpen(ctx context.Context, t *db.Tx, a Account) (bool, error) {
	var found string
	return t.Found(ctx, openOf, []any{a.Partner, a.Customer}, &found)
}

// Move makes the cases of an account those of the same partner's account with the
// customer into, in the unit that merges the two customers.
func Move(ctx context.Context, u *op.Unit, a Account, into id.Tenant) error {
	for _, s := range moveOf {
		if _, err := u.Exec(ctx, s, a.Partner, a.Customer, into); err != nil {
			return err
		}
	}
	return nil
}
