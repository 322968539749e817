package identity_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

func TestAUserIsAddedWithAPasswordShownOnce(t *testing.T) {
	each(t, func(w *world) {
		made := must(identity.AddUser.Do(w.Context(), w.k, w.ga, identity.NewUser{Name: "sara.ek", FirstName: "Sara", LastName: "Ek", Roles: policy.SalesAgent}))(w)
		n := made.User
		if n.Name != "sara.ek@nordmolnet.example" || n.DisplayName != "Sara Ek" || !n.MustChange || made.Password == "" {
			w.Errorf("added %+v", made)
		}
		if log := w.log(w.partner.Tenant); !slices.ContainsFunc(log, func(s string) bool {
			return strings.HasPrefix(s, "create_partner_user succeeded") && strings.Contains(s, string(n.ID))
		}) {
			w.Errorf("log %v", log)
		}
		for _, line := range w.log(w.partner.Tenant) {
			if strings.Contains(line, made.Password) {
				w.Error("the password stands in the log")
			}
		}
	})
}

func TestARepeatedRequestShowsTheFirstPasswordAgain(t *testing.T) {
	each(t, func(w *world) {
		a := w.ga
		a.IdempotencyKey = "0b2f6f5e-5a1c-4c8f-9f57-0a8f2f6b9a11"
		add := func(password string) (identity.CreatedUser, error) {
			in := identity.NewUser{Name: "sara", Roles: policy.SalesAgent}
			if password != "" {
				in.Password = must(identity.GivenPassword(w.Context(), password))(w)
			}
			return identity.AddUser.Do(w.Context(), w.k, a, in)
		}
		first, again := must(add(""))(w), must(add(""))(w)
		if first.Password == "" || first.Password != again.Password || first.User.ID != again.User.ID {
			w.Errorf("first %+v, again %+v", first, again)
		}
		if _, err := add("Another-Input-1"); !errors.Is(err, identity.ErrUserNameTaken) {
			w.Errorf("another input under the same request id: %v", err)
		}
		a.IdempotencyKey = "1b2f6f5e-5a1c-4c8f-9f57-0a8f2f6b9a12"
		in := identity.NewUser{Name: "olle", Password: must(identity.GivenPassword(w.Context(), "Given-by-me-1"))(w)}
		one := must(identity.AddUser.Do(w.Context(), w.k, a, in))(w)
		in.Password = must(identity.GivenPassword(w.Context(), "Given-by-me-1"))(w)
		if two := must(identity.AddUser.Do(w.Context(), w.k, a, in))(w); two.User.ID != one.User.ID {
			w.Error("the same given password was not recognised as the same input")
		}
	})
}

func TestAUserNameMustBeFreeAndOfTheOrganisation(t *testing.T) {
	each(t, func(w *world) {
		w.user("sara", policy.SalesAgent)
		w.customer("fjallbageri.example")
		long := strings.Repeat("å", 51)
		tests := []struct {
			name string
			in   identity.NewUser
			want error
		}{
			{"taken, in other letters", identity.NewUser{Name: "SARA@Nordmolnet.example"}, identity.ErrUserNameTaken},
			{"domain of somebody else", identity.NewUser{Name: "olle@fjallbageri.example"}, identity.ErrUserDomain},
			{"domain of nobody", identity.NewUser{Name: "olle@nowhere.example"}, identity.ErrUserDomain},
			{"no name at all", identity.NewUser{Name: "@nordmolnet.example"}, identity.ErrUserName},
			{"a blank inside", identity.NewUser{Name: "olle ek"}, identity.ErrUserName},
			{"J2 display name of 51 characters", identity.NewUser{Name: "olle", DisplayName: long}, identity.ErrDisplayName},
			{"J2 first name of 51 characters", identity.NewUser{Name: "olle", DisplayName: "Olle", FirstName: long}, identity.ErrPersonName},
			{"a role of customers", identity.NewUser{Name: "olle", Roles: policy.CustomerAdmin}, identity.ErrRoleFamily},
			{"another organisation", identity.NewUser{Name: "olle", Tenant: id.Tenant(id.New(today))}, identity.ErrTenantUnknown},
		}
		for _, tt := range tests {
			if _, err := identity.AddUser.Do(w.Context(), w.k, w.ga, tt.in); !errors.Is(err, tt.want) {
				w.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
			}
		}
	})
}

