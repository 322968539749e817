package gallery_test

import (
	"fmt"
	"strings"
	"testing"

	"comptoir/internal/portal/browsertest"
)

func open(t *testing.T, path string) *browsertest.Page {
	t.Helper()
	server := serve(t)
	return browsertest.NewBrowser(t).Open(t, server+"/gallery"+path)
}

func address(p *browsertest.Page) string {
	return browsertest.Eval[string](p, "location.pathname + location.search")
}

// shortcut presses a key as a reader does who is not writing: DevTools would
// also write the character into whatever the shortcut focuses.
func shortcut(p *browsertest.Page, key string) {
	browsertest.Eval[bool](p, fmt.Sprintf("document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: %q, bubbles: true, cancelable: true}))", key))
}

func rows(p *browsertest.Page) int {
	return browsertest.Eval[int](p, "document.querySelectorAll('#customers tbody tr').length")
}

func TestAListIsSearchedWhileTyping(t *testing.T) {
	p := open(t, "/list?lang=en")
	shortcut(p, "/")
	p.Press("norrsken")
	p.Wait("document.querySelector('#customers .span').innerText.endsWith(' of 15')")
	if got := browsertest.Eval[string](p, "document.activeElement.value"); got != "norrsken" {
		t.Errorf("the search box lost focus or text: %q", got)
	}
	if got := address(p); got != "/gallery/list?lang=en&q=norrsken" {
		t.Errorf("the address of the list is %s", got)
	}
	p.Press("zz")
	p.Wait("document.querySelector('#customers .empty')")
	p.Click("#customers .empty .btn")
	p.Wait("document.querySelectorAll('#customers tbody tr').length === 50")
}

func TestAListIsSortedFilteredAndPaged(t *testing.T) {
	p := open(t, "/list?lang=en")
	p.Click("th[data-col=created] a")
	p.Wait("document.querySelector('th[data-col=created]').ariaSort === 'ascending'")
	p.Click("th[data-col=created] a")
	p.Wait("document.querySelector('th[data-col=created]').ariaSort === 'descending'")
	if got := p.Text("#customers tbody tr td:nth-child(2)"); got != "Aurora Logistik AB" {
		t.Errorf("the newest customer is %q", got)
	}

	p.Click("[popovertarget=customers-filters]")
	p.Click("#customers-filters input[value=NotAllowed]")
	p.Click("#customers-filters .btn.primary")
	p.Wait("document.querySelector('#customers .chip')")
	if got := p.Text("#customers .chip"); got != "Account status: Not approved" {
		t.Errorf("the chip says %q", got)
	}
	p.Click("#customers .chip a")
	p.Wait("!document.querySelector('#customers .chip')")

	p.Click("#customers .pages a[aria-label=Next]")
	p.Wait("document.querySelector('#customers .span').innerText === '51–100 of 231'")
	p.Click("#customers .pages a[aria-label=Last]")
	p.Wait("document.querySelector('#customers .span').innerText === '201–231 of 231'")
	p.Click("#customers .pages a[aria-label=Previous]")
	p.Wait("document.querySelector('#customers .span').innerText.startsWith('151')")
	if got := rows(p); got != 50 {
		t.Errorf("the page has %d rows", got)
	}

	before := address(p)
	p.Click("#customers .pages a[aria-label=First]")
	p.Wait("document.querySelector('#customers .span').innerText === '1–50 of 231'")
	browsertest.Eval[any](p, "history.back()")
	p.Wait("document.querySelector('#customers .span')?.innerText.startsWith('151')")
	if got := address(p); got != before {
		t.Errorf("Back leads to %s, not to %s", got, before)
	}
}

func TestColumnsAreChosenAndMoved(t *testing.T) {
	p := open(t, "/list?lang=en")
	p.Click("[popovertarget=customers-columns]")
	p.Click("#customers-columns input[value=country]")
	browsertest.Eval[any](p, "document.querySelector('#customers-columns li:nth-child(3) [data-move]').focus()")
	p.Press("\u0304") // arrow up
	p.Click("#customers-columns .btn.primary")
	p.Wait("document.querySelector('th[data-col=country]')")
	got := browsertest.Eval[[]string](p, "[...document.querySelectorAll('#customers th[data-col]')].map(th => th.dataset.col)")
	if want := "name relation domain status tags subscriptions created country"; strings.Join(got, " ") != want {
		t.Errorf("the columns are %v, want %s", got, want)
	}
}

