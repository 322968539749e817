package agreements

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"comptoir/internal/agreement"
	"comptoir/internal/customer"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
)

// openID names the list of customers whose acceptance has to be confirmed.
const openID = "open"

// The filters of the list, as members of its address.
const (
	byState   = "state"
	byCountry = "country"
)

// collecting is the list of customers whose acceptance a partner has to confirm
// (rules AG1, AG8).
type collecting struct {
	*visit.Visit
	view     block.View
	page     customer.Page
	counts   relationship.Counts
	versions agreement.Versions
}

func listOpen(v *visit.Visit) error {
	if err := mayAttest(v); err != nil {
		return err
	}
	c := &collecting{Visit: v, view: openView(v)}
	if err := c.read(); err != nil {
		return err
	}
	if v.Wants(openID) {
		return v.Show(block.DataTable(v.Printer, c.table()))
	}
	f := v.Frame(v.T("rounds.title"), visit.Rounds)
	f.Subtitle = v.T("rounds.subtitle")
	f.Help = block.Help{
		Title: v.T("rounds.title"), Text: []string{v.T("rounds.help.list"), v.T("rounds.help.plan"), v.T("rounds.help.direct")},
		Roles: v.RolesFor("agreement.attest", true),
	}
	f.Commands, f.Fill = c.commands(), true
	return v.Show(openPage(c, f))
}

// mayAttest refuses who may not confirm anything, before anything is read (RF-04).
func mayAttest(v *visit.Visit) error { return v.Kernel().May(v.Actor, "agreement.attest", true) }

// openView is the state of the list, without filters that mean nothing.
func openView(v *visit.Visit) block.View {
	view := block.ParseView(v.Request.URL.Query(), byState, byCountry)
	if _, known := agreement.ParseState(view.Filters.Get(byState)); !known {
		view = view.Without(byState)
	}
	if _, known := openSorts[view.Sort]; !known {
		view.Sort, view.Desc = "", false
	}
	return view
}

var openSorts = map[string]customer.Sort{"name": customer.ByName, "country": customer.ByCountry}

// openQuery is what a state of the list asks for.
func openQuery(view block.View) customer.Query {
	q := customer.Query{Sort: openSorts[view.Sort], Descending: view.Desc, Size: view.Size, Cursor: view.After, Filter: customer.Filter{
		Open: true, Kind: relationship.Reseller, Country: view.Filters.Get(byCountry), Search: view.Search,
	}}
	if state, ok := agreement.ParseState(view.Filters.Get(byState)); ok {
		q.Filter.Agreement = &state
	}
	if view.Before != "" || view.AtLast {
		q.Cursor, q.Backward = view.Before, true
	}
	return q
}

func (c *collecting) read() (err error) {
	c.page, err = visit.Do(c.Visit, customer.List, openQuery(c.view))
	if errors.Is(err, refusal.Argument) && (c.view.After != "" || c.view.Before != "") {
		c.view = c.view.First() // an old bookmark
		c.page, err = visit.Do(c.Visit, customer.List, openQuery(c.view))
	}
	if err != nil {
		return err
	}
	if c.counts, err = visit.Do(c.Visit, customer.Count, struct{}{}); err != nil {
		return err
	}
	c.versions, err = visit.Do(c.Visit, agreement.ListVersions, struct{}{})
	return err
}

func (c *collecting) commands() block.CommandBar {
	state := block.View{Search: c.view.Search, Filters: c.view.Filters}
	return block.CommandBar{
		Table: openID,
		Commands: []block.Command{{
			Label: c.T("rounds.plan"), Icon: icon.Signature, Kind: block.Primary, Href: state.URL(visit.RoundsPath + "/ask"), Dialog: true, Post: true, Needs: block.Some,
		}},
		Tools: []block.Command{{Label: c.T("common.refresh"), Icon: icon.Refresh, Href: c.view.URL(visit.RoundsPath), Key: "r"}},
	}
}

func (c *collecting) table() block.Table {
	t := block.Table{
		ID: openID, Caption: c.T("rounds.title"), Base: visit.RoundsPath, View: c.view, Total: c.page.Total, AtLeast: c.page.AtLeast,
		Previous: c.page.Previous, Next: c.page.Next, Search: c.T("customers.search"), Selectable: true, CSRF: c.CSRF(),
		Columns: []block.Column{
			{Key: "name", Title: c.T("customers.column.name"), Sorts: true, Fixed: true},
			{Key: "country", Title: c.T("portal.country"), Sorts: true},
			{Key: "state", Title: c.T("customers.column.agreement"), Nowrap: true},
			{Key: "accepted", Title: c.T("rounds.column.accepted"), Nowrap: true},
			{Key: "required", Title: c.T("rounds.column.required")},
		},
		Filters: c.filters(),
		Empty:   block.EmptyState{Title: c.T("rounds.empty"), Text: c.T("rounds.empty_text")},
	}
	for _, i := range c.page.Items {
		t.Rows = append(t.Rows, block.Row{ID: string(i.ID), Name: i.Name, Cells: []block.Cell{
			{Text: i.Name, Sub: i.Domain, Href: visit.AccountPath(i.ID) + "#agreement"},
			{Text: c.Country(i.Country)},
			{Badge: c.badge(i.Agreement)},
			{Text: c.label(i.Accepted())},
			{Text: c.required(i)},
		}})
	}
	return t
}

