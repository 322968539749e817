package app

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"comptoir/internal/api/graph"
	v1 "comptoir/internal/api/v1"
	"comptoir/internal/demo"
	"comptoir/internal/oauth"
	"comptoir/internal/oauth/signin"
	"comptoir/internal/origin"
	"comptoir/internal/policy"
	"comptoir/internal/portal"
)

// edges are what answers requests, each on paths of its own.
type edges struct {
	own    *http.ServeMux // health, readiness, metrics
	api    *v1.API
	graph  *graph.API
	oauth  *oauth.Server
	signin *signin.Site
	portal http.Handler
}

// wireEdges makes every edge. The sign-in belongs to the portal and to the
// authorize page, the token endpoint vouches for the API's callers.
func (a *App) wireEdges(ctx context.Context) error {
	from := origin.Origin{PublicURL: a.options.PublicURL, Proxies: a.options.TrustedProxies}
	site := signin.New(signin.Config{
		Kernel: a.Kernel, Gate: a.Gate, Origin: from, Accounts: a.demoAccounts(), Provider: a.options.Provider,
	})
	tokens, err := oauth.New(ctx, oauth.Config{Kernel: a.Kernel, Gate: a.Gate, Origin: from, SignIn: site})
	if err != nil {
		return fmt.Errorf("token endpoint: %w", err)
	}
	own := http.NewServeMux()
	own.HandleFunc("GET /healthz", healthz)
	own.HandleFunc("GET /readyz", a.readyz)
	own.Handle("GET /metrics", metricsHandler(newMetrics(a.Kernel), a.options.MetricsToken))
	a.edges = edges{
		own: own, api: v1.New(a.Kernel, from, tokens.Authenticate(oauth.PartnerCenter)), oauth: tokens, signin: site,
		graph:  graph.New(a.Kernel, from, tokens.Authenticate(oauth.Graph)),
		portal: portal.New(portal.Config{Site: site.Visit(), Protect: site.Protect}),
	}
	a.edges.graph.CountWith(a.edges.api.Limits())
	return nil
}

// ServeHTTP gives a request to the edge whose path it is. What nobody owns is a
// page of the portal, which says so in words.
func (e *edges) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if _, pattern := e.own.Handler(r); pattern != "" {
		e.own.ServeHTTP(w, r)
		return
	}
	switch path := r.URL.Path; {
	case e.api.Owns(path):
		e.api.ServeHTTP(w, r)
	case e.graph.Owns(path):
		e.graph.ServeHTTP(w, r)
	case e.signin.Owns(path):
		e.signin.ServeHTTP(w, r)
	case e.oauth.Owns(r):
		e.oauth.ServeHTTP(w, r)
	default:
		e.portal.ServeHTTP(w, r)
	}
}

// demoAccounts returns what the sign-in page of a sandbox lists; nil elsewhere.
func (a *App) demoAccounts() func(context.Context) ([]signin.Account, error) {
	if !a.Kernel.Sandbox {
		return nil
	}
	return func(ctx context.Context) ([]signin.Account, error) {
		w, _, err := demo.Read(ctx, a.Kernel)
		if err != nil {
			return nil, err
		}
		return accountsOf(w), nil
	}
}

// accountsOf returns everybody of the demo world but the customers, of whom one
// stands for all.
func accountsOf(w demo.World) []signin.Account {
	var all []signin.Account
	add := func(a demo.Account, organization string) {
		role, _ := policy.ParseRole(a.Role)
		all = append(all, signin.Account{Name: a.Name, UserName: a.UserName, Password: a.Password, Roles: role, Organization: organization})
	}
	for _, p := range w.Partners {
		for _, u := range p.Users {
			add(u, p.Name)
		}
	}
	if len(w.Customers) > 0 {
		add(w.Customers[0].Admin, w.Customers[0].Name)
	}
	if w.Operator.UserName != "" {
		add(w.Operator, demo.OperatorName)
	}
	return all
}

// healthz answers while the process lives.
func healthz(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, "ok\n") }

// readyTime is how long the database may take to answer a readiness check.
const readyTime = 2 * time.Second

// readyz answers 200 while requests can be served: the database answers and the
// server is not being stopped.
func (a *App) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTime)
	defer cancel()
	switch {
	case a.draining.Load():
		answer(w, http.StatusServiceUnavailable, "draining\n")
	case a.Kernel.DB.Ping(ctx) != nil:
		answer(w, http.StatusServiceUnavailable, "the database does not answer\n")
	default:
		answer(w, http.StatusOK, "ready\n")
	}
}

func answer(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	// A caller that has gone away needs no answer.
	w.Write([]byte(text))
}
