package delegations

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"comptoir/internal/gdap"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
)

// insights is the page that says how a partner stands with delegated administration
// (P-11e, rule F15).
type insights struct {
	*visit.Visit
	figures         gdap.Figures
	today           time.Time
	ending, waiting gdap.Page
}

// few is how many relationships the lists of the page show.
const few = 10

func toInsights(v *visit.Visit) block.Link {
	return block.Link{Label: v.T("gdappage.insights.title"), Href: visit.InsightsPath}
}

func showInsights(v *visit.Visit) error {
	if err := v.Kernel().May(v.Actor, "gdap.view", false); err != nil {
		return err
	}
	i := &insights{Visit: v, today: v.Kernel().Clock.Now().UTC().Truncate(24 * time.Hour)}
	var err error
	if i.figures, err = visit.Do(v, gdap.GetFigures, struct{}{}); err != nil {
		return err
	}
	if i.ending, err = visit.Do(v, gdap.List, gdap.Query{Status: gdap.Active, Order: gdap.ByEnd, EndsBefore: horizon(v), Size: few}); err != nil {
		return err
	}
	if i.waiting, err = visit.Do(v, gdap.List, gdap.Query{Status: gdap.ApprovalPending, Size: few}); err != nil {
		return err
	}
	f := v.Frame(v.T("gdappage.insights.title"), visit.Insights)
	f.Subtitle = v.T("gdappage.insights.subtitle")
	f.Commands.Commands = []block.Command{
		{Label: v.T("gdappage.expiring.title"), Icon: icon.Clock, Href: visit.ExpiringPath},
		{Label: v.T("gdappage.template.title"), Icon: icon.List, Href: visit.RoleTemplatesPath},
	}
	f.Help = block.Help{Title: v.T("gdappage.insights.title"), Text: []string{v.T("gdappage.insights.help")}, Roles: v.RolesFor("gdap.view", false)}
	return v.Show(insightsPage(i, f))
}

func (i *insights) stats() []block.Stat {
	f := i.figures
	share := 0.0
	if f.Customers > 0 {
		share = float64(f.Administered) / float64(f.Customers)
	}
	far := block.Stat{Label: i.T("gdappage.insights.global_admin"), Value: i.Number(f.ByRole[gdap.GlobalAdministrator]), Icon: icon.Shield}
	if f.ByRole[gdap.GlobalAdministrator] > 0 {
		far.Tone = block.Warning
	}
	return []block.Stat{
		{Label: i.T("gdappage.insights.customers"), Value: i.Number(f.Customers), Icon: icon.People, Href: visit.CustomersPath},
		{Label: i.T("gdappage.insights.share"), Value: i.Percent(share), Icon: icon.PersonKey, Note: i.N("gdappage.insights.administered", f.Administered)},
		{Label: i.T("gdappage.insights.created"), Value: i.Number(f.Created()), Icon: icon.Document, Note: i.N("gdappage.insights.active", f.ByStatus[gdap.Active])},
		{Label: i.T("gdappage.insights.ending"), Value: i.Number(f.EndingBy(horizon(i.Visit))), Icon: icon.Clock, Href: visit.ExpiringPath},
		{Label: i.T("gdappage.insights.waiting"), Value: i.Number(f.ByStatus[gdap.ApprovalPending]), Icon: icon.Pending},
		far,
	}
}

// perDay draws how many relationships each of soon days has, from first on.
func (i *insights) perDay(id, title string, counts map[time.Time]int64, first time.Time) block.Chart {
	c := block.Chart{ID: id, Kind: block.Bars, Title: title, Whole: true, LabelTitle: i.T("gdappage.insights.day"), Format: func(v float64) string { return i.Number(int64(v)) }}
	values, sum := make([]float64, soon), int64(0)
	for n := range values {
		day := first.AddDate(0, 0, n)
		c.Labels = append(c.Labels, i.Day(day))
		values[n] = float64(counts[day])
		sum += counts[day]
	}
	c.Series = []block.Series{{Name: title, Values: values}}
	c.Summary = i.N("gdappage.insights.sum", sum)
	return c
}

func (i *insights) endingPerDay() block.Chart {
	return i.perDay("ending-chart", i.T("gdappage.insights.ending_day"), i.figures.Ends, i.today.AddDate(0, 0, 1))
}

func (i *insights) expiredPerDay() block.Chart {
	return i.perDay("expired-chart", i.T("gdappage.insights.expired_day"), i.figures.Expired, i.today.AddDate(0, 0, 1-soon))
}

// topRoles lists the roles that most active relationships have.
func (i *insights) topRoles() block.Table {
	t := block.Table{ID: "top-roles", Caption: i.T("gdappage.insights.top"), Base: visit.InsightsPath, Small: true, Columns: []block.Column{
		{Key: "role", Title: i.T("gdappage.column.roles"), Fixed: true}, {Key: "n", Title: i.T("gdappage.title"), Number: true},
	}, Empty: block.EmptyState{Title: i.T("gdappage.insights.none")}}
	roles := slices.SortedFunc(maps.Keys(i.figures.ByRole), func(a, b gdap.RoleID) int {
		return cmp.Or(cmp.Compare(i.figures.ByRole[b], i.figures.ByRole[a]), cmp.Compare(a, b))
	})
	for _, id := range roles[:min(len(roles), few)] {
		role, _ := gdap.RoleByID(id)
		cell := block.Cell{Text: role.Name}
		if role.Privileged {
			cell.Sub = i.T("delegationpage.privileged")
		}
		t.Rows = append(t.Rows, block.Row{ID: string(id), Name: role.Name, Cells: []block.Cell{cell, {Text: i.Number(i.figures.ByRole[id])}}})
	}
	return t
}

// list is a short list of relationships; when says the date that matters of one.
func (i *insights) list(id, caption, date string, page gdap.Page, when func(gdap.Relationship) time.Time) block.Table {
	t := block.Table{ID: id, Caption: caption, Base: visit.InsightsPath, Small: true, Columns: []block.Column{
		{Key: "customer", Title: i.T("customers.column.name"), Fixed: true}, {Key: "name", Title: i.T("gdappage.title_one")}, {Key: "date", Title: date, Nowrap: true},
	}, Empty: block.EmptyState{Title: i.T("gdappage.insights.none")}}
	for _, r := range page.Relationships {
		row := block.Row{ID: id + "-" + r.ID, Name: r.Name, Cells: []block.Cell{{Text: r.CustomerName}, {Text: r.Name}, {Text: i.Date(when(r))}}}
		if r.Customer != "" {
			row.Cells[0].Href, row.Cells[1].Href = visit.DelegationsPath(r.Customer), visit.DelegationPath(r.Customer, r.ID)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (i *insights) endingList() block.Table {
	return i.list("ending", i.T("gdappage.insights.ending"), i.T("gdappage.column.end"), i.ending, func(r gdap.Relationship) time.Time { return r.EndsAt })
}

func (i *insights) waitingList() block.Table {
	return i.list("waiting", i.T("gdappage.insights.waiting"), i.T("delegationpage.answer_by"), i.waiting, gdap.Relationship.AnswerBy)
}
