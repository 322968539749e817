package settings

import (
	"comptoir/internal/activity"
	"comptoir/internal/fault"
	"comptoir/internal/lang"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/record"
	"comptoir/internal/portal/visit"
)

// newActivityLog is the list of what was done (P-19, rules K1 to K4).
func newActivityLog(v *visit.Visit) *record.List {
	l := record.NewList(v, activityPath)
	l.Account = func(r activity.Record) string { return visit.AccountPath(r.Customer) }
	return l
}

func listActivity(v *visit.Visit) error {
	if err := enter(v); err != nil {
		return err
	}
	l := newActivityLog(v)
	if v.Wants("pane") {
		e, err := openRecord(l)
		if err != nil {
			return err
		}
		return v.Show(record.Pane(e))
	}
	var err error
	if l.Page, err = visit.Do(v, activity.List, l.Query()); err != nil {
		return err
	}
	if v.Wants(record.TableID) {
		return v.Show(block.DataTable(v.Printer, l.Table()))
	}
	f := v.Frame(v.T("settings.activity.title"), visit.AccountSettings)
	inside(v, &f, activityPath)
	f.Subtitle = v.T("settings.activity.subtitle")
	f.Commands, f.Help, f.Fill = logCommands(l), logHelp(l), true
	if l.View.Open != "" {
		e, err := openRecord(l)
		switch {
		case fault.KindOf(err) == fault.NotFound: // the address is of somebody else
			l.View = l.View.Opened("")
		case err != nil:
			return err
		default:
			f.Pane = record.Pane(e)
		}
	}
	return v.Show(activityPage(l, f))
}

func logCommands(l *record.List) block.CommandBar {
	return block.CommandBar{
		Commands: []block.Command{{Label: l.T("settings.activity.export"), Icon: icon.Download, Href: l.State(exportPath), Key: "e"}},
		Tools:    []block.Command{{Label: l.T("common.refresh"), Icon: icon.Refresh, Href: l.View.URL(activityPath), Key: "r"}},
	}
}

func logHelp(l *record.List) block.Help {
	return block.Help{
		Title: l.T("settings.activity.title"),
		Text: []string{
			l.T("settings.activity.help.entry"), l.T("settings.activity.help.span"), l.T("settings.activity.help.refused"), l.T("settings.activity.help.export"),
		},
		Roles: l.RolesFor("activity.view", false),
	}
}

// openRecord returns the pane of the record that the address opens.
func openRecord(l *record.List) (record.Entry, error) {
	key, err := l.Opened()
	if err != nil {
		return record.Entry{}, err
	}
	r, err := visit.Do(l.Visit, activity.Show, key)
	if err != nil {
		return record.Entry{}, err
	}
	e := record.Entry{Visit: l.Visit, Record: r, Close: l.Closed()}
	if r.Customer != "" {
		e.Actions = []block.Button{{Label: l.T("settings.activity.only"), Icon: icon.Filter, Href: l.OnlyCustomer(r)}}
		e.Links = []block.Link{{Label: l.T("settings.activity.account"), Href: visit.AccountPath(r.Customer)}}
	}
	return e, nil
}

// exportActivity sends the log that the address narrows as a spreadsheet. With
// raw=1 its words are English and its actions those of the log, for programs.
func exportActivity(v *visit.Visit) error {
	if err := enter(v); err != nil {
		return err
	}
	raw := v.Query("raw") == "1"
	if raw {
		v.Printer = lang.For("en")
	}
	q := newActivityLog(v).Query()
	return v.Export("activity-log.csv", record.Exported(v.Printer), func(s *visit.Spreadsheet) error {
		return activity.Export(v.Context(), v.Kernel(), v.Actor, q, func(r activity.Record) error {
			return s.Row(record.Export(v.Printer, r, raw)...)
		})
	})
}
