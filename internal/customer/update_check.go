package customer

import (
	"context"

	"comptoir/internal/op"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
)

// CheckBilling says what UpdateBilling would answer now, and changes nothing:
// the form asks before it names the effects of saving (rule C28). Its Customer
// is what the profile would be.
var CheckBilling = op.Define(op.Spec{Name: "customer.billing.check", Action: "customer.billing.update"},
	func(ctx context.Context, u *op.Unit, in BillingChange) (Updated, error) {
		old, err := find(ctx, u.Tx, u.Actor.Tenant, in.ID)
		switch {
		case err != nil:
			return Updated{}, err
		case old.Kind != relationship.Reseller:
			return Updated{}, refusal.RF03
		case in.Version != 0 && in.Version != old.Version:
			return Updated{}, refusal.RF18
		}
		p, err := checkChange(ctx, u, old, in)
		if err != nil {
			return Updated{}, err
		}
		changed := old.with(p)
		return Updated{Customer: changed, Changed: !changed.same(old), Findings: p.findings}, nil
	})
