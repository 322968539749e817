package graph

import (
	"encoding/base64"
	"net/http"
	"reflect"

	"comptoir/internal/api/route"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/refusal"
)

const (
	customersAt  = root + "/delegatedAdminCustomers"
	customerAt   = customersAt + "/{tenant-id}"
	customersSet = "tenantRelationships/delegatedAdminCustomers"
)

// serviceBody is delegatedAdminServiceManagementDetail: a service whose own
// administration is opened for the customer. The installation runs none.
type serviceBody struct {
	ID                   string `json:"id"`
	ServiceName          string `json:"serviceName"`
	ServiceManagementURL string `json:"serviceManagementUrl"`
}

// customerRoutes add section 21.5.
func (a *API) customerRoutes() {
	const one = "delegatedAdminCustomer"
	a.handle(route.Route{
		Method: http.MethodGet, Path: customersAt, Name: "listDelegatedAdminCustomers", Summary: "graph.route.customers",
		Query: []route.Parameter{{Name: "$top", Type: "integer"}, {Name: "$select", Type: "string"}, {Name: "$skipToken", Type: "string"}},
		Gives: reflect.TypeFor[list[customerBody]](), ObjectType: "list<" + one + ">", Status: http.StatusOK,
	}, listCustomers)
	a.handle(route.Route{
		Method: http.MethodGet, Path: customerAt, Name: "getDelegatedAdminCustomer", Summary: "graph.route.customer",
		Gives: reflect.TypeFor[customerBody](), ObjectType: one, Status: http.StatusOK,
	}, getCustomer)
	a.handle(route.Route{
		Method: http.MethodGet, Path: customerAt + "/serviceManagementDetails", Name: "listServiceManagementDetails", Summary: "graph.route.services",
		Gives: reflect.TypeFor[list[serviceBody]](), ObjectType: "list<delegatedAdminServiceManagementDetail>", Status: http.StatusOK,
	}, listServices)
}

func listCustomers(c *call) error {
	size, err := c.top(gdap.MaxPage - 1)
	if err != nil {
		return err
	}
	q := gdap.ServedQuery{Size: size + 1}
	if token := c.option("skiptoken"); token != "" {
		b, err := base64.RawURLEncoding.DecodeString(token)
		after, ok := id.Parse(string(b))
		if err != nil || !ok {
			return refusal.Argument.On("$skiptoken").Because(err)
		}
		q.After = id.Tenant(after)
	}
	all, err := gdap.ListServed.Do(c.r.Context(), c.api.kernel, c.actor, q)
	if err != nil {
		return err
	}
	l := list[customerBody]{Context: c.context(customersSet)}
	if len(all) > size {
		all = all[:size]
		l.NextLink = c.nextLink(customersAt, base64.RawURLEncoding.EncodeToString([]byte(all[size-1].Customer)))
	}
	for _, s := range all {
		l.Value = append(l.Value, viewCustomer(s))
	}
	return answerList(c, http.StatusOK, l)
}

// served is the customer of the path.
func (c *call) served() (gdap.Served, error) {
	tenant, ok := id.Parse(c.r.PathValue("tenant-id"))
	if !ok {
		return gdap.Served{}, refusal.Argument.On("tenant-id")
	}
	return gdap.GetServed.Do(c.r.Context(), c.api.kernel, c.actor, id.Tenant(tenant))
}

func getCustomer(c *call) error {
	s, err := c.served()
	if err != nil {
		return err
	}
	b := viewCustomer(s)
	b.Context = c.context(customersSet + "/$entity")
	return answerOne(c, http.StatusOK, b)
}

func listServices(c *call) error {
	s, err := c.served()
	if err != nil {
		return err
	}
	return answerList(c, http.StatusOK, list[serviceBody]{Context: c.context(customersSet + "('" + string(s.Customer) + "')/serviceManagementDetails")})
}
