package settings

import (
	"net/http"

	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/people"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

// grants reports whether the reader lets applications of others in, and takes
// that back.
func (l *appList) grants() bool { return l.May("partner.application.grant", true) }

// consent lets the application of another organisation act in this one.
func consent(v *visit.Visit) error {
	if err := enter(v); err != nil {
		return err
	}
	l := &appList{Visit: v, view: block.ParseView(v.Request.URL.Query())}
	app, ok := id.Parse(v.Form("app"))
	if !ok {
		app = "00000000-0000-0000-0000-000000000000" // nobody's: the refusal says what to do
	}
	_, err := visit.DoOnce(v, identity.GrantApplication, identity.ConsentForAll{App: id.App(app)})
	if fault.KindOf(err) == fault.NotFound {
		l.said.Refuse("app", v.Sentence(err))
		return l.show(http.StatusBadRequest)
	}
	if err != nil {
		return err
	}
	v.Toast(v.T("settings.apps.consented"))
	return v.Redirect(appsPath)
}

// consentTable lists the applications of others that were let in.
func (l *appList) consentTable() block.Table {
	t := block.Table{
		ID: "consents", Caption: l.T("settings.consents.title"), Base: appsPath, Small: true,
		Columns: []block.Column{
			{Key: "name", Title: l.T("common.name")},
			{Key: "publisher", Title: l.T("settings.consents.publisher")},
			{Key: "roles", Title: l.T("portal.profile.roles")},
			{Key: "granted", Title: l.T("settings.consents.granted")},
			{Key: "withdraw", Title: l.T("common.actions")},
		},
	}
	for _, c := range l.consents {
		roles := l.T("settings.apps.as_person")
		if c.Roles != 0 {
			roles = l.List(people.RoleWords(l.Visit, c.Roles))
		}
		t.Rows = append(t.Rows, block.Row{ID: string(c.App), Name: c.Name, Cells: []block.Cell{
			{Text: c.Name, Sub: string(c.App)},
			{Text: c.Publisher},
			{Text: roles},
			{Text: l.Date(c.GrantedAt), Sub: c.GrantedBy},
			{Body: withdrawLink(l, c)},
		}})
	}
	return t
}

// openConsent finds the consent that the address names.
func openConsent(v *visit.Visit) (*appList, identity.Consent, error) {
	if err := enter(v); err != nil {
		return nil, identity.Consent{}, err
	}
	app, ok := id.Parse(v.Request.PathValue("app"))
	if !ok {
		return nil, identity.Consent{}, refusal.NotFound
	}
	c, err := visit.Do(v, identity.GetConsent, id.App(app))
	return &appList{Visit: v}, c, err
}

func askWithdraw(v *visit.Visit) error {
	l, c, err := openConsent(v)
	if err != nil {
		return err
	}
	f := v.Frame(v.T("settings.consents.title"), visit.AccountSettings)
	inside(v, &f, appsPath)
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: v.T("settings.apps.title"), Href: appsPath})
	return v.Show(withdrawPage(l, f, c))
}

// withdraw takes the consent of the whole organisation back.
func withdraw(v *visit.Visit) error {
	_, c, err := openConsent(v)
	if err != nil {
		return err
	}
	if _, err := visit.Do(v, identity.WithdrawConsent, identity.ConsentForAll{App: c.App}); err != nil {
		return err
	}
	v.Toast(v.T("settings.consents.withdrawn", "Name", c.Name))
	return v.Redirect(appsPath)
}

func consentPath(app id.App) string { return consentsPath + "/" + string(app) }
