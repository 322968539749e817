package term_test

import (
	"errors"
	"testing"

	"comptoir/internal/term"
)

// §17.4 and rule G21.
func TestWhatCanChangeInTheMiddleOfATerm(t *testing.T) {
	const month, year, three = term.Month, term.Year, term.ThreeYears
	billings := []term.Billing{term.Monthly, term.Annual, term.Triennial, term.OneTime}
	type switching struct {
		d        term.Duration
		from, to term.Billing
	}
	canSwitch := map[switching]bool{
		{three, term.Monthly, term.Annual}: true,
		{three, term.Annual, term.Monthly}: true,
	}
	type lengthening struct {
		from, to term.Duration
		b        term.Billing
	}
	canLengthen := map[lengthening]bool{
		{month, year, term.Monthly}: true, {month, year, term.Annual}: true,
		{month, three, term.Monthly}: true, {month, three, term.Annual}: true, {month, three, term.Triennial}: true,
		{year, three, term.Monthly}: true, {year, three, term.Annual}: true, {year, three, term.Triennial}: true,
	}
	for _, d := range []term.Duration{month, year, three} {
		for _, b := range billings {
			for _, to := range billings {
				if got, want := term.CanSwitch(d, b, to), canSwitch[switching{d, b, to}]; got != want {
					t.Errorf("%s from %s to %s: %v", d, b, to, got)
				}
			}
			for _, to := range []term.Duration{month, year, three} {
				if got, want := term.CanLengthen(d, to, b), canLengthen[lengthening{d, to, b}]; got != want {
					t.Errorf("%s to %s billed %s: %v", d, to, b, got)
				}
			}
		}
	}
}

func TestANewBillingStartsWithAChargeCycle(t *testing.T) {
	tests := []struct {
		name      string
		from, to  term.Billing
		day       string
		end       string
		days      int
		left, of  int
		wantError error
	}{
		{"after one month", term.Monthly, term.Annual, "2026-02-15", "2027-01-14", 334, 11, 12, nil},
		{"after fourteen months", term.Monthly, term.Annual, "2027-03-15", "2028-01-14", 306, 10, 12, nil},
		{"in the last year", term.Monthly, term.Annual, "2028-12-15", "2029-01-14", 31, 1, 12, nil},
		{"after the first year", term.Annual, term.Monthly, "2027-01-15", "2027-02-14", 31, 1, 1, nil},
		{"in the middle of a month", term.Monthly, term.Annual, "2026-02-16", "", 0, 0, 0, term.ErrDay},
		{"to one that does not fit", term.Monthly, 0, "2026-02-15", "", 0, 0, 0, term.ErrBilling},
	}
	for _, tt := range tests {
		before := starting(t, "2026-01-15", term.ThreeYears, tt.from)
		got, err := before.Switch(on(tt.day), tt.to)
		if !errors.Is(err, tt.wantError) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.wantError)
		}
		if err != nil {
			continue
		}
		if text(got.Cycle.Start) != tt.day || text(got.Cycle.End) != tt.end || got.Cycle.Days != tt.days || got.Left != tt.left || got.Of != tt.of {
			t.Errorf("%s: %+v", tt.name, got)
		}
		if got.Term.End != before.End || got.Term.Billing != tt.to {
			t.Errorf("%s: the term became %+v", tt.name, got.Term)
		}
	}
}
