package v1

import (
	"net/http"
	"reflect"
	"slices"

	"comptoir/internal/agreement"
	"comptoir/internal/api/route"
	"comptoir/internal/api/v1/wire"
	"comptoir/internal/id"
	"comptoir/internal/refusal"
)

// cloudAgreement is the agreement before the customer agreement. It is still
// listed and can no longer be attested (rule AG3).
const (
	cloudAgreement = "MicrosoftCloudAgreement"
	cloudTemplate  = "998b88de-aa99-4388-a42c-1b3517d49490"
)

// agreementPage is where a customer reads and accepts the agreement (rule AG5).
const agreementPage = "/AdminPortal/Home?ref=/BillingAccounts/agreement"

// agreementRoutes add the customer agreement and its confirmations (section 11).
func (a *API) agreementRoutes() {
	kind := []route.Parameter{{Name: "agreementType", Type: "string"}}
	a.handle(route.Route{
		Method: http.MethodGet, Path: "/v1/agreements", Auth: route.User,
		Name: "listAgreements", Summary: "api.route.agreements", Query: kind,
		Gives: reflect.TypeFor[wire.Collection[wire.AgreementMetaData]](), ObjectType: "Collection<AgreementMetaData>", Status: http.StatusOK,
	}, listAgreements)
	a.handle(route.Route{
		Method: http.MethodGet, Path: "/v1/customers/{customer-id}/agreements", Auth: route.User,
		Name: "listCustomerAgreements", Summary: "api.route.customer_agreements", Query: kind,
		Gives: reflect.TypeFor[wire.Collection[wire.Agreement]](), ObjectType: "Collection<Agreement>", Status: http.StatusOK,
	}, listCustomerAgreements)
	on(a, route.Route{
		Method: http.MethodPost, Path: "/v1/customers/{customer-id}/agreements", Auth: route.User,
		Name: "createCustomerAgreement", Summary: "api.route.customer_agreement_create",
		Takes: reflect.TypeFor[wire.AgreementRequest](),
		Gives: reflect.TypeFor[wire.Agreement](), ObjectType: "Agreement", Status: http.StatusCreated,
	}, agreement.Attest, confirmation, func(_ *call, made agreement.Agreement) any { return viewAgreement(&made) })
	on(a, route.Route{
		Method: http.MethodGet, Path: "/v1/customers/{customer-id}/directSignedMicrosoftCustomerAgreementStatus", Auth: route.User,
		Name: "getDirectSignedStatus", Summary: "api.route.direct_signed",
		Gives: reflect.TypeFor[wire.DirectSignedStatus](), ObjectType: "DirectSignedCustomerAgreementStatus", Status: http.StatusOK,
	}, agreement.List, agreementCustomer, func(_ *call, all []agreement.Agreement) any {
		return wire.DirectSignedStatus{IsSigned: slices.ContainsFunc(all, func(a agreement.Agreement) bool {
			return a.Method == agreement.Direct
		})}
	})
}

// agreementTypes reads which types a caller asks for: without saying so, only the
// older one, as clients of its time expect.
func agreementTypes(c *call) ([]string, error) {
	switch sent := c.param("agreementType"); sent {
	case "":
		return []string{cloudAgreement}, nil
	case "*":
		return wire.AgreementTypes.Values(), nil
	default:
		kind, ok := wire.AgreementTypes.Parse(sent)
		if !ok {
			return nil, refusal.Argument.On("agreementType")
		}
		return []string{kind}, nil
	}
}

func listAgreements(c *call) error {
	types, err := agreementTypes(c)
	if err != nil {
		return err
	}
	current, err := agreement.Current.Do(c.r.Context(), c.api.kernel, c.actor, struct{}{})
	if err != nil {
		return err
	}
	items := make([]wire.AgreementMetaData, len(types))
	for i, kind := range types {
		items[i] = wire.AgreementMetaData{
			TemplateID: cloudTemplate, AgreementType: kind, AgreementLink: c.agreementLink(), VersionRank: 1,
		}
		if kind == agreement.CustomerAgreement {
			items[i].TemplateID, items[i].VersionRank = agreement.CustomerTemplate, int(current.Rank)
		}
	}
	list := wire.NewCollection(items)
	uri := "/agreements"
	if c.r.URL.RawQuery != "" {
		uri += "?" + c.r.URL.RawQuery
	}
	list.Links = &wire.PageLinks{Self: wire.GetLink(uri)}
	return c.answer(http.StatusOK, list)
}

