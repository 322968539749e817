package oauth

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"comptoir/internal/api/route"
	"comptoir/internal/oauth/signin"
	"comptoir/internal/op"
	"comptoir/internal/portal/block"
	"comptoir/internal/refusal"

	"github.com/a-h/templ"
)

// dialog is one request to a page on which somebody decides about an
// application.
type dialog struct {
	*call
	*signin.Sheet
}

// pages lists the pages by pattern.
func (s *Server) pages() map[string]func(*dialog) error {
	return map[string]func(*dialog) error{
		"GET /{tenant}/oauth2/authorize":       (*dialog).authorize,
		"GET /{tenant}/oauth2/v2.0/authorize":  (*dialog).authorize,
		"POST /{tenant}/oauth2/authorize":      (*dialog).decideConsent,
		"POST /{tenant}/oauth2/v2.0/authorize": (*dialog).decideConsent,
		"GET /{tenant}/oauth2/nativeclient":    (*dialog).nativeClient,
		"GET /{tenant}/adminconsent":           (*dialog).adminConsent,
		"GET /{tenant}/v2.0/adminconsent":      (*dialog).adminConsent,
		"POST /{tenant}/adminconsent":          (*dialog).decideAdminConsent,
		"POST /{tenant}/v2.0/adminconsent":     (*dialog).decideAdminConsent,
		"GET " + devicePath:                    (*dialog).device,
		"POST " + devicePath:                   (*dialog).decideDevice,
		"GET /{tenant}/oauth2/deviceauth":      (*dialog).toDevice,
		"GET /{tenant}/oauth2/logout":          (*dialog).logout,
		"GET /{tenant}/oauth2/v2.0/logout":     (*dialog).logout,
	}
}

// Pages lists the patterns of all pages, for documentation and tests.
func (s *Server) Pages() []string { return slices.Sorted(maps.Keys(s.pages())) }

// page adds a page. Its forms are protected like those of the portal.
func (s *Server) page(pattern string, work func(*dialog) error) {
	method, path, _ := strings.Cut(pattern, " ")
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer") // addresses hold codes
		h.Set("Cache-Control", "no-store")
		d := &dialog{s.begin(w, r), s.signin.NewSheet(w, r)}
		d.v2 = strings.Contains(path, "/v2.0/")
		err := checkText(r.URL.Query())
		if err == nil {
			err = work(d)
		}
		if err != nil {
			d.show(err)
		}
	})
	s.mux.Handle(route.Route{Method: method, Path: path, Handler: s.signin.Protect(handler)})
}

// show answers with a page that says what went wrong, with the number that
// documentation and support know.
func (d *dialog) show(err error) {
	f, ok := err.(*failure) //nolint:errorlint // failures are never wrapped
	status, text, code := http.StatusInternalServerError, d.T("refusal.internal"), ""
	switch {
	case ok:
		status, code = f.status, f.describe(d.call).Description
		text = d.T("signin.authorize.failed")
		code, _, _ = strings.Cut(code, "\r\n")
	case isFault(err):
		status, text = http.StatusBadRequest, d.Sentence(err)
	default:
		d.server.kernel.Log.ErrorContext(d.r.Context(), "a sign-in page failed", "path", d.r.URL.Path, "correlation", d.correlation, "error", err)
	}
	card := block.SignIn{
		Heading:  d.T("signin.failed.title"),
		Messages: []block.Message{{Tone: block.Danger, Text: text, Code: code, Correlation: d.correlation}},
	}
	if drawn := d.Show(status, card, templ.NopComponent); drawn != nil {
		d.server.kernel.Log.ErrorContext(d.r.Context(), "an error page failed", "error", drawn)
	}
}

// here is the address of this request without some of its values.
func (d *dialog) here(without ...string) string {
	q := d.r.URL.Query()
	for _, name := range without {
		q.Del(name)
	}
	return (&url.URL{Path: d.r.URL.Path, RawQuery: q.Encode()}).String()
}

// leave redirects to an address of ours.
func (d *dialog) leave(to string) error {
	http.Redirect(d.w, d.r, to, http.StatusSeeOther)
	return nil
}

// signedIn returns who is signed in with a second factor, where one is needed.
// When nobody is, it leads to sign-in and back, and returns false.
func (d *dialog) signedIn() (signin.Session, bool, error) {
	session, err := d.server.signin.Current(d.r)
	if errors.Is(err, refusal.Unauthenticated) {
		return signin.Session{}, false, d.leave(signin.Address(d.here()))
	}
	if err != nil {
		return signin.Session{}, false, err
	}
	if session.Person.NeedsFactor(d.server.kernel) && !session.MFA {
		return signin.Session{}, false, d.leave(signin.Verify(d.here()))
	}
	return session, true, nil
}

// as returns the actor that the person of a session is in this dialog.
func (d *dialog) as(session signin.Session) op.Actor {
	a, from := session.Actor(), d.actor()
	a.Channel, a.Address, a.CorrelationID, a.RequestID, a.Locale = op.ViaPortal, from.Address, from.CorrelationID, from.RequestID, d.Tag()
	return a
}
