package visit

import "comptoir/internal/policy"

// accessKeys are the messages that say what one does in an area, for My access
// (portal P-22).
var accessKeys = map[Area]string{
	AtHome:          "rules.access.home",
	Customers:       "rules.access.customers",
	Resellers:       "partnership.access.resellers",
	Providers:       "partnership.access.providers",
	Rounds:          "rules.access.rounds",
	Imports:         "rules.access.imports",
	Jobs:            "rules.access.jobs",
	Insights:        "gdappage.insights.access",
	AccountSettings: "rules.access.settings",
	CustomerHome:    "rules.access.customer_home",
	OwnUsers:        "rules.access.own_users",
	OrgProfile:      "rules.access.org_profile",
	BillingAccount:  "rules.access.billing_account",
	OwnAgreement:    "rules.access.own_agreement",
	OwnPartners:     "acceptpage.access",
	Operator:        "rules.access.operator",
	Verifications:   "rules.access.verifications",
	Qualifications:  "rules.access.qualifications",
	Templates:       "rules.access.templates",
	Partners:        "rules.access.partners",
	Organizations:   "rules.access.organizations",
	People:          "rules.access.people",
	Roles:           "rules.access.roles",
	Countries:       "rules.access.countries",
	Names:           "rules.access.names",
	Settings:        "rules.access.operator_settings",
	Audit:           "rules.access.audit",
	Mail:            "rules.access.mail",
	Messages:        "rules.access.messages",
}

// roleKeys are the messages that say what a role allows.
var roleKeys = map[policy.Role]string{
	policy.GlobalAdmin:          "rules.role.global_admin",
	policy.UserAdmin:            "rules.role.user_admin",
	policy.BillingAdmin:         "rules.role.billing_admin",
	policy.AdminAgent:           "rules.role.admin_agent",
	policy.SalesAgent:           "rules.role.sales_agent",
	policy.HelpdeskAgent:        "rules.role.helpdesk_agent",
	policy.CustomerAdmin:        "rules.role.customer_admin",
	policy.CustomerBillingAdmin: "rules.role.customer_billing_admin",
	policy.CustomerUser:         "rules.role.customer_user",
	policy.OperatorAdmin:        "rules.role.operator_admin",
	policy.OperatorReviewer:     "rules.role.operator_reviewer",
	policy.OperatorSupport:      "rules.role.operator_support",
}

// RoleText says in a sentence what a single role allows, "" for one that has none.
func (v *Visit) RoleText(role policy.Role) string {
	if key, ok := roleKeys[role]; ok {
		return v.T(key)
	}
	return ""
}

// AreaText says in a sentence what one does in an area, "" for one that has none.
func (v *Visit) AreaText(a Area) string {
	if key, ok := accessKeys[a]; ok {
		return v.T(key)
	}
	return ""
}
