package visit

import (
	"comptoir/internal/policy"
	"comptoir/internal/portal/icon"
)

// InvitationPath is where a customer answers an invitation; the members of its link
// follow (K-4). OwnPartnersPath lists the partners of a customer (K-3).
const (
	InvitationPath  = "/admin/invitation"
	OwnPartnersPath = "/admin/partners"
)

// OwnPartners is the area of the pages about the partners of a customer.
const OwnPartners Area = OwnPartnersPath

var partnerPlaces = []entry{
	{OwnPartners, icon.Handshake, func(v *Visit) string { return v.T("acceptpage.partners") }, policy.Customer, "own.partner.view", false},
}
