package route

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Query is a query string in the order it was sent. Clients send names in any
// case and values that were never encoded, so it is read more tolerantly than
// url.Values: only "&" separates, a semicolon and everything else is data, "+"
// is a blank, and a percent sign that begins no escape stands for itself.
type Query []Pair

// Pair is one name with its value, both decoded.
type Pair struct{ Name, Value string }

// ParseQuery reads the raw query of a URL. It accepts everything.
func ParseQuery(raw string) Query {
	if raw == "" {
		return nil
	}
	q := make(Query, 0, strings.Count(raw, "&")+1)
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		q = append(q, Pair{decode(name), decode(value)})
	}
	return q
}

// Get returns the first value that is not empty under a name, without regard to
// case; "" when there is none. An empty value counts as absent.
func (q Query) Get(name string) string {
	for _, p := range q {
		if p.Value != "" && strings.EqualFold(p.Name, name) {
			return p.Value
		}
	}
	return ""
}

// All returns every value that is not empty under a name.
func (q Query) All(name string) []string {
	var values []string
	for _, p := range q {
		if p.Value != "" && strings.EqualFold(p.Name, name) {
			values = append(values, p.Value)
		}
	}
	return values
}

// decode undoes the encoding of a query component as far as it is one.
func decode(s string) string {
	if !strings.ContainsAny(s, "%+") {
		return s
	}
	if d, err := url.QueryUnescape(s); err == nil {
		return d
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '+':
			b.WriteByte(' ')
		case s[i] == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			b.WriteByte(unhex(s[i+1])<<4 | unhex(s[i+2]))
			i += 2
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}

func unhex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}

// IsText reports whether s is valid UTF-8 without control characters, which is what
// the database can keep and people can read.
func IsText(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}
