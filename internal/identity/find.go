package identity

import (
	"context"

	"comptoir/internal/id"
	"comptoir/internal/op"
)

// Named names an organisation by its tenant id or by one of its domains.
type Named struct{ By string }

// FindTenant returns the organisation that is named. It refuses an unknown one
// with ErrTenantUnknown.
var FindTenant = op.Define(op.Spec{Name: "tenant.find", Action: "partner.list"},
	func(ctx context.Context, u *op.Unit, in Named) (Tenant, error) {
		if tenant, ok := id.Parse(in.By); ok {
			return TenantByID(ctx, u.Tx, id.Tenant(tenant))
		}
		return TenantByDomain(ctx, u.Tx, in.By)
	})
