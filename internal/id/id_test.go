package id_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"comptoir/internal/id"
)

func TestNewIDsSortByTheClockTheyWereMadeWith(t *testing.T) {
	early := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	a, b := id.New(early), id.New(early.Add(time.Millisecond))
	if a >= b {
		t.Fatalf("%s made before %s sorts after it", a, b)
	}
	if got, ok := id.Parse(a); !ok || got != a {
		t.Fatalf("Parse(%s) = %s, %v", a, got, ok)
	}
}

func TestIDsOfOneMomentSortInTheirOrderAndDiffer(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 123_456_000, time.UTC)
	last := id.First(now)
	if older := id.Nth(now.Add(-time.Microsecond), 1<<14-1); older >= last {
		t.Errorf("the older %s does not sort before %s", older, last)
	}
	for n := range 1 << 14 {
		next := id.Nth(now, n)
		if next <= last {
			t.Fatalf("number %d: %s does not sort after %s", n, next, last)
		}
		last = next
	}
	if a, b := id.Nth(now, 1), id.Nth(now, 1); a == b {
		t.Errorf("two units made the same id %s", a)
	}
	if u := uuid.MustParse(id.New(now)); u.Version() != 7 || u.Variant() != uuid.RFC4122 {
		t.Errorf("%s has version %d and variant %v", u, u.Version(), u.Variant())
	}
}

func TestTheMomentOfAnID(t *testing.T) {
	now := time.Date(2026, 11, 20, 9, 15, 6, 58_930_000, time.UTC)
	if got := id.Moment(id.New(now)); !got.Equal(now.Truncate(time.Millisecond)) {
		t.Errorf("moment %v, want %v", got, now)
	}
	for _, other := range []string{"", "contoso", "5b6d1c1e-6c3d-4a0e-9f57-0a8f2f6b9a11"} {
		if got := id.Moment(other); !got.IsZero() {
			t.Errorf("moment of %q is %v", other, got)
		}
	}
}

func TestParseBringsWhatClientsSendIntoOneForm(t *testing.T) {
	const want = "5b6d1c1e-6c3d-4a0e-9f57-0a8f2f6b9a11"
	for in, ok := range map[string]bool{
		want:                                     true,
		" 5B6D1C1E-6C3D-4A0E-9F57-0A8F2F6B9A11 ": true,
		"{5b6d1c1e-6c3d-4a0e-9f57-0a8f2f6b9a11}": false,
		"5b6d1c1e6c3d4a0e9f570a8f2f6b9a11":       false,
		"contoso.example":                        false,
		"":                                       false,
		"5b6d1c1e-6c3d-4a0e-9f57-0a8f2f6b9a1g":   false,
	} {
		got, parsed := id.Parse(in)
		if parsed != ok || (ok && got != want) {
			t.Errorf("Parse(%q) = %q, %v, want ok %v", in, got, parsed, ok)
		}
	}
}
