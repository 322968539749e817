package naming

import (
	"slices"
	"strings"
	"unicode/utf8"

	"comptoir/internal/fault"
)

// lists gives each word list its identifier, the key of its name and the rules
// that refer to it.
var lists = [listCount]struct {
	id, key string
	rules   []Rule
}{
	SpecialCharacters:       {"special-characters", "naming.list.special_characters", []Rule{CN04}},
	RestrictedAbbreviations: {"restricted-abbreviations", "naming.list.restricted_abbreviations", []Rule{CN05, CN09}},
	PlaceholderNames:        {"placeholder-names", "naming.list.placeholder_names", []Rule{CT03}},
	TestWords:               {"test-words", "naming.list.test_words", []Rule{CN10}},
	TopLevelDomains:         {"top-level-domains", "naming.list.top_level_domains", []Rule{CN08}},
	ReservedDomains:         {"reserved-domains", "naming.list.reserved_domains", []Rule{EM02}},
	FreeMailDomains:         {"free-mail-domains", "naming.list.free_mail_domains", []Rule{EM04, EM05}},
}

// Lists returns every word list in the order of name-rules.json.
func Lists() []List {
	all := make([]List, listCount)
	for i := range all {
		all[i] = List(i)
	}
	return all
}

// FindList returns the word list with the identifier id ("test-words").
func FindList(id string) (List, bool) {
	for i, l := range lists {
		if l.id == id {
			return List(i), true
		}
	}
	return 0, false
}

// String returns the identifier of l: "test-words".
func (l List) String() string { return lists[l].id }

// Key returns the catalogue key of the name of l.
func (l List) Key() string { return lists[l].key }

// Rules returns the rules that refer to l.
func (l List) Rules() []Rule { return slices.Clone(lists[l].rules) }

// What a word list holds at most.
const (
	wordMax  = 100 // bytes of an entry
	wordsMax = 2000
)

// Refusals about word lists (V-9).
var (
	// ErrWord refuses an entry that the rules could never find in a name. Argument Word.
	ErrWord = fault.New(fault.Invalid, "3000", "naming.word")
	// ErrWords refuses a list that is empty or has more than wordsMax entries.
	ErrWords = fault.New(fault.Invalid, "3000", "naming.words")
	// ErrBoundWord refuses to leave out an entry that an error of the documentation
	// rests on, which can be relaxed in a sandbox only. Argument Word.
	ErrBoundWord = fault.New(fault.Invalid, "3000", "naming.bound_word")
)

// WordChange is how a word list differs from the published one.
type WordChange struct{ Added, Removed []string }

// IsZero reports whether the list is as published.
func (c WordChange) IsZero() bool { return len(c.Added) == 0 && len(c.Removed) == 0 }

// Change returns how values, with blanks, empty and repeated ones left out,
// differ from the published entries of l. It refuses entries of a form that
// nothing could match.
func (l List) Change(values []string) (WordChange, error) {
	var c WordChange
	var faults fault.List
	given := make(map[string]bool, len(values))
	had := parsed().rules.lists[l]
	for _, v := range values {
		v = Trim(v)
		key := fold(v)
		if v == "" || given[key] {
			continue
		}
		given[key] = true
		if had.has(key) {
			continue
		}
		if !l.takes(v) {
			faults.Add(ErrWord.On("entries").With("Word", v))
		}
		c.Added = append(c.Added, v)
	}
	if len(given) == 0 || len(given) > wordsMax {
		faults.Add(ErrWords.On("entries").With("Max", wordsMax))
	}
	for _, v := range had.values {
		if !given[fold(Trim(v))] {
			c.Removed = append(c.Removed, v)
		}
	}
	return c, faults.Err()
}

// takes reports whether an entry has the form of its list: one character, an
// ending with its dot, a domain, words.
func (l List) takes(v string) bool {
	if len(v) > wordMax || !Printable(v) {
		return false
	}
	switch l {
	case SpecialCharacters:
		return utf8.RuneCountInString(v) == 1
	case TopLevelDomains:
		return strings.HasPrefix(v, ".") && len(v) > 1 && !strings.ContainsAny(v[1:], " @")
	case ReservedDomains, FreeMailDomains:
		return strings.Contains(strings.Trim(v, "."), ".") && !strings.ContainsAny(v, " @/")
	case TestWords:
		return !strings.Contains(v, " ")
	}
	return true
}

// Bound reports whether published entries of list must stay under r: a rule that
// the documentation makes an error rests on them, and r is no sandbox's. Reserved
// domains stay everywhere.
func (r Rules) Bound(list List) bool {
	return list == ReservedDomains || !r.sandbox && slices.ContainsFunc(lists[list].rules, func(rule Rule) bool {
		severity, source := Published(rule)
		return severity == Error && source != "O"
	})
}

// WithChange returns r with the published entries of a list, and what c adds and
// removes. It refuses to remove entries of a list that is Bound.
func (r Rules) WithChange(list List, c WordChange) (Rules, error) {
	if r.Bound(list) && len(c.Removed) > 0 {
		return r, ErrBoundWord.On("entries").With("Word", c.Removed[0])
	}
	if list == ReservedDomains {
		return r.WithList(list, c.Added), nil
	}
	kept := slices.DeleteFunc(slices.Clone(parsed().rules.lists[list].values), func(v string) bool { return slices.Contains(c.Removed, v) })
	return r.WithList(list, slices.Concat(kept, c.Added)), nil
}
