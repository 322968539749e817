package gdap

import (
	"context"
	"slices"
	"unicode/utf8"

	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// nameMax is the longest name of a relationship, in characters (rule F1).
const nameMax = 50

// customerNameMax is the longest name of a customer, in characters, as that of
// companies (rule CN03).
const customerNameMax = 255

// Refusals of a request.
var (
	// ErrName refuses a name that is empty, too long or unprintable; argument Max.
	ErrName = fault.New(fault.Invalid, "2000", "gdap.name")
	// ErrCustomerName refuses a name of the customer that is too long; argument Max.
	ErrCustomerName = fault.New(fault.Invalid, "2000", "gdap.customer_name")
	// ErrNameTaken refuses a second relationship of one name; argument Name.
	ErrNameTaken = fault.New(fault.Conflict, "1003", "gdap.name_taken")
	// ErrNoRoles refuses a request for nothing.
	ErrNoRoles = fault.New(fault.Invalid, "2000", "gdap.no_roles")
	// ErrRole refuses what is no built-in role, or one that nobody may ask for; argument Role.
	ErrRole = fault.New(fault.Invalid, "2000", "gdap.role")
	// ErrLocked refuses a change of what nobody may change any more.
	ErrLocked = fault.New(fault.Conflict, "2000", "gdap.locked")
	// ErrNoPartnership refuses a proposal for somebody who is no reseller of the actor.
	ErrNoPartnership = fault.New(fault.Invalid, "2000", "gdap.no_partnership")
)

// New is the input of Create (rule F1).
type New struct {
	Name string
	// Duration and AutoExtend are in ISO 8601; "" switches auto extension off.
	Duration, AutoExtend string
	Roles                []RoleID
	// Customer, when not empty, is the only one who can approve, and CustomerName
	// how the partner calls it.
	Customer     id.Tenant
	CustomerName string
	// Reseller is for whom a provider proposes it; empty when it is for itself.
	Reseller id.Tenant
}

// Create makes a request for delegated roles: a draft that can be changed until
// Lock sends it for approval. It refuses as check says, and with ErrNameTaken
// and ErrNoPartnership.
var Create = op.Define(op.Spec{Name: "gdap.create", Action: "gdap.request", Write: true},
	func(ctx context.Context, u *op.Unit, in New) (Relationship, error) {
		r, err := in.Judge(ctx, u)
		if err != nil {
			return r, err
		}
		return r, r.insert(ctx, u)
	})

// Draft is what of a request changes; nil stays as it is.
type Draft struct {
	Name, Duration, AutoExtend *string
	Roles                      *[]RoleID
	Customer                   *id.Tenant // another one has no name until CustomerName gives it
	CustomerName               *string
}

// apply puts d into r and refuses, all at once: ErrName, ErrDuration,
// ErrAutoExtend, ErrNoRoles, ErrRole, ErrCustomerName, RF-29 and RF-09.
func (d Draft) apply(ctx context.Context, u *op.Unit, r *Relationship) error {
	var faults fault.List
	if d.Name != nil {
		r.Name = naming.Trim(*d.Name)
		if n := utf8.RuneCountInString(r.Name); n == 0 || n > nameMax || !naming.Printable(r.Name) {
			faults.Add(ErrName.On("displayName").With("Max", nameMax))
		}
	}
	if d.Duration != nil {
		days, err := ParseDuration(*d.Duration)
		faults.Add(err)
		r.Duration = formatDays(days)
	}
	if d.Roles != nil {
		var err *fault.Error
		r.Roles, err = requestable(*d.Roles)
		faults.Add(err)
	}
	if d.AutoExtend != nil {
		var err *fault.Error
		r.AutoExtend, err = parseAutoExtend(*d.AutoExtend)
		faults.Add(err)
	}
	faults.Add(r.checkExtension())
	if d.Customer != nil && *d.Customer != r.Customer {
		r.Customer, r.CustomerName = *d.Customer, ""
	}
	if d.CustomerName != nil {
		r.CustomerName = naming.Trim(*d.CustomerName)
		faults.Add(checkCustomerName(r.CustomerName))
	}
	if d.Customer != nil {
		if err := r.checkCustomer(ctx, u); fault.KindOf(err) == fault.Internal && err != nil {
			return err
		} else if err != nil {
			faults = append(faults, fault.All(err)...)
		}
	}
	return faults.Err()
}

// checkExtension refuses auto extension together with Global Administrator (RF-29).
func (r Relationship) checkExtension() *fault.Error {
	if r.Permanent() && r.Roles.HasAny(GlobalAdministrator) {
		return refusal.RF29.On("autoExtendDuration")
	}
	return nil
}

func checkCustomerName(name string) *fault.Error {
	const field = "customer.displayName"
	switch {
	case !naming.Printable(name):
		return naming.Unprintable.On(field)
	case utf8.RuneCountInString(name) > customerNameMax:
		return ErrCustomerName.On(field).With("Max", customerNameMax)
	}
	return nil
}

// checkCustomer refuses to bind r to a partner or to the operator (rule A9). A
// tenant that does not exist is none of the asker's business: nobody approves.
func (r Relationship) checkCustomer(ctx context.Context, u *op.Unit) error {
	if r.Customer == "" {
		return nil
	}
	t, err := identity.TenantByID(ctx, u.Tx, r.Customer)
	switch {
	case fault.KindOf(err) == fault.NotFound && err != nil:
		return nil //nolint:nilerr // see above
	case err != nil:
		return err
	case t.Kind != identity.CustomerTenant:
		return refusal.RF09.On("customer.tenantId")
	}
	return nil
}

// requestable returns the set of roles, each once and in the order of the list,
// or the refusal of one that cannot be asked for (rule F1).
func requestable(roles []RoleID) (Set, *fault.Error) {
	const field = "accessDetails.unifiedRoles"
	if len(roles) == 0 {
		return nil, ErrNoRoles.On(field)
	}
	var s Set
	for _, r := range roles {
		role, known := RoleByID(r)
		if !known || role.Reserved {
			name := role.Name
			if !known {
				name = string(r)
			}
			return nil, ErrRole.On(field).With("Role", name)
		}
		if !slices.Contains(s, r) {
			s = append(s, r)
		}
	}
	return s, nil
}

// Change is the input of Update.
type Change struct {
	Relationship string
	Version      int64 // that the caller has seen; 0 is any
	Draft
}

// Updated is what Update gives: the relationship as it is, and the operation that
// still works on it, if any.
type Updated struct {
	Relationship
	Pending Operation // its ID is empty when nothing is pending
}

// Update changes a request while it is a draft (rule F3). Of an active
// relationship it changes auto extension, and takes Global Administrator away
// when Roles are the others; what else was sent must be as it is, or it is
// ErrLocked.
var Update = op.Define(op.Spec{Name: "gdap.update", Action: "gdap.request", Write: true},
	func(ctx context.Context, u *op.Unit, in Change) (Updated, error) {
		r, err := find(ctx, u, in.Relationship, in.Version)
		if err != nil {
			return Updated{}, err
		}
		old := r
		if err := in.apply(ctx, u, &r); err != nil {
			return Updated{}, err
		}
		switch {
		case r.Status == Created:
			return Updated{Relationship: r}, r.save(ctx, u)
		case r.Status != Active || r.Name != old.Name || r.Duration != old.Duration || r.Customer != old.Customer:
			return Updated{}, ErrLocked
		case !r.Roles.Same(old.Roles) && !old.withoutGlobalAdmin(r.Roles):
			return Updated{}, ErrLocked.On("accessDetails.unifiedRoles")
		}
		return old.adjust(ctx, u, r)
	})

// withoutGlobalAdmin reports whether roles are those of r but Global Administrator.
func (r Relationship) withoutGlobalAdmin(roles Set) bool {
	return r.Roles.HasAny(GlobalAdministrator) && !roles.HasAny(GlobalAdministrator) &&
		r.Roles.Covers(roles) && len(roles) == len(r.Roles)-1
}

// Ref names a relationship and the version of it that the caller has seen; 0 is
// any.
type Ref struct {
	Relationship string
	Version      int64
}

// Delete removes a request that is still a draft; another one is ErrLocked.
var Delete = op.Define(op.Spec{Name: "gdap.delete", Action: "gdap.request", Write: true},
	func(ctx context.Context, u *op.Unit, in Ref) (struct{}, error) {
		r, err := find(ctx, u, in.Relationship, in.Version)
		if err != nil {
			return struct{}{}, err
		}
		if r.Status != Created {
			return struct{}{}, ErrLocked
		}
		return struct{}{}, r.drop(ctx, u)
	})

// Get returns a relationship of the actor's organisation, or what it proposes as
// a provider.
var Get = op.Define(op.Spec{Name: "gdap.get", Action: "gdap.view"},
	func(ctx context.Context, u *op.Unit, relationship string) (Relationship, error) {
		return find(ctx, u, relationship, 0)
	})
