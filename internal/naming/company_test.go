package naming_test

import (
	"strings"
	"testing"

	"comptoir/internal/fault"
	"comptoir/internal/naming"
)

// verdict is what a test expects: the rule that refuses, or the rules that warn.
type verdict struct {
	refusedBy string
	warnings  string
}

func (want verdict) check(t *testing.T, got naming.Verdict) {
	t.Helper()
	var have verdict
	if got.Fault != nil {
		have.refusedBy = strings.ToUpper(strings.TrimPrefix(got.Fault.Key, "naming."))
		if got.Fault.Kind != fault.Invalid || got.Fault.Code != "3000" || got.Fault.Field != "field" {
			t.Errorf("RF-44 is Invalid 3000 on the field, got %v", got.Fault)
		}
	}
	var codes []string
	for _, f := range got.Findings {
		codes = append(codes, f.Code)
		if f.Field != "field" || f.Key != "naming."+strings.ToLower(f.Code) {
			t.Errorf("finding %+v has another field or key", f)
		}
	}
	have.warnings = strings.Join(codes, " ")
	if have != want {
		t.Errorf("got %+v, want %+v", have, want)
	}
}

var (
	fine    = verdict{}
	refused = func(rule string) verdict { return verdict{refusedBy: rule} }
	warned  = func(rules string) verdict { return verdict{warnings: rules} }
)

func TestCompanyNames(t *testing.T) {
	tests := []struct {
		story string
		name  string
		want  verdict
	}{
		{"an ordinary name", "Nordic Logistik AB", fine},
		{"special characters inside", "Müller & Söhne GmbH (Berlin)", fine},
		{"two characters are enough", "3M", fine},
		{"a Japanese name", "シェルジャパン株式会社", fine},
		{"an Arabic name with a joiner", "شرکت نفت\u200cگستر", fine},
		{"letter and mark make one character", "नमस्ते भारत", fine},

		{"CN01 empty", "", refused("CN01")},
		{"CN01 spaces and tabs", " \t\u00a0\u200b ", refused("CN01")},
		{"CN02 one letter", " A ", refused("CN02")},
		{"CN02 one letter that was two code points", "A\u030a", refused("CN02")},
		{"CN03 256 characters", strings.Repeat("ab", 128), refused("CN03")},
		{"CN03 256 characters of two bytes", strings.Repeat("åä", 128), refused("CN03")},
		{"CN03 255 characters are allowed", strings.Repeat("ab ", 85), fine},
		{"CN04 special characters only", "-- & --", refused("CN04")},
		{"CN04 wins over the repeated character", "...", refused("CN04")},
		{"CN04 a letter makes the difference", "-- & B --", fine},
		{"CN05 a legal form alone", "GmbH", refused("CN05")},
		{"CN05 in any case", "sArL", refused("CN05")},
		{"CN05 of two words, spaces doubled", "Pty   Ltd", refused("CN05")},
		{"CN05 spaced letters", "L. L. C.", refused("CN05")},
		{"CN05 with the Kelvin sign", "\u212aft", refused("CN05")},
		{"CN05 part of a name is fine", "Contoso GmbH", fine},
		{"CN06 999", "999", refused("CN06")},
		{"CN06 in mixed case", "AaA", refused("CN06")},
		{"CN06 with spaces between", "xx xx", refused("CN06")},
		{"CN06 twice is no repetition", "HH Maskin", fine},
		{"CN07 1 2 3", "1 2 3", refused("CN07")},
		{"CN07 with tabs", "a\tb\tc", refused("CN07")},
		{"CN07 two characters", "a b", refused("CN07")},
		{"CN07 a longer word", "A B Volvo", fine},
		{"CN07 not for ideographs", "山 田", fine},
		{"CN11 a line break", "Contoso\nAB", refused("CN11")},
		{"CN11 a tab inside", "Contoso\tAB", refused("CN11")},
		{"CN11 a text direction", "Contoso \u202eBA", refused("CN11")},
		{"CN11 private use", "Contoso \ue000", refused("CN11")},
		{"CN11 broken UTF-8", "Contoso \xff AB", refused("CN11")},
		{"CN11 the character that stands for a lost one", "Contoso \ufffd AB", refused("CN11")},

		{"CN08 a domain", "contoso.com", warned("CN08")},
		{"CN08 the last word", "Visit Contoso.SE", warned("CN08")},
		{"CN08 an internationalised top level", "компания.срб", warned("CN08")},
		{"CN08 not without something before the dot", "Contoso .com", fine},
		{"CN08 not in the middle", "Contoso.com Holding", fine},
		{"CN08 not behind other letters", "Contoso x.community", fine},
		{"CN09 an acronym", "IBM", warned("CN09")},
		{"CN09 with a legal form it is a name", "IBM AB", fine},
		{"CN09 six letters", "VATTEN", fine},
		{"CN09 not in lower case", "Volvo", fine},
		{"CN09 not with digits", "A1B2", fine},
		{"CN09 Greek capitals", "ΔΕΗ", warned("CN09")},
		{"CN10 a test word", "Test Company", warned("CN10")},
		{"CN10 in French", "Société Essai-Matériel", warned("CN10")},
		{"CN10 only whole words", "Testimony Provence", fine},
		{"CN10 beside punctuation", "Acme (demo)", warned("CN10")},
		{"several warnings", "TEST", warned("CN09 CN10")},
		{"an error hides the warnings", "test.com\u0007", refused("CN11")},
	}
	rules := naming.Default()
	for _, tt := range tests {
		t.Run(tt.story, func(t *testing.T) {
			tt.want.check(t, rules.CheckCompanyName("field", tt.name))
		})
	}
}

