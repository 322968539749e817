package customer

import (
	"slices"
	"strings"
	"time"

	"comptoir/internal/fault"
	"comptoir/internal/finding"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/place"
	"comptoir/internal/refusal"
	"comptoir/internal/rulebook"
)

// Settings of customers.
var (
	domainSuffix = op.DefineSetting(op.Setting{
		Name: "customers.domainSuffix", Default: "onmicrosoft.com", Rule: "C5", Mark: "O", Effect: "setting.customers.domain_suffix", Check: func(suffix string) error {
			if _, ok := identity.ParseDomain(suffix); !ok {
				return identity.ErrDomain
			}
			return nil
		},
	})
	rejectUnsupportedID = op.DefineSetting(op.Setting{
		Name: "customers.registrationId.rejectWhenUnsupported", Default: "false", Values: []string{"false", "true"}, Rule: "C17", Mark: "D",
		Effect: "setting.customers.reject_unsupported",
	})
	resellerRequired = op.DefineSetting(op.Setting{
		Name: "orders.ip.resellerRequired", Default: "false", Values: []string{"false", "true"}, Rule: "C5", Mark: "O",
		Effect: "setting.orders.reseller_required",
	})
)

// sandboxSuffix is the suffix of domains in the sandboxes of the published
// service, which clients send to a sandbox.
const sandboxSuffix = "ccsctp.net"

// checker holds what the checks of a profile depend on. It is made once for a
// unit of work, or once for a whole import, and safe for concurrent use.
type checker struct {
	atlas    *place.Atlas
	rules    naming.Rules
	channel  naming.Channel
	sandbox  bool
	locale   string
	now      time.Time
	suffixes []string // of domains; the first is given to bare prefixes
	noIDs    bool     // setting customers.registrationId.rejectWhenUnsupported
	seller   seller
	// resellers are the indirect resellers that inputs may name, by how they name them.
	resellers map[string]seller
	// resellerRequired is the setting orders.ip.resellerRequired.
	resellerRequired bool
}

// seller is a partner with its verified domains.
type seller struct {
	identity.Partner
	domains []string
	// fault says why this reseller cannot be named; nil when it can.
	fault error
}

func newChecker(u *op.Unit, s seller) checker {
	c := checker{
		atlas: rulebook.Atlas(u.Book()), rules: rulebook.Names(u.Book(), u.Sandbox), channel: naming.REST, sandbox: u.Sandbox, locale: u.Actor.Locale, now: u.Now,
		suffixes: []string{u.Setting(domainSuffix)}, noIDs: u.Setting(rejectUnsupportedID) == "true", seller: s,
		resellers: make(map[string]seller), resellerRequired: u.Setting(resellerRequired) == "true",
	}
	if u.Actor.Channel == op.ViaPortal {
		c.channel = naming.Portal
	}
	if u.Sandbox {
		c.suffixes = append(c.suffixes, sandboxSuffix)
	}
	return c
}

// profile is a billing profile under check, and what the checks made of it.
type profile struct {
	billing      Billing
	country      *place.Country // nil when it is unknown
	registration place.Registration
	// addressConfirmed and email context of the input.
	addressConfirmed bool
	education        bool
	// partnerDomains are the domains that the contact must not be in (EM03).
	partnerDomains []string

	faults   fault.List
	findings []finding.Finding
}

// The wire names of the members that hold a profile.
const (
	billingField      = "billingProfile"
	addressField      = billingField + ".defaultAddress"
	companyField      = "companyProfile"
	registrationField = companyField + ".organizationRegistrationNumber"
)

func (p *profile) fault(e *fault.Error) { p.faults.Add(e) }

// note keeps the findings of a check, or its fault.
func (p *profile) verdict(v naming.Verdict) string {
	p.faults.Add(v.Fault)
	p.findings = append(p.findings, v.Findings...)
	return v.Value
}

// check applies the rules of sections c.3 to c.5 to p, collecting all faults
// and findings, and leaves p.billing as it is kept.
func (c *checker) check(p *profile, registration Registration) {
	b := &p.billing
	b.shareNames()
	c.checkCountry(p)
	b.CompanyName = p.verdict(c.rules.CheckCompanyName(billingField+".companyName", b.CompanyName))
	if b.FirstName != "" || b.LastName != "" { // else the address says what is missing
		b.FirstName = p.verdict(c.rules.CheckContactName(billingField+".firstName", naming.FirstName, c.channel, b.FirstName))
		b.LastName = p.verdict(c.rules.CheckContactName(billingField+".lastName", naming.LastName, c.channel, b.LastName))
	}
	c.checkEmail(p)
	c.checkLanguage(p)
	c.checkAddress(p)
	if p.country == nil {
		return
	}
	p.registration = p.country.CheckRegistration(registrationField, registration.ID, place.RegistrationOptions{
		Type: registration.Type, RejectWhenUnsupported: c.noIDs,
	})
	p.fault(p.registration.Fault)
	p.findings = append(p.findings, p.registration.Findings...)
}

