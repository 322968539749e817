package portal_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// reader is somebody with a browser that runs no script.
type reader struct {
	t      testing.TB
	w      *world
	client *http.Client
}

// reads signs somebody in with a browser in English.
func (w *world) reads(who string) *reader { return w.readsIn(who, "en") }

func (w *world) readsIn(who, lang string) *reader {
	w.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	r := &reader{w.t, w, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	home, err := url.Parse(w.server.URL)
	if err != nil {
		w.t.Fatal(err)
	}
	jar.SetCookies(home, []*http.Cookie{{Name: langCookie, Value: lang}})
	if who != "" {
		w.actor(who)
		jar.SetCookies(home, []*http.Cookie{{Name: whoCookie, Value: url.QueryEscape(who)}})
	}
	return r
}

// page is an answer of the portal.
type page struct {
	t      testing.TB
	path   string
	status int
	header http.Header
	body   string
	size   int // of what came over the wire
	root   *html.Node
}

func (r *reader) do(request *http.Request) *page {
	r.t.Helper()
	request.Header.Set("Accept-Encoding", "gzip")
	answer, err := r.client.Do(request)
	if err != nil {
		r.t.Fatal(err)
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	p := &page{t: r.t, path: request.URL.RequestURI(), status: answer.StatusCode, header: answer.Header, size: len(raw), body: string(raw)}
	if answer.Header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(strings.NewReader(p.body))
		if err != nil {
			r.t.Fatal(err)
		}
		plain, err := io.ReadAll(z)
		if err != nil {
			r.t.Fatal(err)
		}
		p.body = string(plain)
	}
	if p.root, err = html.Parse(strings.NewReader(p.body)); err != nil {
		r.t.Fatal(err)
	}
	return p
}

func (r *reader) request(method, path string, body io.Reader) *http.Request {
	r.t.Helper()
	request, err := http.NewRequestWithContext(r.t.Context(), method, r.w.server.URL+path, body)
	if err != nil {
		r.t.Fatal(err)
	}
	return request
}

// get opens a page.
func (r *reader) get(path string) *page {
	r.t.Helper()
	return r.do(r.request(http.MethodGet, path, nil))
}

// post sends a form with its token.
func (r *reader) post(path string, values url.Values) *page {
	r.t.Helper()
	form := url.Values{"csrf": {csrf}}
	for name, all := range values {
		form[name] = all
	}
	request := r.request(http.MethodPost, path, strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r.do(request)
}

// follow opens the page that an answer leads to.
func (r *reader) follow(p *page) *page {
	r.t.Helper()
	to := p.header.Get("Location")
	if p.status != http.StatusSeeOther || to == "" {
		r.t.Fatalf("%s answers %d and leads to %q:\n%s", p.path, p.status, to, p.text("main"))
	}
	to, _, _ = strings.Cut(to, "#")
	return r.get(strings.TrimPrefix(to, r.w.server.URL))
}

// find returns the elements that match a selector.
func (p *page) find(selector string) []*html.Node {
	p.t.Helper()
	s, err := cascadia.ParseGroup(selector)
	if err != nil {
		p.t.Fatal(err)
	}
	return cascadia.QueryAll(p.root, s)
}

// text returns the text of the elements that match a selector.
func (p *page) text(selector string) string {
	p.t.Helper()
	var b strings.Builder
	for _, n := range p.find(selector) {
		writeText(&b, n)
		b.WriteByte('\n')
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func writeText(b *strings.Builder, n *html.Node) {
	if n.Type == html.TextNode {
		b.WriteString(n.Data)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		writeText(b, c)
	}
	if next := n.NextSibling; n.Data != "wbr" && (next == nil || next.Data != "wbr") {
		b.WriteByte(' ') // a place where a word may be broken is no end of it
	}
}

// attr returns an attribute of the first element that matches a selector.
func (p *page) attr(selector, name string) string {
	p.t.Helper()
	for _, n := range p.find(selector) {
		for _, a := range n.Attr {
			if a.Key == name {
				return a.Val
			}
		}
	}
	return ""
}

// value returns what the field with a name holds.
func (p *page) value(name string) string {
	p.t.Helper()
	if options := p.find(`select[name="` + name + `"] option[selected]`); len(options) > 0 {
		return p.attr(`select[name="`+name+`"] option[selected]`, "value")
	}
	for _, kind := range []string{"radio", "checkbox"} {
		if len(p.find(`input[type=`+kind+`][name="`+name+`"]`)) > 0 {
			return p.attr(`input[type=`+kind+`][name="`+name+`"][checked]`, "value")
		}
	}
	if len(p.find(`textarea[name="`+name+`"]`)) > 0 {
		return p.text(`textarea[name="` + name + `"]`)
	}
	return p.attr(`input[name="`+name+`"]`, "value")
}

// form returns all fields of the form that match a selector, as a browser would
// send them.
func (p *page) form(selector string) url.Values {
	p.t.Helper()
	values := url.Values{}
	for _, n := range p.find(selector + ` input[name], ` + selector + ` select[name], ` + selector + ` textarea[name]`) {
		a := map[string]string{}
		for _, attr := range n.Attr {
			a[attr.Key] = attr.Val
		}
		_, checked := a["checked"]
		switch {
		case (a["type"] == "checkbox" || a["type"] == "radio") && !checked:
		case n.Data == "input":
			values.Add(a["name"], a["value"])
		default:
			values.Set(a["name"], p.value(a["name"]))
		}
	}
	return values
}

// says fails the test unless the elements that match selector say all of words.
func (p *page) says(selector string, words ...string) {
	p.t.Helper()
	text := p.text(selector)
	for _, w := range words {
		if !strings.Contains(text, w) {
			p.t.Errorf("%s: %s does not say %q but: %s", p.path, selector, w, text)
		}
	}
}

// hides fails the test when the elements that match selector say one of words.
func (p *page) hides(selector string, words ...string) {
	p.t.Helper()
	text := p.text(selector)
	for _, w := range words {
		if strings.Contains(text, w) {
			p.t.Errorf("%s: %s says %q", p.path, selector, w)
		}
	}
}

// is fails the test unless the page has a status.
func (p *page) is(status int) *page {
	p.t.Helper()
	if p.status != status {
		p.t.Fatalf("%s: status %d, want %d: %s", p.path, p.status, status, p.text("main"))
	}
	return p
}