func TestNamesAreKeptTrimmedAndComposed(t *testing.T) {
	v := naming.Default().CheckCompanyName("field", "\ufeff\u00a0 Goteborgs Ra\u030a och  Ro \u200b\n")
	if want := "Goteborgs Rå och  Ro"; v.Value != want || v.Fault != nil {
		t.Errorf("got %q, %v; want %q", v.Value, v.Fault, want)
	}
}

func TestSandboxAccountsMayHaveTestNames(t *testing.T) {
	if v := naming.Default().Sandbox().CheckCompanyName("field", "Test Company"); v.Fault != nil || v.Findings != nil {
		t.Errorf("CN10 applies in a sandbox: %+v", v)
	}
}

func TestTheOperatorSetsSeverities(t *testing.T) {
	strict, err := naming.Default().With(naming.CN09, naming.Error)
	if err != nil {
		t.Fatal(err)
	}
	refused("CN09").check(t, strict.CheckCompanyName("field", "IBM"))
	warned("CN09").check(t, naming.Default().CheckCompanyName("field", "IBM"))

	ours, err := strict.With(naming.CN11, naming.Warning)
	if err != nil {
		t.Fatalf("CN11 is our own rule, yet: %v", err)
	}
	warned("CN11").check(t, ours.CheckCompanyName("field", "Contoso\u0001 AB"))
	if ours.Severity(naming.CN11) != naming.Warning || ours.Severity(naming.CN09) != naming.Error {
		t.Error("a severity that was set is not told")
	}

	kept, err := strict.With(naming.CN04, naming.Off)
	if fault.KindOf(err) != fault.Invalid {
		t.Errorf("V-9: a documented error was relaxed outside a sandbox: %v", err)
	}
	refused("CN04").check(t, kept.CheckCompanyName("field", "--"))

	relaxed, err := strict.Sandbox().With(naming.CN04, naming.Off)
	if err != nil {
		t.Fatal(err)
	}
	fine.check(t, relaxed.CheckCompanyName("field", "--"))
}

func TestTheOperatorSetsWordLists(t *testing.T) {
	rules := naming.Default().WithList(naming.TestWords, []string{"Prueba", "påhitt"})
	warned("CN10").check(t, rules.CheckCompanyName("field", "PÅHITT AB"))
	fine.check(t, rules.CheckCompanyName("field", "Test Company"))
	warned("CN10").check(t, naming.Default().CheckCompanyName("field", "Test Company"))
	if got := rules.List(naming.TestWords); len(got) != 2 || got[0] != "Prueba" {
		t.Errorf("the list reads back as %v", got)
	}

	reserved := naming.Default().WithList(naming.ReservedDomains, []string{"comptoir.example"})
	for _, address := range []string{"a@comptoir.example", "a@microsoft.com"} {
		refused("EM02").check(t, reserved.CheckEmail("field", address, naming.EmailContext{}))
	}
}
