package block

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"comptoir/internal/lang"
)

// Table is a list of records with everything that portal 0.3 asks of a list.
type Table struct {
	// ID names the list in the page; row ids are "ID-" and the row's id.
	ID string
	// Caption is the accessible name of the table.
	Caption string
	// Base is the address of the list without its state.
	Base string
	// Reset is the address of the list without its state and without what the
	// page remembers of it; empty means Base.
	Reset   string
	View    View
	Columns []Column
	Rows    []Row
	// Total counts the rows that match, over all pages; with AtLeast there may be
	// more of them than it was worth counting.
	Total   int64
	AtLeast bool
	// Previous and Next are the cursors of the neighbouring pages; empty at the ends.
	Previous, Next string
	// Search is the placeholder of the search box; empty leaves the box out.
	Search string
	// SearchBy are the things to search by, when there is more than one.
	SearchBy []Option
	Filters  []Filter
	// Selectable rows have a check box; their ids are sent as "id".
	Selectable bool
	// Panes open beside the list when a row is clicked.
	Panes bool
	// CSRF is sent with the selection by commands that post.
	CSRF string
	// Empty is shown when there are no rows and nothing narrows the list, or when
	// its Kind is not NothingYet: no right, missing role, load error.
	Empty EmptyState
	// Small tables inside a card or pane have no tools and no paging.
	Small bool
}

// Column is one column of a Table.
type Column struct {
	// Key names the column in the address and in View.Columns.
	Key   string
	Title string
	// Sorts says that the list can be sorted by this column.
	Sorts bool
	// Hidden columns are shown when the reader asks for them.
	Hidden bool
	// Fixed columns cannot be hidden: the name.
	Fixed bool
	// Number aligns at the right with figures of equal width.
	Number bool
	// Mono is for identifiers.
	Mono bool
	// Nowrap keeps the cell on one line.
	Nowrap bool
	// Yields makes room beside an open pane, which shows it too.
	Yields bool
}

// Row is one record. Its cells stand in the order of Table.Columns, hidden ones included.
type Row struct {
	ID string
	// Name is what a screen reader calls the row.
	Name  string
	Cells []Cell
	// Bars names the commands that are not possible on the row, by Command.Bar.
	Bars string
	// Marked rows are new or just changed and are shown so once.
	Marked   bool
	Selected bool
}

// Cell is what one column shows of one row.
type Cell struct {
	Text string
	// Sub is a second, quieter line.
	Sub string
	// Href makes Text a link.
	Href string
	// Badge is shown instead of Text when it has a text itself.
	Badge Badge
	Tags  []string
	// Body is anything else.
	Body templ.Component
}

// Filter is one way to narrow a list.
type Filter struct {
	Key   string
	Label string
	// Options are the values to choose from; without them the value is typed.
	Options []Option
	// Many lets several options hold at once.
	Many bool
	// Type is the kind of typed value: "text", "date" or "number".
	Type string
}

// Chip returns the words of the chosen values, or "" when the filter is not set.
func (f Filter) chip(p *lang.Printer, v View) string {
	values := v.Filters[f.Key]
	words := make([]string, 0, len(values))
	for _, value := range values {
		if day, err := time.Parse(time.DateOnly, value); err == nil && f.Type == "date" {
			value = p.Date(day)
		}
		words = append(words, f.label(value))
	}
	return p.List(words)
}

func (f Filter) label(value string) string {
	for _, o := range f.Options {
		if o.Value == value {
			return o.Label
		}
	}
	return value
}

// Window is for a list whose records are all at hand: it returns which of them the
// view of t shows, by their ids in order, and gives t its total and the cursors of
// the neighbouring pages. A cursor of a record that is gone shows the first page.
func (t *Table) Window(ids []string) (from, to int) {
	size := max(t.View.Size, 1)
	switch {
	case t.View.AtLast:
		from = (max(len(ids)-1, 0) / size) * size
	case t.View.After != "":
		from = slices.Index(ids, t.View.After) + 1
	case t.View.Before != "":
		from = max(slices.Index(ids, t.View.Before)-size, 0)
	}
	to = min(from+size, len(ids))
	t.Total = int64(len(ids))
	if from > 0 {
		t.Previous = ids[from]
	}
	if to < len(ids) {
		t.Next = ids[to-1]
	}
	return from, to
}

// shown returns the indices of the columns to show, in the reader's order.
func (t Table) shown() []int {
	var order []int
	for _, key := range t.View.Columns {
		i := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Key == key })
		if i >= 0 && !slices.Contains(order, i) {
			order = append(order, i)
		}
	}
	if len(order) == 0 {
		for i, c := range t.Columns {
			if !c.Hidden {
				order = append(order, i)
			}
		}
	}
	// A fixed column is there whatever an old address says.
	for i, c := range t.Columns {
		if c.Fixed && !slices.Contains(order, i) {
			order = slices.Insert(order, 0, i)
		}
	}
	return order
}

