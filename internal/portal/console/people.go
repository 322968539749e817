package console

import (
	"net/http"
	"strings"

	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
)

const (
	newPersonPath = visit.PeoplePath + "/new"
	onePerson     = visit.PeoplePath + "/{id}"
)

// manages is the row of the matrix that decides about the operator's people.
const manages policy.Action = "partner.user.update"

func peoplePages() map[string]visit.Page {
	return map[string]visit.Page{
		"GET " + visit.PeoplePath:          people,
		"GET " + newPersonPath:             askPerson,
		"POST " + newPersonPath:            addPerson,
		"POST " + newPersonPath + "/saved": personSaved,
		"GET " + onePerson:                 person,
		"POST " + onePerson:                savePerson,
		"GET " + onePerson + "/remove":     askRemove,
		"POST " + onePerson + "/remove":    removePerson,
		"GET " + onePerson + "/password":   askPassword,
		"POST " + onePerson + "/password":  resetPassword,
	}
}

// operatorRoles are the roles of the operator's people.
var operatorRoles = []policy.Role{policy.OperatorAdmin, policy.OperatorReviewer, policy.OperatorSupport}

// roleField asks for the roles.
func roleField(v *visit.Visit, roles policy.Role) block.Field {
	f := block.Field{Name: "roles", Label: v.T("console.user.roles"), Values: roles.Names()}
	hints := []string{v.T("console.people.admin"), v.T("console.people.reviewer"), v.T("console.people.support")}
	for i, role := range operatorRoles {
		f.Options = append(f.Options, block.Option{Value: role.Names()[0], Label: roleNames(v, role)[0], Hint: hints[i]})
	}
	return f
}

// chosenRoles are the roles that the form ticks.
func chosenRoles(v *visit.Visit) policy.Role {
	var roles policy.Role
	for _, name := range v.Forms("roles") {
		role, _ := policy.ParseRole(name)
		roles |= role
	}
	return roles
}

// staff is the list of the operator's people (V-15).
type staff struct {
	*visit.Visit
	page identity.UserPage
}

func people(v *visit.Visit) error {
	s := &staff{Visit: v}
	var err error
	if s.page, err = visit.Do(v, identity.ListUsers, identity.UserList{After: v.Query("after"), Size: 200}); err != nil {
		return err
	}
	f := v.Frame(v.T("console.people.own"), visit.People)
	f.Subtitle = v.T("console.people.subtitle")
	f.Commands = block.CommandBar{Commands: []block.Command{{Label: v.T("console.people.add"), Icon: icon.Add, Kind: block.Primary, Href: newPersonPath, Key: "n"}}}
	for _, n := range s.page.Users {
		if n.Factors == 0 && !v.Kernel().Sandbox {
			f.Messages = append(f.Messages, block.Message{Tone: block.Info, Text: v.T("console.people.enrols")})
			break
		}
	}
	return v.Show(peoplePage(s, f))
}

func (s *staff) table() block.Table {
	t := block.Table{
		ID: "staff", Caption: s.T("console.people.own"), Base: visit.PeoplePath, Small: true,
		Columns: []block.Column{
			{Key: "name", Title: s.T("common.name")},
			{Key: "roles", Title: s.T("console.user.roles")},
			{Key: "status", Title: s.T("common.status"), Nowrap: true},
			{Key: "factor", Title: s.T("console.user.factor"), Nowrap: true},
		},
	}
	for _, n := range s.page.Users {
		factor := block.Cell{Badge: block.Badge{Tone: block.Success, Text: s.T("console.user.has_factor")}}
		if n.Factors == 0 {
			factor.Badge = block.Badge{Tone: block.Warning, Text: s.T("console.user.no_factor")}
		}
		t.Rows = append(t.Rows, block.Row{ID: string(n.ID), Name: n.DisplayName, Cells: []block.Cell{
			{Text: n.DisplayName, Sub: n.Name, Href: personPath(n)}, {Text: s.List(roleNames(s.Visit, n.Roles))}, {Badge: userStatus(s.Visit, n)}, factor,
		}})
	}
	return t
}

func personPath(n identity.User) string { return visit.PeoplePath + "/" + string(n.ID) }

// personForm adds or changes somebody.
type personForm struct {
	*visit.Visit
	user     identity.User
	key      string
	name     string // the user name of somebody new, as typed
	password string // generated, to be shown once
	said     visit.Verdicts
}

// personMembers says which field of the form a member of the input is.
var personMembers = map[string]string{"userPrincipalName": "user-name", "displayName": "display-name", "roles": "roles"}

func (p *personForm) judge(err error) error {
	kind := fault.KindOf(err)
	if kind != fault.Invalid && kind != fault.Conflict {
		return err
	}
	p.said, err = p.Judge(err, nil, func(member string) string { return personMembers[member] }, func(string) string { return p.T("common.name") })
	return err
}

func (p *personForm) frame(title string) block.Frame {
	f := p.Frame(title, visit.People)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: p.T("console.people.own"), Href: visit.PeoplePath})
	return f
}

func askPerson(v *visit.Visit) error {
	if err := v.Kernel().May(v.Actor, manages, true); err != nil {
		return err
	}
	p := &personForm{Visit: v, key: v.Actor.RequestID, user: identity.User{Roles: policy.OperatorReviewer}}
	return v.Show(newPersonPage(p, p.frame(v.T("console.people.add"))))
}

