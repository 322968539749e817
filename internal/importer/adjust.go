package importer

import (
	"slices"
	"strings"
	"unicode"

	"comptoir/internal/naming"
	"comptoir/internal/place"
)

// Wire names of what an import adjusts.
const (
	addressField      = "billingProfile.defaultAddress"
	registrationField = "companyProfile.organizationRegistrationNumber"
)

// place brings the address of a into the form of its country as far as nothing is
// lost: a region of ISO 3166-2 to the state where the country lists its states,
// and what the address validator recognises as a slip. Each correction is noted.
func (e entry) place(a *applicant, w *place.Atlas, c *place.Country) {
	address := &a.customer.Billing.Address
	if len(c.States) > 0 && naming.Trim(address.State) == "" {
		region := strings.ToUpper(naming.Trim(address.Region))
		if code := strings.TrimPrefix(region, c.Code+"-"); slices.Contains(c.States, code) {
			address.State, address.Region = code, "" // the same place in the words of the country, so no correction
		}
	}
	v := address.Validate(w)
	if v.Status != place.Multiple || len(v.Suggestions) != 1 {
		return
	}
	before, after := address.Normalised(w), v.Suggestions[0]
	if !lossless(before, after, c) {
		return
	}
	for _, m := range postalMembers(&before, &after) {
		if *m.old != *m.new {
			a.note(FindingCorrected, "importer.note.corrected", addressField+"."+m.name, map[string]any{"Old": *m.old, "New": *m.new})
		}
	}
	for _, m := range postalMembers(address, &after) {
		*m.old = *m.new
	}
}

// member is one member of two addresses.
type member struct {
	name     string
	old, new *string
}

func postalMembers(a, b *place.Address) []member {
	return []member{
		{"region", &a.Region, &b.Region},
		{"state", &a.State, &b.State},
		{"city", &a.City, &b.City},
		{"addressLine1", &a.AddressLine1, &b.AddressLine1},
		{"addressLine2", &a.AddressLine2, &b.AddressLine2},
		{"addressLine3", &a.AddressLine3, &b.AddressLine3},
		{"postalCode", &a.PostalCode, &b.PostalCode},
	}
}

// lossless reports whether after says all that before did and nothing more: the
// same letters and digits, perhaps in other members, except for the name of the
// country in front of its state or postal code, as in "US-WA" and "L-1470".
func lossless(before, after place.Address, c *place.Country) bool {
	before.PostalCode = withoutCountry(before.PostalCode, after.PostalCode)
	return slices.Equal(said(before, c), said(after, c))
}

// said returns the letters and digits of the postal members of a, sorted. A state
// that stands in the region too is said once.
func said(a place.Address, c *place.Country) []rune {
	a.State, a.Region = withoutCode(a.State, c), withoutCode(a.Region, c)
	if a.Region == a.State {
		a.Region = ""
	}
	var all []rune
	for _, m := range postalMembers(&a, &a) {
		all = append(all, content(*m.old)...)
	}
	slices.Sort(all)
	return all
}

// withoutCode returns a state or region without the country in front of it.
func withoutCode(s string, c *place.Country) string {
	return strings.TrimPrefix(strings.ToUpper(s), c.Code+"-")
}

// withoutCountry returns the postal code code without the up to three letters of
// its country, when the right one is what remains.
func withoutCountry(code, right string) string {
	bare := strings.TrimLeftFunc(code, unicode.IsLetter)
	if n := len(code) - len(bare); n == 0 || n > 3 || !slices.Equal(content(bare), content(right)) {
		return code
	}
	return bare
}

// content returns the letters and digits of s in upper case.
func content(s string) []rune {
	var all []rune
	for _, r := range strings.ToUpper(s) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r) {
			all = append(all, r)
		}
	}
	return all
}

// callable leaves out a phone number that stands in for a missing one and cannot
// be one of the country c, where none is required: somebody else's number is no
// reason to refuse a row. That is noted.
func (a *applicant) callable(w *place.Atlas, c *place.Country, standIn string) {
	phone := &a.customer.Billing.Address.PhoneNumber
	if standIn == "" || *phone != standIn || c.PhoneRequired {
		return
	}
	only := place.Address{Country: c.Code, PhoneNumber: standIn}
	for _, f := range only.Check(w, "", place.Need{}) {
		if f.Field == "phoneNumber" {
			*phone = ""
			a.note(FindingPhoneDropped, "importer.note.phone_dropped", addressField+".phoneNumber", map[string]any{"Phone": standIn})
		}
	}
}

// register sets the registration id of a. Where the country does not require one,
// a number of a form that cannot be kept is left out and noted: registers number
// organizations in more ways than there are tax ids.
func (e entry) register(a *applicant, c *place.Country) {
	id, kind := naming.Trim(e.get(RegistrationID)), naming.Trim(e.get(RegistrationType))
	a.customer.Registration.ID, a.customer.Registration.Type = id, kind
	if status := naming.Trim(e.get(Standing)); status != "" && !standing[naming.Key(status)] {
		a.note(FindingNotActive, "importer.note.not_active", "companyProfile.companyName", map[string]any{"Status": status})
	}
	if c == nil || id == "" || c.RegistrationIDRequired {
		return
	}
	checked := c.CheckRegistration(registrationField, id, place.RegistrationOptions{Type: kind})
	if checked.Fault != nil {
		a.customer.Registration.ID = ""
		a.note(FindingRegistrationDropped, "importer.note.registration_dropped", registrationField, map[string]any{"ID": id})
	}
}

// standing are the words with which registers say that an organization exists.
var standing = map[string]bool{
	"active": true, "issued": true, "registered": true, "actif": true, "active societe": true, "en activite": true, "inscrite": true,
	"aktiv": true, "aktivt": true, "registrerad": true, "registrerat": true,
}
