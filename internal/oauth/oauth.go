// Package oauth speaks the protocols with which people and programs prove who
// they are to the APIs: the token endpoints of both versions, the authorize
// page, device codes, consent, discovery and the public keys, in the shapes that
// existing clients expect (api-customers.md 2, clients.md). It is written by
// hand on go-jose because the shapes are another provider's; the rules behind
// them are those of packages identity and grant.
package oauth

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"comptoir/internal/api/route"
	"comptoir/internal/grant"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/oauth/signin"
	"comptoir/internal/op"
	"comptoir/internal/origin"
)

// Config is what the server needs of the program around it.
type Config struct {
	Kernel *op.Kernel
	Gate   *identity.Gate
	Origin origin.Origin
	// SignIn is the portal's sign-in, which the authorize page uses.
	SignIn *signin.Site
}

// Server answers the requests of the identity endpoints.
type Server struct {
	kernel *op.Kernel
	gate   *identity.Gate
	origin origin.Origin
	signin *signin.Site
	keys   *keyring
	recent *recentTokens
	known  *knownTokens
	mux    route.Mux
}

// New returns the server, with a key to sign with.
func New(ctx context.Context, c Config) (*Server, error) {
	s := &Server{
		kernel: c.Kernel, gate: c.Gate, origin: c.Origin, signin: c.SignIn,
		keys: newKeyring(c.Kernel), recent: newRecentTokens(), known: newKnownTokens(),
	}
	if _, err := grant.RotateKeys(ctx, c.Kernel); err != nil {
		return nil, fmt.Errorf("signing keys: %w", err)
	}
	if err := s.keys.reload(ctx); err != nil {
		return nil, fmt.Errorf("signing keys: %w", err)
	}
	for pattern, work := range s.endpoints() {
		s.handle(pattern, work)
	}
	for pattern, page := range s.pages() {
		s.page(pattern, page)
	}
	return s, nil
}

// maintainEvery is how often the server looks after its keys and leftovers.
const maintainEvery = time.Hour

// Run looks after signing keys and removes what is long over, until ctx ends.
func (s *Server) Run(ctx context.Context) {
	tick := time.NewTicker(maintainEvery)
	defer tick.Stop()
	for {
		if err := s.Maintain(ctx); err != nil && ctx.Err() == nil {
			s.kernel.Log.ErrorContext(ctx, "sign-in could not be looked after", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Maintain rotates the signing keys when it is time, and removes sessions, codes
// and tokens that are long over.
func (s *Server) Maintain(ctx context.Context) error {
	if _, err := grant.RotateKeys(ctx, s.kernel); err != nil {
		return fmt.Errorf("signing keys: %w", err)
	}
	if err := s.keys.reload(ctx); err != nil {
		return fmt.Errorf("signing keys: %w", err)
	}
	system := op.System("", 0, op.ViaJob)
	if _, err := grant.Tidy.Do(ctx, s.kernel, system, struct{}{}); err != nil {
		return err
	}
	_, err := identity.Tidy.Do(ctx, s.kernel, system, struct{}{})
	return err
}

// Owns reports whether a request is one for this server.
func (s *Server) Owns(r *http.Request) bool {
	_, _, known := s.mux.Match(r.Method, r.URL)
	return known
}

// ServeHTTP answers a request. It does its own routing, since the first segment
// of its paths is any organisation.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// call is one request.
type call struct {
	server      *Server
	w           http.ResponseWriter
	r           *http.Request
	correlation string
	// v2 tells the two versions of the endpoints apart.
	v2 bool
}

// endpoints lists the protocol endpoints by pattern; the version is read off
// the path.
func (s *Server) endpoints() map[string]func(*call) error {
	return map[string]func(*call) error{
		"POST /{tenant}/oauth2/token":                         (*call).token,
		"POST /{tenant}/oauth2/v2.0/token":                    (*call).token,
		"POST /{tenant}/oauth2/devicecode":                    (*call).deviceCode,
		"POST /{tenant}/oauth2/v2.0/devicecode":               (*call).deviceCode,
		"GET /{tenant}/.well-known/openid-configuration":      (*call).configuration,
		"GET /{tenant}/v2.0/.well-known/openid-configuration": (*call).configuration,
		"GET /{tenant}/discovery/keys":                        (*call).jwks,
		"GET /{tenant}/discovery/v2.0/keys":                   (*call).jwks,
		"GET /{tenant}/discovery/instance":                    (*call).instance,
		"GET /{tenant}/userrealm/{name}":                      (*call).userRealm,
		"POST /generatetoken":                                 (*call).exchange,
		"GET /{tenant}/openid/userinfo":                       (*call).userInfo,
		"POST /{tenant}/openid/userinfo":                      (*call).userInfo,
	}
}

// handle adds an endpoint that answers with JSON.
func (s *Server) handle(pattern string, work func(*call) error) {
	method, path, _ := strings.Cut(pattern, " ")
	v2 := strings.Contains(path, "/v2.0")
	s.mux.Handle(route.Route{Method: method, Path: path, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := s.begin(w, r)
		c.v2 = v2
		if err := work(c); err != nil {
			c.fail(err)
		}
	})})
}

// begin makes the call of a request, under the id that its client gave it.
func (s *Server) begin(w http.ResponseWriter, r *http.Request) *call {
	c := &call{server: s, w: w, r: r}
	given, ok := id.Parse(r.Header.Get("client-request-id"))
	if !ok {
		given, ok = id.Parse(r.URL.Query().Get("client-request-id"))
	}
	c.correlation = given
	if !ok {
		c.correlation = id.New(s.kernel.Wall.Now())
	}
	w.Header().Set("x-ms-request-id", id.New(s.kernel.Wall.Now()))
	if strings.EqualFold(r.Header.Get("return-client-request-id"), "true") {
		w.Header().Set("client-request-id", c.correlation)
	}
	return c
}

// actor is the caller before anything is known about him.
func (c *call) actor() op.Actor {
	return op.Actor{Channel: op.ViaOAuth, Address: c.server.origin.Address(c.r), CorrelationID: c.correlation, RequestID: c.correlation, Locale: "en"}
}

// authority is the first segment of the path: a domain, an id, "common" or
// "organizations".
func (c *call) authority() string { return c.r.PathValue("tenant") }

// anyTenant reports whether an authority leaves the organisation to the user.
func anyTenant(authority string) bool {
	switch strings.ToLower(authority) {
	case "common", "organizations", "consumers":
		return true
	}
	return false
}

// tenant returns the organisation that the path names.
func (c *call) tenant() (identity.Tenant, error) {
	t, err := c.server.gate.Tenant(c.r.Context(), c.authority())
	if isFault(err) {
		return identity.Tenant{}, errTenant.about(printable(c.authority()))
	}
	return t, err
}
