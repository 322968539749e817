package oauth

import (
	"encoding/base64"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"comptoir/internal/id"
	"comptoir/internal/identity"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// client is the application that sends a token request.
type client struct {
	identity.Application
	acr string // how it proved itself: see bearer
}

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// client returns the application that sends the request, once it has proved
// itself: with a secret, in the form or in the header, or with an assertion. A
// public one has nothing to prove. tenant is where it asks; the zero value when
// the user decides that.
func (c *call) client(tenant identity.Tenant) (client, error) {
	name, secret := c.presented()
	if name == "" {
		return client{}, errParameter.about("client_id")
	}
	app, err := c.application(name)
	if err != nil {
		return client{}, err
	}
	switch assertion := c.form("client_assertion"); {
	case app.Public && (secret != "" || assertion != ""):
		return client{}, errPublic
	case app.Public:
		return client{app, "0"}, nil
	case assertion != "":
		if c.form("client_assertion_type") != assertionType {
			return client{}, errParameter.about("client_assertion_type")
		}
		return client{app, "2"}, c.checkAssertion(app, assertion, tenant)
	case secret == "":
		return client{}, errNoProof
	}
	_, err = c.server.gate.CheckSecret(c.r.Context(), app.ID, secret)
	switch {
	case errors.Is(err, identity.ErrSecretExpired):
		return client{}, errSecretExpired.about(app.ID)
	case err != nil && isFault(err):
		return client{}, errSecret.about(app.ID)
	}
	return client{app, "1"}, err
}

// presented returns the id and the secret of the request.
func (c *call) presented() (name, secret string) {
	name, secret = c.form("client_id"), c.r.PostForm.Get("client_secret")
	if user, password, ok := c.r.BasicAuth(); ok && secret == "" {
		// RFC 6749, 2.3.1: both are form-encoded in the header.
		if n, err := url.QueryUnescape(user); err == nil && (name == "" || name == n) {
			name = n
			if p, err := url.QueryUnescape(password); err == nil {
				secret = p
			}
		}
	}
	return name, secret
}

// application returns a registered application, or refuses.
func (c *call) application(name string) (identity.Application, error) {
	guid, ok := id.Parse(name)
	if !ok {
		return identity.Application{}, errNoApp.about(printable(name), printable(c.authority()))
	}
	app, err := c.server.gate.Application(c.r.Context(), id.App(guid))
	if errors.Is(err, identity.ErrAppUnknown) {
		return identity.Application{}, errNoApp.about(guid, printable(c.authority()))
	}
	return app, err
}

// assertionAlgorithms are those with which clients sign assertions.
var assertionAlgorithms = []jose.SignatureAlgorithm{jose.RS256, jose.PS256, jose.ES256}

// assertionLife is how long an assertion may be good for at most. Clients use
// one again until it ends, so it is not good for one use only.
const assertionLife = 24 * time.Hour

// checkAssertion verifies a client assertion: signed with the key of one of the
// application's certificates, by it and about it, for this token endpoint, and
// in time (api-customers.md 2.3).
func (c *call) checkAssertion(app identity.Application, assertion string, tenant identity.Tenant) error {
	now := c.server.kernel.Wall.Now()
	wrong := func(why string) error { return errAssertion.about(why) }
	parsed, err := jwt.ParseSigned(assertion, assertionAlgorithms)
	if err != nil || len(parsed.Headers) != 1 {
		return wrong("it is no JWT signed with RS256, PS256 or ES256")
	}
	thumbprint := thumbprintOf(parsed.Headers[0])
	key, err := app.Key(thumbprint, now)
	if err != nil {
		return wrong("the certificate that its header names (x5t or x5t#S256) is not registered, or not valid now")
	}
	var said jwt.Claims
	if err := parsed.Claims(key, &said); err != nil {
		return wrong("its signature does not fit the certificate")
	}
	switch {
	case !strings.EqualFold(said.Issuer, string(app.ID)) || !strings.EqualFold(said.Subject, string(app.ID)):
		return wrong("issuer and subject must be the client_id")
	case !slices.ContainsFunc(said.Audience, func(a string) bool { return c.isMe(a, tenant) }):
		return wrong("its audience must be the token endpoint")
	case said.Expiry == nil || !now.Before(said.Expiry.Time().Add(backdate)):
		return wrong("it has expired")
	case said.NotBefore != nil && now.Before(said.NotBefore.Time().Add(-backdate)):
		return wrong("it is not valid yet")
	case said.Expiry.Time().Sub(now) > assertionLife:
		return wrong("it is valid for more than a day")
	}
	return nil
}

// thumbprintOf returns the hash by which a header names a certificate.
func thumbprintOf(h jose.Header) []byte {
	for _, name := range []jose.HeaderKey{"x5t#S256", "x5t"} {
		text, _ := h.ExtraHeaders[name].(string)
		text = strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(text), "=")
		if hash, err := base64.RawURLEncoding.DecodeString(text); err == nil && len(hash) > 0 {
			return hash
		}
	}
	return nil
}

// isMe reports whether audience names a token endpoint or issuer of this server
// for the tenant that the request is for.
func (c *call) isMe(audience string, tenant identity.Tenant) bool {
	rest, ok := strings.CutPrefix(strings.ToLower(audience), strings.ToLower(c.base())+"/")
	if !ok {
		return false
	}
	segment, path, _ := strings.Cut(rest, "/")
	switch strings.Trim(path, "/") {
	case "", "v2.0", "oauth2/token", "oauth2/v2.0/token":
	default:
		return false
	}
	if strings.EqualFold(segment, c.authority()) {
		return true
	}
	t, err := c.server.gate.Tenant(c.r.Context(), segment)
	return err == nil && t.ID == tenant.ID
}
