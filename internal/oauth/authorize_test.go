package oauth_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"comptoir/internal/identity"
	"comptoir/internal/oauth/signin"
	"comptoir/internal/policy"
)

const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

func challenge() string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// ask is a good request to the authorize page.
func (w *world) ask(pairs ...string) string {
	q := form("client_id", string(w.robot.App.ID), "response_type", "code", "redirect_uri", callback, "state", "s+1 &",
		"scope", partnerAPI+"/.default openid profile offline_access", "code_challenge", challenge(), "code_challenge_method", "S256", "nonce", "n-1")
	return "/" + w.partner.Domain + "/oauth2/v2.0/authorize?" + with(q, pairs...).Encode()
}

// sent returns what was sent to the redirect address.
func (b *browser) sent() url.Values {
	b.Helper()
	to := must(url.Parse(b.left))(b)
	if to.Fragment != "" {
		return must(url.ParseQuery(to.EscapedFragment()))(b)
	}
	return to.Query()
}

// redeem presents a code.
func (w *world) redeem(code string, pairs ...string) answer {
	return w.post(w.v2(), with(form("grant_type", "authorization_code", "client_id", string(w.robot.App.ID), "client_secret", w.robot.Secret,
		"code", code, "redirect_uri", callback, "code_verifier", verifier), pairs...))
}

func TestACodeIsExchangedForTokens(t *testing.T) {
	each(t, func(w *world) {
		b := w.browser().open(w.ask())
		if b.at.Path != "/signin" {
			w.Fatalf("signed out one sees %s", b.at)
		}
		b.signIn(w.sara)
		sent := b.sent()
		if !strings.HasPrefix(b.left, callback+"?") || sent.Get("state") != "s+1 &" || sent.Get("code") == "" {
			w.Fatalf("led to %q (%d, %s)", b.left, b.status, b.says("body"))
		}
		a := w.redeem(sent.Get("code"))
		if a.status != 200 || a.text("refresh_token") == "" || claims(w, a.text("id_token"))["nonce"] != "n-1" {
			w.Fatalf("exchanged: %s", a.raw)
		}
		if me := w.me("/v1", a.text("access_token")); me.text("User") != string(w.sara.User.ID) {
			w.Errorf("the API sees %s", me.raw)
		}
		if b.open(w.ask("state", "2")); b.sent().Get("state") != "2" {
			w.Errorf("signed in already one is led to %q", b.left)
		}
	})
}

func TestACodeIsGoodOnceAndForItsClientOnly(t *testing.T) {
	each(t, func(w *world) {
		b := w.browser().open(w.ask()).signIn(w.sara)
		code := func() string { return b.open(w.ask()).sent().Get("code") }
		for name, tt := range map[string]struct {
			a    answer
			code int
		}{
			"without the verifier":   {w.redeem(code(), "code_verifier", ""), 501481},
			"with another verifier":  {w.redeem(code(), "code_verifier", strings.ToUpper(verifier)), 501481},
			"with another address":   {w.redeem(code(), "redirect_uri", "https://app.example/other"), 50011},
			"without the secret":     {w.redeem(code(), "client_secret", ""), 7000218},
			"by another client":      {w.redeem(code(), "client_id", string(w.desktop.App.ID), "client_secret", ""), 70000},
			"for another tenant":     {w.post("/"+otherDomain(w)+"/oauth2/v2.0/token", with(form("grant_type", "authorization_code", "client_id", string(w.robot.App.ID), "client_secret", w.robot.Secret, "code_verifier", verifier), "code", code())), 50020},
			"without the address it": {w.redeem(code(), "redirect_uri", ""), 0},
		} {
			if tt.a.code() != tt.code {
				w.Errorf("%s: %s", name, tt.a.raw)
			}
		}
		stolen := code()
		first := w.redeem(stolen)
		if again := w.redeem(stolen); again.code() != 54005 {
			w.Errorf("redeemed twice: %s", again.raw)
		}
		refresh := w.post(w.v2(), with(w.robotForm(), "grant_type", "refresh_token", "refresh_token", first.text("refresh_token")))
		if refresh.code() != 70000 {
			w.Errorf("what came of a stolen code goes on: %s", refresh.raw)
		}
		late := code()
		w.k.Wall.Advance(11 * time.Minute)
		if a := w.redeem(late); a.code() != 70008 {
			w.Errorf("eleven minutes later: %s", a.raw)
		}
	})
}

