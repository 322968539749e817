package wire

import "strings"

// EtagValue brings an etag into the form in which it is compared: one pair of
// quotes and a "W/" do not count, since clients send etags raw, quoted, or with
// quotes that are part of the JSON string (section 6, Q15, Q16).
func EtagValue(s string) string {
	s = strings.TrimSpace(s)
	s = strings.TrimPrefix(s, "W/")
	if len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' {
		s = s[1 : len(s)-1]
	}
	return s
}
