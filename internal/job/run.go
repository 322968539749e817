package job

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"comptoir/internal/id"
	"comptoir/internal/op"
)

// Run is one try at a job, as its handler sees it.
type Run struct {
	ID     string
	Tenant id.Tenant // whose job it is; empty for the installation's own
	User   id.User
	// Due is the time that the job is for. It may lie in the past, and a retry
	// does not change it.
	Due time.Time
	// Try counts the tries from 1.
	Try int
	// Done of Total things are done; shown to whoever waits for the job.
	Done, Total int64
	// Result is kept when the job succeeds, in a form that its kind chooses.
	Result string
}

// Long is one try at a job that runs outside of a transaction.
type Long struct {
	*Run
	Kernel *op.Kernel
	claim  claim
}

// Actor returns the installation, acting for the job's tenant.
func (l *Long) Actor() op.Actor { return l.claim.actor() }

// Key returns an idempotency key for a part of the job: an operation whose actor
// carries it is done once, however often the job is started again within
// op.ReplayTime.
func (l *Long) Key(part string) string { return "job:" + l.ID + ":" + part }

// Resume reads what the last step of an earlier try saved into progress, and
// reports whether there was any.
func (l *Long) Resume(progress any) (bool, error) {
	if l.claim.progress == "" {
		return false, nil
	}
	if err := json.Unmarshal([]byte(l.claim.progress), progress); err != nil {
		return false, fmt.Errorf("job: saved progress: %w", err)
	}
	return true, nil
}

// stepInput is one step of a long job.
type stepInput struct {
	held     held
	progress string
	work     func(ctx context.Context, u *op.Unit) error
}

var step = op.Define(op.Spec{Name: "job.step", Action: "job.run", Write: true},
	func(ctx context.Context, u *op.Unit, in stepInput) (struct{}, error) {
		c, r := in.held.claim, in.held.run
		if err := c.holds(ctx, u.Tx); err != nil {
			return struct{}{}, err
		}
		if in.work != nil {
			if err := in.work(ctx, u); err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, c.write(ctx, u.Tx, saveStep, in.progress, r.Done, r.Total)
	})

// Step does a part of the job in one unit of work and saves progress, Done and
// Total with it, so that the part is done exactly once: a job that is started
// again finds progress with Resume. nil progress leaves what was saved, nil work
// does nothing else. Step fails when the job was
// cancelled, or when another worker has taken it.
func (l *Long) Step(ctx context.Context, progress any, work func(ctx context.Context, u *op.Unit) error) error {
	text := l.claim.progress
	if progress != nil {
		b, err := json.Marshal(progress)
		if err != nil {
			return fmt.Errorf("job: progress: %w", err)
		}
		text = string(b)
	}
	_, err := step.Do(ctx, l.Kernel, l.Actor(), stepInput{held{l.claim, l.Run}, text, work})
	if err == nil {
		l.claim.progress = text
	}
	return err
}
