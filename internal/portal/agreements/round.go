package agreements

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"comptoir/internal/agreement"
	"comptoir/internal/fault"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

const (
	oneRoundPath = visit.RoundsPath + "/{id}"
	oneRowPath   = oneRoundPath + "/rows/{number}"
)

func roundPath(round string) string { return visit.RoundsPath + "/" + round }

func rowPath(round string, number int64) string {
	return roundPath(round) + "/rows/" + strconv.FormatInt(number, 10)
}

// rowsID names the table of the rows of a round.
const rowsID = "rows"

// round is the page of one round: its plan, how far its job has come, and what
// became of each customer.
type round struct {
	*visit.Visit
	agreement.Round
	view block.View
	rows []agreement.RoundRow
	// refused says why it could not be started; nil when nothing does.
	refused error
}

func openRound(v *visit.Visit) (*round, error) {
	r, err := visit.Do(v, agreement.ShowRound, v.Request.PathValue("id"))
	return &round{Visit: v, Round: r, view: block.ParseView(v.Request.URL.Query(), "outcome")}, err
}

func showRound(v *visit.Visit) error {
	r, err := openRound(v)
	if err != nil {
		return err
	}
	return r.show(http.StatusOK)
}

func (r *round) show(status int) (err error) {
	if r.rows, err = r.page(); err != nil {
		return err
	}
	if r.Wants(rowsID) {
		return r.Show(block.DataTable(r.Printer, r.table()))
	}
	f := r.Frame(r.title(), visit.Rounds)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: r.T("rounds.title"), Href: visit.RoundsPath})
	f.Badges = []block.Badge{RoundBadge(r.Visit, r.Round)}
	f.Help = block.Help{
		Title: r.T("rounds.title"), Text: []string{r.T("rounds.help.plan"), r.T("rounds.help.result")}, Roles: r.RolesFor("agreement.attest", true),
	}
	if r.refused != nil {
		f.Messages = append(f.Messages, r.Blocked(r.refused))
	}
	return r.ShowAs(status, roundPage(r, f))
}

func (r *round) title() string { return r.T("rounds.round", "Date", r.DateTime(r.PlannedAt)) }

// planned reports whether the round can still be corrected.
func (r *round) planned() bool { return r.Stage == agreement.RoundPlanned }

// actOnRound takes a command of the page: start, stop or discard, plan again what
// was refused.
func actOnRound(v *visit.Visit) error {
	r, err := openRound(v)
	if err != nil {
		return err
	}
	to := roundPath(r.ID)
	switch v.Form("go") {
	case "start":
		_, err = visit.Do(v, agreement.StartRound, r.ID)
	case "end":
		_, err = visit.Do(v, agreement.EndRound, r.ID)
		if r.planned() {
			to = visit.RoundsPath
		}
	case "again":
		var again agreement.Round
		again, err = visit.DoOnce(v, agreement.PlanAgain, r.ID)
		to = roundPath(again.ID)
	}
	switch kind := fault.KindOf(err); {
	case err == nil:
		return v.Redirect(to)
	case kind != fault.Invalid && kind != fault.Conflict:
		return err
	}
	r.refused = err
	return r.show(visit.Status(err))
}

// RoundBadge is the stage of a round as a status.
func RoundBadge(v *visit.Visit, r agreement.Round) block.Badge {
	switch r.Stage {
	case agreement.RoundPlanned:
		return block.Badge{Text: v.T("rounds.stage.planned"), Icon: icon.Edit}
	case agreement.RoundWaiting:
		return block.Badge{Tone: block.Info, Text: v.T("importer.stage.waiting"), Icon: icon.Pending}
	case agreement.RoundRunning:
		return block.Badge{Tone: block.Info, Text: v.T("importer.stage.running"), Icon: icon.Pending}
	case agreement.RoundDone:
		return block.Badge{Tone: block.Success, Text: v.T("importer.stage.done")}
	case agreement.RoundCancelled:
		return block.Badge{Text: v.T("importer.stage.cancelled")}
	case agreement.RoundFailed:
	}
	return block.Badge{Tone: block.Danger, Text: v.T("importer.stage.failed")}
}

// RoundCounts says how many customers came to what.
func RoundCounts(v *visit.Visit, r agreement.Round) string {
	return strings.Join([]string{v.N("rounds.count.made", r.Made), v.N("rounds.count.known", r.Known), v.N("rounds.count.refused", r.Refused)}, ", ")
}

