package world

import (
	"fmt"
	"strconv"
	"strings"

	"comptoir/internal/customer"
	"comptoir/internal/place"
)

// town is where companies are.
type town struct{ country, culture, city, postalCode, phone string }

var towns = []town{
	{"SE", "sv-SE", "Lund", "222 21", "+46 46 10 %02d %02d"},
	{"FR", "fr-FR", "Nantes", "44000", "+33 2 40 10 %02d %02d"},
	{"SE", "sv-SE", "Umeå", "903 26", "+46 90 10 %02d %02d"},
	{"FR", "fr-FR", "Lyon", "69003", "+33 4 72 10 %02d %02d"},
	{"SE", "sv-SE", "Göteborg", "411 03", "+46 31 10 %02d %02d"},
	{"FR", "fr-FR", "Strasbourg", "67000", "+33 3 88 10 %02d %02d"},
}

var families = []string{
	"Andersson", "Bergman", "Carlander", "Dahlqvist", "Ekström", "Forsberg", "Granlund", "Hedin", "Isaksson", "Jonasson",
	"Kjellberg", "Lindgren", "Malmsten", "Nordin", "Oskarsson", "Palmgren", "Quist", "Rosén", "Sandberg", "Törnqvist",
	"Ulvaeus", "Viklund", "Wallin", "Ytterberg", "Zetterlund", "Ågren", "Älvgren", "Öberg", "Arnaud", "Beaumont",
	"Charpentier", "Delacroix", "Étienne", "Fontaine", "Garnier", "Hébert", "Imbert", "Jacquet", "Kerviel", "Lefèvre",
	"Marchand", "Noiret", "Olivier", "Perrault", "Quentin", "Rousseau", "Sauvage", "Tessier", "Urbain", "Vasseur",
	"Weiss", "Xavier", "Yvon", "Zeller", "Armand", "Bouchard", "Colbert", "Dumas", "Escoffier", "Ferrand",
}

var givenNames = []string{
	"Astrid", "Bruno", "Camille", "Dag", "Elsa", "Félix", "Greta", "Hugo", "Inès", "Johan", "Karin", "Léon", "Maja", "Noé",
	"Olof", "Pauline", "Rasmus", "Saga", "Théo", "Ulla", "Valérie", "Wilma", "Yves", "Zoé",
}

var trades = []string{
	"Bakery", "Shipping", "Timber", "Optics", "Printing", "Garden", "Steel", "Paper", "Glass", "Textile", "Marine", "Bicycle",
	"Energy", "Dental", "Piano", "Leather", "Salt", "Wool", "Clock", "Orchard", "Ceramics", "Electric", "Tunnel", "Bridge",
	"Harbour", "Lighting", "Sugar", "Cable", "Organic", "Nordic",
}

// forms are the legal forms of each country.
var forms = map[string]string{"SE": "AB", "FR": "SARL"}

// Company returns the n-th company of the world: no two have the same name, the
// same domain or the same registration id.
func Company(n int) customer.NewCustomer {
	t := towns[n%len(towns)]
	a, b := families[n%len(families)], families[n/len(families)%len(families)]
	trade := trades[n/len(families)/len(families)%len(trades)]
	name := fmt.Sprintf("%s & %s %s %s", a, b, trade, forms[t.country])
	if round := n / (len(families) * len(families) * len(trades)); round > 0 {
		name = fmt.Sprintf("%s & %s %s %d %s", a, b, trade, round+1, forms[t.country])
	}
	first := givenNames[n/7%len(givenNames)]
	return customer.NewCustomer{
		CompanyName: name, Domain: fmt.Sprintf("firm%07d", n), Registration: customer.Registration{ID: registrationID(t.country, n)},
		Billing: customer.Billing{
			CompanyName: name, FirstName: first, LastName: a, Email: fmt.Sprintf("%s@firm%07d.example", strings.ToLower(trade), n),
			Culture: t.culture, Language: t.culture[:2],
			Address: place.Address{
				Country: t.country, City: t.city, PostalCode: t.postalCode, AddressLine1: fmt.Sprintf("Storgatan %d", n%199+1),
				FirstName: first, LastName: a, PhoneNumber: fmt.Sprintf(t.phone, n/100%100, n%100),
			},
		},
	}
}

// companyNumber returns the n of the company with a domain.
func companyNumber(domain string) (int, error) {
	prefix, _, _ := strings.Cut(domain, ".")
	return strconv.Atoi(strings.TrimPrefix(prefix, "firm"))
}

// registrationID returns the n-th valid number of a country's register: both
// end in a check digit of Luhn's.
func registrationID(country string, n int) string {
	if country == "SE" {
		return luhn(fmt.Sprintf("55%07d", 2_000_000+n))
	}
	return luhn(fmt.Sprintf("%08d", 40_000_000+n))
}

// luhn appends the check digit to digits.
func luhn(digits string) string {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return fmt.Sprintf("%s%d", digits, (10-sum%10)%10)
}
