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

func TestWhatAStatusBlocks(t *testing.T) { // C21, C22, C23: RF-15, RF-16, RF-17; S2.25 to S2.27
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

// Time that the operator works is counted by the hour, and what is left of it is
// the same wherever it is laid (rule C26).
func TestTheClockOfACaseStandsStillWhileThePartnerIsAsked(t *testing.T) {
	c, err := newCalendar("Europe/Stockholm", "2026-12-24, 2026-12-25")
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", s, c.location)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, tt := range []struct {
		from, to string
		want     time.Duration
	}{
		{"2026-11-16 09:00", "2026-11-16 17:00", 8 * time.Hour},
		{"2026-11-20 12:00", "2026-11-23 12:00", 24 * time.Hour}, // over a weekend
		{"2026-11-21 00:00", "2026-11-22 23:00", 0},              // within one
		{"2026-12-23 12:00", "2026-12-28 12:00", 24 * time.Hour}, // over Christmas and a weekend
		{"2026-03-27 12:00", "2026-03-30 12:00", 24 * time.Hour}, // the hour is lost on the Sunday
		{"2026-11-16 17:00", "2026-11-16 09:00", 0},              // backwards
	} {
		if got := c.between(at(tt.from), at(tt.to)); got != tt.want {
			t.Errorf("from %s to %s: %v, want %v", tt.from, tt.to, got, tt.want)
		}
	}
	if got, want := c.plus(at("2026-01-07 00:00"), 72*time.Hour), at("2026-01-12 00:00"); !got.Equal(want) {
		t.Errorf("three whole days from Wednesday end on %v, want %v: when Monday begins", got, want)
	}
	rapid.Check(t, func(t *rapid.T) {
		minute := func(name string) time.Time {
			return at("2026-01-01 00:00").Add(time.Duration(rapid.IntRange(0, 400*24*60).Draw(t, name)) * time.Minute)
		}
		opened := minute("opened")
		due := c.due(opened)
		if got := c.plus(opened, c.between(opened, due)); !got.Equal(due) && c.works(due.In(c.location)) && c.works(opened.In(c.location)) {
			t.Fatalf("opened %v, due %v, and counted %v", opened, due, got)
		}
		from := minute("from")
		work := time.Duration(rapid.IntRange(1, 10*24*60).Draw(t, "work")) * time.Minute
		end := c.plus(from, work)
		if got := c.between(from, end); got != work {
			t.Fatalf("%v of work from %v end at %v, which is %v", work, from, end, got)
		}
	})
}

// What was changed twice is one change; what was changed back is none (rule C20).
func TestChangesAfterEachOther(t *testing.T) {
	name := func(before, after string) Change { return Change{"billingProfile.companyName", before, after} }
	city := Change{"billingProfile.defaultAddress.city", "Lyon", "Paris"}
	for _, tt := range []struct {
		first, then, want []Change
	}{
		{nil, []Change{name("A", "B")}, []Change{name("A", "B")}},
		{[]Change{name("A", "B")}, []Change{name("B", "C")}, []Change{name("A", "C")}},
		{[]Change{name("A", "B")}, []Change{name("B", "A")}, nil},
		{[]Change{name("A", "B")}, []Change{city}, []Change{name("A", "B"), city}},
	} {
		if got := merge(tt.first, tt.then); !slices.Equal(got, tt.want) {
			t.Errorf("%v and %v are %v, want %v", tt.first, tt.then, got, tt.want)
		}
	}
}

// A document is what its content says, whatever it is called.
func TestTheKindOfADocument(t *testing.T) {
	for content, want := range map[string]string{
		"%PDF-1.7\n": "application/pdf", "\x89PNG\r\n\x1a\nxx": "image/png", "\xff\xd8\xff\xe0": "image/jpeg",
		"": "", "MZ": "", "<html>%PDF-": "", "GIF89a": "", "\x89PNG": "",
	} {
		if got := mediaTypeOf([]byte(content)); got != want {
			t.Errorf("%q is %q, want %q", content, got, want)
		}
	}
}