func otherDomain(w *world) string {
	p, _ := w.other()
	return p.Domain
}

func TestAPublicClientMustUseAChallenge(t *testing.T) {
	quickly(t, func(w *world) {
		b := w.browser().open("/signin").signIn(w.sara)
		desktop := []string{"client_id", string(w.desktop.App.ID), "redirect_uri", "http://localhost:41234"}
		b.open(w.ask(append(desktop, "code_challenge", "")...))
		if got := b.sent(); got.Get("error") != "invalid_request" {
			w.Errorf("without a challenge: %v", got)
		}
		b.open(w.ask(desktop...))
		if !strings.HasPrefix(b.left, "http://localhost:41234?") {
			w.Fatalf("led to %q", b.left)
		}
		a := w.post(w.v2(), form("grant_type", "authorization_code", "client_id", string(w.desktop.App.ID), "code", b.sent().Get("code"), "redirect_uri", "http://localhost:41234", "code_verifier", verifier))
		if a.status != 200 {
			w.Errorf("exchanged: %s", a.raw)
		}
		plain := slices.Concat(desktop, []string{"code_challenge", verifier, "code_challenge_method", "plain"})
		b.open(w.ask(plain...))
		a = w.post(w.v2(), form("grant_type", "authorization_code", "client_id", string(w.desktop.App.ID), "code", b.sent().Get("code"), "code_verifier", verifier))
		if a.status != 200 {
			w.Errorf("with a plain challenge: %s", a.raw)
		}
	})
}

// Nobody is led to an address that is not the application's.
func TestTheAuthorizePageLeadsNobodyAway(t *testing.T) {
	quickly(t, func(w *world) {
		b := w.browser().open("/signin").signIn(w.sara)
		for _, evil := range []string{
			"https://evil.example/callback", callback + ".evil.example", callback + "/../x", callback + "?x=1", "https://app.example@evil.example/callback",
			"//evil.example", "javascript:alert(1)", "https://app.example/CALLBACK", "http://app.example/callback", callback + "#x", "http://localhost",
		} {
			b.open(w.ask("redirect_uri", evil))
			if b.left != "" || b.status != 400 || !strings.Contains(b.raw, "AADSTS50011") {
				w.Errorf("%q: %d, led to %q", evil, b.status, b.left)
			}
		}
		for name, pairs := range map[string][]string{
			"unknown client":                    {"client_id", "0b2f6f5e-5a1c-4c8f-9f57-0a8f2f6b9a11"},
			"no client":                         {"client_id", ""},
			"no address, and several are known": {"redirect_uri", ""},
			"a client that is markup":           {"client_id", "<script>alert(1)</script>"},
		} {
			if b.open(w.ask(pairs...)); b.left != "" || b.status != 400 || strings.Contains(b.raw, "<script>alert") {
				w.Errorf("%s: %d, led to %q", name, b.status, b.left)
			}
		}
		w.browser().open("/signin?back=" + url.QueryEscape("https://evil.example")).signIn(w.sara)
		for _, back := range []string{"https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "evil", "/%09/evil.example", "\thttps://evil.example"} {
			c := w.browser().open("/signin?back=" + url.QueryEscape(back)).signIn(w.sara)
			if c.left != "" || c.at.Host != b.at.Host {
				w.Errorf("after sign-in %q leads to %s %s", back, c.at, c.left)
			}
		}
	})
}

