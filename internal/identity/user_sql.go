package identity

import (
	"context"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

const userColumns = `tenant_id, id, name, display_name, first_name, last_name, email, phone, language, usage_location,
	immutable_id, status, roles, must_change, factors, created_at, deleted_at, was_blocked, version`

var (
	insertUser = db.SQL(`INSERT INTO users
		(tenant_id, id, name, name_key, display_name, display_key, first_name, last_name, email, phone, language, usage_location,
		 immutable_id, status, roles, password, must_change, factors, valid_from, created_at, deleted_at, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 0, 0, $18, 0, 1)`)
	updateUser = db.SQL(`UPDATE users SET name = $3, name_key = $4, display_name = $5, display_key = $6, first_name = $7,
		last_name = $8, email = $9, phone = $10, language = $11, usage_location = $12, immutable_id = $13, status = $14,
		roles = $15, deleted_at = $16, was_blocked = $17, version = version + 1 WHERE tenant_id = $1 AND id = $2`)
	setPassword = db.SQL(`UPDATE users SET password = $3, must_change = $4, valid_from = $5, version = version + 1
		WHERE tenant_id = $1 AND id = $2`)
	deleteUser = db.SQL(`DELETE FROM users WHERE tenant_id = $1 AND id = $2`)

	userByID    = db.SQL(`SELECT ` + userColumns + ` FROM users WHERE tenant_id = $1 AND id = $2`)
	userByName  = db.SQL(`SELECT ` + userColumns + ` FROM users WHERE name_key = $1`)
	otherAdmins = db.SQL(`SELECT id FROM users WHERE tenant_id = $1 AND id <> $2 AND status = 'active' AND roles & $3 <> 0 LIMIT 2`)
)

// insertUserRow inserts a user as it stands; the name must be free.
func insertUserRow(ctx context.Context, u *op.Unit, n User, v Verifier) error {
	_, err := u.Exec(ctx, insertUser, n.Tenant, n.ID, n.Name, nameKey(n.Name), n.DisplayName, foldKey(n.DisplayName),
		n.FirstName, n.LastName, n.Email, n.Phone, n.Language, n.UsageLocation, n.ImmutableID, n.Status, int64(n.Roles), string(v), n.MustChange,
		db.Micros(u.Now))
	if db.IsUnique(err) {
		return ErrUserNameTaken.On("userPrincipalName").With("Name", n.Name).Because(err)
	}
	return err
}

// updateUserRow writes everything of n that is not about signing in.
func updateUserRow(ctx context.Context, u *op.Unit, n User) error {
	changed, err := u.Exec(ctx, updateUser, n.Tenant, n.ID, n.Name, nameKey(n.Name), n.DisplayName, foldKey(n.DisplayName),
		n.FirstName, n.LastName, n.Email, n.Phone, n.Language, n.UsageLocation, n.ImmutableID, n.Status, int64(n.Roles), db.Micros(n.DeletedAt), n.WasBlocked)
	switch {
	case db.IsUnique(err):
		return ErrUserNameTaken.On("userPrincipalName").With("Name", n.Name).Because(err)
	case err == nil && changed == 0:
		return ErrUserUnknown
	}
	u.Changed(userFact(n.Tenant, n.ID))
	return err
}

func scanUser(row db.Row) (User, error) {
	var n User
	var roles, factors, created, deleted int64
	err := row.Scan(&n.Tenant, &n.ID, &n.Name, &n.DisplayName, &n.FirstName, &n.LastName, &n.Email, &n.Phone, &n.Language,
		&n.UsageLocation, &n.ImmutableID, &n.Status, &roles, &n.MustChange, &factors, &created, &deleted, &n.WasBlocked, &n.Version)
	n.Roles, n.Factors = policy.Role(roles), FactorKinds(factors)
	n.CreatedAt, n.DeletedAt = db.Time(created), db.Time(deleted)
	return n, err
}

// UserByID returns a user of an organisation, deleted ones too, or
// ErrUserUnknown.
func UserByID(ctx context.Context, t *db.Tx, tenant id.Tenant, user id.User) (User, error) {
	return oneUser(ctx, t, userByID, tenant, user)
}

// UserByName returns the user with a name in any organisation, deleted ones
// too, or ErrUserUnknown.
func UserByName(ctx context.Context, t *db.Tx, name string) (User, error) {
	return oneUser(ctx, t, userByName, nameKey(name))
}

func oneUser(ctx context.Context, t *db.Tx, s *db.Stmt, keys ...any) (User, error) {
	rows, err := t.Query(ctx, s, keys...)
	if err != nil {
		return User{}, err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return User{}, err
		}
		return User{}, ErrUserUnknown
	}
	return scanUser(rows)
}
