// Package gdapbulk holds the pages on which a partner changes many admin
// relationships with a file: upload, plan, job and results (portal P-11, 0.3).
package gdapbulk

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"slices"

	"comptoir/internal/fault"
	"comptoir/internal/gdapbulk"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
)

const (
	onePath      = visit.BulkDelegationPath + "/{id}"
	templatePath = visit.BulkDelegationPath + "/template"
)

// Pages lists the pages of the package by their pattern.
func Pages() map[string]visit.Page {
	return map[string]visit.Page{
		"GET " + visit.BulkDelegationPath: begin,
		"GET " + templatePath:             template,
		"GET " + onePath:                  showBatch,
		"POST " + onePath:                 actOnBatch,
		"GET " + onePath + "/results":     saveResults,
	}
}

// Uploads lists those that take files.
func Uploads() map[string]visit.Page {
	return map[string]visit.Page{"POST " + visit.BulkDelegationPath: upload}
}

// BatchPath returns the address of the page of a batch.
func BatchPath(b gdapbulk.Batch) string { return pathOf(b.ID) }

func pathOf(batch string) string { return visit.BulkDelegationPath + "/" + batch }

// kinds are what the reader may do, with the words for it.
func kinds(v *visit.Visit) []block.Option {
	var all []block.Option
	for _, k := range gdapbulk.Kinds() {
		if v.May(k.Action(), true) {
			all = append(all, block.Option{Value: string(k), Label: KindLabel(v, k), Hint: kindHint(v, k)})
		}
	}
	return all
}

// KindLabel says what a batch does.
func KindLabel(v *visit.Visit, k gdapbulk.Kind) string {
	switch k {
	case gdapbulk.Asking:
		return v.T("gdapbulk.kind.request")
	case gdapbulk.Extending:
		return v.T("gdapbulk.kind.extend")
	case gdapbulk.Assigning:
		return v.T("gdapbulk.kind.assign")
	case gdapbulk.Ending:
	}
	return v.T("gdapbulk.kind.terminate")
}

func kindHint(v *visit.Visit, k gdapbulk.Kind) string {
	switch k {
	case gdapbulk.Asking:
		return v.T("gdapbulk.kind.request_hint")
	case gdapbulk.Extending:
		return v.T("gdapbulk.kind.extend_hint")
	case gdapbulk.Assigning:
		return v.T("gdapbulk.kind.assign_hint")
	case gdapbulk.Ending:
	}
	return v.T("gdapbulk.kind.terminate_hint")
}

// allowed refuses who may do nothing of it. Assigning is what most may.
func allowed(v *visit.Visit) error { return v.Kernel().May(v.Actor, "gdap.assign", true) }

// beginning is the page where a file is uploaded.
type beginning struct {
	*visit.Visit
	kind   string
	recent []gdapbulk.Batch
	said   visit.Verdicts
}

// recentShown is how many of the reader's last batches the page lists.
const recentShown = 5

func begin(v *visit.Visit) error {
	if err := allowed(v); err != nil {
		return err
	}
	return (&beginning{Visit: v, kind: v.Query("kind")}).show(http.StatusOK)
}

func (b *beginning) show(status int) (err error) {
	if b.recent, err = visit.Do(b.Visit, gdapbulk.List, gdapbulk.Page{Limit: recentShown}); err != nil {
		return err
	}
	f := frame(b.Visit, b.T("gdapbulk.title"))
	f.Subtitle = b.T("gdapbulk.subtitle")
	return b.ShowAs(status, beginPage(b, f))
}

func frame(v *visit.Visit, title string) block.Frame {
	f := v.Frame(title, visit.Customers)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: v.T("portal.customers"), Href: visit.CustomersPath})
	f.Help = block.Help{
		Title: v.T("gdapbulk.title"), Text: []string{v.T("gdapbulk.help.steps"), v.T("gdapbulk.help.result"), v.T("gdapbulk.help.again")},
		Roles: v.RolesFor("gdap.assign", true),
	}
	return f
}

// choice asks what is done with the rows.
func (b *beginning) choice() block.Field {
	options := kinds(b.Visit)
	chosen := b.kind
	if !slices.ContainsFunc(options, func(o block.Option) bool { return o.Value == chosen }) && len(options) > 0 {
		chosen = options[0].Value
	}
	return b.said.Mark(block.Field{Name: "kind", Label: b.T("gdapbulk.upload.kind"), Value: chosen, Options: options, Required: true})
}

