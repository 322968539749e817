package signin

import (
	"bytes"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"comptoir/internal/fault"
	"comptoir/internal/identity"
	"comptoir/internal/lang"
	"comptoir/internal/op"
	"comptoir/internal/portal/asset"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"

	"github.com/a-h/templ"
)

// sheet is one request to a page outside the frame of the portal.
type sheet struct {
	*lang.Printer
	site *Site
	w    http.ResponseWriter
	r    *http.Request
}

// Sheet is a page outside the frame that another package draws, as the consent
// page of an application.
type Sheet struct {
	sheet
}

// NewSheet returns the sheet of a request.
func (s *Site) NewSheet(w http.ResponseWriter, r *http.Request) *Sheet {
	return &Sheet{*s.begin(w, r)}
}

// Show draws a card. The answer to its form may lead to one of the addresses of
// lead, which are not ours.
func (s *Sheet) Show(status int, card block.SignIn, body templ.Component, lead ...string) error {
	return s.show(status, card, body, lead...)
}

// Sentence says what err refuses in the language of the reader.
func (s *Sheet) Sentence(err error) string { return s.sentence(err) }

// CSRF returns the token for a form of the sheet.
func (s *Sheet) CSRF() string { return s.site.CSRF(s.r) }

func isFault(err error) bool { return fault.KindOf(err) != fault.Internal }

func (s *Site) begin(w http.ResponseWriter, r *http.Request) *sheet {
	chosen := ""
	if c, err := r.Cookie(languageName); err == nil {
		chosen = c.Value
	}
	if asked := r.URL.Query().Get(languageName); isLanguage(asked) {
		chosen = asked
		http.SetCookie(w, &http.Cookie{
			Name: languageName, Value: asked, Path: "/", MaxAge: int(deviceAge.Seconds()),
			HttpOnly: true, Secure: s.Origin.Secure(r), SameSite: http.SameSiteLaxMode,
		})
	}
	if !isLanguage(chosen) {
		chosen = ""
	}
	s.device(w, r)
	return &sheet{Printer: lang.Match(chosen, r.Header.Get("Accept-Language")), site: s, w: w, r: r}
}

func isLanguage(tag string) bool {
	for _, t := range lang.Tags() {
		if t == tag {
			return true
		}
	}
	return false
}

// sheet makes the handler of a page outside the frame.
func (s *Site) sheet(work func(*sheet) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := s.begin(w, r)
		if err := work(p); err != nil {
			p.fail(err)
		}
	})
}

// fail answers a request whose page returned err. A sign-in that is over begins
// again.
func (s *sheet) fail(err error) {
	if errors.Is(err, refusal.Unauthenticated) {
		if s.site.cookie(s.r, signInCookie) == "" {
			s.leave(Address(s.back()))
			return
		}
		s.site.dropCookie(s.w, s.r, signInCookie)
		s.leave(withBack(Path, s.back(), "over", overTime))
		return
	}
	s.site.note(s.r, err)
	card := block.SignIn{Heading: s.T("signin.failed.title"), Messages: []block.Message{{Tone: block.Danger, Text: s.sentence(err)}}}
	body := block.Buttons(block.Button{Label: s.T("signin.again"), Href: Address(s.back())})
	if drawn := s.show(visit.Status(err), card, body); drawn != nil {
		s.site.note(s.r, drawn)
	}
}

// refuseForm answers a form that did not come from one of our pages. Mostly it
// is one of ours that lay open until the cookies were gone.
func (s *Site) refuseForm(w http.ResponseWriter, r *http.Request) {
	p := s.begin(w, r)
	card := block.SignIn{Heading: p.T("signin.stale.title"), Text: p.T("signin.stale.text")}
	body := block.Buttons(block.Button{Label: p.T("signin.stale.back"), Href: local(r.URL.Query().Get("back"))})
	if err := p.show(http.StatusForbidden, card, body); err != nil {
		s.note(r, err)
	}
}

