package portal_test

import (
	"comptoir/internal/identity"
	"comptoir/internal/policy"
)

// consoleScenes are the pages with which the operator runs the installation.
func (w *world) consoleScenes() []scene {
	const chief = "operator operator-admin"
	applicant := do(w, identity.EnrolPartner, system(), identity.Enrolment{
		Name: "Østfold Sky og Drift AS", Types: policy.IndirectReseller, Country: "NO", Market: "EEA", Domain: "ostfold.example",
		Admin: &identity.NewUser{Name: "kari", DisplayName: "Kari Nordmann"},
	}).Partner
	do(w, identity.VetPartner, w.actor(chief), identity.Vetting{
		Tenant: applicant.Tenant, Step: identity.VettingEmail, State: identity.VettingAccepted, Note: "Answered from the address.",
	})
	stays, twice := w.add("direct admin-agent", newCustomer("Brasserie du Vieux-Port SARL", "vieuxport")), newCustomer("Brasserie du Vieux-Port SARL", "vieuxport2")
	twice.Distinct = true
	ends := w.add("provider admin-agent", twice)
	merge := "/operator/organizations/" + string(stays.ID) + "/merge"
	path := "/operator/partners/" + string(applicant.Tenant)
	return []scene{
		{"partners", chief, "/operator/partners", nil},
		{"partner", chief, path, nil},
		{"partner-close", chief, path + "/status?to=closed", nil},
		{"partner-suspend", chief, "/operator/partners/" + string(w.direct.Tenant) + "/status?to=suspended", nil},
		{"partner-vet", chief, path + "/vetting?step=business", nil},
		{"partner-edit", chief, path + "/edit", nil},
		{"people", chief, "/operator/users", nil},
		{"person", chief, "/operator/users/" + string(w.people[chief].ID), nil},
		{"person-new", chief, "/operator/users/new", nil},
		{"roles", chief, "/operator/roles", nil},
		{"roles-one", chief, "/operator/roles/customer.add", nil},
		{"roles-try", chief, "/operator/roles/try?type=indirect-reseller&roles=sales-agent", nil},
		{"organizations", chief, "/operator/organizations?q=con", nil},
		{"organization-merge", chief, merge + "?with=" + string(ends.ID), nil},
		{"organization-merge-whom", chief, merge, nil},
		{"organization-duplicates", chief, "/operator/organizations/duplicates?by=name", nil},
		{"countries", chief, "/operator/countries", nil},
		{"country", chief, "/operator/countries/PL", nil},
		{"id-type", chief, "/operator/countries/PL/types/TIN", nil},
		{"partner-registrar", chief, path + "/registrar", nil},
		{"help-links", chief, "/operator/help", nil},
		{"help-edit", chief, "/operator/help/edit?page=/customers", nil},
		{"names", chief, "/operator/name-rules?what=company&text=ABC", nil},
		{"words", chief, "/operator/name-rules/lists/top-level-domains", nil},
		{"partner-credit", chief, path + "/credit", nil},
		{"enrol", chief, "/operator/partners/new", nil},
		{"settings", chief, "/operator/settings", nil},
		{"setting", chief, "/operator/settings/verification.scope", nil},
	}
}
