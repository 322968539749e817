// Package op runs operations. An operation is the only way to read or change
// anything: it asks policy, opens the transaction, runs the work, writes the
// activity record and the events beside it, and commits. Portal, REST and
// command line call the same operations, so they cannot disagree about who may
// do what.
package op

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"comptoir/internal/clock"
	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/policy"
)

// Kernel is what every operation needs. One installation has one.
type Kernel struct {
	DB    *db.DB
	Clock *clock.Clock
	// Wall is the real time also where Clock travels. Only what browsers, telephones
	// and clients compute with their own clocks follows it: sessions, tokens, second
	// factors.
	Wall   *clock.Clock
	Policy *policy.Table
	Log    *slog.Logger
	// Sandbox says that the installation is a sandbox: its clock may travel and
	// its customers may be deleted.
	Sandbox bool
	// Link answers how an actor is connected with a customer. The kernel lies
	// below the relationships, so main fills it in; nil means not connected.
	Link func(ctx context.Context, t *db.Tx, a Actor, customer id.Tenant) (policy.Link, error)
	// Post carries mail. main fills it in.
	Post Post
	// Ask sends a question to a service outside, by its address, and returns what
	// it answers. The program fills it in; nil means that there is no way out.
	Ask func(ctx context.Context, address string, question []byte) (answer []byte, err error)
	// TXT returns what the TXT records of a domain say; an error that is a
	// *net.DNSError with IsNotFound says that it has none. The program fills it in.
	TXT func(ctx context.Context, domain string) ([]string, error)

	settings  settingCache
	observers atomic.Pointer[[]func(Observation)]
	wake      chan struct{}
	onChange  atomic.Pointer[[]func(fact string)]
}

// errNoWayOut answers a question that nobody carries outside.
var errNoWayOut = errors.New("op: the program asks no services outside")

// AskOutside asks a service outside (Ask). It must not be called inside of a
// transaction.
func (k *Kernel) AskOutside(ctx context.Context, address string, question []byte) ([]byte, error) {
	if k.Ask == nil {
		return nil, errNoWayOut
	}
	return k.Ask(ctx, address, question)
}

// AskTXT returns what the TXT records of a domain say (TXT). It must not be called
// inside of a transaction.
func (k *Kernel) AskTXT(ctx context.Context, domain string) ([]string, error) {
	if k.TXT == nil {
		return nil, errNoWayOut
	}
	return k.TXT(ctx, domain)
}

// New returns a kernel on d with the real clock and the matrix of the
// specification.
func New(d *db.DB, log *slog.Logger) *Kernel {
	return &Kernel{DB: d, Clock: new(clock.Clock), Wall: new(clock.Clock), Policy: policy.New(), Log: log, wake: make(chan struct{}, 1)}
}

// Observation is what the kernel tells about one finished operation.
type Observation struct {
	Action  policy.Action
	Outcome string // "ok" or the kind of the fault
	Took    time.Duration
}

// Observe has f called after every operation, beside those who observe already:
// for metrics, and for tests. It is called while the program is put together,
// from one goroutine.
func (k *Kernel) Observe(f func(Observation)) {
	var all []func(Observation)
	if old := k.observers.Load(); old != nil {
		all = append(all, *old...)
	}
	all = append(all, f)
	k.observers.Store(&all)
}

func (k *Kernel) observed(o Observation) {
	observers := k.observers.Load()
	if observers == nil {
		return
	}
	for _, f := range *observers {
		f(o)
	}
}

// Wake is signalled after a commit that left events or jobs behind.
func (k *Kernel) Wake() <-chan struct{} { return k.wake }

func (k *Kernel) signal() {
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// OnChange has f called with every fact that a committed operation of this
// process changed (Unit.Changed). Other nodes do not hear of it, so whoever
// keeps facts also lets them age. It is called while the program is put
// together, from one goroutine.
func (k *Kernel) OnChange(f func(fact string)) {
	var all []func(string)
	if old := k.onChange.Load(); old != nil {
		all = append(all, *old...)
	}
	all = append(all, f)
	k.onChange.Store(&all)
}

// tell passes on what a committed unit changed.
func (k *Kernel) tell(changed []string) {
	listeners := k.onChange.Load()
	if listeners == nil {
		return
	}
	for _, fact := range changed {
		for _, f := range *listeners {
			f(fact)
		}
	}
}

// Start loads what the kernel keeps in memory: settings and the operator's
// changes to the matrix.
func (k *Kernel) Start(ctx context.Context) error {
	if err := k.reloadSettings(ctx); err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	return nil
}
