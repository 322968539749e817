// Package gdap is granular delegated administration (rules.md, section f): what
// roles of a customer's directory a partner holds, for how long, and which of
// the partner's security groups may use them. A relation as reseller gives none
// of them (rule E31).
package gdap

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
)

// Source says how a relationship came about.
type Source string

// The sources, as the list of admin relationships shows them (P-11).
const (
	Default    Source = "default" // with a new customer (rule F12)
	Request    Source = "request"
	Invitation Source = "invitation"
	ByProvider Source = "provider"
)

// defaultNamePrefix begins the names of default relationships (rule F12).
const defaultNamePrefix = "Default_"

// Opening says between whom a default relationship begins (rules F12, F13).
type Opening struct {
	Partner, Customer id.Tenant
	CustomerName      string
	// Reseller says that the partner is an indirect reseller of the customer: then it
	// holds the smaller set of roles. Provider is through whom, "" when through nobody.
	Reseller bool
	Provider id.Tenant
	// Terms are what an invitation asked for; none is the default set.
	Terms Terms
}

// relationship returns the default relationship of o, on which nothing has happened
// yet.
func (o Opening) relationship(u *op.Unit) Relationship {
	terms := o.Terms
	if len(terms.Roles) == 0 {
		terms = DefaultTerms(o.Reseller)
	}
	return Relationship{
		ID: u.NewID() + "-" + u.NewID(), Partner: o.Partner, Customer: o.Customer, CustomerName: o.CustomerName, Name: defaultName(o.Partner, o.Customer),
		Roles: terms.Roles, Duration: terms.Duration, AutoExtend: terms.AutoExtend, Provider: o.Provider, Version: 1, CreatedAt: u.Now, ChangedAt: u.Now,
	}
}

// OpenDefault makes the default relationship with a customer that was just added
// (rule F12). It is active at once and no group has a role of it yet.
func OpenDefault(ctx context.Context, u *op.Unit, o Opening) error {
	r := o.relationship(u)
	r.Source, r.Status, r.ActivatedAt, r.EndsAt = Default, Active, u.Now, u.Now.Add(maxDays*day)
	r.nextAt = r.next(u.Now)
	return r.insert(ctx, u)
}

// OpenInvited makes the relationship with a customer whose administrator, the actor,
// has just accepted it together with an invitation (rule E17): approved and active,
// told as an approval is (rule F6), and with its roles given to the groups of its
// terms.
func OpenInvited(ctx context.Context, u *op.Unit, o Opening) error {
	r := o.relationship(u)
	r.Source, r.Status, r.LockedAt, r.ApprovedBy = Invitation, ApprovalPending, u.Now, u.Actor.UserName
	if err := r.insert(ctx, u); err != nil {
		return err
	}
	if err := r.pass(ctx, u, Approve); err != nil {
		return err
	}
	return r.assignAll(ctx, u, o.Terms.Groups)
}

// assignAll gives all roles of r to those of groups that are there still.
func (r Relationship) assignAll(ctx context.Context, u *op.Unit, groups []id.Group) error {
	for _, g := range groups {
		_, err := identity.GroupByID(ctx, u.Tx, r.Partner, g)
		if errors.Is(err, identity.ErrGroupUnknown) {
			continue
		}
		if err != nil {
			return err
		}
		if _, err := r.assign(ctx, u, Assignment{Relationship: r.ID, Group: g, Roles: r.Roles}); err != nil {
			return err
		}
	}
	return nil
}

// defaultName returns the name of a default relationship (rule F12). Of both
// ids it takes the end, which is random where the beginning is a time.
func defaultName(partner, customer id.Tenant) string {
	tail := func(t id.Tenant) string { return string(t[max(0, len(t)-8):]) }
	return fmt.Sprintf("%s%s_%s_%08d", defaultNamePrefix, tail(partner), tail(customer), rand.N(100_000_000)) //nolint:gosec // a name, no secret
}
