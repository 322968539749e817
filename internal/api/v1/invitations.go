package v1

import (
	"net/http"
	"reflect"
	"strconv"

	"comptoir/internal/api/route"
	"comptoir/internal/api/v1/wire"
	"comptoir/internal/id"
	"comptoir/internal/invitation"
	"comptoir/internal/refusal"
)

// invitationRoutes add the link with which customers are asked for a reseller
// relationship (section 9.7).
func (a *API) invitationRoutes() {
	on(a, route.Route{
		Method: http.MethodGet, Path: "/v1/customers/relationshiprequests", Auth: route.User,
		Name: "getRelationshipRequest", Summary: "api.route.relationship_request",
		Query: []route.Parameter{
			{Name: "indirectCloudSolutionProviderId", Type: "string"},
			{Name: "indirectResellerId", Type: "string"},
			{Name: "dualRoleIndirectRelationship", Type: "boolean"},
		},
		Gives: reflect.TypeFor[wire.RelationshipRequest](), ObjectType: "RelationshipRequest", Status: http.StatusOK,
	}, invitation.GenericLink, relationshipRequest, func(c *call, l invitation.Link) any {
		return wire.RelationshipRequest{URL: l.URL(c.api.origin.Base(c.r)), Attributes: wire.Attributes{ObjectType: "RelationshipRequest"}}
	})
}

// relationshipRequest reads for whom a link is asked. That a partner has two roles
// changes nothing: the provider that it names says in which of them it asks.
func relationshipRequest(c *call) (invitation.Generic, error) {
	var in invitation.Generic
	for name, to := range map[string]*id.Tenant{"indirectCloudSolutionProviderId": &in.Provider, "indirectResellerId": &in.Reseller} {
		sent := c.param(name)
		if sent == "" {
			continue
		}
		tenant, ok := id.Parse(sent)
		if !ok {
			return in, refusal.Argument.On(name)
		}
		*to = id.Tenant(tenant)
	}
	if dual := c.param("dualRoleIndirectRelationship"); dual != "" {
		if _, err := strconv.ParseBool(dual); err != nil {
			return in, refusal.Argument.On("dualRoleIndirectRelationship")
		}
	}
	return in, nil
}
