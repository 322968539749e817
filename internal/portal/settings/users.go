package settings

import (
	"net/http"

	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

// usersID names the table of users.
const usersID = "users"

// directoryRoles and partnerRoles are the roles of a partner's people as their
// check boxes are grouped (P-19).
const (
	directoryRoles = policy.GlobalAdmin | policy.UserAdmin | policy.BillingAdmin
	partnerRoles   = policy.AdminAgent | policy.SalesAgent | policy.HelpdeskAgent
)

// userList is the list of a partner's people.
type userList struct {
	*visit.Visit
	view block.View
	page identity.UserPage
}

func listUsers(v *visit.Visit) error {
	if err := enter(v); err != nil {
		return err
	}
	l := &userList{Visit: v, view: block.ParseView(v.Request.URL.Query(), "role")}
	in := identity.UserList{Size: l.view.Size, After: l.view.After}
	in.Role, _ = policy.ParseRole(l.view.Filters.Get("role"))
	var err error
	if l.page, err = visit.Do(v, identity.ListUsers, in); fault.KindOf(err) == fault.Invalid { // an old bookmark
		in.After, l.view = "", l.view.First()
		l.page, err = visit.Do(v, identity.ListUsers, in)
	}
	if err != nil {
		return err
	}
	if v.Wants(usersID) {
		return v.Show(block.DataTable(v.Printer, l.table()))
	}
	f := v.Frame(v.T("settings.users.title"), visit.AccountSettings)
	inside(v, &f, usersPath)
	f.Subtitle = v.T("settings.users.subtitle")
	f.Help = block.Help{
		Title: v.T("settings.users.title"), Text: []string{v.T("settings.users.help.roles"), v.T("settings.users.help.admins"), v.T("settings.users.help.password")},
		Roles: v.RolesFor("partner.user.update", true),
	}
	f.Commands = block.CommandBar{
		Commands: []block.Command{{Label: v.T("settings.users.add"), Icon: icon.Add, Kind: block.Primary, Href: newUserPath, Key: "n", Reason: v.Reason("partner.user.update", true)}},
		Tools:    []block.Command{{Label: v.T("common.refresh"), Icon: icon.Refresh, Href: l.view.URL(usersPath), Key: "r"}},
	}
	return v.Show(usersPage(l, f))
}

// table lists people in the order of their names. Pages are turned forward; the
// way back is that of the browser.
func (l *userList) table() block.Table {
	t := block.Table{
		ID: usersID, Caption: l.T("settings.users.title"), Base: usersPath, View: l.view, Next: l.page.Next, Total: l.page.Total,
		Columns: []block.Column{
			{Key: "name", Title: l.T("common.name"), Fixed: true},
			{Key: "user", Title: l.T("portal.profile.user_name")},
			{Key: "roles", Title: l.T("portal.profile.roles")},
			{Key: "factor", Title: l.T("settings.security.factor")},
			{Key: "status", Title: l.T("common.status"), Nowrap: true},
			{Key: "created", Title: l.T("customers.column.created"), Hidden: true, Nowrap: true},
		},
		Filters: []block.Filter{{Key: "role", Label: l.T("settings.users.role"), Options: roleOptions(l.Visit, directoryRoles|partnerRoles)}},
	}
	if l.view.Narrowed() || l.view.After != "" {
		t.AtLeast, t.Total = l.page.Next != "", int64(max(l.view.Page-1, 0)*l.view.Size+len(l.page.Users))
	}
	for _, u := range l.page.Users {
		t.Rows = append(t.Rows, block.Row{ID: string(u.ID), Name: u.DisplayName, Cells: []block.Cell{
			{Text: u.DisplayName, Href: userPath(u.ID)},
			{Text: u.Name},
			{Text: l.List(roleWords(l.Visit, u.Roles))},
			{Badge: factorBadge(l.Visit, u)},
			{Badge: userBadge(l.Visit, u)},
			{Text: l.Date(u.CreatedAt)},
		}})
	}
	return t
}

// roleOptions offers roles by their names on the command line.
func roleOptions(v *visit.Visit, roles policy.Role) []block.Option {
	names, keys := roles.Names(), roles.Keys()
	all := make([]block.Option, len(names))
	for i, name := range names {
		all[i] = block.Option{Value: name, Label: v.T(keys[i])}
	}
	return all
}

// roleWords are what roles are called; who has none is a default user.
func roleWords(v *visit.Visit, roles policy.Role) []string {
	keys := roles.Keys()
	if len(keys) == 0 {
		return []string{v.T("settings.users.default")}
	}
	words := make([]string, len(keys))
	for i, key := range keys {
		words[i] = v.T(key)
	}
	return words
}

func userBadge(v *visit.Visit, u identity.User) block.Badge {
	switch {
	case u.Status == identity.UserBlocked:
		return block.Badge{Tone: block.Danger, Text: v.T("settings.users.blocked"), Icon: icon.Blocked}
	case u.MustChange:
		return block.Badge{Tone: block.Info, Text: v.T("settings.users.temporary"), Icon: icon.Pending}
	}
	return block.Badge{Tone: block.Success, Text: v.T("common.active")}
}

func factorBadge(v *visit.Visit, u identity.User) block.Badge {
	switch {
	case u.Factors&identity.FactorPasskey != 0:
		return block.Badge{Tone: block.Success, Text: v.T("settings.security.passkey")}
	case u.Factors&identity.FactorTOTP != 0:
		return block.Badge{Tone: block.Success, Text: v.T("settings.security.totp")}
	}
	return block.Badge{Tone: block.Warning, Text: v.T("settings.security.no_factor")}
}

// userForm is the form of a person: a new one, or one that is there.
type userForm struct {
	*visit.Visit
	user  identity.User
	local string // what stands before the @ of a new user name
	said  visit.Verdicts
	// sessions are where the person is signed in.
	sessions []identity.Session
	domain   string
}

func newUser(v *visit.Visit) error {
	f, err := beginUser(v)
	if err != nil {
		return err
	}
	return f.showNew(http.StatusOK)
}

// beginUser refuses who may not add people, and reads the domain of their names.
func beginUser(v *visit.Visit) (*userForm, error) {
	if err := enter(v); err != nil {
		return nil, err
	}
	if err := v.Kernel().May(v.Actor, "partner.user.update", true); err != nil {
		return nil, err
	}
	p, err := visit.Do(v, identity.OwnPartner, struct{}{})
	return &userForm{Visit: v, domain: p.Domain}, err
}

func (f *userForm) showNew(status int) error {
	frame := f.Frame(f.T("settings.users.add"), visit.AccountSettings)
	inside(f.Visit, &frame, usersPath)
	frame.Breadcrumb = append(frame.Breadcrumb, block.Link{Label: f.T("settings.users.title"), Href: usersPath})
	return f.ShowAs(status, newUserPage(f, frame))
}

// userFields name the fields of the form after the members of the input.
func userFields(member string) string {
	switch member {
	case "displayName":
		return "display"
	case "firstName":
		return "first"
	case "lastName":
		return "last"
	case "userPrincipalName":
		return "local"
	case "roles":
		return "roles"
	}
	return ""
}

func (f *userForm) label(field string) string {
	switch field {
	case "display":
		return f.T("settings.users.display")
	case "first":
		return f.T("customers.field.first_name")
	case "last":
		return f.T("customers.field.last_name")
	case "local":
		return f.T("portal.profile.user_name")
	}
	return f.T("portal.profile.roles")
}

// typed takes over what the form says about the person.
func (f *userForm) typed() {
	f.user.DisplayName, f.user.FirstName, f.user.LastName = f.Form("display"), f.Form("first"), f.Form("last")
	f.user.Email, f.user.Phone = f.Form("email"), f.Form("phone")
}

// typedRoles are the ticked roles.
func typedRoles(v *visit.Visit) policy.Role {
	var roles policy.Role
	for _, name := range v.Forms("roles") {
		role, _ := policy.ParseRole(name)
		roles |= role
	}
	return roles
}

// addUser adds a person and shows the temporary password once.
func addUser(v *visit.Visit) error {
	f, err := beginUser(v)
	if err != nil {
		return err
	}
	f.typed()
	f.local, f.user.Roles = v.Form("local"), typedRoles(v)
	made, err := visit.DoOnce(v, identity.AddUser, identity.NewUser{
		Name: f.local, DisplayName: f.user.DisplayName, FirstName: f.user.FirstName, LastName: f.user.LastName,
		Email: f.user.Email, Phone: f.user.Phone, Roles: f.user.Roles,
	})
	if err == nil {
		return showPassword(v, v.T("settings.users.added", "Name", made.User.DisplayName), made.User, made.Password)
	}
	if fault.KindOf(err) == fault.Internal {
		return err
	}
	if f.said, err = v.Judge(err, nil, userFields, f.label); err != nil {
		return err
	}
	return f.showNew(http.StatusBadRequest)
}

// showPassword is the page that shows a temporary password, once.
func showPassword(v *visit.Visit, title string, u identity.User, password string) error {
	f := v.Frame(title, visit.AccountSettings)
	inside(v, &f, usersPath)
	return v.Show(oncePage(v, f, block.SecretOnce{
		Action: usersPath + "/done", CSRF: v.CSRF(), Done: v.T("common.done"),
		Secrets: []block.Secret{{
			ID: "password", Label: v.T("settings.users.password"), Value: password, File: u.Name + ".txt",
			Facts: []block.Fact{{Term: v.T("common.name"), Value: u.DisplayName}, {Term: v.T("portal.profile.user_name"), Value: u.Name, Copy: true}},
		}},
	}))
}

// leadTo leads on when a secret was saved.
func leadTo(path string) visit.Page {
	return func(v *visit.Visit) error {
		if err := enter(v); err != nil {
			return err
		}
		return v.Redirect(path)
	}
}

// userOf returns the person that the address names.
func userOf(v *visit.Visit) (identity.UserKey, error) {
	if err := enter(v); err != nil {
		return identity.UserKey{}, err
	}
	user, ok := id.Parse(v.Request.PathValue("user"))
	if !ok {
		return identity.UserKey{}, refusal.NotFound
	}
	return identity.UserKey{User: id.User(user)}, nil
}
