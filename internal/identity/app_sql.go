package identity

import (
	"context"
	"encoding/hex"
	"strings"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/policy"
)

const appColumns = `SELECT a.tenant_id, a.id, a.name, a.redirect_uris, a.public, a.multi_tenant, a.created_at, g.roles
	FROM apps a JOIN app_grants g ON g.tenant_id = a.tenant_id AND g.app_id = a.id`

var (
	insertApp = db.SQL(`INSERT INTO apps (tenant_id, id, name, redirect_uris, public, multi_tenant, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	updateApp    = db.SQL(`UPDATE apps SET name = $3, redirect_uris = $4, multi_tenant = $5 WHERE tenant_id = $1 AND id = $2`)
	deleteApp    = db.SQL(`DELETE FROM apps WHERE tenant_id = $1 AND id = $2`)
	appByID      = db.SQL(appColumns + ` WHERE a.tenant_id = $1 AND a.id = $2`)
	appByIDAlone = db.SQL(appColumns + ` WHERE a.id = $1`)
	appsAfter    = db.SQL(appColumns + ` WHERE a.tenant_id = $1 AND a.id > $2 ORDER BY a.id LIMIT $3`)

	putGrant = db.SQL(`INSERT INTO app_grants (tenant_id, app_id, object_id, roles, granted_by, granted_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (tenant_id, app_id) DO UPDATE SET roles = excluded.roles`)
	grantOf      = db.SQL(`SELECT object_id, roles FROM app_grants WHERE tenant_id = $1 AND app_id = $2`)
	deleteGrants = db.SQL(`DELETE FROM app_grants WHERE app_id = $1`)

	insertCredential = db.SQL(`INSERT INTO app_credentials
		(tenant_id, app_id, id, kind, name, hint, verifier, certificate, starts_at, expires_at, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`)
	deleteCredential  = db.SQL(`DELETE FROM app_credentials WHERE tenant_id = $1 AND app_id = $2 AND id = $3`)
	deleteCredentials = db.SQL(`DELETE FROM app_credentials WHERE tenant_id = $1 AND app_id = $2`)
	credentialsOf     = db.SQL(`SELECT id, kind, name, hint, verifier, certificate, starts_at, expires_at FROM app_credentials
		WHERE tenant_id = $1 AND app_id = $2 ORDER BY id`)
)

// proof is a credential with what recognises it.
type proof struct {
	Credential
	verifier    Verifier
	certificate []byte
}

func scanApp(row db.Row) (App, error) {
	var a App
	var redirects string
	var created, roles int64
	err := row.Scan(&a.Tenant, &a.ID, &a.Name, &redirects, &a.Public, &a.MultiTenant, &created, &roles)
	a.RedirectURIs, a.CreatedAt, a.Roles = strings.Fields(redirects), db.Time(created), policy.Role(roles)
	return a, err
}

// AppByID returns an application of an organisation with its credentials, or
// ErrAppUnknown.
func AppByID(ctx context.Context, t *db.Tx, tenant id.Tenant, app id.App) (App, error) {
	return oneApp(ctx, t, appByID, tenant, app)
}

// appAnywhere returns an application of any organisation, or ErrAppUnknown.
func appAnywhere(ctx context.Context, t *db.Tx, app id.App) (App, error) {
	return oneApp(ctx, t, appByIDAlone, app)
}

func oneApp(ctx context.Context, t *db.Tx, s *db.Stmt, keys ...any) (App, error) {
	all, err := manyApps(ctx, t, s, keys...)
	if err != nil {
		return App{}, err
	}
	if len(all) == 0 {
		return App{}, ErrAppUnknown
	}
	return all[0], nil
}

func appsOf(ctx context.Context, t *db.Tx, in AppList) ([]App, error) {
	return manyApps(ctx, t, appsAfter, in.Tenant, in.After, in.Size)
}

func manyApps(ctx context.Context, t *db.Tx, s *db.Stmt, keys ...any) ([]App, error) {
	all, err := appRows(ctx, t, s, keys...)
	if err != nil {
		return nil, err
	}
	for i := range all {
		proofs, err := proofsOf(ctx, t, all[i].Tenant, all[i].ID)
		if err != nil {
			return nil, err
		}
		for _, p := range proofs {
			all[i].Credentials = append(all[i].Credentials, p.Credential)
		}
	}
	return all, nil
}

func appRows(ctx context.Context, t *db.Tx, s *db.Stmt, keys ...any) ([]App, error) {
	return db.All(ctx, t, s, keys, scanApp)
}

func proofsOf(ctx context.Context, t *db.Tx, tenant id.Tenant, app id.App) ([]proof, error) {
	return db.All(ctx, t, credentialsOf, []any{tenant, app}, func(row db.Row) (proof, error) {
		var p proof
		var starts, expires int64
		err := row.Scan(&p.ID, &p.Kind, &p.Name, &p.Hint, &p.verifier, &p.certificate, &starts, &expires)
		p.StartsAt, p.ExpiresAt = db.Time(starts), db.Time(expires)
		return p, err
	})
}

// hexThumbprint names a certificate as administrators know it.
func hexThumbprint(der []byte) string {
	t := thumbprints(der)
	return strings.ToUpper(hex.EncodeToString(t.SHA1[:]))
}
