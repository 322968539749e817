package relationship

import (
	"context"

	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

// ErrProvidersOnly refuses to show the resellers of a customer to a partner that
// sells through none (api-customers.md, section 14).
var ErrProvidersOnly = fault.New(fault.Forbidden, "1002", "relationship.providers_only")

// Customer is the input of operations about the relations of the actor's
// organisation with one customer.
type Customer struct{ ID id.Tenant }

// ConcernsCustomer implements op.Concerning.
func (c Customer) ConcernsCustomer() id.Tenant { return c.ID }

// ListAttached returns the indirect resellers through which the actor's
// organisation, a provider, sells to a customer. Other partners are refused with
// ErrProvidersOnly.
var ListAttached = op.Define(op.Spec{Name: "relationship.attached", Action: "customer.account.view"},
	func(ctx context.Context, u *op.Unit, in Customer) ([]identity.Partner, error) {
		if u.Actor.Org&policy.IndirectProvider == 0 {
			return nil, ErrProvidersOnly
		}
		relations, err := Between(ctx, u.Tx, u.Actor.Tenant, in.ID)
		if err != nil {
			return nil, err
		}
		if len(relations) == 0 {
			return nil, refusal.NotFound
		}
		var all []identity.Partner
		for _, r := range relations {
			if r.Reseller == "" {
				continue
			}
			if all, err = withPartner(ctx, u.Tx, all, r.Reseller); err != nil {
				return nil, err
			}
		}
		return all, nil
	})
