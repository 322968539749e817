// Package invitation lets partners ask an organization that exists already for a
// reseller relationship, and its administrators answer (rules.md, sections e.1 to
// e.4). Nothing is sent: the partner sends the message with the link itself (E3).
package invitation

import (
	"cmp"
	"net/url"
	"strings"

	"comptoir/internal/id"
	"comptoir/internal/letter"
	"comptoir/internal/refusal"
)

// The path and the fragment of a link, as other installations know them (rule E9).
const (
	linkPath     = "/Adminportal/Home"
	linkFragment = "/BillingAccounts/partner-invitation"
)

// The kinds of links.
const (
	ownType   = "ResellerRelationship"
	jointType = "IndirectResellerRelationship"
)

// noNumber stands in a link where no PartnerID is named.
const noNumber = "0"

// Link is what the message of an invitation leads to: who asks, and for a message
// of the portal which invitation it is. It names nobody else (rule E11).
type Link struct {
	Partner  id.Tenant
	Number   string    // PartnerID of Partner, "0" or "" for none
	Provider id.Tenant // of a joint invitation; "" for the partner alone
	Token    string    // "" for a link that is good for everybody
}

// Keep makes token that of l, unless it is none: a page that is shown again keeps the
// link that it has shown.
func (l *Link) Keep(token string) {
	if letter.IsToken(token) {
		l.Token = token
	}
}

// Query returns the members of the address of l, in the order in which they are
// published.
func (l Link) Query() string {
	kind := ownType
	if l.Provider != "" {
		kind = jointType
	}
	var b strings.Builder
	b.WriteString("invType=" + kind + "&partnerId=" + url.QueryEscape(string(l.Partner)) + "&msppId=" + url.QueryEscape(cmp.Or(l.Number, noNumber)))
	if l.Provider != "" {
		b.WriteString("&indirectCSPId=" + url.QueryEscape(string(l.Provider)))
	}
	b.WriteString("&DAP=false")
	if l.Token != "" {
		b.WriteString("&inv=" + l.Token)
	}
	return b.String()
}

// URL returns the link at the installation whose address is base.
func (l Link) URL(base string) string {
	return strings.TrimSuffix(base, "/") + linkPath + "?" + l.Query() + "#" + linkFragment
}

// ParseLink reads a link in either published form, or its query alone. Case does
// not matter, except in the token. What is none is refused with RF-24.
func ParseLink(raw string) (Link, error) {
	query := raw
	if _, after, found := strings.Cut(raw, "?"); found {
		query = after
	}
	query, _, _ = strings.Cut(query, "#")
	sent, err := url.ParseQuery(query)
	if err != nil {
		return Link{}, refusal.RF24
	}
	members := make(map[string]string, len(sent))
	for name, values := range sent {
		name = strings.ToLower(name)
		if _, twice := members[name]; twice || len(values) != 1 {
			return Link{}, refusal.RF24
		}
		members[name] = values[0]
	}
	return readMembers(members)
}

func readMembers(m map[string]string) (Link, error) {
	l := Link{Number: m["msppid"], Token: m["inv"]}
	partner, known := id.Parse(cmp.Or(m["partnerid"], m["id"]))
	if !known || l.Token != "" && !letter.IsToken(l.Token) {
		return Link{}, refusal.RF24
	}
	l.Partner = id.Tenant(partner)
	provider := cmp.Or(m["indirectcspid"], m["indirectcsp"])
	switch kind := cmp.Or(m["invtype"], m["type"]); {
	case strings.EqualFold(kind, ownType) && provider == "":
	case strings.EqualFold(kind, jointType):
		named, known := id.Parse(provider)
		if !known {
			return Link{}, refusal.RF24
		}
		l.Provider = id.Tenant(named)
	default:
		return Link{}, refusal.RF24
	}
	return l, nil
}
