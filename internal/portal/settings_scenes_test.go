package portal_test

import (
	"fmt"

	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/policy"
	"comptoir/internal/portal/browsertest"
	"comptoir/internal/portal/visit"
)

// settingsScenes are the pages of a partner's own account.
func (w *world) settingsScenes() []scene {
	group := do(w, identity.AddGroup, w.actor("direct global-admin"), identity.NewGroup{Name: "Équipe de nuit", Description: "De dix heures du soir à six heures du matin"})
	do(w, identity.AddMember, w.actor("direct global-admin"), identity.Membership{Group: group.ID, User: w.people["direct helpdesk-agent"].ID})
	app := do(w, identity.AddApplication, w.actor("direct global-admin"), identity.NewApp{Name: "Facturation de nuit", RedirectURIs: []string{"https://nuit.example/retour"}, Roles: policy.AdminAgent})
	own := w.ownPeople()
	do(w, identity.ClaimDomain, w.actor("direct global-admin"), identity.DomainName{Name: "atelier-nuage.fr"})
	panel := do(w, identity.AddApplication, w.actor("provider global-admin"), identity.NewApp{Name: "Tableau de bord", MultiTenant: true})
	do(w, identity.GrantApplication, w.actor("direct global-admin"), identity.ConsentForAll{App: panel.App.ID})
	return []scene{
		{"own-users", "customer", visit.OwnUsersPath, nil},
		{"own-users-deleted", "customer", visit.OwnUsersPath + "/deleted", nil},
		{"own-user-new", "customer", visit.OwnUsersPath + "/new", nil},
		{"own-user", "customer", visit.OwnUsersPath + "/" + string(own[0]), nil},
		{"own-user-delete", "customer", visit.OwnUsersPath + "/" + string(own[0]) + "/remove", nil},
		{"own-user-deleted", "customer", visit.OwnUsersPath + "/" + string(own[1]), nil},
		{"org-profile", "customer", "/admin/settings/org-profile", nil},
		{"billing-account", "customer", "/admin/billing", nil},
		{"users", "direct global-admin", "/settings/users", nil},
		{"user-new", "direct user-admin", "/settings/users/new", nil},
		{"user", "direct global-admin", "/settings/users/" + string(w.people["direct sales-agent"].ID), nil},
		{"user-remove", "direct global-admin", "/settings/users/" + string(w.people["direct sales-agent"].ID) + "/remove", nil},
		{"user-password", "direct global-admin", "/settings/users/" + string(w.people["direct sales-agent"].ID) + "/password", nil},
		{"groups", "direct global-admin", "/settings/groups", nil},
		{"group", "direct global-admin", "/settings/groups/" + string(group.ID), nil},
		{"legal", "direct global-admin", "/settings/legal", nil},
		{"agreements", "direct admin-agent", "/settings/agreements", nil},
		{"identifiers", "direct admin-agent", "/settings/identifiers", nil},
		{"domains", "direct global-admin", "/settings/identifiers", nil},
		{"consent-withdraw", "direct global-admin", "/settings/consents/" + string(panel.App.ID), nil},
		{"applications", "direct global-admin", "/settings/applications", nil},
		{"application-new", "direct admin-agent", "/settings/applications/new", nil},
		{"application", "direct global-admin", "/settings/applications/" + string(app.App.ID), nil},
		{"security", "direct global-admin", "/settings/security", nil},
		{"settings", "direct admin-agent", "/settings", nil},
		{"activity", "direct admin-agent", "/settings/activity-log", nil},
		{"activity-entry", "direct admin-agent", "/settings/activity-log", func(p *browsertest.Page) {
			p.Click("#activity tbody tr:nth-child(2) td:nth-child(3)")
			p.Wait("document.querySelector('#pane h2')")
		}},
	}
}

// ownPeople adds people to the organisation of the customer: one who is there and
// one who was deleted.
func (w *world) ownPeople() []id.User {
	w.t.Helper()
	var all []id.User
	for i, display := range []string{"Hedvig Åström-Lefèvre", "Jean-Baptiste de La Rochefoucauld"} {
		made := do(w, identity.AddOwnUser, w.actor("customer"), identity.NewUser{Name: fmt.Sprintf("p%d", i), DisplayName: display, UsageLocation: "FR", Roles: policy.CustomerBillingAdmin})
		all = append(all, made.User.ID)
	}
	do(w, identity.DeleteOwnUser, w.actor("customer"), identity.UserKey{User: all[1]})
	return all
}
