// Package stories_test tells what the product promises, statement by statement
// (rules.md, section m), as a user meets it: on the whole program, in a browser or
// over REST. docs/coverage.md lists the statements with their stories.
package stories_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"comptoir/internal/app"
	"comptoir/internal/db"
	"comptoir/internal/demo"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/place"
	"comptoir/internal/policy"
	"comptoir/internal/portal/browsertest"
)

// world is a running installation with the demo world in it. It is no sandbox,
// which would be lenient about names. The stories share one and keep to
// customers of their own.
type world struct {
	*app.App
	server   *httptest.Server
	demo     demo.World
	mu       sync.Mutex
	partners map[string]*partner // by market, those that sell directly there
	made     int
}

// partner is an organisation of the world, with somebody for each role.
type partner struct {
	tenant id.Tenant
	types  policy.Org
	domain string
	app    demo.App
}

var shared struct {
	sync.Once
	world *world
	dir   string
	err   error
}

func TestMain(m *testing.M) {
	browsertest.Main(m, func() error {
		if shared.world == nil {
			return nil
		}
		shared.world.server.Close()
		return shared.world.Close()
	}, func() error { return os.RemoveAll(shared.dir) })
}

func theWorld(t *testing.T) *world {
	t.Helper()
	shared.Do(func() {
		if shared.dir, shared.err = os.MkdirTemp("", "comptoir-stories-"); shared.err == nil { //nolint:usetesting // the world outlives the test that opens it
			shared.world, shared.err = open(filepath.Join(shared.dir, "comptoir.db"))
		}
	})
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.world
}

func open(path string) (*world, error) {
	ctx := context.Background()
	a, err := app.Open(ctx, app.Options{Database: path, DB: db.Options{NoSync: true}, Kind: app.Production, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	w := &world{App: a, server: httptest.NewServer(a.Handler()), partners: map[string]*partner{}}
	if w.demo, err = demo.Fill(ctx, a.Kernel, w.server.URL); err != nil {
		return nil, err
	}
	// The second factor has tests of its own.
	return w, a.Kernel.UpdateSetting(ctx, w.operator(), op.SetSetting{Name: "security.mfa", Value: "off"})
}

// operator is the operator's admin.
func (w *world) operator() op.Actor {
	return op.Actor{Kind: policy.Operator, Tenant: "operator", Roles: policy.OperatorAdmin, User: "stories", UserName: w.demo.Operator.UserName}
}

func system() op.Actor { return op.System("", 0, op.ViaCLI) }

// do runs an operation of the preparations.
func do[I, O any](t *testing.T, w *world, o *op.Operation[I, O], a op.Actor, in I) O {
	t.Helper()
	out, err := o.Do(t.Context(), w.Kernel, a, in)
	if err != nil {
		t.Fatalf("%s: %v", o.Spec().Name, err)
	}
	return out
}

// set gives a setting a value, and its usual one back at the end of the test.
func (w *world) set(t *testing.T, name, value, usual string) {
	t.Helper()
	change := func(ctx context.Context, value string) {
		if err := w.Kernel.UpdateSetting(ctx, w.operator(), op.SetSetting{Name: name, Value: value}); err != nil {
			t.Error(err)
		}
	}
	change(t.Context(), value)
	t.Cleanup(func() { change(context.Background(), usual) })
}

// known is a partner of the demo world.
func (w *world) known(t *testing.T, key string) *partner {
	t.Helper()
	for _, p := range w.demo.Partners {
		if p.Key == key {
			types, _ := identity.ParsePartnerTypes(p.Type)
			return &partner{p.Tenant, types, p.Domain, p.App}
		}
	}
	t.Fatalf("no partner is called %s", key)
	return nil
}

// sellerIn returns a partner that sells directly to customers in a country.
func (w *world) sellerIn(t *testing.T, country *place.Country) *partner {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if p := w.partners[country.Market]; p != nil {
		return p
	}
	p := w.enrol(t, "seller-"+country.Market, policy.DirectBill, country)
	w.partners[country.Market] = p
	return p
}

// enrol makes a partner with an application and nobody in it.
func (w *world) enrol(t *testing.T, name string, types policy.Org, country *place.Country) *partner {
	t.Helper()
	made := do(t, w, identity.EnrolPartner, system(), identity.Enrolment{
		Name: "Storytellers of " + name, Types: types, Country: country.Code, Market: country.Market, Language: "en",
		Domain: name + ".example", Active: true, SignedMPA: true,
	})
	p := &partner{tenant: made.Partner.Tenant, types: types, domain: made.Partner.Domain}
	robot := do(t, w, identity.AddApplication, p.system(), identity.NewApp{
		Name: "Robot", Roles: policy.AdminAgent, RedirectURIs: []string{"http://localhost/"},
	})
	p.app = demo.App{ID: robot.App.ID, Secret: robot.Secret}
	return p
}

func (p *partner) system() op.Actor { return op.System(p.tenant, p.types, op.ViaCLI) }

// person adds somebody with a role who reads a language, and returns the name
// to sign in with. The password is that of the demo world.
func (w *world) person(t *testing.T, p *partner, role policy.Role, language string) string {
	t.Helper()
	password, err := identity.GivenPassword(t.Context(), demo.Password)
	if err != nil {
		t.Fatal(err)
	}
	w.mu.Lock()
	w.made++
	name := fmt.Sprintf("%s-%s-%d@%s", role.Names()[0], language, w.made, p.domain)
	w.mu.Unlock()
	do(t, w, identity.AddUser, p.system(), identity.NewUser{
		Tenant: p.tenant, Name: name, FirstName: "Élodie", LastName: "Åkerström", Language: language, Roles: role, Password: password, KeepPassword: true,
	})
	return name
}

// token signs in over the token endpoint: an application alone, or with a user
// when userName is given.
func (w *world) token(t *testing.T, p *partner, userName string) string {
	t.Helper()
	form := url.Values{
		"client_id": {string(p.app.ID)}, "client_secret": {p.app.Secret}, "scope": {"https://api.partnercenter.microsoft.com/.default"},
		"grant_type": {"client_credentials"},
	}
	if userName != "" {
		form.Set("grant_type", "password")
		form.Set("username", userName)
		form.Set("password", demo.Password)
	}
	r, err := http.PostForm(w.server.URL+"/"+string(p.tenant)+"/oauth2/v2.0/token", form)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var got map[string]any
	if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
		t.Fatal(err)
	}
	token, ok := got["access_token"].(string)
	if !ok {
		t.Fatalf("no token: %v", got)
	}
	return token
}

// answer is what the REST API answered.
type answer struct {
	t      *testing.T
	status int
	text   string
	body   map[string]any
}

// ask sends a REST request; body is sent as JSON unless it is nil.
func (w *world) ask(t *testing.T, token, method, path string, body any) answer {
	t.Helper()
	var sent io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		sent = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, w.server.URL+path, sent)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Accept", "application/json")
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{t: t, status: got.StatusCode, text: string(bytes.TrimPrefix(text, []byte("\ufeff")))}
	_ = json.Unmarshal([]byte(a.text), &a.body) // answers without a body have none
	return a
}

