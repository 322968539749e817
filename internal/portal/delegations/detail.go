package delegations

import (
	"net/http"
	"slices"
	"strings"

	"comptoir/internal/fault"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

// groupsID names the table of groups.
const groupsID = "groups"

// detail is the page of one admin relationship (P-11).
type detail struct {
	one
	// groups are those of the reader's organisation; assigned says which of them
	// have roles, changing which assignments an operation still works on.
	groups   []identity.Group
	assigned []gdap.Assigned
	changing map[string]bool
	said     visit.Verdicts
}

func openDetail(v *visit.Visit) (*detail, error) {
	o, err := openOne(v, v.Request.PathValue("relationship"))
	if err != nil {
		return nil, err
	}
	d := &detail{one: o, changing: map[string]bool{}}
	if !d.own() {
		return d, nil
	}
	if d.assigned, err = visit.Do(v, gdap.ListAssignments, o.relationship.ID); err != nil {
		return nil, err
	}
	operations, err := visit.Do(v, gdap.ListOperations, o.relationship.ID)
	if err != nil {
		return nil, err
	}
	for _, one := range operations {
		if _, assignment, of := strings.Cut(one.Data, "/accessAssignments/"); of && one.Status == gdap.OperationNotStarted {
			d.changing[assignment] = true
		}
	}
	d.groups, err = visit.Do(v, identity.ListGroups, struct{}{})
	return d, err
}

// own reports whether the relationship is of the reader's organisation, and not
// what it proposes for a reseller.
func (d *detail) own() bool { return d.relationship.Partner == d.Actor.Tenant }

// holds reports whether groups can have roles of the relationship now.
func (d *detail) holds() bool { return d.own() && d.relationship.Status == gdap.Active }

func showDetail(v *visit.Visit) error {
	d, err := openDetail(v)
	if err != nil {
		return err
	}
	return d.show(http.StatusOK)
}

func (d *detail) show(status int) error {
	if d.Wants(groupsID) {
		return d.Show(groupsList(d))
	}
	f := d.frame(d.relationship.Name)
	f.Badges = []block.Badge{d.DelegationStatus(d.relationship.Status)}
	f.Subtitle = d.T("gdappage.detail.subtitle", "Customer", d.customer.OriginalName)
	if m := d.standing(); m.Text != "" {
		f.Messages = append(f.Messages, m)
	}
	f.Commands.Commands = d.commands()
	f.Help = block.Help{
		Title: d.T("gdappage.title"), Text: []string{d.T("gdappage.help.groups"), d.T("gdappage.help.end")}, Roles: d.RolesFor("gdap.assign", true),
	}
	return d.ShowAs(status, detailPage(d, f))
}

// standing says what is to be done about the relationship.
func (d *detail) standing() block.Message {
	switch r := d.relationship; {
	case d.holds() && len(d.assigned) == 0:
		return block.Message{Tone: block.Warning, Title: d.T("gdappage.no_group_title"), Text: d.T("gdappage.detail.no_group")}
	case r.Status == gdap.Created:
		return block.Message{Tone: block.Info, Text: d.T("gdappage.detail.draft")}
	case r.Status == gdap.ApprovalPending && r.ConsentDue && d.own():
		return block.Message{Tone: block.Info, Text: d.T("gdappage.detail.consent")}
	case r.Status == gdap.ApprovalPending && r.ConsentDue:
		return block.Message{Tone: block.Info, Text: d.T("gdappage.detail.consent_due")}
	case r.Status == gdap.ApprovalPending:
		return block.Message{Tone: block.Info, Text: d.T("gdappage.detail.waiting", "Date", d.Date(r.AnswerBy()))}
	case r.Status == gdap.Expired && r.ActivatedAt.IsZero():
		return block.Message{Tone: block.Warning, Text: d.T("gdappage.detail.lapsed")}
	}
	return block.Message{}
}

func (d *detail) commands() []block.Command {
	var all []block.Command
	if d.holds() {
		all = append(
			all,
			block.Command{Label: d.T("gdappage.groups.add"), Icon: icon.Add, Kind: block.Primary, Href: d.path() + "/groups", Key: "n", Reason: d.Reason("gdap.assign", true)},
			block.Command{Label: d.T("gdappage.extend"), Icon: icon.Refresh, Href: d.path() + "/extend", Dialog: true, Reason: d.Reason("gdap.end", true)},
		)
	}
	switch d.relationship.Status {
	case gdap.Created:
		reason := d.Reason("gdap.request", true)
		all = append(
			all,
			block.Command{Label: d.T("common.edit"), Icon: icon.Edit, Href: d.path() + "/edit", Reason: reason},
			block.Command{Label: d.T("common.delete"), Icon: icon.Delete, Href: d.path() + "/delete", Dialog: true, Reason: reason},
		)
	case gdap.Active:
		all = append(all, block.Command{Label: d.T("gdappage.terminate"), Icon: icon.Dismiss, Href: d.path() + "/terminate", Dialog: true, Reason: d.Reason("gdap.end", true)})
	case gdap.ApprovalPending:
		if !d.relationship.ConsentDue {
			all = append(all, block.Command{Label: d.T("gdappage.letter.title"), Icon: icon.Mail, Kind: block.Primary, Href: d.path() + "/message", Reason: d.Reason("gdap.request", true)})
		}
		all = append(all, block.Command{Label: d.T("gdappage.withdraw"), Icon: icon.Dismiss, Href: d.path() + "/terminate", Dialog: true, Reason: d.Reason("gdap.end", true)})
	}
	return all
}

func (d *detail) facts() []block.Fact {
	r := d.relationship
	extend := d.T("delegationpage.extend_no")
	if r.Permanent() {
		extend = d.T("delegationpage.extend_yes")
	}
	facts := []block.Fact{
		{Term: d.T("gdappage.column.source"), Value: d.DelegationSource(r.Source)},
		{Term: d.T("delegationpage.duration"), Value: d.N("delegationpage.days", int64(r.Days()))},
		{Term: d.T("delegationpage.extend"), Value: extend},
	}
	if !r.ActivatedAt.IsZero() {
		facts = append(facts, block.Fact{Term: d.T("gdappage.column.start"), Value: d.Date(r.ActivatedAt)}, block.Fact{Term: d.T("gdappage.column.end"), Value: d.Date(endOf(r))})
	}
	if r.ApprovedBy != "" {
		facts = append(facts, block.Fact{Term: d.T("notice.fact.approver"), Value: r.ApprovedBy})
	}
	return append(facts, block.Fact{Term: d.T("gdappage.column.id"), Value: r.ID, Mono: true, Copy: true})
}

// timeline is what happened, and what is to come.
func (d *detail) timeline() []block.Step {
	r := d.relationship
	steps := []block.Step{{Label: d.T("gdappage.step.created"), At: r.CreatedAt, State: block.Done}}
	if r.Source == gdap.Default {
		steps = nil // it began with the customer
	}
	if !r.LockedAt.IsZero() {
		steps = append(steps, block.Step{Label: d.T("gdappage.step.sent"), At: r.LockedAt, State: block.Done})
	}
	if r.Status == gdap.ApprovalPending {
		steps = append(steps, block.Step{Label: d.T("gdappage.step.answer"), At: r.AnswerBy(), State: block.Current})
	}
	if !r.ActivatedAt.IsZero() {
		steps = append(steps, block.Step{Label: d.T("gdappage.step.active"), At: r.ActivatedAt, By: r.ApprovedBy, State: block.Done})
	}
	switch {
	case r.Status == gdap.Active && r.Permanent():
		steps = append(steps, block.Step{Label: d.T("gdappage.step.extends"), At: r.EndsAt})
	case r.Status == gdap.Active:
		steps = append(steps, block.Step{Label: d.T("gdappage.step.ends"), At: r.EndsAt})
	case r.Status.Over():
		steps = append(steps, block.Step{Label: d.DelegationStatus(r.Status).Text, At: r.EndedAt, State: block.Done})
	}
	return steps
}

// roleFacts are roles with what each allows, and a warning where one reaches far.
func roleFacts(v *visit.Visit, roles gdap.Set) []block.Fact {
	facts := make([]block.Fact, len(roles))
	for i, r := range roles {
		role, _ := gdap.RoleByID(r)
		facts[i] = block.Fact{Term: role.Name, Hint: v.DirectoryRole(r), Badge: block.Badge{Tone: block.Neutral, Text: v.T("delegationpage.limited")}}
		if role.Privileged {
			facts[i].Badge = block.Badge{Tone: block.Warning, Text: v.T("delegationpage.privileged")}
		}
	}
	return facts
}

// group is how a group is called and where its page is; one that is gone has none.
func (d *detail) group(g id.Group) (name, to string) {
	i := slices.IndexFunc(d.groups, func(one identity.Group) bool { return one.ID == g })
	if i < 0 {
		return d.T("gdappage.groups.gone"), ""
	}
	return d.groups[i].Name, visit.GroupPath(g)
}

// assignmentBadge is whether the roles of an assignment hold (rule F8).
func (d *detail) assignmentBadge(a gdap.Assigned) block.Badge {
	switch {
	case a.Status == gdap.AssignmentPending:
		return block.Badge{Tone: block.Info, Text: d.T("gdappage.groups.pending"), Icon: icon.Pending}
	case d.changing[a.ID]:
		return block.Badge{Tone: block.Info, Text: d.T("gdappage.groups.changing"), Icon: icon.Pending}
	}
	return block.Badge{Tone: block.Success, Text: d.T("common.active")}
}

// moving reports whether something is about to change by itself.
func (d *detail) moving() bool {
	return len(d.changing) > 0 || slices.ContainsFunc(d.assigned, func(a gdap.Assigned) bool { return a.Status == gdap.AssignmentPending })
}

func (d *detail) groupPath(a gdap.Assigned) string { return d.path() + "/groups/" + a.ID }

func (d *detail) table() block.Table {
	t := block.Table{ID: "assigned", Caption: d.T("gdappage.column.groups"), Base: d.path(), Small: true, Columns: []block.Column{
		{Key: "group", Title: d.T("gdappage.groups.group"), Fixed: true},
		{Key: "roles", Title: d.T("gdappage.column.roles")},
		{Key: "status", Title: d.T("common.status"), Nowrap: true},
	}}
	mayChange := d.holds() && d.May("gdap.assign", true)
	if mayChange {
		t.Columns = append(t.Columns, block.Column{Key: "change", Title: d.T("rounds.column.change"), Nowrap: true})
	}
	for _, a := range d.assigned {
		name, to := d.group(a.Group)
		row := block.Row{ID: a.ID, Name: name, Cells: []block.Cell{
			{Text: name, Href: to}, {Text: d.List(a.Roles.Names())}, {Badge: d.assignmentBadge(a)},
		}}
		if mayChange {
			row.Cells = append(row.Cells, block.Cell{Body: groupActions(d, a)})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// groupButtons change or take away the roles of a group.
func (d *detail) groupButtons(a gdap.Assigned) []block.Button {
	return []block.Button{
		{Label: d.T("rounds.change"), Icon: icon.Edit, Kind: block.Quiet, Href: d.groupPath(a)},
		{Label: d.T("common.remove"), Icon: icon.Delete, Kind: block.Quiet, Href: d.groupPath(a) + "/remove", Dialog: true},
	}
}

// answerProposal takes the reseller's answer to what its provider proposes (rule F4).
func answerProposal(v *visit.Visit) error {
	d, err := openDetail(v)
	if err != nil {
		return err
	}
	ref := gdap.Ref{Relationship: d.relationship.ID, Version: version(v)}
	switch v.Form("answer") {
	case "agree":
		_, err = visit.Do(v, gdap.Consent, ref)
	case "refuse":
		_, err = visit.Do(v, gdap.Refuse, ref)
	default:
		return refusal.Malformed
	}
	switch kind := fault.KindOf(err); {
	case err == nil:
		v.Toast(v.T("gdappage.consent.done"))
		return v.Redirect(d.path())
	case kind != fault.Conflict && kind != fault.Stale:
		return err
	}
	d.said.Refuse("", v.Sentence(err))
	return d.show(visit.Status(err))
}
