package activity

import (
	"context"
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
	// CustomerName selects by a part of the name, whatever its case.
	CustomerName string
	// From and To bound the time: From <= At < To; zero means no bound.
	From, To time.Time
	// ForContract leaves out what the wire contract does not name, unless the
	// setting audit.exposeLocalOperations is true (rule K4).
	ForContract bool

	// Before is Page.Next of the page before; empty for the first.
	Before string
	// Limit is how many records a page has at most, 1 to 1000; 0 means 50.
	Limit int
}

// Page is a part of the log, newest first.
type Page struct {
	Records []Record
	Next    string // for Query.Before; empty on the last page
}

const filtered = ` AND id < $2 AND id >= $3
	AND ($4 = '' OR operation = $4) AND ($5 = '' OR resource = $5) AND ($6 = '' OR user_id = $6) AND ($7 = '' OR status = $7)
	ORDER BY id DESC LIMIT $8`

var (
	listAll        = db.SQL(`SELECT ` + columns + ` FROM activity WHERE $1 = ''` + filtered)
	listOfTenant   = db.SQL(`SELECT ` + columns + ` FROM activity WHERE tenant_id = $1` + filtered)
	listOfCustomer = db.SQL(`SELECT ` + columns + ` FROM activity WHERE customer_id = $9 AND ($1 = '' OR tenant_id = $1)` + filtered)

	showRecord = db.SQL(`SELECT ` + columns + ` FROM activity WHERE id = $1`)
	atMoment   = db.SQL(`SELECT ` + columns + ` FROM activity WHERE tenant_id = $1 AND id >= $2 AND id < $3 ORDER BY id`)
)

// List returns a page of the log of the actor's organisation (rules K1, K4).
var List = op.Define(op.Spec{Name: "activity.list", Action: "activity.view"},
	func(ctx context.Context, u *op.Unit, q Query) (Page, error) {
		q.Tenant = u.Actor.Tenant
		return list(ctx, u, q)
	})

// Inspect returns a page of the log of any organisation, or of all (portal V-13).
var Inspect = op.Define(op.Spec{Name: "audit.list", Action: "audit.view"}, list)

// Show returns one record of the actor's organisation.
var Show = op.Define(op.Spec{Name: "activity.show", Action: "activity.view"},
	func(ctx context.Context, u *op.Unit, record string) (Record, error) {
		records, err := read(ctx, u, showRecord, record)
		if err != nil {
			return Record{}, err
		}
		if len(records) == 0 || records[0].Tenant != u.Actor.Tenant {
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
	rows, err := u.Query(ctx, s, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var records []Record
	for rows.Next() {
		r, err := scan(rows)
		if err != nil {
			return nil, err
		}
		records = append(records, r)
	}
	return records, rows.Err()
}

// list reads until a page is full: some filters the database cannot apply.
func list(ctx context.Context, u *op.Unit, q Query) (Page, error) {
	limit := 50
	if q.Limit > 0 {
		limit = min(q.Limit, 1000)
	}
	wanted := q.filter(u)
	before := q.before()
	var page Page
	for {
		batch, err := q.read(ctx, u, before, limit+1)
		if err != nil {
			return Page{}, err
		}
		for _, r := range batch {
			if !wanted(r) {
				continue
			}
			if len(page.Records) == limit {
				page.Next = page.Records[limit-1].ID
				return page, nil
			}
			page.Records = append(page.Records, r)
		}
		if len(batch) <= limit {
			return page, nil
		}
		before = batch[limit].ID
	}
}

// before returns what all ids of the page lie below.
func (q Query) before() string {
	before := afterAll
	if !q.To.IsZero() {
		before = id.First(q.To)
	}
	if q.Before != "" {
		before = min(before, q.Before)
	}
	return before
}

func (q Query) read(ctx context.Context, u *op.Unit, before string, limit int) ([]Record, error) {
	from := ""
	if !q.From.IsZero() {
		from = id.First(q.From)
	}
	args := []any{q.Tenant, before, from, q.Operation, q.Resource, q.User, q.Status, limit}
	switch {
	case q.Customer != "":
		return read(ctx, u, listOfCustomer, append(args, q.Customer)...)
	case q.Tenant != "":
		return read(ctx, u, listOfTenant, args...)
	default:
		return read(ctx, u, listAll, args...)
	}
}

// filter returns the part of the query that is applied to records read.
func (q Query) filter(u *op.Unit) func(Record) bool {
	contractOnly := q.ForContract && u.Setting(exposeLocal) != "true"
	part := naming.Key(q.CustomerName)
	return func(r Record) bool {
		if contractOnly && !Contract(r.Operation) {
			return false
		}
		return part == "" || strings.Contains(naming.Key(r.CustomerName), part)
	}
}

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
	q.Limit = 1000
	for {
		page, err := List.Do(ctx, k, a, q)
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
