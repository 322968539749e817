package app_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"comptoir/internal/demo"
)

// signInPages are the pages for who is not signed in yet, by their pattern, with
// the statuses that they answer nobody with.
var signInPages = map[string][]int{
	"GET /signin":                 {http.StatusOK},
	"POST /signin":                {http.StatusUnauthorized},
	"GET /signin/factor":          {http.StatusSeeOther},
	"POST /signin/factor":         {http.StatusSeeOther},
	"POST /signin/passkey":        {http.StatusUnauthorized},
	"GET /signin/password":        {http.StatusSeeOther},
	"POST /signin/password":       {http.StatusSeeOther},
	"GET /signin/enrol":           {http.StatusSeeOther},
	"POST /signin/enrol":          {http.StatusSeeOther},
	"POST /signin/enrol/passkey":  {http.StatusUnauthorized},
	"POST /signin/enrol/done":     {http.StatusSeeOther},
	"GET /signin/verify":          {http.StatusSeeOther},
	"POST /signin/provider":       {http.StatusSeeOther},
	"GET /signin/provider/return": {http.StatusSeeOther},
	"GET /signout":                {http.StatusSeeOther},
	"POST /signout":               {http.StatusSeeOther},
}

// Who is not signed in is led to the sign-in from every page and every form, and
// nothing is done for him.
func TestEveryPageLeadsNobodyToTheSignIn(t *testing.T) {
	h := theHouse(t)
	nobody := h.actors[0]
	before := h.rows(t)
	for _, pattern := range h.Pages() {
		if asksAboutApplication(pattern) || isOpen(pattern) {
			continue
		}
		method, path := pathOf(pattern, target{id: string(h.org("direct").customers[0])})
		got := h.browse(t, nobody, method, path, url.Values{"username": {"nobody"}, "password": {"nothing"}}, nil)
		switch want, known := signInPages[pattern]; {
		case known:
			if !slices.Contains(want, got.status) {
				t.Errorf("%s: %d, want one of %v", pattern, got.status, want)
			}
		case strings.Contains(pattern, "/dashboard"), strings.Contains(pattern, "/commerce"), strings.Contains(pattern, "/adminportal"):
			asked := strings.HasSuffix(pattern, "/adminportal/home") && got.status == http.StatusOK && strings.Contains(got.body, "data-moved-to")
			if got.status != http.StatusFound && !asked {
				t.Errorf("%s: %d, want the new address", pattern, got.status)
			}
		case got.status != http.StatusSeeOther || !strings.HasPrefix(got.header.Get("Location"), "/signin"):
			t.Errorf("%s: %d to %q, want the sign-in", pattern, got.status, got.header.Get("Location"))
		}
	}
	h.holdRows(t, &org{key: "nowhere"}, before, h.rows(t))
}

// browse sends what the browser of somebody sends, with headers of its own.
func (h *house) browse(t *testing.T, a *actor, method, path string, form url.Values, header map[string]string) *answer {
	t.Helper()
	c := call{method: method, path: path, header: a.browser.header()}
	if method == http.MethodPost {
		sent := url.Values{"csrf": {a.browser.csrf}}
		for name, values := range form {
			sent[name] = values
		}
		c.body, c.header["Content-Type"] = sent.Encode(), formType
	}
	for name, value := range header {
		c.header[name] = value
		if value == "" {
			delete(c.header, name)
		}
	}
	got := h.watch(t, a, c)
	a.browser.take(got)
	return got
}

// A form that another site had the browser send is refused, whoever is signed in:
// by the token that only our pages know, and by what the browser says of its
// origin. No operation runs for it.
func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	h := theHouse(t)
	a := h.actor("direct first-user")
	forgeries := map[string]struct {
		form   url.Values
		header map[string]string
	}{
		"without a token":                 {url.Values{"csrf": {""}}, nil},
		"with a token of somebody else":   {url.Values{"csrf": {h.actor("foreign first-user").browser.csrf}}, nil},
		"from another site":               {nil, map[string]string{"Sec-Fetch-Site": "cross-site"}},
		"from a neighbour in the domain":  {nil, map[string]string{"Sec-Fetch-Site": "same-site", "Origin": "http://evil.molnverket.example"}},
		"from another origin":             {nil, map[string]string{"Sec-Fetch-Site": "", "Origin": "https://evil.example"}},
		"from a page without an origin":   {nil, map[string]string{"Sec-Fetch-Site": "", "Origin": "null"}},
		"without a token, in a file form": {url.Values{"csrf": {""}}, map[string]string{"Sec-Fetch-Site": "", "Content-Type": "multipart/form-data; boundary=x"}},
		"without a token, as JSON":        {url.Values{"csrf": {""}}, map[string]string{"Sec-Fetch-Site": "", "Content-Type": "application/json"}},
		"without a token, as plain text":  {url.Values{"csrf": {""}}, map[string]string{"Sec-Fetch-Site": "", "Content-Type": "text/plain"}},
	}
	before := h.rows(t)
	for _, pattern := range h.Pages() {
		method, path := pathOf(pattern, target{id: string(a.org.customers[0])})
		if method != http.MethodPost || isOpen(pattern) {
			continue
		}
		for name, f := range forgeries {
			form := url.Values{"username": {a.userName}, "password": {demo.Password}, "tags": {"Kapad"}, "go": {"approve"}}
			for member, values := range f.form {
				form[member] = values
			}
			got := h.browse(t, a, method, path, form, f.header)
			if got.status != http.StatusForbidden {
				t.Errorf("%s %s: %d, want 403", pattern, name, got.status)
			}
			for _, ran := range got.ran {
				if h.specs[ran.Action].Write {
					t.Errorf("%s %s ran %s", pattern, name, ran.Action)
				}
			}
		}
	}
	h.holdRows(t, &org{key: "nowhere"}, before, h.rows(t))
}
