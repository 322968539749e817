// Package partnership connects indirect providers with indirect resellers (rules.md,
// section e.5): a provider asks, an administrator of the reseller authorizes it, and
// the provider ends it. Nothing is sent: the provider sends the message with the link
// itself.
package partnership

import (
	"context"
	"strings"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// Lifetime is how long a request can be answered, as with invitations (rule E10).
const Lifetime = 90 * 24 * time.Hour

// State is where a request stands.
type State string

// The states of a request.
const (
	Open       State = "open"
	Authorized State = "authorized"
	Expired    State = "expired"
	Withdrawn  State = "withdrawn"
)

// Key returns the catalogue key of the name of s.
func (s State) Key() string {
	switch s {
	case Open:
		return "partnership.state.open"
	case Authorized:
		return "partnership.state.authorized"
	case Withdrawn:
		return "partnership.state.withdrawn"
	case Expired:
	}
	return "partnership.state.expired"
}

// Recipient is whom the provider sends the message to; both may be empty.
type Recipient struct{ Name, Email string }

// Request is a partnership that a provider asked for.
type Request struct {
	Provider  id.Tenant
	ID        string
	Token     string
	Reseller  id.Tenant // that authorized it; "" until then
	Name      string    // of Reseller
	Recipient Recipient
	Language  string // of the message: "en", "fr" or "sv"
	Subject   string
	Message   string
	State     State
	By        id.User
	ByName    string
	CreatedAt time.Time
	ExpiresAt time.Time
	EndedBy   string
	EndedAt   time.Time // zero while it is open
}

// Refusals of requests.
var (
	// ErrEnded refuses to answer or to withdraw a request that is no longer open;
	// argument State.
	ErrEnded = fault.New(fault.Conflict, "1003", "partnership.ended")
	// ErrConnected refuses what is there already; argument Partner.
	ErrConnected = fault.New(fault.Conflict, "1003", "partnership.connected")
	// ErrOwn refuses a partnership of a partner with itself.
	ErrOwn = fault.New(fault.Invalid, "3000", "partnership.own")
	// ErrNotReseller refuses a partner that is no indirect reseller.
	ErrNotReseller = fault.New(fault.Invalid, "800016", "partnership.not_reseller")
	// ErrStopped refuses a partner that may not take up new business; argument
	// Partner.
	ErrStopped = fault.New(fault.Conflict, "1003", "partnership.stopped")
	// ErrTick refuses an authorization without the tick.
	ErrTick = fault.New(fault.Invalid, "27002", "partnership.tick")
)

// path is the beginning of the address of links.
const path = "/partnership/"

// Link returns the link with a token at the installation whose address is base.
func Link(base, token string) string { return strings.TrimSuffix(base, "/") + path + token }

// at returns r as it stands at now: an open one expires by itself, to the moment.
func (r Request) at(now time.Time) Request {
	if r.State == Open && !now.Before(r.ExpiresAt) {
		r.State, r.EndedAt = Expired, r.ExpiresAt
	}
	return r
}

const columns = `SELECT provider_id, id, token, reseller_id, reseller_name, recipient_name, recipient_email, language, subject, message,
	state, created_by, created_name, created_at, expires_at, ended_by, ended_at FROM partnership_requests`

var (
	insertRequest = db.SQL(`INSERT INTO partnership_requests (provider_id, id, token, reseller_id, reseller_name, recipient_name, recipient_email,
		language, subject, message, state, created_by, created_name, created_at, expires_at, ended_by, ended_at)
		VALUES ($1, $2, $3, '', '', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', 0)`)
	byToken = db.SQL(columns + ` WHERE token = $1`)
	byID    = db.SQL(columns + ` WHERE provider_id = $1 AND id = $2`)
	newest  = db.SQL(columns + ` WHERE provider_id = $1 ORDER BY id DESC LIMIT $2`)
	endOpen = db.SQL(`UPDATE partnership_requests SET state = $3, reseller_id = $4, reseller_name = $5, ended_by = $6, ended_at = $7
		WHERE provider_id = $1 AND id = $2 AND state = $8`)
)

func scan(row db.Row) (Request, error) {
	var r Request
	var created, expires, ended int64
	err := row.Scan(&r.Provider, &r.ID, &r.Token, &r.Reseller, &r.Name, &r.Recipient.Name, &r.Recipient.Email, &r.Language, &r.Subject, &r.Message,
		&r.State, &r.By, &r.ByName, &created, &expires, &r.EndedBy, &ended)
	r.CreatedAt, r.ExpiresAt, r.EndedAt = db.Time(created), db.Time(expires), db.Time(ended)
	return r, err
}

// find returns the one request that s finds, as it stands now; the second result is
// false when there is none.
func find(ctx context.Context, u *op.Unit, s *db.Stmt, args ...any) (Request, bool, error) {
	all, err := db.All(ctx, u.Tx, s, args, scan)
	if err != nil || len(all) == 0 {
		return Request{}, false, err
	}
	return all[0].at(u.Now), true, nil
}

// own returns a request of the actor's organization, or refusal.NotFound.
func own(ctx context.Context, u *op.Unit, request string) (Request, error) {
	r, found, err := find(ctx, u, byID, u.Actor.Tenant, request)
	if err == nil && !found {
		err = refusal.NotFound
	}
	return r, err
}

// end ends r, which is open, with a state. Of two who do it at once, one is refused
// with ErrEnded.
func (r *Request) end(ctx context.Context, u *op.Unit, state State) error {
	if r.State != Open {
		return ErrEnded.With("State", fault.Keys{r.State.Key()})
	}
	r.State, r.EndedBy, r.EndedAt = state, u.Actor.UserName, u.Now
	n, err := u.Exec(ctx, endOpen, r.Provider, r.ID, r.State, r.Reseller, r.Name, r.EndedBy, db.Micros(u.Now), Open)
	if err == nil && n == 0 {
		err = ErrEnded.With("State", fault.Keys{state.Key()})
	}
	return err
}

// entry is a request as the log keeps it.
type entry struct {
	Id         string //nolint:staticcheck // as the contract spells such names
	Recipient  Recipient
	State      State
	ExpiryDate time.Time
}

// log writes what happened with r to the log of its provider.
func (r Request) log(ctx context.Context, u *op.Unit, operation string) error {
	return u.Record(ctx, op.Record{
		Operation: operation, Resource: "partner_relationship", Tenant: r.Provider, New: entry{r.ID, r.Recipient, r.State, r.ExpiresAt},
	})
}