// offered returns the indices of all columns for the chooser: the shown ones in
// their order, then the rest.
func (t Table) offered() []int {
	order := t.shown()
	for i := range t.Columns {
		if !slices.Contains(order, i) {
			order = append(order, i)
		}
	}
	return order
}

// path is the address of the list without its query.
func (t Table) path() string {
	path, _, _ := strings.Cut(t.Base, "?")
	return path
}

// baseMembers yields the query members of the base address.
func (t Table) baseMembers() func(yield func(name, value string) bool) {
	return func(yield func(string, string) bool) {
		_, query, _ := strings.Cut(t.Base, "?")
		members, err := url.ParseQuery(query)
		if err != nil {
			return // the page's own address; what cannot be read is not kept
		}
		for _, name := range slices.Sorted(maps.Keys(members)) {
			for _, value := range members[name] {
				if !yield(name, value) {
					return
				}
			}
		}
	}
}

// state returns the emptiness to show, and false when there are rows.
func (t Table) state(p *lang.Printer) (EmptyState, bool) {
	switch {
	case len(t.Rows) > 0:
		return EmptyState{}, false
	case t.Empty.Kind == NothingYet && t.View.Narrowed():
		return EmptyState{
			Kind: NoMatch, Title: p.T("block.table.nomatch.title"), Text: p.T("block.table.nomatch.text"),
			Actions: []Button{{Label: p.T("block.table.clear"), Href: t.View.Cleared().URL(t.Base)}},
		}, true
	}
	return t.Empty, true
}

// span is the "51–100 of 2 431" of the pager.
func (t Table) span(p *lang.Printer) string {
	from, to := int64(1), int64(len(t.Rows))
	switch {
	case t.View.AtLast:
		from, to = t.Total-to+1, t.Total
	case t.View.Page > 1:
		from += int64(t.View.Page-1) * int64(t.View.Size)
		to += from - 1
	}
	if !t.AtLeast {
		return p.T("block.table.span", "From", from, "To", to, "Total", t.Total)
	}
	if t.View.AtLast {
		return p.T("block.table.total_least", "Total", max(t.Total, to))
	}
	return p.T("block.table.span_least", "From", from, "To", to, "Total", max(t.Total, to))
}

// turn is the "Page 2 of 49" of the pager.
func (t Table) turn(p *lang.Printer) string {
	switch {
	case !t.AtLeast:
		return p.T("block.pager.page", "Page", t.page(), "Pages", t.pages())
	case t.View.AtLast:
		return p.T("block.pager.last")
	}
	return p.T("block.pager.page_alone", "Page", t.page())
}

// previous is the view of the page before. The number of the last page is known
// from the total, so those before it have theirs.
func (t Table) previous() View {
	v := t.View
	if v.AtLast && !t.AtLeast {
		v.Page = int(t.pages())
	}
	return v.Previous(t.Previous)
}

// reset is the address of the list as it was before the reader changed it.
func (t Table) reset() string { return orElse(t.Reset, t.View.Defaults().URL(t.Base)) }

// pages is the number of pages.
func (t Table) pages() int64 {
	size := int64(max(t.View.Size, 1))
	return max((t.Total+size-1)/size, 1)
}

// page is the number of the present page.
func (t Table) page() int64 {
	if t.View.AtLast {
		return t.pages()
	}
	return max(int64(t.View.Page), 1)
}

// isFirst and isLast report whether the pager can go no further.
func (t Table) isFirst() bool { return t.Previous == "" }
func (t Table) isLast() bool  { return t.Next == "" }

// sorted is the aria-sort of a column: "ascending", "descending" or "".
func (t Table) sorted(c Column) string {
	switch {
	case t.View.Sort != c.Key:
		return ""
	case t.View.Desc:
		return "descending"
	}
	return "ascending"
}

// headClass is the class attribute of the heading of a column.
func (c Column) headClass() string {
	return Column{Number: c.Number, Yields: c.Yields}.class()
}

// class is the class attribute of the cells of a column.
func (c Column) class() string {
	var classes []string
	if c.Number {
		classes = append(classes, "num")
	}
	if c.Mono {
		classes = append(classes, "mono")
	}
	if c.Nowrap {
		classes = append(classes, "nowrap")
	}
	if c.Yields {
		classes = append(classes, "yields")
	}
	return strings.Join(classes, " ")
}
