package gdap

import (
	"context"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/identity"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/relationship"
)

// What the operations of this package would come to, for who plans many of them.
// Nothing is changed, and the matrix is not asked.

var (
	nameInUse = db.SQL(`SELECT 1 FROM gdap_relationships WHERE partner_id = $1 AND name = $2 AND source <> 'default' LIMIT 1`)
	byNameKey = db.SQL(selectRelationships + ` WHERE partner_id = $1 AND name_key = $2 AND ($3 = '' OR name = $3) AND ` + seen + `
		ORDER BY partner_id, name_key, id LIMIT $4`)
)

// Judge returns the draft that Create would make of in, or its refusal.
func (in New) Judge(ctx context.Context, u *op.Unit) (Relationship, error) {
	r := Relationship{
		ID: u.NewID() + "-" + u.NewID(), Partner: u.Actor.Tenant, Source: Request, Status: Created, Version: 1, CreatedAt: u.Now, ChangedAt: u.Now,
	}
	if in.Reseller != "" && in.Reseller != u.Actor.Tenant {
		connected, err := relationship.IsPartner(ctx, u.Tx, u.Actor.Tenant, in.Reseller)
		if err != nil {
			return r, err
		}
		if !connected || u.Actor.Org&policy.IndirectProvider == 0 {
			return r, ErrNoPartnership.On("indirectResellerTenantId")
		}
		r.Partner, r.Provider, r.Source, r.ConsentDue = in.Reseller, u.Actor.Tenant, ByProvider, true
	}
	all := Draft{Name: &in.Name, Duration: &in.Duration, AutoExtend: &in.AutoExtend, Roles: &in.Roles, Customer: &in.Customer, CustomerName: &in.CustomerName}
	if err := all.apply(ctx, u, &r); err != nil {
		return r, err
	}
	var one int64
	taken, err := u.Found(ctx, nameInUse, []any{r.Partner, r.Name}, &one)
	if err == nil && taken {
		err = ErrNameTaken.On("displayName").With("Name", r.Name)
	}
	return r, err
}

// Judge returns the relationship that SetAutoExtend would switch and whether that
// would change anything, or its refusal.
func (in Switch) Judge(ctx context.Context, u *op.Unit) (r Relationship, changes bool, err error) {
	if r, err = find(ctx, u, in.Relationship, in.Version); err != nil {
		return r, false, err
	}
	to, err := r.judgeExtension(ctx, u, in.AutoExtend)
	return r, to != r.AutoExtend, err
}

// judgeExtension returns the auto extension that text asks for in its normal form,
// or why r cannot have it.
func (r Relationship) judgeExtension(ctx context.Context, u *op.Unit, text string) (string, error) {
	to, refused := parseAutoExtend(text)
	if refused != nil {
		return "", refused
	}
	if r.Status != Created && r.Status != Active {
		return "", ErrLocked
	}
	if err := r.idle(ctx, u, r.resource()); err != nil {
		return "", err
	}
	wanted := r
	wanted.AutoExtend = to
	if err := wanted.checkExtension(); err != nil && to != r.AutoExtend {
		return "", err
	}
	return to, nil
}

// Judge returns the relationship whose roles Assign would give, and what the group
// has of it already, whose ID is empty for nothing; or why the group cannot have
// these roles. Who has others gets them by Reassign.
func (in Assignment) Judge(ctx context.Context, u *op.Unit) (Relationship, Assigned, error) {
	r, err := assignable(ctx, u, in.Relationship)
	if err != nil {
		return r, Assigned{}, err
	}
	if err := in.checkRoles(u, r); err != nil {
		return r, Assigned{}, err
	}
	if _, err := identity.GroupByID(ctx, u.Tx, u.Actor.Tenant, in.Group); err != nil {
		if fault.KindOf(err) == fault.NotFound {
			err = ErrNoContainer
		}
		return r, Assigned{}, err
	}
	all, err := db.All(ctx, u.Tx, assignmentsOf, []any{r.ID}, scanAssigned)
	if err != nil {
		return r, Assigned{}, err
	}
	for _, a := range all {
		if a.Group == in.Group {
			return r, a, nil
		}
	}
	return r, Assigned{}, nil
}

// Judge returns the relationship that End would terminate, or its refusal. One that
// has ended already is ErrStatus.
func (in Ref) Judge(ctx context.Context, u *op.Unit) (Relationship, error) {
	r, err := find(ctx, u, in.Relationship, in.Version)
	if err != nil {
		return r, err
	}
	_, err = r.Status.Path(Terminate)
	return r, err
}

// Named returns the relationships of the actor's organisation that are called name, at
// most limit: those that are written just so or, without any, those that differ in
// case or marks.
func Named(ctx context.Context, u *op.Unit, name string, limit int) ([]Relationship, error) {
	found, err := queryRelationships(ctx, u.Tx, byNameKey, u.Actor.Tenant, naming.Key(name), name, limit)
	if err != nil || len(found) > 0 {
		return found, err
	}
	return queryRelationships(ctx, u.Tx, byNameKey, u.Actor.Tenant, naming.Key(name), "", limit)
}
