package delegations

import (
	"errors"
	"time"

	"comptoir/internal/gdap"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

// expiringID names the table of relationships that end soon.
const expiringID = "expiring"

// soon is how far ahead the list of what expires looks (portal P-11d).
const soon = 60

// expiring is the list of the relationships of all customers that end soon.
type expiring struct {
	*visit.Visit
	view  block.View
	until time.Time
	page  gdap.Page
	total int64
}

// horizon is the end of the last day that counts as soon.
func horizon(v *visit.Visit) time.Time {
	return v.Kernel().Clock.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, soon+1)
}

func listExpiring(v *visit.Visit) error {
	if err := v.Kernel().May(v.Actor, "gdap.view", false); err != nil {
		return err
	}
	e := &expiring{Visit: v, view: block.ParseView(v.Request.URL.Query()), until: horizon(v)}
	if err := e.read(); err != nil {
		return err
	}
	if v.Wants(expiringID) {
		return v.Show(block.DataTable(v.Printer, e.table()))
	}
	f := expiringFrame(v)
	f.Subtitle = v.T("gdappage.expiring.subtitle")
	f.Tabs, f.Fill = v.CustomerTabs(visit.ExpiringPath), true
	f.Commands = block.CommandBar{
		Table: expiringID,
		Commands: []block.Command{{
			Label: v.T("gdappage.extend"), Icon: icon.Refresh, Kind: block.Primary, Href: visit.ExpiringPath + "/extend/ask", Dialog: true, Post: true, Needs: block.Some,
			Reason: v.Reason("gdap.end", true),
		}},
		Tools: []block.Command{{Label: v.T("common.refresh"), Icon: icon.Refresh, Href: e.view.URL(visit.ExpiringPath), Key: "r"}},
	}
	f.Help = block.Help{Title: v.T("gdappage.expiring.title"), Text: []string{v.T("gdappage.expiring.help"), v.T("gdappage.extend_on_hint")}, Roles: v.RolesFor("gdap.end", true)}
	return v.Show(tablePage(v, f, e.table()))
}

func expiringFrame(v *visit.Visit) block.Frame {
	f := v.Frame(v.T("gdappage.expiring.title"), visit.Customers)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: v.T("portal.customers"), Href: visit.CustomersPath})
	return f
}

func (e *expiring) query() gdap.Query {
	q := gdap.Query{Status: gdap.Active, Order: gdap.ByEnd, EndsBefore: e.until, Size: e.view.Size, After: e.view.After}
	if e.view.Before != "" || e.view.AtLast {
		q.After, q.Backward = e.view.Before, true
	}
	return q
}

func (e *expiring) read() (err error) {
	e.page, err = visit.Do(e.Visit, gdap.List, e.query())
	if errors.Is(err, refusal.Argument) && (e.view.After != "" || e.view.Before != "") {
		e.view = e.view.First() // an old bookmark
		e.page, err = visit.Do(e.Visit, gdap.List, e.query())
	}
	if err != nil {
		return err
	}
	figures, err := visit.Do(e.Visit, gdap.GetFigures, struct{}{})
	e.total = figures.EndingBy(e.until)
	return err
}

func (e *expiring) table() block.Table {
	t := block.Table{
		ID: expiringID, Caption: e.T("gdappage.expiring.title"), Base: visit.ExpiringPath, View: e.view, Total: e.total,
		Previous: e.page.Previous, Next: e.page.Next, Selectable: true, CSRF: e.CSRF(),
		Columns: []block.Column{
			{Key: "customer", Title: e.T("customers.column.name"), Fixed: true},
			{Key: "name", Title: e.T("gdappage.title_one")},
			{Key: "roles", Title: e.T("gdappage.column.roles"), Number: true},
			{Key: "extend", Title: e.T("delegationpage.extend"), Nowrap: true},
			{Key: "end", Title: e.T("gdappage.column.end"), Nowrap: true},
		},
		Empty: block.EmptyState{Title: e.T("gdappage.expiring.empty"), Text: e.T("gdappage.expiring.empty_text")},
	}
	for _, r := range e.page.Relationships {
		t.Rows = append(t.Rows, block.Row{ID: r.ID, Name: r.CustomerName + " " + r.Name, Cells: []block.Cell{
			{Text: r.CustomerName, Href: visit.DelegationsPath(r.Customer)},
			{Text: r.Name, Href: visit.DelegationPath(r.Customer, r.ID)},
			{Text: e.Number(int64(len(r.Roles))), Sub: farReaching(e.Visit, r.Roles)},
			{Text: onOff(e.Printer, r.Permanent())},
			{Text: e.Date(r.EndsAt), Sub: e.inDays(r.EndsAt)},
		}})
	}
	return t
}

// inDays says how many days are left.
func (e *expiring) inDays(at time.Time) string {
	left := at.Sub(e.Kernel().Clock.Now()) / (24 * time.Hour)
	return e.N("gdappage.expiring.left", int64(max(left, 0)))
}

// openExtendingAll opens the dialog for relationships of any customer.
func openExtendingAll(v *visit.Visit) (*extending, error) {
	if err := v.Kernel().May(v.Actor, "gdap.end", true); err != nil {
		return nil, err
	}
	f := expiringFrame(v)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: v.T("gdappage.expiring.title"), Href: visit.ExpiringPath})
	e := &extending{Visit: v, frame: f, action: visit.ExpiringPath + "/extend", back: visit.ExpiringPath}
	return e, e.choose()
}

func askExtendAll(v *visit.Visit) error {
	e, err := openExtendingAll(v)
	if err != nil {
		return err
	}
	return e.ask()
}

func extendAll(v *visit.Visit) error {
	e, err := openExtendingAll(v)
	if err != nil {
		return err
	}
	return e.do()
}
