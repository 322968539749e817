package signin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"comptoir/internal/db/dbtest"
	"comptoir/internal/identity"
	"comptoir/internal/oauth/signin"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

// Portal 0.7: a deep link leads to sign-in and back.
func TestSigningInLeadsBackToTheLink(t *testing.T) {
	each(t, func(w *world) {
		b := w.browser().open(signin.Address("/customers/5b6d?tab=1&q=a%20b"))
		if b.status != 200 || len(b.find(`input[autocomplete="username"]`)) != 1 {
			w.Fatalf("%d %s", b.status, b.says("body"))
		}
		b.signIn(w.sara)
		if b.at.RequestURI() != "/customers/5b6d?tab=1&q=a%20b" || !b.signedInAs(w.sara.User.Name) {
			w.Errorf("led to %s: %s", b.at, b.raw)
		}
		if b.open(signin.Address("/home")); b.at.Path != "/home" {
			w.Errorf("signed in already one is led to %s", b.at)
		}
		for _, c := range b.client.Jar.Cookies(b.at) {
			if !strings.HasPrefix(c.Name, "__Host-comptoir-") {
				w.Errorf("cookie %s", c.Name)
			}
		}
	})
}

func TestCookiesAreKeptFromScriptsAndOtherSites(t *testing.T) {
	for _, tls := range []bool{true, false} {
		w := newWorld(t, dbtest.SQLite(t), tls, nil)
		b := w.browser().open("/signin")
		action, values := b.form("username", w.sara.User.Name, "password", w.sara.Password)
		b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		b.post(action, values, "Sec-Fetch-Site", "same-origin")
		seen := 0
		for _, c := range (&http.Response{Header: b.header}).Cookies() {
			if !strings.HasSuffix(c.Name, "comptoir-session") {
				continue
			}
			seen++
			if !c.HttpOnly || c.Secure != tls || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || strings.HasPrefix(c.Name, "__Host-") != tls || c.MaxAge != 0 {
				t.Errorf("TLS %v: %s", tls, c)
			}
		}
		if seen != 1 {
			t.Errorf("TLS %v: %d session cookies in %v", tls, seen, b.header)
		}
	}
}

func TestAWrongPasswordSaysNoMoreThanAWrongName(t *testing.T) {
	quickly(t, func(w *world) {
		say := func(name, password string) string {
			b := w.browser().open("/signin").submit("username", name, "password", password)
			if b.status != 401 || strings.Contains(b.raw, w.sara.Password+"<") {
				w.Errorf("%s: %d", name, b.status)
			}
			return b.says(".message, [role=alert], .sign-in-card")
		}
		wrong, unknown := say(w.sara.User.Name, "wrong"), say("nobody@nordmolnet.example", "wrong")
		if wrong != unknown || wrong == "" {
			w.Errorf("wrong password: %q, unknown name: %q", wrong, unknown)
		}
		for range 5 {
			say2 := w.browser().open("/signin").submit("username", w.sara.User.Name, "password", "wrong")
			if say2.status == http.StatusTooManyRequests {
				return
			}
		}
		w.Error("guessing never has to wait")
	})
}

