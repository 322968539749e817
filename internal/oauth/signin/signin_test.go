package signin_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/cascadia"
	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/pquerna/otp/totp"
	"golang.org/x/net/html"

	"comptoir/internal/clock"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/identity"
	"comptoir/internal/oauth/signin"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/portal/asset"
)

var today = time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)

// world is an installation of which only the sign-in is there. Every other path
// says who is signed in.
type world struct {
	testing.TB
	k    *op.Kernel
	gate *identity.Gate
	site *signin.Site
	web  *httptest.Server
	ga   op.Actor
	sara identity.CreatedUser
}

func each(t *testing.T, story func(w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { story(newWorld(t, d, true, nil)) })
}

func quickly(t *testing.T, story func(w *world)) {
	t.Helper()
	story(newWorld(t, dbtest.SQLite(t), true, nil))
}

func newWorld(t testing.TB, d *db.DB, tls bool, provider *signin.Provider) *world {
	t.Helper()
	k := op.New(d, slog.New(slog.DiscardHandler))
	k.Wall, k.Sandbox = clock.Fixed(today), true
	w := &world{TB: t, k: k, gate: identity.NewGate(k)}
	w.site = signin.New(signin.Config{Kernel: k, Gate: w.gate, Provider: provider, Accounts: func(context.Context) ([]signin.Account, error) {
		return []signin.Account{{Name: "Sara Ek", UserName: w.sara.User.Name, Password: w.sara.Password, Roles: w.sara.User.Roles, Organization: "Nordmolnet AB"}}, nil
	}})
	handler := http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		switch {
		case w.site.Owns(r.URL.Path):
			w.site.ServeHTTP(rw, r)
			return
		case strings.HasPrefix(r.URL.Path, asset.Root):
			asset.Handler().ServeHTTP(rw, r)
			return
		}
		w.site.Protect(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			session, err := w.site.Current(r)
			fmt.Fprintf(rw, "%s %s as %q mfa %v %v", r.Method, html.EscapeString(r.URL.RequestURI()), session.Person.Name, session.MFA, err)
		})).ServeHTTP(rw, r)
	})
	if w.web = httptest.NewUnstartedServer(handler); tls {
		w.web.StartTLS()
	} else {
		w.web.Start()
	}
	t.Cleanup(w.web.Close)
	made := must(identity.EnrolPartner.Do(t.Context(), k, op.System("", 0, op.ViaCLI), identity.Enrolment{
		Name: "Nordmolnet AB", Types: policy.DirectBill, Country: "SE", Domain: "nordmolnet.example", Active: true, SignedMPA: true,
		Admin: &identity.NewUser{Name: "ida", KeepPassword: true},
	}))(w)
	w.ga = must(w.gate.Person(t.Context(), made.Partner.Tenant, made.Admin.User.ID))(w).Actor("", true)
	w.sara = w.user(identity.NewUser{Name: "sara", FirstName: "Sara", LastName: "Ek", Roles: policy.AdminAgent, KeepPassword: true})
	return w
}

func (w *world) user(n identity.NewUser) identity.CreatedUser {
	w.Helper()
	return must(identity.AddUser.Do(w.Context(), w.k, w.ga, n))(w)
}

func must[O any](out O, err error) func(t testing.TB) O {
	return func(t testing.TB) O {
		t.Helper()
		if err != nil {
			t.Fatalf("%+v", err)
		}
		return out
	}
}

// browser is somebody with a browser that keeps cookies.
type browser struct {
	*world
	client *http.Client
	at     *url.URL
	status int
	raw    string
	page   *html.Node
	header http.Header
}

func (w *world) browser() *browser {
	w.Helper()
	return &browser{world: w, client: &http.Client{Transport: w.web.Client().Transport, Jar: must(cookiejar.New(nil))(w)}}
}

func (b *browser) do(r *http.Request) *browser {
	b.Helper()
	if r.Header.Get("User-Agent") == "" {
		r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0")
	}
	res, err := b.client.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	b.raw = string(must(io.ReadAll(res.Body))(b))
	b.at, b.status, b.header = res.Request.URL, res.StatusCode, res.Header
	b.page = must(html.Parse(strings.NewReader(b.raw)))(b)
	return b
}

