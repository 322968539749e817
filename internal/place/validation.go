package place

import (
	"strings"
	"unicode"

	"comptoir/internal/fault"
	"comptoir/internal/finding"
	"comptoir/internal/naming"
	"comptoir/internal/refusal"
)

// Status is the outcome of validating an address, in the words of the wire (C13).
type Status string

// The statuses. The built-in validator answers Verified, Multiple, None and
// NotValidated only (C15); the others are for external ones.
const (
	VerifiedShippable   Status = "VerifiedShippable"
	Verified            Status = "Verified"
	InteractionRequired Status = "InteractionRequired"
	StreetPartial       Status = "StreetPartial"
	PremisesPartial     Status = "PremisesPartial"
	Multiple            Status = "Multiple"
	None                Status = "None"
	NotValidated        Status = "NotValidated"
)

// LabelKey returns the catalogue key of the label of s.
func (s Status) LabelKey() string {
	switch s {
	case VerifiedShippable:
		return "place.status.verified_shippable"
	case Verified:
		return "place.status.verified"
	case InteractionRequired:
		return "place.status.interaction_required"
	case StreetPartial:
		return "place.status.street_partial"
	case PremisesPartial:
		return "place.status.premises_partial"
	case Multiple:
		return "place.status.multiple"
	case None:
		return "place.status.none"
	}
	return "place.status.not_validated"
}

// Validation is the answer of an address validator.
type Validation struct {
	Status   Status
	Original Address // as it was given
	// Suggestions are complete addresses to choose from: one when the address is
	// verified, up to three when it is not, none for None and NotValidated.
	Suggestions []Address
	// Invalid names the properties at fault as the contract writes them
	// ("Region", "PostalCode", "City"), empty when the address is verified.
	Invalid []string
}

// Codes of the findings about addresses.
const (
	FindingAddressNotFound     = "address.not_found"
	FindingAddressNotValidated = "address.not_validated"
	FindingAddressKept         = "address.kept"
)

// Validate is the built-in validator (C15). It knows the forms of each country
// and no streets: an address whose form is right is Verified and comes back in
// the standard way of writing; one that a usual slip explains is Multiple and
// comes back corrected; every other is None. NotValidated are addresses in
// countries that are not in the atlas.
func (a Address) Validate(w *Atlas) Validation {
	v := Validation{Original: a}
	n := a.Normalised(w)
	c, ok := w.Country(n.Country)
	if !ok {
		v.Status, v.Invalid = NotValidated, []string{"Country"}
		return v
	}
	if v.Invalid = n.implausible(w); len(v.Invalid) == 0 {
		v.Status, v.Suggestions = Verified, []Address{n.standard(c)}
		return v
	}
	v.Status = None
	n.PostalCode = singleSpaces(naming.Trim(a.PostalCode)) // in its own case, should it turn out to be the city
	if corrected := c.correct(n).Normalised(w); len(corrected.implausible(w)) == 0 {
		v.Status, v.Suggestions = Multiple, []Address{corrected.standard(c)}
	}
	return v
}

// Refusal returns RF-45 when the address was not found and nobody confirmed
// that it is correct, and nil otherwise.
func (v Validation) Refusal(field string, confirmed bool) *fault.Error {
	if v.Status != None || confirmed {
		return nil
	}
	return refusal.RF45.On(field)
}

// Findings tells the reviewer about an address that was kept as entered (C13).
// field is the input member that holds the address.
func (v Validation) Findings(field string) []finding.Finding {
	switch v.Status {
	case Verified, VerifiedShippable:
		return nil
	case None:
		return []finding.Finding{{Code: FindingAddressNotFound, Key: "place.address.not_found", Field: field}}
	case NotValidated:
		return []finding.Finding{{Code: FindingAddressNotValidated, Key: "place.address.not_validated", Field: field}}
	}
	return []finding.Finding{{Code: FindingAddressKept, Key: "place.address.kept", Field: field}}
}

// properties are the names of the postal members in validation messages, in
// their order there.
var properties = []struct{ field, name string }{
	{"country", "Country"},
	{"region", "Region"},
	{"state", "State"},
	{"postalCode", "PostalCode"},
	{"city", "City"},
	{"district", "District"},
	{"addressLine1", "AddressLine1"},
	{"addressLine2", "AddressLine2"},
	{"addressLine3", "AddressLine3"},
}

// implausible returns the names of the postal properties of a, normalised, that
// break a rule or cannot be what they should be: a street without a letter or
// digit, a city without a letter.
func (a Address) implausible(w *Atlas) []string {
	bad := make(map[string]bool)
	for _, e := range a.postal().Check(w, "", Need{}) {
		bad[e.Field] = true
	}
	bad["city"] = bad["city"] || a.City != "" && !strings.ContainsFunc(a.City, unicode.IsLetter)
	bad["addressLine1"] = bad["addressLine1"] || !strings.ContainsFunc(a.AddressLine1, letterOrDigit)
	var names []string
	for _, p := range properties {
		if bad[p.field] {
			names = append(names, p.name)
		}
	}
	return names
}

func letterOrDigit(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// postal returns a without the person.
func (a Address) postal() Address {
	a.FirstName, a.MiddleName, a.LastName, a.PhoneNumber, a.EmailAddress = "", "", "", "", ""
	return a
}

// standard returns a, normalised, with the postal code written as usual in c.
func (a Address) standard(c *Country) Address {
	a.PostalCode = c.spaced(a.PostalCode)
	return a
}
