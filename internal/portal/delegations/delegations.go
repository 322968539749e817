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
)

// Pages lists the pages of the package by their pattern.
func Pages() map[string]visit.Page {
	return map[string]visit.Page{
		"GET " + offerPath:                    showOffer,
		"POST " + offerPath:                   answerOffer,
		"GET " + listPattern:                  list,
		"GET " + listPattern + "/export":      export,
		"GET " + listPattern + "/terminate":   askEndOfRow,
		"POST " + listPattern + "/extend/ask": askExtend,
		"POST " + listPattern + "/extend":     extend,
		"GET " + onePattern + "/terminate":    askEnd,
		"POST " + onePattern + "/terminate":   end,
	}
}
