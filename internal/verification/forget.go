package verification

import (
	"context"

	"comptoir/internal/db"
	"comptoir/internal/op"
)

// ofAccount removes what is kept about one account.
var ofAccount = []*db.Stmt{
	db.SQL(`DELETE FROM verification_cases WHERE partner_id = $1 AND customer_id = $2`),
	db.SQL(`DELETE FROM verification_entries WHERE partner_id = $1 AND customer_id = $2`),
	db.SQL(`DELETE FROM verification_documents WHERE partner_id = $1 AND customer_id = $2`),
	db.SQL(`DELETE FROM verification_document_pieces WHERE partner_id = $1 AND customer_id = $2`),
}

// Forget removes everything about the account of a partner with a customer, in
// the unit that deletes the customer.
func Forget(ctx context.Context, u *op.Unit, a Account) error {
	for _, s := range ofAccount {
		if _, err := u.Exec(ctx, s, a.Partner, a.Customer); err != nil {
			return err
		}
	}
	return nil
}
