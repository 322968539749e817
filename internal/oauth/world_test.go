package oauth_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"

	"comptoir/internal/clock"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/identity"
	"comptoir/internal/oauth"
	"comptoir/internal/oauth/signin"
	"comptoir/internal/op"
	"comptoir/internal/origin"
	"comptoir/internal/policy"
)

var today = time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)

const (
	callback   = "https://app.example/callback"
	partnerAPI = "https://api.partnercenter.microsoft.com"
)

// world is an installation behind TLS with a partner, its people and an
// application.
type world struct {
	testing.TB
	k       *op.Kernel
	gate    *identity.Gate
	server  *oauth.Server
	web     *httptest.Server
	partner identity.Partner
	ga      op.Actor
	sara    identity.CreatedUser // Admin agent
	robot   identity.CreatedApp  // confidential, Admin agent by itself
	desktop identity.CreatedApp  // public
}

// each runs a story in a fresh sandbox on both engines. The clock stands still.
func each(t *testing.T, story func(w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, clock.Fixed(today))
		w.k.Sandbox = true
		story(w)
	})
}

// quickly is each on SQLite alone, for stories that touch no SQL of their own.
func quickly(t *testing.T, story func(w *world)) {
	t.Helper()
	w := newWorld(t, dbtest.SQLite(t), clock.Fixed(today))
	w.k.Sandbox = true
	story(w)
}

// firstKey is made once for all tests: finding primes takes its time.
var firstKey = sync.OnceValue(func() []byte {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic(err)
	}
	return der
})

var putKey = db.SQL(`INSERT INTO signing_keys (id, private_key, signs_from, published_until) VALUES ('first', $1, $2, 0)`)

func newWorld(t testing.TB, d *db.DB, wall *clock.Clock) *world {
	t.Helper()
	err := d.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, putKey, firstKey(), db.Micros(wall.Now()))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	k := op.New(d, slog.New(slog.DiscardHandler))
	k.Wall = wall
	w := &world{TB: t, k: k, gate: identity.NewGate(k)}
	where := origin.Origin{}
	site := signin.New(signin.Config{Kernel: k, Gate: w.gate, Origin: where, Accounts: w.accounts})
	if w.server, err = oauth.New(t.Context(), oauth.Config{Kernel: k, Gate: w.gate, Origin: where, SignIn: site}); err != nil {
		t.Fatal(err)
	}
	w.web = httptest.NewTLSServer(w.handler(site))
	t.Cleanup(w.web.Close)
	w.people()
	return w
}

// handler is the installation: sign-in, identity endpoints, and stand-ins for
// the APIs and the portal that say who calls.
func (w *world) handler(site *signin.Site) http.Handler {
	apis := map[string]oauth.API{"/v1/me": oauth.PartnerCenter, "/graph/me": oauth.Graph, "/management/me": oauth.Management}
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		api, isAPI := apis[r.URL.Path]
		switch {
		case isAPI:
			a, err := w.server.Authenticate(api)(r)
			if err != nil {
				http.Error(rw, err.Error(), http.StatusUnauthorized)
				return
			}
			json.NewEncoder(rw).Encode(a) // the test fails without it
		case site.Owns(r.URL.Path):
			site.ServeHTTP(rw, r)
		case w.server.Owns(r):
			w.server.ServeHTTP(rw, r)
		default:
			session, err := site.Current(r)
			fmt.Fprintf(rw, "%s as %s (%v)", r.URL.RequestURI(), session.Person.Name, err)
		}
	})
}

func (w *world) people() {
	w.Helper()
	ctx, cli := w.Context(), op.System("", 0, op.ViaCLI)
	enrolled := must(identity.EnrolPartner.Do(ctx, w.k, cli, identity.Enrolment{
		Name: "Nordmolnet AB", Types: policy.DirectBill, Country: "SE", Domain: "nordmolnet.example",
		Active: true, SignedMPA: true, Admin: &identity.NewUser{Name: "ida", DisplayName: "Ida Berg", KeepPassword: true},
	}))(w)
	w.partner = enrolled.Partner
	w.ga = must(w.gate.Person(ctx, w.partner.Tenant, enrolled.Admin.User.ID))(w).Actor("", true)
	w.sara = w.user("sara", policy.AdminAgent)
	w.robot = w.app(identity.NewApp{Name: "Robot", RedirectURIs: []string{callback, "https://app.example/other"}, Roles: policy.AdminAgent})
	w.desktop = w.app(identity.NewApp{Name: "Desktop", Public: true, RedirectURIs: []string{"http://localhost"}})
}

