package naming

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

//go:embed name-rules.json
var published []byte

// Rules are the rules with the severities and word lists in force. Default has
// what name-rules.json says. Rules are values: With, WithList and Sandbox
// return changed copies, and all methods are safe for concurrent use.
type Rules struct {
	severity [ruleCount]Severity
	sandbox  bool
	lists    *[listCount]wordList // never changed in place
	limits   *limits
}

type limits struct {
	companyName, contactName, contactNameREST, email int
	domainPrefix                                     *regexp.Regexp
}

// List names one of the word lists that rules refer to.
type List uint8

// The word lists.
const (
	SpecialCharacters       List = iota // CN04: single characters
	RestrictedAbbreviations             // CN05: legal forms
	PlaceholderNames                    // CT03
	TestWords                           // CN10
	TopLevelDomains                     // CN08: with their dot
	ReservedDomains                     // EM02
	FreeMailDomains                     // EM04, EM05

	listCount
)

// wordList is a set of folded entries. longest is the byte length of the
// longest entry, so that most names need no look-up.
type wordList struct {
	values  []string
	entries map[string]struct{}
	longest int
}

func newWordList(values []string) wordList {
	l := wordList{values: values, entries: make(map[string]struct{}, len(values))}
	for _, v := range values {
		v = fold(Trim(v))
		l.entries[v] = struct{}{}
		l.longest = max(l.longest, len(v))
	}
	return l
}

// has reports whether the folded text is an entry.
func (l wordList) has(folded string) bool {
	if len(folded) > l.longest {
		return false
	}
	_, ok := l.entries[folded]
	return ok
}

// hasRune reports whether r alone is an entry.
func (l wordList) hasRune(r rune) bool {
	var b [utf8.UTFMax]byte
	_, ok := l.entries[string(b[:utf8.EncodeRune(b[:], r)])]
	return ok
}

// domain reports whether domain, folded, is an entry or lies below one.
func (l wordList) domain(domain string) bool {
	for {
		if l.has(domain) {
			return true
		}
		_, parent, found := strings.Cut(domain, ".")
		if !found {
			return false
		}
		domain = parent
	}
}

// Default returns the rules of name-rules.json.
func Default() Rules { return parsed().rules }

// document is name-rules.json as far as the program needs it. The members
// match without case, so they need no tags.
type document struct {
	CompanyName, ContactName, Email, DomainPrefix                           group
	SpecialCharacters, RestrictedAbbreviations, PlaceholderNames, TestWords struct{ Values []string }
	TopLevelDomains                                                         struct{ Generic, Country []string }
}

type group struct {
	MaxLength, RESTMaxLength         int
	Regex                            string
	ReservedDomains, FreeMailDomains []string
	Rules                            []struct{ ID, Severity, Source string }
}

// edition is name-rules.json in the form the rules work with. source tells who
// stated a rule: "S", "D…" the documentation, "O" we ourselves.
type edition struct {
	rules  Rules
	source [ruleCount]string
}

// parsed reads name-rules.json when the rules are first needed. The file is
// part of the binary and tested, so an unreadable one is a broken build.
var parsed = sync.OnceValue(func() *edition {
	var d document
	if err := json.Unmarshal(published, &d); err != nil {
		panic(fmt.Errorf("naming: name-rules.json: %w", err))
	}
	e := new(edition)
	for _, g := range []group{d.CompanyName, d.ContactName, d.Email, d.DomainPrefix} {
		for _, r := range g.Rules {
			e.add(r.ID, r.Severity, r.Source)
		}
	}
	e.rules.limits = &limits{
		companyName:     d.CompanyName.MaxLength,
		contactName:     d.ContactName.MaxLength,
		contactNameREST: d.ContactName.RESTMaxLength,
		email:           d.Email.MaxLength,
		domainPrefix:    regexp.MustCompile(d.DomainPrefix.Regex),
	}
	e.rules.lists = &[listCount]wordList{
		SpecialCharacters:       newWordList(d.SpecialCharacters.Values),
		RestrictedAbbreviations: newWordList(d.RestrictedAbbreviations.Values),
		PlaceholderNames:        newWordList(d.PlaceholderNames.Values),
		TestWords:               newWordList(d.TestWords.Values),
		TopLevelDomains:         newWordList(slices.Concat(d.TopLevelDomains.Generic, d.TopLevelDomains.Country)),
		ReservedDomains:         newWordList(d.Email.ReservedDomains),
		FreeMailDomains:         newWordList(d.Email.FreeMailDomains),
	}
	return e
})

func (e *edition) add(id, severity, source string) {
	rule, ok := Find(id)
	if !ok {
		panic("naming: name-rules.json has the unknown rule " + id)
	}
	e.source[rule] = source
	e.rules.severity[rule] = Warning
	if severity == Error.String() {
		e.rules.severity[rule] = Error
	}
}

// Severity returns what breaking rule does under r.
func (r Rules) Severity(rule Rule) Severity { return r.severity[rule] }

// Published returns what name-rules.json says about breaking rule, and who stated
// it: "S", "D…" the documentation, "O" we ourselves.
func Published(rule Rule) (severity Severity, source string) {
	p := parsed()
	return p.rules.severity[rule], p.source[rule]
}

// ParseSeverity reads a severity as String writes it.
func ParseSeverity(s string) (Severity, bool) {
	for v := Off; v <= Error; v++ {
		if v.String() == s {
			return v, true
		}
	}
	return Off, false
}

// With returns r with another severity for rule (V-9). Outside a sandbox a rule
// that the documentation makes an error stays one: then With returns r as it
// was and the fault Bound.
func (r Rules) With(rule Rule, severity Severity) (Rules, error) {
	p := parsed()
	if p.rules.severity[rule] == Error && severity < Error && p.source[rule] != "O" && !r.sandbox {
		return r, Bound.With("Rule", rule.String())
	}
	r.severity[rule] = severity
	return r, nil
}

// Sandbox returns r as it applies to sandbox accounts: test words are fine
// there (CN10), and With may relax every rule.
func (r Rules) Sandbox() Rules {
	r.sandbox = true
	r.severity[CN10] = Off
	return r
}

// List returns the entries of a word list.
func (r Rules) List(list List) []string { return slices.Clone(r.lists[list].values) }

// WithList returns r with other entries in a word list (V-9). To the reserved
// domains the published ones are always added.
func (r Rules) WithList(list List, values []string) Rules {
	if list == ReservedDomains {
		values = slices.Concat(parsed().rules.lists[list].values, values)
	}
	lists := *r.lists
	lists[list] = newWordList(slices.Clone(values))
	r.lists = &lists
	return r
}
