package term_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"comptoir/internal/term"
)

// on reads a day: "2021-01-31".
func on(s string) time.Time {
	day, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return day
}

func text(day time.Time) string { return day.Format(time.DateOnly) }

func starting(t *testing.T, start string, d term.Duration, b term.Billing) term.Term {
	t.Helper()
	made, err := term.New(on(start), d, b)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// The published tables of §17.7, rules M and A.
func TestAFullTermEndsTheDayBeforeItsRenewal(t *testing.T) {
	tests := []struct {
		start       string
		duration    term.Duration
		end, renews string
	}{
		{"2021-01-31", term.Month, "2021-02-27", "2021-02-28"},
		{"2021-02-28", term.Month, "2021-03-27", "2021-03-28"},
		{"2021-05-31", term.Month, "2021-06-29", "2021-06-30"},
		{"2021-06-30", term.Month, "2021-07-29", "2021-07-30"},
		{"2021-07-31", term.Month, "2021-08-30", "2021-08-31"},
		{"2021-01-30", term.Month, "2021-02-27", "2021-02-28"},
		{"2021-02-27", term.Month, "2021-03-26", "2021-03-27"},
		{"2021-05-30", term.Month, "2021-06-29", "2021-06-30"},
		{"2021-06-29", term.Month, "2021-07-28", "2021-07-29"},
		{"2021-07-30", term.Month, "2021-08-29", "2021-08-30"},
		{"2021-01-31", term.Year, "2022-01-30", "2022-01-31"},
		{"2021-01-30", term.Year, "2022-01-29", "2022-01-30"},
		{"2024-02-29", term.Year, "2025-02-27", "2025-02-28"},
		{"2024-02-29", term.ThreeYears, "2027-02-27", "2027-02-28"},
		{"2026-11-20", term.Year, "2027-11-19", "2027-11-20"},
	}
	for _, tt := range tests {
		made := starting(t, tt.start, tt.duration, term.OneTime)
		if text(made.End) != tt.end || text(made.Renewal()) != tt.renews {
			t.Errorf("%s from %s ends %s and renews %s, want %s and %s",
				tt.duration, tt.start, text(made.End), text(made.Renewal()), tt.end, tt.renews)
		}
	}
}

func TestATermStartsOnTheDayOfItsPurchaseInUTC(t *testing.T) {
	stockholm := time.FixedZone("CET", 3600)
	made, err := term.New(time.Date(2026, 11, 21, 0, 30, 0, 0, stockholm), term.Year, term.Monthly)
	if err != nil || text(made.Start) != "2026-11-20" || made.Start.Location() != time.UTC {
		t.Errorf("the term starts %v, %v", made.Start, err)
	}
}

// The two published lists of §17.7, rule C.
func TestChargeCyclesKeepTheirDay(t *testing.T) {
	tests := []struct {
		start  string
		starts []string
	}{
		{"2021-01-31", []string{
			"2021-01-31", "2021-02-28", "2021-03-31", "2021-04-30", "2021-05-31", "2021-06-30",
			"2021-07-31", "2021-08-31", "2021-09-30", "2021-10-31", "2021-11-30", "2021-12-31",
		}},
		{"2021-01-30", []string{
			"2021-01-30", "2021-02-27", "2021-03-30", "2021-04-29", "2021-05-30", "2021-06-29",
			"2021-07-30", "2021-08-30", "2021-09-29", "2021-10-30", "2021-11-29", "2021-12-30",
		}},
		{"2021-01-29", []string{
			"2021-01-29", "2021-02-28", "2021-03-29", "2021-04-29", "2021-05-29", "2021-06-29",
			"2021-07-29", "2021-08-29", "2021-09-29", "2021-10-29", "2021-11-29", "2021-12-29",
		}},
	}
	for _, tt := range tests {
		var starts []string
		for _, c := range starting(t, tt.start, term.Year, term.Monthly).Cycles() {
			starts = append(starts, text(c.Start))
		}
		if !slices.Equal(starts, tt.starts) {
			t.Errorf("cycles from %s start\n%v, want\n%v", tt.start, starts, tt.starts)
		}
	}
}

// §18.1: 21 Feb–20 Mar is 28 days in a normal year, 21 Mar–20 Apr is 31.
func TestACycleHasItsRealDays(t *testing.T) {
	made := starting(t, "2026-02-21", term.Year, term.Monthly)
	for _, tt := range []struct {
		day  string
		days int
		left int
	}{
		{"2026-02-21", 28, 28}, {"2026-03-20", 28, 1}, {"2026-03-21", 31, 31}, {"2026-04-10", 31, 11},
	} {
		c, ok := made.CycleOn(on(tt.day))
		if !ok || c.Days != tt.days || c.From(on(tt.day)) != tt.left {
			t.Errorf("%s: %d of %d days left, %v; want %d of %d", tt.day, c.From(on(tt.day)), c.Days, ok, tt.left, tt.days)
		}
	}
	if c, ok := made.CycleOn(on("2027-02-21")); ok {
		t.Errorf("the day after the term lies in %v", c)
	}
	first := made.Cycles()[0]
	if first.From(on("2026-03-21")) != 0 || first.From(on("2026-01-01")) != 28 {
		t.Error("days outside of a cycle were counted")
	}
}

// The day before the last of February is another one in a leap year; the last
// cycle ends with its term all the same.
func TestTheLastCycleEndsWithItsTerm(t *testing.T) {
	for _, tt := range []struct {
		start, last, end string
		days             int
	}{
		{"2023-02-27", "2024-01-30", "2024-02-26", 28},
		{"2024-02-28", "2025-01-30", "2025-02-27", 29},
		{"2024-02-29", "2025-01-29", "2025-02-27", 30},
	} {
		cycles := starting(t, tt.start, term.Year, term.Monthly).Cycles()
		got := cycles[len(cycles)-1]
		if len(cycles) != 12 || text(got.Start) != tt.last || text(got.End) != tt.end || got.Days != tt.days {
			t.Errorf("the last of %d cycles from %s: %s to %s, %d days", len(cycles), tt.start, text(got.Start), text(got.End), got.Days)
		}
	}
}

// A custom end cuts the last cycle short and not its price (§17.6, §18.1).
func TestACustomEndLeavesTheDaysOfItsCycle(t *testing.T) {
	cut, err := term.NewUntil(on("2022-07-15"), term.Year, term.Monthly, on("2022-09-30"))
	if err != nil {
		t.Fatal(err)
	}
	cycles := cut.Cycles()
	last := cycles[len(cycles)-1]
	if len(cycles) != 3 || text(last.Start) != "2022-09-15" || last.From(last.Start) != 16 || last.Days != 30 {
		t.Errorf("the last of %d cycles is %+v", len(cycles), last)
	}
	switch next, err := cut.Next(term.Year, term.Monthly); {
	case err != nil:
		t.Error(err)
	case text(next.Start) != "2022-10-01" || text(next.End) != "2023-09-30":
		t.Errorf("the next term is %+v", next)
	}
}

func anyTerm(t *rapid.T) term.Term {
	start := on("2020-01-01").AddDate(0, 0, rapid.IntRange(0, 5000).Draw(t, "start"))
	if rapid.Bool().Draw(t, "at the end of February") {
		start = on("2020-03-01").AddDate(rapid.IntRange(0, 9).Draw(t, "year"), 0, -rapid.IntRange(1, 3).Draw(t, "before March"))
	}
	d := rapid.SampledFrom([]term.Duration{term.Month, term.Year, term.ThreeYears, 6, 60}).Draw(t, "duration")
	b := rapid.SampledFrom([]term.Billing{term.Monthly, term.Annual, term.Triennial, term.OneTime}).
		Filter(func(b term.Billing) bool { return b.Fits(d) }).Draw(t, "billing")
	made, err := term.New(start, d, b)
	if err != nil {
		t.Fatal(err)
	}
	if rapid.Bool().Draw(t, "custom end") {
		end := made.Start.AddDate(0, 0, rapid.IntRange(1, term.Days(made.Start, made.End)-1).Draw(t, "length"))
		if made, err = term.NewUntil(start, d, b, end); err != nil {
			t.Fatal(err)
		}
	}
	return made
}

func TestCyclesCoverTheirTermWithoutGapOrOverlap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		made := anyTerm(t)
		next, days := made.Start, 0
		cycles := made.Cycles()
		for i, c := range cycles {
			if !c.Start.Equal(next) {
				t.Fatalf("cycle %d starts %s, want %s", i, text(c.Start), text(next))
			}
			length := term.Days(c.Start, c.End)
			if length < 1 || length > c.Days || length < c.Days && i+1 < len(cycles) {
				t.Fatalf("cycle %d has %d of %d days", i, length, c.Days)
			}
			next, days = c.End.AddDate(0, 0, 1), days+length
		}
		if !next.Equal(made.Renewal()) || days != term.Days(made.Start, made.End) {
			t.Fatalf("the cycles end before %s with %d days, the term renews %s", text(next), days, text(made.Renewal()))
		}
	})
}

