package identity

import (
	"context"

	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

// AddUser adds an account to the actor's organisation; the command line may
// name another (rule b48, log create_partner_user). AddOwnUser is the same for
// the administrators of a customer (rule c10, log create_customer_user).
var (
	AddUser    = op.Define(op.Spec{Name: "partner.user.add", Action: "partner.user.update", Write: true}, addUser)
	AddOwnUser = op.Define(op.Spec{Name: "own.user.add", Action: "own.user.update", Write: true}, addUser)
)

func addUser(ctx context.Context, u *op.Unit, in NewUser) (CreatedUser, error) {
	if err := own(u.Actor, &in.Tenant); err != nil {
		return CreatedUser{}, err
	}
	if err := mayTouch(u.Actor, in.Roles); err != nil {
		return CreatedUser{}, err
	}
	made, err := CreateUser(ctx, u, in)
	if err != nil {
		return CreatedUser{}, err
	}
	return made, recordUser(ctx, u, userCreated, nil, &made.User)
}

// own lets an actor work on its own organisation only. An empty tenant means
// that one; another is unknown to everybody but the installation itself.
func own(a op.Actor, tenant *id.Tenant) error {
	if *tenant == "" {
		*tenant = a.Tenant
	}
	if *tenant != a.Tenant && a.Kind != policy.System {
		return ErrTenantUnknown
	}
	return nil
}

// mayTouch refuses everybody but a Global admin the accounts of Global admins
// and the role itself (rules A13 and b48). It is the same with the admins of a
// customer, whatever the installation lets others do about people.
func mayTouch(a op.Actor, roles policy.Role) error {
	switch {
	case a.Kind == policy.Partner && roles&^a.Roles&policy.GlobalAdmin != 0:
		return ErrAdminOnly
	case a.Kind == policy.Customer && roles&^a.Roles&policy.CustomerAdmin != 0:
		return ErrCustomerAdminOnly
	}
	return nil
}

// UserKey names a user of the actor's organisation. Tenant is for the command
// line; empty means the actor's.
type UserKey struct {
	Tenant id.Tenant
	User   id.User
}

// find returns the user that k names for a change by the actor of u. A deleted
// one can only be restored, so that it is unknown here.
func (k *UserKey) find(ctx context.Context, u *op.Unit) (User, error) {
	n, err := k.any(ctx, u)
	if err == nil && n.Status == UserDeleted {
		err = ErrUserUnknown
	}
	return n, err
}

// any is find for deleted users too.
func (k *UserKey) any(ctx context.Context, u *op.Unit) (User, error) {
	if err := own(u.Actor, &k.Tenant); err != nil {
		return User{}, err
	}
	n, err := UserByID(ctx, u.Tx, k.Tenant, k.User)
	if err != nil {
		return User{}, err
	}
	return n, mayTouch(u.Actor, n.Roles)
}

// RoleChange is the input of SetRoles: the complete new set.
type RoleChange struct {
	UserKey
	Roles policy.Role
}

// RolesSet is the result of SetRoles. Admins is how many administrators the
// organisation has now, counted up to two: at one the reader is to be warned
// (rule A13).
type RolesSet struct {
	User   User
	Admins int
}

// SetRoles gives a user a new set of roles (rule b48). It refuses to take the
// last administrator away (rule A13). The change holds from the next request.
// SetOwnUserRoles is the same for the administrators of a customer (rule c10).
var (
	SetRoles        = op.Define(op.Spec{Name: "partner.user.roles", Action: "partner.user.update", Write: true}, setRoles)
	SetOwnUserRoles = op.Define(op.Spec{Name: "own.user.roles", Action: "own.user.update", Write: true}, setRoles)
)

func setRoles(ctx context.Context, u *op.Unit, in RoleChange) (RolesSet, error) {
	old, err := in.find(ctx, u)
	if err != nil {
		return RolesSet{}, err
	}
	if err := mayTouch(u.Actor, in.Roles); err != nil {
		return RolesSet{}, err
	}
	n := old
	n.Roles = in.Roles
	if err := SaveUser(ctx, u, n); err != nil {
		return RolesSet{}, err
	}
	n.Version++
	admins, err := countAdmins(ctx, u, n)
	if err != nil {
		return RolesSet{}, err
	}
	return RolesSet{n, admins}, recordUser(ctx, u, userUpdated, &old, &n)
}

func countAdmins(ctx context.Context, u *op.Unit, n User) (int, error) {
	tenant, err := TenantByID(ctx, u.Tx, n.Tenant)
	if err != nil {
		return 0, err
	}
	admins, err := adminsBeside(ctx, u.Tx, tenant.Kind, n)
	if isAdmin(tenant.Kind, n) {
		admins++
	}
	return min(admins, 2), err
}

// UserChange is the input of UpdateUser. Nil members stay as they are.
type UserChange struct {
	UserKey
	DisplayName, FirstName, LastName, Email, Phone, Language *string
	UsageLocation                                            *string // ISO 3166-1 alpha-2, or "" for unknown
	Blocked                                                  *bool
}

// UpdateUser changes names, contact data and whether a user may sign in (rule
// b48). Blocking ends what he is signed in to at the next request. UpdateOwnUser
// is the same for the administrators of a customer (rule c10).
var (
	UpdateUser    = op.Define(op.Spec{Name: "partner.user.update", Action: "partner.user.update", Write: true}, changeUser)
	UpdateOwnUser = op.Define(op.Spec{Action: "own.user.update", Write: true}, changeUser)
)

func changeUser(ctx context.Context, u *op.Unit, in UserChange) (User, error) {
	old, err := in.find(ctx, u)
	if err != nil {
		return User{}, err
	}
	n := old
	in.apply(&n)
	if err := SaveUser(ctx, u, n); err != nil {
		return User{}, err
	}
	n.Version++
	return n, recordUser(ctx, u, userUpdated, &old, &n)
}

func (in UserChange) apply(n *User) {
	set := func(to *string, from *string) {
		if from != nil {
			*to = *from
		}
	}
	set(&n.DisplayName, in.DisplayName)
	set(&n.FirstName, in.FirstName)
	set(&n.LastName, in.LastName)
	set(&n.Email, in.Email)
	set(&n.Phone, in.Phone)
	set(&n.Language, in.Language)
	set(&n.UsageLocation, in.UsageLocation)
	if in.Blocked != nil {
		n.Status = UserActive
		if *in.Blocked {
			n.Status = UserBlocked
		}
	}
}

// RemoveUser removes an account of the organisation for good (rule b48). The
// user name is free again.
var RemoveUser = op.Define(op.Spec{Name: "partner.user.remove", Action: "partner.user.update", Write: true},
	func(ctx context.Context, u *op.Unit, in UserKey) (struct{}, error) {
		old, err := in.find(ctx, u)
		if err != nil {
			return struct{}{}, err
		}
		gone := old
		gone.Status, gone.DeletedAt = UserDeleted, u.Now
		if err := SaveUser(ctx, u, gone); err != nil {
			return struct{}{}, err
		}
		if err := PurgeUser(ctx, u, in.Tenant, in.User); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, recordUser(ctx, u, userRemoved, &old, nil)
	})

// PasswordReset is the input of ResetPassword.
type PasswordReset struct {
	UserKey
	Password NewPassword // zero: one is generated
}

// ResetPassword gives a user a temporary password and signs him out everywhere.
// Only a Global admin may do so for a Global admin (rule A13). The result is
// the password when it was generated, to be shown once. ResetOwnUserPassword is
// the same for the administrators of a customer (rule c10, log
// reset_customer_user_password).
var (
	ResetPassword        = op.Define(op.Spec{Name: "partner.user.password", Action: "partner.user.update", Write: true}, resetPassword)
	ResetOwnUserPassword = op.Define(op.Spec{Name: "own.user.password", Action: "own.user.update", Write: true}, resetPassword)
)

func resetPassword(ctx context.Context, u *op.Unit, in PasswordReset) (string, error) {
	n, err := in.find(ctx, u)
	if err != nil {
		return "", err
	}
	password, err := PutPassword(ctx, u, in.Tenant, in.User, in.Password, true)
	if err != nil {
		return "", err
	}
	return password, recordCredential(ctx, u, n, passwordReset, "password_reset")
}