func TestTheSandboxOffersItsAccountsAndNobodyElseDoes(t *testing.T) {
	quickly(t, func(w *world) {
		b := w.browser().open("/signin")
		if !strings.Contains(b.says("table"), "Sara Ek") || !strings.Contains(b.says("table"), "Admin agent") {
			w.Fatalf("accounts: %s", b.says("body"))
		}
		if strings.Contains(b.raw, w.sara.Password) {
			w.Error("a password stands in the page")
		}
		b.click(`table button[name="account"]`)
		if !b.signedInAs(w.sara.User.Name) {
			w.Errorf("after the button: %s", b.raw)
		}
		w.k.Sandbox = false
		if b := w.browser().open("/signin"); len(b.find("table")) != 0 || strings.Contains(b.raw, w.sara.Password) {
			w.Error("outside a sandbox the accounts are shown")
		}
	})
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	quickly(t, func(w *world) {
		b := w.browser().open("/signin").signIn(w.sara)
		token := w.csrf(b)
		good := url.Values{"csrf": {token}, "x": {"1"}}
		tests := []struct {
			name    string
			values  url.Values
			headers []string
			status  int
		}{
			{"our own form", good, []string{"Sec-Fetch-Site", "same-origin"}, 200},
			{"our own, from an old browser", good, []string{"Origin", w.web.URL}, 200},
			{"our own, from a browser that says nothing", good, nil, 200},
			{"our script", nil, []string{"Sec-Fetch-Site", "same-origin", "X-CSRF-Token", token}, 200},
			{"another site", good, []string{"Sec-Fetch-Site", "cross-site"}, 403},
			{"another host of the domain", good, []string{"Sec-Fetch-Site", "same-site"}, 403},
			{"another site, from an old browser", good, []string{"Origin", "https://evil.example"}, 403},
			{"without the token", url.Values{"x": {"1"}}, []string{"Sec-Fetch-Site", "same-origin"}, 403},
			{"with another token", url.Values{"csrf": {"x"}}, []string{"Sec-Fetch-Site", "same-origin"}, 403},
			{"files from here", nil, []string{"Content-Type", "multipart/form-data; boundary=x", "Sec-Fetch-Site", "same-origin"}, 200},
			{"files from nowhere", nil, []string{"Content-Type", "multipart/form-data; boundary=x"}, 403},
		}
		for _, tt := range tests {
			if b.open("/page"); b.post("/page", tt.values, tt.headers...).status != tt.status {
				w.Errorf("%s: %d, want %d", tt.name, b.status, tt.status)
			}
		}
		stranger := w.browser().open("/page")
		if stranger.post("/page", good, "Sec-Fetch-Site", "same-origin").status != 403 {
			w.Error("the token of one browser is good in another")
		}
	})
}

// csrf returns the token of the forms in a browser.
func (w *world) csrf(b *browser) string {
	w.Helper()
	b.open("/signin?again=1")
	_, values := b.form("username", "")
	return values.Get("csrf")
}

func TestSigningOutEndsTheSession(t *testing.T) {
	each(t, func(w *world) {
		b := w.browser().open("/signin").signIn(w.sara)
		copied := w.browser()
		copied.client.Jar.SetCookies(b.at, b.client.Jar.Cookies(b.at))
		if b.open(signin.OutPath); !b.open("/page").signedInAs(w.sara.User.Name) {
			w.Error("following a link signed out")
		}
		b.open(signin.OutPath).press(signin.OutPath)
		if b.at.Path != "/signin" || b.open("/page").signedInAs(w.sara.User.Name) {
			w.Errorf("after signing out: %s %s", b.at, b.raw)
		}
		if copied.open("/page").signedInAs(w.sara.User.Name) {
			w.Error("a copy of the cookie is still good")
		}
	})
}

func TestSigningInMakesANewSession(t *testing.T) {
	quickly(t, func(w *world) {
		b := w.browser().open("/signin").signIn(w.sara)
		session := func() string {
			for _, c := range b.client.Jar.Cookies(b.at) {
				if strings.HasSuffix(c.Name, "-session") {
					return c.Value
				}
			}
			return ""
		}
		before := session()
		b.open(signin.Again("/page")).signIn(w.sara)
		if session() == before {
			w.Error("the session stayed the same")
		}
		if _, _, err := w.gate.Session(w.Context(), before); err == nil {
			w.Error("the old session goes on")
		}
	})
}

func TestATemporaryPasswordHasToBeChanged(t *testing.T) {
	each(t, func(w *world) {
		fresh := w.user(identity.NewUser{Name: "olle", FirstName: "Olle", Roles: policy.SalesAgent})
		b := w.browser().open(signin.Address("/customers")).signIn(fresh)
		if b.at.Path != "/signin/password" {
			w.Fatalf("led to %s", b.at)
		}
		if b.open("/page").signedInAs(fresh.User.Name) {
			w.Error("signed in with a temporary password")
		}
		b.open("/signin/password?back=/customers")
		for password, repeat := range map[string]string{"Kaffe-11-te": "Kaffe-12-te", "short": "short", "Olle-Olle-1": "Olle-Olle-1", fresh.Password: fresh.Password} {
			if b.submit("password", password, "repeat", repeat); b.status != 400 || b.at.Path != "/signin/password" {
				w.Errorf("%q and %q: %d %s", password, repeat, b.status, b.at)
			}
		}
		b.submit("password", "Kaffe-11-te", "repeat", "Kaffe-11-te")
		if b.at.Path != "/customers" || !b.signedInAs(fresh.User.Name) {
			w.Fatalf("led to %s: %s", b.at, b.raw)
		}
		fresh.Password = "Kaffe-11-te"
		if b := w.browser().open("/signin").signIn(fresh); !b.signedInAs(fresh.User.Name) {
			w.Errorf("with the new password: %s", b.at)
		}
	})
}

