package people

import (
	"errors"

	"comptoir/internal/identity"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

// listID names the table of people.
const listID = "users"

// listing is a list of people.
type listing struct {
	*visit.Visit
	*Directory
	base string // its address
	view block.View
	page identity.UserPage
}

// open reads a page of people. A cursor that is none any more, as in an old
// bookmark, shows the first page.
func (d *Directory) open(v *visit.Visit, base string, in identity.UserList) (*listing, error) {
	if err := d.enter(v); err != nil {
		return nil, err
	}
	l := &listing{Visit: v, Directory: d, base: base, view: block.ParseView(v.Request.URL.Query(), "role", "status")}
	err := l.read(in)
	if errors.Is(err, refusal.Argument) && (l.view.After != "" || l.view.Before != "") {
		l.view = l.view.First()
		err = l.read(in)
	}
	return l, err
}

func (l *listing) read(in identity.UserList) (err error) {
	in.Search, in.Size, in.After, in.Before, in.Last = l.view.Search, l.view.Size, l.view.After, l.view.Before, l.view.AtLast
	if role, known := policy.ParseRole(l.view.Filters.Get("role")); known {
		in.Role = role
	}
	switch status := identity.UserStatus(l.view.Filters.Get("status")); status {
	case identity.UserActive, identity.UserBlocked:
		in.Status = status
	case identity.UserDeleted:
	}
	l.page, err = visit.Do(l.Visit, l.Directory.List, in)
	return err
}

func (d *Directory) list(v *visit.Visit) error {
	l, err := d.open(v, d.Path, identity.UserList{})
	if err != nil {
		return err
	}
	if v.Wants(listID) {
		return v.Show(block.DataTable(v.Printer, l.table()))
	}
	f := d.frame(v, d.Words.Title(v), false)
	f.Subtitle = d.Words.Subtitle(v)
	f.Help = block.Help{Title: d.Words.Title(v), Text: d.Words.Help(v), Roles: v.RolesFor(d.Action, true)}
	f.Commands = block.CommandBar{
		Commands: []block.Command{{Label: v.T("settings.users.add"), Icon: icon.Add, Kind: block.Primary, Href: d.newPath(), Key: "n", Reason: v.Reason(d.Action, true)}},
		Tools:    []block.Command{{Label: v.T("common.refresh"), Icon: icon.Refresh, Href: l.view.URL(d.Path), Key: "r"}},
	}
	if d.Restore != nil {
		f.Commands.Commands = append(f.Commands.Commands, block.Command{Label: v.T("adminportal.users.deleted"), Icon: icon.Undo, Href: d.deletedPath()})
	}
	return v.Show(listPage(l, f, l.table()))
}

// table lists people in the order of their names.
func (l *listing) table() block.Table {
	t := l.frameTable(l.Words.Title(l.Visit))
	t.Search = l.T("settings.users.search")
	t.Columns = []block.Column{
		{Key: "name", Title: l.T("common.name"), Fixed: true},
		{Key: "user", Title: l.T("portal.profile.user_name")},
		{Key: "roles", Title: l.T("portal.profile.roles")},
		{Key: "factor", Title: l.T("settings.security.factor")},
		{Key: "status", Title: l.T("common.status"), Nowrap: true},
		{Key: "created", Title: l.T("customers.column.created"), Hidden: true, Nowrap: true},
	}
	t.Filters = []block.Filter{
		{Key: "role", Label: l.T("settings.users.role"), Options: RoleOptions(l.Visit, l.roles())},
		{Key: "status", Label: l.T("common.status"), Options: []block.Option{
			{Value: string(identity.UserActive), Label: l.T("common.active")},
			{Value: string(identity.UserBlocked), Label: l.T("settings.users.blocked")},
		}},
	}
	if l.Locates {
		t.Columns = append(t.Columns, block.Column{Key: "location", Title: l.T("adminportal.users.location")})
	}
	for _, u := range l.page.Users {
		row := block.Row{ID: string(u.ID), Name: u.DisplayName, Cells: []block.Cell{
			{Text: u.DisplayName, Href: l.PathOf(u.ID)},
			{Text: u.Name},
			{Text: l.Visit.List(RoleWords(l.Visit, u.Roles))},
			{Badge: factorBadge(l.Visit, u)},
			{Badge: statusBadge(l.Visit, u)},
			{Text: l.Date(u.CreatedAt)},
		}}
		if l.Locates {
			row.Cells = append(row.Cells, block.Cell{Text: l.Country(u.UsageLocation)})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// frameTable is a table with what turns its pages. The total is known where
// nothing narrows the list.
func (l *listing) frameTable(caption string) block.Table {
	t := block.Table{
		ID: listID, Caption: caption, Base: l.base, View: l.view,
		Previous: l.page.Previous, Next: l.page.Next, Total: l.page.Total,
	}
	if l.view.Narrowed() || l.base != l.Path {
		t.AtLeast, t.Total = l.page.Next != "" || l.page.Previous != "", int64(max(l.view.Page-1, 0)*l.view.Size+len(l.page.Users))
	}
	return t
}

// listDeleted lists who can be restored (rule J3).
func (d *Directory) listDeleted(v *visit.Visit) error {
	l, err := d.open(v, d.deletedPath(), identity.UserList{Status: identity.UserDeleted})
	if err != nil {
		return err
	}
	if v.Wants(listID) {
		return v.Show(block.DataTable(v.Printer, l.deletedTable()))
	}
	f := d.frame(v, v.T("adminportal.users.deleted"), true)
	f.Subtitle = v.T("adminportal.users.deleted_text")
	return v.Show(listPage(l, f, l.deletedTable()))
}

func (l *listing) deletedTable() block.Table {
	t := l.frameTable(l.T("adminportal.users.deleted"))
	t.Search = l.T("settings.users.search")
	t.Empty = block.EmptyState{Title: l.T("adminportal.users.deleted_none"), Text: l.T("adminportal.users.deleted_text")}
	t.Columns = []block.Column{
		{Key: "name", Title: l.T("common.name"), Fixed: true},
		{Key: "user", Title: l.T("portal.profile.user_name")},
		{Key: "deleted", Title: l.T("adminportal.users.deleted_at"), Nowrap: true},
		{Key: "until", Title: l.T("adminportal.users.restorable_until"), Nowrap: true},
	}
	for _, u := range l.page.Users {
		t.Rows = append(t.Rows, block.Row{ID: string(u.ID), Name: u.DisplayName, Cells: []block.Cell{
			{Text: u.DisplayName, Href: l.PathOf(u.ID)}, {Text: u.Name}, {Text: l.Date(u.DeletedAt)}, {Text: l.Date(u.RestorableUntil())},
		}})
	}
	return t
}

// statusBadge is whether somebody can sign in.
func statusBadge(v *visit.Visit, u identity.User) block.Badge {
	switch {
	case u.Status == identity.UserDeleted:
		return block.Badge{Tone: block.Neutral, Text: v.T("adminportal.users.is_deleted"), Icon: icon.Delete}
	case u.Status == identity.UserBlocked:
		return block.Badge{Tone: block.Danger, Text: v.T("settings.users.blocked"), Icon: icon.Blocked}
	case u.MustChange:
		return block.Badge{Tone: block.Info, Text: v.T("settings.users.temporary"), Icon: icon.Pending}
	}
	return block.Badge{Tone: block.Success, Text: v.T("common.active")}
}

// factorBadge is which second factor somebody has.
func factorBadge(v *visit.Visit, u identity.User) block.Badge {
	switch {
	case u.Factors&identity.FactorPasskey != 0:
		return block.Badge{Tone: block.Success, Text: v.T("settings.security.passkey")}
	case u.Factors&identity.FactorTOTP != 0:
		return block.Badge{Tone: block.Success, Text: v.T("settings.security.totp")}
	}
	return block.Badge{Tone: block.Warning, Text: v.T("settings.security.no_factor")}
}
