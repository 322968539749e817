package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"comptoir/internal/app"
	"comptoir/internal/fault"
	"comptoir/internal/finding"
	"comptoir/internal/identity"
	"comptoir/internal/importer"
	"comptoir/internal/lang"
	"comptoir/internal/naming"
	"comptoir/internal/op"
)

type importCommand struct {
	Customers  importCustomers `cmd:"" help:"Add the customers of a file, CSV or JSON lines, to those of a partner."`
	PriceSheet importPrices    `cmd:"" name:"price-sheet" help:"Publish a licence-based price list, all of it or nothing."`
}

type importCustomers struct {
	File               string   `arg:"" type:"existingfile" help:"CSV with a header row, or JSON lines; - reads standard input."`
	Partner            string   `required:"" help:"Tenant id or domain of the partner."`
	DryRun             bool     `name:"dry-run" help:"Say what would become of each row, and change nothing."`
	Mapping            *os.File `help:"JSON that gives our fields their column, a default or a constant. What it leaves open is guessed by the names of the columns."`
	ContactName        string   `name:"contact-name" help:"First and last name of the contact, for rows without one."`
	ContactEmailDomain string   `name:"contact-email-domain" help:"For rows without an email address: it becomes contact@<domain prefix>.<this>."`
	Phone              string   `help:"Phone number, for rows without one."`
	Source             string   `help:"What gives the records their ids, so that ids of different origin do not meet. Default: the name of the id column."`
	Format             string   `enum:",csv,jsonl" default:"" help:"csv or jsonl; default: as the file looks."`
	Encoding           string   `enum:",utf-8,utf-16,windows-1252,windows-1250,iso-8859-15,macintosh" default:"" help:"utf-8, utf-16, windows-1252, windows-1250, iso-8859-15 or macintosh; default: as the whole file looks, which is one of the first three."`
	Delimiter          string   `help:"Character between the cells of a CSV file; default: as the header looks."`
	Passwords          bool     `help:"Also print the first user of each new customer, with the password that is shown this once."`
}

// Run imports the file and prints what became of each row.
func (i *importCustomers) Run(ctx context.Context, c *commands, o output) error {
	options, err := i.options()
	if err != nil {
		return usageError{err}
	}
	input, size, err := i.open(ctx)
	if err != nil {
		return usageError{err}
	}
	defer input.Close()
	defer context.AfterFunc(ctx, func() { input.Close() })() // whoever waits for input is waiting no more
	file := input
	if options.Encoding == "" {
		if file, options.Encoding, err = recognised(input); err != nil {
			return err
		}
		defer file.Close()
	}
	return with(ctx, c, func(a *app.App) error {
		partner, err := findTenant(ctx, a, i.Partner)
		if err != nil {
			return err
		}
		if partner.Kind != identity.PartnerTenant {
			return usageError{fmt.Errorf("--partner %s is not a partner", i.Partner)}
		}
		pass, err := importer.Open(ctx, a.Kernel, op.System(partner.ID, 0, op.ViaCLI), file, options)
		if err != nil {
			return err
		}
		if !c.JSON && i.Encoding == "" && options.Encoding != importer.UTF8 {
			fmt.Fprintf(o.err, "characters: %s, as the file looks; --encoding says otherwise\n", options.Encoding)
		}
		return i.pass(ctx, pass, c, o, size)
	})
}

// open opens the file, and returns its size as far as it is known.
func (i *importCustomers) open(ctx context.Context) (*os.File, int64, error) {
	if i.File == "-" {
		return os.Stdin, 0, ctx.Err()
	}
	file, err := os.Open(i.File)
	if err != nil {
		return nil, 0, err
	}
	info, err := file.Stat()
	if err != nil {
		file.Close()
		return nil, 0, err
	}
	return file, info.Size(), nil
}

// recognised reads file to its end, says how its characters are written, and
// returns it from its beginning. What comes through a pipe is kept meanwhile in a
// file that has no name.
func recognised(file *os.File) (*os.File, importer.Encoding, error) {
	if _, err := file.Seek(0, io.SeekCurrent); err == nil {
		encoding, err := importer.Recognise(file)
		if err == nil {
			_, err = file.Seek(0, io.SeekStart)
		}
		return file, encoding, err
	}
	kept, err := os.CreateTemp("", "comptoir-import-")
	if err != nil {
		return file, "", err
	}
	encoding, err := importer.Recognise(io.TeeReader(file, kept))
	if err == nil {
		_, err = kept.Seek(0, io.SeekStart)
	}
	return kept, encoding, errors.Join(err, os.Remove(kept.Name()))
}

// options returns what the command line says about the file.
func (i *importCustomers) options() (importer.Options, error) {
	o := importer.Options{
		Format: importer.Format(i.Format), Encoding: importer.Encoding(i.Encoding), Delimiter: i.Delimiter, Source: i.Source, DryRun: i.DryRun,
	}
	if i.Delimiter == `\t` {
		o.Delimiter = "\t"
	}
	if i.Mapping != nil {
		defer i.Mapping.Close()
		var err error
		if o.Mapping, err = importer.ReadMapping(i.Mapping); err != nil {
			return o, fmt.Errorf("--mapping: %s", sentences(err))
		}
	}
	if name := naming.Trim(i.ContactName); name != "" && !strings.Contains(name, " ") {
		return o, fmt.Errorf("--contact-name %q is not a first and a last name", i.ContactName)
	}
	if d := i.ContactEmailDomain; d != "" && !naming.ValidEmail("contact@"+strings.TrimPrefix(d, "@")) {
		return o, fmt.Errorf("--contact-email-domain %q is not a domain", d)
	}
	o.Mapping = o.Mapping.WithDefault(importer.ContactName, i.ContactName).
		WithDefault(importer.EmailDomain, i.ContactEmailDomain).WithDefault(importer.Phone, i.Phone)
	return o, nil
}

