package naming

import "strings"

// maxPrefix and minPrefix are the lengths of the pattern of DM01.
const (
	minPrefix = 3
	maxPrefix = 27
)

// CheckDomainPrefix applies rule DM01 to the prefix of a primary domain. The
// prefix is compared in lower case and kept as written, as the wire wants it.
// Whether the domain is free (DM02) only its keeper knows: see DomainTaken.
func (r Rules) CheckDomainPrefix(field, prefix string) Verdict {
	v := Verdict{Value: Trim(prefix)}
	r.judge(&v, field, DM01, DM01, func(Rule) bool {
		return !r.limits.domainPrefix.MatchString(lowerASCII(v.Value))
	})
	return v
}

// lowerASCII lowers the ASCII letters only: the long s is no s in a domain.
func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// SuggestDomainPrefix returns a prefix that passes DM01 and resembles the name
// of the company, without its legal form: "nordic-logistik AB" gives
// "nordiclogistik". It returns "" when too few letters of the name can be
// written in a domain.
func SuggestDomainPrefix(companyName string) string {
	var b strings.Builder
	for _, r := range DuplicateKey(companyName) {
		if b.Len() == maxPrefix {
			break
		}
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			b.WriteRune(r)
		}
	}
	if b.Len() < minPrefix {
		return ""
	}
	return b.String()
}
