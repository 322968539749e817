package partnership

import (
	"context"
	"time"

	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
)

// Counterpart is a partner with which the actor's organization works, or has worked.
type Counterpart struct {
	Partner identity.Partner
	Since   time.Time
	EndedAt time.Time // zero while it holds
	// Shared is how many customers the two have together.
	Shared int64
	// Contacts are people to ask, of a provider only.
	Contacts []relationship.Addressee
}

// ListResellers returns the resellers of the actor's organization, an indirect
// provider, those whose partnership has ended included (portal P-14).
var ListResellers = op.Define(op.Spec{Name: "partnership.resellers", Action: "partnership.resellers"},
	func(ctx context.Context, u *op.Unit, _ struct{}) ([]Counterpart, error) {
		all, err := relationship.AllResellersOf(ctx, u.Tx, u.Actor.Tenant)
		if err != nil {
			return nil, err
		}
		counts, err := relationship.CountsOf(ctx, u.Tx, u.Actor.Tenant)
		if err != nil {
			return nil, err
		}
		var found []Counterpart
		for _, p := range all {
			c := Counterpart{Since: p.Since, EndedAt: p.EndedAt, Shared: counts.By[relationship.ByReseller][string(p.Reseller)]}
			if found, err = c.read(ctx, u, p.Reseller, found); err != nil {
				return nil, err
			}
		}
		return found, nil
	})

// ListProviders returns the providers of the actor's organization, an indirect
// reseller, with whom to ask there (portal P-15).
var ListProviders = op.Define(op.Spec{Name: "partnership.providers", Action: "partnership.providers"},
	func(ctx context.Context, u *op.Unit, _ struct{}) ([]Counterpart, error) {
		all, err := relationship.ProvidersOf(ctx, u.Tx, u.Actor.Tenant)
		if err != nil {
			return nil, err
		}
		counts, err := relationship.CountsOf(ctx, u.Tx, u.Actor.Tenant)
		if err != nil {
			return nil, err
		}
		var found []Counterpart
		for _, p := range all {
			c := Counterpart{Since: p.Since, Shared: counts.By[relationship.ByProvider][string(p.Provider)]}
			if c.Contacts, err = relationship.PeopleAt(ctx, u.Tx, p.Provider); err != nil {
				return nil, err
			}
			if found, err = c.read(ctx, u, p.Provider, found); err != nil {
				return nil, err
			}
		}
		return found, nil
	})

// read adds c with its partner to all.
func (c Counterpart) read(ctx context.Context, u *op.Unit, tenant id.Tenant, all []Counterpart) ([]Counterpart, error) {
	p, found, err := identity.PartnerOf(ctx, u.Tx, tenant)
	if err != nil || !found {
		return all, err
	}
	c.Partner = p
	return append(all, c), nil
}

// Removal is the input of Remove.
type Removal struct {
	Reseller  id.Tenant
	Statement relationship.Statement
}

// Remove ends the partnership of the actor's organization, an indirect provider, with
// a reseller (rule E21). The customers that the two share stay, and so does all
// delegated administration. The statement of rule E25 is kept in the log. Who is no
// reseller of the organization is refusal.NotFound, a missing statement
// relationship.ErrNotStated.
var Remove = op.Define(op.Spec{Name: "partnership.remove", Action: "partnership.remove", Write: true},
	func(ctx context.Context, u *op.Unit, in Removal) (struct{}, error) {
		partners, err := relationship.IsPartner(ctx, u.Tx, u.Actor.Tenant, in.Reseller)
		switch {
		case err != nil:
			return struct{}{}, err
		case !partners:
			return struct{}{}, refusal.NotFound
		}
		if err := in.Statement.Check(); err != nil {
			return struct{}{}, err
		}
		if err := in.Statement.Keep(ctx, u, op.Record{Resource: "partner_relationship"}); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, relationship.Disconnect(ctx, u, u.Actor.Tenant, in.Reseller)
	})
