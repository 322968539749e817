package identity

import (
	"context"
	"strings"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/place"
	"comptoir/internal/policy"
)

// NewUser describes an account to be. Name is complete, or stands before the @
// of the organisation's default domain.
type NewUser struct {
	Tenant        id.Tenant
	Name          string
	DisplayName   string // empty: made of the other names
	FirstName     string
	LastName      string
	Email         string
	Phone         string
	Language      string
	UsageLocation string
	ImmutableID   string
	Roles         policy.Role
	Password      NewPassword // zero: one is generated
	// KeepPassword says that the person need not choose another password at the
	// first sign-in.
	KeepPassword bool
}

// CreatedUser is a new account. Password is set when it was generated and is
// shown once.
type CreatedUser struct {
	User     User
	Password string
}

// CreateUser adds an account to an organisation in the transaction of u. Who
// may do so is the caller's rule. It refuses names of the wrong form, a domain
// that is not the organisation's or whose people sign in elsewhere, a taken
// user name (1003) and roles that such an organisation does not have.
func CreateUser(ctx context.Context, u *op.Unit, in NewUser) (CreatedUser, error) {
	tenant, err := TenantByID(ctx, u.Tx, in.Tenant)
	if err != nil {
		return CreatedUser{}, err
	}
	if !strings.Contains(in.Name, "@") {
		in.Name += "@" + tenant.DefaultDomain
	}
	n := User{
		Tenant: in.Tenant, ID: id.User(u.NewID()), Name: strings.TrimSpace(in.Name), DisplayName: in.DisplayName,
		FirstName: in.FirstName, LastName: in.LastName, Email: in.Email, Phone: in.Phone, Language: in.Language,
		UsageLocation: in.UsageLocation, ImmutableID: in.ImmutableID, Status: UserActive, Roles: in.Roles,
		MustChange: !in.KeepPassword, CreatedAt: u.Now, Version: 1,
	}.tidy()
	if n.DisplayName == "" {
		n.DisplayName = displayName(n)
	}
	if err := checkUser(ctx, u, tenant, n); err != nil {
		return CreatedUser{}, err
	}
	v, generated := in.Password.orGenerated()
	if err := insertUserRow(ctx, u, n, v); err != nil {
		return CreatedUser{}, err
	}
	if _, err := u.Exec(ctx, countUsers, in.Tenant, 1); err != nil {
		return CreatedUser{}, err
	}
	return CreatedUser{User: n, Password: generated}, nil
}

func displayName(n User) string {
	if full := strings.TrimSpace(n.FirstName + " " + n.LastName); full != "" {
		return full
	}
	local, _, _ := strings.Cut(n.Name, "@")
	return local
}

// checkUser refuses what cannot be an account of tenant.
func checkUser(ctx context.Context, u *op.Unit, tenant Tenant, n User) error {
	l := checkNames(n.DisplayName, n.FirstName, n.LastName)
	l.Add(checkRoles(tenant.Kind, n.Roles))
	if _, known := place.World().Country(n.UsageLocation); n.UsageLocation != "" && !known {
		l.Add(ErrUsageLocation.On("usageLocation"))
	}
	refused, err := checkUserName(ctx, u, tenant.ID, n.Name)
	if err != nil {
		return err
	}
	l.Add(refused)
	return l.Err()
}

func checkUserName(ctx context.Context, u *op.Unit, tenant id.Tenant, name string) (*fault.Error, error) {
	_, domain, refused := ParseUserName(name)
	if refused != nil {
		return refused.On("userPrincipalName"), nil
	}
	d, found, err := DomainOwner(ctx, u.Tx, domain)
	switch {
	case err != nil:
		return nil, err
	case !found || d.Tenant != tenant:
		return ErrUserDomain.On("userPrincipalName").With("Domain", domain), nil
	case d.Federated:
		return ErrUserFederated.On("userPrincipalName").With("Domain", domain), nil
	}
	return nil, nil
}

// SaveUser writes a changed account in the transaction of u: names, contact
// data, roles and status, but nothing about signing in. Who may do so is the
// caller's rule. It refuses what CreateUser refuses, and to take the last
// administrator from an organisation (rule A13).
func SaveUser(ctx context.Context, u *op.Unit, n User) error {
	n = n.tidy()
	tenant, err := TenantByID(ctx, u.Tx, n.Tenant)
	if err != nil {
		return err
	}
	old, err := UserByID(ctx, u.Tx, n.Tenant, n.ID)
	if err != nil {
		return err
	}
	if err := checkUser(ctx, u, tenant, n); err != nil {
		return err
	}
	if err := keepAdmin(ctx, u, tenant.Kind, old, n); err != nil {
		return err
	}
	if d := liveUsers(n) - liveUsers(old); d != 0 {
		if _, err := u.Exec(ctx, countUsers, n.Tenant, d); err != nil {
			return err
		}
	}
	return updateUserRow(ctx, u, n)
}

func liveUsers(n User) int64 {
	if n.Status == UserDeleted {
		return 0
	}
	return 1
}

// isAdmin reports whether n can act as administrator of an organisation of kind k.
func isAdmin(k TenantKind, n User) bool { return n.Status == UserActive && n.Roles&k.admin() != 0 }

// keepAdmin refuses a change from old to n that leaves the organisation without
// an administrator (rule A13).
func keepAdmin(ctx context.Context, u *op.Unit, k TenantKind, old, n User) error {
	if !isAdmin(k, old) || isAdmin(k, n) {
		return nil
	}
	left, err := adminsBeside(ctx, u.Tx, k, old)
	if err != nil {
		return err
	}
	if left == 0 {
		return ErrLastAdmin.On("roles")
	}
	return nil
}

// adminsBeside counts the administrators of the organisation other than n, up to two.
func adminsBeside(ctx context.Context, t *db.Tx, k TenantKind, n User) (int, error) {
	rows, err := t.Query(ctx, otherAdmins, n.Tenant, n.ID, int64(k.admin()))
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	count := 0
	for rows.Next() {
		count++
	}
	return count, rows.Err()
}

// PutPassword gives a user another password in the transaction of u, and ends
// what he is signed in to: his sessions and the tokens made for him before. It
// returns the password when it was generated.
func PutPassword(ctx context.Context, u *op.Unit, tenant id.Tenant, user id.User, p NewPassword, mustChange bool) (string, error) {
	v, generated := p.orGenerated()
	n, err := u.Exec(ctx, setPassword, tenant, user, string(v), mustChange, db.Micros(u.Wall))
	if err != nil {
		return "", err
	}
	if n == 0 {
		return "", ErrUserUnknown
	}
	u.Changed(userFact(tenant, user))
	return generated, nil
}

// PurgeUser removes a deleted account for good, in the transaction of u.
func PurgeUser(ctx context.Context, u *op.Unit, tenant id.Tenant, user id.User) error {
	for _, s := range []*db.Stmt{deleteUser, deleteFactors, deleteRecoveryCodes, deleteMemberships} {
		if _, err := u.Exec(ctx, s, tenant, user); err != nil {
			return err
		}
	}
	u.Changed(userFact(tenant, user))
	return nil
}
