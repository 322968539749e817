// Package notices holds the pages about what people are told: notices and actions,
// preferences (P-20), and the operator's view of mail (V-14).
package notices

import (
	"net/http"

	"comptoir/internal/notice"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
)

// The addresses of the pages.
const (
	archivePath     = visit.NotificationsPath + "/archive"
	preferencesPath = visit.NotificationsPath + "/preferences"
	addressPath     = visit.NotificationsPath + "/address"
	readPath        = visit.NotificationsPath + "/read"
	restorePath     = visit.NotificationsPath + "/restore"
)

// Pages lists the pages of the package by their pattern.
func Pages() map[string]visit.Page {
	return map[string]visit.Page{
		"GET " + visit.NotificationsPath:           list,
		"GET " + visit.NoticePanelPath:             panel,
		"GET " + visit.NotificationsPath + "/{id}": open,
		"POST " + readPath:                         markRead,
		"GET " + archivePath:                       list,
		"POST " + archivePath:                      archive,
		"POST " + restorePath:                      restore,
		"GET " + preferencesPath:                   preferences,
		"POST " + preferencesPath:                  savePreferences,
		"GET " + addressPath:                       preferences,
		"POST " + addressPath:                      changeAddress,
		"POST " + addressPath + "/confirm":         confirmAddress,
		"GET " + visit.MailPath:                    mails,
		"GET " + onePath:                           showMail,
		"GET " + onePath + "/download":             downloadMail,
		"GET " + onePath + "/page":                 mailPage,
		"POST " + onePath + "/resend":              resendMail,
		"POST " + resendPath:                       resendAll,
		"POST " + eventsPath:                       retryEvents,
	}
}

// inbox is the list of the reader's notices, or of those that he put away.
type inbox struct {
	*visit.Visit
	view     block.View
	archived bool
	page     notice.Listing
	actions  []notice.Action
}

// base is the address of the list.
func (i *inbox) base() string {
	if i.archived {
		return archivePath
	}
	return visit.NotificationsPath
}

func list(v *visit.Visit) error {
	i := &inbox{Visit: v, view: block.ParseView(v.Request.URL.Query()), archived: v.Request.URL.Path == archivePath}
	var err error
	i.page, err = visit.Do(v, notice.List, notice.Page{Archived: i.archived, After: i.view.After, Limit: i.view.Size})
	if err != nil {
		return err
	}
	if !i.archived {
		if i.actions, err = visit.Do(v, notice.Actions, struct{}{}); err != nil {
			return err
		}
	}
	return v.Show(listPage(i, frame(v, i.base())))
}

// frame is what stands around the pages of the reader's own notices.
func frame(v *visit.Visit, here string) block.Frame {
	f := v.Frame(v.T("notice.page.title"), visit.Notifications)
	f.Subtitle = v.T("notice.page.subtitle")
	f.Tabs = []block.Tab{
		{Label: v.T("notice.page.tab"), Href: visit.NotificationsPath, Current: here == visit.NotificationsPath, Count: f.Bell.Unread},
		{Label: v.T("notice.page.archive"), Href: archivePath, Current: here == archivePath},
		{Label: v.T("notice.page.preferences"), Href: preferencesPath, Current: here == preferencesPath},
	}
	f.Help = block.Help{Title: v.T("notice.page.title"), Text: []string{v.T("notice.help.notices"), v.T("notice.help.actions"), v.T("notice.help.mail")}}
	return f
}

// tableID names the list.
const tableID = "notices"

func (i *inbox) commands() block.CommandBar {
	bar := block.CommandBar{Table: tableID}
	switch {
	case len(i.page.Notices) == 0:
	case i.archived:
		bar.Commands = []block.Command{{Label: i.T("notice.page.restore"), Icon: icon.Undo, Href: restorePath, Post: true, Needs: block.Some}}
	default:
		bar.Commands = []block.Command{
			{Label: i.T("notice.page.read"), Icon: icon.Check, Href: readPath, Post: true, Needs: block.Some},
			{Label: i.T("notice.page.put_away"), Icon: icon.Box, Href: archivePath, Post: true, Needs: block.Some},
		}
	}
	return bar
}

func (i *inbox) table() block.Table {
	t := table(i.Visit, i.page.Notices)
	t.Base, t.Selectable, t.CSRF = i.base(), true, i.CSRF()
	t.Columns = append(t.Columns, block.Column{Key: "category", Title: i.T("notice.column.category")}, block.Column{Key: "at", Title: i.T("notice.column.at"), Nowrap: true})
	for n, one := range i.page.Notices {
		t.Rows[n].Cells = append(t.Rows[n].Cells, block.Cell{Text: i.T(one.Category().Key())}, block.Cell{Body: block.Time(i.Printer, one.At)})
	}
	t.Empty = block.EmptyState{Title: i.T("notice.empty"), Text: i.T("notice.empty_text")}
	if i.archived {
		t.Empty = block.EmptyState{Title: i.T("notice.archive.empty"), Text: i.T("notice.archive.empty_text")}
	}
	return t
}

