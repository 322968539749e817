package op

import (
	"context"
	"errors"
	"fmt"

	"comptoir/internal/clock"
	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/policy"
)

// task is an operation with its input and the place of its result.
type task struct {
	*definition
	in  any
	out any // points to the result
}

func (k *Kernel) do(ctx context.Context, a *Actor, t task) error {
	watch := clock.Start()
	err := k.decide(ctx, a, t)
	outcome := "ok"
	if err != nil {
		outcome = fault.KindOf(err).String()
		k.refused(ctx, t.spec, a, t.in, err)
	}
	k.observed(Observation{Action: policy.Action(t.spec.Name), Outcome: outcome, Took: watch.Elapsed()})
	return err
}

// decide holds the actor against the matrix and runs t in its transaction.
func (k *Kernel) decide(ctx context.Context, a *Actor, t task) error {
	row, ok := k.Policy.Row(t.spec.Action)
	if !ok {
		return fmt.Errorf("op: policy has no row for %s", t.spec.Action)
	}
	if err := row.Decide(a.subject(), t.spec.Write); err != nil {
		return err
	}
	if !t.spec.Write {
		return k.DB.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
			return t.run(ctx, k.unit(tx, a, t.spec), row)
		})
	}
	replay, err := newReplay(a, t.spec, t.in)
	if err != nil {
		return err
	}
	if change := t.planned(ctx, k, a, row); change != nil {
		if err := t.write(ctx, k, a, replay, change); !errors.Is(err, ErrOvertaken) {
			return err
		}
	}
	return t.write(ctx, k, a, replay, func(ctx context.Context, u *Unit) error { return t.run(ctx, u, row) })
}

// write makes change in a transaction, unless the same request was answered before.
func (t task) write(ctx context.Context, k *Kernel, a *Actor, r replay, change step) error {
	var left bool
	var changed []string
	err := k.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if found, err := r.find(ctx, tx, t.out); found || err != nil {
			return err
		}
		u := k.unit(tx, a, t.spec)
		if err := change(ctx, u); err != nil {
			return err
		}
		left, changed = u.left, u.changed
		return r.keep(ctx, tx, u.Now, t.out)
	})
	if err != nil {
		return err
	}
	k.tell(changed)
	k.follow(ctx, changed)
	if left {
		k.signal()
	}
	return nil
}

// do holds the actor of u against the matrix and runs t in the transaction of u.
func (u *Unit) do(ctx context.Context, t task) error {
	row, ok := u.kernel.Policy.Row(t.spec.Action)
	if !ok {
		return fmt.Errorf("op: policy has no row for %s", t.spec.Action)
	}
	if err := row.Decide(u.Actor.subject(), t.spec.Write); err != nil {
		return err
	}
	return t.run(ctx, u, row)
}

// run does all of t in the transaction of u.
func (t task) run(ctx context.Context, u *Unit, row policy.Row) error {
	if err := u.mayReach(ctx, row, t.in); err != nil {
		return err
	}
	if t.plan == nil {
		return t.work(ctx, u, t.in, t.out)
	}
	change, err := t.plan(ctx, u, t.in, t.out)
	if err != nil {
		return err
	}
	return change(ctx, u)
}

// planned returns the change of t, planned ahead of its turn, and nil where it
// is planned when its turn has come. That is also so when the plan fails: the
// same request may have been answered before, which is known only then.
func (t task) planned(ctx context.Context, k *Kernel, a *Actor, row policy.Row) (change step) {
	if t.plan == nil || k.DB.Engine() != db.SQLite {
		return nil
	}
	err := k.DB.Read(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		u := k.unit(tx, a, t.spec)
		if err = u.mayReach(ctx, row, t.in); err == nil {
			change, err = t.plan(ctx, u, t.in, t.out)
		}
		return err
	})
	if err != nil {
		return nil
	}
	return change
}
