package invitation

import (
	"context"
	"slices"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// Lifetime is how long an invitation can be accepted (rule E10).
const Lifetime = 90 * 24 * time.Hour

// State is where an invitation stands (rule E12).
type State string

// The states of an invitation.
const (
	Open      State = "open"
	Accepted  State = "accepted"
	Declined  State = "declined"
	Expired   State = "expired"
	Withdrawn State = "withdrawn"
)

// States returns all states.
func States() []State { return []State{Open, Accepted, Declined, Expired, Withdrawn} }

// Source says where a customer comes from (statement S4.21).
type Source string

// The sources; "" says nothing.
const (
	Marketing Source = "marketing"
	Referral  Source = "referral"
	ByPartner Source = "provider"
	Existing  Source = "existing"
)

// Sources returns all sources.
func Sources() []Source { return []Source{Marketing, Referral, ByPartner, Existing} }

// Recipient is whom the partner sends the message to; both may be empty.
type Recipient struct{ Name, Email string }

// Invitation is a reseller relationship that a partner asked for.
type Invitation struct {
	Partner  id.Tenant
	ID       string
	Token    string
	Provider id.Tenant // of a joint invitation, "" otherwise
	// ProviderName is what Provider was called when the invitation was made.
	ProviderName string
	Customer     id.Tenant // whom it is for, or who answered it; "" until then
	Name         string    // of Customer
	Recipient    Recipient
	Source       Source
	Language     string     // of the message
	Delegated    bool       // it asks for admin roles as well (rule E5)
	Terms        gdap.Terms // of them; none are the default ones
	Subject      string     // of the message
	Message      string
	State        State
	Reason       string // why it was declined, as the customer put it
	By           id.User
	ByName       string
	CreatedAt    time.Time
	ExpiresAt    time.Time
	EndedBy      string
	EndedAt      time.Time // zero while it is open
	// Related says that Partner has a relation with Customer now.
	Related bool
}

// Refusals of invitations.
var (
	// ErrEnded refuses to answer or to withdraw an invitation that is no longer
	// open; argument State.
	ErrEnded = fault.New(fault.Conflict, "1003", "invitation.ended")
	// ErrConnected refuses to ask for, or to accept, what is there already (rule E16).
	ErrConnected = fault.New(fault.Conflict, "1003", "invitation.connected")
	// ErrNotPartners refuses a link for two partners that do not work with each other.
	ErrNotPartners = fault.New(fault.Forbidden, "1002", "invitation.not_partners")
	// ErrPartnerStopped refuses to accept the invitation of a partner that may not
	// take up new business (rule E16); argument Partner.
	ErrPartnerStopped = fault.New(fault.Conflict, "1003", "invitation.partner_stopped")
	// ErrTicks refuses an acceptance without both ticks (rule E15).
	ErrTicks = fault.New(fault.Invalid, "27002", "invitation.ticks")
)

// at returns i as it stands at now: an open one expires by itself, to the moment.
func (i Invitation) at(now time.Time) Invitation {
	if i.State == Open && !now.Before(i.ExpiresAt) {
		i.State, i.EndedAt = Expired, i.ExpiresAt
	}
	return i
}

const invitationColumns = `SELECT partner_id, id, token, provider_id, customer_id, customer_name, recipient_name, recipient_email, source, language,
	delegated, message, state, reason, created_by, created_name, created_at, expires_at, ended_by, ended_at,
	roles, duration, auto_extend, group_ids, provider_name, subject,
	EXISTS (SELECT 1 FROM customers WHERE customers.partner_id = invitations.partner_id AND customers.customer_id = invitations.customer_id) FROM invitations`

var (
	insertInvitation = db.SQL(`INSERT INTO invitations (partner_id, id, token, provider_id, customer_id, customer_name, recipient_name, recipient_email,
		source, language, delegated, message, state, reason, created_by, created_name, created_at, expires_at, ended_by, ended_at,
		roles, duration, auto_extend, group_ids, provider_name, subject)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', $14, $15, $16, $17, '', 0, $18, $19, $20, $21, $22, $23)`)
	byToken = db.SQL(invitationColumns + ` WHERE token = $1`)
	byID    = db.SQL(invitationColumns + ` WHERE partner_id = $1 AND id = $2`)
	endOpen = db.SQL(`UPDATE invitations SET state = $3, reason = $4, customer_id = $5, customer_name = $6, ended_by = $7, ended_at = $8
		WHERE partner_id = $1 AND id = $2 AND state = $9`)
	rewriteOpen = db.SQL(`UPDATE invitations SET subject = $3, message = $4 WHERE partner_id = $1 AND id = $2 AND state = $5`)
	expireOpen  = db.SQL(`UPDATE invitations SET state = 'expired', ended_at = expires_at WHERE state = 'open' AND expires_at <= $1`)
)

func (i Invitation) insert(ctx context.Context, u *op.Unit) error {
	terms := i.Terms.Kept()
	_, err := u.Exec(ctx, insertInvitation, i.Partner, i.ID, i.Token, i.Provider, i.Customer, i.Name, i.Recipient.Name, i.Recipient.Email, i.Source,
		i.Language, i.Delegated, i.Message, i.State, i.By, i.ByName, db.Micros(i.CreatedAt), db.Micros(i.ExpiresAt),
		terms.Roles, terms.Duration, terms.AutoExtend, terms.Groups, i.ProviderName, i.Subject)
	return err
}

// end ends i, which is open, with a state. Of two who do it at once, one is
// refused with ErrEnded.
func (i *Invitation) end(ctx context.Context, u *op.Unit, state State) error {
	if i.State != Open {
		return i.ended()
	}
	i.State, i.EndedBy, i.EndedAt = state, u.Actor.UserName, u.Now
	n, err := u.Exec(ctx, endOpen, i.Partner, i.ID, i.State, i.Reason, i.Customer, i.Name, i.EndedBy, db.Micros(u.Now), Open)
	if err == nil && n == 0 {
		err = ErrEnded
	}
	return err
}

// ended refuses what only an open invitation takes.
func (i Invitation) ended() error { return ErrEnded.With("State", fault.Keys{i.State.Key()}) }

// Key returns the catalogue key of the name of s.
func (s State) Key() string {
	switch s {
	case Open:
		return "invitation.state.open"
	case Accepted:
		return "invitation.state.accepted"
	case Declined:
		return "invitation.state.declined"
	case Withdrawn:
		return "invitation.state.withdrawn"
	case Expired:
	}
	return "invitation.state.expired"
}

func scanInvitation(row db.Row) (Invitation, error) {
	var i Invitation
	var terms gdap.KeptTerms
	var created, expires, ended int64
	err := row.Scan(&i.Partner, &i.ID, &i.Token, &i.Provider, &i.Customer, &i.Name, &i.Recipient.Name, &i.Recipient.Email, &i.Source, &i.Language,
		&i.Delegated, &i.Message, &i.State, &i.Reason, &i.By, &i.ByName, &created, &expires, &i.EndedBy, &ended,
		&terms.Roles, &terms.Duration, &terms.AutoExtend, &terms.Groups, &i.ProviderName, &i.Subject, &i.Related)
	if err != nil {
		return i, err
	}
	i.CreatedAt, i.ExpiresAt, i.EndedAt = db.Time(created), db.Time(expires), db.Time(ended)
	i.Terms, err = terms.Terms()
	return i, err
}

// find returns the one invitation that s finds, as it stands now; the second
// result is false when there is none.
func find(ctx context.Context, u *op.Unit, s *db.Stmt, args ...any) (Invitation, bool, error) {
	all, err := db.All(ctx, u.Tx, s, args, scanInvitation)
	if err != nil || len(all) == 0 {
		return Invitation{}, false, err
	}
	return all[0].at(u.Now), true, nil
}

// own returns an invitation of the actor's organization, or refusal.NotFound.
func own(ctx context.Context, u *op.Unit, invitation string) (Invitation, error) {
	i, found, err := find(ctx, u, byID, u.Actor.Tenant, invitation)
	if err == nil && !found {
		err = refusal.NotFound
	}
	return i, err
}

// IsState reports whether s is the name of a state.
func IsState(s string) bool { return slices.Contains(States(), State(s)) }

// entry is an invitation as the log keeps it.
type entry struct {
	Id, Type   string //nolint:staticcheck // as the contract spells such names
	Provider   id.Tenant
	Recipient  Recipient
	Source     Source
	Roles      []string // names of the admin roles that it asks for
	State      State
	ExpiryDate time.Time
}

// log writes what happened with i to the log of its partner.
func (i Invitation) log(ctx context.Context, u *op.Unit, operation string) error {
	kind := ownType
	if i.Provider != "" {
		kind = jointType
	}
	data := map[string]string{}
	if i.Reason != "" {
		data["Reason"] = i.Reason
	}
	return u.Record(ctx, op.Record{
		Operation: operation, Resource: "partner_customer_relationship", Tenant: i.Partner, Customer: i.Customer, CustomerName: i.Name, Data: data,
		New: entry{Id: i.ID, Type: kind, Provider: i.Provider, Recipient: i.Recipient, Source: i.Source, Roles: i.Terms.Roles.Names(), State: i.State, ExpiryDate: i.ExpiresAt},
	})
}
