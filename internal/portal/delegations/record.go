package delegations

import (
	"comptoir/internal/customer"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

// record is the customer that a page is about.
type record struct {
	*visit.Visit
	customer customer.Customer
}

// openRecord reads the customer that the address names. It refuses first who may
// not see admin relationships at all.
func openRecord(v *visit.Visit) (record, error) {
	if err := v.Kernel().May(v.Actor, "gdap.view", false); err != nil {
		return record{}, err
	}
	tenant, ok := id.Parse(v.Request.PathValue("id"))
	if !ok {
		return record{}, refusal.NotFound
	}
	found, err := visit.Do(v, customer.Get, customer.Ref{ID: id.Tenant(tenant)})
	return record{Visit: v, customer: found.Customer}, err
}

// path is the list of the customer's admin relationships.
func (r record) path() string { return visit.DelegationsPath(r.customer.ID) }

// frame is that of a page behind the list; title stands alone on the list itself.
func (r record) frame(title string, way ...block.Link) block.Frame {
	f := r.Frame(title, visit.Customers)
	r.InCustomer(&f, r.customer.ID, r.customer.OriginalName, r.path())
	f.Breadcrumb = append(f.Breadcrumb, way...)
	return f
}

// toList leads back to the list.
func (r record) toList() block.Link {
	return block.Link{Label: r.T("gdappage.title"), Href: r.path()}
}

// one is one admin relationship with the customer.
type one struct {
	record
	relationship gdap.Relationship
}

// openOne reads the relationship with an id. One with another customer is not
// found.
func openOne(v *visit.Visit, relationship string) (one, error) {
	r, err := openRecord(v)
	if err != nil {
		return one{}, err
	}
	found, err := visit.Do(v, gdap.Get, relationship)
	if err == nil && found.Customer != r.customer.ID {
		err = refusal.NotFound
	}
	return one{r, found}, err
}

func (o one) path() string { return visit.DelegationPath(o.customer.ID, o.relationship.ID) }

func (o one) frame(title string, way ...block.Link) block.Frame {
	return o.record.frame(title, append([]block.Link{o.toList()}, way...)...)
}
