package agreement

import (
	"context"
	"slices"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/relationship"
)

// Refusals of direct acceptance.
var (
	// ErrNoPartner refuses a customer to whom nobody sells anything.
	ErrNoPartner = fault.New(fault.Conflict, "1003", "agreement.no_partner")
	// ErrAskPartner refuses a customer that has to ask a partner to attest (rule
	// AG9); argument Partners.
	ErrAskPartner = fault.New(fault.Conflict, "1003", "agreement.ask_partner")
	// ErrAccepted refuses a second acceptance of the same version.
	ErrAccepted = fault.New(fault.Conflict, "1003", "agreement.accepted")
	// ErrNewer refuses the acceptance of a version that is no longer the current one.
	ErrNewer = fault.New(fault.Conflict, "1003", "agreement.newer")
	// ErrTick refuses an acceptance without the tick that says so.
	ErrTick = fault.New(fault.Invalid, "27002", "agreement.tick")
)

// Own is what a customer sees of its own agreement (portal K-5).
type Own struct {
	Standing   Standing
	Agreements []Agreement // oldest first
	Versions   Versions    // of the customer's country, with their languages
	// Partners are those who sell to the customer, by their tenants.
	Partners map[id.Tenant]string
	// Obstacle says why the customer cannot accept, nil when it can.
	Obstacle error
}

// ShowOwn returns where the actor's own organisation, a customer, stands with
// the agreement: where its partners differ, with the one that may do least.
var ShowOwn = op.Define(op.Spec{Name: "own.agreement.show", Action: "own.agreement.accept"},
	func(ctx context.Context, u *op.Unit, _ struct{}) (Own, error) {
		o, _, err := readOwn(ctx, u)
		if err != nil {
			return Own{}, err
		}
		return o, o.Versions.readLanguages(ctx, u.Tx)
	})

// Acceptance is the input of Accept. Rank is that of the version that the person
// has read; Agreed is his tick.
type Acceptance struct {
	Rank   int64
	Agreed bool
}

// Accept records that the actor's own organisation, a customer, accepts the
// customer agreement (rules AG2, AG5). It counts for the orders of all of its
// partners, who hear of it. A person without a second factor is refused with
// identity.ErrFactorToAccept; beside that the refusals of this file.
var Accept = op.Define(op.Spec{Action: "own.agreement.accept", Write: true},
	func(ctx context.Context, u *op.Unit, in Acceptance) (Agreement, error) {
		o, sellers, err := readOwn(ctx, u)
		switch {
		case err != nil:
			return Agreement{}, err
		case o.Obstacle != nil:
			return Agreement{}, o.Obstacle
		case !in.Agreed:
			return Agreement{}, ErrTick.On("agreed")
		case in.Rank != o.Standing.Current.Rank:
			return Agreement{}, ErrNewer
		}
		if err := identity.ProvedFactor(u); err != nil {
			return Agreement{}, err
		}
		return acceptFor(ctx, u, sellers, o)
	})

// readOwn reads what the actor's organisation sees, and its relations with those
// who sell to it.
func readOwn(ctx context.Context, u *op.Unit) (Own, []relationship.Relation, error) {
	tenant := u.Actor.Tenant
	t, err := identity.TenantByID(ctx, u.Tx, tenant)
	if err != nil {
		return Own{}, nil, err
	}
	all, err := ReadVersions(ctx, u.Tx)
	if err != nil {
		return Own{}, nil, err
	}
	o := Own{Versions: all.Line(t.Country), Partners: map[id.Tenant]string{}}
	if o.Agreements, err = allOf(ctx, u.Tx, tenant); err != nil {
		return Own{}, nil, err
	}
	relations, err := relationship.Of(ctx, u.Tx, tenant)
	if err != nil {
		return Own{}, nil, err
	}
	sellers := slices.DeleteFunc(relations, func(r relationship.Relation) bool { return r.Kind != relationship.Reseller })
	for _, r := range sellers {
		p, _, err := identity.PartnerOf(ctx, u.Tx, r.Partner)
		if err != nil {
			return Own{}, nil, err
		}
		o.Partners[r.Partner] = p.Name
	}
	o.judge(u, sellers)
	return o, sellers, nil
}

