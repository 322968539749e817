// Package report judges what was measured against the goals and against an
// earlier run, and prints it.
package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// Row is one thing that was measured, with its goal.
type Row struct {
	Measure string
	Figure  string // as it is printed: "9 800/s"
	Floor   string // the same of the floor; empty where there is none
	// Value is what is judged: a ratio, or a figure in Unit.
	Value float64
	Unit  string // "" for a ratio
	Goal  Goal
}

// Goal is a bound that a value has to keep.
type Goal struct {
	AtLeast bool // else at most
	Limit   float64
}

// AtLeast returns the goal of reaching limit.
func AtLeast(limit float64) Goal { return Goal{true, limit} }

// AtMost returns the goal of staying within limit.
func AtMost(limit float64) Goal { return Goal{false, limit} }

// Met reports whether r keeps its goal.
func (r Row) Met() bool {
	if r.Goal.AtLeast {
		return r.Value >= r.Goal.Limit
	}
	return r.Value <= r.Goal.Limit
}

// Baseline is what an earlier run measured: the value of each measure. Ratios
// can be compared between machines, seconds cannot.
type Baseline struct {
	Machine string
	Values  map[string]float64
}

// ReadBaseline reads the baseline in a file; without the file it is empty.
func ReadBaseline(path string) (Baseline, error) {
	var b Baseline
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return b, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &b)
	}
	if err != nil {
		return b, fmt.Errorf("baseline %s: %w", path, err)
	}
	return b, nil
}

// Empty reports whether there was no earlier run.
func (b Baseline) Empty() bool { return len(b.Values) == 0 }

// With returns b with the values of rows in place of its own.
func (b Baseline) With(machine string, rows []Row) Baseline {
	next := Baseline{Machine: machine, Values: make(map[string]float64)}
	for measure, value := range b.Values {
		next.Values[measure] = value
	}
	for _, r := range rows {
		next.Values[r.Measure] = r.Value
	}
	return next
}

// Write writes b to a file.
func (b Baseline) Write(path string) error {
	text, err := json.MarshalIndent(b, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644) //nolint:gosec // a page of the documentation
}

// change says how far r is from the baseline, in percent; "" when the baseline
// does not know it, or knows it from another machine and it is no ratio.
func (b Baseline) change(machine string, r Row) string {
	old, known := b.Values[r.Measure]
	if !known || old == 0 || (r.Unit != "" && b.Machine != machine) {
		return ""
	}
	return fmt.Sprintf("%+.0f %%", 100*(r.Value-old)/old)
}

// header names the columns; the change comes last.
var header = []string{"Measure", "Comptoir", "Floor", "Judged", "Goal", "", "Change"}

// cells returns the table, the header first.
func cells(machine string, rows []Row, b Baseline) [][]string {
	table := [][]string{header}
	for _, r := range rows {
		verdict := "ok"
		if !r.Met() {
			verdict = "**miss**"
		}
		table = append(table, []string{
			r.Measure, r.Figure, r.Floor, value(r.Value, r.Unit), r.Goal.text(r.Unit), verdict, b.change(machine, r),
		})
	}
	return table
}

func (g Goal) text(unit string) string {
	if g.AtLeast {
		return "≥ " + value(g.Limit, unit)
	}
	return "≤ " + value(g.Limit, unit)
}

// value prints a value: a ratio with two digits, others as short as it goes.
func value(v float64, unit string) string {
	if unit == "" {
		return fmt.Sprintf("%.2f", v)
	}
	return Number(v) + " " + unit
}

// Number prints v with three significant digits and a blank between thousands.
func Number(v float64) string {
	switch {
	case v >= 1000:
		return fmt.Sprintf("%s %03d", Number(float64(int(v)/1000)), int(v)%1000)
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0")
	}
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", v), "0"), ".")
}

// Text returns the table for a terminal.
func Text(machine string, rows []Row, b Baseline) string {
	var s strings.Builder
	fmt.Fprintln(&s, machine)
	table := cells(machine, rows, b)
	widths := widths(table)
	for _, line := range table {
		for i, cell := range line {
			fmt.Fprintf(&s, "%-*s  ", widths[i], strings.ReplaceAll(cell, "*", ""))
		}
		s.WriteByte('\n')
	}
	return s.String()
}

// Markdown returns the table for the documentation, without the change.
func Markdown(machine string, rows []Row) string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s\n\n", machine)
	for i, line := range cells(machine, rows, Baseline{}) {
		line = line[:len(line)-1]
		fmt.Fprintf(&s, "| %s |\n", strings.Join(line, " | "))
		if i == 0 {
			s.WriteString("|" + strings.Repeat("---|", len(line)) + "\n")
		}
	}
	return s.String()
}

func widths(table [][]string) []int {
	w := make([]int, len(table[0]))
	for _, line := range table {
		for i, cell := range line {
			w[i] = max(w[i], len([]rune(strings.ReplaceAll(cell, "*", ""))))
		}
	}
	return w
}
