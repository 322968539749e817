package partnerprofile

import (
	"cmp"
	"context"

	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/place"
	"comptoir/internal/rulebook"
)

// enrolled is what profiles follow from until somebody writes them.
type enrolled struct {
	tenant  identity.Tenant
	partner identity.Partner
	country *place.Country
	atlas   *place.Atlas // the countries in force, and its own
	admin   identity.User
}

// enrolment reads what is known about the actor's organisation. It refuses who is
// no partner.
func enrolment(ctx context.Context, u *op.Unit) (enrolled, error) {
	var e enrolled
	var found bool
	var err error
	if e.partner, found, err = identity.PartnerOf(ctx, u.Tx, u.Actor.Tenant); err == nil && !found {
		err = identity.ErrPartnerNotEnrolled
	}
	if err != nil {
		return e, err
	}
	if e.tenant, err = identity.TenantByID(ctx, u.Tx, u.Actor.Tenant); err != nil {
		return e, err
	}
	admins, err := identity.Admins(ctx, u.Tx, e.tenant)
	if len(admins) > 0 {
		e.admin = admins[0]
	}
	e.atlas = rulebook.AtlasFor(u.Book(), e.tenant.Country)
	if e.country, found = rulebook.Known(u.Book(), e.tenant.Country); !found {
		e.country = &place.Country{Code: e.tenant.Country}
	}
	return e, err
}

func (e enrolled) address() place.Address {
	return place.Address{Country: e.tenant.Country, FirstName: e.admin.FirstName, LastName: e.admin.LastName, PhoneNumber: e.admin.Phone}
}

func (e enrolled) email() string { return cmp.Or(e.admin.Email, e.admin.Name) }

func (e enrolled) contact() Contact {
	return Contact{FirstName: e.admin.FirstName, LastName: e.admin.LastName, Email: e.email(), Phone: e.admin.Phone}
}

// LegalQuery is the input of GetLegal. Finalized asks for what was accepted last,
// instead of what is there now.
type LegalQuery struct{ Finalized bool }

// GetLegal returns the legal profile of the actor's organisation (17.1).
var GetLegal = op.Define(op.Spec{Name: "partner.legal.get", Action: "partner.profile.view"},
	func(ctx context.Context, u *op.Unit, in LegalQuery) (Legal, error) {
		e, err := enrolment(ctx, u)
		if err != nil {
			return Legal{}, err
		}
		l, _, err := e.legal(ctx, u)
		if err != nil || !in.Finalized || l.Standing.State == identity.VettingAccepted {
			return l, err
		}
		final := l
		if _, found, err := read(ctx, u, finalKind, &final); err != nil || !found {
			return l, err
		}
		final.Standing = identity.Standing{State: identity.VettingAccepted}
		return final, nil
	})

// legal reads the legal profile with where its vetting stands.
func (e enrolled) legal(ctx context.Context, u *op.Unit) (Legal, int64, error) {
	l := Legal{CompanyName: e.tenant.Name, Address: e.address(), Contact: e.contact(), ApproverEmail: e.email()}
	l.ApproverAddress = place.Address{Country: e.tenant.Country}
	version, _, err := read(ctx, u, legalKind, &l)
	if err != nil {
		return Legal{}, 0, err
	}
	l.Standing, err = identity.VettingStanding(ctx, u.Tx, e.partner)
	return l, version, err
}

// UpdateLegal replaces the legal profile of the actor's organisation (17.1, rule
// b49). Another name or address has the operator look at the business again.
var UpdateLegal = op.Define(op.Spec{Name: "partner.legal.update", Action: "partner.profile.update", Write: true},
	func(ctx context.Context, u *op.Unit, in Legal) (Legal, error) {
		e, err := enrolment(ctx, u)
		if err != nil {
			return Legal{}, err
		}
		if err := in.check(e); err != nil {
			return Legal{}, err
		}
		old, version, err := e.legal(ctx, u)
		if err != nil {
			return Legal{}, err
		}
		in.Standing = old.Standing
		if in == old {
			return old, nil
		}
		if in.CompanyName != old.CompanyName || in.Address != old.Address {
			if err := e.vetAgain(ctx, u, old); err != nil {
				return Legal{}, err
			}
			if in.Standing, err = identity.VettingStanding(ctx, u.Tx, e.partner); err != nil {
				return Legal{}, err
			}
		}
		kept := in
		kept.Standing = identity.Standing{}
		if _, err := write(ctx, u, legalKind, kept, 0, version); err != nil {
			return Legal{}, err
		}
		return in, record(ctx, u, legalKind, old, in)
	})

// vetAgain keeps what was accepted and has the business looked at again.
func (e enrolled) vetAgain(ctx context.Context, u *op.Unit, old Legal) error {
	if old.Standing.State == identity.VettingAccepted {
		old.Standing = identity.Standing{}
		if _, err := write(ctx, u, finalKind, old, 0, firstVersion); err != nil {
			return err
		}
	}
	return identity.ReopenVetting(ctx, u, e.partner, identity.VettingBusiness)
}

// GetBilling returns the billing profile of the actor's organisation (17.3).
var GetBilling = op.Define(op.Spec{Name: "partner.billing.get", Action: "partner.profile.view"},
	func(ctx context.Context, u *op.Unit, _ struct{}) (Billing, error) {
		e, err := enrolment(ctx, u)
		if err != nil {
			return Billing{}, err
		}
		return e.billing(ctx, u)
	})

