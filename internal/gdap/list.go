package gdap

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// MaxPage is how many relationships one page has at most (api-customers.md, 21.2).
const MaxPage = 300

// Order is by what a list is sorted.
type Order string

// The orders. Of relationships with one customer, and of those with one status
// that are sorted by nothing in particular, the order is that of an index.
const (
	ByCreation Order = "created"
	ByName     Order = "name"
	ByEnd      Order = "end"
)

// Query says which relationships of the actor's organisation are wanted. Empty
// members do not filter.
type Query struct {
	Status   Status
	Customer id.Tenant
	// EndsBefore leaves those that end earlier, of one status and by their end.
	EndsBefore time.Time
	Name       string // the whole name, without regard to case and marks
	NamePrefix string // its beginning
	Order      Order  // "" is the one that is found fastest
	Descending bool
	After      string // cursor of the page before; of the page after when Backward
	Backward   bool   // the page that ends before After, without one the last page
	Size       int    // 1 to MaxPage
}

// Page is a part of a list.
type Page struct {
	Relationships []Relationship
	Next          string // cursor of the next page; empty on the last one
	Previous      string // cursor of the page before, for Backward; empty on the first one
}

// ErrOrder refuses an order for which there is no index: by end without a status,
// and any but that by name where names are filtered.
var ErrOrder = fault.New(fault.Invalid, "2000", "gdap.order")

// course is a way through the relationships of a partner along an index, up or
// down: along narrows it by one or two values, key sorts. Its statements take the
// partner, the values of along, the status and the customer (” for any), the
// key, if any, and the id to go on from, and how many rows at most; count takes
// those before the key.
type course struct {
	key             string // column that sorts before the id, "" for none
	up, down, count *db.Stmt
}

// seen hides the drafts of providers.
const seen = `NOT (source = 'provider' AND status = 'created')`

func newCourse(along, key string) *course {
	n := 2 + strings.Count(along, "$")
	where := ` WHERE partner_id = $1` + along +
		fmt.Sprintf(` AND ($%[1]d = '' OR status = $%[1]d) AND ($%[2]d = '' OR customer_id = $%[2]d) AND `, n, n+1) + seen
	columns, marks := `id`, fmt.Sprintf(`$%d`, n+2)
	if key != "" {
		columns, marks = key+`, id`, fmt.Sprintf(`$%d, $%d`, n+2, n+3)
		n++
	}
	way := func(than, direction string) *db.Stmt {
		order := strings.ReplaceAll(columns, ",", " "+direction+",") + " " + direction
		return db.SQL(selectRelationships + where + ` AND (` + columns + `) ` + than + ` (` + marks + `) ORDER BY ` + order + fmt.Sprintf(` LIMIT $%d`, n+3))
	}
	return &course{key: key, up: way(">", "ASC"), down: way("<", "DESC"), count: db.SQL(`SELECT COUNT(*) FROM gdap_relationships` + where)}
}

const (
	nameKey = "name_key"
	endKey  = "ends_at"
)

var (
	everyRelationship = newCourse(``, ``)
	everyName         = newCourse(` AND name_key >= $2 AND name_key < $3`, nameKey)
	oneStatus         = newCourse(` AND status = $2`, endKey)
	oneStatusUntil    = newCourse(` AND status = $2 AND ends_at < $3`, endKey)
	oneCustomer       = newCourse(` AND customer_id = $2`, ``)
)

// last sorts behind every text that is kept.
const last = "\U0010ffff"

// course returns the way through what q wants, with the values that narrow it.
func (q Query) course() (*course, []any, error) {
	name, prefix := naming.Key(q.Name), naming.Key(q.NamePrefix)
	switch {
	case !q.EndsBefore.IsZero() && (q.Status == "" || q.Order != ByEnd):
		return nil, nil, ErrOrder.On("$orderby")
	case !q.EndsBefore.IsZero():
		return oneStatusUntil, []any{q.Status, db.Micros(q.EndsBefore)}, nil
	case (q.Name != "" || q.NamePrefix != "") && q.Order != "" && q.Order != ByName:
		return nil, nil, ErrOrder.On("$orderby")
	case q.Name != "":
		return everyName, []any{name, name + "\x01"}, nil
	case q.NamePrefix != "":
		return everyName, []any{prefix, prefix + last}, nil
	case q.Order == ByName:
		return everyName, []any{"", last}, nil
	case q.Status != "" && q.Customer == "" && q.Order != ByCreation || q.Status != "" && q.Order == ByEnd:
		return oneStatus, []any{q.Status}, nil
	case q.Order == ByEnd:
		return nil, nil, ErrOrder.On("$orderby")
	case q.Customer != "":
		return oneCustomer, []any{q.Customer}, nil
	}
	return everyRelationship, nil, nil
}

