package customer

import (
	"cmp"
	"context"
	"slices"
	"strings"

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
// be done for one of them, because it is gone, is not sold to or would have too many tags, does
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
	if !c.Kind.Sells() {
		return Retagged{ID: tenant, Name: c.OriginalName, Refused: refusal.RF28}, nil
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

// Selection is customers that were selected in a list.
type Selection struct{ IDs []id.Tenant }

// TagCount is a tag, and how many customers of a selection have it.
type TagCount struct {
	Tag   string
	Count int64
}

// TagsOf returns the tags that customers of a selection have, by name: those
// that can be taken away. Customers that are gone have none.
var TagsOf = op.Define(op.Spec{Name: "customer.tags", Action: "customer.list"},
	func(ctx context.Context, u *op.Unit, in Selection) ([]TagCount, error) {
		if len(in.IDs) > MaxSelection {
			return nil, ErrTooManySelected.With("Max", MaxSelection)
		}
		counts := map[string]int64{}
		for _, tenant := range in.IDs {
			c, err := find(ctx, u.Tx, u.Actor.Tenant, tenant)
			if fault.KindOf(err) == fault.NotFound {
				continue
			}
			if err != nil {
				return nil, err
			}
			for _, t := range c.Tags {
				counts[t]++
			}
		}
		all := make([]TagCount, 0, len(counts))
		for t, n := range counts {
			all = append(all, TagCount{t, n})
		}
		slices.SortFunc(all, func(a, b TagCount) int {
			return cmp.Or(strings.Compare(naming.Key(a.Tag), naming.Key(b.Tag)), strings.Compare(a.Tag, b.Tag))
		})
		return all, nil
	})
