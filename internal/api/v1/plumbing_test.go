package v1

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"comptoir/internal/api/route"
	"comptoir/internal/api/throttle"
	"comptoir/internal/api/v1/wire"
	"comptoir/internal/clock"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/origin"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

// house is an API with a few routes of its own, to see the plumbing work.
type house struct {
	*API
	log  bytes.Buffer
	seen op.Actor // who called the last route that was reached
}

// The tokens that the house knows.
var tokens = map[string]op.Actor{
	"app":  {Kind: policy.Partner, Tenant: "0b5e2f6e-0001-7000-8000-000000000001", Org: policy.DirectBill, App: "a1"},
	"user": {Kind: policy.Partner, Tenant: "0b5e2f6e-0001-7000-8000-000000000001", Org: policy.DirectBill, App: "a1", User: "u1", Roles: policy.AdminAgent, MFA: true},
	"weak": {Kind: policy.Partner, Tenant: "0b5e2f6e-0001-7000-8000-000000000001", Org: policy.DirectBill, App: "a1", User: "u2", Roles: policy.AdminAgent},
	"else": {Kind: policy.Partner, Tenant: "0b5e2f6e-0009-7000-8000-000000000009", Org: policy.DirectBill, App: "a2"},
}

func newHouse(t testing.TB) *house {
	h := new(house)
	log := slog.New(slog.NewTextHandler(&h.log, nil))
	k := op.New(dbtest.SQLite(t), log)
	k.Clock = clock.Fixed(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC))
	h.API = New(k, origin.Origin{}, func(r *http.Request) (op.Actor, error) {
		token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		actor, ok := tokens[token]
		if !ok {
			return op.Actor{}, refusal.Unauthenticated
		}
		return actor, nil
	})
	k.Wall = clock.Fixed(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC))
	at := func(method, path string, auth route.Auth, work func(c *call) error) {
		h.handle(route.Route{Method: method, Path: path, Auth: auth, Status: 200}, func(c *call) error {
			h.seen = c.actor
			return work(c)
		})
	}
	at("GET", "/v1/things/{customer-id}", route.Both, func(c *call) error {
		customer, err := c.customer()
		if err != nil {
			return err
		}
		return c.answer(200, map[string]string{"id": string(customer), "text": "<é>"})
	})
	at("GET", "/v1/user", route.User, func(c *call) error { return c.answer(204, nil) })
	at("GET", "/v1/app", route.App, func(c *call) error { return c.answer(204, nil) })
	at("GET", "/v1/open", route.None, func(c *call) error { return c.answer(200, c.param("q")) })
	at("GET", "/v1/long", route.Both, func(c *call) error { return c.answer(200, strings.Repeat("long ", 1000)) })
	at("HEAD", "/v1/things/{customer-id}", route.Both, func(c *call) error { return refusal.NotFound })
	at("GET", "/v1/panic", route.Both, func(c *call) error { panic("lost") })
	at("GET", "/v1/name/{name}", route.Both, func(c *call) error {
		name, err := c.name("name")
		if err != nil {
			return err
		}
		return c.answer(200, name)
	})
	at("GET", "/v1/unencodable", route.Both, func(c *call) error { return c.answer(200, func() {}) })
	at("PUT", "/v1/things/{customer-id}", route.Both, func(c *call) error {
		var body struct {
			Attributes wire.AttributesRequest `json:"attributes"`
		}
		if err := c.decode(&body); err != nil {
			return err
		}
		if etag := c.etag(body.Attributes); etag != "" && etag != "7" {
			return refusal.RF18
		}
		return c.answer(200, "changed")
	})
	at("GET", "/v1/stream", route.Both, func(c *call) error {
		s := c.stream()
		for i := range 20000 {
			if i == 15000 && c.param("break") != "" {
				return errors.New("the database went away")
			}
			if err := s.item(map[string]int{"n": i}); err != nil {
				return err
			}
		}
		return s.end(map[string]any{"totalCount": s.n})
	})
	return h
}

// routeFor is a route for tests.
func routeFor(path string) route.Route {
	return route.Route{Method: http.MethodGet, Path: path, Auth: route.Both, Status: http.StatusOK}
}

// fail adds a route that fails with err and returns its answer.
func (h *house) fail(t *testing.T, rt route.Route, err error) *httptest.ResponseRecorder {
	t.Helper()
	rt.Method, rt.Path = "POST", fmt.Sprintf("/v1/fail/%d", len(h.Routes()))
	h.handle(rt, func(*call) error { return err })
	return h.do("POST", rt.Path, nil)
}

