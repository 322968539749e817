package job

import (
	"context"
	"fmt"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/op"
)

const (
	// keepEnded is how long a job that has ended can be looked at.
	keepEnded = 30 * 24 * time.Hour
	// batch is how many rows one step deletes; others need not wait long for it.
	batch = 500
)

// Deletes what nobody asks for any more: first results of repeated requests, and
// jobs that ended long ago.
var _ = DefineLong("housekeeping", Options{Next: Every(time.Hour)},
	func(ctx context.Context, l *Long, _ struct{}) error {
		replays, err := sweep(ctx, l, deleteReplays, op.ReplayTime)
		if err != nil {
			return err
		}
		jobs, err := sweep(ctx, l, deleteEnded, keepEnded)
		l.Result = fmt.Sprintf("%d first results and %d jobs deleted", replays, jobs)
		return err
	})

// sweep runs s, which deletes a batch of what is older than age, until nothing
// is left.
func sweep(ctx context.Context, l *Long, s *db.Stmt, age time.Duration) (total int64, err error) {
	for {
		var n int64
		err := l.Step(ctx, nil, func(ctx context.Context, u *op.Unit) (err error) {
			n, err = u.Exec(ctx, s, db.Micros(u.Now.Add(-age)), batch)
			return err
		})
		total += n
		if err != nil || n < batch {
			return total, err
		}
	}
}
