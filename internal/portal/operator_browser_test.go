package portal_test

import (
	"testing"

	"comptoir/internal/portal/browsertest"
)

// A reviewer works through the queue without a mouse: next, approve, reject; and
// with one through a selection (V-2).
func TestAReviewerWorksInABrowser(t *testing.T) {
	browser := browsertest.NewBrowser(t)
	w := newWorld(t)
	for _, name := range []string{"Fromagerie du Vercors SARL", "Ateliers Rhône SAS", "Chalets Alpins SARL", "Brasserie du Lac SAS"} {
		in := newCustomer(name, "client"+name[len(name)-8:len(name)-5])
		in.Distinct = true
		in.Domain = map[byte]string{'F': "vercors", 'A': "rhone", 'C': "chalets", 'B': "brasserie"}[name[0]]
		in.Billing.Email = "camille@" + in.Domain + ".example"
		w.add("direct admin-agent", in)
		w.k.Clock.Advance(1)
	}
	p := browser.Open(t, w.as("operator operator-admin", "en", "/operator/verifications"))
	p.Type("#queue-q", "rhone")
	p.Wait("document.querySelectorAll('#queue tbody tr').length === 1 && location.search.includes('q=rhone')")
	p.Go(w.as("operator operator-admin", "en", "/operator/verifications"))
	first := browsertest.Eval[string](p, "document.querySelector('#queue tbody a').href")
	p.Go(first)
	p.Press("n")
	p.Wait("location.href !== " + quote(first) + " && document.querySelector('h1') !== null")
	second := p.Text("h1")
	p.Press("a")
	p.Wait("document.querySelector('dialog[open]:modal') !== null && document.activeElement.textContent.trim() === 'Approve'")
	p.Press("\r")
	p.Wait("location.pathname === '/operator/verifications' && document.querySelector('#toasts').textContent.includes('is approved')")
	p.Go(first)
	p.Press("x")
	p.Wait("document.querySelector('dialog[open] [name=reason]') !== null")
	p.Click("dialog[open] .btn.destructive") // nothing is chosen
	p.Wait("document.querySelector('dialog[open] .summary') !== null")
	browsertest.Eval[bool](p, "document.querySelector('dialog[open] [name=reason]').value = 'not_found', true")
	p.Type("dialog[open] [name=text]", "Not in the register.")
	p.Click("dialog[open] .btn.destructive")
	p.Wait("location.pathname === '/operator/verifications' && document.querySelector('#toasts').textContent.includes('is not approved')")
	p.Problems() // a refused form answers with a status, which the console notes
	p.Click("#queue thead input[type=checkbox]")
	p.Press("a")
	p.Wait("document.querySelector('dialog[open]') !== null && document.querySelector('dialog[open]').textContent.includes('2 accounts are selected')")
	p.Click("dialog[open] .btn.primary")
	p.Wait("document.querySelector('#toasts').textContent.includes('2 accounts approved')")
	if second == "" {
		t.Error("the next case has no name")
	}
}

func quote(text string) string { return "'" + text + "'" }
