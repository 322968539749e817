package visit

import (
	"net/http"

	"github.com/a-h/templ"

	"comptoir/internal/fault"
	"comptoir/internal/lang"
	"comptoir/internal/portal/asset"
	"comptoir/internal/portal/block"
	"comptoir/internal/refusal"
)

// HandleOpen makes the handler of a page that nobody has to sign in for, because
// its address itself is the proof. It does not look who is signed in, needs no
// cookie, and may stand in the frame of another site.
func (s *Site) HandleOpen(page Page) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		v := s.begin(w, r, Session{})
		defer v.rescue()
		var err error = refusal.Malformed
		if readable(r) {
			err = page(v)
		}
		if err == nil {
			return
		}
		if fault.KindOf(err) == fault.Internal {
			s.Kernel.Log.ErrorContext(v.Context(), "a page failed", "path", r.Pattern, "correlation", v.Actor.CorrelationID, "error", err)
		}
		card := v.Card(v.T("agreementpage.request.title"))
		card.Messages = []block.Message{v.Blocked(err)}
		// Ignored: the reader has gone, or there is nothing left to say it with.
		_ = v.ShowFramed(Status(err), block.SignInOf(v.Printer, card))
	})
}

// Read has the page speak a language, unless it is none of ours.
func (v *Visit) Read(language string) { v.Printer = lang.Match(language, v.Tag()) }

// Card is a page without the frame, for somebody who is not signed in.
func (v *Visit) Card(title string) block.SignIn {
	return block.SignIn{
		Head:    block.Head{Title: title, Product: v.site.Product, Theme: theme(v.Request), Sandbox: v.site.Kernel.Sandbox},
		Heading: title,
	}
}

// ShowFramed is ShowAs for a page that other sites may show in a frame.
func (v *Visit) ShowFramed(status int, page templ.Component) error {
	v.Writer.Header().Del("X-Frame-Options")
	return v.show(status, page, asset.FramedPolicy)
}
