package naming

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// CheckCompanyName applies the rules CN01 to CN11 to the name of a company.
// field is the input member, as a path in wire names.
func (r Rules) CheckCompanyName(field, name string) Verdict {
	v := Verdict{Value: Trim(name)}
	name = v.Value
	s := r.survey(name)
	r.judge(&v, field, CN01, CN11, func(rule Rule) bool {
		switch rule {
		case CN01:
			return s.length == 0
		case CN02:
			return s.length == 1
		case CN03:
			return s.length > r.limits.companyName
		case CN04:
			return s.visible > 0 && s.special == s.visible
		case CN05:
			return r.lists[RestrictedAbbreviations].matches(name)
		case CN06:
			return s.visible >= 3 && s.repeated
		case CN07:
			return s.words >= 2 && s.longestWord == 1 && !s.ideographic
		case CN08:
			return r.internetAddress(name)
		case CN09:
			return s.words == 1 && 2 <= s.length && s.length <= 5 && s.capitals == s.length &&
				!r.lists[RestrictedAbbreviations].matches(name)
		case CN10:
			return r.testWord(name)
		case CN11:
			return s.unprintable
		}
		return false
	})
	return v
}

// survey is what one pass over a trimmed name finds out.
type survey struct {
	length      int  // all characters
	visible     int  // those that are no white space
	special     int  // visible ones of SpecialCharacters
	capitals    int  // upper-case letters
	words       int  // runs of visible characters
	longestWord int  // characters of the longest word, without combining marks
	repeated    bool // all visible characters are the same
	ideographic bool // all visible characters are Han, Hiragana, Katakana or Hangul
	unprintable bool
}

func (r Rules) survey(name string) survey {
	s := survey{repeated: true, ideographic: true, unprintable: !Printable(name)}
	first, word := rune(-1), 0
	inside := false
	for _, c := range name {
		s.length++
		if unicode.IsSpace(c) {
			inside, word = false, 0
			continue
		}
		s.visible++
		if !inside {
			inside = true
			s.words++
		}
		if !unicode.Is(unicode.M, c) {
			word++
		}
		s.longestWord = max(s.longestWord, word)
		s.classify(r, c, &first)
	}
	return s
}

// classify counts the visible character c. first is the first visible
// character of the name, folded.
func (s *survey) classify(r Rules, c rune, first *rune) {
	if *first < 0 {
		*first = foldRune(c)
	} else if s.repeated && foldRune(c) != *first {
		s.repeated = false
	}
	switch {
	case unicode.IsUpper(c):
		s.capitals++
	case !unicode.IsLetter(c) && r.lists[SpecialCharacters].hasRune(c):
		s.special++
	}
	if s.ideographic && !unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) {
		s.ideographic = false
	}
}

// matches reports whether the whole of text, folded, is an entry.
func (l wordList) matches(text string) bool {
	if len(text) > 2*l.longest+utf8.UTFMax { // folding and white space shorten little; a longer text is no entry
		return false
	}
	var b [128]byte
	_, ok := l.entries[string(appendFold(b[:0], text))]
	return ok
}

// internetAddress reports whether the last word of name ends in a top level
// domain with a letter or digit before its dot (CN08).
func (r Rules) internetAddress(name string) bool {
	word := name[strings.LastIndexFunc(name, unicode.IsSpace)+1:]
	dot := strings.LastIndexByte(word, '.')
	if dot < 1 || !strings.ContainsFunc(word[:dot], letterOrDigit) {
		return false
	}
	return r.lists[TopLevelDomains].matches(word[dot:])
}

// testWord reports whether a whole word of name is a test word (CN10).
func (r Rules) testWord(name string) bool {
	for start := 0; start < len(name); {
		from := strings.IndexFunc(name[start:], wordCharacter)
		if from < 0 {
			return false
		}
		word := name[start+from:]
		if end := strings.IndexFunc(word, notWordCharacter); end >= 0 {
			word = word[:end]
		}
		if r.lists[TestWords].matches(word) {
			return true
		}
		start += from + len(word)
	}
	return false
}

func letterOrDigit(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func wordCharacter(r rune) bool { return letterOrDigit(r) || unicode.Is(unicode.M, r) }

func notWordCharacter(r rune) bool { return !wordCharacter(r) }
