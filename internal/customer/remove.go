package customer

import (
	"context"

	"comptoir/internal/fault"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
	"comptoir/internal/verification"
)

// Removal is the input of Remove. Statement is nil only over REST, whose contract
// has no place for it; everywhere else Typed is the original name of the customer,
// typed to confirm (rule E24).
type Removal struct {
	ID        id.Tenant
	Statement *relationship.Statement
	Typed     string
}

// ConcernsCustomer implements op.Concerning.
func (in Removal) ConcernsCustomer() id.Tenant { return in.ID }

// ErrTypedName refuses a removal whose confirmation is not the name of the
// customer; argument Name.
var ErrTypedName = fault.New(fault.Invalid, "3000", "partnership.remove.typed")

// Obstacle is something of a customer that is still running with a partner and
// keeps their relation from ending (rule E23).
type Obstacle struct {
	// Said says what it is and what to do about it.
	Said *fault.Error
	// Part is the part of the customer's record where that is done, as the portal
	// calls it in addresses: "subscriptions", "orders".
	Part string
}

type obstructing = func(ctx context.Context, u *op.Unit, partner, customer id.Tenant) ([]Obstacle, error)

// obstructions are what other features have running.
var obstructions []obstructing

// OnRemove has all asked what keeps the relation of a partner with a customer from
// ending. It is for the start of the program; a second call takes the place of the
// first.
func OnRemove(all ...obstructing) { obstructions = all }

// ObstaclesTo returns what keeps the relation of a partner with a customer from
// ending, nil for nothing.
func ObstaclesTo(ctx context.Context, u *op.Unit, partner, customer id.Tenant) ([]Obstacle, error) {
	var all []Obstacle
	for _, f := range obstructions {
		found, err := f(ctx, u, partner, customer)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// ListObstacles returns what keeps the relation of the actor's organization with a
// customer from ending (rule E23).
var ListObstacles = op.Define(op.Spec{Name: "customer.remove.obstacles", Action: "relationship.remove"},
	func(ctx context.Context, u *op.Unit, in Ref) ([]Obstacle, error) {
		if _, err := find(ctx, u.Tx, u.Actor.Tenant, in.ID); err != nil {
			return nil, err
		}
		return ObstaclesTo(ctx, u, u.Actor.Tenant, in.ID)
	})

// Remove ends the relation of the actor's organization with a customer (rules
// E22 to E28, C40): the customer leaves its list at once, all its delegated
// administration ends, and what it kept about the customer goes. The customer
// itself, agreements and the log stay. So do the relations of others: those of the
// resellers of a provider, and what a provider noted about a reseller that leaves.
// The customer is not told (rule E27), and the people of the organization only in
// the portal (N5). The statement of rule E25 is kept in the log.
//
// It refuses a customer of somebody else with refusal.NotFound, what is still
// running with RF-27, or RF-05 for an indirect reseller, followed by every
// obstacle, a missing statement with relationship.ErrNotStated and another name
// than that of the customer with ErrTypedName.
var Remove = op.Define(op.Spec{Name: "customer.remove", Action: "relationship.remove", Write: true},
	func(ctx context.Context, u *op.Unit, in Removal) (struct{}, error) {
		c, err := find(ctx, u.Tx, u.Actor.Tenant, in.ID)
		if err != nil {
			return struct{}{}, err
		}
		obstacles, err := ObstaclesTo(ctx, u, c.Partner, c.ID)
		if err != nil {
			return struct{}{}, err
		}
		if err := refuseFor(obstacles, c.Kind); err != nil {
			return struct{}{}, err
		}
		if err := in.state(ctx, u, c); err != nil {
			return struct{}{}, err
		}
		_, err = End(ctx, u, c.Partner, c.ID)
		return struct{}{}, err
	})

// refuseFor says what has to be done before a relation of kind can end.
func refuseFor(obstacles []Obstacle, kind relationship.Kind) error {
	if len(obstacles) == 0 {
		return nil
	}
	l := fault.List{refusal.RF27}
	if kind == relationship.IndirectReseller {
		l[0] = refusal.RF05
	}
	for _, o := range obstacles {
		l.Add(o.Said)
	}
	return l
}

// state checks and keeps the statement with which the relation with c is ended.
func (in Removal) state(ctx context.Context, u *op.Unit, c Customer) error {
	if in.Statement == nil && u.Actor.Channel == op.ViaREST {
		return nil
	}
	var s relationship.Statement
	if in.Statement != nil {
		s = *in.Statement
	}
	var faults fault.List
	for _, e := range fault.All(s.Check()) {
		faults.Add(e)
	}
	if naming.Key(in.Typed) != naming.Key(c.OriginalName) {
		faults.Add(ErrTypedName.On("typed").With("Name", c.OriginalName))
	}
	if err := faults.Err(); err != nil {
		return err
	}
	return s.Keep(ctx, u, op.Record{Resource: "partner_customer_relationship", Customer: c.ID, CustomerName: c.OriginalName})
}

// End ends all relations of partner with a customer in the unit of u, with their
// delegated administration, whatever is still running (see ObstaclesTo). It tells the
// log and the people of the partner, and nobody else: the delegated relationships
// that it ended are returned for whoever has to announce them.
func End(ctx context.Context, u *op.Unit, partner, customer id.Tenant) ([]gdap.Relationship, error) {
	c, err := find(ctx, u.Tx, partner, customer)
	if err != nil {
		return nil, err
	}
	relations, err := relationship.Between(ctx, u.Tx, partner, customer)
	if err != nil {
		return nil, err
	}
	if err := verification.Close(ctx, u, verification.Account{Partner: partner, Customer: customer}); err != nil {
		return nil, err
	}
	for _, r := range relations {
		if err := endRelation(ctx, u, r); err != nil {
			return nil, err
		}
	}
	// The resellers of a provider keep their relations, but no account is behind them.
	if err := relationship.ShareStatus(ctx, u, partner, customer, string(verification.None), u.Now); err != nil {
		return nil, err
	}
	ended, err := gdap.EndAll(ctx, u, partner, customer)
	if err != nil {
		return nil, err
	}
	err = u.Record(ctx, op.Record{
		Operation: "remove_partner_customer_relationship", Resource: "partner_customer_relationship",
		Tenant: partner, Customer: c.ID, CustomerName: c.OriginalName, Old: c.logged(),
	})
	if err != nil {
		return nil, err
	}
	return ended, u.Emit(ctx, op.Event{Name: "relationship-removed", Tenant: partner, Customer: c.ID, Resource: "/v1/customers/" + string(c.ID)})
}

// endRelation ends one relation, which the customer goes on seeing as ended.
func endRelation(ctx context.Context, u *op.Unit, r relationship.Relation) error {
	c, err := findKind(ctx, u.Tx, r.Partner, r.Customer, r.Kind)
	if err != nil {
		return err
	}
	if err := relationship.KeepEnded(ctx, u, r, c.CreatedAt); err != nil {
		return err
	}
	return dropRelation(ctx, u, r)
}

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
