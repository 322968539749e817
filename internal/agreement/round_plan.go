package agreement

import (
	"context"
	"errors"
	"slices"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
	"comptoir/internal/rulebook"
)

// PersonSource says who accepted, for each customer of a round, until the plan is
// corrected.
type PersonSource string

// The sources.
const (
	// LastPerson is who accepted the last time that the partner confirmed it,
	// PrimaryContact who is in the billing information. A customer for whom nothing
	// was confirmed yet has the primary contact either way.
	LastPerson     PersonSource = "last"
	PrimaryContact PersonSource = "contact"
)

// RoundPlan is the input of PlanRound.
type RoundPlan struct {
	Customers []id.Tenant // MaxAttestations at most
	Person    PersonSource
	AgreedAt  time.Time
}

// Refusals about rounds.
var (
	// ErrNobody refuses a round of no customers.
	ErrNobody = fault.New(fault.Invalid, "2000", "agreement.round.nobody")
	// ErrRoundStarted refuses to correct a round that was started.
	ErrRoundStarted = fault.New(fault.Conflict, "1003", "agreement.round.started")
	// ErrNothingReady refuses to start a round of which nothing would be confirmed.
	ErrNothingReady = fault.New(fault.Conflict, "1003", "agreement.round.nothing")
)

// PlanRound plans the attestations of many customers, and says of each of them what
// confirming it would come to; nothing is confirmed yet. A date in the future is
// RF-20; what is wrong about a single customer stands at its row.
var PlanRound = op.Define(op.Spec{Name: "agreement.round.plan", Action: "agreement.attest", Write: true},
	func(ctx context.Context, u *op.Unit, in RoundPlan) (Round, error) {
		switch {
		case u.Setting(partnerAttestation) != "true":
			return Round{}, ErrNoAttestation
		case len(in.Customers) == 0:
			return Round{}, ErrNobody
		case len(in.Customers) > MaxAttestations:
			return Round{}, ErrTooMany.With("Max", MaxAttestations)
		}
		if err := checkDate(in.AgreedAt, u.Now); err != nil {
			return Round{}, err
		}
		j, err := openJudge(ctx, u)
		if err != nil {
			return Round{}, err
		}
		rows := make([]RoundRow, len(in.Customers))
		for i, customer := range in.Customers {
			if rows[i], err = j.plan(ctx, customer, in); err != nil {
				return Round{}, err
			}
		}
		return planRows(ctx, u, rows)
	})

// checkDate refuses a date of acceptance that is missing or in the future (RF-20).
func checkDate(agreed, now time.Time) error {
	switch {
	case agreed.IsZero():
		return errNoDate.On("dateAgreed")
	case !agreed.Before(dayAfter(now)):
		return refusal.RF20.On("dateAgreed")
	}
	return nil
}

// planRows keeps a new round of the actor.
func planRows(ctx context.Context, u *op.Unit, rows []RoundRow) (Round, error) {
	r := Round{Partner: u.Actor.Tenant, ID: u.NewID()}
	if _, err := u.Exec(ctx, insertRound, r.Partner, r.ID, u.Actor.User, u.Actor.UserName, u.Actor.Locale, db.Micros(u.Now)); err != nil {
		return Round{}, err
	}
	for i, row := range rows {
		row.Number = int64(i) + 1
		if err := r.add(ctx, u.Tx, row); err != nil {
			return Round{}, err
		}
	}
	return r.recount(ctx, u.Tx)
}

// PlanAgain plans a new round of what one of the actor's own rounds refused.
var PlanAgain = op.Define(op.Spec{Name: "agreement.round.again", Action: "agreement.attest", Write: true},
	func(ctx context.Context, u *op.Unit, round string) (Round, error) {
		if u.Setting(partnerAttestation) != "true" {
			return Round{}, ErrNoAttestation
		}
		old, err := ownRound(ctx, u, round)
		if err != nil {
			return Round{}, err
		}
		rows, err := rowsOf(ctx, u.Tx, old, RowRefused, 0, MaxAttestations)
		if err != nil {
			return Round{}, err
		}
		if len(rows) == 0 {
			return Round{}, ErrNobody
		}
		j, err := openJudge(ctx, u)
		if err != nil {
			return Round{}, err
		}
		for i := range rows {
			if rows[i], err = j.judge(ctx, rows[i]); err != nil {
				return Round{}, err
			}
		}
		return planRows(ctx, u, rows)
	})

// Correction is the input of CorrectRound: what is said about one customer of a
// plan, or that it is left out.
type Correction struct {
	Round       string
	Number      int64
	Attestation Attestation
	LeaveOut    bool
}

