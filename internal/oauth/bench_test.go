package oauth_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"comptoir/internal/clock"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/grant"
	"comptoir/internal/oauth"
)

// BenchmarkBareRS256 is what signing alone costs: the most that a token endpoint
// can reach.
func BenchmarkBareRS256(b *testing.B) {
	w := newWorld(b, dbtest.SQLite(b), new(clock.Clock))
	key := must(grant.Keys(b.Context(), w.k))(b)[0].Private
	digest := sha256.Sum256([]byte("a token"))
	for b.Loop() {
		if _, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:]); err != nil {
			b.Fatal(err)
		}
	}
}

// ask sends a form to the token endpoint, past the network.
func (w *world) askToken(b *testing.B, f url.Values) {
	r := httptest.NewRequest(http.MethodPost, w.v2(), strings.NewReader(f.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	out := httptest.NewRecorder()
	w.server.ServeHTTP(out, r)
	if out.Code != http.StatusOK {
		b.Fatal(out.Code, out.Body)
	}
}

// BenchmarkFreshToken asks for another token each time: the form is read, the
// secret checked and the token signed. Wanted: at least 0.8 of BenchmarkBareRS256.
func BenchmarkFreshToken(b *testing.B) {
	w := newWorld(b, dbtest.SQLite(b), new(clock.Clock))
	f := w.robotForm()
	i := 0
	for b.Loop() {
		i++
		w.askToken(b, with(f, "scope", "https://api"+strconv.Itoa(i)+".example/.default"))
	}
}

// BenchmarkRepeatedToken asks for the same token again and again, as scripts do.
// Wanted: at least five times BenchmarkFreshToken.
func BenchmarkRepeatedToken(b *testing.B) {
	w := newWorld(b, dbtest.SQLite(b), new(clock.Clock))
	f := w.robotForm()
	for b.Loop() {
		w.askToken(b, f)
	}
}

// BenchmarkAuthenticate recognises the bearer of a token that was seen before.
func BenchmarkAuthenticate(b *testing.B) {
	w := newWorld(b, dbtest.SQLite(b), new(clock.Clock))
	r := httptest.NewRequest(http.MethodGet, "/v1/me", nil)
	r.Header.Set("Authorization", "Bearer "+w.post(w.v2(), w.robotForm()).text("access_token"))
	authenticate := w.server.Authenticate(oauth.PartnerCenter)
	for b.Loop() {
		if _, err := authenticate(r); err != nil {
			b.Fatal(err)
		}
	}
}
