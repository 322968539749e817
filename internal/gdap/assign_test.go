package gdap_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"comptoir/internal/clock"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/fault"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

// anything runs a function in a unit of work of its actor.
var anything = op.Define(op.Spec{Name: "test.anything", Action: "profile.update", Write: true},
	func(ctx context.Context, u *op.Unit, f func(ctx context.Context, u *op.Unit) error) (struct{}, error) {
		return struct{}{}, f(ctx, u)
	})

// held returns the names of the roles that a holds at the bakery.
func (w *world) held(a op.Actor) (names []string) {
	w.t.Helper()
	do(w, anything, a, func(ctx context.Context, u *op.Unit) error {
		set, err := gdap.Held(ctx, u, w.bakery)
		names = set.Names()
		return err
	})
	return names
}

// boss is a global admin of p, who looks after its groups.
func boss(p identity.Partner) op.Actor {
	a := agent(p)
	a.Roles = policy.GlobalAdmin
	return a
}

// technician adds a person to p who is in no group.
func (w *world) technician(p identity.Partner) op.Actor {
	w.t.Helper()
	made := do(w, identity.AddUser, boss(p), identity.NewUser{Name: "tove@" + p.Domain, DisplayName: "Tove Alm", Roles: policy.HelpdeskAgent})
	a := agent(p)
	a.User, a.UserName, a.Roles = made.User.ID, made.User.Name, policy.HelpdeskAgent
	return a
}

func TestRolesAreHeldByTheMembersOfAssignedGroups(t *testing.T) { // F8, F9
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ada, tove := agent(w.direct), w.technician(w.direct)
		outer := do(w, identity.AddGroup, boss(w.direct), identity.NewGroup{Name: "Alla"})
		inner := do(w, identity.AddGroup, boss(w.direct), identity.NewGroup{Name: "Tekniker"})
		nested := identity.Membership{Group: outer.ID, NestedGroup: inner.ID}
		member := identity.Membership{Group: inner.ID, User: tove.User}
		do(w, identity.AddMember, boss(w.direct), nested)
		do(w, identity.AddMember, boss(w.direct), member)
		r := w.approved(w.wish())
		made := do(w, gdap.Assign, ada, gdap.Assignment{Relationship: r.ID, Group: outer.ID, Roles: gdap.Set{gdap.GlobalReader}})
		if made.Status != gdap.AssignmentPending || len(w.held(tove)) != 0 {
			t.Errorf("held while %s: %v", made.Status, w.held(tove))
		}
		w.runDue()
		if got := w.held(tove); !slices.Equal(got, []string{"Global Reader"}) {
			t.Errorf("through a group in the group: %v", got)
		}
		if got := w.held(ada); len(got) != 0 {
			t.Errorf("an admin agent without an assignment holds %v", got)
		}
		do(w, identity.RemoveMember, boss(w.direct), member)
		if got := w.held(tove); len(got) != 0 {
			t.Errorf("whoever left the group holds %v", got)
		}
		do(w, identity.AddMember, boss(w.direct), member)
		if got := w.held(tove); len(got) != 1 {
			t.Errorf("back in the group: %v", got)
		}
		if got := refused(w, identity.AddMember, boss(w.direct), identity.Membership{Group: inner.ID, User: id.User(w.reseller.Tenant)}); got == "" {
			t.Error("F9: somebody of another organization is a member")
		}
		do(w, gdap.OwnEnd, admin(w.bakery), gdap.Decision{Relationship: r.ID})
		if got := w.held(tove); len(got) != 0 {
			t.Errorf("after the end: %v", got)
		}
	})
}

