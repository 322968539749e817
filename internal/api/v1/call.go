package v1

import (
	"crypto/rand"
	"errors"
	"net/http"
	"runtime/debug"
	"strings"
	"unicode"

	"comptoir/internal/api/route"
	"comptoir/internal/api/v1/wire"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/lang"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// call is one request on its way through the API.
type call struct {
	api   *API
	w     http.ResponseWriter
	r     *http.Request
	route *route.Route
	actor op.Actor

	printer *lang.Printer
	query   route.Query // read when first asked for
	queried bool
	body    bool // the answer has begun; it can no longer become a refusal

	requestID, correlationID string // as the caller sent them, else made here
	chosenRequestID          bool   // the caller sent the request id
	etagInBody               bool   // the effective etag came in the body
	root                     string // path, with its full stop, of the member that the body is
}

// run admits the request, has work answer it, and turns what goes wrong into a
// refusal.
func (c *call) run(work func(*call) error) {
	defer c.recover()
	c.begin()
	err := c.admit()
	if err == nil {
		err = work(c)
	}
	if err != nil {
		c.refuse(err)
	}
}

// begin reads the headers that every answer echoes and sets those that every
// answer has.
func (c *call) begin() {
	in, out := c.r.Header, c.w.Header()
	now := c.api.kernel.Clock.Now()
	c.requestID = guidHeader(in, requestIDHeader)
	c.chosenRequestID = c.requestID != ""
	if !c.chosenRequestID {
		c.requestID = id.New(now)
	}
	if c.correlationID = guidHeader(in, correlationIDHeader); c.correlationID == "" {
		c.correlationID = id.New(now)
	}
	locale := in.Get(localeHeader)
	c.printer = lang.Match(locale, in.Get("Accept-Language"))

	out[requestIDHeader] = []string{c.requestID}
	out[correlationIDHeader] = []string{c.correlationID}
	out[vectorHeader] = []string{vector()}
	out[serverIDHeader] = []string{c.api.server}
	out["X-Content-Type-Options"] = []string{"nosniff"}
	out["Cache-Control"] = []string{"no-store"}
	if isLocale(locale) {
		out[localeHeader] = []string{locale}
	}
}

// guidHeader returns a header whose value is a GUID as it was sent, since
// clients look for exactly that in logs (Q65), or "".
func guidHeader(h http.Header, name string) string {
	values := h[name]
	if len(values) == 0 {
		return ""
	}
	s := strings.TrimSpace(values[0])
	if _, ok := id.Parse(s); !ok {
		return ""
	}
	return s
}

// vector returns a new correlation vector.
func vector() string {
	return rand.Text()[:16] + ".0"
}

// isLocale reports whether s can be a locale and so be echoed.
func isLocale(s string) bool {
	return s != "" && len(s) <= 35 && !strings.ContainsFunc(s, func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_'
	})
}

// recover answers a panic with a 500 that can be found in the log.
func (c *call) recover() {
	p := recover()
	if p == nil {
		return
	}
	if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(p) // the answer was broken off on purpose
	}
	c.api.log.ErrorContext(c.r.Context(), "panic while answering", "panic", p, "route", c.route.Pattern(),
		"request_id", c.requestID, "correlation_id", c.correlationID, "stack", string(debug.Stack()))
	if c.body {
		panic(http.ErrAbortHandler)
	}
	c.refuse(errPanic)
}

// param returns a query parameter; "" when absent or empty.
func (c *call) param(name string) string { return c.params().Get(name) }

func (c *call) params() route.Query {
	if !c.queried {
		c.query, c.queried = route.ParseQuery(c.r.URL.RawQuery), true
	}
	return c.query
}

// decode reads the body into v, a pointer to a wire type.
func (c *call) decode(v any) error {
	if c.r.ContentLength > wire.MaxBody && c.r.Header.Get("Expect") != "" {
		// The client waits for leave to send; it need not send at all.
		return refusal.TooLarge.With("Limit", "1 MiB")
	}
	return unprintable(wire.DecodeBody(c.r, v))
}

// unprintable gives the refusal of a name that cannot be printed the sentence
// that the rules of names have for it (rule CN11).
func unprintable(err error) error {
	var e *fault.Error
	if !errors.As(err, &e) || !errors.Is(e, wire.ErrUnprintable) {
		return err
	}
	switch member := e.Field[strings.LastIndexByte(e.Field, '.')+1:]; member {
	case "companyName":
		return naming.Unprintable.On(e.Field).Because(e.Cause)
	case "firstName", "middleName", "lastName":
		return naming.UnprintableName.On(e.Field).Because(e.Cause)
	}
	return e
}

// guid returns a path parameter that must be a GUID.
func (c *call) guid(name string) (string, error) {
	s, ok := id.Parse(c.r.PathValue(name))
	if !ok {
		return "", refusal.Argument.On(name)
	}
	return s, nil
}

// customer returns the {customer-id} of the path.
func (c *call) customer() (id.Tenant, error) {
	s, err := c.guid("customer-id")
	return id.Tenant(s), err
}

// name returns a path parameter that is a name: text without control characters.
func (c *call) name(parameter string) (string, error) {
	s := c.r.PathValue(parameter)
	if s == "" || !route.IsText(s) {
		return "", refusal.Argument.On(parameter)
	}
	return s, nil
}

// etag returns the effective etag (section 6) in its normal form: of the
// If-Match header, else of the body. "" is any version.
func (c *call) etag(body wire.AttributesRequest) string {
	if header := wire.EtagValue(c.r.Header.Get("If-Match")); header != "" {
		if header == "*" {
			return ""
		}
		return header
	}
	c.etagInBody = true
	return wire.EtagValue(string(body.Etag))
}

var errPanic = errors.New("panic")
