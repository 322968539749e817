package visit

import "comptoir/internal/gdap"

// directoryRoles are the messages that say what a role of a customer's directory
// allows: those of default relationships (rule F13), all that reach far, and the
// common ones.
var directoryRoles = map[gdap.RoleID]string{
	gdap.DirectoryReaders:                      "gdappage.role.directory_readers",
	gdap.DirectoryWriters:                      "gdappage.role.directory_writers",
	gdap.LicenseAdministrator:                  "gdappage.role.license_administrator",
	gdap.ServiceSupportAdministrator:           "gdappage.role.service_support_administrator",
	gdap.UserAdministrator:                     "gdappage.role.user_administrator",
	gdap.PrivilegedRoleAdministrator:           "gdappage.role.privileged_role_administrator",
	gdap.HelpdeskAdministrator:                 "gdappage.role.helpdesk_administrator",
	gdap.PrivilegedAuthenticationAdministrator: "gdappage.role.privileged_authentication_administrator",
	gdap.GlobalReader:                          "gdappage.role.global_reader",
	gdap.CloudApplicationAdministrator:         "gdappage.role.cloud_application_administrator",
	gdap.ApplicationAdministrator:              "gdappage.role.application_administrator",
	gdap.GlobalAdministrator:                   "gdappage.role.global_administrator",
	gdap.DomainNameAdministrator:               "gdappage.role.domain_name_administrator",
	"be2f45a1-457d-42af-a067-6ec1fa63bc45":     "gdappage.role.external_identity_provider_administrator",
	"b0f54661-2d74-4c50-afa3-1ec803f12efe":     "gdappage.role.billing_administrator",
	"29232cdf-9323-42fd-ade2-1d097af3e4de":     "gdappage.role.exchange_administrator",
	"f28a1f50-f6e7-4571-818b-6a12f2af6b6c":     "gdappage.role.share_point_administrator",
	"69091246-20e8-4a56-aa4d-066075b2a7a8":     "gdappage.role.teams_administrator",
	"fdd7a751-b60b-444a-984c-02652fe8fa1c":     "gdappage.role.groups_administrator",
	"3a2c62db-5318-420d-8d74-23affee5d9d5":     "gdappage.role.intune_administrator",
	"7698a772-787b-4ac8-901f-60d6b08affd2":     "gdappage.role.cloud_device_administrator",
	"b1be1c3e-b65d-4f19-8427-f6fa0d97feb9":     "gdappage.role.conditional_access_administrator",
	"194ae4cb-b126-40b2-bd5b-6091b380977d":     "gdappage.role.security_administrator",
	"5f2222b1-57c3-48ba-8ad5-d4759f1fde6f":     "gdappage.role.security_operator",
	"5d6b6bb7-de71-4623-b4af-96380a352509":     "gdappage.role.security_reader",
	"c4e39bd9-1100-46d3-8c65-fb160da0071f":     "gdappage.role.authentication_administrator",
	"25a516ed-2fa0-40ea-a2d0-12923a21473a":     "gdappage.role.authentication_extensibility_administrator",
	"966707d0-3269-4727-9be2-8c3a10f19b9d":     "gdappage.role.password_administrator",
	"8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2":     "gdappage.role.hybrid_identity_administrator",
	"59d46f88-662b-457b-bceb-5c3809e5908f":     "gdappage.role.lifecycle_workflows_administrator",
	"ecb2c6bf-0ab6-418e-bd87-7986f8d63bbe":     "gdappage.role.attribute_provisioning_administrator",
	"422218e4-db15-4ef9-bbe0-8afb41546d79":     "gdappage.role.attribute_provisioning_reader",
	"aaf43236-0c0d-4d5f-883a-6955382ac081":     "gdappage.role.b2_ciefkeyset_administrator",
	"cf1c38e5-3621-4004-a7cb-879624dced7c":     "gdappage.role.application_developer",
	"db506228-d27e-4b7d-95e5-295956d6615f":     "gdappage.role.agent_idadministrator",
	"4a5d8f65-41da-4de4-8968-e035b65339cf":     "gdappage.role.reports_reader",
	"790c1fb9-7f7d-4f88-86a1-ef1f95c05c1b":     "gdappage.role.message_center_reader",
	"2b745bdf-0803-4d80-aa65-822c4493daac":     "gdappage.role.office_apps_administrator",
	"95e79109-95c0-4d8e-aee3-d01accf2d47b":     "gdappage.role.guest_inviter",
	"17315797-102d-40b4-93e0-432062caca18":     "gdappage.role.compliance_administrator",
	"11648597-926c-4cf3-9c36-bcebb0ba8dcc":     "gdappage.role.power_platform_administrator",
	"44367163-eba1-44c3-98af-f5787879f96a":     "gdappage.role.dynamics365_administrator",
	"11451d60-acb2-45eb-a7d6-43d0f0125c13":     "gdappage.role.windows365_administrator",
}

// DirectoryRole says in a sentence what a role of a customer's directory allows,
// "" for one that has none.
func (v *Visit) DirectoryRole(role gdap.RoleID) string {
	if key, ok := directoryRoles[role]; ok {
		return v.T(key)
	}
	return ""
}
