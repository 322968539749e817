package identity

import (
	"context"
	"strings"

	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

// NewCustomerTenant describes the organisation of a customer to be. The caller
// has checked names, country and domain by its own rules.
type NewCustomerTenant struct {
	ID       id.Tenant // empty chooses one
	Name     string
	Country  string // ISO 3166-1 alpha-2
	Language string // "en", "fr", "sv" or ""
	Domain   string // the initial domain, complete
	// FirstName, LastName and Email are those of the contact person; they go to
	// the first account, whose user name is AdminName (default "admin") @ Domain.
	FirstName, LastName, Email string
	AdminName                  string
}

// CreatedTenant is what CreateCustomerTenant made. The password is known
// nowhere else and is shown once.
type CreatedTenant struct {
	ID            id.Tenant
	Admin         id.User
	AdminUserName string // with the domain
	AdminPassword string
}

// defaultAdminName is the user name of a customer's first account, before the @.
const defaultAdminName = "admin"

// CreateCustomerTenant makes the organisation of a new customer with its
// initial domain and first administrator, in the transaction of u and with
// three inserts, because imports do it thousands of times a second. It refuses
// a domain that somebody has with ErrDomainTaken (DM02).
func CreateCustomerTenant(ctx context.Context, u *op.Unit, in NewCustomerTenant) (CreatedTenant, error) {
	domain, ok := ParseDomain(in.Domain)
	if !ok {
		return CreatedTenant{}, ErrDomain.On("companyProfile.domain")
	}
	if in.ID == "" {
		in.ID = id.Tenant(u.NewID())
	}
	if in.AdminName == "" {
		in.AdminName = defaultAdminName
	}
	made := CreatedTenant{
		ID: in.ID, Admin: id.User(u.NewID()),
		AdminUserName: in.AdminName + "@" + domain, AdminPassword: GeneratePassword(),
	}
	tenant := Tenant{ID: in.ID, Kind: CustomerTenant, Name: in.Name, Country: in.Country, Language: in.Language, DefaultDomain: domain, Users: 1}
	if err := createTenant(ctx, u, tenant); err != nil {
		return CreatedTenant{}, err
	}
	display := strings.TrimSpace(in.FirstName + " " + in.LastName)
	if display == "" {
		display = made.AdminUserName
	}
	err := insertUserRow(ctx, u, User{
		Tenant: in.ID, ID: made.Admin, Name: made.AdminUserName, DisplayName: display,
		FirstName: in.FirstName, LastName: in.LastName, Email: in.Email, Language: in.Language, UsageLocation: in.Country,
		Status: UserActive, Roles: policy.CustomerAdmin, MustChange: true,
	}.tidy(), newVerifier(made.AdminPassword))
	return made, err
}

// createTenant inserts an organisation and its initial domain.
func createTenant(ctx context.Context, u *op.Unit, t Tenant) error {
	now := db.Micros(u.Now)
	if _, err := u.Exec(ctx, insertDomain, t.DefaultDomain, t.ID, true, false, now); err != nil {
		if db.IsUnique(err) {
			return ErrDomainTaken.On("companyProfile.domain").With("Domain", t.DefaultDomain).Because(err)
		}
		return err
	}
	_, err := u.Exec(ctx, insertTenant, t.ID, t.Kind, t.Name, t.Country, t.Language, t.DefaultDomain, t.Users, now)
	return err
}

// AddDomain gives an organisation a further domain that it has proved to own.
// It refuses one that somebody has with ErrDomainTaken.
func AddDomain(ctx context.Context, u *op.Unit, tenant id.Tenant, domain string, federated bool) error {
	name, ok := ParseDomain(domain)
	if !ok {
		return ErrDomain.On("domain")
	}
	_, err := u.Exec(ctx, insertDomain, name, tenant, false, federated, db.Micros(u.Now))
	if db.IsUnique(err) {
		return ErrDomainTaken.On("domain").With("Domain", name).Because(err)
	}
	return err
}

var setDefaultDomain = db.SQL(`UPDATE tenants SET default_domain = $2 WHERE id = $1`)

// SetDefaultDomain makes one of the domains of an organisation its default one.
func SetDefaultDomain(ctx context.Context, u *op.Unit, tenant id.Tenant, domain string) error {
	n, err := u.Exec(ctx, setDefaultDomain, tenant, domain)
	if err == nil && n == 0 {
		return ErrTenantUnknown
	}
	u.Changed(tenantFact(tenant))
	return err
}

// RenameTenant sets the live organisation name (rule C32). Nothing that
// partners keep about the organisation changes with it (rule C33).
func RenameTenant(ctx context.Context, u *op.Unit, tenant id.Tenant, name string) error {
	n, err := u.Exec(ctx, renameTenant, tenant, name)
	if err == nil && n == 0 {
		return ErrTenantUnknown
	}
	u.Changed(tenantFact(tenant))
	return err
}

var updateTenant = db.SQL(`UPDATE tenants SET name = $2, language = $3 WHERE id = $1`)

// UpdateTenant sets the live organisation name, as RenameTenant does, and the
// language that the organisation works in: "en", "fr", "sv", or "" for none.
func UpdateTenant(ctx context.Context, u *op.Unit, tenant id.Tenant, name, language string) error {
	n, err := u.Exec(ctx, updateTenant, tenant, name, language)
	if err == nil && n == 0 {
		return ErrTenantUnknown
	}
	u.Changed(tenantFact(tenant))
	return err
}
