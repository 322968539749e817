package operator

import (
	"cmp"
	"slices"

	"comptoir/internal/activity"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/lang"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/record"
	"comptoir/internal/portal/visit"
)

const (
	auditPath       = visit.AuditPath
	auditExportPath = auditPath + "/export"
	chainPath       = auditPath + "/chain"
)

// byOwner is the filter by the organization in whose log a record stands.
const byOwner = "organization"

// audit is the activity log of all organizations (V-13).
type audit struct {
	*record.List
	names    map[id.Tenant]string
	partners []identity.Partner
	chain    activity.Chain
}

func newAudit(v *visit.Visit) *audit {
	a := &audit{List: record.NewList(v, auditPath, byOwner)}
	if v.May("organization.view", false) {
		a.Account = func(r activity.Record) string { return visit.OrganizationsPath + "/" + string(r.Customer) }
	} else {
		a.Account = func(activity.Record) string { return "" }
	}
	return a
}

func showAudit(v *visit.Visit) error {
	a := newAudit(v)
	if v.Wants("pane") {
		e, err := a.open()
		if err != nil {
			return err
		}
		return v.Show(record.Pane(e))
	}
	if err := a.read(); err != nil {
		return err
	}
	if v.Wants(record.TableID) {
		return v.Show(block.DataTable(v.Printer, a.table()))
	}
	f := v.Frame(v.T("audit.title"), visit.Audit)
	f.Commands, f.Help, f.Messages, f.Fill = a.commands(), a.help(), a.alarm(), true
	f.Subtitle = v.T("audit.subtitle") + " " + checked(v, a.chain)
	if a.View.Open != "" {
		e, err := a.open()
		switch {
		case fault.KindOf(err) == fault.NotFound: // an old bookmark
			a.View = a.View.Opened("")
		case err != nil:
			return err
		default:
			f.Pane = record.Pane(e)
		}
	}
	return v.Show(auditPage(a, f))
}

// read reads the page, what its filters offer, and how the chain stands.
func (a *audit) read() error {
	found, err := visit.Do(a.Visit, activity.Inspect, a.query())
	if err != nil {
		return err
	}
	a.Page, a.names = found.Page, found.Names
	if a.chain, err = visit.Do(a.Visit, activity.GetChain, struct{}{}); err != nil {
		return err
	}
	a.partners, err = visit.Do(a.Visit, identity.ListPartners, identity.PartnerList{Size: 500})
	return err
}

func (a *audit) query() activity.Query {
	q := a.Query()
	if tenant, ok := id.Parse(a.View.Filters.Get(byOwner)); ok {
		q.Tenant = id.Tenant(tenant)
	}
	return q
}

// table is the log with the organization in front of what was done.
func (a *audit) table() block.Table {
	t := a.Table()
	t.Caption = a.T("audit.title")
	for i := range t.Columns {
		if t.Columns[i].Key == "user" { // of the partner, of a customer or of the operator
			t.Columns[i].Title = a.T("audit.user")
		}
	}
	t.Columns = slices.Insert(t.Columns, 1, block.Column{Key: "organization", Title: a.T("audit.organization")})
	for i, r := range a.Page.Records {
		t.Rows[i].Cells = slices.Insert(t.Rows[i].Cells, 1, block.Cell{Text: cmp.Or(a.names[r.Tenant], string(r.Tenant))})
	}
	owners := []block.Option{{Value: string(a.Actor.Tenant), Label: a.Person.TenantName}}
	for _, p := range a.partners {
		owners = append(owners, block.Option{Value: string(p.Tenant), Label: p.Name})
	}
	t.Filters = slices.Insert(t.Filters, 0, block.Filter{Key: byOwner, Label: a.T("audit.organization"), Options: owners})
	return t
}

func (a *audit) commands() block.CommandBar {
	return block.CommandBar{
		Commands: []block.Command{{Label: a.T("settings.activity.export"), Icon: icon.Export, Href: a.State(auditExportPath), Key: "e"}},
		Tools:    []block.Command{{Label: a.T("common.refresh"), Icon: icon.Refresh, Href: a.View.URL(auditPath), Key: "r"}},
	}
}

func (a *audit) help() block.Help {
	return block.Help{
		Title: a.T("audit.title"),
		Text:  []string{a.T("audit.help.log"), a.T("settings.activity.help.span"), a.T("settings.activity.help.refused"), a.T("audit.help.export")},
		Roles: a.RolesFor("audit.view", false),
	}
}

// alarm says above the log that it is not to be trusted.
func (a *audit) alarm() []block.Message {
	if last := a.chain.Last; last == nil || last.Broken == nil {
		return nil
	}
	return []block.Message{{
		Tone: block.Danger, Title: a.T("audit.chain.broken"), Text: broken(a.Visit, a.chain.Last.Broken),
		Links: []block.Link{{Label: a.T("audit.chain.title"), Href: chainPath}},
	}}
}

// open returns the pane of the record that the address opens.
func (a *audit) open() (record.Entry, error) {
	key, err := a.Opened()
	if err != nil {
		return record.Entry{}, err
	}
	found, err := visit.Do(a.Visit, activity.InspectRecord, key)
	if err != nil {
		return record.Entry{}, err
	}
	r := found.Records[0]
	e := record.Entry{Visit: a.Visit, Record: r, Close: a.Closed()}
	e.Of = []block.Fact{{Term: a.T("audit.organization"), Value: cmp.Or(found.Names[r.Tenant], string(r.Tenant)), Hint: string(r.Tenant)}}
	if r.Customer != "" {
		e.Actions = []block.Button{{Label: a.T("settings.activity.only"), Icon: icon.Filter, Href: a.OnlyCustomer(r)}}
		if path := a.Account(r); path != "" {
			e.Links = []block.Link{{Label: a.T("settings.activity.account"), Href: path}}
		}
	}
	return e, nil
}

// exportAudit sends the log that the address narrows as a spreadsheet. With raw=1
// its words are English and its actions those of the log, for programs.
func exportAudit(v *visit.Visit) error {
	raw := v.Query("raw") == "1"
	if raw {
		v.Printer = lang.For("en")
	}
	q := newAudit(v).query()
	head := append([]string{v.T("audit.organization"), v.T("portal.tenant_id")}, record.Exported(v.Printer)...)
	return v.Export("audit-log.csv", head, func(s *visit.Spreadsheet) error {
		return activity.ExportAll(v.Context(), v.Kernel(), v.Actor, q, func(r activity.Record, organization string) error {
			return s.Row(append([]string{organization, string(r.Tenant)}, record.Export(v.Printer, r, raw)...)...)
		})
	})
}
