package identity_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"comptoir/internal/identity"
	"comptoir/internal/job"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

// customerAdmin adds a customer and returns its first administrator.
func (w *world) customerAdmin(domain string) op.Actor {
	w.Helper()
	made := w.customer(domain)
	return must(w.gate.Person(w.Context(), made.ID, made.Admin))(w).Actor("", true)
}

// colleague has the administrator of a customer add somebody.
func (w *world) colleague(admin op.Actor, name string, roles policy.Role) identity.User {
	w.Helper()
	return must(identity.AddOwnUser.Do(w.Context(), w.k, admin, identity.NewUser{Name: name, DisplayName: name, Roles: roles, KeepPassword: true}))(w).User
}

func key(n identity.User) identity.UserKey { return identity.UserKey{User: n.ID} }

// Rule c10: a customer's admin alone looks after the people of his organisation,
// and after nobody else's.
func TestACustomersAdminLooksAfterItsOwnPeople(t *testing.T) {
	each(t, func(w *world) {
		admin, stranger := w.customerAdmin("fjallbageri.example"), w.customerAdmin("sjomat.example")
		n := w.colleague(admin, "sara", policy.CustomerUser)
		if n.Name != "sara@fjallbageri.example" || n.Tenant != admin.Tenant {
			w.Errorf("added %+v", n)
		}
		billing := w.actor(w.colleague(admin, "bo", policy.CustomerBillingAdmin))
		for who, a := range map[string]op.Actor{"a billing admin": billing, "a user": w.actor(n), "the partner's Global admin": w.ga} {
			for what, err := range w.attempts(a, n) {
				if !errors.Is(err, refusal.RF10) {
					w.Errorf("%s may %s: %v", who, what, err)
				}
			}
		}
		for what, err := range w.attempts(stranger, n) {
			if what != "list" && !errors.Is(err, identity.ErrUserUnknown) {
				w.Errorf("another customer's admin may %s: %v", what, err)
			}
		}
		if page := must(identity.ListOwnUsers.Do(w.Context(), w.k, stranger, identity.UserList{}))(w); len(page.Users) != 1 || page.Total != 1 {
			w.Errorf("another customer's admin sees %+v", page)
		}
		if _, err := identity.ListOwnUsers.Do(w.Context(), w.k, stranger, identity.UserList{Tenant: admin.Tenant}); !errors.Is(err, identity.ErrTenantUnknown) {
			w.Errorf("another customer's admin names the organisation: %v", err)
		}
		for _, role := range []policy.Role{policy.GlobalAdmin, policy.OperatorAdmin} {
			if _, err := identity.SetOwnUserRoles.Do(w.Context(), w.k, admin, identity.RoleChange{UserKey: key(n), Roles: role}); !errors.Is(err, identity.ErrRoleFamily) {
				w.Errorf("a role of others: %v", err)
			}
		}
	})
}

// attempts does everything that a customer's admin can do about n, and returns
// what came of it.
func (w *world) attempts(a op.Actor, n identity.User) map[string]error {
	name, all := "Ny", map[string]error{}
	_, all["list"] = identity.ListOwnUsers.Do(w.Context(), w.k, a, identity.UserList{})
	_, all["read"] = identity.GetOwnUser.Do(w.Context(), w.k, a, key(n))
	_, all["see sessions"] = identity.OwnUserSessions.Do(w.Context(), w.k, a, key(n))
	_, all["change"] = identity.UpdateOwnUser.Do(w.Context(), w.k, a, identity.UserChange{UserKey: key(n), DisplayName: &name})
	_, all["give roles"] = identity.SetOwnUserRoles.Do(w.Context(), w.k, a, identity.RoleChange{UserKey: key(n), Roles: policy.CustomerUser})
	_, all["reset the password"] = identity.ResetOwnUserPassword.Do(w.Context(), w.k, a, identity.PasswordReset{UserKey: key(n)})
	_, all["sign out"] = identity.SignOutOwnUser.Do(w.Context(), w.k, a, key(n))
	_, all["reset the factors"] = identity.ResetOwnUserFactors.Do(w.Context(), w.k, a, key(n))
	_, all["delete"] = identity.DeleteOwnUser.Do(w.Context(), w.k, a, key(n))
	_, all["restore"] = identity.RestoreOwnUser.Do(w.Context(), w.k, a, key(n))
	return all
}

// Rule K3: what happens to people of a customer stands in its own log under the
// names of customers' users, and in nobody else's.
func TestTheLogOfACustomerNamesItsOwnUsers(t *testing.T) {
	each(t, func(w *world) {
		admin := w.customerAdmin("fjallbageri.example")
		n := w.colleague(admin, "sara", policy.CustomerUser)
		for what, err := range w.attempts(admin, n) {
			if err != nil {
				w.Errorf("%s: %v", what, err)
			}
		}
		log := strings.Join(w.log(admin.Tenant), "\n")
		for _, operation := range []string{"create_customer_user", "update_customer_user", "reset_customer_user_password", "delete_customer_user", "restore_customer_user"} {
			if !strings.Contains(log, operation+" succeeded") {
				w.Errorf("the log misses %s:\n%s", operation, log)
			}
		}
		if strings.Contains(log, "partner_user") || strings.Contains(strings.Join(w.log(w.partner.Tenant), "\n"), string(n.ID)) {
			w.Errorf("the log of a customer is mixed with that of its partner:\n%s", log)
		}
	})
}

