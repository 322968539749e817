package invitation

import (
	"context"

	"comptoir/internal/db"
	"comptoir/internal/identity"
	"comptoir/internal/op"
)

// Answerers returns the people of the actor's own organization, a customer, who may
// accept an invitation: to whom somebody else forwards the link (RF-25).
var Answerers = op.Define(op.Spec{Name: "own.invitation.answerers", Action: "own.invitation.forward"},
	func(ctx context.Context, u *op.Unit, _ struct{}) ([]identity.User, error) {
		return identity.Holders(ctx, u.Tx, u.Actor.Tenant, u.Holders("own.invitation.answer", true))
	})

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