func (e enrolled) billing(ctx context.Context, u *op.Unit) (Billing, error) {
	b := Billing{CompanyName: e.tenant.Name, Address: e.address(), Contact: e.contact()}
	version, _, err := read(ctx, u, billingKind, &b)
	b.Version, b.Currency = version, e.country.Currency
	return b, err
}

// UpdateBilling replaces the billing profile of the actor's organisation (17.3). A
// stale version is refused with RF-18; version 0 replaces any.
var UpdateBilling = op.Define(op.Spec{Action: "partner.billing.update", Write: true},
	func(ctx context.Context, u *op.Unit, in Billing) (Billing, error) {
		e, err := enrolment(ctx, u)
		if err != nil {
			return Billing{}, err
		}
		if err := in.check(e); err != nil {
			return Billing{}, err
		}
		old, err := e.billing(ctx, u)
		if err != nil {
			return Billing{}, err
		}
		asked := in.Version
		in.Currency, in.Version = old.Currency, old.Version
		if in == old && (asked == 0 || asked == old.Version) {
			return old, nil
		}
		if in.Version, err = write(ctx, u, billingKind, in, asked, old.Version); err != nil {
			return Billing{}, err
		}
		return in, record(ctx, u, billingKind, old, in)
	})

// GetSupport returns the support profile of the actor's organisation (17.4).
var GetSupport = op.Define(op.Spec{Name: "partner.support.get", Action: "partner.profile.view"},
	func(ctx context.Context, u *op.Unit, _ struct{}) (Support, error) {
		e, err := enrolment(ctx, u)
		if err != nil {
			return Support{}, err
		}
		s, _, err := e.support(ctx, u)
		return s, err
	})

func (e enrolled) support(ctx context.Context, u *op.Unit) (Support, int64, error) {
	s := Support{Email: e.email(), Telephone: e.admin.Phone}
	version, _, err := read(ctx, u, supportKind, &s)
	return s, version, err
}

// UpdateSupport replaces the support profile of the actor's organisation (17.4).
var UpdateSupport = op.Define(op.Spec{Action: "partner.support.update", Write: true},
	func(ctx context.Context, u *op.Unit, in Support) (Support, error) {
		e, err := enrolment(ctx, u)
		if err != nil {
			return Support{}, err
		}
		if err := in.check(); err != nil {
			return Support{}, err
		}
		old, version, err := e.support(ctx, u)
		if err != nil || in == old {
			return old, err
		}
		if _, err := write(ctx, u, supportKind, in, 0, version); err != nil {
			return Support{}, err
		}
		return in, record(ctx, u, supportKind, old, in)
	})

// GetOrganization returns the profile of the actor's organisation (17.5).
var GetOrganization = op.Define(op.Spec{Name: "partner.organization.get", Action: "partner.profile.view"},
	func(ctx context.Context, u *op.Unit, _ struct{}) (Organization, error) {
		e, err := enrolment(ctx, u)
		if err != nil {
			return Organization{}, err
		}
		return e.organization(ctx, u)
	})

func (e enrolled) organization(ctx context.Context, u *op.Unit) (Organization, error) {
	o := Organization{Address: e.address(), Email: e.email(), Culture: e.country.DefaultCulture, Language: e.tenant.Language}
	version, _, err := read(ctx, u, organizationKind, &o)
	o.Tenant, o.CompanyName, o.Domain, o.Version = e.tenant.ID, e.tenant.Name, e.tenant.DefaultDomain, version
	return o, err
}

// UpdateOrganization replaces the profile of the actor's organisation, its live
// name included (17.5, rule b49). A stale version is refused with RF-18; version 0
// replaces any.
var UpdateOrganization = op.Define(op.Spec{Name: "partner.organization.update", Action: "partner.profile.update", Write: true},
	func(ctx context.Context, u *op.Unit, in Organization) (Organization, error) {
		e, err := enrolment(ctx, u)
		if err != nil {
			return Organization{}, err
		}
		if err := in.check(e); err != nil {
			return Organization{}, err
		}
		old, err := e.organization(ctx, u)
		if err != nil {
			return Organization{}, err
		}
		asked := in.Version
		in.Tenant, in.Domain, in.Version = old.Tenant, old.Domain, old.Version
		if in == old && (asked == 0 || asked == old.Version) {
			return old, nil
		}
		if in.Version, err = write(ctx, u, organizationKind, in, asked, old.Version); err != nil {
			return Organization{}, err
		}
		if in.CompanyName != old.CompanyName {
			if err := identity.RenameTenant(ctx, u, in.Tenant, in.CompanyName); err != nil {
				return Organization{}, err
			}
		}
		return in, record(ctx, u, organizationKind, old, in)
	})

// FindNumber returns the partner with a PartnerID, the actor's own for "" (17.2):
// that somebody has a number, and who, is known to all partners.
var FindNumber = op.Define(op.Spec{Name: "partner.number", Action: "partner.profile.view"},
	func(ctx context.Context, u *op.Unit, number string) (Number, error) {
		e, err := enrolment(ctx, u)
		if err != nil || number == "" {
			return Number{Name: e.partner.Name, PartnerID: e.partner.PartnerID}, err
		}
		p, found, err := identity.PartnerByNumber(ctx, u.Tx, number)
		if err == nil && !found {
			err = ErrNumberUnknown.With("PartnerID", number)
		}
		return Number{Name: p.Name, PartnerID: p.PartnerID}, err
	})
