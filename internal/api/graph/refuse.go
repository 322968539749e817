package graph

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"comptoir/internal/fault"
)

// Refusals of the edge itself.
var (
	errNoRoute     = fault.New(fault.NotFound, "1000", "api.no_route")
	errWrongMethod = fault.New(fault.Invalid, "900141", "api.wrong_method")
	errEncoding    = fault.New(fault.Invalid, "800002", "graph.encoding") // argument Name
	errInternal    = fault.New(fault.Internal, "800003", "refusal.internal")
	errUnavailable = fault.New(fault.Unavailable, "900192", "api.unavailable")
)

// kinds are the statuses and codes of refusals (section 21.8).
var kinds = map[fault.Kind]struct {
	status int
	code   string
}{
	fault.Internal:        {http.StatusInternalServerError, "generalException"},
	fault.Invalid:         {http.StatusBadRequest, "badRequest"},
	fault.Unauthenticated: {http.StatusUnauthorized, "InvalidAuthenticationToken"},
	fault.Forbidden:       {http.StatusForbidden, "Authorization_RequestDenied"},
	fault.NotFound:        {http.StatusNotFound, "Request_ResourceNotFound"},
	fault.Conflict:        {http.StatusConflict, "conflict"},
	fault.Stale:           {http.StatusPreconditionFailed, "preconditionFailed"},
	fault.TooLarge:        {http.StatusRequestEntityTooLarge, "requestBodyTooLarge"},
	fault.TooMany:         {http.StatusTooManyRequests, "TooManyRequests"},
	fault.Unavailable:     {http.StatusServiceUnavailable, "serviceNotAvailable"},
}

// failure is the body of a refusal.
type failure struct {
	Error failureError `json:"error"`
}

type failureError struct {
	Code       string       `json:"code"`
	Message    string       `json:"message"`
	InnerError failureInner `json:"innerError"`
}

// failureInner says which call it was, and beside what the interface has, our own
// code of the refusal.
type failureInner struct {
	Code            string `json:"code"`
	Date            string `json:"date"`
	RequestID       string `json:"request-id"`
	ClientRequestID string `json:"client-request-id"`
}

// refuse answers with what err says, in the caller's language. An error that is
// no fault is our own mistake: it is logged and answered without details.
func (c *call) refuse(err error) {
	if c.begun || c.r.Context().Err() != nil && errors.Is(err, context.Canceled) {
		panic(http.ErrAbortHandler)
	}
	faults := fault.All(err)
	if len(faults) == 0 {
		faults = fault.List{errInternal}
		if errors.Is(err, context.DeadlineExceeded) {
			faults = fault.List{errUnavailable}
		}
	}
	first := faults[0]
	kind := kinds[first.Kind]
	switch {
	case errors.Is(first, errWrongMethod):
		kind.status, kind.code = http.StatusMethodNotAllowed, "methodNotAllowed"
	case errors.Is(first, errEncoding):
		kind.status, kind.code = http.StatusUnsupportedMediaType, "unsupportedMediaType"
	}
	level := c.api.log.InfoContext
	if kind.status >= http.StatusInternalServerError {
		level = c.api.log.ErrorContext
	}
	level(c.r.Context(), "request refused", "route", c.route.Pattern(), "status", kind.status, "error", err, "request_id", c.requestID, "tenant", c.actor.Tenant)

	h := c.w.Header()
	switch kind.status {
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", `Bearer realm="comptoir"`)
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		seconds, ok := first.Args["Seconds"].(int)
		if !ok {
			seconds = 5
		}
		h.Set("Retry-After", strconv.Itoa(seconds))
	}
	err = c.answer(kind.status, failure{failureError{
		Code: kind.code, Message: c.sentences(faults), InnerError: failureInner{
			Code: first.Code, Date: c.api.kernel.Clock.Now().UTC().Format(time.DateOnly + "T" + time.TimeOnly),
			RequestID: c.requestID, ClientRequestID: c.clientID,
		},
	}})
	if err != nil {
		panic(err) // strings always encode
	}
}

// sentences says what was refused, all of it.
func (c *call) sentences(faults fault.List) string {
	var all []string
	for _, e := range faults {
		if _, named := e.Args["Name"]; !named && e.Field != "" {
			e = e.With("Name", e.Field)
		}
		sentence := c.printer.Fault(e)
		if e.Field != "" {
			sentence = e.Field + ": " + sentence
		}
		all = append(all, sentence)
	}
	return strings.Join(all, " ")
}
