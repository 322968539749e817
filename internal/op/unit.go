package op

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/id"
)

// Unit is the unit of work of one operation: its transaction, its actor and its
// time.
type Unit struct {
	*db.Tx
	Actor Actor
	// Now is the time of the transaction. Rules read no other.
	Now time.Time
	// Wall is the real time, for proofs of identity only (Kernel.Wall).
	Wall time.Time
	// Sandbox says that the installation is a sandbox.
	Sandbox bool

	kernel *Kernel
	spec   Spec
	left   bool   // events or jobs were left behind
	last   string // id of the last activity record
	ids    int    // how many ids the unit has made
	// changed names the facts that caches must forget after the commit.
	changed []string
}

func (k *Kernel) unit(t *db.Tx, a *Actor, spec Spec) *Unit {
	return &Unit{Tx: t, Actor: *a, Now: k.Clock.Now(), Wall: k.Wall.Now(), Sandbox: k.Sandbox, kernel: k, spec: spec}
}

// NewID returns a new identifier that sorts by the time of the transaction, and
// within it in the order in which the unit asks.
func (u *Unit) NewID() string { return id.Nth(u.Now, u.number()) }

func (u *Unit) number() int {
	u.ids++
	return u.ids
}

// Setting returns the value of s in this installation.
func (u *Unit) Setting(s *Setting) string { return u.kernel.Setting(s) }

// The states of an activity record (rule K2).
const (
	Succeeded = "succeeded"
	Failed    = "failed"
	Progress  = "progress"
)

// Record is one line of the activity log (rules K1 to K3).
type Record struct {
	// Operation and Resource are wire names: "add_customer", "customer".
	Operation, Resource string
	// Tenant is the organisation in whose log it stands; empty means the actor's.
	Tenant       id.Tenant
	Customer     id.Tenant
	CustomerName string
	// Old and New are the resource before and after, kept as JSON; nil for none.
	Old, New any
	Data     map[string]string
	// Status is Succeeded when empty.
	Status string
}

// What is sealed stays as it is: a record whose place in the order of ids lies
// among sealed ones is not added.
var (
	insertActivity = db.SQL(`INSERT INTO activity
		(id, tenant_id, customer_id, customer_name, operation, resource, status, user_id, user_name, app_id,
		 channel, address, request_id, correlation_id, old_value, new_value, data, at)
		SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, CAST($18 AS BIGINT)
		WHERE NOT EXISTS (SELECT 1 FROM activity_seals WHERE last_id >= $1)`)
	lastSealed = db.SQL(`SELECT last_id FROM activity_seals ORDER BY last_id DESC LIMIT 1`)
)

// Record writes r to the activity log in the transaction of u.
func (u *Unit) Record(ctx context.Context, r Record) error {
	oldValue, err := text(r.Old)
	if err != nil {
		return err
	}
	newValue, err := text(r.New)
	if err != nil {
		return err
	}
	data := ""
	if len(r.Data) > 0 {
		if data, err = text(r.Data); err != nil {
			return err
		}
	}
	tenant, status := r.Tenant, r.Status
	if tenant == "" {
		tenant = u.Actor.Tenant
	}
	if status == "" {
		status = Succeeded
	}
	a := u.Actor
	return u.insert(ctx, u.Now, tenant, r.Customer, r.CustomerName, r.Operation, r.Resource, status,
		a.User, a.UserName, a.App, a.Channel, a.Address, a.RequestID, a.CorrelationID, oldValue, newValue, data)
}

// insert adds a record made at a time. When the log is sealed beyond it, because
// the clock of another node is ahead or this one was put back, the record takes
// the first time after what is sealed.
func (u *Unit) insert(ctx context.Context, at time.Time, fields ...any) error {
	for range 2 {
		u.last = id.Nth(at, u.number())
		n, err := u.Exec(ctx, insertActivity, slices.Concat([]any{u.last}, fields, []any{db.Micros(at)})...)
		if n == 1 || err != nil {
			return err
		}
		var last string
		if err := u.QueryRow(ctx, lastSealed, nil, &last); err != nil {
			return err
		}
		at = id.Moment(last).Add(time.Millisecond)
	}
	return fmt.Errorf("op: the activity log is sealed beyond %v", at)
}

func text(v any) (string, error) {
	if v == nil {
		return "", nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("op: activity value: %w", err)
	}
	return string(b), nil
}

// Event is something that others must hear of: a webhook, a mail, a notice.
type Event struct {
	// Name is the wire name where the contract has one ("subscription-updated"),
	// else our own.
	Name string
	// Tenant is the partner to tell; empty means the actor's.
	Tenant   id.Tenant
	Customer id.Tenant
	// Resource is the path of what changed, without the host: "/v1/customers/{id}".
	Resource string
	// Payload is what reactors need beyond that, kept as JSON; nil for nothing.
	Payload any
}

var insertEvent = db.SQL(`INSERT INTO events (id, tenant_id, customer_id, name, resource, activity_id, payload, at)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`)

// EventLeft is the fact (Unit.Changed) that a unit left an event behind.
const EventLeft = "event"

// Emit leaves e behind in the transaction of u. It refers to the last activity
// record of the unit.
func (u *Unit) Emit(ctx context.Context, e Event) error {
	payload, err := text(e.Payload)
	if err != nil {
		return err
	}
	tenant := e.Tenant
	if tenant == "" {
		tenant = u.Actor.Tenant
	}
	u.LeftWork()
	u.Changed(EventLeft)
	_, err = u.Exec(ctx, insertEvent, u.NewID(), tenant, e.Customer, e.Name, e.Resource, u.last, payload, db.Micros(u.Now))
	return err
}

// LeftWork tells the unit that it left a job behind, so that the workers are
// woken after the commit.
func (u *Unit) LeftWork() { u.left = true }

// Changed names a fact that this unit changes and that somebody may keep in
// memory, for example "user:" with its id. After the commit everybody who asked
// with Kernel.OnChange hears of it, before the caller has the result.
func (u *Unit) Changed(fact string) { u.changed = append(u.changed, fact) }

var (
	addToCounter = db.SQL(`INSERT INTO counters (owner, name, value) VALUES ($1, $2, $3)
		ON CONFLICT (owner, name) DO UPDATE SET value = counters.value + excluded.value`)
	readCounter = db.SQL(`SELECT value FROM counters WHERE owner = $1 AND name = $2`)
)

// Count adds n, which may be negative, to the counter name of owner.
func (u *Unit) Count(ctx context.Context, owner id.Tenant, name string, n int64) error {
	_, err := u.Exec(ctx, addToCounter, owner, name, n)
	return err
}

// Counted returns the counter name of owner.
func (u *Unit) Counted(ctx context.Context, owner id.Tenant, name string) (int64, error) {
	var n int64
	_, err := u.Found(ctx, readCounter, []any{owner, name}, &n)
	return n, err
}
