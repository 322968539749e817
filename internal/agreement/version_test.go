package agreement

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestWhichVersionHoldsWhere(t *testing.T) { // AG8
	all := Versions{
		first,
		{Rank: 2, Label: "2", PublishedAt: day("2026-02-01"), Mandatory: true, EnforcedAt: day("2026-04-01")},
		{Rank: 3, Label: "3 SE", Country: "SE", PublishedAt: day("2026-05-01")},
		{Rank: 4, Label: "4", PublishedAt: day("2026-06-01"), Mandatory: true, EnforcedAt: day("2026-12-01")},
		{Rank: 5, Label: "5 SE", Country: "SE", PublishedAt: day("2026-07-01"), Mandatory: true, EnforcedAt: day("2026-09-01")},
	}
	tests := []struct {
		country, on                string
		current, accepted, require int64
	}{
		{"FR", "2026-01-15", 4, 1, 0},
		{"FR", "2026-02-01", 4, 2, 0}, // accepted on the day of publication
		{"FR", "2026-03-31", 4, 2, 0},
		{"FR", "2026-04-01", 4, 2, 2}, // from its enforcement date on
		{"FR", "2026-11-30", 4, 4, 2},
		{"FR", "2026-12-01", 4, 4, 4},
		{"SE", "2026-04-15", 5, 2, 2}, // those for every country hold from before its own first one
		{"SE", "2026-06-15", 5, 3, 2}, // and not from after it
		{"SE", "2026-12-15", 5, 5, 5},
	}
	for _, tt := range tests {
		line := all.Line(tt.country)
		if got := line.Current().Rank; got != tt.current {
			t.Errorf("%s: current %d, want %d", tt.country, got, tt.current)
		}
		if got := line.On(day(tt.on)).Rank; got != tt.accepted {
			t.Errorf("%s on %s: accepted %d, want %d", tt.country, tt.on, got, tt.accepted)
		}
		if got := line.Required(day(tt.on)); got != tt.require {
			t.Errorf("%s on %s: required %d, want %d", tt.country, tt.on, got, tt.require)
		}
	}
}

// Whatever the operator publishes, who accepts the current version may be ordered
// for, and what suffices once goes on to do so until a date that was told (AG8).
func TestTheCurrentVersionAlwaysSuffices(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := Versions{first}
		start := day("2026-01-01")
		for i := range rapid.IntRange(0, 8).Draw(t, "versions") {
			v := Version{Rank: int64(i + 2), PublishedAt: start.AddDate(0, i, 0), Country: rapid.SampledFrom([]string{"", "", "SE", "FR"}).Draw(t, "country")}
			if rapid.Bool().Draw(t, "mandatory") {
				v.Mandatory, v.EnforcedAt = true, v.PublishedAt.AddDate(0, rapid.IntRange(0, 6).Draw(t, "months"), 0)
			}
			all = append(all, v)
		}
		now := start.AddDate(0, rapid.IntRange(0, 20).Draw(t, "now"), 0)
		for _, country := range []string{"SE", "FR", "NO"} {
			line := all.Line(country)
			if s := StandingOf(line, []Agreement{{Rank: line.Current().Rank}}, now); s.State != Confirmed || s.Required.Rank != 0 {
				t.Fatalf("%s: the current version is accepted, and yet %+v", country, s)
			}
			if s := StandingOf(line, nil, now); s.State != Missing {
				t.Fatalf("%s: nothing is accepted, and yet %+v", country, s)
			}
			for _, v := range line {
				s := StandingOf(line, []Agreement{{Rank: v.Rank}}, now)
				if s.State == Outdated && (s.Required.Rank <= v.Rank || s.Required.EnforcedAt.After(now)) ||
					s.State == Confirmed && s.Required.Rank != 0 && !s.Required.EnforcedAt.After(now) {
					t.Fatalf("%s with version %d at %v: %+v", country, v.Rank, now, s)
				}
			}
		}
	})
}

func TestALinkOpensWhatItWasMadeForAndNoLonger(t *testing.T) {
	key := linkKey("key of the installation")
	now := day("2026-11-20")
	token := key.token(Text{Rank: 2, Language: "sv-SE"}, now.Add(LinkTime))
	if got, ok := key.read(token, now.Add(LinkTime)); !ok || got != (Text{2, "sv-SE"}) {
		t.Errorf("read %+v, %v", got, ok)
	}
	if _, ok := key.read(token, now.Add(LinkTime+time.Second)); ok {
		t.Error("the link is good for longer than five minutes")
	}
	if _, ok := linkKey("another").read(token, now); ok {
		t.Error("a link of another installation is good")
	}
	for _, bad := range []string{"", ".", "1.en.9999999999", "3" + token[1:], token + "x", key.sign("x"), "x." + key.sign("x"), "a.b.c." + key.sign("a.b.c")} {
		if _, ok := key.read(bad, now); ok {
			t.Errorf("%q is good", bad)
		}
	}
}
