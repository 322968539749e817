package v1

import (
	"net/http"
	"reflect"
	"strings"

	"comptoir/internal/api/route"
	"comptoir/internal/api/v1/wire"
	"comptoir/internal/customer"
	"comptoir/internal/id"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
)

// customerRoutes add customers and their profiles (section 9).
func (a *API) customerRoutes() {
	a.handle(route.Route{
		Method: http.MethodGet, Path: "/v1/customers", Auth: route.Both,
		Name: "listCustomers", Summary: "api.route.customers",
		Query: pageParameters(route.Parameter{Name: "filter", Type: "string"}),
		Gives: reflect.TypeFor[wire.Collection[wire.Customer]](), ObjectType: "Collection<Customer>", Status: http.StatusOK,
	}, listCustomers)
	on(a, route.Route{
		Method: http.MethodPost, Path: "/v1/customers", Auth: route.Both,
		Name: "createCustomer", Summary: "api.route.customer_create",
		Takes: reflect.TypeFor[wire.CustomerRequest](),
		Gives: reflect.TypeFor[wire.Customer](), ObjectType: "Customer", Status: http.StatusCreated,
	}, customer.Add, newCustomer, viewAdded)
	on(a, route.Route{
		Method: http.MethodGet, Path: "/v1/customers/{customer-id}", Auth: route.Both,
		Name: "getCustomer", Summary: "api.route.customer",
		Gives: reflect.TypeFor[wire.Customer](), ObjectType: "Customer", Status: http.StatusOK,
	}, customer.Get, customerRef, viewDetails)
	on(a, route.Route{
		Method: http.MethodDelete, Path: "/v1/customers/{customer-id}", Auth: route.Both,
		Name: "deleteCustomer", Summary: "api.route.customer_delete", Status: http.StatusNoContent,
	}, customer.Delete, customerRef, nil)
	on(a, route.Route{
		Method: http.MethodGet, Path: "/v1/customers/{customer-id}/profiles/company", Auth: route.User,
		Name: "getCustomerCompanyProfile", Summary: "api.route.company_profile",
		Gives: reflect.TypeFor[wire.CustomerCompanyProfile](), ObjectType: "CustomerCompanyProfile", Status: http.StatusOK,
	}, customer.GetCompany, customerRef, func(_ *call, p customer.Company) any { return viewCompany(p) })
	on(a, route.Route{
		Method: http.MethodGet, Path: "/v1/customers/{customer-id}/profiles/billing", Auth: route.Both,
		Name: "getCustomerBillingProfile", Summary: "api.route.billing_profile",
		Gives: reflect.TypeFor[wire.CustomerBillingProfile](), ObjectType: "CustomerBillingProfile", Status: http.StatusOK,
	}, customer.GetBilling, customerRef, viewOwnBilling)
	on(a, route.Route{
		Method: http.MethodPut, Path: "/v1/customers/{customer-id}/profiles/billing", Auth: route.Both,
		Name: "updateCustomerBillingProfile", Summary: "api.route.billing_profile_update",
		Takes: reflect.TypeFor[wire.BillingProfileRequest](),
		Gives: reflect.TypeFor[wire.CustomerBillingProfile](), ObjectType: "CustomerBillingProfile", Status: http.StatusOK,
	}, customer.UpdateBilling, billingChange, func(c *call, u customer.Updated) any { return viewOwnBilling(c, u.Customer) })
}

// customerRef reads the {customer-id} of the path.
func customerRef(c *call) (customer.Ref, error) {
	tenant, err := c.customer()
	return customer.Ref{ID: tenant}, err
}

