package verification

import (
	"context"
	"errors"

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

// Close says in the log of a partner that nobody decides any more about the account
// with a customer, where a case of it is open: their relation ends. The case leaves
// the queue when the account is forgotten.
func Close(ctx context.Context, u *op.Unit, a Account) error {
	c, err := latest(ctx, u.Tx, a.Partner, a.Customer)
	switch {
	case errors.Is(err, ErrNoRecord):
		return nil
	case err != nil || !c.DecidedAt.IsZero():
		return err
	}
	return u.Record(ctx, op.Record{
		Operation: "verification_closed", Resource: "customer", Tenant: c.Partner, Customer: c.Customer, CustomerName: c.CustomerName,
		Data: map[string]string{"Cause": string(c.Cause)},
	})
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
