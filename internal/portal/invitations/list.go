package invitations

import (
	"comptoir/internal/fault"
	"comptoir/internal/invitation"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
)

// listID names the table of invitations.
const listID = "invitations"

// byState is the filter of the list, as a member of its address.
const byState = "state"

// listing is what the list shows (P-4b).
type listing struct {
	*visit.Visit
	view  block.View
	page  invitation.Page
	added string // the invitation that was just made; its row is marked
}

func list(v *visit.Visit) error {
	l := &listing{Visit: v, view: viewOf(v), added: v.Query("added")}
	if v.Wants("pane") {
		pane, err := l.pane()
		if err != nil {
			return err
		}
		return v.Show(pane)
	}
	var err error
	if l.page, err = visit.Do(v, invitation.List, query(l.view)); err != nil {
		return err
	}
	if v.Wants(listID) {
		return v.Show(block.DataTable(v.Printer, l.table()))
	}
	f := v.Frame(v.T("invitepage.list.title"), visit.Customers)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: v.T("portal.customers"), Href: visit.CustomersPath})
	f.Subtitle = v.T("invitepage.list.subtitle")
	f.Tabs, f.Commands, f.Help, f.Fill = v.CustomerTabs(visit.InvitationsPath), l.commands(), help(v), true
	if l.view.Open != "" {
		pane, err := l.pane()
		switch {
		case fault.KindOf(err) == fault.NotFound: // an old bookmark
			l.view = l.view.Opened("")
		case err != nil:
			return err
		default:
			f.Pane = pane
		}
	}
	return v.Show(listPage(l, f))
}

// viewOf is the state of the list, without what means nothing.
func viewOf(v *visit.Visit) block.View {
	view := block.ParseView(v.Request.URL.Query(), byState)
	if state := view.Filters.Get(byState); state != "" && !invitation.IsState(state) {
		view = view.Without(byState)
	}
	if view.Sort != sortCreated {
		view.Sort, view.Desc = sortCreated, true
	}
	return view
}

// sortCreated is the one order of the list.
const sortCreated = "created"

// query is what a state of the list asks for.
func query(view block.View) invitation.Query {
	q := invitation.Query{State: invitation.State(view.Filters.Get(byState)), Oldest: !view.Desc, Size: view.Size, Cursor: view.After}
	if view.Before != "" || view.AtLast {
		q.Cursor, q.Backward = view.Before, true
	}
	return q
}

func (l *listing) table() block.Table {
	t := block.Table{
		ID: listID, Caption: l.T("invitepage.list.title"), Base: visit.InvitationsPath, View: l.view,
		Total: l.page.Total, AtLeast: l.page.AtLeast, Previous: l.page.Previous, Next: l.page.Next,
		Columns: l.columns(), Filters: []block.Filter{l.filter()}, Selectable: true, Panes: true, CSRF: l.CSRF(), Empty: l.empty(),
	}
	for _, i := range l.page.Invitations {
		t.Rows = append(t.Rows, l.row(i))
	}
	return t
}

func (l *listing) columns() []block.Column {
	return []block.Column{
		{Key: "recipient", Title: l.T("invitepage.column.recipient"), Fixed: true},
		{Key: "type", Title: l.T("invitepage.column.type"), Nowrap: true},
		{Key: "provider", Title: l.T("invitepage.column.provider"), Hidden: !l.joins(), Yields: true},
		{Key: "by", Title: l.T("invitepage.column.by"), Yields: true},
		{Key: sortCreated, Title: l.T("invitepage.column.created"), Sorts: true, Nowrap: true},
		{Key: "expires", Title: l.T("invitepage.column.expires"), Nowrap: true},
		{Key: "state", Title: l.T("invitepage.column.state"), Nowrap: true},
		{Key: "customer", Title: l.T("invitepage.column.customer")},
		{Key: "source", Title: l.T("invitepage.field.source"), Hidden: true},
	}
}

// joins reports whether the reader's organization invites together with providers.
func (l *listing) joins() bool { return l.Actor.Org&policy.IndirectReseller != 0 }

func (l *listing) row(i invitation.Invitation) block.Row {
	name := recipient(l.Visit, i)
	first := block.Cell{Text: name}
	if i.Recipient.Name != "" {
		first.Sub = i.Recipient.Email
	}
	return block.Row{ID: i.ID, Name: name, Marked: i.ID == l.added, Cells: []block.Cell{
		first,
		{Text: kind(l.Visit, i)},
		{Text: i.ProviderName},
		{Text: i.ByName},
		{Text: l.Date(i.CreatedAt)},
		{Text: l.Date(i.ExpiresAt)},
		{Badge: badge(l.Visit, i.State)},
		customerCell(i),
		{Text: sourceName(l.Visit, i.Source)},
	}}
}

// recipient is to whom the message goes, as far as the partner has said it.
func recipient(v *visit.Visit, i invitation.Invitation) string {
	switch {
	case i.Recipient.Name != "":
		return i.Recipient.Name
	case i.Recipient.Email != "":
		return i.Recipient.Email
	}
	return v.T("invitepage.recipient.none")
}