func listCustomers(c *call) error {
	l, err := c.listing("/customers", "")
	if err != nil {
		return err
	}
	filter, err := customerFilter(c)
	if err != nil {
		return err
	}
	return answerList(c, l, func(at ask) (batch[wire.Customer], error) {
		page, err := customer.List.Do(c.r.Context(), c.api.kernel, c.actor, customer.Query{
			Filter: filter, Size: at.size, Cursor: at.cursor, Backward: at.backward, Exact: at.exact,
		})
		if err != nil {
			return batch[wire.Customer]{}, err
		}
		items := make([]wire.Customer, len(page.Items))
		for i := range page.Items {
			items[i] = viewItem(&page.Items[i])
		}
		return batch[wire.Customer]{items: items, next: page.Next, previous: page.Previous, total: page.Total}, nil
	})
}

// customerFields are the fields that a list of customers is filtered by, with
// the names of older clients (section 5.3).
var customerFields = wire.NewEnum("CompanyName", "Domain", "IndirectReseller", "IndirectCloudSolutionProvider", "DisplayName", "DefaultDomainName")

// customerFilter reads the filter of a list of customers.
func customerFilter(c *call) (customer.Filter, error) {
	var filter customer.Filter
	text := c.param("filter")
	if text == "" {
		return filter, nil
	}
	parsed, err := wire.ParseFilter(text)
	if err != nil {
		return filter, err
	}
	terms, ok := parsed.Terms()
	if !ok {
		return filter, refusal.Argument.On("filter")
	}
	for _, term := range terms {
		if err := filterCustomers(c, &filter, term); err != nil {
			return filter, err
		}
	}
	return filter, nil
}

func filterCustomers(c *call, f *customer.Filter, term *wire.Filter) error {
	field, ok := customerFields.Parse(term.Field)
	if !ok || term.Operator != wire.StartsWith {
		return refusal.Argument.On("filter").With("Name", "filter: "+term.Field+" "+term.Operator)
	}
	var prefix *string
	var partner *id.Tenant
	switch field {
	case "CompanyName", "DisplayName":
		prefix = &f.NamePrefix
	case "Domain", "DefaultDomainName":
		prefix = &f.DomainPrefix
	case "IndirectReseller":
		partner = &f.Reseller
	case "IndirectCloudSolutionProvider":
		partner = &f.Provider
	}
	if prefix != nil && *prefix == "" {
		*prefix = term.Value
		return nil
	}
	value, ok := id.Parse(term.Value)
	switch {
	case partner == nil || *partner != "" || !ok:
		return refusal.Argument.On("filter").With("Name", "filter: "+term.Field)
	case field == "IndirectReseller" && c.actor.AppOnly():
		return refusal.AppOnly
	}
	*partner = id.Tenant(value)
	return nil
}

// newCustomer reads the customer to add. What a person would be asked in the
// portal cannot be asked here: an organization that looks like a known one is
// taken for a different one, and goes to the reviewers (rule C3).
func newCustomer(c *call) (customer.NewCustomer, error) {
	var body wire.CustomerRequest
	if err := c.decode(&body); err != nil {
		return customer.NewCustomer{}, err
	}
	registration := body.CompanyProfile.OrganizationRegistrationNumber
	if registration == "" {
		registration = body.OrganizationRegistrationNumber
	}
	return customer.NewCustomer{
		CompanyName:  body.CompanyProfile.CompanyName.String(),
		Domain:       body.CompanyProfile.Domain.String(),
		Registration: customer.Registration{ID: registration.String()},
		Billing:      billingOf(body.BillingProfile),
		Reseller:     body.AssociatedPartnerID.String(),
		WithoutGDAP:  body.EnableGDAPByDefault != nil && !bool(*body.EnableGDAPByDefault),
		Distinct:     true,
	}, nil
}

// billingChange reads the profile that replaces another.
func billingChange(c *call) (customer.BillingChange, error) {
	tenant, err := c.customer()
	if err != nil {
		return customer.BillingChange{}, err
	}
	var body wire.BillingProfileRequest
	if err := c.decode(&body); err != nil {
		return customer.BillingChange{}, err
	}
	c.root = "billingProfile."
	version, err := c.version(body.Attributes)
	return customer.BillingChange{ID: tenant, Version: version, Billing: billingOf(body)}, err
}

