package identity

import (
	"context"

	"comptoir/internal/op"
)

// OwnPartner returns the enrolment of the actor's own organisation: its types,
// market, status and partner agreement (rules A2, A7, A8). It refuses the people
// of customers and of the operator with ErrPartnerNotEnrolled.
var OwnPartner = op.Define(op.Spec{Name: "profile.partner", Action: "profile.update"},
	func(ctx context.Context, u *op.Unit, _ struct{}) (Partner, error) {
		p, found, err := PartnerOf(ctx, u.Tx, u.Actor.Tenant)
		if err == nil && !found {
			err = ErrPartnerNotEnrolled
		}
		return p, err
	})

// OwnDomains lists the domains of the actor's own organisation by name.
var OwnDomains = op.Define(op.Spec{Name: "profile.domains", Action: "profile.update"},
	func(ctx context.Context, u *op.Unit, _ struct{}) ([]Domain, error) {
		return Domains(ctx, u.Tx, u.Actor.Tenant)
	})