// table lists notices with their state.
func table(v *visit.Visit, all []notice.Notice) block.Table {
	t := block.Table{ID: tableID, Caption: v.T("notice.page.title"), Base: visit.NotificationsPath, Small: true, Columns: []block.Column{
		{Key: "title", Title: v.T("notice.column.title")}, {Key: "state", Title: v.T("notice.column.state"), Nowrap: true},
	}}
	for _, n := range all {
		title := n.Title(v.Printer)
		t.Rows = append(t.Rows, block.Row{ID: n.ID, Name: title, Cells: []block.Cell{
			{Text: title, Sub: n.Text(v.Printer), Href: pathOf(n)}, {Badge: state(v, n)},
		}})
	}
	return t
}

// pathOf opens a notice: it is read then, and the reader is led on.
func pathOf(n notice.Notice) string { return visit.NotificationsPath + "/" + n.ID }

// state says whether a notice is new, in the tone of the news.
func state(v *visit.Visit, n notice.Notice) block.Badge {
	if !n.Unread {
		return block.Badge{Text: v.T("notice.state.read"), Icon: icon.Check}
	}
	tone := [...]block.Tone{notice.Info: block.Info, notice.Success: block.Success, notice.Warning: block.Warning, notice.Danger: block.Danger}[n.Tone()]
	return block.Badge{Tone: tone, Text: v.T("notice.state.new")}
}

// open marks a notice as read and leads to what it is about.
func open(v *visit.Visit) error {
	n, err := visit.Do(v, notice.Open, v.Request.PathValue("id"))
	if err != nil {
		return err
	}
	to := n.Path()
	if to == "" {
		to = visit.NotificationsPath
	}
	http.Redirect(v.Writer, v.Request, to, http.StatusSeeOther)
	return nil
}

func selection(v *visit.Visit) notice.Selection {
	return notice.Selection{IDs: v.Forms("id"), All: v.Form("all") == "yes"}
}

func markRead(v *visit.Visit) error {
	if _, err := visit.Do(v, notice.MarkRead, selection(v)); err != nil {
		return err
	}
	return v.Redirect(visit.LocalAddress(v.Form("back"), visit.NotificationsPath))
}

func archive(v *visit.Visit) error {
	if _, err := visit.Do(v, notice.Archive, selection(v)); err != nil {
		return err
	}
	v.Toast(v.T("notice.archived"))
	return v.Redirect(visit.NotificationsPath)
}

func restore(v *visit.Visit) error {
	if _, err := visit.Do(v, notice.Restore, selection(v)); err != nil {
		return err
	}
	return v.Redirect(archivePath)
}

// panelShown is how many notices the bell shows.
const panelShown = 8

// panel is the pane of the bell (portal 0.1).
func panel(v *visit.Visit) error {
	page, err := visit.Do(v, notice.List, notice.Page{Limit: panelShown})
	if err != nil {
		return err
	}
	actions, err := visit.Do(v, notice.Actions, struct{}{})
	if err != nil {
		return err
	}
	d := block.Pane{
		Title: v.T("notice.page.title"), Close: visit.LocalAddress(v.Query("back"), visit.NotificationsPath),
		Links: []block.Link{{Label: v.T("notice.panel.all"), Href: visit.NotificationsPath}, {Label: v.T("notice.page.preferences"), Href: preferencesPath}},
	}
	return v.Show(panelPage(v, d, actions, page.Notices))
}

// weight says whether an action is mandatory.
func weight(v *visit.Visit, a notice.Action) block.Badge {
	if a.Mandatory {
		return block.Badge{Tone: block.Warning, Text: v.T("notice.actions.mandatory")}
	}
	return block.Badge{Tone: block.Info, Text: v.T("notice.actions.recommended"), Icon: icon.Star}
}

// advice is what an action asks for.
func advice(v *visit.Visit, a notice.Action) block.Message {
	m := block.Message{Tone: block.Info}
	if a.Mandatory {
		m.Tone = block.Warning
	}
	link := func(label, href string) { m.Links = []block.Link{{Label: label, Href: href}} }
	switch a.Kind {
	case notice.SignAgreement:
		m.Title, m.Text = v.T("notice.action.sign_agreement"), v.T("notice.action.sign_agreement_text")
		link(v.T("notice.action.sign_agreement_link"), visit.AccountSettingsPath+"/agreements")
	case notice.VerifyPartner:
		m.Title, m.Text = v.T("notice.action.verify_partner"), v.T("notice.action.verify_partner_text")
		link(v.T("settings.title"), visit.AccountSettingsPath)
	case notice.AddressPending:
		m.Title, m.Text = v.T("notice.action.confirm_address"), v.T("notice.action.confirm_address_text", "Address", a.Detail)
		link(v.T("notice.page.preferences"), preferencesPath)
	case notice.SecondAdmin:
		m.Title, m.Text = v.T("notice.action.second_admin"), v.T("notice.action.second_admin_text")
		link(v.T("notice.action.second_admin_link"), visit.AccountSettingsPath+"/users")
	case notice.SecondFactor:
		m.Title, m.Text = v.T("notice.action.second_factor"), v.T("notice.action.second_factor_text")
		if security := v.Site().Security; security != "" {
			link(v.T("notice.action.second_factor_link"), security)
		}
	case notice.NotApproved:
		m.Title, m.Text = v.N("notice.action.not_approved", a.Count), v.T("notice.action.not_approved_text")
		link(v.T("notice.action.not_approved_link"), visit.CustomersPath+"?status=NotAllowed")
	}
	return m
}
