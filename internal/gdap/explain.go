package gdap

import (
	"context"
	"slices"

	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

// Purpose is something that somebody wants to do at a customer: the action of the
// matrix that it is, and the delegated roles of which it needs one (rules C31, F14,
// J1).
type Purpose struct {
	Name   string // in addresses and forms
	Key    string // catalogue key of its name
	Action policy.Action
	Write  bool
	Roles  Set
}

// CompanyRoles are the delegated roles that show a company in full: those of the
// documentation of the page (rule C31) and of the REST contract (9.3).
var CompanyRoles = Set{GlobalAdministrator, DirectoryReaders, DirectoryWriters, GlobalReader}

// Purposes returns what people want to do at customers.
func Purposes() []Purpose {
	return []Purpose{
		{"details", "gdappage.purpose.details", "customer.account.view", false, CompanyRoles},
		{"see-users", "gdappage.purpose.see_users", "directory.view", false, Set{DirectoryReaders, GlobalReader, UserAdministrator, LicenseAdministrator, DirectoryWriters}},
		{"add-user", "gdappage.purpose.add_user", "directory.user.update", true, Set{DirectoryWriters, UserAdministrator}},
		{"delete-user", "gdappage.purpose.delete_user", "directory.user.update", true, Set{UserAdministrator}},
		{"licenses", "gdappage.purpose.licenses", "directory.license", true, Set{LicenseAdministrator, UserAdministrator, DirectoryWriters}},
		{"password", "gdappage.purpose.password", "directory.password", true, Set{UserAdministrator, HelpdeskAdministrator, PrivilegedAuthenticationAdministrator}},
		{"support", "gdappage.purpose.support", "support.customer", true, Set{ServiceSupportAdministrator}},
	}
}

// Question is the input of Explain: may a person of the actor's organisation do
// something at a customer?
type Question struct {
	Customer id.Tenant
	User     id.User
	Purpose  string
}

// Given is a group of the person that has roles at the customer.
type Given struct {
	Group identity.Group
	Roles Set
}

// Explanation says step by step why somebody can do something at a customer, or why
// not. Each step is decided by what decides when it is done.
type Explanation struct {
	Purpose Purpose
	User    identity.User
	Blocked bool  // the person cannot sign in
	Role    error // what the matrix says of role and type of organisation, nil for yes
	Link    error // what it says of the relation with the customer
	// Active are the relationships whose roles hold now. Groups are all groups that
	// have roles of them, Member those that the person is in, Held the roles that the
	// person has through them.
	Active []Relationship
	Groups []Given
	Member []Given
	Held   Set
}

// Reaches reports whether the person can do it.
func (e Explanation) Reaches() bool {
	return !e.Blocked && e.Role == nil && e.Link == nil && e.Held.HasAny(e.Purpose.Roles...)
}

// Explain answers a Question. A person or a customer of somebody else is not found,
// and so is an unknown purpose. Roles and groups of colleagues are shown to those who
// may see people (b48); everybody else asks for himself.
var Explain = op.Define(op.Spec{Name: "gdap.explain", Action: "gdap.view"},
	func(ctx context.Context, u *op.Unit, in Question) (Explanation, error) {
		all := Purposes()
		i := slices.IndexFunc(all, func(p Purpose) bool { return p.Name == in.Purpose })
		if i < 0 {
			return Explanation{}, refusal.NotFound
		}
		if in.User != u.Actor.User {
			if err := u.May("partner.user.update", false); err != nil {
				return Explanation{}, err
			}
		}
		e := Explanation{Purpose: all[i]}
		user, err := identity.UserByID(ctx, u.Tx, u.Actor.Tenant, in.User)
		if err != nil {
			return e, err
		}
		e.User, e.Blocked = user, user.Status != identity.UserActive
		asker := op.Actor{Kind: policy.Partner, Tenant: u.Actor.Tenant, Org: u.Actor.Org, Roles: user.Roles, User: user.ID, UserName: user.Name}
		if e.Role, e.Link, err = u.MayAs(ctx, asker, e.Purpose.Action, e.Purpose.Write, in.Customer); err != nil {
			return e, err
		}
		return e, e.hold(ctx, u, in.Customer)
	})

// hold finds which roles the person holds at customer, and through what.
func (e *Explanation) hold(ctx context.Context, u *op.Unit, customer id.Tenant) error {
	all, err := Of(ctx, u.Tx, u.Actor.Tenant, customer)
	if err != nil {
		return err
	}
	for _, r := range all {
		if r.holds(u.Now) {
			e.Active = append(e.Active, r)
		}
	}
	byGroup, in, err := holding(ctx, u, customer, e.User.ID, e.User.Roles)
	if err != nil {
		return err
	}
	e.Held = union(byGroup, in)
	known, err := identity.Groups(ctx, u.Tx, u.Actor.Tenant)
	for _, g := range known {
		given := Given{g, byGroup[g.ID]}
		if len(given.Roles) == 0 {
			continue
		}
		e.Groups = append(e.Groups, given)
		if slices.Contains(in, g.ID) {
			e.Member = append(e.Member, given)
		}
	}
	return err
}

// Useful returns those of the groups that have a role that the purpose needs.
func (e Explanation) Useful(groups []Given) []Given {
	var useful []Given
	for _, g := range groups {
		if g.Roles.HasAny(e.Purpose.Roles...) {
			useful = append(useful, g)
		}
	}
	return useful
}
