package activity

import (
	"context"
	"slices"
	"strings"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// Query says which records a reader wants. The zero value means all.
type Query struct {
	// Tenant is in whose log to look. Only the operator may choose it; empty
	// means the logs of all. Everybody else sees the own log.
	Tenant id.Tenant
	// Customer, Operation, Resource, User and Status select by equality.
	Customer            id.Tenant
	Operation, Resource string
	User                id.User
	Status              string
	// CustomerName and UserName select by a part of the name, whatever its case.
	CustomerName, UserName string
	// From and To bound the time: From <= At < To; zero means no bound.
	From, To time.Time
	// ForContract leaves out what the wire contract does not name, unless the
	// setting audit.exposeLocalOperations is true (rule K4).
	ForContract bool

	// Before is Page.Next: it asks for the page of older records. After is
	// Page.Previous: it asks for the page of newer ones. Oldest asks for the last
	// page. At most one of them is set.
	Before, After string
	Oldest        bool
	// Limit is how many records a page has at most, 1 to 1000; 0 means 50.
	Limit int
}

// Page is a part of the log, newest first.
type Page struct {
	Records  []Record
	Next     string // for Query.Before; empty on the last page
	Previous string // for Query.After; empty on the first page
}

// The parts of the log that a page is read from, and in which order.
const (
	filtered = ` AND id < $2 AND id >= $3
	AND ($4 = '' OR operation = $4) AND ($5 = '' OR resource = $5) AND ($6 = '' OR user_id = $6) AND ($7 = '' OR status = $7)`
	newestFirst = filtered + ` ORDER BY id DESC LIMIT $8`
	oldestFirst = filtered + ` ORDER BY id LIMIT $8`

	ofAll      = `SELECT ` + columns + ` FROM activity WHERE $1 = ''`
	ofTenant   = `SELECT ` + columns + ` FROM activity WHERE tenant_id = $1`
	ofCustomer = `SELECT ` + columns + ` FROM activity WHERE customer_id = $9 AND ($1 = '' OR tenant_id = $1)`
)

// reading is a part of the log in both orders.
type reading struct{ newest, oldest *db.Stmt }

var (
	listAll        = reading{db.SQL(ofAll + newestFirst), db.SQL(ofAll + oldestFirst)}
	listOfTenant   = reading{db.SQL(ofTenant + newestFirst), db.SQL(ofTenant + oldestFirst)}
	listOfCustomer = reading{db.SQL(ofCustomer + newestFirst), db.SQL(ofCustomer + oldestFirst)}

	showRecord = db.SQL(`SELECT ` + columns + ` FROM activity WHERE id = $1`)
	atMoment   = db.SQL(`SELECT ` + columns + ` FROM activity WHERE tenant_id = $1 AND id >= $2 AND id < $3 ORDER BY id`)
)

// List returns a page of the log of the actor's organisation (rules K1, K4).
var List = op.Define(op.Spec{Name: "activity.list", Action: "activity.view"},
	func(ctx context.Context, u *op.Unit, q Query) (Page, error) {
		q.Tenant = u.Actor.Tenant
		return list(ctx, u, q)
	})

// Key names a record by its id.
type Key struct {
	ID string
	// ForContract finds only what Query.ForContract lists (rule K4).
	ForContract bool
}

// Show returns one record of the actor's organisation.
var Show = op.Define(op.Spec{Name: "activity.show", Action: "activity.view"},
	func(ctx context.Context, u *op.Unit, in Key) (Record, error) {
		records, err := read(ctx, u, showRecord, in.ID)
		if err != nil {
			return Record{}, err
		}
		if len(records) == 0 || records[0].Tenant != u.Actor.Tenant {
			return Record{}, refusal.NotFound
		}
		if in.ForContract && hidesLocal(u) && !Contract(records[0].Operation) {
			return Record{}, refusal.NotFound
		}
		return records[0], nil
	})

// Moment names a record as the wire contract does: by whose log it stands in,
// what was done to whom, and when.
type Moment struct {
	Tenant    id.Tenant
	Customer  id.Tenant
	Operation string
	At        time.Time
}

// At returns the record of the actor's organisation that a Moment names; those of
// others are not found.
var At = op.Define(op.Spec{Name: "activity.at", Action: "activity.view"},
	func(ctx context.Context, u *op.Unit, m Moment) (Record, error) {
		if m.Tenant != u.Actor.Tenant {
			return Record{}, refusal.NotFound
		}
		next := m.At.Add(time.Microsecond)
		records, err := read(ctx, u, atMoment, m.Tenant, id.First(m.At), id.First(next))
		if err != nil {
			return Record{}, err
		}
		for _, r := range records {
			if r.Customer == m.Customer && r.Operation == m.Operation {
				return r, nil
			}
		}
		return Record{}, refusal.NotFound
	})

func read(ctx context.Context, u *op.Unit, s *db.Stmt, args ...any) ([]Record, error) {
	return db.All(ctx, u.Tx, s, args, scan)
}

// span is where in the log a page is looked for: from <= id < before, and from
// which end.
type span struct {
	from, before string
	oldest       bool
}

// span returns where q looks.
func (q Query) span() span {
	s := span{before: afterAll, oldest: q.Oldest || q.After != ""}
	if !q.To.IsZero() {
		s.before = id.First(q.To)
	}
	if q.Before != "" {
		s.before = min(s.before, q.Before)
	}
	if !q.From.IsZero() {
		s.from = id.First(q.From)
	}
	if q.After != "" {
		s.from = max(s.from, behind(q.After))
	}
	return s
}

// behind is the least text that sorts after an id.
func behind(record string) string { return record + " " }

// past is what is left of s when everything up to a record was read.
func (s span) past(record string) span {
	if s.oldest {
		s.from = behind(record)
	} else {
		s.before = record
	}
	return s
}

// sifted is how many records are read at once when some of them will be left out.
const sifted = 500

// list reads until a page is full: some filters the database cannot apply.
func list(ctx context.Context, u *op.Unit, q Query) (Page, error) {
	limit := 50
	if q.Limit > 0 {
		limit = min(q.Limit, 1000)
	}
	wanted, batchSize := q.filter(u), limit+1
	if q.sifts() {
		batchSize = max(batchSize, sifted)
	}
	at := q.span()
	var found []Record
	for {
		batch, err := q.read(ctx, u, at, batchSize)
		if err != nil {
			return Page{}, err
		}
		for _, r := range batch {
			if !wanted(r) {
				continue
			}
			if len(found) == limit {
				return q.page(found, true), nil
			}
			found = append(found, r)
		}
		if len(batch) < batchSize {
			return q.page(found, false), nil
		}
		at = at.past(batch[len(batch)-1].ID)
	}
}

// page makes a page of the records found, in the order in which they were read.
// more says that there are further ones in that direction.
func (q Query) page(found []Record, more bool) Page {
	p := Page{Records: found}
	if len(found) == 0 {
		return p
	}
	older, newer := more, q.Before != ""
	if q.Oldest || q.After != "" {
		slices.Reverse(found)
		older, newer = q.After != "", more
	}
	if older {
		p.Next = found[len(found)-1].ID
	}
	if newer {
		p.Previous = found[0].ID
	}
	return p
}

func (q Query) read(ctx context.Context, u *op.Unit, at span, limit int) ([]Record, error) {
	args := []any{q.Tenant, at.before, at.from, q.Operation, q.Resource, q.User, q.Status, limit}
	from := listAll
	switch {
	case q.Customer != "":
		from, args = listOfCustomer, append(args, q.Customer)
	case q.Tenant != "":
		from = listOfTenant
	}
	if at.oldest {
		return read(ctx, u, from.oldest, args...)
	}
	return read(ctx, u, from.newest, args...)
}

// sifts reports whether q leaves out records that the database returns.
func (q Query) sifts() bool { return q.ForContract || q.CustomerName != "" || q.UserName != "" }

// filter returns the part of the query that is applied to records read.
func (q Query) filter(u *op.Unit) func(Record) bool {
	contractOnly := q.ForContract && hidesLocal(u)
	customer, user := naming.Key(q.CustomerName), naming.Key(q.UserName)
	return func(r Record) bool {
		if contractOnly && !Contract(r.Operation) {
			return false
		}
		return (customer == "" || strings.Contains(naming.Key(r.CustomerName), customer)) &&
			(user == "" || strings.Contains(naming.Key(r.UserName), user))
	}
}

// hidesLocal reports whether operations that the contract does not name are
// hidden from REST clients (rule K4).
func hidesLocal(u *op.Unit) bool { return u.Setting(exposeLocal) != "true" }

// exported notes in the log that it is exported.
var exported = op.Define(op.Spec{Name: "activity.export", Action: "activity.view", Write: true},
	func(ctx context.Context, u *op.Unit, q Query) (struct{}, error) {
		return struct{}{}, u.Record(ctx, op.Record{Operation: "export_data", Resource: "activity", Customer: q.Customer})
	})

// Export calls each with every record that q wants, newest first, and leaves a
// record of its own. It reads a page at a time, so a slow receiver holds up
// nobody; it stops at the first error.
func Export(ctx context.Context, k *op.Kernel, a op.Actor, q Query, each func(Record) error) error {
	if _, err := exported.Do(ctx, k, a, q); err != nil {
		return err
	}
	return pages(q, func(q Query) (Page, error) { return List.Do(ctx, k, a, q) }, each)
}

// pages calls each with every record of the pages that next reads.
func pages(q Query, next func(Query) (Page, error), each func(Record) error) error {
	q.Limit = 1000
	for {
		page, err := next(q)
		if err != nil {
			return err
		}
		for _, r := range page.Records {
			if err := each(r); err != nil {
				return err
			}
		}
		if page.Next == "" {
			return nil
		}
		q.Before = page.Next
	}
}
