package relationship

import (
	"cmp"
	"context"

	"comptoir/internal/identity"
	"comptoir/internal/op"
)

// Contact is whom an indirect reseller asks at one of its providers.
type Contact struct {
	Provider identity.Partner
	// People are administrators of the provider, up to contactPeople.
	People []Addressee
}

// Addressee is a person and where mail for that person goes.
type Addressee struct{ Name, Email string }

// contactPeople is how many people of a provider a reseller is told of.
const contactPeople = 3

// ListProviderContacts returns whom to ask at the providers of the actor's own
// organisation, an indirect reseller, about what only a provider may do (RF-01).
var ListProviderContacts = op.Define(op.Spec{Name: "partnership.contacts", Action: "customer.list"},
	func(ctx context.Context, u *op.Unit, _ struct{}) ([]Contact, error) {
		providers, err := ProvidersOf(ctx, u.Tx, u.Actor.Tenant)
		if err != nil {
			return nil, err
		}
		var all []Contact
		for _, p := range providers {
			partner, found, err := identity.PartnerOf(ctx, u.Tx, p.Provider)
			if err != nil {
				return nil, err
			}
			if !found {
				continue
			}
			c := Contact{Provider: partner}
			people, err := identity.Admins(ctx, u.Tx, identity.Tenant{ID: partner.Tenant, Kind: identity.PartnerTenant})
			if err != nil {
				return nil, err
			}
			for _, n := range people[:min(len(people), contactPeople)] {
				c.People = append(c.People, Addressee{Name: n.DisplayName, Email: cmp.Or(n.Email, n.Name)})
			}
			all = append(all, c)
		}
		return all, nil
	})
