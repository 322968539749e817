package customers

import (
	"net/url"
	"slices"

	"comptoir/internal/customer"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
)

// Company is the form in which an organization that exists already says who it is
// (rule E14). Its name and its country are those of its tenant and are not asked.
type Company struct {
	profile
	name string
}

// companyFields are the fields of a Company, in the order of the form.
var companyFields = []string{
	fIDType, fID, fLine1, fLine2, fPostal, fCity, fState, fConfirmed, fFirst, fLast, fEmail, fPhone,
}

// NewCompany returns the form for an organization, filled in with what is known of it.
func NewCompany(v *visit.Visit, known customer.CompanyDetails) *Company {
	c := &Company{profile: newProfile(v, url.Values{}), name: known.Name}
	c.fill(customer.Billing{
		CompanyName: known.Name, FirstName: known.FirstName, LastName: known.LastName, Email: known.Email, Address: known.Address,
	}, known.Registration)
	if kind := c.kind(); kind != nil {
		c.values.Set(fIDType, kind.Code)
	}
	return c
}

// Type puts what was typed into the form.
func (c *Company) Type(typed url.Values) {
	for _, name := range companyFields {
		c.values.Set(name, typed.Get(name))
	}
}

// Typed returns what the form holds.
func (c *Company) Typed() url.Values {
	typed := url.Values{}
	for _, name := range companyFields {
		typed.Set(name, c.value(name))
	}
	return typed
}

// Details is what the form says, as operations take it.
func (c *Company) Details() customer.CompanyDetails {
	a := c.address()
	a.FirstName, a.MiddleName, a.LastName = "", "", ""
	return customer.CompanyDetails{
		Name: c.name, FirstName: c.value(fFirst), LastName: c.value(fLast), Email: c.value(fEmail), Address: a,
		Registration: c.registration(), AddressConfirmed: c.value(fConfirmed) == "yes",
	}
}

// Judge takes in what err refuses about the fields. An error that is no refusal is
// returned.
func (c *Company) Judge(err error) error {
	said, err := c.Visit.Judge(err, nil, fieldOf, c.label)
	c.said = said
	return err
}

// Refused reports whether anything was refused.
func (c *Company) Refused() bool { return c.said.Any() }

// Errors are those of the fields, for the head of the form.
func (c *Company) Errors() []block.FieldError { return c.said.Summary(companyFields...) }

// Facts are what the form says, to be read once more.
func (c *Company) Facts() []block.Fact {
	fact := func(name string) block.Fact { return block.Fact{Term: c.label(name), Value: c.value(name)} }
	facts := []block.Fact{
		{Term: c.T("adminportal.organization.name"), Value: c.name},
		fact(fID),
		{Term: c.T("customers.section.address"), Value: oneLine(c.address())},
		{Term: c.T("customers.section.contact"), Value: c.value(fFirst) + " " + c.value(fLast)},
		fact(fEmail), fact(fPhone),
	}
	return slices.DeleteFunc(facts, func(f block.Fact) bool { return f.Value == "" })
}

// asksConfirmation reports whether the address was not found, so that somebody has
// to say that it is right (RF-45).
func (c *Company) asksConfirmation() bool {
	return c.said.Errors[fConfirmed] != "" || c.value(fConfirmed) == "yes"
}

// ownEmail asks for an address of the organization itself, without the hint for partners.
func (c *Company) ownEmail() block.Field {
	f := c.field(fEmail)
	f.Hint = ""
	return f
}
