package rulebook

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"comptoir/internal/fault"
	"comptoir/internal/naming"
	"comptoir/internal/op"
)

// helpEntries is the prefix under which links of help panels are written down:
// "help:/customers".
const helpEntries = "help:"

// EveryPage stands for all pages where links of help panels are meant.
const EveryPage = "*"

// HelpLink is a link that the operator puts into a help panel (V-10): training,
// own instructions, support.
type HelpLink struct {
	Address string // "https://…", or "/…" within the portal
	// En, Fr and Sv are what the link is called in each language of the portal.
	En, Fr, Sv string
}

// Name returns what l is called in the language with the tag, in English for any
// other tag.
func (l HelpLink) Name(tag string) string {
	switch tag {
	case "fr":
		return l.Fr
	case "sv":
		return l.Sv
	}
	return l.En
}

// Outside reports whether l leads out of the portal.
func (l HelpLink) Outside() bool { return !strings.HasPrefix(l.Address, "/") }

// Bounds of help links.
const (
	MaxHelpLinks = 5   // for one page
	helpNameMax  = 80  // characters
	helpLinkMax  = 500 // bytes
)

// Refusals about help links. Their field is the member with the place of the link:
// "links[2].address".
var (
	// ErrHelpAddress refuses an address that is neither of the web nor within the
	// portal.
	ErrHelpAddress = fault.New(fault.Invalid, "2000", "rulebook.help.address")
	// ErrHelpName refuses a link that is not named in every language; argument Max.
	ErrHelpName = fault.New(fault.Invalid, "2000", "rulebook.help.name")
	// ErrHelpMany refuses more links than a panel takes; argument Max.
	ErrHelpMany = fault.New(fault.Invalid, "2000", "rulebook.help.many")
)

// PageHelp is the links of the help panel of one page.
type PageHelp struct {
	Page  string // its address, or EveryPage
	Links []HelpLink
}

type helpLinks map[string][]HelpLink

func helpOf(entries map[string]string) helpLinks {
	all := make(helpLinks, len(entries))
	for page, text := range entries {
		var links []HelpLink
		if json.Unmarshal([]byte(text), &links) == nil {
			all[page] = links
		}
	}
	return all
}

// Help returns the links of the help panel of a page: its own, then those of every
// page.
func Help(b op.Book, page string) []HelpLink {
	all := op.Derived(b, helpEntries, helpOf)
	return slices.Concat(all[page], all[EveryPage])
}

// ListHelp returns the links that the operator has put into help panels, by page.
var ListHelp = op.Define(op.Spec{Name: "setting.help", Action: "message.view"},
	func(_ context.Context, u *op.Unit, _ struct{}) ([]PageHelp, error) {
		var all []PageHelp
		for page, links := range op.Derived(u.Book(), helpEntries, helpOf) {
			all = append(all, PageHelp{page, slices.Clone(links)})
		}
		slices.SortFunc(all, func(a, b PageHelp) int { return strings.Compare(a.Page, b.Page) })
		return all, nil
	})

// UpdateHelp puts links into the help panel of a page in place of those before; none
// takes them away. Links without anything in them are left out. Which pages there are
// is the edge's to say.
var UpdateHelp = op.Define(op.Spec{Name: "setting.help.update", Action: "message.update", Write: true},
	func(ctx context.Context, u *op.Unit, in PageHelp) (struct{}, error) {
		links, err := checkHelp(in.Links)
		if err != nil {
			return struct{}{}, err
		}
		old := op.Derived(u.Book(), helpEntries, helpOf)[in.Page]
		if slices.Equal(old, links) {
			return struct{}{}, nil
		}
		entry := ""
		if len(links) > 0 {
			b, err := json.Marshal(links)
			if err != nil {
				return struct{}{}, err
			}
			entry = string(b)
		}
		if err := u.Enter(ctx, helpEntries+in.Page, entry); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, u.Record(ctx, op.Record{
			Operation: "update_help_links", Resource: "message", Old: old, New: links, Data: map[string]string{"name": in.Page},
		})
	})

// checkHelp returns links in the form that is kept.
func checkHelp(links []HelpLink) ([]HelpLink, error) {
	var kept []HelpLink
	var l fault.List
	for i, link := range links {
		link = HelpLink{naming.Trim(link.Address), naming.Trim(link.En), naming.Trim(link.Fr), naming.Trim(link.Sv)}
		if link == (HelpLink{}) {
			continue
		}
		at := "links[" + string(rune('0'+min(i, 9))) + "]."
		if !helpAddress(link.Address) {
			l.Add(ErrHelpAddress.On(at + "address"))
		}
		for member, name := range map[string]string{"en": link.En, "fr": link.Fr, "sv": link.Sv} {
			if name == "" || utf8.RuneCountInString(name) > helpNameMax || !naming.Printable(name) {
				l.Add(ErrHelpName.On(at+member).With("Max", helpNameMax))
			}
		}
		kept = append(kept, link)
	}
	if len(kept) > MaxHelpLinks {
		l.Add(ErrHelpMany.On("links").With("Max", MaxHelpLinks))
	}
	return kept, l.Err()
}

// helpAddress reports whether a link may lead to an address: of the web, or within
// the portal. A browser takes "//host" and "/\host" for other sites.
func helpAddress(address string) bool {
	u, err := url.Parse(address)
	switch {
	case err != nil || len(address) > helpLinkMax || !naming.Printable(address):
		return false
	case u.Scheme == "https" || u.Scheme == "http":
		return u.Host != "" && u.User == nil
	}
	return u.Scheme == "" && u.Host == "" && strings.HasPrefix(address, "/") && !strings.HasPrefix(address, "//") && !strings.Contains(address, `\`)
}
