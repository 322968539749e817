package portal

import (
	"comptoir/internal/identity"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
)

// customerHome is what people of a customer see first (K-1).
type customerHome struct {
	*visit.Visit
	own identity.Access
	// partners is empty for who may not see them.
	partners []relationship.Seller
}

func customerAdmin(v *visit.Visit) error {
	if v.Actor.Kind != policy.Customer {
		return refusal.NotFound
	}
	h := &customerHome{Visit: v}
	var err error
	if h.own, err = visit.Do(v, identity.MyAccess, struct{}{}); err != nil {
		return err
	}
	if v.May("own.partner.view", false) {
		if h.partners, err = visit.Do(v, relationship.ListOwnPartners, struct{}{}); err != nil {
			return err
		}
	}
	f := v.Frame(h.own.Tenant.Name, visit.CustomerHome)
	f.Subtitle = v.T("home.customer.subtitle")
	return v.Show(page(v, f, adminBody(h)))
}

// managed says who manages subscriptions, licences and billing (rule G1).
func (h *customerHome) managed() string {
	names := make([]string, len(h.partners))
	for i, s := range h.partners {
		names[i] = s.Partner.Name
	}
	switch len(names) {
	case 0:
		return h.T("home.customer.managed")
	case 1:
		return h.T("home.customer.managed_by", "Partner", names[0])
	}
	return h.T("home.customer.managed_by_several", "Partners", names)
}

// tiles lead to what the reader may open of the customer's pages (K-1).
func (h *customerHome) tiles() []block.Tile {
	var tiles []block.Tile
	if h.May("own.organization.view", false) {
		tiles = append(
			tiles,
			block.Tile{Title: h.T("adminportal.organization.title"), Text: h.T("adminportal.organization.subtitle"), Href: visit.OrgProfilePath, Icon: icon.Building},
			block.Tile{Title: h.T("adminportal.billing.title"), Text: h.T("adminportal.billing.subtitle"), Href: visit.BillingAccountPath, Icon: icon.Receipt},
		)
	}
	return append(
		tiles,
		block.Tile{Title: h.T("portal.access"), Text: h.T("portal.access.subtitle"), Href: visit.AccessPath, Icon: icon.PersonKey},
		block.Tile{Title: h.T("common.profile"), Text: h.T("portal.profile.subtitle"), Href: visit.ProfilePath, Icon: icon.Person},
	)
}

// facts are those of the organisation itself, under its live name (rule C32).
func (h *customerHome) facts() []block.Fact {
	t := h.own.Tenant
	return []block.Fact{
		{Term: h.T("portal.profile.organization"), Value: t.Name},
		{Term: h.T("customers.column.domain"), Value: t.DefaultDomain},
		{Term: h.T("portal.country"), Value: h.Country(t.Country)},
		{Term: h.T("portal.tenant_id"), Value: string(t.ID), Mono: true, Copy: true},
	}
}

// sellers are the partners and what they are to the organisation.
func (h *customerHome) sellers() []block.Fact {
	facts := make([]block.Fact, len(h.partners))
	for i, s := range h.partners {
		facts[i] = block.Fact{Term: s.Partner.Name, Value: h.Relationship(s.Kind), Hint: s.Partner.Domain}
	}
	return facts
}
