package oauth_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/pquerna/otp/totp"

	"comptoir/internal/grant"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

// enrol gives an actor an authenticator app and returns its secret.
func (w *world) enrol(a op.Actor) string {
	w.Helper()
	pending := must(identity.BeginTOTP.Do(w.Context(), w.k, a, identity.NewTOTP{Name: "telephone"}))(w)
	code := must(totp.GenerateCode(pending.Secret, w.k.Wall.Now()))(w)
	must(identity.ConfirmTOTP.Do(w.Context(), w.k, a, identity.TOTPCode{ID: pending.ID, Code: code}))(w)
	return pending.Secret
}

var addCustomer = op.Define(op.Spec{Name: "test.customer.add", Action: "customer.add", Write: true},
	identity.CreateCustomerTenant)

// customerToken returns a token of a customer's administrator for the partner API.
func (w *world) customerToken() string {
	w.Helper()
	made := must(addCustomer.Do(w.Context(), w.k, op.System("", 0, op.ViaCLI), identity.NewCustomerTenant{Name: "Fjällbageri AB", Country: "SE", Domain: "fjallbageri.example"}))(w)
	p := must(w.gate.Person(w.Context(), made.ID, made.Admin))(w)
	if err := w.gate.ReplacePassword(w.Context(), p.Actor("", false), "Kaffe-11-te"); err != nil {
		w.Fatal(err)
	}
	a := w.post("/fjallbageri.example/oauth2/v2.0/token", form("grant_type", "password", "client_id", "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
		"username", made.AdminUserName, "password", "Kaffe-11-te", "scope", partnerAPI+"/.default"))
	if a.status != 200 {
		w.Fatal(a.raw)
	}
	return a.text("access_token")
}

// forge signs claims with a key under a key id.
func forge(t testing.TB, alg jose.SignatureAlgorithm, key any, kid string, c map[string]any) string {
	t.Helper()
	signer := must(jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, new(jose.SignerOptions).WithType("JWT").WithHeader("kid", kid)))(t)
	return must(jwt.Signed(signer).Claims(c).Serialize())(t)
}

func TestOnlyTokensOfOursAreGood(t *testing.T) {
	quickly(t, func(w *world) {
		user := w.post(w.v2(), w.saraForm())
		good, c := user.text("access_token"), claims(w, user.text("access_token"))
		keys := must(grant.Keys(w.Context(), w.k))(w)
		ours := keys[len(keys)-1]
		changed := func(pairs ...any) map[string]any {
			m := maps.Clone(c)
			for i := 0; i+1 < len(pairs); i += 2 {
				m[pairs[i].(string)] = pairs[i+1]
			}
			return m
		}
		parts := strings.Split(good, ".")
		stranger := must(rsa.GenerateKey(rand.Reader, 2048))(w)
		part := func(v any) string {
			return base64.RawURLEncoding.EncodeToString(must(json.Marshal(v))(w))
		}
		now := w.k.Wall.Now().Unix()
		for name, token := range map[string]string{
			"no token at all":            "",
			"nonsense":                   "a.b.c",
			"alg none":                   part(map[string]any{"alg": "none", "typ": "JWT", "kid": ours.ID}) + "." + parts[1] + ".",
			"alg none with a signature":  part(map[string]any{"alg": "none", "kid": ours.ID}) + "." + parts[1] + "." + parts[2],
			"changed contents":           parts[0] + "." + part(changed("oid", string(w.ga.User))) + "." + parts[2],
			"a stranger's key":           forge(w, jose.RS256, stranger, "stranger", c),
			"a stranger's key as ours":   forge(w, jose.RS256, stranger, ours.ID, c),
			"our public key as a secret": forge(w, jose.HS256, ours.Private.N.Bytes(), ours.ID, c),
			"another algorithm":          forge(w, jose.RS512, ours.Private, ours.ID, c),
			"no key named":               forge(w, jose.RS256, ours.Private, "", c),
			"expired":                    forge(w, jose.RS256, ours.Private, ours.ID, changed("exp", now)),
			"from the future":            forge(w, jose.RS256, ours.Private, ours.ID, changed("iat", now+3600)),
			"for another API":            forge(w, jose.RS256, ours.Private, ours.ID, changed("aud", "https://other.example")),
			"issuer of another tenant":   forge(w, jose.RS256, ours.Private, ours.ID, changed("iss", w.web.URL+"/0b2f6f5e-5a1c-4c8f-9f57-0a8f2f6b9a11/v2.0")),
			"a tenant that is no id":     forge(w, jose.RS256, ours.Private, ours.ID, changed("tid", "x", "iss", w.web.URL+"/x/v2.0")),
			"a user of another tenant":   forge(w, jose.RS256, ours.Private, ours.ID, changed("tid", "0b2f6f5e-5a1c-4c8f-9f57-0a8f2f6b9a11", "iss", "x/0b2f6f5e-5a1c-4c8f-9f57-0a8f2f6b9a11/v2.0")),
			"an unknown application":     forge(w, jose.RS256, ours.Private, ours.ID, changed("appid", "0b2f6f5e-5a1c-4c8f-9f57-0a8f2f6b9a11")),
			"an id_token":                user.text("id_token"),
			"a refresh token":            user.text("refresh_token"),
			"more than anybody sends":    strings.Repeat("x", 9000),
			"two signatures":             `{"payload":"` + parts[1] + `","signatures":[]}`,
		} {
			if me := w.me("/v1", token); me.status != 401 {
				w.Errorf("%s: %d %s", name, me.status, me.raw)
			}
		}
		if me := w.me("/v1", forge(w, jose.RS256, ours.Private, ours.ID, c)); me.status != 200 {
			w.Errorf("the same made with our key: %d", me.status)
		}
		for _, header := range []string{"Basic " + good, good, "Bearer", "bearer  "} {
			if a := w.get("/v1/me", "Authorization", header); a.status != 401 {
				w.Errorf("header %.12q: %d", header, a.status)
			}
		}
		if a := w.get("/v1/me", "Authorization", "bearer "+good); a.status != 200 {
			w.Errorf("the scheme in other letters: %d", a.status)
		}
		w.k.Wall.Advance(time.Hour)
		if me := w.me("/v1", good); me.status != 401 {
			w.Errorf("a token that was good and has expired: %d", me.status)
		}
	})
}

