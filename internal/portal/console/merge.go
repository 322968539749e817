package console

import (
	"net/http"
	"strconv"
	"strings"

	"comptoir/internal/customer"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

const duplicatesPath = visit.OrganizationsPath + "/duplicates"

func mergePages() map[string]visit.Page {
	return map[string]visit.Page{
		"GET " + duplicatesPath:              duplicates,
		"GET " + oneOrganization + "/merge":  askMerge,
		"POST " + oneOrganization + "/merge": merge,
	}
}

// mergePath is where the organisation other is merged into the one that stays.
func mergePath(stays, other id.Tenant) string {
	path := organizationPath(stays) + "/merge"
	if other != "" {
		path += "?with=" + string(other)
	}
	return path
}

// merging is the page that makes two organisations one (V-5): the one of its address
// stays, the other one ends.
type merging struct {
	*visit.Visit
	stays         id.Tenant
	with          string // as typed
	compared      bool
	both          customer.Comparison
	names         map[id.Tenant]string // of partners
	reason, typed string
	said          visit.Verdicts
	refused       error
}

// openMerge reads both organisations, once the other one is named.
func openMerge(v *visit.Visit, with string) (*merging, error) {
	if err := v.Kernel().May(v.Actor, "organization.merge", true); err != nil {
		return nil, err
	}
	tenant, ok := id.Parse(v.Request.PathValue("id"))
	if !ok {
		return nil, refusal.NotFound
	}
	m := &merging{Visit: v, stays: id.Tenant(tenant), with: strings.TrimSpace(with)}
	if _, err := visit.Do(v, customer.InspectFile, m.stays); err != nil {
		return nil, err
	}
	if m.with == "" {
		return m, nil
	}
	other, ok := id.Parse(m.with)
	if !ok {
		m.said.Refuse("with", v.T("console.merge.unknown"))
		return m, nil
	}
	var err error
	m.both, err = visit.Do(v, customer.Compare, customer.Pair{From: id.Tenant(other), Into: m.stays})
	switch k := fault.KindOf(err); {
	case err == nil:
		m.compared = true
		m.names, err = partnerNames(v)
		return m, err
	case k == fault.NotFound:
		m.said.Refuse("with", v.T("console.merge.unknown"))
	case k == fault.Invalid:
		m.said.Refuse("with", v.Sentence(err))
	default:
		return nil, err
	}
	return m, nil
}

func askMerge(v *visit.Visit) error {
	m, err := openMerge(v, v.Query("with"))
	if err != nil {
		return err
	}
	return m.show(http.StatusOK)
}

func (m *merging) show(status int) error {
	f := m.Frame(m.T("console.merge.title"), visit.Organizations)
	f.Breadcrumb = append(f.Breadcrumb,
		block.Link{Label: m.T("console.organizations.title"), Href: visit.OrganizationsPath}, block.Link{Label: string(m.stays), Href: organizationPath(m.stays)})
	if m.compared {
		f.Breadcrumb[len(f.Breadcrumb)-1].Label = m.both.Into.Tenant.Name
	}
	f.Subtitle = m.T("console.merge.subtitle")
	f.Help = block.Help{
		Title: m.T("console.merge.title"), Text: []string{m.T("console.merge.help.what"), m.T("console.merge.help.same"), m.T("console.merge.help.log")},
		Roles: m.RolesFor("organization.merge", true),
	}
	if m.refused != nil {
		f.Messages = append(f.Messages, m.Blocked(m.refused))
	}
	for _, r := range m.both.Refused {
		f.Messages = append(f.Messages, m.Blocked(r))
	}
	return m.ShowAs(status, mergePage(m, f))
}

// mergeMembers says which field of the form a member of the input is.
var mergeMembers = map[string]string{"reason": "reason", "typed": "typed", "with": "with"}

func merge(v *visit.Visit) error {
	m, err := openMerge(v, v.Form("with"))
	if err != nil {
		return err
	}
	if !m.compared {
		return m.show(http.StatusBadRequest)
	}
	m.reason, m.typed = v.Form("reason"), v.Form("typed")
	from := m.both.From.Tenant
	_, err = visit.DoOnce(v, customer.Merge, customer.Merging{
		Pair: customer.Pair{From: from.ID, Into: m.stays}, Reason: m.reason, Typed: m.typed, Seen: v.Form("seen"),
	})
	if err == nil {
		v.Toast(v.T("console.merge.done", "From", from.Name, "Into", m.both.Into.Tenant.Name))
		return v.Redirect(organizationPath(m.stays))
	}
	switch fault.KindOf(err) {
	case fault.Conflict:
		m.refused = err
	case fault.Invalid:
		if m.said, err = v.Judge(err, nil, func(member string) string { return mergeMembers[member] }, func(string) string { return "" }); err != nil {
			return err
		}
		return m.show(http.StatusBadRequest)
	default:
		return err
	}
	return m.show(http.StatusConflict)
}

// swap leads to the same two with the other one staying.
func (m *merging) swap() string { return mergePath(m.both.From.Tenant.ID, m.stays) }

// sideBySide is what each of the two has.
func (m *merging) sideBySide() block.Table {
	t := block.Table{ID: "sides", Caption: m.T("console.merge.compare"), Small: true, Columns: []block.Column{
		{Key: "what", Title: m.T("console.merge.what")},
		{Key: "stays", Title: m.T("console.merge.stays")},
		{Key: "ends", Title: m.T("console.merge.ends")},
	}}
	row := func(key, what string, text func(customer.Side) string) {
		t.Rows = append(t.Rows, block.Row{ID: key, Name: what, Cells: []block.Cell{{Text: what}, {Text: text(m.both.Into)}, {Text: text(m.both.From)}}})
	}
	row("name", m.T("console.merge.live"), func(s customer.Side) string { return s.Tenant.Name })
	row("id", m.T("portal.tenant_id"), func(s customer.Side) string { return string(s.Tenant.ID) })
	row("country", m.T("portal.country"), func(s customer.Side) string { return m.Country(s.Tenant.Country) })
	row("domains", m.T("console.partner.domains"), func(s customer.Side) string {
		names := make([]string, len(s.Domains))
		for i, d := range s.Domains {
			names[i] = d.Name
		}
		return strings.Join(names, ", ")
	})
	row("registration", m.T("customers.field.registration"), registrations)
	row("partners", m.T("console.organizations.relations"), func(s customer.Side) string { return m.relationsOf(s) })
	row("people", m.T("console.people.title"), func(s customer.Side) string { return m.Number(s.Tenant.Users) })
	row("cases", m.T("console.merge.cases"), func(s customer.Side) string { return m.Number(s.OpenCases) })
	row("agreements", m.T("console.merge.agreements"), func(s customer.Side) string { return m.Number(s.Agreements) })
	row("delegations", m.T("console.merge.delegations"), func(s customer.Side) string { return m.Number(s.Delegations) })
	row("since", m.T("console.organizations.since"), func(s customer.Side) string { return m.Date(s.Tenant.CreatedAt) })
	return t
}

// registrations are the registration IDs that partners know of s, each once.
func registrations(s customer.Side) string {
	var all []string
	for _, r := range s.Relations {
		if n := r.Registration.ID; n != "" && !strings.Contains(strings.Join(all, "\n"), n) {
			all = append(all, n)
		}
	}
	return strings.Join(all, ", ")
}

func (m *merging) relationsOf(s customer.Side) string {
	kinds := make([]string, len(s.Relations))
	for i, r := range s.Relations {
		kinds[i] = m.names[r.Partner] + " (" + m.Relationship(r.Kind) + ")"
	}
	return strings.Join(kinds, "; ")
}

// plan is what becomes of the relations of the one that ends.
func (m *merging) plan() block.Table {
	t := block.Table{ID: "plan", Caption: m.T("console.merge.plan"), Small: true, Columns: []block.Column{
		{Key: "partner", Title: m.T("operator.column.partner")},
		{Key: "relation", Title: m.T("console.organizations.relation")},
		{Key: "friendly", Title: m.T("console.organizations.friendly")},
		{Key: "becomes", Title: m.T("console.merge.becomes")},
	}, Empty: block.EmptyState{Title: m.T("console.organizations.alone")}}
	for i, s := range m.both.Steps {
		becomes := m.T("console.merge.moves")
		switch {
		case s.Outgrown:
			becomes = m.T("console.merge.outgrown")
		case s.Joined:
			becomes = m.T("console.merge.joined")
		}
		t.Rows = append(t.Rows, block.Row{ID: strconv.Itoa(i), Name: s.Partner, Cells: []block.Cell{
			{Text: s.Partner, Href: visit.PartnersPath + "/" + string(s.Relation.Partner)},
			{Text: m.Relationship(s.Relation.Kind)},
			{Text: s.Relation.Billing.CompanyName},
			{Text: becomes},
		}})
	}
	return t
}

// notYet says why the two cannot be merged, "" when they can.
func (m *merging) notYet() string { return m.Sentence(m.both.Refused.Err()) }

// looking is the page of organisations that are there more than once.
type looking struct {
	*visit.Visit
	by   customer.Likeness
	page customer.LikenessPage
}

func duplicates(v *visit.Visit) error {
	l := &looking{Visit: v, by: customer.SameRegistration}
	if v.Query("by") == string(customer.SameName) {
		l.by = customer.SameName
	}
	after, err := strconv.ParseInt(v.Query("after"), 10, 64)
	if err != nil {
		after = 0 // the beginning, as without it
	}
	if l.page, err = visit.Do(v, customer.Duplicates, customer.LikenessQuery{By: l.by, After: after}); err != nil {
		return err
	}
	f := v.Frame(v.T("console.duplicates.title"), visit.Organizations)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: v.T("console.organizations.title"), Href: visit.OrganizationsPath})
	f.Subtitle = v.T("console.duplicates.subtitle")
	f.Commands = block.CommandBar{Table: "duplicates", Commands: []block.Command{l.command(customer.SameRegistration), l.command(customer.SameName)}}
	return v.Show(duplicatesPage(l, f))
}

