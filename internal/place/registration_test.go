package place_test

import (
	"errors"
	"strings"
	"testing"

	"comptoir/internal/fault"
	"comptoir/internal/lang"
	"comptoir/internal/place"
	"comptoir/internal/refusal"
)

// outcome writes a checked ID as "INN 5001007329", "refused 600050" or
// "TIN 1234563219 warned registration.checksum".
func outcome(r place.Registration) string {
	if r.Fault != nil {
		return "refused " + r.Fault.Code
	}
	parts := []string{}
	for _, s := range []string{r.Type, r.Value} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	for _, f := range r.Findings {
		parts = append(parts, "warned", f.Code)
	}
	return strings.Join(parts, " ")
}

func TestRegistrationIDsOfTheSeedCountries(t *testing.T) { // C16, C17, C19
	tests := []struct{ country, valid, want, invalid, refused string }{
		{"AM", "00123456", "INN 00123456", "0012345", "refused 600050"},
		{"AZ", "1234567891", "TIN 1234567891", "123456789", "refused 600050"},
		{"BY", "200 988 541", "UNP 200988541", "20098854A", "refused 600050"},
		{"BR", "46.426.796/0001-40", "CNPJ 46426796000140", "46.426.796/0001-4", "refused 600050"},
		{"HU", "12345678-2-41", "TIN 12345678241", "12345678-9-41", "refused 600050"},
		{"IN", "27abcde1234f1z5", "TAXID 27ABCDE1234F1Z5", "U73100DL2004PTC129754", "refused 600050"},
		{"IQ", "123456789", "TIN 123456789", "12-34", "1234 warned registration.form"},
		{"KZ", "123456789012", "BIN 123456789012", "12345678901", "refused 600050"},
		{"KG", "12345678901234", "INN 12345678901234", "1234567890123A", "refused 600050"},
		{"MD", "1002600012345", "IDNO 1002600012345", "100260001234", "refused 600050"},
		{"MM", "123456789", "TIN 123456789", "12345", "12345 warned registration.form"},
		{"PL", "123-456-32-18", "TIN 1234563218", "12345632", "refused 600050"},
		{"RU", "5001007329", "INN 5001007329", "50010073291", "refused 600050"},
		{"SA", "300012345600003", "TIN 300012345600003", "300012345600004", "refused 600050"},
		{"ZA", "2015/123456/07", "TRN 2015/123456/07", "1", "1 warned registration.form"},
		{"SS", "100123456", "TIN 100123456", "10012345", "10012345 warned registration.form"},
		{"TJ", "123456789", "INN 123456789", "1234", "1234 warned registration.form"},
		{"TH", "0-1055-36001-43-3", "TIN 0105536001433", "010553600143", "refused 600050"},
		{"TR", "1234567890", "TIN 1234567890", "123456789", "refused 600050"},
		{"UA", "12345678", "EGRPOU 12345678", "1234567", "refused 600050"},
		{"AE", "100123456700003", "TAXID 100123456700003", "200123456700003", "refused 600050"},
		{"UZ", "123 456 789", "INN 123456789", "1234567890", "refused 600050"},
		{"VE", "J-12345678-9", "RIF J123456789", "X-12345678-9", "refused 600050"},
		{"VN", "0101234567-001", "TIN 0101234567001", "0101234567-01", "refused 600050"},
	}
	if len(tests) != len(seeds) {
		t.Fatalf("%d countries tested, %d require an ID", len(tests), len(seeds))
	}
	for _, tt := range tests {
		c := country(t, tt.country)
		check := func(typed string) place.Registration {
			return c.CheckRegistration("companyProfile.organizationRegistrationNumber", typed, place.RegistrationOptions{})
		}
		t.Run(tt.country+" missing, RF-12", func(t *testing.T) {
			r := check(" \t")
			if !errors.Is(r.Fault, refusal.RF12) || r.Fault.Code != "600049" || r.Fault.Field != "companyProfile.organizationRegistrationNumber" {
				t.Errorf("got %v", r.Fault)
			}
		})
		t.Run(tt.country+" valid", func(t *testing.T) {
			if got := outcome(check(tt.valid)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if r := check("  " + tt.valid + " "); r.Typed != tt.valid {
				t.Errorf("shown as %q", r.Typed)
			}
		})
		t.Run(tt.country+" invalid, RF-13", func(t *testing.T) {
			r := check(tt.invalid)
			if got := outcome(r); got != tt.refused {
				t.Errorf("got %q, want %q", got, tt.refused)
			}
			if r.Fault != nil && (!errors.Is(r.Fault, refusal.RF13) || r.Fault.Args["Pattern"] == "" || r.Fault.Args["Example"] == "") {
				t.Errorf("RF-13 tells no pattern: %v %v", r.Fault, r.Fault.Args)
			}
		})
	}
}

func TestRegistrationIDs(t *testing.T) {
	legacy := place.RegistrationOptions{RejectWhenUnsupported: true}
	tests := []struct {
		story, country, typed string
		options               place.RegistrationOptions
		want                  string
	}{
		{"none where none is required", "SE", "", place.RegistrationOptions{}, ""},
		{"any that looks like one where none is required", "SE", "556233-7880", place.RegistrationOptions{}, "5562337880"},
		{"with letters and spaces", "DE", "HRB 8524", place.RegistrationOptions{}, "HRB8524"},
		{"a slash stays in the general form", "AT", "12/345", place.RegistrationOptions{}, "12/345"},
		{"not even like one", "SE", "??", place.RegistrationOptions{}, "refused 600050"},
		{"three characters are too few", "SE", "123", place.RegistrationOptions{}, "refused 600050"},
		{"too long", "SE", strings.Repeat("1", 31), place.RegistrationOptions{}, "refused 600050"},
		{"a control character", "IQ", "1234\x00567", place.RegistrationOptions{}, "refused 600050"},
		{"much too long where the form is uncertain", "IQ", strings.Repeat("1", 51), place.RegistrationOptions{}, "refused 600050"},
		{"nothing but hyphens where the form is uncertain", "IQ", "- . -", place.RegistrationOptions{}, "refused 600050"},
		{"older behaviour refuses where none is required", "SE", "556233-7880", legacy, "refused 600002"},
		{"older behaviour for a country with a type, not obliged", "US", "12-3456789", legacy, "refused 600002"},
		{"older behaviour accepts where one is required", "RU", "5001007329", legacy, "INN 5001007329"},
		{"older behaviour without an ID", "SE", "", legacy, ""},

		{"US is not obliged, an EIN is recognised", "US", "12-3456789", place.RegistrationOptions{}, "EIN 123456789"},
		{"US is not obliged, a file number of Delaware passes", "US", "4348344", place.RegistrationOptions{}, "4348344"},
		{"US an EIN by choice that is none", "US", "4348344", place.RegistrationOptions{Type: "EIN"}, "4348344 warned registration.form"},
		{"CN is not obliged", "CN", "91110000MA0012345X", place.RegistrationOptions{}, "TIN 91110000MA0012345X"},

		{"a slash where one type has it", "AM", "00123456/1", place.RegistrationOptions{}, "VAT 00123456/1"},
		{"the chosen type decides", "TJ", "123456789", place.RegistrationOptions{Type: "KPP"}, "KPP 123456789"},
		{"the chosen type alone counts", "AM", "00123456/1", place.RegistrationOptions{Type: "INN"}, "refused 600050"},
		{"a type the country does not have", "PL", "1234563218", place.RegistrationOptions{Type: "RIF"}, "refused 600050"},
		{"a personal number by choice", "PL", "44051401458", place.RegistrationOptions{Type: "PESEL"}, "refused 600050"},
		{"a personal number over REST", "TR", "10000000146", place.RegistrationOptions{}, "refused 600050"},
		{"a number that fits both counts as the organisation's", "KZ", "123456789012", place.RegistrationOptions{}, "BIN 123456789012"},
		{"an INN of a person", "RU", "500100732259", place.RegistrationOptions{}, "INN 500100732259"},

		{"a check digit is a warning in Poland", "PL", "1234563219", place.RegistrationOptions{}, "TIN 1234563219 warned registration.checksum"},
		{"a check digit is a warning in Brazil", "BR", "12345678000196", place.RegistrationOptions{}, "CNPJ 12345678000196 warned registration.checksum"},
		{"a check digit is a warning in Belarus", "BY", "100123456", place.RegistrationOptions{}, "UNP 100123456 warned registration.checksum"},
		{"a check digit is a warning in Russia", "RU", "5001007320", place.RegistrationOptions{}, "INN 5001007320 warned registration.checksum"},
		{"a CNPJ with letters", "BR", "12.ABC.345/01DE-35", place.RegistrationOptions{}, "CNPJ 12ABC34501DE35"},
		{"with the country code that documents write before it", "PL", "PL 526-025-02-74", place.RegistrationOptions{}, "TIN 5260250274"},
		{"in lower case, close to the number", "PL", "pl5260250274", place.RegistrationOptions{Type: "TIN"}, "TIN 5260250274"},
		{"a Hungarian tax number with its country code", "HU", "HU12345678-2-41", place.RegistrationOptions{}, "TIN 12345678241"},
		{"an American one, where none is required", "US", "US 12-3456789", place.RegistrationOptions{}, "EIN 123456789"},
		{"the code of another country is none of its digits", "PL", "DE5260250274", place.RegistrationOptions{}, "refused 600050"},
		{"a country code alone", "PL", "PL", place.RegistrationOptions{}, "refused 600050"},
		{"a personal number stays one with the country code", "PL", "PL44051401458", place.RegistrationOptions{}, "refused 600050"},
		{"letters that are part of the ID stay", "VE", "VE-12345678-9", place.RegistrationOptions{}, "refused 600050"},
		{"letters that are part of the ID and of the country stay", "VE", "V-12345678-9", place.RegistrationOptions{}, "RIF V123456789"},
		{"spaces and dashes of other kinds", "PL", "123\u2011456\u201332\u00a018", place.RegistrationOptions{}, "TIN 1234563218"},
	}
	for _, tt := range tests {
		t.Run(tt.story, func(t *testing.T) {
			if got := outcome(country(t, tt.country).CheckRegistration("f", tt.typed, tt.options)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestAPersonalNumberIsToldFromAMistypedOne(t *testing.T) {
	for _, o := range []place.RegistrationOptions{{}, {Type: "PESEL"}} {
		r := country(t, "PL").CheckRegistration("f", "44051401458", o)
		if !errors.Is(r.Fault, place.PersonalID) {
			t.Errorf("%+v: got %v", o, r.Fault)
		}
	}
}

func TestWhereEveryTypeIsPersonalNothingIsGreyed(t *testing.T) {
	pl := country(t, "PL")
	if pl.Greyed(&pl.RegistrationTypes[0]) || !pl.Greyed(&pl.RegistrationTypes[1]) {
		t.Error("in Poland the PESEL is greyed and the TIN is not")
	}
	onlyPeople := *pl
	onlyPeople.RegistrationTypes = pl.RegistrationTypes[1:]
	if onlyPeople.Greyed(&onlyPeople.RegistrationTypes[0]) {
		t.Error("the only type is greyed")
	}
	if got := outcome(onlyPeople.CheckRegistration("f", "44051401458", place.RegistrationOptions{})); got != "PESEL 44051401458" {
		t.Errorf("got %q", got)
	}
}

func TestTheWireShowsThePattern(t *testing.T) { // RF-13, 600050
	tests := []struct{ country, pattern, example string }{
		{"RU", `^(\d{10}|\d{12})$`, "5001007329"},
		{"PL", `^\d{10}$`, "1234563218"},
		{"AM", `^\d{8}$|^\d{8}(\/\d{1,2})?$`, "00123456"},
		{"AE", `^1\d{14}$`, "100123456700003"},
		{"SE", `^[0-9A-Za-z][0-9A-Za-z \/.-]{3,29}$`, ""},
		{"US", `^[0-9A-Za-z][0-9A-Za-z \/.-]{3,29}$`, ""},
	}
	for _, tt := range tests {
		c := country(t, tt.country)
		if pattern, example := c.RegistrationPattern(); pattern != tt.pattern || example != tt.example {
			t.Errorf("%s: %s, %s", tt.country, pattern, example)
		}
		if got := c.CheckRegistration("f", "?", place.RegistrationOptions{}).Fault.Args["Pattern"]; got != tt.pattern {
			t.Errorf("%s: RF-13 says %v", tt.country, got)
		}
	}
}

// Nobody is shown a regular expression: every published form has its words.
func TestEveryFormOfAnIDIsSaidInWords(t *testing.T) { // RF-13
	for _, c := range place.World().Countries("en") {
		for _, kind := range c.RegistrationTypes {
			for _, tag := range []string{"en", "fr", "sv"} {
				if words := catalogue(t, tag)[kind.FormKey]; words == "" || strings.ContainsAny(words, `^$\[{`) {
					t.Errorf("%s %s %s is said as %q in %s", c.Code, kind.Code, kind.Pattern, words, tag)
				}
			}
		}
		refused := c.CheckRegistration("f", "?", place.RegistrationOptions{}).Fault
		if refused == nil { // the form is uncertain, so another is a finding
			continue
		}
		if forms, _ := refused.Args["Forms"].(fault.Keys); len(forms) == 0 {
			t.Errorf("%s: RF-13 does not say in words what it expects", c.Code)
		}
	}
	tests := []struct{ country, tag, want string }{
		{"PL", "en", "Expected: 10 digits. Example: 1234563218."},
		{"AM", "sv", "Förväntad form: 8 siffror eller 8 siffror, vid behov följda av ett snedstreck och en eller två till. Exempel: 00123456."},
		{"SA", "fr", "Forme attendue : 10 chiffres, ou 15 chiffres qui commencent et finissent par 3. Exemple : 300012345600003."}, //nolint:misspell // French
	}
	for _, tt := range tests {
		refused := country(t, tt.country).CheckRegistration("f", "?", place.RegistrationOptions{}).Fault
		if got := lang.For(tt.tag).Fault(refused); !strings.Contains(strings.ReplaceAll(got, "\u00a0", " "), tt.want) {
			t.Errorf("%s in %s: %q", tt.country, tt.tag, got)
		}
	}
}

func TestAPatternOfTheOperatorIsNotShown(t *testing.T) { // V-8
	own := *country(t, "PL")
	pattern, err := place.NewPattern(`^K\d{4}$`)
	if err != nil {
		t.Fatal(err)
	}
	own.RegistrationTypes = []place.RegistrationType{{Code: "KRS", Name: "KRS", Pattern: pattern, Example: "K1234"}}
	said := lang.For("en").Fault(own.CheckRegistration("f", "?", place.RegistrationOptions{}).Fault)
	if strings.Contains(said, "^") || !strings.Contains(said, "Example: K1234.") {
		t.Errorf("got %q", said)
	}
}

func TestRF13IsTheRefusalOfTheContract(t *testing.T) {
	r := country(t, "PL").CheckRegistration("f", "1", place.RegistrationOptions{})
	if r.Fault.Kind != fault.Invalid || r.Fault.Code != "600050" || r.Fault.Key != "refusal.rf13" {
		t.Errorf("got %v", r.Fault)
	}
}