// Rule A12: outside a sandbox, or where security.mfa says so.
func TestAPartnersUserSetsUpASecondFactorAndUsesIt(t *testing.T) {
	each(t, func(w *world) {
		w.set("security.mfa", "enforce")
		b := w.browser().open(signin.Address("/customers")).signIn(w.sara)
		if b.at.Path != "/signin/enrol" || len(b.find("svg.qr path")) != 1 {
			w.Fatalf("led to %s: %s", b.at, b.says("body"))
		}
		secret := b.says("dd code, dd .mono, dd .id")
		if secret == "" {
			w.Fatalf("no secret on %s", b.raw)
		}
		secret, _, _ = strings.Cut(secret, " ")
		if b.submit("code", "000000"); b.status != 400 || !strings.Contains(b.raw, secret) {
			w.Errorf("a wrong code: %d, the same secret %v", b.status, strings.Contains(b.raw, secret))
		}
		b.submit("code", w.code(secret))
		codes := strings.Fields(attr(b.find("#codes")[0], "value"))
		if len(codes) != 10 {
			w.Fatalf("recovery codes %v", codes)
		}
		if b.submit("saved", ""); b.status != 400 || strings.Contains(b.raw, codes[0]) {
			w.Fatalf("without the tick that the codes are saved: %d", b.status)
		}
		if b.submit("saved", "yes"); b.at.Path != "/customers" || !strings.Contains(b.raw, "mfa true") {
			w.Fatalf("led to %s: %s", b.at, b.raw)
		}
		w.k.Wall.Advance(time.Minute)
		b = w.browser().open(signin.Address("/customers")).signIn(w.sara)
		if b.at.Path != "/signin/factor" || b.open("/page").signedInAs(w.sara.User.Name) {
			w.Fatalf("with the password alone: %s", b.at)
		}
		b.open("/signin/factor?back=/customers")
		if b.submit("code", "000000"); b.status != 400 {
			w.Errorf("a wrong code: %d", b.status)
		}
		if b.submit("code", w.code(secret)); b.at.Path != "/customers" || !strings.Contains(b.raw, "mfa true") {
			w.Errorf("led to %s: %s", b.at, b.raw)
		}
		b = w.browser().open("/signin").signIn(w.sara)
		b.open(attr(b.find(`a[href*="recovery"]`)[0], "href"))
		if b.submit("recovery", codes[0]); !strings.Contains(b.raw, "mfa true") {
			w.Errorf("with a recovery code: %d %s", b.status, b.at)
		}
	})
}

func TestTheStepsOfASignInCannotBePassedOver(t *testing.T) {
	quickly(t, func(w *world) {
		w.set("security.mfa", "enforce")
		fresh := w.user(identity.NewUser{Name: "olle", Roles: policy.SalesAgent})
		for _, path := range []string{"/signin/factor", "/signin/password", "/signin/enrol"} {
			if b := w.browser().open(path + "?back=/customers"); b.at.Path != "/signin" {
				w.Errorf("%s without a password leads to %s", path, b.at)
			}
		}
		b := w.browser().open("/signin").signIn(fresh)
		_, values := b.form("password", "Kaffe-11-te", "repeat", "Kaffe-11-te")
		b.post("/signin/enrol/done", values, "Sec-Fetch-Site", "same-origin")
		if b.open("/page").signedInAs(fresh.User.Name) {
			w.Error("signed in without changing the password")
		}
		b.open("/signin/enrol")
		if b.at.Path != "/signin/password" {
			w.Errorf("before the password one sees %s", b.at)
		}
		b.submit("password", "Kaffe-11-te", "repeat", "Kaffe-11-te")
		if b.at.Path != "/signin/enrol" {
			w.Fatalf("after the password one sees %s", b.at)
		}
		b.post("/signin/enrol/done", values, "Sec-Fetch-Site", "same-origin")
		if b.open("/page").signedInAs(fresh.User.Name) {
			w.Error("signed in without a second factor")
		}
	})
}

