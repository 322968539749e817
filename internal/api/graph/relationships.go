package graph

import (
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"comptoir/internal/api/route"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/naming"
	"comptoir/internal/refusal"
)

const (
	root             = "/tenantRelationships"
	relationshipsAt  = root + "/delegatedAdminRelationships"
	relationshipAt   = relationshipsAt + "/{id}"
	relationshipsSet = "tenantRelationships/delegatedAdminRelationships"
)

// listOptions are the query options of paged lists.
var listOptions = []route.Parameter{
	{Name: "$filter", Type: "string"},
	{Name: "$select", Type: "string"},
	{Name: "$top", Type: "integer"},
	{Name: "$orderby", Type: "string"},
	{Name: "$count", Type: "boolean"},
	{Name: "$skipToken", Type: "string"},
}

// relationshipRoutes add section 21.2.
func (a *API) relationshipRoutes() {
	const one, many = "delegatedAdminRelationship", "list<delegatedAdminRelationship>"
	body := reflect.TypeFor[relationshipBody]()
	a.handle(route.Route{
		Method: http.MethodGet, Path: relationshipsAt, Name: "listDelegatedAdminRelationships", Summary: "graph.route.relationships",
		Query: listOptions, Gives: reflect.TypeFor[list[relationshipBody]](), ObjectType: many, Status: http.StatusOK,
	}, listRelationships)
	a.handle(route.Route{
		Method: http.MethodPost, Path: relationshipsAt, Name: "createDelegatedAdminRelationship", Summary: "graph.route.relationship_create",
		Takes: reflect.TypeFor[relationshipChange](), Gives: body, ObjectType: one, Status: http.StatusCreated,
	}, createRelationship)
	a.handle(route.Route{
		Method: http.MethodGet, Path: relationshipAt, Name: "getDelegatedAdminRelationship", Summary: "graph.route.relationship",
		Gives: body, ObjectType: one, Status: http.StatusOK,
	}, getRelationship)
	a.handle(route.Route{
		Method: http.MethodPatch, Path: relationshipAt, Name: "updateDelegatedAdminRelationship", Summary: "graph.route.relationship_update",
		Takes: reflect.TypeFor[relationshipChange](), Gives: body, ObjectType: one, Status: http.StatusOK,
	}, updateRelationship)
	a.handle(route.Route{
		Method: http.MethodDelete, Path: relationshipAt, Name: "deleteDelegatedAdminRelationship", Summary: "graph.route.relationship_delete",
		Status: http.StatusNoContent,
	}, deleteRelationship)
	a.requestRoutes()
}

// requestRoutes add what is asked about relationships, and what still works on them.
func (a *API) requestRoutes() {
	const one, many = "delegatedAdminRelationshipRequest", "list<delegatedAdminRelationshipRequest>"
	a.handle(route.Route{
		Method: http.MethodGet, Path: relationshipAt + "/requests", Name: "listDelegatedAdminRelationshipRequests", Summary: "graph.route.requests",
		Gives: reflect.TypeFor[list[requestBody]](), ObjectType: many, Status: http.StatusOK,
	}, listRequests)
	a.handle(route.Route{
		Method: http.MethodPost, Path: relationshipAt + "/requests", Name: "createDelegatedAdminRelationshipRequest", Summary: "graph.route.request_create",
		Takes: reflect.TypeFor[requestBody](), Gives: reflect.TypeFor[requestBody](), ObjectType: one, Status: http.StatusCreated,
	}, createRequest)
	a.handle(route.Route{
		Method: http.MethodGet, Path: relationshipAt + "/requests/{request-id}", Name: "getDelegatedAdminRelationshipRequest", Summary: "graph.route.request",
		Gives: reflect.TypeFor[requestBody](), ObjectType: one, Status: http.StatusOK,
	}, getRequest)
	a.handle(route.Route{
		Method: http.MethodGet, Path: relationshipAt + "/operations", Name: "listDelegatedAdminRelationshipOperations", Summary: "graph.route.operations",
		Gives: reflect.TypeFor[list[operationBody]](), ObjectType: "list<delegatedAdminRelationshipOperation>", Status: http.StatusOK,
	}, listOperations)
	a.handle(route.Route{
		Method: http.MethodGet, Path: relationshipAt + "/operations/{operation-id}", Name: "getDelegatedAdminRelationshipOperation", Summary: "graph.route.operation",
		Gives: reflect.TypeFor[operationBody](), ObjectType: "delegatedAdminRelationshipOperation", Status: http.StatusOK,
	}, getOperation)
}

// relationshipQuery reads which relationships a caller asks for.
func relationshipQuery(c *call) (q gdap.Query, err error) {
	if text := c.option("filter"); text != "" {
		conditions, err := parseFilter(text, "status", "customer/tenantId", "displayName")
		if err != nil {
			return q, err
		}
		for _, cond := range conditions {
			if err := cond.narrow(&q); err != nil {
				return q, err
			}
		}
	}
	if q.Order, q.Descending, err = orderOf(c.option("orderby")); err != nil {
		return q, err
	}
	q.After = c.option("skiptoken")
	q.Size, err = c.top(gdap.MaxPage)
	return q, err
}

