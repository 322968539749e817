package record

import (
	"cmp"
	"slices"
	"strings"

	"comptoir/internal/lang"
	"comptoir/internal/portal/block"
)

// operations are the messages that say what the operations of the log are (rule
// K3, and those of our own).
var operations = map[string]string{
	"add_customer":                                      "settings.operation.add_customer",
	"update_customer_billing_profile":                   "settings.operation.update_customer_billing_profile",
	"update_customer_partner_contract_company_name":     "settings.operation.update_customer_partner_contract_company_name",
	"update_company_info":                               "settings.operation.update_company_info",
	"update_customer_qualification":                     "settings.operation.update_customer_qualification",
	"tag_customer":                                      "settings.operation.tag_customer",
	"delete_customer":                                   "settings.operation.delete_customer",
	"extend_relationship":                               "settings.operation.extend_relationship",
	"remove_partner_customer_relationship":              "settings.operation.remove_partner_customer_relationship",
	"merge_customer":                                    "settings.operation.merge_customer",
	"add_service_relationship":                          "settings.operation.add_service_relationship",
	"remove_service_relationship":                       "settings.operation.remove_service_relationship",
	"create_partner_relationship":                       "settings.operation.create_partner_relationship",
	"remove_partner_relationship":                       "settings.operation.remove_partner_relationship",
	"create_partnership_request":                        "partnership.operation.create_request",
	"withdraw_partnership_request":                      "partnership.operation.withdraw_request",
	"update_catalog_product":                            "catalog.operation.product",
	"update_catalog_offer":                              "catalog.operation.offer",
	"update_catalog_promotion":                          "catalog.operation.promotion",
	"publish_prices":                                    "catalog.operation.prices",
	"authorize_catalog_product":                         "catalog.operation.authorize",
	"create_agreement":                                  "settings.operation.create_agreement",
	"create_order":                                      "settings.operation.create_order",
	"update_order":                                      "settings.operation.update_order",
	"update_subscription":                               "settings.operation.update_subscription",
	"upgrade_subscription":                              "settings.operation.upgrade_subscription",
	"convert_trial_subscription":                        "settings.operation.convert_trial_subscription",
	"create_self_serve_policy":                          "settings.operation.create_self_serve_policy",
	"update_self_serve_policy":                          "settings.operation.update_self_serve_policy",
	"delete_self_serve_policy":                          "settings.operation.delete_self_serve_policy",
	"update_customer_spending_budget":                   "settings.operation.update_customer_spending_budget",
	"create_customer_user":                              "settings.operation.create_customer_user",
	"update_customer_user":                              "settings.operation.update_customer_user",
	"delete_customer_user":                              "settings.operation.delete_customer_user",
	"restore_customer_user":                             "settings.operation.restore_customer_user",
	"reset_customer_user_password":                      "settings.operation.reset_customer_user_password",
	"update_customer_user_principal_name":               "settings.operation.update_customer_user_principal_name",
	"update_customer_user_licenses":                     "settings.operation.update_customer_user_licenses",
	"add_user_member":                                   "settings.operation.add_user_member",
	"remove_user_member":                                "settings.operation.remove_user_member",
	"granular_admin_relationship_approved":              "settings.operation.granular_admin_relationship_approved",
	"granular_admin_relationship_activated":             "settings.operation.granular_admin_relationship_activated",
	"granular_admin_relationship_termination_requested": "settings.operation.granular_admin_relationship_termination_requested",
	"granular_admin_relationship_terminated":            "settings.operation.granular_admin_relationship_terminated",
	"granular_admin_relationship_expired":               "settings.operation.granular_admin_relationship_expired",
	"granular_admin_relationship_cleaned_up":            "settings.operation.granular_admin_relationship_cleaned_up",
	"granular_admin_relationship_updated":               "settings.operation.granular_admin_relationship_updated",
	"granular_admin_relationship_auto_extend_switched":  "settings.operation.granular_admin_relationship_auto_extend_switched",
	"granular_admin_relationship_extended":              "settings.operation.granular_admin_relationship_extended",
	"granular_admin_relationship_expiring":              "settings.operation.granular_admin_relationship_expiring",
	"granular_admin_access_assignment_created":          "settings.operation.granular_admin_access_assignment_created",
	"granular_admin_access_assignment_activated":        "settings.operation.granular_admin_access_assignment_activated",
	"granular_admin_access_assignment_updated":          "settings.operation.granular_admin_access_assignment_updated",
	"granular_admin_access_assignment_deleted":          "settings.operation.granular_admin_access_assignment_deleted",
	"create_partner_user":                               "settings.operation.create_partner_user",
	"update_partner_user":                               "settings.operation.update_partner_user",
	"remove_partner_user":                               "settings.operation.remove_partner_user",
	"register_application":                              "settings.operation.register_application",
	"unregister_application":                            "settings.operation.unregister_application",
	"add_application_credential":                        "settings.operation.add_application_credential",
	"remove_application_credential":                     "settings.operation.remove_application_credential",
	"create_mpn_association":                            "settings.operation.create_mpn_association",
	"update_mpn_association":                            "settings.operation.update_mpn_association",
	"create_transfer":                                   "settings.operation.create_transfer",
	"update_transfer":                                   "settings.operation.update_transfer",
	"ready_invoice":                                     "settings.operation.ready_invoice",
	"verification_opened":                               "settings.operation.verification_opened",
	"verification_decided":                              "settings.operation.verification_decided",
	"verification_resubmitted":                          "settings.operation.verification_resubmitted",
	"verification_closed":                               "partnership.operation.verification_closed",
	"create_relationship_request":                       "settings.operation.create_relationship_request",
	"update_relationship_request":                       "settings.operation.update_relationship_request",
	"withdraw_relationship_request":                     "settings.operation.withdraw_relationship_request",
	"accept_relationship_request":                       "settings.operation.accept_relationship_request",
	"decline_relationship_request":                      "settings.operation.decline_relationship_request",
	"update_cost_policy":                                "settings.operation.update_cost_policy",
	"export_data":                                       "settings.operation.export_data",
	"access_refused":                                    "settings.operation.access_refused",
	"accept_statement":                                  "settings.operation.accept_statement",
	"dap_admin_relationship_terminated":                 "settings.operation.dap_admin_relationship_terminated",
	"issue_validation_code":                             "settings.operation.issue_validation_code",
	"create_agreement_request":                          "settings.operation.create_agreement_request",
	"accept_agreement_request":                          "settings.operation.accept_agreement_request",
	"add_verified_domain":                               "settings.operation.add_verified_domain",
	"publish_agreement_version":                         "settings.operation.publish_agreement_version",
	"translate_agreement_version":                       "settings.operation.translate_agreement_version",
	"resend_mail":                                       "settings.operation.resend_mail",
	"update_letter_text":                                "settings.operation.update_letter_text",
	"reset_letter_text":                                 "settings.operation.reset_letter_text",
	"update_mail_text":                                  "settings.operation.update_mail_text",
	"reset_mail_text":                                   "settings.operation.reset_mail_text",
	"try_mail_text":                                     "settings.operation.try_mail_text",
	"retry_events":                                      "settings.operation.retry_events",
	"take_customer_passwords":                           "settings.operation.take_customer_passwords",
	"update_role_matrix":                                "settings.operation.update_role_matrix",
	"verification_asked":                                "settings.operation.verification_asked",
	"verification_answered":                             "settings.operation.verification_answered",
	"vet_partner":                                       "settings.operation.vet_partner",
	"enrol_partner":                                     "settings.operation.enrol_partner",
	"update_partner":                                    "settings.operation.update_partner",
	"update_partner_credit_limit":                       "settings.operation.update_partner_credit_limit",
	"update_partner_profile":                            "settings.operation.update_partner_profile",
	"update_organization":                               "settings.operation.update_organization",
	"claim_domain":                                      "settings.operation.claim_domain",
	"verify_domain":                                     "settings.operation.verify_domain",
	"drop_domain_claim":                                 "settings.operation.drop_domain_claim",
	"create_gdap_role_template":                         "gdappage.operation.template_create",
	"update_gdap_role_template":                         "gdappage.operation.template_update",
	"delete_gdap_role_template":                         "gdappage.operation.template_delete",
	"create_security_group":                             "settings.operation.create_security_group",
	"update_security_group":                             "settings.operation.update_security_group",
	"delete_security_group":                             "settings.operation.delete_security_group",
	"add_group_member":                                  "settings.operation.add_group_member",
	"remove_group_member":                               "settings.operation.remove_group_member",
	"update_help_links":                                 "settings.operation.update_help_links",
	"start_agreement_round":                             "settings.operation.start_agreement_round",
	"start_granular_admin_batch":                        "settings.operation.start_granular_admin_batch",
	"end_granular_admin_batch":                          "settings.operation.end_granular_admin_batch",
	"end_agreement_round":                               "settings.operation.end_agreement_round",
	"start_customer_import":                             "settings.operation.start_customer_import",
	"end_customer_import":                               "settings.operation.end_customer_import",
	"cancel_job":                                        "settings.operation.cancel_job",
	"retry_job":                                         "settings.operation.retry_job",
	"move_clock":                                        "settings.operation.move_clock",
	"correct_customer_snapshot":                         "settings.operation.correct_customer_snapshot",
	"update_country_rule":                               "settings.operation.update_country_rule",
	"update_word_list":                                  "settings.operation.update_word_list",
	"update_name_rule":                                  "settings.operation.update_name_rule",
	"verify_activity_log":                               "audit.operation.verify",
	"update_setting":                                    "settings.operation.update_setting",
}

// Operation says what an operation of the log is. One without a name of its own
// is written as the log has it.
func Operation(p *lang.Printer, name string) string {
	if key, known := operations[name]; known {
		return p.T(key)
	}
	return strings.ReplaceAll(name, "_", " ")
}

// Operations offers all operations by what they are called.
func Operations(p *lang.Printer) []block.Option {
	all := make([]block.Option, 0, len(operations))
	for name, key := range operations {
		all = append(all, block.Option{Value: name, Label: p.T(key)})
	}
	slices.SortFunc(all, func(a, b block.Option) int { return cmp.Or(p.Compare(a.Label, b.Label), cmp.Compare(a.Value, b.Value)) })
	return all
}
