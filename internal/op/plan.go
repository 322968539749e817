package op

import (
	"context"
	"errors"
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
	return &Operation[I, O]{definition{spec: declare(spec), plan: func(ctx context.Context, u *Unit, in, out any) (step, error) {
		change, err := plan(ctx, u, in.(I))
		return func(ctx context.Context, u *Unit) (err error) { *out.(*O), err = change(ctx, u); return err }, err
	}}}
}
