package place_test

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"comptoir/internal/place"
	"comptoir/internal/refusal"
)

func TestTheBuiltInValidator(t *testing.T) { // C13, C15
	tests := []struct {
		story      string
		in         place.Address
		status     place.Status
		invalid    string
		suggestion place.Address
	}{
		{
			"right and written as usual",
			place.Address{Country: "SE", City: "Lund", AddressLine1: "Bredgatan 4", PostalCode: "222 21"},
			place.Verified, "",
			place.Address{Country: "SE", City: "Lund", AddressLine1: "Bredgatan 4", PostalCode: "222 21"},
		},
		{
			"right, the standard form differs",
			place.Address{Country: "se", City: " Lund", AddressLine1: "Bredgatan  4", PostalCode: "22221"},
			place.Verified, "",
			place.Address{Country: "SE", City: "Lund", AddressLine1: "Bredgatan 4", PostalCode: "222 21"},
		},
		{
			"right, British",
			place.Address{Country: "GB", City: "London", AddressLine1: "York Road", PostalCode: "se17na"},
			place.Verified, "",
			place.Address{Country: "GB", City: "London", AddressLine1: "York Road", PostalCode: "SE1 7NA"},
		},
		{
			"right, Polish",
			place.Address{Country: "PL", City: "Warszawa", AddressLine1: "Prosta 18", PostalCode: "00850"},
			place.Verified, "",
			place.Address{Country: "PL", City: "Warszawa", AddressLine1: "Prosta 18", PostalCode: "00-850"},
		},
		{
			"right where no postal code is published",
			place.Address{Country: "AE", City: "Dubai", AddressLine1: "Sheikh Zayed Road 1"},
			place.Verified, "",
			place.Address{Country: "AE", City: "Dubai", AddressLine1: "Sheikh Zayed Road 1"},
		},
		{
			"the letter of the country before the postal code",
			place.Address{Country: "LU", City: "Luxembourg", AddressLine1: "80, Route d'Esch", PostalCode: "L-1470"},
			place.Multiple, "PostalCode",
			place.Address{Country: "LU", City: "Luxembourg", AddressLine1: "80, Route d'Esch", PostalCode: "1470"},
		},
		{
			"the code of the country before the postal code",
			place.Address{Country: "SE", City: "Lund", AddressLine1: "Bredgatan 4", PostalCode: "SE-222 21"},
			place.Multiple, "PostalCode",
			place.Address{Country: "SE", City: "Lund", AddressLine1: "Bredgatan 4", PostalCode: "222 21"},
		},
		{
			"a hyphen where there is a space",
			place.Address{Country: "SE", City: "Lund", AddressLine1: "Bredgatan 4", PostalCode: "222-21"},
			place.Multiple, "PostalCode",
			place.Address{Country: "SE", City: "Lund", AddressLine1: "Bredgatan 4", PostalCode: "222 21"},
		},
		{
			"a zero that a spreadsheet took",
			place.Address{Country: "US", City: "Boston", State: "MA", AddressLine1: "1 Main St", PostalCode: "2110"},
			place.Multiple, "PostalCode",
			place.Address{Country: "US", City: "Boston", State: "MA", AddressLine1: "1 Main St", PostalCode: "02110"},
		},
		{
			"nine digits without the hyphen",
			place.Address{Country: "US", City: "Redmond", State: "WA", AddressLine1: "1 Main St", PostalCode: "980520001"},
			place.Multiple, "PostalCode",
			place.Address{Country: "US", City: "Redmond", State: "WA", AddressLine1: "1 Main St", PostalCode: "98052-0001"},
		},
		{
			"the postal code before the city",
			place.Address{Country: "SE", City: "222 21 Lund", AddressLine1: "Bredgatan 4"},
			place.Multiple, "PostalCode",
			place.Address{Country: "SE", City: "Lund", AddressLine1: "Bredgatan 4", PostalCode: "222 21"},
		},
		{
			"the postal code behind the city",
			place.Address{Country: "GB", City: "London, se1 7na", AddressLine1: "York Road"},
			place.Multiple, "PostalCode",
			place.Address{Country: "GB", City: "London", AddressLine1: "York Road", PostalCode: "SE1 7NA"},
		},
		{
			"city and postal code swapped",
			place.Address{Country: "SE", City: "222 21", AddressLine1: "Bredgatan 4", PostalCode: "Lund"},
			place.Multiple, "PostalCode City",
			place.Address{Country: "SE", City: "Lund", AddressLine1: "Bredgatan 4", PostalCode: "222 21"},
		},
		{
			"state and postal code behind the city",
			place.Address{Country: "US", City: "Redmond, wa 98052", AddressLine1: "1 Main St"},
			place.Multiple, "State PostalCode",
			place.Address{Country: "US", City: "Redmond", State: "WA", AddressLine1: "1 Main St", PostalCode: "98052"},
		},
		{
			"the state in the region",
			place.Address{Country: "US", City: "Redmond", Region: "WA", AddressLine1: "1 Main St", PostalCode: "98052"},
			place.Multiple, "Region State",
			place.Address{Country: "US", City: "Redmond", State: "WA", AddressLine1: "1 Main St", PostalCode: "98052"},
		},
		{
			"the state in both",
			place.Address{Country: "US", City: "Redmond", Region: "wa", State: "US-WA", AddressLine1: "1 Main St", PostalCode: "98052"},
			place.Multiple, "Region State",
			place.Address{Country: "US", City: "Redmond", State: "WA", AddressLine1: "1 Main St", PostalCode: "98052"},
		},
		{
			"the first line empty",
			place.Address{Country: "SE", City: "Lund", AddressLine2: "Bredgatan 4", PostalCode: "222 21"},
			place.Multiple, "AddressLine1",
			place.Address{Country: "SE", City: "Lund", AddressLine1: "Bredgatan 4", PostalCode: "222 21"},
		},
		{story: "a state that is none", in: place.Address{Country: "US", City: "Redmond", State: "ZZ", AddressLine1: "1 Main St", PostalCode: "98052"}, status: place.None, invalid: "State"},
		{story: "another state in the region", in: place.Address{Country: "US", City: "Redmond", Region: "OR", State: "WA", AddressLine1: "1 Main St", PostalCode: "98052"}, status: place.None, invalid: "Region"},
		{story: "a postal code of nowhere", in: place.Address{Country: "SE", City: "Lund", AddressLine1: "Bredgatan 4", PostalCode: "XYZ"}, status: place.None, invalid: "PostalCode"},
		{story: "a city without letters", in: place.Address{Country: "SE", City: "12345", AddressLine1: "Bredgatan 4", PostalCode: "222 21"}, status: place.None, invalid: "City"},
		{story: "a street of dashes", in: place.Address{Country: "SE", City: "Lund", AddressLine1: "---", PostalCode: "222 21"}, status: place.None, invalid: "AddressLine1"},
		{story: "a control character", in: place.Address{Country: "SE", City: "Lu\x07nd", AddressLine1: "Bredgatan 4", PostalCode: "222 21"}, status: place.None, invalid: "City"},
		{story: "nothing", in: place.Address{Country: "SE"}, status: place.None, invalid: "PostalCode City AddressLine1"},
		{story: "an unknown country", in: place.Address{Country: "UK", City: "London", AddressLine1: "York Road"}, status: place.NotValidated, invalid: "Country"},
		{story: "no country", in: place.Address{City: "London", AddressLine1: "York Road"}, status: place.NotValidated, invalid: "Country"},
	}
	for _, tt := range tests {
		t.Run(tt.story, func(t *testing.T) {
			v := tt.in.Validate(place.World())
			if v.Status != tt.status || strings.Join(v.Invalid, " ") != tt.invalid || v.Original != tt.in {
				t.Errorf("got %s %v, want %s %s", v.Status, v.Invalid, tt.status, tt.invalid)
			}
			if tt.suggestion == (place.Address{}) {
				if len(v.Suggestions) != 0 {
					t.Errorf("suggests %+v", v.Suggestions)
				}
				return
			}
			if len(v.Suggestions) != 1 || v.Suggestions[0] != tt.suggestion {
				t.Fatalf("suggests %+v\nwant     %+v", v.Suggestions, tt.suggestion)
			}
			if again := v.Suggestions[0].Validate(place.World()); again.Status != place.Verified || again.Suggestions[0] != tt.suggestion {
				t.Errorf("the suggestion is %s itself", again.Status)
			}
		})
	}
}

