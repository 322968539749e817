package route_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"comptoir/internal/api/route"
)

// table builds a mux whose handlers write the pattern and the values they got.
func table(t testing.TB, patterns ...string) *route.Mux {
	t.Helper()
	m := new(route.Mux)
	for _, p := range patterns {
		method, path, _ := strings.Cut(p, " ")
		m.Handle(route.Route{
			Method: method, Path: path,
			Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Pattern", r.Pattern)
				for _, name := range []string{"customer-id", "user-id", "id", "batch-id"} {
					if v := r.PathValue(name); v != "" {
						w.Header().Add("Value", v)
					}
				}
			}),
		})
	}
	return m
}

var patterns = []string{
	"GET /v1/customers",
	"POST /v1/customers",
	"GET /v1/customers/{customer-id}",
	"DELETE /v1/customers/{customer-id}",
	"GET /v1/customers/relationshiprequests",
	"GET /v1/customers/all/validations",
	"GET /v1/customers/{customer-id}/validations",
	"GET /v1/customers/{customer-id}/users",
	"GET /v1/customers/{customer-id}/users/{user-id}",
	"POST /v1/customers/{customer-id}/deviceBatches/{batch-id}/devices",
	"GET /v1/SelfServePolicy/{id}",
	"HEAD /v1/domains/{id}",
	"POST /v1.0/$batch",
}

func TestPathsMatchAsForgivinglyAsClientsWriteThem(t *testing.T) {
	m := table(t, patterns...)
	tests := []struct {
		name, method, target, pattern string
		values                        []string
	}{
		{"plain", "GET", "/v1/customers/5b6d", "GET /v1/customers/{customer-id}", []string{"5b6d"}},
		{"Q1 doubled slash", "GET", "/v1//customers/5b6d/users", "GET /v1/customers/{customer-id}/users", []string{"5b6d"}},
		{"Q1 doubled slash at the start", "GET", "//v1/customers", "GET /v1/customers", nil},
		{"Q17 odd case", "POST", "/V1/Customers/5B6D/DeviceBatches/Lot%20A/Devices", "POST /v1/customers/{customer-id}/deviceBatches/{batch-id}/devices", []string{"5B6D", "Lot A"}},
		{"Q33 trailing slash", "GET", "/v1/customers/5b6d/users/", "GET /v1/customers/{customer-id}/users", []string{"5b6d"}},
		{"blanks around an id", "GET", "/v1/customers/%205b6d%20", "GET /v1/customers/{customer-id}", []string{"5b6d"}},
		{"nothing but a blank", "GET", "/v1/customers/%20", "GET /v1/customers/{customer-id}", nil},
		{"literal beats parameter", "GET", "/v1/customers/relationshiprequests", "GET /v1/customers/relationshiprequests", nil},
		{"and gives way where it leads nowhere", "GET", "/v1/customers/all", "GET /v1/customers/{customer-id}", []string{"all"}},
		{"literal beats parameter in the middle", "GET", "/v1/customers/ALL/validations", "GET /v1/customers/all/validations", nil},
		{"case of a value is kept", "GET", "/v1/selfservepolicy/AbC_dEf", "GET /v1/SelfServePolicy/{id}", []string{"AbC_dEf"}},
		{"encoded slash belongs to the value", "GET", "/v1/SelfServePolicy/a%2Fb", "GET /v1/SelfServePolicy/{id}", []string{"a/b"}},
		{"HEAD where it is registered", "HEAD", "/v1/domains/nord.example", "HEAD /v1/domains/{id}", []string{"nord.example"}},
		{"dollar", "POST", "/v1.0/$batch", "POST /v1.0/$batch", nil},
		{"dots are no parent", "GET", "/v1/customers/..", "GET /v1/customers/{customer-id}", []string{".."}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			m.ServeHTTP(w, httptest.NewRequest(tt.method, tt.target, nil))
			if w.Code != http.StatusOK {
				t.Fatalf("status %d", w.Code)
			}
			if got := w.Header().Get("Pattern"); got != tt.pattern {
				t.Errorf("went to %q, want %q", got, tt.pattern)
			}
			if d := cmp.Diff(tt.values, w.Header()["Value"]); d != "" {
				t.Errorf("values (-want +got):\n%s", d)
			}
		})
	}
}

