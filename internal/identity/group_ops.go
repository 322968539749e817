package identity

import (
	"context"
	"unicode/utf8"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

const groupColumns = `tenant_id, id, name, description, role, created_at`

var (
	insertGroup = db.SQL(`INSERT INTO security_groups (tenant_id, id, name, name_key, description, role, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	updateGroup = db.SQL(`UPDATE security_groups SET name = $3, name_key = $4, description = $5 WHERE tenant_id = $1 AND id = $2`)
	deleteGroup = db.SQL(`DELETE FROM security_groups WHERE tenant_id = $1 AND id = $2`)
	groupByID   = db.SQL(`SELECT ` + groupColumns + ` FROM security_groups WHERE tenant_id = $1 AND id = $2`)
	groupsOf    = db.SQL(`SELECT ` + groupColumns + ` FROM security_groups WHERE tenant_id = $1 ORDER BY name_key`)

	insertMember = db.SQL(`INSERT INTO group_members (tenant_id, group_id, member_id, nested, added_at) VALUES ($1, $2, $3, $4, $5)`)
	deleteMember = db.SQL(`DELETE FROM group_members WHERE tenant_id = $1 AND group_id = $2 AND member_id = $3`)
	emptyGroup   = db.SQL(`DELETE FROM group_members WHERE tenant_id = $1 AND group_id = $2`)
	// deleteMemberships takes a user or a group out of all groups.
	deleteMemberships = db.SQL(`DELETE FROM group_members WHERE tenant_id = $1 AND member_id = $2`)
	memberOf          = db.SQL(`SELECT group_id FROM group_members WHERE tenant_id = $1 AND member_id = $2`)
	personsIn         = db.SQL(`SELECT m.member_id, u.display_name, m.added_at FROM group_members m
		JOIN users u ON u.tenant_id = m.tenant_id AND u.id = m.member_id
		WHERE m.tenant_id = $1 AND m.group_id = $2 AND m.nested = FALSE ORDER BY m.member_id`)
	groupsIn = db.SQL(`SELECT m.member_id, g.name, m.added_at FROM group_members m
		JOIN security_groups g ON g.tenant_id = m.tenant_id AND g.id = m.member_id
		WHERE m.tenant_id = $1 AND m.group_id = $2 AND m.nested = TRUE ORDER BY m.member_id`)
	roleHolders = db.SQL(`SELECT id, display_name, created_at FROM users
		WHERE tenant_id = $1 AND status = 'active' AND roles & $2 <> 0 ORDER BY display_key, id`)
)

func scanGroup(row db.Row) (Group, error) {
	var g Group
	var role, created int64
	err := row.Scan(&g.Tenant, &g.ID, &g.Name, &g.Description, &role, &created)
	g.Role, g.CreatedAt = policy.Role(role), db.Time(created)
	return g, err
}

// GroupByID returns a group of an organisation, or ErrGroupUnknown.
func GroupByID(ctx context.Context, t *db.Tx, tenant id.Tenant, group id.Group) (Group, error) {
	rows, err := t.Query(ctx, groupByID, tenant, group)
	if err != nil {
		return Group{}, err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return Group{}, err
		}
		return Group{}, ErrGroupUnknown
	}
	return scanGroup(rows)
}

// Groups returns all groups of an organisation by name.
func Groups(ctx context.Context, t *db.Tx, tenant id.Tenant) ([]Group, error) {
	return db.All(ctx, t, groupsOf, []any{tenant}, scanGroup)
}

// GroupsOfUser returns every group that a person with the given roles is in:
// by a role, directly, or through groups within groups.
func GroupsOfUser(ctx context.Context, t *db.Tx, tenant id.Tenant, user id.User, roles policy.Role) ([]id.Group, error) {
	groups, err := Groups(ctx, t, tenant)
	if err != nil {
		return nil, err
	}
	seen := make(map[id.Group]bool)
	for _, g := range groups {
		if g.Role&roles != 0 {
			seen[g.ID] = true
			if err := climb(ctx, t, tenant, string(g.ID), seen); err != nil {
				return nil, err
			}
		}
	}
	if err := climb(ctx, t, tenant, string(user), seen); err != nil {
		return nil, err
	}
	var in []id.Group
	for _, g := range groups {
		if seen[g.ID] {
			in = append(in, g.ID)
		}
	}
	return in, nil
}

// climb adds to seen every group that contains member, at any depth.
func climb(ctx context.Context, t *db.Tx, tenant id.Tenant, member string, seen map[id.Group]bool) error {
	parents, err := parentsOf(ctx, t, tenant, member)
	if err != nil {
		return err
	}
	for _, g := range parents {
		if seen[g] {
			continue
		}
		seen[g] = true
		if err := climb(ctx, t, tenant, string(g), seen); err != nil {
			return err
		}
	}
	return nil
}

func parentsOf(ctx context.Context, t *db.Tx, tenant id.Tenant, member string) ([]id.Group, error) {
	return db.All(ctx, t, memberOf, []any{tenant, member}, func(row db.Row) (id.Group, error) {
		var g id.Group
		err := row.Scan(&g)
		return g, err
	})
}

// NewGroup is the input of AddGroup.
type NewGroup struct{ Name, Description string }

// AddGroup adds a security group to the actor's organisation.
var AddGroup = op.Define(op.Spec{Name: "partner.group.add", Action: "partner.group.update", Write: true},
	func(ctx context.Context, u *op.Unit, in NewGroup) (Group, error) {
		g, err := createGroup(ctx, u, Group{Tenant: u.Actor.Tenant, Name: in.Name, Description: in.Description})
		if err != nil {
			return Group{}, err
		}
		return g, recordGroup(ctx, u, "create_security_group", nil, g)
	})

func createGroup(ctx context.Context, u *op.Unit, g Group) (Group, error) {
	g.Name, g.Description = tidy(g.Name), cut(g.Description, groupTextMax)
	if err := checkGroupName(g.Name); err != nil {
		return Group{}, err
	}
	g.ID, g.CreatedAt = id.Group(u.NewID()), u.Now
	_, err := u.Exec(ctx, insertGroup, g.Tenant, g.ID, g.Name, foldKey(g.Name), g.Description, int64(g.Role), db.Micros(u.Now))
	return g, groupTaken(err, g)
}

func checkGroupName(name string) *fault.Error {
	if n := utf8.RuneCountInString(name); n == 0 || n > groupNameMax {
		return ErrGroupName.On("displayName").With("Max", groupNameMax)
	}
	return nil
}

func groupTaken(err error, g Group) error {
	if db.IsUnique(err) {
		return ErrGroupNameTaken.On("displayName").With("Name", g.Name).Because(err)
	}
	return err
}

func recordGroup(ctx context.Context, u *op.Unit, operation string, old any, g Group) error {
	return u.Record(ctx, op.Record{
		Operation: operation, Resource: "security_group", Old: old, New: g,
		Data: map[string]string{"GroupId": string(g.ID), "GroupName": g.Name},
	})
}

// GroupChange is the input of UpdateGroup.
type GroupChange struct {
	ID                id.Group
	Name, Description string
}

// UpdateGroup renames a group of the actor's organisation or describes it anew.
var UpdateGroup = op.Define(op.Spec{Name: "partner.group.update", Action: "partner.group.update", Write: true},
	func(ctx context.Context, u *op.Unit, in GroupChange) (Group, error) {
		old, err := GroupByID(ctx, u.Tx, u.Actor.Tenant, in.ID)
		if err != nil {
			return Group{}, err
		}
		g := old
		g.Name, g.Description = tidy(in.Name), cut(in.Description, groupTextMax)
		if err := checkGroupName(g.Name); err != nil {
			return Group{}, err
		}
		if _, err := u.Exec(ctx, updateGroup, g.Tenant, g.ID, g.Name, foldKey(g.Name), g.Description); err != nil {
			return Group{}, groupTaken(err, g)
		}
		return g, recordGroup(ctx, u, "update_security_group", old, g)
	})

// groupRemovals is what other features do when a group is removed.
var groupRemovals []groupRemoval

type groupRemoval = func(ctx context.Context, u *op.Unit, g Group) error

// OnRemoveGroup has all called in the transaction that removes a security group, for
// what other features have given to it. It is for the start of the program; a second
// call takes the place of the first.
func OnRemoveGroup(all ...groupRemoval) { groupRemovals = all }

// RemoveGroup removes a group of the actor's organisation, and with it what was given
// to the group. Groups that follow from a role stay.
var RemoveGroup = op.Define(op.Spec{Name: "partner.group.remove", Action: "partner.group.update", Write: true},
	func(ctx context.Context, u *op.Unit, in id.Group) (struct{}, error) {
		g, err := writableGroup(ctx, u, in)
		if err != nil {
			return struct{}{}, err
		}
		for _, end := range groupRemovals {
			if err := end(ctx, u, g); err != nil {
				return struct{}{}, err
			}
		}
		for _, s := range []*db.Stmt{deleteGroup, emptyGroup, deleteMemberships} {
			if _, err := u.Exec(ctx, s, g.Tenant, g.ID); err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, recordGroup(ctx, u, "delete_security_group", g, g)
	})

// writableGroup returns a group of the actor's organisation whose members are
// set by hand.
func writableGroup(ctx context.Context, u *op.Unit, group id.Group) (Group, error) {
	g, err := GroupByID(ctx, u.Tx, u.Actor.Tenant, group)
	if err != nil {
		return Group{}, err
	}
	if g.Role != 0 {
		return Group{}, ErrGroupByRole
	}
	return g, nil
}

// Membership names a group and a member of it: a user, or another group.
type Membership struct {
	Group       id.Group
	User        id.User
	NestedGroup id.Group
}

func (m Membership) member() string { return string(m.User) + string(m.NestedGroup) }

// AddMember puts a user or a group of the same organisation into a group. It
// refuses a group that would then contain itself.
var AddMember = op.Define(op.Spec{Name: "partner.group.member.add", Action: "partner.group.update", Write: true},
	func(ctx context.Context, u *op.Unit, in Membership) (struct{}, error) {
		g, err := writableGroup(ctx, u, in.Group)
		if err != nil {
			return struct{}{}, err
		}
		if err := in.check(ctx, u); err != nil {
			return struct{}{}, err
		}
		_, err = u.Exec(ctx, insertMember, g.Tenant, g.ID, in.member(), in.NestedGroup != "", db.Micros(u.Now))
		if db.IsUnique(err) {
			return struct{}{}, ErrMemberAlready.Because(err)
		}
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, recordMember(ctx, u, "add_group_member", g, in)
	})

// check refuses a member that does not exist or would close a circle.
func (m Membership) check(ctx context.Context, u *op.Unit) error {
	if m.NestedGroup == "" {
		n, err := UserByID(ctx, u.Tx, u.Actor.Tenant, m.User)
		if err == nil && n.Status == UserDeleted {
			return ErrUserUnknown
		}
		return err
	}
	if _, err := GroupByID(ctx, u.Tx, u.Actor.Tenant, m.NestedGroup); err != nil {
		return err
	}
	above := map[id.Group]bool{m.Group: true}
	if err := climb(ctx, u.Tx, u.Actor.Tenant, string(m.Group), above); err != nil {
		return err
	}
	if above[m.NestedGroup] {
		return ErrGroupCycle
	}
	return nil
}

// RemoveMember takes a user or a group out of a group.
var RemoveMember = op.Define(op.Spec{Name: "partner.group.member.remove", Action: "partner.group.update", Write: true},
	func(ctx context.Context, u *op.Unit, in Membership) (struct{}, error) {
		g, err := writableGroup(ctx, u, in.Group)
		if err != nil {
			return struct{}{}, err
		}
		n, err := u.Exec(ctx, deleteMember, g.Tenant, g.ID, in.member())
		if err != nil {
			return struct{}{}, err
		}
		if n == 0 {
			return struct{}{}, ErrMemberUnknown
		}
		return struct{}{}, recordMember(ctx, u, "remove_group_member", g, in)
	})

func recordMember(ctx context.Context, u *op.Unit, operation string, g Group, m Membership) error {
	return u.Record(ctx, op.Record{
		Operation: operation, Resource: "security_group",
		Data: map[string]string{"GroupId": string(g.ID), "GroupName": g.Name, "MemberId": m.member()},
	})
}

// ListGroups lists the groups of the actor's organisation by name.
var ListGroups = op.Define(op.Spec{Name: "partner.group.list", Action: "partner.group.view"},
	func(ctx context.Context, u *op.Unit, _ struct{}) ([]Group, error) {
		return Groups(ctx, u.Tx, u.Actor.Tenant)
	})

// ListMembers lists the direct members of a group of the actor's organisation:
// the groups in it, then the people.
var ListMembers = op.Define(op.Spec{Name: "partner.group.members", Action: "partner.group.view"},
	func(ctx context.Context, u *op.Unit, in id.Group) ([]Member, error) {
		g, err := GroupByID(ctx, u.Tx, u.Actor.Tenant, in)
		if err != nil {
			return nil, err
		}
		if g.Role != 0 {
			return members(ctx, u.Tx, roleHolders, false, g.Tenant, int64(g.Role))
		}
		groups, err := members(ctx, u.Tx, groupsIn, true, g.Tenant, g.ID)
		if err != nil {
			return nil, err
		}
		people, err := members(ctx, u.Tx, personsIn, false, g.Tenant, g.ID)
		return append(groups, people...), err
	})

func members(ctx context.Context, t *db.Tx, s *db.Stmt, nested bool, keys ...any) ([]Member, error) {
	return db.All(ctx, t, s, keys, func(row db.Row) (Member, error) {
		var m Member
		var member string
		var added int64
		if err := row.Scan(&member, &m.Name, &added); err != nil {
			return m, err
		}
		if m.AddedAt = db.Time(added); nested {
			m.Group = id.Group(member)
		} else {
			m.User = id.User(member)
		}
		return m, nil
	})
}
