package v1

import (
	"net/http"
	"reflect"

	"comptoir/internal/agreement"
	"comptoir/internal/api/route"
	"comptoir/internal/api/v1/wire"
)

// acceptancePage is the page of the portal where the person who was asked accepts.
const acceptancePage = "/agreement-request/"

// enhancedRoutes add the attestations that a customer answers (section 11.6).
func (a *API) enhancedRoutes() {
	a.handle(route.Route{
		Method: http.MethodPost, Path: "/v1/attestations/enhanced", Auth: route.App,
		Name: "createEnhancedAttestation", Summary: "api.route.enhanced_create",
		Takes: reflect.TypeFor[wire.EnhancedAttestationRequest](),
		Gives: reflect.TypeFor[wire.EnhancedAttestation](), ObjectType: "EnhancedAttestation", Status: http.StatusCreated,
	}, createEnhanced)
	on(a, route.Route{
		Method: http.MethodGet, Path: "/v1/attestations/enhanced/{attestation-id}", Auth: route.App,
		Name: "getEnhancedAttestation", Summary: "api.route.enhanced",
		Gives: reflect.TypeFor[wire.EnhancedAttestation](), ObjectType: "EnhancedAttestation", Status: http.StatusOK,
	}, agreement.ShowRequest, func(c *call) (string, error) { return c.guid("attestation-id") }, viewEnhanced)
}

func createEnhanced(c *call) error {
	var body wire.EnhancedAttestationRequest
	if err := c.decode(&body); err != nil {
		return err
	}
	made, err := agreement.AskFor(c.r.Context(), c.api.kernel, c.actor, agreement.NewRequest{
		Country: body.Country.String(), Language: body.Language.String(), Company: body.CompanyName.String(),
		Person: agreement.Person{
			FirstName: body.SignatoryFirstName.String(), LastName: body.SignatoryLastName.String(),
			Email: body.SignatoryEmail.String(), Phone: body.SignatoryPhoneNumber.String(),
		},
	})
	if err != nil {
		return err
	}
	return c.answer(http.StatusCreated, viewEnhanced(c, made))
}

func viewEnhanced(c *call, r agreement.Request) any {
	v := wire.EnhancedAttestation{
		AttestationID: r.ID, Status: string(r.State(c.api.kernel.Clock.Now())), ExpirationDate: wire.Time{Time: r.ExpiresAt},
		AcceptanceURL: c.api.origin.Base(c.r) + acceptancePage + r.Link, CustomerID: string(r.Customer),
		Attributes: wire.Attributes{ObjectType: "EnhancedAttestation"},
	}
	if !r.AcceptedAt.IsZero() {
		v.AcceptedDate = &wire.Time{Time: r.AcceptedAt}
	}
	return v
}