// Rule A13: an organisation keeps an admin, whatever is tried.
func TestTheLastAdminOfACustomerStays(t *testing.T) {
	each(t, func(w *world) {
		admin := w.customerAdmin("fjallbageri.example")
		self, blocked := identity.UserKey{User: admin.User}, true
		_, demoted := identity.SetOwnUserRoles.Do(w.Context(), w.k, admin, identity.RoleChange{UserKey: self, Roles: policy.CustomerUser})
		_, shut := identity.UpdateOwnUser.Do(w.Context(), w.k, admin, identity.UserChange{UserKey: self, Blocked: &blocked})
		_, deleted := identity.DeleteOwnUser.Do(w.Context(), w.k, admin, self)
		for what, err := range map[string]error{"demoted": demoted, "blocked": shut, "deleted": deleted} {
			if !errors.Is(err, identity.ErrLastAdmin) {
				w.Errorf("the last admin was %s: %v", what, err)
			}
		}
		second := w.colleague(admin, "sara", policy.CustomerAdmin)
		if set := must(identity.SetOwnUserRoles.Do(w.Context(), w.k, admin, identity.RoleChange{UserKey: self, Roles: policy.CustomerUser}))(w); set.Admins != 1 {
			w.Errorf("%d admins are left, want 1", set.Admins)
		}
		if _, err := identity.GetOwnUser.Do(w.Context(), w.k, w.actor(second), self); err != nil {
			w.Errorf("the admin who is left: %v", err)
		}
	})
}

// Rule A13 as it stands in a customer's organisation: where the installation lets
// others look after people, nobody makes himself an admin.
func TestNobodyMakesHimselfAnAdmin(t *testing.T) {
	each(t, func(w *world) {
		admin := w.customerAdmin("fjallbageri.example")
		billing := w.actor(w.colleague(admin, "bo", policy.CustomerBillingAdmin))
		w.k.Policy.Apply([]policy.Change{{Action: "own.user.update", Role: policy.CustomerBillingAdmin, Grant: policy.Allowed}})
		self := identity.UserKey{User: billing.User}
		if _, err := identity.SetOwnUserRoles.Do(w.Context(), w.k, billing, identity.RoleChange{UserKey: self, Roles: policy.CustomerAdmin}); !errors.Is(err, identity.ErrCustomerAdminOnly) {
			w.Errorf("made himself an admin: %v", err)
		}
		if _, err := identity.ResetOwnUserPassword.Do(w.Context(), w.k, billing, identity.PasswordReset{UserKey: identity.UserKey{User: admin.User}}); !errors.Is(err, identity.ErrCustomerAdminOnly) {
			w.Errorf("took the account of an admin over: %v", err)
		}
		w.colleague(billing, "sara", policy.CustomerUser)
	})
}