// Each cycle starts on the day of the month of the first, on the last one of
// a shorter month, or, if the first is the day before the last, on that.
func TestCyclesKeepTheirAnchor(t *testing.T) {
	fromEnd := func(day time.Time) int { return day.AddDate(0, 1, 1-day.Day()).AddDate(0, 0, -1).Day() - day.Day() }
	rapid.Check(t, func(t *rapid.T) {
		made := anyTerm(t)
		anchor := made.Start.Day()
		for _, c := range made.Cycles() {
			switch {
			case fromEnd(made.Start) == 1 && fromEnd(c.Start) != 1:
				t.Fatalf("%s is not the day before the last, as %s is", text(c.Start), text(made.Start))
			case fromEnd(made.Start) != 1 && c.Start.Day() != anchor && (c.Start.Day() > anchor || fromEnd(c.Start) != 0):
				t.Fatalf("%s does not keep the day of %s", text(c.Start), text(made.Start))
			}
		}
	})
}

func TestTermsFollowEachOtherWithoutGap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		made := anyTerm(t)
		next, err := made.Next(made.Duration, made.Billing)
		if err != nil || term.Days(made.Start, made.End)+1 != term.Days(made.Start, next.Start) {
			t.Fatalf("%v is followed by %v, %v", made, next, err)
		}
	})
}

