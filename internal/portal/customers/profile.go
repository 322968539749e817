package customers

import (
	"net/url"
	"slices"
	"strings"

	"comptoir/internal/customer"
	"comptoir/internal/place"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
	"comptoir/internal/rulebook"
)

// The fields of a profile, which adding a customer and editing its billing
// information have alike.
const (
	fCountry   = "country"
	fCompany   = "company"
	fIDType    = "registration-type"
	fID        = "registration-id"
	fLine1     = "line1"
	fLine2     = "line2"
	fCity      = "city"
	fState     = "state"
	fPostal    = "postal-code"
	fPhone     = "phone"
	fFirst     = "first-name"
	fMiddle    = "middle-name"
	fLast      = "last-name"
	fEmail     = "email"
	fCulture   = "culture"
	fConfirmed = "address-confirmed"
)

// profileFields are the fields in the order of the form.
var profileFields = []string{
	fCountry, fCompany, fIDType, fID, fLine1, fLine2, fCity, fState, fPostal, fConfirmed, fFirst, fMiddle, fLast, fEmail, fPhone, fCulture,
}

// members says which field of the form a member of the input is.
var members = map[string]string{
	"billingProfile.companyName":                 fCompany,
	"billingProfile.firstName":                   fFirst,
	"billingProfile.lastName":                    fLast,
	"billingProfile.email":                       fEmail,
	"billingProfile.culture":                     fCulture,
	"billingProfile.language":                    fCulture,
	"billingProfile.defaultAddress":              fConfirmed,
	"billingProfile.defaultAddress.country":      fCountry,
	"billingProfile.defaultAddress.addressLine1": fLine1,
	"billingProfile.defaultAddress.addressLine2": fLine2,
	"billingProfile.defaultAddress.city":         fCity,
	"billingProfile.defaultAddress.state":        fState,
	"billingProfile.defaultAddress.postalCode":   fPostal,
	"billingProfile.defaultAddress.firstName":    fFirst,
	"billingProfile.defaultAddress.middleName":   fMiddle,
	"billingProfile.defaultAddress.lastName":     fLast,
	"billingProfile.defaultAddress.phoneNumber":  fPhone,
	"companyProfile.companyName":                 fCompany,

	"companyProfile.organizationRegistrationNumber": fID,
}

// profile is the part of a form that says who a customer is.
type profile struct {
	*visit.Visit
	values url.Values
	said   visit.Verdicts
	// country is the one chosen, nil before.
	country *place.Country
	// check is the address that looks at one field when it was left; "" checks
	// at the end only.
	check string
}

// newProfile reads the fields of a profile from values.
func newProfile(v *visit.Visit, values url.Values) profile {
	p := profile{Visit: v, values: values}
	p.country, _ = rulebook.Known(v.Kernel().Book(), values.Get(fCountry))
	return p
}

func (p *profile) value(name string) string { return p.values.Get(name) }

// billing is what the form says, as operations take it.
func (p *profile) billing() customer.Billing {
	culture := p.value(fCulture)
	language, _, _ := strings.Cut(culture, "-")
	return customer.Billing{
		CompanyName: p.value(fCompany), FirstName: p.value(fFirst), LastName: p.value(fLast), Email: p.value(fEmail),
		Culture: culture, Language: language, Address: p.address(),
	}
}

func (p *profile) address() place.Address {
	return place.Address{
		Country: p.value(fCountry), AddressLine1: p.value(fLine1), AddressLine2: p.value(fLine2), City: p.value(fCity),
		State: p.value(fState), PostalCode: p.value(fPostal), PhoneNumber: p.value(fPhone),
		FirstName: p.value(fFirst), MiddleName: p.value(fMiddle), LastName: p.value(fLast),
	}
}

func (p *profile) registration() customer.Registration {
	return customer.Registration{Type: p.value(fIDType), ID: p.value(fID)}
}