// Rule A13: the last Global admin stays; b48: a User management admin does not
// touch Global admins.
func TestTheLastAdministratorStays(t *testing.T) {
	each(t, func(w *world) {
		ga := identity.UserKey{User: w.ga.User}
		demote := identity.RoleChange{UserKey: ga, Roles: policy.SalesAgent}
		blocked := true
		if _, err := identity.SetRoles.Do(w.Context(), w.k, w.ga, demote); !errors.Is(err, identity.ErrLastAdmin) {
			w.Errorf("A13: demoted: %v", err)
		}
		if _, err := identity.UpdateUser.Do(w.Context(), w.k, w.ga, identity.UserChange{UserKey: ga, Blocked: &blocked}); !errors.Is(err, identity.ErrLastAdmin) {
			w.Errorf("A13: blocked: %v", err)
		}
		if _, err := identity.RemoveUser.Do(w.Context(), w.k, w.ga, ga); !errors.Is(err, identity.ErrLastAdmin) {
			w.Errorf("A13: removed: %v", err)
		}
		second, _ := w.user("second", policy.GlobalAdmin)
		if set := must(identity.SetRoles.Do(w.Context(), w.k, w.ga, demote))(w); set.Admins != 1 {
			w.Errorf("%d administrators are left, want the warning at one", set.Admins)
		}
		if set := must(identity.SetRoles.Do(w.Context(), w.k, w.actor(second), identity.RoleChange{UserKey: ga, Roles: policy.GlobalAdmin}))(w); set.Admins != 2 {
			w.Errorf("%d administrators, want 2", set.Admins)
		}
	})
}

func TestAUserAdminDoesNotTouchGlobalAdmins(t *testing.T) {
	each(t, func(w *world) {
		um, _ := w.user("um", policy.UserAdmin)
		sales, _ := w.user("sales", policy.SalesAgent)
		admin := w.actor(um)
		ga := identity.UserKey{User: w.ga.User}
		attempts := map[string]error{}
		_, attempts["reset the password (A13)"] = identity.ResetPassword.Do(w.Context(), w.k, admin, identity.PasswordReset{UserKey: ga})
		_, attempts["change the roles"] = identity.SetRoles.Do(w.Context(), w.k, admin, identity.RoleChange{UserKey: ga, Roles: 0})
		_, attempts["remove"] = identity.RemoveUser.Do(w.Context(), w.k, admin, ga)
		_, attempts["sign out"] = identity.SignOutUser.Do(w.Context(), w.k, admin, ga)
		_, attempts["reset the factors"] = identity.ResetFactors.Do(w.Context(), w.k, admin, ga)
		_, attempts["make one"] = identity.SetRoles.Do(w.Context(), w.k, admin, identity.RoleChange{UserKey: identity.UserKey{User: sales.ID}, Roles: policy.GlobalAdmin})
		_, attempts["add one"] = identity.AddUser.Do(w.Context(), w.k, admin, identity.NewUser{Name: "mine", Roles: policy.GlobalAdmin})
		for what, err := range attempts {
			if !errors.Is(err, identity.ErrAdminOnly) {
				w.Errorf("b48: could %s: %v", what, err)
			}
		}
		if _, err := identity.ResetPassword.Do(w.Context(), w.k, admin, identity.PasswordReset{UserKey: identity.UserKey{User: sales.ID}}); err != nil {
			w.Errorf("b48: a User management admin resets a sales agent's password: %v", err)
		}
		if _, err := identity.AddUser.Do(w.Context(), w.k, w.actor(sales), identity.NewUser{Name: "x"}); !errors.Is(err, refusal.RF10) {
			w.Errorf("RF-10: a sales agent added a user: %v", err)
		}
	})
}