func addPerson(v *visit.Visit) error {
	if err := v.Kernel().May(v.Actor, manages, true); err != nil {
		return err
	}
	p := &personForm{Visit: v, key: v.Form("request-id"), name: strings.TrimSpace(v.Form("user-name"))}
	p.user.DisplayName, p.user.Roles = v.Form("display-name"), chosenRoles(v)
	if p.user.Roles == 0 {
		p.said.Refuse("roles", v.T("console.people.no_role"))
		return v.ShowAs(http.StatusBadRequest, newPersonPage(p, p.frame(v.T("console.people.add"))))
	}
	made, err := visit.DoOnce(v, identity.AddUser, identity.NewUser{Name: p.name, DisplayName: p.user.DisplayName, Roles: p.user.Roles})
	if err != nil {
		if err := p.judge(err); err != nil {
			return err
		}
		return v.ShowAs(http.StatusBadRequest, newPersonPage(p, p.frame(v.T("console.people.add"))))
	}
	p.user, p.password = made.User, made.Password
	return v.Show(passwordPage(p, p.frame(v.T("console.people.add"))))
}

// personSaved is the tick "I have saved it".
func personSaved(v *visit.Visit) error {
	if !v.Saved() {
		return v.AskSaved((&personForm{Visit: v}).frame(v.T("block.secret.unsaved_title")), newPersonPath+"/saved")
	}
	return v.Redirect(visit.PeoplePath)
}

func (p *personForm) secret() block.SecretOnce {
	return block.SecretOnce{
		Action: newPersonPath + "/saved", CSRF: p.CSRF(), Done: p.T("common.done"),
		Secrets: []block.Secret{{
			ID: "password", Label: p.T("console.user.password"), Value: p.password, File: "password.txt",
			Facts: []block.Fact{{Term: p.T("common.name"), Value: p.user.DisplayName}, {Term: p.T("console.enrol.admin"), Value: p.user.Name}},
		}},
	}
}

func openPerson(v *visit.Visit) (*personForm, error) {
	key, _ := id.Parse(v.Request.PathValue("id"))
	user, err := visit.Do(v, identity.GetUser, identity.UserKey{User: id.User(key)})
	if err == nil && user.Status == identity.UserDeleted {
		err = identity.ErrUserUnknown
	}
	return &personForm{Visit: v, user: user}, err
}

func person(v *visit.Visit) error {
	p, err := openPerson(v)
	if err != nil {
		return err
	}
	return v.Show(personPage(p, p.personFrame()))
}

func (p *personForm) personFrame() block.Frame {
	f := p.frame(p.user.DisplayName)
	f.Subtitle, f.Badges = p.user.Name, []block.Badge{userStatus(p.Visit, p.user)}
	f.Commands = block.CommandBar{Commands: []block.Command{
		{Label: p.T("console.people.password"), Icon: icon.Key, Href: personPath(p.user) + "/password", Dialog: true},
		{Label: p.T("common.remove"), Icon: icon.Delete, Href: personPath(p.user) + "/remove", Dialog: true},
	}}
	return f
}

// savePerson changes the name, the roles and whether somebody may sign in. The
// last administrator stays one (rule A13).
func savePerson(v *visit.Visit) error {
	p, err := openPerson(v)
	if err != nil {
		return err
	}
	key, before := identity.UserKey{User: p.user.ID}, p.user.Roles
	name, blocked := v.Form("display-name"), v.Form("blocked") == "yes"
	p.user.DisplayName, p.user.Roles = name, chosenRoles(v)
	if p.user.Roles == 0 {
		p.said.Refuse("roles", v.T("console.people.no_role"))
		return v.ShowAs(http.StatusBadRequest, personPage(p, p.personFrame()))
	}
	if p.user.Roles != before {
		_, err = visit.Do(v, identity.SetRoles, identity.RoleChange{UserKey: key, Roles: p.user.Roles})
	}
	if err == nil {
		_, err = visit.Do(v, identity.UpdateUser, identity.UserChange{UserKey: key, DisplayName: &name, Blocked: &blocked})
	}
	if err != nil {
		if err := p.judge(err); err != nil {
			return err
		}
		return v.ShowAs(http.StatusBadRequest, personPage(p, p.personFrame()))
	}
	v.Toast(v.T("common.saved"))
	return v.Redirect(visit.PeoplePath)
}

func askRemove(v *visit.Visit) error {
	p, err := openPerson(v)
	if err != nil {
		return err
	}
	return v.Show(removeDialog(p, p.personFrame()))
}

func removePerson(v *visit.Visit) error {
	p, err := openPerson(v)
	if err != nil {
		return err
	}
	if _, err := visit.Do(v, identity.RemoveUser, identity.UserKey{User: p.user.ID}); err != nil {
		if err := p.judge(err); err != nil {
			return err
		}
		return v.ShowAs(http.StatusConflict, removeDialog(p, p.personFrame()))
	}
	v.Toast(v.T("console.people.removed", "Name", p.user.DisplayName))
	return v.Redirect(visit.PeoplePath)
}

func askPassword(v *visit.Visit) error {
	p, err := openPerson(v)
	if err != nil {
		return err
	}
	p.key = v.Actor.RequestID
	return v.Show(passwordDialog(p, p.personFrame()))
}

func resetPassword(v *visit.Visit) error {
	p, err := openPerson(v)
	if err != nil {
		return err
	}
	if p.password, err = visit.DoOnce(v, identity.ResetPassword, identity.PasswordReset{UserKey: identity.UserKey{User: p.user.ID}}); err != nil {
		return err
	}
	return v.Show(passwordPage(p, p.personFrame()))
}

// blockField says whether somebody may sign in; nobody blocks himself.
func (p *personForm) blockField() block.Field {
	return block.Field{
		Name: "blocked", Label: p.T("console.people.block"), Hint: p.T("console.people.block_hint"), Value: "yes",
		Checked: p.user.Status == identity.UserBlocked, Disabled: p.user.ID == p.Actor.User,
	}
}
