package identity_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

// try signs in with a name and a password from an address.
func (w *world) try(name, password, address, device string) error {
	_, err := w.gate.CheckPassword(w.Context(), op.Actor{Address: address}, identity.PasswordTry{
		UserName: name, Password: password, Address: address, Device: device,
	})
	return err
}

func TestSigningInWithAPassword(t *testing.T) {
	each(t, func(w *world) {
		sara, password := w.user("sara", policy.SalesAgent)
		if err := w.try(" SARA@nordmolnet.example", password, "192.0.2.1", ""); err != nil {
			w.Errorf("the right password, the name in other letters: %v", err)
		}
		for _, wrong := range []string{"", "x", strings.ToUpper(password), password + " "} {
			if err := w.try(sara.Name, wrong, "192.0.2.1", ""); !errors.Is(err, identity.ErrSignIn) {
				w.Errorf("password %q: %v", wrong, err)
			}
		}
		if err := w.try("nobody@nordmolnet.example", password, "192.0.2.2", ""); !errors.Is(err, identity.ErrNoSuchUser) {
			w.Errorf("unknown name: %v", err)
		}
		blocked := true
		must(identity.UpdateUser.Do(w.Context(), w.k, w.ga, identity.UserChange{UserKey: identity.UserKey{User: sara.ID}, Blocked: &blocked}))(w)
		if err := w.try(sara.Name, "wrong", "192.0.2.3", ""); !errors.Is(err, identity.ErrSignIn) {
			w.Errorf("a stranger learns that the account is blocked: %v", err)
		}
		if err := w.try(sara.Name, password, "192.0.2.3", ""); !errors.Is(err, identity.ErrBlocked) {
			w.Errorf("blocked: %v", err)
		}
		refused := 0
		for _, line := range w.log(w.partner.Tenant) {
			if strings.HasPrefix(line, "access_refused failed") {
				refused++
			}
			if strings.Contains(line, password) {
				w.Error("a password stands in the log")
			}
		}
		if refused != 6 {
			w.Errorf("K3: %d refused sign-ins in the log, want 6", refused)
		}
	})
}

func TestAKnownBrowserIsNotSlowedDownByAStranger(t *testing.T) {
	each(t, func(w *world) {
		sara, password := w.user("sara", policy.SalesAgent)
		device := identity.Token()
		p := must(w.gate.CheckPassword(w.Context(), op.Actor{}, identity.PasswordTry{UserName: sara.Name, Password: password, Address: "192.0.2.1"}))(w)
		must(w.gate.OpenSession(w.Context(), op.Actor{}, p, []string{identity.ByPassword}, "Firefox", device))(w)
		for range 6 {
			w.try(sara.Name, "guess", "203.0.113.9", "") // wrong on purpose
		}
		if err := w.try(sara.Name, password, "203.0.113.9", ""); !errors.Is(err, identity.ErrTooManyTries) {
			w.Errorf("the stranger goes on: %v", err)
		}
		if err := w.try(sara.Name, password, "203.0.113.9", identity.Token()); !errors.Is(err, identity.ErrTooManyTries) {
			w.Errorf("the stranger invents a browser: %v", err)
		}
		if err := w.try(sara.Name, password, "203.0.113.9", device); err != nil {
			w.Errorf("the owner with her browser: %v", err)
		}
	})
}

func (w *world) open(n identity.User, methods ...string) string {
	w.Helper()
	a := op.Actor{Address: "192.0.2.10"}
	return must(w.gate.OpenSession(w.Context(), a, w.person(n), methods, "Mozilla/5.0 (X11) Firefox", ""))(w)
}

func (w *world) alive(token string) bool {
	w.Helper()
	_, _, err := w.gate.Session(w.Context(), token)
	if err != nil && !errors.Is(err, refusal.Unauthenticated) {
		w.Fatal(err)
	}
	return err == nil
}

