package identity

import (
	"context"

	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/op"
)

// Refusals of a sign-in. ErrSignIn is the one answer to a wrong password and to
// an unknown user name in the portal; ErrNoSuchUser tells the latter for the
// token endpoint, which may say so.
var (
	ErrSignIn     = fault.New(fault.Unauthenticated, "400", "identity.signin.wrong")
	ErrNoSuchUser = fault.New(fault.Unauthenticated, "400", "identity.signin.no_such_user")
	ErrBlocked    = fault.New(fault.Unauthenticated, "400", "identity.signin.blocked")
)

// PasswordTry is what somebody presents to sign in.
type PasswordTry struct {
	UserName string
	Password string
	Address  string // network address he calls from
	// Device is the device token of the browser, when it has one (see Remember).
	Device string
}

// personAndVerifier is what resolveName finds.
type personAndVerifier struct {
	person   Person
	verifier Verifier
	known    bool // there is such a user
	device   bool // the browser is known to be his
}

type nameAndDevice struct {
	name   string
	device string
}

var resolveName = op.Define(op.Spec{Name: "identity.resolve.name", Action: "identity.resolve"},
	func(ctx context.Context, u *op.Unit, in nameAndDevice) (found personAndVerifier, err error) {
		if found.known, err = findPerson(ctx, u, in.name, &found); err != nil || !found.known || in.device == "" {
			return found, err
		}
		p := found.person
		found.device, err = u.Found(ctx, knownDevice, []any{TokenHash(in.device), p.Tenant, p.ID}, new(int64))
		return found, err
	})

func findPerson(ctx context.Context, u *op.Unit, name string, into *personAndVerifier) (bool, error) {
	rows, err := u.Query(ctx, personByName, nameKey(name))
	if err != nil {
		return false, err
	}
	defer rows.Close()
	if !rows.Next() {
		return false, rows.Err()
	}
	into.person, err = scanPerson(rows, &into.verifier)
	return true, err
}

// CheckPassword returns the person whose name and password these are. It
// refuses with ErrSignIn, ErrNoSuchUser, ErrBlocked (the password was right),
// or ErrTooManyTries, and takes the same time for a wrong name as for a wrong
// password. A failed try for a known name stands in the activity log of its
// organisation (rule K3).
func (g *Gate) CheckPassword(ctx context.Context, a op.Actor, in PasswordTry) (Person, error) {
	found, err := resolveName.Do(ctx, g.k, a, nameAndDevice{in.UserName, in.Device})
	if err != nil {
		return Person{}, err
	}
	device := ""
	if found.device {
		device = in.Device
	}
	try := attemptFor(nameKey(in.UserName), in.Address, device)
	if err := g.tries.begin(try, g.k.Wall.Now()); err != nil {
		return Person{}, err
	}
	right, err := found.verifier.Matches(ctx, in.Password)
	if err != nil {
		return Person{}, err
	}
	switch {
	case !found.known || found.person.Status == UserDeleted:
		return Person{}, ErrNoSuchUser
	case !right:
		return Person{}, g.failed(ctx, a, found.person, "password", ErrSignIn)
	case found.person.Status != UserActive:
		return Person{}, g.failed(ctx, a, found.person, "blocked", ErrBlocked)
	}
	g.tries.succeeded(try)
	return found.person, nil
}

// failed records a failed try to sign in as p and returns refusal.
func (g *Gate) failed(ctx context.Context, a op.Actor, p Person, reason string, refusal error) error {
	in := failedTry{Tenant: p.Tenant, User: p.ID, Name: p.Name, Reason: reason}
	if _, err := recordFailedTry.Do(ctx, g.k, plain(a), in); err != nil {
		return err
	}
	return refusal
}

// PersonNamed returns the person with a user name, or ErrNoSuchUser: somebody
// for whom an outside provider vouches. It refuses with ErrBlocked who may not
// sign in.
func (g *Gate) PersonNamed(ctx context.Context, a op.Actor, userName string) (Person, error) {
	found, err := resolveName.Do(ctx, g.k, a, nameAndDevice{name: userName})
	switch {
	case err != nil:
		return Person{}, err
	case !found.known || found.person.Status == UserDeleted:
		return Person{}, ErrNoSuchUser
	case found.person.Status != UserActive:
		return Person{}, g.failed(ctx, a, found.person, "blocked", ErrBlocked)
	}
	return found.person, nil
}

type failedTry struct {
	Tenant id.Tenant
	User   id.User
	Name   string
	Reason string
}

var recordFailedTry = op.Define(op.Spec{Name: "signin.failed", Action: "signin", Write: true},
	func(ctx context.Context, u *op.Unit, in failedTry) (struct{}, error) {
		return struct{}{}, u.Record(ctx, op.Record{
			Operation: "access_refused", Resource: "partner_user", Tenant: in.Tenant, Status: op.Failed,
			Data: map[string]string{"UserId": string(in.User), "UserPrincipalName": in.Name, "action": "signin", "reason": in.Reason},
		})
	})
