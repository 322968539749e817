package visit

import (
	"comptoir/internal/policy"
	"comptoir/internal/portal/icon"
)

// The addresses with which the operator runs the installation.
const (
	PartnersPath = "/operator/partners"
	SettingsPath = "/operator/settings"
)

// The areas of the operator.
const (
	Partners Area = PartnersPath
	Settings Area = SettingsPath
)

// operatorPlaces are the entries of the navigation beyond the queue.
var operatorPlaces = []entry{
	{Partners, icon.Organization, func(v *Visit) string { return v.T("console.partners.title") }, policy.Operator, "partner.list", false},
	{Settings, icon.Settings, func(v *Visit) string { return v.T("console.settings.title") }, policy.Operator, "setting.view", false},
}
