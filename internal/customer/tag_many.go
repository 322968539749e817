package customer

import (
	"context"
	"slices"

	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/naming"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// MaxSelection is how many customers one change of many takes.
const MaxSelection = 1000

// ErrTooManySelected refuses a selection of more customers; argument Max.
var ErrTooManySelected = fault.New(fault.Invalid, "2000", "customer.selection.many")

// Retagging is the input of AssignTags: tags that customers of a selection get,
// and tags that they lose.
type Retagging struct {
	IDs         []id.Tenant
	Add, Remove []string
}

// Retagged is what became of one customer of a selection. Refused is nil when
// it has its tags now.
type Retagged struct {
	ID      id.Tenant
	Name    string // the original name, "" when the customer was not found
	Refused *fault.Error
}

// AssignTags changes the tags of a selection of customers (rule b8). What cannot
// be done for one of them, because it is gone or would have too many tags, does
// not hinder the others.
var AssignTags = op.Define(op.Spec{Name: "customer.tag.many", Action: "customer.tag", Write: true},
	func(ctx context.Context, u *op.Unit, in Retagging) ([]Retagged, error) {
		if len(in.IDs) > MaxSelection {
			return nil, ErrTooManySelected.With("Max", MaxSelection)
		}
		add, refused := newTags(in.Add)
		if refused != nil {
			return nil, refused
		}
		remove := make([]string, len(in.Remove))
		for i, name := range in.Remove {
			remove[i] = naming.Key(name)
		}
		all := make([]Retagged, 0, len(in.IDs))
		for _, tenant := range in.IDs {
			one, err := retagOne(ctx, u, tenant, add, remove)
			if err != nil {
				return nil, err
			}
			all = append(all, one)
		}
		return all, nil
	})

func retagOne(ctx context.Context, u *op.Unit, tenant id.Tenant, add []tag, remove []string) (Retagged, error) {
	c, err := find(ctx, u.Tx, u.Actor.Tenant, tenant)
	if fault.KindOf(err) == fault.NotFound {
		return Retagged{ID: tenant, Refused: refusal.NotFound}, nil
	}
	if err != nil {
		return Retagged{}, err
	}
	old, _ := newTags(c.Tags) // they were checked when they were given
	tags := slices.DeleteFunc(slices.Clone(old), func(t tag) bool { return slices.Contains(remove, t.key) })
	for _, t := range add {
		if !slices.ContainsFunc(tags, func(has tag) bool { return has.key == t.key }) {
			tags = append(tags, t)
		}
	}
	if len(tags) > MaxTags {
		return Retagged{ID: tenant, Name: c.OriginalName, Refused: ErrTooManyTags.On("tags").With("Max", MaxTags)}, nil
	}
	return Retagged{ID: tenant, Name: c.OriginalName}, c.retag(ctx, u, old, tags)
}
