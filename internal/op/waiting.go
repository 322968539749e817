package op

// Settings of rules.md (o) whose features are not part of this version. They are
// shown with what they will decide, and cannot be changed. A feature that comes
// takes its setting along and drops Waits.
func init() {
	yesNo := []string{"false", "true"}
	for _, s := range []Setting{
		{Name: "verification.onOrganizationChange", Default: "false", Values: yesNo, Rule: "C20", Mark: "S", Effect: "setting.verification.on_organization_change"},
		{Name: "customer.admin.assignLicenses", Default: "true", Values: yesNo, Rule: "G1", Mark: "D", Effect: "setting.customer.assign_licenses"},
		{Name: "subscriptions.endOfTerm", Default: "grace30", Values: []string{"grace30", "est"}, Rule: "G16", Mark: "D", Effect: "setting.subscriptions.end_of_term"},
		{Name: "selfserve.resources", Default: "AzureReservedInstances, AzureSavingsPlan", Rule: "H6", Mark: "D", Effect: "setting.selfserve.resources"},
	} {
		s.Waits = true
		DefineSetting(s)
	}
}