// narrow puts a condition on relationships into q.
func (cond condition) narrow(q *gdap.Query) error {
	switch {
	case cond.field == "displayname" && naming.Key(cond.value) == "": // no name is, and every name would begin with it
	case cond.field == "displayname" && cond.begin:
		q.NamePrefix = cond.value
		return nil
	case cond.begin:
	case cond.field == "displayname":
		q.Name = cond.value
		return nil
	case cond.field == "status":
		i := slices.IndexFunc(gdap.Statuses(), func(s gdap.Status) bool { return strings.EqualFold(string(s), cond.value) })
		if i >= 0 {
			q.Status = gdap.Statuses()[i]
			return nil
		}
	case cond.field == "customer/tenantid":
		if tenant, ok := id.Parse(cond.value); ok {
			q.Customer = id.Tenant(tenant)
			return nil
		}
	}
	return errFilter.On("$filter").With("Fields", "status, customer/tenantId, displayName")
}

// orderOf reads $orderby: one property, ascending when nothing else is said.
func orderOf(text string) (gdap.Order, bool, error) {
	property, direction, _ := strings.Cut(strings.TrimSpace(text), " ")
	descending := strings.EqualFold(strings.TrimSpace(direction), "desc")
	if direction != "" && !descending && !strings.EqualFold(strings.TrimSpace(direction), "asc") {
		return "", false, refusal.Argument.On("$orderby")
	}
	switch strings.ToLower(property) {
	case "":
		return "", descending, nil
	case "createddatetime":
		return gdap.ByCreation, descending, nil
	case "displayname":
		return gdap.ByName, descending, nil
	case "enddatetime":
		return gdap.ByEnd, descending, nil
	}
	return "", false, refusal.Argument.On("$orderby")
}

func listRelationships(c *call) error {
	q, err := relationshipQuery(c)
	if err != nil {
		return err
	}
	page, err := gdap.List.Do(c.r.Context(), c.api.kernel, c.actor, q)
	if err != nil {
		return err
	}
	l := list[relationshipBody]{Context: c.context(relationshipsSet), NextLink: c.nextLink(relationshipsAt, page.Next)}
	for _, r := range page.Relationships {
		l.Value = append(l.Value, viewRelationship(r))
	}
	if strings.EqualFold(c.option("count"), "true") {
		n, err := gdap.Count.Do(c.r.Context(), c.api.kernel, c.actor, q)
		if err != nil {
			return err
		}
		l.Count = &n
	}
	return answerList(c, http.StatusOK, l)
}

// nextLink is the absolute address of the page behind a cursor: the same question
// once more; "" where there is none.
func (c *call) nextLink(path, cursor string) string {
	if cursor == "" {
		return ""
	}
	q := url.Values{}
	for _, p := range c.query {
		if name := strings.ToLower(strings.TrimPrefix(p.Name, "$")); name != "skiptoken" && p.Value != "" {
			q.Set(p.Name, p.Value)
		}
	}
	q.Set("$skiptoken", cursor)
	return c.base() + path + "?" + strings.ReplaceAll(q.Encode(), "%24", "$")
}

func createRelationship(c *call) error {
	var body relationshipChange
	if err := c.decode(&body); err != nil {
		return err
	}
	d, err := body.draft()
	if err != nil {
		return err
	}
	reseller, wrong := guid(body.IndirectResellerTenantID, "indirectResellerTenantId")
	if wrong != nil {
		return wrong
	}
	in := gdap.New{
		Name: value(d.Name), Duration: value(d.Duration), AutoExtend: value(d.AutoExtend), Roles: value(d.Roles),
		Customer: value(d.Customer), CustomerName: value(d.CustomerName), Reseller: id.Tenant(reseller),
	}
	r, err := gdap.Create.Do(c.r.Context(), c.api.kernel, c.actor, in)
	if err != nil {
		return err
	}
	c.w.Header().Set("Location", c.base()+relationshipsAt+"/"+r.ID)
	return c.answerRelationship(http.StatusCreated, r)
}

// value is what p points to, or nothing.
func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

func (c *call) answerRelationship(status int, r gdap.Relationship) error {
	b := viewRelationship(r)
	b.Context = c.context(relationshipsSet + "/$entity")
	c.w.Header().Set("ETag", b.Etag)
	return answerOne(c, status, b)
}

func getRelationship(c *call) error {
	r, err := gdap.Get.Do(c.r.Context(), c.api.kernel, c.actor, c.relationship())
	if err != nil {
		return err
	}
	return c.answerRelationship(http.StatusOK, r)
}

// relationship is the id of the relationship of the path, which clients write in
// either case.
func (c *call) relationship() string { return strings.ToLower(c.r.PathValue("id")) }

