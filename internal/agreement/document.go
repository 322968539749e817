package agreement

import (
	"context"
	"embed"
	"html"
	"slices"
	"strings"

	"comptoir/internal/db"
	"comptoir/internal/lang"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// The media types of documents. HTML is a fragment that was checked: text,
// headings, lists, tables and links, and nothing that acts.
const (
	HTML = "text/html"
	PDF  = "application/pdf"
)

// fallback is the language of every version, shown where there is no other.
const fallback = "en"

// Document is the text of a version in one language.
type Document struct {
	Rank     int64
	Label    string // of its version
	Language string // "en"
	Media    string // HTML or PDF
	Content  []byte
}

// Title is what the document is called, in its language.
func (d Document) Title() string {
	return lang.For(d.Language).T("agreement.document.title", "Version", d.Label)
}

// FileName is what a file with the document is called.
func (d Document) FileName() string {
	label := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' {
			return r
		}
		return '-'
	}, d.Label)
	name := "customer-agreement-" + label + "-" + d.Language
	if d.Media == PDF {
		return name + ".pdf"
	}
	return name + ".html"
}

// File is the document as a file that stands alone.
func (d Document) File() []byte {
	if d.Media == PDF {
		return d.Content
	}
	title := html.EscapeString(d.Title())
	page := `<!DOCTYPE html><html lang="` + html.EscapeString(d.Language) + `"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
		`<title>` + title + `</title><style>` + fileStyle + `</style></head><body><h1>` + title + `</h1>` + string(d.Content) + "</body></html>\n"
	return []byte(page)
}

// fileStyle makes a document alone readable on screens and paper.
const fileStyle = `body{max-width:44rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif;color-scheme:light dark}` +
	`table{border-collapse:collapse}td,th{border:1px solid;padding:.25rem .5rem;text-align:start}@media print{body{margin:0;max-width:none}}`

//go:embed shipped/*.html
var shipped embed.FS

var (
	contentOf   = db.SQL(`SELECT media, content FROM agreement_documents WHERE rank = $1 AND language = $2`)
	languagesOf = db.SQL(`SELECT language FROM agreement_documents WHERE rank = $1 ORDER BY rank, language`)
	labelOf     = db.SQL(`SELECT label FROM agreement_versions WHERE rank = $1`)
)

// readDocument returns the text of a version in a language ("fr", "fr-CA"), or
// in English where there is none. A rank that no version has is
// refusal.NotFound.
func readDocument(ctx context.Context, t *db.Tx, rank int64, language string) (Document, error) {
	d := Document{Rank: rank, Language: fallback}
	languages := first.Languages
	if rank == first.Rank {
		d.Label = first.Label
	} else {
		found, err := t.Found(ctx, labelOf, []any{rank}, &d.Label)
		if err == nil && !found {
			err = refusal.NotFound
		}
		if err != nil {
			return Document{}, err
		}
		if languages, err = documentLanguages(ctx, t, rank); err != nil {
			return Document{}, err
		}
	}
	base, _, _ := strings.Cut(strings.ToLower(language), "-")
	if slices.Contains(languages, base) {
		d.Language = base
	}
	return d, d.load(ctx, t)
}

// load reads the content of d.
func (d *Document) load(ctx context.Context, t *db.Tx) (err error) {
	if d.Rank == first.Rank {
		d.Media = HTML
		d.Content, err = shipped.ReadFile("shipped/" + d.Language + ".html")
		return err
	}
	return t.QueryRow(ctx, contentOf, []any{d.Rank, d.Language}, &d.Media, &d.Content)
}

func documentLanguages(ctx context.Context, t *db.Tx, rank int64) ([]string, error) {
	return db.All(ctx, t, languagesOf, []any{rank}, func(row db.Row) (string, error) {
		var language string
		err := row.Scan(&language)
		return language, err
	})
}

// Text is the input of the operations that read a document: the version by its
// rank, and the language that the reader would like.
type Text struct {
	Rank     int64
	Language string
}

func readText(ctx context.Context, u *op.Unit, in Text) (Document, error) {
	return readDocument(ctx, u.Tx, in.Rank, in.Language)
}

// The operations that read a document, for the people of partners, of customers
// and of the operator.
var (
	ReadText     = op.Define(op.Spec{Name: "agreement.text", Action: "agreement.view"}, readText)
	ReadOwnText  = op.Define(op.Spec{Name: "own.agreement.text", Action: "own.agreement.accept"}, readText)
	ReadTemplate = op.Define(op.Spec{Name: "agreement.template.text", Action: "agreement.template.view"}, readText)
)
