package block

import (
	"context"
	"io"
	"strings"

	"github.com/a-h/templ"

	"comptoir/internal/lang"
)

// rows writes the body of a table. It is the one block written by hand: a list
// of 200 rows is the bulk of what the portal sends, so its markup is as lean as
// it can be and is written without an allocation for each cell.
func rows(p *lang.Printer, t Table, shown []int) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		r := rowWriter{w: w, table: t, badges: map[Badge]string{}, pick: p.T("block.table.pick")}
		for _, i := range shown {
			c := t.Columns[i]
			attrs := ""
			if class := c.class(); class != "" {
				attrs = ` class="` + class + `"`
			}
			r.cells = append(r.cells, cellFrame{i, "<td" + attrs + ` data-l="` + templ.EscapeString(c.Title) + `">`})
		}
		r.put("<tbody>")
		for _, row := range t.Rows {
			r.row(ctx, row)
		}
		r.put("</tbody>")
		return r.err
	})
}

// cellFrame is the opening tag of the cells of a column.
type cellFrame struct {
	index int
	open  string
}

type rowWriter struct {
	w      io.Writer
	table  Table
	cells  []cellFrame
	badges map[Badge]string // what stands before the word of a badge
	pick   string
	err    error
}

func (r *rowWriter) put(parts ...string) {
	for _, s := range parts {
		if r.err == nil {
			_, r.err = io.WriteString(r.w, s)
		}
	}
}

// text writes s escaped; most text needs no escaping and is written as it is.
func (r *rowWriter) text(s string) {
	if strings.ContainsAny(s, `<>&"'`) {
		s = templ.EscapeString(s)
	}
	r.put(s)
}

func (r *rowWriter) row(ctx context.Context, row Row) {
	r.put(`<tr id="`, r.table.ID, "-")
	r.text(row.ID)
	switch {
	case row.ID != "" && row.ID == r.table.View.Open:
		r.put(`" aria-current="true">`)
	case row.Marked:
		r.put(`" class="marked">`)
	default:
		r.put(`">`)
	}
	if r.table.Selectable {
		r.put(`<td class="pick"><input type="checkbox" name="id" value="`)
		r.text(row.ID)
		r.put(`" aria-label="`, r.pick, " ")
		r.text(row.Name)
		if row.Bars != "" {
			r.put(`" data-bars="`)
			r.text(row.Bars)
		}
		if row.Selected {
			r.put(`" checked></td>`)
		} else {
			r.put(`"></td>`)
		}
	}
	for _, f := range r.cells {
		r.put(f.open)
		if f.index < len(row.Cells) {
			r.cell(ctx, row.Cells[f.index])
		}
		r.put("</td>")
	}
	r.put("</tr>")
}

func (r *rowWriter) cell(ctx context.Context, c Cell) {
	switch {
	case c.Body != nil:
		if r.err == nil {
			r.err = c.Body.Render(ctx, r.w)
		}
	case c.Badge.Text != "":
		r.badge(c.Badge)
	case len(c.Tags) > 0:
		r.tags(c.Tags)
	case c.Href != "":
		r.put(`<a href="`)
		r.text(string(templ.URL(c.Href)))
		r.put(`">`)
		r.text(c.Text)
		r.put("</a>")
	default:
		r.put(jointed(c.Text))
	}
	if c.Sub != "" {
		r.put(`<span class="sub">`)
		r.text(c.Sub)
		r.put("</span>")
	}
}

// badge writes what BadgeOf draws. A list has many badges of few kinds.
func (r *rowWriter) badge(b Badge) {
	word := b.Text
	b.Text = ""
	open, known := r.badges[b]
	if !known {
		open = `<span class="badge ` + b.Tone.class() + `"><svg class="i" aria-hidden="true"><use href="` + sprite(b.icon()) + `"></use></svg> `
		r.badges[b] = open
	}
	r.put(open)
	r.text(word)
	r.put("</span>")
}

// tags writes what TagOf draws for each.
func (r *rowWriter) tags(tags []string) {
	r.put(`<span class="tags">`)
	for _, tag := range tags {
		r.put(`<span class="tag">`)
		r.text(tag)
		r.put("</span>")
	}
	r.put("</span>")
}
