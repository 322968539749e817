package gdap

import (
	"context"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/job"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// AssignmentStatus is whether the roles of an assignment hold (rule F8).
type AssignmentStatus string

// The statuses. Pending ones become active within moments.
const (
	AssignmentPending AssignmentStatus = "pending"
	AssignmentActive  AssignmentStatus = "active"
)

// Refusals of an assignment.
var (
	// ErrNotActive refuses to assign roles of a relationship that is not active.
	ErrNotActive = fault.New(fault.Invalid, "2000", "gdap.not_active")
	// ErrRolesOutside refuses roles that the relationship does not have; argument Roles.
	ErrRolesOutside = fault.New(fault.Invalid, "2000", "gdap.roles_outside")
	// ErrNoContainer refuses a group that does not exist.
	ErrNoContainer = fault.New(fault.Invalid, "2000", "gdap.no_container")
	// ErrAssigned refuses a second assignment of a group in a relationship.
	ErrAssigned = fault.New(fault.Conflict, "1003", "gdap.assigned")
)

// Assignment is the input of Assign: which group gets which roles.
type Assignment struct {
	Relationship string
	Group        id.Group
	Roles        Set
}

// Assigned is an assignment that was made.
type Assigned struct {
	ID string
	Assignment
	Status               AssignmentStatus
	Version              int64
	CreatedAt, ChangedAt time.Time
}

const assignmentColumns = `id, relationship_id, group_id, roles, status, version, created_at, changed_at`

var (
	insertAssignment = db.SQL(`INSERT INTO gdap_assignments (relationship_id, id, partner_id, customer_id, group_id, roles, status, version, created_at, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $8)`)
	updateAssignment = db.SQL(`UPDATE gdap_assignments SET roles = $4, status = $5, version = version + 1, changed_at = $6
		WHERE relationship_id = $1 AND id = $2 AND version = $3`)
	deleteAssignment = db.SQL(`DELETE FROM gdap_assignments WHERE relationship_id = $1 AND id = $2 AND version = $3`)
	assignmentByID   = db.SQL(`SELECT ` + assignmentColumns + ` FROM gdap_assignments WHERE relationship_id = $1 AND id = $2`)
	groupsHolding    = db.SQL(`SELECT relationship_id, COUNT(*) FROM gdap_assignments WHERE partner_id = $1 AND customer_id = $2 GROUP BY relationship_id`)
	assignmentsTo    = db.SQL(`SELECT ` + assignmentColumns + ` FROM gdap_assignments WHERE partner_id = $1 AND group_id = $2 ORDER BY relationship_id, id`)
	assignmentsOf    = db.SQL(`SELECT ` + assignmentColumns + ` FROM gdap_assignments WHERE relationship_id = $1 ORDER BY relationship_id, id`)
)

func scanAssigned(row db.Row) (Assigned, error) {
	var a Assigned
	var roles string
	var created, changed int64
	err := row.Scan(&a.ID, &a.Relationship, &a.Group, &roles, &a.Status, &a.Version, &created, &changed)
	if err != nil {
		return a, err
	}
	a.CreatedAt, a.ChangedAt = db.Time(created), db.Time(changed)
	a.Roles, err = parseSet(roles)
	return a, err
}

// Assign gives roles of an active relationship to a security group of the
// actor's organization (rule F8). Without it nobody holds a role, the admin
// agents included. The roles hold as soon as the assignment is active.
var Assign = op.Define(op.Spec{Action: "gdap.assign", Write: true},
	func(ctx context.Context, u *op.Unit, in Assignment) (Assigned, error) {
		r, err := assignable(ctx, u, in.Relationship)
		if err != nil {
			return Assigned{}, err
		}
		return in.make(ctx, u, r)
	})

// Assignments is the input of AssignGroups: which groups get which roles.
type Assignments struct {
	Relationship string
	Groups       []id.Group
	Roles        Set
}

// ErrNoGroups refuses to give roles to nobody.
var ErrNoGroups = fault.New(fault.Invalid, "2000", "gdap.no_groups")

// AssignGroups is Assign for several groups, all of them or none.
var AssignGroups = op.Define(op.Spec{Name: "gdap.assign.groups", Action: "gdap.assign", Write: true},
	func(ctx context.Context, u *op.Unit, in Assignments) ([]Assigned, error) {
		r, err := assignable(ctx, u, in.Relationship)
		if err != nil {
			return nil, err
		}
		if len(in.Groups) == 0 {
			return nil, ErrNoGroups
		}
		made := make([]Assigned, len(in.Groups))
		for i, group := range in.Groups {
			if made[i], err = (Assignment{Relationship: in.Relationship, Group: group, Roles: in.Roles}).make(ctx, u, r); err != nil {
				return nil, err
			}
		}
		return made, nil
	})

// make checks in and gives the roles of r to the group.
func (in Assignment) make(ctx context.Context, u *op.Unit, r Relationship) (Assigned, error) {
	in.Roles = in.Roles.once()
	if err := in.check(ctx, u, r); err != nil {
		return Assigned{}, err
	}
	return r.assign(ctx, u, in)
}

// assign writes an assignment of r that was checked, which a job makes active.
func (r Relationship) assign(ctx context.Context, u *op.Unit, in Assignment) (Assigned, error) {
	made := Assigned{ID: u.NewID(), Assignment: in, Status: AssignmentPending, Version: 1, CreatedAt: u.Now, ChangedAt: u.Now}
	_, err := u.Exec(ctx, insertAssignment, r.ID, made.ID, r.Partner, r.Customer, in.Group, in.Roles.text(), made.Status, db.Micros(u.Now))
	if db.IsUnique(err) {
		return Assigned{}, ErrAssigned.Because(err)
	}
	if err != nil {
		return Assigned{}, err
	}
	if err := r.sayAssigned(ctx, u, made, "created", nil); err != nil {
		return Assigned{}, err
	}
	_, err = activating.Enqueue(ctx, u, activation{r.ID, made.ID}, job.Order{Tenant: r.Partner})
	return made, err
}

// activation names the assignment that a job makes active.
type activation struct{ Relationship, Assignment string }

var activating = job.Define("gdap.activate", job.Options{}, func(ctx context.Context, u *op.Unit, _ *job.Run, in activation) error {
	r, a, err := findAssignment(ctx, u, in.Relationship, in.Assignment)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return nil // it ended meanwhile
	}
	if err != nil || a.Status != AssignmentPending {
		return err
	}
	old := a.logged()
	a.Status = AssignmentActive
	if err := a.save(ctx, u); err != nil {
		return err
	}
	return r.sayAssigned(ctx, u, a, "activated", old)
})

