package identity

import (
	"context"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

// Consent is an application of another organisation that may act in the actor's
// one, for all its people.
type Consent struct {
	App       id.App
	Name      string
	Publisher string // the organisation that registered it
	Roles     policy.Role
	GrantedAt time.Time
	GrantedBy string // display name, "" when the person is gone
}

// ConsentList asks for a page of the consents of the actor's organisation.
type ConsentList struct {
	After id.App // last of the page before; "" starts
	Size  int    // 1 to 500; 0 means 50
}

// consents are what an organisation allows applications of others.
const consents = `SELECT a.id, a.name, t.name, g.roles, g.granted_at, COALESCE(u.display_name, '')
	FROM app_grants g JOIN apps a ON a.id = g.app_id JOIN tenants t ON t.id = a.tenant_id
	LEFT JOIN users u ON u.tenant_id = g.tenant_id AND u.id = g.granted_by
	WHERE g.tenant_id = $1 AND a.tenant_id <> $1`

var (
	consentsAfter = db.SQL(consents + ` AND g.app_id > $2 ORDER BY g.app_id LIMIT $3`)
	oneConsent    = db.SQL(consents + ` AND g.app_id = $2`)
	deleteGrant   = db.SQL(`DELETE FROM app_grants WHERE tenant_id = $1 AND app_id = $2`)
)

// ListConsents lists the applications of others that the actor's organisation has
// let in, in the order of their ids (rule b50).
var ListConsents = op.Define(op.Spec{Name: "partner.application.consents", Action: "partner.application.grant"},
	func(ctx context.Context, u *op.Unit, in ConsentList) ([]Consent, error) {
		if in.Size <= 0 || in.Size > 500 {
			in.Size = 50
		}
		return db.All(ctx, u.Tx, consentsAfter, []any{u.Actor.Tenant, in.After, in.Size}, scanConsent)
	})

// GetConsent returns what ListConsents lists of one application (rule b50).
// ErrAppUnknown answers for one that was not let in.
var GetConsent = op.Define(op.Spec{Name: "partner.application.consent", Action: "partner.application.grant"},
	func(ctx context.Context, u *op.Unit, app id.App) (Consent, error) {
		all, err := db.All(ctx, u.Tx, oneConsent, []any{u.Actor.Tenant, app}, scanConsent)
		if err != nil {
			return Consent{}, err
		}
		if len(all) == 0 {
			return Consent{}, ErrAppUnknown
		}
		return all[0], nil
	})

func scanConsent(row db.Row) (Consent, error) {
	var c Consent
	var roles, granted int64
	err := row.Scan(&c.App, &c.Name, &c.Publisher, &roles, &granted, &c.GrantedBy)
	c.Roles, c.GrantedAt = policy.Role(roles), db.Time(granted)
	return c, err
}

// WithdrawConsent takes back what GrantApplication gave (rule b50): by itself the
// application can do nothing more from its next request, and what people are
// signed in to there is not renewed. What somebody allowed it for himself stays.
// An application that has no consent is unknown, one of the own organisation too.
var WithdrawConsent = op.Define(op.Spec{Name: "partner.application.withdraw", Action: "partner.application.grant", Write: true},
	func(ctx context.Context, u *op.Unit, in ConsentForAll) (struct{}, error) {
		a, err := appAnywhere(ctx, u.Tx, in.App)
		if err != nil {
			return struct{}{}, err
		}
		if a.Tenant == u.Actor.Tenant {
			return struct{}{}, ErrAppUnknown
		}
		n, err := u.Exec(ctx, deleteGrant, u.Actor.Tenant, a.ID)
		if err != nil {
			return struct{}{}, err
		}
		if n == 0 {
			return struct{}{}, ErrAppUnknown
		}
		u.Changed(grantFact(u.Actor.Tenant, a.ID))
		return struct{}{}, u.Record(ctx, op.Record{
			Operation: "unregister_application", Resource: "application", Old: viewApp(&a),
			Data: map[string]string{"ApplicationId": string(a.ID), "ApplicationName": a.Name, "Change": "consent"},
		})
	})