// do sends a request as the token "user" unless the headers say otherwise.
func (h *house) do(method, target string, headers map[string]string, body ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(strings.Join(body, "")))
	r.Header.Set("Authorization", "Bearer user")
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

const thing = "/v1/things/5b6d1c1e-6c3d-4a0e-9f57-0a8f2f6b9a11"

// code returns the code of an error body in shape A or B as it is written.
func code(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	var body struct {
		Code        json.RawMessage
		Description string
	}
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	if body.Description == "" {
		t.Errorf("no description: %s", w.Body)
	}
	return string(body.Code)
}

// Q65: the ids that the caller sent come back exactly, on every answer.
func TestEveryAnswerNamesItsCall(t *testing.T) {
	h := newHouse(t)
	const sent, other = "0B5E2F6E-AAAA-4000-8000-00000000000A", "0b5e2f6e-bbbb-4000-8000-00000000000b"
	tests := []struct{ name, method, target string }{
		{"success", "GET", thing},
		{"no content", "GET", "/v1/user"},
		{"refusal", "GET", "/v1/things/x"},
		{"HEAD", "HEAD", thing},
		{"unknown route", "GET", "/v1/nothing"},
		{"wrong method", "PATCH", thing},
		{"panic", "GET", "/v1/panic"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := h.do(tt.method, tt.target, map[string]string{"MS-RequestId": sent, "MS-CorrelationId": " " + other, "X-Locale": "sv-SE"}).Header()
			if got.Get(requestIDHeader) != sent || got.Get(correlationIDHeader) != other || got.Get("X-Locale") != "sv-SE" {
				t.Errorf("echoed %v", got)
			}
			if got.Get(vectorHeader) == "" || got.Get(serverIDHeader) == "" {
				t.Errorf("no vector or server: %v", got)
			}
		})
	}
	t.Run("absent or no GUID", func(t *testing.T) {
		got := h.do("GET", thing, map[string]string{"MS-RequestId": "seven", "X-Locale": "sv SE<script>"}).Header()
		if len(got.Get(requestIDHeader)) != 36 || len(got.Get(correlationIDHeader)) != 36 || got.Get("X-Locale") != "" {
			t.Errorf("made %v", got)
		}
	})
}

func TestTheActorCarriesTheCall(t *testing.T) {
	h := newHouse(t)
	const sent = "0B5E2F6E-AAAA-4000-8000-00000000000A"
	h.do("GET", thing, map[string]string{"MS-RequestId": sent, "X-Locale": "fr-FR"})
	want := tokens["user"]
	want.RequestID, want.IdempotencyKey, want.CorrelationID = sent, strings.ToLower(sent), h.seen.CorrelationID
	want.Locale, want.Channel, want.Address = "fr", op.ViaREST, "192.0.2.1"
	if d := cmp.Diff(want, h.seen); d != "" {
		t.Error(d)
	}
	h.do("GET", thing, nil)
	if h.seen.IdempotencyKey != "" || h.seen.RequestID == "" {
		t.Errorf("a made request id is taken for a chosen one: %+v", h.seen)
	}
}

func TestAnswersAreExactlyOneValue(t *testing.T) { // Q7, section 4.9
	h := newHouse(t)
	w := h.do("GET", "/v1//THINGS/%205B6D1C1E-6C3D-4A0E-9F57-0A8F2F6B9A11/", nil)
	if got, want := w.Body.String(), `{"id":"5b6d1c1e-6c3d-4a0e-9f57-0a8f2f6b9a11","text":"<é>"}`; got != want {
		t.Errorf("got %q", got)
	}
	if got := w.Header().Get("Content-Type"); got != "application/json; charset=utf-8" {
		t.Errorf("content type %q", got)
	}
	if w := h.do("GET", "/v1/user", nil); w.Code != 204 || w.Body.Len() != 0 || w.Header().Get("Content-Type") != "" {
		t.Errorf("204 with %q %v", w.Body, w.Header())
	}
}

