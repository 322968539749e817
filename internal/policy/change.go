package policy

import (
	"cmp"

	"comptoir/internal/fault"
)

// Change is what an installation decided about one cell of the matrix.
type Change struct {
	Action Action
	Role   Role // one role
	Grant  Grant
}

// Compare orders changes by action and role.
func (c Change) Compare(other Change) int {
	return cmp.Or(cmp.Compare(c.Action, other.Action), cmp.Compare(c.Role, other.Role))
}

// ErrFixed refuses to change a cell that the operator cannot decide about.
var ErrFixed = fault.New(fault.Invalid, "2000", "policy.fixed") // argument Action

// specified is the matrix as the specification gives it.
var specified = New()

// Check returns nil when the operator may decide about the cell of c: it belongs
// to a numbered action, to a role that can have the action at all, and the
// specification leaves it open. Fixed are the actions of the operator and of
// everybody for himself, what keeps the installation working, and what a seed
// refuses to everybody (row c2: the partner does it).
func (c Change) Check() error {
	row, ok := specified.Row(c.Action)
	if !ok || !row.Open(c.Role) {
		return ErrFixed.With("Action", string(c.Action)).On("cell")
	}
	return nil
}

// Open reports whether an installation may decide about the cell of role in r.
func (r Row) Open(role Role) bool {
	_, listed := r.cells[role]
	return listed && !r.Fixed && !r.Self && !r.Anyone && r.Ref != "own" && role&family(Operator) == 0
}

// IsDefault reports whether c leaves its cell as the specification has it.
func (c Change) IsDefault() bool {
	row, _ := specified.Row(c.Action)
	return row.Grant(c.Role) == c.Grant
}

// Apply makes t the matrix of the specification with changes, of which later ones
// go before earlier ones. It returns those that Check refuses, which have no
// effect.
func (t *Table) Apply(changes []Change) (refused []Change) {
	rows := make(map[Action]Row, len(*specified.rows.Load()))
	for action, row := range *specified.rows.Load() {
		rows[action] = row
	}
	for _, c := range changes {
		if c.Check() != nil {
			refused = append(refused, c)
			continue
		}
		row := rows[c.Action]
		cells := make(map[Role]cell, len(row.cells))
		for role, old := range row.cells {
			cells[role] = old
		}
		cells[c.Role] = cell{c.Grant, specified.mark(c)}
		row.cells = cells
		rows[c.Action] = row
	}
	t.rows.Store(&rows)
	return refused
}

// mark is the source of a cell: that of the specification where c says the same,
// "operator" where he decided otherwise.
func (t *Table) mark(c Change) string {
	if row, _ := t.Row(c.Action); row.cells[c.Role].grant == c.Grant {
		return row.cells[c.Role].mark
	}
	return "operator"
}
