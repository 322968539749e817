package grant

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var today = time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)

// A new key is made a day before the old one ends, and signs from that end on.
func TestWhenTheNextKeyIsDue(t *testing.T) {
	newest := []keyRow{{id: "old", signsFrom: today.Add(-KeyLife)}, {id: "new", signsFrom: today}}
	end := today.Add(KeyLife)
	tests := []struct {
		name string
		keys []keyRow
		now  time.Time
		from time.Time
		due  bool
	}{
		{"the first key signs at once", nil, today, today, true},
		{"a key that has just begun", newest, today, time.Time{}, false},
		{"two days before its end", newest, end.Add(-48 * time.Hour), time.Time{}, false},
		{"a day before its end", newest, end.Add(-24 * time.Hour), end, true},
		{"an hour before its end, after an outage", newest, end.Add(-time.Hour), end, true},
		{"long after its end", newest, end.Add(90 * 24 * time.Hour), end.Add(90 * 24 * time.Hour), true},
	}
	for _, tt := range tests {
		if from, due := nextKey(tt.keys, tt.now); due != tt.due || !from.Equal(tt.from) {
			t.Errorf("%s: from %v, due %v, want %v, %v", tt.name, from, due, tt.from, tt.due)
		}
	}
	if keyOutlives < 2*time.Hour {
		t.Error("an old key disappears before the last token that it signed has ended")
	}
}

// The example is that of RFC 7636, appendix B.
func TestTheVerifierFitsItsChallengeOnly(t *testing.T) {
	const verifier, challenge = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
	for _, tt := range []struct {
		name, challenge, verifier string
		want                      bool
	}{
		{"S256", "S256:" + challenge, verifier, true},
		{"plain", "plain:" + verifier, verifier, true},
		{"neither sent", "", "", true},
		{"S256 with the challenge itself", "S256:" + challenge, challenge, false},
		{"S256 without verifier", "S256:" + challenge, "", false},
		{"plain with another", "plain:" + verifier, challenge, false},
		{"a verifier without challenge", "", verifier, false},
		{"an unknown method", "none:", "", false},
	} {
		if got := proves(tt.challenge, tt.verifier); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

func TestUserCodesAreReadAsPeopleTypeThem(t *testing.T) {
	seen := map[string]bool{}
	for range 500 {
		code := newUserCode()
		if len(code) != userCodeSize || strings.Trim(code, userCodeAlphabet) != "" || seen[code] {
			t.Fatalf("code %q", code)
		}
		seen[code] = true
	}
	rapid.Check(t, func(t *rapid.T) {
		code := newUserCode()
		typed := rapid.SampledFrom([]string{
			code, strings.ToLower(code), " " + code + "\n", code[:3] + " " + code[3:], code[:5] + "-" + code[5:], code[:4] + "–" + code[4:],
		}).Draw(t, "typed")
		if got := NormaliseUserCode(typed); got != code {
			t.Fatalf("%q is read as %q", typed, got)
		}
	})
}
