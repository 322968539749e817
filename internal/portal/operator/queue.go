package operator

import (
	"errors"
	"slices"

	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
	"comptoir/internal/verification"
)

// listID names the queue in the page.
const listID = "queue"

// The filters of the queue, beside its scope.
const (
	byPartner  = "partner"
	byCountry  = "country"
	byCause    = "cause"
	byAssignee = "assignee"
)

// listing is the queue (V-2).
type listing struct {
	*visit.Visit
	scope     verification.Scope
	view      block.View
	page      verification.Page
	partners  []identity.Partner
	reviewers []identity.User
}

func queue(v *visit.Visit) error {
	l := newListing(v)
	if err := l.read(); err != nil {
		return err
	}
	if v.Wants(listID) {
		return v.Show(block.DataTable(v.Printer, l.table()))
	}
	f := v.Frame(v.T("portal.verifications"), visit.Verifications)
	f.Subtitle, f.Commands, f.Help, f.Fill = v.T("verifyqueue.subtitle"), l.commands(), l.help(), true
	return v.Show(queuePage(l, f))
}

// newListing takes the state of the queue from the address.
func newListing(v *visit.Visit) *listing {
	q := v.Request.URL.Query()
	l := &listing{Visit: v, view: block.ParseView(q, byPartner, byCountry, byCause, byAssignee), scope: verification.Scope(q.Get("state"))}
	if !slices.Contains(verification.Scopes(), l.scope) {
		l.scope = verification.InHand
	}
	return l
}

// read reads the page and what its filters offer. A cursor that is none any more,
// as in an old bookmark, shows the first page.
func (l *listing) read() (err error) {
	l.page, err = visit.Do(l.Visit, verification.ListCases, l.query())
	if errors.Is(err, refusal.Argument) {
		l.view = l.view.First()
		l.page, err = visit.Do(l.Visit, verification.ListCases, l.query())
	}
	if err != nil {
		return err
	}
	if l.reviewers, err = visit.Do(l.Visit, verification.Reviewers, struct{}{}); err != nil {
		return err
	}
	l.partners, err = visit.Do(l.Visit, identity.ListPartners, identity.PartnerList{Size: 500})
	return err
}

// query is what the state of the queue asks for. Values that mean nothing are
// left out: an old bookmark shows a list, not an error.
func (l *listing) query() verification.Query {
	filters := l.view.Filters
	q := verification.Query{
		Scope: l.scope, Text: l.view.Search, Partner: id.Tenant(filters.Get(byPartner)), Country: filters.Get(byCountry),
		Assignee: id.User(filters.Get(byAssignee)), Sort: verification.Sort(l.view.Sort), Descending: l.view.Desc,
		Cursor: l.view.After, Size: l.view.Size,
	}
	if cause := verification.Cause(filters.Get(byCause)); slices.Contains(verification.Causes(), cause) {
		q.Cause = cause
	}
	if l.closed() { // those decided last come first
		q.Descending = l.view.Sort == "" || l.view.Desc
	}
	if l.view.Before != "" || l.view.AtLast {
		q.Cursor, q.Backward = l.view.Before, true
	}
	return q
}

// closed reports whether the list shows cases that were decided.
func (l *listing) closed() bool {
	return l.scope == verification.Accepted || l.scope == verification.Refused
}

// scopePath is the address of a part of the queue.
func scopePath(s verification.Scope) string {
	if s == verification.InHand {
		return queuePath
	}
	return queuePath + "?state=" + string(s)
}

// scopes are the parts of the queue.
func (l *listing) scopes() []block.Tab {
	var all []block.Tab
	for _, s := range verification.Scopes() {
		all = append(all, block.Tab{Label: l.scopeWord(s), Href: l.view.First().URL(scopePath(s)), Current: s == l.scope})
	}
	return all
}

func (l *listing) scopeWord(s verification.Scope) string {
	switch s {
	case verification.PastDue:
		return l.T("operator.stat.overdue")
	case verification.Waiting:
		return l.T("verifyqueue.scope.waiting")
	case verification.Failing:
		return l.T("verifyqueue.scope.unknown")
	case verification.Accepted:
		return l.T("verifyqueue.scope.approved")
	case verification.Refused:
		return l.T("verifyqueue.scope.rejected")
	case verification.InHand:
	}
	return l.T("verifyqueue.scope.open")
}

// table is the queue as a block draws it.
func (l *listing) table() block.Table {
	t := block.Table{
		ID: listID, Caption: l.T("portal.verifications"), Base: scopePath(l.scope), View: l.view, Columns: l.columns(),
		Total: l.page.Total, AtLeast: l.page.AtLeast, Previous: l.page.Previous, Next: l.page.Next,
		Search: l.T("verifyqueue.search"), Filters: l.filters(), Selectable: !l.closed(), CSRF: l.CSRF(),
		Empty: block.EmptyState{Title: l.T("operator.queue.empty"), Text: l.T("operator.queue.empty_text")},
	}
	if l.closed() {
		t.Search, t.Empty = l.T("verifyqueue.search_closed"), block.EmptyState{Title: l.T("verifyqueue.none_closed")}
	}
	for _, i := range l.page.Items {
		t.Rows = append(t.Rows, l.row(i))
	}
	return t
}

// short is the list of the cases due first on the dashboard.
func (l *listing) short() block.Table {
	t := block.Table{ID: "next", Caption: l.T("operator.next"), Base: queuePath, View: l.view, Columns: l.columns()[:6], Small: true}
	for i := range t.Columns {
		t.Columns[i].Sorts = false
	}
	for _, i := range l.page.Items {
		r := l.row(i)
		r.Cells = r.Cells[:len(t.Columns)]
		t.Rows = append(t.Rows, r)
	}
	return t
}

