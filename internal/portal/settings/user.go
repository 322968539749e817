package settings

import (
	"net/http"
	"slices"

	"comptoir/internal/fault"
	"comptoir/internal/identity"
	"comptoir/internal/policy"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
)

// openUser reads the person that the address names.
func openUser(v *visit.Visit) (*userForm, error) {
	key, err := userOf(v)
	if err != nil {
		return nil, err
	}
	f := &userForm{Visit: v}
	if f.user, err = visit.Do(v, identity.GetUser, key); err != nil {
		return nil, err
	}
	f.sessions, err = visit.Do(v, identity.UserSessions, key)
	return f, err
}

func (f *userForm) key() identity.UserKey { return identity.UserKey{User: f.user.ID} }

func showUser(v *visit.Visit) error {
	f, err := openUser(v)
	if err != nil {
		return err
	}
	return f.show(http.StatusOK)
}

func (f *userForm) frame() block.Frame {
	frame := f.Frame(f.user.DisplayName, visit.AccountSettings)
	inside(f.Visit, &frame, usersPath)
	frame.Breadcrumb = append(frame.Breadcrumb, block.Link{Label: f.T("settings.users.title"), Href: usersPath})
	frame.Badges = []block.Badge{userBadge(f.Visit, f.user)}
	frame.Subtitle = f.user.Name
	reason := f.Reason("partner.user.update", true)
	frame.Commands.Commands = []block.Command{
		{Label: f.T("settings.users.reset"), Icon: icon.Key, Href: userPath(f.user.ID) + "/password", Reason: reason},
		{Label: f.T("settings.users.signout"), Icon: icon.SignOut, Href: userPath(f.user.ID) + "/signout", Dialog: true, Reason: reason},
		{Label: f.T("settings.users.factors"), Icon: icon.ShieldCheck, Href: userPath(f.user.ID) + "/factors", Dialog: true, Reason: reason},
		{Label: f.T("settings.users.remove"), Icon: icon.Delete, Href: userPath(f.user.ID) + "/remove", Dialog: true, Reason: reason},
	}
	return frame
}

func (f *userForm) show(status int) error { return f.ShowAs(status, userPage(f, f.frame())) }

// refused shows the form again with what was said about it.
func (f *userForm) refused(err error) error {
	if err == nil || fault.KindOf(err) == fault.NotFound || fault.KindOf(err) == fault.Internal {
		return err
	}
	status := visit.Status(err)
	if f.said, err = f.Judge(err, nil, userFields, f.label); err != nil {
		return err
	}
	return f.show(status)
}

// saveUser changes names, contact data and whether the person may sign in.
func saveUser(v *visit.Visit) error {
	f, err := openUser(v)
	if err != nil {
		return err
	}
	f.typed()
	blocked := v.Form("blocked") == "yes"
	_, err = visit.DoOnce(v, identity.UpdateUser, identity.UserChange{
		UserKey: f.key(), DisplayName: &f.user.DisplayName, FirstName: &f.user.FirstName, LastName: &f.user.LastName,
		Email: &f.user.Email, Phone: &f.user.Phone, Blocked: &blocked,
	})
	if err != nil {
		return f.refused(err)
	}
	v.Toast(v.T("settings.users.saved", "Name", f.user.DisplayName))
	return v.Redirect(userPath(f.user.ID))
}

// saveRoles gives a person other roles, and warns when one Global admin is left
// (rule A13).
func saveRoles(v *visit.Visit) error {
	f, err := openUser(v)
	if err != nil {
		return err
	}
	f.user.Roles = typedRoles(v)
	set, err := visit.DoOnce(v, identity.SetRoles, identity.RoleChange{UserKey: f.key(), Roles: f.user.Roles})
	if err != nil {
		return f.refused(err)
	}
	if set.Admins < 2 {
		v.Toast(v.T("settings.users.one_admin"))
	} else {
		v.Toast(v.T("settings.users.roles_saved", "Name", f.user.DisplayName))
	}
	return v.Redirect(userPath(f.user.ID))
}

// askPassword asks before a password is replaced.
func askPassword(v *visit.Visit) error {
	f, err := openUser(v)
	if err != nil {
		return err
	}
	return v.Show(passwordPage(f, f.frame()))
}

// resetPassword gives a person a temporary password and shows it once.
func resetPassword(v *visit.Visit) error {
	f, err := openUser(v)
	if err != nil {
		return err
	}
	password, err := visit.DoOnce(v, identity.ResetPassword, identity.PasswordReset{UserKey: f.key()})
	if err != nil {
		return f.refused(err)
	}
	return showPassword(v, v.T("settings.users.was_reset", "Name", f.user.DisplayName), f.user, password)
}

