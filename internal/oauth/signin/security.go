package signin

import (
	"fmt"
	"net/http"

	"github.com/a-h/templ"

	"comptoir/internal/grant"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
	"comptoir/internal/refusal"
)

// securityPages are the pages on which a signed-in person looks after how he
// signs in.
func (s *Site) securityPages() map[string]visit.Page {
	return map[string]visit.Page{
		"GET " + SecurityPath:                         s.security,
		"POST " + SecurityPath + "/password":          s.changePassword,
		"POST " + SecurityPath + "/app":               s.proven(s.beginApp),
		"POST " + SecurityPath + "/app/confirm":       s.proven(s.confirmApp),
		"POST " + SecurityPath + "/passkey/options":   s.passkeyOptions,
		"POST " + SecurityPath + "/passkey":           s.proven(s.confirmPasskey),
		"GET " + removePath:                           s.proven(s.askRemove),
		"POST " + removePath:                          s.proven(s.removeFactor),
		"POST " + SecurityPath + "/recovery":          s.proven(s.newCodes),
		"POST " + SecurityPath + "/sessions/end":      s.endSessions,
		"POST " + SecurityPath + "/consents/withdraw": s.withdraw,
		"POST " + SecurityPath + "/done":              back,
	}
}

// back leads back to the security page, once the recovery codes are saved.
func back(v *visit.Visit) error {
	if !v.Saved() {
		f := frame(v)
		f.Title, f.Subtitle = v.T("signin.codes.title"), v.T("signin.codes.text")
		return v.AskSaved(f, SecurityPath+"/done")
	}
	return v.Redirect(SecurityPath)
}

// proven runs a page only for somebody who has proved himself a moment ago, so
// that a browser left open is not enough to take an account over.
func (s *Site) proven(page visit.Page) visit.Page {
	return func(v *visit.Visit) error {
		session, err := s.Current(v.Request)
		if err != nil {
			return err
		}
		if !s.fresh(session) {
			v.Toast(v.T("signin.security.again"))
			return v.Redirect(Again(SecurityPath))
		}
		return page(v)
	}
}

// overview is what the security page shows.
type overview struct {
	factors  identity.OwnFactors
	sessions []identity.Session
	current  string // handle of this session
	allowed  []allowedApp
	errors   map[string]string // of the password form
}

// allowedApp is an application that the person let act for him.
type allowedApp struct {
	grant.Allowed
	name string
}

func (s *Site) security(v *visit.Visit) error { return s.drawSecurity(v, http.StatusOK, nil) }

func (s *Site) drawSecurity(v *visit.Visit, status int, errors map[string]string) error {
	o := overview{errors: errors}
	session, err := s.Current(v.Request)
	if err != nil {
		return err
	}
	o.current = session.Handle
	if o.factors, err = visit.Do(v, identity.ListFactors, struct{}{}); err != nil {
		return err
	}
	if o.sessions, err = visit.Do(v, identity.ListSessions, struct{}{}); err != nil {
		return err
	}
	if o.allowed, err = s.allowed(v); err != nil {
		return err
	}
	f := frame(v)
	return v.ShowAs(status, inFrame(v, f, securityBody(v, o)))
}

// frame is what stands around the pages of this file.
func frame(v *visit.Visit) block.Frame {
	f := v.Frame(v.T("signin.security.title"), visit.Nowhere)
	f.Subtitle = v.T("signin.security.subtitle")
	f.Breadcrumb = append(f.Breadcrumb, block.Link{Label: v.T("common.profile"), Href: visit.ProfilePath})
	return f
}

// allowed lists the applications that the reader let act for him, by name.
func (s *Site) allowed(v *visit.Visit) ([]allowedApp, error) {
	all, err := visit.Do(v, grant.ListConsents, struct{}{})
	if err != nil {
		return nil, err
	}
	apps := make([]allowedApp, len(all))
	for i, a := range all {
		apps[i] = allowedApp{a, string(a.App)}
		app, err := s.Gate.Application(v.Context(), a.App)
		if err == nil {
			apps[i].name = app.Name
		} else if !isFault(err) {
			return nil, err
		}
	}
	return apps, nil
}

// changePassword takes a new password and signs this browser in anew, since the
// old session ends with the old password.
func (s *Site) changePassword(v *visit.Visit) error {
	said := map[string]string{}
	if v.Form("password") != v.Form("repeat") {
		said["repeat"] = v.T("signin.change.differs")
	} else if err := s.Gate.ChangePassword(v.Context(), v.Actor, v.Form("current"), v.Form("password")); err != nil {
		if !isFault(err) {
			return err
		}
		said[fieldOf(err)] = v.Sentence(err)
	}
	if len(said) > 0 {
		return s.drawSecurity(v, http.StatusBadRequest, said)
	}
	session, p := s.cookie(v.Request, sessionCookie), v.Person
	methods := []string{identity.ByPassword}
	if v.Actor.MFA {
		methods = append(methods, identity.ByMFA)
	}
	token, err := s.Gate.OpenSession(v.Context(), v.Actor, p, methods, v.Request.UserAgent(), s.device(v.Writer, v.Request))
	if err != nil {
		return err
	}
	if err := s.Gate.CloseSession(v.Context(), v.Actor, session); err != nil {
		return err
	}
	s.setCookie(v.Writer, v.Request, sessionCookie, token, 0)
	v.Toast(v.T("signin.security.password_changed"))
	return v.Redirect(SecurityPath)
}

