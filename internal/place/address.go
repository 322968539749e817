package place

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"comptoir/internal/fault"
	"comptoir/internal/naming"
	"comptoir/internal/refusal"
)

// Address is a postal address with the person to reach there.
type Address struct {
	Country      string // two-letter code
	Region       string
	City         string
	State        string
	District     string
	AddressLine1 string
	AddressLine2 string
	AddressLine3 string
	PostalCode   string
	FirstName    string
	MiddleName   string
	LastName     string
	PhoneNumber  string // kept as typed
	EmailAddress string
}

// The longest members, in characters. City and lines are those of
// name-rules.json, the state is that of country-rules.json.
const (
	maxLine       = 200
	maxCity       = 100
	maxState      = 50
	maxPersonName = 50
	maxPostalCode = 20
	maxOther      = 100
)

// Need says what an address is for.
type Need struct {
	// Billing addresses of customers name a person and, in the countries of
	// rule C16, a phone number.
	Billing bool
	// Confirmed is true when the submitter said a second time that the address
	// is correct although it was not found (C13): then a postal code of another
	// form is no fault. Validation.Findings tells the reviewer.
	Confirmed bool
}

// The faults of addresses, all 27002 like refusal.Property. Missing phone
// numbers are RF-14.
var (
	noCountry        = fault.New(fault.Invalid, "27002", "place.country.missing")
	unknownCountry   = fault.New(fault.Invalid, "27002", "place.country.unknown")
	regionNotAllowed = fault.New(fault.Invalid, "27002", "place.region.not_allowed")
	noState          = fault.New(fault.Invalid, "27002", "place.state.missing")
	unlistedState    = fault.New(fault.Invalid, "27002", "place.state.unlisted")
	noCity           = fault.New(fault.Invalid, "27002", "place.city.missing")
	noLine           = fault.New(fault.Invalid, "27002", "place.line.missing")
	noPostalCode     = fault.New(fault.Invalid, "27002", "place.postal_code.missing")
	badPostalCode    = fault.New(fault.Invalid, "27002", "place.postal_code.form")
	noFirstName      = fault.New(fault.Invalid, "27002", "place.first_name.missing")
	noLastName       = fault.New(fault.Invalid, "27002", "place.last_name.missing")
	badPhone         = fault.New(fault.Invalid, "27002", "place.phone.form")
	badEmail         = fault.New(fault.Invalid, "27002", "place.email.form")
	tooLong          = fault.New(fault.Invalid, "27002", "place.too_long")
	unprintable      = fault.New(fault.Invalid, "27002", "place.unprintable")
)

// Normalised returns a as it is stored: in Unicode normal form C, without white
// space around members and with single spaces inside, country and postal code
// in upper case, the state too where the country lists its states. The phone
// number keeps its spaces.
func (a Address) Normalised(w *Atlas) Address {
	for _, member := range []*string{
		&a.Country, &a.Region, &a.City, &a.State, &a.District, &a.AddressLine1, &a.AddressLine2, &a.AddressLine3,
		&a.PostalCode, &a.FirstName, &a.MiddleName, &a.LastName, &a.EmailAddress,
	} {
		*member = singleSpaces(naming.Trim(*member))
	}
	a.PhoneNumber = naming.Trim(a.PhoneNumber)
	a.Country = strings.ToUpper(a.Country)
	a.PostalCode = strings.ToUpper(a.PostalCode)
	if c, ok := w.Country(a.Country); ok && len(c.States) > 0 {
		a.State = strings.ToUpper(a.State)
	}
	return a
}

