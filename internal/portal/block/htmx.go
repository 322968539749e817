package block

import (
	"net/http"
	"net/url"
	"strings"
)

// Wants reports whether r asks for the element with this id alone, as htmx does
// when it replaces a list or opens a pane. The page may then leave the rest out.
func Wants(r *http.Request, id string) bool {
	_, target, _ := strings.Cut(r.Header.Get("Hx-Target"), "#")
	if unescaped, err := url.PathUnescape(target); err == nil {
		target = unescaped
	}
	return r.Header.Get("Hx-Request") == "true" && target == id
}

// Redirect sends the reader on after a form was taken. For a form that htmx
// sent, as from a dialog, the whole page has to go there, not the dialog.
func Redirect(w http.ResponseWriter, r *http.Request, to string) {
	if r.Header.Get("Hx-Request") == "true" && r.Header.Get("Hx-Boosted") == "" {
		w.Header().Set("Hx-Redirect", to)
		w.WriteHeader(http.StatusOK)
		return
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}
