package place

import (
	"fmt"
	"regexp"
	"sync"
)

// Pattern is a regular expression that is compiled when it is first needed:
// there are hundreds, and most processes meet a few.
type Pattern struct {
	source   string
	compiled func() *regexp.Regexp
}

// NewPattern returns the pattern with the given source, or an error when it is
// no regular expression of RE2.
func NewPattern(source string) (*Pattern, error) {
	if _, err := regexp.Compile(source); err != nil {
		return nil, fmt.Errorf("place: pattern: %w", err)
	}
	return published(source), nil
}

// published returns the pattern of a source that a test has compiled.
func published(source string) *Pattern {
	return &Pattern{source: source, compiled: sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(source) })}
}

// String returns the source, as clients are shown it.
func (p *Pattern) String() string { return p.source }

// Matches reports whether s matches.
func (p *Pattern) Matches(s string) bool { return p.compiled().MatchString(s) }
