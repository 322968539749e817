package gdapbulk

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"comptoir/internal/fault"
	"comptoir/internal/gdap"
	"comptoir/internal/gdapbulk"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
)

// rowsID names the table of the rows of a batch.
const rowsID = "rows"

// batch is the page of one batch: its plan, how far its job has come, and what
// became of each row.
type batch struct {
	*visit.Visit
	gdapbulk.Batch
	view block.View
	rows []gdapbulk.Row
	// refused says why it could not be started; nil when nothing does.
	refused error
}

func openBatch(v *visit.Visit) (*batch, error) {
	b, err := visit.Do(v, gdapbulk.Show, v.Request.PathValue("id"))
	return &batch{Visit: v, Batch: b, view: block.ParseView(v.Request.URL.Query(), "outcome")}, err
}

func showBatch(v *visit.Visit) error {
	b, err := openBatch(v)
	if err != nil {
		return err
	}
	return b.show(http.StatusOK)
}

func (b *batch) show(status int) (err error) {
	if b.rows, err = b.page(); err != nil {
		return err
	}
	if b.Wants(rowsID) {
		return b.Show(block.DataTable(b.Printer, b.table()))
	}
	f := frame(b.Visit, b.File)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: b.T("gdapbulk.title"), Href: visit.BulkDelegationPath})
	f.Subtitle, f.Badges = KindLabel(b.Visit, b.Kind), []block.Badge{badge(b.Visit, b.Batch)}
	if b.refused != nil {
		f.Messages = append(f.Messages, b.Blocked(b.refused))
	}
	return b.ShowAs(status, batchPage(b, f))
}

// planned reports whether nothing is done yet.
func (b *batch) planned() bool { return b.Stage == gdapbulk.Planned }

// actOnBatch takes a command of the page: start, stop or discard, plan again what
// was left undone.
func actOnBatch(v *visit.Visit) error {
	b, err := openBatch(v)
	if err != nil {
		return err
	}
	to := pathOf(b.ID)
	switch v.Form("go") {
	case "start":
		_, err = visit.Do(v, gdapbulk.Start[b.Kind], b.ID)
	case "end":
		_, err = visit.Do(v, gdapbulk.End, b.ID)
		if b.planned() {
			to = visit.BulkDelegationPath
		}
	case "again":
		var again gdapbulk.Batch
		again, err = gdapbulk.Again(v.Context(), v.Kernel(), v.Actor, b.ID)
		to = pathOf(again.ID)
	}
	switch kind := fault.KindOf(err); {
	case err == nil:
		return v.Redirect(to)
	case kind != fault.Invalid && kind != fault.Conflict:
		return err
	}
	b.refused = err
	return b.show(visit.Status(err))
}

// badge is the stage of a batch as a status.
func badge(v *visit.Visit, b gdapbulk.Batch) block.Badge {
	switch b.Stage {
	case gdapbulk.Planned:
		return block.Badge{Text: v.T("gdapbulk.stage.planned"), Icon: icon.Edit}
	case gdapbulk.Waiting:
		return block.Badge{Tone: block.Info, Text: v.T("importer.stage.waiting"), Icon: icon.Pending}
	case gdapbulk.Running:
		return block.Badge{Tone: block.Info, Text: v.T("importer.stage.running"), Icon: icon.Pending}
	case gdapbulk.Done:
		return block.Badge{Tone: block.Success, Text: v.T("importer.stage.done")}
	case gdapbulk.Cancelled:
		return block.Badge{Text: v.T("importer.stage.cancelled")}
	case gdapbulk.Failed:
	}
	return block.Badge{Tone: block.Danger, Text: v.T("importer.stage.failed")}
}

// counts says how many rows came to what.
func counts(v *visit.Visit, b gdapbulk.Batch) string {
	return strings.Join([]string{v.N("gdapbulk.count.made", b.Made), v.N("gdapbulk.count.known", b.Known), v.N("gdapbulk.count.refused", b.Refused)}, ", ")
}

// outcomes are those of the rows, in the order of the tiles.
var outcomes = []gdapbulk.Outcome{gdapbulk.Ready, gdapbulk.Made, gdapbulk.Known, gdapbulk.Refused}

// asked is the outcome that the list is narrowed to, "" for all.
func (b *batch) asked() gdapbulk.Outcome {
	if o := gdapbulk.Outcome(b.view.Filters.Get("outcome")); slices.Contains(outcomes, o) {
		return o
	}
	return ""
}

func (b *batch) outcome(o gdapbulk.Outcome) block.Badge {
	switch o {
	case gdapbulk.Ready:
		return block.Badge{Tone: block.Info, Text: b.T("gdapbulk.outcome.ready"), Icon: icon.Pending}
	case gdapbulk.Made:
		return block.Badge{Tone: block.Success, Text: b.T("gdapbulk.outcome.made")}
	case gdapbulk.Known:
		return block.Badge{Tone: block.Neutral, Text: b.T("gdapbulk.outcome.known")}
	case gdapbulk.Refused:
	}
	return block.Badge{Tone: block.Danger, Text: b.T("gdapbulk.outcome.refused")}
}

