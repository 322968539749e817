package signin_test

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"comptoir/internal/db/dbtest"
	"comptoir/internal/identity"
	"comptoir/internal/oauth/signin"
	"comptoir/internal/op"
	"comptoir/internal/portal/browsertest"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

// picture keeps what the tab shows, when COMPTOIR_TEST_PICTURES names a folder.
func picture(p *browsertest.Page, name string) {
	if dir := os.Getenv("COMPTOIR_TEST_PICTURES"); dir != "" {
		p.Screenshot(filepath.Join(dir, name+".png"))
	}
}

// site is the address of the test server under a name, as passkeys want it.
func (w *world) local() string { return strings.Replace(w.web.URL, "127.0.0.1", "localhost", 1) }

// A person sets up a passkey with a real browser, and signs in with it.
func TestAPasskeyInARealBrowser(t *testing.T) {
	b := browsertest.NewBrowser(t)
	w := newWorld(t, dbtest.SQLite(t), false, nil)
	w.set("security.mfa", "enforce")
	p := b.Open(t, w.local()+signin.Address("/page"))
	p.SecurityKey()
	signIn := func() {
		p.Type(`input[name="username"]`, w.sara.User.Name)
		p.Type(`input[name="password"]`, w.sara.Password)
		p.Click(`form button.primary`)
	}
	browsertest.Axe(t, p)
	picture(p, "signin")
	signIn()
	p.Wait(`location.pathname === '/signin/enrol'`)
	browsertest.Axe(t, p)
	p.Resize(320, 640)
	p.Overflow()
	picture(p, "enrol-narrow")
	p.Resize(1440, 900)
	picture(p, "enrol")
	p.Click(`[data-passkey="create"]`)
	p.Wait(`document.querySelector('#codes')`)
	browsertest.Axe(t, p)
	picture(p, "codes")
	p.Click(`[data-saved]`)
	p.Click(`.secret-foot .primary`)
	p.Wait(`location.pathname === '/page' && document.body.innerText.includes('mfa true')`)

	p.Go(w.local() + signin.Again("/page"))
	signIn()
	p.Wait(`location.pathname === '/signin/factor'`)
	browsertest.Axe(t, p)
	picture(p, "factor")
	p.Click(`[data-passkey="get"]`)
	p.Wait(`location.pathname === '/page' && document.body.innerText.includes('mfa true')`)

	p.Go(w.local() + signin.SecurityPath)
	p.Wait(`document.querySelector('#factors tbody tr')`)
	browsertest.Axe(t, p)
	picture(p, "security")
	if own := must(identity.ListFactors.Do(t.Context(), w.k, w.as(w.sara), struct{}{}))(t); len(own.Factors) != 1 || own.Factors[0].UsedAt.IsZero() {
		t.Errorf("factors %+v", own)
	}
}

// as returns the actor that a user is.
func (w *world) as(n identity.CreatedUser) op.Actor {
	w.Helper()
	return must(w.gate.Person(w.Context(), n.User.Tenant, n.User.ID))(w).Actor("", true)
}

// The browser itself stops a form that another site sends.
func TestTheFrameSignsOutInARealBrowser(t *testing.T) {
	b := browsertest.NewBrowser(t)
	w := newWorld(t, dbtest.SQLite(t), false, nil)
	p := b.Open(t, w.local()+signin.Address(signin.SecurityPath))
	p.Click(`table button[name="account"]`)
	p.Wait(`location.pathname === '` + signin.SecurityPath + `'`)
	p.Resize(320, 800)
	p.Go(w.local() + signin.SecurityPath)
	p.Overflow()
	p.Go(w.local() + signin.OutPath + "?back=" + url.QueryEscape("/page"))
	browsertest.Axe(t, p)
	p.Click(`form .primary`)
	p.Wait(`location.pathname === '/signin' && document.body.innerText.includes('signed out')`)
}
