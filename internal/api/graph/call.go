package graph

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"

	"comptoir/internal/api/route"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/lang"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

// maxBody is the size of the largest body that is read.
const maxBody = 1 << 20

// call is one request on its way through the API.
type call struct {
	api     *API
	w       http.ResponseWriter
	r       *http.Request
	route   *route.Route
	version string // root under which it came: "/v1.0"
	actor   op.Actor
	printer *lang.Printer
	query   route.Query
	begun   bool // the answer has begun
	// requestID is made here, clientID is the caller's, "" for none.
	requestID, clientID string
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

// begin sets the headers that every answer has.
func (c *call) begin() {
	in, out := c.r.Header, c.w.Header()
	c.requestID = id.New(c.api.kernel.Clock.Now())
	c.clientID = in.Get("Client-Request-Id")
	if len(c.clientID) > 64 || !route.IsText(c.clientID) {
		c.clientID = ""
	}
	if c.clientID == "" {
		c.clientID = c.requestID
	}
	c.printer = lang.Match("", in.Get("Accept-Language"))
	c.query = route.ParseQuery(c.r.URL.RawQuery)
	out.Set("Request-Id", c.requestID)
	out.Set("Client-Request-Id", c.clientID)
	out.Set("OData-Version", "4.0")
	out.Set("X-Content-Type-Options", "nosniff")
	out.Set("Cache-Control", "no-store")
}

// admit finds out who calls. What the caller may do is the operation's to decide.
func (c *call) admit() error {
	if !route.IsText(c.r.URL.Path) {
		return refusal.Argument
	}
	for _, p := range c.query {
		if !route.IsText(p.Value) {
			return refusal.Argument.On(p.Name)
		}
	}
	if c.route.Auth == route.None {
		return nil
	}
	actor, err := c.api.authenticate(c.r)
	if err != nil {
		return err
	}
	actor.Locale, actor.Channel, actor.Address = c.printer.Tag(), op.ViaGraph, c.api.origin.Address(c.r)
	actor.RequestID, actor.CorrelationID = c.requestID, c.clientID
	c.actor = actor
	if err := c.api.limits.Take(c.api.kernel, actor.Tenant); err != nil {
		return err
	}
	if actor.AppOnly() {
		return refusal.AppOnly
	}
	if actor.Kind == policy.Partner && !actor.MFA && identity.MFAMode(c.api.kernel) == "enforce" {
		return refusal.SecondFactor
	}
	return nil
}

// recover answers a panic with a 500 that can be found in the log.
func (c *call) recover() {
	p := recover()
	if p == nil {
		return
	}
	if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(p)
	}
	c.api.log.ErrorContext(c.r.Context(), "panic while answering", "panic", p, "route", c.route.Pattern(), "request_id", c.requestID, "stack", string(debug.Stack()))
	if c.begun {
		panic(http.ErrAbortHandler)
	}
	c.refuse(errors.New("panic"))
}

// option returns a query option, whose dollar sign may be missing; "" when it is
// absent.
func (c *call) option(name string) string {
	if v := c.query.Get("$" + name); v != "" {
		return v
	}
	return c.query.Get(name)
}

// top returns how many items a page has: the default, or what is asked for, but
// no more than most.
func (c *call) top(most int) (int, error) {
	text := c.option("top")
	if text == "" {
		return min(defaultPage, most), nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, refusal.Argument.On("$top").Because(err)
	}
	return min(n, most), nil
}

// defaultPage is how many items a page has when nobody says.
const defaultPage = 100

// decode reads the body into v, a pointer to a wire type.
func (c *call) decode(v any) error {
	b, err := c.body()
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, v); err != nil {
		return refusal.Malformed.Because(err)
	}
	return nil
}

// body returns the body, which the SDKs of the interface compress. It refuses what is
// larger than maxBody, as it comes or as it is then, and what is compressed in another
// way: they send it again as it is.
func (c *call) body() ([]byte, error) {
	large := refusal.TooLarge.With("Limit", "1 MiB")
	var in io.Reader = http.MaxBytesReader(c.w, c.r.Body, maxBody)
	switch encoding := c.r.Header.Get("Content-Encoding"); strings.ToLower(strings.TrimSpace(encoding)) {
	case "", "identity":
	case "gzip":
		unzipped, err := gzip.NewReader(in)
		if err != nil {
			return nil, refusal.Malformed.Because(err)
		}
		in = io.LimitReader(unzipped, maxBody+1)
	default:
		return nil, errEncoding.With("Name", encoding)
	}
	b, err := io.ReadAll(in)
	if err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return nil, large.Because(err)
		}
		return nil, refusal.Malformed.Because(err)
	}
	if len(b) > maxBody {
		return nil, large
	}
	return b, nil
}

// ifMatch returns the version that a caller says it changes, 0 for any. Text that
// is no version of ours is refusal.RF18, and so is none where the operator wants
// one.
func (c *call) ifMatch() (int64, error) {
	switch tag := strings.TrimSpace(c.r.Header.Get("If-Match")); {
	case tag == "*":
		return 0, nil
	case tag != "":
		version, ok := parseEtag(tag)
		if !ok {
			return 0, refusal.RF18
		}
		return version, nil
	case c.api.kernel.Setting(StrictIfMatch) == "true":
		return 0, refusal.RF18
	}
	return 0, nil
}

// base is the absolute address of the root under which the request came.
func (c *call) base() string { return c.api.origin.Base(c.r) + c.version }

// context is the @odata.context of something: "$metadata#" and its name.
func (c *call) context(of string) string { return c.base() + "/$metadata#" + of }

// answer writes a status with one JSON value, or without a body when v is nil.
func (c *call) answer(status int, v any) error {
	if v == nil {
		c.begun = true
		c.w.WriteHeader(status)
		return nil
	}
	b, err := encode(v)
	if err != nil {
		return err
	}
	c.begun = true
	c.w.Header().Set("Content-Type", "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8")
	c.w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	c.w.WriteHeader(status)
	if c.r.Method != http.MethodHead {
		_, _ = c.w.Write(b) // what fails from here on is the connection
	}
	return nil
}

// encode writes JSON as people read it, without escapes for markup.
func encode(v any) ([]byte, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return []byte(strings.TrimSuffix(b.String(), "\n")), err
}

// guid reads an id of somebody in a body; "" stays "".
func guid(text, field string) (string, *fault.Error) {
	if text == "" {
		return "", nil
	}
	s, ok := id.Parse(text)
	if !ok {
		return "", refusal.Argument.On(field)
	}
	return s, nil
}
