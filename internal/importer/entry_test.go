package importer

import (
	"strings"
	"testing"

	"comptoir/internal/place"
)

// saying returns an entry with the fields given as name, value pairs.
func saying(pairs ...string) entry {
	e := make(entry, len(labels))
	for i := 0; i < len(pairs); i += 2 {
		e[places[Field(pairs[i])]] = pairs[i+1]
	}
	return e
}

// notes returns the codes of what was noted, and of what was refused.
func (a applicant) notes() string {
	var all []string
	for _, f := range a.extra.Findings {
		all = append(all, f.Code)
	}
	for _, f := range a.extra.Faults {
		all = append(all, f.Key)
	}
	return strings.Join(all, " ")
}

func TestARegionBecomesTheStateWhereTheCountryListsItsStates(t *testing.T) { // rule C14
	for name, tt := range map[string]struct{ country, region, state, wantRegion, wantState string }{
		"the United States":     {"US", "US-WA", "", "", "WA"},
		"in small letters":      {"us", "us-wa", "", "", "WA"},
		"without the country":   {"US", "WA", "", "", "WA"},
		"a city of Mexico":      {"MX", "MX-CMX", "", "", "CMX"},
		"no list, the region":   {"BR", "BR-SP", "", "BR-SP", ""},
		"no list, the state":    {"GB", "GB-LND", "London", "GB-LND", "London"},
		"said twice":            {"US", "US-WA", "WA", "", "WA"},
		"a region of no state":  {"US", "Pacific Northwest", "", "Pacific Northwest", ""},
		"a state of its own":    {"US", "", "US-WA", "", "WA"},
		"two that do not agree": {"US", "US-OR", "WA", "US-OR", "WA"},
	} {
		t.Run(name, func(t *testing.T) {
			a := saying("companyName", "Kund", "country", tt.country, "region", tt.region, "state", tt.state,
				"city", "Somewhere", "addressLine1", "1 Road", "postalCode", "98052").read(place.World(), "")
			if got := a.customer.Billing.Address; got.Region != tt.wantRegion || got.State != tt.wantState {
				t.Errorf("region %q, state %q", got.Region, got.State)
			}
		})
	}
}

func TestAnAddressIsCorrectedOnlyWhereNothingIsLost(t *testing.T) {
	for name, tt := range map[string]struct {
		country, city, code, line1, line2 string
		want                              string // city | code | line 1
		notes                             int
	}{
		"the country before the code":   {"LU", "Luxembourg", "L-1470", "80, route d’Esch", "", "Luxembourg|1470|80, route d’Esch", 1},
		"the code with its country":     {"SE", "Stockholm", "SE-111 22", "Kungsgatan 56", "", "Stockholm|111 22|Kungsgatan 56", 1},
		"a code that is right":          {"SE", "Stockholm", "11122", "Kungsgatan 56", "", "Stockholm|11122|Kungsgatan 56", 0},
		"the code beside the city":      {"SE", "222 21 Lund", "", "Gatan 1", "", "Lund|222 21|Gatan 1", 2},
		"city and code swapped":         {"SE", "222 21", "Lund", "Gatan 1", "", "Lund|222 21|Gatan 1", 2},
		"the street one line too low":   {"SE", "Lund", "222 21", "", "Gatan 1", "Lund|222 21|Gatan 1", 0},
		"a zero that a spreadsheet ate": {"US", "Boston, MA", "2139", "1 Main Street", "", "Boston, MA|2139|1 Main Street", 0},
		"nothing that is recognised":    {"SE", "Lund", "22", "Gatan 1", "", "Lund|22|Gatan 1", 0},
	} {
		t.Run(name, func(t *testing.T) {
			a := saying("companyName", "Kund", "country", tt.country, "city", tt.city, "postalCode", tt.code,
				"addressLine1", tt.line1, "addressLine2", tt.line2).read(place.World(), "")
			b := a.customer.Billing.Address
			if got := b.City + "|" + b.PostalCode + "|" + b.AddressLine1; got != tt.want || len(a.extra.Findings) != tt.notes {
				t.Errorf("got %q, noted %v", got, a.extra.Findings)
			}
		})
	}
}

