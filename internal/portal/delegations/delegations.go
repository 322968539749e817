// Package delegations holds the pages about delegated administration: what a
// partner holds at a customer, asks for, gives to its groups and ends (portal
// P-11), and where the customer answers a request (K-7).
package delegations

import (
	"comptoir/internal/portal/visit"
)

// The addresses of the pages of one customer, as patterns.
const (
	listPattern = visit.CustomersPath + "/{id}/admin-relationships"
	onePattern  = listPattern + "/{relationship}"

	accessPattern = visit.CustomersPath + "/{id}/access"

	groupPattern = onePattern + "/groups/{assignment}"
)

// Pages lists the pages of the package by their pattern.
func Pages() map[string]visit.Page {
	const template = visit.RoleTemplatesPath + "/{id}"
	return map[string]visit.Page{
		"GET " + accessPattern:                       showAccess,
		"GET " + visit.InsightsPath:                  showInsights,
		"GET " + visit.ExpiringPath:                  listExpiring,
		"POST " + visit.ExpiringPath + "/extend/ask": askExtendAll,
		"POST " + visit.ExpiringPath + "/extend":     extendAll,
		"GET " + visit.RoleTemplatesPath:             listTemplates,
		"GET " + visit.RoleTemplatesPath + "/new":    newTemplate,
		"POST " + visit.RoleTemplatesPath + "/new":   addTemplate,
		"GET " + template:                            showTemplate,
		"POST " + template:                           saveTemplate,
		"GET " + template + "/delete":                askDeleteTemplate,
		"POST " + template + "/delete":               deleteTemplate,
		"GET " + offerPath:                           showOffer,
		"POST " + offerPath:                          answerOffer,
		"GET " + listPattern:                         list,
		"GET " + listPattern + "/export":             export,
		"GET " + listPattern + "/terminate":          askEndOfRow,
		"POST " + listPattern + "/extend/ask":        askExtend,
		"POST " + listPattern + "/extend":            extend,
		"GET " + onePattern:                          showDetail,
		"GET " + listPattern + "/new":                newRequest,
		"POST " + listPattern + "/new":               create,
		"GET " + onePattern + "/message":             showMessage,
		"POST " + onePattern + "/message":            answerMessage,
		"GET " + onePattern + "/edit":                editRequest,
		"POST " + onePattern + "/edit":               change,
		"POST " + onePattern + "/finalize":           finalize,
		"GET " + onePattern + "/delete":              askDelete,
		"POST " + onePattern + "/delete":             deleteDraft,
		"POST " + onePattern + "/consent":            answerProposal,
		"GET " + onePattern + "/extend":              askExtendOne,
		"GET " + onePattern + "/groups":              askGroups,
		"POST " + onePattern + "/groups":             addGroups,
		"GET " + groupPattern:                        askRoles,
		"POST " + groupPattern:                       changeRoles,
		"GET " + groupPattern + "/remove":            askRemoval,
		"POST " + groupPattern + "/remove":           removeGroup,
		"GET " + onePattern + "/terminate":           askEnd,
		"POST " + onePattern + "/terminate":          end,
	}
}
