// Package pricesheet reads the licence-based price lists that publishers send, as CSV
// with the columns of docs/spec/api-commerce.md, section 1.5. What it reads is published
// by package catalog.
package pricesheet

import (
	"io"
	"strconv"
	"strings"
	"time"

	"comptoir/internal/catalog"
	"comptoir/internal/fault"
	"comptoir/internal/importer"
	"comptoir/internal/money"
	"comptoir/internal/naming"
)

// MaxRows and maxBytes are how large a price list may be: one of all countries has
// some hundred thousand rows.
const (
	MaxRows  = 500_000
	maxBytes = 128 << 20
)

// Refusals of price lists.
var (
	// ErrColumn refuses a file without a column that it must have; argument Column.
	ErrColumn = fault.New(fault.Invalid, "800002", "pricesheet.column")
	// ErrNumber refuses what is no amount; arguments Name, Value.
	ErrNumber = fault.New(fault.Invalid, "3000", "pricesheet.number")
	// ErrDate refuses what is no date; arguments Name, Value.
	ErrDate = fault.New(fault.Invalid, "3000", "pricesheet.date")
	// ErrTwice refuses a price that another row gives otherwise; argument Line.
	ErrTwice = fault.New(fault.Invalid, "3000", "pricesheet.twice")
)

// The columns. Case and blanks in their names do not count.
const (
	productTitle   = "ProductTitle"
	productID      = "ProductId"
	skuID          = "SkuId"
	skuTitle       = "SkuTitle"
	publisher      = "Publisher"
	skuDescription = "SkuDescription"
	unitOfMeasure  = "UnitOfMeasure"
	termDuration   = "TermDuration"
	billingPlan    = "BillingPlan"
	market         = "Market"
	currency       = "Currency"
	unitPrice      = "UnitPrice"
	tierMin        = "PricingTierRangeMin"
	tierMax        = "PricingTierRangeMax"
	effectiveStart = "EffectiveStartDate"
	effectiveEnd   = "EffectiveEndDate"
	tags           = "Tags"
	erpPrice       = "ERP Price"
	segment        = "Segment"
)

// required are the columns without which there is no price; others may be missing.
// A list without segments is of commercial prices.
var required = []string{productID, skuID, termDuration, billingPlan, market, currency, unitPrice, effectiveStart}

// BadRow is a row that is no price, with what is wrong; the fields are columns.
type BadRow struct {
	Line   int64
	Faults fault.List
}

// Sheet is a price list as it was read.
type Sheet struct {
	List catalog.PriceList
	Bad  []BadRow
}

// Read reads a price list. It refuses what importer.ReadLargeSheet refuses, and
// ErrColumn. Rows that say the same twice count once.
func Read(body io.Reader) (Sheet, error) {
	table, err := importer.ReadLargeSheet(body, MaxRows, maxBytes)
	if err != nil {
		return Sheet{}, err
	}
	at := make(map[string]int, len(table.Columns))
	for i, title := range table.Columns {
		at[plain(title)] = i
	}
	for _, c := range required {
		if _, ok := at[plain(c)]; !ok {
			return Sheet{}, ErrColumn.On(c).With("Column", c)
		}
	}
	r := reader{at: at, first: make(map[catalog.Version]entry)}
	for _, row := range table.Rows {
		r.read(row)
	}
	return r.sheet, nil
}

// plain returns the title of a column as it is compared.
func plain(title string) string {
	return strings.NewReplacer(" ", "", "_", "", "-", "").Replace(naming.Key(title))
}

// entry is a row that was read before.
type entry struct {
	line  int64
	price catalog.Price
}

// reader reads rows.
type reader struct {
	at    map[string]int
	first map[catalog.Version]entry
	sheet Sheet
}

