package oauth

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"comptoir/internal/identity"
)

// bodyMax is the size of the largest request that is read.
const bodyMax = 64 << 10

// token answers both token endpoints (api-customers.md 2.1 and 2.2). Fields that
// it does not know are ignored: clients send many.
func (c *call) token() error {
	if err := c.readForm(); err != nil {
		return err
	}
	switch kind := strings.ToLower(c.form("grant_type")); kind { // quirk Q41
	case "client_credentials":
		return c.appToken()
	case "password":
		return c.passwordToken()
	case "authorization_code":
		return c.codeToken()
	case "refresh_token":
		return c.refreshToken()
	case "device_code", "urn:ietf:params:oauth:grant-type:device_code":
		return c.deviceToken()
	case "":
		return errParameter.about("grant_type")
	default:
		return errGrantType.about(printable(kind))
	}
}

// readForm reads the posted form and refuses one that holds what is no text.
func (c *call) readForm() error {
	c.r.Body = http.MaxBytesReader(c.w, c.r.Body, bodyMax)
	if err := c.r.ParseForm(); err != nil {
		return errBody.because(err)
	}
	return checkText(c.r.Form)
}

// checkText refuses values that no database can keep.
func checkText(values url.Values) error {
	for _, all := range values {
		for _, v := range all {
			if strings.ContainsRune(v, 0) || !utf8.ValidString(v) {
				return errBody
			}
		}
	}
	return nil
}

// form returns a value of the posted form.
func (c *call) form(name string) string { return strings.TrimSpace(c.r.PostForm.Get(name)) }

// need is form for a value that must be there.
func (c *call) need(name string) (string, error) {
	if v := c.form(name); v != "" {
		return v, nil
	}
	return "", errParameter.about(name)
}

// defaultResource is what a version 1 request without a resource is for.
const defaultResource = "00000002-0000-0000-c000-000000000000"

// asked reads what the request asks for. kept is what it asked for before, when
// it continues something; "" when it does not.
func (c *call) asked(kept string) (asked, error) {
	resource, scope := c.form("resource"), c.form("scope")
	switch {
	case !c.v2 && resource != "":
		return parseResource(resource)
	case !c.v2 && strings.Contains(scope, "/"):
		return parseScope(scope)
	case !c.v2 && kept == "":
		return parseResource(defaultResource)
	case scope == "" && kept == "":
		return asked{}, errParameter.about("scope")
	case scope == "" || !c.v2:
		return parseScope(kept)
	}
	return parseScope(scope)
}

// appToken answers client_credentials: the application alone.
func (c *call) appToken() error {
	if anyTenant(c.authority()) {
		return errNoTenant.about(printable(c.authority()))
	}
	tenant, err := c.tenant()
	if err != nil {
		return err
	}
	cl, err := c.client(tenant)
	if err != nil {
		return err
	}
	if cl.Public {
		return errPublicAlone
	}
	grant, err := c.server.gate.Grant(c.r.Context(), tenant.ID, cl.ID)
	if isFault(err) {
		return errNoApp.about(cl.ID, printable(c.authority()))
	} else if err != nil {
		return err
	}
	ask, err := c.asked("")
	if err != nil {
		return err
	}
	b := bearer{tenant: tenant.ID, app: cl.ID, appACR: cl.acr, grant: grant, audience: ask.resource, v2: c.v2}
	t, err := c.server.signRecent(c.r.Context(), c.base(), b)
	if err != nil {
		return err
	}
	return c.answerToken(tokens{access: t, resource: ask.resource})
}

// base is the address through which the request came.
func (c *call) base() string { return c.server.origin.Base(c.r) }

// tokens is what a token endpoint answers.
type tokens struct {
	access   issued
	resource string
	scope    string
	refresh  string
	idToken  string
	client   string // client_info
}

// tokenV1 is the answer of version 1, where all numbers are strings (quirk Q40).
type tokenV1 struct {
	Type         string `json:"token_type"`
	Scope        string `json:"scope,omitempty"`
	ExpiresIn    string `json:"expires_in"`
	ExtExpiresIn string `json:"ext_expires_in"`
	ExpiresOn    string `json:"expires_on"`
	NotBefore    string `json:"not_before"`
	Resource     string `json:"resource"`
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token,omitempty"`
	IDToken      string `json:"id_token,omitempty"`
	ClientInfo   string `json:"client_info,omitempty"`
}

// tokenV2 is the answer of version 2.
type tokenV2 struct {
	Type         string `json:"token_type"`
	Scope        string `json:"scope,omitempty"`
	ExpiresIn    int64  `json:"expires_in"`
	ExtExpiresIn int64  `json:"ext_expires_in"`
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token,omitempty"`
	IDToken      string `json:"id_token,omitempty"`
	ClientInfo   string `json:"client_info,omitempty"`
}

func (c *call) answerToken(t tokens) error {
	left := int64(t.access.expires.Sub(c.server.kernel.Wall.Now()) / time.Second)
	if c.v2 {
		c.answer(http.StatusOK, tokenV2{
			Type: "Bearer", Scope: t.scope, ExpiresIn: left, ExtExpiresIn: left,
			AccessToken: t.access.token, RefreshToken: t.refresh, IDToken: t.idToken, ClientInfo: t.client,
		})
		return nil
	}
	c.answer(http.StatusOK, tokenV1{
		Type: "Bearer", Scope: t.scope, ExpiresIn: strconv.FormatInt(left, 10), ExtExpiresIn: strconv.FormatInt(left, 10),
		ExpiresOn: strconv.FormatInt(t.access.expires.Unix(), 10), NotBefore: strconv.FormatInt(t.access.notBefore.Unix(), 10),
		Resource: t.resource, AccessToken: t.access.token, RefreshToken: t.refresh, IDToken: t.idToken, ClientInfo: t.client,
	})
	return nil
}

// mfaMissing refuses p when he must prove a second factor and methods do not
// show one.
func (c *call) mfaMissing(p identity.Person, methods []string, resource string) error {
	if !p.NeedsFactor(c.server.kernel) || slices.Contains(methods, identity.ByMFA) {
		return nil
	}
	if p.Factors == 0 {
		return errFactorNone.about(printable(resource))
	}
	return errFactor.about(printable(resource))
}
