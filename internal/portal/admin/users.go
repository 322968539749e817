package admin

import (
	"comptoir/internal/identity"
	"comptoir/internal/policy"
	"comptoir/internal/portal/people"
	"comptoir/internal/portal/visit"
)

// users are the customer's own people (K-8, rule c10).
var users = &people.Directory{
	Kind: policy.Customer, Action: "own.user.update", Path: visit.OwnUsersPath, Area: visit.OwnUsers,
	Words: people.Words{
		Title:    func(v *visit.Visit) string { return v.T("adminportal.users.title") },
		Subtitle: func(v *visit.Visit) string { return v.T("adminportal.users.subtitle") },
		Help: func(v *visit.Visit) []string {
			return []string{v.T("adminportal.users.help.roles"), v.T("adminportal.users.help.admins"), v.T("settings.users.help.password"), v.T("adminportal.users.help.licenses")}
		},
		OneChief:    func(v *visit.Visit) string { return v.T("adminportal.users.one_admin") },
		ChiefOnly:   func(v *visit.Visit) string { return v.T("adminportal.users.admin_only") },
		Remove:      func(v *visit.Visit) string { return v.T("adminportal.users.delete") },
		RemoveTitle: func(v *visit.Visit, name string) string { return v.T("adminportal.users.delete_title", "Name", name) },
		RemoveText:  func(v *visit.Visit) string { return v.T("adminportal.users.delete_text") },
		Removed:     func(v *visit.Visit, name string) string { return v.T("adminportal.users.was_deleted", "Name", name) },
	},
	Roles: []people.RoleGroup{{
		ID: "roles", Label: func(v *visit.Visit) string { return v.T("adminportal.users.roles") },
		Roles: policy.CustomerAdmin | policy.CustomerBillingAdmin | policy.CustomerUser,
	}},
	Chief: policy.CustomerAdmin, Locates: true,
	Operations: people.Operations{
		List: identity.ListOwnUsers, Get: identity.GetOwnUser, Add: identity.AddOwnUser, Update: identity.UpdateOwnUser, SetRoles: identity.SetOwnUserRoles,
		ResetPassword: identity.ResetOwnUserPassword, Sessions: identity.OwnUserSessions, SignOut: identity.SignOutOwnUser, ResetFactors: identity.ResetOwnUserFactors,
		Remove: func(v *visit.Visit, key identity.UserKey) error {
			_, err := visit.Do(v, identity.DeleteOwnUser, key)
			return err
		},
	},
	Restore: identity.RestoreOwnUser,
}
