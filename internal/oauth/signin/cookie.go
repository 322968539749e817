package signin

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"mime"
	"net/http"
	"time"

	"comptoir/internal/identity"
)

// The cookies. With TLS their names begin with "__Host-", so that no other host
// of the domain can set them.
const (
	sessionCookie = "comptoir-session" // who is signed in
	signInCookie  = "comptoir-signin"  // a sign-in under way
	deviceCookie  = "comptoir-device"  // this browser, for years
	tripCookie    = "comptoir-trip"    // the way to an outside provider and back
	languageName  = "lang"             // the language chosen on the sign-in page
)

const deviceAge = 365 * 24 * time.Hour

func (s *Site) cookieName(r *http.Request, name string) string {
	if s.Origin.Secure(r) {
		return "__Host-" + name
	}
	return name
}

func (s *Site) cookie(r *http.Request, name string) string {
	c, err := r.Cookie(s.cookieName(r, name))
	if err != nil {
		return ""
	}
	return c.Value
}

// setCookie keeps value in the browser: for age, until it is closed when age is
// zero, and not at all when it is negative.
func (s *Site) setCookie(w http.ResponseWriter, r *http.Request, name, value string, age time.Duration) {
	http.SetCookie(w, &http.Cookie{
		Name: s.cookieName(r, name), Value: value, Path: "/", MaxAge: int(age / time.Second),
		HttpOnly: true, Secure: s.Origin.Secure(r), SameSite: http.SameSiteLaxMode,
	})
}

func (s *Site) dropCookie(w http.ResponseWriter, r *http.Request, name string) {
	s.setCookie(w, r, name, "", -time.Second)
}

// device returns the token of the browser, and gives it one when it has none.
func (s *Site) device(w http.ResponseWriter, r *http.Request) string {
	if token := s.cookie(r, deviceCookie); token != "" {
		return token
	}
	token := identity.Token()
	s.setCookie(w, r, deviceCookie, token, deviceAge)
	// What follows in this request sees the browser as it will be.
	r.AddCookie(&http.Cookie{Name: s.cookieName(r, deviceCookie), Value: token})
	return token
}

// CSRF returns the token that forms of this request send back as "csrf". It is
// made of the browser's own token, which no other site can read.
func (s *Site) CSRF(r *http.Request) string {
	token := s.cookie(r, deviceCookie)
	if token == "" {
		return ""
	}
	sum := sha256.Sum256([]byte("form\x00" + token))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// formMax is the size of the largest form without files.
const formMax = 1 << 20

// Protect refuses forms that another site had the browser send: by what the
// browser says of their origin, and by a token that only our own pages know.
// Forms with files are large and are read by their page; for them the browser
// has to say that they come from here.
func (s *Site) Protect(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if safe(r.Method) || s.genuine(w, r) {
			next.ServeHTTP(w, r)
			return
		}
		s.refuseForm(w, r)
	})
}

func safe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}

// genuine reports whether a form comes from one of our own pages.
func (s *Site) genuine(w http.ResponseWriter, r *http.Request) bool {
	if err := s.guard.Check(r); err != nil {
		return false
	}
	want := s.CSRF(r)
	if want == "" {
		return false
	}
	got := r.Header.Get("X-CSRF-Token")
	if got == "" {
		kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if err == nil && kind == "multipart/form-data" {
			return s.saysOurs(r)
		}
		r.Body = http.MaxBytesReader(w, r.Body, formMax)
		got = r.PostFormValue("csrf")
	}
	return subtle.ConstantTimeCompare([]byte(got), []byte(want)) == 1
}

// saysOurs reports whether the browser itself says that a request comes from a
// page of this installation.
func (s *Site) saysOurs(r *http.Request) bool {
	return r.Header.Get("Sec-Fetch-Site") == "same-origin" || r.Header.Get("Origin") == s.Origin.Base(r)
}
