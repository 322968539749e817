package oauth

import (
	"net/http"
	"net/url"
	"strconv"

	"comptoir/internal/grant"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/oauth/signin"
	"comptoir/internal/portal/block"
)

// devicePath is where a person types the code that a device shows.
const devicePath = "/devicelogin"

// deviceV1 and deviceV2 answer a device that asks for a code.
type deviceV1 struct {
	UserCode   string `json:"user_code"`
	DeviceCode string `json:"device_code"`
	URL        string `json:"verification_url"`
	ExpiresIn  string `json:"expires_in"`
	Interval   string `json:"interval"`
	Message    string `json:"message"`
}

type deviceV2 struct {
	UserCode   string `json:"user_code"`
	DeviceCode string `json:"device_code"`
	URI        string `json:"verification_uri"`
	Complete   string `json:"verification_uri_complete"`
	ExpiresIn  int    `json:"expires_in"`
	Interval   int    `json:"interval"`
	Message    string `json:"message"`
}

// deviceCode begins the device code flow.
func (c *call) deviceCode() error {
	if err := c.readForm(); err != nil {
		return err
	}
	if !anyTenant(c.authority()) {
		if _, err := c.tenant(); err != nil {
			return err
		}
	}
	name := c.r.Form.Get("client_id") // version 1 clients put it into the address
	if name == "" {
		return errParameter.about("client_id")
	}
	app, err := c.application(name)
	if err != nil {
		return err
	}
	var ask asked
	if c.v2 {
		ask, err = parseScope(c.r.Form.Get("scope"))
	} else if resource := c.r.Form.Get("resource"); resource != "" {
		ask, err = parseResource(resource)
	} else {
		ask, err = parseResource(defaultResource)
	}
	if err != nil {
		return err
	}
	device, user, err := grant.IssueDevice(c.r.Context(), c.server.kernel, c.actor(), grant.Device{
		Authority: c.authority(), App: string(app.ID), Scope: ask.String(),
	})
	if err != nil {
		return err
	}
	where := c.base() + devicePath
	message := "To sign in, use a web browser to open the page " + where + " and enter the code " + user + " to authenticate."
	life, interval := int(grant.DeviceTime.Seconds()), int(grant.PollEvery.Seconds())
	if c.v2 {
		c.answer(http.StatusOK, deviceV2{user, device, where, where + "?code=" + user, life, interval, message})
	} else {
		c.answer(http.StatusOK, deviceV1{user, device, where, strconv.Itoa(life), strconv.Itoa(interval), message})
	}
	return nil
}

// toDevice leads from the address that older clients name to the page.
func (d *dialog) toDevice() error { return d.leave(devicePath) }

// device asks for the code that a device shows, and when it has one, whether the
// device may sign in.
func (d *dialog) device() error {
	session, ok, err := d.signedIn()
	if err != nil || !ok {
		return err
	}
	code := d.r.URL.Query().Get("code")
	if code == "" {
		return d.askCode("")
	}
	waiting, app, err := d.waiting(code, session)
	if err != nil {
		if !isFault(err) {
			return err
		}
		return d.askCode(d.Sentence(err))
	}
	ask, err := parseScope(waiting.Scope)
	if err != nil {
		return err
	}
	card := block.SignIn{Heading: d.T("signin.device.confirm", "App", app.Name), Text: d.T("signin.device.warning")}
	return d.Show(http.StatusOK, card, questionForm(d.Printer, question{
		action: devicePath, csrf: d.CSRF(), accept: d.T("common.next"), facts: d.facts(app, ask, session),
		code: grant.NormaliseUserCode(code),
	}))
}

func (d *dialog) askCode(refused string) error {
	card := block.SignIn{Heading: d.T("signin.device.title"), Text: d.T("signin.device.text")}
	status := http.StatusOK
	if refused != "" {
		status = http.StatusBadRequest
		card.Messages = []block.Message{{Tone: block.Danger, Text: refused}}
	}
	return d.Show(status, card, codeForm(d.Printer))
}

// waiting returns the client that waits for a code, if the person may let it in.
func (d *dialog) waiting(code string, session signin.Session) (grant.Device, identity.Application, error) {
	waiting, err := grant.FindDevice.Do(d.r.Context(), d.server.kernel, d.as(session), code)
	if err != nil {
		return grant.Device{}, identity.Application{}, err
	}
	app, err := d.server.gate.Application(d.r.Context(), id.App(waiting.App))
	if err != nil {
		return grant.Device{}, identity.Application{}, err
	}
	return waiting, app, d.admitsTo(waiting.Authority, app, session)
}

// decideDevice takes the person's answer.
func (d *dialog) decideDevice() error {
	session, ok, err := d.signedIn()
	if err != nil || !ok {
		return err
	}
	code := d.r.PostFormValue("code")
	decision := d.r.PostFormValue("decision")
	if decision == "" {
		return d.leave(devicePath + "?" + url.Values{"code": {grant.NormaliseUserCode(code)}}.Encode())
	}
	_, app, err := d.waiting(code, session)
	if err != nil {
		if !isFault(err) {
			return err
		}
		return d.askCode(d.Sentence(err))
	}
	a := d.as(session)
	in := grant.Decision{UserCode: code, Approve: decision == "accept", Methods: session.Methods}
	if _, err := grant.Decide.Do(d.r.Context(), d.server.kernel, a, in); err != nil {
		return err
	}
	if !in.Approve {
		return d.Show(http.StatusOK, block.SignIn{Heading: d.T("signin.device.declined")}, nothing())
	}
	if app.Known || app.Tenant != session.Person.Tenant {
		if _, err := grant.Consent.Do(d.r.Context(), d.server.kernel, a, app.ID); err != nil {
			return err
		}
	}
	return d.Show(http.StatusOK, block.SignIn{Heading: d.T("signin.device.done"), Text: d.T("signin.device.close", "App", app.Name)}, nothing())
}
