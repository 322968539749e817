package place_test

import (
	"strings"
	"testing"

	"comptoir/internal/fault"
	"comptoir/internal/place"
)

// fields writes faults as "city 27002, postalCode 27002".
func fields(l fault.List) string {
	parts := make([]string, len(l))
	for i, e := range l {
		parts[i] = e.Field + " " + e.Code
	}
	return strings.Join(parts, ", ")
}

// lund and redmond are addresses without a fault.
func lund() place.Address {
	return place.Address{
		Country: "SE", City: "Lund", AddressLine1: "Bredgatan 4", PostalCode: "222 21",
		FirstName: "Åsa", LastName: "Berg", PhoneNumber: "046-12 34 56", EmailAddress: "asa@nordic.example",
	}
}

func redmond() place.Address {
	return place.Address{
		Country: "US", City: "Redmond", State: "WA", AddressLine1: "1 Main Street", PostalCode: "98052",
		FirstName: "Ann", LastName: "Lee", PhoneNumber: "(425) 555-0100",
	}
}

func TestAddressesAreChecked(t *testing.T) {
	tests := []struct {
		story  string
		from   func() place.Address
		change func(*place.Address)
		want   string
	}{
		{"in order", lund, func(*place.Address) {}, ""},
		{"in order", redmond, func(*place.Address) {}, ""},
		{"nothing at all", func() place.Address { return place.Address{} }, func(*place.Address) {}, "country 27002, addressLine1 27002, firstName 27002, lastName 27002"},
		{"a country nobody has", lund, func(a *place.Address) { a.Country = "UK" }, "country 27002"},
		{"a country in lower case", lund, func(a *place.Address) { a.Country = "se" }, ""},
		{"no street", lund, func(a *place.Address) { a.AddressLine1 = " \u00a0" }, "addressLine1 27002"},
		{"a street of 201 letters", lund, func(a *place.Address) { a.AddressLine1 = strings.Repeat("å", 201) }, "addressLine1 27002"},
		{"a street of 200 letters", lund, func(a *place.Address) { a.AddressLine1 = strings.Repeat("å", 200) }, ""},
		{"further lines too long", lund, func(a *place.Address) {
			a.AddressLine2, a.AddressLine3 = strings.Repeat("x", 201), strings.Repeat("x", 201)
		}, "addressLine2 27002, addressLine3 27002"},
		{"no city", lund, func(a *place.Address) { a.City = "" }, "city 27002"},
		{"a city of 101 letters", lund, func(a *place.Address) { a.City = strings.Repeat("x", 101) }, "city 27002"},
		{"a line break in the city", lund, func(a *place.Address) { a.City = "Lu\nnd" }, "city 27002"},
		{"a NUL in the name", lund, func(a *place.Address) { a.FirstName = "Å\x00sa" }, "firstName 27002"},
		{"broken UTF-8", lund, func(a *place.Address) { a.District = "\xff" }, "district 27002"},
		{"a text direction in the phone number", lund, func(a *place.Address) { a.PhoneNumber = "\u202e046 123456" + "7" }, "phoneNumber 27002"},
		{"C14 any state in Sweden", lund, func(a *place.Address) { a.State = "Skåne län" }, ""},
		{"C14 a state of 51 letters", lund, func(a *place.Address) { a.State = strings.Repeat("x", 51) }, "state 27002"},
		{"C14 no state in the United States", redmond, func(a *place.Address) { a.State = "" }, "state 27002"},
		{"C14 a state that is none", redmond, func(a *place.Address) { a.State = "XX" }, "state 27002"},
		{"C14 a state in lower case", redmond, func(a *place.Address) { a.State = "wa" }, ""},
		{"C14 a state in Canada", lund, func(a *place.Address) { a.Country, a.State, a.PostalCode = "CA", "QC", "h2x 1y4" }, ""},
		{"C14 no state in Canada", lund, func(a *place.Address) { a.Country, a.State, a.PostalCode = "CA", "WA", "H2X1Y4" }, "state 27002"},
		{"C14 a state in Mexico", lund, func(a *place.Address) { a.Country, a.State, a.PostalCode = "MX", "CMX", "05348" }, ""},
		{"C14 no state in Mexico", lund, func(a *place.Address) { a.Country, a.PostalCode = "MX", "05348" }, "state 27002"},
		{"C14 a province in China", lund, func(a *place.Address) { a.Country, a.State, a.PostalCode = "CN", "GD", "510000" }, ""},
		{"C14 no province in China", lund, func(a *place.Address) { a.Country, a.State, a.PostalCode = "CN", "Guangdong", "510000" }, "state 27002"},
		{"a region in the United States", redmond, func(a *place.Address) { a.Region = "West" }, "region 27002"},
		{"a region elsewhere", lund, func(a *place.Address) { a.Region = "Skåne" }, ""},
		{"no postal code where one is required", lund, func(a *place.Address) { a.PostalCode = "" }, "postalCode 27002"},
		{"no postal code where none is required", lund, func(a *place.Address) { a.Country, a.PostalCode = "HK", "" }, ""},
		{"a postal code of another form", lund, func(a *place.Address) { a.PostalCode = "2222A" }, "postalCode 27002"},
		{"a postal code with doubled spaces", lund, func(a *place.Address) { a.PostalCode = " 222 \u00a0 21 " }, ""},
		{"a postal code in lower case", lund, func(a *place.Address) { a.Country, a.PostalCode = "GB", "se1  7na" }, ""},
		{"a postal code where no pattern is published", lund, func(a *place.Address) { a.Country, a.PostalCode = "HK", "N/A!" }, "postalCode 27002"},
		{"no person", lund, func(a *place.Address) { a.FirstName, a.LastName = "", "" }, "firstName 27002, lastName 27002"},
		{"a name of 51 letters", lund, func(a *place.Address) { a.LastName, a.MiddleName = strings.Repeat("å", 51), strings.Repeat("å", 51) }, "middleName 27002, lastName 27002"},
		{"no phone number where none is required", lund, func(a *place.Address) { a.PhoneNumber = "" }, ""},
		{"a phone number that is a word", lund, func(a *place.Address) { a.PhoneNumber = "ask Åsa" }, "phoneNumber 27002"},
		{"an e-mail address that is none", lund, func(a *place.Address) { a.EmailAddress = "asa@" }, "emailAddress 27002"},
		{"everything at once", redmond, func(a *place.Address) {
			*a = place.Address{Country: "US", Region: "x", State: "ZZ", PostalCode: "9", PhoneNumber: "1", EmailAddress: "x"}
		}, "addressLine1 27002, city 27002, state 27002, region 27002, postalCode 27002, firstName 27002, lastName 27002, phoneNumber 27002, emailAddress 27002"},
	}
	for _, tt := range tests {
		t.Run(tt.story, func(t *testing.T) {
			a := tt.from()
			tt.change(&a)
			if got := fields(a.Check(place.World(), "", place.Need{Billing: true})); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestFaultsNameTheWireMember(t *testing.T) {
	a := lund()
	a.City = ""
	got := a.Check(place.World(), "billingProfile.defaultAddress", place.Need{})
	if len(got) != 1 || got[0].Field != "billingProfile.defaultAddress.city" || got[0].Kind != fault.Invalid || got[0].Key != "place.city.missing" {
		t.Errorf("got %v", got)
	}
}

func TestAPostalAddressNeedsNobodyAndNoPhone(t *testing.T) {
	a := place.Address{Country: "AE", City: "Dubai", AddressLine1: "Sheikh Zayed Road 1"}
	if got := a.Check(place.World(), "", place.Need{}); got != nil {
		t.Errorf("got %s", fields(got))
	}
}

func TestAConfirmedPostalCodeIsNoFault(t *testing.T) { // C13: keep own with a second confirmation
	a := lund()
	a.PostalCode = "L-222 21"
	if got := fields(a.Check(place.World(), "", place.Need{})); got != "postalCode 27002" {
		t.Errorf("not confirmed: %s", got)
	}
	if got := a.Check(place.World(), "", place.Need{Confirmed: true}); got != nil {
		t.Errorf("confirmed: %s", fields(got))
	}
	a.PostalCode = ""
	if got := fields(a.Check(place.World(), "", place.Need{Confirmed: true})); got != "postalCode 27002" {
		t.Errorf("a missing code cannot be confirmed: %s", got)
	}
}

func TestTheSeedCountriesNeedAPhoneNumber(t *testing.T) { // C16, RF-14
	for _, code := range seeds {
		a := place.Address{
			Country: code, City: "City", AddressLine1: "Street 1", PostalCode: examplePostalCodes[code],
			FirstName: "Ann", LastName: "Lee",
		}
		tests := []struct{ story, phone, want string }{
			{"missing", "", "phoneNumber 600051"},
			{"blank", " \t", "phoneNumber 600051"},
			{"valid", "+" + country(t, code).CallingCodes[0] + " 12 345 67 89", ""},
			{"invalid", "12", "phoneNumber 27002"},
		}
		for _, tt := range tests {
			t.Run(code+" "+tt.story, func(t *testing.T) {
				a.PhoneNumber = tt.phone
				if got := fields(a.Check(place.World(), "", place.Need{Billing: true})); got != tt.want {
					t.Errorf("got %q, want %q", got, tt.want)
				}
			})
		}
	}
}

// examplePostalCodes are codes that exist, for the countries that require one.
var examplePostalCodes = map[string]string{
	"BY": "220030", "BR": "01310-100", "HU": "1051", "IN": "110001", "KZ": "010000", "PL": "00-065", "RU": "101000",
	"TH": "10200", "TR": "06100", "UA": "01001", "ZA": "0001",
}

func TestPhoneNumbers(t *testing.T) {
	tests := []struct {
		story, country, phone string
		valid                 bool
		dial                  string
	}{
		{"national", "SE", "046-12 34 56", true, "+4646123456"},
		{"international", "SE", "+46 (0)46-12 34 56", true, "+4646123456"},
		{"of another country", "SE", "+33 1 42 68 53 00", true, "+33142685300"},
		{"with no-break spaces", "FR", "01\u00a042\u202f68 53 00", true, "+33142685300"},
		{"too long for its country", "SE", "046-12 34 56 78 90 12 34", true, ""},
		{"five digits", "SE", "12345", false, ""},
		{"letters", "SE", "046-HELLO", false, ""},
		{"the pattern of the United States", "US", "(425) 555-0100", true, "+14255550100"},
		{"with the calling code", "US", "1 425 555 0100", true, "+14255550100"},
		{"with a plus, which the pattern lacks", "US", "+1 425.555.0100", true, "+14255550100"},
		{"with a plus and no space", "US", "+14255550100", true, "+14255550100"},
		{"nine digits", "US", "425 555 010", false, ""},
		{"a country without a numbering plan", "AQ", "12 34 56 78", true, ""},
	}
	for _, tt := range tests {
		t.Run(tt.story, func(t *testing.T) {
			c := country(t, tt.country)
			a := place.Address{Country: tt.country, City: "City", State: "WA", AddressLine1: "1", PostalCode: "98052", PhoneNumber: tt.phone}
			valid := true
			for _, e := range a.Check(place.World(), "", place.Need{}) {
				valid = valid && e.Field != "phoneNumber"
			}
			if valid != tt.valid {
				t.Errorf("valid %v, want %v", valid, tt.valid)
			}
			if !tt.valid {
				return
			}
			if got := c.Dial(tt.phone); got != tt.dial {
				t.Errorf("dialled as %q, want %q", got, tt.dial)
			}
			findings := c.PhoneFindings("f", tt.phone)
			if doubtful := tt.dial == "" && tt.country != "AQ"; doubtful != (len(findings) == 1) {
				t.Errorf("findings %v", findings)
			}
			if kept := a.Normalised(place.World()).PhoneNumber; kept != tt.phone {
				t.Errorf("kept as %q", kept)
			}
		})
	}
	if found := country(t, "SE").PhoneFindings("f", ""); found != nil {
		t.Errorf("no phone number, yet %v", found)
	}
}

func TestAddressesAreNormalised(t *testing.T) {
	got := place.Address{
		Country: " us ", Region: "\u200b", City: "New \t York", State: "ny", District: " x ", AddressLine1: "1\u00a0 Main  St.",
		AddressLine2: "Caf" + "e\u0301", PostalCode: "10001-\n", FirstName: " Ann", MiddleName: "B ", LastName: "Lee\u2003Smith",
		PhoneNumber: " 1  212 ", EmailAddress: " a@b.se ",
	}.Normalised(place.World())
	want := place.Address{
		Country: "US", City: "New York", State: "NY", District: "x", AddressLine1: "1 Main St.",
		AddressLine2: "Café", PostalCode: "10001-", FirstName: "Ann", MiddleName: "B", LastName: "Lee Smith",
		PhoneNumber: "1  212", EmailAddress: "a@b.se",
	}
	if got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if again := want.Normalised(place.World()); again != want {
		t.Errorf("normalised again: %+v", again)
	}
	if se := (place.Address{Country: "SE", State: "Skåne"}).Normalised(place.World()); se.State != "Skåne" {
		t.Errorf("a free state becomes %q", se.State)
	}
}