// stats are the outcomes, each leading to its rows.
func (b *batch) stats() []block.Stat {
	var all []block.Stat
	for _, o := range outcomes {
		if o == gdapbulk.Ready && b.Ready() == 0 || o == gdapbulk.Made && b.planned() {
			continue
		}
		badge, n := b.outcome(o), b.Of(o)
		if n == 0 {
			badge.Tone = block.Neutral
		}
		all = append(all, block.Stat{Label: badge.Text, Value: b.Number(n), Href: pathOf(b.ID) + "?outcome=" + string(o), Tone: badge.Tone, Icon: icon.List})
	}
	return all
}

// again is the button that plans what was left undone once more.
func (b *batch) again() block.Button {
	again := block.Button{Label: b.N("gdapbulk.again", b.Refused), Icon: icon.Refresh, Name: "go", Value: "again"}
	if b.Undone() > b.Refused {
		again.Label = b.N("gdapbulk.again_undone", b.Undone())
	}
	return again
}

// save is the button that takes along what was left undone.
func (b *batch) save() block.Button {
	save := block.Button{Label: b.T("importpage.results.refused"), Icon: icon.Download, Href: pathOf(b.ID) + "/results?outcome=" + undone}
	if b.Undone() > b.Refused {
		save.Label = b.T("gdapbulk.results.undone")
	}
	return save
}

func (b *batch) progress() block.Progress {
	return block.Progress{Label: b.T("gdapbulk.running"), Value: b.Total - b.Ready(), Max: b.Total, Note: counts(b.Visit, b.Batch)}
}

// notice says what a plan is about to do.
func (b *batch) notice() block.Message {
	if b.Kind == gdapbulk.Ending && b.Ready() > 0 {
		return block.Message{Tone: block.Warning, Title: b.T("gdapbulk.planned"), Text: b.N("gdapbulk.terminating", b.Ready())}
	}
	return block.Message{Tone: block.Info, Title: b.T("gdapbulk.planned"), Text: b.N("gdapbulk.planned_text", b.Ready())}
}

// start is the button that has the plan done.
func (b *batch) start() block.Button {
	start := block.Button{Icon: icon.Play, Kind: block.Primary, Name: "go", Value: "start", Reason: b.notYet()}
	switch b.Kind {
	case gdapbulk.Asking:
		start.Label, start.Icon = b.N("gdapbulk.start.request", b.Ready()), icon.Send
	case gdapbulk.Extending:
		start.Label = b.N("gdapbulk.start.extend", b.Ready())
	case gdapbulk.Assigning:
		start.Label = b.N("gdapbulk.start.assign", b.Ready())
	case gdapbulk.Ending:
		start.Label, start.Kind = b.N("gdapbulk.start.terminate", b.Ready()), block.Destructive
	}
	return start
}

// notYet says why a plan cannot be started.
func (b *batch) notYet() string {
	if b.Ready() == 0 {
		return b.Fault(gdapbulk.ErrNothingReady)
	}
	return b.Reason(b.Kind.Action(), true)
}

// page reads the rows of a page. They are read forward only, so the cursor carries
// where the pages before it began.
func (b *batch) page() ([]gdapbulk.Row, error) {
	if b.view.Before != "" {
		b.view.After, b.view.Before = b.view.Before, ""
	}
	after, err := strconv.ParseInt(b.trail()[0], 10, 64)
	if err != nil {
		after = 0 // an old or mistyped address shows the first page
	}
	return visit.Do(b.Visit, gdapbulk.ListRows, gdapbulk.Rows{Batch: b.ID, Outcome: b.asked(), After: after, Limit: b.view.Size})
}

// trail are the rows behind which this page and those before it begin, this one
// first.
func (b *batch) trail() []string {
	if b.view.After == "" {
		return []string{"0"}
	}
	return strings.Split(b.view.After, "~")
}

// longestTrail is how many pages back one can go one by one.
const longestTrail = 100

func (b *batch) cursors() (previous, next string) {
	trail := b.trail()
	previous = strings.Join(trail[1:], "~")
	if len(b.rows) == b.view.Size && len(b.rows) > 0 {
		trail = slices.Insert(trail, 0, strconv.FormatInt(b.rows[len(b.rows)-1].Number, 10))
		next = strings.Join(trail[:min(len(trail), longestTrail)], "~")
	}
	return previous, next
}

func (b *batch) table() block.Table {
	previous, next := b.cursors()
	t := block.Table{
		ID: rowsID, Caption: b.T("gdapbulk.rows"), Base: pathOf(b.ID), View: b.view, Total: b.Of(b.asked()), Previous: previous, Next: next,
		Columns: []block.Column{
			{Key: "customer", Title: b.T("customers.column.name"), Fixed: true},
			{Key: "relationship", Title: b.T("gdapbulk.column.relationship")},
			{Key: "what", Title: b.T("gdapbulk.column.what")},
			{Key: "outcome", Title: b.T("common.status"), Nowrap: true},
			{Key: "notes", Title: b.T("importpage.column.notes")},
		},
		Filters: []block.Filter{b.filter()},
		Empty:   block.EmptyState{Title: b.T("gdapbulk.rows.empty")},
	}
	if b.hands() {
		t.Columns = append(t.Columns, block.Column{Key: "link", Title: b.T("gdapbulk.column.link"), Nowrap: true})
	}
	for _, row := range b.rows {
		t.Rows = append(t.Rows, b.row(row))
	}
	return t
}

