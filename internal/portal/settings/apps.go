package settings

import (
	"net/http"
	"strconv"
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

// appList is the list of applications, with the form of consent.
type appList struct {
	*visit.Visit
	view block.View
	apps []identity.App
	// consents are the applications of others that were let in; empty for who may
	// not decide about them.
	consents []identity.Consent
	said     visit.Verdicts
}

func listApps(v *visit.Visit) error {
	if err := enter(v); err != nil {
		return err
	}
	return (&appList{Visit: v, view: block.ParseView(v.Request.URL.Query())}).show(http.StatusOK)
}

func (l *appList) show(status int) (err error) {
	after, _ := id.Parse(l.view.After)
	if l.apps, err = visit.Do(l.Visit, identity.ListApplications, identity.AppList{After: id.App(after), Size: l.view.Size}); err != nil {
		return err
	}
	if l.grants() {
		if l.consents, err = visit.Do(l.Visit, identity.ListConsents, identity.ConsentList{Size: 500}); err != nil {
			return err
		}
	}
	f := l.Frame(l.T("settings.apps.title"), visit.AccountSettings)
	inside(l.Visit, &f, appsPath)
	f.Subtitle = l.T("settings.apps.subtitle")
	f.Help = block.Help{
		Title: l.T("settings.apps.title"), Text: []string{l.T("settings.apps.help.secret"), l.T("settings.apps.help.roles"), l.T("settings.apps.help.consent")},
		Roles: l.RolesFor("partner.application.update", true), LearnMore: []block.Link{{Label: l.T("settings.apps.docs"), Href: "/docs/api"}},
	}
	f.Commands.Commands = []block.Command{{Label: l.T("settings.apps.add"), Icon: icon.Add, Kind: block.Primary, Href: newAppPath, Key: "n"}}
	return l.ShowAs(status, appsPage(l, f))
}

func (l *appList) table() block.Table {
	t := block.Table{
		ID: "apps", Caption: l.T("settings.apps.title"), Base: appsPath, Small: true,
		Columns: []block.Column{
			{Key: "name", Title: l.T("common.name")},
			{Key: "id", Title: l.T("settings.apps.id"), Mono: true},
			{Key: "roles", Title: l.T("portal.profile.roles")},
			{Key: "credentials", Title: l.T("settings.apps.credentials")},
		},
		Empty: block.EmptyState{
			Title: l.T("settings.apps.empty"), Text: l.T("settings.apps.help.secret"),
			Actions: []block.Button{{Label: l.T("settings.apps.add"), Href: newAppPath, Kind: block.Primary}},
		},
	}
	for _, a := range l.apps {
		roles := block.Cell{Text: l.T("settings.apps.as_person")}
		if a.Roles != 0 {
			roles = block.Cell{Text: l.List(people.RoleWords(l.Visit, a.Roles))}
		}
		t.Rows = append(t.Rows, block.Row{ID: string(a.ID), Name: a.Name, Cells: []block.Cell{
			{Text: a.Name, Href: appPath(a.ID)}, {Text: string(a.ID)}, roles, l.validity(a),
		}})
	}
	return t
}

// validity says until when an application can prove itself.
func (l *appList) validity(a identity.App) block.Cell {
	if a.Public {
		return block.Cell{Text: l.T("settings.apps.public_short")}
	}
	var last identity.Credential
	for _, c := range a.Credentials {
		if c.ExpiresAt.After(last.ExpiresAt) {
			last = c
		}
	}
	switch now := l.Kernel().Wall.Now(); {
	case last.ID == "":
		return block.Cell{Badge: block.Badge{Tone: block.Warning, Text: l.T("settings.apps.none")}}
	case last.ExpiresAt.Before(now):
		return block.Cell{Badge: block.Badge{Tone: block.Danger, Text: l.T("settings.apps.expired", "Date", l.Date(last.ExpiresAt))}}
	case last.ExpiresAt.Before(now.AddDate(0, 1, 0)):
		return block.Cell{Badge: block.Badge{Tone: block.Warning, Text: l.T("settings.apps.until", "Date", l.Date(last.ExpiresAt))}}
	}
	return block.Cell{Text: l.T("settings.apps.until", "Date", l.Date(last.ExpiresAt))}
}

// appForm is the form of an application: a new one, or one that is there.
type appForm struct {
	*visit.Visit
	app  identity.App
	uris string // one on each line
	said visit.Verdicts
}

func newApp(v *visit.Visit) error {
	f, err := beginApp(v)
	if err != nil {
		return err
	}
	return f.showNew(http.StatusOK)
}

func beginApp(v *visit.Visit) (*appForm, error) {
	if err := enter(v); err != nil {
		return nil, err
	}
	return &appForm{Visit: v}, v.Kernel().May(v.Actor, "partner.application.update", true)
}

func (f *appForm) showNew(status int) error {
	frame := f.Frame(f.T("settings.apps.add"), visit.AccountSettings)
	inside(f.Visit, &frame, appsPath)
	frame.Breadcrumb = append(frame.Breadcrumb, block.Link{Label: f.T("settings.apps.title"), Href: appsPath})
	return f.ShowAs(status, newAppPage(f, frame))
}

// typed takes over what the form says about the application.
func (f *appForm) typed() {
	f.app.Name, f.uris = f.Form("name"), f.Form("uris")
	f.app.RedirectURIs = strings.Fields(f.uris)
	f.app.MultiTenant, f.app.Public, f.app.Roles = f.Form("multi") == "yes", f.Form("public") == "yes", people.ChosenRoles(f.Visit)
}

// appFields name the fields of the forms of applications.
func appFields(member string) string {
	switch member {
	case "displayName":
		return "name"
	case "redirectUris":
		return "uris"
	case "roles":
		return "roles"
	case "endDateTime":
		return "days"
	case "key":
		return "certificate"
	}
	return ""
}

func (f *appForm) label(field string) string {
	if field == "name" {
		return f.T("common.name")
	}
	return f.T("settings.apps.uris")
}

// judge sorts what err refuses to the fields; an error that is no refusal of the
// form is returned.
func (f *appForm) judge(err error) error {
	if kind := fault.KindOf(err); kind == fault.NotFound || kind == fault.Internal {
		return err
	}
	var other error
	f.said, other = f.Judge(err, nil, appFields, f.label)
	return other
}

func addApp(v *visit.Visit) error {
	f, err := beginApp(v)
	if err != nil {
		return err
	}
	f.typed()
	made, err := visit.DoOnce(v, identity.AddApplication, identity.NewApp{
		Name: f.app.Name, RedirectURIs: f.app.RedirectURIs, Public: f.app.Public, MultiTenant: f.app.MultiTenant, Roles: f.app.Roles,
	})
	switch {
	case err != nil:
		status := visit.Status(err)
		if err = f.judge(err); err != nil {
			return err
		}
		return f.showNew(status)
	case made.Secret == "":
		v.Toast(v.T("settings.apps.added", "Name", made.App.Name))
		return v.Redirect(appPath(made.App.ID))
	}
	return showSecret(v, v.T("settings.apps.added", "Name", made.App.Name), made.App, made.Secret)
}

// showSecret is the page that shows a secret of an application, once.
func showSecret(v *visit.Visit, title string, a identity.App, secret string) error {
	f := v.Frame(title, visit.AccountSettings)
	inside(v, &f, appsPath)
	return v.Show(block.SecretOncePage(v.Printer, f, v.Once(block.SecretOnce{
		Action: appsPath + "/done", CSRF: v.CSRF(), Done: v.T("common.done"),
		Secrets: []block.Secret{{
			ID: "secret", Label: v.T("settings.apps.secret"), Value: secret, File: string(a.ID) + ".txt",
			Facts: []block.Fact{
				{Term: v.T("common.name"), Value: a.Name},
				{Term: v.T("settings.apps.id"), Value: string(a.ID), Mono: true, Copy: true},
				{Term: v.T("portal.tenant_id"), Value: string(a.Tenant), Mono: true, Copy: true},
			},
		}},
	})))
}

// openApp reads the application that the address names.
func openApp(v *visit.Visit) (*appForm, error) {
	if err := enter(v); err != nil {
		return nil, err
	}
	app, ok := id.Parse(v.Request.PathValue("app"))
	if !ok {
		return nil, refusal.NotFound
	}
	a, err := visit.Do(v, identity.GetApplication, id.App(app))
	return &appForm{Visit: v, app: a, uris: strings.Join(a.RedirectURIs, "\n")}, err
}

func showApp(v *visit.Visit) error {
	f, err := openApp(v)
	if err != nil {
		return err
	}
	return f.show(http.StatusOK)
}

func (f *appForm) frame() block.Frame {
	frame := f.Frame(f.app.Name, visit.AccountSettings)
	inside(f.Visit, &frame, appsPath)
	frame.Breadcrumb = append(frame.Breadcrumb, block.Link{Label: f.T("settings.apps.title"), Href: appsPath})
	frame.Commands.Commands = []block.Command{{Label: f.T("settings.apps.remove"), Icon: icon.Delete, Href: appPath(f.app.ID) + "/remove", Dialog: true}}
	return frame
}

func (f *appForm) show(status int) error { return f.ShowAs(status, appPage(f, f.frame())) }

// after shows the page again with what was refused, or leads back to it.
func (f *appForm) after(err error, toast string) error {
	if err != nil {
		status := visit.Status(err)
		if err = f.judge(err); err != nil {
			return err
		}
		return f.show(status)
	}
	f.Toast(toast)
	return f.Redirect(appPath(f.app.ID))
}

func saveApp(v *visit.Visit) error {
	f, err := openApp(v)
	if err != nil {
		return err
	}
	public := f.app.Public
	f.typed()
	f.app.Public = public
	_, err = visit.DoOnce(v, identity.UpdateApplication, identity.AppChange{
		App: f.app.ID, Name: &f.app.Name, RedirectURIs: &f.app.RedirectURIs, MultiTenant: &f.app.MultiTenant, Roles: &f.app.Roles,
	})
	return f.after(err, v.T("settings.apps.saved", "Name", f.app.Name))
}

func addSecret(v *visit.Visit) error {
	f, err := openApp(v)
	if err != nil {
		return err
	}
	days, err := strconv.Atoi(v.Form("days"))
	if err != nil {
		days = -1 // refused with how many there can be
	}
	made, err := visit.DoOnce(v, identity.AddSecret, identity.NewSecret{App: f.app.ID, Name: v.Form("secret-name"), Days: days})
	if err != nil {
		return f.after(err, "")
	}
	return showSecret(v, v.T("settings.apps.secret_added", "Name", f.app.Name), f.app, made.Secret)
}

func addCertificate(v *visit.Visit) error {
	f, err := openApp(v)
	if err != nil {
		return err
	}
	_, err = visit.DoOnce(v, identity.AddCertificate, identity.NewCertificate{App: f.app.ID, Name: v.Form("certificate-name"), Data: []byte(v.Form("certificate"))})
	return f.after(err, v.T("settings.apps.certificate_added"))
}

func removeCredential(v *visit.Visit) error {
	f, err := openApp(v)
	if err != nil {
		return err
	}
	_, err = visit.Do(v, identity.RemoveSecret, identity.CredentialKey{App: f.app.ID, ID: v.Form("credential")})
	return f.after(err, v.T("settings.apps.credential_removed"))
}

func askRemoveApp(v *visit.Visit) error {
	f, err := openApp(v)
	if err != nil {
		return err
	}
	return v.Show(removeAppPage(f, f.frame()))
}

func removeApp(v *visit.Visit) error {
	f, err := openApp(v)
	if err != nil {
		return err
	}
	if _, err := visit.Do(v, identity.RemoveApplication, f.app.ID); err != nil {
		return err
	}
	v.Toast(v.T("settings.apps.removed", "Name", f.app.Name))
	return v.Redirect(appsPath)
}

// roleField offers the roles that an application can have by itself.
func (f *appForm) roleField() block.Field {
	field := block.Field{
		Name: "roles", Label: f.T("settings.apps.own_roles"), Hint: f.T("settings.apps.own_roles_hint"), Values: f.app.Roles.Names(),
		Options: people.RoleOptions(f.Visit, directoryRoles|partnerRoles),
	}
	for i, o := range field.Options {
		role, _ := policy.ParseRole(o.Value)
		if f.Actor.Roles&(policy.GlobalAdmin|role) == 0 && f.app.Roles&role == 0 {
			field.Options[i].Disabled, field.Options[i].Hint = true, f.T("settings.apps.not_yours")
		}
	}
	return field
}
