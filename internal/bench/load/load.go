// Package load sends HTTP requests over a fixed number of kept connections for
// a fixed time and measures every one of them. It shares the machine with the
// server that it measures, so it does as little as it can: requests are bytes
// that the caller prepared, and of an answer it reads the status and the length.
package load

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"slices"
	"time"

	"comptoir/internal/clock"
)

// Plan is one run of load.
type Plan struct {
	Address string // host and port
	// Connections send one request each at a time, without a pause.
	Connections int
	// Warm is how long requests are sent before they are measured; Time is how
	// long they are.
	Warm, Time time.Duration
	// Request appends the n-th request of a connection to b. It is called from
	// the goroutine of that connection.
	Request func(b []byte, connection, n int) []byte
	// Status is what every answer must have.
	Status int
}

// Result is what a run measured.
type Result struct {
	Requests int
	Elapsed  time.Duration
	Bytes    int64           // of the bodies, as they came over the wire
	latency  []time.Duration // of each request, sorted
}

// Rate returns requests per second.
func (r Result) Rate() float64 { return float64(r.Requests) / r.Elapsed.Seconds() }

// Percentile returns the time within which the share p of all requests was
// answered (0.99 for the 99th percentile), exactly.
func (r Result) Percentile(p float64) time.Duration {
	if len(r.latency) == 0 {
		return 0
	}
	i := int(math.Ceil(p*float64(len(r.latency)))) - 1
	return r.latency[min(max(i, 0), len(r.latency)-1)]
}

// Size returns the mean size of a body in bytes.
func (r Result) Size() int64 {
	if r.Requests == 0 {
		return 0
	}
	return r.Bytes / int64(r.Requests)
}

// Run carries out p. Any answer with another status ends it with an error that
// shows the answer.
func Run(ctx context.Context, p Plan) (Result, error) {
	conns := make([]*worker, p.Connections)
	for i := range conns {
		c, err := new(net.Dialer).DialContext(ctx, "tcp", p.Address)
		if err != nil {
			return Result{}, fmt.Errorf("load: %w", err)
		}
		defer c.Close()
		conns[i] = newWorker(c, i)
	}
	watch := clock.Start()
	failed := make(chan error, len(conns))
	for _, w := range conns {
		go func() { failed <- w.run(ctx, p, watch) }()
	}
	var errs []error
	for range conns {
		errs = append(errs, <-failed)
	}
	if err := errors.Join(errs...); err != nil {
		return Result{}, fmt.Errorf("load: %w", err)
	}
	return collect(conns, p), nil
}

// collect puts the measurements of all connections together.
func collect(conns []*worker, p Plan) Result {
	r := Result{Elapsed: p.Time}
	for _, w := range conns {
		r.Requests += len(w.latency)
		r.Bytes += w.bytes
		r.latency = append(r.latency, w.latency...)
		r.Elapsed = max(r.Elapsed, w.end-p.Warm)
	}
	slices.Sort(r.latency)
	return r
}