func TestLinesOfAnAddressFindTheirPlace(t *testing.T) {
	a := saying("companyName", "Kund", "address", "Floor 3\n\n Pocket 6 \nSector 12\nDwarka", "addressLine2", "South West").address()
	if a.AddressLine1 != "Floor 3" || a.AddressLine2 != "Pocket 6" || a.AddressLine3 != "Sector 12, Dwarka, South West" {
		t.Errorf("got %+v", a)
	}
}

func TestARegisterNumberThatCannotBeKeptIsNotedWhereNoneIsRequired(t *testing.T) { // rule C17
	for name, tt := range map[string]struct{ country, id, want, notes string }{
		"a register number of Germany":   {"DE", "HRB 97682", "HRB 97682", ""},
		"one of a form that is no ID":    {"SE", "n/a", "", FindingRegistrationDropped},
		"where one is required it stays": {"IN", "U73100DL2004PTC129754", "U73100DL2004PTC129754", ""},
		"without a country it stays":     {"", "n/a", "n/a", ""},
	} {
		a := saying("companyName", "Kund", "country", tt.country, "registrationId", tt.id).read(place.World(), "")
		if got := a.customer.Registration.ID; got != tt.want || a.notes() != tt.notes {
			t.Errorf("%s: %q, noted %q", name, got, a.notes())
		}
	}
}

// A number that the options give for everybody is left out where it cannot be one
// and none is needed. One that the file gives is a mistake in the file.
func TestAPhoneNumberThatStandsInIsLeftOutWhereItDoesNotFit(t *testing.T) { // rule C16
	for name, tt := range map[string]struct{ country, phone, standIn, want, notes string }{
		"it fits":                      {"SE", "+46 46 123456", "+46 46 123456", "+46 46 123456", ""},
		"it does not":                  {"US", "+46 46 123456", "+46 46 123456", "", FindingPhoneDropped},
		"it does not, and is needed":   {"PL", "none", "none", "none", ""},
		"the file says something else": {"US", "+46 46 123457", "+46 46 123456", "+46 46 123457", ""},
		"nothing stands in":            {"US", "+46 46 123456", "", "+46 46 123456", ""},
	} {
		a := saying("companyName", "Kund", "country", tt.country, "phone", tt.phone).read(place.World(), tt.standIn)
		if got := a.customer.Billing.Address.PhoneNumber; got != tt.want || a.notes() != tt.notes {
			t.Errorf("%s: %q, noted %q", name, got, a.notes())
		}
	}
}

func TestAnOrganizationThatIsNotActiveIsNoted(t *testing.T) {
	for status, want := range map[string]string{"": "", "ACTIVE": "", "Aktiv": "", "INACTIVE": FindingNotActive, "LAPSED": FindingNotActive} {
		if got := saying("companyName", "Kund", "country", "SE", "status", status).read(place.World(), "").notes(); got != want {
			t.Errorf("%s: noted %q", status, got)
		}
	}
}

func TestNamesOfContactsAreTakenApart(t *testing.T) {
	for whole, want := range map[string]string{
		"Maja Lind": "Maja|Lind", "Carlos de la Cruz": "Carlos|de la Cruz", "Lind, Maja": "Maja|Lind", "Cher": "Cher|", "": "|",
	} {
		if first, last := saying("contactName", whole).contact(); first+"|"+last != want {
			t.Errorf("%q: %s|%s", whole, first, last)
		}
	}
	if first, last := saying("contactName", "Maja Lind", "firstName", "Ida").contact(); first != "Ida" || last != "" {
		t.Errorf("a name in pieces gives way: %q %q", first, last)
	}
}

