package customers

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"comptoir/internal/agreement"
	"comptoir/internal/customer"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
	"comptoir/internal/verification"
)

// table is the list as a block draws it.
func (l *listing) table() block.Table {
	t := block.Table{
		ID: listID, Caption: l.T("customers.list.title"), Base: visit.CustomersPath, Reset: visit.CustomersPath + "?view=reset", View: l.view,
		Columns: l.columns(), Total: l.page.Total, AtLeast: l.page.AtLeast, Previous: l.page.Previous, Next: l.page.Next,
		Search: l.T("customers.search"), SearchBy: l.searchBy(), Filters: l.filters(),
		Selectable: true, Panes: true, CSRF: l.CSRF(), Empty: l.empty(),
	}
	for _, c := range l.page.Items {
		t.Rows = append(t.Rows, l.row(c))
	}
	return t
}

// columns are those of P-2 in their order; a reader has those of his kind of
// organisation.
func (l *listing) columns() []block.Column {
	columns := []block.Column{
		{Key: "name", Title: l.T("customers.column.name"), Sorts: true, Fixed: true},
		{Key: "domain", Title: l.T("customers.column.domain"), Sorts: true},
		{Key: "id", Title: l.T("portal.tenant_id"), Sorts: true, Mono: true, Nowrap: true, Yields: true},
		{Key: "relation", Title: l.T("customers.column.relationship"), Sorts: true, Nowrap: true, Yields: true},
		{Key: "status", Title: l.T("customers.column.status"), Sorts: true, Nowrap: true},
		{Key: "tags", Title: l.T("customers.column.tags")},
		{Key: "original", Title: l.T("customers.column.original"), Hidden: true},
		{Key: "country", Title: l.T("portal.country"), Sorts: true, Hidden: true},
		{Key: "qualification", Title: l.T("customers.column.qualification"), Hidden: true},
		{Key: "created", Title: l.T("customers.column.created"), Sorts: true, Nowrap: true, Hidden: true},
	}
	if l.Actor.Org&policy.IndirectProvider != 0 {
		columns = append(columns, block.Column{Key: "reseller", Title: l.T("customers.column.reseller"), Hidden: true})
	}
	if l.Actor.Org&policy.IndirectReseller != 0 {
		columns = append(columns, block.Column{Key: "provider", Title: l.T("customers.column.provider"), Hidden: true})
	}
	if l.seesAgreements() {
		columns = append(columns, block.Column{Key: "agreement", Title: l.T("customers.column.agreement"), Nowrap: true, Hidden: true})
	}
	return columns
}

// seesAgreements reports whether the reader may see where customers stand with
// the agreement.
func (l *listing) seesAgreements() bool { return l.May("agreement.view", false) }

// row is one customer. The name is the friendly one: nowhere but here and in the
// billing information (rule C32).
func (l *listing) row(c customer.Item) block.Row {
	cells := []block.Cell{
		{Text: c.Name, Href: visit.AccountPath(c.ID)},
		{Text: c.Domain},
		{Text: string(c.ID)},
		{Text: l.Relationship(c.Kind)},
		{Badge: l.Status(c.Status)},
		{Tags: c.Tags},
		{Text: c.OriginalName},
		{Text: l.Country(c.Country)},
		{Text: l.Qualification(c.Qualification)},
		{Text: l.Date(c.CreatedAt)},
	}
	if !c.Kind.Sells() { // rule A6
		cells[3].Sub = l.T("customers.no_reseller")
	}
	if l.Actor.Org&policy.IndirectProvider != 0 {
		cells = append(cells, block.Cell{Text: nameOf(l.partners.Resellers, c.Reseller)})
	}
	if l.Actor.Org&policy.IndirectReseller != 0 {
		cells = append(cells, block.Cell{Text: nameOf(l.partners.Providers, c.Provider)})
	}
	if l.seesAgreements() {
		standing := block.Cell{}
		if c.Kind.Sells() {
			standing.Badge = agreementBadge(l.Printer, c.Agreement)
		}
		cells = append(cells, standing)
	}
	row := block.Row{ID: rowID(c.ID, c.Kind), Name: c.Name, Cells: cells, Marked: c.ID == l.added}
	if c.Kind.Sells() {
		row.Bars = barsRequest
	}
	return row
}

// nameOf returns what a partner is called, "" for none and its id when the
// partnership has ended since.
func nameOf(partners []identity.Partner, tenant id.Tenant) string {
	for _, p := range partners {
		if p.Tenant == tenant {
			return p.Name
		}
	}
	return string(tenant)
}

