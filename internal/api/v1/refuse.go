package v1

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"comptoir/internal/api/v1/wire"
	"comptoir/internal/fault"
	"comptoir/internal/refusal"
)

// Refusals of the edge itself.
var (
	errNoRoute     = fault.New(fault.NotFound, "1000", "api.no_route")
	errWrongMethod = fault.New(fault.Invalid, "900141", "api.wrong_method")
)

// source is what error bodies name as their origin.
const source = "PartnerFD"

// refuse answers with what err says, in the caller's language. An error that is
// no fault is our own mistake: it is logged and answered without details.
func (c *call) refuse(err error) {
	if c.body {
		// The answer has begun. Breaking it off is the only way left to say that
		// it is not complete.
		c.logRefusal(err, http.StatusOK)
		panic(http.ErrAbortHandler)
	}
	if c.r.Context().Err() != nil && errors.Is(err, context.Canceled) {
		panic(http.ErrAbortHandler) // the client has gone
	}
	faults := fault.All(err)
	if len(faults) == 0 {
		faults = fault.List{errInternal}
		if errors.Is(err, context.DeadlineExceeded) {
			faults = fault.List{errUnavailable}
		}
	}
	first := faults[0]
	status := c.status(first)
	c.logRefusal(err, status)
	h := c.w.Header()
	switch status {
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", challenge(c.r))
	case http.StatusTooManyRequests:
		seconds, ok := first.Args["Seconds"].(int)
		if !ok {
			seconds = 1
		}
		h.Set("Retry-After", strconv.Itoa(seconds))
		c.respond(status, wire.Throttled{StatusCode: status, Message: c.printer.Fault(first)})
		return
	case http.StatusServiceUnavailable:
		h.Set("Retry-After", "5")
	}
	if c.r.Method == http.MethodHead {
		c.body = true
		c.w.WriteHeader(status)
		return
	}
	c.respond(status, c.fault(faults))
}

// respond answers with an error body, which is made of strings and always encodes.
func (c *call) respond(status int, body any) {
	if err := c.answer(status, body); err != nil {
		panic(err)
	}
}

var (
	errInternal    = fault.New(fault.Internal, "800003", "refusal.internal")
	errUnavailable = fault.New(fault.Unavailable, "900192", "api.unavailable")
)

// status returns the HTTP status of a fault.
func (c *call) status(e *fault.Error) int {
	switch {
	case errors.Is(e, errWrongMethod):
		return http.StatusMethodNotAllowed
	case errors.Is(e, wire.ErrMediaType):
		return http.StatusUnsupportedMediaType
	}
	switch e.Kind {
	case fault.Invalid:
		return http.StatusBadRequest
	case fault.Unauthenticated:
		return http.StatusUnauthorized
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict:
		return http.StatusConflict
	case fault.Stale:
		if c.etagInBody {
			return http.StatusBadRequest
		}
		return http.StatusPreconditionFailed
	case fault.TooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.TooMany:
		return http.StatusTooManyRequests
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// challenge returns the WWW-Authenticate header of a 401.
func challenge(r *http.Request) string {
	if r.Header.Get("Authorization") == "" {
		return `Bearer realm="comptoir"`
	}
	return `Bearer realm="comptoir", error="invalid_token"`
}

// fault returns the error body of several refusals: the first decides code and
// sentence, all of them that concern a member are listed.
func (c *call) fault(faults fault.List) any {
	faults = slices.Clone(faults)
	data, parameters := []string{}, map[string]string{}
	for i, e := range faults {
		if field, below := strings.CutPrefix(e.Field, c.root); below && c.root != "" {
			e = e.On(field)
			faults[i] = e
		}
		sentence := c.sentence(e)
		switch {
		case e.Field != "":
			data = append(data, e.Field+":  "+sentence)
			parameters[e.Field] = sentence
		case len(faults) > 1:
			data = append(data, sentence)
		}
		var syntax *json.SyntaxError
		if errors.As(e.Cause, &syntax) {
			data = append(data, "details:  "+syntax.Error()+" at byte "+strconv.FormatInt(syntax.Offset, 10))
		}
	}
	first := faults[0]
	sentence, code := c.sentence(first), c.code(first.Code)
	if !isServiceCode(first.Code) {
		return wire.Fault{Code: code, Description: sentence, Data: data, Source: source}
	}
	return wire.ServiceFault{
		Code: json.Number(first.Code), Message: sentence, Description: sentence,
		ErrorName:  cmp.Or(serviceErrors[first.Code], "CustomerServiceError"),
		Parameters: parameters, ErrorMessageExtended: "InternalErrorCode=" + first.Code,
		Data: data, Source: source,
	}
}

// sentence says what e refuses. Sentences that name the member get its name.
func (c *call) sentence(e *fault.Error) string {
	if _, named := e.Args["Name"]; !named && e.Field != "" {
		e = e.With("Name", e.Field)
	}
	if pattern, ok := e.Args["Pattern"].(string); ok && e.Code == refusal.RF13.Code {
		// The contract has this text end with the expression (section 7.2).
		return c.printer.Fault(e.With("Forms", "")) + " " + pattern
	}
	s := c.printer.Fault(e)
	const most = 1024 // section 7.1
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most-3], "") + "…"
	}
	return s
}

// code returns a wire code in the form the route wants: a string, or a number
// where commerce raises a six-digit one.
func (c *call) code(code string) any {
	if c.route.NumberCodes && len(code) == 6 {
		return json.Number(code)
	}
	return code
}

// isServiceCode reports whether a code is answered in shape B of section 7.1.
func isServiceCode(code string) bool { return len(code) == 6 && strings.HasPrefix(code, "6000") }

// serviceErrors are the names that go with the codes of shape B.
var serviceErrors = map[string]string{
	"600002": "OrganizationRegistrationNumberNotSupported",
	"600006": "ActionNotAllowed",
	"600009": "AgreementNotFound",
	"600039": "SelfServePolicyNotFound",
	"600040": "SelfServePolicyIdIncorrect",
	"600041": "SelfServePolicyAlreadyExists",
	"600049": "OrganizationRegistrationNumberRequired",
	"600050": "OrganizationRegistrationNumberInvalid",
	"600051": "PhoneNumberRequired",
	"600061": "PartnerConfirmedAgreementAlreadyExists",
	"600074": "AccountStatusNotFound",
}

// logRefusal leaves a line with the ids that the caller knows: an error line for
// our own mistakes, a quiet one for theirs.
func (c *call) logRefusal(err error, status int) {
	level := c.api.log.InfoContext
	if status >= http.StatusInternalServerError || status < http.StatusBadRequest {
		level = c.api.log.ErrorContext
	}
	level(c.r.Context(), "request refused", "route", c.route.Pattern(), "status", status, "error", err,
		"request_id", c.requestID, "correlation_id", c.correlationID, "tenant", c.actor.Tenant)
}
