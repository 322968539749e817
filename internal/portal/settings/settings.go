// Package settings holds the pages on which a partner looks after its own
// account: people and groups, legal information, agreements, identifiers,
// applications, security, and the log of what was done (portal P-19).
package settings

import (
	"comptoir/internal/policy"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

// The addresses of the pages.
const (
	activityPath = visit.AccountSettingsPath + "/activity-log"
	exportPath   = activityPath + "/export"
)

// Pages lists the pages of the package by their pattern.
func Pages() map[string]visit.Page {
	return map[string]visit.Page{
		"GET " + visit.AccountSettingsPath: overview,
		"GET " + activityPath:              listActivity,
		"GET " + exportPath:                exportActivity,
	}
}

// enter refuses everybody but people of a partner: for others there is no such
// page.
func enter(v *visit.Visit) error {
	if v.Actor.Kind != policy.Partner {
		return refusal.NotFound
	}
	return nil
}
