package id_test

import (
	"testing"
	"time"

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
