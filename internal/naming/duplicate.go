package naming

import (
	"strings"
	"unicode/utf8"
)

// DuplicateKey returns the form of a company name in which two records of one
// company are alike: its Key without punctuation and legal form (rule C3). A
// name that is nothing else keeps them.
func DuplicateKey(companyName string) string {
	key := Key(companyName)
	words := joinLetters(words(key))
	if words == "" {
		return key
	}
	if bare := withoutLegalForms(words); bare != "" {
		return bare
	}
	return words
}

// words returns the words of key with single spaces between them. Full stops
// and apostrophes vanish ("s.a." is "sa"), other punctuation separates.
func words(key string) string {
	b := make([]byte, 0, len(key))
	separate := false
	for _, r := range key {
		switch {
		case r == '.' || r == '\'':
		case !wordCharacter(r):
			separate = true
		default:
			if separate && len(b) > 0 {
				b = append(b, ' ')
			}
			separate = false
			b = utf8.AppendRune(b, r)
		}
	}
	return string(b)
}

// joinLetters makes one word of single letters in a row: "l l c" is "llc".
func joinLetters(words string) string {
	b := make([]byte, 0, len(words))
	before := false
	for word := range strings.SplitSeq(words, " ") {
		letter := utf8.RuneCountInString(word) == 1 && ascii(word)
		if len(b) > 0 && (!letter || !before) {
			b = append(b, ' ')
		}
		b = append(b, word...)
		before = letter
	}
	return string(b)
}

// withoutLegalForms takes legal forms off both ends until none is left.
func withoutLegalForms(name string) string {
	for {
		shorter := dropLast(dropFirst(name))
		if shorter == name {
			return name
		}
		name = shorter
	}
}

// dropLast takes the longest legal form at the end of name off it.
func dropLast(name string) string {
	shortest, end := name, len(name)
	for range maxFormWords {
		end = strings.LastIndexByte(name[:end], ' ')
		if legalForms[name[end+1:]] {
			shortest = name[:max(end, 0)]
		}
		if end < 0 {
			break
		}
	}
	for _, form := range attachedForms {
		shortest = strings.TrimSuffix(shortest, form)
	}
	return strings.TrimSpace(shortest)
}

// dropFirst takes the longest legal form at the beginning of name off it. Only
// forms that are written there count: "SE Blades" keeps its SE.
func dropFirst(name string) string {
	shortest, end := name, 0
	for range maxFormWords {
		space := strings.IndexByte(name[end:], ' ')
		if space < 0 {
			break
		}
		end += space
		if leadingForms[name[:end]] {
			shortest = name[end+1:]
		}
		end++
	}
	for _, form := range attachedForms {
		shortest = strings.TrimPrefix(shortest, form)
	}
	return strings.TrimSpace(shortest)
}