// fill puts a profile into the fields.
func (p *profile) fill(b customer.Billing, r customer.Registration) {
	a := b.Address
	for name, value := range map[string]string{
		fCountry: a.Country, fCompany: b.CompanyName, fIDType: r.Type, fID: r.ID, fLine1: a.AddressLine1, fLine2: a.AddressLine2,
		fCity: a.City, fState: a.State, fPostal: a.PostalCode, fPhone: a.PhoneNumber, fFirst: b.FirstName, fMiddle: a.MiddleName,
		fLast: b.LastName, fEmail: b.Email, fCulture: b.Culture,
	} {
		p.values.Set(name, value)
	}
	p.country, _ = rulebook.Known(p.Kernel().Book(), a.Country)
}

// use takes a suggested address into the fields.
func (p *profile) use(a place.Address) {
	for name, value := range map[string]string{
		fLine1: a.AddressLine1, fLine2: a.AddressLine2, fCity: a.City, fState: a.State, fPostal: a.PostalCode,
	} {
		p.values.Set(name, value)
	}
	p.values.Del(fConfirmed)
}

// label returns what a field is called. Country decides some of it (rule C18).
func (p *profile) label(name string) string {
	switch name {
	case fCountry:
		return p.T("portal.country")
	case fCompany:
		return p.T("customers.column.name")
	case fIDType:
		return p.T("customers.field.registration_type")
	case fID:
		return p.registrationLabel()
	case fLine1:
		return p.T("customers.field.line1")
	case fLine2:
		return p.T("customers.field.line2")
	case fCity:
		return p.T("customers.field.city")
	case fState:
		return p.T("customers.field.state")
	case fPostal:
		return p.T("customers.field.postal_code")
	case fPhone:
		return p.T("customers.field.phone")
	case fFirst:
		return p.T("customers.field.first_name")
	case fMiddle:
		return p.T("customers.field.middle_name")
	case fLast:
		return p.T("customers.field.last_name")
	case fEmail:
		return p.T("customers.field.email")
	case fCulture:
		return p.T("customers.field.culture")
	case fConfirmed:
		return p.T("customers.address.confirm")
	}
	return name
}

// types are the kinds of registration ID that an organisation in the country can
// have.
func (p *profile) types() []place.RegistrationType {
	if p.country == nil {
		return nil
	}
	return p.country.RegistrationTypes
}

// kind returns the type of registration ID that is chosen, or the only one; nil
// when there is none to speak of.
func (p *profile) kind() *place.RegistrationType {
	types := p.types()
	i := slices.IndexFunc(types, func(t place.RegistrationType) bool { return t.Code == p.value(fIDType) })
	if i < 0 && len(p.choosable()) == 1 {
		i = slices.IndexFunc(types, func(t place.RegistrationType) bool { return !p.country.Greyed(&t) })
	}
	if i < 0 {
		return nil
	}
	return &types[i]
}

// choosable are the types that are not numbers of persons.
func (p *profile) choosable() []place.RegistrationType {
	return slices.DeleteFunc(slices.Clone(p.types()), func(t place.RegistrationType) bool { return p.country.Greyed(&t) })
}

// registrationLabel names the ID that the country wants.
func (p *profile) registrationLabel() string {
	if kind := p.kind(); kind != nil {
		return p.T("customers.field.registration_of", "Type", p.typeName(kind))
	}
	return p.T("customers.field.registration")
}

// typeName returns what a type of ID is called. Types that an operator added
// have no sentence of ours.
func (p *profile) typeName(t *place.RegistrationType) string {
	if t.NameKey == "" {
		return t.Name
	}
	return p.T(t.NameKey)
}

