package agreement

import (
	"context"

	"comptoir/internal/id"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
)

// Customer is the input of operations about one customer.
type Customer struct{ ID id.Tenant }

// ConcernsCustomer implements op.Concerning.
func (c Customer) ConcernsCustomer() id.Tenant { return c.ID }

// List returns the confirmations that count for orders of the actor's
// organization for a customer, oldest first; an indirect reseller sees those of
// its provider.
var List = op.Define(op.Spec{Name: "agreement.list", Action: "agreement.view"},
	func(ctx context.Context, u *op.Unit, in Customer) ([]Agreement, error) {
		found, err := relationship.Between(ctx, u.Tx, u.Actor.Tenant, in.ID)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, refusal.NotFound
		}
		partner := u.Actor.Tenant
		if last := found[len(found)-1]; last.Kind == relationship.IndirectReseller && last.Provider != "" {
			partner = last.Provider
		}
		return Of(ctx, u.Tx, partner, in.ID)
	})

// Confirmation is the input of Attest.
type Confirmation struct {
	Customer    id.Tenant
	Attestation Attestation
}

// ConcernsCustomer implements op.Concerning.
func (c Confirmation) ConcernsCustomer() id.Tenant { return c.Customer }

// Attest records that a customer of the actor's organization accepted the
// customer agreement (rules AG2, AG3). It answers with all faults of the input
// at once; a date in the future is RF-20, the same person again RF-21, a
// reseller's attestation RF-04.
var Attest = op.Define(op.Spec{Action: "agreement.attest", Write: true},
	func(ctx context.Context, u *op.Unit, in Confirmation) (Agreement, error) {
		name, err := resoldTo(ctx, u, in.Customer)
		if err != nil {
			return Agreement{}, err
		}
		channel := naming.REST
		if u.Actor.Channel == op.ViaPortal {
			channel = naming.Portal
		}
		a, faults := in.Attestation.Check("", naming.Default(), channel, u.Now)
		if err := faults.Err(); err != nil {
			return Agreement{}, err
		}
		known, err := Of(ctx, u.Tx, u.Actor.Tenant, in.Customer)
		if err != nil {
			return Agreement{}, err
		}
		for _, k := range known {
			if k.Method == Attested && k.Person.same(a.Person) {
				return Agreement{}, refusal.RF21.With("Date", k.RecordedAt)
			}
		}
		return AttestFirst(ctx, u, u.Actor.Tenant, in.Customer, name, a)
	})

// resoldTo returns the original name of a customer that the actor's organization
// resells to in its own name.
func resoldTo(ctx context.Context, u *op.Unit, customer id.Tenant) (string, error) {
	found, err := relationship.Between(ctx, u.Tx, u.Actor.Tenant, customer)
	if err != nil {
		return "", err
	}
	for _, r := range found {
		if r.Kind == relationship.Reseller {
			return r.OriginalName, nil
		}
	}
	if len(found) > 0 {
		return "", refusal.RF04
	}
	return "", refusal.NotFound
}
