package visit

import (
	"encoding/base64"
	"net/http"
	"unicode/utf8"
)

// The cookies in which a browser keeps the reader's choices. They say how the
// portal looks here, not who he is.
const (
	ThemeCookie = "theme" // block.Theme
	NavCookie   = "nav"   // "folded"
	KeysCookie  = "keys"  // "off"
	flashCookie = "flash" // the toast of the next page
)

// choiceAge is how long a browser keeps a choice, in seconds.
const choiceAge = 365 * 24 * 60 * 60

func cookie(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return "" // the reader has not chosen
	}
	return c.Value
}

// Cookie returns a choice that the browser keeps, "" for none.
func (v *Visit) Cookie(name string) string { return cookie(v.Request, name) }

// Keep has the browser keep a choice; "" forgets it.
func (v *Visit) Keep(name, value string) {
	age := choiceAge
	if value == "" {
		age = -1
	}
	v.setCookie(name, value, age)
}

// Entrust has the browser keep a secret for so many seconds, and show it to the
// pages under path alone.
func (v *Visit) Entrust(name, value, path string, age int) {
	http.SetCookie(v.Writer, &http.Cookie{
		Name: name, Value: value, Path: path, MaxAge: age, HttpOnly: true,
		Secure: v.site.Origin.Secure(v.Request), SameSite: http.SameSiteStrictMode,
	})
}

func (v *Visit) setCookie(name, value string, age int) {
	http.SetCookie(v.Writer, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: age, HttpOnly: true,
		Secure: v.site.Origin.Secure(v.Request), SameSite: http.SameSiteLaxMode,
	})
}

// flashAge is how long a toast may be on its way, in seconds.
const flashAge = 60

// Toast has the next page that the reader sees say text: a form was taken and
// leads on.
func (v *Visit) Toast(text string) {
	v.setCookie(flashCookie, base64.RawURLEncoding.EncodeToString([]byte(text)), flashAge)
}

// takeToast returns the sentence that an earlier request left, "" for none, and
// forgets it.
func (v *Visit) takeToast() string {
	kept := v.Cookie(flashCookie)
	if kept == "" {
		return ""
	}
	v.setCookie(flashCookie, "", -1)
	text, err := base64.RawURLEncoding.DecodeString(kept)
	if err != nil || !utf8.Valid(text) {
		return "" // not one of ours: somebody changed the cookie
	}
	return string(text)
}
