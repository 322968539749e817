package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"comptoir/internal/app"
	"comptoir/internal/catalog"
	"comptoir/internal/lang"
	"comptoir/internal/op"
	"comptoir/internal/pricesheet"
)

// importPrices publishes a licence-based price list.
type importPrices struct {
	File   string `arg:"" help:"CSV of a licence-based price list, with a header row; - reads standard input."`
	DryRun bool   `name:"dry-run" help:"Say what the list changes, and change nothing."`
}

// errBadRows ends an import of which nothing was published.
var errBadRows = errors.New("nothing was published: correct these rows, or take them out, and import the list again")

// Run reads the list, publishes all of it or nothing, and prints the difference.
func (i *importPrices) Run(ctx context.Context, c *commands, o output) error {
	sheet, err := i.read()
	if err != nil {
		return err
	}
	return with(ctx, c, func(a *app.App) error {
		rows := bufio.NewWriter(o.out)
		var d catalog.Difference
		var err error
		switch {
		case len(sheet.Bad) > 0:
			err = errBadRows
		case i.DryRun:
			d, err = catalog.Compare.Do(ctx, a.Kernel, op.System("", 0, op.ViaCLI), sheet.List)
		default:
			d, err = catalog.Publish.Do(ctx, a.Kernel, op.System("", 0, op.ViaCLI), sheet.List)
		}
		if err != nil && len(sheet.Bad) == 0 {
			return err
		}
		show := i.printText
		if c.JSON {
			show = printPricesJSON
		}
		return errors.Join(show(rows, sheet.Bad, d), rows.Flush(), err)
	})
}

func (i *importPrices) read() (pricesheet.Sheet, error) {
	var body io.Reader = os.Stdin
	if i.File != "-" {
		file, err := os.Open(i.File)
		if err != nil {
			return pricesheet.Sheet{}, usageError{err}
		}
		defer file.Close()
		body = file
	}
	sheet, err := pricesheet.Read(body)
	if err != nil {
		return sheet, errors.New(sentences(err))
	}
	return sheet, nil
}

// nameOf says which price p is.
func nameOf(p catalog.Price) string {
	term := string(p.Term)
	if p.Term == catalog.NoTerm {
		term = "NoTerm"
	}
	name := fmt.Sprintf("%s %s %s %s %s from %s", p.Ref(), p.Market, p.Segment, term, p.Plan, p.StartsAt.Format(time.DateOnly))
	if p.TierFrom > 0 {
		name += fmt.Sprintf(", %d and more", p.TierFrom)
	}
	return name
}

func (i *importPrices) printText(w io.Writer, bad []pricesheet.BadRow, d catalog.Difference) error {
	p := lang.For("en")
	for _, r := range bad {
		for _, f := range r.Faults {
			fmt.Fprintf(w, "line %d: %s\n", r.Line, p.Fault(f))
		}
	}
	if len(bad) > 0 {
		_, err := fmt.Fprintf(w, "refused rows: %d\n", len(bad))
		return err
	}
	for _, e := range d.Products {
		for _, s := range e.SKUs {
			fmt.Fprintf(w, "new product  %s  %s, %s\n", s.Ref(), e.Product.Title, s.Title)
		}
	}
	for _, n := range d.New {
		fmt.Fprintf(w, "new price    %s  %s\n", nameOf(n), n.Unit)
	}
	for _, c := range d.Changed {
		fmt.Fprintf(w, "changed      %s  %s -> %s\n", nameOf(c.New), c.Old.Unit, c.New.Unit)
	}
	would := ""
	if i.DryRun {
		would = "would be "
	}
	_, err := fmt.Fprintf(w, "%d %screated, %d %schanged, %d already there\n", len(d.New), would, len(d.Changed), would, d.Same)
	return err
}

// The report of an import of prices as programs read it; the shape is a contract.
type (
	priceView struct {
		Line      int64      `json:"line,omitempty"`
		Outcome   string     `json:"outcome"` // "created", "changed" or "refused"
		CatalogID string     `json:"skuId,omitempty"`
		Market    string     `json:"market,omitempty"`
		Segment   string     `json:"segment,omitempty"`
		Term      string     `json:"termDuration,omitempty"`
		Plan      string     `json:"billingPlan,omitempty"`
		StartsAt  string     `json:"effectiveStartDate,omitempty"`
		Currency  string     `json:"currency,omitempty"`
		OldPrice  string     `json:"oldUnitPrice,omitempty"`
		UnitPrice string     `json:"unitPrice,omitempty"`
		Errors    []noteView `json:"errors"`
	}
	priceSummary struct {
		Created int `json:"created"`
		Changed int `json:"changed"`
		Exists  int `json:"exists"`
		Refused int `json:"refused"`
	}
)

func viewPrice(outcome string, p catalog.Price) priceView {
	return priceView{
		Outcome: outcome, CatalogID: p.Ref().String(), Market: p.Market, Segment: string(p.Segment), Term: string(p.Term), Plan: string(p.Plan),
		StartsAt: p.StartsAt.Format(time.RFC3339), Currency: p.Unit.Currency(), UnitPrice: p.Unit.Number(), Errors: []noteView{},
	}
}

func printPricesJSON(w io.Writer, bad []pricesheet.BadRow, d catalog.Difference) error {
	p := lang.For("en")
	for _, r := range bad {
		v := priceView{Line: r.Line, Outcome: "refused"}
		for _, f := range r.Faults {
			v.Errors = append(v.Errors, noteView{f.Code, f.Field, p.Fault(f)})
		}
		if err := printLine(w, v); err != nil {
			return err
		}
	}
	for _, n := range d.New {
		if err := printLine(w, viewPrice("created", n)); err != nil {
			return err
		}
	}
	for _, c := range d.Changed {
		v := viewPrice("changed", c.New)
		v.OldPrice = c.Old.Unit.Number()
		if err := printLine(w, v); err != nil {
			return err
		}
	}
	return printLine(w, struct {
		Summary priceSummary `json:"summary"`
	}{priceSummary{len(d.New), len(d.Changed), d.Same, len(bad)}})
}
