package naming

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Trim returns s in Unicode normal form C without white space and zero-width
// characters around it, the preprocessing of every rule about text.
func Trim(s string) string { return strings.TrimFunc(norm.NFC.String(s), blank) }

// blank reports whether r is white space or has no width.
func blank(r rune) bool {
	switch r {
	case '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff':
		return true
	}
	return unicode.IsSpace(r)
}

// Printable reports whether s is valid UTF-8 without control, formatting,
// private-use and surrogate characters and without line breaks (rule CN11).
// The joiners of Arabic and Indic scripts are allowed. U+FFFD is not: it stands
// where a program before us has lost a character, as readers of JSON do with
// half of a surrogate pair.
func Printable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !printable(r) })
}

func printable(r rune) bool {
	switch {
	case r < 0x80:
		return r >= ' ' && r != 0x7f
	case r == '\u200c', r == '\u200d':
		return true
	case r == utf8.RuneError:
		return false
	}
	return !unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp)
}

// fold returns s in the form in which entries of lists are compared: every
// letter replaced by the one that stands for all its cases, runs of white space
// by one space.
func fold(s string) string {
	if folded(s) {
		return s
	}
	return string(appendFold(make([]byte, 0, len(s)+8), s))
}

// appendFold appends the folded form of s to b.
func appendFold(b []byte, s string) []byte {
	space := false
	for _, r := range s {
		if unicode.IsSpace(r) {
			if !space {
				b = append(b, ' ')
			}
			space = true
			continue
		}
		space = false
		b = utf8.AppendRune(b, foldRune(r))
	}
	return b
}

// folded reports whether s is ASCII and folded already.
func folded(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c >= 0x80 || 'A' <= c && c <= 'Z' || '\t' <= c && c <= '\r' || c == ' ' && i > 0 && s[i-1] == ' ' {
			return false
		}
	}
	return true
}

// foldRune returns the character that stands for all cases of r: the smallest
// of those that simple folding holds equal, in lower case when it is ASCII.
func foldRune(r rune) rune {
	if r < 0x80 {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}
	least := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		least = min(least, next)
	}
	if 'A' <= least && least <= 'Z' {
		least += 'a' - 'A'
	}
	return least
}
