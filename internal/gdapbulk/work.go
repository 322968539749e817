package gdapbulk

import (
	"context"
	"errors"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/gdap"
	"comptoir/internal/identity"
	"comptoir/internal/job"
	"comptoir/internal/op"
)

// task is what the job of a batch knows. Everything else stands with the batch.
type task struct{ Batch string }

// rowsAtOnce is how many rows of a batch are done in one unit of work.
const rowsAtOnce = 50

// errUnwanted ends the job of a batch that was stopped.
var errUnwanted = errors.New("the batch was stopped")

// doing does a batch. Some rows and their outcomes are one unit of work, so that
// after a crash it goes on with the rows that have none and does nothing twice.
var doing = job.DefineLong("gdap.bulk", job.Options{}, func(ctx context.Context, l *job.Long, in task) error {
	for more := true; more; {
		err := l.Step(ctx, nil, func(ctx context.Context, u *op.Unit) (err error) {
			more, err = doRows(ctx, u, l, in.Batch)
			return err
		})
		if errors.Is(err, errUnwanted) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
})

// doRows does the next rows of a batch, and ends it when there are none.
func doRows(ctx context.Context, u *op.Unit, l *job.Long, batch string) (more bool, err error) {
	b, err := find(ctx, u.Tx, u.Actor.Tenant, batch)
	if err != nil {
		return false, err
	}
	if !b.Stage.Active() {
		return false, errUnwanted
	}
	if err := b.actAs(ctx, u); err != nil {
		return false, err
	}
	rows, err := rowsOf(ctx, u.Tx, b, Ready, 0, rowsAtOnce)
	if err != nil {
		return false, err
	}
	if len(rows) == 0 {
		return false, b.finish(ctx, u)
	}
	var now Batch // of these rows alone
	for _, row := range rows {
		if row, err = row.do(ctx, u, b.Kind); err != nil {
			return false, err
		}
		if err := b.settle(ctx, u.Tx, row); err != nil {
			return false, err
		}
		now.count(row.Outcome, 1)
	}
	if _, err := u.Exec(ctx, growBatch, b.Partner, b.ID, now.Made, now.Known, now.Refused); err != nil {
		return false, err
	}
	l.Total, l.Done = b.Total, b.Total-b.Ready()+int64(len(rows))
	return true, nil
}

// finish ends b, of which nothing is left to be done, and lets who started it know
// (rule N19).
func (b Batch) finish(ctx context.Context, u *op.Unit) error {
	b, err := b.end(ctx, u, Done)
	if err != nil {
		return err
	}
	facts := b.facts()
	facts["User"] = string(b.User)
	return u.Emit(ctx, op.Event{Name: "granular-admin-batch-ended", Payload: facts})
}

// actAs makes the person whose batch it is the actor of u, with the roles that he
// has now: whoever has lost them meanwhile is refused row by row.
func (b Batch) actAs(ctx context.Context, u *op.Unit) error {
	if b.User == "" { // the command line
		return nil
	}
	p, err := identity.PersonByID(ctx, u.Tx, b.Partner, b.User)
	if err != nil && !errors.Is(err, identity.ErrUserUnknown) {
		return err
	}
	if err != nil || p.Status != identity.UserActive {
		p.Roles = 0
	}
	a := p.Actor("", false)
	a.Tenant, a.User, a.UserName, a.Locale = b.Partner, b.User, b.UserName, b.locale
	a.Channel, a.RequestID, a.CorrelationID = u.Actor.Channel, u.Actor.RequestID, u.Actor.CorrelationID
	u.Actor = a
	return nil
}

// do does what row says and returns it with its outcome. The single operations
// refuse before they change anything, so that a row that is refused leaves nothing.
func (row Row) do(ctx context.Context, u *op.Unit, kind Kind) (Row, error) {
	outcome, err := Made, error(nil)
	switch kind {
	case Asking:
		err = row.ask(ctx, u)
	case Extending:
		_, err = gdap.SetAutoExtend.Within(ctx, u, row.change())
	case Assigning:
		outcome, err = row.assign(ctx, u)
	case Ending:
		outcome, err = row.end(ctx, u)
	}
	return row.settled(outcome, err)
}

// ask makes the request and sends it to the customer.
func (row *Row) ask(ctx context.Context, u *op.Unit) error {
	r, err := gdap.Create.Within(ctx, u, row.wish())
	if err != nil {
		return err
	}
	row.Relationship = r.ID
	_, err = gdap.LockForApproval.Within(ctx, u, gdap.Ref{Relationship: r.ID, Version: r.Version})
	return err
}

// assign gives the group its roles, or others than it has.
func (row Row) assign(ctx context.Context, u *op.Unit) (Outcome, error) {
	_, has, err := row.assignment().Judge(ctx, u)
	switch {
	case err != nil:
		return Refused, err
	case has.ID == "":
		_, err = gdap.Assign.Within(ctx, u, row.assignment())
		return Made, err
	}
	ref := gdap.AssignmentRef{Relationship: row.Relationship, Assignment: has.ID}
	o, err := gdap.Reassign.Within(ctx, u, gdap.Reassignment{AssignmentRef: ref, Roles: row.Roles})
	if err == nil && o.ID == "" {
		return Known, nil
	}
	return Made, err
}

// end terminates the relationship, unless it has ended meanwhile.
func (row Row) end(ctx context.Context, u *op.Unit) (Outcome, error) {
	ref := gdap.Ref{Relationship: row.Relationship}
	r, err := ref.Judge(ctx, u)
	if err == nil {
		_, err = gdap.End.Within(ctx, u, ref)
	}
	if errors.Is(err, gdap.ErrStatus) && r.Status.Over() {
		return Known, nil
	}
	return Made, err
}

// How long a plan waits to be started, and how long results can be looked at.
const (
	planTime   = 7 * 24 * time.Hour
	resultTime = 90 * 24 * time.Hour
)

// Removes plans that nobody has started, and batches of long ago. What is under way
// stays.
var _ = job.DefineLong("gdap.bulk.tidy", job.Options{Next: job.Daily(3, 50)},
	func(ctx context.Context, l *job.Long, _ struct{}) error {
		now := l.Kernel.Clock.Now()
		if err := removeOld(ctx, l, oldPlans, now.Add(-planTime)); err != nil {
			return err
		}
		return removeOld(ctx, l, oldBatches, now.Add(-resultTime))
	})

// removeOld removes the batches of a list that were planned before a time. Those of
// a step are found and removed in one unit of work, so that none is started in
// between; a step is small, so that nobody waits for it.
func removeOld(ctx context.Context, l *job.Long, list *db.Stmt, before time.Time) error {
	for removed := true; removed; {
		err := l.Step(ctx, nil, func(ctx context.Context, u *op.Unit) error {
			removed = false
			old, err := db.All(ctx, u.Tx, list, []any{db.Micros(before)}, scanBatch)
			if err != nil {
				return err
			}
			for _, b := range old {
				if b, err = b.withJob(ctx, u.Tx); err != nil {
					return err
				}
				if b.Stage.Active() {
					continue
				}
				if err := b.remove(ctx, u); err != nil {
					return err
				}
				removed = true
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
