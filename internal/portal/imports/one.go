package imports

import (
	"errors"
	"net/http"
	"strconv"

	"comptoir/internal/fault"
	"comptoir/internal/importer"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
)

// one is the page of one import, whatever its stage.
type one struct {
	*visit.Visit
	imp importer.Import
	// options are those of the form; preview is what they would make.
	options importer.Options
	preview importer.Preview
	// refused says why the import could not be started; nil when nothing does.
	refused error
	// barred says why the reader may not import any more; what was imported stays
	// to be seen.
	barred error
	// gone says that the file was removed while the page was made.
	gone bool
	// prospect is what the question before an import tells.
	prospect importer.Prospect
	// passwords are those of new customers' first admins that wait to be taken along.
	passwords importer.PasswordsKept
	// results is a page of them, view the state of their list.
	view    block.View
	results []importer.Result
}

func show(v *visit.Visit) error {
	o, err := open(v)
	if err != nil {
		return err
	}
	o.options = o.imp.Options
	return o.show(http.StatusOK)
}

// showPart leads from the address of a command to the page that it stands on.
func showPart(v *visit.Visit) error { return v.Redirect(pathOf(v.Request.PathValue("id"))) }

func open(v *visit.Visit) (*one, error) {
	i, err := visit.Do(v, importer.Progress, importer.ByID{ID: v.Request.PathValue("id")})
	return &one{Visit: v, imp: i}, err
}

// act takes a command of the page: try other options, rehearse, ask before the
// import, import, cancel.
func act(v *visit.Visit) error {
	o, err := open(v)
	if err != nil {
		return err
	}
	o.options = readOptions(v)
	switch v.Form("go") {
	case "cancel":
		_, err = visit.Do(v, importer.Cancel, importer.ByID{ID: o.imp.ID})
	case "rehearse":
		err = o.rehearse()
	case "ask":
		if o.prospect, err = visit.Do(v, importer.Forecast.For(v.Actor), o.order()); err == nil && o.prospect.Known {
			return o.ask()
		}
		if err == nil { // a long file is counted by its rehearsal
			err = o.rehearse()
		}
	case "start":
		_, err = visit.Do(v, importer.Start.For(v.Actor), o.entrusted())
	default:
		return o.show(http.StatusOK)
	}
	if err == nil {
		return v.Redirect(pathOf(o.imp.ID))
	}
	if k := fault.KindOf(err); k != fault.Invalid && k != fault.Conflict {
		return err
	}
	o.refused = err
	return o.show(visit.Status(err))
}

func (o *one) order() importer.Order { return importer.Order{ID: o.imp.ID, Options: o.options} }

func (o *one) rehearse() error {
	order := o.order()
	order.Options.DryRun = true
	_, err := visit.Do(o.Visit, importer.Start.For(o.Actor), order)
	return err
}

// ask shows what the import would make, before it makes it.
func (o *one) ask() error {
	f := o.Frame(o.imp.Name, visit.Imports)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: o.T("portal.import"), Href: visit.ImportPath})
	return o.Show(askPage(o, f))
}

// discard removes an import and its file.
func discard(v *visit.Visit) error {
	if _, err := visit.Do(v, importer.Discard, importer.ByID{ID: v.Request.PathValue("id")}); err != nil {
		return err
	}
	v.Toast(v.T("importpage.discarded"))
	return v.Redirect(visit.ImportPath)
}

// maps reports whether the page asks how the file is to be read.
func (o *one) maps() bool { return o.imp.Kept() && !o.gone && !o.working() && o.barred == nil }

// working reports whether a job is at it, or will be.
func (o *one) working() bool {
	return o.imp.Stage == importer.Waiting || o.imp.Stage == importer.Running
}

// tells reports whether there are results.
func (o *one) tells() bool { return o.imp.Summary.Rows() > 0 }

