package identity

import (
	"context"
	"slices"

	"comptoir/internal/db"
	"comptoir/internal/op"
)

// Standing is where the vetting of a partner as a whole stands.
type Standing struct {
	State VettingState
	// Step is the one that is rejected or comes next; "" when all is well, or when
	// the operator decided about the partner without a step.
	Step VettingStep
}

// VettingStanding returns where the vetting of p stands. A partner that the
// operator let in is accepted, whatever steps it skipped, until a step is opened
// again.
func VettingStanding(ctx context.Context, t *db.Tx, p Partner) (Standing, error) {
	steps, err := vetting(ctx, t, p.Tenant)
	if err != nil {
		return Standing{}, err
	}
	first := func(which func(Vetted) bool) Standing {
		i := slices.IndexFunc(steps, which)
		if i < 0 {
			return Standing{}
		}
		return Standing{steps[i].State, steps[i].Step}
	}
	if s := first(func(v Vetted) bool { return v.State == VettingRejected }); s.Step != "" || p.Status == PartnerRejected {
		return Standing{VettingRejected, s.Step}, nil
	}
	open := p.Status == PartnerPending
	if s := first(func(v Vetted) bool { return v.State == VettingPending && (open || !v.ChangedAt.IsZero()) }); s.Step != "" || open {
		return Standing{VettingPending, s.Step}, nil
	}
	return Standing{State: VettingAccepted}, nil
}

// ReopenVetting has a step of the vetting of p looked at again, in the transaction
// of u: what it was accepted for has changed.
func ReopenVetting(ctx context.Context, u *op.Unit, p Partner, step VettingStep) error {
	steps, err := vetting(ctx, u.Tx, p.Tenant)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(steps, func(v Vetted) bool { return v.Step == step })
	if steps[i].State == VettingPending && !steps[i].ChangedAt.IsZero() {
		return nil
	}
	return accept(ctx, u, p.Tenant, steps[i].State, Vetted{Step: step, State: VettingPending, ChangedBy: u.Actor.UserName, ChangedAt: u.Now})
}
