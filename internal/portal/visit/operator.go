package visit

import (
	"comptoir/internal/policy"
	"comptoir/internal/portal/icon"
)

// The addresses with which the operator runs the installation.
const (
	PartnersPath      = "/operator/partners"
	OrganizationsPath = "/operator/organizations"
	PeoplePath        = "/operator/users"
	CountriesPath     = "/operator/countries"
	NamesPath         = "/operator/name-rules"
	RolesPath         = "/operator/roles"
	SettingsPath      = "/operator/settings"
	AuditPath         = "/operator/audit"
)

// The areas of the operator.
const (
	Partners      Area = PartnersPath
	Organizations Area = OrganizationsPath
	People        Area = PeoplePath
	Countries     Area = CountriesPath
	Names         Area = NamesPath
	Roles         Area = RolesPath
	Settings      Area = SettingsPath
	Audit         Area = AuditPath
)

// operatorPlaces are the entries of the navigation beyond the queue.
var operatorPlaces = []entry{
	{Partners, icon.Organization, func(v *Visit) string { return v.T("console.partners.title") }, policy.Operator, "partner.list", false},
	{Organizations, icon.Building, func(v *Visit) string { return v.T("console.organizations.title") }, policy.Operator, "organization.view", false},
	{Imports, icon.Upload, func(v *Visit) string { return v.T("portal.import") }, policy.Operator, "organization.import", true},
	{People, icon.People, func(v *Visit) string { return v.T("console.people.own") }, policy.Operator, "partner.user.update", false},
	{Roles, icon.Key, func(v *Visit) string { return v.T("console.roles.title") }, policy.Operator, "setting.view", false},
	{Countries, icon.Globe, func(v *Visit) string { return v.T("console.countries.title") }, policy.Operator, "setting.view", false},
	{Names, icon.Edit, func(v *Visit) string { return v.T("console.names.title") }, policy.Operator, "setting.view", false},
	{Settings, icon.Settings, func(v *Visit) string { return v.T("console.settings.title") }, policy.Operator, "setting.view", false},
	{Audit, icon.History, func(v *Visit) string { return v.T("audit.title") }, policy.Operator, "audit.view", false},
}
