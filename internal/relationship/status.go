package relationship

import (
	"context"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// A status that stays is not written: SQLite would write its index anew.
var (
	setStatus   = db.SQL(`UPDATE customers SET status_at = $4, status = $5 WHERE partner_id = $1 AND customer_id = $2 AND kind = $3`)
	setStatusAt = db.SQL(`UPDATE customers SET status_at = $4 WHERE partner_id = $1 AND customer_id = $2 AND kind = $3`)
)

// SetStatus writes the verification status of the account that partner has with
// customer where lists read it: in the partner's own relation and in those of its
// indirect resellers, who see the provider's account (rule C8). It keeps
// the counters, and refuses a partner without a relation with
// refusal.NotFound.
func SetStatus(ctx context.Context, u *op.Unit, partner, customer id.Tenant, status string, at time.Time) error {
	own, err := billed(ctx, u.Tx, partner, customer)
	if err != nil {
		return err
	}
	if err := own.SetStatus(ctx, u, status, at); err != nil {
		return err
	}
	return ShareStatus(ctx, u, partner, customer, status, at)
}

// ShareStatus writes the verification status of the account that provider has with
// customer, or had, in the relations of all resellers that sell through it.
func ShareStatus(ctx context.Context, u *op.Unit, provider, customer id.Tenant, status string, at time.Time) error {
	all, err := Of(ctx, u.Tx, customer)
	if err != nil {
		return err
	}
	for _, r := range all {
		if r.Kind != IndirectReseller || r.Provider != provider {
			continue
		}
		if err := r.SetStatus(ctx, u, status, at); err != nil {
			return err
		}
	}
	return nil
}

// SetStatus writes the status of r, one relation alone, and counts it.
func (r Relation) SetStatus(ctx context.Context, u *op.Unit, status string, at time.Time) error {
	if r.Status == status {
		_, err := u.Exec(ctx, setStatusAt, r.Partner, r.Customer, r.Kind, db.Micros(at))
		return err
	}
	if _, err := u.Exec(ctx, setStatus, r.Partner, r.Customer, r.Kind, db.Micros(at), status); err != nil {
		return err
	}
	return CountStatus(ctx, u, r.Partner, r.Status, status)
}

// CountStatus counts that an account of partner has another status, for whoever
// writes the row himself.
func CountStatus(ctx context.Context, u *op.Unit, partner id.Tenant, was, is string) error {
	if err := u.Count(ctx, partner, ByStatus.Counter(was), -1); err != nil {
		return err
	}
	return u.Count(ctx, partner, ByStatus.Counter(is), 1)
}

// billed returns the relation in which partner has a billing account of its own
// with customer.
func billed(ctx context.Context, t *db.Tx, partner, customer id.Tenant) (Relation, error) {
	found, err := Between(ctx, t, partner, customer)
	if err != nil {
		return Relation{}, err
	}
	for _, r := range found {
		if r.Kind == Reseller {
			return r, nil
		}
	}
	return Relation{}, refusal.NotFound
}
