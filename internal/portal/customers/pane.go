package customers

import (
	"slices"

	"github.com/a-h/templ"

	"comptoir/internal/customer"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

// paneView is what the details pane of the list shows.
type paneView struct {
	*visit.Visit
	details customer.Details
	// back is the list without the pane.
	back block.View
}

// pane returns the details pane of the row that the address names.
func (l *listing) pane() (templ.Component, error) {
	tenant, ok := parseRow(l.view.Open)
	if !ok {
		return nil, refusal.NotFound
	}
	d, err := visit.Do(l.Visit, customer.Get, customer.Ref{ID: tenant})
	return customerPane(&paneView{Visit: l.Visit, details: d, back: l.view.Opened("")}), err
}

// showPane answers the browser when it opens a row.
func (l *listing) showPane() error {
	pane, err := l.pane()
	if err != nil {
		return err
	}
	return l.Show(pane)
}

// facts are those of the row, in full: also what the reader hid from the list.
func (p *paneView) facts() []block.Fact {
	c := p.details.Customer
	facts := []block.Fact{
		{Term: p.T("customers.column.domain"), Value: c.Domain, Copy: true},
		{Term: p.T("portal.tenant_id"), Value: string(c.ID), Mono: true, Copy: true},
		{Term: p.T("customers.column.relationship"), Value: p.Relationship(c.Kind)},
		{Term: p.T("portal.country"), Value: p.Country(c.Country())},
		{Term: p.T("customers.column.created"), Value: p.Date(c.CreatedAt)},
	}
	if !c.Kind.Sells() {
		return facts
	}
	facts = slices.Insert(facts, len(facts)-1,
		block.Fact{Term: p.T("customers.contact"), Value: c.Billing.FirstName + " " + c.Billing.LastName, Hint: c.Billing.Email},
		tagsFact(p.T("customers.column.tags"), c.Tags))
	if c.Qualification != "" {
		facts = append(facts, block.Fact{Term: p.T("customers.column.qualification"), Value: p.Qualification(c.Qualification)})
	}
	return facts
}
