// Package event brings what committed operations left behind (op.Unit.Emit) to
// those who react to it: notices, mail, webhooks. Each event is handled in one
// transaction that also marks it as handled, so it is handled once, whatever
// crashes; and those that wait have an index of their own, so that nobody looks
// through old ones.
package event

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/job"
	"comptoir/internal/op"
)

// Event is something that happened.
type Event struct {
	ID string
	// Name is as it was emitted: "verification-decided".
	Name string
	// Tenant is the organisation to tell, Customer the customer that it is about,
	// "" for none, and CustomerName the original name of that customer (rule C32).
	Tenant, Customer id.Tenant
	CustomerName     string
	// Resource is the path of what changed.
	Resource string
	// User and UserName are who did it; empty when nobody did.
	User     id.User
	UserName string
	At       time.Time

	payload string
}

// Read puts what the event tells beyond its members into v; an event that tells
// nothing leaves v as it is.
func (e Event) Read(v any) error {
	if e.payload == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(e.payload), v); err != nil {
		return fmt.Errorf("event %s %s: %w", e.Name, e.ID, err)
	}
	return nil
}

// Reactor handles events, in the order in which they happened, inside the
// transaction of u. What it does outside of it may happen again.
type Reactor func(ctx context.Context, u *op.Unit, events []Event) error

var reactors []Reactor

// React has r handle all events from now on. It is for package-level variables
// and init functions only.
func React(r Reactor) Reactor {
	reactors = append(reactors, r)
	return r
}

const (
	// batch is how many events one transaction handles.
	batch = 200
	// tries is how often an event is tried before it is set aside, so that those
	// behind it need not wait for ever.
	tries = 6
)

var (
	waiting = db.SQL(`SELECT e.id, e.tenant_id, e.customer_id, e.name, e.resource, e.payload, e.at,
		COALESCE(a.customer_name, ''), COALESCE(a.user_id, ''), COALESCE(a.user_name, '')
		FROM events e LEFT JOIN activity a ON a.id = e.activity_id WHERE e.handled_at = 0 ORDER BY e.id LIMIT $1`)
	// The transaction sees no other events than those that it read, which are the
	// first that wait.
	markHandled = db.SQL(`UPDATE events SET handled_at = $2 WHERE handled_at = 0 AND id <= $1`)
	setAside    = db.SQL(`UPDATE events SET handled_at = -1 WHERE id = $1`)
	takeUp      = db.SQL(`UPDATE events SET handled_at = 0
		WHERE id IN (SELECT id FROM events WHERE handled_at = -1 ORDER BY id LIMIT $1)`)
	countAside = db.SQL(`SELECT id FROM events WHERE handled_at = -1 LIMIT $1`)
)

// Brings waiting events to the reactors. After a failure it takes one at a time,
// so that a single one can be set aside.
var _ = job.Define("event.dispatch", job.Options{Next: job.Every(time.Minute), On: op.EventLeft, Tries: tries, Delay: delay},
	func(ctx context.Context, u *op.Unit, r *job.Run, _ struct{}) error {
		size := batch
		if r.Try > 1 {
			size = 1
		}
		events, err := read(ctx, u.Tx, size)
		if err != nil || len(events) == 0 {
			return err
		}
		if r.Try < tries {
			if err := handle(ctx, u, events); err != nil {
				return err
			}
		} else if _, err := u.Exec(ctx, setAside, events[0].ID); err != nil {
			return err
		}
		if len(events) == size {
			u.LeftWork()
			u.Changed(op.EventLeft)
		}
		return nil
	})

// delay is short at first: a failure that goes by itself should not be noticed.
func delay(try int) time.Duration { return time.Second << (2 * (try - 1)) }

func handle(ctx context.Context, u *op.Unit, events []Event) error {
	// First, so that an event that a reactor leaves behind is not among them.
	if _, err := u.Exec(ctx, markHandled, events[len(events)-1].ID, db.Micros(u.Now)); err != nil {
		return err
	}
	for _, r := range reactors {
		if err := r(ctx, u, events); err != nil {
			return fmt.Errorf("events from %s %s: %w", events[0].Name, events[0].ID, err)
		}
	}
	return nil
}

func read(ctx context.Context, t *db.Tx, limit int) ([]Event, error) {
	return db.All(ctx, t, waiting, []any{limit}, func(row db.Row) (Event, error) {
		var e Event
		var at int64
		err := row.Scan(&e.ID, &e.Tenant, &e.Customer, &e.Name, &e.Resource, &e.payload, &at, &e.CustomerName, &e.User, &e.UserName)
		e.At = db.Time(at)
		return e, err
	})
}

// asideShown is how many events that were set aside are counted.
const asideShown = 1000

// Aside returns how many events were set aside because handling them failed again
// and again, up to 1000.
var Aside = op.Define(op.Spec{Name: "event.aside", Action: "job.inspect"},
	func(ctx context.Context, u *op.Unit, _ struct{}) (n int, err error) {
		rows, err := u.Query(ctx, countAside, asideShown)
		if err != nil {
			return 0, err
		}
		defer rows.Close()
		for rows.Next() {
			n++
		}
		return n, rows.Err()
	})

// Retry takes up the events again that were set aside, up to 1000, and returns
// how many.
var Retry = op.Define(op.Spec{Name: "event.retry", Action: "job.manage", Write: true},
	func(ctx context.Context, u *op.Unit, _ struct{}) (int64, error) {
		n, err := u.Exec(ctx, takeUp, asideShown)
		if err != nil || n == 0 {
			return n, err
		}
		u.LeftWork()
		u.Changed(op.EventLeft)
		return n, u.Record(ctx, op.Record{Operation: "retry_events", Resource: "job", Data: map[string]string{"events": fmt.Sprint(n)}})
	})
