package term_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"comptoir/internal/refusal"
	"comptoir/internal/term"
)

// The samples of §17.6.
func TestAFirstTermCanEndWithAMonth(t *testing.T) {
	for _, tt := range []struct {
		start string
		d     term.Duration
		end   string
	}{
		{"2022-07-15", term.Month, "2022-07-31"},
		{"2022-07-15", term.Year, "2023-06-30"},
		{"2022-07-15", term.ThreeYears, "2025-06-30"},
		{"2022-07-01", term.Year, "2023-06-30"},
		{"2022-01-31", term.Month, ""},
	} {
		end, ok := term.AtMonthEnd(on(tt.start), tt.d)
		if ok != (tt.end != "") || ok && text(end) != tt.end {
			t.Errorf("%s from %s: %s, %v; want %q", tt.d, tt.start, text(end), ok, tt.end)
		}
	}
}

// The samples of §17.6 without the one that contradicts itself.
func TestAFirstTermCanEndWithAnotherSubscription(t *testing.T) {
	for _, tt := range []struct {
		name   string
		start  string
		d      term.Duration
		target term.Target
		end    string
	}{
		{"three years with a year", "2022-07-01", term.ThreeYears, term.Target{on("2022-10-01"), term.Year}, "2024-10-01"},
		{"three years with three", "2022-07-01", term.ThreeYears, term.Target{on("2022-10-01"), term.ThreeYears}, "2022-10-01"},
		{"a year with a year", "2022-07-01", term.Year, term.Target{on("2022-10-01"), term.Year}, "2022-10-01"},
		{"a month with a year", "2022-07-01", term.Month, term.Target{on("2022-07-20"), term.Year}, "2022-07-20"},
		{"a month with a month", "2022-07-10", term.Month, term.Target{on("2022-07-20"), term.Month}, "2022-07-20"},
		{"a month with the 28th", "2022-07-10", term.Month, term.Target{on("2022-07-28"), term.Year}, ""},
		{"a month with the last of February", "2022-02-10", term.Month, term.Target{on("2022-02-28"), term.Year}, "2022-02-28"},
		{"a year with a month", "2022-07-01", term.Year, term.Target{on("2022-07-20"), term.Month}, ""},
		{"a month with an end after it", "2022-07-01", term.Month, term.Target{on("2022-10-01"), term.Year}, ""},
		{"an end on the first day", "2022-07-01", term.Month, term.Target{on("2022-07-01"), term.Year}, ""},
	} {
		end, ok := term.AtTarget(on(tt.start), tt.d, tt.target)
		if ok != (tt.end != "") || ok && text(end) != tt.end {
			t.Errorf("%s: %s, %v; want %q", tt.name, text(end), ok, tt.end)
		}
	}
}

// Rule G22, refused with RF-38 (900242).
func TestOnlyAlignedEndsAreTaken(t *testing.T) {
	targets := []term.Target{{on("2022-10-01"), term.Year}, {on("2022-07-20"), term.Month}}
	for _, tt := range []struct {
		name  string
		start string
		d     term.Duration
		end   string
		taken bool
	}{
		{"the end of a month", "2022-07-15", term.Year, "2022-09-30", true},
		{"the running term of another", "2022-07-15", term.ThreeYears, "2022-10-01", true},
		{"a later term of another", "2022-07-15", term.ThreeYears, "2023-10-01", true},
		{"no end of anything", "2022-07-15", term.Year, "2022-10-02", false},
		{"that of a monthly one", "2022-07-15", term.Year, "2022-07-20", false},
		{"a monthly one with a monthly one", "2022-07-15", term.Month, "2022-07-20", true},
		{"the first day", "2022-06-30", term.Year, "2022-06-30", false},
		{"after the natural end", "2022-07-15", term.Month, "2022-08-31", false},
	} {
		err := term.CheckEnd(on(tt.start), tt.d, on(tt.end), targets)
		if tt.taken && err != nil || !tt.taken && !errors.Is(err, refusal.RF38) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestWhatIsOfferedIsTaken(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := anyTerm(t)
		target := anyTerm(t)
		aligned := term.Target{End: target.End, Duration: target.Duration}
		ends := map[string]bool{}
		if end, ok := term.AtMonthEnd(first.Start, first.Duration); ok {
			ends[text(end)] = true
		}
		if end, ok := term.AtTarget(first.Start, first.Duration, aligned); ok {
			ends[text(end)] = true
		}
		for end := range ends {
			if err := term.CheckEnd(first.Start, first.Duration, on(end), []term.Target{aligned}); err != nil {
				t.Fatalf("%s was offered: %v", end, err)
			}
			if _, err := term.NewUntil(first.Start, first.Duration, first.Billing, on(end)); err != nil {
				t.Fatalf("%s was offered: %v", end, err)
			}
		}
	})
}
