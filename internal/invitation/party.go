package invitation

import (
	"context"

	"comptoir/internal/customer"
	"comptoir/internal/gdap"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
	"comptoir/internal/rulebook"
)

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
