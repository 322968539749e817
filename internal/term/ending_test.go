package term_test

import (
	"fmt"
	"testing"
	"time"

	"comptoir/internal/term"
)

// §17.1, §17.5 and rule G16: the setting subscriptions.endOfTerm.
func TestWhatFollowsTheEndOfATerm(t *testing.T) {
	tests := []struct {
		name      string
		policy    term.Policy
		start     string
		choice    term.Choice
		suspended bool
		software  bool
		want      term.Ending
	}{
		{"auto-renew", term.Grace30, "2025-06-01", term.Renew, false, false, term.Renewed},
		{"auto-renew, extended", term.ExtendedService, "2025-06-01", term.Renew, false, false, term.Renewed},
		{"suspended", term.Grace30, "2025-06-01", term.Undecided, true, false, term.Shut},
		{"suspended, extended", term.ExtendedService, "2025-06-01", term.Undecided, true, false, term.Shut},
		{"auto-renew off", term.Grace30, "2025-06-01", term.Undecided, false, false, term.Expired},
		{"cancel at term end without the extended term", term.Grace30, "2025-06-01", term.CancelAtEnd, false, false, term.Expired},
		{"auto-renew off, extended", term.ExtendedService, "2025-06-01", term.Undecided, false, false, term.Extended},
		{"extension chosen", term.ExtendedService, "2025-06-01", term.Extend, false, false, term.Extended},
		{"cancel at term end", term.ExtendedService, "2025-06-01", term.CancelAtEnd, false, false, term.Cancelled},
		{"the first that are extended", term.ExtendedService, "2025-05-05", term.Undecided, false, false, term.Extended},
		{"ended before 4 May 2026", term.ExtendedService, "2025-05-04", term.Undecided, false, false, term.Expired},
		{"bought before April 2025", term.ExtendedService, "2025-03-31", term.Undecided, false, false, term.Expired},
		{"software", term.ExtendedService, "2025-06-01", term.Undecided, false, true, term.Expired},
	}
	for _, tt := range tests {
		ending := tt.policy.Ending(term.Holding{
			Term: starting(t, tt.start, term.Year, term.Monthly), Bought: on(tt.start).Add(9 * time.Hour),
			Suspended: tt.suspended, Choice: tt.choice, Licences: !tt.software,
		})
		if ending != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, ending, tt.want)
		}
	}
	three := starting(t, "2025-03-31", term.ThreeYears, term.Monthly)
	if got := term.ExtendedService.Ending(term.Holding{Term: three, Bought: three.Start, Licences: true}); got != term.Expired {
		t.Errorf("three years bought before April 2025: %v", got)
	}
}

// §17.1: 120 days from the end to the deletion, in both branches.
func TestWhatEndsGoesThroughItsStages(t *testing.T) {
	over := starting(t, "2025-11-20", term.Year, term.Monthly)
	for ending, want := range map[term.Ending]string{
		term.Expired:   "[expired 2026-11-20 disabled 2026-12-20 deleted 2027-03-20]",
		term.Shut:      "[disabled 2026-11-20 deleted 2027-03-20]",
		term.Cancelled: "[deleted 2026-11-20]",
		term.Renewed:   "[]",
		term.Extended:  "[]",
	} {
		var stages []string
		for _, s := range ending.Stages(over) {
			stages = append(stages, s.Status.String()+" "+text(s.From))
		}
		if got := fmt.Sprint(stages); got != want {
			t.Errorf("%v: %s, want %s", ending, got, want)
		}
	}
}

func TestPoliciesAreReadAsTheSettingSpellsThem(t *testing.T) {
	for _, name := range []string{"grace30", "est"} {
		if p, ok := term.ParsePolicy(name); !ok || p.String() != name {
			t.Errorf("%q was read as %q, %v", name, p, ok)
		}
	}
	if p, ok := term.ParsePolicy("never"); ok {
		t.Errorf("never was read as %q", p)
	}
}
