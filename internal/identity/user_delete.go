package identity

import (
	"context"
	"fmt"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/job"
	"comptoir/internal/op"
)

// RestorableFor is how long a deleted user of a customer can be restored (rule
// J3). The user name stays taken for so long.
const RestorableFor = 30 * 24 * time.Hour

// ErrNotRestorable refuses to restore a user who is not deleted, or whose time
// is over.
var ErrNotRestorable = fault.New(fault.Conflict, "1003", "identity.user.not_restorable")

// DeleteOwnUser deletes an account of a customer: the person is signed out at the
// next request and can be restored for RestorableFor (rules c10 and J3, log
// delete_customer_user). The last administrator stays (rule A13).
var DeleteOwnUser = op.Define(op.Spec{Name: "own.user.delete", Action: "own.user.update", Write: true},
	func(ctx context.Context, u *op.Unit, in UserKey) (User, error) {
		old, err := in.find(ctx, u)
		if err != nil {
			return User{}, err
		}
		n := old
		n.Status, n.DeletedAt, n.WasBlocked = UserDeleted, u.Now, old.Status == UserBlocked
		if err := SaveUser(ctx, u, n); err != nil {
			return User{}, err
		}
		n.Version++
		return n, recordUser(ctx, u, userRemoved, &old, nil)
	})

// RestoreOwnUser brings a deleted account of a customer back as it was: with its
// roles, its groups and its password, and blocked when it was blocked (rule J3,
// log restore_customer_user).
var RestoreOwnUser = op.Define(op.Spec{Name: "own.user.restore", Action: "own.user.update", Write: true},
	func(ctx context.Context, u *op.Unit, in UserKey) (User, error) {
		old, err := in.any(ctx, u)
		if err != nil {
			return User{}, err
		}
		if old.Status != UserDeleted || !u.Now.Before(old.RestorableUntil()) {
			return User{}, ErrNotRestorable
		}
		n := old
		n.Status, n.DeletedAt, n.WasBlocked = UserActive, time.Time{}, false
		if old.WasBlocked {
			n.Status = UserBlocked
		}
		if err := SaveUser(ctx, u, n); err != nil {
			return User{}, err
		}
		n.Version++
		return n, recordUser(ctx, u, userRestored, &old, &n)
	})

// RestorableUntil is when a deleted user is gone for good.
func (n User) RestorableUntil() time.Time { return n.DeletedAt.Add(RestorableFor) }

var usersToPurge = db.SQL(`SELECT tenant_id, id FROM users WHERE deleted_at > 0 AND deleted_at <= $1 ORDER BY deleted_at LIMIT $2`)

// purgedAtOnce is how many deleted users one step removes.
const purgedAtOnce = 200

// Removes for good who was deleted RestorableFor ago; user names are free again
// (rule J3).
var _ = job.DefineLong("identity.users.purge", job.Options{Next: job.Daily(3, 40)}, func(ctx context.Context, l *job.Long, _ struct{}) error {
	for total := 0; ; {
		var n int
		err := l.Step(ctx, nil, func(ctx context.Context, u *op.Unit) (err error) {
			n, err = purgeDeleted(ctx, u)
			return err
		})
		total += n
		if err != nil || n < purgedAtOnce {
			l.Result = fmt.Sprintf("%d users removed", total)
			return err
		}
	}
})

func purgeDeleted(ctx context.Context, u *op.Unit) (int, error) {
	gone, err := deletedBy(ctx, u, u.Now.Add(-RestorableFor))
	if err != nil {
		return 0, err
	}
	for _, k := range gone {
		if err := PurgeUser(ctx, u, k.Tenant, k.User); err != nil {
			return 0, err
		}
	}
	return len(gone), nil
}

// deletedBy names users who were deleted at a time or before.
func deletedBy(ctx context.Context, u *op.Unit, at time.Time) ([]UserKey, error) {
	return db.All(ctx, u.Tx, usersToPurge, []any{db.Micros(at), purgedAtOnce}, func(row db.Row) (UserKey, error) {
		var k UserKey
		err := row.Scan(&k.Tenant, &k.User)
		return k, err
	})
}
