package verification

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"comptoir/internal/fault"
	"comptoir/internal/refusal"
)

func TestWhateverHappensAnAccountIsWhereTheDiagramSays(t *testing.T) { // C24
	// The diagram of rule C24, arrow by arrow.
	arrows := []struct {
		from Status
		h    Happening
		to   Status
	}{
		{None, Opened, UnderReview},
		{None, OpenedIncomplete, NotReady},
		{None, Changed, UnderReview}, // from before there was verification: rule C20
		{NotReady, Completed, UnderReview},
		{NotReady, Changed, NotReady},
		{UnderReview, Approved, Allowed},
		{UnderReview, Rejected, NotAllowed},
		{UnderReview, CheckerFailed, Unknown},
		{UnderReview, Changed, UnderReview},
		{NotAllowed, Changed, UnderReview},
		{NotAllowed, Appealed, UnderReview},
		{Unknown, Retried, UnderReview},
		{Unknown, Changed, UnderReview},
		{Allowed, Changed, UnderReview},
	}
	rapid.Check(t, func(t *rapid.T) {
		status := None
		var approved bool
		for range rapid.IntRange(1, 30).Draw(t, "length") {
			h := rapid.SampledFrom(Happenings()).Draw(t, "happening")
			next, ok := status.After(h)
			i := slices.IndexFunc(arrows, func(a struct {
				from Status
				h    Happening
				to   Status
			},
			) bool {
				return a.from == status && a.h == h
			})
			if ok != (i >= 0) {
				t.Fatalf("%q after %q: possible %v", status, h, ok)
			}
			if !ok {
				continue
			}
			if next != arrows[i].to {
				t.Fatalf("%q after %q: %q, want %q", status, h, next, arrows[i].to)
			}
			approved = h == Approved
			status = next
			if (status == Allowed) != approved {
				t.Fatalf("%q, approved %v: nothing but an approval allows", status, approved)
			}
			if status == None {
				t.Fatal("an account lost its record")
			}
		}
	})
}

func TestWhatAStatusBlocks(t *testing.T) { // C21, C22, C23: RF-15, RF-16, RF-17
	none := map[Act]*fault.Error{}
	all := func(purchase *fault.Error, others ...Act) map[Act]*fault.Error {
		m := map[Act]*fault.Error{Purchase: purchase}
		for _, a := range others {
			m[a] = refusal.RF16
		}
		return m
	}
	manage := []Act{Increase, Upgrade, Decrease, Cancellation, Management}
	grow := []Act{Increase, Upgrade}
	tests := []struct {
		status                Status
		strict, purchasesOnly map[Act]*fault.Error
	}{
		{Allowed, none, none},
		{None, none, none},
		{UnderReview, all(refusal.RF15, manage...), all(refusal.RF15, grow...)},
		{Unknown, all(refusal.RF15, manage...), all(refusal.RF15, grow...)},
		{NotReady, all(refusal.RF15, manage...), all(refusal.RF15, grow...)},
		{NotAllowed, all(refusal.RF17, manage...), all(refusal.RF17, grow...)},
	}
	for _, tt := range tests {
		for scope, want := range map[string]map[Act]*fault.Error{strict: tt.strict, purchasesOnly: tt.purchasesOnly} {
			for _, a := range Acts() {
				got := blocked(scope, tt.status, a)
				if want[a] == nil && got != nil || want[a] != nil && !errors.Is(got, want[a]) {
					t.Errorf("%s, %q, act %d: %v, want %v", scope, tt.status, a, got, want[a])
				}
			}
			if err := blocked(scope, tt.status, Renewal); err != nil {
				t.Errorf("%s, %q: a renewal is held up: %v", scope, tt.status, err)
			}
		}
	}
}

func TestAReviewerHasThreeBusinessDays(t *testing.T) { // C20, C26
	at := func(s string) time.Time {
		v, err := time.Parse("2006-01-02 15:04", s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	tests := []struct{ name, zone, holidays, opened, due string }{
		{"on a Monday", "UTC", "", "2026-11-16 09:30", "2026-11-19 09:30"},
		{"over a weekend", "UTC", "", "2026-11-20 09:30", "2026-11-25 09:30"},
		{"on a Saturday", "UTC", "", "2026-11-21 09:30", "2026-11-25 09:30"},
		{"over Christmas", "UTC", "2026-12-24, 2026-12-25", "2026-12-23 12:00", "2026-12-30 12:00"},
		{"late in the evening it is the next day in Stockholm", "Europe/Stockholm", "", "2026-11-19 23:30", "2026-11-24 23:30"},
		{"over the change to summer time the hour on the wall stays", "Europe/Stockholm", "", "2026-03-27 08:00", "2026-04-01 07:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := newCalendar(tt.zone, tt.holidays)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := c.due(at(tt.opened)), at(tt.due); !got.Equal(want) {
				t.Errorf("due %v, want %v", got, want)
			}
		})
	}
}

func TestACalendarThatMakesNoSenseIsRefused(t *testing.T) {
	for zone, list := range map[string]string{"Mars/Olympus": "", "UTC": "Christmas"} {
		if timeZone.Check(zone) == nil && holidays.Check(list) == nil {
			t.Errorf("%q with %q is accepted", zone, list)
		}
	}
}