// Portal 0.7: 8 hours idle, 30 minutes for the operator.
func TestASessionEndsWhenItRestsTooLong(t *testing.T) {
	each(t, func(w *world) {
		sara, _ := w.user("sara", policy.SalesAgent)
		root := must(identity.CreateOperator.Do(w.Context(), w.k, cli(), identity.NewOperator{Name: "Operator", Domain: "op.example", Admin: identity.NewUser{Name: "root"}}))(w).User
		for _, tt := range []struct {
			name string
			user identity.User
			idle time.Duration
		}{{"partner", sara, 8 * time.Hour}, {"operator", root, 30 * time.Minute}} {
			token := w.open(tt.user, identity.ByPassword)
			for range 3 {
				w.pass(tt.idle - time.Minute)
				if !w.alive(token) {
					w.Fatalf("%s: ended although it was used", tt.name)
				}
			}
			w.pass(tt.idle)
			if w.alive(token) {
				w.Errorf("%s: alive after %v of rest", tt.name, tt.idle)
			}
		}
	})
}

func TestASessionEndsAfterAWeekHoweverItIsUsed(t *testing.T) {
	each(t, func(w *world) {
		token := w.open(identity.User{Tenant: w.ga.Tenant, ID: w.ga.User}, identity.ByPassword)
		for range 28 {
			if w.pass(6 * time.Hour); !w.alive(token) {
				if at := w.k.Wall.Now().Sub(today); at < 7*24*time.Hour {
					w.Errorf("ended after %v", at)
				}
				return
			}
		}
		w.Error("still alive after seven days")
	})
}

func TestTravellingInTimeSignsNobodyOut(t *testing.T) {
	each(t, func(w *world) {
		token := w.open(identity.User{Tenant: w.ga.Tenant, ID: w.ga.User}, identity.ByPassword)
		w.k.Clock.Advance(3 * 365 * 24 * time.Hour)
		if !w.alive(token) {
			w.Error("the sandbox clock ended the session")
		}
	})
}

func TestWhatEndsSessionsAtOnce(t *testing.T) {
	each(t, func(w *world) {
		blocked := true
		ends := map[string]func(n identity.User){
			"a new password": func(n identity.User) {
				must(identity.ResetPassword.Do(w.Context(), w.k, w.ga, identity.PasswordReset{UserKey: identity.UserKey{User: n.ID}}))(w)
			},
			"a blocked account": func(n identity.User) {
				must(identity.UpdateUser.Do(w.Context(), w.k, w.ga, identity.UserChange{UserKey: identity.UserKey{User: n.ID}, Blocked: &blocked}))(w)
			},
			"a removed account": func(n identity.User) {
				must(identity.RemoveUser.Do(w.Context(), w.k, w.ga, identity.UserKey{User: n.ID}))(w)
			},
			"an administrator": func(n identity.User) {
				must(identity.SignOutUser.Do(w.Context(), w.k, w.ga, identity.UserKey{User: n.ID}))(w)
			},
			"signing out everywhere": func(n identity.User) {
				if ended := must(identity.RevokeSessions.Do(w.Context(), w.k, w.actor(n), identity.SessionKey{}))(w); ended != 1 {
					w.Errorf("%d sessions ended", ended)
				}
			},
			"reset second factors": func(n identity.User) {
				must(identity.ResetFactors.Do(w.Context(), w.k, w.ga, identity.UserKey{User: n.ID}))(w)
			},
		}
		i := 0
		for what, end := range ends {
			n, _ := w.user("user"+string(rune('a'+i)), policy.SalesAgent)
			i++
			token := w.open(n, identity.ByPassword)
			if w.pass(time.Second); !w.alive(token) {
				w.Fatal("ended by nothing")
			}
			if end(n); w.alive(token) {
				w.Errorf("%s: the session goes on", what)
			}
		}
		token := w.open(identity.User{Tenant: w.ga.Tenant, ID: w.ga.User}, identity.ByPassword)
		if err := w.gate.CloseSession(w.Context(), w.ga, token); err != nil || w.alive(token) {
			w.Errorf("signing out: %v", err)
		}
	})
}

