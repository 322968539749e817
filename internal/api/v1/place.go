package v1

import (
	"net/http"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"

	"comptoir/internal/api/route"
	"comptoir/internal/api/v1/wire"
	"comptoir/internal/fault"
	"comptoir/internal/place"
	"comptoir/internal/refusal"
	"comptoir/internal/rulebook"
)

// placeRoutes add what the API knows of countries and addresses (section 10).
// It is published knowledge about the world and nobody's data, so that no
// operation stands behind it.
func (a *API) placeRoutes() {
	a.handle(route.Route{
		Method: http.MethodGet, Path: "/v1/countryvalidationrules/{iso2}", Auth: route.Both,
		Name: "getCountryValidationRules", Summary: "api.route.country_rules",
		Gives: reflect.TypeFor[wire.CountryValidationRules](), ObjectType: "CountryValidationRules", Status: http.StatusOK,
	}, countryRules)
	a.handle(route.Route{
		Method: http.MethodPost, Path: "/v1/validations/address", Auth: route.Both,
		Name: "validateAddress", Summary: "api.route.address",
		Takes: reflect.TypeFor[wire.AddressRequest](),
		Gives: reflect.TypeFor[wire.AddressValidationResponse](), ObjectType: "AddressValidationResponse", Status: http.StatusOK,
	}, validateAddress)
}

func countryRules(c *call) error {
	code, err := c.name("iso2")
	if err != nil {
		return err
	}
	country, ok := rulebook.Atlas(c.api.kernel.Book()).Country(strings.ToUpper(code))
	if !ok {
		return refusal.NotFound
	}
	return c.answer(http.StatusOK, viewCountry(country))
}

func viewCountry(c *place.Country) wire.CountryValidationRules {
	v := wire.CountryValidationRules{
		Iso2Code: c.Code, DefaultCulture: c.DefaultCulture,
		IsStateRequired: c.StateRequired, SupportedStatesList: c.States,
		SupportedLanguagesList: list(c.Languages), SupportedCulturesList: list(c.Cultures),
		IsPostalCodeRequired: c.PostalCodeRequired, IsCityRequired: c.CityRequired,
		IsVatIDSupported: c.Tax.VATSupported, IsTaxIDSupported: c.Tax.Supported, IsTaxIDOptional: c.Tax.Optional,
		TaxIDFormat: c.Tax.Format, TaxIDSample: c.Tax.Sample,
		PhoneNumberRegex:        c.Phone.String(),
		CountryCallingCodesList: list(c.CallingCodes),

		RegistrationNumberRequired: c.RegistrationIDRequired, PhoneNumberRequired: c.PhoneRequired,
		Attributes: wire.Attributes{ObjectType: "CountryValidationRules"},
	}
	if c.PostalCodePublished {
		v.PostalCodeRegex = c.PostalCode.String()
	}
	if c.RegistrationIDSupported {
		v.RegistrationNumberRegex, v.RegistrationNumberSample = registrationForm(c)
	}
	return v
}

// registrationForm returns one pattern for all kinds of registration ids of a
// country, and an example of the first.
func registrationForm(c *place.Country) (pattern, sample string) {
	if len(c.RegistrationTypes) == 0 {
		return c.RegistrationID.String(), ""
	}
	patterns := make([]string, len(c.RegistrationTypes))
	for i, t := range c.RegistrationTypes {
		patterns[i] = t.Pattern.String()
	}
	return strings.Join(patterns, "|"), c.RegistrationTypes[0].Example
}

// list makes an absent list an empty one.
func list(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

func validateAddress(c *call) error {
	var body wire.AddressRequest
	if err := c.decode(&body); err != nil {
		return err
	}
	address := addressOf(body)
	atlas := rulebook.Atlas(c.api.kernel.Book())
	v := address.Validate(atlas)
	if !c.hasOldContract() {
		return c.answer(http.StatusOK, c.viewValidation(v))
	}
	if v.Status != place.Verified && v.Status != place.VerifiedShippable {
		return refusedAddress(atlas, address, v)
	}
	return c.answer(http.StatusOK, nil)
}

// hasOldContract reports whether the caller is an SDK from the time when a valid
// address was answered with nothing at all, which fails on a body (Q31).
func (c *call) hasOldContract() bool {
	version := strings.TrimPrefix(strings.ToLower(c.r.Header.Get(sdkVersionHeader)), "v")
	client := strings.ToLower(c.r.Header.Get(clientHeader))
	return strings.HasPrefix(version, "1.") || strings.Contains(client, "powershell") || strings.Contains(client, "java")
}

// refusedAddress tells what is wrong with an address in the old contract.
func refusedAddress(atlas *place.Atlas, a place.Address, v place.Validation) error {
	if faults := a.Check(atlas, "", place.Need{}); len(faults) > 0 {
		return faults
	}
	var faults fault.List
	for _, property := range v.Invalid {
		faults.Add(refusal.Property.On(lowerFirst(property)))
	}
	return faults
}

func lowerFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(r)) + s[n:]
}

func (c *call) viewValidation(v place.Validation) wire.AddressValidationResponse {
	answer := wire.AddressValidationResponse{
		OriginalAddress:    viewPostal(v.Original),
		SuggestedAddresses: []wire.Address{},
		Status:             string(v.Status),
		Attributes:         wire.Attributes{ObjectType: "AddressValidationResponse"},
	}
	for _, suggestion := range v.Suggestions {
		answer.SuggestedAddresses = append(answer.SuggestedAddresses, viewPostal(suggestion))
	}
	if len(v.Invalid) > 0 {
		properties := "'" + strings.Join(v.Invalid, "', '") + "'"
		answer.ValidationMessage = c.printer.T("api.address.invalid", "Properties", properties)
	}
	return answer
}

// viewPostal shows an address without the person.
func viewPostal(a place.Address) wire.Address {
	v := viewAddress(a)
	v.FirstName, v.MiddleName, v.LastName, v.PhoneNumber, v.EmailAddress = "", "", "", "", ""
	return v
}

func viewAddress(a place.Address) wire.Address {
	return wire.Address{
		Country: a.Country, Region: a.Region, City: a.City, State: a.State, District: a.District,
		AddressLine1: a.AddressLine1, AddressLine2: a.AddressLine2, AddressLine3: a.AddressLine3,
		PostalCode: a.PostalCode, FirstName: a.FirstName, MiddleName: a.MiddleName, LastName: a.LastName,
		PhoneNumber: a.PhoneNumber, EmailAddress: a.EmailAddress,
	}
}

func addressOf(a wire.AddressRequest) place.Address {
	return place.Address{
		Country: a.Country.String(), Region: a.Region.String(), City: a.City.String(),
		State: a.State.String(), District: a.District.String(),
		AddressLine1: a.AddressLine1.String(), AddressLine2: a.AddressLine2.String(), AddressLine3: a.AddressLine3.String(),
		PostalCode: a.PostalCode.String(),
		FirstName:  a.FirstName.String(), MiddleName: a.MiddleName.String(), LastName: a.LastName.String(),
		PhoneNumber:  a.PhoneNumber.String(),
		EmailAddress: a.EmailAddress.String(),
	}
}
