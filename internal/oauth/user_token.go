package oauth

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"

	"comptoir/internal/fault"
	"comptoir/internal/grant"
	"comptoir/internal/id"
	"comptoir/internal/identity"
)

// person is a user for whom a client asks for tokens.
type person struct {
	identity.Person
	methods []string
	family  string // of refresh tokens; "" begins one
	nonce   string
}

// asking returns the organisation that a request for a user names, and the
// client. The tenant is zero when the user decides it.
func (c *call) asking() (identity.Tenant, client, error) {
	var tenant identity.Tenant
	if !anyTenant(c.authority()) {
		var err error
		if tenant, err = c.tenant(); err != nil {
			return tenant, client{}, err
		}
	}
	cl, err := c.client(tenant)
	return tenant, cl, err
}

// belongs refuses a user of another organisation than the request names.
func (c *call) belongs(p identity.Person, tenant identity.Tenant, app id.App) error {
	if tenant.ID != "" && tenant.ID != p.Tenant {
		return errOtherTenant.about(printable(c.authority()), app)
	}
	return nil
}

// consented refuses an application that neither p nor his organisation let in.
// Those of his own organisation are let in by their registration, and the
// published clients by the person who types his password into them.
func (c *call) consented(p identity.Person, app identity.Application) error {
	if app.Known || app.Tenant == p.Tenant {
		return nil
	}
	if !app.MultiTenant {
		return errNoApp.about(app.ID, p.Domain)
	}
	if _, err := c.server.gate.Grant(c.r.Context(), p.Tenant, app.ID); err == nil || !isFault(err) {
		return err
	}
	yes, err := grant.Consented.Do(c.r.Context(), c.server.kernel, p.Actor(app.ID, false), app.ID)
	if err == nil && !yes {
		return errConsent.about(app.ID)
	}
	return err
}

// passwordToken answers the password grant.
func (c *call) passwordToken() error {
	tenant, cl, err := c.asking()
	if err != nil {
		return err
	}
	name, err := c.need("username")
	if err != nil {
		return err
	}
	password := c.r.PostForm.Get("password")
	if password == "" {
		return errParameter.about("password")
	}
	ask, err := c.asked("")
	if err != nil {
		return err
	}
	a := c.actor()
	p, err := c.server.gate.CheckPassword(c.r.Context(), a, identity.PasswordTry{UserName: name, Password: password, Address: a.Address})
	if err != nil {
		return c.signInFailure(err)
	}
	if err := c.belongs(p, tenant, cl.ID); err != nil {
		return err
	}
	if p.MustChange {
		return errMustChange
	}
	methods := []string{identity.ByPassword}
	if err := c.mfaMissing(p, methods, ask.resource); err != nil {
		return err
	}
	if err := c.consented(p, cl.Application); err != nil {
		return err
	}
	return c.userTokens(cl, person{Person: p, methods: methods}, ask)
}

// signInFailure turns a refusal of the gate into that of the endpoint. Whether a
// name is unknown is told in a sandbox only: elsewhere it is the same answer as
// for a wrong password.
func (c *call) signInFailure(err error) error {
	var f *fault.Error
	switch {
	case errors.Is(err, identity.ErrNoSuchUser) && c.server.kernel.Sandbox:
		return errNoUser
	case errors.Is(err, identity.ErrNoSuchUser), errors.Is(err, identity.ErrSignIn):
		return errPassword
	case errors.Is(err, identity.ErrBlocked):
		return errBlocked
	case errors.As(err, &f) && errors.Is(err, identity.ErrTooManyTries):
		seconds, _ := f.Args["Seconds"].(int)
		locked := errLocked.about(seconds)
		locked.retry = seconds
		return locked
	}
	return err
}

// codeToken answers the authorization_code grant.
func (c *call) codeToken() error {
	tenant, cl, err := c.asking()
	if err != nil {
		return err
	}
	code, err := c.need("code")
	if err != nil {
		return err
	}
	in := grant.Redemption{Code: code, Client: string(cl.ID), RedirectURI: c.form("redirect_uri"), Verifier: c.r.PostForm.Get("code_verifier")}
	found, err := grant.Redeem(c.r.Context(), c.server.kernel, c.actor(), in)
	if err != nil {
		return codeFailure(err)
	}
	p, err := c.stillThere(found.Subject)
	if err != nil {
		return err
	}
	if err := c.belongs(p, tenant, cl.ID); err != nil {
		return err
	}
	if err := c.consented(p, cl.Application); err != nil { // withdrawn meanwhile
		return err
	}
	ask, err := c.asked(found.Scope)
	if err != nil {
		return err
	}
	return c.userTokens(cl, person{p, found.Methods, found.Family, found.Nonce}, ask)
}