// assignable returns a relationship of the actor's own organisation.
func assignable(ctx context.Context, u *op.Unit, relationship string) (Relationship, error) {
	r, err := find(ctx, u, relationship, 0)
	if err == nil && r.Partner != u.Actor.Tenant {
		return r, refusal.NotFound
	}
	return r, err
}

// findAssignment returns an assignment with its relationship, or refusal.NotFound.
func findAssignment(ctx context.Context, u *op.Unit, relationship, assignment string) (r Relationship, a Assigned, err error) {
	if r, err = byID(ctx, u.Tx, relationship); err != nil {
		return r, a, err
	}
	found, err := db.All(ctx, u.Tx, assignmentByID, []any{relationship, assignment}, scanAssigned)
	if err != nil {
		return r, a, err
	}
	if len(found) == 0 {
		return r, a, refusal.NotFound
	}
	return r, found[0], nil
}

func (in Assignment) check(ctx context.Context, u *op.Unit, r Relationship) error {
	if err := in.checkRoles(u, r); err != nil {
		return err
	}
	if _, err := identity.GroupByID(ctx, u.Tx, u.Actor.Tenant, in.Group); err != nil {
		if fault.KindOf(err) == fault.NotFound {
			return ErrNoContainer
		}
		return err
	}
	all, err := db.All(ctx, u.Tx, assignmentsOf, []any{r.ID}, scanAssigned)
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.Group == in.Group {
			return ErrAssigned
		}
	}
	return nil
}

func (in Assignment) checkRoles(u *op.Unit, r Relationship) error {
	if !r.holds(u.Now) {
		return ErrNotActive
	}
	if len(in.Roles) == 0 || !r.Roles.Covers(in.Roles) {
		return ErrRolesOutside.With("Roles", r.Roles.Names())
	}
	return nil
}

func (a *Assigned) save(ctx context.Context, u *op.Unit) error {
	n, err := u.Exec(ctx, updateAssignment, a.Relationship, a.ID, a.Version, a.Roles.text(), a.Status, db.Micros(u.Now))
	if err == nil && n == 0 {
		return refusal.RF18
	}
	a.Version, a.ChangedAt = a.Version+1, u.Now
	return err
}

// logged is how the log keeps a.
func (a Assigned) logged() map[string]any {
	return map[string]any{
		"Id": a.ID, "Status": a.Status, "AccessDetails": a.Roles.logged(),
		"AccessContainer": map[string]any{"AccessContainerId": a.Group, "AccessContainerType": "securityGroup"},
	}
}

// sayAssigned writes down and tells what was done to an assignment of r.
func (r Relationship) sayAssigned(ctx context.Context, u *op.Unit, a Assigned, done string, old any) error {
	err := u.Record(ctx, op.Record{
		Operation: "granular_admin_access_assignment_" + done, Resource: "granular_admin_access_assignment", Tenant: r.Partner,
		Customer: r.Customer, CustomerName: r.CustomerName, Old: old, New: a.logged(),
		Data: map[string]string{"RelationshipId": r.ID, "RelationshipName": r.Name},
	})
	if err != nil {
		return err
	}
	return u.Emit(ctx, op.Event{
		Name: "granular-admin-access-assignment-" + done, Tenant: r.Partner, Customer: r.Customer, Resource: r.resource() + "/accessAssignments/" + a.ID,
	})
}

// AssignmentRef names an assignment and the version of it that the caller has
// seen; 0 is any.
type AssignmentRef struct {
	Relationship, Assignment string
	Version                  int64
}

