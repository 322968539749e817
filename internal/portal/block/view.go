package block

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Sizes are the page sizes of a list (portal 0.3); DefaultSize is the usual one.
var Sizes = []int{25, 50, 100, 200}

// DefaultSize is the page size of a list that was not asked for another.
const DefaultSize = 50

// View is the state of a list. It lives in the address, so that a list can be
// bookmarked, shared and returned to. The query members are: q, by, sort
// ("name", "-name"), cols ("name,domain"), size, page, after, before, at
// ("last"), density ("compact"), open, and one member per filter.
type View struct {
	Search string
	By     string
	Sort   string
	Desc   bool
	// Columns are the chosen columns in their order; empty means the default ones.
	Columns []string
	Size    int
	// Page is the number of the page, from 1; with AtLast it is unknown and 0.
	Page int
	// After or Before is the cursor of the page; both empty mean the first page.
	After, Before string
	AtLast        bool
	Compact       bool
	// Open is the id of the row whose pane is open.
	Open string
	// Filters holds the chosen values by filter key.
	Filters url.Values
}

// ParseView reads the state of a list from the query of its address. Filters
// are the keys that the list knows. Whatever does not fit is left out: a stale
// bookmark shows a list, not an error.
func ParseView(q url.Values, filters ...string) View {
	v := View{
		Search: strings.TrimSpace(q.Get("q")), By: q.Get("by"),
		After: q.Get("after"), Before: q.Get("before"), AtLast: q.Get("at") == "last",
		Compact: q.Get("density") == "compact", Open: q.Get("open"),
		Size: DefaultSize, Filters: url.Values{},
	}
	v.Sort, v.Desc = strings.CutPrefix(q.Get("sort"), "-")
	if cols := q["cols"]; len(cols) > 0 {
		v.Columns = strings.FieldsFunc(strings.Join(cols, ","), func(r rune) bool { return r == ',' })
	}
	if size, err := strconv.Atoi(q.Get("size")); err == nil && slices.Contains(Sizes, size) {
		v.Size = size
	}
	if page, err := strconv.Atoi(q.Get("page")); err == nil && page > 0 {
		v.Page = page
	}
	switch {
	case v.AtLast:
		v.Page, v.After, v.Before = 0, "", ""
	case v.After == "" && v.Before == "":
		v.Page = 1
	}
	for _, key := range filters {
		for _, value := range q[key] {
			if value = strings.TrimSpace(value); value != "" && !slices.Contains(v.Filters[key], value) {
				v.Filters[key] = append(v.Filters[key], value)
			}
		}
	}
	return v
}

// Narrowed reports whether a search or a filter hides rows.
func (v View) Narrowed() bool { return v.Search != "" || len(v.Filters) > 0 }

// URL returns the address of the list at base in this state. Defaults are left
// out, so that addresses stay short.
func (v View) URL(base string) string {
	var b strings.Builder
	b.WriteString(base)
	sep := byte('?')
	if strings.ContainsRune(base, '?') {
		sep = '&'
	}
	for name, value := range v.members() {
		b.WriteByte(sep)
		b.WriteString(name)
		b.WriteByte('=')
		b.WriteString(url.QueryEscape(value))
		sep = '&'
	}
	return b.String()
}

// members yields the query members that differ from the defaults, in a fixed order.
func (v View) members() func(yield func(name, value string) bool) {
	return func(yield func(string, string) bool) {
		put := func(name, value string) bool { return value == "" || yield(name, value) }
		if !put("q", v.Search) || !put("by", v.By) {
			return
		}
		for _, key := range slices.Sorted(maps.Keys(v.Filters)) {
			for _, value := range v.Filters[key] {
				if !put(key, value) {
					return
				}
			}
		}
		_ = put("sort", v.sort()) && put("cols", strings.Join(v.Columns, ",")) && put("size", v.size()) &&
			put("density", v.density()) && put("page", v.page()) && put("after", v.After) &&
			put("before", v.Before) && put("at", v.at()) && put("open", v.Open)
	}
}

func (v View) sort() string {
	if v.Sort != "" && v.Desc {
		return "-" + v.Sort
	}
	return v.Sort
}

func (v View) size() string {
	if v.Size == DefaultSize || v.Size == 0 {
		return ""
	}
	return strconv.Itoa(v.Size)
}

func (v View) density() string {
	if v.Compact {
		return "compact"
	}
	return ""
}

func (v View) page() string {
	if v.Page > 1 {
		return strconv.Itoa(v.Page)
	}
	return ""
}

func (v View) at() string {
	if v.AtLast {
		return "last"
	}
	return ""
}

// First is the view at its first page.
func (v View) First() View {
	v.Page, v.After, v.Before, v.AtLast, v.Open = 1, "", "", false, ""
	return v
}

// Last is the view at its last page.
func (v View) Last() View {
	v = v.First()
	v.Page, v.AtLast = 0, true
	return v
}

// Next is the page after the row with this cursor.
func (v View) Next(cursor string) View {
	page := v.Page
	v = v.First()
	v.After, v.Page = cursor, page+1
	return v
}

// Previous is the page before the row with this cursor.
func (v View) Previous(cursor string) View {
	page := v.Page
	v = v.First()
	v.Before, v.Page = cursor, max(page-1, 0)
	return v
}

// Sorted is the view sorted by column; asked for the present one, it turns the order.
func (v View) Sorted(column string) View {
	v = v.First()
	v.Desc = v.Sort == column && !v.Desc
	v.Sort = column
	return v
}

// Without is the view without filter key.
func (v View) Without(key string) View {
	v = v.First()
	kept := url.Values{}
	for k, values := range v.Filters {
		if k != key {
			kept[k] = values
		}
	}
	v.Filters = kept
	return v
}

// Cleared is the view without search and filters.
func (v View) Cleared() View {
	v = v.First()
	v.Search, v.By, v.Filters = "", "", url.Values{}
	return v
}

// Sized is the view with pages of n rows.
func (v View) Sized(n int) View {
	v = v.First()
	v.Size = n
	return v
}

// Dense is the view with the other density.
func (v View) Dense(compact bool) View {
	v.Compact = compact
	return v
}

// Opened is the view with the pane of row id, or without a pane for "".
func (v View) Opened(id string) View {
	v.Open = id
	return v
}

// Defaults is the view with the default columns, order, size and density.
func (v View) Defaults() View {
	v = v.First()
	v.Columns, v.Sort, v.Desc, v.Size, v.Compact = nil, "", false, DefaultSize, false
	return v
}
