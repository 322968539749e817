package invitation

import (
	"context"
	"strings"
	"time"

	"comptoir/internal/agreement"
	"comptoir/internal/customer"
	"comptoir/internal/fault"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/letter"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/partnerprofile"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
	"comptoir/internal/rulebook"
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

// party is an invitation with those who take part in it.
type party struct {
	link       Link
	invitation *Invitation // nil for a link that is good for everybody
	partner    identity.Partner
	provider   *identity.Partner
}

// delegated reports whether the invitation asks for admin roles.
func (p party) delegated() bool { return p.invitation != nil && p.invitation.Delegated }

// terms are the admin roles that the invitation asks for: those of its own, or the
// default ones of who invited.
func (p party) terms() gdap.Terms {
	switch {
	case !p.delegated():
		return gdap.Terms{}
	case p.invitation.Terms.IsZero():
		return gdap.DefaultTerms(asksAsReseller(p.partner, p.link.Provider))
	}
	return p.invitation.Terms
}

// opened reads what a link leads to. A link that is incomplete, changed or of
// nobody is RF-24; one that is for another tenant RF-23.
func opened(ctx context.Context, u *op.Unit, raw string) (party, error) {
	l, err := ParseLink(raw)
	if err != nil {
		return party{}, err
	}
	p := party{link: l}
	partner, found, err := identity.PartnerOf(ctx, u.Tx, l.Partner)
	if err != nil {
		return p, err
	}
	if !found || l.Number != "" && l.Number != noNumber && l.Number != partner.PartnerID {
		return p, refusal.RF24
	}
	p.partner = partner
	if err := p.readProvider(ctx, u); err != nil || l.Token == "" {
		return p, err
	}
	i, found, err := find(ctx, u, byToken, l.Token)
	if err != nil {
		return p, err
	}
	if !found || i.Partner != l.Partner || i.Provider != l.Provider {
		return p, refusal.RF24
	}
	if i.Customer != "" && i.Customer != u.Actor.Tenant {
		t, err := identity.TenantByID(ctx, u.Tx, u.Actor.Tenant)
		if err != nil {
			return p, err
		}
		return p, refusal.RF23.With("Tenant", t.Name)
	}
	p.invitation = &i
	return p, nil
}

// readProvider reads the provider of a joint link, who has to work with the
// reseller still.
func (p *party) readProvider(ctx context.Context, u *op.Unit) error {
	if p.link.Provider == "" {
		return nil
	}
	provider, found, err := identity.PartnerOf(ctx, u.Tx, p.link.Provider)
	if err != nil {
		return err
	}
	related, err := relationship.IsPartner(ctx, u.Tx, p.link.Provider, p.link.Partner)
	if err != nil {
		return err
	}
	if !found || !related {
		return refusal.RF24
	}
	p.provider = &provider
	return nil
}

// invited is what accepting would make of company.
func (p party) invited(company customer.CompanyDetails) customer.Invited {
	in := customer.Invited{Company: company, Delegated: p.delegated(), Terms: p.terms()}
	switch {
	case p.provider != nil:
		in.Seller, in.Reseller = p.provider, &p.partner
	case p.partner.Types&policy.Sellers != 0:
		in.Seller = &p.partner
	default:
		in.Reseller = &p.partner
	}
	return in
}

// obstacle says why the organization cannot accept, whatever it types (rule E16):
// it is a partner's (RF-09), lies in another market (RF-08), or the partner may not
// take up new business.
func (p party) obstacle(ctx context.Context, u *op.Unit) error {
	t, err := identity.TenantByID(ctx, u.Tx, u.Actor.Tenant)
	if err != nil {
		return err
	}
	if t.Kind != identity.CustomerTenant {
		return refusal.RF09
	}
	country, known := rulebook.Known(u.Book(), t.Country)
	for _, partner := range p.partners() {
		if partner.MaySell() != nil {
			return ErrPartnerStopped.With("Partner", partner.Name)
		}
		if !known || country.Market == "" || country.Market != partner.Market {
			name := t.Country
			if known {
				name = country.Name(u.Actor.Locale)
			}
			return refusal.RF08.With("Country", name)
		}
	}
	return nil
}

func (p party) partners() []identity.Partner {
	if p.provider == nil {
		return []identity.Partner{p.partner}
	}
	return []identity.Partner{p.partner, *p.provider}
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
// a person without a second factor with identity.ErrFactorToAccept, and as Look
// what cannot be accepted at all.
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
		return made, p.tellAccepted(ctx, u, made)
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
	connected, err := invited.Related(ctx, u)
	switch {
	case err != nil:
	case connected:
		err = ErrConnected
	case p.invitation != nil && p.invitation.State != Open:
		err = ErrEnded.With("State", fault.Keys{p.invitation.State.Key()})
	}
	return p, invited, err
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
// and of each partner whose relation is new (rule E17, N2).
func (p party) tellAccepted(ctx context.Context, u *op.Unit, made []customer.Customer) error {
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
	for _, c := range made {
		name := EventAccepted
		if c.Kind == relationship.IndirectReseller {
			name = EventIndirectAccepted
		}
		err := u.Record(ctx, op.Record{
			Operation: "accept_relationship_request", Resource: "partner_customer_relationship", Tenant: c.Partner, Customer: c.ID, CustomerName: c.OriginalName,
		})
		if err != nil {
			return err
		}
		err = u.Emit(ctx, op.Event{Name: name, Tenant: c.Partner, Customer: c.ID, Resource: "/v1/customers/" + string(c.ID), Payload: Answered{By: p.by()}})
		if err != nil {
			return err
		}
	}
	return nil
}

// Declining is the input of Decline. Reason may be empty.
type Declining struct{ Link, Reason string }

// reasonMax is the longest reason, in bytes.
const reasonMax = 1000

// Decline answers an invitation with no; the partner sees it, and the reason (K-4).
// It refuses an invitation that is not open any more with ErrEnded. Of a link that
// is good for everybody nothing is kept but the entries in the logs.
var Decline = op.Define(op.Spec{Name: "own.invitation.decline", Action: "own.invitation.answer", Write: true},
	func(ctx context.Context, u *op.Unit, in Declining) (struct{}, error) {
		p, err := opened(ctx, u, in.Link)
		if err != nil {
			return struct{}{}, err
		}
		reason := naming.Trim(in.Reason)
		if len(reason) > reasonMax || !letter.Printable(reason) {
			return struct{}{}, refusal.Property.On("reason").With("Name", "reason")
		}
		if err := p.end(ctx, u, Declined, reason); err != nil {
			return struct{}{}, err
		}
		t, err := identity.TenantByID(ctx, u.Tx, u.Actor.Tenant)
		if err != nil {
			return struct{}{}, err
		}
		for _, tenant := range []id.Tenant{u.Actor.Tenant, p.partner.Tenant} {
			err := u.Record(ctx, op.Record{
				Operation: "decline_relationship_request", Resource: "partner_customer_relationship", Tenant: tenant, Customer: t.ID, CustomerName: t.Name,
				Data: map[string]string{"Partner": p.partner.Name, "Reason": reason},
			})
			if err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, u.Emit(ctx, op.Event{
			Name: EventDeclined, Tenant: p.partner.Tenant, Customer: t.ID, Resource: "/v1/customers/" + string(t.ID),
			Payload: Answered{By: p.by(), Reason: reason},
		})
	})
