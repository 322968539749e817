package signin_test

import (
	"context"
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
