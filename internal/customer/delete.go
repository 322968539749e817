package customer

import (
	"context"

	"comptoir/internal/agreement"
	"comptoir/internal/db"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
	"comptoir/internal/verification"
)

// deletions is what other features do when a customer is deleted.
var deletions []func(ctx context.Context, u *op.Unit, customer id.Tenant) error

// OnDelete has all called in the transaction that deletes a customer, to remove
// what a feature keeps about it or to refuse while something of the customer is
// in the way. It is for the start of the program; a second call takes the place of
// the first.
func OnDelete(all ...func(ctx context.Context, u *op.Unit, customer id.Tenant) error) {
	deletions = all
}

var (
	deleteRelation = db.SQL(`DELETE FROM customers WHERE partner_id = $1 AND customer_id = $2 AND kind = $3`)
	// ofRelation removes what a partner keeps about a customer while they have to do
	// with each other, ofAccount what would outlast that.
	ofRelation = []*db.Stmt{
		db.SQL(`DELETE FROM customer_qualifications WHERE partner_id = $1 AND customer_id = $2`),
		db.SQL(`DELETE FROM import_keys WHERE partner_id = $1 AND customer_id = $2`),
	}
	ofAccount = []*db.Stmt{
		db.SQL(`DELETE FROM gdap_assignments WHERE partner_id = $1 AND customer_id = $2`),
		db.SQL(`DELETE FROM gdap_requests WHERE relationship_id IN (SELECT id FROM gdap_relationships WHERE partner_id = $1 AND customer_id = $2)`),
		db.SQL(`DELETE FROM gdap_operations WHERE relationship_id IN (SELECT id FROM gdap_relationships WHERE partner_id = $1 AND customer_id = $2)`),
		db.SQL(`DELETE FROM gdap_relationships WHERE partner_id = $1 AND customer_id = $2`),
	}
)

// Delete deletes a customer of a sandbox with everything that is known about it,
// for all of its partners (rule C40). Outside of a sandbox it is
// refusal.SandboxOnly (900127).
var Delete = op.Define(op.Spec{Action: "customer.delete", Write: true},
	func(ctx context.Context, u *op.Unit, in Ref) (struct{}, error) {
		c, err := find(ctx, u.Tx, u.Actor.Tenant, in.ID)
		switch {
		case err != nil:
			return struct{}{}, err
		case !u.Sandbox:
			return struct{}{}, refusal.SandboxOnly
		case c.Kind != relationship.Reseller:
			return struct{}{}, refusal.RF03
		}
		for _, f := range deletions {
			if err := f(ctx, u, c.ID); err != nil {
				return struct{}{}, err
			}
		}
		if err := deleteAll(ctx, u, c.ID); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, u.Record(ctx, op.Record{
			Operation: "delete_customer", Resource: "customer", Customer: c.ID, CustomerName: c.OriginalName, Old: c.logged(),
		})
	})

// deleteAll removes the relations of a customer and its organization.
func deleteAll(ctx context.Context, u *op.Unit, customer id.Tenant) error {
	all, err := relationship.Of(ctx, u.Tx, customer)
	if err != nil {
		return err
	}
	for _, r := range all {
		if err := dropRelation(ctx, u, r); err != nil {
			return err
		}
		if err := gdap.Forget(ctx, u, r.Partner, r.Customer); err != nil {
			return err
		}
		for _, s := range ofAccount {
			if _, err := u.Exec(ctx, s, r.Partner, r.Customer); err != nil {
				return err
			}
		}
	}
	if _, err := u.Exec(ctx, deleteOrganization, customer); err != nil {
		return err
	}
	if err := agreement.Forget(ctx, u, customer); err != nil {
		return err
	}
	if err := relationship.ForgetEnded(ctx, u, customer); err != nil {
		return err
	}
	return identity.PurgeTenant(ctx, u, customer)
}

// dropRelation removes one relation with what finds and counts it, and what the
// partner keeps beside it.
func dropRelation(ctx context.Context, u *op.Unit, r relationship.Relation) error {
	for _, s := range ofRelation {
		if _, err := u.Exec(ctx, s, r.Partner, r.Customer); err != nil {
			return err
		}
	}
	if err := verification.Forget(ctx, u, verification.Account{Partner: r.Partner, Customer: r.Customer}); err != nil {
		return err
	}
	return dropRow(ctx, u, r)
}

// dropRow removes one relation with what finds and counts it.
func dropRow(ctx context.Context, u *op.Unit, r relationship.Relation) error {
	c, err := findKind(ctx, u.Tx, r.Partner, r.Customer, r.Kind)
	if err != nil {
		return err
	}
	words, _ := newTags(c.Tags)
	if err := c.retag(ctx, u, words, nil); err != nil {
		return err
	}
	for _, term := range terms(c.names().words(), naming.Key(c.Billing.CompanyName)) {
		if _, err := u.Exec(ctx, deleteTerm, c.Partner, term, c.Number); err != nil {
			return err
		}
	}
	if _, err := u.Exec(ctx, deleteRelation, c.Partner, c.ID, c.Kind); err != nil {
		return err
	}
	w := newWriter(u, seller{}, 0)
	w.countRelation(c, -1)
	w.counted(c.Partner, relationship.AgreedCounter(r.Agreed), -1)
	return w.finish(ctx)
}
