package signin_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"comptoir/internal/identity"
	"comptoir/internal/lang"
	"comptoir/internal/oauth/signin"
)

// enrolled signs sara in, lets her set up an authenticator app in French and
// returns her browser, at the portal, with the secret of the app.
func (w *world) enrolled() (b *browser, secret string) {
	w.Helper()
	w.set("security.mfa", "enforce")
	b = w.browser().open(signin.Address(signin.SecurityPath) + "&lang=fr").signIn(w.sara)
	secret, _, _ = strings.Cut(b.says("dd code, dd .mono, dd .id"), " ")
	return b.submit("code", w.code(secret)).submit("saved", "yes"), secret
}

func TestTooManyWrongCodesEndTheSignInWithAWord(t *testing.T) {
	quickly(t, func(w *world) {
		w.enrolled()
		w.k.Wall.Advance(time.Hour)
		b := w.browser().open(signin.Address("/customers")).signIn(w.sara)
		for range 4 {
			if b.submit("code", "000000"); b.at.Path != "/signin/factor" || b.status != 400 {
				w.Fatalf("a wrong code: %d at %s", b.status, b.at)
			}
			w.k.Wall.Advance(time.Minute) // guessing has to wait between tries
		}
		b.submit("code", "000000")
		if b.at.Path != "/signin" || b.at.Query().Get("back") != "/customers" || !strings.HasSuffix(b.says(".message"), " Too many wrong codes. Sign in again.") {
			w.Fatalf("after the fifth: %s: %s", b.at, b.says("body"))
		}
		if b.signIn(w.sara); b.at.Path != "/signin/factor" {
			w.Errorf("signing in again leads to %s", b.at)
		}
		w.k.Wall.Advance(time.Hour)
		if b.submit("code", "000000"); !strings.HasSuffix(b.says(".message"), " The sign-in took too long. Sign in again.") {
			w.Errorf("left lying: %s: %s", b.at, b.says("body"))
		}
	})
}

// Rule A12: one second factor has to stay where one is required.
func TestTheLastSecondFactorStaysAndOthersAreAskedAboutFirst(t *testing.T) {
	each(t, func(w *world) {
		b, _ := w.enrolled()
		b.open(signin.SecurityPath)
		reason := lang.For("en").Fault(identity.ErrFactorLast)
		remove := b.find(`#factors td [aria-disabled="true"]`)
		if len(remove) != 1 || !strings.Contains(b.raw, reason) || len(b.find(`#factors td a[href*="remove"]`)) != 0 {
			w.Fatalf("the last one can be removed: %s", b.says("#factors"))
		}
		w.k.Wall.Advance(time.Minute) // the older one stands first
		w.k.Clock.Advance(time.Minute)
		b.submit("name", "my telephone")
		secret, _, _ := strings.Cut(b.says("dd code, dd .mono, dd .id"), " ")
		b.submit("code", w.code(secret))
		links := b.open(signin.SecurityPath).find(`#factors td a[href*="remove"]`)
		if len(links) != 2 {
			w.Fatalf("two factors, and %d can be removed: %s", len(links), b.says("#factors"))
		}
		b.open(attr(links[1], "href"))
		if !strings.Contains(b.says("dialog h2"), "my telephone") {
			w.Fatalf("no question: %s", b.says("body"))
		}
		id := b.at.Query().Get("id")
		if b.open(signin.SecurityPath); !strings.Contains(b.says("#factors"), "my telephone") {
			w.Error("asking removed it")
		}
		b.open(attr(links[1], "href")).submit("id", id)
		if b.at.Path != signin.SecurityPath || strings.Contains(b.says("#factors"), "my telephone") {
			w.Errorf("after it was removed: %s %s", b.at, b.says("#factors"))
		}
		b.open(attr(links[0], "href"))
		if len(b.find(`dialog button[aria-disabled="true"]`)) != 1 || !strings.Contains(b.says("dialog"), reason) {
			w.Errorf("the question about the last one: %s", b.says("dialog"))
		}
		if b.open(signin.SecurityPath + "/factors/remove?id=" + url.QueryEscape("no such")); b.status != 404 {
			w.Errorf("an unknown factor: %d", b.status)
		}
	})
}

func TestAFactorWithoutANameIsCalledInTheLanguageOfItsReader(t *testing.T) {
	quickly(t, func(w *world) {
		b, _ := w.enrolled()
		if b.open(signin.SecurityPath); !strings.Contains(b.says("#factors td"), lang.For("en").T("signin.factor.app")) {
			w.Fatalf("enrolled in French, seen in English: %s", b.says("#factors td"))
		}
		own, err := identity.ListFactors.Do(w.Context(), w.k, must(w.gate.Person(w.Context(), w.sara.User.Tenant, w.sara.User.ID))(w).Actor("", true), struct{}{})
		if err != nil || len(own.Factors) != 1 || own.Factors[0].Name != "" {
			w.Errorf("kept as %+v: %v", own, err)
		}
	})
}

func TestRecoveryCodesAreShownOnceAndUnderOneHeading(t *testing.T) {
	quickly(t, func(w *world) {
		w.set("security.mfa", "enforce")
		b := w.browser().open("/signin").signIn(w.sara)
		secret, _, _ := strings.Cut(b.says("dd code, dd .mono, dd .id"), " ")
		b.submit("code", w.code(secret))
		shown := b.says("main")
		codes := strings.Fields(attr(b.find("#codes")[0], "value"))
		if len(codes) != 10 || attr(b.find("#codes")[0], "type") != "hidden" {
			w.Fatalf("codes: %s", b.raw)
		}
		for _, code := range codes {
			if strings.Count(shown, code) != 1 {
				w.Errorf("%s stands %d times in %s", code, strings.Count(shown, code), shown)
			}
		}
		if n := strings.Count(shown, lang.For("en").T("signin.codes.title")); n != 1 {
			w.Errorf("the heading stands %d times: %s", n, shown)
		}
	})
}
