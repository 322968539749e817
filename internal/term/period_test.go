package term_test

import (
	"testing"

	"comptoir/internal/term"
)

// §18.1, modern.
func TestAChargeIsInvoicedForItsCalendarMonth(t *testing.T) {
	p := term.BillingMonth(on("2028-02-17"))
	first, last := p.Invoiced()
	for what, got := range map[string]string{
		"2028-02-01": text(p.Start), "2028-02-29": text(p.End), "2028-03-06": text(first), "2028-03-08": text(last),
		"2028-05-06": text(term.Due(on("2028-03-07"))),
	} {
		if got != what {
			t.Errorf("%s, want %s", got, what)
		}
	}
}

// §18.1, legacy.
func TestALegacyPeriodBeginsOnItsAnniversary(t *testing.T) {
	for _, tt := range []struct {
		day                  string
		anniversary          int
		start, end, invoiced string
	}{
		{"2026-01-13", 13, "2026-01-13", "2026-02-12", "2026-01-15"},
		{"2026-02-12", 13, "2026-01-13", "2026-02-12", "2026-01-15"},
		{"2026-01-01", 15, "2025-12-15", "2026-01-14", "2025-12-17"},
		{"2026-02-27", 31, "2026-01-31", "2026-02-27", "2026-02-02"},
		{"2026-02-28", 31, "2026-02-28", "2026-03-30", "2026-03-02"},
		{"2026-12-31", 31, "2026-12-31", "2027-01-30", "2027-01-02"},
	} {
		p := term.AnniversaryMonth(on(tt.day), tt.anniversary)
		if text(p.Start) != tt.start || text(p.End) != tt.end || text(p.LegacyInvoiced()) != tt.invoiced {
			t.Errorf("%s on the %d.: %s to %s, invoiced %s", tt.day, tt.anniversary, text(p.Start), text(p.End), text(p.LegacyInvoiced()))
		}
	}
}

// The 36-month offer of §18.5.
func TestLaterYearsOfALegacyTermStartAMonthEarly(t *testing.T) {
	want := [][2]string{{"2020-03-20", "2021-03-19"}, {"2021-02-20", "2022-02-19"}, {"2022-02-20", "2023-02-19"}}
	got := term.LegacyYears(on("2020-03-20"), 3)
	if len(got) != len(want) {
		t.Fatalf("%d periods", len(got))
	}
	for i, p := range got {
		if text(p.Start) != want[i][0] || text(p.End) != want[i][1] {
			t.Errorf("year %d: %s to %s, want %v", i+1, text(p.Start), text(p.End), want[i])
		}
	}
	if end := starting(t, "2020-03-20", term.ThreeYears, term.Annual).End; text(end) != "2023-03-19" {
		t.Errorf("the subscription ends %s", text(end))
	}
}
