package gdap

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/relationship"
)

// The counters of a partner's relationships. They are those of the kernel, with the
// partner as owner, and change in the transaction that changes a relationship, so
// that nothing has to be counted when somebody looks (rule F15).
const (
	counterPrefix  = "gdap."
	countStatus    = counterPrefix + "status." // by status
	countSet       = counterPrefix + "set."    // active ones with a named set of roles
	countRole      = counterPrefix + "role."   // active ones with other sets, by role
	countEnd       = counterPrefix + "end."    // active ones, by the day of their end
	countExpired   = counterPrefix + "over."   // those that have run out, by day
	countCustomers = counterPrefix + "customers"
)

// dayNumber is how a counter names the day of a moment: the days since 1970.
func dayNumber(at time.Time) string { return strconv.FormatInt(db.Micros(at)/day.Microseconds(), 10) }

// counters names the counters in which r counts. What is not in the table, and what
// a provider still drafts, counts nowhere.
func (r Relationship) counters() []string {
	if r.ID == "" || r.Source == ByProvider && r.Status == Created {
		return nil
	}
	names := []string{countStatus + string(r.Status)}
	switch {
	case r.Status == Active:
		names = append(names, countEnd+dayNumber(r.EndsAt))
		text := r.Roles.text()
		if _, named := namedSets[text]; named {
			return append(names, countSet+text)
		}
		for _, role := range r.Roles {
			names = append(names, countRole+string(role))
		}
	case r.Status == Expired && !r.ActivatedAt.IsZero():
		names = append(names, countExpired+dayNumber(r.EndedAt))
	}
	return names
}

var otherActive = db.SQL(`SELECT id FROM gdap_relationships
	WHERE partner_id = $1 AND customer_id = $2 AND CAST(status AS TEXT) = 'active' AND id <> $3 LIMIT 1`)

// recount brings the counters from what r was to what it is.
func (r Relationship) recount(ctx context.Context, u *op.Unit, was, is []string) error {
	for _, name := range was {
		if !slices.Contains(is, name) {
			if err := u.Count(ctx, r.Partner, name, -1); err != nil {
				return err
			}
		}
	}
	for _, name := range is {
		if !slices.Contains(was, name) {
			if err := u.Count(ctx, r.Partner, name, 1); err != nil {
				return err
			}
		}
	}
	before, now := slices.Contains(was, countStatus+string(Active)), slices.Contains(is, countStatus+string(Active))
	if before == now {
		return nil
	}
	another, err := activeBeside(ctx, u, r.Partner, r.Customer, r.ID)
	if err != nil || another {
		return err
	}
	if now {
		return u.Count(ctx, r.Partner, countCustomers, 1)
	}
	return u.Count(ctx, r.Partner, countCustomers, -1)
}

// activeBeside reports whether partner has an active relationship with customer
// beside the one named.
func activeBeside(ctx context.Context, u *op.Unit, partner, customer id.Tenant, but string) (bool, error) {
	var found string
	return u.Found(ctx, otherActive, []any{partner, customer, but}, &found)
}

// Figures say how a partner stands with delegated administration (rule F15).
type Figures struct {
	// Customers is how many customers the partner sells to, Administered how many of
	// them it has an active relationship with.
	Customers, Administered int64
	ByStatus                map[Status]int64
	ByRole                  map[RoleID]int64 // active relationships with the role
	Ends, Expired           map[time.Time]int64
}

// Created is how many relationships there are, drafts and ended ones included.
func (f Figures) Created() (n int64) {
	for _, one := range f.ByStatus {
		n += one
	}
	return n
}

// EndingBy is how many active relationships end before a moment.
func (f Figures) EndingBy(until time.Time) (n int64) {
	for at, one := range f.Ends {
		if at.Before(until) {
			n += one
		}
	}
	return n
}

var countersOf = db.SQL(`SELECT name, value FROM counters WHERE owner = $1 AND name >= $2 AND name < $3`)

type counter struct {
	name string
	n    int64
}

// GetFigures returns the figures of the actor's organisation.
var GetFigures = op.Define(op.Spec{Name: "gdap.figures", Action: "gdap.view"},
	func(ctx context.Context, u *op.Unit, _ struct{}) (Figures, error) {
		f := Figures{ByStatus: map[Status]int64{}, ByRole: map[RoleID]int64{}, Ends: map[time.Time]int64{}, Expired: map[time.Time]int64{}}
		all, err := db.All(ctx, u.Tx, countersOf, []any{u.Actor.Tenant, counterPrefix, strings.TrimSuffix(counterPrefix, ".") + "/"},
			func(row db.Row) (counter, error) {
				var c counter
				err := row.Scan(&c.name, &c.n)
				return c, err
			})
		if err != nil {
			return f, err
		}
		for _, c := range all {
			f.add(c)
		}
		counts, err := relationship.CountsOf(ctx, u.Tx, u.Actor.Tenant)
		kinds := counts.By[relationship.ByKind]
		f.Customers = kinds[string(relationship.Reseller)] + kinds[string(relationship.IndirectReseller)]
		f.Administered -= kinds[string(relationship.Delegated)] // not sold to (rule A6)
		return f, err
	})

// add puts one counter where it belongs.
func (f *Figures) add(c counter) {
	if c.n == 0 {
		return
	}
	if c.name == countCustomers {
		f.Administered = c.n
	} else if status, ok := strings.CutPrefix(c.name, countStatus); ok {
		f.ByStatus[Status(status)] = c.n
	} else if set, ok := strings.CutPrefix(c.name, countSet); ok {
		for _, role := range namedSets[set] {
			f.ByRole[role] += c.n
		}
	} else if role, ok := strings.CutPrefix(c.name, countRole); ok {
		f.ByRole[RoleID(role)] += c.n
	} else if number, ok := strings.CutPrefix(c.name, countEnd); ok {
		f.Ends[dayOf(number)] = c.n
	} else if number, ok := strings.CutPrefix(c.name, countExpired); ok {
		f.Expired[dayOf(number)] = c.n
	}
}

// dayOf is the inverse of dayNumber: the beginning of the day, the zero time for
// what is none.
func dayOf(number string) time.Time {
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return db.Time(n * day.Microseconds())
}
