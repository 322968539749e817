package console

import (
	"slices"

	"comptoir/internal/policy"
	"comptoir/internal/portal/visit"
)

// subject is a part of the role matrix: actions that belong together, under a
// heading.
type subject struct {
	id      string
	title   string // message key
	actions []policy.Action
}

// partnerSubjects are the numbered rows for people of partners (rules.md b), in
// the order of the page.
var partnerSubjects = []subject{
	{"customers", "console.subject.customers", []policy.Action{
		"customer.list", "customer.export", "customer.add", "customer.account.view", "customer.billing.update", "customer.company.update",
		"customer.qualification", "customer.tag", "customer.verification.resubmit",
	}},
	{"relationships", "console.subject.relationships", []policy.Action{
		"agreement.attest", "agreement.view", "relationship.invite", "relationship.invite.joint", "relationship.invite.withdraw", "relationship.remove",
		"partnership.invite", "partnership.accept", "partnership.remove",
	}},
	{"sales", "console.subject.sales", []policy.Action{
		"subscription.view", "subscription.export", "order.create", "subscription.quantity", "subscription.status", "subscription.cancel",
		"subscription.renewal", "subscription.billing", "subscription.transition", "subscription.details", "subscription.support-contact", "order.azure",
		"order.history",
	}},
	{"permissions", "console.subject.permissions", []policy.Action{
		"selfserve.update", "cost.policy", "budget.update",
	}},
	{"delegation", "console.subject.delegation", []policy.Action{
		"gdap.request", "gdap.assign", "gdap.end", "gdap.view",
	}},
	{"directory", "console.subject.directory", []policy.Action{
		"directory.view", "directory.user.update", "directory.user.upload", "directory.license", "directory.password", "services.open", "support.customer",
	}},
	{"account", "console.subject.account", []policy.Action{
		"activity.view", "invoice.view", "price.view", "partner.user.update", "partner.profile.update", "partner.application.update", "profile.update",
		"support.own",
	}},
}

// customerSubject are those for people of customers.
var customerSubject = subject{"own", "console.roles.customers", []policy.Action{
	"own.subscription.view", "own.subscription.update", "own.invitation.answer", "own.agreement.accept", "own.gdap.decide", "own.partner.view",
	"own.organization.update", "own.reservation.buy", "own.cost.view", "own.user.update", "own.support.view",
}}

// actionKeys are the messages that say what an action is.
var actionKeys = map[policy.Action]string{
	"customer.list":                  "console.action.customer_list",
	"customer.export":                "console.action.customer_export",
	"customer.add":                   "console.action.customer_add",
	"customer.account.view":          "console.action.customer_account_view",
	"customer.billing.update":        "console.action.customer_billing_update",
	"customer.company.update":        "console.action.customer_company_update",
	"customer.qualification":         "console.action.customer_qualification",
	"customer.tag":                   "console.action.customer_tag",
	"customer.verification.resubmit": "console.action.customer_verification_resubmit",
	"agreement.attest":               "console.action.agreement_attest",
	"agreement.view":                 "console.action.agreement_view",
	"relationship.invite":            "console.action.relationship_invite",
	"relationship.invite.joint":      "console.action.relationship_invite_joint",
	"relationship.invite.withdraw":   "console.action.relationship_invite_withdraw",
	"relationship.remove":            "console.action.relationship_remove",
	"partnership.invite":             "console.action.partnership_invite",
	"partnership.accept":             "console.action.partnership_accept",
	"partnership.remove":             "console.action.partnership_remove",
	"subscription.view":              "console.action.subscription_view",
	"subscription.export":            "console.action.subscription_export",
	"order.create":                   "console.action.order_create",
	"subscription.quantity":          "console.action.subscription_quantity",
	"subscription.status":            "console.action.subscription_status",
	"subscription.cancel":            "console.action.subscription_cancel",
	"subscription.renewal":           "console.action.subscription_renewal",
	"subscription.billing":           "console.action.subscription_billing",
	"subscription.transition":        "console.action.subscription_transition",
	"subscription.details":           "console.action.subscription_details",
	"subscription.support-contact":   "console.action.subscription_support_contact",
	"order.azure":                    "console.action.order_azure",
	"order.history":                  "console.action.order_history",
	"selfserve.update":               "console.action.selfserve_update",
	"cost.policy":                    "console.action.cost_policy",
	"budget.update":                  "console.action.budget_update",
	"gdap.request":                   "console.action.gdap_request",
	"gdap.assign":                    "console.action.gdap_assign",
	"gdap.end":                       "console.action.gdap_end",
	"gdap.view":                      "console.action.gdap_view",
	"directory.view":                 "console.action.directory_view",
	"directory.user.update":          "console.action.directory_user_update",
	"directory.user.upload":          "console.action.directory_user_upload",
	"directory.license":              "console.action.directory_license",
	"directory.password":             "console.action.directory_password",
	"services.open":                  "console.action.services_open",
	"support.customer":               "console.action.support_customer",
	"activity.view":                  "console.action.activity_view",
	"invoice.view":                   "console.action.invoice_view",
	"price.view":                     "console.action.price_view",
	"partner.user.update":            "console.action.partner_user_update",
	"partner.profile.update":         "console.action.partner_profile_update",
	"partner.application.update":     "console.action.partner_application_update",
	"profile.update":                 "console.action.profile_update",
	"support.own":                    "console.action.support_own",
	"own.subscription.view":          "console.action.own_subscription_view",
	"own.subscription.update":        "console.action.own_subscription_update",
	"own.invitation.answer":          "console.action.own_invitation_answer",
	"own.agreement.accept":           "console.action.own_agreement_accept",
	"own.gdap.decide":                "console.action.own_gdap_decide",
	"own.partner.view":               "console.action.own_partner_view",
	"own.organization.update":        "console.action.own_organization_update",
	"own.reservation.buy":            "console.action.own_reservation_buy",
	"own.cost.view":                  "console.action.own_cost_view",
	"own.user.update":                "console.action.own_user_update",
	"own.support.view":               "console.action.own_support_view",
}

// subjectOf returns the subject that an action stands under.
func subjectOf(a policy.Action) subject {
	for _, s := range partnerSubjects {
		if slices.Contains(s.actions, a) {
			return s
		}
	}
	return customerSubject
}

// actionWord says what an action is; one that has no words is shown by its key.
func actionWord(v *visit.Visit, a policy.Action) string {
	if key, ok := actionKeys[a]; ok {
		return v.T(key)
	}
	return string(a)
}