func TestByteOrderMarkForTheClientsThatNeedIt(t *testing.T) { // Q4, Q5, section 4.8
	h := newHouse(t)
	module := map[string]string{"MS-PartnerCenter-Application": "Partner Center PowerShell Module v0.10.0.4"}
	tests := []struct {
		name, target string
		headers      map[string]string
		marked       bool
	}{
		{"module", thing, module, true},
		{"module, refusal", "/v1/things/x", module, true},
		{"module, stream", "/v1/stream", module, true},
		{"module, nothing to mark", "/v1/user", module, false},
		{"others", thing, map[string]string{"MS-PartnerCenter-Application": "Partner Center .NET SDK"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := h.do("GET", tt.target, tt.headers).Body.String()
			if strings.HasPrefix(got, "\ufeff") != tt.marked {
				t.Errorf("begins %q", got[:min(len(got), 20)])
			}
		})
	}
	h.set(t, ByteOrderMark, "always")
	if got := h.do("GET", thing, nil).Body.String(); !strings.HasPrefix(got, "\ufeff{") {
		t.Errorf("begins %q although the operator wants it always", got)
	}
}

// set changes a setting as the operator does.
func (h *house) set(t *testing.T, s *op.Setting, value string) {
	t.Helper()
	operator := op.Actor{Kind: policy.Operator, Roles: policy.OperatorAdmin, Tenant: "0b5e2f6e-0000-7000-8000-000000000000", User: "o1"}
	if err := h.kernel.UpdateSetting(context.Background(), operator, op.SetSetting{Name: s.Name, Value: value}); err != nil {
		t.Fatal(err)
	}
}

func TestLongAnswersAreCompressedForThoseWhoAskForIt(t *testing.T) {
	h := newHouse(t)
	tests := []struct {
		name, target, accept string
		zipped               bool
	}{
		{"long", "/v1/long", "gzip, deflate", true},
		{"weight", "/v1/long", "br;q=1, GZIP;q=0.5", true},
		{"stream", "/v1/stream", "gzip", true},
		{"short", thing, "gzip", false},
		{"not asked for", "/v1/long", "", false},
		{"refused", "/v1/long", "gzip;q=0", false},
		{"other", "/v1/long", "br", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			plain := h.do("GET", tt.target, nil).Body.String()
			w := h.do("GET", tt.target, map[string]string{"Accept-Encoding": tt.accept})
			got := w.Body.String()
			if (w.Header().Get("Content-Encoding") == "gzip") != tt.zipped {
				t.Fatalf("headers %v", w.Header())
			}
			if tt.zipped {
				z, err := gzip.NewReader(w.Body)
				if err != nil {
					t.Fatal(err)
				}
				b, err := io.ReadAll(z)
				if err != nil {
					t.Fatal(err)
				}
				got = string(b)
			}
			if got != plain {
				t.Error("the answer is another one")
			}
		})
	}
}

func TestAStreamIsOneDocumentOrBrokenOff(t *testing.T) {
	h := newHouse(t)
	var list struct {
		Items      []struct{ N int }
		TotalCount int
	}
	if err := json.Unmarshal(h.do("GET", "/v1/stream", nil).Body.Bytes(), &list); err != nil {
		t.Fatal(err)
	}
	if len(list.Items) != 20000 || list.TotalCount != 20000 || list.Items[19999].N != 19999 {
		t.Errorf("%d items, total %d", len(list.Items), list.TotalCount)
	}
	server := httptest.NewServer(h)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/v1/stream?break=1", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer user")
	res, err := http.DefaultClient.Do(r)
	if err == nil {
		_, err = io.ReadAll(res.Body)
		res.Body.Close()
	}
	if err == nil {
		t.Error("a list that was broken off looks complete")
	}
	server.Close() // waits for the handler, which writes to the log
	if !strings.Contains(h.log.String(), "the database went away") {
		t.Error("nothing in the log")
	}
}

func TestWhoMayCallARoute(t *testing.T) { // section 2.6
	h := newHouse(t)
	tests := []struct {
		name, token, target string
		status              int
		code                string
	}{
		{"nobody", "", thing, 401, `"400"`},
		{"unknown token", "x", thing, 401, `"400"`},
		{"nobody where nobody is asked", "", "/v1/open", 200, ""},
		{"application where both may", "app", thing, 200, ""},
		{"application where a user must", "app", "/v1/user", 403, `"900329"`},
		{"user where a user must", "user", "/v1/user", 204, ""},
		{"user where an application must", "user", "/v1/app", 403, `"2032"`},
		{"application where it must", "app", "/v1/app", 204, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := h.do("GET", tt.target, map[string]string{"Authorization": "Bearer " + tt.token})
			if w.Code != tt.status {
				t.Fatalf("status %d: %s", w.Code, w.Body)
			}
			if tt.code != "" && code(t, w) != tt.code {
				t.Errorf("code %s", w.Body)
			}
			if challenged := w.Header().Get("WWW-Authenticate") != ""; challenged != (w.Code == 401) {
				t.Errorf("challenge %q", w.Header().Get("WWW-Authenticate"))
			}
		})
	}
	h.set(t, AppOnlyStrict, "false")
	if w := h.do("GET", "/v1/user", map[string]string{"Authorization": "Bearer app"}); w.Code != 204 {
		t.Errorf("not strict, and still %d", w.Code)
	}
}

