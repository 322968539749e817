package agreement

import (
	"context"
	"slices"

	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/relationship"
)

// OfferFor returns the version that the actor's own organisation, a customer,
// accepts when it connects with a partner (rule E15), and whether it has accepted
// that one already.
func OfferFor(ctx context.Context, u *op.Unit) (v Version, accepted bool, err error) {
	t, err := identity.TenantByID(ctx, u.Tx, u.Actor.Tenant)
	if err != nil {
		return v, false, err
	}
	all, err := ReadVersions(ctx, u.Tx)
	if err != nil {
		return v, false, err
	}
	v = all.Line(t.Country).Current()
	known, err := allOf(ctx, u.Tx, u.Actor.Tenant)
	return v, slices.ContainsFunc(known, func(a Agreement) bool { return a.Method == Direct && a.Rank == v.Rank }), err
}

// AcceptJoining records that the actor's own organisation accepts the version of a
// rank together with a relation that was made in the same transaction (rule E17).
// A version that it has accepted already is not recorded twice; one that is no
// longer the current one is ErrNewer.
func AcceptJoining(ctx context.Context, u *op.Unit, rank int64) error {
	v, accepted, err := OfferFor(ctx, u)
	switch {
	case err != nil:
		return err
	case rank != v.Rank:
		return ErrNewer
	case accepted:
		return nil
	}
	relations, err := relationship.Of(ctx, u.Tx, u.Actor.Tenant)
	if err != nil {
		return err
	}
	o := Own{Standing: Standing{Current: v}, Partners: map[id.Tenant]string{}}
	sellers := slices.DeleteFunc(relations, func(r relationship.Relation) bool { return r.Kind != relationship.Reseller })
	for _, r := range sellers {
		p, _, err := identity.PartnerOf(ctx, u.Tx, r.Partner)
		if err != nil {
			return err
		}
		o.Partners[r.Partner] = p.Name
	}
	_, err = acceptFor(ctx, u, sellers, o)
	return err
}
