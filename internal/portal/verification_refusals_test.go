package portal_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/portal/browsertest"
	"comptoir/internal/portal/visit"
	"comptoir/internal/verification"
)

// rejected is an account that was not approved, and its page.
func (w *world) rejected() (c customer.Customer, path string) {
	w.t.Helper()
	c = w.add("direct admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))
	do(w, verification.Reject, w.actor("operator operator-admin"), verification.Decision{
		Partner: c.Partner, Customer: c.ID, Reason: "not_found", Text: "The register does not know it.",
	})
	w.k.Clock.Advance(time.Minute)
	return c, visit.AccountPath(c.ID)
}

// An account that was not approved is submitted again as it stands, without a
// word or with one; who must not is told so, and nothing typed is lost (rules
// C24, b9; P-7).
func TestC24ResubmitAsItStands(t *testing.T) {
	w := newWorld(t)
	c, path := w.rejected()
	r := w.reads("direct sales-agent")
	p := r.get(path)
	p.says("#verification", "Resubmit", "Appeal")
	form := r.get(path + "/resubmit").is(http.StatusOK).form("dialog form")
	sent := r.follow(r.post(path+"/resubmit", form))
	sent.says("#toasts", "submitted again and under review")
	sent.says("#verification", "Under review")
	sent.hides("#verification .actions", "Resubmit")

	// Meanwhile it is under review: the same form from another window is refused.
	late := r.post(path+"/resubmit", url.Values{"text": {"The register knows it now."}}).is(http.StatusConflict)
	late.says("dialog", "Only an account that was not approved can be submitted again")
	if late.value("text") != "The register knows it now." {
		t.Error("what was typed is lost")
	}
	do(w, verification.Reject, w.actor("operator operator-admin"), verification.Decision{
		Partner: c.Partner, Customer: c.ID, Reason: "not_found", Text: "Still not.",
	})
	w.k.Clock.Advance(time.Minute)
	long := r.post(path+"/resubmit", url.Values{"text": {strings.Repeat("x", 2001)}}).is(http.StatusBadRequest)
	long.says("dialog", "at most 2,000 characters")
	r.follow(r.post(path+"/resubmit", url.Values{"text": {"The register knows it now."}}))
	w.reads("operator operator-admin").get(casePath(c)).says("main", "The register knows it now.")
	w.reads("direct helpdesk-agent").get(path + "/resubmit").is(http.StatusForbidden)
	w.reads("direct helpdesk-agent").post(path+"/resubmit", nil).is(http.StatusForbidden)
	w.reads("provider admin-agent").get(path + "/resubmit").is(http.StatusNotFound)
}

// An answer comes too late when the case was decided meanwhile; what was written
// and handed in stays in the form (rules C24, C26).
func TestC24AnAnswerToADecidedCase(t *testing.T) {
	w := newWorld(t)
	c := w.add("direct admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))
	r, path := w.reads("direct sales-agent"), visit.AccountPath(c.ID)
	reviewer := w.reads("operator operator-admin")
	reviewer.follow(reviewer.post(casePath(c)+"/ask", url.Values{"text": {"Please send the extract."}}))
	form := r.get(path + "/answer").form("form#appeal")
	w.approve(c)
	form.Set("text", "Here it is.")
	late := r.attach(path+"/answer", form, map[string]string{"extract.pdf": "%PDF-1.7 extract"}).is(http.StatusConflict)
	late.says(".summary", "does not wait for an answer any more")
	late.says("#kept", "extract.pdf")
	if late.value("text") != "Here it is." {
		t.Error("what was typed is lost")
	}
	// The reviewer's own question, note and decision come too late as well.
	asked := reviewer.post(casePath(c)+"/ask", url.Values{"text": {"And the address?"}}).is(http.StatusConflict)
	asked.says("dialog", "not under review")
	if asked.value("text") != "And the address?" {
		t.Error("what the reviewer typed is lost")
	}
}

// Ten megabytes are taken to the last byte, one more is not (P-7, b9).
func TestP7ADocumentOfTenMegabytes(t *testing.T) {
	w := newWorld(t)
	c, path := w.rejected()
	r := w.reads("direct sales-agent")
	form := r.get(path + "/appeal").form("form#appeal")
	form.Set("text", "See the plan.")
	full := "%PDF-" + strings.Repeat("x", verification.MaxDocument-len("%PDF-"))
	refused := r.attach(path+"/appeal", form, map[string]string{"plan.pdf": full + "x"}).is(http.StatusBadRequest)
	refused.says(".summary", "plan.pdf is larger than 10 MB")
	if refused.value("text") != "See the plan." {
		t.Error("what was typed is lost")
	}
	r.follow(r.attach(path+"/appeal", form, map[string]string{"plan.pdf": full})).says("#verification", "plan.pdf (10,240 KB)")
	operator := w.reads("operator operator-admin")
	got := operator.get(operator.get(casePath(c)).attr("#documents a", "href")).is(http.StatusOK)
	if len(got.body) != verification.MaxDocument {
		t.Errorf("the reviewer gets %d bytes", len(got.body))
	}
}

// A sixth document is refused by its name, with what there is (P-7).
func TestP7ASixthDocument(t *testing.T) {
	w := newWorld(t)
	_, path := w.rejected()
	r := w.reads("direct sales-agent")
	form := r.get(path + "/appeal").form("form#appeal")
	files := map[string]string{}
	for _, name := range []string{"a.png", "b.png", "c.png", "d.png", "e.png", "f.png"} {
		files[name] = "\x89PNG\r\n\x1a\n"
	}
	p := r.attach(path+"/appeal", form, files).is(http.StatusBadRequest)
	p.says(".summary", "was not added: 5 documents at most")
	if n := len(p.find("#kept form")); n != verification.MaxDocuments {
		t.Errorf("%d documents are kept", n)
	}
}

var moveCase = db.Scan(`UPDATE verification_cases SET customer_id = $2 WHERE customer_id = $1`, "test")

var moveCustomer = db.Scan(`UPDATE customers SET customer_id = $2 WHERE customer_id = $1`, "test")

// A reviewer cannot decide a case of an organization it belongs to: the buttons
// say why, and a form that is sent all the same keeps what was typed (rule C25).
func TestC25TheReviewersOwnOrganization(t *testing.T) {
	w := newWorld(t)
	c := w.add("direct admin-agent", newCustomer("Comptoir Drift AB", "drift"))
	own := w.people["operator operator-admin"].Tenant
	err := w.k.DB.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error { // the operator is a customer of the partner
		for _, s := range []*db.Stmt{moveCase, moveCustomer} {
			if _, err := tx.Exec(ctx, s, c.ID, own); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	c.ID = own
	r := w.reads("operator operator-admin")
	r.get(casePath(c)).is(http.StatusOK).says(".commands", "You belong to one of the organizations concerned")
	for path, form := range map[string]url.Values{
		"/approve": {},
		"/reject":  {"reason": {"other"}, "text": {"Not ours."}},
		"/ask":     {"text": {"Are we sure?"}},
		"/note":    {"note": {"That is us."}},
	} {
		p := r.post(casePath(c)+path, form).is(http.StatusForbidden)
		p.says("main", "so you cannot decide this case")
		for name := range form {
			if p.value(name) != form.Get(name) {
				t.Errorf("%s: what was typed as %s is lost", path, name)
			}
		}
	}
	many := r.post("/operator/verifications/approve", url.Values{"all": {"yes"}}).is(http.StatusOK)
	many.says("dialog", "0 accounts approved", "so you cannot decide this case")
}

// What partners and reviewers are refused, as they see it (rules C24, C25; P-7, V-2).
func TestVerificationRefusalsInABrowser(t *testing.T) {
	browser := browsertest.NewBrowser(t)
	t.Run("a document of the wrong type", func(t *testing.T) {
		w := newWorld(t)
		_, path := w.rejected()
		p := browser.Open(t, w.as("direct sales-agent", "en", path+"/appeal"))
		p.Type("[name=text]", "See the extract.")
		attach(p, `new File(['MZ program'], 'program.pdf'), new File(['%PDF-1.7 extract'], 'extract.pdf')`)
		p.Click("#appeal .btn.primary")
		p.Wait("document.querySelector('.summary')?.innerText.includes('program.pdf is no PDF, PNG or JPEG file')")
		p.Wait("document.querySelector('#kept').innerText.includes('extract.pdf') && document.querySelector('[name=text]').value === 'See the extract.'")
		p.Problems() // a refused form answers with a status, which the console notes
		p.Click("#appeal .btn.primary")
		p.Wait("document.querySelector('#verification')?.innerText.includes('extract.pdf')")
	})
	t.Run("a large document", func(t *testing.T) {
		w := newWorld(t)
		_, path := w.rejected()
		p := browser.Open(t, w.as("direct sales-agent", "en", path+"/appeal"))
		p.Type("[name=text]", "See the plan.")
		attach(p, `new File(['%PDF-', new Uint8Array(10 * 1024 * 1024 - 4)], 'plan.pdf'), new File(['%PDF-', new Uint8Array(10 * 1024 * 1024 - 5)], 'full.pdf')`)
		p.Click("#appeal .btn.primary")
		p.Wait("document.querySelector('.summary')?.innerText.includes('plan.pdf is larger than 10 MB')")
		p.Wait("document.querySelector('#kept').innerText.includes('full.pdf') && document.querySelector('[name=text]').value === 'See the plan.'")
		p.Problems()
	})
	t.Run("resubmitted in another window", func(t *testing.T) {
		w := newWorld(t)
		c, path := w.rejected()
		p := browser.Open(t, w.as("direct sales-agent", "en", path))
		p.Click("#verification a[href$='/resubmit']")
		p.Wait("document.querySelector('dialog[open]:modal') !== null")
		p.Type("dialog[open] [name=text]", "It is there now.")
		do(w, verification.Resubmit, w.actor("direct sales-agent"), verification.Appeal{Customer: c.ID})
		p.Click("dialog[open] .btn.primary")
		p.Wait("document.querySelector('dialog[open] .summary')?.innerText.includes('Only an account that was not approved')")
		p.Wait("document.querySelector('dialog[open] [name=text]').value === 'It is there now.'")
		p.Problems()
	})
	for name, meanwhile := range map[string]struct {
		work func(w *world, c customer.Customer)
		says string
	}{
		"another reviewer was faster": {func(w *world, c customer.Customer) { w.approve(c) }, "has decided this case already"},
		"the partner changed the account": {func(w *world, c customer.Customer) {
			in := customer.BillingChange{ID: c.ID, Billing: c.Billing}
			in.Billing.Address.AddressLine1 = "14 rue des Lilas"
			do(w, customer.UpdateBilling, w.actor("direct admin-agent"), in)
		}, "has changed since you opened it"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			c := w.add("direct admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))
			p := browser.Open(t, w.as("operator operator-admin", "en", casePath(c)))
			p.Press("x")
			p.Wait("document.querySelector('dialog[open] [name=reason]') !== null")
			browsertest.Eval[bool](p, "document.querySelector('dialog[open] [name=reason]').value = 'other', true")
			p.Type("dialog[open] [name=text]", "Odd.")
			w.k.Clock.Advance(time.Minute)
			meanwhile.work(w, c)
			p.Click("dialog[open] .btn.destructive")
			p.Wait("document.querySelector('dialog[open] .summary')?.innerText.includes(" + quote(meanwhile.says) + ")")
			p.Wait("document.querySelector('dialog[open] [name=text]').value === 'Odd.' && document.querySelector('dialog[open] [name=reason]').value === 'other'")
			p.Problems()
		})
	}
}

// attach puts files into the form of the page.
func attach(p *browsertest.Page, files string) {
	browsertest.Eval[bool](p, `(() => {
		const chosen = new DataTransfer();
		for (const f of [`+files+`]) chosen.items.add(f);
		document.querySelector('[name=file]').files = chosen.files;
		return true;
	})()`)
}