func (c *collecting) filters() []block.Filter {
	states := block.Filter{Key: byState, Label: c.T("customers.column.agreement")}
	for _, s := range []agreement.State{agreement.Missing, agreement.Outdated, agreement.Confirmed} {
		states.Options = append(states.Options, block.Option{Value: s.String(), Label: c.badge(s).Text})
	}
	countries := block.Filter{Key: byCountry, Label: c.T("portal.country")}
	for code := range maps.Keys(c.counts.By[relationship.ByCountry]) {
		countries.Options = append(countries.Options, block.Option{Value: code, Label: c.Country(code)})
	}
	slices.SortFunc(countries.Options, func(a, b block.Option) int { return c.Compare(a.Label, b.Label) })
	return []block.Filter{states, countries}
}

// badge says where a customer of the list stands: what is accepted here will soon
// not be enough.
func (c *collecting) badge(s agreement.State) block.Badge {
	switch s {
	case agreement.Outdated:
		return block.Badge{Tone: block.Warning, Text: c.T("agreementpage.outdated")}
	case agreement.Confirmed:
		return block.Badge{Tone: block.Info, Text: c.T("rounds.state.coming"), Icon: icon.Pending}
	case agreement.Missing:
	}
	return block.Badge{Tone: block.Warning, Text: c.T("customers.agreement.open")}
}

// label names the version of a rank, "" for none.
func (c *collecting) label(rank int64) string {
	v, _ := c.versions.Find(rank)
	return v.Label
}

// required says which version is to be accepted, and from when on orders ask for it.
func (c *collecting) required(i customer.Item) string {
	line := c.versions.Line(i.Country)
	if coming, ok := line.Coming(); ok && i.Accepted() < coming.Rank {
		return c.T("rounds.required", "Version", coming.Label, "Date", c.Date(coming.EnforcedAt))
	}
	return line.Current().Label
}

// planning is the dialog that plans a round for a selection of the list.
type planning struct {
	*visit.Visit
	selected []id.Tenant
	on       string // the date, as typed
	person   string
	said     visit.Verdicts
}

// askPlan opens the dialog for the rows that were selected.
func askPlan(v *visit.Visit) error {
	if err := mayAttest(v); err != nil {
		return err
	}
	p := &planning{Visit: v, on: v.Kernel().Clock.Now().UTC().Format(time.DateOnly), person: string(agreement.LastPerson)}
	if err := p.selection(); err != nil {
		return err
	}
	return p.show(http.StatusOK)
}

// plan takes the dialog and leads to the plan.
func plan(v *visit.Visit) error {
	if err := mayAttest(v); err != nil {
		return err
	}
	p := &planning{Visit: v, on: v.Form("on"), person: v.Form("person")}
	if err := p.selection(); err != nil {
		return err
	}
	made, err := visit.DoOnce(v, agreement.PlanRound, agreement.RoundPlan{
		Customers: p.selected, Person: agreement.PersonSource(p.person), AgreedAt: day(p.on),
	})
	switch {
	case err == nil:
		return v.Redirect(roundPath(made.ID))
	case fault.KindOf(err) != fault.Invalid:
		return err
	}
	if p.said, err = v.Judge(err, nil, rowField, func(string) string { return v.T("customers.field.agreed_on") }); err != nil {
		return err
	}
	return p.show(http.StatusBadRequest)
}

// day reads a date of a form; what is none is the zero time.
func day(text string) time.Time {
	at, err := time.Parse(time.DateOnly, strings.TrimSpace(text))
	if err != nil {
		return time.Time{}
	}
	return at
}

// selection takes the rows that were ticked, or all that match the search and the
// filters, up to what one round takes.
func (p *planning) selection() error {
	if p.Form("all") == "yes" {
		q := openQuery(openView(p.Visit))
		q.Size, q.Cursor, q.Backward = agreement.MaxAttestations, "", false
		found, err := visit.Do(p.Visit, customer.List, q)
		for _, c := range found.Items {
			p.selected = append(p.selected, c.ID)
		}
		return err
	}
	for _, text := range p.Forms("id") {
		if c, ok := id.Parse(text); ok && !slices.Contains(p.selected, id.Tenant(c)) {
			p.selected = append(p.selected, id.Tenant(c))
		}
	}
	return nil
}

func (p *planning) show(status int) error {
	f := p.Frame(p.T("rounds.plan"), visit.Rounds)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: p.T("rounds.title"), Href: visit.RoundsPath})
	return p.ShowAs(status, planPage(p, f))
}

func (p *planning) dialog() block.Dialog {
	key := p.Form("request-id")
	if key == "" {
		key = p.Actor.RequestID
	}
	d := block.Dialog{
		ID: "plan", Title: p.T("rounds.plan"), Text: p.N("rounds.plan.text", int64(len(p.selected))), Action: visit.RoundsPath, CSRF: p.CSRF(),
		RequestID: key, Confirm: p.T("rounds.plan.confirm"), Cancel: p.back(),
	}
	if len(p.selected) == 0 {
		d.Reason = p.Fault(agreement.ErrNobody)
	}
	return d
}

// back is the list that the selection was made in.
func (p *planning) back() string {
	to := p.Form("back")
	if to == "" {
		to = p.Here()
	}
	if path, _, _ := strings.Cut(to, "?"); path != visit.RoundsPath {
		return visit.RoundsPath
	}
	return to
}

func (p *planning) fields() (on, person block.Field) {
	on = p.said.Mark(block.Field{
		Name: "on", Label: p.T("customers.field.agreed_on"), Hint: p.T("rounds.plan.date_hint"), Value: p.on, Required: true, Width: block.Medium,
	})
	person = block.Field{Name: "person", Label: p.T("rounds.plan.person"), Value: p.person, Options: []block.Option{
		{Value: string(agreement.LastPerson), Label: p.T("rounds.plan.last"), Hint: p.T("rounds.plan.last_hint")},
		{Value: string(agreement.PrimaryContact), Label: p.T("rounds.plan.contact"), Hint: p.T("rounds.plan.contact_hint")},
	}}
	return on, person
}
