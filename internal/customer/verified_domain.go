package customer

import (
	"context"
	"encoding/base64"
	"net/url"

	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// ErrNotRegistrar refuses a partner that registers no domains.
var ErrNotRegistrar = fault.New(fault.Forbidden, "2032", "customer.not_registrar")

// VerifiedDomain is a domain that a registrar gives its customer
// (api-customers.md, 9.13).
type VerifiedDomain struct {
	Customer id.Tenant
	Name     string
	// Default makes it the default domain of the customer's organization.
	Default bool
	// Federation is how people of the domain sign in elsewhere; nil when they sign
	// in here.
	Federation *Federation
}

// ConcernsCustomer implements op.Concerning.
func (d VerifiedDomain) ConcernsCustomer() id.Tenant { return d.Customer }

// Federation says where people of a domain sign in.
type Federation struct {
	IssuerURI, LogOffURI, PassiveLogOnURI string
	// Further addresses may be empty.
	ActiveLogOnURI, MetadataExchangeURI, OpenIDConnectDiscovery string
	BrandName                                                   string
	Protocol                                                    string // "WsFed", "Samlp"
	PromptLogin                                                 string
	SigningCertificate, NextSigningCertificate                  string // base64
	SupportsMFA                                                 bool
}

// AddVerifiedDomain gives a customer of the actor's organization, a registrar, a
// domain. It answers with all faults of the input at once, and refuses a domain
// that somebody has with identity.ErrDomainTaken. What partners show of the
// customer stays (rule C33).
var AddVerifiedDomain = op.Define(op.Spec{Action: "customer.domain.add", Write: true},
	func(ctx context.Context, u *op.Unit, in VerifiedDomain) (VerifiedDomain, error) {
		p, found, err := identity.PartnerOf(ctx, u.Tx, u.Actor.Tenant)
		switch {
		case err != nil:
			return in, err
		case !found || !p.Registrar:
			return in, ErrNotRegistrar
		}
		if err := p.MayManage(); err != nil {
			return in, err
		}
		c, err := find(ctx, u.Tx, u.Actor.Tenant, in.Customer)
		if err != nil {
			return in, err
		}
		if err := in.check(); err != nil {
			return in, err
		}
		if err := identity.AddDomain(ctx, u, c.ID, in.Name, in.Federation != nil); err != nil {
			return in, at(err, "verifiedDomainName")
		}
		if in.Default {
			if err := identity.SetDefaultDomain(ctx, u, c.ID, in.Name); err != nil {
				return in, err
			}
		}
		return in, u.Record(ctx, op.Record{
			Operation: "add_verified_domain", Resource: "customer", Customer: c.ID, CustomerName: c.OriginalName, New: in,
			Data: map[string]string{"DomainName": in.Name},
		})
	})

// at puts a refusal at a member of the input.
func at(err error, field string) error {
	if all := fault.All(err); len(all) > 0 {
		return all[0].On(field)
	}
	return err
}

func (d *VerifiedDomain) check() error {
	var l fault.List
	name, ok := identity.ParseDomain(d.Name)
	if !ok {
		l.Add(identity.ErrDomain.On("verifiedDomainName"))
	}
	d.Name = name
	if d.Federation != nil {
		if d.Default { // whoever is added without a domain could not sign in
			l.Add(refusal.Property.On("domain.isDefault").With("Name", "domain.isDefault"))
		}
		l = append(l, d.Federation.check()...)
	}
	return l.Err()
}

// check refuses addresses that are none, and certificates that are no base64.
func (f *Federation) check() fault.List {
	var l fault.List
	for _, m := range []struct {
		name, value  string
		needed, text bool
	}{
		{"issuerUri", f.IssuerURI, true, true}, // a name, as in SAML, not always an address
		{"logOffUri", f.LogOffURI, true, false},
		{"passiveLogOnUri", f.PassiveLogOnURI, true, false},
		{"activeLogOnUri", f.ActiveLogOnURI, false, false},
		{"metadataExchangeUri", f.MetadataExchangeURI, false, false},
		{"openIdConnectDiscoveryEndpoint", f.OpenIDConnectDiscovery, false, false},
		{"federationBrandName", f.BrandName, false, true},
	} {
		field := "domainFederationSettings." + m.name
		switch {
		case m.value == "" && m.needed:
			l.Add(refusal.Required.On(field).With("Name", field))
		case m.value != "" && !m.text && !isAddress(m.value), len(m.value) > addressMax, !naming.Printable(m.value):
			l.Add(refusal.Property.On(field).With("Name", field))
		}
	}
	for _, m := range []struct {
		name, value string
		needed      bool
	}{
		{"signingCertificate", f.SigningCertificate, true},
		{"nextSigningCertificate", f.NextSigningCertificate, false},
	} {
		field := "domainFederationSettings." + m.name
		if m.value == "" && m.needed {
			l.Add(refusal.Required.On(field).With("Name", field))
		} else if _, err := base64.StdEncoding.DecodeString(m.value); err != nil {
			l.Add(refusal.Property.On(field).With("Name", field))
		}
	}
	return l
}

// addressMax is the longest address, in bytes.
const addressMax = 2000

// isAddress reports whether s is an address on the web.
func isAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil
}