// Rule A12: a customer's admin proves a second factor when he accepts something.
func TestACustomersAdminIsAskedForASecondFactorWhenItMatters(t *testing.T) {
	each(t, func(w *world) {
		w.set("security.mfa", "enforce")
		made := must(addCustomer.Do(w.Context(), w.k, op.System("", 0, op.ViaCLI), identity.NewCustomerTenant{Name: "Fjällbageri AB", Country: "SE", Domain: "fjallbageri.example"}))(w)
		p := must(w.gate.Person(w.Context(), made.ID, made.Admin))(w)
		if err := w.gate.ReplacePassword(w.Context(), p.Actor("", false), "Kaffe-11-te"); err != nil {
			w.Fatal(err)
		}
		b := w.browser().open("/signin").submit("username", made.AdminUserName, "password", "Kaffe-11-te")
		if !strings.Contains(b.raw, "mfa false") {
			w.Fatalf("%s %s", b.at, b.raw)
		}
		b.open(signin.Verify("/admin/invitation/1"))
		if b.at.Path != "/signin/enrol" {
			w.Fatalf("led to %s", b.at)
		}
		secret, _, _ := strings.Cut(b.says("dd code, dd .mono, dd .id"), " ")
		b.submit("code", w.code(secret)).submit("saved", "yes")
		if b.at.Path != "/admin/invitation/1" || !strings.Contains(b.raw, "mfa true") {
			w.Fatalf("led to %s: %s", b.at, b.raw)
		}
		if b.open(signin.Verify("/admin")); b.at.Path != "/admin" {
			w.Errorf("asked again at once: %s", b.at)
		}
		w.k.Wall.Advance(16 * time.Minute)
		if b.open(signin.Verify("/admin")); b.at.Path != "/signin/factor" {
			w.Errorf("after a quarter of an hour: %s", b.at)
		}
	})
}

var addCustomer = op.Define(op.Spec{Name: "test.customer.add", Action: "customer.add", Write: true},
	identity.CreateCustomerTenant)

func TestPeopleLookAfterTheirSecurity(t *testing.T) {
	each(t, func(w *world) {
		b := w.browser().open(signin.Address(signin.SecurityPath)).signIn(w.sara)
		if b.at.Path != signin.SecurityPath || !strings.Contains(b.says("#sessions"), "Firefox on Linux") {
			w.Fatalf("%s %d: %s", b.at, b.status, b.says("body"))
		}
		elsewhere := w.browser().open("/signin").signIn(w.sara)
		if b.open(signin.SecurityPath); len(b.find("#sessions tbody tr")) != 2 {
			w.Errorf("sessions: %s", b.says("#sessions"))
		}
		third := w.browser().open("/signin").signIn(w.sara)
		b.open(signin.SecurityPath).click(`#sessions button[name="handle"]`)
		if third.open("/page").signedInAs(w.sara.User.Name) == elsewhere.open("/page").signedInAs(w.sara.User.Name) {
			w.Error("ending one session ended both or none")
		}
		if b.post(signin.SecurityPath+"/sessions/end", url.Values{"csrf": {attr(b.find(`#end-session [name="csrf"]`)[0], "value")}}, "Sec-Fetch-Site", "same-origin").status != 200 {
			w.Errorf("signing out everywhere else: %d", b.status)
		}
		if third.open("/page").signedInAs(w.sara.User.Name) || elsewhere.open("/page").signedInAs(w.sara.User.Name) || !b.open("/page").signedInAs(w.sara.User.Name) {
			w.Error("signing out everywhere else")
		}
		b.open(signin.SecurityPath).submit("name", "my telephone")
		secret, _, _ := strings.Cut(b.says("dd code, dd .mono, dd .id"), " ")
		b.submit("code", w.code(secret))
		if len(b.find("#codes")) != 1 {
			w.Fatalf("no recovery codes: %s", b.says("body"))
		}
		b.submit("saved", "yes")
		if !strings.Contains(b.says("#factors"), "my telephone") || !strings.Contains(b.says("#recovery"), "10") {
			w.Errorf("factors: %s; %s", b.says("#factors"), b.says("#recovery"))
		}
		b.press(signin.SecurityPath+"/recovery").submit("saved", "yes")
		b.open(attr(b.find(`#factors td a[href*="remove"]`)[0], "href")).submit("id", b.at.Query().Get("id"))
		if b.at.Path != signin.SecurityPath || b.status != 200 || strings.Contains(b.says("#factors"), "my telephone") {
			w.Errorf("after it was removed: %s", b.says("#factors"))
		}
	})
}

