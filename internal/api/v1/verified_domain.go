package v1

import (
	"net/http"
	"reflect"
	"strings"

	"comptoir/internal/api/route"
	"comptoir/internal/api/v1/wire"
	"comptoir/internal/customer"
	"comptoir/internal/fault"
	"comptoir/internal/refusal"
)

// verifiedDomainRoute adds the domains that registrars give their customers
// (section 9.13).
func (a *API) verifiedDomainRoute() {
	a.handle(route.Route{
		Method: http.MethodPost, Path: "/v1/customers/{customer-id}/verifieddomain", Auth: route.Both,
		Name: "createVerifiedDomain", Summary: "api.route.verified_domain",
		Takes: reflect.TypeFor[wire.VerifiedDomainRequest](),
		Gives: reflect.TypeFor[wire.Domain](), ObjectType: "Domain", Status: http.StatusCreated,
	}, createVerifiedDomain)
}

func createVerifiedDomain(c *call) error {
	tenant, err := c.customer()
	if err != nil {
		return err
	}
	var body wire.VerifiedDomainRequest
	if err := c.decode(&body); err != nil {
		return err
	}
	v := wire.Domain{
		Name: strings.ToLower(body.Domain.Name.String()), RootDomain: body.Domain.RootDomain.String(),
		IsDefault: bool(body.Domain.IsDefault), IsInitial: bool(body.Domain.IsInitial),
	}
	faults := readDomain(body, &v)
	in := customer.VerifiedDomain{Customer: tenant, Name: body.VerifiedDomainName.String(), Default: v.IsDefault}
	if v.AuthenticationType == "federated" {
		var more fault.List
		in.Federation, more = readFederation(body.DomainFederationSettings)
		faults = append(faults, more...)
	}
	if err := faults.Err(); err != nil {
		return err
	}
	if _, err := customer.AddVerifiedDomain.Do(c.r.Context(), c.api.kernel, c.actor, in); err != nil {
		return err
	}
	return c.answer(http.StatusCreated, v)
}

// readDomain reads the values of a domain: a verified one that is called as the
// request says, and no initial one, which a customer has from the beginning.
func readDomain(body wire.VerifiedDomainRequest, v *wire.Domain) fault.List {
	var l fault.List
	d := body.Domain
	choose(&l, wire.DomainAuthentications, d.AuthenticationType, "domain.authenticationType", &v.AuthenticationType)
	choose(&l, wire.DomainCapabilities, d.Capability, "domain.capability", &v.Capability)
	choose(&l, wire.DomainVerifications, d.VerificationMethod, "domain.verificationMethod", &v.VerificationMethod)
	choose(&l, wire.DomainStatuses, d.Status, "domain.status", &v.Status)
	if v.Status != "" && v.Status != "verified" {
		l.Add(refusal.Property.On("domain.status").With("Allowed", "Verified"))
	}
	if v.IsInitial {
		l.Add(refusal.Property.On("domain.isInitial").With("Allowed", "false"))
	}
	if !strings.EqualFold(v.Name, body.VerifiedDomainName.String()) {
		l.Add(refusal.Property.On("domain.name").With("Allowed", body.VerifiedDomainName.String()))
	}
	return l
}

// choose reads a value of an enum that has to be given.
func choose(l *fault.List, e wire.Enum, sent wire.Text, field string, to *string) {
	value, ok := e.Parse(sent.String())
	switch {
	case sent.String() == "":
		l.Add(refusal.Required.On(field))
	case !ok:
		l.Add(refusal.Property.On(field).With("Allowed", strings.Join(e.Values(), ", ")))
	}
	*to = value
}

// readFederation reads where people of a federated domain sign in.
func readFederation(sent *wire.FederationRequest) (*customer.Federation, fault.List) {
	var l fault.List
	if sent == nil {
		l.Add(refusal.Required.On("domainFederationSettings"))
		return nil, l
	}
	f := &customer.Federation{
		IssuerURI: sent.IssuerURI.String(), LogOffURI: sent.LogOffURI.String(), PassiveLogOnURI: sent.PassiveLogOnURI.String(),
		ActiveLogOnURI: sent.ActiveLogOnURI.String(), MetadataExchangeURI: sent.MetadataExchangeURI.String(),
		OpenIDConnectDiscovery: sent.OpenIDConnectDiscoveryEndpoint.String(), BrandName: sent.FederationBrandName.String(),
		SigningCertificate: sent.SigningCertificate.String(), NextSigningCertificate: sent.NextSigningCertificate.String(),
		SupportsMFA: bool(sent.SupportsMFA),
	}
	const settings = "domainFederationSettings."
	choose(&l, wire.FederationProtocols, sent.PreferredAuthenticationProto, settings+"preferredAuthenticationProtocol", &f.Protocol)
	choose(&l, wire.PromptLogins, sent.PromptLoginBehavior, settings+"promptLoginBehavior", &f.PromptLogin)
	return f, l
}
