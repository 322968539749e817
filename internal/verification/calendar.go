package verification

import (
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"comptoir/internal/op"
)

// targetDays is how many business days a reviewer has (rules C20, C26).
const targetDays = 3

var (
	timeZone = op.DefineSetting(op.Setting{Name: "verification.timeZone", Default: "UTC", Rule: "C26", Mark: "O", Effect: "setting.verification.time_zone", Check: func(zone string) error {
		_, err := time.LoadLocation(zone)
		return err
	}})
	holidays = op.DefineSetting(op.Setting{Name: "verification.holidays", Default: "", Rule: "C26", Mark: "O", Effect: "setting.verification.holidays", Check: func(list string) error {
		_, err := days(list)
		return err
	}})
)

// calendar knows the operator's working days.
type calendar struct {
	zone, list string // the settings it was made of
	location   *time.Location
	free       map[string]bool // "2026-12-25"
}

// last is the calendar used last: it is the same for every case until the
// operator changes it.
var last atomic.Pointer[calendar]

func calendarOf(u *op.Unit) (*calendar, error) {
	zone, list := u.Setting(timeZone), u.Setting(holidays)
	if c := last.Load(); c != nil && c.zone == zone && c.list == list {
		return c, nil
	}
	c, err := newCalendar(zone, list)
	if err != nil {
		return nil, err
	}
	last.Store(c)
	return c, nil
}

// newCalendar reads a time zone ("Europe/Stockholm") and a list of holidays
// ("2026-12-24, 2026-12-25").
func newCalendar(zone, list string) (*calendar, error) {
	location, err := time.LoadLocation(zone)
	if err != nil {
		return nil, fmt.Errorf("setting %s: %w", timeZone.Name, err)
	}
	free, err := days(list)
	if err != nil {
		return nil, fmt.Errorf("setting %s: %w", holidays.Name, err)
	}
	return &calendar{zone: zone, list: list, location: location, free: free}, nil
}

// days reads a list of dates.
func days(list string) (map[string]bool, error) {
	found := make(map[string]bool)
	for _, day := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			return nil, err
		}
		found[day] = true
	}
	return found, nil
}

// due returns the end of the target: the same time of day three business days
// later (rule C26). What comes in on a free day counts from the next business
// day.
func (c *calendar) due(opened time.Time) time.Time {
	t := opened.In(c.location)
	for left := targetDays; left > 0; {
		t = t.AddDate(0, 0, 1)
		if c.works(t) {
			left--
		}
	}
	return t.UTC()
}

// works reports whether the operator works on the day of t.
func (c *calendar) works(t time.Time) bool {
	day := t.Weekday()
	return day != time.Saturday && day != time.Sunday && !c.free[t.Format(time.DateOnly)]
}

// between returns how much of the time from a to b the operator works: every
// hour of a business day counts, none of a free one.
func (c *calendar) between(a, b time.Time) time.Duration {
	var sum time.Duration
	for t := a.In(c.location); t.Before(b); {
		end := c.midnightAfter(t)
		if end.After(b) {
			end = b
		}
		if c.works(t) {
			sum += end.Sub(t)
		}
		t = end.In(c.location)
	}
	return sum
}

// plus returns the time at which the operator has worked d since t: the last
// such time, so that what would end with a business day ends when the next one
// begins, and not before the weekend.
func (c *calendar) plus(t time.Time, d time.Duration) time.Time {
	t = t.In(c.location)
	for {
		end := c.midnightAfter(t)
		if c.works(t) {
			left := end.Sub(t)
			if d < left {
				return t.Add(d).UTC()
			}
			d -= left
		}
		t = end
	}
}

func (c *calendar) midnightAfter(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day()+1, 0, 0, 0, 0, c.location)
}