func (w *world) accounts(context.Context) ([]signin.Account, error) {
	return []signin.Account{{Name: "Sara", UserName: w.sara.User.Name, Password: w.sara.Password, Roles: w.sara.User.Roles, Organization: w.partner.Name}}, nil
}

func (w *world) user(name string, roles policy.Role) identity.CreatedUser {
	w.Helper()
	return must(identity.AddUser.Do(w.Context(), w.k, w.ga, identity.NewUser{Name: name, FirstName: name, LastName: "Ek", Roles: roles, KeepPassword: true}))(w)
}

func (w *world) app(in identity.NewApp) identity.CreatedApp {
	w.Helper()
	return must(identity.AddApplication.Do(w.Context(), w.k, w.ga, in))(w)
}

// other enrols a second partner and returns its Global admin.
func (w *world) other() (identity.Partner, identity.CreatedUser) {
	w.Helper()
	made := must(identity.EnrolPartner.Do(w.Context(), w.k, op.System("", 0, op.ViaCLI), identity.Enrolment{
		Name: "Other AB", Types: policy.IndirectProvider, Country: "SE", Domain: "other.example", Active: true, SignedMPA: true,
		Admin: &identity.NewUser{Name: "olle", KeepPassword: true},
	}))(w)
	return made.Partner, *made.Admin
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

// answer is what the installation answered.
type answer struct {
	status int
	header http.Header
	body   map[string]any
	raw    string
}

func (a answer) text(name string) string {
	s, _ := a.body[name].(string)
	return s
}

// code returns the number of an error.
func (a answer) code() int {
	codes, _ := a.body["error_codes"].([]any)
	if len(codes) == 0 {
		return 0
	}
	n, _ := codes[0].(float64)
	return int(n)
}

func (w *world) send(r *http.Request) answer {
	w.Helper()
	res, err := w.web.Client().Do(r)
	if err != nil {
		w.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		w.Fatal(err)
	}
	a := answer{status: res.StatusCode, header: res.Header, raw: string(raw)}
	json.Unmarshal(raw, &a.body) // not every answer is JSON
	return a
}

func (w *world) post(path string, form url.Values, headers ...string) answer {
	w.Helper()
	r := must(http.NewRequestWithContext(w.Context(), http.MethodPost, w.web.URL+path, strings.NewReader(form.Encode())))(w)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return w.send(r)
}

func (w *world) get(path string, headers ...string) answer {
	w.Helper()
	r := must(http.NewRequestWithContext(w.Context(), http.MethodGet, w.web.URL+path, nil))(w)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return w.send(r)
}

// v1 and v2 are the token endpoints of the partner.
func (w *world) v1() string { return "/" + string(w.partner.Tenant) + "/oauth2/token" }
func (w *world) v2() string { return "/" + w.partner.Domain + "/oauth2/v2.0/token" }

// form makes a form of pairs.
func form(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

// with returns f with more pairs; an empty value takes one away.
func with(f url.Values, pairs ...string) url.Values {
	v := url.Values{}
	for name, values := range f {
		v[name] = values
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
		if pairs[i+1] == "" {
			v.Del(pairs[i])
		}
	}
	return v
}

// robotForm and saraForm are good requests of both kinds, version 2.
func (w *world) robotForm() url.Values {
	return form("grant_type", "client_credentials", "client_id", string(w.robot.App.ID), "client_secret", w.robot.Secret, "scope", partnerAPI+"/.default")
}

func (w *world) saraForm() url.Values {
	return form("grant_type", "password", "client_id", string(w.robot.App.ID), "client_secret", w.robot.Secret,
		"username", w.sara.User.Name, "password", w.sara.Password, "scope", partnerAPI+"/.default openid profile offline_access")
}

// claims returns the contents of a token.
func claims(t testing.TB, token string) map[string]any {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("%q is no token", token)
	}
	var c map[string]any
	if err := json.Unmarshal(must(base64.RawURLEncoding.DecodeString(parts[1]))(t), &c); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"iat", "nbf", "exp"} {
		if f, ok := c[name].(float64); ok {
			c[name] = int64(f) // so that a test can sign the same again
		}
	}
	return c
}

