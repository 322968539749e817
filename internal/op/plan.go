package op

import (
	"context"
	"errors"

	"comptoir/internal/db"
	"comptoir/internal/policy"
)

// Change is what a plan wants to be written. It runs in a write transaction.
type Change[O any] func(ctx context.Context, u *Unit) (O, error)

// ErrOvertaken is returned by a Change that finds that what its plan has read is
// no longer so. Nothing of it stays, and it is planned and made again as a whole.
var ErrOvertaken = errors.New("op: overtaken by another change")

// DefinePlanned declares an operation in two parts: a plan that reads and
// checks, and the change that it returns. SQLite has one writer, which all wait
// for, so there a plan is made beside it, and the change alone has its turn. The
// change must therefore hold whatever it relies on against the database, best
// in the condition of its statement, and return ErrOvertaken when it fails.
// Otherwise it is as Define.
func DefinePlanned[I, O any](spec Spec, plan func(ctx context.Context, u *Unit, in I) (Change[O], error)) *Operation[I, O] {
	spec.Write = true
	return &Operation[I, O]{spec: declare(spec), plan: plan}
}

// planned returns the change of o, planned ahead of its turn, and nil where it
// is planned when its turn has come. That is also so when the plan fails: the
// same request may have been answered before, which is known only then.
func (o *Operation[I, O]) planned(ctx context.Context, k *Kernel, a Actor, row policy.Row, in I) (change Change[O]) {
	if o.plan == nil || k.DB.Engine() != db.SQLite {
		return nil
	}
	err := k.DB.Read(ctx, func(ctx context.Context, t *db.Tx) (err error) {
		u := k.unit(t, a, o.spec)
		if err = u.mayReach(ctx, row, in); err == nil {
			change, err = o.plan(ctx, u, in)
		}
		return err
	})
	if err != nil {
		return nil
	}
	return change
}
