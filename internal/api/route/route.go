// Package route matches requests to routes the way the published API does,
// which is more forgiving than net/http's ServeMux: literal segments match
// without case, doubled slashes and a trailing slash do not matter, blanks
// around ids are cut off, and none of that is answered with a redirect, because
// a redirect loses the body of a POST. HEAD is answered only where it is
// registered, and a literal segment always beats a parameter.
//
// ServeMux cannot be wrapped into this: it redirects unclean paths before any
// handler sees them, and folding the case of literals needs to know which
// segments are literal, which is the match itself. So the match is a small tree
// of segments here, and all the rest (path values, patterns, handlers) is
// net/http's.
//
// Routes are data. The description of the API (OpenAPI), the page that shows it
// and the comparison with the published list of routes all read the same table.
package route

import (
	"net/http"
	"reflect"
)

// Auth says whose token a route accepts.
type Auth uint8

// The authentication modes, as the published list of routes names them.
const (
	None Auth = iota // no token at all
	Both             // an application, alone or acting for a user
	User             // an application acting for a user
	App              // an application alone
)

// String returns the mode as the published list of routes writes it.
func (a Auth) String() string {
	return [...]string{"none", "App or App+User", "App+User", "App"}[a]
}

// Route is one line of the route table.
type Route struct {
	Method string // "GET"
	// Path is the path with parameters in braces:
	// "/v1/customers/{customer-id}/profiles/billing".
	Path string
	Auth Auth
	// Name is the stable camelCase name of the operation in the description of
	// the API ("getCustomerBillingProfile").
	Name string
	// Summary is the catalogue key of the sentence that says what the route does.
	Summary string
	// Query lists the query parameters that the route reads.
	Query []Parameter
	// Takes and Gives are the wire types of the request and of the answer; nil
	// where there is no body.
	Takes, Gives reflect.Type
	// ObjectType is the published name of the answered resource ("Customer"),
	// empty where it has none.
	ObjectType string
	// Status is the status of a success.
	Status int
	// Ours says why the route exists although it is not in the published list;
	// empty for a published one.
	Ours string
	// NumberCodes answers six-digit error codes as JSON numbers, as the routes of
	// commerce do; elsewhere codes are strings.
	NumberCodes bool
	Handler     http.Handler
}

// Parameter is a query parameter of a route.
type Parameter struct {
	Name string // "seekOperation"
	Type string // JSON schema type: "string", "integer", "boolean"
}

// Pattern returns method and path in one string, as http.Request.Pattern has it.
func (r Route) Pattern() string { return r.Method + " " + r.Path }
