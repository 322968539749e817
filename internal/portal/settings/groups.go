package settings

import (
	"net/http"
	"strings"

	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/people"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

// groupList is the list of security groups, with the form of a new one.
type groupList struct {
	*visit.Visit
	groups []identity.Group
	typed  identity.NewGroup
	said   visit.Verdicts
}

func listGroups(v *visit.Visit) error {
	if err := enter(v); err != nil {
		return err
	}
	return (&groupList{Visit: v}).show(http.StatusOK)
}

func (l *groupList) show(status int) (err error) {
	if l.groups, err = visit.Do(l.Visit, identity.ListGroups, struct{}{}); err != nil {
		return err
	}
	f := l.Frame(l.T("settings.groups.title"), visit.AccountSettings)
	inside(l.Visit, &f, groupsPath)
	f.Subtitle = l.T("settings.groups.subtitle")
	f.Help = block.Help{
		Title: l.T("settings.groups.title"), Text: []string{l.T("settings.groups.help.use"), l.T("settings.groups.help.role")},
		Roles: l.RolesFor("partner.group.update", true),
	}
	return l.ShowAs(status, groupsPage(l, f))
}

func (l *groupList) table() block.Table {
	t := block.Table{
		ID: "groups", Caption: l.T("settings.groups.title"), Base: groupsPath, Small: true,
		Columns: []block.Column{
			{Key: "name", Title: l.T("common.name")}, {Key: "members", Title: l.T("settings.groups.members")}, {Key: "text", Title: l.T("settings.groups.description")},
		},
		Empty: block.EmptyState{Title: l.T("settings.groups.empty"), Text: l.T("settings.groups.subtitle")},
	}
	for _, g := range l.groups {
		members := l.T("settings.groups.by_hand")
		if g.Role != 0 {
			members = l.T("settings.groups.by_role", "Role", people.RoleWords(l.Visit, g.Role)[0])
		}
		t.Rows = append(t.Rows, block.Row{ID: string(g.ID), Name: g.Name, Cells: []block.Cell{{Text: g.Name, Href: visit.GroupPath(g.ID)}, {Text: members}, {Text: g.Description}}})
	}
	return t
}

// groupFields name the fields of the forms of groups.
func groupFields(member string) string {
	if member == "displayName" {
		return "name"
	}
	return ""
}

func addGroup(v *visit.Visit) error {
	if err := enter(v); err != nil {
		return err
	}
	l := &groupList{Visit: v, typed: identity.NewGroup{Name: v.Form("name"), Description: v.Form("description")}}
	made, err := visit.DoOnce(v, identity.AddGroup, l.typed)
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Conflict:
		status := visit.Status(err)
		if l.said, err = v.Judge(err, nil, groupFields, func(string) string { return v.T("common.name") }); err != nil {
			return err
		}
		return l.show(status)
	default:
		if err != nil {
			return err
		}
	}
	v.Toast(v.T("settings.groups.added", "Name", made.Name))
	return v.Redirect(visit.GroupPath(made.ID))
}

// groupForm is the page of one group.
type groupForm struct {
	*visit.Visit
	group   identity.Group
	members []identity.Member
	people  []identity.User
	others  []identity.Group // that may become members
	said    visit.Verdicts
}

// openGroup reads the group that the address names.
func openGroup(v *visit.Visit) (*groupForm, error) {
	if err := enter(v); err != nil {
		return nil, err
	}
	groups, err := visit.Do(v, identity.ListGroups, struct{}{})
	if err != nil {
		return nil, err
	}
	named, ok := id.Parse(v.Request.PathValue("group"))
	f := &groupForm{Visit: v}
	for _, g := range groups {
		if ok && g.ID == id.Group(named) {
			f.group = g
		} else {
			f.others = append(f.others, g)
		}
	}
	if f.group.ID == "" {
		return nil, refusal.NotFound
	}
	if f.members, err = visit.Do(v, identity.ListMembers, f.group.ID); err != nil {
		return nil, err
	}
	if f.byHand() && v.May("partner.user.update", false) {
		page, err := visit.Do(v, identity.ListUsers, identity.UserList{Size: 500})
		if err != nil {
			return nil, err
		}
		f.people = page.Users
	}
	return f, nil
}

// byHand reports whether the members of the group are chosen, and do not follow
// from a role.
func (f *groupForm) byHand() bool { return f.group.Role == policy.Role(0) }

