package customer

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"comptoir/internal/naming"
)

// maxTerms bounds the words of one customer that the search knows.
const maxTerms = 24

// names are what a search finds a customer by (rule C35).
type names struct{ friendly, original, domain string }

// words returns the words of n for the search, folded, without repetition, in
// the order of the names. The words of scripts that are written without blanks
// are entered from every character on, so that a part of them is found.
func (n names) words() []string {
	found := split(nil, n.friendly)
	if n.original != n.friendly {
		found = split(found, n.original)
	}
	return append(found[:min(len(found), maxTerms)], fold(n.domain))
}

// terms returns those of words that need an entry of their own in the index of
// words. The domain is found in the index of domains, and so is the first word
// in that of names, unless the name begins with a sign.
func terms(words []string, nameKey string) []string {
	found := words[:len(words)-1]
	if len(found) > 0 && strings.HasPrefix(nameKey, found[0]) {
		return found[1:]
	}
	return found
}

// wordsText returns words as a row keeps them: each after a blank, so that a prefix
// of a word is found as a blank and that prefix.
func wordsText(words []string) string {
	var b strings.Builder
	for _, w := range words {
		b.WriteByte(' ')
		b.WriteString(w)
	}
	return b.String()
}

// split appends the words of name to found, each once.
func split(found []string, name string) []string {
	for _, word := range strings.FieldsFunc(naming.Key(name), separates) {
		if word = fold(word); word == "" {
			continue
		}
		for _, w := range parts(word) {
			if !slices.Contains(found, w) {
				found = append(found, w)
			}
		}
	}
	return found
}

// separates reports whether r stands between words. Full stops and apostrophes
// do not: "S.A." is one word.
func separates(r rune) bool {
	return r != '.' && r != '\'' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r)
}

var dropped = strings.NewReplacer(".", "", "'", "")

// fold returns a word, or a domain, as the search compares it.
func fold(word string) string { return dropped.Replace(naming.Key(word)) }

// parts returns word, and when it is of a script without blanks between words
// also what remains of it from each later character on.
func parts(word string) []string {
	all := []string{word}
	if !strings.ContainsFunc(word, continuous) {
		return all
	}
	for i := range word {
		if i == 0 || len(all) == maxTerms/2 {
			continue
		}
		if r, _ := utf8.DecodeRuneInString(word[i:]); continuous(r) {
			all = append(all, word[i:])
		}
	}
	return all
}

// continuous reports whether r is of a script that is written without blanks.
func continuous(r rune) bool {
	return r > 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
