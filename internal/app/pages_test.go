package app_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"comptoir/internal/customer"
	"comptoir/internal/fault"
	"comptoir/internal/policy"
	"comptoir/internal/refusal"
)

// Every page is opened, and every form sent, by everybody who can sign in: about
// what is his own and about what is none of his business. What a page shows is
// what the matrix lets its reader see; others are told that there is no such
// page, or who may open it (portal 0.7). No page shows a text as anything but
// text.
func TestEveryPageShowsEverybodyWhatTheMatrixSays(t *testing.T) {
	h := theHouse(t)
	h.delegates()
	shown, escaped := map[string]bool{}, map[string]bool{}
	for _, o := range slices.Backward(h.orgs) { // the operator looks last at what the others did
		before := h.rows(t)
		for _, a := range o.actors {
			if !a.alone {
				h.openAll(t, a, shown, escaped)
			}
		}
		h.holdRows(t, o, before, h.rows(t))
		if t.Failed() {
			t.Fatal("the people of the other organisations open nothing")
		}
	}
	for _, pattern := range portalPages(h) {
		if !shown[pattern] {
			t.Errorf("%s was shown to nobody, so that nothing was learnt about it", pattern)
		}
	}
	for _, pattern := range dangerous {
		if !escaped[pattern] {
			t.Errorf("%s showed none of the texts that are dangers to pages", pattern)
		}
	}
}

// dangerous are pages that show what people have typed, so that the texts of the
// house that would run as script have to appear on them, escaped.
var dangerous = []string{
	"GET /home", "GET /admin", "GET /admin/invitation", "GET /search", "GET /my-access", "GET /profile",
	"GET /customers", "POST /customers/tags/ask", "GET /customers/new/review", "GET /customers/{id}/account",
	"POST /customers/{id}/account/billing", "GET /customers/{id}/account/agreement", "GET /customers/{id}/account/appeal",
	"GET /agreements", "GET /agreements/{id}", "GET /agreements/{id}/rows/{number}",
	"GET /imports", "GET /imports/{id}", "GET /jobs", "GET /settings/activity-log",
	"GET /operator/verifications", "GET /operator/verifications/{partner}/{customer}",
	"GET /operator/partners", "GET /operator/partners/{id}", "GET /operator/organizations/{id}",
}

// portalPages are the pages that somebody who is signed in opens.
func portalPages(h *house) []string {
	return slices.DeleteFunc(h.Pages(), func(pattern string) bool {
		return signInPages[pattern] != nil || asksAboutApplication(pattern) || isOpen(pattern)
	})
}

func (h *house) openAll(t *testing.T, a *actor, shown, escaped map[string]bool) {
	t.Helper()
	for _, pattern := range portalPages(h) {
		if len(pages[pattern]) == 0 {
			t.Fatalf("%s has no entry: say how it is opened, and which rows decide about it", pattern)
		}
		for _, p := range pages[pattern] {
			for _, about := range h.pageTargets(a, pattern, p) {
				got, ok := h.open(t, a, pattern, p, about)
				shown[pattern] = shown[pattern] || ok
				escaped[pattern] = escaped[pattern] || ok && strings.Contains(mainOf(got), "&lt;img src=x")
			}
		}
	}
}

func (h *house) pageTargets(a *actor, pattern string, p page) []target {
	switch {
	case p.targets != nil:
		return p.targets(h, a)
	case strings.Contains(pattern, "{id}"):
		return h.customerTargets(a)
	}
	return []target{{what: "nothing of anybody", own: true}}
}

