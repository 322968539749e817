package gdap

import (
	"context"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/job"
	"comptoir/internal/op"
)

// OperationStatus is how far an operation came.
type OperationStatus string

// The statuses of operations.
const (
	OperationNotStarted OperationStatus = "notStarted"
	OperationSucceeded  OperationStatus = "succeeded"
	OperationFailed     OperationStatus = "failed"
)

// RolesUpdate is the one type of operation that the interface names.
const RolesUpdate = "delegatedAdminAccessAssignmentUpdate"

// Operation is a change of roles that takes a moment: of an assignment, or of a
// relationship that gives up Global Administrator.
type Operation struct {
	ID, Relationship     string
	Type                 string
	Data                 string // what it is about, as a path
	Status               OperationStatus
	CreatedAt, ChangedAt time.Time
}

// ErrPending refuses a change of what an operation still works on.
var ErrPending = fault.New(fault.Conflict, "2000", "gdap.pending")

var (
	insertOperation = db.SQL(`INSERT INTO gdap_operations (relationship_id, id, partner_id, customer_id, type, data, status, created_at, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)`)
	endOperation = db.SQL(`UPDATE gdap_operations SET status = $3, changed_at = $4 WHERE relationship_id = $1 AND id = $2`)
	operationsOf = db.SQL(`SELECT id, relationship_id, type, data, status, created_at, changed_at FROM gdap_operations
		WHERE relationship_id = $1 ORDER BY relationship_id, id`)
	operationPending = db.SQL(`SELECT 1 FROM gdap_operations WHERE relationship_id = $1 AND data = $2 AND status = 'notStarted' LIMIT 1`)
)

// order is what the job of an operation has to do.
type order struct {
	Relationship, Operation string
	Assignment              string // empty when the relationship itself changes
	Roles                   []RoleID
	AutoExtend              string // of a relationship
}

var working = job.Define("gdap.operation", job.Options{}, func(ctx context.Context, u *op.Unit, _ *job.Run, in order) error {
	status := OperationSucceeded
	if err := in.do(ctx, u); fault.KindOf(err) == fault.Internal && err != nil {
		return err
	} else if err != nil { // what it was about has ended or changed meanwhile
		status = OperationFailed
	}
	_, err := u.Exec(ctx, endOperation, in.Relationship, in.Operation, status, db.Micros(u.Now))
	return err
})

func (in order) do(ctx context.Context, u *op.Unit) error {
	r, err := byID(ctx, u.Tx, in.Relationship)
	if err != nil {
		return err
	}
	if in.Assignment != "" {
		return r.reassign(ctx, u, in.Assignment, in.Roles)
	}
	if r.Status != Active {
		return ErrStatus.With("Status", fault.Keys{r.Status.Key()})
	}
	old := r.logged()
	r.Roles, r.AutoExtend = in.Roles, in.AutoExtend
	if err := r.save(ctx, u); err != nil {
		return err
	}
	return r.record(ctx, u, logUpdated, old)
}

// idle refuses with ErrPending while an operation works on data.
func (r Relationship) idle(ctx context.Context, u *op.Unit, data string) error {
	var one int64
	found, err := u.Found(ctx, operationPending, []any{r.ID, data}, &one)
	if err == nil && found {
		err = ErrPending
	}
	return err
}

// begin leaves an operation behind that does in.
func (r Relationship) begin(ctx context.Context, u *op.Unit, in order, data string) (Operation, error) {
	o := Operation{
		ID: u.NewID(), Relationship: r.ID, Type: RolesUpdate, Data: data, Status: OperationNotStarted, CreatedAt: u.Now, ChangedAt: u.Now,
	}
	_, err := u.Exec(ctx, insertOperation, r.ID, o.ID, r.Partner, r.Customer, o.Type, o.Data, o.Status, db.Micros(u.Now))
	if err != nil {
		return o, err
	}
	in.Relationship, in.Operation = r.ID, o.ID
	_, err = working.Enqueue(ctx, u, in, job.Order{Tenant: r.Partner})
	return o, err
}

// adjust makes of r, which is active, what may still change: its auto extension
// at once, its roles by an operation.
func (r Relationship) adjust(ctx context.Context, u *op.Unit, to Relationship) (Updated, error) {
	if to.Roles.Same(r.Roles) {
		switched, err := r.setAutoExtend(ctx, u, to.AutoExtend)
		return Updated{Relationship: switched}, err
	}
	if err := r.idle(ctx, u, r.resource()); err != nil {
		return Updated{}, err
	}
	// The change counts from now on: who has seen r before is late.
	if err := r.save(ctx, u); err != nil {
		return Updated{}, err
	}
	o, err := r.begin(ctx, u, order{Roles: to.Roles, AutoExtend: to.AutoExtend}, r.resource())
	return Updated{r, o}, err
}

// ListOperations returns the operations of a relationship, oldest first.
var ListOperations = op.Define(op.Spec{Name: "gdap.operations", Action: "gdap.view"},
	func(ctx context.Context, u *op.Unit, relationship string) ([]Operation, error) {
		if _, err := find(ctx, u, relationship, 0); err != nil {
			return nil, err
		}
		return db.All(ctx, u.Tx, operationsOf, []any{relationship}, func(row db.Row) (Operation, error) {
			var o Operation
			var created, changed int64
			err := row.Scan(&o.ID, &o.Relationship, &o.Type, &o.Data, &o.Status, &created, &changed)
			o.CreatedAt, o.ChangedAt = db.Time(created), db.Time(changed)
			return o, err
		})
	})

// Asked is what was asked about a relationship (rule F4).
type Asked struct {
	ID                   string
	Action               Event
	Status               string
	CreatedAt, ChangedAt time.Time
}

var (
	insertRequest = db.SQL(`INSERT INTO gdap_requests (relationship_id, id, partner_id, customer_id, action, status, created_at, changed_at)
		VALUES ($1, $2, $3, $4, $5, 'succeeded', $6, $6)`)
	requestsOf = db.SQL(`SELECT id, action, status, created_at, changed_at FROM gdap_requests WHERE relationship_id = $1 ORDER BY relationship_id, id`)
)

// asked keeps that e was asked, and done, in this transaction.
func (r Relationship) asked(ctx context.Context, u *op.Unit, e Event) (Asked, error) {
	a := Asked{ID: u.NewID(), Action: e, Status: "succeeded", CreatedAt: u.Now, ChangedAt: u.Now}
	_, err := u.Exec(ctx, insertRequest, r.ID, a.ID, r.Partner, r.Customer, e, db.Micros(u.Now))
	return a, err
}

// ListRequests returns what was asked about a relationship, oldest first.
var ListRequests = op.Define(op.Spec{Name: "gdap.requests", Action: "gdap.view"},
	func(ctx context.Context, u *op.Unit, relationship string) ([]Asked, error) {
		if _, err := find(ctx, u, relationship, 0); err != nil {
			return nil, err
		}
		return db.All(ctx, u.Tx, requestsOf, []any{relationship}, func(row db.Row) (Asked, error) {
			var a Asked
			var created, changed int64
			err := row.Scan(&a.ID, &a.Action, &a.Status, &created, &changed)
			a.CreatedAt, a.ChangedAt = db.Time(created), db.Time(changed)
			return a, err
		})
	})