func (b *browser) open(path string) *browser {
	b.Helper()
	return b.do(must(http.NewRequestWithContext(b.Context(), http.MethodGet, b.web.URL+path, nil))(b))
}

func (b *browser) find(selector string) []*html.Node {
	return cascadia.QueryAll(b.page, cascadia.MustCompile(selector))
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func (b *browser) says(selector string) string {
	var text strings.Builder
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			text.WriteString(n.Data + " ")
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	for _, n := range b.find(selector) {
		walk(n)
	}
	return strings.Join(strings.Fields(text.String()), " ")
}

// form returns the form that has a field, filled as it stands, with pairs.
func (b *browser) form(pairs ...string) (action string, values url.Values) {
	b.Helper()
	for _, f := range b.find("form") {
		if len(cascadia.QueryAll(f, cascadia.MustCompile(`[name="`+pairs[0]+`"]`))) == 0 {
			continue
		}
		values := url.Values{}
		for _, input := range cascadia.QueryAll(f, cascadia.MustCompile("input[name]")) {
			values.Set(attr(input, "name"), attr(input, "value"))
		}
		for i := 0; i+1 < len(pairs); i += 2 {
			values.Set(pairs[i], pairs[i+1])
		}
		return attr(f, "action"), values
	}
	b.Fatalf("no form with %q on %s: %s", pairs[0], b.at, b.says("body"))
	return "", nil
}

// submit sends the form that has a field with the name of the first pair.
func (b *browser) submit(pairs ...string) *browser {
	b.Helper()
	action, values := b.form(pairs...)
	return b.post(action, values, "Sec-Fetch-Site", "same-origin", "Origin", b.web.URL)
}

// press sends the form that goes to an address.
func (b *browser) press(action string) *browser {
	b.Helper()
	forms := b.find(`form[action="` + action + `"]`)
	if len(forms) == 0 {
		b.Fatalf("no form to %q on %s: %s", action, b.at, b.says("body"))
	}
	values := url.Values{}
	for _, input := range cascadia.QueryAll(forms[0], cascadia.MustCompile("input[name]")) {
		values.Set(attr(input, "name"), attr(input, "value"))
	}
	return b.post(action, values, "Sec-Fetch-Site", "same-origin", "Origin", b.web.URL)
}

// click presses a button with a value: it sends the form that it names.
func (b *browser) click(selector string) *browser {
	b.Helper()
	buttons := b.find(selector)
	if len(buttons) == 0 {
		b.Fatalf("no %s on %s: %s", selector, b.at, b.says("body"))
	}
	f := b.find("#" + attr(buttons[0], "form"))[0]
	values := url.Values{attr(buttons[0], "name"): {attr(buttons[0], "value")}}
	for _, input := range cascadia.QueryAll(f, cascadia.MustCompile("input[name]")) {
		values.Set(attr(input, "name"), attr(input, "value"))
	}
	return b.post(attr(f, "action"), values, "Sec-Fetch-Site", "same-origin", "Origin", b.web.URL)
}

func (b *browser) post(action string, values url.Values, headers ...string) *browser {
	b.Helper()
	to := must(b.at.Parse(action))(b)
	r := must(http.NewRequestWithContext(b.Context(), http.MethodPost, to.String(), strings.NewReader(values.Encode())))(b)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return b.do(r)
}

func (b *browser) signIn(n identity.CreatedUser) *browser {
	b.Helper()
	return b.submit("username", n.User.Name, "password", n.Password)
}

// signedIn reports whether the page shows that a person is signed in.
func (b *browser) signedInAs(name string) bool {
	return strings.Contains(b.raw, fmt.Sprintf("as %q", name))
}

func (w *world) code(secret string) string {
	w.Helper()
	return must(totp.GenerateCode(secret, w.k.Wall.Now()))(w)
}

func (w *world) set(name, value string) {
	w.Helper()
	if err := w.k.UpdateSetting(w.Context(), op.System("", 0, op.ViaCLI), op.SetSetting{Name: name, Value: value}); err != nil {
		w.Fatal(err)
	}
}

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
		b.click(`#factors button[name="id"]`)
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

// outside is an OpenID provider of somebody else.
type outside struct {
	*httptest.Server
	key    *rsa.PrivateKey
	claims map[string]any
	nonce  string
}

func newOutside(t testing.TB) *outside {
	t.Helper()
	o := &outside{key: must(rsa.GenerateKey(rand.Reader, 2048))(t)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(map[string]any{ // the test fails without it
			"issuer": o.URL, "authorization_endpoint": o.URL + "/authorize", "token_endpoint": o.URL + "/token", "jwks_uri": o.URL + "/keys",
			"id_token_signing_alg_values_supported": []string{"RS256"},
		})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &o.key.PublicKey, KeyID: "1", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("GET /authorize", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		o.nonce = q.Get("nonce")
		http.Redirect(w, r, q.Get("redirect_uri")+"?"+url.Values{"code": {"the code"}, "state": {q.Get("state")}}.Encode(), http.StatusFound)
	})
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		if r.PostFormValue("code") != "the code" || r.PostFormValue("code_verifier") == "" {
			http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
			return
		}
		signer := must(jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: o.key, KeyID: "1"}}, nil))(t)
		c := map[string]any{"iss": o.URL, "aud": "comptoir", "sub": "7", "exp": today.Add(time.Hour).Unix(), "iat": today.Unix(), "nonce": o.nonce}
		for name, value := range o.claims {
			c[name] = value
		}
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": must(jwt.Signed(signer).Claims(c).Serialize())(t)})
	})
	o.Server = httptest.NewServer(mux)
	t.Cleanup(o.Close)
	return o
}

