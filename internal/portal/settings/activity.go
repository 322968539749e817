package settings

import (
	"time"

	"comptoir/internal/activity"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

// activityID names the table of the log.
const activityID = "activity"

// The filters of the log, as members of its address.
const (
	sinceDay = "from"
	untilDay = "to"
	byAction = "action"
	byStatus = "status"
	byTenant = "customer" // the id of one customer
	byUser   = "user"     // what the search looks for; else customers
)

// activityLog is the list of what was done (P-19, rules K1 to K4).
type activityLog struct {
	*visit.Visit
	view block.View
	page activity.Page
}

func newActivityLog(v *visit.Visit) *activityLog {
	l := &activityLog{Visit: v, view: block.ParseView(v.Request.URL.Query(), sinceDay, untilDay, byAction, byStatus, byTenant)}
	if _, ok := day(l.view.Filters.Get(sinceDay)); !ok {
		l.view.Filters.Set(sinceDay, l.lastMonth().Format(time.DateOnly))
	}
	if _, ok := day(l.view.Filters.Get(untilDay)); !ok {
		l.view.Filters.Del(untilDay)
	}
	return l
}

// lastMonth is the day on which the log begins unless the reader chooses another
// (rule K1).
func (l *activityLog) lastMonth() time.Time { return l.Kernel().Clock.Now().AddDate(0, -1, 0) }

// day reads the value of a date field.
func day(text string) (time.Time, bool) {
	t, err := time.Parse(time.DateOnly, text)
	return t, err == nil
}

func listActivity(v *visit.Visit) error {
	if err := enter(v); err != nil {
		return err
	}
	l := newActivityLog(v)
	if v.Wants("pane") {
		return l.showPane()
	}
	var err error
	if l.page, err = visit.Do(v, activity.List, l.query()); err != nil {
		return err
	}
	if v.Wants(activityID) {
		return v.Show(block.DataTable(v.Printer, l.table()))
	}
	f := v.Frame(v.T("settings.activity.title"), visit.AccountSettings)
	inside(v, &f, activityPath)
	f.Subtitle = v.T("settings.activity.subtitle")
	f.Commands, f.Help, f.Fill = l.commands(), l.help(), true
	if l.view.Open != "" {
		r, err := l.open()
		switch {
		case fault.KindOf(err) == fault.NotFound: // the address is of somebody else
			l.view = l.view.Opened("")
		case err != nil:
			return err
		default:
			f.Pane = entryPane(&entryView{Visit: v, record: r, back: l.view.Opened("")})
		}
	}
	return v.Show(activityPage(l, f))
}

// query is what the state of the list asks for. Values that mean nothing are left
// out: an old bookmark shows a list, not an error.
func (l *activityLog) query() activity.Query {
	q := activity.Query{
		Operation: l.view.Filters.Get(byAction), Limit: l.view.Size, Before: l.view.After, After: l.view.Before, Oldest: l.view.AtLast,
	}
	q.From, _ = day(l.view.Filters.Get(sinceDay))
	if until, ok := day(l.view.Filters.Get(untilDay)); ok {
		q.To = until.AddDate(0, 0, 1) // the day itself is part of it
	}
	if tenant, ok := id.Parse(l.view.Filters.Get(byTenant)); ok {
		q.Customer = id.Tenant(tenant)
	}
	switch status := l.view.Filters.Get(byStatus); status {
	case op.Succeeded, op.Failed, op.Progress:
		q.Status = status
	}
	if l.view.By == byUser {
		q.UserName = l.view.Search
	} else {
		q.CustomerName = l.view.Search
	}
	return q
}

func (l *activityLog) commands() block.CommandBar {
	state := block.View{Search: l.view.Search, By: l.view.By, Filters: l.view.Filters}
	return block.CommandBar{
		Commands: []block.Command{{Label: l.T("settings.activity.export"), Icon: icon.Export, Href: state.URL(exportPath), Key: "e"}},
		Tools:    []block.Command{{Label: l.T("common.refresh"), Icon: icon.Refresh, Href: l.view.URL(activityPath), Key: "r"}},
	}
}

func (l *activityLog) help() block.Help {
	return block.Help{
		Title: l.T("settings.activity.title"),
		Text: []string{
			l.T("settings.activity.help.entry"), l.T("settings.activity.help.span"), l.T("settings.activity.help.refused"), l.T("settings.activity.help.export"),
		},
		Roles: l.RolesFor("activity.view", false),
	}
}

// open returns the record whose pane the address opens.
func (l *activityLog) open() (activity.Record, error) {
	record, ok := id.Parse(l.view.Open)
	if !ok {
		return activity.Record{}, refusal.NotFound
	}
	return visit.Do(l.Visit, activity.Show, activity.Key{ID: record})
}

// showPane answers the browser when it opens a row.
func (l *activityLog) showPane() error {
	r, err := l.open()
	if err != nil {
		return err
	}
	return l.Show(entryPane(&entryView{Visit: l.Visit, record: r, back: l.view.Opened("")}))
}
