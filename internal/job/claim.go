package job

import (
	"context"
	"errors"
	"fmt"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/op"
)

// leaseTime is how long, in real time, a worker holds a job without a sign of
// life. A long job renews its lease several times in it.
const leaseTime = time.Minute

// Why a try ends without its work being wrong.
var (
	errLost      = errors.New("another worker has the job")
	errCancelled = errors.New("the job was cancelled")
)

// claim is a job that a worker holds.
type claim struct {
	id, kind, payload, progress string
	tenant                      id.Tenant
	user                        id.User
	done, total                 int64
	try                         int
	due                         time.Time
	// holder is different for each claim, so that a worker which was taken for
	// dead cannot end what another one, or itself, has started again.
	holder string
}

func (c claim) actor() op.Actor { return op.System(c.tenant, 0, op.ViaJob) }

func (c claim) run() *Run {
	return &Run{ID: c.id, Tenant: c.tenant, User: c.user, Due: c.due, Try: c.try, Done: c.done, Total: c.total}
}

// holds fails unless the job is still held and wanted.
func (c claim) holds(ctx context.Context, t *db.Tx) error {
	var cancelled bool
	found, err := t.Found(ctx, readHeld, []any{c.id, c.holder}, &cancelled)
	switch {
	case err != nil:
		return err
	case !found:
		return errLost
	case cancelled:
		return errCancelled
	}
	return nil
}

// write runs a statement about the held job, which must be held still.
func (c claim) write(ctx context.Context, t *db.Tx, s *db.Stmt, args ...any) error {
	n, err := t.Exec(ctx, s, append([]any{c.id, c.holder}, args...)...)
	if err == nil && n == 0 {
		return errLost
	}
	return err
}

// succeed ends the job in the transaction of its work.
func (c claim) succeed(ctx context.Context, u *op.Unit, k *kind, r *Run) error {
	if *r != *c.run() {
		if err := c.write(ctx, u.Tx, saveResult, r.Result, r.Done, r.Total); err != nil {
			return err
		}
	}
	return c.end(ctx, u.Tx, k, Succeeded, "", u.Now)
}

// after returns the due time of a periodic job that follows due.
func (k *kind) after(due, now time.Time) time.Time {
	if !k.CatchUp && now.After(due) {
		due = now
	}
	return k.Next(due)
}

// keepLease renews the lease in the background. The context that it returns ends
// when the job is lost or cancelled, or when release is called.
func (c claim) keepLease(ctx context.Context, k *op.Kernel) (_ context.Context, release func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(leaseTime / 6)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			// Another failure is the database's; the next turn tries again.
			if err := c.renew(ctx, k); errors.Is(err, errLost) || errors.Is(err, errCancelled) {
				cancel(err)
				return
			}
		}
	}()
	return ctx, func() {
		cancel(nil)
		<-stopped
	}
}

func (c claim) renew(ctx context.Context, k *op.Kernel) error {
	return k.DB.Write(ctx, func(ctx context.Context, t *db.Tx) error {
		if err := c.holds(ctx, t); err != nil {
			return err
		}
		return c.write(ctx, t, renewJob, db.Micros(k.Wall.Now().Add(leaseTime)))
	})
}

// settle writes down how a try ended that did not succeed.
func (c claim) settle(ctx context.Context, kernel *op.Kernel, k *kind, cause error, released bool) error {
	if errors.Is(cause, errLost) {
		return nil
	}
	return kernel.DB.Write(context.WithoutCancel(ctx), func(ctx context.Context, t *db.Tx) error {
		now := kernel.Clock.Now()
		switch {
		case released:
			return c.write(ctx, t, retryJob, "", db.Micros(now), 1)
		case k == nil:
			return c.write(ctx, t, retryJob, cause.Error(), db.Micros(now.Add(unknownDelay)), 1)
		case errors.Is(cause, errCancelled):
			return c.end(ctx, t, k, Cancelled, "", now)
		case c.try < k.Tries && !permanent(cause):
			return c.write(ctx, t, retryJob, cause.Error(), db.Micros(now.Add(k.Delay(c.try))), 0)
		default:
			return c.end(ctx, t, k, Failed, cause.Error(), now)
		}
	})
}

// unknownDelay is how long a job waits whose kind only a newer program on
// another node knows.
const unknownDelay = time.Minute

// end ends the job, or queues it again when it is periodic.
func (c claim) end(ctx context.Context, t *db.Tx, k *kind, s State, text string, now time.Time) error {
	if k.Next != nil {
		return c.write(ctx, t, againJob, text, db.Micros(now), db.Micros(k.after(c.due, now)))
	}
	return c.write(ctx, t, endJob, s, text, db.Micros(now))
}

// permanent reports whether err will be the same next time.
func permanent(err error) bool {
	if errors.Is(err, errPayload) {
		return true
	}
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Unauthenticated, fault.Forbidden, fault.NotFound, fault.TooLarge:
		return true
	default:
		return false
	}
}

// errGivenUp ends a job whose worker died again and again.
func (c claim) errGivenUp() error {
	return fmt.Errorf("given up: the program ended %d times while it ran", c.try-1)
}
