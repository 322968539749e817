package wire

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"unicode"
)

// Text is a string that is also read from a JSON number or boolean, since
// clients send telephone numbers and MPN ids as either. null leaves it empty.
// Characters that cannot be printed are refused (ErrUnprintable); white space is
// left to the rules of the member.
type Text string

// UnmarshalJSON reads a string, a number or a boolean.
func (t *Text) UnmarshalJSON(b []byte) error {
	switch {
	case isNull(b):
		return nil
	case b[0] == '"':
		if err := json.Unmarshal(b, (*string)(t)); err != nil {
			return err
		}
		if strings.ContainsFunc(string(*t), isUnprintable) {
			return &json.UnmarshalTypeError{Value: unprintable, Type: reflect.TypeFor[string]()}
		}
		return nil
	case b[0] == '{' || b[0] == '[':
		return mismatch(b, reflect.TypeFor[string]())
	}
	*t = Text(b)
	return nil
}

// unprintable is how a json.UnmarshalTypeError, which alone learns the path of
// its member, tells that a text holds what cannot be printed.
const unprintable = "unprintable string"

// isUnprintable reports whether r is a control character other than white space,
// or stands for what was no character.
func isUnprintable(r rune) bool {
	return r == unicode.ReplacementChar || unicode.IsControl(r) && !unicode.IsSpace(r)
}

// String returns t without the white space around it.
func (t Text) String() string { return strings.TrimSpace(string(t)) }

// Int is an integer that is also read from a JSON string.
type Int int64

// UnmarshalJSON reads a number or a string that holds one; "" counts as absent.
func (i *Int) UnmarshalJSON(b []byte) error {
	s, ok := scalar(b)
	if !ok {
		return mismatch(b, reflect.TypeFor[int64]())
	}
	if s == "" {
		return nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		f, ferr := strconv.ParseFloat(s, 64)
		if ferr != nil || f != float64(int64(f)) {
			return mismatch(b, reflect.TypeFor[int64]())
		}
		n = int64(f)
	}
	*i = Int(n)
	return nil
}

// Bool is a boolean that is also read from "true", "False", 1 and "0".
type Bool bool

// UnmarshalJSON reads a boolean, or a string or number that means one.
func (v *Bool) UnmarshalJSON(b []byte) error {
	s, ok := scalar(b)
	if !ok {
		return mismatch(b, reflect.TypeFor[bool]())
	}
	if s == "" {
		return nil
	}
	parsed, err := strconv.ParseBool(strings.ToLower(s))
	if err != nil {
		return mismatch(b, reflect.TypeFor[bool]())
	}
	*v = Bool(parsed)
	return nil
}

// scalar returns the text of a JSON string, number, boolean or null ("").
func scalar(b []byte) (string, bool) {
	if isNull(b) {
		return "", true
	}
	switch b[0] {
	case '{', '[':
		return "", false
	case '"':
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return "", false
		}
		return strings.TrimSpace(s), true
	}
	return string(b), true
}

func isNull(b []byte) bool { return len(b) == 0 || bytes.Equal(b, []byte("null")) }

// mismatch says that b cannot become a t. encoding/json adds the path of the member.
func mismatch(b []byte, t reflect.Type) error {
	kind := "value"
	if len(b) > 0 {
		switch b[0] {
		case '{':
			kind = "object"
		case '[':
			kind = "array"
		case '"':
			kind = "string"
		case 't', 'f':
			kind = "bool"
		default:
			kind = "number"
		}
	}
	return &json.UnmarshalTypeError{Value: kind, Type: t}
}
