package v1

import (
	"cmp"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"time"

	"comptoir/internal/qualification"

	"comptoir/internal/api/route"
	"comptoir/internal/api/v1/wire"
)

// qualificationRoutes add the special qualifications of a customer (section 12).
func (a *API) qualificationRoutes() {
	on(a, route.Route{
		Method: http.MethodGet, Path: "/v1/customers/{customer-id}/qualifications", Auth: route.Both,
		Name: "listCustomerQualifications", Summary: "api.route.qualifications",
		Gives: reflect.TypeFor[[]wire.CustomerQualification](), ObjectType: "array<CustomerQualification>", Status: http.StatusOK,
	}, qualification.List, qualifiedCustomer, viewQualifications)
	on(a, route.Route{
		Method: http.MethodGet, Path: "/v1/customers/{customer-id}/qualification", Auth: route.Both,
		Name: "getCustomerQualification", Summary: "api.route.qualification",
		Gives: reflect.TypeFor[string](), ObjectType: "string", Status: http.StatusOK,
	}, qualification.List, qualifiedCustomer, viewFirstQualification)
	on(a, route.Route{
		Method: http.MethodPost, Path: "/v1/customers/{customer-id}/qualifications", Auth: route.User,
		Name: "createCustomerQualification", Summary: "api.route.qualification_create", Query: []route.Parameter{{Name: "code", Type: "string"}},
		Takes: reflect.TypeFor[wire.CustomerQualificationRequest](),
		Gives: reflect.TypeFor[wire.CustomerQualification](), ObjectType: "CustomerQualification", Status: http.StatusCreated,
	}, qualification.Ask, askedQualification, func(_ *call, q qualification.Qualified) any { return viewQualification(&q) })
	on(a, route.Route{
		Method: http.MethodPut, Path: "/v1/customers/{customer-id}/qualification", Auth: route.User,
		Name: "setCustomerQualification", Summary: "api.route.qualification_set", Query: []route.Parameter{{Name: "code", Type: "string"}},
		Takes: reflect.TypeFor[wire.Text](), Gives: reflect.TypeFor[string](), ObjectType: "string", Status: http.StatusOK,
	}, qualification.Ask, oldQualification, func(_ *call, q qualification.Qualified) any { return oldQualifications[q.Qualification] })
	on(a, route.Route{
		Method: http.MethodGet, Path: "/v1/customers/all/validations", Auth: route.Both,
		Name: "listValidationCodes", Summary: "api.route.validation_codes",
		Gives: reflect.TypeFor[[]wire.ValidationCode](), ObjectType: "array<ValidationCode>", Status: http.StatusOK,
	}, qualification.ListCodes, func(*call) (struct{}, error) { return struct{}{}, nil }, viewCodes)
	on(a, route.Route{
		Method: http.MethodGet, Path: "/v1/customers/{customer-id}/validations", Auth: route.Both,
		Name: "getCustomerValidation", Summary: "api.route.validation",
		Gives: reflect.TypeFor[wire.GCCValidation](), ObjectType: "GccValidationRelationship", Status: http.StatusOK,
	}, qualification.CodeOfCustomer, qualifiedCustomer, viewCustomerCode)
}

// qualifiedCustomer reads the {customer-id} of the path.
func qualifiedCustomer(c *call) (qualification.Customer, error) {
	tenant, err := c.customer()
	return qualification.Customer{ID: tenant}, err
}

// askedQualification reads a request; older clients send the code in the query.
func askedQualification(c *call) (qualification.Asking, error) {
	in := qualification.Asking{}
	var err error
	if in.Customer, err = c.customer(); err != nil {
		return in, err
	}
	var body wire.CustomerQualificationRequest
	if err := c.decode(&body); err != nil {
		return in, err
	}
	kind, ok := wire.Qualifications.Parse(body.Qualification.String())
	if !ok {
		return in, qualification.ErrUnknown.On("qualification")
	}
	segment, _ := wire.EducationSegments.Parse(body.EducationSegment.String())
	in.Request = qualification.Request{
		Qualification: qualification.Kind(kind), Segment: segment, Website: body.Website.String(),
		ValidationCode: cmp.Or(body.ValidationCode.String(), c.param("code")),
	}
	return in, nil
}

// oldQualification reads a request in the older form: a word or its ordinal.
func oldQualification(c *call) (qualification.Asking, error) {
	in := qualification.Asking{Old: true}
	var err error
	if in.Customer, err = c.customer(); err != nil {
		return in, err
	}
	var body wire.Text
	if err := c.decode(&body); err != nil {
		return in, err
	}
	kind, ok := wire.OldQualifications.Parse(body.String())
	if !ok {
		return in, qualification.ErrUnknown
	}
	in.Request = qualification.Request{ValidationCode: c.param("code")}
	for is, word := range oldQualifications {
		if word == kind {
			in.Request.Qualification = is
		}
	}
	return in, nil
}

func viewCodes(_ *call, all []qualification.Code) any {
	views := make([]wire.ValidationCode, len(all))
	for i, code := range all {
		views[i] = wire.ValidationCode{
			PartnerID: string(code.Partner), OrganizationName: code.Organization, ValidationID: code.Code,
			MaxCreates: code.Max, RemainingCreates: code.Remaining, ETag: dateEtag(code.ChangedAt),
		}
	}
	return views
}

func viewCustomerCode(c *call, code qualification.Code) any {
	customer := c.r.PathValue("customer-id")
	return wire.GCCValidation{
		PartnerID: string(code.Partner), CustomerID: strings.ToLower(customer), ValidationID: code.Code, OrganizationName: code.Organization,
		ETag: dateEtag(code.ChangedAt),
	}
}

// dateEtag is an etag in the form that these resources have.
func dateEtag(at time.Time) string {
	return `W/"datetime'` + url.QueryEscape(at.UTC().Format("2006-01-02T15:04:05Z")) + `'"`
}

func viewQualifications(_ *call, all []qualification.Qualified) any {
	views := make([]wire.CustomerQualification, len(all))
	for i := range all {
		views[i] = viewQualification(&all[i])
	}
	return views
}

func viewQualification(q *qualification.Qualified) wire.CustomerQualification {
	created := wire.Time{Time: q.CreatedAt}
	return wire.CustomerQualification{
		Qualification: string(q.Qualification), VettingStatus: string(q.Vetting), VettingReason: q.Reason,
		VettingCreateDate: created, VettingCreatedDate: created,
	}
}

// oldQualifications are the words of the older route, which knows one
// qualification for each customer.
var oldQualifications = map[qualification.Kind]string{
	qualification.Education:        "education",
	qualification.GovernmentCloud:  "government_community_cloud",
	qualification.StateOwnedEntity: "state_owned_entity",
}

// viewFirstQualification shows the qualification that stands.
func viewFirstQualification(_ *call, all []qualification.Qualified) any {
	return cmp.Or(oldQualifications[qualification.Shown(all)], "none")
}
