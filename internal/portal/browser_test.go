package portal_test

import (
	"strconv"
	"strings"
	"testing"

	"comptoir/internal/customer"
	"comptoir/internal/portal/browsertest"
	"comptoir/internal/portal/visit"
)

// looks are a theme for each language, so that all of both are seen.
var looks = map[string]string{"en": "light", "fr": "dark", "sv": "contrast"}

// looksAt opens a page as somebody in a language and its theme.
func (w *world) looksAt(who, lang, path string) string {
	return w.as(who, lang, path) + "&theme=" + looks[lang]
}

// eachScene opens every page in every language in a window of a size, in several
// tabs, since one tab has a bounded time.
func eachScene(t *testing.T, width, height int64, look func(t *testing.T, p *browsertest.Page, s scene)) {
	browser := browsertest.NewBrowser(t)
	w := newWorld(t)
	scenes := w.scenes()
	for lang := range looks {
		for from := 0; from < len(scenes); from += 12 {
			t.Run(lang+" "+strconv.Itoa(from), func(t *testing.T) {
				t.Parallel()
				p := browser.Open(t, w.looksAt("direct admin-agent", lang, "/home"))
				p.Prefer("prefers-reduced-motion", "reduce")
				p.Resize(width, height)
				for _, s := range scenes[from:min(from+12, len(scenes))] {
					p.Go(w.looksAt(s.who, lang, s.path))
					if s.act != nil {
						s.act(p)
					}
					look(t, p, s)
					p.Problems() // a refused page answers with a status, which the console notes
				}
			})
		}
	}
}

func TestEveryPageIsAccessible(t *testing.T) { // portal 0.6: WCAG 2.2 AA
	eachScene(t, 1440, 900, func(t *testing.T, p *browsertest.Page, s scene) {
		t.Log(s.name)
		browsertest.Axe(t, p)
		// The frame stands still, and the sheet in it scrolls (portal 0.1).
		if tall := browsertest.Eval[int](p, "document.documentElement.scrollHeight"); tall > 900 && browsertest.Eval[bool](p, "document.querySelector('.sheet') !== null") {
			t.Errorf("the page is %d high in a window of 900", tall)
		}
	})
}

// 320 pixels is the width of a small telephone and of a screen at 400 % zoom.
func TestEveryPageFitsSmallWindows(t *testing.T) { // portal 0.6
	eachScene(t, 320, 256, func(t *testing.T, p *browsertest.Page, s scene) {
		t.Log(s.name)
		p.Overflow()
	})
}

// words are what the pages say in each language.
var words = map[string]struct{ country, next, filter, approved, add string }{
	"en": {"Registration ID (TIN)", "Page 2 of 2", "Filter", "Approved", "Add customer"},
	"fr": {"ID d’inscription (TIN)", "Page 2 sur 2", "Filtrer", "Approuvé", "Ajouter un client"},
	"sv": {"Registrerings-ID (TIN)", "Sida 2 av 2", "Filtrera", "Godkänd", "Lägg till kund"},
}