func TestTwoDemotionsAtOnceLeaveAnAdministrator(t *testing.T) {
	each(t, func(w *world) {
		second, _ := w.user("second", policy.GlobalAdmin)
		errs := make(chan error, 2)
		for _, user := range []id.User{w.ga.User, second.ID} {
			go func() {
				_, err := identity.SetRoles.Do(w.Context(), w.k, w.ga, identity.RoleChange{UserKey: identity.UserKey{User: user}, Roles: policy.SalesAgent})
				errs <- err
			}()
		}
		one, two := <-errs, <-errs
		if (one == nil) == (two == nil) || !errors.Is(errors.Join(one, two), identity.ErrLastAdmin) {
			w.Errorf("A13: got %v and %v, want one refusal", one, two)
		}
	})
}

func TestUsersAreListedByNamePageByPage(t *testing.T) {
	each(t, func(w *world) {
		for i, name := range []string{"Östen", "Åke", "bo", "Cecilia"} {
			must(identity.AddUser.Do(w.Context(), w.k, w.ga, identity.NewUser{Name: fmt.Sprint("u", i), DisplayName: name, Roles: policy.SalesAgent}))(w)
		}
		var names []string
		in := identity.UserList{Size: 2}
		for {
			page := must(identity.ListUsers.Do(w.Context(), w.k, w.ga, in))(w)
			if page.Total != 5 {
				w.Errorf("total %d, want 5", page.Total)
			}
			for _, n := range page.Users {
				names = append(names, n.DisplayName)
			}
			if in.After = page.Next; in.After == "" {
				break
			}
		}
		if !slices.Equal(names, []string{"bo", "Cecilia", "Ida Berg", "Åke", "Östen"}) {
			w.Errorf("listed %q", names)
		}
		agents := must(identity.ListUsers.Do(w.Context(), w.k, w.ga, identity.UserList{Role: policy.AdminAgent}))(w)
		if len(agents.Users) != 1 || agents.Users[0].ID != w.ga.User {
			w.Errorf("with the role Admin agent: %+v", agents.Users)
		}
		if _, err := identity.ListUsers.Do(w.Context(), w.k, w.ga, identity.UserList{After: "nonsense"}); fault.KindOf(err) != fault.Invalid {
			w.Errorf("a made-up cursor: %v", err)
		}
	})
}

func TestARemovedRoleEndsAccessAtTheNextRequest(t *testing.T) {
	each(t, func(w *world) {
		sara, _ := w.user("sara", policy.UserAdmin)
		list := func(g *identity.Gate) error {
			p := must(g.Person(w.Context(), sara.Tenant, sara.ID))(w)
			_, err := identity.ListUsers.Do(w.Context(), w.k, p.Actor("", true), identity.UserList{})
			return err
		}
		otherNode := kernel(w.k.DB)
		otherNode.Wall = w.k.Wall
		elsewhere := identity.NewGate(otherNode)
		if err := errors.Join(list(w.gate), list(elsewhere)); err != nil {
			w.Fatal(err)
		}
		must(identity.SetRoles.Do(w.Context(), w.k, w.ga, identity.RoleChange{UserKey: identity.UserKey{User: sara.ID}, Roles: 0}))(w)
		if err := list(w.gate); !errors.Is(err, refusal.RF10) {
			w.Errorf("on the same node at the next request: %v", err)
		}
		w.pass(5 * time.Second)
		if err := list(elsewhere); !errors.Is(err, refusal.RF10) {
			w.Errorf("on another node after five seconds: %v", err)
		}
	})
}

