package invitation

import (
	"context"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/op"
)

var (
	withdrawBound = db.SQL(`UPDATE invitations SET state = $2, ended_at = $3 WHERE customer_id = $1 AND customer_id <> '' AND state = $4 AND expires_at > $3`)
	unbind        = db.SQL(`UPDATE invitations SET customer_id = '' WHERE customer_id = $1 AND customer_id <> ''`)
)

// Forget takes the customer out of the invitations that name it or that it answered,
// in the unit that deletes it (rule C40). Nobody else may accept what was asked of
// it: the open ones are withdrawn. The lists of the partners keep its name.
func Forget(ctx context.Context, u *op.Unit, customer id.Tenant) error {
	if _, err := u.Exec(ctx, withdrawBound, customer, Withdrawn, db.Micros(u.Now), Open); err != nil {
		return err
	}
	_, err := u.Exec(ctx, unbind, customer)
	return err
}
