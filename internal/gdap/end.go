package gdap

import (
	"context"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/op"
)

// Terminated is the status of a relationship that one side has ended (rule F10).
const Terminated Status = "terminated"

var (
	terminate = db.SQL(`UPDATE gdap_relationships SET status = $4, changed_at = $5, version = version + 1
		WHERE partner_id = $1 AND customer_id = $2 AND status = $3`)
	dropAssignments = db.SQL(`DELETE FROM gdap_assignments WHERE partner_id = $1 AND customer_id = $2`)
)

// EndAll terminates every active relationship of partner with customer, with
// the roles that groups have of it: access ends at once (rules E26, F10). It
// returns how many there were. Whoever calls it writes the log.
func EndAll(ctx context.Context, u *op.Unit, partner, customer id.Tenant) (int64, error) {
	n, err := u.Exec(ctx, terminate, partner, customer, Active, Terminated, db.Micros(u.Now))
	if err != nil {
		return 0, err
	}
	_, err = u.Exec(ctx, dropAssignments, partner, customer)
	return n, err
}