func TestABlockedPartnerTypeHoldsAtTheNextRequest(t *testing.T) {
	each(t, func(w *world) {
		types := policy.IndirectReseller
		must(identity.UpdatePartner.Do(w.Context(), w.k, cli(), identity.PartnerChange{Tenant: w.partner.Tenant, Types: &types}))(w)
		a := must(w.gate.Person(w.Context(), w.ga.Tenant, w.ga.User))(w).Actor("", true)
		if a.Org != policy.IndirectReseller {
			w.Errorf("the actor's type is %v", a.Org)
		}
	})
}

func TestWhatIsNoTextIsNotKept(t *testing.T) {
	each(t, func(w *world) {
		made := must(identity.AddUser.Do(w.Context(), w.k, w.ga, identity.NewUser{
			Name: "sara\x00", DisplayName: " Sara\x00 Ek\n", FirstName: "Sa\xffra", Email: "sara@x.example\x00", Phone: strings.Repeat("\x00", 9),
		}))(w)
		if n := made.User; n.Name != "sara@nordmolnet.example" || n.DisplayName != "Sara Ek" || n.FirstName != "Sara" || n.Email != "sara@x.example" || n.Phone != "" {
			w.Errorf("kept %+v", n)
		}
		for _, name := range []string{"sara\x00@nordmolnet.example", "\xff", strings.Repeat("x", 100_000), ""} {
			err := w.try(name, "wrong", "192.0.2.1", "\x00")
			if fault.KindOf(err) != fault.Unauthenticated {
				w.Errorf("signing in as %.20q: %v", name, err)
			}
		}
		p := w.person(made.User)
		must(w.gate.OpenSession(w.Context(), op.Actor{}, p, []string{identity.ByPassword}, "Mozilla \xff\x00", ""))(w)
		if _, err := identity.AddGroup.Do(w.Context(), w.k, w.ga, identity.NewGroup{Name: "\x00"}); !errors.Is(err, identity.ErrGroupName) {
			w.Errorf("a group without a name: %v", err)
		}
		text := "\x00 late \n"
		must(identity.UpdateOwnProfile.Do(w.Context(), w.k, w.ga, identity.OwnProfile{Email: &text}))(w)
	})
}

func TestMyAccessNamesWhoCanGiveMore(t *testing.T) {
	each(t, func(w *world) {
		sara, _ := w.user("sara", policy.AdminAgent)
		access := must(identity.MyAccess.Do(w.Context(), w.k, w.actor(sara), struct{}{}))(w)
		if len(access.Admins) != 1 || access.Admins[0].ID != w.ga.User || access.Tenant.Name != "Nordmolnet AB" {
			w.Errorf("P-22: %+v", access)
		}
		if len(access.Groups) != 1 || access.Groups[0].Name != "Admin agents" {
			w.Errorf("P-22: groups %+v", access.Groups)
		}
	})
}

func TestPeopleChangeTheirOwnLanguage(t *testing.T) {
	each(t, func(w *world) {
		sv, klingon := "sv", "tlh"
		must(identity.UpdateOwnProfile.Do(w.Context(), w.k, w.ga, identity.OwnProfile{Language: &sv}))(w)
		if a := must(w.gate.Person(w.Context(), w.ga.Tenant, w.ga.User))(w).Actor("", true); a.Locale != "sv" {
			w.Errorf("the actor speaks %q", a.Locale)
		}
		if _, err := identity.UpdateOwnProfile.Do(w.Context(), w.k, w.ga, identity.OwnProfile{Language: &klingon}); !errors.Is(err, identity.ErrLanguage) {
			w.Errorf("got %v", err)
		}
		if _, err := identity.UpdateOwnProfile.Do(w.Context(), w.k, op.Actor{}, identity.OwnProfile{Language: &sv}); !errors.Is(err, refusal.Unauthenticated) {
			w.Errorf("nobody changed a profile: %v", err)
		}
	})
}
