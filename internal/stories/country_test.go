package stories_test

import (
	"net/http"
	"strings"
	"testing"

	"comptoir/internal/place"
	"comptoir/internal/policy"
)

// listed are the countries in which a customer needs a registration ID and a
// phone number (rule C16), with a place there: city, postal code, and the
// registration ID of an organization.
var listed = []struct{ statement, country, city, postal, id string }{
	{"S2.33", "AM", "Yerevan", "0010", "00123456"},
	{"S2.34", "AZ", "Bakı", "AZ1000", "1234567891"},
	{"S2.35", "BY", "Minsk", "220030", "100123456"},
	{"S2.36", "BR", "São Paulo", "01310-100", "12.345.678/0001-95"},
	{"S2.37", "HU", "Budapest", "1051", "12345678-2-41"},
	{"S2.38", "IN", "Mumbai", "400001", "27ABCDE1234F1Z5"},
	{"S2.39", "IQ", "Baghdad", "10001", "123456789"},
	{"S2.40", "KZ", "Astana", "010000", "123456789012"},
	{"S2.41", "KG", "Bishkek", "720000", "12345678901234"},
	{"S2.42", "MD", "Chișinău", "MD-2001", "1002600012345"},
	{"S2.43", "MM", "Yangon", "11181", "123456789"},
	{"S2.44", "PL", "Warszawa", "00-065", "526-10-40-828"},
	{"S2.45", "RU", "Moskva", "101000", "5001007329"},
	{"S2.46", "SA", "Riyadh", "11564", "300012345600003"},
	{"S2.47", "ZA", "Cape Town", "8001", "2015/123456/07"},
	{"S2.48", "SS", "Juba", "", "100123456"},
	{"S2.49", "TJ", "Dushanbe", "734000", "123456789"},
	{"S2.50", "TH", "Bangkok", "10200", "0105536001433"},
	{"S2.51", "TR", "Ankara", "06100", "1234567890"},
	{"S2.52", "UA", "Kyiv", "01001", "12345678"},
	{"S2.53", "AE", "Dubai", "", "100123456700003"},
	{"S2.54", "UZ", "Tashkent", "100000", "123456789"},
	{"S2.55", "VE", "Caracas", "1010", "J123456789"},
	{"S2.56", "VN", "Hà Nội", "100000", "0101234567"},
}

// In the listed countries a partner that sells directly, or a provider, gives
// the registration ID and the phone number of each customer (rules C16 to C19;
// RF-12, RF-14).
func TestS2_32_ListedCountriesNeedARegistrationIDAndAPhoneNumber(t *testing.T) {
	w := theWorld(t)
	for _, c := range listed {
		t.Run(c.statement+" "+c.country, func(t *testing.T) {
			country, ok := place.World().Country(c.country)
			if !ok {
				t.Fatal("no such country")
			}
			sold := country.Market != "" // the published service sells in all but two of them
			seller := w.known(t, "direct")
			if sold {
				seller = w.sellerIn(t, country)
			}
			token := w.token(t, seller, "")
			prefix := "listed" + strings.ToLower(c.country)
			add := func(id, phone string) answer {
				b := with(body(c.country, "Listed Trading House "+c.country, prefix),
					"billingProfile.culture", country.DefaultCulture, "billingProfile.defaultAddress.city", c.city,
					"billingProfile.defaultAddress.postalCode", c.postal, "billingProfile.defaultAddress.phoneNumber", phone,
					"companyProfile.organizationRegistrationNumber", id)
				return w.ask(t, token, http.MethodPost, "/v1/customers", b)
			}
			phone := "+" + country.CallingCodes[0] + " 12 345 67 89"
			add("", phone).says("organizationRegistrationNumber")
			add(c.id, "").says("phoneNumber")
			if !sold {
				got := add(c.id, phone).is(http.StatusForbidden).says("2030")
				if strings.Contains(got.text, "organizationRegistrationNumber") || strings.Contains(got.text, "phoneNumber") {
					t.Errorf("only the market speaks against it: %s", got.text)
				}
				return
			}
			add("", phone).is(http.StatusBadRequest).says("600049")
			add(c.id, "").is(http.StatusBadRequest).says("600051")
			add(c.id, phone).is(http.StatusCreated)
		})
	}
}

// The same holds for direct-bill partners and for providers (rule C16).
func TestS2_15_WhoeverBillsGivesTheExtraData(t *testing.T) {
	w := theWorld(t)
	poland, _ := place.World().Country("PL")
	for name, types := range map[string]policy.Org{"direct": policy.DirectBill, "provider": policy.IndirectProvider} {
		p := w.enrol(t, "extra-"+name, types, poland)
		b := with(body("PL", "Huta Bałtyk sp. z o.o.", "hutabaltyk"+name), "billingProfile.culture", "pl-PL",
			"billingProfile.defaultAddress.postalCode", "80-001", "billingProfile.defaultAddress.phoneNumber", "")
		w.ask(t, w.token(t, p, ""), http.MethodPost, "/v1/customers", b).is(http.StatusBadRequest).says("organizationRegistrationNumber", "phoneNumber")
	}
}
