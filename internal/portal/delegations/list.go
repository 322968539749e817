package delegations

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"comptoir/internal/gdap"
	"comptoir/internal/lang"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

// listID names the table of admin relationships.
const listID = "relationships"

// lasting are the statuses that a list can be narrowed to: the others last a
// moment only.
var lasting = []gdap.Status{gdap.Created, gdap.ApprovalPending, gdap.Active, gdap.Expired, gdap.Terminated}

// listing is the list of the admin relationships with a customer (P-11).
type listing struct {
	record
	view   block.View
	page   gdap.Page
	total  int64
	groups map[string]int64
}

func list(v *visit.Visit) error {
	r, err := openRecord(v)
	if err != nil {
		return err
	}
	l := &listing{record: r, view: listView(v)}
	if err := l.read(); err != nil {
		return err
	}
	if v.Wants(listID) {
		return v.Show(block.DataTable(v.Printer, l.table()))
	}
	f := l.frame(v.T("gdappage.title"))
	f.Subtitle = v.T("gdappage.subtitle")
	f.Messages = l.standing()
	f.Commands, f.Fill = l.commands(), true
	f.Help = block.Help{
		Title: v.T("gdappage.title"), Text: []string{v.T("gdappage.help.what"), v.T("gdappage.help.groups"), v.T("gdappage.help.end")},
		Roles: v.RolesFor("gdap.request", true),
	}
	return v.Show(tablePage(v, f, l.table()))
}

// listView is the state of the list, without a status that means nothing.
func listView(v *visit.Visit) block.View {
	view := block.ParseView(v.Request.URL.Query(), "status")
	if !slices.Contains(lasting, gdap.Status(view.Filters.Get("status"))) {
		view.Filters.Del("status")
	}
	return view
}

func (l *listing) query() gdap.Query {
	q := gdap.Query{Customer: l.customer.ID, Status: gdap.Status(l.view.Filters.Get("status")), Order: gdap.ByCreation, Descending: true, Size: l.view.Size, After: l.view.After}
	if l.view.Before != "" || l.view.AtLast {
		q.After, q.Backward = l.view.Before, true
	}
	return q
}

func (l *listing) read() (err error) {
	l.page, err = visit.Do(l.Visit, gdap.List, l.query())
	if errors.Is(err, refusal.Argument) && (l.view.After != "" || l.view.Before != "") {
		l.view = l.view.First() // an old bookmark
		l.page, err = visit.Do(l.Visit, gdap.List, l.query())
	}
	if err != nil {
		return err
	}
	if l.total, err = visit.Do(l.Visit, gdap.Count, l.query()); err != nil {
		return err
	}
	l.groups, err = visit.Do(l.Visit, gdap.CountGroups, l.customer.ID)
	return err
}

// standing warns of roles that nobody can use (rule F8).
func (l *listing) standing() []block.Message {
	var idle []string
	for _, r := range l.page.Relationships {
		if r.Status == gdap.Active && l.groups[r.ID] == 0 {
			idle = append(idle, r.Name)
		}
	}
	if len(idle) == 0 {
		return nil
	}
	return []block.Message{{Tone: block.Warning, Title: l.T("gdappage.no_group_title"), Text: l.T("gdappage.no_group_text", "Names", l.List(idle))}}
}

func (l *listing) commands() block.CommandBar {
	export := block.View{Filters: l.view.Filters}.URL(l.path() + "/export")
	return block.CommandBar{
		Table: listID,
		Commands: []block.Command{
			{Label: l.T("gdappage.request.title"), Icon: icon.Add, Kind: block.Primary, Href: l.path() + "/new", Key: "n", Reason: l.Reason("gdap.request", true)},
			{Label: l.T("gdappage.extend"), Icon: icon.Refresh, Href: l.path() + "/extend/ask", Dialog: true, Post: true, Needs: block.Some, Reason: l.Reason("gdap.end", true)},
			{Label: l.T("gdappage.terminate"), Icon: icon.Dismiss, Href: l.path() + "/terminate", Dialog: true, Needs: block.One, Reason: l.Reason("gdap.end", true)},
			{Label: l.T("gdappage.access.title"), Icon: icon.PersonKey, Href: accessPath(l.customer.ID)},
			{Label: l.T("gdappage.export"), Icon: icon.Download, Href: export, Key: "e"},
		},
		Tools: []block.Command{{Label: l.T("common.refresh"), Icon: icon.Refresh, Href: l.view.URL(l.path()), Key: "r"}},
	}
}

