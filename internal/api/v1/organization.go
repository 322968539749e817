package v1

import (
	"net/http"
	"reflect"

	"comptoir/internal/api/route"
	"comptoir/internal/api/v1/wire"
	"comptoir/internal/customer"
)

// organizationRoutes add what a delegated role sees of a customer's own
// organization (sections 9.11 and 9.12).
func (a *API) organizationRoutes() {
	on(a, route.Route{
		Method: http.MethodGet, Path: "/v1/customers/{customer-id}/organization", Auth: route.Both,
		Name: "getCustomerOrganization", Summary: "api.route.organization",
		Gives: reflect.TypeFor[[]wire.Organization](), ObjectType: "array", Status: http.StatusOK,
	}, customer.GetOrganization, customerRef, viewOrganization)
	on(a, route.Route{
		Method: http.MethodGet, Path: "/v1/customers/{customer-id}/customDomains", Auth: route.Both,
		Name: "listCustomerDomains", Summary: "api.route.domains",
		Gives: reflect.TypeFor[[]string](), ObjectType: "array<string>", Status: http.StatusOK,
	}, customer.ListDomains, customerRef, func(_ *call, names []string) any { return list(names) })
}

// viewOrganization shows an organization as the array of one that the contract has.
func viewOrganization(_ *call, o customer.Organization) any {
	street := o.Address.AddressLine1
	if o.Address.AddressLine2 != "" {
		street += ", " + o.Address.AddressLine2
	}
	state := o.Address.State
	if state == "" {
		state = o.Address.Region
	}
	return []wire.Organization{{
		Street: street, CountryLetterCode: o.Address.Country, PostalCode: o.Address.PostalCode, City: o.Address.City,
		State: state, DisplayName: o.Name, TechnicalNotificationMails: []string{o.Email},
	}}
}