func TestUnknownPathsAndWrongMethodsAreToldApart(t *testing.T) {
	m := table(t, patterns...)
	m.NotFound = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) })
	m.WrongMethod = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusMethodNotAllowed)
	})
	tests := []struct {
		method, target string
		status         int
		allow          string
	}{
		{"GET", "/v1/nothing", 404, ""},
		{"GET", "/", 404, ""},
		{"GET", "/v1", 404, ""},
		{"GET", "/v1/customers/5b6d/users/1/2", 404, ""},
		{"PUT", "/v1/customers", 405, "GET, POST"},
		{"HEAD", "/v1/customers", 405, "GET, POST"},
		{"DELETE", "/v1/customers/relationshiprequests", 405, "GET"},
		{"GET", "/v1/domains/nord.example", 405, "HEAD"},
		{"get", "/v1/customers", 405, "GET, POST"},
	}
	for _, tt := range tests {
		t.Run(tt.method+" "+tt.target, func(t *testing.T) {
			w := httptest.NewRecorder()
			m.ServeHTTP(w, httptest.NewRequest(tt.method, tt.target, nil))
			if w.Code != tt.status || w.Header().Get("Allow") != tt.allow {
				t.Errorf("got %d, Allow %q", w.Code, w.Header().Get("Allow"))
			}
			if loc := w.Header().Get("Location"); loc != "" {
				t.Errorf("redirects to %q", loc)
			}
		})
	}
}

func TestATableWithoutItsOwnRefusalsStillRefuses(t *testing.T) {
	m := table(t, patterns...)
	for target, want := range map[string]int{"/v2": 404, "/v1/SelfServePolicy/x": 405} {
		w := httptest.NewRecorder()
		m.ServeHTTP(w, httptest.NewRequest(http.MethodPatch, target, nil))
		if w.Code != want {
			t.Errorf("%s: %d, want %d", target, w.Code, want)
		}
	}
}

func TestATableOwnsWhatBeginsLikeItsRoutes(t *testing.T) {
	m := table(t, patterns...)
	for path, want := range map[string]bool{
		"/v1/whatever": true, "//V1": true, "/v1.0": true, "/": false, "/customers": false,
		"/" + strings.Repeat("v", 100): false,
	} {
		if got := m.Owns(path); got != want {
			t.Errorf("Owns(%q) = %v", path, got)
		}
	}
}

func TestMatchTellsWhetherThePathIsKnown(t *testing.T) {
	m := table(t, patterns...)
	r, values, known := m.Match("GET", &url.URL{Path: "/v1/customers/5b6d/users/7"})
	if r.Pattern() != "GET /v1/customers/{customer-id}/users/{user-id}" || !known || !cmp.Equal(values, []string{"5b6d", "7"}) {
		t.Errorf("got %q %v %v", r.Pattern(), values, known)
	}
	if _, _, known := m.Match("PUT", &url.URL{Path: "/v1/customers"}); !known {
		t.Error("a path with other methods is not known")
	}
	if _, _, known := m.Match("GET", &url.URL{Path: "/v1/nothing"}); known {
		t.Error("an unknown path is known")
	}
	if got := len(m.Routes()); got != len(patterns) {
		t.Errorf("%d routes", got)
	}
}

