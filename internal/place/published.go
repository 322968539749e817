package place

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"sync"
)

//go:embed country-rules.json
var countryRules []byte

// document is country-rules.json as far as the program needs it. The members
// match without case, so they need no tags.
type document struct {
	Defaults  struct{ PhoneRegex, PostalCodeRegex, RegistrationIDRegex string }
	Countries []entry
}

type entry struct {
	ISO2, ISO3                              string
	Name                                    Names
	DefaultCulture                          string
	SupportedCultures, SupportedLanguages   []string
	CallingCodes                            []string
	Market, Currency                        string
	Currencies                              []string
	RegistrationIDRequired, PhoneRequired   bool
	RegistrationIDSupported                 bool
	RegistrationIDRequiredForPartnerAccount bool
	RegistrationIDTypes                     []entryType
	StateRequired                           bool
	States                                  []string
	CityRequired, PostalCodeRequired        bool
	PostalCodeRegex, PhoneRegex             string
	TaxIDFormat, TaxIDSample                string
	IsTaxIDSupported, IsTaxIDOptional       bool
	IsVATIDSupported                        bool
	ResellerAgreementRegion                 string
	GeographicRegion                        string
}

type entryType struct {
	Code, Name, Regex, Example, Checksum, FormatConfidence string
	Personal                                               bool
}

// world reads country-rules.json when a country is first needed. The file is
// part of the binary and tested, so an unreadable one is a broken build.
var world = sync.OnceValue(func() *Atlas {
	var d document
	if err := json.Unmarshal(countryRules, &d); err != nil {
		panic(fmt.Errorf("place: country-rules.json: %w", err))
	}
	general := generalPatterns{
		phone:          published(d.Defaults.PhoneRegex),
		postalCode:     published(d.Defaults.PostalCodeRegex),
		registrationID: published(d.Defaults.RegistrationIDRegex),
	}
	countries := make([]*Country, len(d.Countries))
	for i := range d.Countries {
		countries[i] = d.Countries[i].country(general)
	}
	return newAtlas(countries)
})

// generalPatterns apply where a country has none of its own.
type generalPatterns struct{ phone, postalCode, registrationID *Pattern }

func (e *entry) country(general generalPatterns) *Country {
	c := &Country{
		Code: e.ISO2, Alpha3: e.ISO3, Names: e.Name,
		DefaultCulture: e.DefaultCulture, Cultures: e.SupportedCultures, Languages: e.SupportedLanguages,
		CallingCodes: e.CallingCodes,
		Market:       e.Market, Currency: e.Currency, Currencies: e.Currencies,
		RegistrationIDRequired:        e.RegistrationIDRequired,
		PhoneRequired:                 e.PhoneRequired,
		RegistrationIDSupported:       e.RegistrationIDSupported,
		PartnerRegistrationIDRequired: e.RegistrationIDRequiredForPartnerAccount,
		RegistrationID:                general.registrationID,
		StateRequired:                 e.StateRequired, States: e.States,
		CityRequired: e.CityRequired, PostalCodeRequired: e.PostalCodeRequired,
		PostalCode: general.postalCode, Phone: general.phone,
		Tax: Tax{
			Format: e.TaxIDFormat, Sample: e.TaxIDSample,
			Supported: e.IsTaxIDSupported, Optional: e.IsTaxIDOptional, VATSupported: e.IsVATIDSupported,
		},
		ResellerAgreementRegion: e.ResellerAgreementRegion, GeographicRegion: e.GeographicRegion,
	}
	if e.PostalCodeRegex != "" {
		c.PostalCode, c.PostalCodePublished = published(e.PostalCodeRegex), true
	}
	if e.PhoneRegex != "" {
		c.Phone = published(e.PhoneRegex)
	}
	for _, t := range e.RegistrationIDTypes {
		c.RegistrationTypes = append(c.RegistrationTypes, RegistrationType{
			Code: t.Code, Name: t.Name, NameKey: idNames[t.Code], DescriptionKey: idDescriptions[e.ISO2+"/"+t.Code],
			Pattern: published(t.Regex), FormKey: forms[t.Regex], Example: t.Example, CheckDigit: t.Checksum,
			Personal: t.Personal, LowConfidence: t.FormatConfidence == "low",
		})
	}
	return c
}
