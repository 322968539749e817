package people

import (
	"net/http"
	"slices"

	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/place"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

// form is the form of a person: a new one, or one that is there.
type form struct {
	*visit.Visit
	*Directory
	user identity.User
	// local and domain stand before and after the @ of a new user name; domains
	// are those that there are.
	local, domain string
	domains       []string
	said          visit.Verdicts
	// sessions are where the person is signed in.
	sessions []identity.Session
}

func (d *Directory) newUser(v *visit.Visit) error {
	f, err := d.begin(v)
	if err != nil {
		return err
	}
	return f.showNew(http.StatusOK)
}

// begin refuses who may not add people, and reads the domains of their names.
func (d *Directory) begin(v *visit.Visit) (*form, error) {
	if err := d.enter(v); err != nil {
		return nil, err
	}
	if err := v.Kernel().May(v.Actor, d.Action, true); err != nil {
		return nil, err
	}
	f := &form{Visit: v, Directory: d}
	access, err := visit.Do(v, identity.MyAccess, struct{}{})
	if err != nil {
		return nil, err
	}
	f.domain = access.Tenant.DefaultDomain
	if d.Locates {
		f.user.UsageLocation = access.Tenant.Country
	}
	domains, err := visit.Do(v, identity.OwnDomains, struct{}{})
	for _, one := range domains {
		if !one.Federated {
			f.domains = append(f.domains, one.Name)
		}
	}
	return f, err
}

func (f *form) showNew(status int) error {
	frame := f.Directory.frame(f.Visit, f.T("settings.users.add"), true)
	return f.ShowAs(status, newPage(f, frame))
}

// fields are those of the form, in their order.
var fields = []string{"first", "last", "display", "local", "location", "roles"}

// fieldOf names the field of the form after the member of the input.
func fieldOf(member string) string {
	switch member {
	case "displayName":
		return "display"
	case "firstName":
		return "first"
	case "lastName":
		return "last"
	case "userPrincipalName":
		return "local"
	case "usageLocation":
		return "location"
	case "roles":
		return "roles"
	}
	return ""
}

func (f *form) label(field string) string {
	switch field {
	case "display":
		return f.T("settings.users.display")
	case "first":
		return f.T("customers.field.first_name")
	case "last":
		return f.T("customers.field.last_name")
	case "local":
		return f.T("portal.profile.user_name")
	case "location":
		return f.T("adminportal.users.location")
	}
	return f.T("portal.profile.roles")
}

// typed takes over what the form says about the person.
func (f *form) typed() {
	f.user.DisplayName, f.user.FirstName, f.user.LastName = f.Form("display"), f.Form("first"), f.Form("last")
	f.user.Email, f.user.Phone = f.Form("email"), f.Form("phone")
	if f.Locates {
		f.user.UsageLocation = f.Form("location")
	}
}

// addUser adds a person and shows the temporary password once.
func (d *Directory) addUser(v *visit.Visit) error {
	f, err := d.begin(v)
	if err != nil {
		return err
	}
	f.typed()
	f.local, f.user.Roles = v.Form("local"), ChosenRoles(v)
	name := f.local
	if chosen := v.Form("domain"); slices.Contains(f.domains, chosen) {
		f.domain, name = chosen, f.local+"@"+chosen
	}
	made, err := visit.DoOnce(v, d.Add, identity.NewUser{
		Name: name, DisplayName: f.user.DisplayName, FirstName: f.user.FirstName, LastName: f.user.LastName,
		Email: f.user.Email, Phone: f.user.Phone, UsageLocation: f.user.UsageLocation, Roles: f.user.Roles,
	})
	if err == nil {
		return f.showPassword(v.T("settings.users.added", "Name", made.User.DisplayName), made.User, made.Password)
	}
	if fault.KindOf(err) == fault.Internal {
		return err
	}
	if f.said, err = v.Judge(err, nil, fieldOf, f.label); err != nil {
		return err
	}
	return f.showNew(http.StatusBadRequest)
}

// showPassword is the page that shows a temporary password, once.
func (f *form) showPassword(title string, u identity.User, password string) error {
	return f.Show(block.SecretOncePage(f.Printer, f.Directory.frame(f.Visit, title, false), f.Once(block.SecretOnce{
		Action: f.Path + "/done", CSRF: f.CSRF(), Done: f.T("common.done"),
		Secrets: []block.Secret{{
			ID: "password", Label: f.T("settings.users.password"), Value: password, File: u.Name + ".txt",
			Facts: []block.Fact{{Term: f.T("common.name"), Value: u.DisplayName}, {Term: f.T("portal.profile.user_name"), Value: u.Name, Copy: true}},
		}},
	})))
}

// keyOf returns the person that the address names.
func (d *Directory) keyOf(v *visit.Visit) (identity.UserKey, error) {
	if err := d.enter(v); err != nil {
		return identity.UserKey{}, err
	}
	user, ok := id.Parse(v.Request.PathValue("user"))
	if !ok {
		return identity.UserKey{}, refusal.NotFound
	}
	return identity.UserKey{User: id.User(user)}, nil
}

// roleField offers the roles of a group.
func (f *form) roleField(g RoleGroup) block.Field {
	field := block.Field{Name: "roles", ID: g.ID, Label: g.Label(f.Visit), Values: f.user.Roles.Names(), Options: RoleOptions(f.Visit, g.Roles)}
	if g.Roles&f.Chief != 0 && f.Actor.Roles&f.Chief == 0 { // rules A13, b48: his own kind only
		i := slices.IndexFunc(field.Options, func(o block.Option) bool { return o.Value == f.Chief.Names()[0] })
		field.Options[i].Disabled, field.Options[i].Hint = true, f.Words.ChiefOnly(f.Visit)
	}
	return f.said.Mark(field)
}

// domainField chooses among the domains of the organisation.
func (f *form) domainField() block.Field {
	field := block.Field{Name: "domain", Label: f.T("adminportal.users.domain"), Value: f.domain}
	for _, name := range f.domains {
		field.Options = append(field.Options, block.Option{Value: name, Label: name})
	}
	return field
}

// locationField asks in which country the person works (rule J2).
func (f *form) locationField() block.Field {
	field := f.said.Mark(block.Field{
		Name: "location", Label: f.label("location"), Hint: f.T("adminportal.users.location_hint"), Value: f.user.UsageLocation, Width: block.Medium,
		Options: []block.Option{{Value: "", Label: f.T("common.not_set")}},
	})
	for _, c := range place.World().Countries(f.Tag()) {
		field.Options = append(field.Options, block.Option{Value: c.Code, Label: c.Name(f.Tag())})
	}
	return field
}
