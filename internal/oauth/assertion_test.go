package oauth_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"comptoir/internal/identity"
)

// certified is a key with its self-signed certificate.
type certified struct {
	key  any
	der  []byte
	pem  []byte
	x5t  string
	s256 string
}

func newCertificate(t testing.TB, key any, public any) certified {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "robot"}, NotBefore: today.AddDate(-1, 0, 0), NotAfter: today.AddDate(10, 0, 0)}
	der := must(x509.CreateCertificate(rand.Reader, template, template, public, key))(t)
	one, two := sha1.Sum(der), sha256.Sum256(der)
	return certified{
		key: key, der: der, pem: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		x5t: base64.RawURLEncoding.EncodeToString(one[:]), s256: base64.RawURLEncoding.EncodeToString(two[:]),
	}
}

// certify registers a certificate for an application.
func (w *world) certify(app identity.CreatedApp, c certified) {
	w.Helper()
	must(identity.AddCertificate.Do(w.Context(), w.k, w.ga, identity.NewCertificate{App: app.App.ID, Data: c.pem}))(w)
}

// assert signs an assertion.
func assert(t testing.TB, alg jose.SignatureAlgorithm, key any, header, value string, c jwt.Claims) string {
	t.Helper()
	options := new(jose.SignerOptions).WithType("JWT")
	if header != "" {
		options.WithHeader(jose.HeaderKey(header), value)
	}
	signer := must(jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, options))(t)
	return must(jwt.Signed(signer).Claims(c).Serialize())(t)
}

