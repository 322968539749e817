// Package graph is the part of the directory's interface that delegated
// administration is spoken in, under /v1.0 and /beta alike, with the few
// neighbours that its clients ask for (docs/spec/api-customers.md, section 21). As
// every edge it translates: who may do what, and everything that is refused, is
// decided by the operations.
package graph

import (
	"log/slog"
	"net/http"
	"reflect"

	"comptoir/internal/api/route"
	"comptoir/internal/api/throttle"
	"comptoir/internal/op"
	"comptoir/internal/origin"
)

// StrictIfMatch refuses changes that name no version (Q56).
var StrictIfMatch = op.DefineSetting(op.Setting{
	Name: "graph.strictIfMatch", Default: "false", Values: []string{"false", "true"}, Rule: "api-customers 21.8", Mark: "D", Effect: "setting.graph.strict_if_match",
})

// API answers the routes of the interface.
type API struct {
	kernel       *op.Kernel
	origin       origin.Origin
	authenticate func(*http.Request) (op.Actor, error)
	limits       *throttle.Limits
	log          *slog.Logger
	mux          route.Mux
}

// versions are the two roots under which everything is served.
var versions = []struct{ root, suffix string }{{"/v1.0", ""}, {"/beta", "Beta"}}

// New returns the API on a kernel, for requests that come from o. authenticate
// tells who sends a request, from its bearer token; its fault
// (refusal.Unauthenticated) refuses the request.
func New(k *op.Kernel, o origin.Origin, authenticate func(*http.Request) (op.Actor, error)) *API {
	a := &API{kernel: k, origin: o, authenticate: authenticate, limits: new(throttle.Limits), log: k.Log}
	a.mux.NotFound = a.refusing(errNoRoute)
	a.mux.WrongMethod = a.refusing(errWrongMethod)
	a.relationshipRoutes()
	a.assignmentRoutes()
	a.customerRoutes()
	a.neighbourRoutes()
	a.handle(route.Route{
		Method: http.MethodPost, Path: "/$batch", Name: batchName, Summary: "graph.route.batch",
		Takes: reflect.TypeFor[batchRequest](), Gives: reflect.TypeFor[batchAnswer](), ObjectType: "batch", Status: http.StatusOK,
	}, runBatch)
	return a
}

// CountWith has the requests counted together with those of another interface, which
// l counts. It is for the start of the program.
func (a *API) CountWith(l *throttle.Limits) { a.limits = l }

// Routes returns the route table.
func (a *API) Routes() []route.Route { return a.mux.Routes() }

// Owns reports whether a path is one of the API's, known or not.
func (a *API) Owns(path string) bool { return a.mux.Owns(path) }

// ServeHTTP answers a request.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.mux.ServeHTTP(w, r) }

// handle adds a route under both roots. work either answers and returns nil, or
// returns the refusal.
func (a *API) handle(rt route.Route, work func(*call) error) {
	path, name := rt.Path, rt.Name
	rt.Auth = route.User
	for _, v := range versions {
		rt := rt
		rt.Path, rt.Name = v.root+path, name+v.suffix
		rt.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			c := call{api: a, w: w, r: r, route: &rt, version: v.root}
			c.run(work)
		})
		a.mux.Handle(rt)
	}
}

// refusing returns a handler that refuses everything with err.
func (a *API) refusing(err error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := call{api: a, w: w, r: r, route: &route.Route{Auth: route.None}}
		c.run(func(*call) error { return err })
	})
}
