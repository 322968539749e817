package load_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"comptoir/internal/bench/load"
)

func plan(s *httptest.Server, path string) load.Plan {
	return load.Plan{
		Address: strings.TrimPrefix(s.URL, "http://"), Connections: 3, Warm: 20 * time.Millisecond, Time: 60 * time.Millisecond, Status: 200,
		Request: func(b []byte, connection, n int) []byte {
			return fmt.Appendf(b, "GET %s?%d-%d HTTP/1.1\r\nHost: x\r\n\r\n", path, connection, n)
		},
	}
}

func TestLoadReadsEveryAnswerWhole(t *testing.T) {
	var served atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		served.Add(1)
		switch r.URL.Path {
		case "/fixed":
			fmt.Fprint(w, strings.Repeat("x", 500))
		case "/chunked":
			for range 4 {
				fmt.Fprint(w, strings.Repeat("x", 5000))
				w.(http.Flusher).Flush()
			}
		case "/refused":
			http.Error(w, "not for you", http.StatusForbidden)
		}
	}))
	defer s.Close()
	for path, size := range map[string]int64{"/fixed": 500, "/chunked": 20000, "/empty": 0} {
		t.Run(path, func(t *testing.T) {
			served.Store(0)
			r, err := load.Run(t.Context(), plan(s, path))
			if err != nil {
				t.Fatal(err)
			}
			if r.Size() != size || r.Requests == 0 || int64(r.Requests) >= served.Load() {
				t.Errorf("%d requests measured of %d, %d bytes each", r.Requests, served.Load(), r.Size())
			}
			if p50, p99, all := r.Percentile(0.5), r.Percentile(0.99), r.Percentile(1); p50 <= 0 || p50 > p99 || p99 > all || r.Rate() <= 0 {
				t.Errorf("percentiles %v %v %v, rate %v", p50, p99, all, r.Rate())
			}
		})
	}
	t.Run("an answer that is not the one expected ends the run and is shown", func(t *testing.T) {
		_, err := load.Run(t.Context(), plan(s, "/refused"))
		if err == nil || !strings.Contains(err.Error(), "status 403") || !strings.Contains(err.Error(), "not for you") {
			t.Error(err)
		}
	})
	t.Run("nobody there", func(t *testing.T) {
		p := plan(s, "/fixed")
		p.Address = "127.0.0.1:1"
		if _, err := load.Run(t.Context(), p); err == nil {
			t.Error("a run without a server succeeded")
		}
	})
}
