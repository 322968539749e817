package oauth

import (
	"net/http"
	"net/url"
	"strings"

	"comptoir/internal/identity"
)

// metadata is an OpenID configuration.
type metadata struct {
	TokenEndpoint         string   `json:"token_endpoint"`
	AuthMethods           []string `json:"token_endpoint_auth_methods_supported"`
	JWKS                  string   `json:"jwks_uri"`
	ResponseModes         []string `json:"response_modes_supported"`
	SubjectTypes          []string `json:"subject_types_supported"`
	SigningAlgorithms     []string `json:"id_token_signing_alg_values_supported"`
	ResponseTypes         []string `json:"response_types_supported"`
	Scopes                []string `json:"scopes_supported"`
	Issuer                string   `json:"issuer"`
	UserInfo              string   `json:"userinfo_endpoint"`
	AuthorizationEndpoint string   `json:"authorization_endpoint"`
	DeviceEndpoint        string   `json:"device_authorization_endpoint"`
	EndSession            string   `json:"end_session_endpoint"`
	Claims                []string `json:"claims_supported"`
	Challenges            []string `json:"code_challenge_methods_supported"`
	Grants                []string `json:"grant_types_supported"`
	RequestURI            bool     `json:"request_uri_parameter_supported"`
	Region                *string  `json:"tenant_region_scope"`
	Cloud                 string   `json:"cloud_instance_name"`
}