// codeFailure turns a refusal of package grant into that of the endpoint.
func codeFailure(err error) error {
	switch {
	case errors.Is(err, grant.ErrUnknown):
		return errCode
	case errors.Is(err, grant.ErrExpired):
		return errCodeExpired
	case errors.Is(err, grant.ErrUsed):
		return errCodeUsed
	case errors.Is(err, grant.ErrRedirect):
		return errRedirectURI.about("", "")
	case errors.Is(err, grant.ErrProof):
		return errVerifier
	}
	return err
}

// stillThere returns the person of a grant as he is now, or refuses.
func (c *call) stillThere(s grant.Subject) (identity.Person, error) {
	p, err := c.server.gate.Person(c.r.Context(), s.Tenant, s.User)
	switch {
	case errors.Is(err, identity.ErrUserUnknown):
		return identity.Person{}, errNoUser
	case err != nil:
		return identity.Person{}, err
	case p.Status != identity.UserActive:
		return identity.Person{}, errBlocked
	}
	return p, nil
}

// refreshToken answers the refresh_token grant. Each answer has a new refresh
// token, and the one before stays good.
func (c *call) refreshToken() error {
	tenant, cl, err := c.asking()
	if err != nil {
		return err
	}
	token, err := c.need("refresh_token")
	if err != nil {
		return err
	}
	found, err := grant.FindRefresh(c.r.Context(), c.server.kernel, c.actor(), token, string(cl.ID))
	if errors.Is(err, grant.ErrExpired) {
		return errRefreshOld
	} else if err != nil {
		return codeFailure(err)
	}
	p, err := c.stillThere(found.Subject)
	if err != nil {
		return err
	}
	if !p.Valid(found.IssuedAt) {
		return errRevoked
	}
	if err := c.belongs(p, tenant, cl.ID); err != nil {
		return err
	}
	if err := c.consented(p, cl.Application); err != nil { // withdrawn meanwhile
		return err
	}
	ask, err := c.asked(found.Scope)
	if err != nil {
		return err
	}
	if err := c.mfaMissing(p, found.Methods, ask.resource); err != nil {
		return err
	}
	kept, err := parseScope(found.Scope)
	if err != nil {
		return err
	}
	ask.offline, ask.openID = true, ask.openID || kept.openID
	return c.userTokens(cl, person{Person: p, methods: found.Methods, family: found.Family}, ask)
}

// deviceToken answers a client that waits for a person with a browser.
func (c *call) deviceToken() error {
	tenant, cl, err := c.asking()
	if err != nil {
		return err
	}
	code := c.form("device_code")
	if code == "" {
		if code, err = c.need("code"); err != nil {
			return err
		}
	}
	s, err := grant.Poll(c.r.Context(), c.server.kernel, c.actor(), code, string(cl.ID))
	switch {
	case errors.Is(err, grant.ErrPending):
		return errPending
	case errors.Is(err, grant.ErrSlowDown):
		return errSlowDown
	case errors.Is(err, grant.ErrDeclined):
		return errDeclined
	case errors.Is(err, grant.ErrExpired):
		return errExpired
	case err != nil:
		return codeFailure(err)
	}
	p, err := c.stillThere(s)
	if err != nil {
		return err
	}
	if err := c.belongs(p, tenant, cl.ID); err != nil {
		return err
	}
	ask, err := c.asked(s.Scope)
	if err != nil {
		return err
	}
	return c.userTokens(cl, person{Person: p, methods: s.Methods}, ask)
}

// userTokens answers with the tokens of a user: access, and as asked for
// id_token and refresh_token.
func (c *call) userTokens(cl client, p person, ask asked) error {
	ctx := c.r.Context()
	b := bearer{
		tenant: p.Tenant, app: cl.ID, appACR: cl.acr, person: &p.Person, methods: slices.Clone(p.methods),
		scopes: ask.granted(), audience: ask.resource, v2: c.v2,
	}
	access, err := c.server.sign(ctx, c.base(), b)
	if err != nil {
		return err
	}
	t := tokens{access: access, resource: ask.resource, scope: ask.echo(), client: clientInfo(p.Person)}
	if !c.v2 {
		t.scope = joinNames(ask.granted())
	}
	if ask.openID {
		if t.idToken, err = c.server.idToken(ctx, c.base(), b, p.nonce, ""); err != nil {
			return err
		}
	}
	if ask.offline {
		s := grant.Subject{Tenant: p.Tenant, User: p.ID, App: cl.ID, Scope: ask.String(), Methods: p.methods, Family: p.family}
		if t.refresh, err = grant.IssueRefresh(ctx, c.server.kernel, c.actor(), s); err != nil {
			return err
		}
	}
	return c.answerToken(t)
}

// clientInfo tells a client under which key to keep the account.
func clientInfo(p identity.Person) string {
	text, err := json.Marshal(struct {
		UID  id.User   `json:"uid"`
		UTID id.Tenant `json:"utid"`
	}{p.ID, p.Tenant})
	if err != nil {
		return "" // two strings always have a form
	}
	return base64.RawURLEncoding.EncodeToString(text)
}
