package gdap

import (
	"context"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
)

// Terminated is the status of a relationship that one side has ended (rule F10).
const Terminated Status = "terminated"

var (
	activeBetween = db.SQL(`SELECT id FROM gdap_relationships WHERE partner_id = $1 AND customer_id = $2 AND status = $3 ORDER BY id`)
	terminate     = db.SQL(`UPDATE gdap_relationships SET status = $4, changed_at = $5, version = version + 1
		WHERE partner_id = $1 AND customer_id = $2 AND status = $3`)
	dropAssignments = db.SQL(`DELETE FROM gdap_assignments WHERE partner_id = $1 AND customer_id = $2`)
)

// EndAll terminates every active relationship of partner with customer, with
// the roles that groups have of it: access ends at once (rules E26, F10). It
// returns the ids of those that it ended. Whoever calls it writes the log, and
// lets people know with Announce where they are to hear of it.
func EndAll(ctx context.Context, u *op.Unit, partner, customer id.Tenant) ([]string, error) {
	ended, err := active(ctx, u, partner, customer)
	if err != nil {
		return nil, err
	}
	if _, err := u.Exec(ctx, terminate, partner, customer, Active, Terminated, db.Micros(u.Now)); err != nil {
		return nil, err
	}
	if _, err = u.Exec(ctx, dropAssignments, partner, customer); err != nil {
		return nil, err
	}
	return ended, follow(ctx, u, partner, customer)
}

func active(ctx context.Context, u *op.Unit, partner, customer id.Tenant) ([]string, error) {
	return db.All(ctx, u.Tx, activeBetween, []any{partner, customer, Active}, func(row db.Row) (string, error) {
		var relationship string
		err := row.Scan(&relationship)
		return relationship, err
	})
}

// Ended is what the event "granular-admin-relationship-terminated" tells.
type Ended struct{ PartnerName string }

// Announce tells both sides that relationships of partner with customer have
// ended (rule F10, N12). It comes after the record of it.
func Announce(ctx context.Context, u *op.Unit, partner, customer id.Tenant, ended []string) error {
	t, err := identity.TenantByID(ctx, u.Tx, partner)
	if err != nil {
		return err
	}
	for _, relationship := range ended {
		err := u.Emit(ctx, op.Event{
			Name: "granular-admin-relationship-terminated", Tenant: partner, Customer: customer,
			Resource: "/granularAdminRelationships/" + relationship, Payload: Ended{t.Name},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
