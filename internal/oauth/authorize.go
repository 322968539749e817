package oauth

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"html"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"comptoir/internal/grant"
	"comptoir/internal/identity"
	"comptoir/internal/oauth/signin"
	"comptoir/internal/portal/block"
	"comptoir/internal/refusal"
)

// authorization is a request to the authorize page whose application and
// redirect address are good.
type authorization struct {
	app       identity.Application
	redirect  string
	mode      string // how the answer goes back: query, fragment or form_post
	state     string
	withID    bool // an id_token beside the code
	nonce     string
	challenge string
	prompt    string
	ask       asked
}

// authorize answers the authorize endpoints of both versions: it signs the
// person in, asks for consent where that is needed, and sends a code back.
func (d *dialog) authorize() error {
	a, err := d.readAuthorization()
	if err != nil {
		return d.refuse(a, err)
	}
	session, err := d.server.signin.Current(d.r)
	switch {
	case errors.Is(err, refusal.Unauthenticated) && a.prompt == "none":
		return d.refuse(a, errLogin)
	case errors.Is(err, refusal.Unauthenticated):
		return d.leave(withName(signin.Address(d.here("prompt", "login_hint")), d.loginHint()))
	case err != nil:
		return err
	case a.prompt == "login", d.hintsAtAnother(session):
		return d.leave(withName(signin.Again(d.here("prompt", "login_hint")), d.loginHint()))
	case session.Person.NeedsFactor(d.server.kernel) && !session.MFA:
		if a.prompt == "none" {
			return d.refuse(a, errFactor.about(printable(a.ask.resource)))
		}
		return d.leave(signin.Verify(d.here()))
	case a.prompt == "select_account":
		return d.chooseAccount(a, session)
	}
	return d.authorizeFor(a, session)
}

// authorizeFor goes on for the person who is signed in.
func (d *dialog) authorizeFor(a authorization, session signin.Session) error {
	if err := d.admits(a.app, session); err != nil {
		return err
	}
	if a.prompt == "admin_consent" {
		return d.leave(d.adminConsentAddress(a))
	}
	needed, err := d.consentNeeded(a, session)
	switch {
	case err != nil:
		return err
	case needed && a.prompt == "none":
		return d.refuse(a, errInteraction)
	case needed || a.prompt == "consent":
		return d.askConsent(a, session)
	}
	return d.sendCode(a, session)
}

// admits refuses a person of another organisation than the request names, and
// an application that is not meant for his.
func (d *dialog) admits(app identity.Application, session signin.Session) error {
	return d.admitsTo(d.authority(), app, session)
}

func (d *dialog) admitsTo(authority string, app identity.Application, session signin.Session) error {
	p := session.Person
	if !anyTenant(authority) {
		tenant, err := d.server.gate.Tenant(d.r.Context(), authority)
		if isFault(err) {
			return errTenant.about(printable(authority))
		} else if err != nil {
			return err
		}
		if tenant.ID != p.Tenant {
			return errOtherTenant.about(printable(authority), app.ID)
		}
	}
	if !app.Known && !app.MultiTenant && app.Tenant != p.Tenant {
		return errNoApp.about(app.ID, p.Domain)
	}
	return nil
}

// consentNeeded reports whether the person has to allow the application first.
func (d *dialog) consentNeeded(a authorization, session signin.Session) (bool, error) {
	p := session.Person
	if !a.app.Known && a.app.Tenant == p.Tenant {
		return false, nil
	}
	if _, err := d.server.gate.Grant(d.r.Context(), p.Tenant, a.app.ID); err == nil {
		return false, nil
	} else if !isFault(err) {
		return false, err
	}
	yes, err := grant.Consented.Do(d.r.Context(), d.server.kernel, d.as(session), a.app.ID)
	return !yes, err
}

