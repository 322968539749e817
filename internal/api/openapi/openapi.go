// Package openapi describes the REST API to machines and to people: an OpenAPI
// 3.1 document derived from the route table and the wire types, and a page made
// of it. Nothing about the API is written down twice.
package openapi

import (
	"cmp"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"

	"comptoir/internal/api/route"
	"comptoir/internal/lang"
)

// Document is an OpenAPI 3.1 document as far as this API needs it.
type Document struct {
	OpenAPI    string                           `json:"openapi"`
	Info       Info                             `json:"info"`
	Tags       []Tag                            `json:"tags"`
	Paths      map[string]map[string]*Operation `json:"paths"` // by path and lower-case method
	Components Components                       `json:"components"`
	Security   []map[string][]string            `json:"security"`
}

// Info names the API.
type Info struct {
	Title       string `json:"title"`
	Version     string `json:"version"`
	Description string `json:"description"`
}

// Tag is a group of operations.
type Tag struct {
	Name string `json:"name"`
}

// Operation is one route.
type Operation struct {
	OperationID string                 `json:"operationId"`
	Summary     string                 `json:"summary"`
	Tags        []string               `json:"tags"`
	Parameters  []Parameter            `json:"parameters,omitempty"`
	RequestBody *Body                  `json:"requestBody,omitempty"`
	Responses   map[string]Response    `json:"responses"`
	Security    *[]map[string][]string `json:"security,omitempty"`
	// Auth says whose token the route takes: "App or App+User".
	Auth string `json:"x-auth"`
}

// Parameter is a path or query parameter.
type Parameter struct {
	Name     string             `json:"name"`
	In       string             `json:"in"`
	Required bool               `json:"required,omitempty"`
	Schema   *jsonschema.Schema `json:"schema"`
}

// Body is the body of a request.
type Body struct {
	Required bool               `json:"required"`
	Content  map[string]Content `json:"content"`
}

// Response is one possible answer.
type Response struct {
	Description string             `json:"description"`
	Content     map[string]Content `json:"content,omitempty"`
}

// Content is a body in one media type.
type Content struct {
	Schema *jsonschema.Schema `json:"schema"`
}

// Components are the parts that operations refer to.
type Components struct {
	Schemas         map[string]*jsonschema.Schema `json:"schemas"`
	SecuritySchemes map[string]SecurityScheme     `json:"securitySchemes"`
}

// SecurityScheme says how callers prove who they are.
type SecurityScheme struct {
	Type         string `json:"type"`
	Scheme       string `json:"scheme"`
	BearerFormat string `json:"bearerFormat,omitempty"`
}

// Errors are the wire types of refusals: the two shapes of a fault and the
// answer to too many requests.
type Errors struct{ Fault, ServiceFault, Throttled reflect.Type }

const mediaJSON = "application/json"

// Describe derives the document of a route table in the language of p.
func Describe(routes []route.Route, errs Errors, p *lang.Printer) (*Document, error) {
	d := &Document{
		OpenAPI:  "3.1.0",
		Info:     Info{Title: p.T("api.docs.title"), Version: "1", Description: p.T("api.docs.about")},
		Tags:     []Tag{},
		Paths:    make(map[string]map[string]*Operation),
		Security: []map[string][]string{{"bearer": {}}},
		Components: Components{
			SecuritySchemes: map[string]SecurityScheme{"bearer": {Type: "http", Scheme: "bearer", BearerFormat: "JWT"}},
		},
	}
	schemas := newSchemas()
	refused, err := refusals(schemas, errs, p)
	if err != nil {
		return nil, err
	}
	for _, rt := range routes {
		operation, err := describe(rt, schemas, refused, p)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", rt.Pattern(), err)
		}
		if d.Paths[rt.Path] == nil {
			d.Paths[rt.Path] = make(map[string]*Operation)
		}
		d.Paths[rt.Path][strings.ToLower(rt.Method)] = operation
		if tag := (Tag{operation.Tags[0]}); !slices.Contains(d.Tags, tag) {
			d.Tags = append(d.Tags, tag)
		}
	}
	slices.SortFunc(d.Tags, func(a, b Tag) int { return cmp.Compare(a.Name, b.Name) })
	d.Components.Schemas = schemas.all
	return d, nil
}

// refusals are the answers that every route may give besides its own.
func refusals(schemas *schemas, errs Errors, p *lang.Printer) (map[string]Response, error) {
	var refs []*jsonschema.Schema
	for _, t := range []reflect.Type{errs.Fault, errs.ServiceFault, errs.Throttled} {
		ref, err := schemas.answer(t)
		if err != nil {
			return nil, err
		}
		refs = append(refs, ref)
	}
	return map[string]Response{
		"default": {p.T("api.docs.refused"), map[string]Content{mediaJSON: {&jsonschema.Schema{AnyOf: refs[:2]}}}},
		"429":     {p.T("api.docs.throttled"), map[string]Content{mediaJSON: {refs[2]}}},
	}, nil
}

func describe(rt route.Route, schemas *schemas, refused map[string]Response, p *lang.Printer) (*Operation, error) {
	o := &Operation{
		OperationID: rt.Name,
		Summary:     p.T(rt.Summary),
		Tags:        []string{tag(rt.Path)},
		Auth:        rt.Auth.String(),
		Responses:   map[string]Response{},
	}
	if rt.Auth == route.None {
		o.Security = &[]map[string][]string{}
	} else {
		for status, r := range refused {
			o.Responses[status] = r
		}
	}
	for segment := range strings.SplitSeq(rt.Path, "/") {
		if name, ok := strings.CutPrefix(segment, "{"); ok {
			o.Parameters = append(o.Parameters, Parameter{strings.TrimSuffix(name, "}"), "path", true, &jsonschema.Schema{Type: "string"}})
		}
	}
	for _, q := range rt.Query {
		o.Parameters = append(o.Parameters, Parameter{q.Name, "query", false, &jsonschema.Schema{Type: q.Type}})
	}
	if rt.Takes != nil {
		schema, err := schemas.request(rt.Takes)
		if err != nil {
			return nil, err
		}
		o.RequestBody = &Body{true, map[string]Content{mediaJSON: {schema}}}
	}
	success := Response{Description: http.StatusText(rt.Status)}
	if rt.Gives != nil {
		schema, err := schemas.answer(rt.Gives)
		if err != nil {
			return nil, err
		}
		success.Content = map[string]Content{mediaJSON: {schema}}
	}
	o.Responses[strconv.Itoa(rt.Status)] = success
	return o, nil
}

// tag groups a path by its first literal segment after the version; what lies
// below one customer by the noun there.
func tag(path string) string {
	segments := strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
	for i, s := range segments {
		if isVersion(s) {
			continue
		}
		if s == "customers" && i+2 < len(segments) && strings.HasPrefix(segments[i+1], "{") {
			s = segments[i+2]
		}
		return s
	}
	return path
}

// isVersion reports whether a segment names a version: "v1", "v1.0".
func isVersion(s string) bool {
	return len(s) > 1 && s[0] == 'v' && '0' <= s[1] && s[1] <= '9'
}
