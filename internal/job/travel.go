package job

import (
	"context"
	"errors"
	"fmt"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// RunDue runs everything that is due now, and what that leaves behind for now,
// one after the other in the order of its time. It returns how many tries it
// made.
func (w *Workers) RunDue(ctx context.Context) (int, error) {
	if err := w.schedule(ctx); err != nil {
		return 0, err
	}
	w.pullAll()
	for n := 0; ; n++ {
		claims, err := w.claim(ctx, 1)
		if err != nil {
			return n, fmt.Errorf("due jobs: %w", err)
		}
		if len(claims) == 0 {
			return n, nil
		}
		w.try(ctx, claims[0])
		if ctx.Err() != nil {
			return n, ctx.Err()
		}
	}
}

// departure allows a journey and puts it into the activity log.
var departure = op.Define(op.Spec{Name: "clock.travel", Action: "clock.move", Write: true},
	func(ctx context.Context, u *op.Unit, to time.Time) (struct{}, error) {
		switch {
		case !u.Sandbox:
			return struct{}{}, refusal.SandboxOnly
		case to.Before(u.Now):
			return struct{}{}, op.ErrClockBackwards.On("to")
		}
		return struct{}{}, u.Record(ctx, op.Record{
			Operation: "move_clock", Resource: "installation",
			Old: u.Now.Format(time.RFC3339Nano), New: to.UTC().Format(time.RFC3339Nano),
		})
	})

// Travel moves the clock of a sandbox ahead. It stops at every time at which
// something is due and lets it be done there, so that everything happens in the
// order and at the time at which it would have. Workers of this and other
// processes may help; the clock waits for them. Travel returns how many tries at
// jobs it made itself.
func (w *Workers) Travel(ctx context.Context, a op.Actor, to time.Time) (int, error) {
	if _, err := departure.Do(ctx, w.kernel, a, to); err != nil {
		return 0, err
	}
	for n := 0; ; {
		ran, err := w.settleDown(ctx)
		n += ran
		if err != nil {
			return n, err
		}
		stop, err := w.nextStop(ctx, to)
		if err != nil {
			return n, err
		}
		// Time goes on meanwhile, so a stop may have been reached without moving.
		err = w.kernel.MoveClock(ctx, a, op.SetClock{To: stop})
		if err != nil && !errors.Is(err, op.ErrClockBackwards) {
			return n, err
		}
		if !stop.Before(to) {
			ran, err = w.settleDown(ctx)
			return n + ran, err
		}
	}
}

// settleDown runs what is due until nothing is, and nobody else runs anything
// that a later time must wait for.
func (w *Workers) settleDown(ctx context.Context) (int, error) {
	for n := 0; ; {
		ran, err := w.RunDue(ctx)
		n += ran
		if err != nil {
			return n, err
		}
		busy, err := w.busy(ctx)
		if err != nil || !busy {
			return n, err
		}
		select {
		case <-ctx.Done():
			return n, ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// busy reports whether a job runs that a later time must wait for.
func (w *Workers) busy(ctx context.Context) (busy bool, err error) {
	err = w.kernel.DB.Read(ctx, func(ctx context.Context, t *db.Tx) error {
		rows, err := t.Query(ctx, runningKinds)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				return err
			}
			busy = busy || !kinds[name].incidental() || kinds[name].reacts()
		}
		return rows.Err()
	})
	return busy, err
}

// nextStop returns the first time until to at which something is due.
func (w *Workers) nextStop(ctx context.Context, to time.Time) (time.Time, error) {
	stop := to
	err := w.kernel.DB.Read(ctx, func(ctx context.Context, t *db.Tx) error {
		rows, err := t.Query(ctx, queuedInOrder, db.Micros(to))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			var at int64
			if err := rows.Scan(&name, &at); err != nil {
				return err
			}
			if !kinds[name].incidental() {
				stop = db.Time(at)
				return nil
			}
		}
		return rows.Err()
	})
	return stop, err
}