// beginApp shows a new authenticator app to scan.
func (s *Site) beginApp(v *visit.Visit) error {
	pending, err := visit.Do(v, identity.BeginTOTP, identity.NewTOTP{Name: v.Form("name")})
	if err != nil {
		return err
	}
	return s.drawApp(v, http.StatusOK, pending, "")
}

func (s *Site) drawApp(v *visit.Visit, status int, pending identity.PendingTOTP, refused string) error {
	picture, err := qrCode(identity.TOTPAddress(s.relyingParty(v.Request).Name, v.Person.Name, pending.Secret), v.T("signin.enrol.scan"))
	if err != nil {
		return err
	}
	return v.ShowAs(status, inFrame(v, frame(v), appBody(v, enrolment{pending.ID, pending.Secret, picture, refused})))
}

func (s *Site) confirmApp(v *visit.Visit) error {
	codes, err := visit.Do(v, identity.ConfirmTOTP, identity.TOTPCode{ID: v.Form("id"), Code: v.Form("code")})
	if err == nil {
		return s.added(v, codes)
	}
	if !isFault(err) {
		return err
	}
	pending, gone := visit.Do(v, identity.GetPendingTOTP, identity.FactorKey{ID: v.Form("id")})
	if gone != nil {
		return err
	}
	return s.drawApp(v, http.StatusBadRequest, pending, v.Sentence(err))
}

// added says that a factor was added; with the first one come recovery codes.
func (s *Site) added(v *visit.Visit, codes []string) error {
	if len(codes) > 0 {
		return s.drawCodes(v, codes)
	}
	v.Toast(v.T("signin.security.factor_added"))
	return v.Redirect(SecurityPath)
}

func (s *Site) drawCodes(v *visit.Visit, codes []string) error {
	once, f := codesOnce(v.Printer, codes, SecurityPath+"/done", v.CSRF()), frame(v)
	f.Title, f.Subtitle = v.T("signin.codes.title"), v.T("signin.codes.text")
	return v.Show(inFrame(v, f, block.SecretOnceOf(v.Printer, once)))
}

// passkeyOptions answers the script with what the browser needs to make a
// passkey.
func (s *Site) passkeyOptions(v *visit.Visit) error {
	sheet := s.begin(v.Writer, v.Request)
	session, err := s.Current(v.Request)
	if err != nil {
		return sheet.json(nil, err)
	}
	if !s.fresh(session) {
		return sheet.json(fmt.Appendf(nil, `{"location":%q}`, Again(SecurityPath)), nil)
	}
	pending, err := visit.Do(v, identity.BeginPasskey, identity.NewPasskey{Site: s.relyingParty(v.Request)})
	return sheet.json(newKeyAnswer(pending), err)
}

func (s *Site) confirmPasskey(v *visit.Visit) error {
	codes, err := visit.Do(v, identity.ConfirmPasskey, identity.MadePasskey{
		Site: s.relyingParty(v.Request), ID: v.Form("passkey-id"), Response: []byte(v.Form("passkey")),
	})
	if err != nil {
		return err
	}
	return s.added(v, codes)
}

// removePath removes a second factor; asked with GET, it asks whether to.
const removePath = SecurityPath + "/factors/remove"

// askRemove asks whether a second factor is to be removed, or says why it cannot be.
func (s *Site) askRemove(v *visit.Visit) error {
	own, err := visit.Do(v, identity.ListFactors, struct{}{})
	if err != nil {
		return err
	}
	for _, f := range own.Factors {
		if f.ID == v.Query("id") {
			return v.Show(inFrame(v, frame(v), removeDialog(v, own, f)))
		}
	}
	return identity.ErrFactorUnknown
}

// stays says why the last second factor cannot be removed, "" when it can.
func stays(v *visit.Visit, own identity.OwnFactors) string {
	if !own.LastStays {
		return ""
	}
	return v.Fault(identity.ErrFactorLast)
}

func (s *Site) removeFactor(v *visit.Visit) error {
	if _, err := visit.Do(v, identity.RemoveFactor, identity.FactorKey{ID: v.Form("id")}); err != nil {
		return err
	}
	v.Toast(v.T("signin.security.factor_removed"))
	return v.Redirect(SecurityPath)
}

func (s *Site) newCodes(v *visit.Visit) error {
	codes, err := visit.Do(v, identity.NewRecoveryCodes, struct{}{})
	if err != nil {
		return err
	}
	return s.drawCodes(v, codes)
}

// endSessions ends one session, or all others.
func (s *Site) endSessions(v *visit.Visit) error {
	session, err := s.Current(v.Request)
	if err != nil {
		return err
	}
	key := identity.SessionKey{Handle: v.Form("handle")}
	if key.Handle == "" {
		key.Keep = session.Handle
	}
	if _, err := visit.Do(v, identity.RevokeSessions, key); err != nil {
		return err
	}
	v.Toast(v.T("signin.security.sessions_ended"))
	return v.Redirect(SecurityPath)
}

func (s *Site) withdraw(v *visit.Visit) error {
	app, ok := id.Parse(v.Form("app"))
	if !ok {
		return refusal.NotFound
	}
	if _, err := visit.Do(v, grant.WithdrawConsent, id.App(app)); err != nil {
		return err
	}
	v.Toast(v.T("signin.security.withdrawn"))
	return v.Redirect(SecurityPath)
}

// inFrame draws body inside the frame of the portal.
func inFrame(v *visit.Visit, f block.Frame, body templ.Component) templ.Component {
	return framed(v, f, body)
}
