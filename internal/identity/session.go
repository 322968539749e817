package identity

import (
	"context"
	"errors"
	"strings"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// How long a session lasts, in real time. Idle times are those of portal.md 0.7.
const (
	idleOperator = 30 * time.Minute
	idleOthers   = 8 * time.Hour
	longest      = 7 * 24 * time.Hour
	// seenEvery is how exactly the last use of a session is kept.
	seenEvery = time.Minute
)

// idle returns how long a session of an organisation of kind k may rest.
func (k TenantKind) idle() time.Duration {
	if k == OperatorTenant {
		return idleOperator
	}
	return idleOthers
}

// Ways in which somebody proved who he is, as tokens name them (amr).
const (
	ByPassword = "pwd"
	ByOTP      = "otp"
	ByPasskey  = "fido"
	ByRecovery = "rcv"
	ByProvider = "fed" // signed in with an outside OpenID provider
	ByMFA      = "mfa" // a second factor was proved, here or there
)

// Session is a signed-in browser of a person.
type Session struct {
	Handle    string // names it in lists; not the cookie
	Tenant    id.Tenant
	User      id.User
	Methods   []string // ways in which the person proved himself, ByMFA among them after a second factor
	Address   string
	UserAgent string
	CreatedAt time.Time
	SeenAt    time.Time
	FactorAt  time.Time // when a second factor was proved last; zero when none was
}

// sessionFacts is what the gate keeps of a session.
type sessionFacts struct {
	Session
	hash []byte
}

// ErrSessionUnknown refuses a session that is not one of the person's.
var ErrSessionUnknown = fault.New(fault.NotFound, "1000", "identity.session.unknown")

const sessionColumns = `handle, tenant_id, user_id, methods, address, user_agent, created_at, seen_at, factor_at, hash`

var (
	insertSession = db.SQL(`INSERT INTO sessions (hash, tenant_id, user_id, handle, methods, address, user_agent, created_at, seen_at, factor_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`)
	sessionByHash   = db.SQL(`SELECT ` + sessionColumns + ` FROM sessions WHERE hash = $1`)
	sessionsOf      = db.SQL(`SELECT ` + sessionColumns + ` FROM sessions WHERE tenant_id = $1 AND user_id = $2 ORDER BY created_at`)
	touchSession    = db.SQL(`UPDATE sessions SET seen_at = $2 WHERE hash = $1 AND seen_at < $2`)
	deleteSession   = db.SQL(`DELETE FROM sessions WHERE hash = $1`)
	deleteOldSess   = db.SQL(`DELETE FROM sessions WHERE seen_at < $1`)
	deleteOldSignIn = db.SQL(`DELETE FROM sign_ins WHERE expires_at < $1`)
	deleteOldDevice = db.SQL(`DELETE FROM known_devices WHERE seen_at < $1`)

	putDevice = db.SQL(`INSERT INTO known_devices (hash, tenant_id, user_id, seen_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (hash) DO UPDATE SET tenant_id = excluded.tenant_id, user_id = excluded.user_id, seen_at = excluded.seen_at`)
	knownDevice = db.SQL(`SELECT seen_at FROM known_devices WHERE hash = $1 AND tenant_id = $2 AND user_id = $3`)
)

func scanSession(row db.Row) (sessionFacts, error) {
	var s sessionFacts
	var methods string
	var created, seen, factor int64
	err := row.Scan(&s.Handle, &s.Tenant, &s.User, &methods, &s.Address, &s.UserAgent, &created, &seen, &factor, &s.hash)
	s.Methods, s.CreatedAt, s.SeenAt, s.FactorAt = strings.Fields(methods), db.Time(created), db.Time(seen), db.Time(factor)
	return s, err
}

// newSession is the input of openSession.
type newSession struct {
	hash    []byte
	person  Person
	methods []string
	agent   string
	device  string
}

var openSession = op.Define(op.Spec{Name: "signin.session.open", Action: "signin", Write: true},
	func(ctx context.Context, u *op.Unit, in newSession) (struct{}, error) {
		now, factor := db.Micros(u.Wall), int64(0)
		if hasMFA(in.methods) {
			factor = now
		}
		p := in.person
		_, err := u.Exec(ctx, insertSession, in.hash, p.Tenant, p.ID, u.NewID(), strings.Join(in.methods, " "),
			u.Actor.Address, cut(in.agent, 300), now, now, factor)
		if err != nil || in.device == "" {
			return struct{}{}, err
		}
		_, err = u.Exec(ctx, putDevice, TokenHash(in.device), p.Tenant, p.ID, now)
		return struct{}{}, err
	})

func hasMFA(methods []string) bool {
	for _, m := range methods {
		if m == ByMFA {
			return true
		}
	}
	return false
}

// OpenSession signs p in and returns the session token for the cookie. device,
// the token of the browser, is remembered so that guesses from elsewhere do not
// slow the person down; "" remembers none.
func (g *Gate) OpenSession(ctx context.Context, a op.Actor, p Person, methods []string, userAgent, device string) (string, error) {
	token := Token()
	in := newSession{hash: TokenHash(token), person: p, methods: methods, agent: userAgent, device: device}
	if _, err := openSession.Do(ctx, g.k, plain(a), in); err != nil {
		return "", err
	}
	return token, nil
}

var resolveSession = op.Define(op.Spec{Name: "identity.resolve.session", Action: "identity.resolve"},
	func(ctx context.Context, u *op.Unit, hash []byte) (sessionFacts, error) {
		all, err := sessionRows(ctx, u.Tx, sessionByHash, hash)
		if err != nil {
			return sessionFacts{}, err
		}
		if len(all) == 0 {
			return sessionFacts{}, refusal.Unauthenticated
		}
		return all[0], nil
	})

func sessionRows(ctx context.Context, t *db.Tx, s *db.Stmt, keys ...any) ([]sessionFacts, error) {
	return db.All(ctx, t, s, keys, scanSession)
}

// Session returns the session with a token and the person it belongs to, as he
// is now. It refuses with refusal.Unauthenticated what has ended: by idleness,
// age, sign-out, revocation, a new password or a blocked account.
func (g *Gate) Session(ctx context.Context, token string) (Session, Person, error) {
	hash := TokenHash(token)
	s, err := g.sessions.get(string(hash), func() (sessionFacts, error) { return resolveSession.Do(ctx, g.k, op.Actor{}, hash) })
	if err != nil {
		return Session{}, Person{}, err
	}
	p, err := g.Person(ctx, s.Tenant, s.User)
	if errors.Is(err, ErrUserUnknown) {
		err = refusal.Unauthenticated
	}
	if err != nil {
		return Session{}, Person{}, err
	}
	now := g.k.Wall.Now()
	if s.over(p, now) {
		return Session{}, Person{}, refusal.Unauthenticated
	}
	if now.Sub(s.SeenAt) < seenEvery {
		return s.Session, p, nil
	}
	_, err = seeSession.Do(ctx, g.k, op.Actor{}, hash)
	return s.Session, p, err
}

// over reports whether s has ended by now for p.
func (s Session) over(p Person, now time.Time) bool {
	return p.Status != UserActive || s.CreatedAt.Before(p.ValidFrom) || now.Sub(s.SeenAt) >= p.TenantKind.idle() || now.Sub(s.CreatedAt) >= longest
}

var seeSession = op.Define(op.Spec{Name: "signin.session.see", Action: "signin", Write: true},
	func(ctx context.Context, u *op.Unit, hash []byte) (struct{}, error) {
		_, err := u.Exec(ctx, touchSession, hash, db.Micros(u.Wall))
		u.Changed(sessionFact(hash))
		return struct{}{}, err
	})

var closeSession = op.Define(op.Spec{Name: "signin.session.close", Action: "signin", Write: true},
	func(ctx context.Context, u *op.Unit, hash []byte) (struct{}, error) {
		_, err := u.Exec(ctx, deleteSession, hash)
		u.Changed(sessionFact(hash))
		return struct{}{}, err
	})

// CloseSession signs a browser out. A token that is no session's does nothing.
func (g *Gate) CloseSession(ctx context.Context, a op.Actor, token string) error {
	_, err := closeSession.Do(ctx, g.k, plain(a), TokenHash(token))
	return err
}

// ListSessions lists the sessions of the actor that have not ended, newest use
// first.
var ListSessions = op.Define(op.Spec{Name: "profile.sessions", Action: "profile.update"},
	func(ctx context.Context, u *op.Unit, _ struct{}) ([]Session, error) {
		p, err := personIn(ctx, u)
		if err != nil {
			return nil, err
		}
		return liveSessions(ctx, u, p)
	})

// liveSessions returns the sessions of a person that have not ended, the one that
// was opened last first.
func liveSessions(ctx context.Context, u *op.Unit, p Person) ([]Session, error) {
	all, err := sessionRows(ctx, u.Tx, sessionsOf, p.Tenant, p.ID)
	if err != nil {
		return nil, err
	}
	var live []Session
	for i := len(all) - 1; i >= 0; i-- {
		if !all[i].over(p, u.Wall) {
			live = append(live, all[i].Session)
		}
	}
	return live, nil
}

// UserSessions lists the sessions of a user of the actor's organisation as
// ListSessions does for oneself (rule b48). OwnUserSessions is the same for the
// administrators of a customer (rule c10).
var (
	UserSessions    = op.Define(op.Spec{Name: "partner.user.sessions", Action: "partner.user.update"}, userSessions)
	OwnUserSessions = op.Define(op.Spec{Name: "own.user.sessions", Action: "own.user.update"}, userSessions)
)

func userSessions(ctx context.Context, u *op.Unit, in UserKey) ([]Session, error) {
	if err := own(u.Actor, &in.Tenant); err != nil {
		return nil, err
	}
	p, err := personNamed(ctx, u, in.Tenant, in.User)
	if errors.Is(err, refusal.Unauthenticated) {
		err = ErrUserUnknown
	}
	if err != nil {
		return nil, err
	}
	return liveSessions(ctx, u, p)
}

// personIn returns the actor of u as he is now.
func personIn(ctx context.Context, u *op.Unit) (Person, error) {
	return personNamed(ctx, u, u.Actor.Tenant, u.Actor.User)
}

func personNamed(ctx context.Context, u *op.Unit, tenant id.Tenant, user id.User) (Person, error) {
	rows, err := u.Query(ctx, personByID, tenant, user)
	if err != nil {
		return Person{}, err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return Person{}, err
		}
		return Person{}, refusal.Unauthenticated
	}
	return scanPerson(rows)
}

