package gdap

import (
	"context"

	"comptoir/internal/id"
	"comptoir/internal/op"
)

// follow is what another feature does when delegated administration of a customer
// by a partner begins or ends.
var follow = func(context.Context, *op.Unit, id.Tenant, id.Tenant) error { return nil }

// OnChange has f called in every transaction in which a relationship of a partner
// with a customer becomes active or ceases to be. It is for the start of the
// program; a second call takes the place of the first.
func OnChange(f func(ctx context.Context, u *op.Unit, partner, customer id.Tenant) error) {
	follow = f
}
