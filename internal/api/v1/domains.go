package v1

import (
	"net/http"
	"reflect"

	"comptoir/internal/api/route"
	"comptoir/internal/customer"
)

// domainRoutes add whether a domain is free for a new customer (section 10.4).
func (a *API) domainRoutes() {
	a.handle(route.Route{
		Method: http.MethodHead, Path: "/v1/domains/{domain}", Auth: route.Both,
		Name: "checkDomain", Summary: "api.route.domain", Status: http.StatusOK,
	}, func(c *call) error {
		taken, err := domainTaken(c, "domain")
		if err != nil {
			return err
		}
		if !taken {
			return c.answer(http.StatusNotFound, nil) // free (Q30)
		}
		return c.answer(http.StatusOK, nil)
	})
	a.handle(route.Route{
		Method: http.MethodGet, Path: "/v1/validations/checkdomainavailability/{prefix}", Auth: route.Both,
		Name: "checkDomainAvailability", Summary: "api.route.domain_prefix",
		Gives: reflect.TypeFor[bool](), ObjectType: "bool", Status: http.StatusOK,
	}, func(c *call) error {
		taken, err := domainTaken(c, "prefix")
		if err != nil {
			return err
		}
		return c.answer(http.StatusOK, !taken)
	})
}

// domainTaken asks about the domain, or prefix of one, in a path parameter.
func domainTaken(c *call, parameter string) (bool, error) {
	name, err := c.name(parameter)
	if err != nil {
		return false, err
	}
	state, err := customer.CheckDomain.Do(c.r.Context(), c.api.kernel, c.actor, customer.Domain{Name: name})
	return state.Taken, err
}