func TestRowsAreSelected(t *testing.T) {
	p := open(t, "/list?lang=en")
	if got := browsertest.Eval[string](p, "document.querySelector('[data-needs=some]').ariaDisabled"); got != "true" {
		t.Error("a command for rows is enabled without rows")
	}
	p.Click("#customers tbody tr:nth-child(2) .pick input")
	browsertest.Eval[any](p, "document.querySelector('#customers tbody tr:nth-child(6) .pick input').dispatchEvent(new MouseEvent('click', {bubbles: true, shiftKey: true}))")
	p.Wait("document.querySelector('[data-selected]').innerText === 'Selected: 5'")
	if got := browsertest.Eval[bool](p, "document.querySelector('[data-needs=one]').ariaDisabled === 'true' && !document.querySelector('[data-needs=some]').ariaDisabled"); !got {
		t.Error("the commands do not follow the selection")
	}
	p.Click("[data-needs=some]")
	p.Wait("document.querySelector('dialog:modal')")
	if got := p.Text("dialog:modal .dialog-body > p"); got != "The tags are added to 5 customers." {
		t.Errorf("the dialog says %q", got)
	}
	p.Click("dialog:modal [data-dialog-close]")
	p.Wait("!document.querySelector('dialog:modal')")
	p.Click("[data-unpick]")
	p.Click("[data-pick-all]")
	p.Wait("document.querySelector('[data-selected]').innerText === 'Selected: 50'")
}

func TestTheDetailsPaneFollowsTheRow(t *testing.T) {
	p := open(t, "/list?lang=en")
	p.Click("#customers tbody tr:nth-child(1) td:nth-child(3)")
	p.Wait("document.querySelector('#pane h2')?.innerText === 'Aurora Energi Ltd'")
	if !strings.Contains(address(p), "open=") {
		t.Errorf("the pane is not in the address: %s", address(p))
	}
	shortcut(p, "j")
	p.Wait("document.querySelector('#pane h2')?.innerText === 'Aurora Energi Ltd 2'")
	if got := browsertest.Eval[int](p, "document.querySelectorAll('#customers tr[aria-current]').length"); got != 1 {
		t.Errorf("%d rows are marked as open", got)
	}
	axe := address(p)
	shortcut(p, "Escape")
	p.Wait("document.querySelector('#pane').hidden")
	if strings.Contains(address(p), "open=") {
		t.Errorf("the closed pane is still in the address: %s", address(p))
	}
	p.Go(strings.Split(browsertest.Eval[string](p, "location.href"), "/gallery")[0] + axe)
	if got := p.Text("#pane h2"); got != "Aurora Energi Ltd 2" {
		t.Errorf("the address of a pane opens %q", got)
	}
	browsertest.Axe(t, p)
}

func TestKeysCanBeSwitchedOffAndStayOutOfTextFields(t *testing.T) {
	p := open(t, "/list?lang=en")
	p.Press("?")
	p.Wait("document.querySelector('#keys:modal')")
	browsertest.Axe(t, p)
	p.Press("\u001b")
	p.Wait("!document.querySelector('#keys:modal')")
	p.Type("#customers-q", "?")
	if browsertest.Eval[bool](p, "Boolean(document.querySelector('#keys:modal'))") {
		t.Error("a key in a text field opens the list of keys")
	}
	browsertest.Eval[any](p, "document.body.dataset.keys = 'off'; document.activeElement.blur()")
	p.Press("?")
	if browsertest.Eval[bool](p, "Boolean(document.querySelector('#keys:modal'))") {
		t.Error("keys that are switched off still work")
	}
}

func TestAFieldIsCheckedWhenItIsLeft(t *testing.T) {
	p := open(t, "/form?lang=en")
	p.Wait("document.activeElement.id === 'errors'")
	p.Click("#errors a[href='#domain']")
	p.Wait("document.activeElement.id === 'domain'")
	browsertest.Eval[any](p, "document.activeElement.select()")
	p.Press("etoile\t")
	p.Wait("document.querySelector('.field:has(#domain):not(.has-error)')")
	p.Type("#domain", "é\t")
	p.Wait("document.querySelector('.field:has(#domain).has-error')")
	if got := p.Text("#domain-error"); got != "Use letters from a to z, digits and hyphens only." {
		t.Errorf("the field says %q", got)
	}
}

