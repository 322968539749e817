package naming_test

import (
	"bufio"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"comptoir/internal/naming"
)

var asciiTable = unicode.RangeTable{R16: []unicode.Range16{{Lo: 0, Hi: 0x7f, Stride: 1}}, LatinOffset: 1}

// published is what the tests read from name-rules.json.
type published struct {
	CompanyName, ContactName, Email, DomainPrefix struct {
		Regex string
		Rules []struct {
			ID, Severity string
			Message      map[string]string
		}
	}
}

func read[T any](t *testing.T, path string) T {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var v T
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return v
}

func TestTheCataloguesSayWhatTheRulesSay(t *testing.T) {
	p := read[published](t, "name-rules.json")
	catalogues := make(map[string]map[string]string)
	for _, tag := range []string{"en", "fr", "sv"} {
		catalogues[tag] = read[map[string]string](t, "../lang/messages/naming."+tag+".json")
	}
	known := 0
	for _, group := range [][]struct {
		ID, Severity string
		Message      map[string]string
	}{p.CompanyName.Rules, p.ContactName.Rules, p.Email.Rules, p.DomainPrefix.Rules} {
		for _, r := range group {
			rule, ok := naming.Find(r.ID)
			if !ok || rule.String() != r.ID {
				t.Errorf("rule %s is not known", r.ID)
				continue
			}
			known++
			if got := naming.Default().Severity(rule).String(); got != r.Severity {
				t.Errorf("%s has the severity %s, want %s", r.ID, got, r.Severity)
			}
			for tag, sentences := range catalogues {
				if got, want := sentences[rule.Key()], r.Message[tag]; got != want || want == "" {
					t.Errorf("%s says %q in %s, want %q", r.ID, got, tag, want)
				}
			}
		}
	}
	if all := naming.All(); known != len(all) {
		t.Errorf("name-rules.json has %d rules, the package %d", known, len(all))
	}
	if _, err := regexp.Compile(p.DomainPrefix.Regex); err != nil {
		t.Error(err)
	}
}

// entity is a line of the file of real legal entities.
type entity struct{ LegalName, Country string }

// entities reads the real legal entities that lie beside the repository, and
// skips the test where they do not.
func entities(t testing.TB) []entity {
	t.Helper()
	const path = "../../../shared/data/legal-entities.jsonl"
	f, err := os.Open(path)
	if os.IsNotExist(err) {
		t.Skipf("the file of real legal entities is not at %s", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	var all []entity
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var e entity
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

func TestRealCompaniesPass(t *testing.T) {
	keys := make(map[string]string)
	for _, e := range entities(t) {
		v := naming.Default().CheckCompanyName("field", e.LegalName)
		if v.Fault != nil {
			t.Errorf("%s is refused: %v", e.LegalName, v.Fault)
		}
		for _, f := range v.Findings {
			// A German partnership written "Co.KG" does end like a domain of Kyrgyzstan.
			if f.Code != "CN08" || !strings.HasSuffix(e.LegalName, "Co.KG") {
				t.Errorf("%s is warned about by %s", e.LegalName, f.Code)
			}
		}
		key := e.Country + " " + naming.DuplicateKey(e.LegalName)
		// Two Bloombergs differ in nothing but their legal form; rule C3 then asks.
		if other, ok := keys[key]; ok && key != "US bloomberg" {
			t.Errorf("%s and %s would count as one company (%s)", e.LegalName, other, key)
		}
		keys[key] = e.LegalName
	}
}
