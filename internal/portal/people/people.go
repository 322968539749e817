// Package people holds the pages on which an organisation looks after its own
// people: their list, their roles, their passwords. A partner has them in its
// settings (portal P-19), a customer in its portal (K-8); what differs between
// the two is in Directory.
package people

import (
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

// Directory is the people of one kind of organisation: where their pages are, for
// whom, and with which operations they are looked after.
type Directory struct {
	// Kind is whose people have the pages at all, Action what they must be allowed
	// to do there.
	Kind   policy.Kind
	Action policy.Action
	Path   string
	Area   visit.Area
	// Inside puts a page into the menu around it; nil for none.
	Inside func(*visit.Visit, *block.Frame)
	Words  Words
	Roles  []RoleGroup
	// Chief is the role of which the last holder stays, and which only holders
	// give (rule A13).
	Chief policy.Role
	// Locates asks in which country somebody works.
	Locates bool
	Operations
	// Restore brings a deleted person back; nil where removing is for good.
	Restore *op.Operation[identity.UserKey, identity.User]
}

// Words are the sentences in which organisations differ.
type Words struct {
	Title, Subtitle func(*visit.Visit) string
	Help            func(*visit.Visit) []string
	// OneChief is said when one holder of the chief role is left, ChiefOnly why
	// somebody cannot give it.
	OneChief, ChiefOnly func(*visit.Visit) string
	// Remove is the command; RemoveTitle, RemoveText and Removed go with it.
	Remove, RemoveText   func(*visit.Visit) string
	RemoveTitle, Removed func(v *visit.Visit, name string) string
}

// RoleGroup is a group of check boxes.
type RoleGroup struct {
	ID    string
	Label func(*visit.Visit) string
	Roles policy.Role
}

// Operations look after people.
type Operations struct {
	List          *op.Operation[identity.UserList, identity.UserPage]
	Get           *op.Operation[identity.UserKey, identity.User]
	Add           *op.Operation[identity.NewUser, identity.CreatedUser]
	Update        *op.Operation[identity.UserChange, identity.User]
	SetRoles      *op.Operation[identity.RoleChange, identity.RolesSet]
	ResetPassword *op.Operation[identity.PasswordReset, string]
	Sessions      *op.Operation[identity.UserKey, []identity.Session]
	SignOut       *op.Operation[identity.UserKey, struct{}]
	ResetFactors  *op.Operation[identity.UserKey, struct{}]
	Remove        func(*visit.Visit, identity.UserKey) error
}

// Pages lists the pages by their pattern.
func (d *Directory) Pages() map[string]visit.Page {
	user := d.Path + "/{user}"
	all := map[string]visit.Page{
		"GET " + d.Path:              d.list,
		"GET " + d.newPath():         d.newUser,
		"POST " + d.newPath():        d.addUser,
		"POST " + d.Path + "/done":   d.leadBack,
		"GET " + user:                d.showUser,
		"POST " + user:               d.saveUser,
		"POST " + user + "/roles":    d.saveRoles,
		"GET " + user + "/password":  d.askPassword,
		"POST " + user + "/password": d.resetPassword,
	}
	if d.Restore != nil {
		all["GET "+d.deletedPath()] = d.listDeleted
	}
	for _, q := range d.questions() {
		all["GET "+user+"/"+q.name], all["POST "+user+"/"+q.name] = q.ask, q.answer
	}
	return all
}

func (d *Directory) newPath() string     { return d.Path + "/new" }
func (d *Directory) deletedPath() string { return d.Path + "/deleted" }

// PathOf is the address of the page of a person.
func (d *Directory) PathOf(user id.User) string { return d.Path + "/" + string(user) }

// enter refuses everybody of another kind of organisation: for others there is no
// such page.
func (d *Directory) enter(v *visit.Visit) error {
	if v.Actor.Kind != d.Kind {
		return refusal.NotFound
	}
	return nil
}

// frame is what stands around a page, with the breadcrumb of one below the list.
func (d *Directory) frame(v *visit.Visit, title string, below bool) block.Frame {
	f := v.Frame(title, d.Area)
	if d.Inside != nil {
		d.Inside(v, &f)
	}
	if below {
		f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: d.Words.Title(v), Href: d.Path})
	}
	return f
}

// leadBack leads on when a password was saved.
func (d *Directory) leadBack(v *visit.Visit) error {
	if err := d.enter(v); err != nil {
		return err
	}
	if !v.Saved() {
		return v.AskSaved(d.frame(v, v.T("block.secret.unsaved_title"), false), d.Path+"/done")
	}
	return v.Redirect(d.Path)
}

// roles are all roles that the people of the organisation can have.
func (d *Directory) roles() policy.Role {
	var all policy.Role
	for _, g := range d.Roles {
		all |= g.Roles
	}
	return all
}

// RoleOptions offers roles by their names on the command line.
func RoleOptions(v *visit.Visit, roles policy.Role) []block.Option {
	names, keys := roles.Names(), roles.Keys()
	all := make([]block.Option, len(names))
	for i, name := range names {
		all[i] = block.Option{Value: name, Label: v.T(keys[i])}
	}
	return all
}

// RoleWords are what roles are called; who has none is a default user.
func RoleWords(v *visit.Visit, roles policy.Role) []string {
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

// ChosenRoles are the roles that the form ticks.
func ChosenRoles(v *visit.Visit) policy.Role {
	var roles policy.Role
	for _, name := range v.Forms("roles") {
		role, _ := policy.ParseRole(name)
		roles |= role
	}
	return roles
}
