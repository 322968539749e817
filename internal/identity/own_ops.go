package identity

import (
	"context"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

// ErrPasswordCurrent refuses a new password because the current one is wrong.
var ErrPasswordCurrent = fault.New(fault.Invalid, "27002", "identity.password.current")

// ErrPasswordSame refuses a new password that is the current one.
var ErrPasswordSame = fault.New(fault.Invalid, "27002", "identity.password.same")

type passwordChange struct{ Password NewPassword }

var changePassword = op.Define(op.Spec{Name: "profile.password", Action: "profile.update", Write: true},
	func(ctx context.Context, u *op.Unit, in passwordChange) (struct{}, error) {
		if _, err := PutPassword(ctx, u, u.Actor.Tenant, u.Actor.User, in.Password, false); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, recordOwn(ctx, u, "password")
	})

var ownVerifier = db.SQL(`SELECT password FROM users WHERE tenant_id = $1 AND id = $2`)

var readVerifier = op.Define(op.Spec{Name: "profile.password.check", Action: "profile.update"},
	func(ctx context.Context, u *op.Unit, _ struct{}) (Verifier, error) {
		var v Verifier
		_, err := u.Found(ctx, ownVerifier, []any{u.Actor.Tenant, u.Actor.User}, &v)
		return v, err
	})

// ChangePassword gives the actor the password that he chose, and ends whatever
// else he is signed in to; his own browser needs a new session. current must be
// his password so far.
func (g *Gate) ChangePassword(ctx context.Context, a op.Actor, current, chosen string) error {
	v, err := readVerifier.Do(ctx, g.k, a, struct{}{})
	if err != nil {
		return err
	}
	try := attemptFor("change\x00"+string(a.User), a.Address, "")
	if err := g.tries.begin(try, g.k.Wall.Now()); err != nil {
		return err
	}
	right, err := v.Matches(ctx, current)
	if err != nil {
		return err
	}
	if !right {
		return ErrPasswordCurrent.On("current")
	}
	g.tries.succeeded(try)
	if current == chosen {
		return ErrPasswordSame.On("password")
	}
	p, err := ChosenPassword(ctx, a.UserName, chosen)
	if err != nil {
		return err
	}
	_, err = changePassword.Do(ctx, g.k, plain(a), passwordChange{p})
	return err
}

// ReplacePassword gives the actor the password that he chose in the place of a
// temporary one, which he has just proved to know. Somebody whose password is
// not temporary has to use ChangePassword.
func (g *Gate) ReplacePassword(ctx context.Context, a op.Actor, chosen string) error {
	p, err := g.Person(ctx, a.Tenant, a.User)
	if err != nil {
		return err
	}
	if !p.MustChange {
		return ErrPasswordCurrent.On("current")
	}
	v, err := readVerifier.Do(ctx, g.k, a, struct{}{})
	if err != nil {
		return err
	}
	if same, err := v.Matches(ctx, chosen); err != nil {
		return err
	} else if same {
		return ErrPasswordSame.On("password")
	}
	n, err := ChosenPassword(ctx, a.UserName, chosen)
	if err != nil {
		return err
	}
	_, err = changePassword.Do(ctx, g.k, plain(a), passwordChange{n})
	return err
}

// OwnProfile is the input of UpdateOwnProfile. Nil members stay as they are.
type OwnProfile struct {
	Language *string // "en", "fr", "sv", or "" to follow the browser
	Email    *string
	Phone    *string
}

// ErrLanguage refuses a language that Comptoir does not speak.
var ErrLanguage = fault.New(fault.Invalid, "27002", "identity.user.language")

// UpdateOwnProfile changes the actor's own language and contact data (rule b51).
var UpdateOwnProfile = op.Define(op.Spec{Name: "profile.update", Action: "profile.update", Write: true},
	func(ctx context.Context, u *op.Unit, in OwnProfile) (User, error) {
		n, err := UserByID(ctx, u.Tx, u.Actor.Tenant, u.Actor.User)
		if err != nil {
			return User{}, err
		}
		if in.Language != nil {
			switch *in.Language {
			case "", "en", "fr", "sv":
			default:
				return User{}, ErrLanguage.On("language")
			}
		}
		UserChange{Language: in.Language, Email: in.Email, Phone: in.Phone}.apply(&n)
		n = n.tidy()
		return n, updateUserRow(ctx, u, n)
	})

// Access is what a person reads about himself on My access (P-22).
type Access struct {
	User   User
	Tenant Tenant
	Org    policy.Org
	Groups []Group
	// Admins are the people who can give more access, up to 20.
	Admins []User
}

var adminsOf = db.SQL(`SELECT ` + userColumns + ` FROM users
	WHERE tenant_id = $1 AND status = 'active' AND roles & $2 <> 0 ORDER BY display_key, id LIMIT 20`)

// MyAccess returns the roles and groups of the actor and the administrators of
// his organisation (P-22).
var MyAccess = op.Define(op.Spec{Name: "profile.access", Action: "profile.update"},
	func(ctx context.Context, u *op.Unit, _ struct{}) (Access, error) {
		n, err := UserByID(ctx, u.Tx, u.Actor.Tenant, u.Actor.User)
		if err != nil {
			return Access{}, err
		}
		t, err := TenantByID(ctx, u.Tx, n.Tenant)
		if err != nil {
			return Access{}, err
		}
		a := Access{User: n, Tenant: t, Org: u.Actor.Org}
		if a.Groups, err = ownGroups(ctx, u, n); err != nil {
			return Access{}, err
		}
		a.Admins, err = Admins(ctx, u.Tx, t)
		return a, err
	})

func ownGroups(ctx context.Context, u *op.Unit, n User) ([]Group, error) {
	ids, err := GroupsOfUser(ctx, u.Tx, n.Tenant, n.ID, n.Roles)
	if err != nil {
		return nil, err
	}
	in := make(map[id.Group]bool, len(ids))
	for _, g := range ids {
		in[g] = true
	}
	all, err := Groups(ctx, u.Tx, n.Tenant)
	var own []Group
	for _, g := range all {
		if in[g.ID] {
			own = append(own, g)
		}
	}
	return own, err
}

// Admins returns the administrators of an organisation, up to 20: the people
// whom refusals name (RF-06, RF-10, RF-25).
func Admins(ctx context.Context, t *db.Tx, tenant Tenant) ([]User, error) {
	return db.All(ctx, t, adminsOf, []any{tenant.ID, int64(tenant.Kind.admin())}, scanUser)
}
