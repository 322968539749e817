package customer

import (
	"context"
	"time"

	"comptoir/internal/fault"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/partnerprofile"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
)

// OwnPartner is a relation as its customer sees it (portal K-3).
type OwnPartner struct {
	Partner partnerprofile.Known
	Kind    relationship.Kind
	Since   time.Time
	// Provider is the name of the provider through which an indirect reseller sells,
	// "" for none.
	Provider string
	// Agreed says that the customer agreement is accepted in the relation.
	Agreed bool
}

// ListOwnPartners returns the relations of partners with the actor's own
// organization, a customer, with what it needs to tell them apart (rule c6).
var ListOwnPartners = op.Define(op.Spec{Name: "own.partner.details", Action: "own.partner.view"},
	func(ctx context.Context, u *op.Unit, _ struct{}) ([]OwnPartner, error) {
		relations, err := relationship.Of(ctx, u.Tx, u.Actor.Tenant)
		if err != nil {
			return nil, err
		}
		all := make([]OwnPartner, 0, len(relations))
		for _, r := range relations {
			p, err := ownPartner(ctx, u, r)
			if err != nil {
				return nil, err
			}
			all = append(all, p)
		}
		return all, nil
	})

func ownPartner(ctx context.Context, u *op.Unit, r relationship.Relation) (OwnPartner, error) {
	o := OwnPartner{Kind: r.Kind, Agreed: r.Agreed != 0}
	c, err := findKind(ctx, u.Tx, r.Partner, r.Customer, r.Kind)
	if err != nil {
		return o, err
	}
	o.Since = c.CreatedAt
	if o.Partner, err = knownPartner(ctx, u, r.Partner); err != nil || r.Provider == "" {
		return o, err
	}
	provider, _, err := identity.PartnerOf(ctx, u.Tx, r.Provider)
	o.Provider = provider.Name
	return o, err
}

// knownPartner is a partner as its customers know it; one that is no more keeps its
// tenant alone.
func knownPartner(ctx context.Context, u *op.Unit, tenant id.Tenant) (partnerprofile.Known, error) {
	p, found, err := identity.PartnerOf(ctx, u.Tx, tenant)
	if err != nil || !found {
		return partnerprofile.Known{Partner: identity.Partner{Tenant: tenant}}, err
	}
	return partnerprofile.KnownAs(ctx, u.Tx, p)
}

// OwnPartnerPage is all that a customer sees of one partner (portal K-3).
type OwnPartnerPage struct {
	Partner   partnerprofile.Known
	Support   partnerprofile.Support
	Relations []OwnPartner
	Ended     []relationship.Ended
	// Delegations are the admin relationships, the newest first.
	Delegations []gdap.Relationship
	// Obstacles keep the customer from ending the relation (rule E29).
	Obstacles []Obstacle
}

// OwnPartnerRef names a partner of the actor's organization.
type OwnPartnerRef struct{ Partner id.Tenant }

// ShowOwnPartner returns what the actor's own organization, a customer, sees of a
// partner with which it has, or had, anything to do; others are refusal.NotFound.
var ShowOwnPartner = op.Define(op.Spec{Name: "own.partner.show", Action: "own.partner.view"},
	func(ctx context.Context, u *op.Unit, in OwnPartnerRef) (p OwnPartnerPage, err error) {
		own := u.Actor.Tenant
		relations, err := relationship.Between(ctx, u.Tx, in.Partner, own)
		if err != nil {
			return p, err
		}
		for _, r := range relations {
			o, err := ownPartner(ctx, u, r)
			if err != nil {
				return p, err
			}
			p.Relations = append(p.Relations, o)
		}
		if p.Ended, err = relationship.EndedWith(ctx, u.Tx, own, in.Partner); err != nil {
			return p, err
		}
		if p.Delegations, err = gdap.OwnWith(ctx, u, in.Partner); err != nil {
			return p, err
		}
		if len(p.Relations)+len(p.Ended)+len(p.Delegations) == 0 {
			return p, refusal.NotFound
		}
		if p.Partner, err = knownPartner(ctx, u, in.Partner); err != nil {
			return p, err
		}
		if p.Support, err = partnerprofile.SupportOf(ctx, u.Tx, in.Partner); err != nil || len(relations) == 0 {
			return p, err
		}
		p.Obstacles, err = ObstaclesTo(ctx, u, in.Partner, own)
		return p, err
	})

// ErrAskPartner refuses a customer to end a relation through which something is
// still running (rule E29); arguments Partner and Contact.
var ErrAskPartner = fault.New(fault.Conflict, "3000", "acceptpage.end.ask_partner")

// EndOwn ends all relations of a partner with the actor's own organization, a
// customer, and its admin roles with them (rule E29). Both sides hear of it. It
// refuses with ErrAskPartner, followed by every obstacle, what is still running, and
// a partner without a relation with refusal.NotFound.
var EndOwn = op.Define(op.Spec{Action: "own.partner.end", Write: true},
	func(ctx context.Context, u *op.Unit, in OwnPartnerRef) (struct{}, error) {
		own := u.Actor.Tenant
		relations, err := relationship.Between(ctx, u.Tx, in.Partner, own)
		if err == nil && len(relations) == 0 {
			err = refusal.NotFound
		}
		if err != nil {
			return struct{}{}, err
		}
		if err := in.mayEnd(ctx, u); err != nil {
			return struct{}{}, err
		}
		ended, err := End(ctx, u, in.Partner, own)
		if err != nil {
			return struct{}{}, err
		}
		p, err := knownPartner(ctx, u, in.Partner)
		if err != nil {
			return struct{}{}, err
		}
		t, err := identity.TenantByID(ctx, u.Tx, own)
		if err != nil {
			return struct{}{}, err
		}
		err = u.Record(ctx, op.Record{
			Operation: "remove_partner_customer_relationship", Resource: "partner_customer_relationship", Customer: own, CustomerName: t.Name,
			Data: map[string]string{"Partner": p.LegalName},
		})
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, gdap.Announce(ctx, u, in.Partner, ended)
	})

// mayEnd refuses to end what something still runs through, and says whom to ask.
func (in OwnPartnerRef) mayEnd(ctx context.Context, u *op.Unit) error {
	obstacles, err := ObstaclesTo(ctx, u, in.Partner, u.Actor.Tenant)
	if err != nil || len(obstacles) == 0 {
		return err
	}
	p, err := knownPartner(ctx, u, in.Partner)
	if err != nil {
		return err
	}
	support, err := partnerprofile.SupportOf(ctx, u.Tx, in.Partner)
	if err != nil {
		return err
	}
	l := fault.List{ErrAskPartner.With("Partner", p.LegalName).With("Contact", support.Email)}
	for _, o := range obstacles {
		l.Add(o.Said)
	}
	return l
}
