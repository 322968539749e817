package signin

import (
	"net/http"
	"slices"
	"time"

	"comptoir/internal/identity"
	"comptoir/internal/refusal"
)

// underWay returns the sign-in of this browser and its person, or
// refusal.Unauthenticated.
func (s *sheet) underWay() (identity.SignIn, identity.Person, error) {
	token := s.site.cookie(s.r, signInCookie)
	if token == "" {
		return identity.SignIn{}, identity.Person{}, refusal.Unauthenticated
	}
	return s.site.Gate.SignIn(s.r.Context(), token)
}

// Why a sign-in is over, as the parameter "over" of the sign-in page says it.
const (
	overCodes = "codes" // too many wrong codes
	overTime  = "time"  // it was left lying
)

// whyOver says why the sign-in before this one is over, "" when there was none.
func (s *sheet) whyOver() string {
	switch s.r.URL.Query().Get("over") {
	case overCodes:
		return s.T("signin.over.codes")
	case overTime:
		return s.T("signin.over.time")
	}
	return ""
}

// nextStep returns the address of what p has yet to do, "" when nothing is left.
func (s *sheet) nextStep(p identity.Person, methods []string) string {
	verifying := s.r.URL.Query().Get("verify") != ""
	needs := p.NeedsFactor(s.site.Kernel) || verifying
	switch {
	case needs && !hasMFA(methods) && p.Factors != 0:
		return factorPath
	case p.MustChange && slices.Contains(methods, identity.ByPassword):
		return changePath
	case needs && !hasMFA(methods):
		return enrolPath
	}
	return ""
}

// proceed leads to the next step of a sign-in that proved methods so far, or
// signs in when there is none.
func (s *sheet) proceed(p identity.Person, methods []string) error {
	next := s.nextStep(p, methods)
	if next == "" {
		return s.finish(p, methods)
	}
	if s.site.cookie(s.r, signInCookie) == "" || s.r.URL.Path == Path || s.r.URL.Path == verifyPath || s.r.URL.Path == returnPath {
		token, err := s.site.Gate.BeginSignIn(s.r.Context(), s.actor(), p, methods...)
		if err != nil {
			return err
		}
		s.site.setCookie(s.w, s.r, signInCookie, token, 0)
	}
	s.leave(s.stepOf(next))
	return nil
}

// stepOf is step for a sign-in that may have been begun to verify a person.
func (s *sheet) stepOf(path string) string {
	if s.r.URL.Query().Get("verify") == "" && s.r.URL.Path != verifyPath {
		return s.step(path)
	}
	return withBack(path, s.back(), "verify", "1")
}

// finish signs p in with a new session in the place of any the browser had, so
// that nothing that was known before the sign-in is worth anything after it.
func (s *sheet) finish(p identity.Person, methods []string) error {
	ctx, a := s.r.Context(), s.actor()
	token, err := s.site.Gate.OpenSession(ctx, a, p, methods, s.r.UserAgent(), s.site.device(s.w, s.r))
	if err != nil {
		return err
	}
	if old := s.site.cookie(s.r, sessionCookie); old != "" {
		if err := s.site.Gate.CloseSession(ctx, a, old); err != nil {
			return err
		}
	}
	if under := s.site.cookie(s.r, signInCookie); under != "" {
		if err := s.site.Gate.EndSignIn(ctx, a, under); err != nil {
			return err
		}
		s.site.dropCookie(s.w, s.r, signInCookie)
	}
	s.site.setCookie(s.w, s.r, sessionCookie, token, 0)
	s.leave(s.back())
	return nil
}

// verify asks a signed-in person for a second factor.
func (s *sheet) verify() error {
	session, err := s.site.Current(s.r)
	if err != nil {
		return err
	}
	if session.MFA && s.site.Kernel.Wall.Now().Sub(session.FactorAt) < freshFor {
		s.leave(s.back())
		return nil
	}
	var methods []string
	for _, m := range session.Methods {
		if m == identity.ByPassword || m == identity.ByProvider {
			methods = append(methods, m)
		}
	}
	q := s.r.URL.Query()
	q.Set("verify", "1")
	s.r.URL.RawQuery = q.Encode()
	return s.proceed(session.Person, methods)
}

// freshFor is how long ago somebody may have proved himself to change how he
// proves himself.
const freshFor = 15 * time.Minute

// fresh reports whether the person of a session proved himself a moment ago:
// with his second factor, or by signing in when he has none.
func (s *Site) fresh(session Session) bool {
	at := session.CreatedAt
	if session.FactorAt.After(at) {
		at = session.FactorAt
	}
	return s.Kernel.Wall.Now().Sub(at) < freshFor
}

// askOut asks somebody who followed a link to confirm that he signs out.
func (s *sheet) askOut() error {
	if _, err := s.site.Current(s.r); err != nil {
		if !isFault(err) {
			return err
		}
		s.leave(Path)
		return nil
	}
	return s.show(http.StatusOK, s.outCard(), outForm(s))
}

// takeOut signs out.
func (s *sheet) takeOut() error {
	if token := s.site.cookie(s.r, sessionCookie); token != "" {
		if err := s.site.Gate.CloseSession(s.r.Context(), s.actor(), token); err != nil {
			return err
		}
		s.site.dropCookie(s.w, s.r, sessionCookie)
	}
	s.leave(Path + "?out=1")
	return nil
}