func (b *beginning) file() block.Field {
	return b.said.Mark(block.Field{
		Name: "file", Label: b.T("importpage.upload.file"), Hint: b.T("gdapbulk.upload.hint", "Max", b.Number(gdapbulk.MaxRows)), Required: true,
		Accept: ".csv,.tsv,.txt,text/csv",
	})
}

// templates lead to a file to fill in for each thing that can be done.
func (b *beginning) templates() []block.Button {
	var all []block.Button
	for _, o := range kinds(b.Visit) {
		all = append(all, block.Button{Label: o.Label, Icon: icon.Download, Href: templatePath + "?kind=" + o.Value, Kind: block.Quiet})
	}
	return all
}

func (b *beginning) table() block.Table {
	t := block.Table{
		ID: "recent", Caption: b.T("gdapbulk.recent"), Base: visit.BulkDelegationPath, Small: true, Columns: []block.Column{
			{Key: "file", Title: b.T("rounds.column.subject")},
			{Key: "kind", Title: b.T("importpage.column.kind")},
			{Key: "started", Title: b.T("importpage.column.started"), Nowrap: true},
			{Key: "state", Title: b.T("importpage.column.state"), Nowrap: true},
			{Key: "result", Title: b.T("importpage.column.result")},
		},
	}
	for _, one := range b.recent {
		t.Rows = append(t.Rows, JobRow(b.Visit, one))
	}
	return t
}

// JobRow is a batch among the jobs (P-23).
func JobRow(v *visit.Visit, b gdapbulk.Batch) block.Row {
	return block.Row{ID: b.ID, Name: b.File, Cells: []block.Cell{
		{Text: b.File, Href: BatchPath(b)}, {Text: KindLabel(v, b.Kind)}, {Text: v.DateTime(b.StartedAt)}, {Badge: badge(v, b)}, {Text: counts(v, b)},
	}}
}

// upload plans the file of the form and leads to the plan.
func upload(v *visit.Visit) error {
	if err := allowed(v); err != nil {
		return err
	}
	b := &beginning{Visit: v}
	part, kind, err := filePart(v.Request)
	b.kind = kind
	if err != nil {
		b.said.Refuse("file", v.T("importpage.upload.none"))
		return b.show(http.StatusBadRequest)
	}
	order, err := gdapbulk.Read(gdapbulk.Kind(kind), part.FileName(), part)
	if err == nil {
		var made gdapbulk.Batch
		if made, err = visit.DoOnce(v, gdapbulk.Plan[order.Kind], order); err == nil {
			return v.Redirect(pathOf(made.ID))
		}
	}
	if refused := fault.KindOf(err); refused != fault.TooLarge && refused != fault.Invalid {
		return err
	}
	field := "file"
	if errors.Is(err, gdapbulk.ErrKind) {
		field = "kind"
	}
	b.said.Refuse(field, v.Sentence(err))
	return b.show(visit.Status(err))
}

// errNoFile says that a form came without a file.
var errNoFile = errors.New("gdapbulk: no file in the form")

// maxKind bounds what is read of the answer before the file.
const maxKind = 100

// filePart returns the file of an upload, and what is to be done with its rows.
func filePart(r *http.Request) (file *multipart.Part, kind string, err error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, "", err
	}
	for {
		part, err := parts.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			return nil, kind, errNoFile
		case err != nil:
			return nil, kind, err
		case part.FormName() == "kind":
			text, err := io.ReadAll(io.LimitReader(part, maxKind))
			if err != nil {
				return nil, kind, err
			}
			kind = string(text)
		case part.FormName() == "file" && part.FileName() != "":
			return part, kind, nil
		}
	}
}

// template sends a file to fill in. Its columns have the same names in all languages.
func template(v *visit.Visit) error {
	kind := gdapbulk.Kind(v.Query("kind"))
	if !slices.Contains(gdapbulk.Kinds(), kind) {
		kind = gdapbulk.Asking
	}
	return v.Export("admin-relationships-"+string(kind)+".csv", titles(kind), func(*visit.Spreadsheet) error { return nil })
}

func titles(kind gdapbulk.Kind) []string {
	var all []string
	for _, c := range kind.Columns() {
		all = append(all, string(c))
	}
	return all
}
