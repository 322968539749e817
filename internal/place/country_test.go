package place_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"comptoir/internal/place"
)

// seeds are the 24 countries of rule C16.
var seeds = []string{
	"AM", "AZ", "BY", "BR", "HU", "IN", "IQ", "KZ", "KG", "MD", "MM", "PL",
	"RU", "SA", "ZA", "SS", "TJ", "TH", "TR", "UA", "AE", "UZ", "VE", "VN",
}

// country returns a published country.
func country(t testing.TB, code string) *place.Country {
	t.Helper()
	c, ok := place.World().Country(code)
	if !ok {
		t.Fatalf("%s is not in the atlas", code)
	}
	return c
}

func TestCountriesAreFoundByCode(t *testing.T) {
	for _, code := range []string{"SE", "se", "Se", "XK", "an"} {
		if c, ok := place.World().Country(code); !ok || c.Code != strings.ToUpper(code) {
			t.Errorf("%s is not found", code)
		}
	}
	for _, code := range []string{"", "UK", "CU", "IR", "KP", "SD", "SY", "SWE", "S", "S\x00", "åä"} {
		if c, ok := place.World().Country(code); ok {
			t.Errorf("%q is found as %s", code, c.Code)
		}
	}
}

func TestACountryTellsWhatIsPublished(t *testing.T) {
	ch := country(t, "ch")
	if ch.Name("en") != "Switzerland" || ch.Name("fr") != "Suisse" || ch.Name("sv") != "Schweiz" || ch.Name("de") != "Switzerland" {
		t.Errorf("Switzerland is called %+v", ch.Names)
	}
	if ch.Alpha3 != "CHE" || ch.Market != "europe" || ch.Currency != "CHF" || ch.DefaultCulture != "de-CH" ||
		!slices.Equal(ch.CallingCodes, []string{"41"}) || !slices.Equal(ch.Languages, []string{"de", "fr", "it", "en"}) {
		t.Errorf("Switzerland is %+v", ch)
	}
	us := country(t, "US")
	want := place.Tax{Format: "US######", Sample: "US999965", Supported: true, Optional: true}
	if diff := cmp.Diff(want, us.Tax); diff != "" {
		t.Error(diff)
	}
	if us.ResellerAgreementRegion != "AOC" || us.GeographicRegion != "NorthAndLatinAmerica" || !us.PostalCodePublished {
		t.Errorf("the United States are %+v", us)
	}
	if ae := country(t, "AE"); ae.PostalCodePublished || ae.PostalCode.String() == "" {
		t.Error("the Emirates have no postal code of their own, the general pattern applies")
	}
	if br := country(t, "BR"); !slices.Equal(br.Currencies, []string{"USD", "BRL"}) {
		t.Errorf("Brazil sells in %v", br.Currencies)
	}
	if ru := country(t, "RU"); ru.Market != "" || ru.Currency != "" {
		t.Errorf("Russia is in the market %q", ru.Market)
	}
}

func TestCulturesComeInAnyCaseAndLeaveInTheirOwn(t *testing.T) {
	tests := []struct {
		country, tag, want string
	}{
		{"US", "EN-US", "en-US"},
		{"CH", "fr-ch", "fr-CH"},
		{"RS", "SR-LATN-rs", "sr-Latn-RS"},
		{"SE", "fr-FR", ""},
		{"SE", "", ""},
	}
	for _, tt := range tests {
		if got, ok := country(t, tt.country).Culture(tt.tag); got != tt.want || ok != (tt.want != "") {
			t.Errorf("%s in %s is %q, %v; want %q", tt.tag, tt.country, got, ok, tt.want)
		}
	}
}

func TestCountriesAreSortedAsTheReaderDoes(t *testing.T) {
	position := func(tag, code string) int {
		return slices.IndexFunc(place.World().Countries(tag), func(c *place.Country) bool { return c.Code == code })
	}
	before := func(tag string, codes ...string) {
		t.Helper()
		for i := range codes[1:] {
			if position(tag, codes[i]) >= position(tag, codes[i+1]) {
				t.Errorf("in %s, %s does not come before %s", tag, codes[i], codes[i+1])
			}
		}
	}
	before("en", "AF", "AX", "AL", "ZW")       // Afghanistan, Åland Islands, Albania … Zimbabwe
	before("sv", "AF", "EG", "ZW", "AX", "AT") // Afghanistan, Egypten … Zimbabwe, Åland, Österrike
	before("fr", "EG", "AE", "EC", "US", "ZW") // Égypte, Émirats, Équateur, États-Unis … Zimbabwe
	for _, tag := range []string{"en", "fr", "sv", "xx"} {
		if n := len(place.World().Countries(tag)); n != 248 {
			t.Errorf("%d countries in %s, want 248", n, tag)
		}
	}
}

func TestTheListOfCountriesMayBeChangedByWhoAsked(t *testing.T) {
	clear(place.World().Countries("en"))
	if place.World().Countries("en")[0] == nil {
		t.Error("the atlas itself was changed")
	}
}

