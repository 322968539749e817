// Package gdapbulk does for many admin relationships at once what package gdap does
// for one: it takes a file of orders, says of every row what it would come to, and
// has the rows done by a job, each exactly once and by the rules of the single
// operation (rules F1, F7, F8, F10).
package gdapbulk

import (
	"time"

	"comptoir/internal/fault"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/policy"
)

// Kind says what is done with the rows of a batch.
type Kind string

// The kinds.
const (
	Asking    Kind = "request"   // ask customers for roles (rule F1)
	Extending Kind = "extend"    // switch auto extension on or off (rule F7)
	Assigning Kind = "assign"    // give roles to security groups (rule F8)
	Ending    Kind = "terminate" // terminate relationships, or withdraw requests (rule F10)
)

// Kinds returns all kinds.
func Kinds() []Kind { return []Kind{Asking, Extending, Assigning, Ending} }

// Action returns the row of the matrix that decides about k.
func (k Kind) Action() policy.Action {
	switch k {
	case Asking:
		return "gdap.request"
	case Assigning:
		return "gdap.assign"
	case Extending, Ending:
	}
	return "gdap.end"
}

// Stage says where a batch is in its life.
type Stage string

// The stages.
const (
	Planned   Stage = "planned" // was looked at, and nothing is done yet
	Waiting   Stage = "waiting" // started, and not taken up yet
	Running   Stage = "running"
	Done      Stage = "done"
	Failed    Stage = "failed"    // rows that have their outcome keep it
	Cancelled Stage = "cancelled" // likewise
)

// Active reports whether a job works, or will work, on a batch at the stage s.
func (s Stage) Active() bool { return s == Waiting || s == Running }

// Outcome is what became, or will become, of a row.
type Outcome string

// The outcomes.
const (
	Ready   Outcome = "ready" // will be done
	Made    Outcome = "made"
	Known   Outcome = "known" // is as the row wants it already
	Refused Outcome = "refused"
)

// Batch is a file of orders of one person for one sort of thing.
type Batch struct {
	Partner  id.Tenant
	ID       string
	User     id.User // whose it is; empty for the command line
	UserName string
	Kind     Kind
	File     string // its name, for people
	Stage    Stage
	// Total counts the rows, Made, Known and Refused those with that outcome.
	Total, Made, Known, Refused int64

	PlannedAt, StartedAt, FinishedAt time.Time // zero until then

	locale, job string
}

// Ready counts the rows that are left to be done.
func (b Batch) Ready() int64 { return b.Total - b.Made - b.Known - b.Refused }

// Ended reports whether nothing more is done of b, however it ended.
func (b Batch) Ended() bool { return b.Stage != Planned && !b.Stage.Active() }

// Undone counts the rows that another try would take: those that were refused and,
// where a batch has ended before its time, those that it has not come to.
func (b Batch) Undone() int64 {
	if b.Ended() {
		return b.Refused + b.Ready()
	}
	return b.Refused
}

// Of counts the rows with an outcome, "" for all.
func (b Batch) Of(o Outcome) int64 {
	switch o {
	case Ready:
		return b.Ready()
	case Made:
		return b.Made
	case Known:
		return b.Known
	case Refused:
		return b.Refused
	}
	return b.Total
}

// count adds n rows with an outcome; those that are ready count in Total alone.
func (b *Batch) count(o Outcome, n int64) {
	switch o {
	case Made:
		b.Made += n
	case Known:
		b.Known += n
	case Refused:
		b.Refused += n
	case Ready:
	}
}

// Row is one row of a batch: what the file says and what was found for it.
type Row struct {
	Number int64 // from 1
	Line   int64 // of the file, from 1
	Given  Given

	Customer     id.Tenant // whom the relationship binds, or is to bind
	CustomerName string
	// Relationship is the id of the relationship that is changed or, of one that is
	// asked for, was made; empty until then. Name is what it is called.
	Relationship, Name string
	Group              id.Group
	GroupName          string
	Roles              gdap.Set
	Duration           string // ISO 8601
	AutoExtend         string // ISO 8601

	Outcome Outcome
	// Faults say why it was refused, at columns of the file; nil otherwise.
	Faults fault.List
}

// settled returns row with the outcome that err means: none is what is expected. An
// error that is no refusal is returned.
func (row Row) settled(expected Outcome, err error) (Row, error) {
	row.Outcome, row.Faults = expected, nil
	if err == nil {
		return row, nil
	}
	row.Outcome, row.Faults = Refused, atColumns(fault.All(err))
	if len(row.Faults) == 0 {
		return row, err
	}
	return row, nil
}
