package identity

import (
	"context"
	"slices"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/op"
)

// VettingStep is something that the operator looks at before a partner may do
// business (portal V-4).
type VettingStep string

// The steps, in their order.
const (
	VettingEmail      VettingStep = "email"         // the address of the contact is its own
	VettingEmployment VettingStep = "employment"    // the contact may speak for the organisation
	VettingBusiness   VettingStep = "business"      // the organisation exists as it says
	VettingDiligence  VettingStep = "due_diligence" // nothing speaks against doing business with it
)

// VettingSteps returns all steps in their order.
func VettingSteps() []VettingStep {
	return []VettingStep{VettingEmail, VettingEmployment, VettingBusiness, VettingDiligence}
}

// VettingState is where a step stands.
type VettingState string

// The states of a step.
const (
	VettingPending  VettingState = "pending"
	VettingAccepted VettingState = "accepted"
	VettingRejected VettingState = "rejected"
)

// VettingStates returns all states of a step.
func VettingStates() []VettingState {
	return []VettingState{VettingPending, VettingAccepted, VettingRejected}
}

// Vetted is a step with where it stands. ChangedAt is zero for one that nobody
// has touched.
type Vetted struct {
	Step      VettingStep
	State     VettingState
	Note      string // the operator's own; the partner does not see it
	ChangedBy string // user name
	ChangedAt time.Time
}

// Refusals about vetting.
var (
	ErrVetting = fault.New(fault.Invalid, "27002", "identity.partner.vetting")
	// ErrNotVetted refuses to open a partner whose vetting is not finished.
	ErrNotVetted = fault.New(fault.Conflict, "900149", "identity.partner.not_vetted")
)

var (
	vettingOf  = db.SQL(`SELECT step, state, note, changed_by, changed_at FROM partner_vetting WHERE tenant_id = $1`)
	putVetting = db.SQL(`INSERT INTO partner_vetting (tenant_id, step, state, note, changed_by, changed_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (tenant_id, step) DO UPDATE SET state = excluded.state, note = excluded.note, changed_by = excluded.changed_by,
		changed_at = excluded.changed_at`)
)

// vetting returns all steps of a partner in their order.
func vetting(ctx context.Context, t *db.Tx, tenant id.Tenant) ([]Vetted, error) {
	steps := make([]Vetted, 0, len(VettingSteps()))
	for _, step := range VettingSteps() {
		steps = append(steps, Vetted{Step: step, State: VettingPending})
	}
	rows, err := t.Query(ctx, vettingOf, tenant)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var v Vetted
		var changed int64
		if err := rows.Scan(&v.Step, &v.State, &v.Note, &v.ChangedBy, &changed); err != nil {
			return nil, err
		}
		v.ChangedAt = db.Time(changed)
		if i := slices.Index(VettingSteps(), v.Step); i >= 0 {
			steps[i] = v
		}
	}
	return steps, rows.Err()
}

// notVetted refuses p while a step is not accepted.
func notVetted(ctx context.Context, t *db.Tx, p Partner) error {
	steps, err := vetting(ctx, t, p.Tenant)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(steps, func(v Vetted) bool { return v.State != VettingAccepted }) {
		return ErrNotVetted.On("status")
	}
	return nil
}

// Vetting is the input of VetPartner.
type Vetting struct {
	Tenant id.Tenant
	Step   VettingStep
	State  VettingState
	Note   string
}

// VetPartner notes where a step of a partner's vetting stands (V-4). It decides
// nothing about the partner's status.
var VetPartner = op.Define(op.Spec{Name: "partner.vet", Action: "partner.enrol", Write: true},
	func(ctx context.Context, u *op.Unit, in Vetting) (Vetted, error) {
		p, found, err := PartnerOf(ctx, u.Tx, in.Tenant)
		switch {
		case err != nil:
			return Vetted{}, err
		case !found:
			return Vetted{}, ErrTenantUnknown
		case p.Status == PartnerClosed:
			return Vetted{}, ErrPartnerClosed
		case !slices.Contains(VettingSteps(), in.Step) || !slices.Contains(VettingStates(), in.State):
			return Vetted{}, ErrVetting.On("state")
		}
		steps, err := vetting(ctx, u.Tx, in.Tenant)
		if err != nil {
			return Vetted{}, err
		}
		old := steps[slices.Index(VettingSteps(), in.Step)]
		now := Vetted{Step: in.Step, State: in.State, Note: cut(in.Note, causeMax), ChangedBy: u.Actor.UserName, ChangedAt: u.Now}
		if now.State == old.State && now.Note == old.Note {
			return old, nil
		}
		return now, accept(ctx, u, in.Tenant, old.State, now)
	})

// accept writes a step and leaves its record, without the note, in the log of the
// partner.
func accept(ctx context.Context, u *op.Unit, tenant id.Tenant, old VettingState, now Vetted) error {
	if _, err := u.Exec(ctx, putVetting, tenant, now.Step, now.State, now.Note, now.ChangedBy, db.Micros(now.ChangedAt)); err != nil {
		return err
	}
	return u.Record(ctx, op.Record{
		Operation: "vet_partner", Resource: "partner", Tenant: tenant, Old: old, New: now.State, Data: map[string]string{"step": string(now.Step)},
	})
}
