package app

import (
	"context"
	"net/http"
	"time"
)

// wireEdges puts every edge on its paths.
func (a *App) wireEdges(context.Context) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", healthz)
	mux.HandleFunc("GET /readyz", a.readyz)
	mux.Handle("GET /metrics", metricsHandler(newMetrics(a.Kernel), a.options.MetricsToken))
	a.handler = mux
	return nil
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
	w.Write([]byte(text)) //nolint:errcheck
}
