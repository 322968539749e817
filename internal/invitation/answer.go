package invitation

import (
	"cmp"
	"context"
	"strings"
	"time"

	"comptoir/internal/agreement"
	"comptoir/internal/customer"
	"comptoir/internal/fault"
	"comptoir/internal/gdap"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/partnerprofile"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
)

// The events of an answer. Their first two names are those of the contract
// (api-customers.md, 18.3).
const (
	EventAccepted         = "reseller-relationship-accepted-by-customer"
	EventIndirectAccepted = "indirect-reseller-relationship-accepted-by-customer"
	EventDeclined         = "relationship-declined"
)

// Answered is what those are told who hear of an answer: By invited, Reason is why
// the customer declined.
type Answered struct{ By, Reason string }

// Offer is what an administrator of a customer sees of an invitation (rule E15).
type Offer struct {
	Link      Link
	Partner   partnerprofile.Known
	Provider  *partnerprofile.Known // of a joint invitation
	State     State                 // Open for a link that is good for everybody
	ExpiresAt time.Time             // zero for such a link
	Delegated bool
	Terms     gdap.Terms // of the admin roles that it asks for
	Company   customer.CompanyDetails
	// Agreement is the version that is accepted with the relation, AgreedAlready says
	// that the organization has done that before.
	Agreement     agreement.Version
	AgreedAlready bool
	// Connected says that there is nothing left to accept (rule E16).
	Connected bool
	// Obstacle says why it cannot be accepted at all, nil when it can.
	Obstacle error
}

// offer is what p tells of itself, whoever reads it.
func (p party) offer(ctx context.Context, u *op.Unit) (Offer, error) {
	o := Offer{Link: p.link, State: Open, Delegated: p.delegated(), Terms: p.terms()}
	if p.invitation != nil {
		o.State, o.ExpiresAt = p.invitation.State, p.invitation.ExpiresAt
	}
	var err error
	if o.Partner, err = partnerprofile.KnownAs(ctx, u.Tx, p.partner); err != nil || p.provider == nil {
		return o, err
	}
	known, err := partnerprofile.KnownAs(ctx, u.Tx, *p.provider)
	o.Provider = &known
	return o, err
}

// Look returns what a link offers to the actor's own organization. Refusals of the
// link itself are RF-23 and RF-24, of a person who may not accept RF-25.
var Look = op.Define(op.Spec{Name: "own.invitation.open", Action: "own.invitation.answer"},
	func(ctx context.Context, u *op.Unit, link string) (Offer, error) {
		p, err := opened(ctx, u, link)
		if err != nil {
			return Offer{}, err
		}
		o, err := p.offer(ctx, u)
		if err != nil {
			return Offer{}, err
		}
		if o.Obstacle = p.obstacle(ctx, u); o.Obstacle != nil {
			if fault.KindOf(o.Obstacle) == fault.Internal {
				return Offer{}, o.Obstacle
			}
			return o, nil
		}
		if o.Company, err = customer.OwnCompany(ctx, u); err != nil {
			return Offer{}, err
		}
		if o.Connected, err = p.invited(o.Company).Related(ctx, u); err != nil {
			return Offer{}, err
		}
		if o.State == Open && !o.Connected {
			if o.Obstacle, err = p.reserved(ctx, u); o.Obstacle != nil || err != nil {
				return o, err
			}
		}
		o.Agreement, o.AgreedAlready, err = agreement.OfferFor(ctx, u)
		return o, err
	})

// Acceptance is the input of Accept. Relation and Agreed are the two ticks, Rank
// the version of the agreement that was shown.
type Acceptance struct {
	Link             string
	Company          customer.CompanyDetails
	Relation, Agreed bool
	Rank             int64
}

// Check holds the company of an acceptance against the rules (rule E14), and
// changes nothing: the form asks before it shows what is to be accepted.
var Check = op.Define(op.Spec{Name: "own.invitation.check", Action: "own.invitation.answer"},
	func(ctx context.Context, u *op.Unit, in Acceptance) (struct{}, error) {
		_, invited, err := ready(ctx, u, in)
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, invited.CheckCompany(ctx, u)
	})

// Accept makes the actor's own organization a customer of the partners of a link
// (rules E13 to E17), with all that comes with it in one transaction. It refuses
// what is not open any more with ErrEnded, what is there already with ErrConnected,
// a missing tick with ErrTicks, a company that is not complete with all its faults,
// a person without a second factor with identity.ErrFactorToAccept, who may not give
// the admin roles that it asks for with RF-25, and as Look what cannot be accepted
// at all.
var Accept = op.Define(op.Spec{Name: "own.invitation.accept", Action: "own.invitation.answer", Write: true},
	func(ctx context.Context, u *op.Unit, in Acceptance) ([]customer.Customer, error) {
		p, invited, err := ready(ctx, u, in)
		if err != nil {
			return nil, err
		}
		if !in.Relation || !in.Agreed {
			return nil, ErrTicks.On("agreed")
		}
		if err := identity.ProvedFactor(u); err != nil {
			return nil, err
		}
		made, err := customer.Relate(ctx, u, invited)
		if err != nil {
			return nil, err
		}
		if err := agreement.AcceptJoining(ctx, u, in.Rank); err != nil {
			return nil, err
		}
		if err := p.end(ctx, u, Accepted, ""); err != nil {
			return nil, err
		}
		return made, p.tellAccepted(ctx, u)
	})

