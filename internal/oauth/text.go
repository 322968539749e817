package oauth

import (
	"strings"
	"unicode"

	"comptoir/internal/fault"
)

// isFault reports whether err is a refusal and not a mistake of ours.
func isFault(err error) bool { return fault.KindOf(err) != fault.Internal }

// printable returns what a client sent in a form that can stand in an answer or
// in the log: short, on one line.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == '<' || r == '>' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	if len(s) > 120 {
		s = strings.ToValidUTF8(s[:120], "")
	}
	return s
}

func joinNames(names []string) string { return strings.Join(names, " ") }
