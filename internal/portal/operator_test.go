package portal_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"comptoir/internal/customer"
	"comptoir/internal/policy"
	"comptoir/internal/portal/visit"
	"comptoir/internal/verification"
)

// casePath is the page of the case of a customer.
func casePath(c customer.Customer) string {
	return visit.VerificationsPath + "/" + string(c.Partner) + "/" + string(c.ID)
}

// The operator decides about accounts (V-1, V-2; rules C25, C26).
func TestAReviewerDecidesCases(t *testing.T) {
	w := newWorld(t)
	good := w.add("direct admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))
	w.k.Clock.Advance(time.Minute)
	bad := w.add("direct admin-agent", newCustomer("Ateliers Rhône SAS", "rhone"))
	r := w.reads("operator operator-admin")
	home := r.get("/operator")
	home.says(".stats", "Open cases 2", "Overdue 0", "Partners 3", "Partner applications 0")
	home.says("#installation", "Version", "Storage", " MB", "Database schema")
	home.says("main", "Due first", "Ateliers Rhône SAS", "Open cases by age")
	queue := r.get("/operator/verifications")
	queue.says("#queue tbody tr:nth-child(1)", "Fromagerie du Vercors SARL", "Atelier Nuage SAS", "France", "New customer", "Nov 25, 2026")
	one := r.get(casePath(good))
	one.says("main", "12 rue des Lilas, 69003 Lyon", "Camille Lefèvre", "Annuaire des Entreprises", "VIES")
	one.says(".commands", "Approve", "Reject", "Ask the partner", "Assign")
	question := r.get(casePath(good) + "/approve").is(http.StatusOK)
	question.says("dialog", "Approve Fromagerie du Vercors SARL", "can buy")
	approval := question.form("dialog form")
	after := r.follow(r.post(casePath(good)+"/approve", approval))
	after.says("#toasts", "Fromagerie du Vercors SARL is approved")
	after.hides("#queue", "Fromagerie")
	// Who comes second reads who was faster, and nothing of his is lost.
	late := r.post(casePath(good)+"/reject", with(approval, "reason", "other", "text", "Unknown.")).is(http.StatusConflict)
	late.says("dialog", "has decided this case already")
	if late.value("text") != "Unknown." || late.value("reason") != "other" {
		t.Error("what the second reviewer typed is lost")
	}

	form := r.get(casePath(bad) + "/reject").is(http.StatusOK).form("dialog form")
	form.Set("reason", "test_data")
	again := r.post(casePath(bad)+"/reject", form).is(http.StatusBadRequest) // words are missing
	if again.value("reason") != "test_data" || again.text(".summary") == "" {
		t.Error("the chosen reason is lost, or nothing is said")
	}
	form.Set("text", "This is no company.")
	decided := r.follow(r.post(casePath(bad)+"/reject", form))
	decided.says("#toasts", "Ateliers Rhône SAS is not approved")
	decided.says("#queue", "Nothing to verify")
	w.reads("direct sales-agent").get(visit.AccountPath(bad.ID)).says("#verification", "Test data", "This is no company.")

	// Decided cases are found again, with how they ended.
	r.get("/operator/verifications?state=approved").says("#queue", "Fromagerie du Vercors SARL", "Approved")
	r.get("/operator/verifications?state=rejected&q=atel").says("#queue", "Ateliers Rhône SAS", "Not approved")
	r.get("/operator/verifications?state=rejected&q=from").says("#queue", "Clear filters")
	r.get("/operator/verifications?state=rejected&q="+string(bad.ID)).says("#queue", "Ateliers Rhône SAS")

	w.k.Clock.Advance(10 * 24 * time.Hour)
	w.add("direct admin-agent", newCustomer("Chalets Alpins SARL", "chalets"))
	w.k.Clock.Advance(10 * 24 * time.Hour)
	r.get("/operator").says(".stats", "Open cases 1", "Overdue 1")
	r.get("/operator/verifications?state=overdue").says("#queue", "Overdue since")
	// Partners have no such pages.
	w.reads("direct admin-agent").get("/operator/verifications").is(http.StatusNotFound)
	w.reads("direct admin-agent").post(casePath(bad)+"/approve", approval).is(http.StatusNotFound)
}

// A decision about data that has changed since is refused, and the reviewer sees
// what changed (rules C20, C24; V-2).
func TestADecisionIsAboutWhatTheReviewerHasSeen(t *testing.T) {
	w := newWorld(t)
	c := w.add("direct admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))
	r := w.reads("operator operator-admin")
	seen := r.get(casePath(c) + "/reject").form("dialog form")
	in := customer.BillingChange{ID: c.ID, Billing: c.Billing}
	in.Billing.Address.AddressLine1 = "14 rue des Lilas"
	w.k.Clock.Advance(time.Hour)
	do(w, customer.UpdateBilling, w.actor("direct admin-agent"), in)
	stale := r.post(casePath(c)+"/reject", with(seen, "reason", "address_mismatch", "text", "It is number 14.")).is(http.StatusPreconditionFailed)
	stale.says("dialog", "has changed since you opened it")
	if stale.value("text") != "It is number 14." {
		t.Error("what the reviewer typed is lost")
	}
	r.get(casePath(c)).says("#changed", "12 rue des Lilas", "14 rue des Lilas")
	r.get(casePath(c)).says("#history", "the case began again")
	// Having seen the new data, the reviewer decides with the same form.
	r.follow(r.post(casePath(c)+"/reject", stale.form("dialog form"))).says("#toasts", "is not approved")
}

// The rejection of an account that was approved takes two reviewers (V-2).
func TestTwoReviewersRejectWhatWasApproved(t *testing.T) {
	w := newWorld(t)
	c := w.add("direct admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))
	w.approve(c)
	in := customer.BillingChange{ID: c.ID, Billing: c.Billing}
	in.Billing.CompanyName = "Fromagerie du Diois SARL"
	w.k.Clock.Advance(time.Hour)
	do(w, customer.UpdateBilling, w.actor("direct admin-agent"), in)
	w.person("operator", w.people["operator operator-admin"].Tenant, policy.OperatorReviewer)
	first, second := w.reads("operator operator-admin"), w.reads("operator operator-reviewer")
	form := with(first.get(casePath(c)+"/reject").form("dialog form"), "reason", "name_mismatch", "text", "That is another company.")
	first.get(casePath(c)+"/reject").says("dialog", "a second reviewer has to confirm")
	first.follow(first.post(casePath(c)+"/reject", form)).says("#toasts", "waits for a second reviewer")
	first.get(casePath(c)).says("main", "proposes to reject", "That is another company.")
	first.get(casePath(c)).says(".commands", "Another reviewer has to confirm it")
	own := first.get(casePath(c) + "/reject").form("dialog form")
	first.post(casePath(c)+"/reject", own).is(http.StatusConflict)
	confirm := second.get(casePath(c) + "/reject").form("dialog form")
	if confirm.Get("text") != "That is another company." {
		t.Error("the second reviewer does not see what the first wrote")
	}
	second.follow(second.post(casePath(c)+"/reject", confirm)).says("#toasts", "is not approved")
	w.reads("direct sales-agent").get(visit.AccountPath(c.ID)).says("#verification", "That is another company.")
}

// The queue is searched, filtered, sorted and turned over; cases are given to
// somebody, and those without findings approved at once (V-2).
func TestTheQueueIsWorkedThrough(t *testing.T) {
	w := newWorld(t)
	for i := range 60 {
		in := newCustomer(fmt.Sprintf("Maison %s %s SARL", firstWords[i%15], secondWords[i/15]), fmt.Sprintf("maison%03d", i))
		in.Distinct = true
		in.Billing.Address.AddressLine1 = fmt.Sprintf("%d rue des Lilas", i+1)
		w.add("direct admin-agent", in)
		w.k.Clock.Advance(time.Second)
	}
	swedish := newCustomer("Ost i Kiruna AB", "ostkiruna")
	swedish.Billing.Address.Country, swedish.Billing.Address.PostalCode, swedish.Billing.Address.City = "SE", "222 21", "Lund"
	swedish.Billing.Culture = "sv-SE"
	w.add("provider admin-agent", swedish)
	r := w.reads("operator operator-admin")
	list := r.get("/operator/verifications?size=25")
	list.says("#queue .pager", "1–25 of 61")
	for range 2 {
		list = r.get(list.attr(`#queue .pager a[rel="next"], #queue .pager a[aria-label="Next"]`, "href"))
	}
	list.says("#queue .pager", "51–61 of 61")
	list.says("#queue", "Ost i Kiruna AB")
	r.get("/operator/verifications?q=kiruna").says("#queue .pager", "1–1 of 1")
	r.get("/operator/verifications?country=SE").says("#queue .pager", "1–1 of 1")
	r.get("/operator/verifications?partner="+string(w.provider.Tenant)).says("#queue .pager", "1–1 of 1")
	r.get("/operator/verifications?cause=appeal").says("#queue", "Clear filters")
	r.get("/operator/verifications?sort=-name&size=25").says("#queue tbody tr:nth-child(1)", "Ost i Kiruna AB")
	r.get("/operator/verifications?sort=partner&size=25").says("#queue tbody tr:nth-child(1)", "Atelier Nuage SAS")

	me := string(w.people["operator operator-admin"].ID)
	rows := r.get("/operator/verifications?q=aurore").find("#queue tbody input[name=id]")
	if len(rows) != 4 {
		t.Fatalf("%d rows", len(rows))
	}
	selected := url.Values{}
	for _, n := range rows {
		for _, a := range n.Attr {
			if a.Key == "value" {
				selected.Add("id", a.Val)
			}
		}
	}
	dialog := r.post("/operator/verifications/assign/ask", selected).is(http.StatusOK)
	if dialog.value("to") != me {
		t.Error("the dialog does not begin with the reader")
	}
	r.follow(r.post("/operator/verifications/assign", dialog.form("dialog form"))).says("#toasts", "4 cases assigned")
	r.get("/operator/verifications?assignee="+me).says("#queue .pager", "1–4 of 4")
	r.get("/operator/verifications?assignee=-").says("#queue .pager", "1–50 of 57")

	// All that match are approved, but for the one that the checks noted something about.
	odd := newCustomer("Test Société SARL", "odd")
	odd.Distinct = true
	w.add("direct admin-agent", odd)
	ask := r.post("/operator/verifications/approve/ask?q=sarl", url.Values{"all": {"yes"}}).is(http.StatusOK)
	ask.says("dialog", "61 accounts are selected")
	told := r.post("/operator/verifications/approve", ask.form("dialog form")).is(http.StatusOK)
	told.says("dialog", "60 accounts approved", "Test Société SARL", "Open the case and decide it by itself")
	r.get("/operator/verifications").says("#queue .pager", "1–2 of 2")
	r.post("/operator/verifications/approve/ask", nil).says("dialog", "Select at least one case")
	r.post("/operator/verifications/assign", url.Values{"to": {"nobody"}}).is(http.StatusBadRequest)
	// What means nothing shows the list.
	r.get("/operator/verifications?after=nonsense&sort=mood&state=what&cause=mood").is(http.StatusOK).says("#queue .pager", "1–2 of 2")
}

// attach is a form with words and files, as a browser sends it.
func (r *reader) attach(path string, values url.Values, files map[string]string) *page {
	r.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name := range values {
		if err := m.WriteField(name, values.Get(name)); err != nil {
			r.t.Fatal(err)
		}
	}
	for name, content := range files {
		part, err := m.CreateFormFile("file", name)
		if err == nil {
			_, err = part.Write([]byte(content))
		}
		if err != nil {
			r.t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		r.t.Fatal(err)
	}
	request := r.request(http.MethodPost, path, &b)
	request.Header.Set("Content-Type", m.FormDataContentType())
	return r.do(request)
}

// A reviewer asks the partner, who answers with documents; the clock stands still
// meanwhile (rules C24, C26; P-7, V-2).
func TestThePartnerAnswersAReviewer(t *testing.T) {
	w := newWorld(t)
	c := w.add("direct admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))
	r, partner, path := w.reads("operator operator-admin"), w.reads("direct sales-agent"), visit.AccountPath(c.ID)
	partner.get(path).says("#verification", "You can ask about it after that")
	r.post(casePath(c)+"/ask", url.Values{"text": {" "}}).is(http.StatusBadRequest)
	r.follow(r.post(casePath(c)+"/ask", url.Values{"text": {"Please send the extract of the register."}})).says("#toasts", "The clock of the case stands still")
	r.post(casePath(c)+"/ask", url.Values{"text": {"Well?"}}).is(http.StatusConflict)
	r.get("/operator/verifications?state=waiting").says("#queue", "Fromagerie du Vercors SARL", "Asked Nov 20, 2026")
	r.follow(r.post(casePath(c)+"/note", url.Values{"note": {"Smells like cheese."}})).says("#history", "Smells like cheese.")

	w.k.Clock.Advance(5 * 24 * time.Hour)
	partner.get(path).says("#verification", "Please send the extract of the register.", "Answer the reviewer")
	partner.get(path).hides("main", "Smells like cheese")
	form := partner.get(path + "/answer").is(http.StatusOK).form("form#appeal")
	form.Set("text", "Here it is.")
	pdf := "%PDF-1.7 the extract"
	refused := partner.attach(path+"/answer", form, map[string]string{"extract.pdf": pdf, "virus.exe": "MZ this is a program"}).is(http.StatusBadRequest)
	refused.says(".summary", "virus.exe is no PDF, PNG or JPEG file")
	refused.says("#kept", "extract.pdf")
	if refused.value("text") != "Here it is." {
		t.Error("what was typed is lost")
	}
	large := partner.attach(path+"/answer", form, map[string]string{"plan.pdf": "%PDF-" + strings.Repeat("x", verification.MaxDocument)}).is(http.StatusBadRequest)
	large.says(".summary", "plan.pdf is larger than 10 MB")
	large.says("#kept", "extract.pdf")
	partner.follow(partner.attach(path+"/answer", large.form("form#appeal"), nil)).says("#verification", "You answered", "Here it is.", "extract.pdf")
	partner.attach(path+"/answer", form, nil).is(http.StatusConflict)
	one := r.get(casePath(c))
	one.says("main", "Here it is.", "extract.pdf")
	got := r.get(one.attr("#documents a", "href")).is(http.StatusOK)
	if got.body != pdf && !strings.Contains(got.body, pdf) || got.header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the document is %q %v", got.body, got.header)
	}
	// Three business days after the five free ones: Nov 25 09:00 and three more.
	r.get("/operator/verifications").says("#queue tbody", "Nov 30, 2026")
	w.reads("provider admin-agent").get(path + "/documents/" + one.attr("#documents a", "href")[len(casePath(c)+"/documents/"):]).is(http.StatusNotFound)
}

// After the due time the partner can ask after a case, and not before (rule C26).
func TestThePartnerAsksAboutAnOverdueCase(t *testing.T) {
	w := newWorld(t)
	c := w.add("direct admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))
	partner, path := w.reads("direct sales-agent"), visit.AccountPath(c.ID)
	partner.post(path+"/remind", url.Values{"text": {"Hello?"}}).is(http.StatusConflict).says("dialog", "due Nov 25, 2026")
	w.k.Clock.Advance(6 * 24 * time.Hour)
	partner.get(path).says("#verification", "Overdue since Nov 25, 2026", "Ask about the overdue case")
	partner.post(path+"/remind", url.Values{"text": {""}}).is(http.StatusBadRequest)
	partner.follow(partner.post(path+"/remind", url.Values{"text": {"Hello?"}})).says("#verification", "You asked about the overdue case", "Hello?")
	w.reads("operator operator-admin").get(casePath(c)).says("#history", "Hello?")
}

// A document that was not sent can be taken away.
func TestAnUnsentDocumentIsRemoved(t *testing.T) {
	w := newWorld(t)
	c := w.add("direct admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))
	do(w, verification.Reject, w.actor("operator operator-admin"), verification.Decision{
		Partner: c.Partner, Customer: c.ID, Reason: "address_mismatch", Text: "The register has another street.",
	})
	partner, path := w.reads("direct sales-agent"), visit.AccountPath(c.ID)
	form := partner.get(path + "/appeal").form("form#appeal")
	kept := partner.attach(path+"/appeal", form, map[string]string{"photo.jpg": "\xff\xd8\xff picture"}).is(http.StatusBadRequest)
	kept.says("#kept", "photo.jpg")
	gone := partner.follow(partner.post(kept.attr("#kept form", "action"), kept.form("#kept form")))
	gone.says("#toasts", "removed")
	gone.hides("main", "photo.jpg")
	w.reads("operator operator-admin").get(casePath(c)).hides("main", "photo.jpg")
}

// The next case is one key away, and from the last one the first.
func TestTheNextCase(t *testing.T) {
	w := newWorld(t)
	first := w.add("direct admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))
	w.k.Clock.Advance(time.Minute)
	last := w.add("direct admin-agent", newCustomer("Ateliers Rhône SAS", "rhone"))
	r := w.reads("operator operator-admin")
	for from, to := range map[string]string{casePath(first): "Ateliers Rhône SAS", casePath(last): "Fromagerie du Vercors SARL"} {
		r.follow(r.get(from+"/next")).says("h1", to)
	}
	w.approve(last)
	r.follow(r.get(casePath(first)+"/next")).says("#toasts", "There is no other open case")
}
