package app

import (
	"context"
	"sync"
	"time"

	"comptoir/internal/activity"
	"comptoir/internal/customer"
	"comptoir/internal/gdap"
	"comptoir/internal/gdapbulk"
	"comptoir/internal/identity"
	"comptoir/internal/invitation"
	"comptoir/internal/job"
	"comptoir/internal/notice"
	"comptoir/internal/relationship"
)

// jobSlots is how many jobs one process runs at once. Jobs that import take
// most of a core each.
const jobSlots = 4

// wireFeatures gives the kernel what lies above it.
func (a *App) wireFeatures() {
	a.Kernel.Link = relationship.Link
	gdap.OnChange(customer.FollowDelegation)
	customer.OnMerge(notice.Move, invitation.Move, relationship.MoveEnded, gdapbulk.Move)
	customer.OnDelete(gdapbulk.Forget, invitation.Forget)
	identity.OnRemoveGroup(gdap.UnassignGroup)
	a.Kernel.Ask = ask
	a.Kernel.TXT = txt
	a.Workers = job.NewWorkers(a.Kernel, jobSlots)
	a.Gate = identity.NewGate(a.Kernel)
}

// refreshEvery is how often the server looks for settings, and for a sandbox
// clock, that another node or the command line has changed.
const refreshEvery = time.Second

// work does what happens in the background until ctx ends.
func (a *App) work(ctx context.Context) {
	var beside sync.WaitGroup
	beside.Go(func() { a.refresh(ctx) })
	beside.Go(func() { a.edges.oauth.Run(ctx) })
	if err := a.Workers.Run(ctx); err != nil && ctx.Err() == nil {
		a.Kernel.Log.ErrorContext(ctx, "background work ended", "error", err)
	}
	beside.Wait()
	// While it runs a job seals every minute what is older than one; now nothing follows.
	ctx = context.WithoutCancel(ctx)
	if err := activity.Seal(ctx, a.Kernel); err != nil {
		a.Kernel.Log.ErrorContext(ctx, "the activity log was not sealed", "error", err)
	}
}

func (a *App) refresh(ctx context.Context) {
	tick := time.NewTicker(refreshEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := a.Kernel.Refresh(ctx); err != nil && ctx.Err() == nil {
				a.Kernel.Log.ErrorContext(ctx, "settings could not be read", "error", err)
			}
		}
	}
}
