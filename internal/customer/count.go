package customer

import (
	"context"

	"comptoir/internal/op"
	"comptoir/internal/relationship"
)

// Count returns how many customers the actor's organization has, in all and by
// each property that a list filters by.
var Count = op.Define(op.Spec{Name: "customer.count", Action: "customer.list"},
	func(ctx context.Context, u *op.Unit, _ struct{}) (relationship.Counts, error) {
		return relationship.CountsOf(ctx, u.Tx, u.Actor.Tenant)
	})
