package naming

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Key returns the form of a name under which it is searched and sorted: in
// compatibility form, lower case, without marks and unprintable characters,
// white space at the ends dropped and elsewhere collapsed to one space. Letters
// that have no mark to strip are spelled as people type them: "Łódź & Ørsted"
// gives "lodz & orsted". Key(Key(x)) is Key(x).
func Key(name string) string {
	if keyed(name) {
		return name
	}
	if ascii(name) {
		return asciiKey(name)
	}
	b := make([]byte, 0, len(name)+8)
	// Lowering and decomposing can each call for the other (İ, ﬀ), so the text
	// goes through both until it stays.
	for range 3 {
		b = appendKey(b[:0], norm.NFKD.String(name))
		if string(b) == name {
			break
		}
		name = string(b)
	}
	return name
}

// keyed reports whether name is ASCII and a key already.
func keyed(name string) bool {
	for i := range len(name) {
		c := name[i]
		if c < ' ' || c >= 0x7f || 'A' <= c && c <= 'Z' {
			return false
		}
		if c == ' ' && (i == 0 || i == len(name)-1 || name[i-1] == ' ') {
			return false
		}
	}
	return true
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func asciiKey(name string) string {
	b := make([]byte, 0, len(name))
	space := false
	for i := range len(name) {
		c := name[i]
		switch {
		case c == ' ' || '\t' <= c && c <= '\r':
			space = true
			continue
		case c < ' ' || c == 0x7f:
			continue
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		}
		if space && len(b) > 0 {
			b = append(b, ' ')
		}
		space = false
		b = append(b, c)
	}
	return string(b)
}

func appendKey(b []byte, decomposed string) []byte {
	space := false
	for _, r := range decomposed {
		switch {
		case unicode.IsSpace(r):
			space = true
			continue
		case unicode.In(r, unicode.Mn, unicode.Me), blank(r), !printable(r):
			continue
		}
		if space && len(b) > 0 {
			b = append(b, ' ')
		}
		space = false
		r = unicode.ToLower(r)
		if s, ok := spelled[r]; ok {
			b = append(b, s...)
			continue
		}
		b = utf8.AppendRune(b, r)
	}
	return b
}

// spelled are Latin letters that do not decompose, as people without them on
// their keyboard write them.
var spelled = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th",
	'ħ': "h", 'ı': "i", 'ŋ': "n", 'ŧ': "t", 'ə': "a", 'ſ': "s",
	'’': "'", '‘': "'", '–': "-", '—': "-", '‐': "-", '‑': "-",
}
