package job

import "context"

// Abandon takes a due job as a worker that is killed before it does anything. It
// returns what that worker would still do if it were only slow.
func (w *Workers) Abandon(ctx context.Context) (late func(), err error) {
	claims, err := w.claim(ctx, 1)
	if err != nil || len(claims) == 0 {
		return nil, err
	}
	return func() { w.try(ctx, claims[0]) }, nil
}

// LeaseTime is how long an abandoned job waits.
const LeaseTime = leaseTime