func billingOf(b wire.BillingProfileRequest) customer.Billing {
	return customer.Billing{
		CompanyName: b.CompanyName.String(), FirstName: b.FirstName.String(), LastName: b.LastName.String(),
		Email: b.Email.String(), Culture: b.Culture.String(), Language: b.Language.String(),
		Address: addressOf(b.DefaultAddress),
	}
}

// viewAdded shows a new customer with the first sign-in of its administrator,
// which is shown nowhere else.
func viewAdded(_ *call, added customer.Added) any {
	v := viewRelation(added.Customer.ID, added.Customer.Kind)
	userName, _, _ := strings.Cut(added.AdminUserName, "@")
	v.UserCredentials = &wire.UserCredentials{UserName: userName, Password: added.AdminPassword}
	v.CompanyProfile = viewCompanyName(added.Customer.ID, added.SentDomain, added.Customer.OriginalName)
	billing := viewBilling(added.Customer)
	v.BillingProfile = &billing
	v.CommerceID, v.AllowDelegatedAccess = v.ID, &added.Delegated
	v.AssociatedPartnerID = string(added.Customer.Reseller)
	v.EnableGDAPByDefault = &added.Delegated
	v.Links = nil
	return v
}

func viewDetails(_ *call, d customer.Details) any {
	v := viewRelation(d.Customer.ID, d.Customer.Kind)
	company := viewCompany(d.Company)
	v.CompanyProfile = &company
	if d.Customer.Kind.Sells() {
		billing := viewBilling(d.Customer)
		v.BillingProfile = &billing
	}
	v.CommerceID, v.AllowDelegatedAccess = v.ID, &d.Delegated
	v.CustomDomains = d.Company.Domains
	v.AssociatedPartnerID = string(d.Customer.Reseller)
	return v
}

func viewItem(i *customer.Item) wire.Customer {
	v := viewRelation(i.ID, i.Kind)
	v.CompanyProfile = viewCompanyName(i.ID, i.Domain, i.Name)
	return v
}

func viewRelation(customer id.Tenant, kind relationship.Kind) wire.Customer {
	return wire.Customer{
		ID: string(customer), RelationshipToPartner: relationOf(kind),
		Links: wire.SelfLink("/customers/" + string(customer)), Attributes: wire.Attributes{ObjectType: "Customer"},
	}
}

// viewCompanyName shows what everybody with a relation sees of a company.
func viewCompanyName(customer id.Tenant, domain, name string) *wire.CustomerCompanyProfile {
	return &wire.CustomerCompanyProfile{
		TenantID: string(customer), Domain: domain, CompanyName: name,
		Links:      wire.SelfLink("/customers/" + string(customer) + "/profiles/company"),
		Attributes: wire.Attributes{ObjectType: "CustomerCompanyProfile"},
	}
}

func viewCompany(p customer.Company) wire.CustomerCompanyProfile {
	v := viewCompanyName(p.TenantID, p.Domain, p.OriginalName)
	if p.Full {
		address := viewAddress(p.Address)
		v.Address, v.Email, v.OrganizationRegistrationNumber = &address, p.Email, p.Registration.ID
	}
	return *v
}

func viewOwnBilling(c *call, profile customer.Customer) any {
	v := viewBilling(profile)
	c.w.Header().Set("ETag", `"`+v.Attributes.Etag+`"`)
	return v
}

func viewBilling(c customer.Customer) wire.CustomerBillingProfile {
	b := c.Billing
	return wire.CustomerBillingProfile{
		ID: customer.BillingID(c.Partner, c.ID), FirstName: b.FirstName, LastName: b.LastName, Email: b.Email,
		Culture: b.Culture, Language: b.Language, CompanyName: b.CompanyName, DefaultAddress: viewAddress(b.Address),
		Links:      wire.SelfLink("/customers/" + string(c.ID) + "/profiles/billing"),
		Attributes: wire.Attributes{Etag: etagOf(c.Version), ObjectType: "CustomerBillingProfile"},
	}
}
