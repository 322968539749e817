package customer

import (
	"context"

	"comptoir/internal/gdap"
	"comptoir/internal/op"
	"comptoir/internal/relationship"
)

// Remove ends the relation of the actor's organization with a customer (rules
// E22 to E28, C40): the customer leaves its list at once, all its delegated
// administration ends, and what it kept about the customer goes. The customer
// itself, agreements and the log stay. So do the relations of others: those of the
// resellers of a provider, and what a provider noted about a reseller that leaves.
// The customer is not told (rule E27), and the people of the organization only in
// the portal (N5). A customer of somebody else is refusal.NotFound.
//
// Nothing of a customer can be running yet that would be in the way (RF-05,
// RF-27): there are no orders and no subscriptions.
var Remove = op.Define(op.Spec{Name: "customer.remove", Action: "relationship.remove", Write: true},
	func(ctx context.Context, u *op.Unit, in Ref) (struct{}, error) {
		c, err := find(ctx, u.Tx, u.Actor.Tenant, in.ID)
		if err != nil {
			return struct{}{}, err
		}
		relations, err := relationship.Between(ctx, u.Tx, u.Actor.Tenant, in.ID)
		if err != nil {
			return struct{}{}, err
		}
		for _, r := range relations {
			if err := dropRelation(ctx, u, r); err != nil {
				return struct{}{}, err
			}
		}
		if _, err := gdap.EndAll(ctx, u, u.Actor.Tenant, in.ID); err != nil {
			return struct{}{}, err
		}
		err = u.Record(ctx, op.Record{
			Operation: "remove_partner_customer_relationship", Resource: "partner_customer_relationship",
			Customer: c.ID, CustomerName: c.OriginalName, Old: c.logged(),
		})
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, u.Emit(ctx, op.Event{Name: "relationship-removed", Customer: c.ID, Resource: "/v1/customers/" + string(c.ID)})
	})

// EndDelegation ends the delegated administration of a customer by the actor's
// organization; the relation stays, and both sides hear of it (rule F10). Where
// there is none, nothing happens.
var EndDelegation = op.Define(op.Spec{Name: "customer.delegation.end", Action: "gdap.end", Write: true},
	func(ctx context.Context, u *op.Unit, in Ref) (Customer, error) {
		c, err := find(ctx, u.Tx, u.Actor.Tenant, in.ID)
		if err != nil {
			return Customer{}, err
		}
		ended, err := gdap.EndAll(ctx, u, u.Actor.Tenant, in.ID)
		if err != nil || len(ended) == 0 {
			return c, err
		}
		err = u.Record(ctx, op.Record{
			Operation: "dap_admin_relationship_terminated", Resource: "partner_customer_dap", Customer: c.ID, CustomerName: c.OriginalName,
		})
		if err != nil {
			return c, err
		}
		return c, gdap.Announce(ctx, u, u.Actor.Tenant, ended)
	})
