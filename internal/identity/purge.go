package identity

import (
	"context"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/op"
)

// tenantTables are the rows that an organisation leaves behind in this package.
var tenantTables = []*db.Stmt{
	db.SQL(`DELETE FROM recovery_codes WHERE tenant_id = $1`),
	db.SQL(`DELETE FROM factors WHERE tenant_id = $1`),
	db.SQL(`DELETE FROM app_grants WHERE tenant_id = $1`),
	db.SQL(`DELETE FROM app_credentials WHERE tenant_id = $1`),
	db.SQL(`DELETE FROM apps WHERE tenant_id = $1`),
	db.SQL(`DELETE FROM group_members WHERE tenant_id = $1`),
	db.SQL(`DELETE FROM security_groups WHERE tenant_id = $1`),
	db.SQL(`DELETE FROM users WHERE tenant_id = $1`),
	db.SQL(`DELETE FROM domain_claims WHERE tenant_id = $1`),
	db.SQL(`DELETE FROM domains WHERE tenant_id = $1`),
	db.SQL(`DELETE FROM tenants WHERE id = $1`),
}

// PurgeTenant removes the organisation of a customer with its people,
// applications and domains, in the transaction of u: sandboxes may do that
// (rule C40). What other packages keep about it is theirs to remove.
func PurgeTenant(ctx context.Context, u *op.Unit, tenant id.Tenant) error {
	for _, s := range tenantTables {
		if _, err := u.Exec(ctx, s, tenant); err != nil {
			return err
		}
	}
	u.Changed(tenantFact(tenant))
	return nil
}
