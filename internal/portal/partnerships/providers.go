package partnerships

import (
	"slices"
	"strings"
	"time"

	"comptoir/internal/partnership"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
)

const providersID = "providers"

// providers is the list of the providers of a reseller (P-15).
type providers struct {
	*visit.Visit
	view block.View
	all  []partnership.Counterpart
}

func listProviders(v *visit.Visit) error {
	l := &providers{Visit: v, view: block.ParseView(v.Request.URL.Query())}
	found, err := visit.Do(v, partnership.ListProviders, struct{}{})
	if err != nil {
		return err
	}
	search := strings.ToLower(l.view.Search)
	l.all = slices.DeleteFunc(found, func(c partnership.Counterpart) bool {
		return !strings.Contains(strings.ToLower(c.Partner.Name), search) && !strings.HasPrefix(c.Partner.Domain, search)
	})
	slices.SortFunc(l.all, order(v, l.view, func(c partnership.Counterpart) time.Time { return c.Since }))
	if v.Wants(providersID) {
		return v.Show(block.DataTable(v.Printer, l.table()))
	}
	f := v.Frame(v.T("partnership.providers.title"), visit.Providers)
	f.Subtitle, f.Fill = v.T("partnership.providers.subtitle"), true
	f.Messages = append(f.Messages, block.Message{Tone: block.Info, Text: v.T("partnership.providers.apart")})
	f.Help = block.Help{
		Title: v.T("partnership.providers.title"), Roles: v.RolesFor("partnership.accept", true),
		Text: []string{v.T("partnership.help.authorize"), v.T("partnership.providers.apart"), v.T("partnership.help.elsewhere"), v.T("partnership.help.own_relation")},
	}
	f.Commands = l.commands()
	return v.Show(tablePage(v.Printer, f, l.table()))
}

func (l *providers) commands() block.CommandBar {
	return block.CommandBar{
		Table: providersID,
		Commands: []block.Command{
			{Label: l.T("partnership.providers.invite"), Icon: icon.Add, Kind: block.Primary, Href: inviteNewPath, Needs: block.One, Reason: l.Reason("relationship.invite.joint", true)},
			{Label: l.T("partnership.view_customers"), Icon: icon.List, Href: providedPath, Needs: block.One},
		},
		Tools: []block.Command{{Label: l.T("common.refresh"), Icon: icon.Refresh, Href: l.view.URL(visit.ProvidersPath), Key: "r"}},
	}
}

func (l *providers) table() block.Table {
	t := block.Table{
		ID: providersID, Caption: l.T("partnership.providers.title"), Base: visit.ProvidersPath, View: l.view, Search: l.T("partnership.search"),
		Selectable: true, CSRF: l.CSRF(),
		Columns: []block.Column{
			{Key: "name", Title: l.T("partnership.column.provider"), Fixed: true, Sorts: true},
			{Key: "country", Title: l.T("partnership.column.location"), Sorts: true},
			{Key: "since", Title: l.T("partnership.column.since"), Sorts: true, Nowrap: true},
			{Key: "shared", Title: l.T("partnership.column.shared"), Sorts: true, Number: true},
			{Key: "contact", Title: l.T("partnership.column.contact")},
		},
		Empty: block.EmptyState{Title: l.T("partnership.providers.empty"), Text: l.T("partnership.providers.empty_text")},
	}
	from, to := t.Window(tenants(l.all))
	for _, c := range l.all[from:to] {
		t.Rows = append(t.Rows, l.row(c))
	}
	return t
}

func (l *providers) row(c partnership.Counterpart) block.Row {
	var contact block.Cell
	if len(c.Contacts) > 0 {
		contact = block.Cell{Text: c.Contacts[0].Name, Sub: c.Contacts[0].Email}
	}
	return block.Row{ID: string(c.Partner.Tenant), Name: c.Partner.Name, Cells: []block.Cell{
		{Text: c.Partner.Name, Sub: c.Partner.Domain},
		{Text: l.Country(c.Partner.Country)},
		{Text: l.Date(c.Since)},
		{Text: l.Number(c.Shared), Href: visit.CustomersPath + "?provider=" + string(c.Partner.Tenant)},
		contact,
	}}
}