func TestAnAssignmentIsChangedAndEnds(t *testing.T) { // F8, 21.4
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ada, tove := agent(w.direct), w.technician(w.direct)
		group := do(w, identity.AddGroup, boss(w.direct), identity.NewGroup{Name: "Tekniker"})
		do(w, identity.AddMember, boss(w.direct), identity.Membership{Group: group.ID, User: tove.User})
		waiting, r := w.asked(w.wish()), w.approved(w.wish())
		want := gdap.Assignment{Relationship: r.ID, Group: group.ID, Roles: gdap.Set{gdap.GlobalReader}}
		for what, tt := range map[string]struct {
			change func(a *gdap.Assignment)
			want   string
		}{
			"before the approval": {func(a *gdap.Assignment) { a.Relationship = waiting.ID }, "2000 gdap.not_active"},
			"another role":        {func(a *gdap.Assignment) { a.Roles = gdap.Set{gdap.DirectoryWriters} }, "2000 gdap.roles_outside"},
			"no role":             {func(a *gdap.Assignment) { a.Roles = nil }, "2000 gdap.roles_outside"},
			"no group":            {func(a *gdap.Assignment) { a.Group = "0b5e2f6e-0001-7000-8000-00000000000f" }, "2000 gdap.no_container"},
			"no relationship":     {func(a *gdap.Assignment) { a.Relationship = "x" }, "1000 refusal.not_found"},
		} {
			in := want
			tt.change(&in)
			if got := refused(w, gdap.Assign, ada, in); got != tt.want {
				t.Errorf("%s: %q, want %q", what, got, tt.want)
			}
		}
		twice := want
		twice.Roles = gdap.Set{gdap.GlobalReader, gdap.GlobalReader}
		made := do(w, gdap.Assign, ada, twice)
		if got := do(w, gdap.ListAssignments, ada, r.ID); len(got) != 1 || !slices.Equal(got[0].Roles, want.Roles) || !slices.Equal(made.Roles, want.Roles) {
			t.Errorf("one role twice: %+v, kept as %+v", made, got)
		}
		if got := refused(w, gdap.Assign, ada, want); got != "1003 gdap.assigned" {
			t.Errorf("one group twice: %q", got)
		}
		w.runDue()
		ref := gdap.AssignmentRef{Relationship: r.ID, Assignment: made.ID}
		if o := do(w, gdap.Reassign, ada, gdap.Reassignment{AssignmentRef: ref, Roles: want.Roles}); o.ID != "" {
			t.Errorf("nothing changed, and yet %+v", o)
		}
		stale := ref
		stale.Version = 1
		if got := refused(w, gdap.Reassign, ada, gdap.Reassignment{AssignmentRef: stale, Roles: gdap.Set{gdap.UserAdministrator}}); got != "2055 refusal.rf18" {
			t.Errorf("RF-18: %q", got)
		}
		if got := refused(w, gdap.Unassign, agent(w.reseller), ref); got != "1000 refusal.not_found" {
			t.Errorf("another partner: %q", got)
		}
		seen := ref
		seen.Version = 2
		o := do(w, gdap.Reassign, ada, gdap.Reassignment{AssignmentRef: seen, Roles: gdap.Set{gdap.UserAdministrator, gdap.UserAdministrator}})
		if got := refused(w, gdap.Reassign, ada, gdap.Reassignment{AssignmentRef: seen, Roles: want.Roles}); got != "2055 refusal.rf18" {
			t.Errorf("a second change of what the first has seen: %q", got)
		}
		for what, roles := range map[string]gdap.Set{"another change": {gdap.GlobalReader, gdap.UserAdministrator}, "back to what it was": want.Roles} {
			if got := refused(w, gdap.Reassign, ada, gdap.Reassignment{AssignmentRef: ref, Roles: roles}); got != "2000 gdap.pending" {
				t.Errorf("%s while one is under way: %q", what, got)
			}
		}
		if o.Status != gdap.OperationNotStarted || o.Type != gdap.RolesUpdate {
			t.Errorf("%+v", o)
		}
		w.runDue()
		if got := w.held(tove); !slices.Equal(got, []string{"User Administrator"}) {
			t.Errorf("after the operation: %v", got)
		}
		w.k.Clock = clock.Fixed(opening.Add(time.Second)) // operations are listed by their time
		late := do(w, gdap.Reassign, ada, gdap.Reassignment{AssignmentRef: ref, Roles: want.Roles})
		do(w, gdap.Unassign, ada, ref)
		w.runDue()
		all := do(w, gdap.ListOperations, ada, r.ID)
		if len(all) != 2 || all[0].Status != gdap.OperationSucceeded || all[1].ID != late.ID || all[1].Status != gdap.OperationFailed {
			t.Errorf("operations %+v", all)
		}
		if got := w.held(tove); len(got) != 0 {
			t.Errorf("after the assignment: %v", got)
		}
		for _, done := range []string{"created", "activated", "updated", "deleted"} {
			if got := w.lines(logOf, w.direct.Tenant); !slices.Contains(got, "granular_admin_access_assignment_"+done) {
				t.Errorf("log %v, without %s", got, done)
			}
			if got := w.lines(eventsOf, w.direct.Tenant); !slices.Contains(got, "granular-admin-access-assignment-"+done) {
				t.Errorf("events %v, without %s", got, done)
			}
		}
	})
}

