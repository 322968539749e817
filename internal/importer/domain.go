package importer

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"

	"comptoir/internal/naming"
)

// maxPrefix is the longest prefix of a domain, minPrefix the shortest (rule DM01).
const (
	minPrefix = 3
	maxPrefix = 27
)

// tail is how many characters of an external id tell two customers of one name
// apart, and mark how many of its hash, should that not do.
const (
	tail = 6
	mark = 10
)

// derivedPrefixes returns the prefixes of the domain of a company in the order in
// which they are tried: its name, its name with the end of its external id, and
// its name with a hash of the id. They depend on nothing else, so that a second
// run comes to the same. A name without a letter that a domain can have gives its
// place to the id. It returns none when there is nothing to make one of.
func derivedPrefixes(name, id string) []string {
	base, end := naming.SuggestDomainPrefix(name), plainID(id)
	if base == "" {
		if len(end) < minPrefix {
			return nil
		}
		return []string{end[max(0, len(end)-maxPrefix):]}
	}
	prefixes := []string{base}
	if id == "" {
		return prefixes
	}
	if end != "" {
		prefixes = append(prefixes, joined(base, end[max(0, len(end)-tail):]))
	}
	hash := sha256.Sum256([]byte(id))
	return append(prefixes, joined(base, strings.ToLower(base32.StdEncoding.EncodeToString(hash[:])[:mark])))
}

// joined returns base and end, base cut so that both find room.
func joined(base, end string) string { return base[:min(len(base), maxPrefix-len(end))] + end }

// plainID returns the letters and digits of an external id that a domain can have.
func plainID(id string) string {
	return strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(id))
}
