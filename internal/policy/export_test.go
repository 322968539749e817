package policy

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Print writes the matrix as a table, for the golden file: one row per action,
// one column per role.
func (t *Table) Print(w io.Writer) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	head := []string{"action", "ref", "org", "app"}
	for _, r := range roleNames {
		head = append(head, r.name)
	}
	fmt.Fprintln(tw, strings.Join(head, "\t"))
	for _, r := range t.Rows() {
		line := []string{string(r.Action), r.Ref, r.Orgs.String(), mark(r.App)}
		for _, n := range roleNames {
			line = append(line, r.field(n.role))
		}
		fmt.Fprintln(tw, strings.Join(line, "\t"))
	}
	return tw.Flush()
}

// field returns what stands in the column of role.
func (r Row) field(role Role) string {
	if r.Anyone || r.Self {
		return "all"
	}
	c := r.cells[role]
	switch c.grant {
	case Allowed:
		return c.mark
	case Read:
		return "r " + c.mark
	default:
		return "-"
	}
}

func mark(b bool) string {
	if b {
		return "y"
	}
	return "-"
}

// String returns the enrolment types in o with the abbreviations of the
// specification: DB, IP, IR.
func (o Org) String() string {
	var parts []string
	for i, name := range []string{"DB", "IP", "IR"} {
		if o&(1<<i) != 0 {
			parts = append(parts, name)
		}
	}
	if len(parts) == 0 {
		return "-"
	}
	return strings.Join(parts, " ")
}
