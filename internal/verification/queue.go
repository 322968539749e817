package verification

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
)

// Scope is the part of all cases that the queue shows.
type Scope string

// The scopes. The last two are of closed cases.
const (
	InHand   Scope = "open"
	PastDue  Scope = "overdue"
	Waiting  Scope = "waiting" // for the partner
	Failing  Scope = "unknown" // their check failed
	Accepted Scope = "approved"
	Refused  Scope = "rejected"
)

// Scopes returns the scopes in the order in which lists offer them.
func Scopes() []Scope { return []Scope{InHand, PastDue, Waiting, Failing, Accepted, Refused} }

// closed returns the status of the cases of s, when they are closed ones.
func (s Scope) closed() (Status, bool) {
	switch s {
	case Accepted:
		return Allowed, true
	case Refused:
		return NotAllowed, true
	case InHand, PastDue, Waiting, Failing:
	}
	return None, false
}

// Nobody as an assignee finds what nobody has in hand.
const Nobody id.User = "-"

// MaxPage is how many cases one page of the queue has at most.
const MaxPage = 500

// Query asks for a page of the queue. Zero values do not narrow it.
type Query struct {
	Scope Scope // InHand when empty
	// Text finds words of the customer's names in open cases, the beginning of its
	// original name in closed ones, and a tenant id in all.
	Text     string
	Partner  id.Tenant
	Country  string
	Cause    Cause
	Assignee id.User
	// Sort orders open cases; closed ones are in the order of their decision.
	Sort       Sort
	Descending bool
	// Cursor goes on from a place that a Page named, Backward towards the beginning.
	Cursor   string
	Backward bool
	Size     int // 1 to MaxPage
}

// Item is a case with what the queue shows beside.
type Item struct {
	Case
	PartnerName  string
	FriendlyName string

	key string // the place in the order that was asked for
}

// Page is a page of the queue.
type Page struct {
	Items []Item
	// Total counts the cases that match; with AtLeast there may be more.
	Total   int64
	AtLeast bool
	// Previous and Next are the cursors of the neighbouring pages; empty at the ends.
	Previous, Next string
}

// ListCases returns a page of the cases of the installation (V-2). It refuses a
// cursor that is none with refusal.Argument.
var ListCases = op.Define(op.Spec{Name: "verification.queue", Action: "verification.view"},
	func(ctx context.Context, u *op.Unit, in Query) (Page, error) {
		if in.Scope == "" {
			in.Scope = InHand
		}
		in.Size = min(max(in.Size, 1), MaxPage)
		if tenant, ok := id.Parse(in.Text); ok {
			return in.ofTenant(ctx, u, id.Tenant(tenant))
		}
		return in.page(ctx, u)
	})

// page reads the page that q asks for, and counts.
func (q Query) page(ctx context.Context, u *op.Unit) (Page, error) {
	c, rest := q.course()
	after, last, err := c.place(q)
	if err != nil {
		return Page{}, err
	}
	down := q.Descending != q.Backward
	way := c.up
	if down {
		way = c.down
		if q.Cursor == "" {
			after = c.end()
		}
	}
	items, err := queryItems(ctx, u.Tx, way, slices.Concat(c.values, []any{after, last}, rest.filters(u.Now), []any{q.Size + 1})...)
	if err != nil {
		return Page{}, err
	}
	more := len(items) > q.Size
	items = items[:min(len(items), q.Size)]
	if q.Backward {
		slices.Reverse(items)
	}
	p := Page{Items: items}
	if len(items) > 0 {
		if more || q.Backward && q.Cursor != "" {
			p.Next = items[len(items)-1].cursor()
		}
		if q.Backward && more || !q.Backward && q.Cursor != "" {
			p.Previous = items[0].cursor()
		}
	}
	var looked int64
	count, filters := c.count(rest, u.Now)
	err = u.QueryRow(ctx, count, slices.Concat(c.values, []any{counted + 1}, filters), &looked, &p.Total)
	p.AtLeast = looked > counted
	return p, err
}

// cursor names the place of i in the list.
func (i Item) cursor() string { return i.ID + "~" + i.key }

// place reads the cursor of q; without one it is the beginning.
func (c course) place(q Query) (after any, last string, err error) {
	if q.Cursor == "" {
		if c.numeric {
			return int64(math.MinInt64), "", nil
		}
		return "", "", nil
	}
	last, key, found := strings.Cut(q.Cursor, "~")
	if _, ok := id.Parse(last); !ok || !found {
		return nil, "", refusal.Argument.On("cursor")
	}
	if !c.numeric {
		return key, last, nil
	}
	n, err := strconv.ParseInt(key, 10, 64)
	if err != nil {
		return nil, "", refusal.Argument.On("cursor").Because(err)
	}
	return n, last, nil
}

