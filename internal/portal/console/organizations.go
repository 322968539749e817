package console

import (
	"net/http"
	"strings"

	"comptoir/internal/customer"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
	"comptoir/internal/relationship"
)

const oneOrganization = visit.OrganizationsPath + "/{id}"

func organizationPages() map[string]visit.Page {
	return map[string]visit.Page{
		"GET " + visit.OrganizationsPath:       organizations,
		"GET " + oneOrganization:               organization,
		"GET " + oneOrganization + "/correct":  askCorrection,
		"POST " + oneOrganization + "/correct": correct,
	}
}

func organizationPath(c id.Tenant) string { return visit.OrganizationsPath + "/" + string(c) }

// found is what the search over all organisations finds (V-5).
type found struct {
	*visit.Visit
	view      block.View
	customers []customer.Customer
	partners  []identity.Partner // that the search finds as well
	names     map[id.Tenant]string
}

func organizations(v *visit.Visit) error {
	f := &found{Visit: v, view: block.ParseView(v.Request.URL.Query())}
	var err error
	if f.customers, err = visit.Do(v, customer.Across, f.view.Search); err != nil {
		return err
	}
	all, err := visit.Do(v, identity.FindPartners, identity.PartnerQuery{})
	if err != nil {
		return err
	}
	f.names = map[id.Tenant]string{}
	for _, p := range all {
		f.names[p.Tenant] = p.Name
	}
	if f.view.Search != "" {
		if f.partners, err = visit.Do(v, identity.FindPartners, identity.PartnerQuery{Search: f.view.Search}); err != nil {
			return err
		}
	}
	if v.Wants("organizations") {
		return v.Show(block.DataTable(v.Printer, f.table()))
	}
	frame := v.Frame(v.T("console.organizations.title"), visit.Organizations)
	frame.Subtitle = v.T("console.organizations.subtitle")
	frame.Commands = block.CommandBar{Table: "organizations", Commands: []block.Command{
		{Label: v.T("customers.import"), Icon: icon.Upload, Href: visit.ImportPath, Reason: v.Reason("organization.import", true)},
		{Label: v.T("console.duplicates.title"), Icon: icon.Search, Href: duplicatesPath, Reason: v.Reason("organization.merge", true)},
	}}
	return v.Show(organizationsPage(f, frame))
}

func (f *found) table() block.Table {
	t := block.Table{
		ID: "organizations", Caption: f.T("console.organizations.title"), Base: visit.OrganizationsPath, View: f.view, Search: f.T("console.organizations.search"),
		Columns: []block.Column{
			{Key: "name", Title: f.T("customers.column.original"), Fixed: true},
			{Key: "friendly", Title: f.T("console.organizations.friendly")},
			{Key: "partner", Title: f.T("operator.column.partner")},
			{Key: "relation", Title: f.T("console.organizations.relation")},
			{Key: "status", Title: f.T("common.status"), Nowrap: true},
			{Key: "country", Title: f.T("portal.country")},
			{Key: "id", Title: f.T("portal.tenant_id"), Mono: true, Hidden: true},
		},
		Empty: block.EmptyState{Title: f.T("console.organizations.empty"), Text: f.T("console.organizations.empty_text")},
	}
	for _, p := range f.partners {
		t.Rows = append(t.Rows, block.Row{ID: string(p.Tenant), Name: p.Name, Cells: []block.Cell{
			{Text: p.Name, Sub: p.Domain, Href: partnerPath(p)},
			{},
			{},
			{Text: f.Labels(f.OrgTypes(p.Types))},
			{Badge: partnerStatus(f.Visit, p.Status)},
			{Text: f.Country(p.Country)},
			{Text: string(p.Tenant)},
		}})
	}
	for _, c := range f.customers {
		t.Rows = append(t.Rows, block.Row{ID: string(c.ID) + string(c.Partner) + string(c.Kind), Name: c.OriginalName, Cells: []block.Cell{
			{Text: c.OriginalName, Sub: c.Domain, Href: organizationPath(c.ID)},
			{Text: c.Billing.CompanyName},
			{Text: f.names[c.Partner]},
			{Text: f.Relationship(c.Kind)},
			{Badge: f.Status(c.Status)},
			{Text: f.Country(c.Country())},
			{Text: string(c.ID)},
		}})
	}
	t.Total = int64(len(t.Rows))
	return t
}

// organizationFile is the page of one customer's organisation.
type organizationFile struct {
	*visit.Visit
	customer.File
	names    map[id.Tenant]string
	corrects bool // the reader may correct what was recorded
}

func openOrganization(v *visit.Visit) (*organizationFile, error) {
	if err := v.Kernel().May(v.Actor, "organization.view", false); err != nil {
		return nil, err
	}
	tenant, ok := id.Parse(v.Request.PathValue("id"))
	if !ok {
		return nil, refusal.NotFound
	}
	o := &organizationFile{Visit: v, corrects: v.May("organization.correct", true)}
	var err error
	if o.File, err = visit.Do(v, customer.InspectFile, id.Tenant(tenant)); err != nil {
		return nil, err
	}
	o.names, err = partnerNames(v)
	return o, err
}

// partnerNames are what all partners are called.
func partnerNames(v *visit.Visit) (map[id.Tenant]string, error) {
	partners, err := visit.Do(v, identity.FindPartners, identity.PartnerQuery{})
	names := make(map[id.Tenant]string, len(partners))
	for _, p := range partners {
		names[p.Tenant] = p.Name
	}
	return names, err
}

func organization(v *visit.Visit) error {
	o, err := openOrganization(v)
	if err != nil {
		return err
	}
	return v.Show(organizationPage(o, o.frame()))
}