// command switches to what customers have in common.
func (l *looking) command(by customer.Likeness) block.Command {
	label := l.T("console.duplicates.by_registration")
	if by == customer.SameName {
		label = l.T("console.duplicates.by_name")
	}
	kind := block.Secondary
	if by == l.by {
		kind = block.Primary
	}
	return block.Command{Label: label, Icon: icon.Search, Kind: kind, Href: duplicatesPath + "?by=" + string(by)}
}

// further leads to what was not looked at yet, "" where nothing is left.
func (l *looking) further() string {
	if l.page.Next == 0 {
		return ""
	}
	return duplicatesPath + "?by=" + string(l.by) + "&after=" + strconv.FormatInt(l.page.Next, 10)
}

// table lists the customers that may be one, group by group.
func (l *looking) table() block.Table {
	t := block.Table{ID: "duplicates", Caption: l.T("console.duplicates.title"), Small: true, Columns: []block.Column{
		{Key: "name", Title: l.T("customers.column.original")},
		{Key: "registration", Title: l.T("customers.field.registration")},
		{Key: "country", Title: l.T("portal.country")},
		{Key: "since", Title: l.T("console.organizations.since"), Nowrap: true},
		{Key: "merge", Title: l.T("common.actions")},
	}, Empty: block.EmptyState{Title: l.T("console.duplicates.empty"), Text: l.T("console.duplicates.empty_text")}}
	for _, group := range l.page.Groups {
		for i, c := range group {
			action := block.Cell{}
			if i > 0 {
				action.Body = block.ButtonOf(block.Button{Label: l.T("console.merge.compare_with", "Name", group[0].OriginalName), Kind: block.Quiet, Href: mergePath(group[0].ID, c.ID)})
			}
			t.Rows = append(t.Rows, block.Row{ID: string(c.ID), Name: c.OriginalName, Cells: []block.Cell{
				{Text: c.OriginalName, Sub: c.Domain, Href: organizationPath(c.ID)},
				{Text: c.Registration.ID},
				{Text: l.Country(c.Country())},
				{Text: l.Date(c.CreatedAt)},
				action,
			}})
		}
	}
	return t
}