// RoundPath returns the address of the page of a round.
func RoundPath(r agreement.Round) string { return roundPath(r.ID) }

// outcomes are those of the rows, in the order of the tiles.
var outcomes = []agreement.RoundOutcome{agreement.RowReady, agreement.RowMade, agreement.RowKnown, agreement.RowRefused}

// asked is the outcome that the list is narrowed to, "" for all.
func (r *round) asked() agreement.RoundOutcome {
	if o := agreement.RoundOutcome(r.view.Filters.Get("outcome")); slices.Contains(outcomes, o) {
		return o
	}
	return ""
}

func (r *round) outcome(o agreement.RoundOutcome) block.Badge {
	switch o {
	case agreement.RowReady:
		return block.Badge{Tone: block.Info, Text: r.T("rounds.outcome.ready"), Icon: icon.Pending}
	case agreement.RowMade:
		return block.Badge{Tone: block.Success, Text: r.T("rounds.outcome.made")}
	case agreement.RowKnown:
		return block.Badge{Tone: block.Neutral, Text: r.T("rounds.outcome.known")}
	case agreement.RowRefused:
	}
	return block.Badge{Tone: block.Danger, Text: r.T("rounds.outcome.refused")}
}

// stats are the outcomes, each leading to its customers.
func (r *round) stats() []block.Stat {
	var all []block.Stat
	for _, o := range outcomes {
		if o == agreement.RowReady && r.Ready() == 0 || o == agreement.RowMade && r.planned() {
			continue
		}
		b, n := r.outcome(o), r.Of(o)
		if n == 0 {
			b.Tone = block.Neutral
		}
		all = append(all, block.Stat{Label: b.Text, Value: r.Number(n), Href: roundPath(r.ID) + "?outcome=" + string(o), Tone: b.Tone, Icon: icon.List})
	}
	return all
}

func (r *round) progress() block.Progress {
	return block.Progress{Label: r.T("rounds.running"), Value: r.Total - r.Ready(), Max: r.Total, Note: RoundCounts(r.Visit, r.Round)}
}

// page reads the rows of a page. They are read forward only, so the cursor carries
// where the pages before it began.
func (r *round) page() ([]agreement.RoundRow, error) {
	if r.view.Before != "" {
		r.view.After, r.view.Before = r.view.Before, ""
	}
	after, err := strconv.ParseInt(r.trail()[0], 10, 64)
	if err != nil {
		after = 0 // an old or mistyped address shows the first page
	}
	return visit.Do(r.Visit, agreement.ListRoundRows, agreement.RoundRows{Round: r.ID, Outcome: r.asked(), After: after, Limit: r.view.Size})
}

// trail are the rows behind which this page and those before it begin, this one
// first. A round has MaxAttestations rows, so it stays short.
func (r *round) trail() []string {
	if r.view.After == "" {
		return []string{"0"}
	}
	return strings.Split(r.view.After, "~")
}

func (r *round) cursors() (previous, next string) {
	trail := r.trail()
	previous = strings.Join(trail[1:], "~")
	if len(r.rows) == r.view.Size && len(r.rows) > 0 {
		next = strings.Join(slices.Insert(trail, 0, strconv.FormatInt(r.rows[len(r.rows)-1].Number, 10)), "~")
	}
	return previous, next
}

func (r *round) table() block.Table {
	previous, next := r.cursors()
	t := block.Table{
		ID: rowsID, Caption: r.T("rounds.rows"), Base: roundPath(r.ID), View: r.view, Total: r.Of(r.asked()), Previous: previous, Next: next,
		Columns: []block.Column{
			{Key: "name", Title: r.T("customers.column.name"), Fixed: true},
			{Key: "person", Title: r.T("rounds.column.person")},
			{Key: "date", Title: r.T("customers.field.agreed_on"), Nowrap: true},
			{Key: "outcome", Title: r.T("common.status"), Nowrap: true},
			{Key: "notes", Title: r.T("importpage.column.notes")},
		},
		Filters: []block.Filter{r.filter()},
		Empty:   block.EmptyState{Title: r.T("rounds.rows.empty")},
	}
	if r.planned() {
		t.Columns = append(t.Columns, block.Column{Key: "change", Title: r.T("rounds.column.change"), Nowrap: true})
	}
	for _, row := range r.rows {
		t.Rows = append(t.Rows, r.row(row))
	}
	return t
}

func (r *round) filter() block.Filter {
	f := block.Filter{Key: "outcome", Label: r.T("common.status")}
	for _, o := range outcomes {
		f.Options = append(f.Options, block.Option{Value: string(o), Label: r.outcome(o).Text})
	}
	return f
}

