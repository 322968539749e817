// Package gdap is granular delegated administration (rules.md, section f): what
// roles of a customer's directory a partner holds, for how long, and which of
// the partner's security groups may use them. A relation as reseller gives none
// of them (rule E31).
package gdap

import (
	"context"
	"fmt"
	"math/rand/v2"

	"comptoir/internal/id"
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

// OpenDefault makes the default relationship of partner with a customer that
// was just added, called customerName (rules F12, F13). It is active at once and
// no group has a role of it yet. provider is set when partner is the reseller for
// whom that provider added the customer: then it holds the smaller set of a
// reseller.
func OpenDefault(ctx context.Context, u *op.Unit, partner, customer, provider id.Tenant, customerName string) error {
	roles := sellerSet
	if provider != "" {
		roles = resellerSet
	}
	r := Relationship{
		ID: u.NewID() + "-" + u.NewID(), Partner: partner, Customer: customer, CustomerName: customerName, Name: defaultName(partner, customer),
		Source: Default, Status: Active, Roles: roles, Duration: formatDays(maxDays), AutoExtend: Extension, Provider: provider, Version: 1,
		CreatedAt: u.Now, ChangedAt: u.Now, ActivatedAt: u.Now, EndsAt: u.Now.Add(maxDays * day),
	}
	r.nextAt = r.next(u.Now)
	return r.insert(ctx, u)
}

// defaultName returns the name of a default relationship (rule F12). Of both
// ids it takes the end, which is random where the beginning is a time.
func defaultName(partner, customer id.Tenant) string {
	tail := func(t id.Tenant) string { return string(t[max(0, len(t)-8):]) }
	return fmt.Sprintf("%s%s_%s_%08d", defaultNamePrefix, tail(partner), tail(customer), rand.N(100_000_000)) //nolint:gosec // a name, no secret
}
