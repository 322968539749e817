package op

import (
	"context"

	"comptoir/internal/id"
	"comptoir/internal/policy"
)

// May returns nil when a may do action, and otherwise the refusal that an
// operation of that action would give for who a is. write says whether it would
// change something. How a is linked with a customer is not looked at: an edge
// asks to decide whether to offer a command, not instead of the operation.
func (k *Kernel) May(a Actor, action policy.Action, write bool) error {
	row, ok := k.Policy.Row(action)
	if !ok {
		return row.Decide(policy.Subject{}, write)
	}
	return row.Decide(a.subject(), write)
}

// May is Kernel.May for the actor of u, for what an operation offers beyond that
// which its own row allows.
func (u *Unit) May(action policy.Action, write bool) error {
	return u.kernel.May(u.Actor, action, write)
}

// MayAs returns what an operation of action, which may change something, would say to
// a about customer: of the roles and the type of organisation, and of the link with
// the customer; nil each for nothing.
func (u *Unit) MayAs(ctx context.Context, a Actor, action policy.Action, write bool, customer id.Tenant) (role, link, failed error) {
	role = u.kernel.May(a, action, write)
	row, ok := u.kernel.Policy.Row(action)
	if !ok || !row.AsksForLink() || u.kernel.Link == nil {
		return role, nil, nil
	}
	found, err := u.kernel.Link(ctx, u.Tx, a, customer)
	if err != nil {
		return role, nil, err
	}
	return role, row.DecideLink(found), nil
}
