package signin

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"comptoir/internal/fault"
	"comptoir/internal/identity"
	"comptoir/internal/portal/block"
	"comptoir/internal/portal/visit"
)

// entry is what the sign-in page shows.
type entry struct {
	userName string
	refused  string // why the last try failed
	accounts []Account
	provider string // label of the outside provider; "" for none
}

// askPassword draws the sign-in page. Whoever is signed in already goes on.
func (s *sheet) askPassword() error {
	q := s.r.URL.Query()
	if q.Get("again") == "" {
		if _, err := s.site.Current(s.r); err == nil {
			s.leave(s.back())
			return nil
		} else if !isFault(err) {
			return err
		}
	}
	return s.drawEntry(http.StatusOK, entry{userName: q.Get("name")})
}

func (s *sheet) drawEntry(status int, e entry) error {
	card := block.SignIn{Heading: s.T("signin.title"), Text: s.T("signin.text")}
	if s.site.Kernel.Sandbox {
		card.Text = s.T("signin.sandbox")
		if s.site.Accounts != nil {
			var err error
			if e.accounts, err = s.site.Accounts(s.r.Context()); err != nil {
				return err
			}
		}
	}
	if s.r.URL.Query().Get("out") != "" {
		card.Messages = append(card.Messages, block.Message{Tone: block.Success, Text: s.T("signin.out.done")})
	}
	if whither := s.whither(); whither != "" {
		card.Messages = append(card.Messages, block.Message{Tone: block.Info, Text: whither})
	}
	if why := s.whyOver(); why != "" && e.refused == "" {
		card.Messages = append(card.Messages, block.Message{Tone: block.Warning, Text: why})
	}
	if e.refused != "" {
		card.Messages = append(card.Messages, block.Message{Tone: block.Danger, Text: e.refused})
	}
	card.Wide = len(e.accounts) > 0
	lead := leadOf(s.back())
	if p := s.site.Provider; p != nil {
		e.provider = p.Label
		lead = append(lead, p.Issuer)
	}
	return s.show(status, card, entryForm(s, e), lead...)
}

// whither says to somebody who follows the link of a partner what he signs in for,
// and what to do without an account (rule E13); "" to everybody else.
func (s *sheet) whither() string {
	switch back := s.back(); {
	case strings.HasPrefix(back, visit.InvitationPath):
		return s.T("acceptpage.signin")
	case strings.HasPrefix(back, visit.OfferPath):
		return s.T("acceptpage.signin_roles")
	}
	return ""
}

// leadOf returns the foreign address to which an authorize page behind back
// would redirect.
func leadOf(back string) []string {
	u, err := url.Parse(back)
	if err != nil || !strings.HasSuffix(strings.ToLower(u.Path), "/authorize") {
		return nil
	}
	return []string{u.Query().Get("redirect_uri")}
}

// takePassword checks name and password.
func (s *sheet) takePassword() error {
	name, password, err := s.presented()
	if err != nil {
		return err
	}
	a := s.actor()
	p, err := s.site.Gate.CheckPassword(s.r.Context(), a, identity.PasswordTry{
		UserName: name, Password: password, Address: a.Address, Device: s.site.cookie(s.r, deviceCookie),
	})
	if errors.Is(err, identity.ErrNoSuchUser) {
		err = identity.ErrSignIn // nobody learns here which names there are
	}
	if err != nil {
		if !isFault(err) {
			return err
		}
		status := http.StatusUnauthorized
		if fault.KindOf(err) == fault.TooMany {
			status = visit.Status(err)
		}
		return s.drawEntry(status, entry{userName: name, refused: s.sentence(err)})
	}
	return s.proceed(p, []string{identity.ByPassword})
}

// presented returns the name and the password of the form, or those of the test
// account that was chosen in a sandbox.
func (s *sheet) presented() (name, password string, err error) {
	chosen := s.form("account")
	if chosen == "" || !s.site.Kernel.Sandbox || s.site.Accounts == nil {
		return strings.TrimSpace(s.form("username")), s.form("password"), nil
	}
	accounts, err := s.site.Accounts(s.r.Context())
	for _, a := range accounts {
		if a.UserName == chosen {
			password = a.Password
		}
	}
	return chosen, password, err
}

// change is what the page for a new password shows.
type change struct {
	userName string
	errors   map[string]string
}

// askChange asks for a password in the place of a temporary one.
func (s *sheet) askChange() error {
	_, p, err := s.underWay()
	if err != nil {
		return err
	}
	return s.drawChange(http.StatusOK, change{userName: p.Name})
}

func (s *sheet) drawChange(status int, c change) error {
	card := block.SignIn{Heading: s.T("signin.change.title"), Text: s.T("signin.change.text")}
	return s.show(status, card, changeForm(s, c), leadOf(s.back())...)
}

// takeChange gives the person the password that he chose.
func (s *sheet) takeChange() error {
	under, p, err := s.underWay()
	if err != nil {
		return err
	}
	if s.nextStep(p, under.Methods) != changePath {
		return s.proceed(p, under.Methods) // it was changed in another tab
	}
	chosen := s.form("password")
	said := map[string]string{}
	if chosen != s.form("repeat") {
		said["repeat"] = s.T("signin.change.differs")
	} else if err := s.site.Gate.ReplacePassword(s.r.Context(), s.as(p, under.Methods), chosen); err != nil {
		if !isFault(err) {
			return err
		}
		said["password"] = s.sentence(err)
	}
	if len(said) > 0 {
		return s.drawChange(http.StatusBadRequest, change{p.Name, said})
	}
	if p, err = s.site.Gate.Person(s.r.Context(), p.Tenant, p.ID); err != nil {
		return err
	}
	return s.proceed(p, under.Methods)
}