// judge sets standing and obstacle of o. A customer with several partners of
// whom one already confirmed an acceptance buys through that one; it cannot say
// here for which of the others it accepts, so that these attest (rule AG9).
func (o *Own) judge(u *op.Unit, sellers []relationship.Relation) {
	o.Standing = StandingOf(o.Versions, o.counting(""), u.Now)
	var unconfirmed []string
	attested := false
	for i, r := range sellers {
		s := StandingOf(o.Versions, o.counting(r.Partner), u.Now)
		if i == 0 || s.State < o.Standing.State {
			o.Standing = s
		}
		if s.State != Confirmed {
			unconfirmed = append(unconfirmed, o.Partners[r.Partner])
		}
		attested = attested || slices.ContainsFunc(o.Agreements, func(a Agreement) bool { return a.Partner == r.Partner })
	}
	slices.Sort(unconfirmed)
	current := o.Standing.Current.Rank
	switch {
	case len(sellers) == 0:
		o.Obstacle = ErrNoPartner
	case slices.ContainsFunc(o.Agreements, func(a Agreement) bool { return a.Method == Direct && a.Rank == current }):
		o.Obstacle = ErrAccepted
	case len(sellers) > 1 && attested && len(unconfirmed) > 0:
		o.Obstacle = ErrAskPartner.With("Partners", unconfirmed)
	}
}

// counting returns the confirmations that count for a partner.
func (o *Own) counting(partner id.Tenant) []Agreement {
	var all []Agreement
	for _, a := range o.Agreements {
		if a.Method == Direct || a.Partner == partner {
			all = append(all, a)
		}
	}
	return all
}

// acceptFor records the acceptance by the actor, in the log of his organisation
// and in those of all who sell to it.
func acceptFor(ctx context.Context, u *op.Unit, sellers []relationship.Relation, o Own) (Agreement, error) {
	tenant := u.Actor.Tenant
	n, err := identity.UserByID(ctx, u.Tx, tenant, u.Actor.User)
	if err != nil {
		return Agreement{}, err
	}
	v := o.Standing.Current
	made, err := keep(ctx, u, Agreement{
		Partner: tenant, Customer: tenant, Method: Direct, Rank: v.Rank, Person: personOf(n), AgreedAt: u.Now,
	})
	if err != nil {
		return Agreement{}, err
	}
	t, err := identity.TenantByID(ctx, u.Tx, tenant)
	if err != nil {
		return Agreement{}, err
	}
	if err := made.log(ctx, u, tenant, t.Name); err != nil {
		return Agreement{}, err
	}
	for _, r := range sellers {
		if err := made.log(ctx, u, r.Partner, r.OriginalName); err != nil {
			return Agreement{}, err
		}
		err := u.Emit(ctx, op.Event{
			Name: EventAccepted, Tenant: r.Partner, Customer: tenant, Resource: resource(tenant), Payload: Notice{
				Agreement: made.ID, Version: v.Label, PartnerName: o.Partners[r.Partner], CustomerName: r.OriginalName,
				Person: made.Person, AgreedAt: made.AgreedAt,
			},
		})
		if err != nil {
			return Agreement{}, err
		}
	}
	return made, nil
}

// personOf returns a person of the customer as a confirmation names him.
func personOf(n identity.User) Person {
	p := Person{FirstName: n.FirstName, LastName: n.LastName, Email: n.Email}
	if p.Name() == "" {
		p.LastName = n.DisplayName
	}
	if p.Email == "" {
		p.Email = n.Name
	}
	return p
}

var (
	forget       = db.SQL(`DELETE FROM agreements WHERE customer_id = $1`)
	forgetRounds = db.SQL(`DELETE FROM agreement_round_rows WHERE customer_id = $1`)
)

// Forget removes what is known of a customer that is deleted (rule C40).
func Forget(ctx context.Context, u *op.Unit, customer id.Tenant) error {
	if _, err := u.Exec(ctx, forgetRounds, customer); err != nil {
		return err
	}
	_, err := u.Exec(ctx, forget, customer)
	return err
}
