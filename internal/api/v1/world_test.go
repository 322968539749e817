package v1

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"comptoir/internal/clock"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/origin"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
)

// world is an installation with partners, as a client meets it.
type world struct {
	t      *testing.T
	api    *API
	kernel *op.Kernel
	actors map[string]op.Actor // by bearer token
	// described is the document that every answer is held against.
	described *openapi3.T
	// answered collects the JSON paths of the answers of each route.
	answered map[string]map[string]bool
	rawQuery string // replaces the query of the next request
	onSend   func(pattern string)
	moving   bool // every request comes a second after the one before
}

const (
	direct   = id.Tenant("0a1b0000-0001-7000-8000-000000000001")
	provider = id.Tenant("0a1b0000-0002-7000-8000-000000000002")
	reseller = id.Tenant("0a1b0000-0003-7000-8000-000000000003")
	stranger = id.Tenant("0a1b0000-0004-7000-8000-000000000004")
)

// newWorld enrols four partners. The tokens are "direct", "provider",
// "reseller" and "stranger", each of an admin agent, and the same with "-app"
// for an application alone; "direct-helpdesk" has no other role than that.
func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, actors: map[string]op.Actor{}, answered: map[string]map[string]bool{}}
	w.kernel = op.New(dbtest.SQLite(t), slog.New(slog.DiscardHandler))
	w.kernel.Clock = clock.Fixed(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC))
	w.kernel.Link = relationship.Link
	w.kernel.Sandbox = true
	for _, p := range []struct {
		name   string
		tenant id.Tenant
		types  policy.Org
		number string
	}{
		{"direct", direct, policy.DirectBill, "6105541"},
		{"provider", provider, policy.IndirectProvider, "6105542"},
		{"reseller", reseller, policy.IndirectReseller, "6105543"},
		{"stranger", stranger, policy.DirectBill, "6105544"},
	} {
		w.enrol(p.name, p.tenant, p.types, p.number)
	}
	system := op.System("", 0, op.ViaCLI)
	if _, err := relationship.ConnectPartners.Do(t.Context(), w.kernel, system, relationship.Pair{Provider: provider, Reseller: reseller}); err != nil {
		t.Fatal(err)
	}
	w.api = New(w.kernel, origin.Origin{}, func(r *http.Request) (op.Actor, error) {
		token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		actor, ok := w.actors[token]
		if !ok {
			return op.Actor{}, refusal.Unauthenticated
		}
		return actor, nil
	})
	w.describe()
	return w
}