// configuration answers the OpenID configuration of both versions. Its endpoints
// carry the address and the organisation by which the client asked; the issuer
// carries the organisation's id.
func (c *call) configuration() error {
	authority, issued := c.authority(), "{tenantid}"
	if !anyTenant(authority) {
		t, err := c.tenant()
		if err != nil {
			return err
		}
		issued = string(t.ID)
	}
	base := c.base()
	root := base + "/" + url.PathEscape(authority)
	oauth, keys := root+"/oauth2", root+"/discovery/keys"
	if c.v2 {
		oauth, keys = root+"/oauth2/v2.0", root+"/discovery/v2.0/keys"
	}
	c.answer(http.StatusOK, metadata{
		TokenEndpoint: oauth + "/token", AuthMethods: []string{"client_secret_post", "private_key_jwt", "client_secret_basic"},
		JWKS: keys, ResponseModes: []string{"query", "fragment", "form_post"}, SubjectTypes: []string{"pairwise"},
		SigningAlgorithms: []string{"RS256"}, ResponseTypes: []string{"code", "code id_token"},
		Scopes: []string{"openid", "profile", "email", "offline_access"}, Issuer: issuer(base, issued, c.v2),
		UserInfo: root + "/openid/userinfo", AuthorizationEndpoint: oauth + "/authorize",
		DeviceEndpoint: oauth + "/devicecode", EndSession: oauth + "/logout",
		Claims:     []string{"sub", "iss", "aud", "exp", "iat", "nonce", "preferred_username", "name", "tid", "ver", "c_hash", "email"},
		Challenges: []string{"S256", "plain"},
		Grants:     []string{"authorization_code", "client_credentials", "password", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"},
		Cloud:      c.server.origin.Host(c.r),
	})
	return nil
}

// instanceMetadata is one cloud of the instance discovery.
type instanceMetadata struct {
	PreferredNetwork string   `json:"preferred_network"`
	PreferredCache   string   `json:"preferred_cache"`
	Aliases          []string `json:"aliases"`
}

// instance answers the instance discovery (quirk Q44): this server is a cloud of
// its own with one host.
func (c *call) instance() error {
	asked := c.r.URL.Query().Get("authorization_endpoint")
	u, err := url.Parse(asked)
	host := c.server.origin.Host(c.r)
	if err != nil || !strings.EqualFold(u.Host, host) {
		return errInstance
	}
	segment, _, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	if segment == "" {
		segment = "common"
	}
	c.answer(http.StatusOK, struct {
		Endpoint string             `json:"tenant_discovery_endpoint"`
		Version  string             `json:"api-version"`
		Metadata []instanceMetadata `json:"metadata"`
	}{
		c.base() + "/" + url.PathEscape(segment) + "/v2.0/.well-known/openid-configuration", "1.1",
		[]instanceMetadata{{host, host, []string{host}}},
	})
	return nil
}

// realm tells a client how the users of a domain sign in.
type realm struct {
	Version  string `json:"ver"`
	Account  string `json:"account_type"`
	Domain   string `json:"domain_name"`
	Instance string `json:"cloud_instance_name"`
	Audience string `json:"cloud_audience_urn"`
}

// userRealm answers how a user signs in: with a password, here. It knows
// domains only, so it tells nobody which users there are.
func (c *call) userRealm() error {
	_, domain, _ := strings.Cut(c.r.PathValue("name"), "@")
	out := realm{Version: "1.0", Account: "Unknown", Domain: printable(domain), Instance: c.server.origin.Host(c.r), Audience: "urn:federation:" + c.server.origin.Host(c.r)}
	if _, err := c.server.gate.Tenant(c.r.Context(), domain); err == nil {
		out.Account = "Managed"
	} else if !isFault(err) {
		return err
	}
	c.answer(http.StatusOK, out)
	return nil
}

// userInfo answers the OpenID user info for the bearer of an access token.
func (c *call) userInfo() error {
	v, err := c.server.verified(c.r)
	if err == nil && v.User != "" {
		_, err = c.server.resolve(c.r.Context(), v)
	}
	if err != nil || v.User == "" {
		c.w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		return orInternal(err, errBearer)
	}
	p, err := c.server.gate.Person(c.r.Context(), v.Tenant, v.User)
	if err != nil {
		return err
	}
	c.answer(http.StatusOK, struct {
		Subject    string `json:"sub"`
		Name       string `json:"name"`
		FamilyName string `json:"family_name,omitempty"`
		GivenName  string `json:"given_name,omitempty"`
		Preferred  string `json:"preferred_username"`
	}{pairwise(p.ID, v.App), p.DisplayName, p.LastName, p.FirstName, p.Name})
	return nil
}

// orInternal returns f for a refusal, and err when it is a mistake of ours.
func orInternal(err error, f *failure) error {
	if err != nil && !isFault(err) {
		return err
	}
	return f
}

// exchangeLife is how long the result of /generatetoken is good for, in seconds.
const exchangeLife = int(tokenLife / 1e9)

// exchange answers /generatetoken: it turns a directory token of a partner into
// a partner token (api-customers.md 2.4, quirk Q45).
func (c *call) exchange() error {
	if err := c.readForm(); err != nil {
		return err
	}
	if kind := c.form("grant_type"); !strings.EqualFold(kind, "jwt_token") {
		return errGrantType.about(printable(kind))
	}
	actor, v, err := c.server.Bearer(c.r, PartnerCenter)
	if err != nil {
		c.w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		return orInternal(err, errBearer)
	}
	t, err := c.server.gate.Tenant(c.r.Context(), string(actor.Tenant))
	if err != nil {
		return err
	}
	if t.Kind != identity.PartnerTenant || v.Exchanged { // a partner token is not made longer by exchanging it again
		return errBearer
	}
	b := bearer{tenant: v.Tenant, app: v.App, methods: v.Methods, audience: PartnerCenter[2], exchanged: true}
	if v.User == "" {
		if b.grant, err = c.server.gate.Grant(c.r.Context(), v.Tenant, v.App); err != nil {
			return err
		}
	} else {
		p, err := c.server.gate.Person(c.r.Context(), v.Tenant, v.User)
		if err != nil {
			return err
		}
		b.person, b.scopes = &p, strings.Fields(v.Scopes)
	}
	signed, err := c.server.sign(c.r.Context(), c.base(), b)
	if err != nil {
		return err
	}
	c.answer(http.StatusOK, struct {
		AccessToken string `json:"access_token"`
		Type        string `json:"token_type"`
		ExpiresIn   int    `json:"expires_in"`
	}{signed.token, "bearer", exchangeLife})
	return nil
}
