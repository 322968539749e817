package record

import (
	"cmp"
	"strings"
	"time"

	"comptoir/internal/activity"
	"comptoir/internal/lang"
	"comptoir/internal/op"
	"comptoir/internal/portal/block"
	"comptoir/internal/verification"
)

// Table is the log with the columns of rule K1. How many records match is not
// counted: it says how many there are at least.
func (l *List) Table() block.Table {
	t := block.Table{
		ID: TableID, Caption: l.T("settings.activity.title"), Base: l.Path, View: l.View, Panes: true,
		Previous: l.Page.Previous, Next: l.Page.Next, AtLeast: l.Page.Next != "" || l.View.Page == 0,
		Search: l.T("settings.activity.search"), SearchBy: []block.Option{
			{Value: "", Label: l.T("settings.activity.search.customer")}, {Value: byUser, Label: l.T("settings.activity.search.user")},
		},
		Columns: []block.Column{
			{Key: "at", Title: l.T("settings.activity.column.at"), Fixed: true, Nowrap: true},
			{Key: "customer", Title: l.T("settings.activity.column.customer")},
			{Key: "action", Title: l.T("settings.activity.column.action")},
			{Key: "user", Title: l.T("settings.activity.column.user")},
			{Key: "status", Title: l.T("common.status"), Nowrap: true},
			{Key: "through", Title: l.T("settings.activity.fact.channel"), Hidden: true},
			{Key: "correlation", Title: l.T("common.correlation_id"), Hidden: true, Mono: true},
		},
		Filters: l.filters(),
		Empty:   block.EmptyState{Kind: block.NoMatch, Title: l.T("settings.activity.empty"), Text: l.T("settings.activity.empty_text")},
	}
	t.Total = int64(max(l.View.Page-1, 0)*l.View.Size + len(l.Page.Records))
	if l.Page.Next != "" {
		t.Total++
	}
	for _, r := range l.Page.Records {
		t.Rows = append(t.Rows, l.row(r))
	}
	return t
}

func (l *List) filters() []block.Filter {
	filters := []block.Filter{
		{Key: sinceDay, Label: l.T("settings.activity.from"), Type: "date"},
		{Key: untilDay, Label: l.T("settings.activity.to"), Type: "date"},
		{Key: byAction, Label: l.T("settings.activity.column.action"), Options: Operations(l.Printer)},
		{Key: byStatus, Label: l.T("common.status"), Options: []block.Option{
			{Value: op.Succeeded, Label: l.T("settings.activity.status.succeeded")},
			{Value: op.Failed, Label: l.T("settings.activity.status.failed")},
			{Value: op.Progress, Label: l.T("settings.activity.status.progress")},
		}},
	}
	if l.View.Filters.Get(ByCustomer) != "" {
		filters = append(filters, block.Filter{Key: ByCustomer, Label: l.T("portal.tenant_id")})
	}
	return filters
}

func (l *List) row(r activity.Record) block.Row {
	customer := block.Cell{Text: r.CustomerName}
	if r.Customer != "" {
		customer.Text = cmp.Or(r.CustomerName, string(r.Customer))
		customer.Href = l.Account(r)
	}
	action := Action(l.Printer, r)
	return block.Row{ID: r.ID, Name: action, Cells: []block.Cell{
		{Text: l.DateTime(r.At)},
		customer,
		{Text: action},
		{Text: Doer(l.Printer, r)},
		{Badge: outcome(l.Printer, r.Status)},
		{Text: channel(l.Printer, r.Channel)},
		{Text: r.CorrelationID},
	}}
}

// Action says what was done; of a decision, which way it went.
func Action(p *lang.Printer, r activity.Record) string {
	if r.Operation != "verification_decided" {
		return Operation(p, r.Operation)
	}
	switch strings.Trim(r.New, `"`) {
	case string(verification.Allowed):
		return p.T("settings.operation.verification_approved")
	case string(verification.NotAllowed):
		return p.T("settings.operation.verification_rejected")
	}
	return Operation(p, r.Operation)
}

// Doer is who did it: a person, else the application, else the installation.
func Doer(p *lang.Printer, r activity.Record) string {
	if r.UserName == "" && r.App != "" {
		return p.T("settings.activity.column.app") + " " + string(r.App)
	}
	return cmp.Or(r.UserName, channel(p, r.Channel))
}

// outcome is the badge of a status (rule K2).
func outcome(p *lang.Printer, status string) block.Badge {
	switch status {
	case op.Succeeded:
		return block.Badge{Tone: block.Success, Text: p.T("settings.activity.status.succeeded")}
	case op.Failed:
		return block.Badge{Tone: block.Danger, Text: p.T("settings.activity.status.failed")}
	}
	return block.Badge{Tone: block.Info, Text: p.T("settings.activity.status.progress")}
}

// channel says through what a call came.
func channel(p *lang.Printer, name string) string {
	switch name {
	case op.ViaREST:
		return p.T("settings.channel.rest")
	case op.ViaGraph:
		return p.T("settings.channel.graph")
	case op.ViaPortal:
		return p.T("settings.channel.portal")
	case op.ViaCLI:
		return p.T("settings.channel.cli")
	case op.ViaJob:
		return p.T("settings.channel.job")
	case op.ViaOAuth:
		return p.T("settings.channel.oauth")
	}
	return name
}

// Exported names the columns of the exported log.
func Exported(p *lang.Printer) []string {
	return []string{
		p.T("settings.activity.column.at"), p.T("settings.activity.column.customer"), p.T("settings.activity.column.customer_id"),
		p.T("settings.activity.column.action"), p.T("settings.activity.column.operation"), p.T("settings.activity.column.user"),
		p.T("settings.activity.column.app"), p.T("common.status"), p.T("settings.activity.column.old"), p.T("settings.activity.column.new"),
		p.T("settings.activity.column.data"), p.T("common.correlation_id"),
	}
}

// Export writes r under the columns of Exported. For programs, with raw, its
// action and status are those of the log.
func Export(p *lang.Printer, r activity.Record, raw bool) []string {
	action, status := Action(p, r), outcome(p, r.Status).Text
	if raw {
		action, status = r.Operation, r.Status
	}
	return []string{
		r.At.Format(time.RFC3339Nano), r.CustomerName, string(r.Customer), action, r.Operation, r.UserName, string(r.App), status,
		r.Old, r.New, pairs(r.Data), r.CorrelationID,
	}
}

// pairs writes the data of a record on one line.
func pairs(data map[string]string) string {
	all := make([]string, 0, len(data))
	for _, f := range dataFacts(data) {
		all = append(all, f.Term+"="+f.Value)
	}
	return strings.Join(all, "; ")
}
