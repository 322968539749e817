package people

import (
	"net/http"

	"comptoir/internal/fault"
	"comptoir/internal/identity"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/icon"
	"comptoir/internal/portal/visit"
)

// openAny reads the person that the address names, deleted ones too.
func (d *Directory) openAny(v *visit.Visit) (*form, error) {
	key, err := d.keyOf(v)
	if err != nil {
		return nil, err
	}
	f := &form{Visit: v, Directory: d}
	if f.user, err = visit.Do(v, d.Get, key); err != nil {
		return nil, err
	}
	f.sessions, err = visit.Do(v, d.Sessions, key)
	return f, err
}

// openUser reads the person that the address names, and does not know deleted
// ones.
func (d *Directory) openUser(v *visit.Visit) (*form, error) {
	f, err := d.openAny(v)
	if err == nil && f.user.Status == identity.UserDeleted {
		err = identity.ErrUserUnknown
	}
	return f, err
}

func (f *form) key() identity.UserKey { return identity.UserKey{User: f.user.ID} }
func (f *form) path() string          { return f.PathOf(f.user.ID) }

func (d *Directory) showUser(v *visit.Visit) error {
	f, err := d.openAny(v)
	if err != nil {
		return err
	}
	return f.show(http.StatusOK)
}

func (f *form) frame() block.Frame {
	frame := f.Directory.frame(f.Visit, f.user.DisplayName, true)
	frame.Badges = []block.Badge{statusBadge(f.Visit, f.user)}
	frame.Subtitle = f.user.Name
	reason := f.Reason(f.Action, true)
	if f.user.Status == identity.UserDeleted {
		frame.Commands.Commands = []block.Command{{Label: f.T("adminportal.users.restore"), Icon: icon.Undo, Kind: block.Primary, Href: f.path() + "/restore", Dialog: true, Reason: reason}}
		return frame
	}
	frame.Commands.Commands = []block.Command{
		{Label: f.T("settings.users.reset"), Icon: icon.Key, Href: f.path() + "/password", Reason: reason},
		{Label: f.T("settings.users.signout"), Icon: icon.SignOut, Href: f.path() + "/signout", Dialog: true, Reason: reason},
		{Label: f.T("settings.users.factors"), Icon: icon.ShieldCheck, Href: f.path() + "/factors", Dialog: true, Reason: reason},
		{Label: f.Words.Remove(f.Visit), Icon: icon.Delete, Href: f.path() + "/remove", Dialog: true, Reason: reason},
	}
	return frame
}

func (f *form) show(status int) error {
	if f.user.Status == identity.UserDeleted {
		return f.ShowAs(status, deletedPage(f, f.frame()))
	}
	return f.ShowAs(status, userPage(f, f.frame()))
}

// refused shows the form again with what was said about it.
func (f *form) refused(err error) error {
	if err == nil || fault.KindOf(err) == fault.NotFound || fault.KindOf(err) == fault.Internal {
		return err
	}
	status := visit.Status(err)
	if f.said, err = f.Judge(err, nil, fieldOf, f.label); err != nil {
		return err
	}
	return f.show(status)
}

// saveUser changes names, contact data and whether the person may sign in.
func (d *Directory) saveUser(v *visit.Visit) error {
	f, err := d.openUser(v)
	if err != nil {
		return err
	}
	f.typed()
	blocked := v.Form("blocked") == "yes"
	_, err = visit.DoOnce(v, d.Update, identity.UserChange{
		UserKey: f.key(), DisplayName: &f.user.DisplayName, FirstName: &f.user.FirstName, LastName: &f.user.LastName,
		Email: &f.user.Email, Phone: &f.user.Phone, UsageLocation: f.location(), Blocked: &blocked,
	})
	if err != nil {
		return f.refused(err)
	}
	v.Toast(v.T("settings.users.saved", "Name", f.user.DisplayName))
	return v.Redirect(f.path())
}

// location is where the person works, nil where nobody asks.
func (f *form) location() *string {
	if !f.Locates {
		return nil
	}
	return &f.user.UsageLocation
}

// saveRoles gives a person other roles, and warns when one administrator is left
// (rule A13).
func (d *Directory) saveRoles(v *visit.Visit) error {
	f, err := d.openUser(v)
	if err != nil {
		return err
	}
	f.user.Roles = ChosenRoles(v)
	set, err := visit.DoOnce(v, d.SetRoles, identity.RoleChange{UserKey: f.key(), Roles: f.user.Roles})
	if err != nil {
		return f.refused(err)
	}
	if set.Admins < 2 {
		v.Toast(d.Words.OneChief(v))
	} else {
		v.Toast(v.T("settings.users.roles_saved", "Name", f.user.DisplayName))
	}
	return v.Redirect(f.path())
}

// askPassword asks before a password is replaced.
func (d *Directory) askPassword(v *visit.Visit) error {
	f, err := d.openUser(v)
	if err != nil {
		return err
	}
	return v.Show(passwordPage(f, f.frame()))
}

// resetPassword gives a person a temporary password and shows it once.
func (d *Directory) resetPassword(v *visit.Visit) error {
	f, err := d.openUser(v)
	if err != nil {
		return err
	}
	password, err := visit.DoOnce(v, d.ResetPassword, identity.PasswordReset{UserKey: f.key()})
	if err != nil {
		return f.refused(err)
	}
	return f.showPassword(v.T("settings.users.was_reset", "Name", f.user.DisplayName), f.user, password)
}

// sessionFacts are where the person is signed in.
func (f *form) sessionFacts() []block.Fact {
	facts := make([]block.Fact, len(f.sessions))
	for i, s := range f.sessions {
		facts[i] = block.Fact{Term: f.DateTime(s.SeenAt), Value: s.UserAgent, Hint: s.Address}
	}
	return facts
}

// deletedFacts are those of somebody who can be restored.
func (f *form) deletedFacts() []block.Fact {
	return []block.Fact{
		{Term: f.T("portal.profile.user_name"), Value: f.user.Name},
		{Term: f.T("portal.profile.roles"), Value: f.Visit.List(RoleWords(f.Visit, f.user.Roles))},
		{Term: f.T("adminportal.users.deleted_at"), Value: f.DateTime(f.user.DeletedAt)},
		{Term: f.T("adminportal.users.restorable_until"), Value: f.DateTime(f.user.RestorableUntil())},
	}
}
