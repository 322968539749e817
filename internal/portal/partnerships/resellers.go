package partnerships

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"comptoir/internal/partnership"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
)

const (
	resellersID = "resellers"
	byState     = "state"
)

// resellers is the list of the resellers of a provider (P-14).
type resellers struct {
	*visit.Visit
	view block.View
	all  []partnership.Counterpart // all that match, sorted
}

func readResellers(v *visit.Visit) (*resellers, error) {
	l := &resellers{Visit: v, view: block.ParseView(v.Request.URL.Query(), byState)}
	found, err := visit.Do(v, partnership.ListResellers, struct{}{})
	if err != nil {
		return nil, err
	}
	l.all = slices.DeleteFunc(found, func(c partnership.Counterpart) bool { return !l.wants(c) })
	slices.SortFunc(l.all, order(v, l.view, func(c partnership.Counterpart) time.Time { return c.EndedAt }))
	return l, nil
}

func listResellers(v *visit.Visit) error {
	l, err := readResellers(v)
	if err != nil {
		return err
	}
	if v.Wants(resellersID) {
		return v.Show(block.DataTable(v.Printer, l.table()))
	}
	f := v.Frame(v.T("partnership.resellers.title"), visit.Resellers)
	f.Subtitle, f.Help, f.Fill = v.T("partnership.resellers.subtitle"), resellersHelp(v), true
	f.Tabs, f.Commands = tabs(v, visit.ResellersPath), l.commands()
	return v.Show(tablePage(v.Printer, f, l.table()))
}

// wants reports whether search and filter let c through. Who only searches sees
// partnerships of both states.
func (l *resellers) wants(c partnership.Counterpart) bool {
	state := "active"
	if !c.EndedAt.IsZero() {
		state = "ended"
	}
	if want := l.view.Filters.Get(byState); want != "" && want != state {
		return false
	}
	search := strings.ToLower(l.view.Search)
	return strings.Contains(strings.ToLower(c.Partner.Name), search) || strings.HasPrefix(c.Partner.PartnerID, search) ||
		strings.HasPrefix(c.Partner.Domain, search)
}

// order is the one that the reader asks for; names decide last. state sorts by
// what says how a partnership stands.
func order(v *visit.Visit, view block.View, state func(partnership.Counterpart) time.Time) func(a, b partnership.Counterpart) int {
	by := map[string]func(a, b partnership.Counterpart) int{
		"country": func(a, b partnership.Counterpart) int {
			return v.Compare(v.Country(a.Partner.Country), v.Country(b.Partner.Country))
		},
		"number": func(a, b partnership.Counterpart) int {
			return strings.Compare(a.Partner.PartnerID, b.Partner.PartnerID)
		},
		"shared": func(a, b partnership.Counterpart) int { return cmp.Compare(a.Shared, b.Shared) },
		"since":  func(a, b partnership.Counterpart) int { return a.Since.Compare(b.Since) },
		"state":  func(a, b partnership.Counterpart) int { return state(a).Compare(state(b)) },
	}[view.Sort]
	return func(a, b partnership.Counterpart) int {
		n := 0
		if by != nil {
			n = by(a, b)
		}
		n = cmp.Or(n, v.Compare(a.Partner.Name, b.Partner.Name), strings.Compare(string(a.Partner.Tenant), string(b.Partner.Tenant)))
		if view.Desc {
			return -n
		}
		return n
	}
}

func (l *resellers) commands() block.CommandBar {
	return block.CommandBar{
		Table: resellersID,
		Commands: []block.Command{
			{Label: l.T("partnership.request"), Icon: icon.Add, Kind: block.Primary, Href: invitePath, Key: "n", Reason: l.Reason("partnership.invite", true)},
			{Label: l.T("partnership.resellers.add_customer"), Icon: icon.People, Href: addPath, Needs: block.One, Reason: l.Reason("customer.add", true)},
			{Label: l.T("partnership.view_customers"), Icon: icon.List, Href: sharedPath, Needs: block.One},
			{Label: l.T("partnership.remove"), Icon: icon.Delete, Href: removePath, Dialog: true, Needs: block.One, Reason: l.Reason("partnership.remove", true)},
			{Label: l.T("partnership.resellers.export"), Icon: icon.Download, Href: l.view.First().URL(exportPath), Key: "e"},
		},
		Tools: []block.Command{{Label: l.T("common.refresh"), Icon: icon.Refresh, Href: l.view.URL(visit.ResellersPath), Key: "r"}},
	}
}