func TestPeopleSeeAndEndTheirSessions(t *testing.T) {
	each(t, func(w *world) {
		sara, _ := w.user("sara", policy.SalesAgent)
		here, there := w.open(sara, identity.ByPassword), w.open(sara, identity.ByPassword, identity.ByOTP, identity.ByMFA)
		mine := w.actor(sara)
		all := must(identity.ListSessions.Do(w.Context(), w.k, mine, struct{}{}))(w)
		if len(all) != 2 || all[0].UserAgent != "Mozilla/5.0 (X11) Firefox" || all[0].Address != "192.0.2.10" {
			w.Fatalf("sessions %+v", all)
		}
		current, _, err := w.gate.Session(w.Context(), here)
		if err != nil {
			w.Fatal(err)
		}
		strong, _, err := w.gate.Session(w.Context(), there)
		if err != nil || strong.FactorAt.IsZero() || !current.FactorAt.IsZero() {
			w.Errorf("second factors: here %v, there %v (%v)", current.FactorAt, strong.FactorAt, err)
		}
		if _, err := identity.RevokeSessions.Do(w.Context(), w.k, w.ga, identity.SessionKey{Handle: current.Handle}); !errors.Is(err, identity.ErrSessionUnknown) {
			w.Errorf("somebody else ended it: %v", err)
		}
		if n := must(identity.RevokeSessions.Do(w.Context(), w.k, mine, identity.SessionKey{Keep: current.Handle}))(w); n != 1 || !w.alive(here) || w.alive(there) {
			w.Errorf("%d ended; here %v, there %v", n, w.alive(here), w.alive(there))
		}
	})
}

func TestChangingTheOwnPassword(t *testing.T) {
	each(t, func(w *world) {
		sara, old := w.user("sara", policy.SalesAgent)
		a := w.actor(sara)
		for _, tt := range []struct {
			current, chosen string
			want            error
		}{
			{"wrong", "Kaffe-11-te", identity.ErrPasswordCurrent},
			{old, old, identity.ErrPasswordSame},
			{old, "short", identity.ErrPasswordShort},
			{old, "Sara-Sara-1", identity.ErrPasswordName},
		} {
			if err := w.gate.ChangePassword(w.Context(), a, tt.current, tt.chosen); !errors.Is(err, tt.want) {
				w.Errorf("to %q: got %v, want %v", tt.chosen, err, tt.want)
			}
		}
		if err := w.gate.ChangePassword(w.Context(), a, old, "Kaffe-11-te"); err != nil {
			w.Fatal(err)
		}
		if err := errors.Join(w.try(sara.Name, "Kaffe-11-te", "192.0.2.1", "")); err != nil {
			w.Errorf("with the new password: %v", err)
		}
		if err := w.try(sara.Name, old, "192.0.2.1", ""); !errors.Is(err, identity.ErrSignIn) {
			w.Errorf("with the old password: %v", err)
		}
	})
}

// enrolTOTP gives the actor an authenticator app and returns its secret and the
// recovery codes.
func (w *world) enrolTOTP(a op.Actor) (secret string, codes []string) {
	w.Helper()
	pending := must(identity.BeginTOTP.Do(w.Context(), w.k, a, identity.NewTOTP{Name: "telephone"}))(w)
	codes = must(identity.ConfirmTOTP.Do(w.Context(), w.k, a, identity.TOTPCode{ID: pending.ID, Code: w.code(pending.Secret)}))(w)
	return pending.Secret, codes
}

func (w *world) code(secret string) string {
	w.Helper()
	return must(totp.GenerateCode(secret, w.k.Wall.Now()))(w)
}

func TestAnAuthenticatorAppIsASecondFactor(t *testing.T) {
	each(t, func(w *world) {
		sara, _ := w.user("sara", policy.SalesAgent)
		a := w.actor(sara)
		pending := must(identity.BeginTOTP.Do(w.Context(), w.k, a, identity.NewTOTP{Name: "telephone"}))(w)
		if _, err := identity.ConfirmTOTP.Do(w.Context(), w.k, a, identity.TOTPCode{ID: pending.ID, Code: "000000"}); !errors.Is(err, identity.ErrFactorCode) {
			w.Errorf("confirmed with a wrong code: %v", err)
		}
		if w.person(sara).Factors != 0 {
			w.Error("an unconfirmed factor counts")
		}
		codes := must(identity.ConfirmTOTP.Do(w.Context(), w.k, a, identity.TOTPCode{ID: pending.ID, Code: w.code(pending.Secret)}))(w)
		if len(codes) != 10 || w.person(sara).Factors != identity.FactorTOTP {
			w.Errorf("%d recovery codes, factors %v", len(codes), w.person(sara).Factors)
		}
		own := must(identity.ListFactors.Do(w.Context(), w.k, a, struct{}{}))(w)
		if len(own.Factors) != 1 || own.Factors[0].Name != "telephone" || own.RecoveryCodes != 10 {
			w.Errorf("own factors %+v", own)
		}
		if _, err := identity.RemoveFactor.Do(w.Context(), w.k, a, identity.FactorKey{ID: own.Factors[0].ID}); !errors.Is(err, identity.ErrFactorLast) {
			w.Errorf("A12: the last factor was removed: %v", err)
		}
	})
}

