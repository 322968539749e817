package db

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
)

// Stmt is one SQL statement of the program. All of them are known before the
// program starts, so that a test can prepare each on both engines and look at
// its plan.
type Stmt struct {
	text string
	site string // file:line of the declaration
	scan string // why a scan is meant; empty when the statement must use an index
	lock bool   // the rows found are claimed
	read bool   // it changes nothing
}

var registry struct {
	sync.Mutex
	all []*Stmt
}

// SQL declares a statement. It is for package-level variables only. The same
// text serves both engines: $1 placeholders, no functions of one engine, no
// OFFSET. A test holds that its plan uses an index.
func SQL(text string) *Stmt { return declare(text, "") }

// Scan declares a statement that reads a whole table on purpose, for reason:
// an export, a small table of the operator, a verification of everything.
func Scan(text, reason string) *Stmt {
	if reason == "" {
		panic("db: a scan needs a reason")
	}
	return declare(text, reason)
}

// Claim declares a SELECT of rows of which each shall go to one of several
// workers: on PostgreSQL it locks them and passes over those that another
// transaction has locked. SQLite has one writer and needs nothing.
func Claim(text string) *Stmt {
	s := declare(text, "")
	s.lock = true
	return s
}

// Dynamic returns a statement that is made while the program runs, because it
// names tables that only the schema knows. It is for export and import alone,
// and no test looks at its plan.
func Dynamic(text string) *Stmt {
	return &Stmt{text: text, site: "dynamic statement", scan: "made from the schema", read: reads(text)}
}

func declare(text, reason string) *Stmt {
	_, file, line, _ := runtime.Caller(2)
	s := &Stmt{text: planOnce(text), site: fmt.Sprintf("%s:%d", file, line), scan: reason, read: reads(text)}
	registry.Lock()
	defer registry.Unlock()
	registry.all = append(registry.all, s)
	return s
}

// reads reports whether a statement is sure to change nothing.
func reads(text string) bool { return strings.HasPrefix(strings.TrimSpace(text), "SELECT") }

// planOnce hides the values of LIMIT and LIKE behind casts. SQLite looks at them
// when it plans a statement, and so would parse and plan it anew with every
// value.
func planOnce(text string) string {
	for _, hidden := range []struct{ before, cast string }{{"LIMIT $", "BIGINT"}, {"LIKE $", "TEXT"}} {
		var b strings.Builder
		for {
			before, after, found := strings.Cut(text, hidden.before)
			b.WriteString(before)
			if !found {
				break
			}
			text = strings.TrimLeft(after, "0123456789")
			number := after[:len(after)-len(text)]
			fmt.Fprintf(&b, "%sCAST($%s AS %s)", strings.TrimSuffix(hidden.before, "$"), number, hidden.cast)
		}
		text = b.String()
	}
	return text
}

// Statements returns every declared statement, for tests.
func Statements() []*Stmt {
	registry.Lock()
	defer registry.Unlock()
	return append([]*Stmt(nil), registry.all...)
}

// Text returns the SQL of s.
func (s *Stmt) Text() string { return s.text }

// On returns the SQL of s as an engine runs it.
func (s *Stmt) On(e Engine) string {
	if s.lock && e == Postgres {
		return s.text + " FOR UPDATE SKIP LOCKED"
	}
	return s.text
}

// Site returns the file and line where s is declared.
func (s *Stmt) Site() string { return s.site }

// ScanReason returns why s may read a whole table, or "" when it may not.
func (s *Stmt) ScanReason() string { return s.scan }
