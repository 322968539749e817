package gdap

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/identity"
	"comptoir/internal/job"
	"comptoir/internal/op"
)

// MailWhenExtending has the notices before the end sent as well when a
// relationship goes on by itself (rule F11).
var MailWhenExtending = op.DefineSetting(op.Setting{
	Name: "gdap.mail.whenAutoExtend", Default: "false", Values: []string{"false", "true"}, Rule: "F11", Mark: "O", Effect: "setting.gdap.mail_when_auto_extend",
})

// noticeDays are the days before its end on which people hear of it; on the day
// itself they hear that it has come.
var noticeDays = []int{30, 7, 1}

// next returns when the schedule has to look at r, after now: at its next notice
// or its end, when the request lapses, or when it is cleaned up. Zero is never.
func (r Relationship) next(now time.Time) time.Time {
	switch {
	case r.Status == ApprovalPending:
		return r.AnswerBy()
	case r.Status.Over():
		return r.EndedAt.Add(keepDays * day)
	case r.Status != Active:
		return time.Time{}
	}
	for _, days := range noticeDays {
		if at := r.EndsAt.Add(-time.Duration(days) * day); at.After(now) {
			return at
		}
	}
	return r.EndsAt
}

// dueAtOnce is how many relationships one step looks after.
const dueAtOnce = 100

var (
	dueNow = db.SQL(selectRelationships + ` WHERE next_at > 0 AND next_at <= $1 ORDER BY next_at, id LIMIT $2`)
	dueAt  = db.SQL(`SELECT next_at FROM gdap_relationships WHERE next_at > 0 AND next_at < $1 ORDER BY next_at, id LIMIT 1`)

	dropRequests   = db.SQL(`DELETE FROM gdap_requests WHERE relationship_id = $1`)
	dropOperations = db.SQL(`DELETE FROM gdap_operations WHERE relationship_id = $1`)
)

// Each day what falls due before the next one gets its job. Nothing falls due
// within a day of being written, as a relationship lasts one at least.
var _ = job.Define("gdap.plan", job.Options{Next: job.Daily(0, 0), CatchUp: true},
	func(ctx context.Context, u *op.Unit, _ *job.Run, _ struct{}) error { return planNext(ctx, u) })

// planNext leaves a job behind for what falls due first within a day.
func planNext(ctx context.Context, u *op.Unit) error {
	var at int64
	found, err := u.Found(ctx, dueAt, []any{db.Micros(u.Now.Add(day + time.Hour))}, &at)
	if !found || err != nil {
		return err
	}
	due := db.Time(at)
	if due.Before(u.Now) {
		due = u.Now
	}
	_, err = lookAfter.Enqueue(ctx, u, struct{}{}, job.Order{At: due, Dedup: strconv.FormatInt(at, 10)})
	return err
}

var lookAfter *job.Kind[struct{}]

func init() {
	// Does at its time, set by set, what has fallen due: notices, ends and
	// extensions, lapses, clean-ups. It plans the next.
	lookAfter = job.DefineLong("gdap.due", job.Options{}, func(ctx context.Context, l *job.Long, _ struct{}) error {
		for n := dueAtOnce; n == dueAtOnce; {
			err := l.Step(ctx, nil, func(ctx context.Context, u *op.Unit) error {
				due, err := queryRelationships(ctx, u.Tx, dueNow, db.Micros(u.Now), dueAtOnce)
				if err != nil {
					return err
				}
				for _, r := range due {
					if err := r.fallDue(ctx, u); err != nil {
						return fmt.Errorf("relationship %s: %w", r.ID, err)
					}
				}
				n = len(due)
				return nil
			})
			if err != nil {
				return err
			}
			l.Done += int64(n)
		}
		l.Result = fmt.Sprintf("%d relationships looked after", l.Done)
		return l.Step(ctx, nil, planNext)
	})
}

// fallDue does what is due about r.
func (r Relationship) fallDue(ctx context.Context, u *op.Unit) error {
	switch {
	case r.Status == ApprovalPending:
		return r.pass(ctx, u, Lapse)
	case r.Status.Over():
		return r.cleanUp(ctx, u)
	case r.Status != Active:
		return r.save(ctx, u)
	case r.EndsAt.After(u.Now):
		return r.remind(ctx, u)
	case r.Permanent():
		return r.extend(ctx, u)
	}
	return r.pass(ctx, u, ReachEnd)
}

// extend moves the end by 180 days at a time until it lies ahead (rule F7). The
// end is that of the contract and not of the moment, so nothing is lost by delay.
func (r Relationship) extend(ctx context.Context, u *op.Unit) error {
	old := r.logged()
	for !r.EndsAt.After(u.Now) {
		r.EndsAt = r.EndsAt.Add(extensionDays * day)
	}
	if err := r.save(ctx, u); err != nil {
		return err
	}
	return r.record(ctx, u, "granular_admin_relationship_extended", old)
}

// remind tells both sides how long r still lasts, once for each of noticeDays; of
// several that were missed it tells the last.
func (r Relationship) remind(ctx context.Context, u *op.Unit) error {
	if !r.Permanent() || u.Setting(MailWhenExtending) == "true" {
		partner, err := identity.TenantByID(ctx, u.Tx, r.Partner)
		if err != nil {
			return err
		}
		told := r.told(partner.Name)
		told.Days = int((r.EndsAt.Sub(u.Now) + day - 1) / day)
		if err := r.record(ctx, u, "granular_admin_relationship_expiring", nil); err != nil {
			return err
		}
		if err := r.emit(ctx, u, eventExpiring, told); err != nil {
			return err
		}
	}
	return r.reschedule(ctx, u)
}

var setNext = db.SQL(`UPDATE gdap_relationships SET next_at = $2 WHERE id = $1`)

// reschedule notes when to look at r again, which is no change of r.
func (r Relationship) reschedule(ctx context.Context, u *op.Unit) error {
	_, err := u.Exec(ctx, setNext, r.ID, db.Micros(r.next(u.Now)))
	return err
}

// cleanUp removes r, which ended long ago, for both sides (rule F5). The log
// keeps what it was.
func (r Relationship) cleanUp(ctx context.Context, u *op.Unit) error {
	for _, s := range []*db.Stmt{dropAssignmentsOf, dropRequests, dropOperations} {
		if _, err := u.Exec(ctx, s, r.ID); err != nil {
			return err
		}
	}
	if err := r.drop(ctx, u); err != nil {
		return err
	}
	return u.Record(ctx, op.Record{
		Operation: logCleanedUp, Resource: "granular_admin_relationship", Tenant: r.Partner,
		Customer: r.Customer, CustomerName: r.CustomerName, Old: r.logged(), Data: map[string]string{"RelationshipName": r.Name},
	})
}