// question is a dialog about a person: what it asks, and what is done on yes.
type question struct {
	name        string
	title, text func(*userForm) string
	confirm     func(*userForm) string
	do          func(*userForm) error
	done        func(*userForm) string
	to          func(*userForm) string
	destructive bool
}

// questions are the dialogs of the page of a person.
var questions = []question{
	{
		name:    "remove",
		title:   func(f *userForm) string { return f.T("settings.users.remove_title", "Name", f.user.DisplayName) },
		text:    func(f *userForm) string { return f.T("settings.users.remove_text") },
		confirm: func(f *userForm) string { return f.T("common.remove") },
		do: func(f *userForm) error {
			_, err := visit.Do(f.Visit, identity.RemoveUser, f.key())
			return err
		},
		done:        func(f *userForm) string { return f.T("settings.users.removed", "Name", f.user.DisplayName) },
		to:          func(*userForm) string { return usersPath },
		destructive: true,
	},
	{
		name:    "signout",
		title:   func(f *userForm) string { return f.T("settings.users.signout_title", "Name", f.user.DisplayName) },
		text:    func(f *userForm) string { return f.T("settings.users.signout_text") },
		confirm: func(f *userForm) string { return f.T("common.sign_out") },
		do: func(f *userForm) error {
			_, err := visit.Do(f.Visit, identity.SignOutUser, f.key())
			return err
		},
		done: func(f *userForm) string { return f.T("settings.users.signed_out", "Name", f.user.DisplayName) },
		to:   func(f *userForm) string { return userPath(f.user.ID) },
	},
	{
		name:    "factors",
		title:   func(f *userForm) string { return f.T("settings.users.factors_title", "Name", f.user.DisplayName) },
		text:    func(f *userForm) string { return f.T("settings.users.factors_text") },
		confirm: func(f *userForm) string { return f.T("settings.users.factors") },
		do: func(f *userForm) error {
			_, err := visit.Do(f.Visit, identity.ResetFactors, f.key())
			return err
		},
		done:        func(f *userForm) string { return f.T("settings.users.factors_gone", "Name", f.user.DisplayName) },
		to:          func(f *userForm) string { return userPath(f.user.ID) },
		destructive: true,
	},
}

// ask shows the question; without script it is a page.
func (q question) ask(v *visit.Visit) error {
	f, err := openUser(v)
	if err != nil {
		return err
	}
	return v.Show(questionPage(f, f.frame(), q.dialog(f, nil)))
}

// answer does what was asked. A refusal stands in the dialog (rule A13).
func (q question) answer(v *visit.Visit) error {
	f, err := openUser(v)
	if err != nil {
		return err
	}
	switch err := q.do(f); fault.KindOf(err) {
	case fault.Forbidden, fault.Conflict, fault.Invalid:
		return v.ShowAs(visit.Status(err), questionPage(f, f.frame(), q.dialog(f, err)))
	default:
		if err != nil {
			return err
		}
	}
	v.Toast(q.done(f))
	return v.Redirect(q.to(f))
}

func (q question) dialog(f *userForm, refused error) block.Dialog {
	d := block.Dialog{
		ID: q.name, Title: q.title(f), Text: q.text(f), Action: userPath(f.user.ID) + "/" + q.name, CSRF: f.CSRF(), Confirm: q.confirm(f),
		Destructive: q.destructive, Cancel: userPath(f.user.ID), Reason: f.Sentence(refused),
	}
	if q.destructive {
		d.Tone = block.Warning
	}
	return d
}

// sessionFacts are where the person is signed in.
func (f *userForm) sessionFacts() []block.Fact {
	facts := make([]block.Fact, len(f.sessions))
	for i, s := range f.sessions {
		facts[i] = block.Fact{Term: f.DateTime(s.SeenAt), Value: s.UserAgent, Hint: s.Address}
	}
	return facts
}

// roleField offers roles that people of a partner can have.
func (f *userForm) roleField(id, label string, of policy.Role) block.Field {
	field := block.Field{Name: "roles", ID: id, Label: label, Values: f.user.Roles.Names(), Options: roleOptions(f.Visit, of)}
	if f.Actor.Roles&policy.GlobalAdmin == 0 { // rules A13, b48: his own kind only
		i := slices.IndexFunc(field.Options, func(o block.Option) bool { return o.Value == policy.GlobalAdmin.Names()[0] })
		if i >= 0 {
			field.Options[i].Disabled, field.Options[i].Hint = true, f.T("settings.users.admin_only")
		}
	}
	return field
}
