package wire

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
)

// Text is a string that is also read from a JSON number or boolean, since
// clients send telephone numbers and MPN ids as either. null leaves it empty.
type Text string

// UnmarshalJSON reads a string, a number or a boolean.
func (t *Text) UnmarshalJSON(b []byte) error {
	switch {
	case isNull(b):
		return nil
	case b[0] == '"':
		return json.Unmarshal(b, (*string)(t))
	case b[0] == '{' || b[0] == '[':
		return mismatch(b, reflect.TypeFor[string]())
	}
	*t = Text(b)
	return nil
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
		}
	}
	return &json.UnmarshalTypeError{Value: kind, Type: t}
}