func (l *listing) columns() []block.Column {
	open := !l.closed()
	columns := []block.Column{
		{Key: "name", Title: l.T("verifyqueue.column.customer"), Sorts: open, Fixed: true},
		{Key: "partner", Title: l.T("operator.column.partner"), Sorts: open},
		{Key: "country", Title: l.T("portal.country"), Sorts: open},
		{Key: "cause", Title: l.T("operator.column.cause"), Sorts: open},
		{Key: "opened", Title: l.T("operator.column.opened"), Nowrap: true, Sorts: open},
		{Key: "due", Title: l.T("operator.column.due"), Nowrap: true, Sorts: open},
		{Key: "findings", Title: l.T("operator.column.findings"), Number: true, Sorts: open},
		{Key: "assignee", Title: l.T("verifyqueue.column.assignee"), Sorts: open},
		{Key: "status", Title: l.T("customers.column.status"), Nowrap: true, Hidden: l.scope == verification.InHand},
	}
	if !open {
		columns[5] = block.Column{Key: "decided", Title: l.T("verifyqueue.column.decided"), Nowrap: true, Sorts: true}
	}
	return columns
}

func (l *listing) row(i verification.Item) block.Row {
	name := block.Cell{Text: i.CustomerName, Href: pathOf(i.Case)}
	if i.FriendlyName != i.CustomerName {
		name.Sub = i.FriendlyName
	}
	due := dueCell(l.Visit, i.Case)
	if !i.Open() {
		due = block.Cell{Text: l.DateTime(i.DecidedAt), Sub: i.DecidedBy}
	}
	return block.Row{ID: rowID(i.Case), Name: i.CustomerName, Cells: []block.Cell{
		name,
		{Text: i.PartnerName},
		{Text: l.Country(i.Country)},
		{Text: l.Cause(i.Cause)},
		{Text: l.DateTime(i.OpenedAt)},
		due,
		{Text: l.Number(int64(len(i.Findings)))},
		{Text: i.AssigneeName},
		{Badge: l.Status(i.Status)},
	}}
}

// dueCell is when a case is due, that it is overdue, or that it waits for the partner.
func dueCell(v *visit.Visit, c verification.Case) block.Cell {
	switch {
	case c.Paused():
		return block.Cell{Badge: block.Badge{Tone: block.Info, Text: v.T("verifyqueue.waits", "Date", v.Date(c.PausedAt)), Icon: icon.Pause}}
	case c.Overdue(v.Kernel().Clock.Now()):
		return block.Cell{Badge: block.Badge{Tone: block.Warning, Text: v.T("operator.overdue", "Date", c.DueAt)}}
	}
	return block.Cell{Text: v.DateTime(c.DueAt)}
}

func (l *listing) filters() []block.Filter {
	partners := make([]block.Option, len(l.partners))
	for i, p := range l.partners {
		partners[i] = block.Option{Value: string(p.Tenant), Label: p.Name}
	}
	var causes []block.Option
	for _, c := range verification.Causes() {
		causes = append(causes, block.Option{Value: string(c), Label: l.Cause(c)})
	}
	people := append([]block.Option{{Value: string(verification.Nobody), Label: l.T("verifyqueue.nobody")}}, reviewerOptions(l.reviewers)...)
	return []block.Filter{
		{Key: byPartner, Label: l.T("operator.column.partner"), Options: partners},
		{Key: byCountry, Label: l.T("portal.country"), Options: l.Countries()},
		{Key: byCause, Label: l.T("operator.column.cause"), Options: causes},
		{Key: byAssignee, Label: l.T("verifyqueue.column.assignee"), Options: people},
	}
}

func reviewerOptions(reviewers []identity.User) []block.Option {
	all := make([]block.Option, len(reviewers))
	for i, n := range reviewers {
		all[i] = block.Option{Value: string(n.ID), Label: n.DisplayName, Hint: n.Name}
	}
	return all
}

// commands is the command bar of the queue.
func (l *listing) commands() block.CommandBar {
	reload := block.Command{Label: l.T("common.refresh"), Icon: icon.Refresh, Href: l.view.URL(scopePath(l.scope)), Key: "r"}
	bar := block.CommandBar{Table: listID, Tools: []block.Command{reload}}
	if !l.closed() {
		state := block.View{Search: l.view.Search, Filters: l.view.Filters}
		scope := func(path string) string {
			if l.scope == verification.InHand {
				return path
			}
			return path + "?state=" + string(l.scope)
		}
		reason := l.Reason("verification.decide", true)
		bar.Commands = []block.Command{
			{Label: l.T("common.approve"), Icon: icon.Check, Href: state.URL(scope(approveManyPath + "/ask")), Dialog: true, Post: true, Needs: block.Some, Key: "a", Reason: reason},
			{Label: l.T("verifyqueue.assign"), Icon: icon.Person, Href: state.URL(scope(assignManyPath + "/ask")), Dialog: true, Post: true, Needs: block.Some, Reason: reason},
		}
	}
	return bar
}

func (l *listing) help() block.Help {
	return block.Help{
		Title: l.T("portal.verifications"), Text: []string{l.T("verifyqueue.help.queue"), l.T("verifyqueue.help.bulk"), l.T("verifyqueue.help.keys")},
		Roles: l.RolesFor("verification.decide", true),
	}
}

// sentences says what errs refuse, one after the other.
func sentences(v *visit.Visit, all []verification.Outcome) []block.FieldError {
	var lines []block.FieldError
	for _, o := range all {
		if o.Refused != nil {
			lines = append(lines, block.FieldError{Text: v.T("verifyqueue.skipped", "Name", o.CustomerName, "Why", v.Sentence(fault.List{o.Refused}))})
		}
	}
	return lines
}