// field returns the field with a name, its value, and what was said about it.
func (p *profile) field(name string) block.Field {
	f := block.Field{Name: name, Label: p.label(name), Value: p.value(name)}
	switch name {
	case fCountry:
		f.Required = true
	case fCompany:
		f.Required, f.Max, f.Hint, f.Check, f.Autocomplete = true, 255, p.T("customers.hint.company"), p.checkOf(name), "off"
	case fIDType:
		f.Options, f.Placeholder, f.Width = p.typeOptions(), p.T("customers.choose"), block.Medium
		f.Required = p.country != nil && p.country.RegistrationIDRequired
	case fID:
		f.Hint, f.Check, f.Width, f.Autocomplete = p.registrationHint(), p.checkOf(name), block.Medium, "off"
		f.Required = p.country != nil && p.country.RegistrationIDRequired
	case fLine1:
		f.Required, f.Max = true, 200
	case fLine2:
		f.Max = 200
	case fCity:
		f.Required, f.Max = p.country == nil || p.country.CityRequired, 100
	case fState:
		f.Required, f.Max, f.Width = p.country != nil && p.country.StateRequired, 50, block.Medium
		f.Options, f.Placeholder = p.states(), p.T("customers.choose")
	case fPostal:
		f.Required, f.Max, f.Width = p.country != nil && p.country.PostalCodeRequired, 20, block.Short
	case fPhone:
		f.Required, f.Width, f.Hint = p.country != nil && p.country.PhoneRequired, block.Medium, p.phoneHint()
	case fFirst, fLast:
		f.Required, f.Max = true, 40
	case fMiddle:
		f.Max = 40
	case fEmail:
		f.Required, f.Max, f.Hint, f.Check = true, 254, p.T("customers.hint.email"), p.checkOf(name)
	case fCulture:
		f.Required, f.Options, f.Hint, f.Width = true, p.cultures(), p.T("customers.hint.culture"), block.Medium
	case fConfirmed:
		f.Checked = f.Value == "yes"
	}
	return p.said.Mark(f)
}

// checkOf is the address that looks at a field when it was left.
func (p *profile) checkOf(name string) string {
	if p.check == "" {
		return ""
	}
	return p.check + "?field=" + name
}

// typeOptions are the types to choose from. Numbers of persons are shown, and
// why they cannot be chosen.
func (p *profile) typeOptions() []block.Option {
	all := make([]block.Option, 0, len(p.types()))
	for _, t := range p.types() {
		o := block.Option{Value: t.Code, Label: p.typeName(&t)}
		if p.country.Greyed(&t) {
			o.Disabled, o.Label = true, p.T("customers.field.personal", "Type", o.Label)
		}
		all = append(all, o)
	}
	return all
}

// registrationHint says which number is meant (rule C18): what the type is, an
// example, that it is not a person's, and what people also call it (INN).
func (p *profile) registrationHint() string {
	var parts []string
	if kind := p.kind(); kind != nil {
		if kind.DescriptionKey != "" {
			parts = append(parts, p.T("customers.hint.registration_kind", "Text", p.T(kind.DescriptionKey)))
		}
		if kind.Example != "" {
			parts = append(parts, p.T("customers.hint.example", "Example", kind.Example))
		}
	}
	if p.country != nil && p.country.RegistrationIDRequired {
		parts = append(parts, p.T("customers.hint.registration_inn"))
	} else {
		parts = append(parts, p.T("customers.hint.registration"))
	}
	return strings.Join(parts, " ")
}

func (p *profile) phoneHint() string {
	if p.country == nil || len(p.country.CallingCodes) == 0 {
		return ""
	}
	return p.T("customers.hint.phone", "Code", "+"+p.country.CallingCodes[0])
}

// states are the only states that pass, where the country lists them.
func (p *profile) states() []block.Option {
	if p.country == nil {
		return nil
	}
	all := make([]block.Option, len(p.country.States))
	for i, s := range p.country.States {
		all[i] = block.Option{Value: s, Label: s}
	}
	return all
}

// cultures are the languages that the country supports, in the order of the
// reader's language.
func (p *profile) cultures() []block.Option {
	if p.country == nil {
		return nil
	}
	all := make([]block.Option, len(p.country.Cultures))
	for i, c := range p.country.Cultures {
		all[i] = block.Option{Value: c, Label: p.Culture(c)}
	}
	slices.SortFunc(all, func(a, b block.Option) int { return p.Compare(a.Label, b.Label) })
	return all
}