func showGroup(v *visit.Visit) error {
	f, err := openGroup(v)
	if err != nil {
		return err
	}
	return f.show(http.StatusOK)
}

func (f *groupForm) frame() block.Frame {
	frame := f.Frame(f.group.Name, visit.AccountSettings)
	inside(f.Visit, &frame, groupsPath)
	frame.Breadcrumb = append(frame.Breadcrumb, block.Link{Label: f.T("settings.groups.title"), Href: groupsPath})
	frame.Subtitle = f.group.Description
	if f.byHand() {
		frame.Commands.Commands = []block.Command{{
			Label: f.T("settings.groups.remove"), Icon: icon.Delete, Href: visit.GroupPath(f.group.ID) + "/remove", Dialog: true, Reason: f.Reason("partner.group.update", true),
		}}
	}
	return frame
}

func (f *groupForm) show(status int) error { return f.ShowAs(status, groupPage(f, f.frame())) }

// after shows the page again with what was refused, or leads back to it.
func (f *groupForm) after(err error, toast string) error {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Conflict:
		status := visit.Status(err)
		if f.said, err = f.Judge(err, nil, groupFields, func(string) string { return f.T("common.name") }); err != nil {
			return err
		}
		return f.show(status)
	default:
		if err != nil {
			return err
		}
	}
	f.Toast(toast)
	return f.Redirect(visit.GroupPath(f.group.ID))
}

func saveGroup(v *visit.Visit) error {
	f, err := openGroup(v)
	if err != nil {
		return err
	}
	f.group.Name, f.group.Description = v.Form("name"), v.Form("description")
	_, err = visit.DoOnce(v, identity.UpdateGroup, identity.GroupChange{ID: f.group.ID, Name: f.group.Name, Description: f.group.Description})
	return f.after(err, v.T("common.saved"))
}

// membership is the member that the form names: "user:…" or "group:…".
func (f *groupForm) membership() (identity.Membership, error) {
	kind, member, _ := strings.Cut(f.Form("member"), ":")
	named, ok := id.Parse(member)
	m := identity.Membership{Group: f.group.ID}
	switch {
	case ok && kind == "user":
		m.User = id.User(named)
	case ok && kind == "group":
		m.NestedGroup = id.Group(named)
	default:
		return m, identity.ErrMemberUnknown
	}
	return m, nil
}

func addMember(v *visit.Visit) error {
	f, err := openGroup(v)
	if err != nil {
		return err
	}
	m, err := f.membership()
	if err == nil {
		_, err = visit.DoOnce(v, identity.AddMember, m)
	}
	return f.after(err, v.T("settings.groups.member_added"))
}

func removeMember(v *visit.Visit) error {
	f, err := openGroup(v)
	if err != nil {
		return err
	}
	m, err := f.membership()
	if err == nil {
		_, err = visit.DoOnce(v, identity.RemoveMember, m)
	}
	return f.after(err, v.T("settings.groups.member_removed"))
}

func askRemoveGroup(v *visit.Visit) error {
	f, err := openGroup(v)
	if err != nil {
		return err
	}
	return v.Show(removeGroupPage(f, f.frame()))
}

func removeGroup(v *visit.Visit) error {
	f, err := openGroup(v)
	if err != nil {
		return err
	}
	if _, err := visit.Do(v, identity.RemoveGroup, f.group.ID); err != nil {
		return f.after(err, "")
	}
	v.Toast(v.T("settings.groups.removed", "Name", f.group.Name))
	return v.Redirect(groupsPath)
}

// candidates are the people and groups that are no members yet.
func (f *groupForm) candidates() []block.Option {
	in := map[string]bool{}
	for _, m := range f.members {
		in[memberValue(m)] = true
	}
	var all []block.Option
	add := func(m identity.Member, label, group string) {
		if !in[memberValue(m)] {
			all = append(all, block.Option{Value: memberValue(m), Label: label, Group: group})
		}
	}
	for _, u := range f.people {
		add(identity.Member{User: u.ID}, u.DisplayName+" ("+u.Name+")", f.T("settings.groups.people"))
	}
	for _, g := range f.others {
		add(identity.Member{Group: g.ID}, g.Name, f.T("settings.groups.title"))
	}
	return all
}

// memberValue is the value of a form that names a member.
func memberValue(m identity.Member) string {
	if m.Group != "" {
		return "group:" + string(m.Group)
	}
	return "user:" + string(m.User)
}
