package v1

import (
	"bytes"
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"sync"

	"comptoir/internal/api/openapi"
	"comptoir/internal/api/route"
	"comptoir/internal/api/v1/wire"
	"comptoir/internal/lang"
)

// Addresses of the description of the API.
const (
	documentPath = "/openapi.json"
	pagePath     = "/docs/api"
	stylePath    = "/docs/api.css"
)

// description is the route table in one language.
type description struct{ document, page []byte }

// docsRoutes add the description of the API, for machines and for people.
func (a *API) docsRoutes() {
	a.described = make(map[string]func() (description, error))
	for _, tag := range lang.Tags() {
		a.described[tag] = sync.OnceValues(func() (description, error) { return a.describe(lang.For(tag)) })
	}
	const why = "describes the API"
	a.handle(route.Route{
		Method: http.MethodGet, Path: documentPath, Auth: route.None, Name: "getOpenAPI", Summary: "api.route.openapi",
		Status: http.StatusOK, Gives: reflect.TypeFor[map[string]any](), Ours: why,
	}, func(c *call) error {
		d, err := a.described[c.printer.Tag()]()
		if err != nil {
			return err
		}
		c.write(http.StatusOK, mediaJSON, d.document)
		return nil
	})
	a.handle(route.Route{
		Method: http.MethodGet, Path: pagePath, Auth: route.None, Name: "getReference", Summary: "api.route.reference",
		Status: http.StatusOK, Ours: why,
	}, func(c *call) error {
		d, err := a.described[c.printer.Tag()]()
		if err != nil {
			return err
		}
		c.w.Header().Set("Content-Security-Policy", openapi.Policy)
		c.write(http.StatusOK, "text/html; charset=utf-8", d.page)
		return nil
	})
	a.handle(route.Route{
		Method: http.MethodGet, Path: stylePath, Auth: route.None, Name: "getReferenceStyle", Summary: "api.route.reference_style",
		Status: http.StatusOK, Ours: why,
	}, func(c *call) error {
		c.w.Header().Set("Cache-Control", "public, max-age=3600")
		c.write(http.StatusOK, "text/css; charset=utf-8", openapi.Style)
		return nil
	})
}

// describe makes the description in the language of p. Routes that need no token
// are the description itself.
func (a *API) describe(p *lang.Printer) (description, error) {
	routes := slices.DeleteFunc(a.Routes(), func(rt route.Route) bool { return rt.Auth == route.None })
	d, err := openapi.Describe(routes, openapi.Errors{
		Fault:        reflect.TypeFor[wire.Fault](),
		ServiceFault: reflect.TypeFor[wire.ServiceFault](),
		Throttled:    reflect.TypeFor[wire.Throttled](),
	}, p)
	if err != nil {
		return description{}, err
	}
	document, err := json.MarshalIndent(d, "", " ")
	if err != nil {
		return description{}, err
	}
	var page bytes.Buffer
	err = d.WritePage(&page, p, stylePath, documentPath)
	return description{document, page.Bytes()}, err
}