// searchBy are the things to search by (D).
func (l *listing) searchBy() []block.Option {
	return []block.Option{
		{Value: "", Label: l.T("customers.search.all")},
		{Value: "name", Label: l.T("customers.column.name")},
		{Value: "domain", Label: l.T("customers.search.domain")},
	}
}

// filters are the ways to narrow the list. What no customer has is not offered.
func (l *listing) filters() []block.Filter {
	all := []block.Filter{{Key: byStatus, Label: l.T("customers.column.status"), Options: l.statuses()}}
	if kinds := l.kinds(); len(kinds) > 1 {
		all = append(all, block.Filter{Key: byKind, Label: l.T("customers.column.relationship"), Options: kinds})
	}
	if len(l.partners.Resellers) > 0 {
		all = append(all, block.Filter{Key: byReseller, Label: l.T("customers.column.reseller"), Options: options(l.partners.Resellers)})
	}
	if len(l.partners.Providers) > 0 {
		all = append(all, block.Filter{Key: byProvider, Label: l.T("customers.column.provider"), Options: options(l.partners.Providers)})
	}
	if countries := l.values(relationship.ByCountry, l.Country); len(countries) > 1 {
		all = append(all, block.Filter{Key: byCountry, Label: l.T("portal.country"), Options: countries})
	}
	if tags := l.values(relationship.ByTag, func(tag string) string { return tag }); len(tags) > 0 {
		all = append(all, block.Filter{Key: byTag, Label: l.T("customers.filter.tag"), Options: tags})
	}
	if l.seesAgreements() {
		all = append(all, block.Filter{Key: byAgreed, Label: l.T("customers.column.agreement"), Options: l.agreementStates()})
	}
	return all
}

func (l *listing) agreementStates() []block.Option {
	var all []block.Option
	for _, s := range []agreement.State{agreement.Confirmed, agreement.Missing, agreement.Outdated} {
		all = append(all, block.Option{Value: s.String(), Label: agreementBadge(l.Printer, s).Text})
	}
	return all
}

func (l *listing) statuses() []block.Option {
	var all []block.Option
	for _, s := range verification.Statuses() {
		all = append(all, block.Option{Value: string(s), Label: l.Status(s).Text})
	}
	return all
}

func (l *listing) kinds() []block.Option {
	var all []block.Option
	for _, k := range relationship.Kinds() {
		if l.counts.By[relationship.ByKind][string(k)] > 0 {
			all = append(all, block.Option{Value: string(k), Label: l.Relationship(k)})
		}
	}
	return all
}

// values are the values that customers have in one dimension, in the order of
// the reader's language.
func (l *listing) values(d relationship.Dimension, word func(string) string) []block.Option {
	var all []block.Option
	for value := range maps.Keys(l.counts.By[d]) {
		all = append(all, block.Option{Value: value, Label: word(value)})
	}
	slices.SortFunc(all, func(a, b block.Option) int { return l.Compare(a.Label, b.Label) })
	return all
}

func options(partners []identity.Partner) []block.Option {
	all := make([]block.Option, len(partners))
	for i, p := range partners {
		all[i] = block.Option{Value: string(p.Tenant), Label: p.Name}
	}
	slices.SortFunc(all, func(a, b block.Option) int { return strings.Compare(a.Label, b.Label) })
	return all
}

// empty says what the list is for before there is anything in it (P-2). An
// indirect reseller cannot add customers and learns who does (RF-01).
func (l *listing) empty() block.EmptyState {
	err := l.Kernel().May(l.Actor, "customer.add", true)
	e := block.EmptyState{Title: l.T("customers.empty.title")}
	switch {
	case err == nil:
		e.Text = l.T("customers.empty.text")
		e.Actions = []block.Button{
			{Label: l.T("customers.add"), Kind: block.Primary, Href: visit.NewCustomerPath},
			{Label: l.T("customers.import"), Href: visit.ImportPath},
		}
	case errors.Is(err, refusal.RF01):
		e.Text = l.T("partnership.customers.empty", "Reason", l.Sentence(l.WithProviders(err))) // rules A5, A6
	default:
		e.Text = l.T("customers.empty.none")
	}
	if l.May("relationship.invite", true) {
		e.Actions = append(e.Actions, block.Button{Label: l.T("invitepage.request"), Href: visit.InvitePath})
	}
	if l.May("relationship.invite.joint", true) {
		e.Actions = append(e.Actions, block.Button{Label: l.T("invitepage.request_joint"), Href: visit.JointInvitePath})
	}
	if l.May("partnership.providers", false) {
		e.Actions = append(e.Actions, block.Button{Label: l.T("partnership.customers.connect"), Href: visit.ProvidersPath})
	}
	return e
}