func (c *call) agreementLink() string { return c.api.origin.Base(c.r) + agreementPage }

// agreementCustomer reads the {customer-id} of the path.
func agreementCustomer(c *call) (agreement.Customer, error) {
	tenant, err := c.customer()
	return agreement.Customer{ID: tenant}, err
}

func listCustomerAgreements(c *call) error {
	types, err := agreementTypes(c)
	if err != nil {
		return err
	}
	in, err := agreementCustomer(c)
	if err != nil {
		return err
	}
	all, err := agreement.List.Do(c.r.Context(), c.api.kernel, c.actor, in)
	if err != nil {
		return err
	}
	var items []wire.Agreement
	for i := range all {
		if slices.Contains(types, all[i].Type) {
			v := viewAgreement(&all[i])
			v.AgreementLink = c.agreementLink()
			items = append(items, v)
		}
	}
	return c.answer(http.StatusOK, wire.NewCollection(items))
}

// confirmation reads an attestation. Only the current template of the customer
// agreement can be attested.
func confirmation(c *call) (agreement.Confirmation, error) {
	tenant, err := c.customer()
	if err != nil {
		return agreement.Confirmation{}, err
	}
	var body wire.AgreementRequest
	if err := c.decode(&body); err != nil {
		return agreement.Confirmation{}, err
	}
	if body.AttestationID != "" {
		return requestedConfirmation(tenant, body)
	}
	if kind, _ := wire.AgreementTypes.Parse(body.Type.String()); kind != agreement.CustomerAgreement {
		return agreement.Confirmation{}, refusal.Property.On("type").With("Allowed", agreement.CustomerAgreement)
	}
	if body.TemplateID.String() != agreement.CustomerTemplate {
		return agreement.Confirmation{}, refusal.Property.On("templateId").With("Allowed", agreement.CustomerTemplate)
	}
	c.root = "."
	return agreement.Confirmation{Customer: tenant, Attestation: agreement.Attestation{
		Person:   person(body.PrimaryContact),
		AgreedAt: body.DateAgreed.Time,
	}}, nil
}

// requestedConfirmation reads an attestation by the id of a request that the
// customer accepted: it says who, when and what.
func requestedConfirmation(tenant id.Tenant, body wire.AgreementRequest) (agreement.Confirmation, error) {
	request, ok := id.Parse(body.AttestationID.String())
	if !ok {
		return agreement.Confirmation{}, refusal.Property.On("attestationId")
	}
	if sent := body.Type.String(); sent != "" {
		if kind, _ := wire.AgreementTypes.Parse(sent); kind != agreement.CustomerAgreement {
			return agreement.Confirmation{}, refusal.Property.On("type").With("Allowed", agreement.CustomerAgreement)
		}
	}
	if sent := body.TemplateID.String(); sent != "" && sent != agreement.CustomerTemplate {
		return agreement.Confirmation{}, refusal.Property.On("templateId").With("Allowed", agreement.CustomerTemplate)
	}
	return agreement.Confirmation{Customer: tenant, Request: request}, nil
}

func viewAgreement(a *agreement.Agreement) wire.Agreement {
	return wire.Agreement{
		UserID: string(a.RecordedBy), TemplateID: a.TemplateID, Type: a.Type, DateAgreed: wire.Time{Time: a.AgreedAt},
		PrimaryContact: viewContact(a.Person),
	}
}

func person(c wire.ContactRequest) agreement.Person {
	return agreement.Person{
		FirstName: c.FirstName.String(), LastName: c.LastName.String(), Email: c.Email.String(), Phone: c.PhoneNumber.String(),
	}
}

func viewContact(p agreement.Person) wire.Contact {
	return wire.Contact{FirstName: p.FirstName, LastName: p.LastName, Email: p.Email, PhoneNumber: p.Phone}
}