// sentences says err as its faults do, or as it is.
func sentences(err error) string {
	var all []string
	for _, f := range fault.All(err) {
		all = append(all, lang.For("en").Fault(f))
	}
	if len(all) == 0 {
		return err.Error()
	}
	return strings.Join(all, " ")
}

// pass imports and prints: the rows to standard output, how far it is to a
// terminal.
func (i *importCustomers) pass(ctx context.Context, pass *importer.Pass, c *commands, o output, size int64) error {
	if !c.JSON {
		describe(o.err, pass)
	}
	rows := bufio.NewWriterSize(o.out, 1<<16)
	bar := newBar(o.err, size)
	show := i.printRow
	if c.JSON {
		show = printRowJSON
	}
	sum, err := pass.Run(ctx, func(r importer.Result) error {
		if !i.Passwords {
			r.AdminUserName, r.AdminPassword = "", ""
		}
		if err := show(rows, r); err != nil {
			return err
		}
		if !bar.due() {
			return nil
		}
		bar.clear()
		defer func() { bar.draw(r.Row, pass.Read()) }()
		return rows.Flush()
	})
	bar.clear()
	return errors.Join(err, i.printSummary(rows, c, sum), rows.Flush())
}

// describe says where fields come from, because most of it is guessed.
func describe(w io.Writer, pass *importer.Pass) {
	m := pass.Mapping()
	for _, f := range slices.Sorted(maps.Keys(m)) {
		s := m[f]
		switch {
		case s.Value != "":
			fmt.Fprintf(w, "%s: always %q\n", f, s.Value)
		case s.Column != "" && s.Default != "":
			fmt.Fprintf(w, "%s: column %q, else %q\n", f, s.Column, s.Default)
		case s.Column != "":
			fmt.Fprintf(w, "%s: column %q\n", f, s.Column)
		case s.Default != "":
			fmt.Fprintf(w, "%s: %q\n", f, s.Default)
		}
	}
	if unused := m.Unused(pass.Columns()); len(unused) > 0 {
		fmt.Fprintf(w, "not used: %s\n", strings.Join(unused, ", "))
	}
}

// created is what is said of a row that became a customer.
func (i *importCustomers) created() string {
	if i.DryRun {
		return "would be created"
	}
	return string(importer.Created)
}

// printRow prints a row for people.
func (i *importCustomers) printRow(w io.Writer, r importer.Result) error {
	name := r.Name
	if name == "" {
		name = "(line " + fmt.Sprint(r.Line) + ")"
	}
	outcome := string(r.Outcome)
	if r.Outcome == importer.Created {
		outcome = i.created()
	}
	fmt.Fprintf(w, "%7d  %-*s  %s", r.Row, len(i.created()), outcome, name)
	if r.Customer != "" {
		fmt.Fprintf(w, "  %s", r.Customer)
	}
	fmt.Fprintln(w)
	p := lang.For("en")
	for _, f := range r.Faults {
		printNote(w, f.Code, importer.Reason(p, f))
	}
	for _, f := range r.Warnings {
		printNote(w, "note", importer.Note(p, f))
	}
	if r.AdminPassword == "" {
		return nil
	}
	_, err := fmt.Fprintf(w, "%18s%s %s\n", "", r.AdminUserName, r.AdminPassword)
	return err
}

func printNote(w io.Writer, code, sentence string) {
	fmt.Fprintf(w, "%18s%s: %s\n", "", code, sentence)
}

// The report of an import as programs read it; the shape is a contract.
type (
	rowView struct {
		Row           int64      `json:"row"`
		Line          int64      `json:"line"`
		ID            string     `json:"id,omitempty"`
		Name          string     `json:"name,omitempty"`
		Outcome       string     `json:"outcome"`
		TenantID      string     `json:"tenantId"`
		AdminUserName string     `json:"adminUserName,omitempty"`
		AdminPassword string     `json:"adminPassword,omitempty"`
		Errors        []noteView `json:"errors"`
		Warnings      []noteView `json:"warnings"`
	}
	noteView struct {
		Code    string `json:"code"`
		Field   string `json:"field"`
		Message string `json:"message"`
	}
	summaryView struct {
		Created int64 `json:"created"`
		Exists  int64 `json:"exists"`
		Refused int64 `json:"refused"`
	}
)

func printRowJSON(w io.Writer, r importer.Result) error {
	v := rowView{
		Row: r.Row, Line: r.Line, ID: r.ID, Name: r.Name, Outcome: string(r.Outcome), TenantID: string(r.Customer),
		AdminUserName: r.AdminUserName, AdminPassword: r.AdminPassword,
		Errors: make([]noteView, len(r.Faults)), Warnings: make([]noteView, len(r.Warnings)),
	}
	p := lang.For("en")
	for i, f := range r.Faults {
		v.Errors[i] = noteView{f.Code, f.Field, p.Fault(f)}
	}
	for i, f := range r.Warnings {
		v.Warnings[i] = viewFinding(p, f)
	}
	return printLine(w, v)
}

func viewFinding(p *lang.Printer, f finding.Finding) noteView {
	return noteView{f.Code, f.Field, p.Finding(f)}
}

func (i *importCustomers) printSummary(w io.Writer, c *commands, s importer.Summary) error {
	if c.JSON {
		return printLine(w, struct {
			Summary summaryView `json:"summary"`
		}{summaryView(s)})
	}
	_, err := fmt.Fprintf(w, "%d %s, %d already there, %d refused\n", s.Created, i.created(), s.Exists, s.Refused)
	return err
}

func printLine(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