// shareNames fills the names of the contact from those of the address and the
// other way round: forms have one of them, the wire has both.
func (b *Billing) shareNames() {
	share := func(x, y *string) {
		if naming.Trim(*x) == "" {
			*x = *y
		} else if naming.Trim(*y) == "" {
			*y = *x
		}
	}
	share(&b.FirstName, &b.Address.FirstName)
	share(&b.LastName, &b.Address.LastName)
}

// checkCountry finds the country and holds it against the market of the partner
// (rule A8, RF-08). A country that is missing or unknown is a fault of the address.
func (c *checker) checkCountry(p *profile) {
	country, ok := c.atlas.Country(naming.Trim(p.billing.Address.Country))
	if !ok {
		return
	}
	p.country = country
	if country.Market == "" || country.Market != c.seller.Market {
		p.fault(refusal.RF08.On(addressField+".country").With("Country", country.Name(c.locale)))
	}
}

func (c *checker) checkEmail(p *profile) {
	field := billingField + ".email"
	if naming.Trim(p.billing.Email) == "" {
		p.fault(refusal.Required.On(field).With("Name", field))
		return
	}
	p.billing.Email = p.verdict(c.rules.CheckEmail(field, p.billing.Email, naming.EmailContext{
		PartnerDomains: p.partnerDomains, TenantDomains: c.suffixes, Education: p.education,
	}))
}

// checkLanguage brings the culture into canonical case. The language is kept as
// it was sent, so long as it can be one.
func (c *checker) checkLanguage(p *profile) {
	b := &p.billing
	b.Culture, b.Language = naming.Trim(b.Culture), naming.Trim(b.Language)
	for _, m := range []struct{ field, value string }{{"culture", b.Culture}, {"language", b.Language}} {
		if m.value == "" {
			p.fault(refusal.Required.On(billingField+"."+m.field).With("Name", m.field))
		}
	}
	if p.country != nil && b.Culture != "" {
		culture, ok := p.country.Culture(b.Culture)
		if !ok {
			p.fault(refusal.Property.On(billingField+".culture").With("Name", b.Culture).With("Allowed", p.country.Cultures))
		}
		b.Culture = culture
	}
	if b.Language != "" && !languageTag(b.Language) {
		p.fault(refusal.Property.On(billingField+".language").With("Name", b.Language))
	}
}

// languageTag reports whether s has the form of a language or culture: two or
// three letters, and parts of letters and digits after hyphens.
func languageTag(s string) bool {
	for i, part := range strings.Split(s, "-") {
		if strings.Trim(part, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" || len(part) < 2 || len(part) > 8 {
			return false
		}
		if i == 0 && (len(part) > 3 || strings.ContainsAny(part, "0123456789")) {
			return false
		}
	}
	return true
}

func (c *checker) checkAddress(p *profile) {
	a := p.billing.Address.Normalised(c.atlas)
	p.billing.Address = a
	faults := a.Check(c.atlas, addressField, place.Need{Billing: true, Confirmed: p.addressConfirmed})
	p.faults = append(p.faults, faults...)
	if len(faults) > 0 || p.country == nil {
		return
	}
	v := a.Validate(c.atlas)
	if refused := v.Refusal(addressField, p.addressConfirmed); refused != nil {
		p.fault(refused)
		return
	}
	p.findings = append(p.findings, v.Findings(addressField)...)
	p.findings = append(p.findings, p.country.PhoneFindings(addressField+".phoneNumber", a.PhoneNumber)...)
}

// domain brings what was sent as the primary domain into complete form: a
// prefix alone gets the suffix of the installation. field is companyProfile.domain.
func (c *checker) domain(p *profile, sent string) string {
	const field = companyField + ".domain"
	sent = naming.Trim(sent)
	if sent == "" {
		p.fault(refusal.Required.On(field).With("Name", field))
		return ""
	}
	prefix, suffix, complete := strings.Cut(sent, ".")
	if !complete {
		suffix = c.suffixes[0]
	}
	prefix = p.verdict(c.rules.CheckDomainPrefix(field, prefix))
	if c.ownSuffix(suffix) {
		return prefix + "." + suffix
	}
	p.fault(refusal.Property.On(field).With("Name", sent).With("Allowed", c.suffixes))
	return ""
}

// ownSuffix reports whether domains of customers may end in suffix.
func (c *checker) ownSuffix(suffix string) bool {
	return slices.ContainsFunc(c.suffixes, func(known string) bool { return strings.EqualFold(known, suffix) })
}

// reseller returns the reseller that an input names, nil for none, and puts the
// refusal to p when it cannot be named.
func (c *checker) reseller(p *profile, named string) (*seller, error) {
	const field = "associatedPartnerId"
	if named == "" {
		if c.resellerRequired && c.seller.sellsThroughResellers() {
			p.fault(refusal.Required.On(field).With("Name", field))
		}
		return nil, nil
	}
	s, known := c.resellers[named]
	if !known {
		return nil, errResellerNotLoaded
	}
	if s.fault != nil {
		for _, e := range fault.All(s.fault) {
			p.fault(e.On(field))
		}
		return nil, nil
	}
	return &s, nil
}

// tenantOf returns the id of s, "" for none.
func (s *seller) tenantOf() id.Tenant {
	if s == nil {
		return ""
	}
	return s.Tenant
}
