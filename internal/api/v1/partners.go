package v1

import (
	"net/http"
	"reflect"
	"strings"

	"comptoir/internal/api/route"
	"comptoir/internal/api/v1/wire"
	"comptoir/internal/identity"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
)

// The kinds of partnership, seen from the caller's side.
const (
	resellerOf = "is_indirect_reseller_of"
	providerOf = "is_indirect_cloud_solution_provider_of"
)

var partnershipKinds = wire.NewEnum("none", resellerOf, providerOf)

// partnerRoutes add the partnerships between providers and resellers (section 14).
func (a *API) partnerRoutes() {
	a.handle(route.Route{
		Method: http.MethodGet, Path: "/v1/relationships", Auth: route.User,
		Name: "listPartnerRelationships", Summary: "api.route.relationships",
		Query: []route.Parameter{{Name: "relationship_type", Type: "string"}, {Name: "filter", Type: "string"}},
		Gives: reflect.TypeFor[wire.Collection[wire.PartnerRelationship]](), ObjectType: "Collection<PartnerRelationship>", Status: http.StatusOK,
	}, listPartnerRelationships)
	on(a, route.Route{
		Method: http.MethodGet, Path: "/v1/customers/{customer-id}/relationships", Auth: route.User,
		Name: "listCustomerRelationships", Summary: "api.route.customer_relationships",
		Gives: reflect.TypeFor[wire.Collection[wire.PartnerRelationship]](), ObjectType: "Collection<PartnerRelationship>", Status: http.StatusOK,
	}, relationship.ListAttached, func(c *call) (relationship.Customer, error) {
		tenant, err := c.customer()
		return relationship.Customer{ID: tenant}, err
	}, viewAttached)
}

// viewAttached shows the resellers of a customer. Here the contract leaves out
// state and location.
func viewAttached(_ *call, partners []identity.Partner) any {
	items := make([]wire.PartnerRelationship, len(partners))
	for i := range partners {
		items[i] = viewPartnership(&partners[i], providerOf)
		items[i].State, items[i].Location = "", ""
	}
	return wire.NewCollection(items)
}

func listPartnerRelationships(c *call) error {
	kind, ok := partnershipKinds.Parse(c.param("relationship_type"))
	if !ok || kind == "none" {
		return refusal.Argument.On("relationship_type")
	}
	prefix, err := partnerNamePrefix(c)
	if err != nil {
		return err
	}
	found, err := relationship.ListCounterparts.Do(c.r.Context(), c.api.kernel, c.actor, struct{}{})
	if err != nil {
		return err
	}
	partners := found.Resellers
	if kind == resellerOf {
		partners = found.Providers
	}
	var items []wire.PartnerRelationship
	for i := range partners {
		if strings.HasPrefix(strings.ToLower(partners[i].Name), prefix) {
			items = append(items, viewPartnership(&partners[i], kind))
		}
	}
	return c.answer(http.StatusOK, wire.NewCollection(items))
}

// partnerNamePrefix reads the filter of partnerships, the beginning of a name.
func partnerNamePrefix(c *call) (string, error) {
	text := c.param("filter")
	if text == "" {
		return "", nil
	}
	f, err := wire.ParseFilter(text)
	if err != nil {
		return "", err
	}
	if f.Operator != wire.StartsWith || !strings.EqualFold(f.Field, "Name") {
		return "", refusal.Argument.On("filter")
	}
	return strings.ToLower(f.Value), nil
}

func viewPartnership(p *identity.Partner, kind string) wire.PartnerRelationship {
	return wire.PartnerRelationship{
		ID: string(p.Tenant), Name: p.Name, RelationshipType: kind, State: "Active", MpnID: p.PartnerID, Location: p.Country,
		Attributes: wire.Attributes{ObjectType: "PartnerRelationship"},
	}
}
