package gdap

import (
	"context"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
)

var (
	boundTo           = db.SQL(selectRelationships + ` WHERE customer_id = $1 ORDER BY customer_id, id DESC`)
	dropAssignmentsOf = db.SQL(`DELETE FROM gdap_assignments WHERE relationship_id = $1`)
)

// EndAll terminates every active relationship of partner with customer, with
// the roles that groups have of it, and withdraws what waits for the customer's
// answer: access ends at once (rules E26, F10). It returns those that it ended,
// which the log tells of. Whoever calls it lets people know with Announce where
// they are to hear of it.
func EndAll(ctx context.Context, u *op.Unit, partner, customer id.Tenant) ([]Relationship, error) {
	all, err := Of(ctx, u.Tx, partner, customer)
	if err != nil {
		return nil, err
	}
	var ended []Relationship
	for _, r := range all {
		if r.Status != Active && r.Status != ApprovalPending {
			continue
		}
		old := r.logged()
		path, err := r.enter(Terminate, u.Now)
		if err != nil {
			return nil, err
		}
		if err := r.save(ctx, u); err != nil {
			return nil, err
		}
		if _, err := u.Exec(ctx, dropAssignmentsOf, r.ID); err != nil {
			return nil, err
		}
		for _, s := range path {
			as := r
			as.Status = s
			if words := said[s]; words.record != "" {
				if err := as.record(ctx, u, words.record, old); err != nil {
					return nil, err
				}
			}
		}
		ended = append(ended, r)
	}
	return ended, follow(ctx, u, partner, customer)
}

// Announce tells both sides that relationships of partner have ended (rule F10,
// N12). It comes after the record of it.
func Announce(ctx context.Context, u *op.Unit, partner id.Tenant, ended []Relationship) error {
	t, err := identity.TenantByID(ctx, u.Tx, partner)
	if err != nil {
		return err
	}
	for _, r := range ended {
		if err := r.emit(ctx, u, eventTerminated, r.told(t.Name)); err != nil {
			return err
		}
	}
	return nil
}
