package naming_test

import (
	"testing"
	"unicode/utf8"

	"comptoir/internal/naming"
)

func BenchmarkCheckCompanyName(b *testing.B) {
	rules := naming.Default()
	for story, name := range map[string]string{
		"ascii":   "Nordic Logistics Trading Limited",
		"accents": "Société Générale d’Équipement Åkerlund S.A.",
		"refused": "999",
	} {
		b.Run(story, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				rules.CheckCompanyName("billingProfile.companyName", name)
			}
		})
	}
}

func BenchmarkCheckEmail(b *testing.B) {
	rules := naming.Default()
	about := naming.EmailContext{PartnerDomains: []string{"partner.example"}}
	b.ReportAllocs()
	for b.Loop() {
		rules.CheckEmail("billingProfile.email", "asa.berg@nordic.example", about)
	}
}

func BenchmarkKey(b *testing.B) {
	for story, name := range map[string]string{
		"key already": "nordic logistics trading limited",
		"ascii":       "Nordic Logistics Trading Limited",
		"accents":     "Société Générale d’Équipement Åkerlund S.A.",
	} {
		b.Run(story, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				naming.Key(name)
			}
		})
	}
}

func BenchmarkDuplicateKey(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		naming.DuplicateKey("Nordic Logistics Trading (Europe) Pte. Ltd.")
	}
}

func FuzzNames(f *testing.F) {
	for _, s := range []string{"", "Nordic AB", "1 2 3", "a\tb", "\xff", "e\u0301", "GmbH", "x.com", "\u212aft", "ﬁ ﬀ", "İ", "a@b.se", "a@bücher.example", "株式会社"} {
		f.Add(s)
	}
	rules := naming.Default()
	f.Fuzz(func(t *testing.T, s string) {
		company := rules.CheckCompanyName("field", s)
		accepted := map[string]naming.Verdict{
			"company": company,
			"contact": rules.CheckContactName("field", naming.LastName, naming.REST, s),
			"email":   rules.CheckEmail("field", s, naming.EmailContext{PartnerDomains: []string{s}}),
			"prefix":  rules.CheckDomainPrefix("field", s),
		}
		for kind, v := range accepted {
			if v.Fault == nil && (!naming.Printable(v.Value) || !utf8.ValidString(v.Value) || v.Value == "") {
				t.Errorf("%s accepts %q", kind, s)
			}
			if v.Fault != nil && len(v.Findings) > 0 {
				t.Errorf("%s refuses %q and warns", kind, s)
			}
		}
		if again := rules.CheckCompanyName("field", company.Value); again.Value != company.Value || (again.Fault == nil) != (company.Fault == nil) {
			t.Errorf("the kept form %q of %q is judged differently", company.Value, s)
		}
		if key := naming.Key(s); naming.Key(key) != key || !utf8.ValidString(key) {
			t.Errorf("Key(%q) = %q is no key", s, key)
		}
		if prefix := naming.SuggestDomainPrefix(s); prefix != "" && rules.CheckDomainPrefix("field", prefix).Fault != nil {
			t.Errorf("the suggested prefix %q is refused", prefix)
		}
		naming.DuplicateKey(s)
	})
}
