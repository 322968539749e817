package agreement

import (
	"context"
	"fmt"

	"comptoir/internal/db"
	"comptoir/internal/job"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// ListVersions returns the versions of the customer agreement, for who has to
// collect acceptances of them.
var ListVersions = op.Define(op.Spec{Name: "agreement.versions", Action: "agreement.view"},
	func(ctx context.Context, u *op.Unit, _ struct{}) (Versions, error) { return ReadVersions(ctx, u.Tx) })

// ShowRound returns one of the actor's own rounds.
var ShowRound = op.Define(op.Spec{Name: "agreement.round.show", Action: "agreement.view"},
	func(ctx context.Context, u *op.Unit, round string) (Round, error) {
		r, err := ownRound(ctx, u, round)
		if err != nil {
			return Round{}, err
		}
		return r.withJob(ctx, u.Tx)
	})

// withJob returns r at the stage that its job gives it: one that was cancelled, or
// given up, among the jobs has ended here too.
func (r Round) withJob(ctx context.Context, t *db.Tx) (Round, error) {
	if !r.Stage.Active() {
		return r, nil
	}
	state, found, err := job.StateOf(ctx, t, r.job)
	switch {
	case err != nil:
		return r, err
	case found && state == job.Cancelled:
		r.Stage = RoundCancelled
	case !found || state == job.Failed:
		r.Stage = RoundFailed
	}
	return r, nil
}

// RoundRows asks for rows of one of the actor's own rounds.
type RoundRows struct {
	Round   string
	Outcome RoundOutcome // "" for all
	After   int64        // number of the last one of the page before; 0 for the first page
	Limit   int          // 1 to MaxAttestations; 0 means 50
}

// ListRoundRows returns a page of the rows of one of the actor's own rounds.
var ListRoundRows = op.Define(op.Spec{Name: "agreement.round.rows", Action: "agreement.view"},
	func(ctx context.Context, u *op.Unit, in RoundRows) ([]RoundRow, error) {
		r, err := ownRound(ctx, u, in.Round)
		if err != nil {
			return nil, err
		}
		if in.Limit <= 0 {
			in.Limit = 50
		}
		return rowsOf(ctx, u.Tx, r, in.Outcome, in.After, min(in.Limit, MaxAttestations))
	})

// RowOf names a row of a round.
type RowOf struct {
	Round  string
	Number int64
}

// ShowRoundRow returns one row of one of the actor's own rounds.
var ShowRoundRow = op.Define(op.Spec{Name: "agreement.round.row", Action: "agreement.view"},
	func(ctx context.Context, u *op.Unit, in RowOf) (RoundRow, error) {
		r, err := ownRound(ctx, u, in.Round)
		if err != nil {
			return RoundRow{}, err
		}
		return findRow(ctx, u, r, in.Number)
	})

func findRow(ctx context.Context, u *op.Unit, r Round, number int64) (RoundRow, error) {
	found, err := db.All(ctx, u.Tx, readRow, []any{r.Partner, r.ID, number}, scanRow)
	if err == nil && len(found) == 0 {
		err = refusal.NotFound
	}
	if err != nil {
		return RoundRow{}, err
	}
	return found[0], nil
}

// RoundPage is the input of ListRounds.
type RoundPage struct {
	Before string // id of the last round of the page before; empty for the first
	Limit  int    // 1 to 200; 0 means 50
}

// ListRounds returns the actor's own rounds that were started, newest first.
var ListRounds = op.Define(op.Spec{Name: "agreement.round.list", Action: "job.view"},
	func(ctx context.Context, u *op.Unit, in RoundPage) ([]Round, error) {
		if in.Before == "" {
			in.Before = "g" // sorts after every id
		}
		if in.Limit <= 0 {
			in.Limit = 50
		}
		all, err := db.All(ctx, u.Tx, listRounds, []any{u.Actor.Tenant, u.Actor.User, in.Before, min(in.Limit, 200)}, scanRound)
		for i := 0; i < len(all) && err == nil; i++ {
			all[i], err = all[i].withJob(ctx, u.Tx)
		}
		return all, err
	})

// StartRound has a plan of the actor's own recorded by a job. One that was started
// already is answered as it is, so that it can be sent twice.
var StartRound = op.Define(op.Spec{Name: "agreement.round.start", Action: "agreement.attest", Write: true},
	func(ctx context.Context, u *op.Unit, round string) (Round, error) {
		r, err := ownRound(ctx, u, round)
		switch {
		case err != nil:
			return Round{}, err
		case u.Setting(partnerAttestation) != "true":
			return Round{}, ErrNoAttestation
		case r.Stage != RoundPlanned:
			return r.withJob(ctx, u.Tx)
		}
		// Customers that were deleted meanwhile are in no row any more.
		if r, err = r.recount(ctx, u.Tx); err != nil {
			return Round{}, err
		}
		if r.Ready() == 0 {
			return Round{}, ErrNothingReady
		}
		work, err := attestRound.Enqueue(ctx, u, roundTask{r.ID}, job.Order{})
		if err != nil {
			return Round{}, err
		}
		if _, err := u.Exec(ctx, startRound, r.Partner, r.ID, work, u.Actor.Locale, db.Micros(u.Now)); err != nil {
			return Round{}, err
		}
		if err := r.log(ctx, u, "start_agreement_round"); err != nil {
			return Round{}, err
		}
		return findRound(ctx, u.Tx, r.Partner, r.ID)
	})

// log writes to the log what becomes of r.
func (r Round) log(ctx context.Context, u *op.Unit, operation string) error {
	return u.Record(ctx, op.Record{Operation: operation, Resource: "agreement", Data: map[string]string{
		"Round": r.ID, "Total": fmt.Sprint(r.Total), "Made": fmt.Sprint(r.Made), "Known": fmt.Sprint(r.Known), "Refused": fmt.Sprint(r.Refused),
	}})
}

// EndRound discards a plan of the actor's own, or stops a round that is under way
// behind the rows that are being written. What was confirmed stays, and so does a
// round that has ended already, however it did.
var EndRound = op.Define(op.Spec{Name: "agreement.round.end", Action: "job.cancel", Write: true},
	func(ctx context.Context, u *op.Unit, round string) (Round, error) {
		r, err := ownRound(ctx, u, round)
		if err != nil {
			return Round{}, err
		}
		if r, err = r.withJob(ctx, u.Tx); err != nil {
			return Round{}, err
		}
		switch {
		case r.Stage == RoundPlanned:
			return r, r.remove(ctx, u)
		case !r.Stage.Active():
			return r, nil
		}
		return r.end(ctx, u, RoundCancelled)
	})

// end keeps that r has ended, with its rows as they are now, and logs it.
func (r Round) end(ctx context.Context, u *op.Unit, stage RoundStage) (Round, error) {
	if _, err := u.Exec(ctx, endRound, r.Partner, r.ID, stage, db.Micros(u.Now)); err != nil {
		return Round{}, err
	}
	r, err := r.recount(ctx, u.Tx)
	if err != nil {
		return Round{}, err
	}
	return r, r.log(ctx, u, "end_agreement_round")
}