// List returns a page of the relationships of the actor's organisation. It
// refuses a cursor that is none with refusal.Argument, and ErrOrder.
var List = op.Define(op.Spec{Name: "gdap.list", Action: "gdap.view"},
	func(ctx context.Context, u *op.Unit, q Query) (Page, error) {
		c, along, err := q.course()
		if err != nil {
			return Page{}, err
		}
		size := min(max(q.Size, 1), MaxPage)
		from, err := c.from(q)
		if err != nil {
			return Page{}, err
		}
		stmt := c.up
		if q.down() {
			stmt = c.down
		}
		args := slices.Concat([]any{u.Actor.Tenant}, along, []any{q.Status, q.Customer}, from, []any{size + 1})
		all, err := queryRelationships(ctx, u.Tx, stmt, args...)
		if err != nil {
			return Page{}, err
		}
		return c.page(q, all, size), nil
	})

// down reports whether the rows of q are read from the end of the index: those of
// a page that is looked for backward come the other way round.
func (q Query) down() bool { return q.Descending != q.Backward }

// page returns what was found, at most one row more than size, in the order of q
// and with its neighbours.
func (c *course) page(q Query, found []Relationship, size int) Page {
	more := len(found) > size
	found = found[:min(len(found), size)]
	before, after := q.After != "", more
	if q.Backward {
		slices.Reverse(found)
		before, after = more, q.After != ""
	}
	p := Page{Relationships: found}
	if len(found) == 0 {
		return p
	}
	if before {
		p.Previous = c.cursor(found[0])
	}
	if after {
		p.Next = c.cursor(found[len(found)-1])
	}
	return p
}

// Count returns how many relationships of the actor's organisation q wants.
var Count = op.Define(op.Spec{Name: "gdap.count", Action: "gdap.view"},
	func(ctx context.Context, u *op.Unit, q Query) (n int64, err error) {
		c, along, err := q.course()
		if err != nil {
			return 0, err
		}
		err = u.QueryRow(ctx, c.count, slices.Concat([]any{u.Actor.Tenant}, along, []any{q.Status, q.Customer}), &n)
		return n, err
	})

// cursor says where a page that ends with r ends.
func (c *course) cursor(r Relationship) string {
	key := ""
	switch c.key {
	case nameKey:
		key = naming.Key(r.Name)
	case endKey:
		key = strconv.FormatInt(db.Micros(r.EndsAt), 10)
	}
	return base64.RawURLEncoding.EncodeToString([]byte(r.ID + " " + key))
}

// from returns the key and the id after which the page of q begins.
func (c *course) from(q Query) ([]any, error) {
	id, key, number := "", "", int64(-1)
	if q.down() {
		id, key, number = last, last, math.MaxInt64
	}
	if q.After != "" {
		b, err := base64.RawURLEncoding.DecodeString(q.After)
		var ok bool
		if id, key, ok = strings.Cut(string(b), " "); err != nil || !ok || !utf8.Valid(b) || bytes.IndexByte(b, 0) >= 0 {
			return nil, refusal.Argument.On("$skiptoken").Because(err)
		}
		if c.key == endKey {
			if number, err = strconv.ParseInt(key, 10, 64); err != nil {
				return nil, refusal.Argument.On("$skiptoken").Because(err)
			}
		}
	}
	switch c.key {
	case nameKey:
		return []any{key, id}, nil
	case endKey:
		return []any{number, id}, nil
	}
	return []any{id}, nil
}

// Served is a customer at which the actor's organisation has an active
// relationship.
type Served struct {
	Customer id.Tenant
	Name     string // as the partner knows it
}

var (
	served = db.SQL(`SELECT customer_id, MIN(customer_name) FROM gdap_relationships
		WHERE partner_id = $1 AND customer_id > $2 AND status = 'active' GROUP BY customer_id ORDER BY customer_id LIMIT $3`)
	servedOne = db.SQL(`SELECT customer_id, MIN(customer_name) FROM gdap_relationships
		WHERE partner_id = $1 AND customer_id = $2 AND CAST(status AS TEXT) = 'active' GROUP BY customer_id`)
)

func scanServed(row db.Row) (Served, error) {
	var s Served
	err := row.Scan(&s.Customer, &s.Name)
	return s, err
}

// ServedQuery asks for customers behind After, at most Size.
type ServedQuery struct {
	After id.Tenant
	Size  int // 1 to MaxPage
}

// ListServed returns the customers at which the actor's organisation has an
// active relationship, by id.
var ListServed = op.Define(op.Spec{Name: "gdap.served.list", Action: "gdap.view"},
	func(ctx context.Context, u *op.Unit, q ServedQuery) ([]Served, error) {
		return db.All(ctx, u.Tx, served, []any{u.Actor.Tenant, q.After, min(max(q.Size, 1), MaxPage)}, scanServed)
	})

// GetServed returns one of those customers, or refusal.NotFound.
var GetServed = op.Define(op.Spec{Name: "gdap.served.get", Action: "gdap.view"},
	func(ctx context.Context, u *op.Unit, customer id.Tenant) (Served, error) {
		found, err := db.All(ctx, u.Tx, servedOne, []any{u.Actor.Tenant, customer}, scanServed)
		if err == nil && len(found) == 0 {
			err = refusal.NotFound
		}
		if err != nil {
			return Served{}, err
		}
		return found[0], nil
	})