func TestTheCultureFollowsFromCountryAndLanguage(t *testing.T) {
	for name, tt := range map[string]struct{ country, culture, language, want string }{
		"the language of the country": {"SE", "", "sv", "sv-SE|sv"},
		"one of several":              {"LU", "", "fr", "fr-LU|fr"},
		"a culture as the language":   {"PL", "", "pl-PL", "pl-PL|pl-PL"},
		"one that it does not have":   {"NL", "", "en", "nl-NL|en"},
		"one of another country":      {"US", "", "en-IE", "en-US|en-IE"},
		"nothing":                     {"CA", "", "", "fr-CA|fr"},
		"a culture that was given":    {"SE", "en-US", "", "en-US|en"},
		"no country":                  {"XX", "", "sv", "sv|sv"},
	} {
		country, _ := place.World().Country(tt.country)
		culture, language := saying("culture", tt.culture, "language", tt.language).languages(country)
		if got := culture + "|" + language; got != tt.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestDomainsFollowFromNameAndID(t *testing.T) { // rule DM01
	for name, tt := range map[string]struct{ company, id, want string }{
		"the name alone":           {"Nordic-Logistik AB", "", "nordiclogistik"},
		"and the end of the id":    {"PUMA SE", "529900TNRVTX6JFVFO66", "puma pumafvfo66"},
		"a long name makes room":   {"Herausgebergemeinschaft Wertpapier-Mitteilungen GmbH", "39120001KULK7200U106", "herausgebergemeinschaftwert herausgebergemeinscha00u106"},
		"a name in another script": {"シェルジャパン株式会社", "353800MNKWYYTJVBJN26", "353800mnkwyytjvbjn26"},
		"that and no id":           {"シェルジャパン株式会社", "", ""},
		"an id of another script":  {"Kund AB", "№", "kund"},
		"an id that is very long":  {"日本", strings.Repeat("0123456789", 4), "345678901234567890123456789"},
	} {
		got := derivedPrefixes(tt.company, tt.id)
		if tt.id != "" && len(got) > 1 { // the last one is a hash, longer than the end of the id
			if hash := got[len(got)-1]; len(hash) > maxPrefix || len(hash) < mark {
				t.Errorf("%s: %q", name, hash)
			}
			got = got[:len(got)-1]
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestEmailAddressesAreMadeOnlyWhenAskedFor(t *testing.T) {
	for name, tt := range map[string]struct{ email, of, domain, want string }{
		"one that is there": {"maja@kund.example", "post.example", "kund", "maja@kund.example"},
		"one that is made":  {"", "post.example", "Kund", "contact@kund.post.example"},
		"of a whole domain": {"", "@post.example", "kund.onmicrosoft.com", "contact@kund.post.example"},
		"nobody asked":      {"", "", "kund", ""},
		"no domain":         {"", "post.example", "", "contact@post.example"},
	} {
		if got := saying("email", tt.email, "emailDomain", tt.of).email(tt.domain); got != tt.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestWhatIsBesideTheProfileIsRead(t *testing.T) {
	a := saying("companyName", "Kund", "id", "7", "country", "SE", "qualification", "Education", "educationSegment", "K12",
		"agreementDate", "2026-11-01", "agreementFirstName", "Maja", "agreementLastName", "Lind", "agreementEmail", "maja@kund.example",
		"tags", "Guld; skola,,Norr", "distinct", "Ja", "addressConfirmed", "oui", "withoutGdap", "no").read(place.World(), "")
	n := a.customer
	if n.Qualification == nil || n.Qualification.Segment != "K12" || n.Attestation == nil || n.Attestation.AgreedAt.Day() != 1 ||
		n.Attestation.Person.Email != "maja@kund.example" || strings.Join(n.Tags, "|") != "Guld|skola|Norr" ||
		!n.Distinct || !n.AddressConfirmed || n.WithoutGDAP || a.notes() != "" {
		t.Errorf("got %+v, noted %q", n, a.notes())
	}
	a = saying("companyName", "Kund", "id", strings.Repeat("7", maxID+1), "agreementDate", "yesterday", "distinct", "perhaps").read(place.World(), "")
	if a.notes() != "importer.entry.id importer.entry.date importer.entry.yesno" || a.id != "" {
		t.Errorf("refused %q", a.notes())
	}
	if a = saying("companyName", "日本").read(place.World(), ""); a.notes() != "importer.entry.no_domain" {
		t.Errorf("refused %q", a.notes())
	}
}
