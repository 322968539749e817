package visit

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"

	"comptoir/internal/op"
	"comptoir/internal/portal/block"
)

// shownCookie holds marks of the forms whose secrets this browser was shown.
const shownCookie = "shown"

// shownKept is how many marks a browser keeps; the oldest go first.
const shownKept = 8

// Once returns s as this browser may see it: the secret that a form has made
// stands in the first answer alone, and a page that is loaded again withholds
// it (rule C9). When that answer was lost on its way, the browser has no mark of
// it: the form, sent again, shows the secret (rule C8). A form is known by the key
// that DoOnce reads.
func (v *Visit) Once(s block.SecretOnce) block.SecretOnce {
	key := v.Form("request-id")
	if key == "" {
		return s
	}
	sum := sha256.Sum256([]byte(key))
	mark := hex.EncodeToString(sum[:8])
	marks := strings.Split(v.Cookie(shownCookie), ".")
	if s.Shown = slices.Contains(marks, mark); s.Shown {
		return s
	}
	marks = append([]string{mark}, marks...)
	v.setCookie(shownCookie, strings.Join(marks[:min(len(marks), shownKept)], "."), int(op.ReplayTime.Seconds()))
	return s
}

// Saved reports whether the reader has ticked that the secrets are saved.
func (v *Visit) Saved() bool { return v.Form("saved") != "" }

// AskSaved asks who goes on without the tick whether the secrets are saved
// (portal 0.4), on a page of its own: they are not shown again. The answer goes
// to action.
func (v *Visit) AskSaved(f block.Frame, action string) error {
	return v.ShowAs(http.StatusBadRequest, block.SecretOncePage(v.Printer, f, block.SecretOnce{
		Action: action, CSRF: v.CSRF(), Done: v.T("common.done"), Unsaved: true,
	}))
}
