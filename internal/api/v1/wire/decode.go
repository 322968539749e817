package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"time"

	"comptoir/internal/fault"
	"comptoir/internal/refusal"
)

// MaxBody is how many bytes of a request are read.
const MaxBody = 1 << 20

// maxDrain is how much of a body that is too large is read and thrown away, so
// that a client that writes before it reads gets to see the refusal.
const maxDrain = 32 << 20

// The refusals of bodies. Those on a member name it as the contract does.
var (
	// ErrMediaType refuses a body that is no JSON and does not claim to be any;
	// argument Type is what it claims to be.
	ErrMediaType = fault.New(fault.Invalid, "800002", "api.body.media_type")
	// ErrEmpty refuses a request without the body that it needs.
	ErrEmpty = fault.New(fault.Invalid, "800002", "api.body.empty")
	// ErrBodyShape refuses a body that is JSON of another shape; arguments Wanted
	// and Given.
	ErrBodyShape = fault.New(fault.Invalid, "800002", "api.body.shape")
	// ErrShape refuses a member of another shape; arguments Wanted and Given.
	ErrShape = fault.New(fault.Invalid, "27002", "api.member.shape")
	// ErrUnprintable refuses a text with characters that nobody can print: control
	// characters, half of a surrogate pair, U+FFFD (which stands for text that
	// somebody has lost before). The database cannot keep some of them, and a name
	// would be falsified (rule CN11).
	ErrUnprintable = fault.New(fault.Invalid, "27002", "place.unprintable")
)

// buffers hold request bodies while they are decoded; nothing decoded refers to them.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// DecodeBody reads the one JSON value of r's body into v. It passes over a
// byte-order mark and looks at the content type only when the body is not JSON.
//
// Its refusals are refusal.TooLarge, refusal.Malformed (no JSON, or more than
// one value) and those declared above.
func DecodeBody(r *http.Request, v any) error {
	buf := buffers.Get().(*bytes.Buffer)
	defer func() {
		buf.Reset()
		buffers.Put(buf)
	}()
	if err := readBody(r, buf); err != nil {
		return err
	}
	err := Decode(buf.Bytes(), v)
	if contentType := r.Header.Get("Content-Type"); errors.Is(err, refusal.Malformed) && !claimsJSON(contentType) {
		return ErrMediaType.With("Type", contentType).Because(err)
	}
	return err
}

func readBody(r *http.Request, buf *bytes.Buffer) error {
	body := r.Body
	if body == nil {
		return nil
	}
	_, err := buf.ReadFrom(io.LimitReader(body, MaxBody+1))
	if err != nil {
		return refusal.Malformed.Because(err)
	}
	if buf.Len() <= MaxBody {
		return nil
	}
	// Ignored: the refusal is the same whether or not the rest arrives.
	_, _ = io.CopyN(io.Discard, body, maxDrain)
	return refusal.TooLarge.With("Limit", "1 MiB")
}

// claimsJSON reports whether a content type announces JSON; none is taken for it.
func claimsJSON(contentType string) bool {
	if contentType == "" {
		return true
	}
	media, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return false
	}
	return media == "application/json" || media == "text/json" || media == "text/plain" ||
		len(media) > 5 && media[len(media)-5:] == "+json"
}

// bom is the UTF-8 byte-order mark.
var bom = []byte("\xef\xbb\xbf")

// Decode reads the one JSON value in b into v; see DecodeBody.
func Decode(b []byte, v any) error {
	b = bytes.TrimSpace(bytes.TrimPrefix(b, bom))
	if len(b) == 0 {
		return ErrEmpty
	}
	err := json.Unmarshal(b, v)
	if err == nil {
		return nil
	}
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		return refusal.Malformed.Because(err)
	}
	if wrong.Value == unprintable {
		return ErrUnprintable.On(wrong.Field).Because(err)
	}
	refused := ErrBodyShape
	if wrong.Field != "" {
		refused = ErrShape.On(wrong.Field)
	}
	return refused.With("Wanted", wanted(wrong.Type)).With("Given", given(wrong)).Because(err)
}

// wanted names the JSON that becomes a t.
func wanted(t reflect.Type) fault.Keys {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return fault.Keys{"api.shape.time"}
	case t.Kind() == reflect.Struct || t.Kind() == reflect.Map:
		return fault.Keys{"api.shape.object"}
	case t.Kind() == reflect.Slice:
		return fault.Keys{"api.shape.array"}
	case t.Kind() == reflect.Bool:
		return fault.Keys{"api.shape.boolean"}
	case t.Kind() == reflect.String:
		return fault.Keys{"api.shape.text"}
	}
	return fault.Keys{"api.shape.number"}
}

// given names what was sent instead, of what encoding/json says about it
// ("number 3.5").
func given(wrong *json.UnmarshalTypeError) fault.Keys {
	want := wanted(wrong.Type)[0]
	composite := want == "api.shape.object" || want == "api.shape.array"
	switch kind, _, _ := strings.Cut(wrong.Value, " "); {
	case kind == "object":
		return fault.Keys{"api.shape.object"}
	case kind == "array":
		return fault.Keys{"api.shape.array"}
	case kind == "bool":
		return fault.Keys{"api.shape.boolean"}
	case kind == "string" && composite:
		return fault.Keys{"api.shape.text"}
	case kind == "string":
		return fault.Keys{"api.shape.other_text"}
	case composite:
		return fault.Keys{"api.shape.any_number"}
	}
	return fault.Keys{"api.shape.other_number"}
}
