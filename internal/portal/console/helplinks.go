package console

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"comptoir/internal/fault"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
	"comptoir/internal/rulebook"
)

const helpEditPath = visit.HelpPath + "/edit"

func helpPages() map[string]visit.Page {
	return map[string]visit.Page{"GET " + visit.HelpPath: helpLinks, "GET " + helpEditPath: editHelp, "POST " + helpEditPath: saveHelp}
}

// helpPage is a page that links can be put into the help panel of.
type helpPage struct{ address, name, of string }

// helpPagesOf lists all pages of the navigation, every page first.
func helpPagesOf(v *visit.Visit) []helpPage {
	all := []helpPage{{rulebook.EveryPage, v.T("rules.help.every"), ""}}
	for _, p := range v.Places() {
		of := whoseHelp(v, p.Kind)
		if i := slices.IndexFunc(all, func(h helpPage) bool { return h.address == string(p.Area) }); i >= 0 {
			all[i].of = v.Labels([]string{all[i].of, of}) // one page for both
			continue
		}
		all = append(all, helpPage{string(p.Area), p.Label, of})
	}
	return all
}

// whoseHelp says whose pages those of a kind are.
func whoseHelp(v *visit.Visit, k policy.Kind) string {
	switch k {
	case policy.Partner:
		return v.T("rules.help.partner")
	case policy.Customer:
		return v.T("rules.help.customer")
	case policy.Operator, policy.Nobody:
	}
	return v.T("rules.help.operator")
}

// helpLinks lists what the operator put into help panels (V-10).
func helpLinks(v *visit.Visit) error {
	known, err := visit.Do(v, rulebook.ListHelp, struct{}{})
	if err != nil {
		return err
	}
	links := map[string][]rulebook.HelpLink{}
	for _, p := range known {
		links[p.Page] = p.Links
	}
	t := block.Table{ID: "help-links", Caption: v.T("rules.help.title"), Base: visit.HelpPath, Small: true, Columns: []block.Column{
		{Key: "page", Title: v.T("rules.help.page"), Fixed: true},
		{Key: "of", Title: v.T("rules.help.of")},
		{Key: "links", Title: v.T("rules.help.links")},
	}}
	for _, p := range helpPagesOf(v) {
		var names []string
		for _, l := range links[p.address] {
			names = append(names, l.Name(v.Tag()))
		}
		t.Rows = append(t.Rows, block.Row{ID: strings.Trim(strings.ReplaceAll(p.address, "/", "-"), "-"), Name: p.name, Cells: []block.Cell{
			{Text: p.name, Href: helpEditPath + "?page=" + p.address}, {Text: p.of}, {Text: strings.Join(names, ", ")},
		}})
	}
	f := v.Frame(v.T("rules.help.title"), visit.Messages)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: v.T("messages.title"), Href: visit.MessagesPath})
	f.Subtitle = v.T("rules.help.subtitle")
	return v.Show(helpLinksPage(v, f, t))
}

// helpForm edits the links of one page.
type helpForm struct {
	*visit.Visit
	page    helpPage
	links   []rulebook.HelpLink // as typed, rulebook.MaxHelpLinks of them
	decides bool
	said    visit.Verdicts
}

func openHelp(v *visit.Visit) (*helpForm, error) {
	known, err := visit.Do(v, rulebook.ListHelp, struct{}{})
	if err != nil {
		return nil, err
	}
	h := &helpForm{Visit: v, links: make([]rulebook.HelpLink, rulebook.MaxHelpLinks), decides: v.May("message.update", true)}
	for _, p := range helpPagesOf(v) {
		if p.address == v.Query("page") {
			h.page = p
		}
	}
	if h.page.address == "" {
		return nil, refusal.NotFound
	}
	for _, p := range known {
		if p.Page == h.page.address {
			copy(h.links, p.Links)
		}
	}
	return h, nil
}

func editHelp(v *visit.Visit) error {
	h, err := openHelp(v)
	if err != nil {
		return err
	}
	return h.show(http.StatusOK)
}

func (h *helpForm) show(status int) error {
	f := h.Frame(h.page.name, visit.Messages)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: h.T("messages.title"), Href: visit.MessagesPath}, block.Link{Label: h.T("rules.help.title"), Href: visit.HelpPath})
	f.Subtitle = h.page.of
	return h.ShowAs(status, helpPageOf(h, f))
}

func saveHelp(v *visit.Visit) error {
	if err := v.Kernel().May(v.Actor, "message.update", true); err != nil {
		return err
	}
	h, err := openHelp(v)
	if err != nil {
		return err
	}
	for i := range h.links {
		h.links[i] = rulebook.HelpLink{
			Address: v.Form(helpField(i, "address")), En: v.Form(helpField(i, "en")), Fr: v.Form(helpField(i, "fr")), Sv: v.Form(helpField(i, "sv")),
		}
	}
	_, err = visit.Do(v, rulebook.UpdateHelp, rulebook.PageHelp{Page: h.page.address, Links: h.links})
	switch {
	case err == nil:
		v.Toast(v.T("common.saved"))
		return v.Redirect(visit.HelpPath)
	case fault.KindOf(err) != fault.Invalid:
		return err
	}
	if h.said, err = v.Judge(err, nil, helpMember, func(string) string { return "" }); err != nil {
		return err
	}
	return h.show(http.StatusBadRequest)
}

// helpField names the field of a member of a link.
func helpField(i int, member string) string { return "link-" + strconv.Itoa(i) + "-" + member }

// helpMember returns the field that a refusal of "links[2].address" belongs to.
func helpMember(member string) string {
	return strings.NewReplacer("links[", "link-", "].", "-").Replace(member)
}

func (h *helpForm) field(i int, member, label, value string) block.Field {
	return h.said.Mark(block.Field{
		Name: helpField(i, member), Label: label, Value: value, ReadOnly: !h.decides, Autocomplete: "off",
	})
}

func (h *helpForm) action() string { return helpEditPath + "?page=" + h.page.address }
