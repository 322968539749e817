// Package letter is about messages that a partner sends itself (rules E2, E18): the
// portal writes them, the partner changes the words, and the link that they carry
// has to stay, as it leads back here.
package letter

import (
	"crypto/rand"
	"encoding/base64"
	"strings"
	"unicode"
	"unicode/utf8"

	"comptoir/internal/fault"
	"comptoir/internal/naming"
	"comptoir/internal/refusal"
)

// tokenSize is the size of a token, in bytes.
const tokenSize = 24

// NewToken returns a token of 192 random bits for a link.
func NewToken() string {
	var b [tokenSize]byte
	_, _ = rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// IsToken reports whether s has the form of a token.
func IsToken(s string) bool {
	b, err := base64.RawURLEncoding.DecodeString(s)
	return err == nil && len(b) == tokenSize
}

// textMax is the longest message, in bytes.
const textMax = 16 << 10

// Check returns text as it is kept. It refuses, on the field "message", a text
// without its link with RF-22, and one that is too long or not printable.
func Check(text, link string) (string, *fault.Error) {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	switch {
	case !carries(text, link):
		return text, refusal.RF22.On("message")
	case len(text) > textMax || !Printable(text):
		return text, refusal.Property.On("message").With("Name", "message")
	}
	return text, nil
}

// Printable reports whether every line of text is printable (rule CN11).
func Printable(text string) bool {
	return naming.Printable(strings.NewReplacer("\r", "", "\n", " ", "\t", " ").Replace(text))
}

// carries reports whether text carries the link whole, as its reader has to find
// it: what follows it must not lengthen it.
func carries(text, link string) bool {
	for rest := text; ; {
		_, after, found := strings.Cut(rest, link)
		if !found {
			return false
		}
		if !lengthens(after) {
			return true
		}
		rest = after
	}
}

// continuing are the characters beside letters and digits that lengthen a link
// wherever they follow it; ending those that do so only before a further character
// of a link, as mail programs leave the punctuation of a sentence out of it.
const (
	continuing = "-_%&=+/#"
	ending     = ".,;:!?"
)

// lengthens reports whether text, right behind a link, is read as part of it.
func lengthens(text string) bool {
	next, size := utf8.DecodeRuneInString(strings.TrimLeft(text, ending))
	return size > 0 && (unicode.IsLetter(next) || unicode.IsDigit(next) || strings.ContainsRune(continuing, next))
}
