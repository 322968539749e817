package oauth

import (
	"net/http"
	"net/url"

	"comptoir/internal/grant"
	"comptoir/internal/identity"
	"comptoir/internal/oauth/signin"
	"comptoir/internal/portal/block"

	"github.com/a-h/templ"
)

// question is what a page asks about an application.
type question struct {
	action string // address of the form
	csrf   string
	facts  []block.Fact
	accept string // label
	code   string // of a device that waits
}

func nothing() templ.Component { return templ.NopComponent }

// facts say which application wants what, for whom.
func (d *dialog) facts(app identity.Application, ask asked, session signin.Session) []block.Fact {
	facts := []block.Fact{{Term: d.T("signin.consent.app"), Value: app.Name, Hint: string(app.ID)}}
	if owner, err := d.server.gate.Tenant(d.r.Context(), string(app.Tenant)); err == nil {
		facts = append(facts, block.Fact{Term: d.T("signin.consent.publisher"), Value: owner.Name})
	}
	facts = append(facts, block.Fact{Term: d.T("signin.consent.account"), Value: session.Person.Name})
	if ask.resource != "" {
		facts = append(facts, block.Fact{Term: d.T("signin.consent.resource"), Value: ask.resource})
	}
	return facts
}

// askConsent asks the person whether the application may act for him.
func (d *dialog) askConsent(a authorization, session signin.Session) error {
	card := block.SignIn{Heading: d.T("signin.consent.title", "App", a.app.Name), Text: d.T("signin.consent.text")}
	q := question{
		action: d.here("prompt"), csrf: d.CSRF(), accept: d.T("common.accept"),
		facts: d.facts(a.app, a.ask, session),
	}
	return d.Show(http.StatusOK, card, questionForm(d.Printer, q), a.redirect)
}

// decideConsent takes the answer of askConsent.
func (d *dialog) decideConsent() error {
	a, err := d.readAuthorization()
	if err != nil {
		return d.refuse(a, err)
	}
	session, ok, err := d.signedIn()
	if err != nil || !ok {
		return err
	}
	if err := d.admits(a.app, session); err != nil {
		return err
	}
	if d.r.PostFormValue("decision") != "accept" {
		return d.refuse(a, errDenied)
	}
	if _, err := grant.Consent.Do(d.r.Context(), d.server.kernel, d.as(session), a.app.ID); err != nil {
		return err
	}
	return d.sendCode(a, session)
}

// adminConsentAddress leads from an authorization to tenant-wide consent and
// back.
func (d *dialog) adminConsentAddress(a authorization) string {
	q := url.Values{"client_id": {string(a.app.ID)}, "redirect_uri": {a.redirect}, "state": {a.state}}
	return "/" + url.PathEscape(d.authority()) + "/adminconsent?" + q.Encode()
}

// readAdminConsent reads a request for tenant-wide consent.
func (d *dialog) readAdminConsent() (authorization, error) {
	q := d.r.URL.Query()
	if q.Get("client_id") == "" {
		return authorization{}, errParameter.about("client_id")
	}
	app, err := d.application(q.Get("client_id"))
	if err != nil {
		return authorization{}, err
	}
	redirect, err := d.redirectOf(app, q.Get("redirect_uri"))
	return authorization{app: app, redirect: redirect, mode: "query", state: q.Get("state")}, err
}

// adminConsent asks an administrator whether the application may act for his
// whole organisation.
func (d *dialog) adminConsent() error {
	a, session, ok, err := d.adminSession()
	if err != nil || !ok {
		return err
	}
	card := block.SignIn{
		Heading: d.T("signin.admin_consent.title", "App", a.app.Name),
		Text:    d.T("signin.admin_consent.text", "Organization", session.Person.TenantName),
	}
	q := question{action: d.here(), csrf: d.CSRF(), accept: d.T("common.accept"), facts: d.facts(a.app, asked{}, session)}
	if names := a.app.Roles.Keys(); len(names) > 0 {
		said := make([]string, len(names))
		for i, key := range names {
			said[i] = d.T(key)
		}
		q.facts = append(q.facts, block.Fact{Term: d.T("signin.admin_consent.roles"), Value: d.List(said)})
	}
	return d.Show(http.StatusOK, card, questionForm(d.Printer, q), a.redirect)
}

// adminSession returns the request and the person who decides it.
func (d *dialog) adminSession() (authorization, signin.Session, bool, error) {
	a, err := d.readAdminConsent()
	if err != nil {
		return a, signin.Session{}, false, err
	}
	session, ok, err := d.signedIn()
	if err != nil || !ok {
		return a, session, false, err
	}
	return a, session, true, d.admits(a.app, session)
}

// decideAdminConsent takes the answer of adminConsent.
func (d *dialog) decideAdminConsent() error {
	a, session, ok, err := d.adminSession()
	if err != nil || !ok {
		return err
	}
	if d.r.PostFormValue("decision") != "accept" {
		return d.refuse(a, errDenied)
	}
	_, err = identity.GrantApplication.Do(d.r.Context(), d.server.kernel, d.as(session), identity.ConsentForAll{App: a.app.ID})
	if err != nil {
		return err
	}
	return d.respond(a, url.Values{"admin_consent": {"True"}, "tenant": {string(session.Person.Tenant)}})
}
