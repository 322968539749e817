package relationship

import (
	"context"

	"comptoir/internal/id"
	"comptoir/internal/op"
)

// Pair names a provider and a reseller.
type Pair struct{ Provider, Reseller id.Tenant }

// ConnectPartners makes a partnership on the operator's word, for partners that
// agreed outside of the installation (rule E18; refusals of Connect).
var ConnectPartners = op.Define(op.Spec{Name: "partnership.connect", Action: "partner.enrol", Write: true},
	func(ctx context.Context, u *op.Unit, in Pair) (struct{}, error) {
		return struct{}{}, Connect(ctx, u, in.Provider, in.Reseller)
	})
