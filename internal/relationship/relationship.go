// Package relationship knows who may act for whom: which partner has which kind
// of relation with which customer, and which reseller works with which provider
// (rules.md, section e). It keeps the part of table customers that says so, and
// the numbers of customers that lists show.
package relationship

import (
	"context"
	"slices"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

// Kind is what a partner is to a customer. A dual partner can have two kinds of
// relation with one customer (rule A2).
type Kind string

// The kinds of relation. Those of a partner that sells come last in the order of
// their names, the one as reseller behind all: that is how the one that counts is
// found among several.
const (
	Reseller         Kind = "reseller"          // sells in its own name: direct partner or provider
	IndirectReseller Kind = "indirect_reseller" // sells through a provider

	// Advisor, and those that follow, are relations of a partner that serves a customer
	// without selling to it (rule A6): it advises it, administers it by delegation, or
	// is the partner of record of what the customer bought elsewhere.
	Advisor         Kind = "advisor"
	Delegated       Kind = "delegated_admin"
	PartnerOfRecord Kind = "digital_partner_of_record"
)

// Kinds returns all kinds.
func Kinds() []Kind {
	return []Kind{Reseller, IndirectReseller, Advisor, Delegated, PartnerOfRecord}
}

// ParseKind returns the kind called s.
func ParseKind(s string) (Kind, bool) {
	k := Kind(s)
	return k, slices.Contains(Kinds(), k)
}

// Sells reports whether a partner with a relation of kind k sells to the customer,
// itself or through a provider. Of the others it sees that they are there, and may
// ask for a reseller relationship (rule A6).
func (k Kind) Sells() bool { return k == Reseller || k == IndirectReseller }

// link returns what k means to policy.
func (k Kind) link() policy.Link {
	switch k {
	case Reseller:
		return policy.LinkReseller
	case IndirectReseller:
		return policy.LinkIndirect
	case Advisor, Delegated, PartnerOfRecord:
		return policy.LinkService
	}
	return 0
}

// Relation is one relation of a partner with a customer, without the profile.
type Relation struct {
	Partner, Customer id.Tenant
	Kind              Kind
	// Number counts the relations of the partner in the order they were made.
	Number int64
	// Status is the verification status (rule C21), "" when there is no record.
	Status       string
	OriginalName string    // snapshot taken when the relation was made (rule C33)
	Country      string    // of the customer
	Reseller     id.Tenant // the indirect reseller, in a provider's relation
	Provider     id.Tenant // the provider, in an indirect reseller's relation
	// Agreed is the rank of the newest version of the customer agreement whose
	// acceptance counts in the relation, 0 for none.
	Agreed int64
}

const relationColumns = `SELECT partner_id, customer_id, kind, number, status, original_name, country, reseller_id, provider_id, agreed FROM customers`

var (
	// The kinds alone stand in the index; they are asked for with every request.
	kindsOfPair         = db.SQL(`SELECT kind FROM customers WHERE partner_id = $1 AND customer_id = $2`)
	relationsOfPair     = db.SQL(relationColumns + ` WHERE partner_id = $1 AND customer_id = $2 ORDER BY kind`)
	relationsOfCustomer = db.SQL(relationColumns + ` WHERE customer_id = $1 ORDER BY customer_id, partner_id, kind`)
)

// Between returns the relations of partner with customer: none, one, or two for
// a dual partner.
func Between(ctx context.Context, t *db.Tx, partner, customer id.Tenant) ([]Relation, error) {
	return relations(ctx, t, relationsOfPair, partner, customer)
}

// Of returns all relations that partners have with customer.
func Of(ctx context.Context, t *db.Tx, customer id.Tenant) ([]Relation, error) {
	return relations(ctx, t, relationsOfCustomer, customer)
}

func relations(ctx context.Context, t *db.Tx, s *db.Stmt, args ...any) ([]Relation, error) {
	return db.All(ctx, t, s, args, func(row db.Row) (Relation, error) {
		var r Relation
		err := row.Scan(&r.Partner, &r.Customer, &r.Kind, &r.Number, &r.Status, &r.OriginalName, &r.Country, &r.Reseller, &r.Provider, &r.Agreed)
		return r, err
	})
}

// Link answers how an actor is connected with a customer, for op.Kernel.
func Link(ctx context.Context, t *db.Tx, a op.Actor, customer id.Tenant) (policy.Link, error) {
	if a.Tenant == "" || customer == "" {
		return 0, nil
	}
	if a.Tenant == customer {
		return policy.LinkOwn, nil
	}
	rows, err := t.Query(ctx, kindsOfPair, a.Tenant, customer)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	var link policy.Link
	for rows.Next() {
		var k Kind
		if err := rows.Scan(&k); err != nil {
			return 0, err
		}
		link |= k.link()
	}
	return link, rows.Err()
}
