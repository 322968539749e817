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
	resellersOf   = db.SQL(`SELECT provider_id, reseller_id, state, since, ended_at FROM partnerships WHERE provider_id = $1 AND state = $2 ORDER BY reseller_id`)
	everyReseller = db.SQL(`SELECT provider_id, reseller_id, state, since, ended_at FROM partnerships WHERE provider_id = $1 ORDER BY reseller_id`)
	endPartner    = db.SQL(`UPDATE partnerships SET state = $3, ended_at = $4 WHERE provider_id = $1 AND reseller_id = $2`)
	providersOf   = db.SQL(`SELECT provider_id, reseller_id, state, since, ended_at FROM partnerships WHERE reseller_id = $1 AND state = $2 ORDER BY provider_id`)
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
	return partnerships(ctx, t, resellersOf, provider, PartnershipActive)
}

// ProvidersOf returns the active partnerships of a reseller.
func ProvidersOf(ctx context.Context, t *db.Tx, reseller id.Tenant) ([]Partnership, error) {
	return partnerships(ctx, t, providersOf, reseller, PartnershipActive)
}

// AllResellersOf returns the partnerships of a provider, those that have ended
// included.
func AllResellersOf(ctx context.Context, t *db.Tx, provider id.Tenant) ([]Partnership, error) {
	return partnerships(ctx, t, everyReseller, provider)
}

func partnerships(ctx context.Context, t *db.Tx, s *db.Stmt, args ...any) ([]Partnership, error) {
	return db.All(ctx, t, s, args, func(row db.Row) (Partnership, error) {
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
	return logBoth(ctx, u, p, r, func(line *op.Record, names map[string]string) {
		line.Operation, line.New = "create_partner_relationship", names
	})
}

// Disconnect ends the partnership of a provider and a reseller in the transaction of
// u (rule E21) and writes it to both logs. Their customers stay as they are. Who may
// end it is the caller's rule; partners that are not connected stay so.
func Disconnect(ctx context.Context, u *op.Unit, provider, reseller id.Tenant) error {
	if known, err := IsPartner(ctx, u.Tx, provider, reseller); !known || err != nil {
		return err
	}
	p, _, err := identity.PartnerOf(ctx, u.Tx, provider)
	if err != nil {
		return err
	}
	r, _, err := identity.PartnerOf(ctx, u.Tx, reseller)
	if err != nil {
		return err
	}
	if _, err := u.Exec(ctx, endPartner, provider, reseller, PartnershipEnded, db.Micros(u.Now)); err != nil {
		return err
	}
	return logBoth(ctx, u, p, r, func(line *op.Record, names map[string]string) {
		line.Operation, line.Old = "remove_partner_relationship", names
	})
}

// logBoth writes a line about a partnership to the logs of both partners.
func logBoth(ctx context.Context, u *op.Unit, provider, reseller identity.Partner, fill func(line *op.Record, names map[string]string)) error {
	for _, tenant := range []id.Tenant{provider.Tenant, reseller.Tenant} {
		line := op.Record{Resource: "partner_relationship", Tenant: tenant}
		fill(&line, map[string]string{"Provider": provider.Name, "Reseller": reseller.Name})
		if err := u.Record(ctx, line); err != nil {
			return err
		}
	}
	return nil
}
