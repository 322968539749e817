package block_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"comptoir/internal/portal/block"
)

func TestAPageKnowsWhatHtmxWants(t *testing.T) {
	for _, c := range []struct {
		request, target, id string
		want                bool
	}{
		{"true", "section#customers", "customers", true},
		{"true", "aside#pane", "customers", false},
		{"", "section#customers", "customers", false},
		{"true", "section#%C3%A5", "å", true},
		{"true", "", "customers", false},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Hx-Request", c.request)
		r.Header.Set("Hx-Target", c.target)
		if got := block.Wants(r, c.id); got != c.want {
			t.Errorf("%q of %q wants %s: %v", c.request, c.target, c.id, got)
		}
	}
}

func TestAfterAFormTheWholePageGoesOn(t *testing.T) {
	for _, c := range []struct {
		name, request, boosted string
		status                 int
		location, redirect     string
	}{
		{"without script", "", "", http.StatusSeeOther, "/next", ""},
		{"from a dialog", "true", "", http.StatusOK, "", "/next"},
		{"from a boosted form", "true", "true", http.StatusSeeOther, "/next", ""},
	} {
		r, w := httptest.NewRequest(http.MethodPost, "/", nil), httptest.NewRecorder()
		r.Header.Set("Hx-Request", c.request)
		if c.boosted != "" {
			r.Header.Set("Hx-Boosted", c.boosted)
		}
		block.Redirect(w, r, "/next")
		if w.Code != c.status || w.Header().Get("Location") != c.location || w.Header().Get("Hx-Redirect") != c.redirect {
			t.Errorf("%s: %d, %q, %q", c.name, w.Code, w.Header().Get("Location"), w.Header().Get("Hx-Redirect"))
		}
	}
}
