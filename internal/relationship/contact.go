package relationship

import (
	"cmp"
	"context"

	"comptoir/internal/db"
	"comptoir/internal/id"
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
			if c.People, err = PeopleAt(ctx, u.Tx, partner.Tenant); err != nil {
				return nil, err
			}
			all = append(all, c)
		}
		return all, nil
	})

// PeopleAt returns whom to ask at a partner: some of its administrators.
func PeopleAt(ctx context.Context, t *db.Tx, partner id.Tenant) ([]Addressee, error) {
	people, err := identity.Admins(ctx, t, identity.Tenant{ID: partner, Kind: identity.PartnerTenant})
	if err != nil {
		return nil, err
	}
	var all []Addressee
	for _, n := range people[:min(len(people), contactPeople)] {
		all = append(all, Addressee{Name: n.DisplayName, Email: cmp.Or(n.Email, n.Name)})
	}
	return all, nil
}