func TestATermIsAWholeNumberOfChargeCycles(t *testing.T) {
	for _, tt := range []struct {
		d    term.Duration
		b    term.Billing
		want error
	}{
		{term.Month, term.Monthly, nil},
		{term.Month, term.Annual, term.ErrBilling},
		{term.Year, term.Triennial, term.ErrBilling},
		{term.ThreeYears, term.Triennial, nil},
		{term.ThreeYears, term.OneTime, nil},
		{term.Year, 0, term.ErrBilling},
		{0, term.OneTime, term.ErrBilling},
		{18, term.Annual, term.ErrBilling},
	} {
		if _, err := term.New(on("2026-01-01"), tt.d, tt.b); !errors.Is(err, tt.want) {
			t.Errorf("%s billed %q: %v, want %v", tt.d, tt.b, err, tt.want)
		}
	}
	start := on("2026-01-01")
	if _, err := term.NewUntil(start, term.Year, term.Triennial, on("2026-06-30")); !errors.Is(err, term.ErrBilling) {
		t.Errorf("a year billed every three years: %v", err)
	}
	for _, end := range []string{"2026-01-01", "2027-01-01"} {
		if _, err := term.NewUntil(start, term.Year, term.Monthly, on(end)); !errors.Is(err, term.ErrEnd) {
			t.Errorf("a year from 1 January ends %s: %v", end, err)
		}
	}
}

func TestDurationsAndBillingsAreReadAsTheWireWritesThem(t *testing.T) {
	for s, want := range map[string]term.Duration{
		"P1M": term.Month, "P12M": term.Year, "P1Y": term.Year, "P3Y": term.ThreeYears, "P6M": 6, "P10Y": 120,
	} {
		got, ok := term.ParseDuration(s)
		if !ok || got != want {
			t.Errorf("%s is %d months, %v", s, got, ok)
		}
		if again, ok := term.ParseDuration(got.String()); !ok || again != got {
			t.Errorf("%s is written %s", s, got)
		}
	}
	for _, s := range []string{"", "P", "PM", "1M", "P0M", "P-1M", "P1W", "P11Y", "P1Y6M", "P999M", "p1m"} {
		if d, ok := term.ParseDuration(s); ok {
			t.Errorf("%q was read as %s", s, d)
		}
	}
	for _, s := range []string{"monthly", "annual", "triennial", "one_time"} {
		if b, ok := term.ParseBilling(s); !ok || b.String() != s {
			t.Errorf("%q was read as %q, %v", s, b, ok)
		}
	}
	if b, ok := term.ParseBilling("weekly"); ok {
		t.Errorf("weekly was read as %q", b)
	}
}
