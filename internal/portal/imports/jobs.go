package imports

import (
	"slices"
	"strings"

	"comptoir/internal/agreement"
	"comptoir/internal/gdapbulk"
	"comptoir/internal/importer"
	"comptoir/internal/portal/agreements"
	"comptoir/internal/portal/block"
	bulkpages "comptoir/internal/portal/gdapbulk"
	"comptoir/internal/portal/visit"
)

// jobs lists the reader's own jobs (P-23), the newest first: imports, rounds of
// agreements, and files of admin relationships. A file that was only uploaded is none. Their ids sort by time.
func jobs(v *visit.Visit) error {
	view := block.ParseView(v.Request.URL.Query())
	all, err := visit.Do(v, importer.List, importer.Page{Before: view.After, Limit: view.Size, Started: true})
	if err != nil {
		return err
	}
	rounds, err := visit.Do(v, agreement.ListRounds, agreement.RoundPage{Before: view.After, Limit: view.Size})
	if err != nil {
		return err
	}
	batches, err := visit.Do(v, gdapbulk.List, gdapbulk.Page{Before: view.After, Limit: view.Size})
	if err != nil {
		return err
	}
	f := v.Frame(v.T("portal.jobs"), visit.Jobs)
	f.Subtitle = v.T("importpage.jobs.subtitle")
	t := jobsTable(v, "jobs", all)
	for _, r := range rounds {
		t.Rows = append(t.Rows, roundRow(v, r))
	}
	for _, b := range batches {
		t.Rows = append(t.Rows, bulkpages.JobRow(v, b))
	}
	slices.SortFunc(t.Rows, func(a, b block.Row) int { return strings.Compare(b.ID, a.ID) })
	t.Rows = t.Rows[:min(len(t.Rows), view.Size)]
	return v.Show(jobsPage(v, f, t))
}

// roundRow is a round of agreements among the jobs.
func roundRow(v *visit.Visit, r agreement.Round) block.Row {
	name := v.N("rounds.job.name", r.Total)
	return block.Row{ID: r.ID, Name: name, Cells: []block.Cell{
		{Text: name, Href: agreements.RoundPath(r)},
		{Text: v.T("rounds.job")},
		{Text: v.DateTime(r.StartedAt)},
		{Badge: agreements.RoundBadge(v, r)},
		{Text: agreements.RoundCounts(v, r)},
	}}
}

// jobsTable lists imports.
func jobsTable(v *visit.Visit, tableID string, all []importer.Import) block.Table {
	t := block.Table{
		ID: tableID, Caption: v.T("portal.jobs"), Base: visit.JobsPath, Small: true, Columns: []block.Column{
			{Key: "file", Title: v.T("rounds.column.subject")},
			{Key: "kind", Title: v.T("importpage.column.kind")},
			{Key: "started", Title: v.T("importpage.column.started"), Nowrap: true},
			{Key: "state", Title: v.T("importpage.column.state"), Nowrap: true},
			{Key: "result", Title: v.T("importpage.column.result")},
		},
		Empty: block.EmptyState{Title: v.T("importpage.jobs.empty"), Text: v.T("importpage.jobs.empty_text"), Actions: []block.Button{
			{Label: v.T("portal.import"), Href: visit.ImportPath},
		}},
	}
	for _, i := range all {
		at := i.StartedAt
		if at.IsZero() {
			at = i.UploadedAt
		}
		t.Rows = append(t.Rows, block.Row{ID: i.ID, Name: i.Name, Cells: []block.Cell{
			{Text: i.Name, Href: pathOf(i.ID)}, {Text: kind(v, i)}, {Text: v.DateTime(at)}, {Badge: badge(v, i)}, {Text: counts(v, i)},
		}})
	}
	return t
}
