package db

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// In is a statement with a list of keys whose number is not known beforehand.
// It is kept in a few lengths, so that all texts are known all the same.
type In struct{ stmts []*Stmt }

// inSizes are the lengths of lists that are prepared.
var inSizes = []int{1, 4, 16}

// SQLIn declares a statement whose list stands where the text says "(?)":
// "SELECT … WHERE owner = $1 AND name IN (?)". Other placeholders are numbered
// from $1 and each used once.
func SQLIn(text string) *In {
	before, after, ok := strings.Cut(text, "(?)")
	if !ok {
		panic("db: a statement with a list has a (?): " + text)
	}
	fixed := strings.Count(text, "$")
	s := new(In)
	for _, n := range inSizes {
		list := make([]string, n)
		for i := range list {
			list[i] = fmt.Sprintf("$%d", fixed+i+1)
		}
		s.stmts = append(s.stmts, declare(before+"("+strings.Join(list, ", ")+")"+after, ""))
	}
	return s
}

// QueryIn runs s with the values of its other placeholders for keys, in as many
// steps as it takes, and calls each for every row. Keys that are repeated give
// their rows once a step.
func (t *Tx) QueryIn(ctx context.Context, s *In, fixed, keys []any, each func(rows *sql.Rows) error) error {
	for len(keys) > 0 {
		i := 0
		for i < len(inSizes)-1 && inSizes[i] < len(keys) {
			i++
		}
		step := keys[:min(len(keys), inSizes[i])]
		keys = keys[len(step):]
		if err := t.queryIn(ctx, s.stmts[i], filled(fixed, step, inSizes[i]), each); err != nil {
			return err
		}
	}
	return nil
}

// filled returns fixed and keys, with the last key repeated until there are n.
func filled(fixed, keys []any, n int) []any {
	all := append(make([]any, 0, len(fixed)+n), fixed...)
	all = append(all, keys...)
	for len(all) < len(fixed)+n {
		all = append(all, keys[len(keys)-1])
	}
	return all
}

func (t *Tx) queryIn(ctx context.Context, s *Stmt, keys []any, each func(rows *sql.Rows) error) error {
	rows, err := t.Query(ctx, s, keys...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
