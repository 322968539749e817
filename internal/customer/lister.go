package customer

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
)

// beyond is a key after all others.
const beyond = "\U0010ffff"

// stretch is a part of a course: the keys from low up to, but not including,
// high, or the customers with one value. take is nil or says which of the
// customers met belong to the list here.
type stretch struct {
	course
	value     string
	low, high string
	take      func(key string, i Item) bool
}

// everything is the stretch of all customers in an order.
func everything(order Sort) stretch { return stretch{course: orders[order], high: beyond} }

// lister reads one page of one list.
type lister struct {
	tx      *db.Tx
	partner id.Tenant
	query   Query
	order   Sort // BestMatch for a search by closeness, else the column
	down    bool // the whole list goes down
	from    *position
	filters []any // for the placeholders of filters

	standings standings
	agreed    agreed // the filter by agreement

	// stretches make up the list one after the other.
	stretches []stretch
	// gathered says that no index has the order: all customers of the stretches,
	// sortable at most, are read and sorted.
	gathered bool
	sortable int64
	// search is what the list was searched for; its words lead a sorted list
	// that is too long to be gathered.
	search search

	// known is the total when a counter has it, else -1; least is what it is at
	// least. tally is where else it can be counted.
	known, least int64
	tally        []stretch
}

func newLister(ctx context.Context, u *op.Unit, q Query, counts relationship.Counts) (*lister, error) {
	q.Size = min(max(q.Size, 1), MaxPage)
	l := &lister{tx: u.Tx, partner: u.Actor.Tenant, query: q, order: q.Sort, down: q.Descending, known: -1, search: newSearch(q.Filter.Search)}
	var err error
	if l.standings, err = readStandings(ctx, u.Tx, u.Now); err != nil {
		return nil, err
	}
	if q.Filter.byAgreement() {
		l.agreed = l.standings.filter(q.Filter, counts)
	}
	l.sortable = sortable(counts.All, int64(q.Size))
	if err := l.chooseLead(ctx); err != nil {
		return nil, err
	}
	l.filters = l.values(l.search.others())
	if err := l.plan(ctx, counts); err != nil {
		return nil, err
	}
	if q.Cursor == "" {
		return l, nil
	}
	at, ok := parsePosition(q.Cursor)
	if !ok || at.order != l.order || at.stretch >= len(l.stretches) {
		return nil, refusal.Argument.On("cursor").With("Name", "cursor")
	}
	l.from = &at
	return l, nil
}

// values returns the values of the placeholders of filters, the words to be
// compared among them.
func (l *lister) values(words []string) []any {
	f := l.query.Filter
	all := []any{
		string(f.Kind), string(f.Status), strings.ToUpper(f.Country), string(f.Reseller), string(f.Provider), naming.Key(f.Tag), l.agreed.text,
		"", "", "",
	}
	for i, word := range words {
		all[len(all)-maxCompared+i] = "% " + word + "%"
	}
	return all
}

// plan chooses the stretches.
func (l *lister) plan(ctx context.Context, counts relationship.Counts) error {
	f, s := l.query.Filter, l.search
	name, domain := naming.Key(f.NamePrefix), strings.ToLower(naming.Trim(f.DomainPrefix))
	switch {
	case s.empty() && name == "" && domain == "":
		l.planByFilter(counts)
		return nil
	case !s.empty() && name == "" && domain == "":
		return l.planSearch(ctx)
	case s.empty() && domain == "" && (l.order == BestMatch || l.order == ByName):
		l.order = ByName
		l.stretches = []stretch{prefix(orders[ByName], name)}
		l.tally = l.stretches
		return nil
	case s.empty() && name == "" && (l.order == BestMatch || l.order == ByDomain):
		l.order = ByDomain
		l.stretches = []stretch{prefix(orders[ByDomain], domain)}
		l.tally = l.stretches
		return nil
	}
	return refusal.Argument.On("filter").With("Name", "filter")
}

// prefix is the stretch of keys that begin with p.
func prefix(c course, p string) stretch { return stretch{course: c, low: p, high: p + beyond} }

// dimension is a filter that is counted: by one value, or by several that have
// nobody in common.
type dimension struct {
	stretches []stretch
	count     int64
	exact     bool // count is how many pass
}

// dimensions returns those filters that have an index of their own, the one
// that leaves the fewest customers first.
func (l *lister) dimensions(counts relationship.Counts) []dimension {
	f := l.query.Filter
	var all []dimension
	add := func(c course, d relationship.Dimension, value string) {
		if value != "" {
			all = append(all, dimension{[]stretch{{course: c, value: value}}, counts.By[d][value], true})
		}
	}
	add(ofKind, relationship.ByKind, string(f.Kind))
	add(ofStatus, relationship.ByStatus, string(f.Status))
	add(ofCountry, relationship.ByCountry, strings.ToUpper(f.Country))
	add(ofReseller, relationship.ByReseller, string(f.Reseller))
	add(ofProvider, relationship.ByProvider, string(f.Provider))
	if key := naming.Key(f.Tag); key != "" {
		d := dimension{stretches: []stretch{{course: ofTag, value: key}}, exact: true}
		for name, n := range counts.By[relationship.ByTag] {
			if naming.Key(name) == key {
				d.count += n
			}
		}
		all = append(all, d)
	}
	if f.byAgreement() {
		d := dimension{exact: l.agreed.exact}
		for _, rank := range l.agreed.ranks {
			d.stretches = append(d.stretches, stretch{course: ofAgreed, value: rank})
			d.count += counts.By[relationship.ByAgreed][rank]
		}
		all = append(all, d)
	}
	slices.SortStableFunc(all, func(a, b dimension) int { return cmp.Compare(a.count, b.count) })
	return all
}

