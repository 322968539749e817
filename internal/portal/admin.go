package portal

import (
	"comptoir/internal/agreement"
	"comptoir/internal/gdap"
	"comptoir/internal/identity"
	"comptoir/internal/invitation"
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
	// contacts are where the partners are asked for help; empty likewise.
	contacts []relationship.SupportContact
	// people counts the users, admins the administrators up to two; 0 for who does
	// not look after them.
	people int64
	admins int
	// agreement is nil for who does not accept it.
	agreement *agreement.Own
	// invitations and requests wait for the reader's answer; empty for who gives none.
	invitations []invitation.Waiting
	requests    []gdap.Offer
}

func customerAdmin(v *visit.Visit) error {
	if v.Actor.Kind != policy.Customer {
		return refusal.NotFound
	}
	h := &customerHome{Visit: v}
	if err := h.read(); err != nil {
		return err
	}
	f := v.Frame(h.own.Tenant.Name, visit.CustomerHome)
	f.Subtitle = v.T("home.customer.subtitle")
	return v.Show(page(v, f, adminBody(h)))
}

// read reads what the reader may see of the organisation.
func (h *customerHome) read() (err error) {
	if h.own, err = visit.Do(h.Visit, identity.MyAccess, struct{}{}); err != nil {
		return err
	}
	if h.May("own.support.view", false) {
		if h.contacts, err = visit.Do(h.Visit, relationship.ListOwnContacts, struct{}{}); err != nil {
			return err
		}
	}
	if h.May("own.partner.view", false) {
		if h.partners, err = visit.Do(h.Visit, relationship.ListOwnPartners, struct{}{}); err != nil {
			return err
		}
	}
	if h.May("own.agreement.accept", true) {
		own, err := visit.Do(h.Visit, agreement.ShowOwn, struct{}{})
		if err != nil {
			return err
		}
		h.agreement = &own
	}
	if err := h.readOpen(); err != nil || !h.May("own.user.update", false) {
		return err
	}
	chiefs, err := visit.Do(h.Visit, identity.ListOwnUsers, identity.UserList{Role: policy.CustomerAdmin, Status: identity.UserActive, Size: 2})
	h.people, h.admins = chiefs.Total, len(chiefs.Users)
	return err
}

// readOpen reads what partners ask for (K-1).
func (h *customerHome) readOpen() (err error) {
	if h.May("own.invitation.answer", true) {
		if h.invitations, err = visit.Do(h.Visit, invitation.ListWaiting, struct{}{}); err != nil {
			return err
		}
	}
	if !h.May("own.gdap.decide", true) {
		return nil
	}
	all, err := visit.Do(h.Visit, gdap.OwnList, struct{}{})
	if err != nil {
		return err
	}
	for _, r := range all {
		if r.Status != gdap.ApprovalPending {
			continue
		}
		o, err := visit.Do(h.Visit, gdap.OwnGet, gdap.Decision{Relationship: r.ID})
		if err != nil {
			return err
		}
		h.requests = append(h.requests, o)
	}
	return nil
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

// todo is what waits for the reader, each with the page where it is done (K-1).
func (h *customerHome) todo() []block.Message {
	var all []block.Message
	add := func(tone block.Tone, text, label, href string) {
		all = append(all, block.Message{Tone: tone, Text: text, Links: []block.Link{{Label: label, Href: href}}})
	}
	for _, w := range h.invitations {
		add(block.Info, h.T("acceptpage.home.invitation", "Partner", w.Partner), h.T("acceptpage.home.open"), visit.InvitationPath+"?"+w.Link.Query())
	}
	for _, r := range h.requests {
		add(block.Info, h.T("acceptpage.home.roles", "Partner", r.PartnerName, "Name", r.Name), h.T("acceptpage.home.open"), visit.OfferPath+r.ID)
	}
	if o := h.agreement; o != nil && o.Obstacle == nil {
		switch o.Standing.State {
		case agreement.Missing:
			add(block.Warning, h.T("adminportal.home.agreement"), h.T("agreementpage.own.title"), visit.AgreementPath)
		case agreement.Outdated:
			add(block.Warning, h.T("adminportal.home.agreement_outdated"), h.T("agreementpage.own.title"), visit.AgreementPath)
		case agreement.Confirmed:
		}
	}
	if security := h.Site().Security; h.agreement != nil && h.own.User.Factors == 0 && security != "" && identity.MFAMode(h.Kernel()) == "enforce" {
		add(block.Info, h.T("adminportal.home.factor"), h.T("portal.profile.security"), security)
	}
	if h.admins == 1 {
		add(block.Info, h.T("adminportal.home.admins"), h.T("adminportal.users.title"), visit.OwnUsersPath)
	}
	return all
}

// stats are what the organisation has.
func (h *customerHome) stats() []block.Stat {
	var all []block.Stat
	if h.people > 0 {
		all = append(all, block.Stat{
			Label: h.T("adminportal.home.users"), Value: h.Number(h.people), Note: h.T("adminportal.home.users_note"), Href: visit.OwnUsersPath, Icon: icon.People,
		})
	}
	if len(h.partners) > 0 {
		all = append(all, block.Stat{
			Label: h.T("home.customer.partners"), Value: h.Number(int64(len(h.partners))), Note: h.T("adminportal.home.partners_note"), Href: visit.OwnPartnersPath, Icon: icon.Organization,
		})
	}
	return all
}

// support is how to reach each partner (rule c11).
func (h *customerHome) support() []block.Fact {
	var facts []block.Fact
	for _, c := range h.contacts {
		if c.Email != "" {
			facts = append(facts, block.Fact{Term: c.Name, Value: c.Email, Href: "mailto:" + c.Email, Hint: c.Telephone})
		}
		if c.Website != "" {
			facts = append(facts, block.Fact{Term: c.Name, Value: c.Website, Href: c.Website})
		}
	}
	return facts
}

// tiles lead to what the reader may open of the customer's pages (K-1).
func (h *customerHome) tiles() []block.Tile {
	var tiles []block.Tile
	if h.May("own.user.update", false) {
		tiles = append(tiles, block.Tile{Title: h.T("adminportal.users.title"), Text: h.T("adminportal.users.subtitle"), Href: visit.OwnUsersPath, Icon: icon.People})
	}
	if h.agreement != nil {
		tiles = append(tiles, block.Tile{Title: h.T("agreementpage.own.title"), Text: h.T("agreementpage.own.subtitle"), Href: visit.AgreementPath, Icon: icon.Signature})
	}
	if h.May("own.partner.view", false) {
		tiles = append(tiles, block.Tile{Title: h.T("acceptpage.partners"), Text: h.T("acceptpage.partners_text"), Href: visit.OwnPartnersPath, Icon: icon.Handshake})
	}
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
		facts[i] = block.Fact{Term: s.Partner.Name, Value: h.Relationship(s.Kind), Href: visit.OwnPartnersPath + "/" + string(s.Partner.Tenant), Hint: s.Partner.Domain}
	}
	return facts
}