func (o *one) show(status int) error {
	err := o.lookAhead()
	if errors.Is(err, importer.ErrNotReady) { // the import began, or ended, since its state was read
		if o.imp, err = visit.Do(o.Visit, importer.Progress, importer.ByID{ID: o.imp.ID}); err == nil {
			o.gone = !o.working()
		}
	}
	if err != nil {
		return err
	}
	if o.tells() {
		if err := errors.Join(o.readResults(), o.readPasswords()); err != nil {
			return err
		}
		if o.Wants(resultsID) {
			return o.Show(block.DataTable(o.Printer, o.resultTable()))
		}
	}
	f := o.Frame(o.imp.Name, visit.Imports)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: o.T("portal.import"), Href: visit.ImportPath})
	f.Badges = []block.Badge{badge(o.Visit, o.imp)}
	f.Help = help(o.Visit)
	if o.refused != nil {
		f.Messages = append(f.Messages, o.Blocked(o.refused))
	}
	if o.barred != nil {
		f.Messages = append(f.Messages, o.Blocked(o.barred))
	}
	if o.imp.Fault != nil {
		f.Messages = append(f.Messages, o.Blocked(o.imp.Fault))
	}
	return o.ShowAs(status, onePage(o, f))
}

// lookAhead reads what would be made of the file, where the page asks for it.
func (o *one) lookAhead() (err error) {
	if !o.maps() || o.Wants(resultsID) {
		return nil
	}
	o.preview, err = visit.Do(o.Visit, importer.LookAhead.For(o.Actor), o.order())
	if fault.KindOf(err) == fault.Forbidden {
		o.barred, err = err, nil
	}
	return err
}

// facts are those of the file.
func (o *one) facts() []block.Fact {
	i := o.imp
	var facts []block.Fact
	if i.Total > 0 { // else they were not counted yet
		facts = append(facts, block.Fact{Term: o.T("importpage.fact.rows"), Value: o.Number(i.Total)})
	}
	facts = append(facts, block.Fact{Term: o.T("importpage.fact.uploaded"), Value: o.DateTime(i.UploadedAt)})
	if !i.StartedAt.IsZero() {
		facts = append(facts, block.Fact{Term: kind(o.Visit, i), Value: o.DateTime(i.StartedAt)})
	}
	if !i.FinishedAt.IsZero() {
		facts = append(facts, block.Fact{Term: o.T("importpage.fact.finished"), Value: o.DateTime(i.FinishedAt)})
	}
	return facts
}

// progress says how far the job has come.
func (o *one) progress() block.Progress {
	return block.Progress{
		Label: kind(o.Visit, o.imp), Value: o.imp.Summary.Rows(), Max: o.imp.Total, Note: counts(o.Visit, o.imp),
	}
}

// stats are the outcomes, each leading to its rows.
func (o *one) stats() []block.Stat {
	s := o.imp.Summary
	created := o.N("importpage.stat.created", s.Created)
	if o.imp.Options.DryRun {
		created = o.N("importpage.stat.would", s.Created)
	}
	return []block.Stat{
		o.stat(importer.Created, created, block.Success),
		o.stat(importer.Exists, o.N("importpage.stat.exists", s.Exists), block.Info),
		o.stat(importer.Refused, o.N("importpage.stat.refused", s.Refused), block.Danger),
	}
}

func (o *one) stat(outcome importer.Outcome, label string, tone block.Tone) block.Stat {
	n := o.imp.Summary.Of(outcome)
	if n == 0 {
		tone = block.Neutral
	}
	return block.Stat{Label: label, Value: o.Number(n), Href: pathOf(o.imp.ID) + "?outcome=" + string(outcome), Tone: tone, Icon: icon.List}
}

// outcome is what became of a row, as a status.
func (o *one) outcome(r importer.Result, rehearsed bool) block.Badge {
	switch {
	case r.Outcome == importer.Refused:
		return block.Badge{Tone: block.Danger, Text: o.T("importpage.outcome.refused")}
	case r.Outcome == importer.Exists:
		return block.Badge{Tone: block.Info, Text: o.T("importpage.outcome.exists")}
	case rehearsed:
		return block.Badge{Tone: block.Success, Text: o.T("importpage.outcome.would")}
	}
	return block.Badge{Tone: block.Success, Text: o.T("importpage.outcome.created")}
}

// notes says why a row was refused, or what was noted about it.
func (o *one) notes(r importer.Result) string {
	text := ""
	for _, f := range r.Faults {
		text = join(text, importer.Reason(o.Printer, f))
	}
	for _, w := range r.Warnings {
		text = join(text, importer.Note(o.Printer, w))
	}
	return text
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + " " + b
}

func row(r importer.Result) string { return strconv.FormatInt(r.Row, 10) }
