package invitation

import (
	"context"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/op"
)

var moveCustomer = db.SQL(`UPDATE invitations SET customer_id = $2 WHERE customer_id = $1 AND customer_id <> ''`)

// Move makes the invitations that name the customer from, or that it answered, those
// of into, in the unit that merges the two (V-5).
func Move(ctx context.Context, u *op.Unit, from, into id.Tenant, _ []id.User) error {
	_, err := u.Exec(ctx, moveCustomer, from, into)
	return err
}
