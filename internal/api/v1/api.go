// Package v1 is the Partner Center REST API, version 1: it turns requests into
// operations and their results into the frozen JSON of package wire. It holds no
// rule and no SQL. Who may do what, and everything that is refused, is decided
// by the operations; this package translates (docs/spec/api-customers.md,
// sections 1 to 8).
package v1

import (
	"crypto/rand"
	"log/slog"
	"net/http"

	"comptoir/internal/api/route"
	"comptoir/internal/api/throttle"
	"comptoir/internal/op"
	"comptoir/internal/origin"
)

// API answers the routes of the REST API.
type API struct {
	kernel       *op.Kernel
	origin       origin.Origin
	authenticate func(*http.Request) (op.Actor, error)
	log          *slog.Logger
	mux          route.Mux
	described    map[string]func() (description, error) // by language
	limits       *throttle.Limits
	server       string // names this process in answers
}

// New returns the API on a kernel, for requests that come from o. authenticate
// tells who sends a request, from its bearer token; its fault
// (refusal.Unauthenticated) refuses the request.
func New(k *op.Kernel, o origin.Origin, authenticate func(*http.Request) (op.Actor, error)) *API {
	a := &API{kernel: k, origin: o, authenticate: authenticate, log: k.Log, limits: new(throttle.Limits), server: rand.Text()[:12]}
	a.mux.NotFound = a.refusing(errNoRoute)
	a.mux.WrongMethod = a.refusing(errWrongMethod)
	a.placeRoutes()
	a.customerRoutes()
	a.patchRoute()
	a.organizationRoutes()
	a.verifiedDomainRoute()
	a.qualificationRoutes()
	a.domainRoutes()
	a.partnerRoutes()
	a.invitationRoutes()
	a.profileRoutes()
	a.agreementRoutes()
	a.agreementDocumentRoutes()
	a.enhancedRoutes()
	a.auditRoutes()
	a.verificationRoutes()
	a.productRoutes()
	a.offerRoutes()
	a.inventoryRoute()
	a.promotionRoutes()
	a.docsRoutes()
	return a
}

// Limits counts the requests that come, for other interfaces to count theirs with.
func (a *API) Limits() *throttle.Limits { return a.limits }

// Routes returns the route table.
func (a *API) Routes() []route.Route { return a.mux.Routes() }

// Owns reports whether a path is one of the API's, known or not.
func (a *API) Owns(path string) bool { return a.mux.Owns(path) }

// ServeHTTP answers a request. It does its own routing: behind an http.ServeMux
// the forgiving paths of the contract would be redirected.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.mux.ServeHTTP(w, r) }

// handle adds a route whose requests are answered by work once they are
// admitted. work either answers and returns nil, or returns the refusal.
func (a *API) handle(rt route.Route, work func(*call) error) {
	rt.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := call{api: a, w: w, r: r, route: &rt}
		c.run(work)
	})
	a.mux.Handle(rt)
}

// refusing returns a handler that refuses everything with err.
func (a *API) refusing(err error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := call{api: a, w: w, r: r, route: &route.Route{Auth: route.None}}
		c.run(func(*call) error { return err })
	})
}
