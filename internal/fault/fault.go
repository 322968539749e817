// Package fault is the one language in which Comptoir says that something was
// refused. A rule returns a *Error (or several, as a List); each edge has one
// translator that turns it into its own shape: a REST error object, a Graph
// error, a message beside a form field, a line on standard error.
//
// A fault names its sentence by a catalogue key and never carries the sentence
// itself, so that every reader gets it in his own language.
package fault

import (
	"errors"
	"fmt"
	"maps"
	"strings"
)

// Kind says what sort of refusal a fault is. Edges derive the status from it.
type Kind uint8

// The kinds, with the HTTP status that the REST edge gives them.
const (
	Internal        Kind = iota // 500: our own mistake; everything that is not a fault is this
	Invalid                     // 400: the input breaks a rule; Field says where
	Unauthenticated             // 401: nobody, or no longer somebody
	Forbidden                   // 403: known, but may not
	NotFound                    // 404: does not exist for this caller
	Conflict                    // 409: exists already, or another change is under way
	Stale                       // 412 or 400/2055: the caller saw an older version
	TooLarge                    // 413: more than we read
	TooMany                     // 429: rate limit; RetryAfter says how long
	Unavailable                 // 503: not now
)

// String returns the name of k in lower case, as used in logs and metrics.
func (k Kind) String() string {
	names := [...]string{
		"internal", "invalid", "unauthenticated", "forbidden", "not_found",
		"conflict", "stale", "too_large", "too_many", "unavailable",
	}
	if int(k) < len(names) {
		return names[k]
	}
	return fmt.Sprintf("kind(%d)", k)
}

// Error is one refusal.
type Error struct {
	Kind Kind
	// Code is the wire code of the REST contract, for example "600049".
	Code string
	// Key names the sentence in the catalogues, for example "refusal.rf12".
	// Placeholders of the sentence are filled from Args.
	Key string
	// Field is the input member concerned, as a path in wire names
	// ("billingProfile.defaultAddress.city"); empty when it concerns no single field.
	Field string
	// Args fills the placeholders of the sentence.
	Args map[string]any
	// Cause is the error underneath, if any. It is logged, never shown.
	Cause error
}

// New returns a fault of kind k with wire code and catalogue key.
func New(k Kind, code, key string) *Error { return &Error{Kind: k, Code: code, Key: key} }

// On returns a copy of e that concerns field.
func (e *Error) On(field string) *Error {
	c := *e
	c.Field = field
	return &c
}

// With returns a copy of e whose sentence has the placeholder name filled with value.
func (e *Error) With(name string, value any) *Error {
	c := *e
	c.Args = maps.Clone(e.Args)
	if c.Args == nil {
		c.Args = make(map[string]any, 1)
	}
	c.Args[name] = value
	return &c
}

// Because returns a copy of e that wraps cause.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.Cause = cause
	return &c
}

// Error describes the fault for logs; users read the sentence of Key instead.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %s", e.Kind, e.Code, e.Key)
	if e.Field != "" {
		fmt.Fprintf(&b, " (field %s)", e.Field)
	}
	if e.Cause != nil {
		fmt.Fprintf(&b, ": %v", e.Cause)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Is reports whether target is a fault with the same code and key, so that
// errors.Is works against the refusals that packages declare.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code && t.Key == e.Key
}

// List is several refusals at once: a form answers with all its errors, not
// with the first.
type List []*Error

// Add appends e unless it is nil.
func (l *List) Add(e *Error) {
	if e != nil {
		*l = append(*l, e)
	}
}

// Err returns l as an error, or nil when l is empty.
func (l List) Err() error {
	if len(l) == 0 {
		return nil
	}
	return l
}

// Error joins the descriptions of all members.
func (l List) Error() string {
	parts := make([]string, len(l))
	for i, e := range l {
		parts[i] = e.Error()
	}
	return strings.Join(parts, "; ")
}

// Unwrap returns the members, so that errors.Is and errors.As see each of them.
func (l List) Unwrap() []error {
	errs := make([]error, len(l))
	for i, e := range l {
		errs[i] = e
	}
	return errs
}

// All returns the faults in err: the members of a List, a single *Error, or
// nil when err holds no fault.
func All(err error) List {
	var l List
	if errors.As(err, &l) {
		return l
	}
	var e *Error
	if errors.As(err, &e) {
		return List{e}
	}
	return nil
}

// KindOf returns the kind of the first fault in err, and Internal for an error
// that is no fault.
func KindOf(err error) Kind {
	if l := All(err); len(l) > 0 {
		return l[0].Kind
	}
	return Internal
}

// Keys is an argument of a sentence that is itself a list of catalogue keys, of
// which one holds: the printer says each and joins them ("Admin agent or Sales
// agent").
type Keys []string

// AnyOf is an argument of a sentence that is a list of texts of which one will
// do: the printer joins them with "or".
type AnyOf []string