func TestRolesAreThoseOfTheMoment(t *testing.T) {
	each(t, func(w *world) {
		user, app := w.post(w.v2(), w.saraForm()).text("access_token"), w.post(w.v2(), w.robotForm()).text("access_token")
		roles := func(token string) policy.Role {
			me := w.me("/v1", token)
			n, _ := me.body["Roles"].(float64)
			return policy.Role(n)
		}
		if roles(user) != policy.AdminAgent || roles(app) != policy.AdminAgent {
			w.Fatalf("user %v, app %v", roles(user), roles(app))
		}
		must(identity.SetRoles.Do(w.Context(), w.k, w.ga, identity.RoleChange{UserKey: identity.UserKey{User: w.sara.User.ID}, Roles: policy.SalesAgent}))(w)
		none := policy.Role(0)
		must(identity.UpdateApplication.Do(w.Context(), w.k, w.ga, identity.AppChange{App: w.robot.App.ID, Roles: &none}))(w)
		if roles(user) != policy.SalesAgent || roles(app) != 0 {
			w.Errorf("at the next request: user %v, app %v", roles(user).Names(), roles(app).Names())
		}
		must(identity.RemoveApplication.Do(w.Context(), w.k, w.ga, w.robot.App.ID))(w)
		for name, token := range map[string]string{"its own token": app, "a user's token with it": user} {
			if me := w.me("/v1", token); me.status != 401 {
				w.Errorf("after the application was removed %s is good", name)
			}
		}
	})
}

func TestSigningKeysChangeAndOldTokensStayGood(t *testing.T) {
	each(t, func(w *world) {
		kids := func() map[string]bool {
			all := map[string]bool{}
			list, _ := w.get("/common/discovery/keys").body["keys"].([]any)
			for _, k := range list {
				all[k.(map[string]any)["kid"].(string)] = true
			}
			return all
		}
		kid := func(token string) string {
			var h map[string]string
			head, _, _ := strings.Cut(token, ".")
			if err := json.Unmarshal(must(base64.RawURLEncoding.DecodeString(head))(w), &h); err != nil {
				w.Fatal(err)
			}
			return h["kid"]
		}
		token := func() string { return w.post(w.v2(), w.robotForm()).text("access_token") }
		maintain := func() {
			if err := w.server.Maintain(w.Context()); err != nil {
				w.Fatal(err)
			}
		}
		first := kid(token())
		w.k.Wall.Advance(29*24*time.Hour + time.Hour)
		maintain()
		if got := kids(); len(got) != 2 || !got[first] || kid(token()) != first {
			w.Fatalf("a day before: published %v, signing %s", got, kid(token()))
		}
		old := ""
		for range 60 {
			w.k.Wall.Advance(30 * time.Minute)
			maintain()
			t := token()
			if kid(t) != first {
				break
			}
			old = t
		}
		second := kid(token())
		if second == first || old == "" {
			w.Fatalf("after 30 days %s still signs", second)
		}
		if me := w.me("/v1", old); me.status != 200 {
			w.Error("a token of the old key is not good any more")
		}
		w.k.Wall.Advance(3 * 24 * time.Hour)
		maintain()
		if got := kids(); len(got) != 1 || !got[second] {
			w.Errorf("days later: published %v", got)
		}
	})
}

func TestASecondNodeKnowsTheKeysOfTheFirst(t *testing.T) {
	each(t, func(w *world) {
		other := newServerOn(w)
		w.k.Wall.Advance(31 * 24 * time.Hour)
		if err := w.server.Maintain(w.Context()); err != nil {
			w.Fatal(err)
		}
		token := w.post(w.v2(), w.robotForm()).text("access_token")
		if status := other(token); status != 200 {
			w.Errorf("the other node answers %d", status)
		}
	})
}
