package verification

import (
	"context"
	"fmt"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/job"
	"comptoir/internal/op"
)

// overdueBatch is how many cases one step marks; others need not wait long for it.
const overdueBatch = 200

var (
	// Only open cases are in the index that this reads.
	fallenDue = db.SQL(`SELECT ` + caseColumns + ` FROM verification_cases v
		WHERE v.decided_at = 0 AND (v.due_at, v.id) > ($1, $2) AND v.due_at < $3 AND v.overdue_at = 0 AND v.paused_at = 0
		ORDER BY v.due_at, v.id LIMIT $4`)
	markOverdue = db.SQL(`UPDATE verification_cases SET overdue_at = $4 WHERE partner_id = $1 AND customer_id = $2 AND id = $3`)
)

// Marks cases that are past their due time, and tells of each once (rule C26).
// The second kind is for a sandbox, whose travelling clock stops only for what
// must not be missed: there a case falls due among what happens on that day.
var (
	_ = job.DefineLong("verification.overdue", job.Options{Next: job.Every(10 * time.Minute)}, markAll)
	_ = job.DefineLong("verification.overdue.travelling", job.Options{Next: job.Every(6 * time.Hour), CatchUp: true}, markAll)
)

func markAll(ctx context.Context, l *job.Long, _ struct{}) error {
	var last Case
	var marked int
	for {
		var cases []Case
		err := l.Step(ctx, nil, func(ctx context.Context, u *op.Unit) (err error) {
			cases, err = queryCases(ctx, u.Tx, fallenDue, db.Micros(last.DueAt), last.ID, db.Micros(u.Now), overdueBatch)
			for i := 0; err == nil && i < len(cases); i++ {
				err = cases[i].fallDue(ctx, u)
			}
			return err
		})
		if err != nil {
			return err
		}
		marked += len(cases)
		if len(cases) < overdueBatch {
			l.Result = fmt.Sprintf("%d cases overdue", marked)
			return nil
		}
		last = cases[len(cases)-1]
	}
}

// fallDue marks c and tells of it.
func (c Case) fallDue(ctx context.Context, u *op.Unit) error {
	if _, err := u.Exec(ctx, markOverdue, c.Partner, c.Customer, c.ID, db.Micros(u.Now)); err != nil {
		return err
	}
	if err := c.enter(ctx, u, FellDue, ""); err != nil {
		return err
	}
	return c.emit(ctx, u, "verification-overdue")
}
