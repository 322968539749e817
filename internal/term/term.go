package term

import (
	"errors"
	"fmt"
	"time"
)

// The reasons for which there is no such term.
var (
	// ErrBilling: the term is no whole number of charge cycles.
	ErrBilling = errors.New("term: cannot be billed so")
	// ErrEnd: an end outside of the full term.
	ErrEnd = errors.New("term: cannot end then")
	// ErrDay: a day on which nothing of that kind begins.
	ErrDay = errors.New("term: not the first day of a charge cycle")
)

// Term is the time for which licences are bought, from Start to End, both
// included. One with a custom end date (§17.6) is shorter than its Duration.
type Term struct {
	Start, End time.Time
	Duration   Duration
	Billing    Billing
}

// New returns the full term that starts on the day of start (§17.7, rules M and
// A). It fails with ErrBilling.
func New(start time.Time, d Duration, b Billing) (Term, error) {
	if !b.Fits(d) {
		return Term{}, fmt.Errorf("%w: %s billed %q", ErrBilling, d, b)
	}
	start = Day(start)
	return Term{Start: start, End: lastDay(start, d), Duration: d, Billing: b}, nil
}

// NewUntil returns the term that starts on the day of start and ends on the day
// of end, after its start and not after its natural end. It fails with ErrEnd
// and ErrBilling. Which ends may be chosen is the rule of CheckEnd.
func NewUntil(start time.Time, d Duration, b Billing, end time.Time) (Term, error) {
	t, err := New(start, d, b)
	if err != nil {
		return Term{}, err
	}
	end = Day(end)
	if !end.After(t.Start) || end.After(t.End) {
		return Term{}, fmt.Errorf("%w: %s to %s", ErrEnd, t.Start.Format(time.DateOnly), end.Format(time.DateOnly))
	}
	t.End = end
	return t, nil
}

// Renewal returns the day on which the next term begins: the one after the end.
func (t Term) Renewal() time.Time { return t.End.AddDate(0, 0, 1) }

// Next returns the full term that follows t, billed as given. It starts anew:
// a monthly term from 31 January is followed by one from 28 February to 27
// March. It fails with ErrBilling.
func (t Term) Next(d Duration, b Billing) (Term, error) { return New(t.Renewal(), d, b) }

// lastDay returns the last day of a full term of d that starts on start.
func lastDay(start time.Time, d Duration) time.Time {
	return addMonths(start, int(d)).AddDate(0, 0, -1)
}

// addMonths returns the same day n months later, or the last one of that month
// where it has no such day.
func addMonths(day time.Time, n int) time.Time {
	year, month, dayOfMonth := day.Date()
	return date(year, month+time.Month(n), min(dayOfMonth, monthLength(year, month+time.Month(n))))
}

// monthLength returns how many days a month has; months beyond December count
// on into the years that follow.
func monthLength(year int, month time.Month) int { return date(year, month+1, 0).Day() }
