package customer

import (
	"context"
	"errors"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
)

// errResellerNotLoaded is a mistake of this package: inputs are checked after
// the resellers that they name were read.
var errResellerNotLoaded = errors.New("customer: a reseller was not read")

// sellsThroughResellers reports whether s is an indirect provider.
func (s seller) sellsThroughResellers() bool { return s.Types&policy.IndirectProvider != 0 }

// ownSeller returns the partner of the actor, who must be able to take up new
// business (rules C2, A7: RF-06, RF-43).
func ownSeller(ctx context.Context, u *op.Unit) (seller, error) {
	s, err := readSeller(ctx, u.Tx, u.Actor.Tenant)
	if err != nil {
		return seller{}, err
	}
	return s, s.MaySell()
}

func readSeller(ctx context.Context, t *db.Tx, tenant id.Tenant) (seller, error) {
	p, domains, found, err := identity.PartnerWithDomains(ctx, t, tenant)
	if err == nil && !found {
		err = identity.ErrPartnerNotEnrolled
	}
	return seller{Partner: p, domains: domains}, err
}

func withDomains(ctx context.Context, t *db.Tx, p identity.Partner) (seller, error) {
	domains, err := identity.Domains(ctx, t, p.Tenant)
	if err != nil {
		return seller{}, err
	}
	s := seller{Partner: p}
	for _, d := range domains {
		s.domains = append(s.domains, d.Name)
	}
	return s, nil
}

// readResellers reads the resellers that inputs name, by tenant id or PartnerID
// (rules C5, E20), into c. Who cannot be named gets the reason: RF-26 for an
// unknown PartnerID, 800016 for who is no reseller of this provider, RF-07 for
// one without partner agreement.
func (c *checker) readResellers(ctx context.Context, u *op.Unit, named ...string) error {
	for _, name := range named {
		if _, known := c.resellers[name]; name == "" || known {
			continue
		}
		s, err := c.readReseller(ctx, u, name)
		if err != nil {
			return err
		}
		c.resellers[name] = s
	}
	return nil
}

func (c *checker) readReseller(ctx context.Context, u *op.Unit, name string) (seller, error) {
	if !c.seller.sellsThroughResellers() {
		return seller{fault: refusal.RF26NotReseller}, nil
	}
	p, found, err := findPartner(ctx, u.Tx, name)
	if err != nil {
		return seller{}, err
	}
	if !found {
		return seller{fault: unknownReseller(name)}, nil
	}
	partners, err := relationship.IsPartner(ctx, u.Tx, c.seller.Tenant, p.Tenant)
	if err != nil {
		return seller{}, err
	}
	switch {
	case p.Types&policy.IndirectReseller == 0 || !partners || p.Status != identity.PartnerActive:
		return seller{fault: refusal.RF26NotReseller.With("PartnerID", p.PartnerID)}, nil
	case p.MPASignedAt.IsZero():
		return seller{fault: refusal.RF07.With("Reseller", p.Name)}, nil
	}
	return withDomains(ctx, u.Tx, p)
}

// unknownReseller refuses a PartnerID that nobody has (RF-26). A tenant id is
// never said to be unknown, only to be no reseller of this provider.
func unknownReseller(name string) error {
	if _, ok := id.Parse(name); ok {
		return refusal.RF26NotReseller
	}
	return refusal.RF26.With("PartnerID", name)
}

// findPartner returns the partner with a tenant id or a PartnerID.
func findPartner(ctx context.Context, t *db.Tx, name string) (identity.Partner, bool, error) {
	if tenant, ok := id.Parse(name); ok {
		return identity.PartnerOf(ctx, t, id.Tenant(tenant))
	}
	return identity.PartnerByNumber(ctx, t, name)
}
