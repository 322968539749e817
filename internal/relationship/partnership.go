package relationship

import (
	"context"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

// Partnership is the agreement of a reseller with a provider that the provider
// may order for the reseller's customers (rules E18, E19).
type Partnership struct {
	Provider, Reseller id.Tenant
	State              PartnershipState
	Since, EndedAt     time.Time
}

// PartnershipState says whether a partnership holds.
type PartnershipState string

// The states of a partnership.
const (
	PartnershipActive PartnershipState = "active"
	PartnershipEnded  PartnershipState = "ended"
)

// Refusals of a partnership.
var (
	// ErrNotProvider refuses a provider that is none.
	ErrNotProvider = fault.New(fault.Invalid, "2072", "relationship.not_provider")
	// ErrOtherMarket refuses partners of two markets (rules A8, E18).
	ErrOtherMarket = fault.New(fault.Invalid, "2201", "relationship.other_market")
)

var (
	partnershipOf = db.SQL(`SELECT state, since, ended_at FROM partnerships WHERE provider_id = $1 AND reseller_id = $2`)
	putPartner    = db.SQL(`INSERT INTO partnerships (provider_id, reseller_id, state, since, ended_at) VALUES ($1, $2, $3, $4, 0)
		ON CONFLICT (provider_id, reseller_id) DO UPDATE SET state = excluded.state, since = excluded.since, ended_at = 0`)
	resellersOf = db.SQL(`SELECT provider_id, reseller_id, state, since, ended_at FROM partnerships WHERE provider_id = $1 AND state = $2 ORDER BY reseller_id`)
	providersOf = db.SQL(`SELECT provider_id, reseller_id, state, since, ended_at FROM partnerships WHERE reseller_id = $1 AND state = $2 ORDER BY provider_id`)
)

// IsPartner reports whether reseller sells through provider now.
func IsPartner(ctx context.Context, t *db.Tx, provider, reseller id.Tenant) (bool, error) {
	var state PartnershipState
	var since, ended int64
	found, err := t.Found(ctx, partnershipOf, []any{provider, reseller}, &state, &since, &ended)
	return found && state == PartnershipActive, err
}

// ResellersOf returns the active partnerships of a provider.
func ResellersOf(ctx context.Context, t *db.Tx, provider id.Tenant) ([]Partnership, error) {
	return partnerships(ctx, t, resellersOf, provider)
}

// ProvidersOf returns the active partnerships of a reseller.
func ProvidersOf(ctx context.Context, t *db.Tx, reseller id.Tenant) ([]Partnership, error) {
	return partnerships(ctx, t, providersOf, reseller)
}

func partnerships(ctx context.Context, t *db.Tx, s *db.Stmt, partner id.Tenant) ([]Partnership, error) {
	return db.All(ctx, t, s, []any{partner, PartnershipActive}, func(row db.Row) (Partnership, error) {
		var p Partnership
		var since, ended int64
		err := row.Scan(&p.Provider, &p.Reseller, &p.State, &since, &ended)
		p.Since, p.EndedAt = db.Time(since), db.Time(ended)
		return p, err
	})
}

// Connect makes reseller and provider partners in the transaction of u (rule
// E18) and writes it to both logs. Who authorised it is the caller's rule. It
// refuses a provider or reseller that is none (2072, RF-26) and two markets
// (2201); partners that are connected already stay so.
func Connect(ctx context.Context, u *op.Unit, provider, reseller id.Tenant) error {
	p, found, err := identity.PartnerOf(ctx, u.Tx, provider)
	if err != nil {
		return err
	}
	if !found || p.Types&policy.IndirectProvider == 0 {
		return ErrNotProvider
	}
	r, found, err := identity.PartnerOf(ctx, u.Tx, reseller)
	if err != nil {
		return err
	}
	if !found || r.Types&policy.IndirectReseller == 0 {
		return refusal.RF26NotReseller
	}
	if p.Market != r.Market {
		return ErrOtherMarket
	}
	if known, err := IsPartner(ctx, u.Tx, provider, reseller); known || err != nil {
		return err
	}
	if _, err := u.Exec(ctx, putPartner, provider, reseller, PartnershipActive, db.Micros(u.Now)); err != nil {
		return err
	}
	for _, tenant := range []id.Tenant{provider, reseller} {
		err := u.Record(ctx, op.Record{
			Operation: "create_partner_relationship", Resource: "partner_relationship", Tenant: tenant,
			New: map[string]string{"Provider": p.Name, "Reseller": r.Name},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
