package partnership

import (
	"context"
	"time"

	"comptoir/internal/fault"
	"comptoir/internal/identity"
	"comptoir/internal/letter"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
)

// EventAccepted tells a provider that a reseller has authorized it (N4).
const EventAccepted = "partnership-accepted"

// Accepted is what EventAccepted tells.
type Accepted struct{ Reseller string }

// Offer is what a partner sees that follows the link of a request (portal P-16).
type Offer struct {
	Provider  identity.Partner
	State     State
	ExpiresAt time.Time
	// Connected says that there is nothing left to authorize.
	Connected bool
	// Obstacle says why the reader's organization cannot authorize it at all, nil when
	// it can: it is no reseller, the provider itself, in another market, or the provider
	// may not take up new business.
	Obstacle error
}

// Look returns what a token offers to the actor's own organization. One that nobody
// made is RF-24.
var Look = op.Define(op.Spec{Name: "partnership.request.look", Action: "partnership.look"},
	func(ctx context.Context, u *op.Unit, token string) (Offer, error) {
		r, p, err := opened(ctx, u, token)
		if err != nil {
			return Offer{}, err
		}
		o := Offer{Provider: p, State: r.State, ExpiresAt: r.ExpiresAt}
		if o.Connected, err = relationship.IsPartner(ctx, u.Tx, p.Tenant, u.Actor.Tenant); err != nil {
			return Offer{}, err
		}
		if _, o.Obstacle = reseller(ctx, u, p); o.Obstacle != nil && fault.KindOf(o.Obstacle) == fault.Internal {
			return Offer{}, o.Obstacle
		}
		return o, nil
	})

// opened reads what a token leads to, with its provider.
func opened(ctx context.Context, u *op.Unit, token string) (Request, identity.Partner, error) {
	if !letter.IsToken(token) {
		return Request{}, identity.Partner{}, refusal.RF24
	}
	r, found, err := find(ctx, u, byToken, token)
	if err != nil || !found {
		if err == nil {
			err = refusal.RF24
		}
		return r, identity.Partner{}, err
	}
	p, found, err := identity.PartnerOf(ctx, u.Tx, r.Provider)
	if err == nil && !found {
		err = refusal.RF24
	}
	return r, p, err
}

// reseller returns the partner of the actor, who must be one with which provider can
// connect (rule E18).
func reseller(ctx context.Context, u *op.Unit, provider identity.Partner) (identity.Partner, error) {
	p, found, err := identity.PartnerOf(ctx, u.Tx, u.Actor.Tenant)
	switch {
	case err != nil:
		return p, err
	case !found:
		return p, identity.ErrPartnerNotEnrolled
	case p.Tenant == provider.Tenant:
		return p, ErrOwn
	case p.Types&policy.IndirectReseller == 0:
		return p, ErrNotReseller
	case p.Market != provider.Market:
		return p, relationship.ErrOtherMarket
	case provider.MaySell() != nil:
		return p, ErrStopped.With("Partner", provider.Name)
	}
	return p, nil
}

// Authorization is the input of Authorize; Agreed is the tick.
type Authorization struct {
	Token  string
	Agreed bool
}

// Authorize makes the actor's organization a reseller of the provider whose request
// the token is of (rules E18, E19): both logs and the Global admins of the provider
// hear of it. It refuses what Look calls an obstacle, a request that is not open any
// more with ErrEnded, partners that are connected with ErrConnected and a missing tick
// with ErrTick.
var Authorize = op.Define(op.Spec{Name: "partnership.request.authorize", Action: "partnership.accept", Write: true},
	func(ctx context.Context, u *op.Unit, in Authorization) (identity.Partner, error) {
		r, p, err := opened(ctx, u, in.Token)
		if err != nil {
			return p, err
		}
		own, err := reseller(ctx, u, p)
		if err != nil {
			return p, err
		}
		connected, err := relationship.IsPartner(ctx, u.Tx, p.Tenant, own.Tenant)
		switch {
		case err != nil:
			return p, err
		case connected:
			return p, ErrConnected.With("Partner", p.Name)
		case !in.Agreed:
			return p, ErrTick.On("agreed")
		}
		r.Reseller, r.Name = own.Tenant, own.Name
		if err := r.end(ctx, u, Authorized); err != nil {
			return p, err
		}
		if err := relationship.Connect(ctx, u, p.Tenant, own.Tenant); err != nil {
			return p, err
		}
		return p, u.Emit(ctx, op.Event{Name: EventAccepted, Tenant: p.Tenant, Resource: "/v1/relationships", Payload: Accepted{Reseller: own.Name}})
	})
