package grant

import (
	"context"
	"strings"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
)

var (
	insertRefresh = db.SQL(`INSERT INTO refresh_tokens (hash, tenant_id, user_id, app_id, family, scope, methods, issued_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`)
	refreshByHash = db.SQL(`SELECT tenant_id, user_id, app_id, family, scope, methods, issued_at, expires_at
		FROM refresh_tokens WHERE hash = $1`)
	endFamily      = db.SQL(`DELETE FROM refresh_tokens WHERE family = $1`)
	endRefreshesOf = db.SQL(`DELETE FROM refresh_tokens WHERE tenant_id = $1 AND user_id = $2 AND app_id = $3`)
)

// Refresh is what a refresh token stands for.
type Refresh struct {
	Subject
	IssuedAt time.Time
}

type newRefresh struct {
	Hash    []byte
	Subject Subject
}

var saveRefresh = op.Define(op.Spec{Name: "grant.refresh.save", Action: "signin", Write: true},
	func(ctx context.Context, u *op.Unit, in newRefresh) (struct{}, error) {
		s := in.Subject
		_, err := u.Exec(ctx, insertRefresh, in.Hash, s.Tenant, s.User, s.App, s.Family, s.Scope, strings.Join(s.Methods, " "),
			db.Micros(u.Wall), db.Micros(u.Wall.Add(RefreshTime)))
		return struct{}{}, err
	})

// IssueRefresh returns a new refresh token for s. Earlier ones of the family
// stay good: some clients keep the first (quirk Q43).
func IssueRefresh(ctx context.Context, k *op.Kernel, a op.Actor, s Subject) (string, error) {
	token := identity.Token()
	if s.Family == "" {
		s.Family = identity.Token()
	}
	_, err := saveRefresh.Do(ctx, k, a, newRefresh{identity.TokenHash(token), s})
	return token, err
}

// presented is a refresh token as a client presents it.
type presented struct {
	hash   []byte
	client string
}

type refreshed struct {
	refresh Refresh
	refused error
}

var findRefresh = op.Define(op.Spec{Name: "grant.refresh.find", Action: "signin"},
	func(ctx context.Context, u *op.Unit, in presented) (found refreshed, err error) {
		r := &found.refresh
		var methods string
		var issued, expires int64
		known, err := u.Found(ctx, refreshByHash, []any{in.hash}, &r.Tenant, &r.User, &r.App, &r.Family, &r.Scope, &methods, &issued, &expires)
		switch {
		case err != nil:
			return refreshed{}, err
		case !known || string(r.App) != in.client:
			return refreshed{refused: ErrUnknown}, nil
		case !u.Wall.Before(db.Time(expires)):
			return refreshed{refused: ErrExpired}, nil
		}
		r.Methods, r.IssuedAt = strings.Fields(methods), db.Time(issued)
		return found, nil
	})

// FindRefresh returns what a refresh token of the application client stands
// for. It refuses with ErrUnknown or ErrExpired. Whether the person is still
// let in is for the caller to ask.
func FindRefresh(ctx context.Context, k *op.Kernel, a op.Actor, token, client string) (Refresh, error) {
	found, err := findRefresh.Do(ctx, k, a, presented{identity.TokenHash(token), client})
	if err == nil {
		err = found.refused
	}
	return found.refresh, err
}

// Allowed is an application that a person let act for him.
type Allowed struct {
	App       id.App
	GrantedAt time.Time
}

var (
	putConsent    = db.SQL(`INSERT INTO consents (tenant_id, user_id, app_id, granted_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`)
	consentOf     = db.SQL(`SELECT granted_at FROM consents WHERE tenant_id = $1 AND user_id = $2 AND app_id = $3`)
	consentsOf    = db.SQL(`SELECT app_id, granted_at FROM consents WHERE tenant_id = $1 AND user_id = $2 ORDER BY app_id`)
	deleteConsent = db.SQL(`DELETE FROM consents WHERE tenant_id = $1 AND user_id = $2 AND app_id = $3`)
)

// Consent lets an application act for the actor. Doing so again changes nothing.
var Consent = op.Define(op.Spec{Name: "grant.consent", Action: "profile.update", Write: true},
	func(ctx context.Context, u *op.Unit, in id.App) (struct{}, error) {
		_, err := u.Exec(ctx, putConsent, u.Actor.Tenant, u.Actor.User, in, db.Micros(u.Wall))
		return struct{}{}, err
	})

// Consented reports whether the actor let an application act for him.
var Consented = op.Define(op.Spec{Name: "grant.consented", Action: "profile.update"},
	func(ctx context.Context, u *op.Unit, in id.App) (bool, error) {
		return u.Found(ctx, consentOf, []any{u.Actor.Tenant, u.Actor.User, in}, new(int64))
	})

// ListConsents lists the applications that the actor let act for him.
var ListConsents = op.Define(op.Spec{Name: "grant.consents", Action: "profile.update"},
	func(ctx context.Context, u *op.Unit, _ struct{}) ([]Allowed, error) {
		rows, err := u.Query(ctx, consentsOf, u.Actor.Tenant, u.Actor.User)
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		var all []Allowed
		for rows.Next() {
			var a Allowed
			var at int64
			if err := rows.Scan(&a.App, &at); err != nil {
				return nil, err
			}
			a.GrantedAt = db.Time(at)
			all = append(all, a)
		}
		return all, rows.Err()
	})

// WithdrawConsent ends what an application may do for the actor, its refresh
// tokens included. Access tokens that it holds end by themselves within the hour.
var WithdrawConsent = op.Define(op.Spec{Name: "grant.withdraw", Action: "profile.update", Write: true},
	func(ctx context.Context, u *op.Unit, in id.App) (struct{}, error) {
		for _, s := range []*db.Stmt{deleteConsent, endRefreshesOf} {
			if _, err := u.Exec(ctx, s, u.Actor.Tenant, u.Actor.User, in); err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, nil
	})
