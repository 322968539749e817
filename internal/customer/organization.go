package customer

import (
	"context"

	"comptoir/internal/gdap"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/place"
	"comptoir/internal/refusal"
)

// Organization is a customer's own organization as a delegated role sees it
// (api-customers.md, 9.11). Its name is the original one: the live one is never
// shown to partners (rule C32).
type Organization struct {
	Name    string
	Address place.Address
	Email   string
}

// The delegated roles that see an organization and its domains (api-customers.md,
// 9.11 and 9.12). Delegated access without a role does not.
var (
	organizationRoles = gdap.Set{gdap.GlobalAdministrator, gdap.DirectoryWriters, gdap.GlobalReader}
	domainRoles       = append(organizationRoles[:len(organizationRoles):len(organizationRoles)], gdap.DomainNameAdministrator)
)

// GetOrganization returns the organization of a customer. Without one of the
// delegated roles it is RF-41.
var GetOrganization = op.Define(op.Spec{Name: "customer.organization.get", Action: "customer.account.view"},
	func(ctx context.Context, u *op.Unit, in Ref) (Organization, error) {
		c, err := findWithRole(ctx, u, in, organizationRoles)
		if err != nil {
			return Organization{}, err
		}
		address, email, err := c.organization(ctx, u.Tx)
		return Organization{Name: c.OriginalName, Address: address, Email: email}, err
	})

// ListDomains returns the verified domains of a customer by name. Without one of
// the delegated roles it is RF-41.
var ListDomains = op.Define(op.Spec{Name: "customer.domain.list", Action: "customer.account.view"},
	func(ctx context.Context, u *op.Unit, in Ref) ([]string, error) {
		c, err := findWithRole(ctx, u, in, domainRoles)
		if err != nil {
			return nil, err
		}
		domains, err := identity.Domains(ctx, u.Tx, c.ID)
		names := make([]string, len(domains))
		for i, d := range domains {
			names[i] = d.Name
		}
		return names, err
	})

// findWithRole returns a customer at which the actor holds one of roles.
func findWithRole(ctx context.Context, u *op.Unit, in Ref, roles gdap.Set) (Customer, error) {
	c, err := find(ctx, u.Tx, u.Actor.Tenant, in.ID)
	if err != nil {
		return c, err
	}
	held, err := gdap.Held(ctx, u, c.ID)
	if err == nil && !held.HasAny(roles...) {
		err = refusal.RF41.With("Roles", roles.Names())
	}
	return c, err
}
