package op

import "comptoir/internal/policy"

// Holders returns the roles that may do action in this installation: all of it when
// write is set, at least see it otherwise. It is for refusals that say whom to ask.
func (u *Unit) Holders(action policy.Action, write bool) policy.Role {
	row, _ := u.kernel.Policy.Row(action)
	return row.Holders(write)
}
