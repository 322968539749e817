package identity

import (
	"context"
	"slices"
	"strings"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// A sign-in is under way for so long, and takes so many wrong codes.
const (
	signInTime  = 15 * time.Minute
	signInTries = 5
)

// SignIn is a sign-in under way: something was proved already (Methods), and
// more is asked before there is a session.
type SignIn struct {
	Tenant  id.Tenant
	User    id.User
	Methods []string
}

// MFA reports whether a second factor was proved.
func (s SignIn) MFA() bool { return hasMFA(s.Methods) }

var (
	insertSignIn = db.SQL(`INSERT INTO sign_ins (hash, tenant_id, user_id, methods, ceremony, tries, expires_at)
		VALUES ($1, $2, $3, $4, $5, 0, $6)`)
	signInByHash = db.SQL(`SELECT tenant_id, user_id, methods, ceremony, tries, expires_at FROM sign_ins WHERE hash = $1`)
	countTry     = db.SQL(`UPDATE sign_ins SET tries = tries + 1 WHERE hash = $1`)
	setCeremony  = db.SQL(`UPDATE sign_ins SET ceremony = $2 WHERE hash = $1`)
	setMethods   = db.SQL(`UPDATE sign_ins SET methods = $2, ceremony = $3 WHERE hash = $1`)
	deleteSignIn = db.SQL(`DELETE FROM sign_ins WHERE hash = $1`)
)

type newSignIn struct {
	hash   []byte
	signIn SignIn
}

var beginSignIn = op.Define(op.Spec{Name: "signin.begin", Action: "signin", Write: true},
	func(ctx context.Context, u *op.Unit, in newSignIn) (struct{}, error) {
		_, err := u.Exec(ctx, insertSignIn, in.hash, in.signIn.Tenant, in.signIn.User, strings.Join(in.signIn.Methods, " "),
			[]byte{}, db.Micros(u.Wall.Add(signInTime)))
		return struct{}{}, err
	})

// BeginSignIn keeps what p has proved so far and returns a token for it.
func (g *Gate) BeginSignIn(ctx context.Context, a op.Actor, p Person, methods ...string) (string, error) {
	token := Token()
	in := newSignIn{TokenHash(token), SignIn{p.Tenant, p.ID, methods}}
	if _, err := beginSignIn.Do(ctx, g.k, plain(a), in); err != nil {
		return "", err
	}
	return token, nil
}

// plain takes the idempotency key off an actor: nothing of a sign-in is ever
// answered from memory.
func plain(a op.Actor) op.Actor {
	a.IdempotencyKey = ""
	return a
}

// signInRow is a sign-in with the state of a passkey exchange.
type signInRow struct {
	SignIn
	ceremony []byte
}

// findSignIn returns a sign-in that is still under way.
func findSignIn(ctx context.Context, u *op.Unit, hash []byte) (signInRow, error) {
	var s signInRow
	var methods string
	var tries, expires int64
	found, err := u.Found(ctx, signInByHash, []any{hash}, &s.Tenant, &s.User, &methods, &s.ceremony, &tries, &expires)
	if err != nil {
		return signInRow{}, err
	}
	if !found || tries >= signInTries || !u.Wall.Before(db.Time(expires)) {
		return signInRow{}, refusal.Unauthenticated
	}
	s.Methods = strings.Fields(methods)
	return s, nil
}

var resolveSignIn = op.Define(op.Spec{Name: "identity.resolve.signin", Action: "identity.resolve"},
	findSignIn)

// SignIn returns the sign-in with a token and the person, or
// refusal.Unauthenticated when it is over.
func (g *Gate) SignIn(ctx context.Context, token string) (SignIn, Person, error) {
	s, err := resolveSignIn.Do(ctx, g.k, op.Actor{}, TokenHash(token))
	if err != nil {
		return SignIn{}, Person{}, err
	}
	p, err := g.Person(ctx, s.Tenant, s.User)
	return s.SignIn, p, err
}

var endSignIn = op.Define(op.Spec{Name: "signin.end", Action: "signin", Write: true},
	func(ctx context.Context, u *op.Unit, hash []byte) (struct{}, error) {
		_, err := u.Exec(ctx, deleteSignIn, hash)
		return struct{}{}, err
	})

// EndSignIn forgets a sign-in, because it is done or given up.
func (g *Gate) EndSignIn(ctx context.Context, a op.Actor, token string) error {
	_, err := endSignIn.Do(ctx, g.k, plain(a), TokenHash(token))
	return err
}

// Proof is what somebody presents as his second factor: a code of an
// authenticator app, a recovery code, or the answer of a passkey.
type Proof struct {
	Code     string
	Recovery string
	Site     RelyingParty
	Passkey  []byte // JSON of the browser's credentials.get
}

type proofOf struct {
	hash  []byte
	proof Proof
}

type proved struct {
	ok      bool
	methods []string
	person  User
}

// prove checks a second factor. A wrong one is a result and no error, so that
// the try is counted.
var prove = op.Define(op.Spec{Name: "signin.prove", Action: "signin", Write: true},
	func(ctx context.Context, u *op.Unit, in proofOf) (proved, error) {
		s, err := findSignIn(ctx, u, in.hash)
		if err != nil {
			return proved{}, err
		}
		p, err := UserByID(ctx, u.Tx, s.Tenant, s.User)
		if err != nil {
			return proved{}, err
		}
		method, err := in.proof.check(ctx, u, p, s.ceremony)
		if err != nil {
			return proved{}, err
		}
		if method == "" {
			_, err := u.Exec(ctx, countTry, in.hash)
			return proved{person: p}, err
		}
		methods := s.Methods
		for _, m := range []string{method, ByMFA} {
			if !slices.Contains(methods, m) {
				methods = append(methods, m)
			}
		}
		_, err = u.Exec(ctx, setMethods, in.hash, strings.Join(methods, " "), []byte{})
		return proved{true, methods, p}, err
	})

// check returns how the proof proves that p is there, or "" when it does not.
func (in Proof) check(ctx context.Context, u *op.Unit, p User, ceremony []byte) (method string, err error) {
	var ok bool
	switch {
	case len(in.Passkey) > 0:
		method = ByPasskey
		ok, err = checkProof(ctx, u, in.Site, p, ceremony, in.Passkey)
	case in.Recovery != "":
		method = ByRecovery
		ok, err = useRecovery(ctx, u, p, in.Recovery)
	default:
		method = ByOTP
		ok, err = checkTOTP(ctx, u, p, in.Code)
	}
	if err != nil || !ok {
		return "", err
	}
	return method, nil
}

func useRecovery(ctx context.Context, u *op.Unit, p User, typed string) (bool, error) {
	n, err := u.Exec(ctx, useRecoveryCode, p.Tenant, p.ID, recoveryHash(p.ID, normaliseRecoveryCode(typed)))
	return n == 1, err
}

func checkTOTP(ctx context.Context, u *op.Unit, p User, code string) (bool, error) {
	all, err := factorsIn(ctx, u.Tx, p.Tenant, p.ID, false)
	if err != nil {
		return false, err
	}
	for _, f := range all {
		if f.Kind != FactorTOTP {
			continue
		}
		step, err := totpStep(f.secret, code, u.Wall, f.counter)
		if err != nil {
			return false, err
		}
		if step != 0 {
			return f.use(ctx, u, p, step, []byte{})
		}
	}
	return false, nil
}

// use marks a factor as used with a counter that must be higher than before.
func (f factorRow) use(ctx context.Context, u *op.Unit, p User, counter int64, credential []byte) (bool, error) {
	n, err := u.Exec(ctx, useFactor, p.Tenant, p.ID, f.ID, counter, db.Micros(u.Wall), credential)
	return n == 1, err
}

// Prove adds a second factor to a sign-in. It refuses with ErrFactorCode a
// wrong or used one, with ErrTooManyTries a caller who has to wait, and with
// refusal.Unauthenticated when the sign-in is over.
func (g *Gate) Prove(ctx context.Context, a op.Actor, token string, in Proof) (SignIn, error) {
	s, p, err := g.SignIn(ctx, token)
	if err != nil {
		return SignIn{}, err
	}
	try := attempt{
		"f\x00" + string(p.ID) + "\x00" + networkOf(a.Address): perAccount,
		"F\x00" + string(p.ID):                                 perPerson,
	}
	if err := g.tries.begin(try, g.k.Wall.Now()); err != nil {
		return SignIn{}, err
	}
	out, err := prove.Do(ctx, g.k, plain(a), proofOf{TokenHash(token), in})
	if err != nil {
		return SignIn{}, err
	}
	if !out.ok {
		return SignIn{}, g.failed(ctx, a, p, "second_factor", ErrFactorCode.On("code"))
	}
	g.tries.succeeded(try)
	s.Methods = out.methods
	return s, nil
}

type enrolledBy struct {
	hash   []byte
	method string
}

var enrolled = op.Define(op.Spec{Name: "signin.enrolled", Action: "signin", Write: true},
	func(ctx context.Context, u *op.Unit, in enrolledBy) (struct{}, error) {
		s, err := findSignIn(ctx, u, in.hash)
		if err != nil {
			return struct{}{}, err
		}
		if s.Tenant != u.Actor.Tenant || s.User != u.Actor.User {
			return struct{}{}, refusal.Unauthenticated
		}
		_, err = u.Exec(ctx, setMethods, in.hash, strings.Join(append(s.Methods, in.method, ByMFA), " "), []byte{})
		return struct{}{}, err
	})

// Enrolled notes in a sign-in of the actor that he has confirmed a first second
// factor during it, which proves that he has it.
func (g *Gate) Enrolled(ctx context.Context, a op.Actor, token, method string) error {
	_, err := enrolled.Do(ctx, g.k, plain(a), enrolledBy{TokenHash(token), method})
	return err
}

type passkeyAsk struct {
	hash []byte
	site RelyingParty
}

var askPasskey = op.Define(op.Spec{Name: "signin.passkey", Action: "signin", Write: true},
	func(ctx context.Context, u *op.Unit, in passkeyAsk) ([]byte, error) {
		s, err := findSignIn(ctx, u, in.hash)
		if err != nil {
			return nil, err
		}
		p, err := UserByID(ctx, u.Tx, s.Tenant, s.User)
		if err != nil {
			return nil, err
		}
		options, ceremony, err := beginProof(ctx, u, in.site, p)
		if err != nil {
			return nil, err
		}
		_, err = u.Exec(ctx, setCeremony, in.hash, ceremony)
		return options, err
	})

// AskPasskey starts a passkey exchange in a sign-in and returns the JSON that
// the browser's credentials.get takes; Prove takes its answer.
func (g *Gate) AskPasskey(ctx context.Context, a op.Actor, token string, site RelyingParty) ([]byte, error) {
	return askPasskey.Do(ctx, g.k, plain(a), passkeyAsk{TokenHash(token), site})
}