// ready reads what in accepts, and refuses what cannot be.
func ready(ctx context.Context, u *op.Unit, in Acceptance) (party, customer.Invited, error) {
	p, err := opened(ctx, u, in.Link)
	if err != nil {
		return p, customer.Invited{}, err
	}
	if err := p.obstacle(ctx, u); err != nil {
		return p, customer.Invited{}, err
	}
	own, err := customer.OwnCompany(ctx, u)
	if err != nil {
		return p, customer.Invited{}, err
	}
	in.Company.Name, in.Company.Address.Country = own.Name, own.Address.Country
	invited := p.invited(in.Company)
	return p, invited, p.waits(ctx, u, invited)
}

// waits refuses to answer what does not wait for an answer of the actor: in is
// there already, the invitation is not open any more, or another has to answer it.
func (p party) waits(ctx context.Context, u *op.Unit, in customer.Invited) error {
	connected, err := in.Related(ctx, u)
	switch {
	case err != nil:
		return err
	case connected:
		return ErrConnected
	case p.invitation != nil && p.invitation.State != Open:
		return p.invitation.ended()
	}
	refused, err := p.reserved(ctx, u)
	return cmp.Or(err, refused)
}

// reserved refuses an actor who may answer invitations, but not give the admin roles
// that this one asks for (rules c3, c5), with RF-25, which names those who may.
func (p party) reserved(ctx context.Context, u *op.Unit) (refused, err error) {
	if !p.delegated() || u.May(grantsRoles, true) == nil {
		return nil, nil
	}
	people, err := p.answerers(ctx, u)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(people))
	for i, n := range people {
		names[i] = n.DisplayName
	}
	return refusal.RF25.With("Admins", names), nil
}

// end writes how the invitation of p was answered. A link that is good for
// everybody stays as it is.
func (p party) end(ctx context.Context, u *op.Unit, state State, reason string) error {
	if p.invitation == nil {
		return nil
	}
	t, err := identity.TenantByID(ctx, u.Tx, u.Actor.Tenant)
	if err != nil {
		return err
	}
	p.invitation.Customer, p.invitation.Name, p.invitation.Reason = t.ID, t.Name, reason
	return p.invitation.end(ctx, u, state)
}

// by returns who invited, as notices address him.
func (p party) by() string {
	if p.invitation == nil {
		return ""
	}
	return p.invitation.ByName
}

// tellAccepted tells the logs and the people of all sides: the customer's own log,
// and each partner, of which one may have had its relation before (rules E7, E17, N2).
func (p party) tellAccepted(ctx context.Context, u *op.Unit) error {
	own := u.Actor.Tenant
	names := make([]string, 0, 2)
	for _, partner := range p.partners() {
		names = append(names, partner.Name)
	}
	err := u.Record(ctx, op.Record{
		Operation: "extend_relationship", Resource: "partner_customer_relationship", Tenant: own, Customer: own,
		Data: map[string]string{"Partners": strings.Join(names, ", ")},
	})
	if err != nil {
		return err
	}
	all, err := relationship.Of(ctx, u.Tx, own)
	if err != nil {
		return err
	}
	for _, r := range all {
		if !p.made(r) {
			continue
		}
		if err := p.tellPartner(ctx, u, r); err != nil {
			return err
		}
	}
	return nil
}

// made reports whether r is a relation that accepting p makes, or finds made.
func (p party) made(r relationship.Relation) bool {
	if p.provider != nil && r.Partner == p.provider.Tenant {
		return r.Kind == relationship.Reseller
	}
	kind := relationship.Reseller
	if asksAsReseller(p.partner, p.link.Provider) {
		kind = relationship.IndirectReseller
	}
	return r.Partner == p.partner.Tenant && r.Kind == kind
}

// tellPartner tells the partner of r that the customer has accepted.
func (p party) tellPartner(ctx context.Context, u *op.Unit, r relationship.Relation) error {
	name := EventAccepted
	if r.Kind == relationship.IndirectReseller {
		name = EventIndirectAccepted
	}
	err := u.Record(ctx, op.Record{
		Operation: "accept_relationship_request", Resource: "partner_customer_relationship", Tenant: r.Partner, Customer: r.Customer, CustomerName: r.OriginalName,
	})
	if err != nil {
		return err
	}
	return u.Emit(ctx, op.Event{Name: name, Tenant: r.Partner, Customer: r.Customer, Resource: "/v1/customers/" + string(r.Customer), Payload: Answered{By: p.by()}})
}