// Whoever wants little motion gets none: what opens has its size at once.
func TestNothingMovesForWhoWantsLittleMotion(t *testing.T) { // portal 0.6
	browser := browsertest.NewBrowser(t)
	w := newWorld(t)
	c := w.add("direct admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))
	p := browser.Open(t, w.as("direct sales-agent", "en", visit.AccountPath(c.ID)))
	p.Click("#agreement .btn")
	p.Wait("document.querySelector('#dialogs dialog:modal')")
	moving := browsertest.Eval[[]string](p, `[...document.querySelectorAll('*')].filter(e => {
		const style = getComputedStyle(e);
		return style.animationName !== 'none' || style.transitionDuration.split(', ').some(d => d !== '0s');
	}).map(e => e.tagName + '.' + e.className)`)
	if len(moving) > 0 {
		t.Errorf("%d elements move: %s", len(moving), strings.Join(moving[:min(5, len(moving))], ", "))
	}
}

// The list in a browser: what is typed narrows it at once, and everything stands
// in the address, so that Back works (portal 0.3).
func TestTheListInABrowser(t *testing.T) {
	browser := browsertest.NewBrowser(t)
	w := newWorld(t)
	all := w.many("direct admin-agent", 60)
	for lang, say := range words {
		t.Run(lang, func(t *testing.T) {
			p := browser.Open(t, w.as("direct admin-agent", lang, "/customers"))
			p.Type("#customers-q", "horizon")
			p.Wait("document.querySelectorAll('#customers tbody tr').length === 4 && location.search.includes('q=horizon')")
			if got := browsertest.Eval[string](p, "document.activeElement.id"); got != "customers-q" {
				t.Errorf("typing loses the focus to %q", got)
			}
			p.Go(w.as("direct admin-agent", lang, "/customers?view=reset"))

			p.Click(".toolbar [data-key=f]")
			p.Wait("document.querySelector('#customers-filters').matches(':popover-open')")
			browsertest.Eval[bool](p, "(document.querySelector('#customers-f-status').value = 'Allowed', true)")
			p.Click("#customers-filters .btn.primary")
			p.Wait("document.querySelector('.chip')?.innerText.includes(" + strconv.Quote(say.approved) + ")")
			p.Wait("location.search.includes('status=Allowed')")
			browsertest.Eval[bool](p, "(history.back(), true)")
			p.Wait("!document.querySelector('.chip') && !location.search.includes('status')")

			p.Click("th[data-col=name] a")
			p.Wait("location.search.includes('sort=name') && document.querySelector('th[data-col=name]').ariaSort === 'ascending'")
			p.Click("th[data-col=name] a")
			p.Wait("location.search.includes('sort=-name') && document.querySelector('#customers tbody tr').innerText.includes('Océan Pharmacie')")

			p.Click(".pages a:nth-of-type(1)")
			p.Wait("document.querySelector('.pager').innerText.includes(" + strconv.Quote(say.next) + ")")
			if n := browsertest.Eval[int](p, "document.querySelectorAll('#customers tbody tr').length"); n != 10 {
				t.Errorf("the second page has %d rows", n)
			}
			p.Go(w.as("direct admin-agent", lang, "/customers?view=reset"))

			p.Click("#customers-" + string(all[0].ID) + " td:nth-child(3)")
			p.Wait("document.querySelector('#pane h2')?.innerText === " + strconv.Quote(all[0].OriginalName))
			p.Wait("location.search.includes(" + strconv.Quote("open="+string(all[0].ID)) + ")")
			p.Press("\u001b") // Escape
			p.Wait("document.querySelector('#pane').hidden && !location.search.includes('open=')")
		})
	}
}

// A customer is added in a browser: the country changes the labels in place,
// the domain is looked at when it is left, the password is shown once.
func TestACustomerIsAddedInABrowser(t *testing.T) { // S2.16 to S2.24
	browser := browsertest.NewBrowser(t)
	w := newWorld(t)
	w.add("provider admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))
	numbers := map[string]string{"en": "526-10-40-567", "fr": "526-10-40-828", "sv": "774-00-01-454"}
	for lang, say := range words {
		t.Run(lang, func(t *testing.T) {
			prefix := "ser" + lang
			p := browser.Open(t, w.as("direct sales-agent", lang, "/customers/new"))
			p.Type("#company", "Serownia Górska "+prefix+" Sp. z o.o.")
			browsertest.Eval[bool](p, "(document.querySelector('#country').value = 'PL', document.querySelector('#country').dispatchEvent(new Event('change', {bubbles: true})), true)")
			p.Wait("document.querySelector('label[for=registration-id]')?.innerText.includes(" + strconv.Quote(say.country) + ")")
			if got := browsertest.Eval[string](p, "document.querySelector('#company').value"); got != "Serownia Górska "+prefix+" Sp. z o.o." {
				t.Errorf("the change of country loses the name: %q", got)
			}
			p.Type("#domain", "vercors\t")
			p.Wait("document.querySelector('#domain-error')")
			browsertest.Eval[bool](p, "(document.querySelector('#domain').value = '', true)")
			p.Type("#domain", prefix+"\t")
			p.Wait("document.querySelector('#domain-hint')?.innerText.includes('" + prefix + ".onmicrosoft.com')")
			for field, value := range map[string]string{
				"registration-id": numbers[lang], "line1": "ul. Krupówki 1", "postal-code": "34-500", "city": "Zakopane", "phone": "+48 18 200 00 00",
				"first-name": "Zofia", "last-name": "Bąk", "email": "zofia@" + prefix + ".example",
			} {
				p.Type("#"+field, value)
			}
			browsertest.Eval[bool](p, "(document.querySelector('#agreed-on').value = '2026-11-19', true)")
			p.Type("#city", "\r") // Enter in a field goes on, it does not validate the address
			p.Wait("location.pathname === '/customers/new/review'")
			p.Click(".wizard-foot .primary")
			p.Wait("document.querySelector('.secrets')")
			if shown := browsertest.Eval[string](p, "getComputedStyle(document.querySelector('[data-secret]')).webkitTextSecurity"); shown == "none" {
				t.Error("the password stands open")
			}
			p.Click("[data-reveal=password]")
			p.Wait("document.querySelector('[data-secret]').classList.contains('shown')")
			p.Click("[data-saved]")
			p.Click(".secret-foot .primary")
			p.Wait("document.querySelector('tr.marked')?.innerText.includes('" + prefix + "')")
			p.Wait("document.querySelector('.toast')")
		})
	}
}

// Editing, with the dialog that names the effects and the one that confirms an
// acceptance over the page.
func TestAnAccountIsEditedInABrowser(t *testing.T) {
	browser := browsertest.NewBrowser(t)
	w := newWorld(t)
	c := w.add("direct admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))
	p := browser.Open(t, w.as("direct sales-agent", "sv", visit.AccountPath(c.ID)))
	if got := browsertest.Eval[string](p, "document.querySelector('#billing [data-save]').ariaDisabled"); got != "true" {
		t.Error("Save is enabled before anything changed")
	}
	p.Click("#agreement .btn")
	p.Wait("document.querySelector('#dialogs dialog:modal')")
	browsertest.Eval[bool](p, "(document.querySelector('#agreed-first').value = '', true)")
	p.Click("#dialogs .btn.primary")
	p.Wait("document.querySelector('#dialogs #agreed-first-error')")
	p.Problems() // the refused form answers 400
	p.Type("#dialogs #agreed-first", "Camille")
	p.Click("#dialogs .btn.primary")
	p.Wait("document.querySelector('#agreement .badge.success')")
	p.Type("#line1", "B, ")
	p.Click("#billing [data-save]")
	p.Wait("document.querySelector('dialog#reverify')")
	p.Click("dialog#reverify .btn.primary")
	p.Wait("document.querySelector('#line1')?.value.includes('B, ') && document.querySelector('.toast')")
}

// Everything by keyboard (portal 0.6).
func TestThePortalWorksByKeyboard(t *testing.T) {
	browser := browsertest.NewBrowser(t)
	w := newWorld(t)
	w.many("direct admin-agent", 5)
	p := browser.Open(t, w.as("direct admin-agent", "en", "/home"))
	p.Press("gc")
	p.Wait("location.pathname === '/customers'")
	p.Press("j")
	p.Press("j")
	p.Wait("document.activeElement.matches('#customers tbody tr:nth-child(2)')")
	p.Press(" ")
	p.Wait("document.querySelector('#customers tbody tr:nth-child(2) input').checked")
	p.Press(" ")
	p.Wait("!document.querySelector('#customers tbody tr:nth-child(2) input').checked")
	p.Press("\r")
	p.Wait("document.querySelector('#pane h2')")
	first := p.Text("#pane h2")
	p.Press("j")
	p.Wait("document.querySelector('#pane h2').innerText !== " + strconv.Quote(first))
	p.Press("\u001b")
	p.Wait("document.querySelector('#pane').hidden")
	// The arrows lead on from a row that was clicked.
	p.Click("#customers tbody tr:nth-child(2) td:nth-child(3)")
	p.Wait("document.querySelector('#pane h2') && document.activeElement.matches('#customers tbody tr:nth-child(2)')")
	second := p.Text("#pane h2")
	browsertest.Eval[bool](p, "(document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowDown', bubbles: true})), true)")
	p.Wait("document.querySelector('#pane h2').innerText !== " + strconv.Quote(second))
	p.Wait("document.activeElement.matches('#customers tbody tr:nth-child(3)')")
	p.Press("\u001b")
	p.Wait("document.querySelector('#pane').hidden")
	p.Press("/")
	p.Wait("document.activeElement.id === 'customers-q'")
	p.Press("\u001b")
	browsertest.Eval[bool](p, "(document.activeElement.blur(), true)")
	p.Press("n")
	p.Wait("location.pathname === '/customers/new'")
	// From the skip link to the content, then through the form in its order.
	p.Press("\t")
	p.Wait("document.activeElement.matches('.skip')")
	p.Press("\r")
	p.Wait("location.hash === '#main'")
	p.Press("\t\t\t")
	p.Wait("document.activeElement.closest('main')")
	browsertest.Eval[bool](p, "(document.querySelector('#company').focus(), true)")
	p.Press("Fromagerie du Vercors SARL\r")
	p.Wait("document.querySelector('#errors') === document.activeElement")
	p.Problems()
}

// Chromium with its scripts switched off: find, add, edit.
func TestThePortalWorksWithoutScript(t *testing.T) {
	browser := browsertest.NewBrowser(t)
	w := newWorld(t)
	c := w.add("direct admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))
	p := browser.Open(t, w.as("direct admin-agent", "en", "/home"))
	p.WithoutScript()
	p.Go(w.as("direct admin-agent", "en", "/customers"))
	p.Type("#customers-q", "vercors\r")
	p.Shown("#customers tbody tr")
	p.Click("#customers tbody a")
	p.Shown("#billing-form")

	p.Go(w.as("direct admin-agent", "en", "/customers/new"))
	p.Choose("#country", "Poland")
	p.Click("#company-section button[value=refresh]")
	p.Wait("document.querySelector('label[for=registration-id]').innerText.includes('TIN')")
	p.Choose("#country", "France")
	p.Click("#company-section button[value=refresh]")
	p.Wait("!document.querySelector('label[for=registration-id]').innerText.includes('TIN')")
	for field, value := range map[string]string{
		"company": "Ateliers Rhône SAS", "line1": "1 rue du Rhône", "postal-code": "69001", "city": "Lyon", "first-name": "Luc", "last-name": "Morel",
		"email": "luc@ateliers-rhone.example", "domain": "rhone",
	} {
		p.Type("#"+field, value)
	}
	p.Click("#agreement input[value=later]")
	p.Click(".wizard-foot .primary")
	p.Shown(".card dl")
	p.Click(".wizard-foot .primary")
	p.Shown("[data-secret]")
	p.Click("[data-saved]")
	p.Click(".secret-foot .primary")
	p.Shown("tr.marked")

	p.Go(w.as("direct admin-agent", "en", visit.AccountPath(c.ID)))
	p.Type("#line2", "Bâtiment B")
	p.Click("#billing [data-save]")
	p.Shown("dialog#reverify")
	p.Click("dialog#reverify .btn.primary")
	p.Shown("#billing-form")
	got := do(w, customer.GetBilling, w.actor("direct admin-agent"), customer.Ref{ID: c.ID})
	if got.Billing.Address.AddressLine2 != "Bâtiment B" {
		t.Errorf("the second line is %q", got.Billing.Address.AddressLine2)
	}
	found := do(w, customer.List, w.actor("direct admin-agent"), customer.Query{Filter: customer.Filter{Search: "rhône"}, Size: 10})
	if len(found.Items) != 1 {
		t.Errorf("%d customers were added", len(found.Items))
	}
}
