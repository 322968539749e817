package lang

import (
	"testing"
	"testing/fstest"
)

// licences is a catalogue of one plural, to see the rules of the languages.
func licences(t *testing.T, tag, text string) *Printer {
	t.Helper()
	return newPrinter(tag, fstest.MapFS{"messages/test." + tag + ".json": {Data: []byte(text)}})
}

func TestPluralsFollowTheLanguage(t *testing.T) {
	english := licences(t, "en", `{"licences": {"one": "{{.N}} license for {{.Name}}", "other": "{{.N}} licenses for {{.Name}}"}}`)
	french := licences(t, "fr", `{"licences": {"one": "{{.N}} licence pour {{.Name}}", "many": "{{.N}} de licences pour {{.Name}}", "other": "{{.N}} licences pour {{.Name}}"}}`)
	swedish := licences(t, "sv", `{"licences": {"one": "{{.N}} licens till {{.Name}}", "other": "{{.N}} licenser till {{.Name}}"}}`)
	tests := []struct {
		n          int64
		en, fr, sv string
	}{
		{0, "0 licenses for Ada", "0 licence pour Ada", "0 licenser till Ada"},
		{1, "1 license for Ada", "1 licence pour Ada", "1 licens till Ada"},
		{2, "2 licenses for Ada", "2 licences pour Ada", "2 licenser till Ada"},
		{1500, "1,500 licenses for Ada", "1\u202f500 licences pour Ada", "1\u00a0500 licenser till Ada"},
		{1_000_000, "1,000,000 licenses for Ada", "1\u202f000\u202f000 de licences pour Ada", "1\u00a0000\u00a0000 licenser till Ada"},
	}
	for _, tt := range tests {
		for p, want := range map[*Printer]string{english: tt.en, french: tt.fr, swedish: tt.sv} {
			if got := p.N("licences", tt.n, "Name", "Ada"); got != want {
				t.Errorf("%s: %q, want %q", p.Tag(), got, want)
			}
		}
	}
}

func TestAMessageThatALanguageLacksIsEnglish(t *testing.T) {
	french := licences(t, "fr", `{"licences": "licences"}`)
	before := Misses()
	if got := french.T("common.list", "Items", "a", "Last", "b"); got != "a and b" {
		t.Errorf("got %q", got)
	}
	if Misses() != before+1 {
		t.Errorf("%d misses were counted", Misses()-before)
	}
	if got := french.T("licences"); got != "licences" || Misses() != before+1 {
		t.Errorf("got %q with %d misses", got, Misses()-before)
	}
}

func TestAMissingPluralFormIsReplacedByAnother(t *testing.T) {
	french := licences(t, "fr", `{"licences": {"one": "{{.N}} licence", "other": "{{.N}} licences"}}`)
	if got := french.N("licences", 2_000_000); got != "2\u202f000\u202f000 licences" {
		t.Errorf("got %q", got)
	}
}

func TestAPlaceholderWithoutAValueIsEmpty(t *testing.T) {
	p := licences(t, "en", `{"hello": "Hello {{.Name}}!{{with .From}} From {{.}}.{{end}}"}`)
	if got := p.T("hello"); got != "Hello !" {
		t.Errorf("got %q", got)
	}
	if got := p.T("hello", "Name", "Ada", "From", "Ek"); got != "Hello Ada! From Ek." {
		t.Errorf("got %q", got)
	}
}

func TestFrenchSignsStayWithTheirWord(t *testing.T) {
	p := licences(t, "fr", `{"a": "Vraiment ? « Oui » : {{.Name}} !", "n": {"one": "{{.N}} ?", "many": "{{.N}} !", "other": "{{.N}} ;"}}`)
	if got, want := p.T("a", "Name", "Zoé"), "Vraiment\u00a0? «\u00a0Oui\u00a0»\u00a0: Zoé\u00a0!"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for n, want := range map[int64]string{1: "1\u00a0?", 2: "2\u00a0;", 3_000_000: "3\u202f000\u202f000\u00a0!"} {
		if got := p.N("n", n); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestABrokenCatalogueStopsTheProcess(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("the printer was made")
		}
	}()
	licences(t, "en", `{"licences": `)
}

func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		newPrinter("fr", catalogues)
	}
}