// A finger needs 44 pixels (portal 0.6).
func TestTouchTargetsAreLargeEnough(t *testing.T) {
	p := open(t, "/list?lang=en")
	p.Touch(390, 800)
	for _, path := range []string{"/list", "/form", "/wizard", "/messages", "/parts"} {
		p.Go(strings.Split(browsertest.Eval[string](p, "location.href"), "/gallery")[0] + "/gallery" + path + "?lang=en")
		small := browsertest.Eval[[]string](p, `[...document.querySelectorAll('.btn, .nav-open, .tabs > a, select, input:not([type=checkbox], [type=radio], [type=hidden]), label.check, summary')]
			.filter(e => e.checkVisibility() && !e.closest('.control') && e.getBoundingClientRect().height < 43.5)
			.map(e => e.tagName + '.' + e.className + ' ' + e.innerText + ' ' + Math.round(e.getBoundingClientRect().height))`)
		if len(small) > 0 {
			t.Errorf("%s: too small for a finger: %s", path, strings.Join(small, "; "))
		}
	}
}

func TestAListIsFilteredWithoutScript(t *testing.T) {
	p := open(t, "/list?lang=en")
	home := strings.Split(browsertest.Eval[string](p, "location.href"), "/gallery")[0]
	p.WithoutScript()
	p.Go(home + "/gallery/list?lang=en")
	p.Click("[popovertarget=customers-filters]")
	p.Click("#customers-filters input[value=NotAllowed]")
	p.Click("#customers-filters .btn.primary")
	p.Shown("#customers .chip")
	p.Click("#customers .pager [popovertarget]")
	p.Click("#customers-size a")
	p.Shown("#customers .chip")
	p.Go(home + "/gallery/dialogs/suspend?lang=en")
	p.Shown("dialog[open] .btn.destructive")
}

func TestAFormCannotBeSentTwiceNorUnchanged(t *testing.T) {
	p := open(t, "/record?lang=en")
	if got := browsertest.Eval[string](p, "document.querySelector('#permissions [data-save]').ariaDisabled"); got != "true" {
		t.Error("Save is enabled before anything changed")
	}
	p.Click("#plans")
	p.Wait("!document.querySelector('#permissions [data-save]').ariaDisabled")
	if got := browsertest.Eval[bool](p, `(() => {
		let sent = 0;
		const form = document.querySelector('#permissions');
		form.addEventListener('submit', event => { if (!event.defaultPrevented) sent++; event.preventDefault(); });
		form.requestSubmit(); form.requestSubmit();
		return sent === 1 || form.dataset.busy === 'yes';
	})()`); !got {
		t.Error("the form was sent twice")
	}
}

func TestADialogAsksBeforeItRemoves(t *testing.T) {
	p := open(t, "/messages?lang=en")
	p.Click(".card .btn.destructive")
	p.Wait("document.querySelector('dialog:modal')")
	browsertest.Axe(t, p)
	if got := browsertest.Eval[string](p, "document.activeElement.innerText"); got != "Cancel" {
		t.Errorf("the focus is on %q", got)
	}
	if got := browsertest.Eval[string](p, "document.querySelector('dialog .btn.destructive').ariaDisabled"); got != "true" {
		t.Error("Remove works before the name was typed")
	}
	p.Type("dialog [data-type]", "Brasserie de l’Étoile du Nord SAS")
	p.Click("dialog input[name=statement]")
	p.Click("dialog .btn.destructive")
	p.Wait("!document.querySelector('dialog[open]')")
}

func TestASecretIsMaskedUntilRevealed(t *testing.T) {
	p := open(t, "/secrets?lang=en")
	style := "getComputedStyle(document.querySelector('[data-secret]')).webkitTextSecurity"
	if got := browsertest.Eval[string](p, style); got != "disc" {
		t.Errorf("the secret is shown: %s", got)
	}
	p.Click("[data-reveal]")
	if got := browsertest.Eval[string](p, style); got != "none" {
		t.Errorf("the secret stays masked: %s", got)
	}
	if got := browsertest.Eval[string](p, "document.querySelector('[data-reveal]').ariaPressed"); got != "true" {
		t.Error("the button does not say that it is pressed")
	}
	if browsertest.Eval[bool](p, "document.querySelector('.secret-foot').checkValidity()") {
		t.Error("the page can be left without the tick")
	}
}

func TestNavigationFoldsAway(t *testing.T) {
	p := open(t, "/home?lang=en")
	p.Click("[data-fold]")
	p.Wait("document.querySelector('.nav').offsetWidth < 60")
	p.Resize(320, 700)
	if browsertest.Eval[bool](p, "document.querySelector('.nav').checkVisibility()") {
		t.Error("the navigation covers a small window")
	}
	p.Click(".nav-open")
	p.Wait("document.querySelector('.nav:popover-open')")
	browsertest.Axe(t, p)
}