// SessionKey names sessions of the actor: one by its handle, or, with Handle
// empty, all but the one with the handle Keep.
type SessionKey struct{ Handle, Keep string }

// RevokeSessions ends sessions of the actor; they are over at their next
// request. It returns how many.
var RevokeSessions = op.Define(op.Spec{Name: "profile.sessions.revoke", Action: "profile.update", Write: true},
	func(ctx context.Context, u *op.Unit, in SessionKey) (int, error) {
		all, err := sessionRows(ctx, u.Tx, sessionsOf, u.Actor.Tenant, u.Actor.User)
		if err != nil {
			return 0, err
		}
		n := 0
		for _, s := range all {
			if (in.Handle != "" && s.Handle != in.Handle) || s.Handle == in.Keep {
				continue
			}
			if _, err := u.Exec(ctx, deleteSession, s.hash); err != nil {
				return 0, err
			}
			u.Changed(sessionFact(s.hash))
			n++
		}
		if in.Handle != "" && n == 0 {
			return 0, ErrSessionUnknown
		}
		return n, nil
	})

// SignOutUser ends everything that a user of the actor's organisation is signed
// in to: sessions, and the tokens that applications hold for him (rule b48).
// SignOutOwnUser is the same for the administrators of a customer (rule c10).
var (
	SignOutUser    = op.Define(op.Spec{Name: "partner.user.signout", Action: "partner.user.update", Write: true}, signOutUser)
	SignOutOwnUser = op.Define(op.Spec{Name: "own.user.signout", Action: "own.user.update", Write: true}, signOutUser)
)

