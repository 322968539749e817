package imports

import (
	"slices"
	"strconv"
	"strings"

	"comptoir/internal/importer"
	"comptoir/internal/lang"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
)

// resultsID names the table of results.
const resultsID = "results"

// readResults reads the page of results that the address asks for. Results are
// read forward only, so the cursor carries where the pages before it began.
func (o *one) readResults() (err error) {
	o.view = block.ParseView(o.Request.URL.Query(), "outcome")
	if o.view.Before != "" {
		o.view.After, o.view.Before = o.view.Before, ""
	}
	o.results, err = visit.Do(o.Visit, importer.Results, importer.ResultQuery{
		ID: o.imp.ID, Outcome: o.outcomeAsked(), After: o.start(), Limit: o.view.Size,
	})
	return err
}

// outcomeAsked is the outcome that the list is narrowed to, "" for all.
func (o *one) outcomeAsked() importer.Outcome {
	asked := importer.Outcome(o.view.Filters.Get("outcome"))
	if slices.Contains([]importer.Outcome{importer.Created, importer.Exists, importer.Refused}, asked) {
		return asked
	}
	return ""
}

// trail are the rows behind which this page and those before it begin, this one
// first.
func (o *one) trail() []string {
	if o.view.After == "" {
		return nil
	}
	return strings.Split(o.view.After, "~")
}

// longestTrail is how many pages back one can go one by one.
const longestTrail = 100

func (o *one) start() int64 {
	trail := o.trail()
	if len(trail) == 0 {
		return 0
	}
	after, err := strconv.ParseInt(trail[0], 10, 64)
	if err != nil {
		return 0 // an old or mistyped address shows the first page
	}
	return after
}

// cursors lead to the pages before and behind this one.
func (o *one) cursors() (previous, next string) {
	trail := o.trail()
	if len(trail) > 0 {
		previous = "0"
		if len(trail) > 1 {
			previous = strings.Join(trail[1:], "~")
		}
	}
	if len(o.results) < o.view.Size {
		return previous, ""
	}
	trail = slices.Insert(trail, 0, row(o.results[len(o.results)-1]))
	return previous, strings.Join(trail[:min(len(trail), longestTrail)], "~")
}

// resultTable is the list of what became of the rows.
func (o *one) resultTable() block.Table {
	previous, next := o.cursors()
	total := o.imp.Summary.Of(o.outcomeAsked())
	t := block.Table{
		ID: resultsID, Caption: o.T("importpage.results"), Base: pathOf(o.imp.ID), View: o.view, Total: total, Previous: previous, Next: next,
		Columns: []block.Column{
			{Key: "row", Title: o.T("importpage.column.row")},
			{Key: "id", Title: o.T("importpage.column.id")},
			{Key: "name", Title: o.T("customers.column.name"), Fixed: true},
			{Key: "outcome", Title: o.T("importpage.column.outcome"), Nowrap: true},
			{Key: "notes", Title: o.T("importpage.column.notes")},
		},
		Filters: []block.Filter{{Key: "outcome", Label: o.T("importpage.column.outcome"), Options: []block.Option{
			{Value: string(importer.Created), Label: o.T("importpage.outcome.created")},
			{Value: string(importer.Exists), Label: o.T("importpage.outcome.exists")},
			{Value: string(importer.Refused), Label: o.T("importpage.outcome.refused")},
		}}},
	}
	for _, r := range o.results {
		name := block.Cell{Text: r.Name}
		if r.Customer != "" {
			name.Href = visit.AccountPath(r.Customer)
		}
		t.Rows = append(t.Rows, block.Row{ID: row(r), Name: r.Name, Cells: []block.Cell{
			{Text: o.Number(r.Row)}, {Text: r.ID}, name, {Badge: o.outcome(r, o.imp.Options.DryRun)}, {Text: o.notes(r)},
		}})
	}
	return t
}

// saveResults sends the results as a spreadsheet: all, or those of one outcome.
// With raw=1 its words are English and its outcomes codes, for programs.
func saveResults(v *visit.Visit) error {
	o, err := open(v)
	if err != nil {
		return err
	}
	raw := v.Query("raw") == "1"
	if raw {
		o.Printer = lang.For("en")
	}
	head := []string{
		o.T("importpage.column.row"), o.T("importpage.column.line"), o.T("importpage.column.id"), o.T("customers.column.name"),
		o.T("importpage.column.outcome"), o.T("portal.tenant_id"), o.T("importpage.column.codes"), o.T("importpage.column.notes"),
	}
	o.view = block.ParseView(v.Request.URL.Query(), "outcome")
	return v.Export("import-results.csv", head, func(s *visit.Spreadsheet) error {
		for r, err := range importer.EachResult(v.Context(), v.Kernel(), v.Actor, o.imp.ID, o.outcomeAsked()) {
			if err != nil {
				return err
			}
			outcome := o.outcome(r, o.imp.Options.DryRun).Text
			if raw {
				outcome = string(r.Outcome)
			}
			if err := s.Row(row(r), strconv.FormatInt(r.Line, 10), r.ID, r.Name, outcome, string(r.Customer), codes(r), o.notes(r)); err != nil {
				return err
			}
		}
		return nil
	})
}

// codes are the wire codes of what was refused.
func codes(r importer.Result) string {
	var all []string
	for _, f := range r.Faults {
		if !slices.Contains(all, f.Code) {
			all = append(all, f.Code)
		}
	}
	return strings.Join(all, " ")
}
