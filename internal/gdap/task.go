package gdap

import "comptoir/internal/policy"

// Task is a kind of work at a customer, with the least roles that do it: the sets
// that a request recommends (portal P-11b).
type Task struct {
	Name  string // in addresses and forms
	Key   string // catalogue key of its name
	Roles Set
}

// Tasks returns the tasks in the order in which they are offered; the last is the
// default set of the organisation's types (rule F13).
func Tasks(types policy.Org) []Task {
	set := sellerSet
	if types&policy.Sellers == 0 {
		set = resellerSet
	}
	return []Task{
		{"look", "gdappage.task.look", Set{GlobalReader}},
		{"help", "gdappage.task.help", Set{HelpdeskAdministrator, DirectoryReaders, ServiceSupportAdministrator}},
		{"users", "gdappage.task.users", Set{UserAdministrator, LicenseAdministrator, DirectoryReaders}},
		{"mail", "gdappage.task.mail", Set{exchangeAdministrator, sharePointAdministrator, teamsAdministrator, DirectoryReaders}},
		{"devices", "gdappage.task.devices", Set{intuneAdministrator, cloudDeviceAdministrator, DirectoryReaders}},
		{"security", "gdappage.task.security", Set{securityReader, securityOperator, GlobalReader}},
		{"default", "gdappage.task.default", set},
	}
}

// The roles of tasks that no rule names.
const (
	cloudDeviceAdministrator RoleID = "7698a772-787b-4ac8-901f-60d6b08affd2"
	exchangeAdministrator    RoleID = "29232cdf-9323-42fd-ade2-1d097af3e4de"
	intuneAdministrator      RoleID = "3a2c62db-5318-420d-8d74-23affee5d9d5"
	securityOperator         RoleID = "5f2222b1-57c3-48ba-8ad5-d4759f1fde6f"
	securityReader           RoleID = "5d6b6bb7-de71-4623-b4af-96380a352509"
	sharePointAdministrator  RoleID = "f28a1f50-f6e7-4571-818b-6a12f2af6b6c"
	teamsAdministrator       RoleID = "69091246-20e8-4a56-aa4d-066075b2a7a8"
)
