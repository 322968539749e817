// Package gdap is granular delegated administration (rules.md, section f): what
// roles of a customer's directory a partner holds, for how long, and which of
// the partner's security groups may use them. A relation as reseller gives none
// of them (rule E31).
package gdap

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/op"
)

// Status is where a relationship stands (rule F3).
type Status string

// The statuses that this package gives or asks for.
const (
	Active Status = "active"
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

// How long default relationships last, by how much they extend themselves, and
// how they are named (rule F12).
const (
	defaultDuration   = "P730D"
	defaultDays       = 730
	defaultExtension  = "P180D"
	defaultNamePrefix = "Default_"
)

var insertDefault = db.SQL(`INSERT INTO gdap_relationships (id, partner_id, customer_id, name, source, status, roles, duration,
	auto_extend, provider_id, consent_due, version, created_at, changed_at, activated_at, ends_at)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, FALSE, 1, $11, $11, $11, $12)`)

// OpenDefault makes the default relationship of partner with a customer that
// was just added (rules F12, F13). It is active at once and no group has a role
// of it yet. provider is set when partner is the reseller for whom that provider
// added the customer: then it holds the smaller set of a reseller.
func OpenDefault(ctx context.Context, u *op.Unit, partner, customer, provider id.Tenant) error {
	set := sellerSetName
	if provider != "" {
		set = resellerSetName
	}
	_, err := u.Exec(ctx, insertDefault, u.NewID()+"-"+u.NewID(), partner, customer, defaultName(partner, customer),
		Default, Active, set, defaultDuration, defaultExtension, provider,
		db.Micros(u.Now), db.Micros(u.Now.Add(defaultDays*24*time.Hour)))
	return err
}

// defaultName returns the name of a default relationship (rule F12). Of both
// ids it takes the end, which is random where the beginning is a time.
func defaultName(partner, customer id.Tenant) string {
	tail := func(t id.Tenant) string { return string(t[max(0, len(t)-8):]) }
	return fmt.Sprintf("%s%s_%s_%08d", defaultNamePrefix, tail(partner), tail(customer), rand.N(100_000_000)) //nolint:gosec // a name, no secret
}