func TestErrorsGoBackToTheApplication(t *testing.T) {
	quickly(t, func(w *world) {
		b := w.browser()
		for name, tt := range map[string]struct {
			pairs []string
			want  string
		}{
			"nobody signed in, silently":  {[]string{"prompt", "none"}, "login_required"},
			"another response type":       {[]string{"response_type", "token"}, "unsupported_response_type"},
			"no response type":            {[]string{"response_type", ""}, "unsupported_response_type"},
			"another response mode":       {[]string{"response_mode", "web_message"}, "invalid_request"},
			"no scope":                    {[]string{"scope", ""}, "invalid_request"},
			"a challenge of another kind": {[]string{"code_challenge_method", "S512"}, "invalid_request"},
			"a short challenge":           {[]string{"code_challenge", "x"}, "invalid_request"},
			"an id_token without nonce":   {[]string{"response_type", "code id_token", "nonce", ""}, "invalid_request"},
		} {
			b.open(w.ask(tt.pairs...))
			if got := b.sent(); got.Get("error") != tt.want || got.Get("state") != "s+1 &" || !strings.HasPrefix(got.Get("error_description"), "AADSTS") {
				w.Errorf("%s: %v (%d %s)", name, got, b.status, b.left)
			}
		}
	})
}

func TestTheCodeComesBackInTheWayThatWasAsked(t *testing.T) {
	quickly(t, func(w *world) {
		b := w.browser().open("/signin").signIn(w.sara)
		b.open(w.ask("response_mode", "fragment"))
		if !strings.Contains(b.left, "#") || b.sent().Get("code") == "" {
			w.Errorf("fragment: %q", b.left)
		}
		b.open(w.ask("response_type", "id_token code"))
		if id := claims(w, b.sent().Get("id_token")); id["nonce"] != "n-1" || id["c_hash"] == nil || id["aud"] != string(w.robot.App.ID) {
			w.Errorf("hybrid: %v", id)
		}
		b.open(w.ask("response_mode", "form_post", "state", `"><script>x</script>`))
		f := b.find("form")
		if len(f) != 1 || attr(f[0], "action") != callback || attr(b.find(`input[name="state"]`)[0], "value") != `"><script>x</script>` {
			w.Fatalf("form_post: %s", b.raw)
		}
		if a := w.redeem(attr(b.find(`input[name="code"]`)[0], "value")); a.status != 200 {
			w.Errorf("form_post: %s", a.raw)
		}
		if csp := b.header.Get("Content-Security-Policy"); !strings.Contains(csp, "script-src 'sha256-") || strings.Contains(csp, "unsafe") {
			w.Errorf("form_post: policy %q", csp)
		}
		b.open("/" + w.partner.Domain + "/oauth2/authorize?" + form("client_id", string(w.robot.App.ID), "response_type", "code", "redirect_uri", callback, "resource", "https://graph.windows.net").Encode())
		a := w.post(w.v1(), form("grant_type", "authorization_code", "client_id", string(w.robot.App.ID), "client_secret", w.robot.Secret, "code", b.sent().Get("code"), "resource", "https://graph.windows.net"))
		if a.status != 200 || a.text("resource") != "https://graph.windows.net" || claims(w, a.text("access_token"))["ver"] != "1.0" {
			w.Errorf("version 1: %s", a.raw)
		}
	})
}

