package imports

import (
	"slices"
	"strconv"

	"comptoir/internal/importer"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
)

// The fields of the form that says how a file is read.
const (
	fFormat    = "format"
	fEncoding  = "encoding"
	fDelimiter = "delimiter"
	fSource    = "source"
	fMapped    = "mapped" // the form has chosen the columns, nothing is guessed
	fromPrefix = "from."  // the column of a field
	elsePrefix = "else."  // what rows have that say nothing about it
)

// mainRows are the fields that most files have, as they stand side by side; the
// others are one click away. One that stands alone has a value for the rest.
var mainRows = [][]importer.Field{
	{importer.CompanyName, importer.ID},
	{importer.Country},
	{importer.RegistrationID, importer.Domain},
	{importer.Address, importer.AddressLine1},
	{importer.PostalCode, importer.City},
	{importer.State},
	{importer.ContactName},
	{importer.FirstName, importer.LastName},
	{importer.Email},
	{importer.EmailDomain},
	{importer.Phone},
	{importer.Tags},
}

// defaulted are the fields for which a value for all rows makes sense.
var defaulted = []importer.Field{
	importer.Country, importer.State, importer.ContactName, importer.EmailDomain, importer.Phone, importer.Language, importer.Tags, importer.Reseller,
	importer.Partner, importer.Relation,
}

// placingRows are those that only the operator's imports have, before the others.
var placingRows = [][]importer.Field{
	{importer.Partner},
	{importer.Relation},
	{importer.Provider, importer.Customer},
}

// shownRows are the rows of the form that are not one click away.
func (o *one) shownRows() [][]importer.Field {
	if o.placing() {
		return slices.Concat(placingRows, mainRows)
	}
	return mainRows
}

// placing reports whether the rows name the partner: it is the operator who imports.
func (o *one) placing() bool { return o.Actor.Kind == policy.Operator }

// otherRows are the fields that are not among the shown ones.
func otherRows(placing bool) [][]importer.Field {
	others := slices.DeleteFunc(importer.Fields(placing), func(f importer.Field) bool {
		return slices.ContainsFunc(slices.Concat(placingRows, mainRows), func(row []importer.Field) bool { return slices.Contains(row, f) })
	})
	var rows [][]importer.Field
	for len(others) > 0 {
		n := 1
		if len(others) > 1 && !slices.Contains(defaulted, others[0]) && !slices.Contains(defaulted, others[1]) {
			n = 2
		}
		rows, others = append(rows, others[:n]), others[n:]
	}
	return rows
}

// readOptions reads the form.
func readOptions(v *visit.Visit) importer.Options {
	o := importer.Options{
		Format: importer.Format(v.Form(fFormat)), Encoding: importer.Encoding(v.Form(fEncoding)), Delimiter: v.Form(fDelimiter), Source: v.Form(fSource),
	}
	if o.Delimiter == "tab" {
		o.Delimiter = "\t"
	}
	if v.Form(fMapped) != "yes" {
		return o
	}
	o.Mapping = importer.Mapping{}
	for _, f := range importer.Fields(v.Actor.Kind == policy.Operator) {
		o.Mapping[f] = importer.Source{Column: v.Form(fromPrefix + string(f)), Default: v.Form(elsePrefix + string(f))}
	}
	return o
}

// column asks from which column a field comes. The hint shows what stands there
// in the first row that says something.
func (o *one) column(f importer.Field) block.Field {
	chosen := o.preview.Mapping[f].Column
	field := block.Field{
		Name: fromPrefix + string(f), Label: o.T(f.LabelKey()), Value: chosen, Placeholder: o.T("importpage.column.none"),
		Required: o.needs(f),
	}
	for _, c := range o.preview.Columns {
		field.Options = append(field.Options, block.Option{Value: c, Label: c})
	}
	if sample := o.sample(chosen); sample != "" {
		field.Hint = o.T("importpage.column.sample", "Text", sample)
	}
	return field
}

// needs reports whether no file can be imported without a column for f.
func (o *one) needs(f importer.Field) bool {
	if o.placing() {
		return f == importer.Partner || f == importer.Relation
	}
	return f == importer.CompanyName
}

// fallback asks for what rows have that say nothing about a field.
func (o *one) fallback(f importer.Field) block.Field {
	return block.Field{
		Name: elsePrefix + string(f), Label: o.T("importpage.column.default", "Field", o.T(f.LabelKey())), Value: o.preview.Mapping[f].Default, Max: 200,
	}
}

// longestSample is how much of a value the hint shows, in characters.
const longestSample = 40

