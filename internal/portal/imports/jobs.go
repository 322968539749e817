package imports

import (
	"comptoir/internal/importer"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
)

// jobs lists the reader's own jobs (P-23), the newest first. A file that was only
// uploaded is none.
func jobs(v *visit.Visit) error {
	view := block.ParseView(v.Request.URL.Query())
	all, err := visit.Do(v, importer.List, importer.Page{Before: view.After, Limit: view.Size, Started: true})
	if err != nil {
		return err
	}
	f := v.Frame(v.T("portal.jobs"), visit.Jobs)
	f.Subtitle = v.T("importpage.jobs.subtitle")
	return v.Show(jobsPage(v, f, jobsTable(v, "jobs", all)))
}

// jobsTable lists imports.
func jobsTable(v *visit.Visit, tableID string, all []importer.Import) block.Table {
	t := block.Table{
		ID: tableID, Caption: v.T("portal.jobs"), Base: visit.JobsPath, Small: true, Columns: []block.Column{
			{Key: "file", Title: v.T("importpage.column.file")},
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
