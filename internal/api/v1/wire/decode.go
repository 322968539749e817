package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"sync"

	"comptoir/internal/refusal"
)

// MaxBody is how many bytes of a request are read.
const MaxBody = 1 << 20

// maxDrain is how much of a body that is too large is read and thrown away, so
// that a client that writes before it reads gets to see the refusal.
const maxDrain = 32 << 20

// ErrMediaType is the cause of a malformed-body fault when the request does not
// even claim to be JSON.
var ErrMediaType = errors.New("the content type is not JSON")

// buffers hold request bodies while they are decoded; nothing decoded refers to them.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// DecodeBody reads the one JSON value of r's body into v. It passes over a
// byte-order mark and looks at the content type only when the body is not JSON.
//
// Its refusals are refusal.TooLarge, refusal.Malformed (no JSON, more than one
// value, control characters) and, on the member, refusal.Property (a value of
// the wrong type).
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
	if err != nil && errors.Is(err, refusal.Malformed) && !claimsJSON(r.Header.Get("Content-Type")) {
		return refusal.Malformed.Because(ErrMediaType)
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
	b = bytes.TrimPrefix(b, bom)
	if hasControlEscape(b) {
		return refusal.Malformed.Because(errors.New("escaped control character"))
	}
	err := json.Unmarshal(b, v)
	if err == nil {
		return nil
	}
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) && wrongType.Field != "" {
		return refusal.Property.On(wrongType.Field).Because(err)
	}
	return refusal.Malformed.Because(err)
}

// hasControlEscape reports whether a string in b holds an escaped control
// character other than tab and line ends. No published member may, and a NUL
// cannot be stored. Unescaped ones are no JSON at all.
func hasControlEscape(b []byte) bool {
	for {
		i := bytes.IndexByte(b, '\\')
		if i < 0 || i+1 >= len(b) {
			return false
		}
		switch b[i+1] {
		case 'b', 'f':
			return true
		case 'u':
			if i+5 < len(b) && isControl(b[i+2:i+6]) {
				return true
			}
		}
		b = b[i+2:]
	}
}

// isControl reports whether four hexadecimal digits name a refused control character.
func isControl(hex []byte) bool {
	if string(hex[:2]) != "00" {
		return false
	}
	switch low := bytes.ToLower(hex[2:]); low[0] {
	case '0':
		return low[1] != '9' && low[1] != 'a' && low[1] != 'd'
	case '1':
		return true
	case '7':
		return low[1] == 'f'
	}
	return false
}
