package lang_test

import (
	"testing"

	"comptoir/internal/lang"
)

func TestNumbersAreReadAsPeopleTypeThem(t *testing.T) {
	tests := []struct{ tag, typed, want string }{
		{"en", "25000.5", "25000.5"},
		{"en", "25,000.50", "25000.50"},
		{"en", "25,5", "25,5"}, // refused: is it a decimal comma?
		{"sv", "25 000,50", "25000.50"},
		{"sv", "25\u00a0000", "25000"},
		{"fr", "25\u202f000,5", "25000.5"},
		{"fr", "1,000,000", "1.000,000"}, // refused
		{"fr", "tout", "tout"},
		{"fr", "", ""},
	}
	for _, tt := range tests {
		if got := lang.For(tt.tag).PlainNumber(tt.typed); got != tt.want {
			t.Errorf("%s: %q is read as %q, want %q", tt.tag, tt.typed, got, tt.want)
		}
	}
	for _, tag := range []string{"en", "fr", "sv"} {
		p := lang.For(tag)
		if got := p.PlainNumber(p.Decimal("1234567.50")); got != "1234567.50" {
			t.Errorf("%s: what it writes is read as %q", tag, got)
		}
	}
}
