package agreement

import (
	"context"
	"slices"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
)

// State is where a customer stands with the agreement, as far as orders of one
// partner go.
type State uint8

// The states.
const (
	Missing   State = iota // no acceptance is known
	Outdated               // accepted, but a newer version has to be (rule AG8)
	Confirmed              // orders are possible
)

// stateNames are what addresses call the states.
var stateNames = [...]string{Missing: "missing", Outdated: "outdated", Confirmed: "accepted"}

// String returns what addresses call s.
func (s State) String() string { return stateNames[s] }

// ParseState returns the state called s.
func ParseState(s string) (State, bool) {
	i := slices.Index(stateNames[:], s)
	return State(max(i, 0)), i >= 0
}

// Standing is where a customer stands with the agreement.
type Standing struct {
	State State
	// Current is the version that would be accepted now.
	Current Version
	// Required is the version that has to be accepted: the one that is enforced
	// where State is Outdated, else one that is enforced on its EnforcedAt and
	// not accepted yet. Its rank is 0 for none.
	Required Version
}

// StandingOf tells where confirmations stand with a line of versions at now
// (rules AG1, AG2, AG8).
func StandingOf(line Versions, known []Agreement, now time.Time) Standing {
	s := Standing{Current: line.Current()}
	if len(known) == 0 {
		return s
	}
	var best int64
	for _, a := range known {
		best = max(best, a.Rank)
	}
	if s.State = line.State(best, now); s.State == Outdated {
		s.Required, _ = line.Find(line.Required(now))
	} else if coming, ok := line.Coming(); ok && best < coming.Rank {
		s.Required = coming
	}
	return s
}

// State returns where somebody stands with a line of versions at now who accepted
// the version of a rank, 0 for none.
func (all Versions) State(rank int64, now time.Time) State {
	switch {
	case rank == 0:
		return Missing
	case rank < all.Required(now):
		return Outdated
	}
	return Confirmed
}

const columns = `SELECT id, partner_id, customer_id, method, template_id, type, rank, first_name, last_name, email, phone,
	agreed_at, recorded_at, recorded_by, recorded_name FROM agreements`

var byCustomer = db.SQL(columns + ` WHERE customer_id = $1 ORDER BY customer_id, id`)

func scan(row db.Row, more ...any) (Agreement, error) {
	var a Agreement
	var agreed, recorded int64
	err := row.Scan(append([]any{
		&a.ID, &a.Partner, &a.Customer, &a.Method, &a.TemplateID, &a.Type, &a.Rank, &a.Person.FirstName, &a.Person.LastName,
		&a.Person.Email, &a.Person.Phone, &agreed, &recorded, &a.RecordedBy, &a.RecordedName,
	}, more...)...)
	a.AgreedAt, a.RecordedAt = db.Time(agreed), db.Time(recorded)
	return a, err
}

// allOf returns every confirmation about a customer, the oldest first.
func allOf(ctx context.Context, t *db.Tx, customer id.Tenant) ([]Agreement, error) {
	return db.All(ctx, t, byCustomer, []any{customer}, func(row db.Row) (Agreement, error) { return scan(row) })
}

// Of returns the confirmations that count for orders of partner for customer,
// oldest first: its own, and those of the customer itself.
func Of(ctx context.Context, t *db.Tx, partner, customer id.Tenant) ([]Agreement, error) {
	all, err := allOf(ctx, t, customer)
	var counting []Agreement
	for _, a := range all {
		if a.Partner == partner || a.Method == Direct {
			counting = append(counting, a)
		}
	}
	return counting, err
}

// MayOrder returns nil when partner may order for customer, and RF-19 when no
// acceptance of a sufficient version is known (rules AG1, AG2, AG8). Everything
// that orders asks it; automatic renewals do not.
func MayOrder(ctx context.Context, u *op.Unit, partner, customer id.Tenant) error {
	r, err := relation(ctx, u.Tx, partner, customer)
	if err != nil {
		return err
	}
	s, _, err := standing(ctx, u, r)
	if err == nil && s.State != Confirmed {
		err = refusal.RF19
	}
	return err
}

// standing returns where the customer of a relation stands, and the
// confirmations that say so.
func standing(ctx context.Context, u *op.Unit, r relationship.Relation) (Standing, []Agreement, error) {
	all, err := ReadVersions(ctx, u.Tx)
	if err != nil {
		return Standing{}, nil, err
	}
	known, err := Of(ctx, u.Tx, r.Seller(), r.Customer)
	return StandingOf(all.Line(r.Country), known, u.Now), known, err
}

// relation returns the relation of partner with customer, the one as reseller
// where there are two, or refusal.NotFound.
func relation(ctx context.Context, t *db.Tx, partner, customer id.Tenant) (relationship.Relation, error) {
	found, err := relationship.Between(ctx, t, partner, customer)
	if err != nil {
		return relationship.Relation{}, err
	}
	if len(found) == 0 {
		return relationship.Relation{}, refusal.NotFound
	}
	return found[len(found)-1], nil
}
