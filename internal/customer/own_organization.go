package customer

import (
	"context"
	"errors"
	"slices"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/identity"
	"comptoir/internal/lang"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/place"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
	"comptoir/internal/rulebook"
)

// OwnOrganization is the profile that a customer keeps of itself (portal K-6).
// Name is the live one; no partner ever sees it (rule C32).
type OwnOrganization struct {
	Name     string
	Address  place.Address // the country cannot change
	Email    string        // of the technical contact
	Language string        // "en", "fr", "sv", or "" to follow each person
	// Registration is the number that the company was verified with, empty when
	// no partner has entered one. Read-only.
	Registration Registration
}

var putOrganization = db.SQL(`INSERT INTO organizations (tenant_id, email, phone, line1, line2, line3, district, city, state, region, postal_code, changed_at)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
	ON CONFLICT (tenant_id) DO UPDATE SET email = excluded.email, phone = excluded.phone, line1 = excluded.line1, line2 = excluded.line2,
	line3 = excluded.line3, district = excluded.district, city = excluded.city, state = excluded.state, region = excluded.region,
	postal_code = excluded.postal_code, changed_at = excluded.changed_at`)

// GetOwnOrganization returns the profile of the actor's own organization (rule c7).
var GetOwnOrganization = op.Define(op.Spec{Name: "own.organization.get", Action: "own.organization.view"},
	func(ctx context.Context, u *op.Unit, _ struct{}) (OwnOrganization, error) {
		return ownOrganization(ctx, u)
	})

func ownOrganization(ctx context.Context, u *op.Unit) (OwnOrganization, error) {
	t, err := identity.TenantByID(ctx, u.Tx, u.Actor.Tenant)
	if err != nil {
		return OwnOrganization{}, err
	}
	if t.Kind != identity.CustomerTenant {
		return OwnOrganization{}, refusal.NotFound
	}
	c, err := anyRelation(ctx, u)
	if err != nil {
		return OwnOrganization{}, err
	}
	o := OwnOrganization{Name: t.Name, Language: t.Language, Registration: c.Registration}
	c.ID = t.ID
	if c.Billing.Address.Country == "" {
		c.Billing.Address.Country = t.Country
	}
	o.Address, o.Email, err = c.organization(ctx, u.Tx)
	o.Address.Country = t.Country
	return o, err
}

// anyRelation returns what the first partner that sells to the actor's organization
// keeps of it, a zero Customer when there is none.
func anyRelation(ctx context.Context, u *op.Unit) (Customer, error) {
	relations, err := relationship.Of(ctx, u.Tx, u.Actor.Tenant)
	if err != nil {
		return Customer{}, err
	}
	first := slices.IndexFunc(relations, func(r relationship.Relation) bool { return r.Kind.Sells() })
	if first < 0 {
		return Customer{}, nil
	}
	c, err := find(ctx, u.Tx, relations[first].Partner, u.Actor.Tenant)
	if errors.Is(err, refusal.NotFound) {
		return Customer{}, nil
	}
	return c, err
}

// UpdateOwnOrganization changes the profile of the actor's own organization (rule
// c7, portal K-6). What partners recorded stays as it is, the name in their lists
// included, and no account is verified again (rules C20, C33).
var UpdateOwnOrganization = op.Define(op.Spec{Action: "own.organization.update", Write: true},
	func(ctx context.Context, u *op.Unit, in OwnOrganization) (OwnOrganization, error) {
		old, err := ownOrganization(ctx, u)
		if err != nil {
			return OwnOrganization{}, err
		}
		in.Address.Country, in.Registration = old.Address.Country, old.Registration
		if err := in.check(u.Book()); err != nil {
			return OwnOrganization{}, err
		}
		if in == old {
			return old, nil
		}
		a := in.Address
		_, err = u.Exec(ctx, putOrganization, u.Actor.Tenant, in.Email, a.PhoneNumber, a.AddressLine1, a.AddressLine2, a.AddressLine3,
			a.District, a.City, a.State, a.Region, a.PostalCode, db.Micros(u.Now))
		if err != nil {
			return OwnOrganization{}, err
		}
		if err := identity.UpdateTenant(ctx, u, u.Actor.Tenant, in.Name, in.Language); err != nil {
			return OwnOrganization{}, err
		}
		return in, u.Record(ctx, op.Record{Operation: "update_organization", Resource: "organization", Old: old, New: in})
	})

// check brings o into the form in which it is kept, or says what is wrong with it.
func (o *OwnOrganization) check(book op.Book) error {
	var faults fault.List
	o.Name, o.Email = naming.Trim(o.Name), naming.Trim(o.Email)
	if o.Name == "" {
		faults.Add(refusal.Required.On("companyName").With("Name", "companyName"))
	} else if len(o.Name) > 255 || !naming.Printable(o.Name) {
		faults.Add(refusal.Property.On("companyName").With("Name", "companyName"))
	}
	atlas := rulebook.AtlasFor(book, o.Address.Country)
	o.Address = o.Address.Normalised(atlas)
	faults = append(faults, o.Address.Check(atlas, "address", place.Need{Confirmed: true})...)
	if !naming.ValidEmail(o.Email) {
		faults.Add(refusal.Property.On("email").With("Name", "email"))
	}
	if o.Language != "" && !slices.Contains(lang.Tags(), o.Language) {
		faults.Add(identity.ErrLanguage.On("language"))
	}
	return faults.Err()
}
