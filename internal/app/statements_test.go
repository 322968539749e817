package app_test

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
)

// Every statement of the program is prepared on both engines, so that no text
// suits one of them only, and its plan is looked at, so that no list grows slow
// with the number of rows.
func TestEveryStatementPreparesAndUsesAnIndex(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		conn, err := d.Pool().Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		plan := sqlitePlan
		if d.Engine() == db.Postgres {
			plan = postgresPlan
			for _, set := range []string{"enable_seqscan = off", "plan_cache_mode = force_generic_plan"} {
				if _, err := conn.ExecContext(t.Context(), "SET "+set); err != nil {
					t.Fatal(err)
				}
			}
		}
		statements := db.Statements()
		if len(statements) < 50 {
			t.Fatalf("only %d statements are declared: are the features linked in?", len(statements))
		}
		for _, s := range statements {
			text := s.On(d.Engine())
			steps, err := plan(t.Context(), conn, text)
			if err != nil {
				t.Errorf("%s: %v\n%s", s.Site(), err, text)
				continue
			}
			if fault := slow(steps, text); fault != "" && s.ScanReason() == "" {
				t.Errorf("%s: %s\n%s", s.Site(), fault, text)
			}
		}
	})
}

// What a partner may do at one customer is looked up with almost every request: an
// index leads to that customer, not through all whom the partner administers.
func TestDelegationToOneCustomerIsFoundByTheCustomer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if d.Engine() != db.SQLite {
			t.Skip("PostgreSQL chooses by what is in the tables")
		}
		conn, err := d.Pool().Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		found := 0
		for _, s := range db.Statements() {
			text := s.On(d.Engine())
			if !strings.Contains(text, "FROM gdap_") || !strings.Contains(text, "partner_id = $1") || !strings.Contains(text, "customer_id = $2") {
				continue
			}
			found++
			steps, err := sqlitePlan(t.Context(), conn, text)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(strings.Join(steps, "\n"), "customer_id=?") {
				t.Errorf("%s: %v\n%s", s.Site(), steps, text)
			}
		}
		if found < 3 {
			t.Errorf("only %d statements are about it", found)
		}
	})
}

// However the closed cases of the verification queue are narrowed, an index leads
// to them in the order of their decision (V-2): no matter how many there are, a
// page is as far away.
func TestClosedCasesAreFoundByAnIndexOfTheirOwn(t *testing.T) {
	indexes := map[string]string{
		"v.decided_at > 0 AND v.status = $1 AND (v.decided_at":     "verification_cases_decided",
		"v.decided_at > 0 AND v.status = $1 AND v.name_key":        "verification_cases_by_name",
		"v.decided_at <> 0 AND v.status = $1 AND v.partner_id = $": "verification_cases_by_partner",
		"v.decided_at <> 0 AND v.status = $1 AND v.country = $":    "verification_cases_by_country",
		"v.decided_at <> 0 AND v.status = $1 AND v.cause = $":      "verification_cases_by_cause",
		"v.decided_at <> 0 AND v.status = $1 AND v.assignee = $":   "verification_cases_by_assignee",
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if d.Engine() != db.SQLite {
			t.Skip("PostgreSQL chooses by what is in the tables")
		}
		conn, err := d.Pool().Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		found := map[string]int{}
		for _, s := range db.Statements() {
			text := s.On(d.Engine())
			for condition, index := range indexes {
				if !strings.Contains(text, condition) {
					continue
				}
				found[index]++
				steps, err := sqlitePlan(t.Context(), conn, text)
				if err != nil || !strings.Contains(strings.Join(steps, "\n"), index+" (") {
					t.Errorf("%s, want %s: %q, %v\n%s", s.Site(), index, steps, err, text)
				}
			}
		}
		for _, index := range indexes {
			if found[index] == 0 {
				t.Errorf("no statement is for %s", index)
			}
		}
	})
}

// slow returns the step that would take longer with every row that is added:
// reading a whole table, or sorting what a page shows the top of. A table that
// the statement itself makes (CO-ROUTINE c) is as long as its own steps allow.
func slow(steps []string, text string) string {
	page := strings.Contains(text, "LIMIT")
	made := map[string]bool{}
	for i, step := range steps {
		if name, ok := strings.CutPrefix(step, "CO-ROUTINE "); ok {
			made["SCAN "+name] = true
		}
		switch {
		case made[step]:
		case strings.Contains(step, "Seq Scan"),
			strings.Contains(step, "AUTOMATIC"), // an index made for each execution
			!page && unbounded(steps, i),
			strings.HasPrefix(step, "SCAN ") && !strings.Contains(step, "CONSTANT ROW") && !(page && strings.Contains(step, "INDEX")),
			page && strings.Contains(step, "TEMP B-TREE FOR ORDER BY"):
			return step
		}
	}
	return ""
}

// oneRow are the indexes that hold one row for the whole installation, so that
// reading all of them is no scan.
var oneRow = []string{"tenants_operator"}

// unbounded reports whether a step of PostgreSQL reads an index from one end to
// the other: no condition follows that bounds it.
func unbounded(steps []string, i int) bool {
	_, index, ok := strings.Cut(steps[i], "Index Scan using ")
	if !ok {
		if _, index, ok = strings.Cut(steps[i], "Index Only Scan using "); !ok {
			return false
		}
	}
	index, _, _ = strings.Cut(index, " ")
	return !slices.Contains(oneRow, index) && (i+1 == len(steps) || !strings.HasPrefix(steps[i+1], "Index Cond"))
}

func sqlitePlan(ctx context.Context, conn *sql.Conn, text string) ([]string, error) {
	args := make([]any, placeholders(text))
	rows, err := conn.QueryContext(ctx, "EXPLAIN QUERY PLAN "+text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			return nil, err
		}
		steps = append(steps, step)
	}
	return steps, rows.Err()
}

func postgresPlan(ctx context.Context, conn *sql.Conn, text string) ([]string, error) {
	if _, err := conn.ExecContext(ctx, "PREPARE looked_at AS "+text); err != nil {
		return nil, err
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), "DEALLOCATE looked_at") // the connection is thrown away
	explain := "EXPLAIN EXECUTE looked_at"
	if n := placeholders(text); n > 0 {
		explain += "(" + strings.TrimSuffix(strings.Repeat("NULL,", n), ",") + ")"
	}
	rows, err := conn.QueryContext(ctx, explain)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var step string
		if err := rows.Scan(&step); err != nil {
			return nil, err
		}
		steps = append(steps, strings.TrimSpace(step))
	}
	return steps, rows.Err()
}

// placeholders returns the highest $n in text.
func placeholders(text string) int {
	n := 0
	for strings.Contains(text, fmt.Sprint("$", n+1)) {
		n++
	}
	return n
}