func TestPromptsAreKept(t *testing.T) {
	quickly(t, func(w *world) {
		b := w.browser().open("/signin").signIn(w.sara)
		if b.open(w.ask("prompt", "login")); b.at.Path != "/signin" || b.left != "" {
			w.Errorf("login: %s %s", b.at, b.left)
		}
		if b.signIn(w.sara); b.sent().Get("code") == "" {
			w.Errorf("after login: %s", b.at)
		}
		b.open(w.ask("prompt", "select_account"))
		if on := b.find("a.btn.primary"); len(on) != 1 || !strings.Contains(b.says("body"), w.sara.User.Name) {
			w.Fatalf("select_account: %s", b.says("body"))
		} else if b.open(attr(on[0], "href")); b.sent().Get("code") == "" {
			w.Errorf("after choosing the account: %s", b.at)
		}
		if b.open(w.ask("login_hint", "ida@nordmolnet.example")); b.at.Path != "/signin" || attr(b.find(`input[name="username"]`)[0], "value") != "ida@nordmolnet.example" {
			w.Errorf("a hint at somebody else: %s", b.at)
		}
		if b.open(w.ask("login_hint", strings.ToUpper(w.sara.User.Name))); b.sent().Get("code") == "" {
			w.Errorf("a hint at who is signed in: %s", b.at)
		}
	})
}

func TestAPersonAllowsAForeignApplicationOnce(t *testing.T) {
	each(t, func(w *world) {
		_, olle := w.other()
		shared := w.app(identity.NewApp{Name: "Control panel", MultiTenant: true, RedirectURIs: []string{callback}})
		ask := func(pairs ...string) string {
			address := w.ask(append([]string{"client_id", string(shared.App.ID)}, pairs...)...)
			return strings.Replace(address, "/"+w.partner.Domain+"/", "/common/", 1)
		}
		redeem := func(code string) answer {
			return w.post("/common/oauth2/v2.0/token", form("grant_type", "authorization_code", "client_id", string(shared.App.ID), "client_secret", shared.Secret, "code", code, "code_verifier", verifier))
		}
		password := form("grant_type", "password", "client_id", string(shared.App.ID), "client_secret", shared.Secret, "username", olle.User.Name, "password", olle.Password, "scope", partnerAPI+"/.default")
		if a := w.post("/common/oauth2/v2.0/token", password); a.code() != 65001 || a.text("suberror") != "consent_required" {
			w.Errorf("65001: %s", a.raw)
		}
		b := w.browser().open("/signin").signIn(olle)
		if b.open(ask("prompt", "none")); b.sent().Get("error") != "interaction_required" {
			w.Errorf("silently: %q", b.left)
		}
		b.open(ask())
		if b.left != "" || !strings.Contains(b.says("body"), "Control panel") || !strings.Contains(b.says("body"), "Nordmolnet AB") {
			w.Fatalf("no question: %s", b.says("body"))
		}
		if csp := b.header.Get("Content-Security-Policy"); !strings.Contains(csp, "form-action 'self' https://app.example;") {
			w.Errorf("the browser would stop the way back: %s", csp)
		}
		if b.submit("decision", "decline"); b.sent().Get("error") != "access_denied" {
			w.Errorf("declined: %q", b.left)
		}
		b.open(ask()).submit("decision", "accept")
		if a := redeem(b.sent().Get("code")); a.status != 200 || claims(w, a.text("access_token"))["tid"] != string(olle.User.Tenant) {
			w.Fatalf("accepted: %s", a.raw)
		}
		if b.open(ask()); b.sent().Get("code") == "" {
			w.Errorf("asked again: %s", b.says("body"))
		}
		if a := w.post("/common/oauth2/v2.0/token", password); a.status != 200 {
			w.Errorf("with a password after consent: %s", a.raw)
		}
		b.open(ask())
		refresh := form("grant_type", "refresh_token", "client_id", string(shared.App.ID), "client_secret", shared.Secret, "refresh_token", redeem(b.sent().Get("code")).text("refresh_token"))
		if a := w.post("/common/oauth2/v2.0/token", refresh); a.status != 200 {
			w.Errorf("refreshed: %s", a.raw)
		}
		b.open(signin.SecurityPath)
		if !strings.Contains(b.says("#applications"), "Control panel") {
			w.Fatalf("the security page lists %s", b.says("#applications"))
		}
		b.submitForm("#withdraw-consent", "app", string(shared.App.ID))
		if a := w.post("/common/oauth2/v2.0/token", refresh); a.code() != 70000 {
			w.Errorf("refreshed after consent was withdrawn: %s", a.raw)
		}
		if a := w.post("/common/oauth2/v2.0/token", password); a.code() != 65001 {
			w.Errorf("with a password after consent was withdrawn: %s", a.raw)
		}
		private := strings.Replace(w.ask(), "/"+w.partner.Domain+"/", "/common/", 1)
		if b.open(private); b.left != "" || !strings.Contains(b.raw, "AADSTS700016") {
			w.Errorf("somebody else's private application: %d %q", b.status, b.left)
		}
		if b.open(w.ask()); b.left != "" || !strings.Contains(b.raw, "AADSTS50020") {
			w.Errorf("in somebody else's organisation: %d %q", b.status, b.left)
		}
	})
}

