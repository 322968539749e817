package signin_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"comptoir/internal/db/dbtest"
	"comptoir/internal/oauth/signin"
)

// outside is an OpenID provider of somebody else.
type outside struct {
	*httptest.Server
	key    *rsa.PrivateKey
	claims map[string]any
	nonce  string
}

func newOutside(t testing.TB) *outside {
	t.Helper()
	o := &outside{key: must(rsa.GenerateKey(rand.Reader, 2048))(t)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(map[string]any{ // the test fails without it
			"issuer": o.URL, "authorization_endpoint": o.URL + "/authorize", "token_endpoint": o.URL + "/token", "jwks_uri": o.URL + "/keys",
			"id_token_signing_alg_values_supported": []string{"RS256"},
		})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &o.key.PublicKey, KeyID: "1", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("GET /authorize", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		o.nonce = q.Get("nonce")
		http.Redirect(w, r, q.Get("redirect_uri")+"?"+url.Values{"code": {"the code"}, "state": {q.Get("state")}}.Encode(), http.StatusFound)
	})
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		if r.PostFormValue("code") != "the code" || r.PostFormValue("code_verifier") == "" {
			http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
			return
		}
		signer := must(jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: o.key, KeyID: "1"}}, nil))(t)
		c := map[string]any{"iss": o.URL, "aud": "comptoir", "sub": "7", "exp": today.Add(time.Hour).Unix(), "iat": today.Unix(), "nonce": o.nonce}
		for name, value := range o.claims {
			c[name] = value
		}
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": must(jwt.Signed(signer).Claims(c).Serialize())(t)})
	})
	o.Server = httptest.NewServer(mux)
	t.Cleanup(o.Close)
	return o
}

func TestSigningInWithAnOutsideProvider(t *testing.T) {
	o := newOutside(t)
	w := newWorld(t, dbtest.SQLite(t), false, &signin.Provider{Issuer: o.URL, ClientID: "comptoir", ClientSecret: "s", Label: "Example Login", Domains: []string{"nordmolnet.example"}})
	tests := []struct {
		name   string
		claims map[string]any
		in     bool
		mfa    bool
	}{
		{"a verified address", map[string]any{"email": "Sara@nordmolnet.example", "email_verified": true}, true, false},
		{"with a second factor there", map[string]any{"email": w.sara.User.Name, "email_verified": true, "amr": []string{"pwd", "mfa"}}, true, true},
		{"an address that is not verified", map[string]any{"email": w.sara.User.Name}, false, false},
		{"a name instead of an address", map[string]any{"preferred_username": w.sara.User.Name}, false, false},
		{"a domain it may not vouch for", map[string]any{"email": "olle@other.example", "email_verified": true}, false, false},
		{"nobody we know", map[string]any{"email": "nobody@nordmolnet.example", "email_verified": true}, false, false},
		{"for another client", map[string]any{"email": w.sara.User.Name, "email_verified": true, "aud": "other"}, false, false},
		{"of another issuer", map[string]any{"email": w.sara.User.Name, "email_verified": true, "iss": "https://evil.example"}, false, false},
		{"expired", map[string]any{"email": w.sara.User.Name, "email_verified": true, "exp": today.Add(-time.Hour).Unix()}, false, false},
		{"of another sign-in", map[string]any{"email": w.sara.User.Name, "email_verified": true, "nonce": "x"}, false, false},
	}
	for _, tt := range tests {
		o.claims = tt.claims
		b := w.browser().open(signin.Address("/customers"))
		b.press("/signin/provider?back=%2Fcustomers")
		if got := b.signedInAs(w.sara.User.Name); got != tt.in || (got && (b.at.Path != "/customers" || strings.Contains(b.raw, "mfa true") != tt.mfa)) {
			t.Errorf("%s: signed in %v at %s: %s", tt.name, got, b.at, b.says("body"))
		}
		if b.open("/page").signedInAs(w.sara.User.Name) != tt.in {
			t.Errorf("%s: signed in afterwards", tt.name)
		}
	}
	o.claims = tests[0].claims
	for _, path := range []string{"/signin/provider/return?code=the+code&state=x", "/signin/provider/return"} {
		if b := w.browser().open(path); b.status != 400 || b.open("/page").signedInAs(w.sara.User.Name) {
			t.Errorf("%s without having gone there: %d", path, b.status)
		}
	}
	o.Close()
	away := newWorld(t, dbtest.SQLite(t), false, &signin.Provider{Issuer: o.URL, ClientID: "comptoir", Label: "Example Login"})
	if b := away.browser().open("/signin").press("/signin/provider"); b.status != http.StatusServiceUnavailable {
		t.Errorf("a provider that is away: %d", b.status)
	}
}
