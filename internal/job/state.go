package job

import (
	"context"
	"time"

	"comptoir/internal/db"
)

var readState = db.SQL(`SELECT state FROM jobs WHERE id = $1`)

var readNext = db.SQL(`SELECT run_at FROM jobs WHERE id = $1 AND state = 'queued'`)

// NextTry returns when a job is tried the next time, the zero time for one that
// does not wait.
func NextTry(ctx context.Context, t *db.Tx, job string) (time.Time, error) {
	var at int64
	_, err := t.Found(ctx, readNext, []any{job}, &at)
	return db.Time(at), err
}

// StateOf returns the state of a job, for the feature that left it behind. The
// second result is false when the job has been cleared away.
func StateOf(ctx context.Context, t *db.Tx, job string) (State, bool, error) {
	var s State
	found, err := t.Found(ctx, readState, []any{job}, &s)
	return s, found, err
}

// Find returns a job, for the feature that left it behind. The second result is
// false when the job has been cleared away.
func Find(ctx context.Context, t *db.Tx, job string) (Job, bool, error) {
	jobs, err := read(t.Query(ctx, showJob, job))
	if err != nil || len(jobs) == 0 {
		return Job{}, false, err
	}
	return jobs[0], true, nil
}
