package job

import "time"

// Every returns the due times that are whole multiples of d: each full minute,
// each full hour.
func Every(d time.Duration) func(after time.Time) time.Time {
	return func(after time.Time) time.Time { return after.UTC().Truncate(d).Add(d) }
}

// Daily returns the due times at hour:minute UTC of every day.
func Daily(hour, minute int) func(after time.Time) time.Time {
	return func(after time.Time) time.Time {
		y, m, d := after.UTC().Date()
		t := time.Date(y, m, d, hour, minute, 0, 0, time.UTC)
		if !t.After(after) {
			t = t.AddDate(0, 0, 1)
		}
		return t
	}
}

// Monthly returns the due times at hour:minute UTC on a day of every month, 1 to
// 28.
func Monthly(day, hour, minute int) func(after time.Time) time.Time {
	return func(after time.Time) time.Time {
		y, m, _ := after.UTC().Date()
		t := time.Date(y, m, day, hour, minute, 0, 0, time.UTC)
		if !t.After(after) {
			t = t.AddDate(0, 1, 0)
		}
		return t
	}
}
