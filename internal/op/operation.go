package op

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/policy"
)

// Spec declares an operation.
type Spec struct {
	// Name tells operations apart that share a policy row; empty means the action itself.
	Name string
	// Action is the policy row.
	Action policy.Action
	// Write says that the operation changes something.
	Write bool
}

// Operation is something that can be done: a name, an input, a policy row and
// the work.
type Operation[I, O any] struct{ definition }

// definition is an operation without the types of its input and result, so that
// what is the same for all operations is compiled once: there are hundreds. out
// points to the result.
type definition struct {
	spec Spec
	work func(ctx context.Context, u *Unit, in, out any) error
	plan func(ctx context.Context, u *Unit, in, out any) (step, error) // instead of work, from DefinePlanned
}

// step does work and leaves its result where the operation wants it.
type step func(ctx context.Context, u *Unit) error

// Concerning is implemented by inputs that concern one customer, so that the
// kernel can ask how the actor is linked to it.
type Concerning interface {
	ConcernsCustomer() id.Tenant
}

// defined lists the specs of all operations, for tests and documentation.
var defined []Spec

// specification is consulted when operations are defined, so that one without
// a policy row stops the program, and with it every test, at the start.
var specification = policy.New()

// Define declares an operation. It is for package-level variables only and
// panics when policy has no row for the action.
func Define[I, O any](spec Spec, work func(ctx context.Context, u *Unit, in I) (O, error)) *Operation[I, O] {
	return &Operation[I, O]{definition{spec: declare(spec), work: func(ctx context.Context, u *Unit, in, out any) (err error) {
		*out.(*O), err = work(ctx, u, in.(I))
		return err
	}}}
}

// declare adds spec to what is defined.
func declare(spec Spec) Spec {
	if _, ok := specification.Row(spec.Action); !ok {
		panic(fmt.Sprintf("op: policy has no row for %s", spec.Action))
	}
	if spec.Name == "" {
		spec.Name = string(spec.Action)
	}
	for _, other := range defined {
		if other.Name == spec.Name {
			panic("op: two operations are called " + spec.Name)
		}
	}
	defined = append(defined, spec)
	return spec
}

// Defined returns the specs of all operations of the program.
func Defined() []Spec { return append([]Spec(nil), defined...) }

// Spec returns the declaration of d.
func (d *definition) Spec() Spec { return d.spec }

// Do runs o for the actor and returns its result. A refusal is a *fault.Error
// or a fault.List; nothing has changed then.
func (o *Operation[I, O]) Do(ctx context.Context, k *Kernel, a Actor, in I) (out O, err error) {
	err = k.do(ctx, &a, task{definition: &o.definition, in: in, out: &out})
	return out, err
}

// Within runs o in the unit of work u of another operation, as its actor: the row of
// the matrix decides as for Do, and what o changes is part of u. A refusal leaves
// what o has changed until then, so that only operations that refuse before they
// change anything can be asked for one thing after the other. u must be one that
// writes when o does.
func (o *Operation[I, O]) Within(ctx context.Context, u *Unit, in I) (out O, err error) {
	err = u.do(ctx, task{definition: &o.definition, in: in, out: &out})
	return out, err
}

// mayReach holds the actor's link to the customer that in concerns against row.
func (u *Unit) mayReach(ctx context.Context, row policy.Row, in any) error {
	c, ok := in.(Concerning)
	if !ok || !row.AsksForLink() {
		return nil
	}
	link, err := u.link(ctx, c.ConcernsCustomer())
	if err != nil {
		return err
	}
	return row.DecideLink(link)
}

func (u *Unit) link(ctx context.Context, customer id.Tenant) (policy.Link, error) {
	if u.kernel.Link == nil {
		return 0, nil
	}
	link, err := u.kernel.Link(ctx, u.Tx, u.Actor, customer)
	if err != nil {
		return 0, fmt.Errorf("link to customer: %w", err)
	}
	return link, nil
}

// replay answers a repeated request with its first result. What is kept can be
// found and read only with the request id itself, so a copy of the database
// does not give away a password that was shown once.
type replay struct {
	key    []byte // nil: the caller chose no request id
	secret [sha256.Size]byte
}