func TestACodeIsGoodForOneSignIn(t *testing.T) {
	each(t, func(w *world) {
		sara, _ := w.user("sara", policy.SalesAgent)
		secret, recovery := w.enrolTOTP(w.actor(sara))
		prove := func(proof identity.Proof) error {
			token := must(w.gate.BeginSignIn(w.Context(), op.Actor{}, w.person(sara), identity.ByPassword))(w)
			s, err := w.gate.Prove(w.Context(), op.Actor{Address: "192.0.2.10"}, token, proof)
			if err == nil && !s.MFA() {
				w.Errorf("proved by %v without a second factor", s.Methods)
			}
			return err
		}
		if err := prove(identity.Proof{Code: w.code(secret)}); !errors.Is(err, identity.ErrFactorCode) {
			w.Errorf("the code that confirmed the app was used again: %v", err)
		}
		w.pass(time.Minute)
		if err := prove(identity.Proof{Code: w.code(secret)}); err != nil {
			w.Errorf("a fresh code: %v", err)
		}
		if err := prove(identity.Proof{Code: w.code(secret)}); !errors.Is(err, identity.ErrFactorCode) {
			w.Errorf("the same code again: %v", err)
		}
		w.pass(time.Hour)
		if err := prove(identity.Proof{Recovery: strings.ToUpper(recovery[0])}); err != nil {
			w.Errorf("a recovery code: %v", err)
		}
		if err := prove(identity.Proof{Recovery: recovery[0]}); !errors.Is(err, identity.ErrFactorCode) {
			w.Errorf("the same recovery code again: %v", err)
		}
		fresh := must(identity.NewRecoveryCodes.Do(w.Context(), w.k, w.actor(sara), struct{}{}))(w)
		if err := prove(identity.Proof{Recovery: recovery[1]}); !errors.Is(err, identity.ErrFactorCode) {
			w.Errorf("an old recovery code after new ones were made: %v", err)
		}
		if err := prove(identity.Proof{Recovery: fresh[1]}); err != nil {
			w.Errorf("a new recovery code: %v", err)
		}
		w.k.Clock.Advance(1000 * 24 * time.Hour)
		w.k.Wall.Advance(time.Minute)
		if err := prove(identity.Proof{Code: w.code(secret)}); err != nil {
			w.Errorf("the sandbox clock has travelled, the telephone has not: %v", err)
		}
	})
}

func TestOneCodeTypedTwiceAtOnceWorksOnce(t *testing.T) {
	each(t, func(w *world) {
		sara, _ := w.user("sara", policy.SalesAgent)
		secret, _ := w.enrolTOTP(w.actor(sara))
		w.pass(time.Minute)
		code := w.code(secret)
		var mu sync.Mutex
		var all sync.WaitGroup
		worked := 0
		for range 4 {
			token := must(w.gate.BeginSignIn(w.Context(), op.Actor{}, w.person(sara), identity.ByPassword))(w)
			all.Go(func() {
				_, err := w.gate.Prove(w.Context(), op.Actor{}, token, identity.Proof{Code: code})
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					worked++
				}
			})
		}
		if all.Wait(); worked != 1 {
			w.Errorf("the code worked %d times", worked)
		}
	})
}

