package signin

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"comptoir/internal/identity"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"

	"github.com/a-h/templ"
)

// challenge is what the page for a second factor shows.
type challenge struct {
	totp     bool
	passkey  bool
	recovery bool // asks for a recovery code instead
	refused  string
}

// askFactor asks for a second factor.
func (s *sheet) askFactor() error {
	_, p, err := s.underWay()
	if err != nil {
		return err
	}
	return s.drawFactor(http.StatusOK, p, "")
}

func (s *sheet) drawFactor(status int, p identity.Person, refused string) error {
	c := challenge{
		totp: p.Factors&identity.FactorTOTP != 0, passkey: p.Factors&identity.FactorPasskey != 0,
		recovery: s.r.URL.Query().Get("use") == "recovery", refused: refused,
	}
	card := block.SignIn{Heading: s.T("signin.factor.title"), Text: s.T("signin.factor.text", "Name", p.Name)}
	if c.recovery {
		card.Heading, card.Text = s.T("signin.recovery.title"), s.T("signin.recovery.text")
	}
	return s.show(status, card, factorForm(s, c), leadOf(s.back())...)
}

// takeFactor checks a second factor.
func (s *sheet) takeFactor() error {
	_, p, err := s.underWay()
	if err != nil {
		return err
	}
	proof := identity.Proof{Code: s.form("code"), Recovery: s.form("recovery"), Passkey: []byte(s.form("passkey")), Site: s.site.relyingParty(s.r)}
	under, err := s.site.Gate.Prove(s.r.Context(), s.actor(), s.site.cookie(s.r, signInCookie), proof)
	if errors.Is(err, identity.ErrFactorCode) || errors.Is(err, identity.ErrTooManyTries) {
		if _, _, over := s.underWay(); errors.Is(over, refusal.Unauthenticated) {
			s.site.dropCookie(s.w, s.r, signInCookie)
			s.leave(withBack(Path, s.back(), "over", overCodes))
			return nil
		}
		return s.drawFactor(visit.Status(err), p, s.sentence(err))
	}
	if err != nil {
		return err
	}
	return s.proceed(p, under.Methods)
}

// relyingParty is this installation as passkeys know it.
func (s *Site) relyingParty(r *http.Request) identity.RelyingParty {
	base := s.Origin.Base(r)
	host := base
	if u, err := url.Parse(base); err == nil {
		host = u.Hostname()
	}
	name := s.Product
	if name == "" {
		name = "Comptoir"
	}
	return identity.RelyingParty{Host: host, Name: name, Origin: base}
}

// passkeyOptions answers the script of the page with what the browser needs to
// use a passkey.
func (s *sheet) passkeyOptions() error {
	options, err := s.site.Gate.AskPasskey(s.r.Context(), s.actor(), s.site.cookie(s.r, signInCookie), s.site.relyingParty(s.r))
	return s.json(options, err)
}

// json answers a script. A refusal says what to show.
func (s *sheet) json(body []byte, err error) error {
	status := http.StatusOK
	if err != nil {
		s.site.note(s.r, err)
		status = visit.Status(err)
		if body, err = json.Marshal(map[string]string{"refused": s.sentence(err)}); err != nil {
			return err
		}
	}
	s.w.Header().Set("Content-Type", "application/json; charset=utf-8")
	s.w.WriteHeader(status)
	// A reader who has gone needs no answer.
	_ = json.NewEncoder(s.w).Encode(json.RawMessage(body))
	return nil
}

// enrolment is what the page for a first second factor shows.
type enrolment struct {
	appID   string
	secret  string
	picture templ.Component // QR code
	refused string
}

// askEnrol lets a person set up the second factor that he must have.
func (s *sheet) askEnrol() error {
	under, p, err := s.underWay()
	if err != nil {
		return err
	}
	if s.nextStep(p, under.Methods) != enrolPath {
		return s.proceed(p, under.Methods)
	}
	pending, err := identity.BeginTOTP.Do(s.r.Context(), s.site.Kernel, s.as(p, under.Methods), identity.NewTOTP{})
	if err != nil {
		return err
	}
	return s.drawEnrol(http.StatusOK, p, pending, "")
}

