package visit

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"comptoir/internal/fault"
	"comptoir/internal/identity"
	"comptoir/internal/lang"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/portal/asset"
	"comptoir/internal/portal/block"
)

// Visit is one request: who reads, in which language, and what came with it.
type Visit struct {
	*lang.Printer
	Actor   op.Actor
	Person  identity.Person
	Writer  http.ResponseWriter
	Request *http.Request

	site *Site
}

// begin makes the visit of a request.
func (s *Site) begin(w http.ResponseWriter, r *http.Request, session Session) *Visit {
	a := session.Actor
	p := lang.Match(a.Locale, r.Header.Get("Accept-Language"))
	a.Locale, a.Channel, a.Address = p.Tag(), op.ViaPortal, s.Origin.Address(r)
	a.CorrelationID = s.correlationID(r)
	a.RequestID = a.CorrelationID
	w.Header().Set("MS-CorrelationId", a.CorrelationID)
	return &Visit{Printer: p, Actor: a, Person: session.Person, Writer: w, Request: r, site: s}
}

// Context returns the context of the request.
func (v *Visit) Context() context.Context { return v.Request.Context() }

// Kernel runs operations.
func (v *Visit) Kernel() *op.Kernel { return v.site.Kernel }

// Site returns the installation.
func (v *Visit) Site() *Site { return v.site }

// CSRF returns the token for the forms of this page.
func (v *Visit) CSRF() string { return v.site.CSRF(v.Request) }

// Do runs an operation for the reader.
func Do[I, O any](v *Visit, o *op.Operation[I, O], in I) (O, error) {
	return o.Do(v.Context(), v.site.Kernel, v.Actor, in)
}

// DoOnce runs an operation for the reader under the key that the form carries as
// "request-id": sent again, the form gets the first result (portal 0.4).
func DoOnce[I, O any](v *Visit, o *op.Operation[I, O], in I) (O, error) {
	a := v.Actor
	a.IdempotencyKey = v.Form("request-id")
	return o.Do(v.Context(), v.site.Kernel, a, in)
}

// May reports whether the reader's roles and organisation allow action.
func (v *Visit) May(action policy.Action, write bool) bool {
	return v.site.Kernel.May(v.Actor, action, write) == nil
}

// Reason returns why the reader may not do action, as the tooltip of a command,
// "" when he may.
func (v *Visit) Reason(action policy.Action, write bool) string {
	return v.Sentence(v.site.Kernel.May(v.Actor, action, write))
}

// Form returns a value of the posted form.
func (v *Visit) Form(name string) string { return v.Request.PostFormValue(name) }

// Forms returns all values of the posted form with a name.
func (v *Visit) Forms(name string) []string {
	_ = v.Form(name) // reads the form
	return v.Request.PostForm[name]
}

// Query returns a value of the address.
func (v *Visit) Query(name string) string { return v.Request.URL.Query().Get(name) }

// buffers hold pages while they are drawn, so that an error in the middle
// becomes a page of its own and not half of one.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// largestKept is the size above which a buffer is not kept for the next page.
const largestKept = 1 << 20

// Show draws a page or a part of one.
func (v *Visit) Show(page templ.Component) error { return v.ShowAs(http.StatusOK, page) }

// ShowAs is Show with a status of its own: 400 for a form that was refused.
func (v *Visit) ShowAs(status int, page templ.Component) error {
	return v.show(status, page, asset.Policy)
}

func (v *Visit) show(status int, page templ.Component, policy string) error {
	b, _ := buffers.Get().(*bytes.Buffer)
	b.Reset()
	defer func() {
		if b.Cap() <= largestKept {
			buffers.Put(b)
		}
	}()
	if err := page.Render(v.Context(), b); err != nil {
		return err
	}
	h := v.Writer.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", policy)
	h.Set("Content-Language", v.Tag())
	h.Set("Cache-Control", "no-store")
	v.Writer.WriteHeader(status)
	if v.Request.Method != http.MethodHead {
		// A failed write means that the reader has gone; nobody is left to tell.
		_, _ = v.Writer.Write(b.Bytes())
	}
	return nil
}

// Redirect leads on after a form was taken.
func (v *Visit) Redirect(to string) error {
	block.Redirect(v.Writer, v.Request, to)
	return nil
}

// Wants reports whether the browser asks for the element with an id alone.
func (v *Visit) Wants(element string) bool { return block.Wants(v.Request, element) }

// Here is the address of the page that the reader sees, also when only a part
// of it was asked for.
func (v *Visit) Here() string {
	if v.Request.Method == http.MethodGet {
		return v.Request.URL.RequestURI()
	}
	return backAddress(v.Request)
}

// Roles returns the names of the reader's roles.
func (v *Visit) Roles() []string {
	keys := v.Actor.Roles.Keys()
	names := make([]string, len(keys))
	for i, key := range keys {
		names[i] = v.T(key)
	}
	return names
}

// Name returns how the reader is called.
func (v *Visit) Name() string {
	if name := strings.TrimSpace(v.Person.DisplayName); name != "" {
		return name
	}
	return v.Person.Name
}

// RolesFor names the roles that may do action, for the help of a page: those
// that a refusal of somebody without any role names.
func (v *Visit) RolesFor(action policy.Action, write bool) []string {
	nobody := op.Actor{Kind: v.Actor.Kind, Org: policy.AllOrgs}
	var names []string
	for _, e := range fault.All(v.site.Kernel.May(nobody, action, write)) {
		roles, _ := e.Args["Roles"].(fault.Keys)
		for _, key := range roles {
			names = append(names, v.T(key))
		}
	}
	return names
}
