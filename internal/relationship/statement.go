package relationship

import (
	"context"

	"comptoir/internal/fault"
	"comptoir/internal/lang"
	"comptoir/internal/op"
)

// StatementVersion is the version of the text of the good-faith statement. A text
// that says something else gets another one.
const StatementVersion = "1"

// Statement is what a person states who ends a relation with a customer or a
// partnership (rule E25).
type Statement struct {
	Version  string // of the text that was shown
	Language string // in which it was shown: "en", "fr" or "sv"
	Made     bool   // the tick
}

// Refusals of a statement.
var (
	// ErrNotStated refuses to end anything without the statement.
	ErrNotStated = fault.New(fault.Invalid, "3000", "partnership.statement.missing")
	// ErrOtherStatement refuses a statement whose text is no longer the one in force.
	ErrOtherStatement = fault.New(fault.Conflict, "3000", "partnership.statement.other")
)

// StatementText returns the text in force, in a language.
func StatementText(language string) string { return lang.For(language).T("partnership.statement") }

// Check refuses a statement that was not made, or not with the text in force.
func (s Statement) Check() error {
	switch {
	case !s.Made:
		return ErrNotStated.On("statement")
	case s.Version != StatementVersion:
		return ErrOtherStatement.On("statement")
	}
	return nil
}

// stated is a statement as the log keeps it. Who made it, when and from which
// address stands in the record itself, which is sealed like all others.
type stated struct{ Version, Language, Text string }

// Keep writes a statement that Check lets pass to the log, with the words that were
// shown; about says what it is about.
func (s Statement) Keep(ctx context.Context, u *op.Unit, about op.Record) error {
	about.Operation = "accept_statement"
	p := lang.For(s.Language)
	about.New = stated{s.Version, p.Tag(), StatementText(p.Tag())}
	return u.Record(ctx, about)
}
