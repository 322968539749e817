package qualification

import (
	"context"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/op"
)

const alsoAsked = ` AND EXISTS (SELECT 1 FROM customer_qualifications o WHERE o.partner_id = $1 AND o.customer_id = $3 AND o.qualification = customer_qualifications.qualification`

// Of two that ask for the same the one that changed last stays.
var moveOf = []*db.Stmt{
	db.SQL(`DELETE FROM customer_qualifications WHERE partner_id = $1 AND customer_id = $2` + alsoAsked + ` AND o.changed_at >= customer_qualifications.changed_at)`),
	db.SQL(`DELETE FROM customer_qualifications WHERE partner_id = $1 AND customer_id = $3 AND EXISTS (SELECT 1 FROM customer_qualifications o
		WHERE o.partner_id = $1 AND o.customer_id = $2 AND o.qualification = customer_qualifications.qualification)`),
	db.SQL(`UPDATE customer_qualifications SET customer_id = $3 WHERE partner_id = $1 AND customer_id = $2`),
}

// Move makes what a partner asked for the customer from what it asked for into, in
// the unit that merges the two. Where it asked for the same twice, the request that
// changed last stays.
func Move(ctx context.Context, u *op.Unit, partner, from, into id.Tenant) error {
	for _, s := range moveOf {
		if _, err := u.Exec(ctx, s, partner, from, into); err != nil {
			return err
		}
	}
	return nil
}
