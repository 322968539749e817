package importer

import (
	"context"

	"comptoir/internal/op"
	"comptoir/internal/policy"
)

// Doors is an operation that a partner has for its own customers, and the operator
// for those of all partners (V-5): the same work, decided by two rows of the matrix.
type Doors[I, O any] struct{ partner, operator *op.Operation[I, O] }

// doors defines the operation called name: for partners under customer.add, for the
// operator under organization.import.
func doors[I, O any](name string, write bool, work func(ctx context.Context, u *op.Unit, in I) (O, error)) Doors[I, O] {
	return Doors[I, O]{
		partner:  op.Define(op.Spec{Name: name, Action: "customer.add", Write: write}, work),
		operator: op.Define(op.Spec{Name: "operator." + name, Action: "organization.import", Write: write}, work),
	}
}

// For returns the operation as a has it.
func (d Doors[I, O]) For(a op.Actor) *op.Operation[I, O] {
	if a.Kind == policy.Operator {
		return d.operator
	}
	return d.partner
}

// Do runs the operation for a.
func (d Doors[I, O]) Do(ctx context.Context, k *op.Kernel, a op.Actor, in I) (O, error) {
	return d.For(a).Do(ctx, k, a, in)
}
