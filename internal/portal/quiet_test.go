package portal_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"comptoir/internal/portal/browsertest"
)

// complaints returns what the console of a page says but for the statuses of refused
// pages and forms, which it notes as well.
func complaints(p *browsertest.Page) []string {
	return slices.DeleteFunc(p.Problems(), func(problem string) bool { return strings.Contains(problem, "the server responded with a status of 4") })
}

// send sends the first form of the page as it stands, and waits for what comes of
// it: another page, or a part of this one. It reports whether there was one to send;
// forms whose answer is a file or another tab, that want a change first, or that the
// page holds back, are none.
const send = `(() => {
	const form = document.querySelector('main form[method=post]');
	const button = form && [...form.elements].find(e => e.type === 'submit' && !e.disabled && !e.formNoValidate && e.ariaDisabled !== 'true');
	if (!button || form.id.endsWith('-form') || button.dataset.saves !== undefined || form.target || button.formTarget) return false;
	let sent = false;
	window.asked = true;
	window.addEventListener('submit', event => { sent = !event.defaultPrevented || form.hasAttribute('hx-post'); });
	document.addEventListener('htmx:after:swap', () => { window.answered = true; });
	form.requestSubmit(button);
	return sent;
})()`

// No page makes the console of the browser complain: no script fails, and nothing is
// refused by the content security policy, neither when a page is opened nor when its
// form is sent.
func TestNoPageMakesTheConsoleComplain(t *testing.T) {
	browser := browsertest.NewBrowser(t)
	w := newWorld(t)
	scenes := w.scenes()
	for from := 0; from < len(scenes); from += 12 {
		t.Run(strconv.Itoa(from), func(t *testing.T) {
			p := browser.Open(t, w.looksAt("direct admin-agent", "en", "/home"))
			for _, s := range scenes[from:min(from+12, len(scenes))] {
				t.Log(s.name)
				p.Go(w.looksAt(s.who, "en", s.path))
				if s.act != nil {
					s.act(p)
				}
				if said := complaints(p); len(said) > 0 {
					t.Errorf("%s: %v", s.name, said)
				}
				if browsertest.Eval[bool](p, send) {
					p.Wait("!window.asked && document.readyState === 'complete' || window.answered")
				}
				if said := complaints(p); len(said) > 0 {
					t.Errorf("the form of %s: %v", s.name, said)
				}
			}
		})
	}
}