// A group that is removed has no roles any more: the log says so, and a relationship
// that nobody else has roles of counts as one without groups (F8).
func TestARemovedGroupLosesItsRoles(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		identity.OnRemoveGroup(gdap.UnassignGroup)
		t.Cleanup(func() { identity.OnRemoveGroup() })
		gone := do(w, identity.AddGroup, boss(w.direct), identity.NewGroup{Name: "Tekniker"})
		stays := do(w, identity.AddGroup, boss(w.direct), identity.NewGroup{Name: "Kväll"})
		alone, shared := w.approved(w.wish()), w.approved(w.wish())
		for r, groups := range map[string][]id.Group{alone.ID: {gone.ID}, shared.ID: {gone.ID, stays.ID}} {
			do(w, gdap.AssignGroups, agent(w.direct), gdap.Assignments{Relationship: r, Groups: groups, Roles: gdap.Set{gdap.GlobalReader}})
		}
		w.runDue()
		do(w, identity.RemoveGroup, boss(w.direct), gone.ID)
		if got := do(w, gdap.CountGroups, agent(w.direct), w.bakery); got[alone.ID] != 0 || got[shared.ID] != 1 {
			t.Errorf("groups that have roles: %v", got)
		}
		if got := do(w, gdap.ListAssignments, agent(w.direct), shared.ID); len(got) != 1 || got[0].Group != stays.ID {
			t.Errorf("left: %+v", got)
		}
		for what, got := range map[string][]string{"granular_admin_access_assignment_deleted": w.lines(logOf, w.direct.Tenant), "granular-admin-access-assignment-deleted": w.lines(eventsOf, w.direct.Tenant)} {
			if n := len(slices.DeleteFunc(got, func(line string) bool { return line != what })); n != 2 {
				t.Errorf("%s is said %d times", what, n)
			}
		}
	})
}

// Who may not see people asks for himself alone why he reaches a customer (b48).
func TestWhyAColleagueReachesACustomerIsForThoseWhoSeePeople(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	tove, ada := w.technician(w.direct), agent(w.direct)
	ada.User = do(w, identity.AddUser, boss(w.direct), identity.NewUser{Name: "ada@" + w.direct.Domain, DisplayName: "Ada", Roles: policy.AdminAgent}).User.ID
	keeper := ada
	keeper.Roles = policy.UserAdmin
	about := func(user id.User) gdap.Question {
		return gdap.Question{Customer: w.bakery, User: user, Purpose: "details"}
	}
	for what, tt := range map[string]struct {
		by      op.Actor
		user    id.User
		refused bool
	}{
		"a helpdesk agent of himself":     {tove, tove.User, false},
		"a helpdesk agent of a colleague": {tove, ada.User, true},
		"an admin agent of a colleague":   {ada, tove.User, true},
		"an admin agent of nobody":        {ada, "0b5e2f6e-0001-7000-8000-00000000000f", true},
		"a user admin of a colleague":     {keeper, tove.User, false},
	} {
		_, err := gdap.Explain.Do(t.Context(), w.k, tt.by, about(tt.user))
		if err != nil && fault.KindOf(err) != fault.Forbidden || (err != nil) != tt.refused {
			t.Errorf("%s: %v", what, err)
		}
	}
}
