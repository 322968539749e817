package customer

import (
	"context"
	"strings"

	"comptoir/internal/db"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/place"
	"comptoir/internal/refusal"
)

// Details is a customer with what a partner sees of the organization itself.
type Details struct {
	Customer Customer
	Company  Company
	// Delegated says that the partner has an active delegated relationship with
	// the customer (allowDelegatedAccess of the wire).
	Delegated bool
}

// Company is the profile of the customer's own organization (rule C31). Without
// a delegated role Full is false and only the first four members are set.
type Company struct {
	TenantID     id.Tenant
	OriginalName string
	Domain       string
	Country      string

	Full         bool
	Address      place.Address
	Email        string
	Registration Registration
	Domains      []string // all of the organization, by name
}

// Get returns a customer as the actor's organization knows it, or
// refusal.NotFound. Where a dual partner has two relations it is the one as
// reseller.
var Get = op.Define(op.Spec{Name: "customer.get", Action: "customer.account.view"},
	func(ctx context.Context, u *op.Unit, in Ref) (Details, error) {
		c, err := find(ctx, u.Tx, u.Actor.Tenant, in.ID)
		if err != nil {
			return Details{}, err
		}
		d := Details{Customer: c}
		if d.Company, err = c.company(ctx, u); err != nil {
			return Details{}, err
		}
		d.Delegated, err = gdap.AnyActive(ctx, u, c.Partner, c.ID)
		return d, err
	})

// GetBilling returns the billing profile that the actor's organization keeps of
// a customer, with its version; an indirect reseller sees its provider's. Who does
// not sell to the customer keeps none (RF-28).
var GetBilling = op.Define(op.Spec{Name: "customer.billing.get", Action: "customer.account.view"},
	func(ctx context.Context, u *op.Unit, in Ref) (Customer, error) {
		c, err := find(ctx, u.Tx, u.Actor.Tenant, in.ID)
		if err == nil && !c.Kind.Sells() {
			err = refusal.RF28
		}
		return c, err
	})

// GetCompany returns the company profile of a customer, reduced when the actor
// holds none of the delegated roles that rule C31 names.
var GetCompany = op.Define(op.Spec{Name: "customer.company.get", Action: "customer.account.view"},
	func(ctx context.Context, u *op.Unit, in Ref) (Company, error) {
		c, err := find(ctx, u.Tx, u.Actor.Tenant, in.ID)
		if err != nil {
			return Company{}, err
		}
		return c.company(ctx, u)
	})

func (c Customer) company(ctx context.Context, u *op.Unit) (Company, error) {
	company := Company{TenantID: c.ID, OriginalName: c.OriginalName, Domain: c.Domain, Country: c.Country()}
	held, err := gdap.Held(ctx, u, c.ID)
	if err != nil || !held.HasAny(gdap.CompanyRoles...) {
		return company, err
	}
	domains, err := identity.Domains(ctx, u.Tx, c.ID)
	if err != nil {
		return company, err
	}
	for _, d := range domains {
		company.Domains = append(company.Domains, d.Name)
	}
	company.Full, company.Registration = true, c.Registration
	company.Address, company.Email, err = c.organization(ctx, u.Tx)
	return company, err
}

var (
	organizationOf     = db.SQL(`SELECT email, phone, line1, line2, line3, district, city, state, region, postal_code FROM organizations WHERE tenant_id = $1`)
	insertOrganization = db.SQL(`INSERT INTO organizations (tenant_id, email, phone, line1, line2, line3, district, city, state, region, postal_code, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (tenant_id) DO NOTHING`)
	deleteOrganization = db.SQL(`DELETE FROM organizations WHERE tenant_id = $1`)
)

// organization returns address and e-mail address of the organization itself.
// They are those of the billing profile until either changes.
func (c Customer) organization(ctx context.Context, t *db.Tx) (place.Address, string, error) {
	a, email := place.Address{Country: c.Country()}, ""
	found, err := t.Found(ctx, organizationOf, []any{c.ID}, &email, &a.PhoneNumber, &a.AddressLine1, &a.AddressLine2, &a.AddressLine3,
		&a.District, &a.City, &a.State, &a.Region, &a.PostalCode)
	if err != nil || found {
		return a, email, err
	}
	a = c.Billing.Address
	a.FirstName, a.MiddleName, a.LastName, a.EmailAddress = "", "", "", ""
	return a, c.Billing.Email, nil
}

// keepOrganization keeps what the organization looks like before its billing
// profile first changes.
func (c Customer) keepOrganization(ctx context.Context, u *op.Unit) error {
	a := c.Billing.Address
	_, err := u.Exec(ctx, insertOrganization, c.ID, c.Billing.Email, a.PhoneNumber, a.AddressLine1, a.AddressLine2, a.AddressLine3,
		a.District, a.City, a.State, a.Region, a.PostalCode, db.Micros(u.Now))
	return err
}

// Domain is the input of CheckDomain: a prefix, or a complete domain.
type Domain struct{ Name string }

// DomainState says whether a domain can be used for a new customer.
type DomainState struct {
	Name  string // complete, in lower case
	Taken bool
}

// CheckDomain says whether a domain is taken. A prefix that breaks the rule of
// prefixes is refused (DM01), so is a name that is no domain.
var CheckDomain = op.Define(op.Spec{Action: "customer.domain.check"},
	func(ctx context.Context, u *op.Unit, in Domain) (DomainState, error) {
		c := newChecker(u, seller{})
		name, err := c.asked(in.Name)
		if err != nil {
			return DomainState{}, err
		}
		_, taken, err := identity.DomainOwner(ctx, u.Tx, name)
		return DomainState{Name: name, Taken: taken}, err
	})

// asked returns the domain that somebody asks about: a prefix is one of the
// installation's own domains, any other name is what it is.
func (c *checker) asked(name string) (string, error) {
	_, suffix, complete := strings.Cut(name, ".")
	if !complete || c.ownSuffix(suffix) {
		var p profile
		return strings.ToLower(c.domain(&p, name)), p.faults.Err()
	}
	domain, ok := identity.ParseDomain(name)
	if !ok {
		return "", identity.ErrDomain.On("domain")
	}
	return domain, nil
}

// DomainSuffix returns what stands behind the prefix of a new customer's primary
// domain, without a dot before it.
func DomainSuffix(k *op.Kernel) string { return k.Setting(domainSuffix) }
