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
	rows, err := t.Query(ctx, holdersOf, tenant, int64(roles))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []User
	for rows.Next() {
		n, err := scanUser(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	return all, rows.Err()
}
