package partnerprofile

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"comptoir/internal/fault"
	"comptoir/internal/naming"
	"comptoir/internal/place"
	"comptoir/internal/refusal"
)

// The longest texts of profiles, in characters.
const (
	nameMax  = 255
	shortMax = 100
	linkMax  = 400
)

// checks collects the faults of a profile by the members of the wire contract.
type checks struct {
	atlas  *place.Atlas
	faults fault.List
}

// text tidies a member and refuses it when it is too long, cannot be printed, or is
// needed and empty.
func (c *checks) text(field string, value *string, limit int, needed bool) {
	*value = naming.Trim(*value)
	switch {
	case *value == "" && needed:
		c.faults.Add(refusal.Required.On(field).With("Name", field))
	case utf8.RuneCountInString(*value) > limit || !naming.Printable(*value):
		c.faults.Add(refusal.Property.On(field).With("Name", field))
	}
}

func (c *checks) email(field string, value *string, needed bool) {
	c.text(field, value, nameMax, needed)
	if *value != "" && !naming.ValidEmail(*value) {
		c.faults.Add(ErrEmail.On(field))
	}
}

func (c *checks) website(field string, value *string) {
	c.text(field, value, linkMax, false)
	if *value == "" {
		return
	}
	u, err := url.Parse(*value)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || strings.Contains(*value, " ") {
		c.faults.Add(ErrWebsite.On(field))
	}
}

func (c *checks) contact(field string, p *Contact, needed bool) {
	c.text(field+".firstName", &p.FirstName, shortMax, needed)
	c.text(field+".lastName", &p.LastName, shortMax, needed)
	c.email(field+".email", &p.Email, needed)
	c.text(field+".phoneNumber", &p.Phone, shortMax, false)
}

// address brings an address into the form in which it is kept, and refuses one that
// the country does not know. One that is not needed may be left out but for its country.
func (c *checks) address(field string, a *place.Address, needed bool) {
	*a = a.Normalised(c.atlas)
	if !needed && *a == (place.Address{Country: a.Country}) {
		return
	}
	c.faults = append(c.faults, a.Check(c.atlas, field, place.Need{Confirmed: true})...)
}

func (l *Legal) check(e enrolled) error {
	c := checks{atlas: e.atlas}
	c.text("companyName", &l.CompanyName, nameMax, true)
	c.address("address", &l.Address, true)
	if country := e.tenant.Country; l.Address.Country != country {
		c.faults.Add(ErrCountry.On("address.country").With("Country", country))
	}
	c.contact("primaryContact", &l.Contact, true)
	c.address("companyApproverAddress", &l.ApproverAddress, false)
	c.email("companyApproverEmail", &l.ApproverEmail, false)
	return c.faults.Err()
}

func (b *Billing) check(e enrolled) error {
	c := checks{atlas: e.atlas}
	c.text("companyName", &b.CompanyName, nameMax, true)
	c.address("address", &b.Address, true)
	c.contact("primaryContact", &b.Contact, true)
	c.text("purchaseOrderNumber", &b.PurchaseOrder, shortMax, false)
	c.text("taxId", &b.TaxID, shortMax, false)
	return c.faults.Err()
}

func (s *Support) check() error {
	var c checks
	c.email("email", &s.Email, true)
	c.text("telephone", &s.Telephone, shortMax, false)
	c.website("website", &s.Website)
	return c.faults.Err()
}

func (o *Organization) check(e enrolled) error {
	c := checks{atlas: e.atlas}
	c.text("companyName", &o.CompanyName, nameMax, true)
	c.address("defaultAddress", &o.Address, true)
	c.email("email", &o.Email, true)
	c.text("language", &o.Language, shortMax, false)
	c.text("culture", &o.Culture, shortMax, false)
	return c.faults.Err()
}