func (l *resellers) table() block.Table {
	t := block.Table{
		ID: resellersID, Caption: l.T("partnership.resellers.title"), Base: visit.ResellersPath, View: l.view, Search: l.T("partnership.search"),
		Selectable: true, CSRF: l.CSRF(),
		Filters: []block.Filter{{Key: byState, Label: l.T("common.status"), Options: []block.Option{
			{Value: "active", Label: l.T("common.active")}, {Value: "ended", Label: l.T("partnership.state.ended")},
		}}},
		Columns: []block.Column{
			{Key: "name", Title: l.T("partnership.column.reseller"), Fixed: true, Sorts: true},
			{Key: "number", Title: l.T("partnership.column.number"), Sorts: true, Mono: true},
			{Key: "country", Title: l.T("partnership.column.location"), Sorts: true},
			{Key: "mpa", Title: l.T("partnership.column.agreement"), Nowrap: true},
			{Key: "shared", Title: l.T("portal.customers"), Sorts: true, Number: true},
			{Key: "since", Title: l.T("partnership.column.since"), Sorts: true, Nowrap: true},
			{Key: "state", Title: l.T("common.status"), Sorts: true, Nowrap: true},
		},
		Empty: block.EmptyState{
			Title: l.T("partnership.resellers.empty"), Text: l.T("partnership.resellers.empty_text"),
			Actions: []block.Button{{Label: l.T("partnership.request"), Kind: block.Primary, Href: invitePath, Reason: l.Reason("partnership.invite", true)}},
		},
	}
	from, to := t.Window(tenants(l.all))
	for _, c := range l.all[from:to] {
		t.Rows = append(t.Rows, l.row(c))
	}
	return t
}

// tenants are the ids of the rows.
func tenants(all []partnership.Counterpart) []string {
	ids := make([]string, len(all))
	for i, c := range all {
		ids[i] = string(c.Partner.Tenant)
	}
	return ids
}

func (l *resellers) row(c partnership.Counterpart) block.Row {
	signed := block.Cell{Badge: block.Badge{Tone: block.Warning, Text: l.T("partnership.unsigned")}}
	if !c.Partner.MPASignedAt.IsZero() {
		signed = block.Cell{Text: l.Date(c.Partner.MPASignedAt)}
	}
	return block.Row{ID: string(c.Partner.Tenant), Name: c.Partner.Name, Cells: []block.Cell{
		{Text: c.Partner.Name, Sub: c.Partner.Domain},
		{Text: c.Partner.PartnerID},
		{Text: l.Country(c.Partner.Country)},
		signed,
		{Text: l.Number(c.Shared), Href: visit.CustomersPath + "?reseller=" + string(c.Partner.Tenant)},
		{Text: l.Date(c.Since)},
		{Badge: l.state(c)},
	}}
}

// state says how a partnership stands.
func (l *resellers) state(c partnership.Counterpart) block.Badge {
	if c.EndedAt.IsZero() {
		return block.Badge{Tone: block.Success, Text: l.T("common.active")}
	}
	return block.Badge{Tone: block.Neutral, Text: l.T("partnership.state.ended_on", "Date", l.Date(c.EndedAt)), Icon: icon.Off}
}

// exportResellers sends the list as it is filtered.
func exportResellers(v *visit.Visit) error {
	l, err := readResellers(v)
	if err != nil {
		return err
	}
	head := []string{
		v.T("partnership.column.reseller"), v.T("portal.tenant_id"), v.T("partnership.column.number"), v.T("partnership.column.location"),
		v.T("partnership.column.agreement"), v.T("portal.customers"), v.T("partnership.column.since"), v.T("common.status"),
	}
	return v.Export("Resellers.csv", head, func(s *visit.Spreadsheet) error {
		for _, c := range l.all {
			signed := ""
			if !c.Partner.MPASignedAt.IsZero() {
				signed = c.Partner.MPASignedAt.Format(time.RFC3339)
			}
			err := s.Row(c.Partner.Name, string(c.Partner.Tenant), c.Partner.PartnerID, c.Partner.Country, signed,
				l.Number(c.Shared), c.Since.Format(time.RFC3339), l.state(c).Text)
			if err != nil {
				return err
			}
		}
		return nil
	})
}