func (l *listing) table() block.Table {
	t := block.Table{
		ID: listID, Caption: l.T("gdappage.title"), Base: l.path(), View: l.view, Total: l.total,
		Previous: l.page.Previous, Next: l.page.Next, Selectable: true, CSRF: l.CSRF(),
		Columns: append([]block.Column{{Key: "name", Title: l.T("common.name"), Fixed: true}}, columns(l.Printer)...),
		Filters: []block.Filter{{Key: "status", Label: l.T("common.status"), Options: l.statuses()}},
		Empty:   block.EmptyState{Title: l.T("gdappage.empty"), Text: l.T("gdappage.empty_text")},
	}
	for _, r := range l.page.Relationships {
		t.Rows = append(t.Rows, block.Row{ID: r.ID, Name: r.Name, Cells: []block.Cell{
			{Text: r.Name, Href: visit.DelegationPath(l.customer.ID, r.ID)},
			{Badge: l.DelegationStatus(r.Status)},
			{Text: l.Number(int64(len(r.Roles))), Sub: farReaching(l.Visit, r.Roles)},
			groupsCell(l.Visit, r, l.groups[r.ID]),
			{Text: onOff(l.Printer, r.Permanent())},
			{Text: l.Date(r.ActivatedAt)},
			{Text: l.Date(endOf(r))},
			{Text: l.DelegationSource(r.Source)},
		}})
	}
	return t
}

// columns are those behind the name.
func columns(p *lang.Printer) []block.Column {
	return []block.Column{
		{Key: "status", Title: p.T("common.status"), Nowrap: true},
		{Key: "roles", Title: p.T("gdappage.column.roles"), Number: true},
		{Key: "groups", Title: p.T("gdappage.column.groups")},
		{Key: "extend", Title: p.T("delegationpage.extend"), Nowrap: true},
		{Key: "start", Title: p.T("gdappage.column.start"), Nowrap: true},
		{Key: "end", Title: p.T("gdappage.column.end"), Nowrap: true},
		{Key: "source", Title: p.T("gdappage.column.source")},
	}
}

func (l *listing) statuses() []block.Option {
	options := make([]block.Option, len(lasting))
	for i, s := range lasting {
		options[i] = block.Option{Value: string(s), Label: l.DelegationStatus(s).Text}
	}
	return options
}

// endOf is when r ended or is going to, zero while it has not begun.
func endOf(r gdap.Relationship) time.Time {
	if r.Status.Over() {
		return r.EndedAt
	}
	return r.EndsAt
}

// farReaching says that some of the roles need care, "" when none do.
func farReaching(v *visit.Visit, roles gdap.Set) string {
	if n := roles.Privileged(); n > 0 {
		return v.N("gdappage.privileged_n", int64(n))
	}
	return ""
}

// groupsCell says how many groups have roles of r, and warns when an active one
// has none: nobody can use it (rule F8).
func groupsCell(v *visit.Visit, r gdap.Relationship, groups int64) block.Cell {
	switch {
	case r.Status != gdap.Active:
		return block.Cell{}
	case groups == 0:
		return block.Cell{Badge: block.Badge{Tone: block.Warning, Text: v.T("gdappage.no_group")}}
	}
	return block.Cell{Text: v.Number(groups)}
}

func onOff(p *lang.Printer, on bool) string {
	if on {
		return p.T("common.on")
	}
	return p.T("common.off")
}

// export sends the relationships that the filter leaves as a spreadsheet; with
// raw=1 its titles are English, for programs.
func export(v *visit.Visit) error {
	r, err := openRecord(v)
	if err != nil {
		return err
	}
	l := &listing{record: r, view: listView(v)}
	if l.groups, err = visit.Do(v, gdap.CountGroups, r.customer.ID); err != nil {
		return err
	}
	p := v.Printer
	if v.Query("raw") == "1" {
		p = lang.For("en")
	}
	head := []string{p.T("common.name"), p.T("gdappage.column.id")}
	for _, c := range columns(p) {
		head = append(head, c.Title)
	}
	words := &visit.Visit{Printer: p}
	return v.Export("AdminRelationships.csv", head, func(s *visit.Spreadsheet) error {
		q := gdap.Query{Customer: r.customer.ID, Status: gdap.Status(l.view.Filters.Get("status")), Order: gdap.ByCreation, Descending: true, Size: gdap.MaxPage}
		for {
			page, err := visit.Do(v, gdap.List, q)
			if err != nil {
				return err
			}
			for _, one := range page.Relationships {
				if err := s.Row(cells(words, one, l.groups[one.ID])...); err != nil {
					return err
				}
			}
			if q.After = page.Next; q.After == "" {
				return nil
			}
		}
	})
}

// cells are those of a line of the spreadsheet: dates as ISO 8601 writes them.
func cells(v *visit.Visit, r gdap.Relationship, groups int64) []string {
	day := func(at time.Time) string {
		if at.IsZero() {
			return ""
		}
		return at.Format(time.DateOnly)
	}
	return []string{
		r.Name, r.ID, v.DelegationStatus(r.Status).Text, strings.Join(r.Roles.Names(), "; "), strconv.FormatInt(groups, 10),
		onOff(v.Printer, r.Permanent()), day(r.ActivatedAt), day(endOf(r)), v.DelegationSource(r.Source),
	}
}
