package report_test

import (
	"path/filepath"
	"strings"
	"testing"

	"comptoir/internal/bench/report"
)

var rows = []report.Row{
	{Measure: "read", Figure: "6 000/s", Floor: "10 000/s", Value: 0.6, Goal: report.AtLeast(0.5)},
	{Measure: "slowest", Figure: "13 ms", Value: 13, Unit: "ms", Goal: report.AtMost(12)},
}

func TestTheTableSaysWhatWasReachedAndWhatChanged(t *testing.T) {
	b := report.Baseline{Machine: "this one", Values: map[string]float64{"read": 0.5, "slowest": 10}}
	text := report.Text("this one", rows, b)
	for _, want := range []string{"0.60    ≥ 0.50   ok    +20 %", "13 ms   ≤ 12 ms  miss  +30 %"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if text := report.Text("another one", rows, b); !strings.Contains(text, "+20 %") || strings.Contains(text, "+30 %") {
		t.Errorf("seconds of another machine were compared, or a ratio was not:\n%s", text)
	}
	page := report.Markdown("this one", rows)
	for _, want := range []string{
		"| Measure | Comptoir | Floor | Judged | Goal |  |\n|---|---|---|---|---|---|\n",
		"| read | 6 000/s | 10 000/s | 0.60 | ≥ 0.50 | ok |\n", "| **miss** |",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in\n%s", want, page)
		}
	}
}

func TestABaselineIsKeptAndTakesOverWhatWasMeasuredAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "baseline.json")
	b, err := report.ReadBaseline(path)
	if err != nil || !b.Empty() {
		t.Fatalf("%v, %v without a file", b, err)
	}
	if err := b.With("m", rows).Write(path); err != nil {
		t.Fatal(err)
	}
	if b, err = report.ReadBaseline(path); err != nil {
		t.Fatal(err)
	}
	b = b.With("m", []report.Row{{Measure: "read", Value: 0.7}})
	if b.Empty() || b.Machine != "m" || b.Values["read"] != 0.7 || b.Values["slowest"] != 13 {
		t.Errorf("%v", b)
	}
}

func TestNumbersAreReadable(t *testing.T) {
	for want, v := range map[string]float64{"0": 0, "0.85": 0.85, "9.5": 9.5, "12": 12, "12.3": 12.34, "345": 345.4, "1 005": 1005, "12 345 678": 12345678} {
		if got := report.Number(v); got != want {
			t.Errorf("%v is printed %q, want %q", v, got, want)
		}
	}
}
