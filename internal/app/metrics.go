package app

import (
	"crypto/subtle"
	"net"
	"net/http"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"comptoir/internal/db"
	"comptoir/internal/op"
)

// newMetrics returns what /metrics shows: every operation with its outcome and
// time, the database connections and the process itself.
func newMetrics(k *op.Kernel) *prometheus.Registry {
	reg := prometheus.NewRegistry()
	took := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "comptoir_operation_seconds",
		Help:    "Time of operations by action and outcome.",
		Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5},
	}, []string{"action", "outcome"})
	reg.MustRegister(took, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		collectors.NewDBStatsCollector(k.DB.Pool(), string(k.DB.Engine())))
	if k.DB.Engine() == db.SQLite {
		reg.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "comptoir_writes_waiting", Help: "Transactions waiting for the writer.",
		}, func() float64 { return float64(k.DB.Waiting()) }))
	}
	k.Observe(func(o op.Observation) {
		took.WithLabelValues(string(o.Action), o.Outcome).Observe(o.Took.Seconds())
	})
	return reg
}

// metricsHandler serves reg to whoever has the token, and without a token only
// to this machine: the figures tell how busy a business is.
func metricsHandler(reg *prometheus.Registry, token string) http.Handler {
	h := promhttp.HandlerFor(reg, promhttp.HandlerOpts{})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !mayScrape(r, token) {
			http.NotFound(w, r)
			return
		}
		h.ServeHTTP(w, r)
	})
}

func mayScrape(r *http.Request, token string) bool {
	if token != "" {
		given := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		return subtle.ConstantTimeCompare([]byte(given), []byte(token)) == 1
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	return err == nil && net.ParseIP(host).IsLoopback() && r.Header.Get("X-Forwarded-For") == ""
}