func (o *organizationFile) frame() block.Frame {
	f := o.Frame(o.Tenant.Name, visit.Organizations)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: o.T("console.organizations.title"), Href: visit.OrganizationsPath})
	f.Subtitle = o.T("console.organizations.live")
	if !o.End.At.IsZero() {
		f.Messages = append(f.Messages, block.Message{
			Tone: block.Warning, Title: o.T("console.merge.ended"), Text: o.T("console.merge.ended_text", "At", o.End.At),
			Links: []block.Link{{Label: o.T("console.merge.ended_link"), Href: organizationPath(o.End.Into)}},
		})
		return f
	}
	f.Commands = block.CommandBar{Commands: []block.Command{
		{Label: o.T("console.merge.title"), Icon: icon.Organization, Href: mergePath(o.Tenant.ID, ""), Reason: o.Reason("organization.merge", true)},
	}}
	return f
}

func (o *organizationFile) facts() []block.Fact {
	domains := make([]string, len(o.Domains))
	for i, d := range o.Domains {
		domains[i] = d.Name
	}
	return []block.Fact{
		{Term: o.T("portal.tenant_id"), Value: string(o.Tenant.ID), Mono: true, Copy: true},
		{Term: o.T("portal.country"), Value: o.Country(o.Tenant.Country)},
		{Term: o.T("console.partner.domains"), Value: strings.Join(domains, ", ")},
		{Term: o.T("console.people.title"), Value: o.Number(o.Tenant.Users)},
		{Term: o.T("console.organizations.since"), Value: o.DateTime(o.Tenant.CreatedAt)},
	}
}

// relations are the organisation as each partner knows it.
func (o *organizationFile) relations() block.Table {
	t := block.Table{
		ID: "relations", Caption: o.T("console.organizations.relations"), Small: true, Columns: []block.Column{
			{Key: "partner", Title: o.T("operator.column.partner")},
			{Key: "relation", Title: o.T("console.organizations.relation")},
			{Key: "status", Title: o.T("common.status"), Nowrap: true},
			{Key: "original", Title: o.T("customers.column.original")},
			{Key: "friendly", Title: o.T("console.organizations.friendly")},
			{Key: "since", Title: o.T("console.organizations.since"), Nowrap: true},
			{Key: "correct", Title: o.T("common.actions")},
		},
		Empty: block.EmptyState{Title: o.T("console.organizations.alone")},
	}
	for _, c := range o.Relations {
		action := block.Cell{}
		if o.corrects {
			action.Body = block.ButtonOf(block.Button{Label: o.T("console.correct.title"), Icon: icon.Edit, Kind: block.Quiet, Href: o.correctionPath(c), Dialog: true})
		}
		t.Rows = append(t.Rows, block.Row{ID: string(c.Partner) + string(c.Kind), Name: o.names[c.Partner], Cells: []block.Cell{
			{Text: o.names[c.Partner], Href: visit.PartnersPath + "/" + string(c.Partner)},
			{Text: o.Relationship(c.Kind)},
			{Badge: o.Status(c.Status)},
			{Text: c.OriginalName, Sub: c.Domain},
			{Text: c.Billing.CompanyName},
			{Text: o.Date(c.CreatedAt)},
			action,
		}})
	}
	return t
}

func (o *organizationFile) correctionPath(c customer.Customer) string {
	return organizationPath(c.ID) + "/correct?partner=" + string(c.Partner) + "&relation=" + string(c.Kind)
}

// correcting is the dialog that puts right what was recorded.
type correcting struct {
	*organizationFile
	relation             customer.Customer
	name, domain, reason string
	said                 visit.Verdicts
}

func openCorrection(v *visit.Visit, partner, kind string) (*correcting, error) {
	if err := v.Kernel().May(v.Actor, "organization.correct", true); err != nil {
		return nil, err
	}
	o, err := openOrganization(v)
	if err != nil {
		return nil, err
	}
	for _, c := range o.Relations {
		if string(c.Partner) == partner && string(c.Kind) == kind {
			return &correcting{organizationFile: o, relation: c, name: c.OriginalName, domain: c.Domain}, nil
		}
	}
	return nil, refusal.NotFound
}

func askCorrection(v *visit.Visit) error {
	c, err := openCorrection(v, v.Query("partner"), v.Query("relation"))
	if err != nil {
		return err
	}
	return v.Show(correctionDialog(c, c.frame()))
}

// correctionMembers says which field of the dialog a member of the input is.
var correctionMembers = map[string]string{"originalName": "name", "domain": "domain", "reason": "reason"}

func correct(v *visit.Visit) error {
	c, err := openCorrection(v, v.Form("partner"), v.Form("relation"))
	if err != nil {
		return err
	}
	c.name, c.domain, c.reason = v.Form("name"), v.Form("domain"), v.Form("reason")
	_, err = visit.Do(v, customer.CorrectSnapshot, customer.Correction{
		Partner: c.relation.Partner, Customer: c.relation.ID, Kind: relationship.Kind(v.Form("relation")), OriginalName: c.name, Domain: c.domain, Reason: c.reason,
	})
	if err == nil {
		v.Toast(v.T("console.correct.done", "Partner", c.names[c.relation.Partner]))
		return v.Redirect(organizationPath(c.relation.ID))
	}
	if fault.KindOf(err) != fault.Invalid {
		return err
	}
	if c.said, err = v.Judge(err, nil, func(member string) string { return correctionMembers[member] }, func(string) string { return "" }); err != nil {
		return err
	}
	return v.ShowAs(http.StatusBadRequest, correctionDialog(c, c.frame()))
}
