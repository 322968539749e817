package op

import "comptoir/internal/policy"

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
