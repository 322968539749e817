package notice

import (
	"context"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/op"
)

var (
	moveNotices     = db.SQL(`UPDATE notices SET tenant_id = $2 WHERE tenant_id = $1`)
	movePreferences = db.SQL(`UPDATE notice_preferences SET tenant_id = $2 WHERE tenant_id = $1`)
)

// Move takes the notices and the preferences of people along from one organisation
// into another, in the unit that merges the two.
func Move(ctx context.Context, u *op.Unit, from, into id.Tenant, people []id.User) error {
	for _, s := range []*db.Stmt{moveNotices, movePreferences} {
		if _, err := u.Exec(ctx, s, from, into); err != nil {
			return err
		}
	}
	for _, user := range people {
		unread, err := u.Counted(ctx, from, counter(user))
		if err != nil {
			return err
		}
		if unread == 0 {
			continue
		}
		if err := u.Count(ctx, from, counter(user), -unread); err != nil {
			return err
		}
		if err := u.Count(ctx, into, counter(user), unread); err != nil {
			return err
		}
	}
	return nil
}
