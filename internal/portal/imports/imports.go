// Package imports holds the pages that bring customers along from files: upload,
// mapping, rehearsal, the import itself and its results; and the list of jobs,
// which imports are so far (portal P-23).
package imports

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"

	"comptoir/internal/fault"
	"comptoir/internal/identity"
	"comptoir/internal/importer"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
)

const (
	onePath      = visit.ImportPath + "/{id}"
	templatePath = visit.ImportPath + "/template"
)

// Pages lists the pages of the package by their pattern.
func Pages() map[string]visit.Page {
	return map[string]visit.Page{
		"GET " + visit.ImportPath:        begin,
		"GET " + templatePath:            template,
		"GET " + onePath:                 show,
		"POST " + onePath:                act,
		"GET " + onePath + "/results":    saveResults,
		"GET " + onePath + "/{part}":     showPart,
		"POST " + onePath + "/passwords": savePasswords,
		"POST " + onePath + "/discard":   discard,
		"GET " + visit.JobsPath:          jobs,
	}
}

// Uploads lists those that take files.
func Uploads() map[string]visit.Page {
	return map[string]visit.Page{"POST " + visit.ImportPath: upload}
}

func pathOf(importID string) string { return visit.ImportPath + "/" + importID }

// beginning is the page where an import begins.
type beginning struct {
	*visit.Visit
	recent []importer.Import
	said   visit.Verdicts
}

// recentShown is how many of the reader's last imports the page lists.
const recentShown = 5

func begin(v *visit.Visit) error {
	if err := allowed(v); err != nil {
		return err
	}
	return (&beginning{Visit: v}).show(http.StatusOK)
}

// allowed refuses who may not add customers, before anything is uploaded.
func allowed(v *visit.Visit) error {
	if v.Actor.Kind == policy.Operator {
		return v.Kernel().May(v.Actor, "organization.import", true)
	}
	if err := v.Kernel().May(v.Actor, "customer.add", true); err != nil {
		return err
	}
	partner, err := visit.Do(v, identity.OwnPartner, struct{}{})
	if err != nil {
		return err
	}
	return partner.MaySell()
}

func (b *beginning) show(status int) (err error) {
	if b.recent, err = visit.Do(b.Visit, importer.List, importer.Page{Limit: recentShown}); err != nil {
		return err
	}
	f := b.Frame(b.T("portal.import"), visit.Imports)
	f.Subtitle = b.T("importpage.subtitle")
	f.Help = help(b.Visit)
	return b.ShowAs(status, beginPage(b, f))
}

// about says what the file holds.
func (b *beginning) about() string {
	if b.Actor.Kind == policy.Operator {
		return b.T("importpage.upload.placing")
	}
	return b.T("importpage.upload.text")
}

// more leads to all jobs of the reader; those of the operator stand elsewhere.
func (b *beginning) more() []block.Link {
	if b.Actor.Kind == policy.Operator {
		return nil
	}
	return []block.Link{{Label: b.T("importpage.recent.all"), Href: visit.JobsPath}}
}

func help(v *visit.Visit) block.Help {
	if v.Actor.Kind == policy.Operator {
		return block.Help{
			Title: v.T("portal.import"), Text: []string{v.T("importpage.help.placing"), v.T("importpage.help.relations"), v.T("importpage.help.again"), v.T("importpage.help.rows")},
			Roles: v.RolesFor("organization.import", true),
		}
	}
	return block.Help{
		Title: v.T("portal.import"), Text: []string{v.T("importpage.help.steps"), v.T("importpage.help.again"), v.T("importpage.help.rows")},
		Roles: v.RolesFor("customer.add", true),
	}
}

// upload keeps the file of the form and leads to its page. The file is read as it
// comes.
func upload(v *visit.Visit) error {
	if err := allowed(v); err != nil {
		return err
	}
	part, err := filePart(v.Request)
	if err != nil {
		b := &beginning{Visit: v}
		b.said.Refuse("file", v.T("importpage.upload.none"))
		return b.show(http.StatusBadRequest)
	}
	made, err := importer.Upload(v.Context(), v.Kernel(), v.Actor, part.FileName(), part)
	switch kind := fault.KindOf(err); {
	case err == nil:
		return v.Redirect(pathOf(made.ID))
	case kind != fault.TooLarge && kind != fault.Conflict && kind != fault.Invalid:
		return err
	}
	b := &beginning{Visit: v}
	b.said.Refuse("file", v.Sentence(err))
	return b.show(visit.Status(err))
}

// errNoFile says that a form came without a file.
var errNoFile = errors.New("imports: no file in the form")

// filePart returns the file of an upload.
func filePart(r *http.Request) (*multipart.Part, error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, err
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil, errNoFile
		}
		if err != nil {
			return nil, err
		}
		if part.FormName() == "file" && part.FileName() != "" {
			return part, nil
		}
	}
}

// templateFields are the columns of the example file: what a customer needs.
var templateFields = []importer.Field{
	importer.ID, importer.CompanyName, importer.Country, importer.RegistrationID, importer.AddressLine1, importer.PostalCode, importer.City,
	importer.State, importer.FirstName, importer.LastName, importer.Email, importer.Phone, importer.Domain, importer.Tags,
}

// template sends a file to fill in. Its columns have the names of mapping files,
// which are the same in all languages.
func template(v *visit.Visit) error {
	fields := templateFields
	if v.Actor.Kind == policy.Operator {
		fields = slices.Concat(slices.Concat(placingRows...), fields)
	}
	head := make([]string, len(fields))
	for i, f := range fields {
		head[i] = string(f)
	}
	return v.Export("customers-template.csv", head, func(*visit.Spreadsheet) error { return nil })
}

// badge is the stage of an import as a status.
func badge(v *visit.Visit, i importer.Import) block.Badge {
	b := block.Badge{Text: v.T(i.Stage.LabelKey())}
	switch i.Stage {
	case importer.Done:
		b.Tone = block.Success
	case importer.Failed:
		b.Tone = block.Danger
	case importer.Running, importer.Waiting, importer.Uploading:
		b.Tone, b.Icon = block.Info, icon.Pending
	case importer.Uploaded, importer.Cancelled:
	}
	return b
}

// kind says whether an import rehearses.
func kind(v *visit.Visit, i importer.Import) string {
	switch {
	case i.StartedAt.IsZero():
		return v.T("importpage.kind.file")
	case i.Options.DryRun:
		return v.T("importpage.kind.rehearsal")
	}
	return v.T("importpage.kind.import")
}

// counts says how many rows came to what.
func counts(v *visit.Visit, i importer.Import) string {
	if i.StartedAt.IsZero() {
		return ""
	}
	s := i.Summary
	created := v.N("importpage.count.created", s.Created)
	if i.Options.DryRun {
		created = v.N("importpage.count.would", s.Created)
	}
	return strings.Join([]string{created, v.N("importpage.count.exists", s.Exists), v.N("importpage.count.refused", s.Refused)}, ", ")
}
