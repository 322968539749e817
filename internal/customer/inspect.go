package customer

import (
	"context"

	"comptoir/internal/op"
	"comptoir/internal/verification"
)

// Inspect returns a customer as a partner knows it, for the reviewer who decides
// about the account (rule C25).
var Inspect = op.Define(op.Spec{Name: "customer.inspect", Action: "verification.view"},
	func(ctx context.Context, u *op.Unit, in verification.Account) (Customer, error) {
		return find(ctx, u.Tx, in.Partner, in.Customer)
	})