// open opens a page and reports whether it was shown.
func (h *house) open(t *testing.T, a *actor, pattern string, p page, about target) (*answer, bool) {
	t.Helper()
	c := h.pageCall(a, pattern, p, about)
	got := h.watch(t, a, c)
	a.browser.take(got)
	if pattern == "POST /customers/new/review" && got.status == http.StatusOK {
		h.keepNewest(t, a)
	}
	ok := append([]int{http.StatusOK, http.StatusSeeOther}, p.ok...)
	want, why := h.expected(a, p, about)
	switch {
	case want != nil:
		if !slices.Contains(want, got.status) {
			t.Errorf("%s as %s about %s: %d, want %v", c, a, about.what, got.status, want)
		} else if why != nil && !strings.Contains(got.body, why.Code) {
			t.Errorf("%s as %s: the page does not say %s", c, a, why.Code)
		}
		return got, false
	case about.own:
		if !slices.Contains(ok, got.status) {
			t.Errorf("%s as %s about %s: %d, want one of %v: %.300s", c, a, about.what, got.status, ok, mainOf(got))
		}
		return got, slices.Contains(ok, got.status)
	}
	if p.elsewhere == nil {
		p.elsewhere = []int{http.StatusNotFound}
	}
	if !slices.Contains(p.elsewhere, got.status) {
		t.Errorf("%s as %s about %s: %d, want one of %v", c, a, about.what, got.status, p.elsewhere)
	}
	return got, false
}

// expected returns the statuses with which the reader is refused, and the refusal
// that the page has to name; nil when he is not.
func (h *house) expected(a *actor, p page, about target) ([]int, *fault.Error) {
	if p.kind != policy.Nobody && p.kind != a.org.kind {
		if p.leads {
			return []int{http.StatusSeeOther}, nil
		}
		if p.others != nil {
			return p.others, nil
		}
		return []int{http.StatusNotFound}, nil
	}
	rows := p.rows
	if p.operates != nil && a.org.kind == policy.Operator {
		rows = p.operates
	}
	if about.own {
		rows = slices.Concat(rows, p.then)
	}
	for _, r := range rows {
		if f := h.refusal(a, r.action, r.write); f != nil {
			return []int{http.StatusForbidden}, f
		}
	}
	if p.sells && a.org.suspended {
		return []int{http.StatusForbidden}, refusal.RF43
	}
	return nil, nil
}

// pageCall makes the request of a page about a target.
func (h *house) pageCall(a *actor, pattern string, p page, about target) call {
	c := call{header: map[string]string{}}
	c.method, c.path = pathOf(pattern, about)
	if p.query != nil {
		if query := p.query(h, a, about).Encode(); query != "" {
			c.path += "?" + query
		}
	}
	form := url.Values{}
	if p.form != nil {
		form = p.form(h, a, about)
	}
	for name, value := range a.browser.header() {
		c.header[name] = value
	}
	for name, value := range p.header {
		c.header[name] = value
	}
	switch {
	case p.file:
		c.body, c.header["Content-Type"] = upload(h)
	case c.method == http.MethodPost:
		form.Set("csrf", a.browser.csrf)
		c.body, c.header["Content-Type"] = form.Encode(), formType
	}
	return c
}

// upload is a form with a file.
func upload(*house) (body, contentType string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("file", "kunder.csv")
	if err != nil {
		panic(err)
	}
	// Writing to a buffer cannot fail.
	_, _ = part.Write([]byte("Name;Country\nBolaget AB;SE\n"))
	_ = w.Close()
	return b.String(), w.FormDataContentType()
}

// keepNewest keeps the secrets of the customer that the reader has just added.
func (h *house) keepNewest(t *testing.T, a *actor) {
	t.Helper()
	found, err := do(h, customer.List, a.org.system(), customer.Query{Sort: customer.ByCreated, Descending: true, Size: 1})
	if err != nil || len(found.Items) == 0 {
		t.Fatalf("the customer that %s has added is not listed: %v", a, err)
	}
	c := found.Items[0].ID
	a.org.customers, a.org.knows[c] = append(a.org.customers, c), true
	h.keepCustomerOf(a.org, c)
}

// mainOf returns the page without what stands around every page.
func mainOf(got *answer) string {
	if i := strings.Index(got.body, "<main"); i >= 0 {
		return got.body[i:]
	}
	return got.body
}
