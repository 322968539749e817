package relationship

import (
	"context"

	"comptoir/internal/db"
	"comptoir/internal/op"
)

var setQualification = db.SQL(`UPDATE customers SET qualification = $3 WHERE partner_id = $1 AND customer_id = $2`)

// SetQualification writes the special qualification of a customer where lists
// read it: in the relation r and in that of its indirect reseller.
func SetQualification(ctx context.Context, u *op.Unit, r Relation, qualification string) error {
	if _, err := u.Exec(ctx, setQualification, r.Partner, r.Customer, qualification); err != nil || r.Reseller == "" {
		return err
	}
	_, err := u.Exec(ctx, setQualification, r.Reseller, r.Customer, qualification)
	return err
}
