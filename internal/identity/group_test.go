package identity_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

func (w *world) group(name string) identity.Group {
	w.Helper()
	return must(identity.AddGroup.Do(w.Context(), w.k, w.ga, identity.NewGroup{Name: name}))(w)
}

// groupsOf returns the names of the groups that a user is in.
func (w *world) groupsOf(n identity.User) []string {
	w.Helper()
	var in []id.Group
	err := w.k.DB.Read(w.Context(), func(ctx context.Context, t *db.Tx) (err error) {
		in, err = identity.GroupsOfUser(ctx, t, n.Tenant, n.ID, n.Roles)
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	var names []string
	for _, g := range must(identity.ListGroups.Do(w.Context(), w.k, w.ga, struct{}{}))(w) {
		if slices.Contains(in, g.ID) {
			names = append(names, g.Name)
		}
	}
	return names
}

func TestGroupsHoldPeopleAndGroups(t *testing.T) {
	each(t, func(w *world) {
		sara, _ := w.user("sara", policy.HelpdeskAgent)
		nordic, sweden, lund := w.group("Nordic"), w.group("Sweden"), w.group("Lund")
		add := func(m identity.Membership) error {
			_, err := identity.AddMember.Do(w.Context(), w.k, w.ga, m)
			return err
		}
		if err := errors.Join(
			add(identity.Membership{Group: nordic.ID, NestedGroup: sweden.ID}),
			add(identity.Membership{Group: sweden.ID, NestedGroup: lund.ID}),
			add(identity.Membership{Group: lund.ID, User: sara.ID}),
		); err != nil {
			w.Fatal(err)
		}
		if got := w.groupsOf(sara); !slices.Equal(got, []string{"Helpdesk agents", "Lund", "Nordic", "Sweden"}) {
			w.Errorf("she is in %q", got)
		}
		for name, tt := range map[string]struct {
			m    identity.Membership
			want error
		}{
			"twice":              {identity.Membership{Group: lund.ID, User: sara.ID}, identity.ErrMemberAlready},
			"in itself":          {identity.Membership{Group: lund.ID, NestedGroup: lund.ID}, identity.ErrGroupCycle},
			"a circle":           {identity.Membership{Group: lund.ID, NestedGroup: nordic.ID}, identity.ErrGroupCycle},
			"nobody":             {identity.Membership{Group: lund.ID, User: id.User(id.New(today))}, identity.ErrUserUnknown},
			"no group":           {identity.Membership{Group: id.Group(id.New(today)), User: sara.ID}, identity.ErrGroupUnknown},
			"a group by role":    {identity.Membership{Group: w.byName("Admin agents").ID, User: sara.ID}, identity.ErrGroupByRole},
			"nested in nowhere":  {identity.Membership{Group: lund.ID, NestedGroup: id.Group(id.New(today))}, identity.ErrGroupUnknown},
			"a customer's admin": {identity.Membership{Group: lund.ID, User: w.customer("fjallbageri.example").Admin}, identity.ErrUserUnknown},
		} {
			if err := add(tt.m); !errors.Is(err, tt.want) {
				w.Errorf("%s: got %v, want %v", name, err, tt.want)
			}
		}
		members := must(identity.ListMembers.Do(w.Context(), w.k, w.actor(sara), nordic.ID))(w)
		if len(members) != 1 || members[0].Group != sweden.ID || members[0].Name != "Sweden" {
			w.Errorf("members of Nordic: %+v", members)
		}
		must(identity.RemoveMember.Do(w.Context(), w.k, w.ga, identity.Membership{Group: sweden.ID, NestedGroup: lund.ID}))(w)
		if got := w.groupsOf(sara); !slices.Equal(got, []string{"Helpdesk agents", "Lund"}) {
			w.Errorf("after Lund left Sweden she is in %q", got)
		}
		if _, err := identity.RemoveMember.Do(w.Context(), w.k, w.ga, identity.Membership{Group: sweden.ID, User: sara.ID}); !errors.Is(err, identity.ErrMemberUnknown) {
			w.Errorf("removing somebody who is not in it: %v", err)
		}
		must(identity.RemoveGroup.Do(w.Context(), w.k, w.ga, lund.ID))(w)
		if got := w.groupsOf(sara); !slices.Equal(got, []string{"Helpdesk agents"}) {
			w.Errorf("after Lund was removed she is in %q", got)
		}
	})
}

func (w *world) byName(name string) identity.Group {
	w.Helper()
	for _, g := range must(identity.ListGroups.Do(w.Context(), w.k, w.ga, struct{}{}))(w) {
		if g.Name == name {
			return g
		}
	}
	w.Fatalf("no group %q", name)
	return identity.Group{}
}

func TestTheGroupsOfAgentsFollowTheRoles(t *testing.T) {
	each(t, func(w *world) {
		agents := w.byName("Admin agents")
		sara, _ := w.user("sara", policy.AdminAgent)
		members := must(identity.ListMembers.Do(w.Context(), w.k, w.ga, agents.ID))(w)
		if len(members) != 2 || !slices.ContainsFunc(members, func(m identity.Member) bool { return m.User == sara.ID }) {
			w.Errorf("members %+v", members)
		}
		must(identity.SetRoles.Do(w.Context(), w.k, w.ga, identity.RoleChange{UserKey: identity.UserKey{User: sara.ID}, Roles: policy.SalesAgent}))(w)
		if members := must(identity.ListMembers.Do(w.Context(), w.k, w.ga, agents.ID))(w); len(members) != 1 {
			w.Errorf("after she lost the role: %+v", members)
		}
		if _, err := identity.RemoveGroup.Do(w.Context(), w.k, w.ga, agents.ID); !errors.Is(err, identity.ErrGroupByRole) {
			w.Errorf("the group was removed: %v", err)
		}
	})
}

func TestGroupNamesAreUniqueAndChangedByAdministrators(t *testing.T) {
	each(t, func(w *world) {
		lund := w.group("Lund")
		agent, _ := w.user("agent", policy.AdminAgent)
		for name, tt := range map[string]struct {
			as   identity.User
			name string
			want error
		}{
			"taken, in other letters": {identity.User{Tenant: w.ga.Tenant, ID: w.ga.User}, "LUND", identity.ErrGroupNameTaken},
			"no name":                 {identity.User{Tenant: w.ga.Tenant, ID: w.ga.User}, " ", identity.ErrGroupName},
			"an admin agent":          {agent, "Malmö", refusal.RF10},
		} {
			if _, err := identity.AddGroup.Do(w.Context(), w.k, w.actor(tt.as), identity.NewGroup{Name: tt.name}); !errors.Is(err, tt.want) {
				w.Errorf("%s: got %v, want %v", name, err, tt.want)
			}
		}
		g := must(identity.UpdateGroup.Do(w.Context(), w.k, w.ga, identity.GroupChange{ID: lund.ID, Name: "Skåne", Description: "south"}))(w)
		if g.Name != "Skåne" || w.byName("Skåne").Description != "south" {
			w.Errorf("renamed to %+v", g)
		}
	})
}
