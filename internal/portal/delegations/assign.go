package delegations

import (
	"net/http"
	"slices"

	"comptoir/internal/fault"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

// assigning gives roles of a relationship to groups, in two steps: which groups,
// then which roles (P-11c); or changes the roles of one.
type assigning struct {
	*detail
	chosen   []id.Group
	roles    gdap.Set
	atRoles  bool          // the second step
	assigned gdap.Assigned // whose roles change; its ID is empty for new ones
}

func openAssigning(v *visit.Visit) (*assigning, error) {
	d, err := openDetail(v)
	if err != nil {
		return nil, err
	}
	if err := v.Kernel().May(v.Actor, "gdap.assign", true); err != nil {
		return nil, err
	}
	if !d.own() {
		return nil, refusal.NotFound
	}
	a := &assigning{detail: d}
	if roles := d.relationship.Roles; len(roles) == 1 {
		a.roles = roles
	}
	return a, nil
}

func askGroups(v *visit.Visit) error {
	a, err := openAssigning(v)
	if err != nil {
		return err
	}
	return a.showWizard(http.StatusOK)
}

// addGroups takes a step of the wizard.
func addGroups(v *visit.Visit) error {
	a, err := openAssigning(v)
	if err != nil {
		return err
	}
	for _, text := range v.Forms("group") {
		if g, ok := id.Parse(text); ok && !slices.Contains(a.chosen, id.Group(g)) {
			a.chosen = append(a.chosen, id.Group(g))
		}
	}
	if roles := chosenRoles(v); len(roles) > 0 || v.Form("step") == "roles" {
		a.roles = roles
	}
	if v.Form("step") != "roles" { // from the first step
		if a.atRoles = len(a.chosen) > 0; !a.atRoles {
			a.said.Refuse("group", v.Fault(gdap.ErrNoGroups))
			return a.showWizard(http.StatusBadRequest)
		}
		return a.showWizard(http.StatusOK)
	}
	if v.Form("go") == "back" {
		return a.showWizard(http.StatusOK)
	}
	a.atRoles = true
	if len(a.roles) == 0 {
		a.said.Refuse("role", v.Fault(gdap.ErrNoRoles))
		return a.showWizard(http.StatusBadRequest)
	}
	_, err = visit.DoOnce(v, gdap.AssignGroups, gdap.Assignments{Relationship: a.relationship.ID, Groups: a.chosen, Roles: a.roles})
	if err == nil {
		v.Toast(v.T("gdappage.groups.added"))
		return v.Redirect(a.path())
	}
	if !answerable(err) {
		return err
	}
	a.said.Refuse("", v.Sentence(err))
	return a.showWizard(visit.Status(err))
}

// answerable reports whether err is said beside the form: the reader can do
// something about it there.
func answerable(err error) bool {
	switch fault.KindOf(err) {
	case fault.Conflict, fault.Invalid, fault.Stale:
		return err != nil
	}
	return false
}

// chosenRoles are the roles that the form ticks. What is no role is left out.
func chosenRoles(v *visit.Visit) gdap.Set {
	var roles gdap.Set
	for _, text := range v.Forms("role") {
		if role, ok := gdap.RoleByID(gdap.RoleID(text)); ok {
			roles = append(roles, role.ID)
		}
	}
	return roles
}

func (a *assigning) showWizard(status int) error {
	f := a.frame(a.T("gdappage.groups.add"), block.Link{Label: a.relationship.Name, Href: a.path()})
	return a.ShowAs(status, assignPage(a, f))
}

func (a *assigning) wizard() block.Wizard {
	w := block.Wizard{
		Form:  block.Form{Action: a.path() + "/groups", CSRF: a.CSRF(), RequestID: a.requestID()},
		Label: a.T("gdappage.groups.add"), Cancel: a.path(),
		Steps:   []block.Step{{Label: a.T("gdappage.groups.which"), State: block.Current}, {Label: a.T("gdappage.column.roles")}},
		Heading: a.T("gdappage.groups.which"), Text: a.T("gdappage.groups.which_text"), Next: a.T("common.next"),
	}
	if a.atRoles {
		w.Steps[0].State, w.Steps[1].State = block.Done, block.Current
		w.Heading, w.Text, w.Next, w.Back = a.T("gdappage.groups.what"), a.T("gdappage.groups.what_text"), a.T("common.save"), true
	}
	return w
}

// requestID is the key of the form, which stays the same over its steps.
func (a *assigning) requestID() string {
	if key := a.Form("request-id"); key != "" {
		return key
	}
	return a.Actor.RequestID
}

// groupField offers the groups that have no roles of the relationship yet.
func (a *assigning) groupField() block.Field {
	f := block.Field{Name: "group", Label: a.T("gdappage.column.groups"), Required: true}
	for _, g := range a.chosen {
		f.Values = append(f.Values, string(g))
	}
	for _, g := range a.groups {
		o := block.Option{Value: string(g.ID), Label: g.Name, Hint: g.Description}
		if slices.ContainsFunc(a.detail.assigned, func(one gdap.Assigned) bool { return one.Group == g.ID }) {
			o.Disabled, o.Hint = true, a.T("gdappage.groups.has")
		}
		f.Options = append(f.Options, o)
	}
	return a.said.Mark(f)
}

// roleField offers the roles of the relationship.
func (a *assigning) roleField() block.Field {
	f := block.Field{Name: "role", Label: a.T("gdappage.column.roles"), Required: true, Options: roleOptions(a.Visit, a.relationship.Roles)}
	for _, r := range a.roles {
		f.Values = append(f.Values, string(r))
	}
	return a.said.Mark(f)
}

// roleOptions are roles to choose from, each with what it allows.
func roleOptions(v *visit.Visit, roles gdap.Set) []block.Option {
	options := make([]block.Option, len(roles))
	for i, r := range roles {
		role, _ := gdap.RoleByID(r)
		options[i] = block.Option{Value: string(r), Label: role.Name, Hint: v.DirectoryRole(r)}
		if role.Privileged {
			options[i].Label = v.T("gdappage.role.privileged", "Role", role.Name)
		}
	}
	return options
}

// openAssigned reads the assignment that the address names.
func openAssigned(v *visit.Visit) (*assigning, error) {
	a, err := openAssigning(v)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(a.detail.assigned, func(one gdap.Assigned) bool { return one.ID == v.Request.PathValue("assignment") })
	if i < 0 {
		return nil, refusal.NotFound
	}
	a.assigned = a.detail.assigned[i]
	a.roles = a.assigned.Roles
	return a, nil
}

func (a *assigning) ref() gdap.AssignmentRef {
	return gdap.AssignmentRef{Relationship: a.relationship.ID, Assignment: a.assigned.ID, Version: version(a.Visit)}
}

func (a *assigning) name() string {
	name, _ := a.group(a.assigned.Group)
	return name
}

// askRoles shows the roles of a group.
func askRoles(v *visit.Visit) error {
	a, err := openAssigned(v)
	if err != nil {
		return err
	}
	return a.showRoles(http.StatusOK)
}

func (a *assigning) showRoles(status int) error {
	f := a.frame(a.T("gdappage.groups.roles_of", "Group", a.name()), block.Link{Label: a.relationship.Name, Href: a.path()})
	return a.ShowAs(status, groupRolesPage(a, f))
}

// changeRoles gives a group other roles. While an earlier change is still being
// made, the page says so (409 gdap.pending).
func changeRoles(v *visit.Visit) error {
	a, err := openAssigned(v)
	if err != nil {
		return err
	}
	if a.roles = chosenRoles(v); len(a.roles) == 0 {
		a.said.Refuse("role", v.Fault(gdap.ErrNoRoles))
		return a.showRoles(http.StatusBadRequest)
	}
	_, err = visit.DoOnce(v, gdap.Reassign, gdap.Reassignment{AssignmentRef: a.ref(), Roles: a.roles})
	if err == nil {
		v.Toast(v.T("gdappage.groups.changed", "Group", a.name()))
		return v.Redirect(a.path())
	}
	if !answerable(err) {
		return err
	}
	a.said.Refuse("", v.Sentence(err))
	return a.showRoles(visit.Status(err))
}

// askRemoval asks before a group loses its roles.
func askRemoval(v *visit.Visit) error {
	a, err := openAssigned(v)
	if err != nil {
		return err
	}
	return a.showRemoval(http.StatusOK, nil)
}

func (a *assigning) showRemoval(status int, refused error) error {
	d := block.Dialog{
		ID: "remove", Title: a.T("gdappage.groups.remove_title", "Group", a.name()), Text: a.T("gdappage.groups.remove_text"), Tone: block.Warning,
		Action: a.groupPath(a.assigned) + "/remove", CSRF: a.CSRF(), Confirm: a.T("common.remove"), Destructive: true, Cancel: a.path(), Reason: a.Sentence(refused),
	}
	return a.ShowAs(status, removalPage(a, a.frame(d.Title, block.Link{Label: a.relationship.Name, Href: a.path()}), d))
}

func removeGroup(v *visit.Visit) error {
	a, err := openAssigned(v)
	if err != nil {
		return err
	}
	_, err = visit.Do(v, gdap.Unassign, a.ref())
	switch {
	case err == nil:
		v.Toast(v.T("gdappage.groups.removed", "Group", a.name()))
		return v.Redirect(a.path())
	case !answerable(err):
		return err
	}
	return a.showRemoval(visit.Status(err), err)
}
