package relationship

import (
	"context"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/partnerprofile"
)

// Counterparts are the partners that the actor's organisation works with.
type Counterparts struct {
	Resellers []identity.Partner // of a provider
	Providers []identity.Partner // of a reseller
}

// ListCounterparts returns the indirect resellers of a provider and the
// providers of an indirect reseller, by whom lists are filtered and for whom
// customers are added.
var ListCounterparts = op.Define(op.Spec{Name: "partnership.list", Action: "customer.list"},
	func(ctx context.Context, u *op.Unit, _ struct{}) (Counterparts, error) {
		var c Counterparts
		resellers, err := ResellersOf(ctx, u.Tx, u.Actor.Tenant)
		if err != nil {
			return c, err
		}
		for _, p := range resellers {
			if c.Resellers, err = withPartner(ctx, u.Tx, c.Resellers, p.Reseller); err != nil {
				return c, err
			}
		}
		providers, err := ProvidersOf(ctx, u.Tx, u.Actor.Tenant)
		if err != nil {
			return c, err
		}
		for _, p := range providers {
			if c.Providers, err = withPartner(ctx, u.Tx, c.Providers, p.Provider); err != nil {
				return c, err
			}
		}
		return c, nil
	})

func withPartner(ctx context.Context, t *db.Tx, all []identity.Partner, tenant id.Tenant) ([]identity.Partner, error) {
	p, found, err := identity.PartnerOf(ctx, t, tenant)
	if err != nil || !found {
		return all, err
	}
	return append(all, p), nil
}

// Seller is a partner as its customer sees it.
type Seller struct {
	Partner identity.Partner
	Kind    Kind
}

// ListOwnPartners returns the partners that have a relation with the actor's own
// organisation, a customer (rule c6).
var ListOwnPartners = op.Define(op.Spec{Name: "own.partner.list", Action: "own.partner.view"},
	func(ctx context.Context, u *op.Unit, _ struct{}) ([]Seller, error) {
		relations, err := Of(ctx, u.Tx, u.Actor.Tenant)
		if err != nil {
			return nil, err
		}
		var all []Seller
		for _, r := range relations {
			p, found, err := identity.PartnerOf(ctx, u.Tx, r.Partner)
			if err != nil {
				return nil, err
			}
			if found {
				all = append(all, Seller{Partner: p, Kind: r.Kind})
			}
		}
		return all, nil
	})

// SupportContact is where a customer asks one of its partners for help (rule c11).
type SupportContact struct {
	Name string // of the partner
	partnerprofile.Support
}

// ListOwnContacts returns the support contacts of the partners of the actor's own
// organisation, a customer (rule c11, portal K-1).
var ListOwnContacts = op.Define(op.Spec{Name: "own.support.list", Action: "own.support.view"},
	func(ctx context.Context, u *op.Unit, _ struct{}) ([]SupportContact, error) {
		relations, err := Of(ctx, u.Tx, u.Actor.Tenant)
		if err != nil {
			return nil, err
		}
		var all []SupportContact
		for i, r := range relations {
			if i > 0 && relations[i-1].Partner == r.Partner {
				continue // a dual partner
			}
			p, found, err := identity.PartnerOf(ctx, u.Tx, r.Partner)
			if err != nil || !found {
				return nil, err
			}
			c := SupportContact{Name: p.Name}
			if c.Support, err = partnerprofile.SupportOf(ctx, u.Tx, p.Tenant); err != nil {
				return nil, err
			}
			all = append(all, c)
		}
		return all, nil
	})