func kind(v *visit.Visit, i invitation.Invitation) string {
	if i.Provider != "" {
		return v.T("invitepage.type.joint")
	}
	return v.T("invitepage.type.own")
}

// customerCell leads to the customer that has accepted, while it is one.
func customerCell(i invitation.Invitation) block.Cell {
	c := block.Cell{Text: i.Name}
	if i.State == invitation.Accepted && i.Related {
		c.Href = visit.AccountPath(i.Customer)
	}
	return c
}

func badge(v *visit.Visit, s invitation.State) block.Badge {
	b := block.Badge{Text: v.T(s.Key())}
	switch s {
	case invitation.Open:
		b.Tone, b.Icon = block.Info, icon.Pending
	case invitation.Accepted:
		b.Tone = block.Success
	case invitation.Declined:
		b.Tone = block.Danger
	case invitation.Expired:
		b.Tone, b.Icon = block.Warning, icon.Clock
	case invitation.Withdrawn:
		b.Icon = icon.Undo
	}
	return b
}

func (l *listing) filter() block.Filter {
	f := block.Filter{Key: byState, Label: l.T("invitepage.column.state")}
	for _, s := range invitation.States() {
		f.Options = append(f.Options, block.Option{Value: string(s), Label: l.T(s.Key())})
	}
	return f
}

func (l *listing) commands() block.CommandBar {
	bar := block.CommandBar{Table: listID, Commands: []block.Command{{
		Label: l.T("invitepage.request"), Icon: icon.Handshake, Kind: block.Primary, Href: visit.InvitePath, Key: "n", Reason: l.Reason("relationship.invite", true),
	}}}
	if l.joins() {
		bar.Commands = append(bar.Commands, block.Command{
			Label: l.T("invitepage.request_joint"), Icon: icon.Organization, Href: visit.JointInvitePath, Reason: l.Reason("relationship.invite.joint", true),
		})
	}
	export := exportPath
	if state := l.view.Filters.Get(byState); state != "" {
		export += "?" + byState + "=" + state
	}
	bar.Commands = append(
		bar.Commands,
		block.Command{Label: l.T("invitepage.open_draft"), Icon: icon.Mail, Href: messagePath, Needs: block.One},
		block.Command{Label: l.T("invitepage.copy_link"), Icon: icon.Link, Href: linkPath, Dialog: true, Needs: block.One},
		block.Command{
			Label: l.T("invitepage.withdraw"), Icon: icon.Undo, Href: withdrawPath, Dialog: true, Needs: block.One, Reason: l.Reason("relationship.invite.withdraw", true),
		},
		block.Command{Label: l.T("invitepage.export"), Icon: icon.Download, Href: export, Key: "e"},
	)
	bar.Tools = []block.Command{{Label: l.T("common.refresh"), Icon: icon.Refresh, Href: l.view.URL(visit.InvitationsPath), Key: "r"}}
	return bar
}

func (l *listing) empty() block.EmptyState {
	e := block.EmptyState{Title: l.T("invitepage.empty.title"), Text: l.T("invitepage.empty.text"), Actions: []block.Button{
		{Label: l.T("invitepage.request"), Kind: block.Primary, Href: visit.InvitePath, Reason: l.Reason("relationship.invite", true)},
	}}
	if l.joins() {
		e.Actions = append(e.Actions, block.Button{Label: l.T("invitepage.request_joint"), Href: visit.JointInvitePath, Reason: l.Reason("relationship.invite.joint", true)})
	}
	return e
}

// exportPage is how many invitations a spreadsheet reads at a time.
const exportPage = 500

// export sends the invitations that the filter leaves as a spreadsheet.
func export(v *visit.Visit) error {
	head := []string{
		v.T("invitepage.field.name"), v.T("invitepage.field.email"), v.T("invitepage.column.type"), v.T("invitepage.column.provider"), v.T("invitepage.column.by"),
		v.T("invitepage.column.created"), v.T("invitepage.column.expires"), v.T("invitepage.column.state"), v.T("invitepage.column.customer"),
		v.T("portal.tenant_id"), v.T("invitepage.field.source"),
	}
	q := query(viewOf(v).First())
	q.Size = exportPage
	return v.Export("Invitations.csv", head, func(s *visit.Spreadsheet) error {
		for {
			page, err := visit.Do(v, invitation.List, q)
			if err != nil {
				return err
			}
			for _, i := range page.Invitations {
				err := s.Row(i.Recipient.Name, i.Recipient.Email, kind(v, i), i.ProviderName, i.ByName, iso(i.CreatedAt), iso(i.ExpiresAt),
					v.T(i.State.Key()), i.Name, string(i.Customer), sourceName(v, i.Source))
				if err != nil {
					return err
				}
			}
			if q.Cursor = page.Next; q.Cursor == "" {
				return nil
			}
		}
	})
}