// sentence says what err refuses.
func (s *sheet) sentence(err error) string {
	all := fault.All(err)
	if len(all) == 0 {
		return s.T("refusal.internal")
	}
	sentences := make([]string, len(all))
	for i, e := range all {
		sentences[i] = s.Fault(e)
	}
	return strings.Join(sentences, " ")
}

// show draws a card. lead are foreign addresses to which the answer of a form
// may redirect; a browser would otherwise stop it.
func (s *sheet) show(status int, card block.SignIn, body templ.Component, lead ...string) error {
	card.Head = block.Head{
		Title: card.Heading, Product: s.site.Product, Theme: block.ParseTheme(themeOf(s.r)), Sandbox: s.site.Kernel.Sandbox,
	}
	if s.r.Method == http.MethodGet {
		card.Languages = s.languages()
	}
	var b bytes.Buffer
	if err := block.SignInOf(s.Printer, card).Render(templ.WithChildren(s.r.Context(), body), &b); err != nil {
		return err
	}
	h := s.w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", s.Tag())
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", policyFor(lead))
	s.w.WriteHeader(status)
	if s.r.Method != http.MethodHead {
		_, _ = s.w.Write(b.Bytes()) // a reader who has gone needs no page
	}
	return nil
}

// policyFor returns the content policy of a page whose form leads to the given
// addresses.
func policyFor(lead []string) string {
	to := ""
	for _, address := range lead {
		u, err := url.Parse(address)
		if err != nil || u.Scheme == "" || strings.ContainsAny(u.Host+u.Scheme, " ;,'\"\\") {
			continue
		}
		if u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") {
			to += " " + u.Scheme + "://" + u.Host
		} else {
			to += " " + u.Scheme + ":"
		}
	}
	return strings.Replace(asset.Policy, "form-action 'self'", "form-action 'self'"+to, 1)
}

// themeOf returns the look that the browser remembers.
func themeOf(r *http.Request) string {
	c, err := r.Cookie(visit.ThemeCookie)
	if err != nil {
		return ""
	}
	return c.Value
}

// languages are links to the same page in another language.
func (s *sheet) languages() []block.Choice {
	names := map[string]string{"en": "English", "fr": "Français", "sv": "Svenska"}
	var all []block.Choice
	for _, tag := range lang.Tags() {
		q := s.r.URL.Query()
		q.Set(languageName, tag)
		all = append(all, block.Choice{Label: names[tag], Value: tag, Lang: tag, Href: s.r.URL.Path + "?" + q.Encode(), Current: tag == s.Tag()})
	}
	return all
}

// back is where the sign-in leads, an address of this installation.
func (s *sheet) back() string { return local(s.r.URL.Query().Get("back")) }

// step returns the address of a step of this sign-in.
func (s *sheet) step(path string) string { return withBack(path, s.back()) }

// leave redirects to an address of ours.
func (s *sheet) leave(to string) {
	http.Redirect(s.w, s.r, to, http.StatusSeeOther) //nolint:gosec // back lets no other address through
}

// form returns a value of the posted form.
func (s *sheet) form(name string) string { return s.r.PostFormValue(name) }

// actor is the browser before anybody is signed in.
func (s *sheet) actor() op.Actor {
	a := s.site.actor(s.r)
	a.Locale = s.Tag()
	return a
}

// as returns the actor that p is in this sign-in, without any role: he may look
// after his own account and no more.
func (s *sheet) as(p identity.Person, methods []string) op.Actor {
	a := s.actor()
	is := p.Actor("", hasMFA(methods))
	is.Roles = 0
	is.Channel, is.Address, is.CorrelationID, is.RequestID, is.Locale = a.Channel, a.Address, a.CorrelationID, a.RequestID, a.Locale
	return is
}

func hasMFA(methods []string) bool { return identity.SignIn{Methods: methods}.MFA() }
