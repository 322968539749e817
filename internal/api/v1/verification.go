package v1

import (
	"net/http"
	"reflect"
	"strings"

	"comptoir/internal/api/route"
	"comptoir/internal/api/v1/wire"
	"comptoir/internal/refusal"
	"comptoir/internal/verification"
)

// verificationRoutes add where the verification of an account stands (section 13).
func (a *API) verificationRoutes() {
	on(a, route.Route{
		Method: http.MethodGet, Path: "/v1/customers/{customer-id}/validationStatus", Auth: route.User,
		Name: "getValidationStatus", Summary: "api.route.validation_status",
		Query: []route.Parameter{{Name: "type", Type: "string"}},
		Gives: reflect.TypeFor[wire.ValidationStatus](), ObjectType: "ValidationStatus", Status: http.StatusOK,
	}, verification.Get, func(c *call) (verification.Customer, error) {
		customer, err := c.customer()
		if err == nil && !strings.EqualFold(c.param("type"), "account") {
			err = refusal.Argument.On("type")
		}
		return verification.Customer{ID: customer}, err
	}, func(_ *call, s verification.Standing) any {
		return wire.ValidationStatus{Type: "account", Status: string(s.Status), LastUpdateDateTime: wire.Time{Time: s.UpdatedAt}}
	})
}