// singleSpaces returns s with runs of spaces of any kind and tabs written as one
// " ". Line breaks stay, to be refused.
func singleSpaces(s string) string {
	if !strings.ContainsFunc(s, odd) && !strings.Contains(s, "  ") {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		if r == ' ' || odd(r) {
			space = true
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// odd reports whether r is a space other than " ".
func odd(r rune) bool { return r == '\t' || r != ' ' && unicode.Is(unicode.Zs, r) }

// Check returns every fault of a, in the order of the form (C5, C14, C16). path
// is the input member that holds the address, in wire names: then the fields
// are "path.city" and so on. It checks the normalised form.
func (a Address) Check(w *Atlas, path string, need Need) fault.List {
	a = a.Normalised(w)
	f := faults{path: path}
	country, _ := w.Country(a.Country)
	switch {
	case a.Country == "":
		f.add("country", noCountry)
	case country == nil:
		f.add("country", unknownCountry)
	}
	f.text("addressLine1", a.AddressLine1, maxLine, noLine)
	f.text("addressLine2", a.AddressLine2, maxLine, nil)
	f.text("addressLine3", a.AddressLine3, maxLine, nil)
	f.text("district", a.District, maxOther, nil)
	f.city(a.City, country)
	f.state(a.State, country)
	f.region(a.Region, country)
	f.postalCode(a.PostalCode, country, need)
	f.person(a, need)
	f.reach(a, country, need)
	return f.list
}

// faults collects the faults of one address.
type faults struct {
	path string
	list fault.List
}

func (f *faults) add(field string, e *fault.Error) {
	if f.path != "" {
		field = f.path + "." + field
	}
	f.list.Add(e.On(field))
}

// text checks a member of free text and reports whether it is there and whole.
// missing is the fault of an empty one, nil when it may be empty.
func (f *faults) text(field, value string, limit int, missing *fault.Error) bool {
	switch {
	case value == "" && missing != nil:
		f.add(field, missing)
	case len(value) > limit && utf8.RuneCountInString(value) > limit:
		f.add(field, tooLong.With("Limit", limit))
	case !naming.Printable(value):
		f.add(field, unprintable)
	default:
		return value != ""
	}
	return false
}

func (f *faults) city(city string, c *Country) {
	if c != nil && c.CityRequired {
		f.text("city", city, maxCity, noCity)
		return
	}
	f.text("city", city, maxCity, nil)
}

func (f *faults) state(state string, c *Country) {
	missing := noState
	if c == nil || !c.StateRequired {
		missing = nil
	}
	if f.text("state", state, maxState, missing) && c != nil && !c.hasState(state) {
		f.add("state", unlistedState.With("State", state).With("States", c.States))
	}
}

// hasState reports whether state, in upper case, passes the list of c.
func (c *Country) hasState(state string) bool {
	return len(c.States) == 0 || slices.Contains(c.States, state)
}

func (f *faults) region(region string, c *Country) {
	if c != nil && c.Code == "US" && region != "" {
		f.add("region", regionNotAllowed)
		return
	}
	f.text("region", region, maxOther, nil)
}

func (f *faults) postalCode(code string, c *Country, need Need) {
	missing := noPostalCode
	if c == nil || !c.PostalCodeRequired {
		missing = nil
	}
	if !f.text("postalCode", code, maxPostalCode, missing) || c == nil {
		return
	}
	if !c.PostalCode.Matches(code) && !need.Confirmed {
		f.add("postalCode", badPostalCode.With("Pattern", c.PostalCode.String()))
	}
}

func (f *faults) person(a Address, need Need) {
	first, last := noFirstName, noLastName
	if !need.Billing {
		first, last = nil, nil
	}
	f.text("firstName", a.FirstName, maxPersonName, first)
	f.text("middleName", a.MiddleName, maxPersonName, nil)
	f.text("lastName", a.LastName, maxPersonName, last)
}

func (f *faults) reach(a Address, c *Country, need Need) {
	missing := refusal.RF14
	if !need.Billing || c == nil || !c.PhoneRequired {
		missing = nil
	}
	if f.text("phoneNumber", a.PhoneNumber, maxOther, missing) && c != nil && !c.fitsPhone(a.PhoneNumber) {
		f.add("phoneNumber", badPhone)
	}
	if a.EmailAddress != "" && !naming.ValidEmail(a.EmailAddress) {
		f.add("emailAddress", badEmail)
	}
}