// readAuthorization reads the request. While the redirect address is not known
// to be the application's, an error has no address to go to; afterwards the
// authorization that comes with it has.
func (d *dialog) readAuthorization() (authorization, error) {
	q := d.r.URL.Query()
	if q.Get("client_id") == "" {
		return authorization{}, errParameter.about("client_id")
	}
	app, err := d.application(q.Get("client_id"))
	if err != nil {
		return authorization{}, err
	}
	redirect, err := d.redirectOf(app, q.Get("redirect_uri"))
	if err != nil {
		return authorization{}, err
	}
	a := authorization{
		app: app, redirect: redirect, mode: "query", state: q.Get("state"), nonce: q.Get("nonce"), prompt: strings.ToLower(q.Get("prompt")),
	}
	kinds := strings.Fields(q.Get("response_type"))
	slices.Sort(kinds)
	switch strings.Join(kinds, " ") {
	case "code":
	case "code id_token":
		a.withID, a.mode = true, "fragment"
	default:
		return a, errResponse.about(printable(q.Get("response_type")))
	}
	if err := a.readMode(q.Get("response_mode")); err != nil {
		return a, err
	}
	if a.withID && a.nonce == "" {
		return a, errParameter.about("nonce")
	}
	if a.challenge, err = challengeOf(q, app.Public); err != nil {
		return a, err
	}
	a.ask, err = d.askedIn(q)
	return a, err
}

func (a *authorization) readMode(mode string) error {
	switch {
	case mode == "":
	case mode == "query" && !a.withID, mode == "fragment", mode == "form_post":
		a.mode = mode
	default:
		return errMode.about(printable(mode))
	}
	return nil
}

// redirectOf returns the redirect address that a request asks for, if it is one
// of the application's, or its only one when the request names none.
func (d *dialog) redirectOf(app identity.Application, asked string) (string, error) {
	switch {
	case asked == "" && len(app.RedirectURIs) == 1:
		return app.RedirectURIs[0], nil
	case asked == "":
		return "", errParameter.about("redirect_uri")
	case identity.MatchRedirect(app.RedirectURIs, asked), app.Public && asked == d.base()+"/common/oauth2/nativeclient":
		return asked, nil
	}
	return "", errRedirectURI.about(printable(asked), app.ID)
}

// challengeOf reads the code challenge (PKCE), which a public application must
// send.
func challengeOf(q url.Values, public bool) (string, error) {
	challenge, method := q.Get("code_challenge"), q.Get("code_challenge_method")
	switch {
	case challenge == "" && public:
		return "", errChallenge
	case challenge == "":
		return "", nil
	case len(challenge) < 43 || len(challenge) > 128:
		return "", errChallenge
	case method == "S256":
		return "S256:" + challenge, nil
	case method == "plain", method == "":
		return "plain:" + challenge, nil
	}
	return "", errChallenge
}

// askedIn reads what the request asks for.
func (d *dialog) askedIn(q url.Values) (asked, error) {
	if resource := q.Get("resource"); resource != "" && !d.v2 {
		return parseResource(resource)
	}
	if scope := q.Get("scope"); scope != "" && (d.v2 || strings.Contains(scope, "/")) {
		return parseScope(scope)
	}
	if !d.v2 {
		return parseResource(defaultResource)
	}
	return asked{}, errParameter.about("scope")
}

func (d *dialog) loginHint() string { return d.r.URL.Query().Get("login_hint") }

// hintsAtAnother reports whether the request is for somebody else than who is
// signed in.
func (d *dialog) hintsAtAnother(session signin.Session) bool {
	hint := d.loginHint()
	return hint != "" && !strings.EqualFold(hint, session.Person.Name)
}

// withName adds the name that the sign-in page shall begin with.
func withName(address, name string) string {
	if name == "" {
		return address
	}
	sep := "?"
	if strings.Contains(address, "?") {
		sep = "&"
	}
	return address + sep + "name=" + url.QueryEscape(printable(name))
}

// chooseAccount lets the person go on as who he is, or sign in as another.
func (d *dialog) chooseAccount(a authorization, session signin.Session) error {
	on := d.here("prompt")
	card := block.SignIn{Heading: d.T("signin.choose.title"), Text: d.T("signin.choose.text", "App", a.app.Name)}
	return d.Show(http.StatusOK, card, block.Buttons(
		block.Button{Label: d.T("signin.choose.go_on", "Name", session.Person.Name), Kind: block.Primary, Href: on},
		block.Button{Label: d.T("signin.choose.other"), Href: signin.Again(on)},
	))
}