func TestASignInUnderWayEnds(t *testing.T) {
	each(t, func(w *world) {
		sara, _ := w.user("sara", policy.SalesAgent)
		secret, _ := w.enrolTOTP(w.actor(sara))
		begin := func() string {
			return must(w.gate.BeginSignIn(w.Context(), op.Actor{}, w.person(sara), identity.ByPassword))(w)
		}
		prove := func(token, code string) error {
			_, err := w.gate.Prove(w.Context(), op.Actor{Address: id.New(today)}, token, identity.Proof{Code: code})
			return err
		}
		token := begin()
		for range 5 {
			if err := prove(token, "000000"); !errors.Is(err, identity.ErrFactorCode) {
				w.Errorf("a wrong code: %v", err)
			}
		}
		w.pass(time.Minute)
		if err := prove(token, w.code(secret)); !errors.Is(err, refusal.Unauthenticated) {
			w.Errorf("after five wrong codes: %v", err)
		}
		token = begin()
		w.pass(15 * time.Minute)
		if err := prove(token, w.code(secret)); !errors.Is(err, refusal.Unauthenticated) {
			w.Errorf("after a quarter of an hour: %v", err)
		}
		token = begin()
		if err := w.gate.EndSignIn(w.Context(), op.Actor{}, token); err != nil {
			w.Fatal(err)
		}
		if err := prove(token, w.code(secret)); !errors.Is(err, refusal.Unauthenticated) {
			w.Errorf("after it was given up: %v", err)
		}
		if err := prove("invented", w.code(secret)); !errors.Is(err, refusal.Unauthenticated) {
			w.Errorf("an invented token: %v", err)
		}
	})
}

func TestWhoMustProveASecondFactor(t *testing.T) {
	tests := []struct {
		name string
		p    identity.Person
		mode string
		want bool
	}{
		{"A12 partner", identity.Person{TenantKind: identity.PartnerTenant}, "enforce", true},
		{"V-15 operator", identity.Person{TenantKind: identity.OperatorTenant}, "enforce", true},
		{"customer without one", identity.Person{TenantKind: identity.CustomerTenant}, "enforce", false},
		{"customer with one", identity.Person{TenantKind: identity.CustomerTenant, Factors: identity.FactorTOTP}, "enforce", true},
		{"sandbox", identity.Person{TenantKind: identity.PartnerTenant, Factors: identity.FactorTOTP}, "off", false},
		{"V-15 operator, whatever the setting", identity.Person{TenantKind: identity.OperatorTenant}, "off", true},
		{"V-15 operator, report only", identity.Person{TenantKind: identity.OperatorTenant}, "report", true},
		{"report only", identity.Person{TenantKind: identity.PartnerTenant}, "report", false},
	}
	each(t, func(w *world) {
		for _, tt := range tests {
			if err := w.k.UpdateSetting(w.Context(), cli(), op.SetSetting{Name: "security.mfa", Value: tt.mode}); err != nil {
				w.Fatal(err)
			}
			if got := tt.p.NeedsFactor(w.k); got != tt.want {
				w.Errorf("%s: %v, want %v", tt.name, got, tt.want)
			}
		}
		w.k.Sandbox = true
		if tests[1].p.NeedsFactor(w.k) {
			w.Error("the operator of a sandbox needs a second factor without the setting")
		}
	})
	each(t, func(w *world) {
		if mode := identity.MFAMode(w.k); mode != "enforce" {
			w.Errorf("the default is %q", mode)
		}
		w.k.Sandbox = true
		if mode := identity.MFAMode(w.k); mode != "off" {
			w.Errorf("the default in a sandbox is %q", mode)
		}
		if err := w.k.UpdateSetting(w.Context(), cli(), op.SetSetting{Name: "security.mfa", Value: "enforce"}); err != nil {
			w.Fatal(err)
		}
		if mode := identity.MFAMode(w.k); mode != "enforce" {
			w.Errorf("set to enforce in a sandbox it is %q", mode)
		}
	})
}

func TestTidyingRemovesWhatIsLongOver(t *testing.T) {
	each(t, func(w *world) {
		sara, _ := w.user("sara", policy.SalesAgent)
		w.open(sara, identity.ByPassword)
		w.pass(8 * 24 * time.Hour)
		w.open(sara, identity.ByPassword)
		if _, err := identity.Tidy.Do(w.Context(), w.k, w.ga, struct{}{}); fault.KindOf(err) != fault.Forbidden {
			w.Errorf("a partner tidied: %v", err)
		}
		must(identity.Tidy.Do(w.Context(), w.k, cli(), struct{}{}))(w)
		var left int
		if err := w.k.DB.Pool().QueryRowContext(w.Context(), "SELECT count(*) FROM sessions").Scan(&left); err != nil || left != 1 {
			w.Errorf("%d sessions are left (%v), want 1", left, err)
		}
	})
}
