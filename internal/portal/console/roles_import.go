package console

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"comptoir/internal/fault"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
)

// exportMatrix sends the operator's changes as a file that importMatrix reads.
func exportMatrix(v *visit.Visit) error {
	all, err := visit.Do(v, op.Matrix, struct{}{})
	if err != nil {
		return err
	}
	h := v.Writer.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="roles.csv"`)
	w := csv.NewWriter(v.Writer)
	rows := [][]string{{"action", "role", "grant"}}
	for _, c := range all {
		rows = append(rows, []string{string(c.Action), c.Role.Names()[0], c.Grant.String()})
	}
	return w.WriteAll(rows)
}

// importing is the form that takes such a file.
type importing struct {
	*visit.Visit
	text  string
	whole bool
	said  visit.Verdicts
}

func (i *importing) frame() block.Frame {
	f := i.Frame(i.T("console.roles.import"), visit.Roles)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: i.T("console.roles.title"), Href: visit.RolesPath})
	return f
}

func askImport(v *visit.Visit) error {
	if err := v.Kernel().May(v.Actor, "setting.update", true); err != nil {
		return err
	}
	i := &importing{Visit: v, whole: true}
	return v.Show(importPage(i, i.frame()))
}

func importMatrix(v *visit.Visit) error {
	if err := v.Kernel().May(v.Actor, "setting.update", true); err != nil {
		return err
	}
	i := &importing{Visit: v, text: v.Form("changes"), whole: v.Form("whole") == "yes"}
	cells, err := readCells(i.text)
	if err == nil {
		var changed int
		changed, err = v.Kernel().UpdateMatrix(v.Context(), v.Actor, op.MatrixChange{Cells: cells, Whole: i.whole})
		if err == nil {
			v.Toast(v.N("console.roles.imported", int64(changed)))
			return v.Redirect(visit.RolesPath)
		}
	}
	var line *lineError
	switch {
	case errors.As(err, &line):
		i.said.Refuse("changes", v.T("console.roles.line", "Line", line.number))
	case fault.KindOf(err) == fault.Invalid:
		i.said.Refuse("changes", v.Sentence(err))
	default:
		return err
	}
	return v.ShowAs(http.StatusBadRequest, importPage(i, i.frame()))
}

// lineError says which line of an import cannot be read.
type lineError struct{ number int }

func (e *lineError) Error() string { return fmt.Sprintf("line %d cannot be read", e.number) }

// readCells reads the lines of exportMatrix, the heading or not.
func readCells(text string) ([]policy.Change, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = 3
	r.TrimLeadingSpace = true
	var cells []policy.Change
	for {
		record, err := r.Read()
		var malformed *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return cells, nil
		case errors.As(err, &malformed):
			return nil, &lineError{malformed.Line}
		case err != nil:
			return nil, err
		case record[0] == "action":
			continue
		}
		role, known := policy.ParseRole(record[1])
		grant, valid := policy.ParseGrant(record[2])
		if !known || !valid {
			line, _ := r.FieldPos(0)
			return nil, &lineError{line}
		}
		cells = append(cells, policy.Change{Action: policy.Action(record[0]), Role: role, Grant: grant})
	}
}
