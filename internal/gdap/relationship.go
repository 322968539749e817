package gdap

import (
	"context"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// Relationship is a delegated admin relationship (rules F1 to F3, F7).
type Relationship struct {
	ID string
	// Customer is whom it binds; empty while anybody who has the link may approve.
	Partner, Customer id.Tenant
	// CustomerName is how the partner knows the customer (rule C32); before the
	// approval it is as the request names it.
	CustomerName string
	Name         string
	Source       Source
	Status       Status
	Roles        Set
	Duration     string // ISO 8601
	AutoExtend   string // NoExtension or Extension
	// Provider asked for it on behalf of its reseller, and ConsentDue says that the
	// reseller has to agree before the customer can (rule F4).
	Provider   id.Tenant
	ConsentDue bool
	ApprovedBy string // user name of the customer's admin
	Version    int64

	CreatedAt   time.Time
	ChangedAt   time.Time
	LockedAt    time.Time // when it was sent for approval
	ActivatedAt time.Time
	EndsAt      time.Time
	EndedAt     time.Time

	nextAt time.Time // when the schedule has to look at it, zero for never
	was    []string  // the counters in which it counts as it stands in the table
}

const relationshipColumns = `id, partner_id, customer_id, customer_name, name, source, status, roles, duration, auto_extend, provider_id,
	consent_due, approved_by, version, created_at, changed_at, locked_at, activated_at, ends_at, ended_at, next_at`

const selectRelationships = `SELECT ` + relationshipColumns + ` FROM gdap_relationships`

var (
	relationshipByID = db.SQL(selectRelationships + ` WHERE id = $1`)
	relationshipsOf  = db.SQL(selectRelationships + ` WHERE partner_id = $1 AND customer_id = $2 ORDER BY partner_id, customer_id, id`)

	insertRelationship = db.SQL(`INSERT INTO gdap_relationships (id, partner_id, customer_id, customer_name, name, name_key, source, status, roles,
		duration, auto_extend, provider_id, consent_due, approved_by, version, created_at, changed_at, locked_at, activated_at, ends_at, ended_at, next_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)`)
	updateRelationship = db.SQL(`UPDATE gdap_relationships SET customer_id = $3, customer_name = $4, name = $5, name_key = $6, status = $7, roles = $8,
		duration = $9, auto_extend = $10, consent_due = $11, approved_by = $12, version = version + 1, changed_at = $13, locked_at = $14,
		activated_at = $15, ends_at = $16, ended_at = $17, next_at = $18 WHERE id = $1 AND version = $2`)
	deleteRelationship = db.SQL(`DELETE FROM gdap_relationships WHERE id = $1 AND version = $2`)
)

func scanRelationship(row db.Row) (Relationship, error) {
	var r Relationship
	var roles string
	var created, changed, locked, activated, ends, ended, next int64
	err := row.Scan(&r.ID, &r.Partner, &r.Customer, &r.CustomerName, &r.Name, &r.Source, &r.Status, &roles, &r.Duration, &r.AutoExtend, &r.Provider,
		&r.ConsentDue, &r.ApprovedBy, &r.Version, &created, &changed, &locked, &activated, &ends, &ended, &next)
	if err != nil {
		return Relationship{}, err
	}
	r.CreatedAt, r.ChangedAt, r.LockedAt, r.ActivatedAt = db.Time(created), db.Time(changed), db.Time(locked), db.Time(activated)
	r.EndsAt, r.EndedAt, r.nextAt = db.Time(ends), db.Time(ended), db.Time(next)
	r.Roles, err = parseSet(roles)
	r.was = r.counters()
	return r, err
}

// Of returns the relationships of partner with customer, oldest first.
func Of(ctx context.Context, t *db.Tx, partner, customer id.Tenant) ([]Relationship, error) {
	return queryRelationships(ctx, t, relationshipsOf, partner, customer)
}

func queryRelationships(ctx context.Context, t *db.Tx, s *db.Stmt, args ...any) ([]Relationship, error) {
	return db.All(ctx, t, s, args, scanRelationship)
}

// byID returns a relationship, whoever asks, or refusal.NotFound.
func byID(ctx context.Context, t *db.Tx, relationship string) (Relationship, error) {
	found, err := queryRelationships(ctx, t, relationshipByID, relationship)
	if err != nil {
		return Relationship{}, err
	}
	if len(found) == 0 {
		return Relationship{}, refusal.NotFound
	}
	return found[0], nil
}

// find returns a relationship of the actor's organisation, a partner, or what it
// proposes as provider, or refusal.NotFound. A version other than 0 has to be the
// present one, else it is refusal.RF18.
func find(ctx context.Context, u *op.Unit, relationship string, version int64) (Relationship, error) {
	r, err := byID(ctx, u.Tx, relationship)
	if err != nil {
		return r, err
	}
	if !r.shownTo(u.Actor.Tenant) {
		return Relationship{}, refusal.NotFound
	}
	return r, r.at(version)
}

// proposed reports whether r is what a provider proposes for its reseller and
// nobody has answered yet.
func (r Relationship) proposed() bool {
	return r.Source == ByProvider && (r.Status == Created || r.Status == ApprovalPending)
}

// shownTo reports whether partner sees r: its own, but no draft that its provider
// still writes, and the provider what it proposes.
func (r Relationship) shownTo(partner id.Tenant) bool {
	if r.proposed() && r.Provider == partner {
		return true
	}
	return r.Partner == partner && (r.Source != ByProvider || r.Status != Created)
}

// at refuses a version that is not the present one; 0 is any.
func (r Relationship) at(version int64) error {
	if version != 0 && version != r.Version {
		return refusal.RF18
	}
	return nil
}

func (r Relationship) insert(ctx context.Context, u *op.Unit) error {
	_, err := u.Exec(ctx, insertRelationship, r.ID, r.Partner, r.Customer, r.CustomerName, r.Name, naming.Key(r.Name), r.Source, r.Status,
		r.Roles.text(), r.Duration, r.AutoExtend, r.Provider, r.ConsentDue, r.ApprovedBy, r.Version, db.Micros(r.CreatedAt), db.Micros(r.ChangedAt),
		db.Micros(r.LockedAt), db.Micros(r.ActivatedAt), db.Micros(r.EndsAt), db.Micros(r.EndedAt), db.Micros(r.nextAt))
	if err != nil {
		return r.nameTaken(err)
	}
	return r.recount(ctx, u, nil, r.counters())
}

// save writes r, which nobody must have changed since it was read.
func (r *Relationship) save(ctx context.Context, u *op.Unit) error {
	r.ChangedAt, r.nextAt = u.Now, r.next(u.Now)
	n, err := u.Exec(ctx, updateRelationship, r.ID, r.Version, r.Customer, r.CustomerName, r.Name, naming.Key(r.Name), r.Status, r.Roles.text(),
		r.Duration, r.AutoExtend, r.ConsentDue, r.ApprovedBy, db.Micros(u.Now), db.Micros(r.LockedAt), db.Micros(r.ActivatedAt),
		db.Micros(r.EndsAt), db.Micros(r.EndedAt), db.Micros(r.nextAt))
	if err != nil {
		return r.nameTaken(err)
	}
	if n == 0 {
		return refusal.RF18
	}
	r.Version++
	was := r.was
	r.was = r.counters()
	return r.recount(ctx, u, was, r.was)
}

// drop removes r, which nobody must have changed since it was read.
func (r Relationship) drop(ctx context.Context, u *op.Unit) error {
	n, err := u.Exec(ctx, deleteRelationship, r.ID, r.Version)
	if err != nil {
		return err
	}
	if n == 0 {
		return refusal.RF18
	}
	return r.recount(ctx, u, r.was, nil)
}

func (r Relationship) nameTaken(err error) error {
	if db.IsUnique(err) {
		return ErrNameTaken.On("displayName").With("Name", r.Name).Because(err)
	}
	return err
}

// enter lets e happen to r and returns the statuses that it went through.
func (r *Relationship) enter(e Event, now time.Time) ([]Status, error) {
	path, err := r.Status.Path(e)
	if err != nil {
		return nil, err
	}
	switch r.Status = path[len(path)-1]; {
	case r.Status == ApprovalPending:
		r.LockedAt = now
	case r.Status == Active:
		r.ActivatedAt, r.EndsAt = now, now.Add(time.Duration(r.Days())*day)
	case r.Status.Over():
		r.EndedAt, r.ConsentDue = now, false
	}
	return path, nil
}

// holds reports whether groups have the roles of r at a time: what goes on by itself
// holds until the schedule has moved its end.
func (r Relationship) holds(now time.Time) bool {
	return r.Status == Active && (r.EndsAt.After(now) || r.Permanent())
}

// Days returns how many days r lasts. What is stored was checked.
func (r Relationship) Days() int {
	days, err := ParseDuration(r.Duration)
	if err != nil {
		return maxDays
	}
	return days
}

// Permanent reports whether r goes on beyond its end by itself.
func (r Relationship) Permanent() bool { return r.AutoExtend == Extension }

// AnswerBy returns until when a request can be answered (rule F5).
func (r Relationship) AnswerBy() time.Time { return r.LockedAt.Add(lapseDays * day) }
