package app_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"comptoir/internal/demo"
	"comptoir/internal/fault"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

// base is the address under which the installation is reached.
const base = "http://portal.molnverket.example"

// call is a request of an actor.
type call struct {
	method, path string // the path with its query
	body         string
	header       map[string]string
}

func (c call) String() string { return c.method + " " + c.path }

// answer is what came back, and which operations ran for it.
type answer struct {
	status int
	header http.Header
	body   string
	ran    []op.Observation
}

// send sends a request. A handler that breaks off has no answer.
func (h *house) send(from string, c call) (got *answer, err error) {
	r := httptest.NewRequest(c.method, base+c.path, strings.NewReader(c.body))
	r.RemoteAddr = from
	for name, value := range c.header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the answer was broken off: %v", p)
		}
	}()
	h.Handler().ServeHTTP(w, r)
	return &answer{status: w.Code, header: w.Result().Header, body: w.Body.String()}, nil // a recorder's body needs no closing
}

// watch is send for one request at a time: the answer says what ran for it.
func (h *house) watch(t *testing.T, a *actor, c call) *answer {
	t.Helper()
	h.ran = nil
	got, err := h.send(a.address, c)
	if err != nil {
		t.Fatalf("%s as %s: %v", c, a, err)
	}
	got.ran = h.ran
	h.hold(t, a, c, got)
	return got
}

// ask sends a REST request as an actor and holds the answer against what holds
// for every answer.
func (h *house) ask(t *testing.T, a *actor, c call) *answer {
	t.Helper()
	headers := map[string]string{"Content-Type": "application/json"}
	if token := a.tokenFor(c.path); token != "" {
		headers["Authorization"] = "Bearer " + token
	}
	for name, value := range c.header {
		headers[name] = value
	}
	c.header = headers
	return h.watch(t, a, c)
}

// hold checks what holds for every answer: it is no mistake of ours, what ran
// was allowed and what was refused had to be, and nothing of others is told.
func (h *house) hold(t *testing.T, a *actor, c call, got *answer) {
	t.Helper()
	if got.status >= 500 {
		t.Errorf("%s as %s: %d %s", c, a, got.status, got.body)
	}
	for _, ran := range got.ran {
		h.holdOperation(t, a, c, ran)
	}
	if !strings.HasPrefix(c.path, "/signin") { // in a sandbox it lists who can sign in
		for _, leak := range h.leaks(a, c.path+" "+c.body, got) {
			t.Errorf("%s as %s tells %s: %d %.300s", c, a, leak, got.status, got.body)
		}
	}
	if strings.HasPrefix(got.header.Get("Content-Type"), "text/html") {
		for _, bad := range []string{"<img src=x", "alert(1)>"} {
			if i := strings.Index(got.body, bad); i >= 0 {
				t.Errorf("%s as %s: a page shows a text as it was typed: …%s…", c, a, around(got.body, i))
			}
		}
	}
}

func around(text string, i int) string { return text[max(0, i-80):min(len(text), i+80)] }

// holdOperation holds one operation against its row of the matrix.
func (h *house) holdOperation(t *testing.T, a *actor, c call, ran op.Observation) {
	t.Helper()
	spec, ok := h.specs[ran.Action]
	row, known := h.Kernel.Policy.Row(spec.Action)
	if !ok || !known {
		t.Errorf("%s as %s ran %s, which nobody defined", c, a, ran.Action)
		return
	}
	if want := row.Decide(a.subject(), spec.Write); want != nil && ran.Outcome != fault.KindOf(want).String() {
		t.Errorf("%s as %s: %s ended with %s, the matrix says %v", c, a, spec.Name, ran.Outcome, want)
	} else if want == nil && !row.Anyone && ran.Outcome == fault.Unauthenticated.String() {
		t.Errorf("%s as %s: %s ended with %s, the matrix allows it", c, a, spec.Name, ran.Outcome)
	}
}

// refusal returns what the matrix says about an action, nil when it is allowed.
func (h *house) refusal(a *actor, action policy.Action, write bool) *fault.Error {
	row, ok := h.Kernel.Policy.Row(action)
	if !ok {
		panic("the matrix has no row for " + string(action))
	}
	var f *fault.Error
	errors.As(row.Decide(a.subject(), write), &f)
	return f
}

// code returns the code of a REST refusal.
func (got *answer) code() string {
	var body struct {
		Code  any `json:"code"`
		Error struct {
			Inner struct {
				Code string `json:"code"`
			} `json:"innerError"`
		} `json:"error"`
	}
	if err := json.Unmarshal([]byte(got.body), &body); err != nil {
		return ""
	}
	if code := body.Error.Inner.Code; code != "" { // of the directory's interface
		return code
	}
	return strings.TrimSuffix(fmt.Sprint(body.Code), ".0")
}