// ref is the relationship of the path with the version of If-Match.
func (c *call) ref() (gdap.Ref, error) {
	version, err := c.ifMatch()
	return gdap.Ref{Relationship: c.relationship(), Version: version}, err
}

// updateRelationship switches auto extension with the row of the matrix that is
// about it, and everything else with that of requests.
func updateRelationship(c *call) error {
	ref, err := c.ref()
	if err != nil {
		return err
	}
	var body relationshipChange
	if err := c.decode(&body); err != nil {
		return err
	}
	if body.onlyAutoExtend() {
		r, err := gdap.SetAutoExtend.Do(c.r.Context(), c.api.kernel, c.actor, gdap.Switch{Ref: ref, AutoExtend: *body.AutoExtendDuration})
		if err != nil {
			return err
		}
		return c.answerRelationship(http.StatusOK, r)
	}
	d, err := body.draft()
	if err != nil {
		return err
	}
	done, err := gdap.Update.Do(c.r.Context(), c.api.kernel, c.actor, gdap.Change{Relationship: ref.Relationship, Version: ref.Version, Draft: d})
	if err != nil {
		return err
	}
	if done.Pending.ID != "" {
		return c.accepted(done.Pending)
	}
	return c.answerRelationship(http.StatusOK, done.Relationship)
}

// retryAfter is after how many seconds a client looks at an operation.
const retryAfter = 10

// accepted answers that an operation works on what was asked for.
func (c *call) accepted(o gdap.Operation) error {
	c.w.Header().Set("Location", c.base()+relationshipsAt+"/"+o.Relationship+"/operations/"+o.ID)
	c.w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
	return c.answer(http.StatusAccepted, struct{}{})
}

func deleteRelationship(c *call) error {
	ref, err := c.ref()
	if err != nil {
		return err
	}
	if _, err := gdap.Delete.Do(c.r.Context(), c.api.kernel, c.actor, ref); err != nil {
		return err
	}
	return c.answer(http.StatusNoContent, nil)
}

// below is the name of a set below the relationship of the path.
func (c *call) below(set string) string {
	return relationshipsSet + "('" + c.relationship() + "')/" + set
}

func listRequests(c *call) error {
	all, err := gdap.ListRequests.Do(c.r.Context(), c.api.kernel, c.actor, c.relationship())
	if err != nil {
		return err
	}
	l := list[requestBody]{Context: c.context(c.below("requests"))}
	for _, r := range all {
		l.Value = append(l.Value, viewRequest(r))
	}
	return answerList(c, http.StatusOK, l)
}

func getRequest(c *call) error {
	all, err := gdap.ListRequests.Do(c.r.Context(), c.api.kernel, c.actor, c.relationship())
	if err != nil {
		return err
	}
	for _, r := range all {
		if strings.EqualFold(r.ID, c.r.PathValue("request-id")) {
			return c.answerRequest(http.StatusOK, r)
		}
	}
	return refusal.NotFound
}

func (c *call) answerRequest(status int, r gdap.Asked) error {
	b := viewRequest(r)
	b.Context = c.context(c.below("requests/$entity"))
	return answerOne(c, status, b)
}

// errAction refuses an action that is none.
var errAction = refusal.Argument.On("action")

func createRequest(c *call) error {
	ref, err := c.ref()
	if err != nil && c.r.Header.Get("If-Match") == "" {
		err = nil // here it may always be absent
	}
	if err != nil {
		return err
	}
	var body struct {
		Action string `json:"action"`
	}
	if err := c.decode(&body); err != nil {
		return err
	}
	operation := gdap.LockForApproval
	switch strings.ToLower(body.Action) {
	case strings.ToLower(string(gdap.Lock)):
	case string(gdap.Approve):
		operation = gdap.Consent
	case string(gdap.Reject):
		operation = gdap.Refuse
	case string(gdap.Terminate):
		operation = gdap.End
	default:
		return errAction
	}
	asked, err := operation.Do(c.r.Context(), c.api.kernel, c.actor, ref)
	if err != nil {
		return err
	}
	c.w.Header().Set("Location", c.base()+relationshipsAt+"/"+ref.Relationship+"/requests/"+asked.ID)
	return c.answerRequest(http.StatusCreated, asked)
}

func listOperations(c *call) error {
	all, err := gdap.ListOperations.Do(c.r.Context(), c.api.kernel, c.actor, c.relationship())
	if err != nil {
		return err
	}
	l := list[operationBody]{Context: c.context(c.below("operations"))}
	for _, o := range all {
		l.Value = append(l.Value, viewOperation(o))
	}
	return answerList(c, http.StatusOK, l)
}

func getOperation(c *call) error {
	all, err := gdap.ListOperations.Do(c.r.Context(), c.api.kernel, c.actor, c.relationship())
	if err != nil {
		return err
	}
	for _, o := range all {
		if strings.EqualFold(o.ID, c.r.PathValue("operation-id")) {
			b := viewOperation(o)
			b.Context = c.context(c.below("operations/$entity"))
			return answerOne(c, http.StatusOK, b)
		}
	}
	return refusal.NotFound
}