func (r *reader) read(row importer.SheetRow) {
	if row.Fault != nil {
		r.sheet.Bad = append(r.sheet.Bad, BadRow{row.Line, fault.List{row.Fault}})
		return
	}
	cells := cells{at: r.at, row: row.Cells}
	l := catalog.Listing{
		Price: cells.price(), Title: cells.get(productTitle), SKUTitle: cells.get(skuTitle), SKUDescription: cells.get(skuDescription),
		Publisher: cells.get(publisher), Unit: cells.get(unitOfMeasure),
	}
	if len(cells.faults) == 0 {
		cells.faults = l.Price.Check()
	}
	if before, twice := r.first[l.Price.Version()]; twice && len(cells.faults) == 0 {
		if before.price == l.Price {
			return
		}
		cells.faults.Add(ErrTwice.On(unitPrice).With("Line", before.line))
	}
	if len(cells.faults) > 0 {
		r.sheet.Bad = append(r.sheet.Bad, BadRow{row.Line, cells.faults})
		return
	}
	r.first[l.Price.Version()] = entry{row.Line, l.Price}
	r.sheet.List = append(r.sheet.List, l)
}

// cells are the cells of a row, with what was found to be wrong with them.
type cells struct {
	at     map[string]int
	row    []string
	faults fault.List
}

// get returns the cell of a column, "" when the list does not have it.
func (c *cells) get(column string) string {
	i, ok := c.at[plain(column)]
	if !ok {
		return ""
	}
	return naming.Trim(c.row[i])
}

func (c *cells) wrong(e *fault.Error, column string) {
	c.faults.Add(e.On(column).With("Name", column).With("Value", c.get(column)))
}

// price returns the price of the row. What has the right form and makes no sense is
// left to Price.Check.
func (c *cells) price() catalog.Price {
	p := catalog.Price{
		Market: strings.ToUpper(c.get(market)), Product: strings.ToUpper(c.get(productID)), SKU: strings.ToUpper(c.get(skuID)), Segment: catalog.Commercial,
		Tags: c.get(tags), TierFrom: c.quantity(tierMin), TierTo: c.quantity(tierMax),
		StartsAt: c.date(effectiveStart), EndsAt: c.date(effectiveEnd), Unit: c.amount(unitPrice),
	}
	if c.get(erpPrice) != "" {
		p.Retail = c.amount(erpPrice)
	}
	var ok bool
	if s := c.get(segment); s != "" {
		if p.Segment, ok = catalog.ParseSegment(s); !ok {
			c.wrong(catalog.ErrInvalid, segment)
		}
	}
	if p.Term, ok = catalog.ParseDuration(c.get(termDuration)); !ok {
		c.wrong(catalog.ErrInvalid, termDuration)
	}
	if p.Plan, ok = catalog.ParsePlan(c.get(billingPlan)); !ok {
		c.wrong(catalog.ErrInvalid, billingPlan)
	}
	return p
}

func (c *cells) amount(column string) money.Amount {
	code := strings.ToUpper(c.get(currency))
	if _, err := money.Zero(code); err != nil {
		if column == unitPrice {
			c.wrong(catalog.ErrInvalid, currency)
		}
		return money.Amount{}
	}
	a, err := money.Parse(c.get(column), code)
	if err != nil {
		c.wrong(ErrNumber, column)
	}
	return a
}

func (c *cells) quantity(column string) int64 {
	text := c.get(column)
	if text == "" {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		c.wrong(ErrNumber, column)
	}
	return n
}

// layouts are the forms of dates: that of published lists first.
var layouts = []string{"1/2/2006 3:04:05 PM", "1/2/2006", time.RFC3339, "2006-01-02T15:04:05", time.DateOnly}

// lastYear is the year in which lists end what has no end.
const lastYear = 9999

func (c *cells) date(column string) time.Time {
	text := c.get(column)
	if text == "" {
		return time.Time{}
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, text); err == nil {
			if t.Year() >= lastYear {
				return time.Time{}
			}
			return t.UTC()
		}
	}
	c.wrong(ErrDate, column)
	return time.Time{}
}
