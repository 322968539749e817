// Package place knows the countries in which customers may be: their names,
// cultures and currencies, and what an address, a phone number and a
// registration ID look like there (rules C5, C13 to C19). What is published
// about each country is country-rules.json; an operator may change it, so that
// everything takes the Atlas in force.
//
// Nothing here asks the network. The address validator is the built-in one.
package place

import (
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// Country is a country or region with its rules. Countries of an Atlas are
// shared and must not be changed; change a copy and give it to Atlas.With.
type Country struct {
	// Code is the two-letter code in upper case, ISO 3166-1 or one of the
	// user-assigned XE, XJ, XK and XS. Alpha3 is the three-letter code.
	Code, Alpha3 string
	Names        Names

	// DefaultCulture, Cultures and Languages are in canonical case: "fr-CH", "fr".
	DefaultCulture string
	Cultures       []string
	Languages      []string
	CallingCodes   []string // without plus sign; empty where nobody lives

	// Market is the sales region that partners and customers must share, "" for
	// a country in no market. Currency is the currency sold in, "" for none;
	// Currencies are all of them when there are several.
	Market     string
	Currency   string
	Currencies []string

	// RegistrationIDRequired and PhoneRequired bind whoever adds or edits a
	// customer there (the 24 countries of rule C16).
	RegistrationIDRequired bool
	PhoneRequired          bool
	// RegistrationIDSupported tells whether the form offers the field at all.
	RegistrationIDSupported bool
	// PartnerRegistrationIDRequired binds the partner's own account.
	PartnerRegistrationIDRequired bool
	// RegistrationTypes are the kinds of ID in use there, empty where none is published.
	RegistrationTypes []RegistrationType
	// RegistrationID is the pattern for an ID without a type.
	RegistrationID *Pattern

	StateRequired      bool
	States             []string // the only states that pass; empty: any text
	CityRequired       bool
	PostalCodeRequired bool
	// PostalCode and Phone are the patterns of the country, or the general ones;
	// PostalCodePublished tells which of them PostalCode is.
	PostalCode          *Pattern
	PostalCodePublished bool
	Phone               *Pattern

	// Tax describes the tax number of a partner there, zero where nothing is published.
	Tax Tax

	// ResellerAgreementRegion and GeographicRegion are names of the contract for
	// larger regions, "" where none is published.
	ResellerAgreementRegion string
	GeographicRegion        string
}

// Names is a country's name in the three languages of the portal.
type Names struct{ En, Fr, Sv string }

// Tax describes tax numbers in words of the REST contract.
type Tax struct {
	Format, Sample                    string
	Supported, Optional, VATSupported bool
}

// Name returns the name of c in the language with the tag ("en", "fr", "sv"),
// in English for any other tag.
func (c *Country) Name(tag string) string {
	switch tag {
	case "fr":
		return c.Names.Fr
	case "sv":
		return c.Names.Sv
	}
	return c.Names.En
}

// Culture returns the supported culture that is tag without regard to case, in
// canonical case: "EN-us" is "en-US".
func (c *Country) Culture(tag string) (culture string, ok bool) {
	for _, culture := range c.Cultures {
		if strings.EqualFold(culture, tag) {
			return culture, true
		}
	}
	return "", false
}

// Atlas is a set of countries. Atlases are immutable and safe for concurrent use.
type Atlas struct {
	byCode map[[2]byte]*Country
	sorted map[string]func() []*Country
}

// World returns the published atlas: every country of country-rules.json.
func World() *Atlas { return world() }

func newAtlas(countries []*Country) *Atlas {
	a := &Atlas{byCode: make(map[[2]byte]*Country, len(countries))}
	for _, c := range countries {
		a.byCode[[2]byte{c.Code[0], c.Code[1]}] = c
	}
	a.sorted = make(map[string]func() []*Country, 3)
	for _, tag := range []string{"en", "fr", "sv"} {
		a.sorted[tag] = sync.OnceValue(func() []*Country { return a.sort(tag) })
	}
	return a
}

func (a *Atlas) sort(tag string) []*Country {
	var (
		order = collate.New(language.Make(tag))
		buf   collate.Buffer
		all   = make([]*Country, 0, len(a.byCode))
		keys  = make(map[*Country]string, len(a.byCode))
	)
	for _, c := range a.byCode {
		all = append(all, c)
		keys[c] = string(order.KeyFromString(&buf, c.Name(tag))) + c.Code
		buf.Reset()
	}
	slices.SortFunc(all, func(x, y *Country) int { return strings.Compare(keys[x], keys[y]) })
	return all
}

// Country returns the country with the two-letter code, in any case. Codes that
// are none ("UK") are not found.
func (a *Atlas) Country(code string) (c *Country, ok bool) {
	if len(code) != 2 {
		return nil, false
	}
	c, ok = a.byCode[[2]byte{upper(code[0]), upper(code[1])}]
	return c, ok
}

func upper(c byte) byte {
	if 'a' <= c && c <= 'z' {
		return c - ('a' - 'A')
	}
	return c
}

// Countries returns all countries in the alphabetical order of the language
// with the tag ("en", "fr", "sv"; any other: English).
func (a *Atlas) Countries(tag string) []*Country {
	sorted, ok := a.sorted[tag]
	if !ok {
		sorted = a.sorted["en"]
	}
	return slices.Clone(sorted())
}

// With returns an atlas in which the given countries replace those with the
// same codes, or are added (V-8). Their codes are two upper-case letters.
func (a *Atlas) With(countries ...*Country) *Atlas {
	return newAtlas(slices.Concat(a.Countries("en"), countries))
}

// Without returns an atlas that lacks the countries with the given codes, which
// is how an operator switches them off (V-8).
func (a *Atlas) Without(codes ...string) *Atlas {
	return newAtlas(slices.DeleteFunc(a.Countries("en"), func(c *Country) bool {
		return slices.Contains(codes, c.Code)
	}))
}
