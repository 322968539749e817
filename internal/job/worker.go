package job

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/op"
)

// poll is how long a job that another node left behind, or that became due by
// the clock, may wait for somebody to look.
const poll = time.Second

// Workers take jobs and run them. A process has one value of it.
type Workers struct {
	kernel *op.Kernel
	slots  int
	name   string

	mu      sync.Mutex
	running map[string]context.CancelCauseFunc // by job
	pulled  map[string]bool                    // kinds that shall run before their time
	claims  int
}

// NewWorkers returns workers that run up to slots jobs at once.
func NewWorkers(k *op.Kernel, slots int) *Workers {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	w := &Workers{
		kernel: k, slots: slots, running: make(map[string]context.CancelCauseFunc), pulled: make(map[string]bool),
		name: fmt.Sprintf("%s/%d/%s", host, os.Getpid(), id.New(k.Wall.Now())),
	}
	k.OnChange(w.heard)
	return w
}

// Run takes and runs jobs until ctx ends, then waits for those that run: short
// ones finish, long ones stop at once and are resumed by whoever comes next.
func (w *Workers) Run(ctx context.Context) error {
	if err := w.schedule(ctx); err != nil {
		return err
	}
	w.pullAll()
	tick := time.NewTicker(poll)
	defer tick.Stop()
	ended := make(chan struct{}, w.slots)
	free := w.slots
	for {
		if free > 0 {
			for _, c := range w.due(ctx, free) {
				free--
				go func() {
					w.try(ctx, c)
					ended <- struct{}{}
				}()
			}
		}
		select {
		case <-ctx.Done():
			for ; free < w.slots; free++ {
				<-ended
			}
			return nil
		case <-ended:
			free++
		case <-w.kernel.Wake():
		case <-tick.C:
		}
	}
}

// due claims up to n due jobs. A database that does not answer is asked again
// soon.
func (w *Workers) due(ctx context.Context, n int) []claim {
	claims, err := w.claim(ctx, n)
	if err != nil && ctx.Err() == nil {
		w.kernel.Log.ErrorContext(ctx, "no jobs could be taken", "error", err)
	}
	return claims
}

// schedule adds the periodic jobs that do not exist yet.
func (w *Workers) schedule(ctx context.Context) error {
	err := w.kernel.DB.Write(ctx, func(ctx context.Context, t *db.Tx) error {
		now := w.kernel.Clock.Now()
		for _, k := range kinds {
			if k.Next == nil {
				continue
			}
			if _, err := insert(ctx, t, id.New(now), k.name, "", Order{At: k.Next(now), Dedup: "periodic"}, now); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("periodic jobs: %w", err)
	}
	return nil
}

// claim takes up to n jobs in the order in which they are due, lost ones first.
func (w *Workers) claim(ctx context.Context, n int) ([]claim, error) {
	var claims []claim
	var busy []string
	early := w.takePulled()
	err := w.kernel.DB.Write(ctx, func(ctx context.Context, t *db.Tx) error {
		now, wall := w.kernel.Clock.Now(), w.kernel.Wall.Now()
		var err error
		if busy, err = pull(ctx, t, early, now); err != nil {
			return err
		}
		if claims, err = find(ctx, t, claimLost, wall, n); err != nil {
			return err
		}
		if len(claims) < n {
			due, err := find(ctx, t, claimDue, now, n-len(claims))
			if err != nil {
				return err
			}
			claims = append(claims, due...)
		}
		for i := range claims {
			c := &claims[i]
			c.holder = w.holder()
			c.try++
			if _, err := t.Exec(ctx, takeJob, c.id, db.Micros(wall.Add(leaseTime)), c.holder, db.Micros(now)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.pull(early...)
		return nil, err
	}
	w.pull(busy...)
	return claims, nil
}

func find(ctx context.Context, t *db.Tx, s *db.Stmt, until time.Time, n int) ([]claim, error) {
	return db.All(ctx, t, s, []any{db.Micros(until), n}, func(row db.Row) (claim, error) {
		var c claim
		var due int64
		err := row.Scan(&c.id, &c.tenant, &c.user, &c.kind, &c.payload, &c.progress, &c.done, &c.total, &c.try, &due)
		c.due = db.Time(due)
		return c, err
	})
}

func (w *Workers) holder() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.claims++
	return fmt.Sprintf("%s/%d", w.name, w.claims)
}

// try runs a claimed job once and writes down how that ended.
func (w *Workers) try(ctx context.Context, c claim) {
	k := kinds[c.kind]
	own, stop := w.watch(ctx, c)
	defer stop()
	err := w.attempt(own, k, c)
	if err == nil {
		return
	}
	if cause := context.Cause(own); cause != nil && ctx.Err() == nil {
		err = cause
	}
	released := ctx.Err() != nil && !errors.Is(err, errLost) && !errors.Is(err, errCancelled)
	if !released && !errors.Is(err, errLost) && !errors.Is(err, errCancelled) {
		w.kernel.Log.WarnContext(ctx, "a job failed", "kind", c.kind, "job", c.id, "try", c.try, "error", err)
	}
	if err := c.settle(ctx, w.kernel, k, err, released); err != nil && !errors.Is(err, errLost) {
		w.kernel.Log.ErrorContext(ctx, "the end of a job was not written down; it is tried again after its lease",
			"kind", c.kind, "job", c.id, "error", err)
	}
}

func (w *Workers) attempt(ctx context.Context, k *kind, c claim) (err error) {
	if k == nil {
		return fmt.Errorf("this program knows no jobs of the kind %q", c.kind)
	}
	if c.try > k.Tries {
		return c.errGivenUp()
	}
	defer func() {
		if p := recover(); p != nil {
			w.kernel.Log.ErrorContext(ctx, "a job panicked", "kind", c.kind, "job", c.id, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return k.attempt(ctx, w.kernel, c)
}

// watch returns a context for the job that ends when the job is cancelled
// through this process.
func (w *Workers) watch(ctx context.Context, c claim) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.running[c.id] = cancel
	return ctx, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.running, c.id)
		cancel(nil)
	}
}

// factPrefix starts the facts by which an operation tells that a job changed.
const factPrefix = "job:"

func (w *Workers) heard(fact string) {
	for _, k := range kinds {
		if k.On == fact && k.reacts() {
			w.pull(k.name)
		}
	}
	job, ok := strings.CutPrefix(fact, factPrefix)
	if !ok {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if cancel := w.running[job]; cancel != nil {
		cancel(errCancelled)
	}
}