// sample is the first value of a column among the rows of the preview.
func (o *one) sample(column string) string {
	at := slices.Index(o.preview.Columns, column)
	for _, r := range o.preview.Rows {
		if at < 0 || at >= len(r.Cells) || r.Cells[at] == "" {
			continue
		}
		if text := []rune(r.Cells[at]); len(text) > longestSample {
			return string(text[:longestSample]) + "…"
		}
		return r.Cells[at]
	}
	return ""
}

func (o *one) formatField() block.Field {
	return block.Field{Name: fFormat, Label: o.T("importpage.format"), Value: string(o.options.Format), Options: []block.Option{
		{Value: "", Label: o.T("importpage.auto")},
		{Value: string(importer.CSV), Label: o.T("importpage.format.csv")},
		{Value: string(importer.JSONLines), Label: o.T("importpage.format.jsonl")},
	}}
}

func (o *one) encodingField() block.Field {
	automatic := o.T("importpage.auto")
	if o.imp.Encoding != "" {
		automatic = o.T("importpage.auto_is", "Name", o.encodingName(o.imp.Encoding))
	}
	field := block.Field{Name: fEncoding, Label: o.T("importpage.encoding"), Value: string(o.options.Encoding), Options: []block.Option{{Label: automatic}}}
	for _, e := range importer.Encodings() {
		field.Options = append(field.Options, block.Option{Value: string(e), Label: o.encodingName(e)})
	}
	return field
}

// encodingName is what people call an encoding.
func (o *one) encodingName(e importer.Encoding) string {
	switch e {
	case importer.UTF8:
		return "UTF-8"
	case importer.UTF16:
		return "UTF-16"
	case importer.Windows1252:
		return o.T("importpage.encoding.windows")
	case importer.Windows1250:
		return o.T("importpage.encoding.central")
	case importer.Macintosh:
		return "Mac OS Roman"
	case importer.Latin9:
	}
	return "ISO 8859-15"
}

// guessed reports whether the characters are read as something that the file only
// looks like, so that the reader should check them.
func (o *one) guessed() bool {
	return o.options.Encoding == "" && o.imp.Encoding == importer.Windows1252
}

// typed is a field of the form, and what was chosen there.
type typed struct{ name, value string }

// chosen are the options as the form sends them, so that the question before an
// import leads back to what was chosen.
func (o *one) chosen() []typed {
	delimiter := o.options.Delimiter
	if delimiter == "\t" {
		delimiter = "tab"
	}
	all := []typed{
		{fFormat, string(o.options.Format)}, {fEncoding, string(o.options.Encoding)}, {fDelimiter, delimiter}, {fSource, o.options.Source},
	}
	if o.options.Mapping == nil {
		return all
	}
	all = append(all, typed{fMapped, "yes"})
	for _, f := range importer.Fields(o.placing()) {
		s := o.options.Mapping[f]
		all = append(all, typed{fromPrefix + string(f), s.Column}, typed{elsePrefix + string(f), s.Default})
	}
	return all
}

func (o *one) delimiterField() block.Field {
	value := o.options.Delimiter
	if value == "\t" {
		value = "tab"
	}
	return block.Field{Name: fDelimiter, Label: o.T("importpage.delimiter"), Value: value, Options: []block.Option{
		{Value: "", Label: o.T("importpage.auto")},
		{Value: ",", Label: o.T("importpage.delimiter.comma")},
		{Value: ";", Label: o.T("importpage.delimiter.semicolon")},
		{Value: "tab", Label: o.T("importpage.delimiter.tab")},
		{Value: "|", Label: "|"},
	}}
}

// previewTable shows what would become of the first rows.
func (o *one) previewTable() block.Table {
	t := block.Table{
		ID: "preview", Caption: o.T("importpage.preview"), Base: pathOf(o.imp.ID), Small: true, Columns: []block.Column{
			{Key: "row", Title: o.T("importpage.column.row")},
			{Key: "name", Title: o.T("customers.column.name")},
			{Key: "outcome", Title: o.T("importpage.column.outcome"), Nowrap: true},
			{Key: "notes", Title: o.T("importpage.column.notes")},
		},
	}
	for _, r := range o.preview.Rows {
		t.Rows = append(t.Rows, block.Row{ID: strconv.FormatInt(r.Row, 10), Name: r.Name, Cells: []block.Cell{
			{Text: o.Number(r.Row)}, {Text: r.Name}, {Badge: o.outcome(r.Result, true)}, {Text: o.notes(r.Result)},
		}})
	}
	return t
}
