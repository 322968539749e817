// Package settings holds the pages on which a partner looks after its own
// account: people and groups, legal information, agreements, identifiers,
// applications, security, and the log of what was done (portal P-19).
package settings

import (
	"maps"

	"comptoir/internal/id"
	"comptoir/internal/policy"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

// The addresses of the pages.
const (
	usersPath       = visit.AccountSettingsPath + "/users"
	groupsPath      = visit.GroupsPath
	legalPath       = visit.AccountSettingsPath + "/legal"
	supportPath     = legalPath + "/support"
	agreementsPath  = visit.AccountSettingsPath + "/agreements"
	identifiersPath = visit.AccountSettingsPath + "/identifiers"
	domainsPath     = visit.AccountSettingsPath + "/domains"
	appsPath        = visit.AccountSettingsPath + "/applications"
	newAppPath      = appsPath + "/new"
	consentsPath    = visit.AccountSettingsPath + "/consents"
	activityPath    = visit.AccountSettingsPath + "/activity-log"
	securityPath    = visit.AccountSettingsPath + "/security"
	exportPath      = activityPath + "/export"
)

// Pages lists the pages of the package by their pattern.
func Pages() map[string]visit.Page {
	const group, app = groupsPath + "/{group}", appsPath + "/{app}"
	all := map[string]visit.Page{
		"GET " + visit.AccountSettingsPath: overview,

		"GET " + groupsPath:                 listGroups,
		"POST " + groupsPath:                addGroup,
		"GET " + group:                      showGroup,
		"POST " + group:                     saveGroup,
		"POST " + group + "/members":        addMember,
		"POST " + group + "/members/remove": removeMember,
		"GET " + group + "/remove":          askRemoveGroup,
		"POST " + group + "/remove":         removeGroup,

		"GET " + legalPath:    showLegal,
		"POST " + legalPath:   saveLegal,
		"POST " + supportPath: saveSupport,

		"GET " + agreementsPath:               showAgreements,
		"POST " + agreementsPath:              signAgreement,
		"GET " + identifiersPath:              showIdentifiers,
		"POST " + domainsPath:                 claimDomain,
		"POST " + domainsPath + "/verify":     verifyDomain,
		"POST " + domainsPath + "/remove":     dropDomain,
		"GET " + appsPath:                     listApps,
		"GET " + newAppPath:                   newApp,
		"POST " + newAppPath:                  addApp,
		"POST " + appsPath + "/done":          leadTo(appsPath),
		"POST " + consentsPath:                consent,
		"GET " + consentsPath + "/{app}":      askWithdraw,
		"POST " + consentsPath + "/{app}":     withdraw,
		"GET " + app:                          showApp,
		"POST " + app:                         saveApp,
		"POST " + app + "/secrets":            addSecret,
		"POST " + app + "/certificates":       addCertificate,
		"POST " + app + "/credentials/remove": removeCredential,
		"GET " + app + "/remove":              askRemoveApp,
		"POST " + app + "/remove":             removeApp,

		"GET " + securityPath: showSecurity,
		"GET " + activityPath: listActivity,
		"GET " + exportPath:   exportActivity,
	}
	maps.Copy(all, users.Pages())
	return all
}

func appPath(app id.App) string { return appsPath + "/" + string(app) }

// enter refuses everybody but people of a partner: for others there is no such
// page.
func enter(v *visit.Visit) error {
	if v.Actor.Kind != policy.Partner {
		return refusal.NotFound
	}
	return nil
}

// leadTo leads on when a secret was saved.
func leadTo(path string) visit.Page {
	return func(v *visit.Visit) error {
		if err := enter(v); err != nil {
			return err
		}
		if !v.Saved() {
			f := v.Frame(v.T("block.secret.unsaved_title"), visit.AccountSettings)
			inside(v, &f, path)
			return v.AskSaved(f, path+"/done")
		}
		return v.Redirect(path)
	}
}