func TestTheOperatorChangesTheAtlas(t *testing.T) {
	changed := *country(t, "NO")
	changed.PhoneRequired = true
	pattern, err := place.NewPattern(`^N\d{4}$`)
	if err != nil {
		t.Fatal(err)
	}
	changed.PostalCode = pattern
	w := place.World().With(&changed).Without("SE", "FI")
	if _, ok := w.Country("SE"); ok || len(w.Countries("sv")) != 246 {
		t.Errorf("Sweden is still there among %d", len(w.Countries("sv")))
	}
	oslo := place.Address{Country: "NO", City: "Oslo", AddressLine1: "Storgata 1", PostalCode: "n0155", FirstName: "Ola", LastName: "Nordmann"}
	if got := fields(oslo.Check(w, "", place.Need{Billing: true})); got != "phoneNumber 600051" {
		t.Errorf("with the operator's rules: %s", got)
	}
	if got := fields(oslo.Check(place.World(), "", place.Need{Billing: true})); got != "postalCode 27002" {
		t.Errorf("with the published rules: %s", got)
	}
	if _, err := place.NewPattern(`(?=x)`); err == nil {
		t.Error("a pattern that RE2 lacks is accepted")
	}
}

// rules is what the tests read from country-rules.json.
type rules struct {
	SeedCountries []string
	Defaults      map[string]any
	Countries     []struct {
		ISO2                        string
		Seed                        bool
		RegistrationIDRequired      bool
		PhoneRequired               bool
		PostalCodeRegex, PhoneRegex string
		RegistrationIDTypes         []struct{ Code, Name, Description, Regex, Example, Checksum string }
	}
}

func readRules(t testing.TB) rules {
	t.Helper()
	text, err := os.ReadFile("country-rules.json")
	if err != nil {
		t.Fatal(err)
	}
	var r rules
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestPublishedPatternsAreRE2(t *testing.T) {
	r := readRules(t)
	compile := func(where, source string) {
		if _, err := regexp.Compile(source); err != nil {
			t.Errorf("%s: %v", where, err)
		}
	}
	for name, value := range r.Defaults {
		if source, ok := value.(string); ok && strings.HasSuffix(name, "Regex") {
			compile(name, source)
		}
	}
	for _, c := range r.Countries {
		compile(c.ISO2+" postal code", c.PostalCodeRegex)
		compile(c.ISO2+" phone", c.PhoneRegex)
		for _, id := range c.RegistrationIDTypes {
			compile(c.ISO2+" "+id.Code, id.Regex)
			if !regexp.MustCompile(id.Regex).MatchString(strings.ReplaceAll(id.Example, " ", "")) {
				t.Errorf("%s %s: the example %s does not fit", c.ISO2, id.Code, id.Example)
			}
			if _, known := place.CheckDigits[id.Checksum]; id.Checksum != "" && !known {
				t.Errorf("%s %s: no algorithm %s", c.ISO2, id.Code, id.Checksum)
			}
		}
	}
}

func TestExactlyTheSeedCountriesRequireAnIDAndAPhone(t *testing.T) { // C16
	r := readRules(t)
	slices.Sort(r.SeedCountries)
	want := slices.Sorted(slices.Values(seeds))
	if diff := cmp.Diff(want, r.SeedCountries); diff != "" {
		t.Errorf("seedCountries: %s", diff)
	}
	for _, c := range r.Countries {
		seed := slices.Contains(seeds, c.ISO2)
		got := country(t, c.ISO2)
		if c.Seed != seed || got.RegistrationIDRequired != seed || got.PhoneRequired != seed {
			t.Errorf("%s: seed %v, ID required %v, phone required %v", c.ISO2, seed, got.RegistrationIDRequired, got.PhoneRequired)
		}
	}
}

func TestEveryTypeOfIDHasItsSentences(t *testing.T) { // C18
	english := catalogue(t, "en")
	for _, c := range readRules(t).Countries {
		for i, published := range c.RegistrationIDTypes {
			got := country(t, c.ISO2).RegistrationTypes[i]
			if english[got.NameKey] != published.Name {
				t.Errorf("%s %s is called %q, want %q", c.ISO2, got.Code, english[got.NameKey], published.Name)
			}
			for _, tag := range []string{"en", "fr", "sv"} {
				if sentences := catalogue(t, tag); sentences[got.NameKey] == "" || sentences[got.DescriptionKey] == "" {
					t.Errorf("%s %s has no name or description in %s", c.ISO2, got.Code, tag)
				}
			}
		}
	}
}

func catalogue(t *testing.T, tag string) map[string]string {
	t.Helper()
	text, err := os.ReadFile("../lang/messages/place." + tag + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var sentences map[string]string
	if err := json.Unmarshal(text, &sentences); err != nil {
		t.Fatal(err)
	}
	return sentences
}

func TestEveryStatusHasALabel(t *testing.T) {
	english := catalogue(t, "en")
	labels := make(map[string]bool)
	for _, s := range []place.Status{
		place.VerifiedShippable, place.Verified, place.InteractionRequired, place.StreetPartial,
		place.PremisesPartial, place.Multiple, place.None, place.NotValidated,
	} {
		label := english[s.LabelKey()]
		if label == "" || labels[label] {
			t.Errorf("%s has the label %q", s, label)
		}
		labels[label] = true
	}
}
