// Package visit is one request of one reader to the portal: who he is, in which
// language he reads, what stands around every page, and what happens when
// something is refused. The pages of the portal are functions of a Visit.
package visit

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/origin"
	"comptoir/internal/portal/block"
	"comptoir/internal/refusal"
)

// Site is the installation as the pages see it. The program fills it in; the
// portal itself knows no other edge.
type Site struct {
	Kernel *op.Kernel
	// Session returns who is signed in with a request, and false for nobody.
	Session func(r *http.Request) (Session, bool)
	// CSRF returns the token that forms of this request send back as "csrf".
	CSRF func(r *http.Request) string
	// SignIn returns the address that signs in and then leads back to an address
	// of the portal.
	SignIn func(back string) string
	// SignInAs is SignIn for somebody who is signed in and wants to be somebody else,
	// and Verify asks the reader for a second factor; nil offers neither.
	SignInAs, Verify func(back string) string
	// SignOut receives a POST that ends the session.
	SignOut string
	// Security is the address where a person manages password and second
	// factors; empty hides it.
	Security string
	// Product is the name of the product; empty is the default one.
	Product string
	// Origin tells how a request came here.
	Origin origin.Origin
}

// Session is who is signed in, and as what.
type Session struct {
	Actor  op.Actor
	Person identity.Person
}

// Page answers one request. An error that it returns becomes the page that says
// so: not found, access denied, or something went wrong.
type Page func(v *Visit) error

// maxForm bounds the forms of pages, in bytes. A selection of a thousand rows
// takes a tenth of it.
const maxForm = 1 << 20

// Handle makes the handler of a page for everybody who is signed in. Others are
// sent to sign in and come back.
func (s *Site) Handle(page Page) http.Handler {
	return s.signedIn(func(v *Visit) error {
		v.Request.Body = http.MaxBytesReader(v.Writer, v.Request.Body, maxForm)
		if !readable(v.Request) {
			return refusal.Malformed
		}
		return page(v)
	})
}

// readable reports whether the address and the form of r are text throughout. No
// page asks for anything else, and databases differ in what they make of it.
func readable(r *http.Request) bool {
	if !isText(r.URL.Path) {
		return false
	}
	_ = r.ParseForm() // what cannot be read is missed by the page
	for _, values := range r.Form {
		if !isText(strings.Join(values, " ")) {
			return false
		}
	}
	return true
}

// isText reports whether s is UTF-8 without NUL.
func isText(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }

// HandleUpload is Handle for a form with a file of any size, which the page reads
// as it comes.
func (s *Site) HandleUpload(page Page) http.Handler { return s.signedIn(page) }

func (s *Site) signedIn(page Page) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		session, ok := s.Session(r)
		if !ok {
			http.Redirect(w, r, s.SignIn(backAddress(r)), http.StatusSeeOther)
			return
		}
		v := s.begin(w, r, session)
		defer v.rescue()
		if err := page(v); err != nil {
			v.fail(err)
		}
	})
}

// backAddress is where a reader goes after he signed in: the page he asked for,
// or for a form the page that it stands on.
func backAddress(r *http.Request) string {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return r.URL.RequestURI()
	}
	if from, err := url.Parse(r.Referer()); err == nil && from.Host == r.Host {
		return from.RequestURI()
	}
	return "/"
}

// LocalAddress returns to when it is an address of the portal itself, and
// fallback otherwise: nobody is led away by a link that somebody else made.
func LocalAddress(to, fallback string) string {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Opaque != "" || !strings.HasPrefix(u.Path, "/") ||
		strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t") {
		return fallback
	}
	return to
}

// correlationID names a request in the log and on error pages. A client may have
// given it one.
func (s *Site) correlationID(r *http.Request) string {
	if given, ok := id.Parse(r.Header.Get("MS-CorrelationId")); ok {
		return given
	}
	return id.New(s.Kernel.Wall.Now())
}

// theme is the look that the browser remembers.
func theme(r *http.Request) block.Theme { return block.ParseTheme(cookie(r, ThemeCookie)) }