// is stops the test unless the answer has a status.
func (a answer) is(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("answered %d, want %d: %s", a.status, status, a.text)
	}
	return a
}

// says stops the test unless the answer contains texts.
func (a answer) says(texts ...string) answer {
	a.t.Helper()
	for _, text := range texts {
		if !strings.Contains(a.text, text) {
			a.t.Fatalf("the answer lacks %q: %d %s", text, a.status, a.text)
		}
	}
	return a
}

// at returns a member of the answer, "billingProfile.companyName".
func (a answer) at(path string) string {
	a.t.Helper()
	var v any = a.body
	for name := range strings.SplitSeq(path, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			a.t.Fatalf("the answer has no %s: %s", path, a.text)
		}
		v = m[name]
	}
	text, ok := v.(string)
	if !ok {
		a.t.Fatalf("%s is no text: %s", path, a.text)
	}
	return text
}

// body is a customer as the REST API takes one.
func body(country, name, prefix string) map[string]any {
	return map[string]any{
		"enableGDAPByDefault": true,
		"companyProfile":      map[string]any{"domain": prefix + ".onmicrosoft.com"},
		"billingProfile": map[string]any{
			"companyName": name, "culture": "fr-FR", "language": "fr", "email": "camille@" + prefix + ".example", "firstName": "Camille", "lastName": "Lefèvre",
			"defaultAddress": map[string]any{
				"country": country, "city": "Lyon", "postalCode": "69003", "addressLine1": "12 rue des Lilas",
				"firstName": "Camille", "lastName": "Lefèvre", "phoneNumber": "+33 4 72 00 00 00",
			},
		},
	}
}

// with sets members of a body by their paths and returns it.
func with(b map[string]any, pairs ...string) map[string]any {
	for i := 0; i+1 < len(pairs); i += 2 {
		m, path := b, strings.Split(pairs[i], ".")
		for _, name := range path[:len(path)-1] {
			m = m[name].(map[string]any)
		}
		m[path[len(path)-1]] = pairs[i+1]
	}
	return b
}
