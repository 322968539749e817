package term

import (
	"fmt"
	"time"
)

// Cycle is a charge cycle: a stretch of a term that is charged for at once, from
// Start to End, both included.
type Cycle struct {
	Start, End time.Time
	// Days is how many days the price of a cycle is for: those from its start to
	// the start of the next (§18.1). A custom end date cuts the last cycle short,
	// but not its Days.
	Days int
}

// From returns how many days of c are left on day, which counts (§18.3,
// billingDays). It is 0 after the cycle, and all its days before.
func (c Cycle) From(day time.Time) int {
	day = Day(day)
	if day.Before(c.Start) {
		day = c.Start
	}
	return max(0, Days(day, c.End))
}

// Covers reports whether day is a day of c.
func (c Cycle) Covers(day time.Time) bool {
	day = Day(day)
	return !day.Before(c.Start) && !day.After(c.End)
}

// Cycles returns the charge cycles of t in order. They cover it without gap or
// overlap (§17.7, rule C).
func (t Term) Cycles() []Cycle {
	months := t.Billing.months(t.Duration)
	if months == 0 {
		return nil
	}
	count := int(t.Duration) / months
	cycles := make([]Cycle, 0, count)
	natural := addMonths(t.Start, int(t.Duration))
	for k := range count {
		start, next := cycleStart(t.Start, k*months), natural
		if start.After(t.End) {
			break
		}
		if k+1 < count {
			next = cycleStart(t.Start, (k+1)*months)
		}
		last := next.AddDate(0, 0, -1)
		c := Cycle{Start: start, End: last, Days: Days(start, last)}
		if c.End.After(t.End) {
			c.End = t.End
		}
		cycles = append(cycles, c)
	}
	return cycles
}

// CycleOn returns the charge cycle of t that covers day, and whether there is one.
func (t Term) CycleOn(day time.Time) (Cycle, bool) {
	for _, c := range t.Cycles() {
		if c.Covers(day) {
			return c, true
		}
	}
	return Cycle{}, false
}

// cycleStart returns when the charge cycle begins that lies the given months
// after the start of its term. A term that starts on the day before the last of
// a month keeps to the day before the last; any other keeps its day, or the
// last one of a shorter month.
func cycleStart(start time.Time, months int) time.Time {
	year, month, day := start.Date()
	if months > 0 && day == monthLength(year, month)-1 {
		month += time.Month(months)
		return date(year, month, monthLength(year, month)-1)
	}
	return addMonths(start, months)
}

// Switched is what is left of a charge cycle of another billing, when the
// billing of a term changes and the term does not (§17.4).
type Switched struct {
	Term  Term  // the term with its new billing
	Cycle Cycle // the rest of the new cycle; Days are those of the rest
	// Left of Of months of the cycle are charged for: a change of billing is
	// counted in months, not in days (§18.3, row 16).
	Left, Of int
}

// Switch returns t billed as b from day on, which must be the first day of one
// of its charge cycles. It fails with ErrDay and ErrBilling. Which changes are
// allowed says CanSwitch.
func (t Term) Switch(day time.Time, b Billing) (Switched, error) {
	day = Day(day)
	elapsed := -1
	for k, c := range t.Cycles() {
		if c.Start.Equal(day) {
			elapsed = k * t.Billing.months(t.Duration)
		}
	}
	if elapsed < 0 {
		return Switched{}, fmt.Errorf("%w: %s", ErrDay, day.Format(time.DateOnly))
	}
	if !b.Fits(t.Duration) {
		return Switched{}, fmt.Errorf("%w: %s billed %q", ErrBilling, t.Duration, b)
	}
	t.Billing = b
	c, _ := t.CycleOn(day)
	c.Days -= Days(c.Start, day) - 1
	c.Start = day
	months := b.months(t.Duration)
	return Switched{Term: t, Cycle: c, Left: months - elapsed%months, Of: months}, nil
}

// CanSwitch reports whether the billing of a running term of d can change from
// one to the other, from its next charge cycle on (§17.4, rule G21).
func CanSwitch(d Duration, from, to Billing) bool {
	return d == ThreeYears && (from == Monthly && to == Annual || from == Annual && to == Monthly)
}

// CanLengthen reports whether a running term of one duration can give way at
// once to a new one of the other, billed as given (§17.4, rule G21). A shorter
// one never does.
func CanLengthen(from, to Duration, b Billing) bool {
	switch {
	case from == Month && to == Year:
		return b == Monthly || b == Annual
	case (from == Month || from == Year) && to == ThreeYears:
		return b == Monthly || b == Annual || b == Triennial
	}
	return false
}