func (r *round) row(row agreement.RoundRow) block.Row {
	name := block.Cell{Text: row.Name, Href: visit.AccountPath(row.Customer) + "#agreement"}
	if row.Name == "" {
		name = block.Cell{Text: string(row.Customer)}
	}
	notes := ""
	if row.Fault != nil {
		notes = r.Fault(row.Fault)
	}
	person := row.Attestation.Person
	out := block.Row{ID: strconv.FormatInt(row.Number, 10), Name: row.Name, Cells: []block.Cell{
		name, {Text: person.Name(), Sub: person.Email}, {Text: r.Date(row.Attestation.AgreedAt)}, {Badge: r.outcome(row.Outcome)}, {Text: notes},
	}}
	if r.planned() {
		out.Cells = append(out.Cells, block.Cell{Text: r.T("rounds.change"), Href: rowPath(r.ID, row.Number)})
	}
	return out
}

// correcting is the dialog about one customer of a plan (rule AG3).
type correcting struct {
	*round
	row  agreement.RoundRow
	on   string // the date, as typed
	said visit.Verdicts
}

func openRow(v *visit.Visit) (*correcting, error) {
	if err := mayAttest(v); err != nil {
		return nil, err
	}
	r, err := openRound(v)
	if err != nil {
		return nil, err
	}
	number, err := strconv.ParseInt(v.Request.PathValue("number"), 10, 64)
	if err != nil {
		return nil, refusal.NotFound
	}
	row, err := visit.Do(v, agreement.ShowRoundRow, agreement.RowOf{Round: r.ID, Number: number})
	if err == nil && !r.planned() {
		err = agreement.ErrRoundStarted
	}
	return &correcting{round: r, row: row, on: row.Attestation.AgreedAt.Format(time.DateOnly)}, err
}

func askRow(v *visit.Visit) error {
	c, err := openRow(v)
	if err != nil {
		return err
	}
	return c.show(http.StatusOK)
}

// correctRow takes the dialog.
func correctRow(v *visit.Visit) error {
	c, err := openRow(v)
	if err != nil {
		return err
	}
	c.on = v.Form("on")
	c.row.Attestation = agreement.Attestation{AgreedAt: day(c.on), Person: agreement.Person{
		FirstName: v.Form("first-name"), LastName: v.Form("last-name"), Email: v.Form("email"), Phone: v.Form("phone"),
	}}
	_, err = visit.Do(v, agreement.CorrectRound, agreement.Correction{
		Round: c.ID, Number: c.row.Number, Attestation: c.row.Attestation, LeaveOut: v.Form("go") == "leave-out",
	})
	switch {
	case err == nil:
		return v.Redirect(roundPath(c.ID))
	case fault.KindOf(err) != fault.Invalid:
		return err
	}
	if c.said, err = v.Judge(err, nil, rowField, c.label); err != nil {
		return err
	}
	return c.show(http.StatusBadRequest)
}

// rowField says which field of the forms a member of the input is.
func rowField(member string) string {
	return map[string]string{
		"dateAgreed": "on", "primaryContact.firstName": "first-name", "primaryContact.lastName": "last-name", "primaryContact.email": "email",
	}[member]
}

func (c *correcting) label(name string) string {
	switch name {
	case "first-name":
		return c.T("customers.field.first_name")
	case "last-name":
		return c.T("customers.field.last_name")
	case "email":
		return c.T("customers.field.email")
	case "phone":
		return c.T("customers.field.phone_optional")
	}
	return c.T("customers.field.agreed_on")
}

func (c *correcting) field(name, value string) block.Field {
	return c.said.Mark(block.Field{Name: name, Label: c.label(name), Value: value, Required: name != "phone"})
}

func (c *correcting) show(status int) error {
	f := c.Frame(c.row.Name, visit.Rounds)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: c.T("rounds.title"), Href: visit.RoundsPath}, block.Link{Label: c.title(), Href: roundPath(c.ID)})
	return c.ShowAs(status, rowPage(c, f))
}

func (c *correcting) dialog() block.Dialog {
	return block.Dialog{
		ID: "row", Title: c.T("customers.agreement.confirm"), Text: c.T("rounds.row.text", "Customer", c.row.Name), Action: rowPath(c.ID, c.row.Number),
		CSRF: c.CSRF(), Confirm: c.T("common.save"), Cancel: roundPath(c.ID), Wide: true,
	}
}