// me asks an API who the bearer of a token is.
func (w *world) me(api, token string) answer {
	w.Helper()
	return w.get(api+"/me", "Authorization", "Bearer "+token)
}

// browser is somebody with a browser that keeps cookies and follows redirects
// within the installation.
type browser struct {
	*world
	client *http.Client
	at     *url.URL // the page that is shown
	status int
	page   *html.Node
	raw    string
	header http.Header
	left   string // the foreign address that a redirect led to
}

func (w *world) browser() *browser {
	w.Helper()
	b := &browser{world: w, client: &http.Client{Transport: w.web.Client().Transport, Jar: must(cookiejar.New(nil))(w)}}
	b.client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if !strings.HasPrefix(r.URL.String(), w.web.URL+"/") {
			b.left = r.URL.String()
			return http.ErrUseLastResponse
		}
		return nil
	}
	return b
}

func (b *browser) do(r *http.Request) *browser {
	b.Helper()
	b.left = ""
	r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/142.0")
	res, err := b.client.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		b.Fatal(err)
	}
	b.at, b.status, b.raw, b.header = res.Request.URL, res.StatusCode, string(raw), res.Header
	b.page = must(html.Parse(strings.NewReader(b.raw)))(b)
	return b
}

// open goes to an address of the installation.
func (b *browser) open(address string) *browser {
	b.Helper()
	if strings.HasPrefix(address, "/") {
		address = b.web.URL + address
	}
	return b.do(must(http.NewRequestWithContext(b.Context(), http.MethodGet, address, nil))(b))
}

// find returns the elements that a selector chooses.
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

// says returns the text of what a selector chooses.
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

// submit sends the form that has a field with the name of the first pair, filled
// with the pairs, as a browser would.
func (b *browser) submit(pairs ...string) *browser {
	b.Helper()
	for _, f := range b.find("form") {
		if len(cascadia.QueryAll(f, cascadia.MustCompile(`[name="`+pairs[0]+`"]`))) == 0 {
			continue
		}
		values := url.Values{}
		for _, input := range cascadia.QueryAll(f, cascadia.MustCompile("input[name], textarea[name], select[name]")) {
			values.Set(attr(input, "name"), attr(input, "value"))
		}
		return b.sendForm(f, with(values, pairs...))
	}
	b.Fatalf("no form with %q on %s: %s", pairs[0], b.at, b.says("body"))
	return b
}

// submitForm sends the form that a selector chooses, filled with the pairs.
func (b *browser) submitForm(selector string, pairs ...string) *browser {
	b.Helper()
	f := b.find(selector)[0]
	return b.sendForm(f, with(url.Values{"csrf": {attr(cascadia.Query(f, cascadia.MustCompile(`[name="csrf"]`)), "value")}}, pairs...))
}

func (b *browser) sendForm(f *html.Node, values url.Values) *browser {
	b.Helper()
	to := must(b.at.Parse(attr(f, "action")))(b)
	if strings.EqualFold(attr(f, "method"), "get") {
		to.RawQuery = values.Encode()
		return b.open(to.String())
	}
	r := must(http.NewRequestWithContext(b.Context(), http.MethodPost, to.String(), strings.NewReader(values.Encode())))(b)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", b.web.URL)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.do(r)
}

// signIn fills in the sign-in page that is shown.
func (b *browser) signIn(n identity.CreatedUser) *browser {
	b.Helper()
	return b.submit("username", n.User.Name, "password", n.Password)
}

// newServerOn starts another node on the same database, and returns what its API
// answers to a token.
func newServerOn(w *world) func(token string) int {
	w.Helper()
	k := op.New(w.k.DB, w.k.Log)
	k.Wall, k.Sandbox = w.k.Wall, true
	gate := identity.NewGate(k)
	site := signin.New(signin.Config{Kernel: k, Gate: gate})
	server := must(oauth.New(w.Context(), oauth.Config{Kernel: k, Gate: gate, SignIn: site}))(w)
	return func(token string) int {
		r := httptest.NewRequest(http.MethodGet, "/v1/me", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		if _, err := server.Authenticate(oauth.PartnerCenter)(r); err != nil {
			return http.StatusUnauthorized
		}
		return http.StatusOK
	}
}
