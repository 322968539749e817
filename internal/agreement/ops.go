package agreement

import (
	"context"

	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
	"comptoir/internal/rulebook"
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
		r, err := relation(ctx, u.Tx, u.Actor.Tenant, in.ID)
		if err != nil {
			return nil, err
		}
		return Of(ctx, u.Tx, r.Seller(), in.ID)
	})

// Account is what a partner sees of a customer's agreement.
type Account struct {
	Standing   Standing
	Agreements []Agreement // oldest first
	Versions   Versions    // of the customer's country, with their languages
}

// Show returns where a customer of the actor's organization stands with the
// agreement (portal P-7).
var Show = op.Define(op.Spec{Name: "agreement.show", Action: "agreement.view"},
	func(ctx context.Context, u *op.Unit, in Customer) (Account, error) {
		r, err := relation(ctx, u.Tx, u.Actor.Tenant, in.ID)
		if err != nil {
			return Account{}, err
		}
		all, err := ReadVersions(ctx, u.Tx)
		if err != nil {
			return Account{}, err
		}
		if err := all.readLanguages(ctx, u.Tx); err != nil {
			return Account{}, err
		}
		a := Account{Versions: all.Line(r.Country)}
		if a.Agreements, err = Of(ctx, u.Tx, r.Seller(), in.ID); err != nil {
			return Account{}, err
		}
		a.Standing = StandingOf(a.Versions, a.Agreements, u.Now)
		return a, nil
	})

// partnerAttestation says whether partners may attest what their customers
// accepted, without a request that the customer answered (api-customers.md, 11.3).
var partnerAttestation = op.DefineSetting(op.Setting{
	Name: "agreement.partnerAttestation", Default: "true", Values: []string{"true", "false"}, Rule: "AG2", Mark: "D",
	Effect: "setting.agreement.partner_attestation",
})

// ErrNoAttestation refuses an attestation where the operator wants customers to
// accept the agreement themselves.
var ErrNoAttestation = fault.New(fault.Forbidden, "2032", "agreement.attestation_off")

// Confirmation is the input of Attest: what the partner says, or the id of a
// request that was accepted.
type Confirmation struct {
	Customer    id.Tenant
	Attestation Attestation
	Request     string
}

// ConcernsCustomer implements op.Concerning.
func (c Confirmation) ConcernsCustomer() id.Tenant { return c.Customer }

// Attest records that a customer of the actor's organization accepted the
// version of the customer agreement that was current on that day (rules AG2,
// AG3, AG8). It answers with all faults of the input at once; a date in the
// future is RF-20, the same person again for the same version RF-21, a
// reseller's attestation RF-04. The customer's contact is told (rule AG7). What a
// request is refused for stands there.
var Attest = op.Define(op.Spec{Action: "agreement.attest", Write: true},
	func(ctx context.Context, u *op.Unit, in Confirmation) (Agreement, error) {
		if in.Request == "" && u.Setting(partnerAttestation) != "true" {
			return Agreement{}, ErrNoAttestation
		}
		r, err := resoldTo(ctx, u, in.Customer)
		if err != nil {
			return Agreement{}, err
		}
		if in.Request != "" {
			return attestRequested(ctx, u, r, in.Request)
		}
		a, faults := in.Attestation.Check("", rulebook.Names(u.Book(), u.Sandbox), channelOf(u), u.Now)
		if err := faults.Err(); err != nil {
			return Agreement{}, err
		}
		return attestAnew(ctx, u, r, a)
	})

// channelOf returns by which edge's rules names are checked.
func channelOf(u *op.Unit) naming.Channel {
	if u.Actor.Channel == op.ViaPortal {
		return naming.Portal
	}
	return naming.REST
}

// attestAnew records a checked attestation about the customer of a relation
// unless the same is known: RF-21.
func attestAnew(ctx context.Context, u *op.Unit, r relationship.Relation, a Attestation) (Agreement, error) {
	all, err := ReadVersions(ctx, u.Tx)
	if err != nil {
		return Agreement{}, err
	}
	return attestOnce(ctx, u, r, a, all.Line(r.Country).On(a.AgreedAt))
}

// attestOnce records an attestation about a version unless the same is known:
// RF-21.
func attestOnce(ctx context.Context, u *op.Unit, r relationship.Relation, a Attestation, v Version) (Agreement, error) {
	known, err := Of(ctx, u.Tx, r.Partner, r.Customer)
	if err != nil {
		return Agreement{}, err
	}
	if err := repeated(known, a, v); err != nil {
		return Agreement{}, err
	}
	subject, err := about(ctx, u.Tx, r)
	if err != nil {
		return Agreement{}, err
	}
	return attest(ctx, u, subject, a, v)
}

// repeated returns RF-21 when the same was confirmed before.
func repeated(known []Agreement, a Attestation, v Version) error {
	for _, k := range known {
		if k.Method == Attested && k.Rank == v.Rank && k.Person.same(a.Person) {
			return refusal.RF21.With("Date", k.RecordedAt)
		}
	}
	return nil
}

// resoldTo returns the relation with a customer that the actor's organization
// resells to in its own name.
func resoldTo(ctx context.Context, u *op.Unit, customer id.Tenant) (relationship.Relation, error) {
	r, err := relation(ctx, u.Tx, u.Actor.Tenant, customer)
	if err == nil && r.Kind != relationship.Reseller {
		err = refusal.RF04
	}
	return r, err
}