func TestAnAddressThatWasNotFoundNeedsAConfirmation(t *testing.T) { // C13, RF-45
	notFound := place.Validation{Status: place.None}
	if e := notFound.Refusal("billingProfile.defaultAddress", false); e == nil || !e.Is(refusal.RF45) || e.Field != "billingProfile.defaultAddress" {
		t.Errorf("got %v", e)
	}
	if e := notFound.Refusal("f", true); e != nil {
		t.Errorf("confirmed, yet %v", e)
	}
	want := map[place.Status]string{
		place.VerifiedShippable: "", place.Verified: "", place.None: "address.not_found", place.NotValidated: "address.not_validated",
		place.Multiple: "address.kept", place.StreetPartial: "address.kept", place.PremisesPartial: "address.kept", place.InteractionRequired: "address.kept",
	}
	for status, code := range want {
		v := place.Validation{Status: status}
		got := ""
		for _, f := range v.Findings("f") {
			got += f.Code
		}
		if got != code {
			t.Errorf("%s: the reviewer is told %q, want %q", status, got, code)
		}
		if status != place.None && v.Refusal("f", false) != nil {
			t.Errorf("%s is refused", status)
		}
	}
}

// entity is a line of the file of real legal entities.
type entity struct {
	LegalName, City, Region, Country, PostalCode, RegisteredAs string
	AddressLines                                               []string
}