func (w *world) enrol(name string, tenant id.Tenant, types policy.Org, number string) {
	w.t.Helper()
	enrolled, err := identity.EnrolPartner.Do(w.t.Context(), w.kernel, op.System("", 0, op.ViaCLI), identity.Enrolment{
		ID: tenant, PartnerID: number, Name: name + " AB", Types: types, Country: "SE", Market: "europe", Language: "sv",
		Domain: name + "-partner.example", Active: true, SignedMPA: true,
		Admin: &identity.NewUser{Name: "ada@" + name + "-partner.example", DisplayName: "Ada Berg"},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	actor := op.Actor{
		Kind: policy.Partner, Tenant: tenant, Org: types, App: "0a1b0000-00aa-7000-8000-0000000000aa",
		User: enrolled.Admin.User.ID, UserName: "ada@" + name + "-partner.example", Roles: policy.GlobalAdmin | policy.AdminAgent, MFA: true,
	}
	w.actors[name] = actor
	helper := actor
	helper.Roles = policy.HelpdeskAgent
	w.actors[name+"-helpdesk"] = helper
	alone := actor
	alone.User, alone.UserName, alone.Roles = "", "", 0
	w.actors[name+"-app"] = alone
}

// describe reads the description of the API as a client would.
func (w *world) describe() {
	w.t.Helper()
	recorder := httptest.NewRecorder()
	w.api.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/openapi.json", nil))
	doc, err := openapi3.NewLoader().LoadFromData(recorder.Body.Bytes())
	if err != nil {
		w.t.Fatalf("%v in %s", err, recorder.Body)
	}
	if err := doc.Validate(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	w.described = doc
}

// request is what a test sends.
type request struct {
	as      string // token
	method  string
	target  string
	headers map[string]string
	body    string
}

// answer is what came back.
type answerTo struct {
	*httptest.ResponseRecorder
	t *testing.T
}

// send sends r and holds the answer against the description.
func (w *world) send(r request) answerTo {
	w.t.Helper()
	var body io.Reader
	if r.body != "" {
		body = strings.NewReader(r.body)
	}
	req := httptest.NewRequest(r.method, r.target, body)
	req.Header.Set("Authorization", "Bearer "+r.as)
	if r.body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, value := range r.headers {
		req.Header.Set(name, value)
	}
	if w.rawQuery != "" {
		req.URL.RawQuery = w.rawQuery
	}
	if w.moving {
		w.kernel.Clock.Advance(time.Second)
	}
	recorder := httptest.NewRecorder()
	w.api.ServeHTTP(recorder, req)
	w.check(req.Method, req.URL, recorder)
	return answerTo{recorder, w.t}
}

func (w *world) get(as, target string) answerTo {
	w.t.Helper()
	return w.send(request{as: as, method: http.MethodGet, target: target})
}

// check holds an answer against the description of its route and notes its paths.
func (w *world) check(method string, u *url.URL, recorder *httptest.ResponseRecorder) {
	w.t.Helper()
	if recorder.Header().Get(requestIDHeader) == "" || recorder.Header().Get(correlationIDHeader) == "" {
		w.t.Errorf("%s %s: the answer names no call: %v", method, u, recorder.Header())
	}
	rt, _, _ := w.api.mux.Match(method, u)
	if w.onSend != nil {
		w.onSend(rt.Pattern())
	}
	item := w.described.Paths.Find(rt.Path)
	if item == nil {
		return // an unknown route, or the description itself
	}
	responses := item.GetOperation(method).Responses
	response := responses.Value(strconv.Itoa(recorder.Code))
	if response == nil {
		response = responses.Value("default")
	}
	body := strings.TrimPrefix(recorder.Body.String(), "\ufeff")
	media := response.Value.Content.Get("application/json")
	if body == "" || media == nil {
		if body != "" {
			w.t.Errorf("%s: an answer with %d has a body nobody described: %s", rt.Pattern(), recorder.Code, body)
		}
		return
	}
	var v any
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		w.t.Errorf("%s: %v in %q", rt.Pattern(), err, body)
		return
	}
	if err := media.Schema.Value.VisitJSON(v, openapi3.EnableJSONSchema2020()); err != nil {
		w.t.Errorf("%s: the answer is not as described: %v\n%s", rt.Pattern(), err, body)
	}
	if recorder.Code == rt.Status {
		w.note(rt.Pattern(), "", v)
	}
}

// note collects the paths of v.
func (w *world) note(pattern, path string, v any) {
	if w.answered[pattern] == nil {
		w.answered[pattern] = map[string]bool{}
	}
	if path != "" {
		w.answered[pattern][path] = true
	}
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			w.note(pattern, strings.TrimPrefix(path+"."+name, "."), member)
		}
	case []any:
		for _, item := range v {
			w.note(pattern, path+"[]", item)
		}
	}
}

// want fails unless the answer has the status.
func (a answerTo) want(status int) answerTo {
	a.t.Helper()
	if a.Code != status {
		a.t.Fatalf("status %d, want %d: %s", a.Code, status, a.Body)
	}
	return a
}

// refused fails unless the answer is a refusal with status and code.
func (a answerTo) refused(status int, want string) answerTo {
	a.t.Helper()
	a.want(status)
	if got := strings.Trim(code(a.t, a.ResponseRecorder), `"`); got != want {
		a.t.Errorf("code %s, want %s: %s", got, want, a.Body)
	}
	return a
}

// into reads the body into v.
func (a answerTo) into(v any) {
	a.t.Helper()
	if err := json.Unmarshal(a.Body.Bytes(), v); err != nil {
		a.t.Fatalf("%v in %s", err, a.Body)
	}
}
