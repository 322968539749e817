package console

import (
	"slices"
	"strings"

	"comptoir/internal/identity"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
)

// The filters of the list of partners, as members of its address.
const (
	byPartnerStatus = "status"
	byType          = "type"
	byAgreement     = "mpa"
)

// partnerList is the list of partners (V-4).
type partnerList struct {
	*visit.Visit
	view     block.View
	partners []identity.Partner // all that match, sorted
}

func partners(v *visit.Visit) error {
	l := &partnerList{Visit: v, view: block.ParseView(v.Request.URL.Query(), byPartnerStatus, byType, byAgreement)}
	var err error
	if l.partners, err = visit.Do(v, identity.FindPartners, l.query()); err != nil {
		return err
	}
	slices.SortFunc(l.partners, l.order())
	if v.Wants("partners") {
		return v.Show(block.DataTable(v.Printer, l.table()))
	}
	f := v.Frame(v.T("console.partners.title"), visit.Partners)
	f.Subtitle = v.T("console.partners.subtitle")
	f.Fill = true
	f.Commands = block.CommandBar{Commands: []block.Command{{
		Label: v.T("console.enrol.title"), Icon: icon.Add, Kind: block.Primary, Href: newPartnerPath, Key: "n", Reason: v.Reason("partner.enrol", true),
	}}}
	f.Help = block.Help{Title: f.Title, Text: []string{v.T("console.partners.help")}, Roles: v.RolesFor("partner.enrol", true)}
	return v.Show(partnersPage(l, f))
}

func (l *partnerList) query() identity.PartnerQuery {
	q := identity.PartnerQuery{Search: l.view.Search, Types: partnerTypes[l.view.Filters.Get(byType)], Unsigned: l.view.Filters.Get(byAgreement) == "unsigned"}
	q.Status, _ = identity.ParsePartnerStatus(l.view.Filters.Get(byPartnerStatus))
	return q
}

// order is the one that the reader asks for; names decide last.
func (l *partnerList) order() func(a, b identity.Partner) int {
	by := map[string]func(a, b identity.Partner) int{
		"country": func(a, b identity.Partner) int { return l.Compare(l.Country(a.Country), l.Country(b.Country)) },
		"status": func(a, b identity.Partner) int {
			return slices.Index(statuses, a.Status) - slices.Index(statuses, b.Status)
		},
		"number":   func(a, b identity.Partner) int { return strings.Compare(a.PartnerID, b.PartnerID) },
		"enrolled": func(a, b identity.Partner) int { return a.EnrolledAt.Compare(b.EnrolledAt) },
	}[l.view.Sort]
	return func(a, b identity.Partner) int {
		n := 0
		if by != nil {
			n = by(a, b)
		}
		if n == 0 {
			n = l.Compare(a.Name, b.Name)
		}
		if n == 0 {
			n = strings.Compare(string(a.Tenant), string(b.Tenant))
		}
		if l.view.Desc {
			return -n
		}
		return n
	}
}

func (l *partnerList) table() block.Table {
	t := block.Table{
		ID: "partners", Caption: l.T("console.partners.title"), Base: visit.PartnersPath, View: l.view, Search: l.T("console.partners.search"),
		Filters: l.filters(),
		Columns: []block.Column{
			{Key: "name", Title: l.T("common.name"), Fixed: true, Sorts: true},
			{Key: "type", Title: l.T("console.partner.type")},
			{Key: "status", Title: l.T("common.status"), Sorts: true, Nowrap: true},
			{Key: "country", Title: l.T("portal.country"), Sorts: true},
			{Key: "number", Title: l.T("console.partner.number"), Sorts: true, Mono: true},
			{Key: "mpa", Title: l.T("console.partner.agreement")},
			{Key: "enrolled", Title: l.T("console.partner.enrolled"), Sorts: true, Nowrap: true},
			{Key: "market", Title: l.T("console.partner.market"), Hidden: true},
			{Key: "id", Title: l.T("portal.tenant_id"), Hidden: true, Mono: true},
		},
		Empty: block.EmptyState{
			Title: l.T("console.partners.empty"), Text: l.T("console.partners.empty_text"),
			Actions: []block.Button{{Label: l.T("console.enrol.title"), Kind: block.Primary, Href: newPartnerPath, Reason: l.Reason("partner.enrol", true)}},
		},
	}
	ids := make([]string, len(l.partners))
	for i, p := range l.partners {
		ids[i] = string(p.Tenant)
	}
	from, to := t.Window(ids)
	for _, p := range l.partners[from:to] {
		t.Rows = append(t.Rows, l.row(p))
	}
	return t
}

func (l *partnerList) row(p identity.Partner) block.Row {
	signed := block.Cell{Badge: block.Badge{Tone: block.Warning, Text: l.T("console.partner.unsigned")}}
	if !p.MPASignedAt.IsZero() {
		signed = block.Cell{Text: l.Date(p.MPASignedAt)}
	}
	return block.Row{ID: string(p.Tenant), Name: p.Name, Cells: []block.Cell{
		{Text: p.Name, Sub: p.Domain, Href: partnerPath(p)},
		{Text: l.Labels(l.OrgTypes(p.Types))},
		{Badge: partnerStatus(l.Visit, p.Status)},
		{Text: l.Country(p.Country)},
		{Text: p.PartnerID},
		signed,
		{Text: l.Date(p.EnrolledAt)},
		{Text: market(l.Visit, p.Market)},
		{Text: string(p.Tenant)},
	}}
}

func (l *partnerList) filters() []block.Filter {
	status := block.Filter{Key: byPartnerStatus, Label: l.T("common.status")}
	for _, s := range statuses {
		status.Options = append(status.Options, block.Option{Value: string(s), Label: partnerStatus(l.Visit, s).Text})
	}
	return []block.Filter{
		status,
		{Key: byType, Label: l.T("console.partner.type"), Options: typeOptions(l.Visit)[:3]},
		{Key: byAgreement, Label: l.T("console.partner.agreement"), Options: []block.Option{{Value: "unsigned", Label: l.T("console.partner.unsigned")}}},
	}
}
