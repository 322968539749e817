// Package job does durable work: what a committed operation left for later,
// what takes long, and what comes back every minute or every month.
//
// A kind of job is declared once with its handler. Enqueue leaves a job behind
// in a unit of work, so it exists exactly when the unit was committed. Workers
// take due jobs under a lease; when a worker dies, another one takes the job
// again. A handler declared with Define runs in one unit of work that also ends
// the job: its effects happen exactly once. One declared with DefineLong runs
// outside of a transaction and saves how far it came with each step.
//
// Due times follow the installation's clock, leases the real one: a sandbox that
// jumps a month ahead must not take every running job for lost.
package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/op"
)

// State says where a job is in its life.
type State string

// The states. A queued job waits for its time, also for that of another try.
const (
	Queued    State = "queued"
	Running   State = "running"
	Succeeded State = "succeeded"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// Options tune a kind. The zero value suits work that is done once.
type Options struct {
	// Tries is how often a job is tried before it has failed; 0 means 10. A
	// refusal that would be the same next time fails at once.
	Tries int
	// Delay returns how long to wait after the try-th try, counted from 1; nil
	// means growing from ten seconds to six hours.
	Delay func(try int) time.Duration
	// Next makes the kind periodic: it returns the first due time after another.
	Next func(after time.Time) time.Time
	// CatchUp says that each due time of a periodic kind counts and is run, in
	// order, also those that passed while the installation stood still or its
	// clock jumped. Otherwise what was missed is done once.
	CatchUp bool
	// On names a fact (op.Unit.Changed) after which a periodic kind is run at once.
	// Its own times then catch what another process changed.
	On string
}

// Kind is a sort of job whose input is a P.
type Kind[P any] struct{ kind *kind }

// kind is what the workers know of a Kind.
type kind struct {
	name string
	Options
	attempt func(ctx context.Context, k *op.Kernel, c claim) error
}

// incidental reports whether missing a due time of the kind is no loss, so that
// a travelling clock need not stop for it.
func (k *kind) incidental() bool { return k == nil || (k.Next != nil && !k.CatchUp) }

// reacts reports whether the kind is run because something happened.
func (k *kind) reacts() bool { return k != nil && k.On != "" }

// kinds holds all kinds of the program by name.
var kinds = make(map[string]*kind)

func declare(name string, o Options) *kind {
	if kinds[name] != nil {
		panic("job: two kinds are called " + name)
	}
	if o.Tries == 0 {
		o.Tries = 10
	}
	if o.Delay == nil {
		o.Delay = growing
	}
	k := &kind{name: name, Options: o}
	kinds[name] = k
	return k
}

func growing(try int) time.Duration {
	return min(10*time.Second<<min(2*(try-1), 20), 6*time.Hour)
}

// Define declares a kind whose work is done in one unit of work, exactly once.
// It is for package-level variables only. The unit's actor is the installation,
// acting for the job's tenant. The work may be run again when it failed, so it
// must have no effects outside of its transaction, and it takes seconds at most.
func Define[P any](name string, o Options, work func(ctx context.Context, u *op.Unit, r *Run, in P) error) *Kind[P] {
	k := declare(name, o)
	attempt := defineAttempt(k, func(ctx context.Context, u *op.Unit, r *Run, payload string) error {
		in, err := decode[P](payload)
		if err != nil {
			return err
		}
		return work(ctx, u, r, in)
	})
	k.attempt = func(ctx context.Context, kernel *op.Kernel, c claim) error {
		_, err := attempt.Do(ctx, kernel, c.actor(), held{claim: c, run: c.run()})
		return err
	}
	return &Kind[P]{k}
}

// DefineLong declares a kind whose work runs outside of a transaction: it takes
// long, calls operations or other systems, and saves how far it came (Long.Step).
// After a crash it is started again and resumes from there, so what happens
// between two steps may happen twice. It stops when its context ends.
func DefineLong[P any](name string, o Options, work func(ctx context.Context, l *Long, in P) error) *Kind[P] {
	k := declare(name, o)
	end := defineAttempt(k, func(context.Context, *op.Unit, *Run, string) error { return nil })
	k.attempt = func(ctx context.Context, kernel *op.Kernel, c claim) error {
		in, err := decode[P](c.payload)
		if err != nil {
			return err
		}
		ctx, release := c.keepLease(ctx, kernel)
		defer release()
		l := &Long{Run: c.run(), Kernel: kernel, claim: c}
		if err := work(ctx, l, in); err != nil {
			if cause := context.Cause(ctx); cause != nil {
				return cause // explains whatever the handler made of it
			}
			return err
		}
		_, err = end.Do(ctx, kernel, c.actor(), held{claim: c, run: l.Run})
		return err
	}
	return &Kind[P]{k}
}

// held is the input of the operation that ends a job: what the worker holds, and
// what a long job reports.
type held struct {
	claim claim
	run   *Run
}

// defineAttempt defines the operation that does the work of a kind and ends the
// job, in one transaction.
func defineAttempt(k *kind, work func(ctx context.Context, u *op.Unit, r *Run, payload string) error) *op.Operation[held, struct{}] {
	return op.Define(op.Spec{Name: "job:" + k.name, Action: "job.run", Write: true},
		func(ctx context.Context, u *op.Unit, in held) (struct{}, error) {
			if err := in.claim.holds(ctx, u.Tx); err != nil {
				return struct{}{}, err
			}
			r := *in.run // a transaction that is run again starts anew
			if err := work(ctx, u, &r, in.claim.payload); err != nil {
				return struct{}{}, err
			}
			return struct{}{}, in.claim.succeed(ctx, u, k, &r)
		})
}

func decode[P any](payload string) (in P, err error) {
	if payload == "" {
		return in, nil
	}
	if err := json.Unmarshal([]byte(payload), &in); err != nil {
		return in, fmt.Errorf("%w: %w", errPayload, err)
	}
	return in, nil
}

// errPayload fails a job whose payload this program cannot read.
var errPayload = errors.New("the payload is not one of this kind")

// Order says when and for whom a job is done. The zero value means now, for the
// actor of the unit.
type Order struct {
	// At is when the job is due; zero means now.
	At time.Time
	// Dedup names the job: while one of the kind with this name waits or runs,
	// another one is not added. Empty means none.
	Dedup string
	// Tenant and User say whose job it is; empty means the actor's.
	Tenant id.Tenant
	User   id.User
}

// Enqueue leaves a job behind that is done after the commit of u. It returns the
// id of the job, or of the one that waits or runs under the same Dedup already.
func (k *Kind[P]) Enqueue(ctx context.Context, u *op.Unit, in P, o Order) (string, error) {
	payload, err := json.Marshal(in)
	if err != nil {
		return "", fmt.Errorf("job %s: payload: %w", k.kind.name, err)
	}
	if o.At.IsZero() {
		o.At = u.Now
	}
	if o.Tenant == "" && o.User == "" {
		o.Tenant, o.User = u.Actor.Tenant, u.Actor.User
	}
	u.LeftWork()
	return insert(ctx, u.Tx, u.NewID(), k.kind.name, string(payload), o, u.Now)
}

func insert(ctx context.Context, t *db.Tx, newID, kind, payload string, o Order, now time.Time) (string, error) {
	due := db.Micros(o.At)
	n, err := t.Exec(ctx, insertJob, newID, o.Tenant, o.User, kind, o.Dedup, payload, due, db.Micros(now))
	if n == 1 || err != nil {
		return newID, err
	}
	var other string
	err = t.QueryRow(ctx, findByDedup, []any{kind, o.Dedup}, &other)
	return other, err
}