func signOutUser(ctx context.Context, u *op.Unit, in UserKey) (struct{}, error) {
	n, err := in.find(ctx, u)
	if err != nil {
		return struct{}{}, err
	}
	if _, err := u.Exec(ctx, endTokens, n.Tenant, n.ID, db.Micros(u.Wall)); err != nil {
		return struct{}{}, err
	}
	u.Changed(userFact(n.Tenant, n.ID))
	return struct{}{}, recordCredential(ctx, u, n, userUpdated, "signed_out")
}

// endTokens makes everything void that was made for a user before.
var endTokens = db.SQL(`UPDATE users SET valid_from = $3 WHERE tenant_id = $1 AND id = $2`)

// Tidy removes sessions, sign-ins and remembered browsers that are long over.
// The installation runs it from time to time.
var Tidy = op.Define(op.Spec{Name: "identity.tidy", Action: "identity.tidy", Write: true},
	func(ctx context.Context, u *op.Unit, _ struct{}) (struct{}, error) {
		for s, at := range map[*db.Stmt]time.Time{
			deleteOldSess: u.Wall.Add(-longest), deleteOldSignIn: u.Wall, deleteOldDevice: u.Wall.AddDate(-1, 0, 0),
		} {
			if _, err := u.Exec(ctx, s, db.Micros(at)); err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, nil
	})
