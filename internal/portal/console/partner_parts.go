package console

import (
	"strings"

	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/record"
)

// facts are the enrolment of a partner.
func (f *partnerFile) facts() []block.Fact {
	p := f.Partner
	signed := block.Fact{Term: f.T("console.partner.agreement"), Badge: block.Badge{Tone: block.Warning, Text: f.T("console.partner.unsigned")}}
	if !p.MPASignedAt.IsZero() {
		signed = block.Fact{Term: signed.Term, Value: f.DateTime(p.MPASignedAt), Hint: f.signer()}
	}
	domains := make([]string, len(f.Domains))
	for i, d := range f.Domains {
		domains[i] = d.Name
	}
	return []block.Fact{
		{Term: f.T("portal.tenant_id"), Value: string(p.Tenant), Mono: true, Copy: true},
		{Term: f.T("console.partner.number"), Value: p.PartnerID, Mono: true, Copy: true},
		{Term: f.T("portal.country"), Value: f.Country(p.Country)},
		{Term: f.T("console.partner.market"), Value: market(f.Visit, p.Market)},
		{Term: f.T("console.partner.domains"), Value: strings.Join(domains, ", ")},
		signed,
		{Term: f.T("rules.registrar"), Value: ruleValue(f.Visit, p.Registrar), Hint: f.T("rules.registrar.hint")},
		{Term: f.T("console.partner.enrolled"), Value: f.DateTime(p.EnrolledAt)},
		{Term: f.T("console.enrol.language"), Value: f.language()},
	}
}

// signer says who signed the partner agreement; on paper nobody is recorded.
func (f *partnerFile) signer() string {
	if f.Partner.MPASignedBy == "" {
		return f.T("console.partner.on_paper")
	}
	for _, n := range f.Users {
		if n.ID == f.Partner.MPASignedBy {
			return n.DisplayName
		}
	}
	return string(f.Partner.MPASignedBy)
}

func (f *partnerFile) language() string {
	if f.Language == "" {
		return ""
	}
	return f.Culture(f.Language)
}

// vettingTable lists the steps of the vetting.
func (f *partnerFile) vettingTable() block.Table {
	t := block.Table{ID: "vetting-steps", Caption: f.T("console.vetting.title"), Small: true, Columns: []block.Column{
		{Key: "step", Title: f.T("console.vetting.step")},
		{Key: "state", Title: f.T("common.status"), Nowrap: true},
		{Key: "note", Title: f.T("console.vetting.note")},
		{Key: "by", Title: f.T("console.vetting.by")},
	}}
	for _, s := range f.Vetting {
		step := block.Cell{Text: vettingStep(f.Visit, s.Step)}
		if f.decides && f.Partner.Status != identity.PartnerClosed {
			step.Href = partnerPath(f.Partner) + "/vetting?step=" + string(s.Step)
		}
		by := block.Cell{Text: s.ChangedBy}
		if !s.ChangedAt.IsZero() {
			by.Sub = f.DateTime(s.ChangedAt)
		}
		t.Rows = append(t.Rows, block.Row{ID: string(s.Step), Name: step.Text, Cells: []block.Cell{step, {Badge: vettingState(f.Visit, s.State)}, {Text: s.Note}, by}})
	}
	return t
}

// people lists the users of the partner.
func (f *partnerFile) people() block.Table {
	t := block.Table{
		ID: "people", Caption: f.T("console.people.title"), Small: true, Columns: []block.Column{
			{Key: "name", Title: f.T("common.name")},
			{Key: "roles", Title: f.T("console.user.roles")},
			{Key: "status", Title: f.T("common.status"), Nowrap: true},
			{Key: "factor", Title: f.T("console.user.factor"), Nowrap: true},
		},
		Empty: block.EmptyState{Title: f.T("console.people.empty")},
	}
	for _, n := range f.Users {
		t.Rows = append(t.Rows, block.Row{ID: string(n.ID), Name: n.DisplayName, Cells: []block.Cell{
			{Text: n.DisplayName, Sub: n.Name}, {Text: f.List(roleNames(f.Visit, n.Roles))}, {Badge: userStatus(f.Visit, n)}, {Text: f.yesNo(n.Factors != 0)},
		}})
	}
	return t
}

func (f *partnerFile) yesNo(b bool) string {
	if b {
		return f.T("common.yes")
	}
	return f.T("common.no")
}

// log are the newest entries of the partner's log.
func (f *partnerFile) log() []block.Step {
	steps := make([]block.Step, len(f.records))
	for i, r := range f.records {
		steps[i] = block.Step{Label: record.Operation(f.Printer, r.Operation), Text: r.CustomerName, By: r.UserName, At: r.At, State: block.Done}
		if r.Status == op.Failed {
			steps[i].State = block.Failed
		}
	}
	return steps
}

func (f *partnerFile) morePeople() string {
	if int64(len(f.Users)) >= f.People {
		return ""
	}
	return f.N("console.people.more", f.People, "Shown", len(f.Users))
}

// signField is the field of the paper signature, for who has not signed.
func (f *partnerFile) signField() block.Field {
	return block.Field{Name: "signed", Value: "yes", Label: f.T("console.enrol.signed"), Hint: f.T("console.enrol.signed_hint")}
}