// CorrectRound changes one row of a plan of the actor's own. What is wrong with it
// comes back at "primaryContact.…" and "dateAgreed", as Attest would say it, and
// the row stays as it was; that the same was confirmed before is none (RF-21).
var CorrectRound = op.Define(op.Spec{Name: "agreement.round.correct", Action: "agreement.attest", Write: true},
	func(ctx context.Context, u *op.Unit, in Correction) (Round, error) {
		r, err := ownRound(ctx, u, in.Round)
		if err != nil {
			return Round{}, err
		}
		if r.Stage != RoundPlanned {
			return Round{}, ErrRoundStarted
		}
		if in.LeaveOut {
			if _, err := u.Exec(ctx, dropRow, r.Partner, r.ID, in.Number); err != nil {
				return Round{}, err
			}
			return r.recount(ctx, u.Tx)
		}
		row, err := findRow(ctx, u, r, in.Number)
		if err != nil {
			return Round{}, err
		}
		j, err := openJudge(ctx, u)
		if err != nil {
			return Round{}, err
		}
		checked, faults := in.Attestation.Check("", j.rules, naming.Portal, u.Now)
		if err := faults.Err(); err != nil {
			return Round{}, err
		}
		row.Attestation = checked
		if row, err = j.judge(ctx, row); err != nil {
			return Round{}, err
		}
		if err := r.change(ctx, u.Tx, row); err != nil {
			return Round{}, err
		}
		return r.recount(ctx, u.Tx)
	})

// judge says what confirming customers would come to.
type judge struct {
	u        *op.Unit
	versions Versions
	rules    naming.Rules
}

func openJudge(ctx context.Context, u *op.Unit) (*judge, error) {
	all, err := ReadVersions(ctx, u.Tx)
	return &judge{u, all, rulebook.Names(u.Book(), u.Sandbox)}, err
}

// party is a customer as it is known when a row of a round is judged.
type party struct {
	relation relationship.Relation
	known    []Agreement // what counts for orders, oldest first
	refused  error       // why nothing can be confirmed for the customer, nil otherwise
}

// party returns a customer of the actor's organization.
func (j *judge) party(ctx context.Context, customer id.Tenant) (p party, err error) {
	p.relation, err = resoldTo(ctx, j.u, customer)
	if len(fault.All(err)) > 0 {
		p.refused = err
		return p, nil
	}
	if err != nil {
		return p, err
	}
	p.known, err = Of(ctx, j.u.Tx, p.relation.Partner, customer)
	return p, err
}

// plan returns the row of a customer in a new round.
func (j *judge) plan(ctx context.Context, customer id.Tenant, in RoundPlan) (RoundRow, error) {
	row := RoundRow{Customer: customer, Attestation: Attestation{AgreedAt: in.AgreedAt}}
	p, err := j.party(ctx, customer)
	if err != nil {
		return row, err
	}
	if p.refused == nil {
		if row.Attestation.Person, err = j.person(ctx, p, in.Person); err != nil {
			return row, err
		}
	}
	return j.weigh(row, p)
}

// person returns who accepted for a customer, as a source knows.
func (j *judge) person(ctx context.Context, p party, source PersonSource) (Person, error) {
	if source == LastPerson {
		for _, known := range slices.Backward(p.known) {
			if known.Method == Attested {
				return known.Person, nil
			}
		}
	}
	c, err := relationship.PrimaryContactOf(ctx, j.u.Tx, p.relation)
	return Person{FirstName: c.FirstName, LastName: c.LastName, Email: c.Email}, err
}

// judge returns row with its name and what confirming it would come to.
func (j *judge) judge(ctx context.Context, row RoundRow) (RoundRow, error) {
	p, err := j.party(ctx, row.Customer)
	if err != nil {
		return row, err
	}
	return j.weigh(row, p)
}

// weigh is judge for a row whose customer has been read.
func (j *judge) weigh(row RoundRow, p party) (RoundRow, error) {
	if p.relation.OriginalName != "" {
		row.Name = p.relation.OriginalName
	}
	if p.refused != nil {
		return row.settled(RowReady, p.refused)
	}
	checked, v, err := j.check(row, p.relation)
	if err == nil {
		row.Attestation = checked
		err = repeated(p.known, checked, v)
	}
	return row.settled(RowReady, err)
}

// check returns what row says about the customer of a relation in the form that is
// kept, and the version that it is about.
func (j *judge) check(row RoundRow, r relationship.Relation) (Attestation, Version, error) {
	a, faults := row.Attestation.Check("", j.rules, naming.Portal, j.u.Now)
	return a, j.versions.Line(r.Country).On(a.AgreedAt), faults.Err()
}

// settled returns row with the outcome that err means: none is what is expected.
// An error that is no refusal is returned.
func (row RoundRow) settled(expected RoundOutcome, err error) (RoundRow, error) {
	row.Outcome, row.Fault = expected, nil
	refused := fault.All(err)
	switch {
	case err == nil:
	case errors.Is(err, refusal.RF21):
		row.Outcome = RowKnown
	case len(refused) > 0:
		row.Outcome, row.Fault = RowRefused, refused[0]
	default:
		return row, err
	}
	return row, nil
}