// hands reports whether there are links to hand over to customers.
func (b *batch) hands() bool { return b.Kind == gdapbulk.Asking && b.Made > 0 }

func (b *batch) filter() block.Filter {
	f := block.Filter{Key: "outcome", Label: b.T("common.status")}
	for _, o := range outcomes {
		f.Options = append(f.Options, block.Option{Value: string(o), Label: b.outcome(o).Text})
	}
	return f
}

func (b *batch) row(row gdapbulk.Row) block.Row {
	name, relationship := row.CustomerName, row.Name
	if name == "" {
		name = row.Given[gdapbulk.CustomerColumn]
	}
	if relationship == "" {
		relationship = row.Given[gdapbulk.NameColumn] + row.Given[gdapbulk.RelationshipColumn]
	}
	about := block.Cell{Text: name, Sub: b.T("gdapbulk.line", "Line", b.Number(row.Line))}
	if name == "" {
		about = block.Cell{Text: about.Sub}
	}
	out := block.Row{ID: strconv.FormatInt(row.Number, 10), Name: about.Text, Cells: []block.Cell{
		about, {Text: relationship}, {Text: b.what(row)}, {Badge: b.outcome(row.Outcome)}, {Text: b.notes(row)},
	}}
	if b.hands() {
		cell := block.Cell{}
		if row.Outcome == gdapbulk.Made {
			cell.Body = copyLink(b, b.link(row))
		}
		out.Cells = append(out.Cells, cell)
	}
	return out
}

// what says what is done with a row; "" for one that was refused.
func (b *batch) what(row gdapbulk.Row) string {
	if row.Outcome == gdapbulk.Refused {
		return ""
	}
	roles := int64(len(row.Roles))
	switch b.Kind {
	case gdapbulk.Asking:
		return b.N("gdapbulk.what.request", roles, "Days", b.N("delegationpage.days", int64(gdap.Relationship{Duration: row.Duration}.Days())))
	case gdapbulk.Assigning:
		return b.N("gdapbulk.what.assign", roles, "Group", row.GroupName)
	case gdapbulk.Extending:
		if row.AutoExtend == gdap.NoExtension {
			return b.T("gdapbulk.what.not_extending")
		}
		return b.T("gdapbulk.what.extending")
	case gdapbulk.Ending:
	}
	return b.T("gdapbulk.what.terminate")
}

// notes say what was refused, each at its column.
func (b *batch) notes(row gdapbulk.Row) string {
	var all []string
	for _, f := range row.Faults {
		sentence := b.Fault(f)
		if slices.Contains(b.Kind.Columns(), gdapbulk.Column(f.Field)) {
			sentence = f.Field + ": " + sentence
		}
		all = append(all, sentence)
	}
	return strings.Join(all, " ")
}

// link is the address under which a customer answers a request (rule F2).
func (b *batch) link(row gdapbulk.Row) string {
	return b.Site().Origin.Base(b.Request) + visit.OfferLink + row.Relationship
}

// undone is how the address of the spreadsheet asks for the rows that were left undone.
const undone = "undone"

// saveResults sends the rows as a spreadsheet with what became of them: all, those of
// one outcome, or those that were left undone. Its first columns are those of the file,
// so that rows can be corrected there and uploaded again.
func saveResults(v *visit.Visit) error {
	b, err := openBatch(v)
	if err != nil {
		return err
	}
	head := slices.Concat(titles(b.Kind), []string{b.T("gdapbulk.column.line"), b.T("importpage.column.outcome"), b.T("importpage.column.notes")})
	if b.Kind == gdapbulk.Asking {
		head = append(head, b.T("gdapbulk.column.link"))
	}
	return v.Export("admin-relationships-results.csv", head, func(s *visit.Spreadsheet) error {
		wanted := gdapbulk.Rows{Batch: b.ID, Outcome: b.asked(), Undone: v.Query("outcome") == undone, Limit: gdapbulk.MaxRows}
		for more := true; more; {
			rows, err := visit.Do(v, gdapbulk.ListRows, wanted)
			if err != nil {
				return err
			}
			for _, row := range rows {
				if err := s.Row(b.cells(row)...); err != nil {
					return err
				}
				wanted.After = row.Number
			}
			more = len(rows) == gdapbulk.MaxRows
		}
		return nil
	})
}

func (b *batch) cells(row gdapbulk.Row) []string {
	var cells []string
	for _, c := range b.Kind.Columns() {
		cells = append(cells, row.Given[c])
	}
	cells = append(cells, strconv.FormatInt(row.Line, 10), b.outcome(row.Outcome).Text, b.notes(row))
	if b.Kind == gdapbulk.Asking {
		link := ""
		if row.Outcome == gdapbulk.Made {
			link = b.link(row)
		}
		cells = append(cells, link)
	}
	return cells
}
