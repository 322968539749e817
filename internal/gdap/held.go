package gdap

import (
	"context"
	"slices"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

// What goes on by itself holds until the schedule has moved its end.
var (
	assigned = db.SQL(`SELECT a.group_id, a.roles, r.roles FROM gdap_assignments a JOIN gdap_relationships r ON r.id = a.relationship_id
		WHERE a.partner_id = $1 AND a.customer_id = $2 AND a.status = $3 AND r.status = $4 AND (r.ends_at > $5 OR r.auto_extend = $6)`)
	// Without the cast SQLite looks through all active relationships of the partner,
	// by their status, for the few with one customer.
	anyActive = db.SQL(`SELECT id FROM gdap_relationships
		WHERE partner_id = $1 AND customer_id = $2 AND CAST(status AS TEXT) = $3 AND (ends_at > $4 OR auto_extend = $5) LIMIT 1`)
)

// Held returns the roles that the actor holds at customer: those that active
// assignments give to a group that the person is in (rule F8). An application
// without a user is in no group and holds none.
func Held(ctx context.Context, u *op.Unit, customer id.Tenant) (Set, error) {
	if u.Actor.User == "" {
		return nil, nil
	}
	byGroup, groups, err := holding(ctx, u, customer, u.Actor.User, u.Actor.Roles)
	return union(byGroup, groups), err
}

// holding returns which roles at customer the groups of the actor's organization
// have, and in which groups one of its people is.
func holding(ctx context.Context, u *op.Unit, customer id.Tenant, user id.User, roles policy.Role) (map[id.Group]Set, []id.Group, error) {
	byGroup, err := assignedRoles(ctx, u, customer)
	if err != nil || len(byGroup) == 0 {
		return nil, nil, err
	}
	groups, err := identity.GroupsOfUser(ctx, u.Tx, u.Actor.Tenant, user, roles)
	return byGroup, groups, err
}

// union returns the roles that groups have together.
func union(byGroup map[id.Group]Set, groups []id.Group) Set {
	var held Set
	for _, g := range groups {
		for _, role := range byGroup[g] {
			if !slices.Contains(held, role) {
				held = append(held, role)
			}
		}
	}
	return held
}

// assignedRoles returns which roles at customer the groups of the actor's
// organization have.
func assignedRoles(ctx context.Context, u *op.Unit, customer id.Tenant) (map[id.Group]Set, error) {
	rows, err := u.Query(ctx, assigned, u.Actor.Tenant, customer, AssignmentActive, Active, db.Micros(u.Now), Extension)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	byGroup := make(map[id.Group]Set)
	for rows.Next() {
		var group id.Group
		var assignment, relationship string
		if err := rows.Scan(&group, &assignment, &relationship); err != nil {
			return nil, err
		}
		given, err := parseSet(assignment)
		if err != nil {
			return nil, err
		}
		all, err := parseSet(relationship)
		if err != nil {
			return nil, err
		}
		for _, role := range given {
			if all.HasAny(role) {
				byGroup[group] = append(byGroup[group], role)
			}
		}
	}
	return byGroup, rows.Err()
}

// AnyActive reports whether partner has an active relationship with customer
// (allowDelegatedAccess of the wire, rule F12).
func AnyActive(ctx context.Context, u *op.Unit, partner, customer id.Tenant) (bool, error) {
	var found string
	return u.Found(ctx, anyActive, []any{partner, customer, Active, db.Micros(u.Now), Extension}, &found)
}