func TestSigningInWithAnOutsideProvider(t *testing.T) {
	o := newOutside(t)
	w := newWorld(t, dbtest.SQLite(t), false, &signin.Provider{Issuer: o.URL, ClientID: "comptoir", ClientSecret: "s", Label: "Example Login", Domains: []string{"nordmolnet.example"}})
	tests := []struct {
		name   string
		claims map[string]any
		in     bool
		mfa    bool
	}{
		{"a verified address", map[string]any{"email": "Sara@nordmolnet.example", "email_verified": true}, true, false},
		{"with a second factor there", map[string]any{"email": w.sara.User.Name, "email_verified": true, "amr": []string{"pwd", "mfa"}}, true, true},
		{"an address that is not verified", map[string]any{"email": w.sara.User.Name}, false, false},
		{"a name instead of an address", map[string]any{"preferred_username": w.sara.User.Name}, false, false},
		{"a domain it may not vouch for", map[string]any{"email": "olle@other.example", "email_verified": true}, false, false},
		{"nobody we know", map[string]any{"email": "nobody@nordmolnet.example", "email_verified": true}, false, false},
		{"for another client", map[string]any{"email": w.sara.User.Name, "email_verified": true, "aud": "other"}, false, false},
		{"of another issuer", map[string]any{"email": w.sara.User.Name, "email_verified": true, "iss": "https://evil.example"}, false, false},
		{"expired", map[string]any{"email": w.sara.User.Name, "email_verified": true, "exp": today.Add(-time.Hour).Unix()}, false, false},
		{"of another sign-in", map[string]any{"email": w.sara.User.Name, "email_verified": true, "nonce": "x"}, false, false},
	}
	for _, tt := range tests {
		o.claims = tt.claims
		b := w.browser().open(signin.Address("/customers"))
		b.press("/signin/provider?back=%2Fcustomers")
		if got := b.signedInAs(w.sara.User.Name); got != tt.in || (got && (b.at.Path != "/customers" || strings.Contains(b.raw, "mfa true") != tt.mfa)) {
			t.Errorf("%s: signed in %v at %s: %s", tt.name, got, b.at, b.says("body"))
		}
		if b.open("/page").signedInAs(w.sara.User.Name) != tt.in {
			t.Errorf("%s: signed in afterwards", tt.name)
		}
	}
	o.claims = tests[0].claims
	for _, path := range []string{"/signin/provider/return?code=the+code&state=x", "/signin/provider/return"} {
		if b := w.browser().open(path); b.status != 400 || b.open("/page").signedInAs(w.sara.User.Name) {
			t.Errorf("%s without having gone there: %d", path, b.status)
		}
	}
	o.Close()
	away := newWorld(t, dbtest.SQLite(t), false, &signin.Provider{Issuer: o.URL, ClientID: "comptoir", Label: "Example Login"})
	if b := away.browser().open("/signin").press("/signin/provider"); b.status != http.StatusServiceUnavailable {
		t.Errorf("a provider that is away: %d", b.status)
	}
}
