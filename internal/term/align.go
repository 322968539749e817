package term

import (
	"time"

	"comptoir/internal/refusal"
)

// Target is an active subscription for licences, not a trial, of the same
// customer and partner, with whose end that of a new first term can be aligned.
type Target struct {
	End      time.Time // the last day of its term
	Duration Duration
}

// AtMonthEnd returns the last month end within the full term of d that starts
// on start, and whether there is one: the calendar alignment of §17.6. The
// terms that follow then run whole calendar months.
func AtMonthEnd(start time.Time, d Duration) (time.Time, bool) {
	start = Day(start)
	natural := lastDay(start, d)
	end := natural
	if !isMonthEnd(end) {
		end = date(end.Year(), end.Month(), 0)
	}
	return end, end.After(start)
}

// AtTarget returns the last end of a term of target, the running one or one
// that would follow it, within the full term of d that starts on start, and
// whether there is one (§17.6). Only monthly terms can be aligned with monthly
// ones.
func AtTarget(start time.Time, d Duration, target Target) (time.Time, bool) {
	var last time.Time
	for _, end := range target.ends(start, d) {
		last = end
	}
	return last, !last.IsZero()
}

// ends returns the ends of target's terms within the full term of d that starts
// on start, in order.
func (target Target) ends(start time.Time, d Duration) []time.Time {
	if target.Duration == Month && d != Month {
		return nil
	}
	start = Day(start)
	natural := lastDay(start, d)
	renewal := Day(target.End).AddDate(0, 0, 1)
	var ends []time.Time
	for n := 0; ; n++ {
		end := addMonths(renewal, n*int(target.Duration)).AddDate(0, 0, -1)
		if end.After(natural) {
			return ends
		}
		if end.After(start) && fitsMonthly(end, d) {
			ends = append(ends, end)
		}
	}
}

// CheckEnd says whether the first term of d that starts on start may end on
// end: on the last day of a calendar month, or with a term of one of targets,
// within the full term (§17.6, rule G22). Otherwise it refuses with RF-38.
func CheckEnd(start time.Time, d Duration, end time.Time, targets []Target) error {
	start, end = Day(start), Day(end)
	if !end.After(start) || end.After(lastDay(start, d)) {
		return refusal.RF38
	}
	if isMonthEnd(end) {
		return nil
	}
	for _, target := range targets {
		for _, possible := range target.ends(start, d) {
			if possible.Equal(end) {
				return nil
			}
		}
	}
	return refusal.RF38
}

// fitsMonthly reports whether a term of d may end on that day of the month: a
// monthly one does not end on the 28th to 30th unless this is the last day.
func fitsMonthly(end time.Time, d Duration) bool {
	return d != Month || end.Day() < 28 || isMonthEnd(end)
}

func isMonthEnd(day time.Time) bool { return day.AddDate(0, 0, 1).Day() == 1 }
