package notice

import (
	"context"
	"fmt"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/job"
	"comptoir/internal/op"
)

const (
	// keepFor is how long a notice stays.
	keepFor = 365 * 24 * time.Hour
	// batch is how many notices one step deletes.
	batch = 200
)

var (
	oldNotices   = db.SQL(`SELECT tenant_id, user_id, id, unread FROM notices WHERE at < $1 ORDER BY at, tenant_id, user_id, id LIMIT $2`)
	deleteNotice = db.SQL(`DELETE FROM notices WHERE tenant_id = $1 AND user_id = $2 AND id = $3`)
)

// Deletes notices that are a year old.
var _ = job.DefineLong("notice.tidy", job.Options{Next: job.Daily(3, 20)}, func(ctx context.Context, l *job.Long, _ struct{}) error {
	for total := 0; ; {
		var n int
		err := l.Step(ctx, nil, func(ctx context.Context, u *op.Unit) (err error) {
			n, err = forget(ctx, u)
			return err
		})
		total += n
		if err != nil || n < batch {
			l.Result = fmt.Sprintf("%d notices deleted", total)
			return err
		}
	}
})

// old is a notice to forget.
type old struct {
	tenant id.Tenant
	user   id.User
	notice string
	unread bool
}

// forget deletes a batch of old notices and returns how many.
func forget(ctx context.Context, u *op.Unit) (int, error) {
	all, err := readOld(ctx, u)
	if err != nil {
		return 0, err
	}
	for _, o := range all {
		if _, err := u.Exec(ctx, deleteNotice, o.tenant, o.user, o.notice); err != nil {
			return 0, err
		}
		if !o.unread {
			continue
		}
		if err := u.Count(ctx, o.tenant, counter(o.user), -1); err != nil {
			return 0, err
		}
	}
	return len(all), nil
}

func readOld(ctx context.Context, u *op.Unit) ([]old, error) {
	return db.All(ctx, u.Tx, oldNotices, []any{db.Micros(u.Now.Add(-keepFor)), batch}, func(row db.Row) (old, error) {
		var o old
		err := row.Scan(&o.tenant, &o.user, &o.notice, &o.unread)
		return o, err
	})
}
