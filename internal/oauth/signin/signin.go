// Package signin is how people sign in to the portal and to applications: with
// a password or an outside provider, a second factor, and the first steps of a
// new account; and how they sign out. It keeps the session cookie and protects
// the forms of the portal. Signed-in people look after their password, second
// factors and sessions on its security page.
package signin

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/origin"
	"comptoir/internal/policy"
	"comptoir/internal/portal/asset"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

// The addresses of this package.
const (
	Path         = "/signin"
	OutPath      = "/signout"
	SecurityPath = "/profile/security"

	factorPath   = Path + "/factor"
	passkeyPath  = Path + "/passkey"
	changePath   = Path + "/password"
	enrolPath    = Path + "/enrol"
	verifyPath   = Path + "/verify"
	providerPath = Path + "/provider"
	returnPath   = Path + "/provider/return"
)

// Config is what the sign-in needs of the program around it.
type Config struct {
	Kernel *op.Kernel
	Gate   *identity.Gate
	Origin origin.Origin
	// Product is the name of the product; empty is the default one.
	Product string
	// Accounts lists the accounts that the sign-in page of a sandbox offers; nil
	// for none.
	Accounts func(ctx context.Context) ([]Account, error)
	// Provider is an outside OpenID provider that people may sign in with; nil
	// for none.
	Provider *Provider
}

// Account is a test account of a sandbox.
type Account struct {
	Name         string // of the person
	UserName     string
	Password     string
	Roles        policy.Role
	Organization string
}

// Site is the sign-in of an installation.
type Site struct {
	Config
	guard *http.CrossOriginProtection
	mux   *http.ServeMux
}

// New returns the sign-in.
func New(c Config) *Site {
	s := &Site{Config: c, guard: http.NewCrossOriginProtection(), mux: http.NewServeMux()}
	for pattern, work := range s.sheets() {
		s.mux.Handle(pattern, s.sheet(work))
	}
	for pattern, page := range s.securityPages() {
		s.mux.Handle(pattern, s.visits().Handle(page))
	}
	return s
}

// sheets are the pages of the sign-in itself, by pattern.
func (s *Site) sheets() map[string]func(*sheet) error {
	return map[string]func(*sheet) error{
		"GET " + Path:                    (*sheet).askPassword,
		"POST " + Path:                   (*sheet).takePassword,
		"GET " + factorPath:              (*sheet).askFactor,
		"POST " + factorPath:             (*sheet).takeFactor,
		"POST " + passkeyPath:            (*sheet).passkeyOptions,
		"GET " + changePath:              (*sheet).askChange,
		"POST " + changePath:             (*sheet).takeChange,
		"GET " + enrolPath:               (*sheet).askEnrol,
		"POST " + enrolPath:              (*sheet).takeEnrol,
		"POST " + enrolPath + "/passkey": (*sheet).enrolOptions,
		"POST " + enrolPath + "/done":    (*sheet).afterEnrol,
		"GET " + verifyPath:              (*sheet).verify,
		"POST " + providerPath:           (*sheet).toProvider,
		"GET " + returnPath:              (*sheet).fromProvider,
		"GET " + OutPath:                 (*sheet).askOut,
		"POST " + OutPath:                (*sheet).takeOut,
	}
}

// Pages lists the patterns of all pages, for documentation and tests.
func (s *Site) Pages() []string {
	patterns := slices.AppendSeq(slices.Collect(maps.Keys(s.sheets())), maps.Keys(s.securityPages()))
	slices.Sort(patterns)
	return patterns
}

// Owns reports whether a path is one of the sign-in's.
func (s *Site) Owns(path string) bool {
	for _, root := range []string{Path, OutPath, SecurityPath} {
		if path == root || strings.HasPrefix(path, root+"/") {
			return true
		}
	}
	return false
}

// ServeHTTP answers the pages of the sign-in.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", asset.Policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	if s.Origin.Secure(r) {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	s.Protect(s.mux).ServeHTTP(w, r)
}

// Session is who is signed in with a browser.
type Session struct {
	identity.Session
	Person identity.Person
	// MFA says that a second factor was proved.
	MFA bool
}

// Actor returns the actor that the signed-in person is. The page adds language,
// channel and ids.
func (s Session) Actor() op.Actor { return s.Person.Actor("", s.MFA) }

// Current returns who is signed in with the browser that sent r, or
// refusal.Unauthenticated.
func (s *Site) Current(r *http.Request) (Session, error) {
	token := s.cookie(r, sessionCookie)
	if token == "" {
		return Session{}, refusal.Unauthenticated
	}
	found, p, err := s.Gate.Session(r.Context(), token)
	return Session{found, p, !found.FactorAt.IsZero()}, err
}

// Visit returns what the pages of the portal need to know about sign-in and
// their surroundings.
func (s *Site) Visit() visit.Site { return *s.visits() }

func (s *Site) visits() *visit.Site {
	return &visit.Site{
		Kernel: s.Kernel, Product: s.Product,
		Session: func(r *http.Request) (visit.Session, bool) {
			found, err := s.Current(r)
			if err != nil {
				s.note(r, err)
				return visit.Session{}, false
			}
			return visit.Session{Actor: found.Actor(), Person: found.Person}, true
		},
		CSRF: s.CSRF, SignIn: Address, SignInAs: Again, Verify: Verify, SignOut: OutPath, Security: SecurityPath,
		Origin: s.Origin,
	}
}

// note logs what is a mistake of ours and no refusal.
func (s *Site) note(r *http.Request, err error) {
	if !isFault(err) && r.Context().Err() == nil {
		s.Kernel.Log.ErrorContext(r.Context(), "sign-in failed", "path", r.URL.Path, "error", err)
	}
}

// Address returns the address that signs in and then leads to back, an address
// of this installation.
func Address(back string) string { return withBack(Path, back) }

// Again returns the address that signs in anew, even for somebody who is signed
// in, and then leads to back.
func Again(back string) string { return withBack(Path, back, "again", "1") }

// Verify returns the address that asks a signed-in person for a second factor
// and then leads to back: before a customer's admin accepts something (A12).
func Verify(back string) string { return withBack(verifyPath, back) }

func withBack(path, back string, more ...string) string {
	q := url.Values{}
	if back = local(back); back != "/" {
		q.Set("back", back)
	}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// local returns back when it is an address of this installation, and "/"
// otherwise: signing in leads nobody to somewhere else.
func local(back string) string {
	if len(back) > 4000 {
		return "/"
	}
	return visit.LocalAddress(back, "/")
}

// actor is a browser before anybody is signed in.
func (s *Site) actor(r *http.Request) op.Actor {
	correlation := id.New(s.Kernel.Wall.Now())
	return op.Actor{Channel: op.ViaPortal, Address: s.Origin.Address(r), CorrelationID: correlation, RequestID: correlation, Locale: "en"}
}