func TestMistakesInTheTablePanic(t *testing.T) {
	h := http.NotFoundHandler()
	tests := map[string]route.Route{
		"no handler":      {Method: "GET", Path: "/x"},
		"no method":       {Path: "/x", Handler: h},
		"relative":        {Method: "GET", Path: "x", Handler: h},
		"same parameter":  {Method: "GET", Path: "/{a}/{a}", Handler: h},
		"twice":           {Method: "GET", Path: "/V1/Customers", Handler: h},
		"parameters many": {Method: "GET", Path: "/{a}/{b}/{c}/{d}/{e}/{f}/{g}", Handler: h},
	}
	for name, r := range tests {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("was accepted")
				}
			}()
			table(t, patterns...).Handle(r)
		})
	}
}

func TestQueryIsReadAsClientsWriteIt(t *testing.T) {
	tests := []struct{ name, raw, parameter, want string }{
		{"plain", "size=20", "size", "20"},
		{"Q17 odd case", "entity_Id=7", "entity_id", "7"},
		{"Q18 empty counts as absent", "mpnId=&MPNID=12", "mpnId", "12"},
		{"empty", "size=", "size", ""},
		{"unknown", "other=1", "size", ""},
		{"plus is a blank", "filter=a+b%2Bc", "filter", "a b+c"},
		{"Q19 never encoded", `filter={"Field":"CompanyName","Value":"nord;süd","Operator":"starts_with"}`, "filter", `{"Field":"CompanyName","Value":"nord;süd","Operator":"starts_with"}`},
		{"Q19 dates with blanks", "startDate=06/01/2026+12:00:00&size=1", "startDate", "06/01/2026 12:00:00"},
		{"percent that is no escape", "filter=50%+of%20it%4", "filter", "50% of it%4"},
		{"percent that is no escape, hex after", "filter=%zz%C3%a9", "filter", "%zzé"},
		{"no value", "flag&&size=3", "size", "3"},
		{"nothing", "", "size", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := route.ParseQuery(tt.raw).Get(tt.parameter); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	got := route.ParseQuery("licenseGroupIds=Group1&LicenseGroupIds=Group2&licensegroupids=").All("licenseGroupIds")
	if d := cmp.Diff([]string{"Group1", "Group2"}, got); d != "" {
		t.Error(d)
	}
}

func TestModesAreNamedLikeThePublishedList(t *testing.T) {
	want := map[route.Auth]string{route.None: "none", route.Both: "App or App+User", route.User: "App+User", route.App: "App"}
	for mode, name := range want {
		if mode.String() != name {
			t.Errorf("%d is %q", mode, mode)
		}
	}
}

func FuzzMuxAnswersEveryPath(f *testing.F) {
	for _, s := range []string{"/v1/customers", "//v1//customers/%20x%20/", "/v1/customers/%2F", "", "*", "/%zz"} {
		f.Add(s, s)
	}
	m := table(f, patterns...)
	f.Fuzz(func(t *testing.T, path, raw string) {
		r := &http.Request{Method: http.MethodGet, URL: &url.URL{Path: path, RawPath: raw, RawQuery: raw}, Header: http.Header{}}
		w := httptest.NewRecorder()
		m.ServeHTTP(w, r)
		if w.Code != 200 && w.Code != 404 && w.Code != 405 {
			t.Errorf("status %d", w.Code)
		}
		route.ParseQuery(raw).Get("filter")
	})
}

func BenchmarkMux(b *testing.B) {
	m := new(route.Mux)
	nothing := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	std := http.NewServeMux()
	for _, p := range patterns {
		method, path, _ := strings.Cut(p, " ")
		m.Handle(route.Route{Method: method, Path: path, Handler: nothing})
		std.Handle(method+" "+strings.ReplaceAll(path, "-", "_"), nothing)
	}
	for name, h := range map[string]http.Handler{"ours": m, "net/http": std} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			u := &url.URL{Path: "/v1/customers/5b6d1c1e-6c3d-4a0e-9f57-0a8f2f6b9a11"}
			for b.Loop() {
				h.ServeHTTP(nil, &http.Request{Method: http.MethodGet, URL: u})
			}
		})
	}
}
