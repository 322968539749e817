package v1

import (
	"net/http"
	"reflect"

	"comptoir/internal/api/route"
	"comptoir/internal/api/v1/wire"
	"comptoir/internal/customer"
)

// qualificationRoutes add the special qualifications of a customer (section 12).
func (a *API) qualificationRoutes() {
	on(a, route.Route{
		Method: http.MethodGet, Path: "/v1/customers/{customer-id}/qualifications", Auth: route.Both,
		Name: "listCustomerQualifications", Summary: "api.route.qualifications",
		Gives: reflect.TypeFor[[]wire.CustomerQualification](), ObjectType: "array<CustomerQualification>", Status: http.StatusOK,
	}, customer.Qualifications, customerRef, viewQualifications)
	on(a, route.Route{
		Method: http.MethodGet, Path: "/v1/customers/{customer-id}/qualification", Auth: route.Both,
		Name: "getCustomerQualification", Summary: "api.route.qualification",
		Gives: reflect.TypeFor[string](), ObjectType: "string", Status: http.StatusOK,
	}, customer.Qualifications, customerRef, viewFirstQualification)
}

func viewQualifications(_ *call, all []customer.Qualified) any {
	views := make([]wire.CustomerQualification, len(all))
	for i, q := range all {
		created := wire.Time{Time: q.CreatedAt}
		views[i] = wire.CustomerQualification{
			Qualification: string(q.Qualification), VettingStatus: string(q.Vetting), VettingReason: q.Reason,
			VettingCreateDate: created, VettingCreatedDate: created,
		}
	}
	return views
}

// oldQualifications are the words of the older route, which knows one
// qualification for each customer.
var oldQualifications = map[customer.Qualification]string{
	customer.Education:        "education",
	customer.GovernmentCloud:  "government_community_cloud",
	customer.StateOwnedEntity: "state_owned_entity",
}

// viewFirstQualification shows the qualification that holds: one that was
// refused does not, and a state-owned entity that is something else too is that.
func viewFirstQualification(_ *call, all []customer.Qualified) any {
	word := "none"
	for _, q := range all {
		if q.Vetting == customer.VettingDenied {
			continue
		}
		if word == "none" || q.Qualification != customer.StateOwnedEntity {
			word = oldQualifications[q.Qualification]
		}
	}
	return word
}
