package letter_test

import (
	"strings"
	"testing"

	"comptoir/internal/letter"
)

func TestTheLinkStaysInTheMessage(t *testing.T) { // E2, RF-22
	link := "https://c.example/x?inv=" + letter.NewToken()
	for text, want := range map[string]string{
		link: "", "Open " + link + ".": "", "<" + link + ">": "", "a\r\n" + link + "\nb": "", link + "x " + link: "",
		"Open " + link + "!": "", "(" + link + ")": "", "“" + link + "”": "", "*" + link + "*": "", "Why " + link + "?! Read": "", link + "…": "",
		link + "!x": "refusal.rf22", link + "/x": "refusal.rf22", link + "&a=b": "refusal.rf22", link + "?x": "refusal.rf22", link + "é": "refusal.rf22",
		"": "refusal.rf22", link[:len(link)-1]: "refusal.rf22", link + "x": "refusal.rf22",
		strings.Replace(link, "inv=", "inv=A", 1): "refusal.rf22",
		link + "\x00":                         "refusal.property",
		link + " \x07":                        "refusal.property",
		link + strings.Repeat(" more", 1<<12): "refusal.property",
	} {
		kept, refused := letter.Check(text, link)
		got := ""
		if refused != nil {
			got = refused.Key
		}
		if got != want {
			t.Errorf("%.80q: %s, want %s", text, got, want)
		}
		if strings.Contains(kept, "\r") {
			t.Errorf("%.80q is kept as %.80q", text, kept)
		}
	}
}

func TestATokenCannotBeGuessed(t *testing.T) { // E10: at least 128 bits
	seen := map[string]bool{}
	for range 1000 {
		token := letter.NewToken()
		if seen[token] || len(token) < 22 || !letter.IsToken(token) {
			t.Fatalf("token %q", token)
		}
		seen[token] = true
	}
	for _, s := range []string{"", "x", strings.Repeat("A", 31), strings.Repeat("A", 33), strings.Repeat("é", 16)} {
		if letter.IsToken(s) {
			t.Errorf("%q is taken for a token", s)
		}
	}
}