// ReplayTime is how long a first result is kept (api-customers.md, section 6).
const ReplayTime = 24 * time.Hour

var (
	findReplay = db.SQL(`SELECT result FROM replays WHERE key = $1`)
	keepReplay = db.SQL(`INSERT INTO replays (key, result, at) VALUES ($1, $2, $3)`)
)

func newReplay(a *Actor, spec Spec, in any) (replay, error) {
	if a.IdempotencyKey == "" {
		return replay{}, nil
	}
	input, err := json.Marshal(in)
	if err != nil {
		return replay{}, fmt.Errorf("op: input of %s: %w", spec.Name, err)
	}
	h := sha256.New()
	for _, part := range []string{"find", string(a.Tenant), string(a.User), string(a.App), spec.Name, a.IdempotencyKey, string(input)} {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return replay{key: h.Sum(nil), secret: sha256.Sum256([]byte("read:" + a.IdempotencyKey))}, nil
}

func (r replay) find(ctx context.Context, t *db.Tx, out any) (bool, error) {
	if r.key == nil {
		return false, nil
	}
	var sealed []byte
	found, err := t.Found(ctx, findReplay, []any{r.key}, &sealed)
	if !found || err != nil {
		return false, err
	}
	aead, err := r.cipher()
	if err != nil {
		return false, err
	}
	plain, err := aead.Open(nil, r.key[:aead.NonceSize()], sealed, nil)
	if err != nil {
		return false, fmt.Errorf("op: kept result: %w", err)
	}
	return true, json.Unmarshal(plain, out)
}

func (r replay) keep(ctx context.Context, t *db.Tx, now time.Time, out any) error {
	if r.key == nil {
		return nil
	}
	plain, err := json.Marshal(out)
	if err != nil {
		return fmt.Errorf("op: result: %w", err)
	}
	aead, err := r.cipher()
	if err != nil {
		return err
	}
	// The secret serves one key only, so the key's first bytes are a nonce that
	// is never used twice with it.
	sealed := aead.Seal(nil, r.key[:aead.NonceSize()], plain, nil)
	_, err = t.Exec(ctx, keepReplay, r.key, sealed, db.Micros(now))
	if db.IsUnique(err) {
		return db.ErrRetry // another node finished the same request meanwhile
	}
	return err
}

func (r replay) cipher() (cipher.AEAD, error) {
	block, err := aes.NewCipher(r.secret[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// refused keeps a record of an attempt that was refused for who the actor is or
// for a gate (rule K2). Mistakes in the input are answered, not recorded.
func (k *Kernel) refused(ctx context.Context, spec Spec, a *Actor, in any, cause error) {
	if fault.KindOf(cause) != fault.Forbidden || a.Tenant == "" {
		return
	}
	var customer id.Tenant
	if c, ok := in.(Concerning); ok {
		customer = c.ConcernsCustomer()
	}
	first := fault.All(cause)[0]
	ctx = context.WithoutCancel(ctx)
	err := k.DB.Write(ctx, func(ctx context.Context, t *db.Tx) error {
		u := k.unit(t, a, spec)
		affected, err := u.affected(ctx, customer)
		if err != nil {
			return err
		}
		return u.Record(ctx, Record{
			Operation: "access_refused", Resource: "customer", Customer: affected, Status: Failed,
			Data: map[string]string{"action": spec.Name, "code": first.Code, "reason": first.Key},
		})
	})
	if err != nil && !errors.Is(err, db.ErrClosed) {
		k.Log.ErrorContext(ctx, "a refused attempt was not recorded", "action", spec.Name, "error", err)
	}
}

// affected returns the customer that an attempt named when the actor has any link
// to it, and nobody otherwise: the log of an organisation names its own business
// only.
func (u *Unit) affected(ctx context.Context, customer id.Tenant) (id.Tenant, error) {
	if customer == "" || u.kernel.Link == nil {
		return customer, nil
	}
	link, err := u.link(ctx, customer)
	if link == 0 || err != nil {
		return "", err
	}
	return customer, nil
}