// find returns the assignment of the actor's own organisation that in names.
func (in AssignmentRef) find(ctx context.Context, u *op.Unit) (Relationship, Assigned, error) {
	r, a, err := findAssignment(ctx, u, in.Relationship, in.Assignment)
	switch {
	case err != nil:
		return r, a, err
	case r.Partner != u.Actor.Tenant:
		return r, a, refusal.NotFound
	case in.Version != 0 && in.Version != a.Version:
		return r, a, refusal.RF18
	}
	return r, a, nil
}

// Reassignment is the input of Reassign.
type Reassignment struct {
	AssignmentRef
	Roles Set
}

// Reassign gives a group other roles of the relationship. It takes a moment: the
// operation that it returns tells when; one without ID says that nothing changes.
// Until then another change is ErrPending.
var Reassign = op.Define(op.Spec{Name: "gdap.reassign", Action: "gdap.assign", Write: true},
	func(ctx context.Context, u *op.Unit, in Reassignment) (Operation, error) {
		r, a, err := in.find(ctx, u)
		if err != nil {
			return Operation{}, err
		}
		want := Assignment{Relationship: r.ID, Group: a.Group, Roles: in.Roles.once()}
		if err := want.checkRoles(u, r); err != nil {
			return Operation{}, err
		}
		data := r.resource() + "/accessAssignments/" + a.ID
		if err := r.idle(ctx, u, data); err != nil {
			return Operation{}, err
		}
		if a.Roles.Same(want.Roles) {
			return Operation{}, nil
		}
		// The change counts from now on: who has seen the assignment before is late.
		if err := a.save(ctx, u); err != nil {
			return Operation{}, err
		}
		return r.begin(ctx, u, order{Assignment: a.ID, Roles: want.Roles}, data)
	})

// reassign does what Reassign has asked for.
func (r Relationship) reassign(ctx context.Context, u *op.Unit, assignment string, roles Set) error {
	_, a, err := findAssignment(ctx, u, r.ID, assignment)
	if err != nil {
		return err
	}
	if err := (Assignment{Roles: roles}).checkRoles(u, r); err != nil {
		return err
	}
	old := a.logged()
	a.Roles = roles
	if err := a.save(ctx, u); err != nil {
		return err
	}
	return r.sayAssigned(ctx, u, a, "updated", old)
}

// Unassign takes the roles of a relationship from a group; its members lose them
// with their next request.
var Unassign = op.Define(op.Spec{Name: "gdap.unassign", Action: "gdap.assign", Write: true},
	func(ctx context.Context, u *op.Unit, in AssignmentRef) (struct{}, error) {
		r, a, err := in.find(ctx, u)
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, r.unassign(ctx, u, a)
	})

// unassign ends an assignment of r.
func (r Relationship) unassign(ctx context.Context, u *op.Unit, a Assigned) error {
	n, err := u.Exec(ctx, deleteAssignment, r.ID, a.ID, a.Version)
	if err == nil && n == 0 {
		err = refusal.RF18
	}
	if err != nil {
		return err
	}
	return r.sayAssigned(ctx, u, a, "deleted", a.logged())
}

// UnassignGroup ends all assignments of a group, in the unit that removes it: what is
// left would count as a group that has roles, and be none (rule F8).
func UnassignGroup(ctx context.Context, u *op.Unit, g identity.Group) error {
	all, err := db.All(ctx, u.Tx, assignmentsTo, []any{g.Tenant, g.ID}, scanAssigned)
	if err != nil {
		return err
	}
	for _, a := range all {
		r, err := byID(ctx, u.Tx, a.Relationship)
		if err != nil {
			return err
		}
		if err := r.unassign(ctx, u, a); err != nil {
			return err
		}
	}
	return nil
}

// ListAssignments returns the assignments of a relationship, oldest first.
var ListAssignments = op.Define(op.Spec{Name: "gdap.assignments", Action: "gdap.view"},
	func(ctx context.Context, u *op.Unit, relationship string) ([]Assigned, error) {
		if _, err := assignable(ctx, u, relationship); err != nil {
			return nil, err
		}
		return db.All(ctx, u.Tx, assignmentsOf, []any{relationship}, scanAssigned)
	})

// CountGroups returns how many security groups of the actor's organisation have
// roles of each of its relationships with a customer, by relationship. One that is
// missing has none: nobody holds its roles (rule F8).
var CountGroups = op.Define(op.Spec{Name: "gdap.groups.count", Action: "gdap.view"},
	func(ctx context.Context, u *op.Unit, customer id.Tenant) (map[string]int64, error) {
		counted, err := db.All(ctx, u.Tx, groupsHolding, []any{u.Actor.Tenant, customer}, func(row db.Row) (groupCount, error) {
			var c groupCount
			err := row.Scan(&c.relationship, &c.groups)
			return c, err
		})
		all := make(map[string]int64, len(counted))
		for _, c := range counted {
			all[c.relationship] = c.groups
		}
		return all, err
	})

type groupCount struct {
	relationship string
	groups       int64
}
