package gdap

import (
	"context"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// Relationship is a delegated admin relationship (rules F1 to F3, F7).
type Relationship struct {
	ID                string
	Partner, Customer id.Tenant
	Name              string
	Source            Source
	Status            Status
	Roles             Set
	Duration          string    // ISO 8601
	AutoExtend        string    // ISO 8601; "PT0S" is off
	Provider          id.Tenant // who asked for it on behalf of its reseller
	Version           int64
	CreatedAt         time.Time
	ChangedAt         time.Time
	ActivatedAt       time.Time
	EndsAt            time.Time
}

const relationshipColumns = `SELECT id, partner_id, customer_id, name, source, status, roles, duration, auto_extend, provider_id, version,
	created_at, changed_at, activated_at, ends_at FROM gdap_relationships`

var (
	relationshipByID = db.SQL(relationshipColumns + ` WHERE id = $1`)
	relationshipsOf  = db.SQL(relationshipColumns + ` WHERE partner_id = $1 AND customer_id = $2 ORDER BY partner_id, customer_id, id`)

	groupAssigned    = db.SQL(`SELECT id FROM gdap_assignments WHERE partner_id = $1 AND customer_id = $2 AND group_id = $3 AND relationship_id = $4 AND status = $5`)
	insertAssignment = db.SQL(`INSERT INTO gdap_assignments (relationship_id, id, partner_id, customer_id, group_id, roles, status, version, created_at, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $8)`)
)

func scanRelationship(row db.Row) (Relationship, error) {
	var r Relationship
	var roles string
	var created, changed, activated, ends int64
	err := row.Scan(&r.ID, &r.Partner, &r.Customer, &r.Name, &r.Source, &r.Status, &roles, &r.Duration, &r.AutoExtend, &r.Provider, &r.Version,
		&created, &changed, &activated, &ends)
	if err != nil {
		return Relationship{}, err
	}
	r.CreatedAt, r.ChangedAt, r.ActivatedAt, r.EndsAt = db.Time(created), db.Time(changed), db.Time(activated), db.Time(ends)
	r.Roles, err = parseSet(roles)
	return r, err
}

// Of returns the relationships of partner with customer, oldest first.
func Of(ctx context.Context, t *db.Tx, partner, customer id.Tenant) ([]Relationship, error) {
	return queryRelationships(ctx, t, relationshipsOf, partner, customer)
}

func queryRelationships(ctx context.Context, t *db.Tx, s *db.Stmt, args ...any) ([]Relationship, error) {
	return db.All(ctx, t, s, args, scanRelationship)
}

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
}

// Assign gives roles of an active relationship to a security group of the
// actor's organization (rule F8). Without it nobody holds a role, the admin
// agents included.
var Assign = op.Define(op.Spec{Action: "gdap.assign", Write: true},
	func(ctx context.Context, u *op.Unit, in Assignment) (Assigned, error) {
		found, err := queryRelationships(ctx, u.Tx, relationshipByID, in.Relationship)
		if err != nil {
			return Assigned{}, err
		}
		if len(found) == 0 || found[0].Partner != u.Actor.Tenant {
			return Assigned{}, refusal.NotFound
		}
		r := found[0]
		if err := in.check(ctx, u, r); err != nil {
			return Assigned{}, err
		}
		made := Assigned{ID: u.NewID(), Assignment: in}
		_, err = u.Exec(ctx, insertAssignment, r.ID, made.ID, r.Partner, r.Customer, in.Group, in.Roles.text(), Active, db.Micros(u.Now))
		if err != nil {
			return Assigned{}, err
		}
		err = u.Record(ctx, op.Record{
			Operation: "granular_admin_access_assignment_created", Resource: "granular_admin_access_assignment", Customer: r.Customer,
			New: map[string]any{"Id": made.ID, "Group": in.Group, "Roles": in.Roles.Names()},
		})
		if err != nil {
			return Assigned{}, err
		}
		return made, u.Emit(ctx, op.Event{
			Name: "granular-admin-access-assignment-created", Customer: r.Customer,
			Resource: "/granularAdminRelationships/" + r.ID + "/accessAssignments/" + made.ID,
		})
	})

func (in Assignment) check(ctx context.Context, u *op.Unit, r Relationship) error {
	if r.Status != Active || !r.EndsAt.After(u.Now) {
		return ErrNotActive
	}
	if len(in.Roles) == 0 || !r.Roles.Covers(in.Roles) {
		return ErrRolesOutside.With("Roles", r.Roles.Names())
	}
	if _, err := identity.GroupByID(ctx, u.Tx, u.Actor.Tenant, in.Group); err != nil {
		if fault.KindOf(err) == fault.NotFound {
			return ErrNoContainer
		}
		return err
	}
	var known string
	if found, err := u.Found(ctx, groupAssigned, []any{r.Partner, r.Customer, in.Group, r.ID, Active}, &known); found || err != nil {
		if err != nil {
			return err
		}
		return ErrAssigned
	}
	return nil
}
