package customer

import (
	"context"
	"slices"

	"comptoir/internal/db"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
	"comptoir/internal/verification"
)

// Service is a relation of a partner that serves a customer without selling to it
// (rule A6): it stands in the partner's list, and offers to be seen and to ask for
// a reseller relationship.
type Service struct {
	Partner, Customer id.Tenant
	Kind              relationship.Kind // one that does not sell
}

// serve makes the relation s in the transaction of u, with a snapshot of the name
// and the domain that the customer has now (rule C33), and tells the partner's log.
// It reports whether the relation is new: a partner that sells to the customer, or
// serves it in this way already, keeps what it has.
func (s Service) serve(ctx context.Context, u *op.Unit) (bool, error) {
	if known, err := s.known(ctx, u); known || err != nil {
		return false, err
	}
	c, err := snapshot(ctx, u.Tx, s.Customer)
	if err != nil {
		return false, err
	}
	c.Partner, c.Kind, c.Version = s.Partner, s.Kind, db.Micros(u.Now)
	c.CreatedAt, c.ChangedAt = u.Now, u.Now
	w := newWriter(u, seller{}, 1)
	if err := w.relation(ctx, &c, rowKeys{}); err != nil {
		return false, err
	}
	if err := w.finish(ctx); err != nil {
		return false, err
	}
	return true, c.recordService(ctx, u, "add_service_relationship")
}

// known reports whether the partner sells to the customer, or serves it as s says.
func (s Service) known(ctx context.Context, u *op.Unit) (bool, error) {
	all, err := relationship.Between(ctx, u.Tx, s.Partner, s.Customer)
	return slices.ContainsFunc(all, func(r relationship.Relation) bool { return r.Kind.Sells() || r.Kind == s.Kind }), err
}

// snapshot returns what a new relation keeps of an organization as it is now.
func snapshot(ctx context.Context, t *db.Tx, customer id.Tenant) (Customer, error) {
	tenant, err := identity.TenantByID(ctx, t, customer)
	if err != nil {
		return Customer{}, err
	}
	if tenant.Kind != identity.CustomerTenant {
		return Customer{}, refusal.RF09
	}
	end, err := identity.EndOf(ctx, t, customer)
	if err == nil && !end.At.IsZero() {
		err = identity.ErrTenantEnded
	}
	if err != nil {
		return Customer{}, err
	}
	c := Customer{ID: customer, Status: verification.None, OriginalName: tenant.Name, Domain: tenant.DefaultDomain}
	c.Billing.CompanyName, c.Billing.Address.Country = tenant.Name, tenant.Country
	return c, nil
}

func (c Customer) recordService(ctx context.Context, u *op.Unit, operation string) error {
	return u.Record(ctx, op.Record{
		Operation: operation, Resource: "partner_customer_relationship", Tenant: c.Partner, Customer: c.ID, CustomerName: c.OriginalName,
		Data: map[string]string{"Relationship": string(c.Kind)},
	})
}

// FollowDelegation keeps the list of a partner in step with its delegated
// administration: a customer that it administers, and does not sell to, is in the
// list for as long as it does (rule A6). It is called in the transaction in which
// such an administration begins or ends.
func FollowDelegation(ctx context.Context, u *op.Unit, partner, customer id.Tenant) error {
	active, err := gdap.AnyActive(ctx, u, partner, customer)
	if err != nil {
		return err
	}
	if active {
		_, err := Service{partner, customer, relationship.Delegated}.serve(ctx, u)
		return err
	}
	known, err := relationship.Between(ctx, u.Tx, partner, customer)
	if err != nil {
		return err
	}
	for _, r := range known {
		if r.Kind == relationship.Delegated {
			return endService(ctx, u, r)
		}
	}
	return nil
}

// endService removes a relation that does not sell, and tells the partner's log.
func endService(ctx context.Context, u *op.Unit, r relationship.Relation) error {
	if err := dropRow(ctx, u, r); err != nil {
		return err
	}
	c := Customer{Partner: r.Partner, ID: r.Customer, Kind: r.Kind, OriginalName: r.OriginalName}
	return c.recordService(ctx, u, "remove_service_relationship")
}

// outgrow removes what a partner had with a customer before it began to sell to
// it: the reseller relationship stands in its place.
func outgrow(ctx context.Context, u *op.Unit, partner, customer id.Tenant) error {
	known, err := relationship.Between(ctx, u.Tx, partner, customer)
	if err != nil {
		return err
	}
	for _, r := range known {
		if r.Kind.Sells() {
			continue
		}
		if err := endService(ctx, u, r); err != nil {
			return err
		}
	}
	return nil
}
