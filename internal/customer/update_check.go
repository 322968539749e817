package customer

import (
	"context"

	"comptoir/internal/op"
)

// CheckBilling says what UpdateBilling would answer now, and changes nothing:
// the form asks before it names the effects of saving (rule C28). Its Customer
// is what the profile would be.
var CheckBilling = op.Define(op.Spec{Name: "customer.billing.check", Action: "customer.billing.update"},
	func(ctx context.Context, u *op.Unit, in BillingChange) (Updated, error) {
		old, p, err := in.check(ctx, u)
		if err != nil {
			return Updated{}, err
		}
		changed := old.with(p)
		return Updated{Customer: changed, Changed: !changed.same(old), Findings: p.findings}, nil
	})
