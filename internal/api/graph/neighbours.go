package graph

import (
	"net/http"
	"reflect"

	"comptoir/internal/api/route"
	"comptoir/internal/customer"
	"comptoir/internal/identity"
	"comptoir/internal/policy"
)

// ours says why the neighbours are there.
const ours = "clients of delegated administration ask for it (api-customers.md, 21.7)"

// organizationBody is what clients read of the partner's own organization.
type organizationBody struct {
	ID                string           `json:"id"`
	DisplayName       string           `json:"displayName"`
	CountryLetterCode string           `json:"countryLetterCode"`
	PartnerTenantType string           `json:"partnerTenantType"`
	VerifiedDomains   []verifiedDomain `json:"verifiedDomains"`
}

type verifiedDomain struct {
	Name      string `json:"name"`
	IsDefault bool   `json:"isDefault"`
	IsInitial bool   `json:"isInitial"`
}

// groupBody is a security group.
type groupBody struct {
	ID              string `json:"id"`
	DisplayName     string `json:"displayName"`
	Description     string `json:"description"`
	SecurityEnabled bool   `json:"securityEnabled"`
	MailEnabled     bool   `json:"mailEnabled"`
}

// contractBody is a customer of the partner.
type contractBody struct {
	ID                string `json:"id"`
	ContractType      string `json:"contractType"`
	CustomerID        string `json:"customerId"`
	DefaultDomainName string `json:"defaultDomainName"`
	DisplayName       string `json:"displayName"`
}

// neighbourRoutes add section 21.7.
func (a *API) neighbourRoutes() {
	a.handle(route.Route{
		Method: http.MethodGet, Path: "/organization", Name: "listOrganization", Summary: "graph.route.organization", Ours: ours,
		Gives: reflect.TypeFor[list[organizationBody]](), ObjectType: "list<organization>", Status: http.StatusOK,
	}, listOrganization)
	a.handle(route.Route{
		Method: http.MethodGet, Path: "/groups", Name: "listGroups", Summary: "graph.route.groups", Ours: ours,
		Query: []route.Parameter{{Name: "$filter", Type: "string"}, {Name: "$select", Type: "string"}, {Name: "$top", Type: "integer"}},
		Gives: reflect.TypeFor[list[groupBody]](), ObjectType: "list<group>", Status: http.StatusOK,
	}, listGroups)
	a.handle(route.Route{
		Method: http.MethodGet, Path: "/contracts", Name: "listContracts", Summary: "graph.route.contracts", Ours: ours,
		Query: []route.Parameter{{Name: "$top", Type: "integer"}, {Name: "$select", Type: "string"}, {Name: "$skipToken", Type: "string"}},
		Gives: reflect.TypeFor[list[contractBody]](), ObjectType: "list<contract>", Status: http.StatusOK,
	}, listContracts)
}

// listOrganization answers with the one organization of the caller. Whoever
// deals with a provider is of the second tier.
func listOrganization(c *call) error {
	p, err := identity.OwnPartner.Do(c.r.Context(), c.api.kernel, c.actor, struct{}{})
	if err != nil {
		return err
	}
	domains, err := identity.OwnDomains.Do(c.r.Context(), c.api.kernel, c.actor, struct{}{})
	if err != nil {
		return err
	}
	o := organizationBody{
		ID: string(p.Tenant), DisplayName: p.Name, CountryLetterCode: p.Country, PartnerTenantType: "resellerPartnerDelegatedAdmin",
		VerifiedDomains: []verifiedDomain{},
	}
	if p.Types&policy.Sellers == 0 {
		o.PartnerTenantType = "valueAddedResellerPartnerDelegatedAdmin"
	}
	for _, d := range domains {
		o.VerifiedDomains = append(o.VerifiedDomains, verifiedDomain{d.Name, d.Name == p.Domain, d.Initial})
	}
	return answerList(c, http.StatusOK, list[organizationBody]{Context: c.context("organization"), Value: []organizationBody{o}})
}

// listGroups answers with all groups: an organization has few.
func listGroups(c *call) error {
	var wanted []condition
	if text := c.option("filter"); text != "" {
		var err error
		if wanted, err = parseFilter(text, "securityEnabled", "displayName"); err != nil {
			return err
		}
	}
	if _, err := c.top(defaultPage); err != nil {
		return err
	}
	groups, err := identity.ListGroups.Do(c.r.Context(), c.api.kernel, c.actor, struct{}{})
	if err != nil {
		return err
	}
	l := list[groupBody]{Context: c.context("groups")}
	for _, g := range groups {
		if inGroups(g, wanted) {
			l.Value = append(l.Value, groupBody{ID: string(g.ID), DisplayName: g.Name, Description: g.Description, SecurityEnabled: true})
		}
	}
	return answerList(c, http.StatusOK, l)
}

// contractType is what customers of a partner are to clients of the directory.
const contractType = "ResellerPartner"

func listContracts(c *call) error {
	size, err := c.top(customer.MaxPage)
	if err != nil {
		return err
	}
	q := customer.Query{Sort: customer.ByName, Size: size, Cursor: c.option("skiptoken")}
	page, err := customer.List.Do(c.r.Context(), c.api.kernel, c.actor, q)
	if err != nil {
		return err
	}
	l := list[contractBody]{Context: c.context("contracts"), NextLink: c.nextLink("/contracts", page.Next)}
	for _, i := range page.Items {
		l.Value = append(l.Value, contractBody{
			ID: string(i.ID), ContractType: contractType, CustomerID: string(i.ID), DefaultDomainName: i.Domain, DisplayName: i.OriginalName,
		})
	}
	return answerList(c, http.StatusOK, l)
}
