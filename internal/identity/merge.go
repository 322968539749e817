package identity

import (
	"context"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/op"
)

// ErrTenantEnded refuses to merge an organisation that was merged already, as when
// somebody else was faster.
var ErrTenantEnded = fault.New(fault.Conflict, "1003", "identity.tenant.ended")

var (
	// Who merges reads both organisations before, so that two who merge the same ones
	// cannot both find them there.
	endTenant    = db.SQL(`UPDATE tenants SET ended_at = $3, merged_into = $2, user_count = 0 WHERE id = $1 AND ended_at = 0 AND kind = 'customer'`)
	touchTenant  = db.SQL(`UPDATE tenants SET user_count = user_count + $2 WHERE id = $1 AND ended_at = 0 AND kind = 'customer'`)
	endOf        = db.SQL(`SELECT ended_at, merged_into FROM tenants WHERE id = $1`)
	usersToMove  = db.SQL(`SELECT id FROM users WHERE tenant_id = $1`)
	moveAccounts = db.SQL(`UPDATE users SET tenant_id = $2, valid_from = $3, version = version + 1 WHERE tenant_id = $1`)

	// What moves with the people of an organisation, in this order. What the other has
	// under the same name stays its own.
	moves = []*db.Stmt{
		db.SQL(`UPDATE factors SET tenant_id = $2 WHERE tenant_id = $1`),
		db.SQL(`UPDATE recovery_codes SET tenant_id = $2 WHERE tenant_id = $1`),
		db.SQL(`UPDATE security_groups SET tenant_id = $2 WHERE tenant_id = $1 AND name_key NOT IN (SELECT name_key FROM security_groups WHERE tenant_id = $2)`),
		db.SQL(`UPDATE group_members SET tenant_id = $2 WHERE tenant_id = $1 AND group_id IN (SELECT id FROM security_groups WHERE tenant_id = $2)`),
		db.SQL(`UPDATE app_credentials SET tenant_id = $2 WHERE tenant_id = $1`),
		db.SQL(`UPDATE apps SET tenant_id = $2 WHERE tenant_id = $1`),
		db.SQL(`UPDATE app_grants SET tenant_id = $2 WHERE tenant_id = $1 AND app_id NOT IN (SELECT app_id FROM app_grants WHERE tenant_id = $2)`),
		db.SQL(`UPDATE domain_claims SET tenant_id = $2 WHERE tenant_id = $1 AND name NOT IN (SELECT name FROM domain_claims WHERE tenant_id = $2)`),
		db.SQL(`UPDATE domains SET tenant_id = $2 WHERE tenant_id = $1`),
	}
	leftovers = []*db.Stmt{
		db.SQL(`DELETE FROM group_members WHERE tenant_id = $1`),
		db.SQL(`DELETE FROM security_groups WHERE tenant_id = $1`),
		db.SQL(`DELETE FROM app_grants WHERE tenant_id = $1`),
		db.SQL(`DELETE FROM domain_claims WHERE tenant_id = $1`),
	}
)

// End says when an organisation ended, and which one it is part of since.
type End struct {
	At   time.Time // zero while it is there
	Into id.Tenant
}

// EndOf returns the end of an organisation; the zero End for one that is there, and
// for one that nobody knows.
func EndOf(ctx context.Context, t *db.Tx, tenant id.Tenant) (End, error) {
	var e End
	var at int64
	_, err := t.Found(ctx, endOf, []any{tenant}, &at, &e.Into)
	e.At = db.Time(at)
	return e, err
}

// MergeTenant ends the customer from and gives its people, applications and domains
// to the customer into, in the transaction of u. User names are those of domains,
// which move along, so that none collides. Everybody signs in anew. It returns the
// people that moved, and refuses an organisation that ended before with
// ErrTenantEnded. What other packages keep is theirs to move.
func MergeTenant(ctx context.Context, u *op.Unit, from, into id.Tenant) ([]id.User, error) {
	old, err := TenantByID(ctx, u.Tx, from)
	if err != nil {
		return nil, err
	}
	for _, change := range []struct {
		s    *db.Stmt
		args []any
	}{{endTenant, []any{from, into, db.Micros(u.Now)}}, {touchTenant, []any{into, old.Users}}} {
		n, err := u.Exec(ctx, change.s, change.args...)
		if err == nil && n == 0 {
			err = ErrTenantEnded
		}
		if err != nil {
			return nil, err
		}
	}
	moved, err := db.All(ctx, u.Tx, usersToMove, []any{from}, func(row db.Row) (user id.User, err error) {
		err = row.Scan(&user)
		return user, err
	})
	if err != nil {
		return nil, err
	}
	if _, err := u.Exec(ctx, moveAccounts, from, into, db.Micros(u.Wall)); err != nil {
		return nil, err
	}
	for _, s := range moves {
		if _, err := u.Exec(ctx, s, from, into); err != nil {
			return nil, err
		}
	}
	for _, s := range leftovers {
		if _, err := u.Exec(ctx, s, from); err != nil {
			return nil, err
		}
	}
	for _, user := range moved {
		u.Changed(userFact(from, user))
		u.Changed(userFact(into, user))
	}
	u.Changed(tenantFact(from))
	u.Changed(tenantFact(into))
	return moved, nil
}
