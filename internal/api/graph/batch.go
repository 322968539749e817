package graph

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"

	"comptoir/internal/fault"
	"comptoir/internal/refusal"
)

// maxBatch is how many requests come together (section 21.6).
const maxBatch = 20

// batchName is how the names of the routes of batches begin.
const batchName = "batch"

// errBatch refuses requests that cannot be told apart, or too many; argument Max.
var errBatch = fault.New(fault.Invalid, "2000", "graph.batch")

// batchRequest are several requests in one.
type batchRequest struct {
	Requests []batchPart `json:"requests"`
}

type batchPart struct {
	ID        string            `json:"id"`
	Method    string            `json:"method"`
	URL       string            `json:"url"` // with or without a leading slash, without the root
	Headers   map[string]string `json:"headers,omitempty"`
	Body      json.RawMessage   `json:"body,omitempty"`
	DependsOn []string          `json:"dependsOn,omitempty"`
}

// batchAnswer are their answers.
type batchAnswer struct {
	Responses []batchResult `json:"responses"`
}

type batchResult struct {
	ID      string            `json:"id"`
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers,omitempty"`
	Body    json.RawMessage   `json:"body,omitempty"`
}

// runBatch answers the parts one after the other, each as if it had come alone. One
// that depends on a part that failed is not tried.
func runBatch(c *call) error {
	var in batchRequest
	if err := c.decode(&in); err != nil {
		return err
	}
	seen := make(map[string]bool)
	for _, p := range in.Requests {
		if p.ID == "" || seen[p.ID] {
			return errBatch.On("requests").With("Max", maxBatch)
		}
		seen[p.ID] = true
	}
	if len(in.Requests) == 0 || len(in.Requests) > maxBatch {
		return errBatch.On("requests").With("Max", maxBatch)
	}
	out, failed := batchAnswer{Responses: []batchResult{}}, make(map[string]bool)
	for _, p := range in.Requests {
		result := batchResult{ID: p.ID, Status: http.StatusFailedDependency}
		if !p.dependsOn(failed) {
			result = c.part(p)
		}
		failed[p.ID] = result.Status >= http.StatusBadRequest
		out.Responses = append(out.Responses, result)
	}
	return c.answer(http.StatusOK, out)
}

func (p batchPart) dependsOn(failed map[string]bool) bool {
	for _, other := range p.DependsOn {
		if ok, known := failed[other]; ok || !known {
			return true
		}
	}
	return false
}

// part answers one part.
func (c *call) part(p batchPart) batchResult {
	body := p.Body
	if string(body) == "null" {
		body = nil
	}
	target := c.version + "/" + strings.TrimLeft(p.URL, "/")
	r, err := http.NewRequestWithContext(c.r.Context(), strings.ToUpper(p.Method), target, bytes.NewReader(body))
	if err != nil {
		return batchResult{ID: p.ID, Status: http.StatusBadRequest, Body: c.partRefused(refusal.Malformed)}
	}
	// What it is decides, not how it is written: "%24batch" is a batch as well.
	if rt, _, _ := c.api.mux.Match(r.Method, r.URL); strings.HasPrefix(rt.Name, batchName) {
		return batchResult{ID: p.ID, Status: http.StatusBadRequest, Body: c.partRefused(errBatch.On("requests").With("Max", maxBatch))}
	}
	// Who calls, and how the call came, is as outside. How its body was written is not:
	// the body of a part is plain JSON, whatever the batch was packed in.
	r.Host, r.RemoteAddr, r.TLS = c.r.Host, c.r.RemoteAddr, c.r.TLS
	r.Header = c.r.Header.Clone()
	for _, own := range []string{"If-Match", "Content-Length", "Content-Type", "Content-Encoding", "Expect", "Client-Request-Id"} {
		r.Header.Del(own)
	}
	for name, value := range p.Headers {
		if !strings.EqualFold(name, "Authorization") && !strings.HasPrefix(strings.ToLower(name), "x-forwarded-") {
			r.Header.Set(name, value)
		}
	}
	w := &recorder{header: make(http.Header), status: http.StatusOK}
	c.api.mux.ServeHTTP(w, r)
	result := batchResult{ID: p.ID, Status: w.status, Headers: make(map[string]string)}
	for name := range w.header {
		if name != "Content-Length" {
			result.Headers[name] = w.header.Get(name)
		}
	}
	if w.body.Len() > 0 {
		result.Body = w.body.Bytes()
	}
	return result
}

// partRefused is the body of a part that could not even be read.
func (c *call) partRefused(e *fault.Error) json.RawMessage {
	b, err := encode(failure{failureError{
		Code: kinds[e.Kind].code, Message: c.printer.Fault(e), InnerError: failureInner{Code: e.Code, RequestID: c.requestID, ClientRequestID: c.clientID},
	}})
	if err != nil {
		panic(err) // strings always encode
	}
	return b
}

// recorder keeps the answer of a part.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header implements http.ResponseWriter.
func (w *recorder) Header() http.Header { return w.header }

// WriteHeader implements http.ResponseWriter.
func (w *recorder) WriteHeader(status int) { w.status = status }

// Write implements http.ResponseWriter.
func (w *recorder) Write(b []byte) (int, error) { return w.body.Write(b) }