func TestUsersNeedASecondFactorWhereItIsEnforced(t *testing.T) { // section 2.7
	h := newHouse(t)
	tests := []struct {
		mode, token string
		sandbox     bool
		validate    string
		status      int
		compliant   string
	}{
		{"auto", "weak", false, "", 401, ""},
		{"auto", "weak", true, "", 204, ""},
		{"auto", "user", false, "true", 204, "true"},
		{"off", "weak", false, "", 204, ""},
		{"off", "weak", false, "True", 204, "false"},
		{"report", "weak", false, "", 204, "false"},
		{"enforce", "weak", true, "true", 401, "false"},
		{"enforce", "app", false, "true", 403, ""}, // for being alone, not for its factor
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt), func(t *testing.T) {
			h.set(t, identity.SettingMFA, tt.mode)
			h.kernel.Sandbox = tt.sandbox
			w := h.do("GET", "/v1/user", map[string]string{"Authorization": "Bearer " + tt.token, "ValidateMfa": tt.validate})
			if w.Code != tt.status {
				t.Fatalf("status %d", w.Code)
			}
			if w.Code == 401 && code(t, w) != `"900421"` {
				t.Errorf("code %s", w.Body)
			}
			if got := exact(w.Header(), "isMfaCompliant"); got != tt.compliant {
				t.Errorf("isMfaCompliant %q", got)
			}
		})
	}
}

// exact returns a header whose name is spelled exactly so.
func exact(h http.Header, name string) string { return strings.Join(h[name], "") }

func TestRequestsOfAPartnerAreCounted(t *testing.T) { // section 8, RF-42, Q25
	h := newHouse(t)
	fixed := h.kernel.Wall
	h.set(t, throttle.RequestsPerMinute, "3")
	for i := range 3 {
		if w := h.do("GET", thing, nil); w.Code != 200 {
			t.Fatalf("request %d: %d", i, w.Code)
		}
	}
	w := h.do("GET", thing, nil)
	if w.Code != 429 || w.Header().Get("Retry-After") != "20" {
		t.Fatalf("got %d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
	}
	if got, want := w.Body.String(), "{\"statusCode\":429,\"message\":\"Too many requests came in a short time. Wait 20\u00a0s, then try again.\"}"; got != want {
		t.Errorf("got %s", got)
	}
	if w := h.do("GET", thing, map[string]string{"Authorization": "Bearer else"}); w.Code != 200 {
		t.Errorf("another partner gets %d", w.Code)
	}
	for range 50 { // rejected requests count, up to a minute
		w = h.do("GET", thing, nil)
	}
	if got := w.Header().Get("Retry-After"); got != "80" {
		t.Errorf("after a storm: Retry-After %q", got)
	}
	fixed.Advance(80 * time.Second)
	if w := h.do("GET", thing, nil); w.Code != 200 {
		t.Errorf("after that: %d", w.Code)
	}
	if throttle.RequestsPerMinute.Check("nonsense") == nil || throttle.RequestsPerMinute.Check("-1") == nil {
		t.Error("a limit that is no number is accepted")
	}
}

func BenchmarkCall(b *testing.B) {
	h := newHouse(b)
	bare := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		if err := json.NewEncoder(w).Encode(map[string]string{"id": "5b6d1c1e-6c3d-4a0e-9f57-0a8f2f6b9a11", "text": "<é>"}); err != nil {
			b.Error(err)
		}
	})
	for name, handler := range map[string]http.Handler{"ours": h, "bare": bare} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			r := httptest.NewRequest(http.MethodGet, thing, nil)
			r.Header.Set("Authorization", "Bearer user")
			r.Header.Set(requestIDHeader, "5b6d1c1e-6c3d-4a0e-9f57-0a8f2f6b9a11")
			r.Header.Set("Accept-Language", "sv-SE")
			for b.Loop() {
				handler.ServeHTTP(httptest.NewRecorder(), r)
			}
		})
	}
}
