package agreement

import (
	"context"
	"errors"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/job"
	"comptoir/internal/op"
)

// roundTask is what the job of a round knows. Everything else stands with the round.
type roundTask struct{ Round string }

// rowsAtOnce is how many rows of a round are recorded in one unit of work.
const rowsAtOnce = 50

// errUnwanted ends the job of a round that was stopped.
var errUnwanted = errors.New("the round was stopped")

// attestRound records a round. A batch and its outcomes are one unit of work, so
// that after a crash it goes on with the rows that have none and records nothing
// twice.
var attestRound = job.DefineLong("agreement.round", job.Options{}, func(ctx context.Context, l *job.Long, in roundTask) error {
	for more := true; more; {
		err := l.Step(ctx, nil, func(ctx context.Context, u *op.Unit) (err error) {
			more, err = attestRows(ctx, u, l, in.Round)
			return err
		})
		if errors.Is(err, errUnwanted) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
})

// attestRows records the next rows of a round, and ends it when there are none, or
// when the operator has meanwhile taken attestation from the partners.
func attestRows(ctx context.Context, u *op.Unit, l *job.Long, round string) (more bool, err error) {
	r, err := findRound(ctx, u.Tx, u.Actor.Tenant, round)
	if err != nil {
		return false, err
	}
	if !r.Stage.Active() {
		return false, errUnwanted
	}
	u.Actor.User, u.Actor.UserName, u.Actor.Locale = r.User, r.UserName, r.locale
	if u.Setting(partnerAttestation) != "true" {
		_, err := r.end(ctx, u, RoundCancelled)
		return false, err
	}
	rows, err := rowsOf(ctx, u.Tx, r, RowReady, 0, rowsAtOnce)
	if err != nil {
		return false, err
	}
	if len(rows) == 0 {
		_, err := r.end(ctx, u, RoundDone)
		return false, err
	}
	if _, err := u.Exec(ctx, runRound, r.Partner, r.ID); err != nil {
		return false, err
	}
	j, err := openJudge(ctx, u)
	if err != nil {
		return false, err
	}
	for _, row := range rows {
		if row, err = j.record(ctx, row); err != nil {
			return false, err
		}
		if err := r.change(ctx, u.Tx, row); err != nil {
			return false, err
		}
	}
	r, err = r.recount(ctx, u.Tx)
	l.Total, l.Done = r.Total, r.Total-r.Ready()
	return true, err
}

// record confirms row and returns it with its outcome. Everything that may refuse
// it is asked before anything is written.
func (j *judge) record(ctx context.Context, row RoundRow) (RoundRow, error) {
	r, err := resoldTo(ctx, j.u, row.Customer)
	if err != nil {
		return row.settled(RowMade, err)
	}
	a, v, err := j.check(row, r)
	if err == nil {
		_, err = attestOnce(ctx, j.u, r, a, v)
	}
	return row.settled(RowMade, err)
}

// How long a plan waits to be started, and how long results can be looked at.
const (
	planTime   = 7 * 24 * time.Hour
	resultTime = 90 * 24 * time.Hour
)

// Removes plans that nobody has started, and rounds of long ago. What is under way
// stays.
var _ = job.DefineLong("agreement.round.tidy", job.Options{Next: job.Daily(3, 40)},
	func(ctx context.Context, l *job.Long, _ struct{}) error {
		now := l.Kernel.Clock.Now()
		if err := removeOld(ctx, l, oldPlans, now.Add(-planTime)); err != nil {
			return err
		}
		return removeOld(ctx, l, oldRounds, now.Add(-resultTime))
	})

// removeOld removes the rounds of a list that were planned before a time. Those of
// a step are found and removed in one unit of work, so that none is started in
// between; a step is small, so that nobody waits for it.
func removeOld(ctx context.Context, l *job.Long, list *db.Stmt, before time.Time) error {
	for removed := true; removed; {
		err := l.Step(ctx, nil, func(ctx context.Context, u *op.Unit) error {
			removed = false
			old, err := endedRounds(ctx, u.Tx, list, before)
			if err != nil {
				return err
			}
			for _, r := range old {
				if err := r.remove(ctx, u); err != nil {
					return err
				}
				removed = true
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// endedRounds returns those of a list that were planned before a time and on which
// no job works.
func endedRounds(ctx context.Context, t *db.Tx, list *db.Stmt, before time.Time) ([]Round, error) {
	all, err := db.All(ctx, t, list, []any{db.Micros(before)}, scanRound)
	if err != nil {
		return nil, err
	}
	var ended []Round
	for _, r := range all {
		if r, err = r.withJob(ctx, t); err != nil {
			return nil, err
		}
		if !r.Stage.Active() {
			ended = append(ended, r)
		}
	}
	return ended, nil
}