// Api-customers 2.3: an assertion instead of the secret.
func TestAnAssertionStandsForTheSecret(t *testing.T) {
	each(t, func(w *world) {
		rsaKey := must(rsa.GenerateKey(rand.Reader, 2048))(w)
		ecKey := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))(w)
		mine, curve := newCertificate(w, rsaKey, &rsaKey.PublicKey), newCertificate(w, ecKey, &ecKey.PublicKey)
		foreign := must(rsa.GenerateKey(rand.Reader, 2048))(w)
		w.certify(w.robot, mine)
		w.certify(w.robot, curve)
		now := w.k.Wall.Now()
		id := string(w.robot.App.ID)
		tenant, domain := w.web.URL+"/"+string(w.partner.Tenant), w.web.URL+"/"+w.partner.Domain
		good := jwt.Claims{
			Issuer: id, Subject: id, Audience: jwt.Audience{tenant + "/oauth2/v2.0/token"}, ID: "1",
			NotBefore: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(10 * time.Minute)),
		}
		but := func(change func(c *jwt.Claims)) jwt.Claims {
			c := good
			change(&c)
			return c
		}
		audience := func(a string) jwt.Claims { return but(func(c *jwt.Claims) { c.Audience = jwt.Audience{a} }) }
		parts := strings.Split(assert(w, jose.RS256, rsaKey, "x5t", mine.x5t, good), ".")
		none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","x5t":"`+mine.x5t+`"}`)) + "." + parts[1] + "."
		tests := []struct {
			name      string
			assertion string
			status    int
		}{
			{"x5t", assert(w, jose.RS256, rsaKey, "x5t", mine.x5t, good), 200},
			{"x5t with padding", assert(w, jose.RS256, rsaKey, "x5t", mine.x5t+"=", good), 200},
			{"x5t#S256", assert(w, jose.RS256, rsaKey, "x5t#S256", mine.s256, good), 200},
			{"PS256", assert(w, jose.PS256, rsaKey, "x5t#S256", mine.s256, good), 200},
			{"ES256", assert(w, jose.ES256, ecKey, "x5t#S256", curve.s256, good), 200},
			{"version 1 endpoint", assert(w, jose.RS256, rsaKey, "x5t", mine.x5t, audience(tenant+"/oauth2/token")), 200},
			{"issuer", assert(w, jose.RS256, rsaKey, "x5t", mine.x5t, audience(tenant+"/v2.0")), 200},
			{"older issuer", assert(w, jose.RS256, rsaKey, "x5t", mine.x5t, audience(tenant+"/")), 200},
			{"by the domain", assert(w, jose.RS256, rsaKey, "x5t", mine.x5t, audience(domain+"/oauth2/v2.0/token")), 200},
			{"used again until it ends, as clients do", assert(w, jose.RS256, rsaKey, "x5t", mine.x5t, good), 200},
			{"another key", assert(w, jose.RS256, foreign, "x5t", mine.x5t, good), 401},
			{"an unknown certificate", assert(w, jose.RS256, rsaKey, "x5t", "AAAA", good), 401},
			{"no certificate named", assert(w, jose.RS256, rsaKey, "", "", good), 401},
			{"alg none", none, 401},
			{"a secret as key", assert(w, jose.HS256, []byte(mine.x5t+mine.x5t), "x5t", mine.x5t, good), 401},
			{"another audience", assert(w, jose.RS256, rsaKey, "x5t", mine.x5t, audience("https://evil.example/"+string(w.partner.Tenant)+"/oauth2/v2.0/token")), 401},
			{"another endpoint", assert(w, jose.RS256, rsaKey, "x5t", mine.x5t, audience(tenant+"/oauth2/v2.0/authorize")), 401},
			{"another organisation", assert(w, jose.RS256, rsaKey, "x5t", mine.x5t, audience(w.web.URL+"/other.example/oauth2/v2.0/token")), 401},
			{"about another application", assert(w, jose.RS256, rsaKey, "x5t", mine.x5t, but(func(c *jwt.Claims) { c.Subject = string(w.desktop.App.ID) })), 401},
			{"by another application", assert(w, jose.RS256, rsaKey, "x5t", mine.x5t, but(func(c *jwt.Claims) { c.Issuer = string(w.desktop.App.ID) })), 401},
			{"expired", assert(w, jose.RS256, rsaKey, "x5t", mine.x5t, but(func(c *jwt.Claims) { c.Expiry = jwt.NewNumericDate(now.Add(-6 * time.Minute)) })), 401},
			{"without an end", assert(w, jose.RS256, rsaKey, "x5t", mine.x5t, but(func(c *jwt.Claims) { c.Expiry = nil })), 401},
			{"for years", assert(w, jose.RS256, rsaKey, "x5t", mine.x5t, but(func(c *jwt.Claims) { c.Expiry = jwt.NewNumericDate(now.AddDate(5, 0, 0)) })), 401},
			{"not valid yet", assert(w, jose.RS256, rsaKey, "x5t", mine.x5t, but(func(c *jwt.Claims) { c.NotBefore = jwt.NewNumericDate(now.Add(time.Hour)) })), 401},
			{"nonsense", "nonsense", 401},
		}
		in := with(w.robotForm(), "client_secret", "", "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
		for _, tt := range tests {
			a := w.post(w.v2(), with(in, "client_assertion", tt.assertion))
			if a.status != tt.status || (tt.status == 401 && a.code() != 700027) {
				w.Errorf("%s: %d %s", tt.name, a.status, a.raw)
			}
			if tt.status == 200 && claims(w, a.text("access_token"))["appidacr"] != "2" {
				w.Errorf("%s: %v", tt.name, claims(w, a.text("access_token")))
			}
		}
		if a := w.post(w.v2(), with(in, "client_assertion", tests[0].assertion, "client_assertion_type", "saml")); a.code() != 900144 {
			w.Errorf("another type of assertion: %s", a.raw)
		}
		expired := jwt.NewNumericDate(now.AddDate(11, 0, 0))
		w.k.Wall.Set(now.AddDate(11, 0, 0).Add(-time.Minute))
		late := assert(w, jose.RS256, rsaKey, "x5t", mine.x5t, but(func(c *jwt.Claims) { c.Expiry, c.NotBefore = expired, nil }))
		if a := w.post(w.v2(), with(in, "client_assertion", late)); a.code() != 700027 {
			w.Errorf("with an expired certificate: %s", a.raw)
		}
	})
}
