package settings

import (
	"comptoir/internal/identity"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/people"
	"comptoir/internal/portal/visit"
)

// directoryRoles and partnerRoles are the roles of a partner's people as their
// check boxes are grouped (P-19).
const (
	directoryRoles = policy.GlobalAdmin | policy.UserAdmin | policy.BillingAdmin
	partnerRoles   = policy.AdminAgent | policy.SalesAgent | policy.HelpdeskAgent
)

// users are the people of a partner (P-19, rule b48).
var users = &people.Directory{
	Kind: policy.Partner, Action: "partner.user.update", Path: usersPath, Area: visit.AccountSettings,
	Inside: func(v *visit.Visit, f *block.Frame) { inside(v, f, usersPath) },
	Words: people.Words{
		Title:    func(v *visit.Visit) string { return v.T("settings.users.title") },
		Subtitle: func(v *visit.Visit) string { return v.T("settings.users.subtitle") },
		Help: func(v *visit.Visit) []string {
			return []string{v.T("settings.users.help.roles"), v.T("settings.users.help.admins"), v.T("settings.users.help.password")}
		},
		OneChief:    func(v *visit.Visit) string { return v.T("settings.users.one_admin") },
		ChiefOnly:   func(v *visit.Visit) string { return v.T("settings.users.admin_only") },
		Remove:      func(v *visit.Visit) string { return v.T("settings.users.remove") },
		RemoveTitle: func(v *visit.Visit, name string) string { return v.T("settings.users.remove_title", "Name", name) },
		RemoveText:  func(v *visit.Visit) string { return v.T("settings.users.remove_text") },
		Removed:     func(v *visit.Visit, name string) string { return v.T("settings.users.removed", "Name", name) },
	},
	Roles: []people.RoleGroup{
		{ID: "roles", Label: func(v *visit.Visit) string { return v.T("settings.users.directory_roles") }, Roles: directoryRoles},
		{ID: "partner-roles", Label: func(v *visit.Visit) string { return v.T("settings.users.partner_roles") }, Roles: partnerRoles},
	},
	Chief: policy.GlobalAdmin,
	Operations: people.Operations{
		List: identity.ListUsers, Get: identity.GetUser, Add: identity.AddUser, Update: identity.UpdateUser, SetRoles: identity.SetRoles,
		ResetPassword: identity.ResetPassword, Sessions: identity.UserSessions, SignOut: identity.SignOutUser, ResetFactors: identity.ResetFactors,
		Remove: func(v *visit.Visit, key identity.UserKey) error {
			_, err := visit.Do(v, identity.RemoveUser, key)
			return err
		},
	},
}
