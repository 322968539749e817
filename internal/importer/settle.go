package importer

import (
	"context"
	"database/sql"
	"errors"
	"hash/maphash"

	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

var (
	// A customer whose relation with the partner has ended is known all the same.
	// The keys of one that is deleted go with it.
	knownKeys = db.SQLIn(`SELECT k.key, k.customer_id, COALESCE(c.customer_id, '')
		FROM import_keys k LEFT JOIN customers c ON c.partner_id = k.partner_id AND c.customer_id = k.customer_id
		WHERE k.partner_id = $1 AND k.source = $2 AND k.key IN (?)`)
	insertKey = db.SQL(`INSERT INTO import_keys (partner_id, source, key, customer_id, imported_at) VALUES ($1, $2, $3, $4, $5)`)
)

// recordKey is what a record is recognised by.
type recordKey struct{ source, key string }

func (c candidate) recordKey() recordKey { return recordKey{c.source, c.key} }

// acquaintance is what is known of a record that came before.
type acquaintance struct {
	customer id.Tenant
	related  bool // the partner still has a relation with the customer
}

// rehearsal is what a dry run remembers: some hundred bytes a row.
type rehearsal struct {
	customers customer.Rehearsal
	related   map[uint64]struct{} // relations, in an import of the operator
	keys      map[uint64]struct{}
	seed      maphash.Seed
}

func newRehearsal() *rehearsal {
	return &rehearsal{keys: make(map[uint64]struct{}), related: make(map[uint64]struct{}), seed: maphash.MakeSeed()}
}

func (r *rehearsal) hash(k recordKey) uint64 { return maphash.Comparable(r.seed, k) }

// settle decides about rows in the transaction of u, adds the customers that can
// be added, and returns what became of each row. With a rehearsal it only says so.
func (d *desk) settle(ctx context.Context, u *op.Unit, rows []candidate, dry *rehearsal) ([]Result, error) {
	s := settlement{desk: d, u: u, dry: dry, rows: rows, results: make([]Result, len(rows))}
	if err := s.recognise(ctx); err != nil {
		return nil, err
	}
	todo := s.begin()
	if d.find != nil {
		return s.results, s.place(ctx, todo)
	}
	for len(todo) > 0 {
		var err error
		if todo, err = s.round(ctx, todo); err != nil {
			return nil, err
		}
	}
	return s.results, nil
}

// settlement is one batch in one unit of work.
type settlement struct {
	desk    *desk
	u       *op.Unit
	dry     *rehearsal // nil when it is meant
	rows    []candidate
	results []Result
	known   map[recordKey]acquaintance
}

// recognise looks up which rows came before.
func (s *settlement) recognise(ctx context.Context) error {
	s.known = make(map[recordKey]acquaintance)
	bySource := make(map[string][]any)
	for _, c := range s.rows {
		if c.key == "" {
			continue
		}
		bySource[c.source] = append(bySource[c.source], c.key)
		if s.dry != nil {
			if _, seen := s.dry.keys[s.dry.hash(c.recordKey())]; seen {
				s.known[c.recordKey()] = acquaintance{customer: customer.NotYet, related: true}
			}
		}
	}
	for source, keys := range bySource {
		err := s.u.QueryIn(ctx, knownKeys, []any{s.u.Actor.Tenant, source}, keys, func(rows *sql.Rows) error {
			var key string
			var customer, related id.Tenant
			err := rows.Scan(&key, &customer, &related)
			s.known[recordKey{source, key}] = acquaintance{customer, related != ""}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// begin writes down what is known of the rows and returns those to decide about.
func (s *settlement) begin() []int {
	todo := make([]int, 0, len(s.rows))
	for i, c := range s.rows {
		s.results[i] = Result{Row: c.row, Line: c.line, ID: c.id, Name: c.name}
		if c.fault != nil {
			s.refuse(i, fault.List{c.fault})
			continue
		}
		todo = append(todo, i)
	}
	return todo
}

// round decides about those of todo that are the first with their key, and
// returns the others: what becomes of them depends on the first.
func (s *settlement) round(ctx context.Context, todo []int) (later []int, err error) {
	var now []int
	var drafts []customer.Draft
	met := make(map[recordKey]bool)
	for _, i := range todo {
		c := s.rows[i]
		known, ok := s.known[c.recordKey()]
		switch {
		case c.key != "" && ok && known.related:
			s.exists(i, known.customer)
		case c.key != "" && ok:
			s.refuse(i, fault.List{refusal.RF11.On("id")})
		case c.key != "" && met[c.recordKey()]:
			later = append(later, i)
		default:
			met[c.recordKey()] = true
			now, drafts = append(now, i), append(drafts, c.draft)
		}
	}
	outcomes, err := s.add(ctx, drafts)
	if err != nil {
		return nil, err
	}
	for n, i := range now {
		if err := s.write(ctx, i, outcomes[n]); err != nil {
			return nil, err
		}
	}
	return later, nil
}

func (s *settlement) add(ctx context.Context, drafts []customer.Draft) ([]customer.Outcome, error) {
	switch {
	case len(drafts) == 0:
		return nil, nil
	case s.dry != nil:
		return s.desk.current().Rehearse(ctx, s.u, &s.dry.customers, drafts)
	}
	outcomes, err := s.desk.current().Add(ctx, s.u, drafts)
	if errors.Is(err, identity.ErrDomainTaken) { // between our look and now, by another node
		err = errors.Join(db.ErrRetry, err)
	}
	return outcomes, err
}

// write takes over the outcome of row i, and remembers its key.
func (s *settlement) write(ctx context.Context, i int, o customer.Outcome) error {
	r := &s.results[i]
	switch {
	case o.Exists != "":
		s.exists(i, o.Exists)
	case o.Err != nil:
		faults := fault.All(o.Err)
		if faults == nil {
			return o.Err
		}
		s.refuse(i, faults)
		return nil
	default:
		r.Outcome, r.Customer, r.Warnings = Created, o.Added.Customer.ID, o.Added.Findings
		r.AdminUserName, r.AdminPassword = o.Added.AdminUserName, o.Added.AdminPassword
	}
	return s.remember(ctx, s.rows[i].recordKey(), r.Customer)
}

// remember keeps which customer the record with key k became.
func (s *settlement) remember(ctx context.Context, k recordKey, c id.Tenant) error {
	if k.key == "" {
		return nil
	}
	if s.dry != nil {
		s.dry.keys[s.dry.hash(k)] = struct{}{}
		s.known[k] = acquaintance{customer: customer.NotYet, related: true}
		return nil
	}
	s.known[k] = acquaintance{customer: c, related: true}
	_, err := s.u.Exec(ctx, insertKey, s.u.Actor.Tenant, k.source, k.key, c, db.Micros(s.u.Now))
	if db.IsUnique(err) {
		return errors.Join(db.ErrRetry, err) // another import of the same file was faster
	}
	return err
}

func (s *settlement) exists(i int, c id.Tenant) {
	if c == customer.NotYet {
		c = ""
	}
	s.results[i].Outcome, s.results[i].Customer = Exists, c
}

func (s *settlement) refuse(i int, faults fault.List) {
	s.results[i].Outcome, s.results[i].Faults = Refused, faults
}
