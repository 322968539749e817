package v1

import (
	"net/http"
	"reflect"

	"comptoir/internal/api/route"
	"comptoir/internal/api/v1/wire"
	"comptoir/internal/customer"
	"comptoir/internal/fault"
	"comptoir/internal/relationship"
)

// Refusals of changes of a customer that only others can make, or that are none.
var (
	errCustomerGrants = fault.New(fault.Invalid, "900141", "api.patch.customer_grants")
	errNothingToPatch = fault.New(fault.Invalid, "900141", "api.patch.nothing")
)

// patchRoute adds the change of a customer (section 9.6).
func (a *API) patchRoute() {
	a.handle(route.Route{
		Method: http.MethodPatch, Path: "/v1/customers/{customer-id}", Auth: route.User,
		Name: "patchCustomer", Summary: "api.route.customer_patch",
		Takes: reflect.TypeFor[wire.CustomerPatch](),
		Gives: reflect.TypeFor[wire.PatchedCustomer](), ObjectType: "Customer", Status: http.StatusOK,
	}, patchCustomer)
}

// patchCustomer ends the relation with a customer, or the delegated
// administration of it. Clients send the whole customer with the member that
// they changed, so the end of the relation goes before anything else.
func patchCustomer(c *call) error {
	in, err := customerRef(c)
	if err != nil {
		return err
	}
	var body wire.CustomerPatch
	if err := c.decode(&body); err != nil {
		return err
	}
	wanted, _ := wire.RelationshipToPartner.Parse(body.RelationshipToPartner.String())
	switch {
	case wanted == "none":
		if _, err := customer.Remove.Do(c.r.Context(), c.api.kernel, c.actor, customer.Removal{ID: in.ID}); err != nil {
			return err
		}
		return c.answer(http.StatusOK, patched("none", nil))
	case body.AllowDelegatedAccess == nil:
		return errNothingToPatch
	case bool(*body.AllowDelegatedAccess):
		return errCustomerGrants.On("allowDelegatedAccess")
	}
	left, err := customer.EndDelegation.Do(c.r.Context(), c.api.kernel, c.actor, in)
	if err != nil {
		return err
	}
	return c.answer(http.StatusOK, patched(relationOf(left.Kind), new(bool)))
}

// relationOf returns what the wire calls a kind of relation. It has one word for
// all who serve a customer without selling to it (rule A6).
func relationOf(k relationship.Kind) string {
	if !k.Sells() {
		return "advisor"
	}
	return "reseller"
}

func patched(relation string, delegated *bool) wire.PatchedCustomer {
	v := wire.PatchedCustomer{RelationshipToPartner: relation, AllowDelegatedAccess: delegated}
	v.Attributes.ObjectType = "Customer"
	return v
}