// Rule J3: who is deleted is signed out, keeps the user name for 30 days and can
// be restored as he was; then he is gone and the name is free.
func TestADeletedUserCanBeRestoredFor30Days(t *testing.T) {
	each(t, func(w *world) {
		admin := w.customerAdmin("fjallbageri.example")
		blocked := true
		sara, olle := w.colleague(admin, "sara", policy.CustomerBillingAdmin), w.colleague(admin, "olle", policy.CustomerUser)
		must(identity.UpdateOwnUser.Do(w.Context(), w.k, admin, identity.UserChange{UserKey: key(olle), Blocked: &blocked}))(w)
		for _, n := range []identity.User{sara, olle} {
			must(identity.DeleteOwnUser.Do(w.Context(), w.k, admin, key(n)))(w)
		}
		if p := w.person(sara); p.Status != identity.UserDeleted {
			w.Errorf("a deleted person is %s", p.Status)
		}
		deleted := must(identity.ListOwnUsers.Do(w.Context(), w.k, admin, identity.UserList{Status: identity.UserDeleted}))(w)
		if names(deleted) != "olle sara" || deleted.Total != 1 {
			w.Errorf("deleted are %q, %d are left", names(deleted), deleted.Total)
		}
		for what, err := range w.attempts(admin, olle) {
			if slices.Contains([]string{"list", "read", "see sessions", "restore"}, what) {
				continue
			}
			if !errors.Is(err, identity.ErrUserUnknown) {
				w.Errorf("a deleted user: %s: %v", what, err)
			}
		}
		if n := must(identity.GetOwnUser.Do(w.Context(), w.k, admin, key(olle)))(w); n.Status != identity.UserBlocked {
			w.Errorf("who was blocked comes back %s", n.Status)
		}
		if _, err := identity.AddOwnUser.Do(w.Context(), w.k, admin, identity.NewUser{Name: "sara"}); !errors.Is(err, identity.ErrUserNameTaken) {
			w.Errorf("the name of a deleted user: %v", err)
		}

		w.pass(identity.RestorableFor - time.Hour)
		w.tidyUp()
		back := must(identity.RestoreOwnUser.Do(w.Context(), w.k, admin, key(sara)))(w)
		if back.Status != identity.UserActive || back.Roles != policy.CustomerBillingAdmin || !back.DeletedAt.IsZero() {
			w.Errorf("restored %+v", back)
		}
		if _, err := identity.RestoreOwnUser.Do(w.Context(), w.k, admin, key(sara)); !errors.Is(err, identity.ErrNotRestorable) {
			w.Errorf("restored twice: %v", err)
		}

		must(identity.DeleteOwnUser.Do(w.Context(), w.k, admin, key(sara)))(w)
		w.pass(identity.RestorableFor)
		if _, err := identity.RestoreOwnUser.Do(w.Context(), w.k, admin, key(sara)); !errors.Is(err, identity.ErrNotRestorable) {
			w.Errorf("restored after 30 days: %v", err)
		}
		w.tidyUp()
		if _, err := identity.GetOwnUser.Do(w.Context(), w.k, admin, key(sara)); !errors.Is(err, identity.ErrUserUnknown) {
			w.Errorf("after 30 days: %v", err)
		}
		w.colleague(admin, "sara", policy.CustomerUser)
		if page := must(identity.ListOwnUsers.Do(w.Context(), w.k, admin, identity.UserList{}))(w); page.Total != 3 {
			w.Errorf("%d users, want 3", page.Total)
		}
	})
}

// tidyUp runs the jobs that are due.
func (w *world) tidyUp() {
	w.Helper()
	must(job.NewWorkers(w.k, 1).RunDue(w.Context()))(w)
}

// names are the display names of a page.
func names(p identity.UserPage) string {
	all := make([]string, len(p.Users))
	for i, n := range p.Users {
		all[i] = n.DisplayName
	}
	return strings.Join(all, " ")
}

// Portal 0.3: the list of people is turned forward and back, begins at either
// end, and is narrowed by name, role and status.
func TestTheListOfPeopleIsTurnedBothWays(t *testing.T) {
	each(t, func(w *world) {
		admin := w.customerAdmin("fjallbageri.example")
		for i := range 6 {
			w.colleague(admin, fmt.Sprintf("p%d", i), policy.CustomerUser)
		}
		list := func(in identity.UserList) identity.UserPage {
			in.Size = 3
			return must(identity.ListOwnUsers.Do(w.Context(), w.k, admin, in))(w)
		}
		first := list(identity.UserList{})
		second := list(identity.UserList{After: first.Next})
		last := list(identity.UserList{After: second.Next})
		if names(first) != "Maja Lind p0 p1" || names(second) != "p2 p3 p4" || names(last) != "p5" || last.Next != "" || first.Previous != "" {
			w.Errorf("forward: %q %q %q", names(first), names(second), names(last))
		}
		if back := list(identity.UserList{Before: last.Previous}); names(back) != names(second) || back.Next == "" || back.Previous == "" {
			w.Errorf("back: %q", names(back))
		}
		if back := list(identity.UserList{Before: second.Previous}); names(back) != names(first) || back.Previous != "" {
			w.Errorf("back at the first page: %q, previous %q", names(back), back.Previous)
		}
		if end := list(identity.UserList{Last: true}); names(end) != "p3 p4 p5" || end.Next != "" || end.Previous == "" {
			w.Errorf("the last page: %q", names(end))
		}
		blocked := true
		must(identity.UpdateOwnUser.Do(w.Context(), w.k, admin, identity.UserChange{UserKey: identity.UserKey{User: first.Users[1].ID}, Blocked: &blocked}))(w)
		for want, in := range map[string]identity.UserList{
			"p4":              {Search: "P4"},
			"p5":              {Search: "p5@FJALLBAGERI"},
			"Maja Lind":       {Search: "lin", Role: policy.CustomerAdmin},
			"p0":              {Status: identity.UserBlocked},
			"Maja Lind p1 p2": {Status: identity.UserActive},
			"":                {Search: "x%"},
			"Maja Lind p0 p1": {Search: "%"},
		} {
			if got := list(in); names(got) != want {
				w.Errorf("%+v lists %q, want %q", in, names(got), want)
			}
		}
		if _, err := identity.ListOwnUsers.Do(w.Context(), w.k, admin, identity.UserList{Before: "nonsense"}); !errors.Is(err, refusal.Argument) {
			w.Errorf("a cursor that is none: %v", err)
		}
	})
}
