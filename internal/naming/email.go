package naming

import (
	"net/netip"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

// EmailContext is what the rules for an e-mail address need to know about the
// customer it is for. Domains may be in any case.
type EmailContext struct {
	// PartnerDomains are the verified domains of the adding partner and of the
	// named indirect reseller (EM03).
	PartnerDomains []string
	// TenantDomains are the default domains that the installation gives to
	// customers, or the suffix they share (EM04).
	TenantDomains []string
	// Education is true when the special qualification Education is requested (EM04).
	Education bool
}

// CheckEmail applies the rules EM01 to EM05 to the e-mail address of a
// customer. field is the input member, as a path in wire names.
func (r Rules) CheckEmail(field, address string, about EmailContext) Verdict {
	v := Verdict{Value: Trim(address)}
	domain, valid := emailDomain(v.Value, r.limits.email)
	r.judge(&v, field, EM01, EM05, func(rule Rule) bool {
		switch rule {
		case EM01:
			return !valid
		case EM02:
			return valid && r.lists[ReservedDomains].domain(domain)
		case EM03:
			return valid && within(domain, about.PartnerDomains)
		case EM04:
			return valid && about.Education &&
				(r.lists[FreeMailDomains].has(domain) || within(domain, about.TenantDomains))
		case EM05:
			return valid && r.lists[FreeMailDomains].has(domain)
		}
		return false
	})
	return v
}

// ValidEmail reports whether address has the form of an e-mail address (the
// test of EM01), for addresses the other rules do not apply to.
func ValidEmail(address string) bool {
	_, valid := emailDomain(address, parsed().rules.limits.email)
	return valid
}

// EmailDomain returns the domain of an e-mail address in lower case, an
// internationalised one in its ASCII form, and false when the address is not valid.
func EmailDomain(address string) (string, bool) {
	return emailDomain(Trim(address), parsed().rules.limits.email)
}

func emailDomain(address string, limit int) (domain string, valid bool) {
	local, domain, found := strings.Cut(address, "@")
	if !found || len(address) > limit || !validLocalPart(local) {
		return "", false
	}
	domain = asciiDomain(domain)
	return domain, validDomain(domain)
}

// asciiDomain returns domain in lower case and, when it is internationalised,
// in its ASCII form; "" when it has none.
func asciiDomain(domain string) string {
	if folded(domain) {
		return domain
	}
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil || !Printable(domain) { // the mapping drops some of what cannot be seen
		return ""
	}
	return ascii
}

// validLocalPart tests the part before the @: 1 to 64 bytes of the characters
// that mail systems pass on, dots not at the ends nor doubled.
func validLocalPart(local string) bool {
	if local == "" || len(local) > 64 || local[0] == '.' || local[len(local)-1] == '.' || strings.Contains(local, "..") {
		return false
	}
	for _, r := range local {
		if !mailCharacter(r) {
			return false
		}
	}
	return true
}

func mailCharacter(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
		return true
	case r < 0x80:
		return strings.ContainsRune(".!#$%&'*+-/=?^_`{|}~", r)
	}
	return r != unicode.ReplacementChar && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r))
}

// validDomain tests a domain in ASCII form: at least two labels of letters,
// digits and hyphens, and no number as top level, which would be an IP address.
func validDomain(domain string) bool {
	if len(domain) > 253 || !strings.Contains(domain, ".") {
		return false
	}
	last := ""
	for label := range strings.SplitSeq(domain, ".") {
		if !validLabel(label) {
			return false
		}
		last = label
	}
	_, err := netip.ParseAddr(domain)
	return err != nil && strings.Trim(last, "0123456789") != ""
}

func validLabel(label string) bool {
	if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
		return false
	}
	for i := range len(label) {
		c := label[i]
		if c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}

// within reports whether domain is one of domains or below one.
func within(domain string, domains []string) bool {
	for _, d := range domains {
		d = asciiDomain(strings.TrimPrefix(Trim(d), "."))
		if d == "" {
			continue
		}
		if domain == d || strings.HasSuffix(domain, d) && domain[len(domain)-len(d)-1] == '.' {
			return true
		}
	}
	return false
}