// sendCode gives the application a code for the person.
func (d *dialog) sendCode(a authorization, session signin.Session) error {
	p := session.Person
	s := grant.Subject{Tenant: p.Tenant, User: p.ID, App: a.app.ID, Scope: a.ask.String(), Methods: session.Methods}
	code, err := grant.IssueCode(d.r.Context(), d.server.kernel, d.actor(), grant.Code{
		Subject: s, RedirectURI: a.redirect, Nonce: a.nonce, Challenge: a.challenge,
	})
	if err != nil {
		return err
	}
	answer := url.Values{"code": {code}, "session_state": {session.Handle}}
	if d.r.URL.Query().Get("client_info") != "" {
		answer.Set("client_info", clientInfo(p))
	}
	if a.withID {
		b := bearer{tenant: p.Tenant, app: a.app.ID, person: &p, methods: session.Methods, v2: d.v2}
		token, err := d.server.idToken(d.r.Context(), d.base(), b, a.nonce, code)
		if err != nil {
			return err
		}
		answer.Set("id_token", token)
	}
	return d.respond(a, answer)
}

// refuse sends an error back to the application, or shows it when there is no
// address that is known to be the application's.
func (d *dialog) refuse(a authorization, err error) error {
	f, ok := err.(*failure) //nolint:errorlint // failures are never wrapped
	if !ok || a.redirect == "" {
		return err
	}
	body := f.describe(d.call)
	return d.respond(a, url.Values{"error": {body.Error}, "error_description": {body.Description}})
}

// respond sends values to the redirect address in the way that was asked for.
func (d *dialog) respond(a authorization, values url.Values) error {
	if a.state != "" {
		values.Set("state", a.state)
	}
	to, err := url.Parse(a.redirect)
	if err != nil {
		return err
	}
	switch {
	case to.Scheme == "urn":
		return d.showCode(values)
	case a.mode == "form_post":
		return d.postBack(a.redirect, values)
	case a.mode == "fragment":
		to.Fragment, to.RawFragment = "", ""
		http.Redirect(d.w, d.r, to.String()+"#"+values.Encode(), http.StatusFound)
		return nil
	}
	q := to.Query()
	maps.Copy(q, values)
	to.RawQuery = q.Encode()
	http.Redirect(d.w, d.r, to.String(), http.StatusFound)
	return nil
}

// showCode shows a code to somebody whose program has no address: he copies it.
func (d *dialog) showCode(values url.Values) error {
	card := block.SignIn{Heading: d.T("signin.code.title"), Text: d.T("signin.code.text")}
	if text := values.Get("error_description"); text != "" {
		card.Messages = []block.Message{{Tone: block.Danger, Text: text}}
	}
	return d.Show(http.StatusOK, card, block.DescriptionList(d.Printer, []block.Fact{
		{Term: d.T("signin.code.term"), Value: values.Get("code"), Mono: true, Copy: true},
	}))
}

// submitScript sends the only form of a page. Its hash stands in the content
// policy of the page, and no other script runs there.
const submitScript = "document.forms[0].submit()"

var submitHash = func() string {
	sum := sha256.Sum256([]byte(submitScript))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}()

// postBack has the browser post values to the application (form_post).
func (d *dialog) postBack(to string, values url.Values) error {
	var b strings.Builder
	b.WriteString(`<!DOCTYPE html><html lang="` + d.Tag() + `"><head><meta charset="utf-8"><title>` + html.EscapeString(d.T("signin.title")) +
		`</title></head><body><form method="post" action="` + html.EscapeString(to) + `">`)
	for _, name := range slices.Sorted(maps.Keys(values)) {
		b.WriteString(`<input type="hidden" name="` + html.EscapeString(name) + `" value="` + html.EscapeString(values.Get(name)) + `">`)
	}
	b.WriteString(`<noscript><button>` + html.EscapeString(d.T("common.next")) + `</button></noscript></form><script>` + submitScript + `</script></body></html>`)
	h := d.w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; script-src "+submitHash+"; base-uri 'none'; frame-ancestors 'none'")
	d.w.WriteHeader(http.StatusOK)
	_, _ = d.w.Write([]byte(b.String())) // a reader who has gone needs no page
	return nil
}

// nativeClient is where a program on a desk has its browser window end.
func (d *dialog) nativeClient() error {
	return d.Show(http.StatusOK, block.SignIn{Heading: d.T("signin.native.title"), Text: d.T("signin.native.text")}, nothing())
}

// logout leads to the portal's own page for signing out: following a link alone
// signs nobody out.
func (d *dialog) logout() error { return d.leave(signin.OutPath) }
