package invitation

import (
	"context"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

// The actions of the two rights that an answer takes: the second one where admin
// roles are asked for.
const (
	answers     policy.Action = "own.invitation.answer"
	grantsRoles policy.Action = "own.gdap.decide"
)

// Answerers returns the people of the actor's own organization, a customer, who may
// accept the invitation of a link: to whom somebody else forwards it (RF-25). Of a
// link that leads nowhere they are those who may accept any.
var Answerers = op.Define(op.Spec{Name: "own.invitation.answerers", Action: "own.invitation.forward"},
	func(ctx context.Context, u *op.Unit, link string) ([]identity.User, error) {
		p, err := opened(ctx, u, link)
		if err != nil && fault.KindOf(err) == fault.Internal {
			return nil, err
		}
		return p.answerers(ctx, u)
	})

// answerers are the people of the actor's organization who may accept p.
func (p party) answerers(ctx context.Context, u *op.Unit) ([]identity.User, error) {
	roles := u.Holders(answers, true)
	if p.delegated() {
		roles &= u.Holders(grantsRoles, true)
	}
	return identity.Holders(ctx, u.Tx, u.Actor.Tenant, roles)
}

// Waiting is an invitation that waits for the answer of the customer that it names.
type Waiting struct {
	Link    Link
	Partner string // its name
}

var openTo = db.SQL(invitationColumns + ` WHERE customer_id = $1 AND customer_id <> '' AND state = $2 ORDER BY customer_id, id LIMIT 20`)

// ListWaiting returns the invitations that name the actor's own organization, a
// customer, and wait for its answer (portal K-1), the first twenty.
var ListWaiting = op.Define(op.Spec{Name: "own.invitation.list", Action: "own.invitation.answer"},
	func(ctx context.Context, u *op.Unit, _ struct{}) ([]Waiting, error) {
		all, err := db.All(ctx, u.Tx, openTo, []any{u.Actor.Tenant, Open}, scanInvitation)
		if err != nil {
			return nil, err
		}
		var waiting []Waiting
		for _, i := range all {
			p, found, err := identity.PartnerOf(ctx, u.Tx, i.Partner)
			if err != nil {
				return nil, err
			}
			if i.at(u.Now).State != Open || !found {
				continue
			}
			l := ownLink(p)
			l.Provider, l.Token = i.Provider, i.Token
			waiting = append(waiting, Waiting{Link: l, Partner: p.Name})
		}
		return waiting, nil
	})
