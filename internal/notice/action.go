package notice

import (
	"context"

	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/relationship"
)

// ActionKind says what is to be done.
type ActionKind string

// The actions (rules.md, section l, N18; portal P-20).
const (
	SignAgreement  ActionKind = "sign_agreement"  // the partner agreement is not signed (rule A7)
	VerifyPartner  ActionKind = "verify_partner"  // the enrolment is not finished, or limited
	AddressPending ActionKind = "confirm_address" // an address waits for its code
	SecondAdmin    ActionKind = "second_admin"    // one Global admin is one too few (rule A13)
	SecondFactor   ActionKind = "second_factor"
	NotApproved    ActionKind = "not_approved" // customers that need correction
)

// Action is something that waits to be done by a person. It is gone when it is
// done; nobody can put it away.
type Action struct {
	Kind ActionKind
	// Mandatory ones stop something; the others are recommended.
	Mandatory bool
	// Count is how many things it is about, 0 where there is nothing to count.
	Count int64
	// Detail is the status of a partner, or an address.
	Detail string
}

// Actions returns what waits for the actor, mandatory ones first.
var Actions = op.Define(op.Spec{Name: "notice.actions", Action: "notice.view"},
	func(ctx context.Context, u *op.Unit, _ struct{}) ([]Action, error) {
		n, err := identity.UserByID(ctx, u.Tx, u.Actor.Tenant, u.Actor.User)
		if err != nil {
			return nil, err
		}
		var all []Action
		if u.Actor.Kind == policy.Partner {
			if all, err = partnerActions(ctx, u); err != nil {
				return nil, err
			}
		}
		p, err := preferencesOf(ctx, u.Tx, u.Actor.Tenant, u.Actor.User)
		if err != nil {
			return nil, err
		}
		if p.Pending != "" && u.Now.Before(p.ExpiresAt) {
			all = append(all, Action{Kind: AddressPending, Detail: p.Pending})
		}
		if n.Factors == 0 {
			all = append(all, Action{Kind: SecondFactor})
		}
		return all, nil
	})

// partnerActions are about the organisation: what only Global admins can do, and
// what agents can do for its customers.
func partnerActions(ctx context.Context, u *op.Unit) ([]Action, error) {
	var all []Action
	if u.Actor.Roles&policy.GlobalAdmin != 0 {
		partner, found, err := identity.PartnerOf(ctx, u.Tx, u.Actor.Tenant)
		if err != nil {
			return nil, err
		}
		if found && partner.Status != identity.PartnerActive {
			all = append(all, Action{Kind: VerifyPartner, Mandatory: true, Detail: string(partner.Status)})
		}
		if found && partner.MPASignedAt.IsZero() {
			all = append(all, Action{Kind: SignAgreement, Mandatory: true})
		}
		admins, err := identity.Holders(ctx, u.Tx, u.Actor.Tenant, policy.GlobalAdmin)
		if err != nil {
			return nil, err
		}
		if len(admins) == 1 {
			all = append(all, Action{Kind: SecondAdmin})
		}
	}
	if u.Actor.Roles&(policy.AdminAgent|policy.SalesAgent) == 0 {
		return all, nil
	}
	n, err := u.Counted(ctx, u.Actor.Tenant, relationship.ByStatus.Counter("NotAllowed"))
	if n > 0 {
		all = append(all, Action{Kind: NotApproved, Count: n})
	}
	return all, err
}
