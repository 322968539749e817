// Package partnersof holds the pages on which a customer looks after the partners
// that serve it: it answers their invitations (portal K-4), sees what they may do
// and do, and ends it (K-3).
package partnersof

import (
	"comptoir/internal/portal/visit"
)

// Pages lists the pages of the package by their pattern.
func Pages() map[string]visit.Page {
	return map[string]visit.Page{
		"GET " + visit.InvitationPath:  openInvitation,
		"POST " + visit.InvitationPath: checkCompany,
		"GET " + reviewPath:            reviewInvitation,
		"POST " + reviewPath:           acceptInvitation,
		"GET " + declinePath:           askDecline,
		"POST " + declinePath:          decline,
		"GET " + donePath:              showDone,

		"GET " + visit.OwnPartnersPath:  listPartners,
		"GET " + onePattern:             showPartner,
		"POST " + rolesPattern:          switchExtension,
		"GET " + rolesPattern + "/end":  askEndRoles,
		"POST " + rolesPattern + "/end": endRoles,
		"GET " + onePattern + "/end":    askEnd,
		"POST " + onePattern + "/end":   end,
	}
}
