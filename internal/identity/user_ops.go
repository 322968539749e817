package identity

import (
	"context"
	"strconv"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

// AddUser adds an account to the actor's organisation; the command line may
// name another (rule b48, log create_partner_user).
var AddUser = op.Define(op.Spec{Name: "partner.user.add", Action: "partner.user.update", Write: true},
	func(ctx context.Context, u *op.Unit, in NewUser) (CreatedUser, error) {
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
		return made, recordUser(ctx, u, "create_partner_user", nil, &made.User)
	})

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
// and the role itself (rules A13 and b48).
func mayTouch(a op.Actor, roles policy.Role) error {
	if a.Kind == policy.Partner && roles&policy.GlobalAdmin != 0 && a.Roles&policy.GlobalAdmin == 0 {
		return ErrAdminOnly
	}
	return nil
}

// userView is what the activity log keeps of a user.
type userView struct {
	ID          id.User
	Name        string
	DisplayName string
	Status      UserStatus
	Roles       []string
}

func viewUser(n *User) any {
	if n == nil {
		return nil
	}
	return userView{n.ID, n.Name, n.DisplayName, n.Status, n.Roles.Names()}
}

func recordUser(ctx context.Context, u *op.Unit, operation string, old, n *User) error {
	about := n
	if about == nil {
		about = old
	}
	return u.Record(ctx, op.Record{
		Operation: operation, Resource: "partner_user", Tenant: about.Tenant, Old: viewUser(old), New: viewUser(n),
		Data: map[string]string{"UserId": string(about.ID), "UserPrincipalName": about.Name},
	})
}

// UserKey names a user of the actor's organisation. Tenant is for the command
// line; empty means the actor's.
type UserKey struct {
	Tenant id.Tenant
	User   id.User
}

// find returns the user that k names for a change by the actor of u.
func (k *UserKey) find(ctx context.Context, u *op.Unit) (User, error) {
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
var SetRoles = op.Define(op.Spec{Name: "partner.user.roles", Action: "partner.user.update", Write: true},
	func(ctx context.Context, u *op.Unit, in RoleChange) (RolesSet, error) {
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
		return RolesSet{n, admins}, recordUser(ctx, u, "update_partner_user", &old, &n)
	})

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
	Blocked                                                  *bool
}

// UpdateUser changes names, contact data and whether a user may sign in (rule
// b48). Blocking ends what he is signed in to at the next request.
var UpdateUser = op.Define(op.Spec{Name: "partner.user.update", Action: "partner.user.update", Write: true},
	func(ctx context.Context, u *op.Unit, in UserChange) (User, error) {
		old, err := in.find(ctx, u)
		if err != nil {
			return User{}, err
		}
		if old.Status == UserDeleted {
			return User{}, ErrUserUnknown
		}
		n := old
		in.apply(&n)
		if err := SaveUser(ctx, u, n); err != nil {
			return User{}, err
		}
		n.Version++
		return n, recordUser(ctx, u, "update_partner_user", &old, &n)
	})

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
		return struct{}{}, recordUser(ctx, u, "remove_partner_user", &old, nil)
	})

// PasswordReset is the input of ResetPassword.
type PasswordReset struct {
	UserKey
	Password NewPassword // zero: one is generated
}

// ResetPassword gives a user a temporary password and signs him out everywhere.
// Only a Global admin may do so for a Global admin (rule A13). The result is
// the password when it was generated, to be shown once.
var ResetPassword = op.Define(op.Spec{Name: "partner.user.password", Action: "partner.user.update", Write: true},
	func(ctx context.Context, u *op.Unit, in PasswordReset) (string, error) {
		n, err := in.find(ctx, u)
		if err != nil {
			return "", err
		}
		password, err := PutPassword(ctx, u, in.Tenant, in.User, in.Password, true)
		if err != nil {
			return "", err
		}
		return password, recordCredential(ctx, u, n, "password_reset")
	})

// recordCredential notes a change of how n proves who he is, without any value.
func recordCredential(ctx context.Context, u *op.Unit, n User, change string) error {
	return u.Record(ctx, op.Record{
		Operation: "update_partner_user", Resource: "partner_user", Tenant: n.Tenant,
		Data: map[string]string{"UserId": string(n.ID), "UserPrincipalName": n.Name, "Change": change},
	})
}

// UserList asks for a page of the users of the actor's organisation, sorted by
// display name.
type UserList struct {
	Tenant id.Tenant   // for the command line; empty means the actor's
	Role   policy.Role // only those with one of these roles; 0 means everybody
	// Deleted lists the deleted users, who otherwise are left out.
	Deleted bool
	After   string // Next of the page before; "" starts
	Size    int    // 1 to 500; 0 means 50
}

// UserPage is a page of users. Total counts all users of the organisation,
// whatever the filter.
type UserPage struct {
	Users []User
	Next  string // "" on the last page
	Total int64
}

// ListUsers lists the users of the actor's organisation (rule b48).
var ListUsers = op.Define(op.Spec{Name: "partner.user.list", Action: "partner.user.update"},
	func(ctx context.Context, u *op.Unit, in UserList) (UserPage, error) {
		if err := own(u.Actor, &in.Tenant); err != nil {
			return UserPage{}, err
		}
		return UsersOf(ctx, u.Tx, in)
	})

// GetUser returns one user of the actor's organisation (rule b48).
var GetUser = op.Define(op.Spec{Name: "partner.user.get", Action: "partner.user.update"},
	func(ctx context.Context, u *op.Unit, in UserKey) (User, error) {
		if err := own(u.Actor, &in.Tenant); err != nil {
			return User{}, err
		}
		return UserByID(ctx, u.Tx, in.Tenant, in.User)
	})

// UsersOf returns a page of the users of an organisation. Who may see it is the
// caller's rule.
func UsersOf(ctx context.Context, t *db.Tx, in UserList) (UserPage, error) {
	tenant, err := TenantByID(ctx, t, in.Tenant)
	if err != nil {
		return UserPage{}, err
	}
	size := in.Size
	if size <= 0 || size > 500 {
		size = 50
	}
	after, last, err := splitCursor(in.After)
	if err != nil {
		return UserPage{}, err
	}
	without := int64(-1) // no set of roles is -1, so everybody passes
	if in.Role != 0 {
		without = 0
	}
	rows, err := t.Query(ctx, usersAfter, in.Tenant, after, last, int64(in.Role), without, in.Deleted, size+1)
	if err != nil {
		return UserPage{}, err
	}
	defer rows.Close()
	page := UserPage{Total: tenant.Users}
	for rows.Next() {
		n, err := scanUser(rows)
		if err != nil {
			return UserPage{}, err
		}
		if len(page.Users) == size {
			end := page.Users[size-1]
			page.Next = joinCursor(foldKey(end.DisplayName), string(end.ID))
			break
		}
		page.Users = append(page.Users, n)
	}
	return page, rows.Err()
}

// joinCursor and splitCursor keep the place in a list that is sorted by a key
// and an id.
func joinCursor(key, last string) string { return strconv.Quote(key) + last }

func splitCursor(s string) (key, last string, err error) {
	if s == "" {
		return "", "", nil
	}
	quoted, err := strconv.QuotedPrefix(s)
	if err != nil {
		return "", "", refusal.Argument.On("after").Because(err)
	}
	key, err = strconv.Unquote(quoted)
	return key, s[len(quoted):], err
}