func (s *sheet) drawEnrol(status int, p identity.Person, pending identity.PendingTOTP, refused string) error {
	picture, err := qrCode(identity.TOTPAddress(s.site.relyingParty(s.r).Name, p.Name, pending.Secret), s.T("signin.enrol.scan"))
	if err != nil {
		return err
	}
	card := block.SignIn{Heading: s.T("signin.enrol.title"), Text: s.T("signin.enrol.text")}
	return s.show(status, card, enrolForm(s, enrolment{pending.ID, pending.Secret, picture, refused}))
}

// takeEnrol confirms a first second factor and shows the recovery codes.
func (s *sheet) takeEnrol() error {
	under, p, err := s.underWay()
	if err != nil {
		return err
	}
	if s.nextStep(p, under.Methods) != enrolPath {
		return s.proceed(p, under.Methods)
	}
	ctx, a := s.r.Context(), s.as(p, under.Methods)
	var codes []string
	method := identity.ByOTP
	if made := s.form("passkey"); made != "" {
		method = identity.ByPasskey
		codes, err = identity.ConfirmPasskey.Do(ctx, s.site.Kernel, a, identity.MadePasskey{
			Site: s.site.relyingParty(s.r), ID: s.form("passkey-id"), Response: []byte(made),
		})
	} else {
		codes, err = identity.ConfirmTOTP.Do(ctx, s.site.Kernel, a, identity.TOTPCode{ID: s.form("id"), Code: s.form("code")})
	}
	if err != nil {
		return s.enrolRefused(p, a.MFA, err)
	}
	if err := s.site.Gate.Enrolled(ctx, a, s.site.cookie(s.r, signInCookie), method); err != nil {
		return err
	}
	card := block.SignIn{Heading: s.T("signin.codes.title"), Text: s.T("signin.codes.text")}
	return s.show(http.StatusOK, card, codesForm(s, codes))
}

// enrolRefused draws the page again with the same secret, so that a mistyped
// code does not ask for a new scan.
func (s *sheet) enrolRefused(p identity.Person, mfa bool, refused error) error {
	if !isFault(refused) {
		return refused
	}
	var methods []string
	if mfa {
		methods = []string{identity.ByMFA}
	}
	pending, err := identity.GetPendingTOTP.Do(s.r.Context(), s.site.Kernel, s.as(p, methods), identity.FactorKey{ID: s.form("id")})
	if err != nil {
		return refused
	}
	return s.drawEnrol(http.StatusBadRequest, p, pending, s.sentence(refused))
}

// enrolOptions answers the script of the page with what the browser needs to
// make a passkey.
func (s *sheet) enrolOptions() error {
	under, p, err := s.underWay()
	if err != nil {
		return s.json(nil, err)
	}
	pending, err := identity.BeginPasskey.Do(s.r.Context(), s.site.Kernel, s.as(p, under.Methods), identity.NewPasskey{
		Site: s.site.relyingParty(s.r),
	})
	return s.json(newKeyAnswer(pending), err)
}

// newKeyAnswer is what the script gets to make a passkey.
func newKeyAnswer(p identity.PendingPasskey) []byte {
	return fmt.Appendf(nil, `{"id":%q,"options":%s}`, p.ID, p.Options)
}

// afterEnrol goes on once the recovery codes are saved.
func (s *sheet) afterEnrol() error {
	under, p, err := s.underWay()
	if err != nil {
		return err
	}
	if s.form("saved") == "" {
		card := block.SignIn{Heading: s.T("signin.codes.title"), Text: s.T("signin.codes.text")}
		return s.show(http.StatusBadRequest, card, codesUnsaved(s))
	}
	return s.proceed(p, under.Methods)
}
