package wire

import (
	"strconv"
	"strings"
	"time"
)

// AuditRecord is one line of the activity log (section 19).
type AuditRecord struct {
	ID           string `json:"id"`
	PartnerID    string `json:"partnerId"`
	CustomerID   string `json:"customerId"` // all zeros when it concerns none
	CustomerName string `json:"customerName,omitempty"`
	// UserPrincipalName is absent when an application acted alone.
	UserPrincipalName     string `json:"userPrincipalName,omitempty"`
	ApplicationID         string `json:"applicationId,omitempty"`
	OriginalCorrelationID string `json:"originalCorrelationId,omitempty"`
	ResourceType          string `json:"resourceType"`
	// ResourceOldValue and ResourceNewValue are JSON text in PascalCase.
	ResourceOldValue string     `json:"resourceOldValue,omitempty"`
	ResourceNewValue string     `json:"resourceNewValue,omitempty"`
	OperationType    string     `json:"operationType"`
	OperationDate    Time       `json:"operationDate"`
	OperationStatus  string     `json:"operationStatus"`
	CustomizedData   []KeyValue `json:"customizedData"`
	Attributes       Attributes `json:"attributes"`
}

// KeyValue is a pair of free data.
type KeyValue struct {
	Key   string  `json:"key"`
	Value *string `json:"value"` // null where the contract shows it
}

// AuditResources are the published resource types (section 19.1).
var AuditResources = NewEnum(strings.Fields(`undefined customer customer_user order subscription license third_party_add_on
	mpn_association transfer application application_credential partner_user partner_relationship referral software_key
	software_download_link spending_limit invoice agreement partner_customer_relationship self_serve_policy
	granular_admin_relationship granular_admin_access_assignment partner_customer_dap credit customer_directory_role
	software_page device policy overage new_commerce_migration azure_entitlement indirect_provider_indirect_reseller_dap`)...)

// AuditOperations are the published operation types (section 19.2).
var AuditOperations = NewEnum(strings.Fields(`undefined update_customer_qualification update_subscription upgrade_subscription
	convert_trial_subscription add_customer update_customer_billing_profile update_customer_partner_contract_company_name
	update_customer_spending_budget delete_customer remove_partner_customer_relationship create_order update_order
	create_customer_user delete_customer_user update_customer_user update_customer_user_licenses reset_customer_user_password
	update_customer_user_principal_name restore_customer_user create_mpn_association update_mpn_association
	update_sfb_customer_user_licenses update_transfer create_partner_relationship register_application unregister_application
	add_application_credential remove_application_credential create_partner_user update_partner_user remove_partner_user
	create_referral update_referral get_software_key get_software_download_link increase_spending_limit ready_invoice
	create_agreement extend_relationship create_transfer create_self_serve_policy update_self_serve_policy
	delete_self_serve_policy remove_partner_relationship delete_tip_customer create_related_referral update_related_referral
	granular_admin_relationship_approved granular_admin_relationship_activated granular_admin_relationship_termination_requested
	granular_admin_relationship_terminated granular_admin_relationship_expired granular_admin_access_assignment_created
	granular_admin_access_assignment_updated granular_admin_access_assignment_deleted dap_admin_relationship_approved
	dap_admin_relationship_terminated create_credit update_credit cancel_credit add_user_member remove_user_member
	granular_admin_access_assignment_activated software_attestation granular_admin_relationship_cleaned_up update_company_info
	policy_created policy_updated policy_deleted device_updated devices_update_attempted device_deleted
	devices_upload_to_new_batch_attempted devices_upload_to_existing_batch_attempted manage_overage
	dap_admin_relationship_terminated_by_microsoft azure_fraud_event_detected create_new_commerce_migration`)...)

// ticksAtEpoch is 1 January 1970 in ticks of .NET: tenths of microseconds since
// the year 1.
const ticksAtEpoch = 621355968000000000

// Ticks returns t in ticks of .NET, as ids of audit records have it.
func Ticks(t time.Time) string {
	return strconv.FormatInt(ticksAtEpoch+t.UnixMicro()*10, 10)
}

// ParseTicks is the inverse of Ticks.
func ParseTicks(s string) (time.Time, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < ticksAtEpoch {
		return time.Time{}, false
	}
	return time.UnixMicro((n - ticksAtEpoch) / 10).UTC(), true
}
