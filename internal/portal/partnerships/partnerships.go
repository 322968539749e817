// Package partnerships holds the pages about partnerships: the resellers of a provider
// and what it has asked (P-14, P-16), the providers of a reseller (P-15), and where the
// reseller authorizes a provider that asks (P-16).
package partnerships

import (
	"comptoir/internal/id"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

const (
	exportPath    = visit.ResellersPath + "/export"
	removePath    = visit.ResellersPath + "/remove"
	addPath       = visit.ResellersPath + "/customers/new"
	sharedPath    = visit.ResellersPath + "/customers"
	invitePath    = visit.ResellersPath + "/invite"
	requestsPath  = visit.ResellersPath + "/requests"
	messagePath   = requestsPath + "/message"
	withdrawPath  = requestsPath + "/withdraw"
	providedPath  = visit.ProvidersPath + "/customers"
	inviteNewPath = visit.ProvidersPath + "/invite"
	landing       = visit.PartnershipPath + "{token}"
)

// Pages lists the pages of the package by their pattern.
func Pages() map[string]visit.Page {
	return map[string]visit.Page{
		"GET " + visit.ResellersPath: listResellers,
		"GET " + exportPath:          exportResellers,
		"GET " + removePath:          askRemove,
		"POST " + removePath:         remove,
		"GET " + addPath:             lead(visit.NewCustomerPath + "?reseller="),
		"GET " + sharedPath:          lead(visit.CustomersPath + "?reseller="),
		"GET " + invitePath:          showNew,
		"POST " + invitePath:         answerNew,
		"GET " + requestsPath:        listRequests,
		"GET " + messagePath:         showMessage,
		"POST " + messagePath:        answerMessage,
		"GET " + withdrawPath:        askWithdraw,
		"POST " + withdrawPath:       withdraw,
		"GET " + visit.ProvidersPath: listProviders,
		"GET " + providedPath:        lead(visit.CustomersPath + "?provider="),
		"GET " + inviteNewPath:       lead(visit.JointInvitePath),
		"GET " + landing:             showOffer,
		"POST " + landing:            authorize,
	}
}

// lead makes the page to which a command sends the selected row: it leads on to the
// address that ends in its id.
func lead(to string) visit.Page {
	return func(v *visit.Visit) error {
		tenant, ok := id.Parse(v.Query("id"))
		if !ok {
			return refusal.NotFound
		}
		return v.Redirect(to + tenant)
	}
}

// tabs are the two views of a provider's partnerships.
func tabs(v *visit.Visit, current string) []block.Tab {
	if !v.May("partnership.invite", false) {
		return nil
	}
	all := []block.Tab{{Label: v.T("partnership.resellers.title"), Href: visit.ResellersPath}, {Label: v.T("partnership.requests.title"), Href: requestsPath}}
	for i := range all {
		all[i].Current = all[i].Href == current
	}
	return all
}

func resellersHelp(v *visit.Visit) block.Help {
	return block.Help{
		Title: v.T("partnership.resellers.title"), Roles: v.RolesFor("partnership.invite", true),
		Text: []string{v.T("partnership.help.request"), v.T("partnership.help.customers"), v.T("partnership.help.remove")},
	}
}