// entities reads the real legal entities that lie beside the repository, and
// skips the test where they do not.
func entities(t *testing.T) []entity {
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

func (e entity) address() place.Address {
	var lines [3]string
	copy(lines[:], e.AddressLines)
	a := place.Address{
		Country: e.Country, City: e.City, PostalCode: e.PostalCode,
		AddressLine1: lines[0], AddressLine2: lines[1], AddressLine3: lines[2],
	}
	switch e.Country {
	case "US", "CA", "MX", "CN":
		a.State = strings.TrimPrefix(e.Region, e.Country+"-")
	}
	return a
}

func TestRealAddressesAreVerified(t *testing.T) {
	for _, e := range entities(t) {
		v := e.address().Validate(place.World())
		switch {
		case v.Status == place.Verified:
		case e.Country == "LU" && v.Status == place.Multiple && v.Suggestions[0].PostalCode == strings.TrimPrefix(e.PostalCode, "L-"):
			// The register writes the country before the code; the published form has none.
		default:
			t.Errorf("%s: %s %v", e.LegalName, v.Status, v.Invalid)
		}
	}
}

func TestRealRegistrationIDsPass(t *testing.T) {
	refused := map[string]bool{
		// Numbers of the company register of India, which has a GSTIN and a PAN instead.
		"U73100DL2004PTC129754": true, "U74900MH2015PLC268921": true, "U74140DL2005PTC134963": true,
	}
	for _, e := range entities(t) {
		r := country(t, e.Country).CheckRegistration("f", e.RegisteredAs, place.RegistrationOptions{})
		if (r.Fault != nil) != refused[e.RegisteredAs] {
			t.Errorf("%s, %s: %v", e.LegalName, e.RegisteredAs, r.Fault)
		}
		// Numbers of the Polish court register have the form of a tax number.
		if len(r.Findings) > 0 && e.Country != "PL" {
			t.Errorf("%s, %s: %v", e.LegalName, e.RegisteredAs, r.Findings)
		}
	}
}