// planByFilter reads along the order and passes over what the filters leave
// out, or, when they leave few, sorts these.
func (l *lister) planByFilter(counts relationship.Counts) {
	if l.order == BestMatch {
		l.order = ByName
	}
	l.stretches = []stretch{everything(l.order)}
	dimensions := l.dimensions(counts)
	if len(dimensions) == 0 {
		l.known = counts.All
		return
	}
	fewest := dimensions[0]
	if l.tally = fewest.stretches; len(dimensions) == 1 && fewest.exact {
		l.known = fewest.count
	}
	switch {
	case l.order == ByCreated && len(fewest.stretches) == 1:
		l.stretches = fewest.stretches
	case fewest.count <= l.sortable:
		l.stretches, l.gathered = fewest.stretches, true
	}
}

// page reads the page.
func (l *lister) page(ctx context.Context) (Page, error) {
	read := l.read
	if l.gathered {
		read = l.readGathered
	}
	met, more, err := read(ctx)
	if err != nil {
		return Page{}, err
	}
	page := Page{Items: make([]Item, len(met))}
	for i, m := range met {
		m.item.Agreement = l.standings.of(m.item.Country, m.item.agreed)
		page.Items[i] = m.item
	}
	earlier, later := l.from != nil, more
	if l.query.Backward {
		earlier, later = more, l.from != nil
	}
	if n := len(met); n > 0 && earlier {
		page.Previous = met[0].at.text()
	}
	if n := len(met); n > 0 && later {
		page.Next = met[n-1].at.text()
	}
	whole := page.Next == "" && page.Previous == ""
	page.Total, page.AtLeast, err = l.total(ctx, int64(len(met)), whole)
	return page, err
}

// met is a customer and where in the list it stands.
type met struct {
	item Item
	at   position
}

// read reads the page along the stretches, and whether there is more beyond it
// in the direction of reading.
func (l *lister) read(ctx context.Context) (page []met, more bool, err error) {
	size := l.query.Size
	for n := l.firstStretch(); n >= 0 && n < len(l.stretches) && len(page) <= size; n += l.step() {
		if page, err = l.readStretch(ctx, n, page, size+1); err != nil {
			return nil, false, err
		}
	}
	if more = len(page) > size; more {
		page = page[:size]
	}
	if l.query.Backward {
		slices.Reverse(page)
	}
	return page, more, nil
}

// step is the direction of reading through the stretches.
func (l *lister) step() int {
	if l.query.Backward {
		return -1
	}
	return 1
}

func (l *lister) firstStretch() int {
	switch {
	case l.from != nil:
		return l.from.stretch
	case l.query.Backward:
		return len(l.stretches) - 1
	}
	return 0
}

// readStretch appends customers of the n-th stretch to page until it has most or
// more. It reads in growing steps, because a stretch may hold many who are
// passed over.
func (l *lister) readStretch(ctx context.Context, n int, page []met, most int) ([]met, error) {
	s, down := l.stretches[n], l.down != l.query.Backward
	from := s.begin(down)
	if l.from != nil && l.from.stretch == n {
		from = *l.from
	}
	for limit := most - len(page); len(page) < most; limit = min(2*limit, MaxPage) {
		read, err := l.fetch(ctx, s, from, down, limit)
		if err != nil {
			return nil, err
		}
		for _, m := range read {
			m.at.stretch, m.at.order, from = n, l.order, m.at
			if s.take == nil || s.take(m.at.key, m.item) {
				page = append(page, m)
			}
		}
		if len(read) < limit {
			break
		}
	}
	return page, nil
}

// begin is the position before the first customer of s.
func (s stretch) begin(down bool) position {
	switch {
	case s.keyed && down:
		return position{key: s.high, number: -1}
	case s.keyed:
		return position{key: s.low, number: -1}
	case down:
		return position{number: math.MaxInt64}
	}
	return position{}
}

// plain reports whether the customers of s are shown as they come: nothing is
// filtered, compared or sorted.
func (l *lister) plain(s stretch) bool { return s.take == nil && !l.gathered && !l.filtered() }

// fetch reads up to limit customers of s after from.
func (l *lister) fetch(ctx context.Context, s stretch, from position, down bool, limit int) ([]met, error) {
	way, bound := s.up, s.high
	if down {
		way, bound = s.down, s.low
	}
	args := make([]any, 0, 5+filterCount)
	args = append(args, l.partner)
	if s.valued {
		args = append(args, s.value)
	}
	if s.keyed {
		args = append(args, from.key, from.number, bound)
	} else {
		args = append(args, from.number)
	}
	plain, statement := l.plain(s), way.plain
	if !plain {
		statement, args = way.filtered, append(args, l.filters...)
	}
	rows, err := l.tx.Query(ctx, statement, append(args, limit)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	read := make([]met, 0, min(limit, 101))
	for rows.Next() {
		key, item, err := scanItem(rows, plain)
		if err != nil {
			return nil, err
		}
		item.Partner = l.partner
		read = append(read, met{item, position{key: key, number: item.Number}})
	}
	return read, rows.Err()
}
