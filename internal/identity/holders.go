package identity

import (
	"context"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/policy"
)

var holdersOf = db.SQL(`SELECT ` + userColumns + ` FROM users
	WHERE tenant_id = $1 AND status = 'active' AND roles & $2 <> 0 ORDER BY display_key, id LIMIT 1000`)

// Holders returns the people of an organisation who can sign in and have one of
// roles, up to 1000, sorted by display name.
func Holders(ctx context.Context, t *db.Tx, tenant id.Tenant, roles policy.Role) ([]User, error) {
	return db.All(ctx, t, holdersOf, []any{tenant, int64(roles)}, scanUser)
}
