package activity

import (
	"context"

	"comptoir/internal/id"
	"comptoir/internal/op"
)

// Between returns the last things that stand in the log of a partner about one of
// its customers and have succeeded, the newest first, at most limit. Who may see
// them is the caller's rule.
func Between(ctx context.Context, u *op.Unit, partner, customer id.Tenant, limit int) ([]Record, error) {
	q := Query{Tenant: partner, Customer: customer, Status: op.Succeeded}
	return q.read(ctx, u, span{before: afterAll}, limit)
}
