package openapi_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"golang.org/x/net/html"

	"comptoir/internal/api/openapi"
	"comptoir/internal/api/route"
	"comptoir/internal/lang"
)

type (
	instant struct{ time.Time }
	part    struct {
		Name  string  `json:"name"`
		Since instant `json:"since,omitzero"`
	}
	thing struct {
		ID    string   `json:"id"`
		Part  *part    `json:"part,omitempty"`
		Parts []part   `json:"parts"`
		Notes []string `json:"notes,omitempty"`
		Gone  *string  `json:"gone"`
	}
	thingRequest struct {
		Name string `json:"name"`
		Note string `json:"note,omitempty"`
		Part struct {
			Size int `json:"size"`
		} `json:"part"`
	}
	list[T any] struct {
		Items []T `json:"items"`
	}
	refused struct {
		Code string `json:"code"`
	}
	refusedToo struct {
		Name string `json:"name"`
	}
	wait struct {
		Seconds int `json:"seconds"`
	}
)

var errs = openapi.Errors{
	Fault: reflect.TypeFor[refused](), ServiceFault: reflect.TypeFor[refusedToo](), Throttled: reflect.TypeFor[wait](),
}

var table = []route.Route{
	{Method: "GET", Path: "/v1/things/{id}", Auth: route.Both, Name: "getThing", Summary: "api.docs.title", Status: 200, Gives: reflect.TypeFor[thing](), Query: []route.Parameter{{Name: "size", Type: "integer"}}},
	{Method: "PUT", Path: "/v1/things/{id}", Auth: route.User, Name: "putThing", Summary: "api.docs.title", Status: 204, Takes: reflect.TypeFor[thingRequest]()},
	{Method: "GET", Path: "/v1/customers/{id}/things", Auth: route.App, Name: "listThings", Summary: "api.docs.title", Status: 200, Gives: reflect.TypeFor[list[thing]]()},
	{Method: "GET", Path: "/open", Auth: route.None, Name: "open", Summary: "api.docs.title", Status: 200, Gives: reflect.TypeFor[[]string]()},
}

func describe(t *testing.T, tag string) (*openapi.Document, *openapi3.T) {
	t.Helper()
	d, err := openapi.Describe(table, errs, lang.For(tag))
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := openapi3.NewLoader().LoadFromData(b)
	if err != nil {
		t.Fatalf("%v in %s", err, b)
	}
	if err := parsed.Validate(t.Context()); err != nil {
		t.Fatalf("%v in %s", err, b)
	}
	return d, parsed
}

func TestTheDocumentDescribesTheTable(t *testing.T) {
	d, parsed := describe(t, "en")
	get := parsed.Paths.Find("/v1/things/{id}").Get
	if get.OperationID != "getThing" || get.Summary != "API reference" || d.Paths["/v1/things/{id}"]["get"].Auth != "App or App+User" {
		t.Errorf("operation %+v", get)
	}
	if len(get.Parameters) != 2 || !get.Parameters[0].Value.Required || get.Parameters[1].Value.In != "query" {
		t.Errorf("parameters %+v", get.Parameters)
	}
	for _, status := range []string{"200", "429", "default"} {
		if get.Responses.Value(status) == nil {
			t.Errorf("no answer %s", status)
		}
	}
	put := parsed.Paths.Find("/v1/things/{id}").Put
	if put.RequestBody == nil || put.Responses.Value("204").Value.Content != nil {
		t.Errorf("put %+v", put)
	}
	open := parsed.Paths.Find("/open").Get
	if open.Security == nil || len(*open.Security) != 0 || open.Responses.Value("default") != nil {
		t.Errorf("a route without token asks for one: %+v", open)
	}
	if got := parsed.Paths.Find("/v1/customers/{id}/things").Get.Tags[0]; got != "things" {
		t.Errorf("below a customer: tag %q", got)
	}
	if _, ok := d.Components.Schemas["listOfthing"]; !ok {
		t.Errorf("no name for a generic list: %v", d.Components.Schemas)
	}
}

// Answers are exact; requests are read as forgivingly as the server reads them.
func TestSchemasSayWhatIsWrittenAndRead(t *testing.T) {
	_, parsed := describe(t, "en")
	tests := []struct {
		name, schema, value string
		valid               bool
	}{
		{"whole", "thing", `{"id":"1","part":{"name":"a","since":"2026-01-02T03:04:05Z"},"parts":[],"notes":["x"],"gone":"x"}`, true},
		{"without what may be absent", "thing", `{"id":"1","parts":[{"name":"a"}],"gone":null}`, true},
		{"unknown member", "thing", `{"id":"1","parts":[],"gone":null,"other":1}`, false},
		{"null for an absent object", "thing", `{"id":"1","parts":[],"gone":null,"part":null}`, false},
		{"null for an array", "thing", `{"id":"1","parts":null,"gone":null}`, false},
		{"null for an absent array", "thing", `{"id":"1","parts":[],"gone":null,"notes":null}`, false},
		{"a required member is missing", "thing", `{"id":"1","gone":null}`, false},
		{"request", "thingRequest", `{"name":"a","note":null,"other":[],"part":{"size":1,"other":2}}`, true},
		{"request without name", "thingRequest", `{"part":{"size":1}}`, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var v any
			if err := json.Unmarshal([]byte(tt.value), &v); err != nil {
				t.Fatal(err)
			}
			err := parsed.Components.Schemas[tt.schema].Value.VisitJSON(v, openapi3.EnableJSONSchema2020())
			if (err == nil) != tt.valid {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestATypeIsEitherReadOrWritten(t *testing.T) {
	both := slices.Concat(table, []route.Route{{
		Method: "POST", Path: "/v1/things", Name: "postThing", Summary: "api.docs.title", Status: 201,
		Takes: reflect.TypeFor[thing](),
	}})
	if _, err := openapi.Describe(both, errs, lang.For("en")); err == nil {
		t.Error("a type that is both gets one schema for both")
	}
}

func TestThePageShowsEveryOperationAndNeedsNothingElse(t *testing.T) {
	for _, tag := range lang.Tags() {
		t.Run(tag, func(t *testing.T) {
			d, _ := describe(t, tag)
			var b strings.Builder
			if err := d.WritePage(&b, lang.For(tag), "/docs/api.css", "/openapi.json"); err != nil {
				t.Fatal(err)
			}
			ids, links := map[string]bool{}, []string{}
			for n := range parse(t, b.String()).Descendants() {
				if n.Data == "script" || n.Data == "style" {
					t.Errorf("a %s element, which the policy forbids", n.Data)
				}
				for _, a := range n.Attr {
					switch {
					case a.Key == "id":
						ids[a.Val] = true
					case a.Key == "href" && strings.HasPrefix(a.Val, "#"):
						links = append(links, a.Val[1:])
					case a.Key == "style", strings.HasPrefix(a.Key, "on"), strings.Contains(a.Val, "//"):
						t.Errorf("%s=%q is inline or from elsewhere", a.Key, a.Val)
					case a.Key == "lang" && a.Val != tag:
						t.Errorf("language %q", a.Val)
					}
				}
			}
			for _, rt := range table {
				if !ids[rt.Name] {
					t.Errorf("%s is not shown", rt.Pattern())
				}
			}
			for _, link := range links {
				if !ids[link] {
					t.Errorf("a link to #%s leads nowhere", link)
				}
			}
			if !strings.Contains(b.String(), "part.size") {
				t.Error("a member of an object described in place is not shown")
			}
		})
	}
	if len(openapi.Style) == 0 {
		t.Error("no style sheet")
	}
}

func parse(t *testing.T, page string) *html.Node {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}