// end is a key after everything.
func (c course) end() any {
	if c.numeric {
		return int64(math.MaxInt64)
	}
	return "\U0010FFFF"
}

// filters are the values of the placeholders of filters.
func (q Query) filters(now time.Time) []any {
	due, pausedFrom, pausedTo := int64(math.MaxInt64), int64(0), int64(math.MaxInt64)
	status := Status("")
	switch q.Scope {
	case PastDue:
		due, pausedTo = db.Micros(now)-1, 0
	case Waiting:
		pausedFrom = 1
	case Failing:
		status = Unknown
	case InHand, Accepted, Refused:
	}
	words := make([]any, searchWords)
	found := strings.Fields(naming.Key(q.Text))
	for i := range words {
		words[i] = ""
		if i < len(found) {
			words[i] = "% " + plain(found[i]) + "%"
		}
	}
	return append([]any{due, pausedFrom, pausedTo, status, q.Partner, q.Country, q.Cause, q.Assignee}, words...)
}

// plain leaves out what LIKE reads otherwise.
func plain(word string) string {
	return strings.Map(func(r rune) rune {
		if r == '%' || r == '_' || r == '\\' {
			return -1
		}
		return r
	}, word)
}

// ofTenant finds the cases of a customer by its tenant id.
func (q Query) ofTenant(ctx context.Context, u *op.Unit, customer id.Tenant) (Page, error) {
	relations, err := relationship.Of(ctx, u.Tx, customer)
	if err != nil {
		return Page{}, err
	}
	var p Page
	for _, r := range relations {
		if r.Kind != relationship.Reseller {
			continue
		}
		items, err := queryItems(ctx, u.Tx, ofAccountItems, r.Partner, customer, historyLimit)
		if err != nil {
			return Page{}, err
		}
		p.Items = append(p.Items, slices.DeleteFunc(items, func(i Item) bool { return !q.has(i.Case, u.Now) })...)
	}
	p.Total = int64(len(p.Items))
	return p, nil
}

// has reports whether c is in the scope of q.
func (q Query) has(c Case, now time.Time) bool {
	status, closed := q.Scope.closed()
	switch {
	case closed:
		return !c.Open() && c.Status == status
	case !c.Open():
		return false
	}
	switch q.Scope {
	case PastDue:
		return c.Overdue(now)
	case Waiting:
		return c.Paused()
	case Failing:
		return c.Status == Unknown
	case InHand, Accepted, Refused:
	}
	return true
}

func queryItems(ctx context.Context, t *db.Tx, s *db.Stmt, args ...any) ([]Item, error) {
	return db.All(ctx, t, s, args, func(row db.Row) (Item, error) {
		var i Item
		var kept stored
		if err := row.Scan(append(i.fields(&kept), &i.PartnerName, &i.FriendlyName, &i.key)...); err != nil {
			return i, err
		}
		if err := i.finish(kept); err != nil {
			return i, err
		}
		return i, nil
	})
}

// Overview is how the queue stands (V-1).
type Overview struct {
	Open, Overdue, Waiting, Unknown int64
	// Ages counts the open cases by how long they have been so: less than a day,
	// less than two, three, and longer.
	Ages [4]int64
	// AtLeast says that there are more open cases than were counted.
	AtLeast bool
}

// Oversee counts the open cases.
var Oversee = op.Define(op.Spec{Name: "verification.overview", Action: "verification.view"},
	func(ctx context.Context, u *op.Unit, _ struct{}) (Overview, error) {
		var o Overview
		day := func(n int) int64 { return db.Micros(u.Now.AddDate(0, 0, -n)) }
		err := u.QueryRow(ctx, countOpen, []any{counted + 1, db.Micros(u.Now), Unknown, day(1), day(2), day(3)},
			&o.Open, &o.Overdue, &o.Waiting, &o.Unknown, &o.Ages[0], &o.Ages[1], &o.Ages[2], &o.Ages[3])
		o.AtLeast = o.Open > counted
		return o, err
	})

// After is the place in the order of due times behind an open case.
func After(c Case) string {
	return Item{Case: c, key: strconv.FormatInt(db.Micros(c.DueAt), 10)}.cursor()
}
