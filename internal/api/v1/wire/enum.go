package wire

import (
	"strconv"
	"strings"
)

// Enum is a set of published values in the order of their ordinals.
type Enum struct{ values []string }

// NewEnum declares an enum by its values as answers spell them.
func NewEnum(values ...string) Enum { return Enum{values} }

// Parse returns the published spelling of s, which callers write as
// snake_case, camelCase or PascalCase in any letter case, or as the ordinal
// (section 4.3).
func (e Enum) Parse(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if n, err := strconv.Atoi(s); err == nil {
		if n < 0 || n >= len(e.values) {
			return "", false
		}
		return e.values[n], true
	}
	folded := fold(s)
	for _, v := range e.values {
		if fold(v) == folded {
			return v, true
		}
	}
	return "", false
}

// Values returns the published values.
func (e Enum) Values() []string { return append([]string(nil), e.values...) }

// fold drops what differs between the ways to write a name.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '_', '-', ' ':
			return -1
		}
		return r
	}, strings.ToLower(s))
}
