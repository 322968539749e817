package app_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"comptoir/internal/demo"
	"comptoir/internal/identity"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

// aloneForm asks for a token of an application alone.
func aloneForm[S ~string](app S, secret, resource string) url.Values {
	return url.Values{"grant_type": {"client_credentials"}, "client_id": {string(app)}, "client_secret": {secret}, "resource": {resource}}
}

// refuses fails unless the API takes a token for nobody's.
func (h *house) refuses(t *testing.T, what, token string) {
	t.Helper()
	nobody := &actor{name: "who has a token " + what, address: "198.18.2.2:5000", token: token}
	got := h.ask(t, nobody, call{method: http.MethodGet, path: "/v1/customers?size=1"})
	if got.status != http.StatusUnauthorized || got.code() != refusal.Unauthenticated.Code {
		t.Errorf("a token %s: %d %s", what, got.status, got.body)
	}
	if challenge := got.header.Get("WWW-Authenticate"); !strings.HasPrefix(challenge, "Bearer") {
		t.Errorf("a token %s: challenged with %q", what, challenge)
	}
}

// parts takes a token apart: its header and its claims.
func parts(t *testing.T, token string) (header, claims map[string]any) {
	t.Helper()
	for i, to := range []*map[string]any{&header, &claims} {
		text, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[i])
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, to); err != nil {
			t.Fatal(err)
		}
	}
	return header, claims
}

func segment(v any) string { return base64.RawURLEncoding.EncodeToString([]byte(encode(v))) }

// No token is believed but one of ours, for this API, as it was signed, in its
// time (api-customers.md, section 2).
func TestOnlyTokensOfOursAreBelieved(t *testing.T) {
	h := theHouse(t)
	a, other := h.actor("direct admin-agent"), h.actor("foreign admin-agent")
	header, claims := parts(t, a.token)
	sections := strings.Split(a.token, ".")
	stolen := map[string]any{}
	for name, value := range claims {
		stolen[name] = value
	}
	stolen["tid"], stolen["oid"] = string(other.org.tenant), string(other.user)
	stolen["iss"] = strings.Replace(fmt.Sprint(claims["iss"]), string(a.org.tenant), string(other.org.tenant), 1)

	for what, token := range map[string]string{
		"that is none":                         "nonsense",
		"without a signature":                  sections[0] + "." + sections[1] + ".",
		"with a bent signature":                sections[0] + "." + sections[1] + "." + bent(sections[2]),
		"with the claims of somebody else":     sections[0] + "." + segment(stolen) + "." + sections[2],
		"of another header":                    segment(map[string]any{"alg": "RS256", "typ": "JWT", "kid": "x"}) + "." + sections[1] + "." + sections[2],
		"that says that it needs none":         segment(map[string]any{"alg": "none", "typ": "JWT", "kid": header["kid"]}) + "." + segment(stolen) + ".",
		"that says None":                       segment(map[string]any{"alg": "None", "kid": header["kid"]}) + "." + segment(stolen) + ".",
		"signed with a key of its own":         signed(t, jose.RS256, ownKey(t), header["kid"], nil, stolen),
		"that brings its key along":            signed(t, jose.RS256, ownKey(t), header["kid"], &jose.SignerOptions{EmbedJWK: true}, stolen),
		"signed with the public key as secret": signed(t, jose.HS256, h.publicKey(t), header["kid"], nil, stolen),
		"much too long":                        a.token + strings.Repeat("A", 100_000),
		"with blanks":                          " " + sections[0] + " . " + sections[1],
	} {
		h.refuses(t, what, token)
	}
	got := h.ask(t, h.actors[0], call{
		method: http.MethodGet, path: "/v1/customers?size=1", header: map[string]string{"Authorization": "Basic " + a.token},
	})
	if got.status != http.StatusUnauthorized {
		t.Errorf("a token that is sent as a password: %d", got.status)
	}
	if got := h.ask(t, h.actors[0], call{method: http.MethodGet, path: "/v1/customers?access_token=" + a.token}); got.status != http.StatusUnauthorized {
		t.Errorf("a token in the address: %d", got.status)
	}
}

// bent changes a signature in the middle.
func bent(signature string) string {
	b := []byte(signature)
	b[len(b)/2] ^= 1
	return string(b)
}

func ownKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// publicKey returns what anybody reads of the key that signs.
func (h *house) publicKey(t *testing.T) []byte {
	t.Helper()
	got, err := h.send("198.18.3.3:5000", call{method: http.MethodGet, path: "/common/discovery/keys"})
	if err != nil || got.status != http.StatusOK {
		t.Fatalf("the published keys: %v %v", got, err)
	}
	return []byte(got.body)
}

func signed(t *testing.T, algorithm jose.SignatureAlgorithm, key any, kid any, o *jose.SignerOptions, claims map[string]any) string {
	t.Helper()
	if o == nil {
		o = new(jose.SignerOptions)
	}
	if !o.EmbedJWK {
		o = o.WithHeader("kid", kid)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, o.WithType("JWT"))
	if err != nil {
		t.Fatal(err)
	}
	token, err := jwt.Signed(signer).Claims(claims).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestTokensHoldForTheirTimeAndTheirAPI(t *testing.T) {
	h := theHouse(t)
	a := h.newcomer(t, h.org("direct"), policy.AdminAgent)
	tokens := h.userTokens(t, a, "openid offline_access "+resource+"/user_impersonation")
	h.refuses(t, "that tells an application who somebody is", tokens["id_token"])
	h.refuses(t, "that is for the token endpoint", tokens["refresh_token"])
	for _, api := range []string{"https://graph.microsoft.com", "https://management.azure.com", "https://vault.azure.net"} {
		if token, err := h.tokenOf(a.address, string(a.org.tenant), aloneForm(a.org.app.ID, a.org.app.Secret, api)); err == nil {
			h.refuses(t, "for "+api, token)
		}
	}
	for _, api := range []string{"https://graph.windows.net", "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd", base} {
		robot := *h.actor("direct application")
		var err error
		if robot.token, err = h.tokenOf(a.address, string(a.org.tenant), aloneForm(a.org.app.ID, a.org.app.Secret, api)); err != nil {
			t.Fatal(err)
		}
		if got := h.ask(t, &robot, call{method: http.MethodGet, path: "/v1/customers?size=1"}); got.status != http.StatusOK {
			t.Errorf("a token for %s: %d %s", api, got.status, got.body)
		}
	}
	ahead := h.Kernel.Wall.Offset()
	h.Kernel.Wall.SetOffset(ahead + 61*time.Minute)
	h.refuses(t, "of more than an hour ago", a.token)
	h.Kernel.Wall.SetOffset(ahead - 10*time.Minute)
	h.refuses(t, "of a time to come", a.token)
	h.Kernel.Wall.SetOffset(ahead)
	h.admits(t, a, "in its time")
}

// userTokens returns what the token endpoint of version 2 answers a person.
func (h *house) userTokens(t *testing.T, a *actor, scope string) map[string]string {
	t.Helper()
	form := url.Values{
		"grant_type": {"password"}, "client_id": {publicClient}, "username": {a.userName}, "password": {demo.Password}, "scope": {scope},
	}
	got, err := h.send(a.address, call{
		method: http.MethodPost, path: "/" + a.org.domain + "/oauth2/v2.0/token", body: form.Encode(), header: map[string]string{"Content-Type": formType},
	})
	if err != nil || got.status != http.StatusOK {
		t.Fatalf("tokens of %s: %v %v", a, got, err)
	}
	var all map[string]any
	if err := json.Unmarshal([]byte(got.body), &all); err != nil {
		t.Fatal(err)
	}
	tokens := map[string]string{}
	for name, value := range all {
		tokens[name] = fmt.Sprint(value)
	}
	if tokens["id_token"] == "" || tokens["refresh_token"] == "" {
		t.Fatalf("tokens of %s: %s", a, got.body)
	}
	return tokens
}

// Nobody gets a token of an organisation that he does not belong to, nor an
// application of one that has not let it in.
func TestNobodyGetsTokensOfAnotherOrganisation(t *testing.T) {
	h := theHouse(t)
	a, foreign := h.actor("direct admin-agent"), h.org("foreign")
	person := url.Values{
		"grant_type": {"password"}, "client_id": {publicClient}, "username": {a.userName}, "password": {demo.Password}, "resource": {resource},
	}
	for what, ask := range map[string]struct {
		tenant string
		form   url.Values
	}{
		"a person, elsewhere":                  {foreign.domain, person},
		"a person, at a customer":              {string(a.org.customers[0]), person},
		"an application, elsewhere":            {foreign.domain, aloneForm(a.org.app.ID, a.org.app.Secret, resource)},
		"an application, at a customer":        {string(a.org.customers[0]), aloneForm(a.org.app.ID, a.org.app.Secret, resource)},
		"an application with a strange secret": {a.org.domain, aloneForm(a.org.app.ID, foreign.app.Secret, resource)},
		"an application under a strange name":  {foreign.domain, aloneForm(foreign.app.ID, a.org.app.Secret, resource)},
		"a published client that is nobody":    {a.org.domain, aloneForm(publicClient, "", resource)},
	} {
		if token, err := h.tokenOf("198.18.4.4:5000", ask.tenant, ask.form); err == nil {
			t.Errorf("%s got a token: %s", what, token)
		}
	}
}

// A partner that is suspended goes on with what it has, and sells nothing new
// (rule A7, RF-43).
func TestASuspendedPartnerGoesOnWithWhatItHas(t *testing.T) {
	h := theHouse(t)
	a := h.actor("suspended admin-agent")
	h.admits(t, a, "while suspended")
	got := h.ask(t, a, call{method: http.MethodPost, path: "/v1/customers", body: newCustomerBody(h, a, target{})})
	if got.status != http.StatusForbidden || got.code() != refusal.RF43.Code {
		t.Errorf("a new customer: %d %s, want RF-43", got.status, got.body)
	}
}

// What /generatetoken gives is worth what its bearer is worth, and no more
// (section 2.4, Q45).
func TestAPartnerTokenIsWorthItsBearer(t *testing.T) {
	h := theHouse(t)
	a := h.newcomer(t, h.org("direct"), policy.AdminAgent)
	partner := *a
	partner.token = h.exchange(t, a.token, http.StatusOK)
	h.admits(t, &partner, "a partner token")
	h.exchange(t, partner.token, http.StatusUnauthorized)
	robot := *h.actor("direct application")
	robot.token = h.exchange(t, robot.token, http.StatusOK)
	if got := h.ask(t, &robot, call{method: http.MethodGet, path: "/v1/customers?size=1"}); got.status != http.StatusOK {
		t.Errorf("a partner token of an application: %d %s", got.status, got.body)
	}
	if got := h.ask(t, &robot, call{method: http.MethodGet, path: "/v1/agreements"}); got.status != http.StatusForbidden || got.code() != refusal.AppOnly.Code {
		t.Errorf("a partner token of an application where a user is needed: %d %s", got.status, got.body)
	}
	for _, name := range []string{"customer foreign customer-admin", "operator operator-admin"} {
		h.exchange(t, h.actor(name).token, http.StatusUnauthorized)
	}
	sections := strings.Split(a.token, ".")
	h.exchange(t, sections[0]+"."+sections[1]+"."+bent(sections[2]), http.StatusUnauthorized)
	if _, err := do(h, identity.RemoveUser, a.org.system(), identity.UserKey{Tenant: a.org.tenant, User: a.user}); err != nil {
		t.Fatal(err)
	}
	h.refuses(t, "that was exchanged by somebody who is gone", partner.token)
	h.exchange(t, a.token, http.StatusUnauthorized)
}

// exchange turns a token into a partner token.
func (h *house) exchange(t *testing.T, token string, want int) string {
	t.Helper()
	got, err := h.send("198.18.5.5:5000", call{
		method: http.MethodPost, path: "/generatetoken", body: "grant_type=jwt_token",
		header: map[string]string{"Content-Type": formType, "Authorization": "Bearer " + token},
	})
	if err != nil || got.status != want {
		t.Errorf("exchange: %v %v, want %d", got, err, want)
		return ""
	}
	var answer struct {
		Token string `json:"access_token"`
	}
	if err := json.Unmarshal([]byte(got.body), &answer); err != nil {
		t.Fatalf("%v in %s", err, got.body)
	}
	return answer.Token
}