func TestChangingThePasswordKeepsThisBrowserOnly(t *testing.T) {
	quickly(t, func(w *world) {
		b, elsewhere := w.browser().open("/signin").signIn(w.sara), w.browser().open("/signin").signIn(w.sara)
		w.k.Wall.Advance(time.Second)
		b.open(signin.SecurityPath)
		if b.submit("current", "wrong", "password", "Kaffe-11-te", "repeat", "Kaffe-11-te"); b.status != 400 || !strings.Contains(b.says("#current-error"), " ") {
			w.Errorf("a wrong current password: %d %s", b.status, b.says("#password"))
		}
		if b.submit("current", w.sara.Password, "password", "Kaffe-11-te", "repeat", "x"); b.status != 400 {
			w.Errorf("two different passwords: %d", b.status)
		}
		b.submit("current", w.sara.Password, "password", "Kaffe-11-te", "repeat", "Kaffe-11-te")
		if !b.open("/page").signedInAs(w.sara.User.Name) || elsewhere.open("/page").signedInAs(w.sara.User.Name) {
			w.Errorf("here %v, elsewhere %v", b.signedInAs(w.sara.User.Name), elsewhere.signedInAs(w.sara.User.Name))
		}
	})
}

func TestABrowserLeftOpenCannotTakeTheAccountOver(t *testing.T) {
	quickly(t, func(w *world) {
		b := w.browser().open("/signin").signIn(w.sara)
		b.open(signin.SecurityPath)
		w.k.Wall.Advance(16 * time.Minute)
		b.submit("name", "thief's telephone")
		if b.at.Path != "/signin" || b.at.Query().Get("again") == "" {
			w.Errorf("led to %s", b.at)
		}
	})
}

func TestTheSignInPageSpeaksThreeLanguages(t *testing.T) {
	quickly(t, func(w *world) {
		b := w.browser()
		for tag, want := range map[string]string{"en": "User name", "fr": "Nom d’utilisateur", "sv": "Användarnamn"} {
			if b.open("/signin?back=%2Fhome&lang=" + tag); !strings.Contains(b.says("label"), want) || attr(b.find("html")[0], "lang") != tag {
				w.Errorf("%s: %s", tag, b.says("label"))
			}
			if b.open("/signin"); !strings.Contains(b.says("label"), want) {
				w.Errorf("%s is not remembered: %s", tag, b.says("label"))
			}
		}
		for _, href := range b.find(".sign-in-foot a") {
			if !strings.HasPrefix(attr(href, "href"), "/signin?") {
				w.Errorf("link %q", attr(href, "href"))
			}
		}
	})
}

func TestPagesHaveAStrictPolicy(t *testing.T) {
	quickly(t, func(w *world) {
		b := w.browser().open(signin.Address("/x/oauth2/authorize?redirect_uri=" + url.QueryEscape("https://app.example:8443/cb?x=1") + "&state=1"))
		csp := b.header.Get("Content-Security-Policy")
		if !strings.Contains(csp, "form-action 'self' https://app.example:8443;") || strings.Contains(csp, "unsafe") || !strings.Contains(csp, "default-src 'none'") {
			w.Errorf("policy %q", csp)
		}
		if len(b.find("script:not([src])"))+len(b.find("[style]"))+len(b.find("[onclick]")) != 0 {
			w.Error("something inline")
		}
		for _, evil := range []string{"https://a;script-src 'unsafe-inline'", "x", "javascript:alert(1);default-src *"} {
			b.open(signin.Address("/x/oauth2/authorize?redirect_uri=" + url.QueryEscape(evil)))
			if csp := b.header.Get("Content-Security-Policy"); strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") || strings.Count(csp, ";") != 8 {
				w.Errorf("redirect_uri %q: policy %q", evil, csp)
			}
		}
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Cache-Control": "no-store", "Strict-Transport-Security": "max-age=31536000"} {
			if got := b.header.Get(name); got != want {
				w.Errorf("%s: %q", name, got)
			}
		}
	})
}
