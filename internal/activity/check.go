package activity

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/job"
	"comptoir/internal/op"
)

// Check is a verification of the chain that came to its end.
type Check struct {
	At time.Time
	By string // a user name; "" for the command line
	Report
}

// Chain is how the chain stands (portal V-13).
type Chain struct {
	// Last is the newest check; nil while there was none.
	Last *Check
	// Under is the state of the check that was ordered last: job.Queued and
	// job.Running while it is under way, "" for none. It has verified Done of Total
	// seals.
	Under       job.State
	Done, Total int64
}

// Running reports whether a check is under way.
func (c Chain) Running() bool { return c.Under == job.Queued || c.Under == job.Running }

// What is kept about the chain stands among the settings, beside its head.
var (
	putCheck = db.SQL(`INSERT INTO settings (name, value, changed_at) VALUES ('activity.check', $1, $2)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at`)
	readCheck = db.SQL(`SELECT value FROM settings WHERE name = 'activity.check'`)
	putOrder  = db.SQL(`INSERT INTO settings (name, value, changed_at) VALUES ('activity.check.job', $1, $2)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at`)
	readOrder = db.SQL(`SELECT value FROM settings WHERE name = 'activity.check.job'`)
)

// keepCheck keeps what a verification found.
var keepCheck = op.Define(op.Spec{Name: "audit.verify.keep", Action: "audit.verify", Write: true},
	func(ctx context.Context, u *op.Unit, in Check) (struct{}, error) {
		in.At = u.Now
		text, err := json.Marshal(in)
		if err != nil {
			return struct{}{}, err
		}
		_, err = u.Exec(ctx, putCheck, string(text), db.Micros(u.Now))
		return struct{}{}, err
	})

// lastCheck returns the newest check, nil for none.
func lastCheck(ctx context.Context, t *db.Tx) (*Check, error) {
	var text string
	found, err := t.Found(ctx, readCheck, nil, &text)
	if !found || err != nil {
		return nil, err
	}
	c := new(Check)
	if err := json.Unmarshal([]byte(text), c); err != nil {
		return nil, fmt.Errorf("last check of the activity log: %w", err)
	}
	return c, nil
}

// GetChain returns how the chain stands.
var GetChain = op.Define(op.Spec{Name: "audit.chain", Action: "audit.view"},
	func(ctx context.Context, u *op.Unit, _ struct{}) (c Chain, err error) {
		if c.Last, err = lastCheck(ctx, u.Tx); err != nil {
			return c, err
		}
		var ordered string
		if _, err := u.Found(ctx, readOrder, nil, &ordered); err != nil {
			return c, err
		}
		j, found, err := job.Find(ctx, u.Tx, ordered)
		if found {
			c.Under, c.Done, c.Total = j.State, j.Done, j.Total
		}
		return c, err
	})

// OrderCheck has the chain verified by a job, and leaves a record. While one is
// under way another is not begun.
var OrderCheck = op.Define(op.Spec{Name: "audit.verify.order", Action: "audit.verify", Write: true},
	func(ctx context.Context, u *op.Unit, _ struct{}) (struct{}, error) {
		ordered, err := checking.Enqueue(ctx, u, order{u.Actor.UserName}, job.Order{Dedup: "chain"})
		if err != nil {
			return struct{}{}, err
		}
		if _, err := u.Exec(ctx, putOrder, ordered, db.Micros(u.Now)); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, u.Record(ctx, op.Record{Operation: "verify_activity_log", Resource: "activity"})
	})

// order is a check that somebody wants.
type order struct{ By string }

// checking verifies the chain, also against the head that the last check found:
// who rewrote the chain since has to have rewritten that, too.
var checking = job.DefineLong("activity.verify", job.Options{Tries: 3}, func(ctx context.Context, l *job.Long, in order) error {
	c := Check{By: in.By}
	var known []Head
	err := l.Step(ctx, nil, func(ctx context.Context, u *op.Unit) error {
		last, err := lastCheck(ctx, u.Tx)
		if last != nil && last.Head.Number > 0 {
			known = []Head{last.Head} // a step may run again
		}
		return err
	})
	if err != nil {
		return err
	}
	c.Report, err = verify(ctx, l.Kernel, l.Actor(), known, func(done, total int64) error {
		l.Done, l.Total = done, total
		return l.Step(ctx, nil, nil)
	})
	if err != nil {
		return err
	}
	l.Result = fmt.Sprintf("%d records under %d seals are whole", c.Records, c.Seals)
	if c.Broken != nil {
		l.Result = c.Broken.String()
	}
	_, err = keepCheck.Do(ctx, l.Kernel, l.Actor(), c)
	return err
})