func TestAnAdministratorAllowsAnApplicationForAll(t *testing.T) {
	each(t, func(w *world) {
		other, olle := w.other()
		shared := w.app(identity.NewApp{Name: "Control panel", MultiTenant: true, RedirectURIs: []string{callback}, Roles: policy.AdminAgent})
		address := "/" + other.Domain + "/adminconsent?" + form("client_id", string(shared.App.ID), "redirect_uri", callback, "state", "12").Encode()
		alone := form("grant_type", "client_credentials", "client_id", string(shared.App.ID), "client_secret", shared.Secret, "scope", partnerAPI+"/.default")
		if a := w.post("/"+other.Domain+"/oauth2/v2.0/token", alone); a.code() != 700016 {
			w.Errorf("before: %s", a.raw)
		}
		b := w.browser().open("/signin").signIn(olle)
		if b.open(address); !strings.Contains(b.says("body"), "Admin agent") {
			w.Fatalf("the question does not name the roles: %s", b.says("body"))
		}
		b.submit("decision", "accept")
		if got := b.sent(); got.Get("admin_consent") != "True" || got.Get("tenant") != string(other.Tenant) || got.Get("state") != "12" {
			w.Fatalf("led to %q: %s", b.left, b.says("body"))
		}
		a := w.post("/"+other.Domain+"/oauth2/v2.0/token", alone)
		if c := claims(w, a.text("access_token")); c["tid"] != string(other.Tenant) {
			w.Errorf("after: %s", a.raw)
		}
		typed := form("grant_type", "password", "client_id", string(shared.App.ID), "client_secret", shared.Secret, "username", olle.User.Name, "password", olle.Password, "scope", partnerAPI+"/.default offline_access")
		refresh := w.post("/common/oauth2/v2.0/token", typed).text("refresh_token")
		renew := form("grant_type", "refresh_token", "client_id", string(shared.App.ID), "client_secret", shared.Secret, "refresh_token", refresh)
		if a := w.post("/common/oauth2/v2.0/token", renew); a.text("access_token") == "" {
			w.Errorf("renewed: %s", a.raw)
		}
		must(identity.WithdrawConsent.Do(w.Context(), w.k, must(w.gate.Person(w.Context(), other.Tenant, olle.User.ID))(w).Actor("", true), identity.ConsentForAll{App: shared.App.ID}))(w)
		if a := w.post("/"+other.Domain+"/oauth2/v2.0/token", alone); a.code() != 700016 {
			w.Errorf("by itself after consent was withdrawn: %s", a.raw)
		}
		if a := w.post("/common/oauth2/v2.0/token", renew); a.code() != 65001 {
			w.Errorf("for a person after consent was withdrawn: %s", a.raw)
		}
		b = w.browser().open("/signin").signIn(w.sara)
		own := w.app(identity.NewApp{Name: "Own", RedirectURIs: []string{callback}})
		b.open("/" + w.partner.Domain + "/adminconsent?" + form("client_id", string(own.App.ID), "redirect_uri", callback).Encode())
		if b.submit("decision", "accept"); b.left != "" || b.status != 400 {
			w.Errorf("an Admin agent consented for all: %d %q", b.status, b.left)
		}
	})
}