// browser is what a browser keeps of its visits.
type browser struct {
	cookies map[string]string
	csrf    string
}

var hiddenToken = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// header returns what the browser sends with every request.
func (b *browser) header() map[string]string {
	var all []string
	for name, value := range b.cookies {
		all = append(all, name+"="+value)
	}
	return map[string]string{"Cookie": strings.Join(all, "; "), "Sec-Fetch-Site": "same-origin", "Accept-Language": "en"}
}

// take keeps the cookies of an answer and the token of its forms.
func (b *browser) take(got *answer) {
	if b.cookies == nil {
		b.cookies = map[string]string{}
	}
	for _, c := range (&http.Response{Header: got.header}).Cookies() {
		b.cookies[c.Name] = c.Value
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	if found := hiddenToken.FindStringSubmatch(got.body); found != nil {
		b.csrf = found[1]
	}
}

const formType = "application/x-www-form-urlencoded"

// visit sends what a browser sends: a page, or a form with its hidden token.
func (h *house) visit(from string, b *browser, method, path string, form url.Values) (*answer, error) {
	c := call{method: method, path: path, header: b.header()}
	if method == http.MethodPost {
		sent := url.Values{"csrf": {b.csrf}}
		for name, values := range form {
			sent[name] = values
		}
		c.body, c.header["Content-Type"] = sent.Encode(), formType
	}
	got, err := h.send(from, c)
	if err == nil {
		b.take(got)
	}
	return got, err
}

// publicClient is a published client without a secret: people type their
// passwords into it.
const publicClient = "1950a258-227b-4e31-a9cf-717495945fc2"

// What tokens are asked for: the REST API, and the directory's interface.
const (
	resource  = "https://api.partnercenter.microsoft.com"
	directory = "https://graph.microsoft.com"
)

// tokenFor is the token of a for a path.
func (a *actor) tokenFor(path string) string {
	if strings.HasPrefix(path, "/v1.0/") || strings.HasPrefix(path, "/beta/") {
		return a.directory
	}
	return a.token
}

// signInAll signs everybody in, to the API and to the portal, as people and
// programs do.
func (h *house) signInAll() error {
	var wait sync.WaitGroup
	failed := make(chan error, len(h.actors))
	for _, a := range h.actors[1:] { // the first is nobody
		wait.Go(func() { failed <- h.signIn(a) })
	}
	wait.Wait()
	close(failed)
	var all []error
	for err := range failed {
		all = append(all, err)
	}
	if got, err := h.visit(h.actors[0].address, &h.actors[0].browser, http.MethodGet, "/signin", nil); err != nil || got.status != http.StatusOK {
		all = append(all, fmt.Errorf("the sign-in page: %v: %w", got, err))
	}
	return errors.Join(all...)
}

func (h *house) signIn(a *actor) (err error) {
	form := url.Values{"resource": {resource}, "client_id": {publicClient}}
	if a.alone {
		form.Set("grant_type", "client_credentials")
		form.Set("client_id", string(a.org.app.ID))
		form.Set("client_secret", a.org.app.Secret)
	} else {
		form.Set("grant_type", "password")
		form.Set("username", a.userName)
		form.Set("password", demo.Password)
	}
	if a.token, err = h.tokenOf(a.address, string(a.org.tenant), form); err != nil {
		return err
	}
	form.Set("resource", directory)
	if a.directory, err = h.tokenOf(a.address, string(a.org.tenant), form); err != nil || a.alone {
		return err
	}
	if _, err := h.visit(a.address, &a.browser, http.MethodGet, "/signin", nil); err != nil {
		return err
	}
	got, err := h.visit(a.address, &a.browser, http.MethodPost, "/signin", url.Values{"username": {a.userName}, "password": {demo.Password}})
	if err == nil && (got.status != http.StatusSeeOther || a.browser.cookies["comptoir-session"] == "") {
		err = fmt.Errorf("%s cannot sign in: %d %s", a, got.status, got.body)
	}
	return err
}

// tokenOf asks the token endpoint of an organisation.
func (h *house) tokenOf(from, tenant string, form url.Values) (string, error) {
	got, err := h.send(from, call{
		method: http.MethodPost, path: "/" + tenant + "/oauth2/token", body: form.Encode(), header: map[string]string{"Content-Type": formType},
	})
	if err != nil {
		return "", err
	}
	var answer struct {
		Token string `json:"access_token"`
	}
	if err := json.Unmarshal([]byte(got.body), &answer); err != nil || answer.Token == "" {
		return "", fmt.Errorf("no token for %s: %d %s", form.Get("username"), got.status, got.body)
	}
	return answer.Token, nil
}
