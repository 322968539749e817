package portal_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"comptoir/internal/mail"
	"comptoir/internal/notice"
	"comptoir/internal/op"
	"comptoir/internal/portal"
	"comptoir/internal/portal/browsertest"
	"comptoir/internal/verification"
)

// post keeps mail in a box while the post is there.
type post struct {
	box  []op.Letter
	away bool
}

var errAway = errors.New("the mail server does not answer")

// letters has mail of the installation go into a box.
func (w *world) letters() *post {
	p := new(post)
	w.k.Post = op.Post{Site: "https://partners.example", Product: "Comptoir", From: "post@partners.example", Deliver: func(_ context.Context, l op.Letter) error {
		if p.away {
			return errAway
		}
		p.box = append(p.box, l)
		return nil
	}}
	return p
}

// noticeScenes are the pages about notices and mail.
func (w *world) noticeScenes() []scene {
	p := w.letters()
	p.away = true
	w.work()
	do(w, notice.ChangeAddress, w.actor("direct sales-agent"), "elodie@privat.example")
	w.work()
	mails := do(w, mail.List, w.actor("operator operator-admin"), mail.Page{Limit: 1})
	return []scene{
		{"notices", "direct sales-agent", "/notifications", nil},
		{"notices-panel", "direct admin-agent", "/home", func(p *browsertest.Page) {
			p.Click(".bell")
			p.Wait("document.querySelector('#pane h2')")
		}},
		{"notices-archive", "direct admin-agent", "/notifications/archive", nil},
		{"preferences", "direct sales-agent", "/notifications/preferences", nil},
		{"mails", "operator operator-admin", "/operator/mail", nil},
		{"mail", "operator operator-admin", "/operator/mail/" + mails.Mails[0].ID, nil},
	}
}

func TestTheBellLeadsToWhatHappened(t *testing.T) { // portal 0.1, P-20
	w := newWorld(t)
	c := w.add("direct admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))
	w.work()
	w.k.Clock.Advance(time.Minute)
	decision := verification.Decision{Partner: c.Partner, Customer: c.ID, Reason: "name_mismatch", Text: "Autre nom au registre"}
	do(w, verification.Reject, w.actor("operator operator-admin"), decision)
	w.work()
	r := w.reads("direct admin-agent")
	home := r.get("/home")
	home.says(".bell", "2")
	if got := home.attr(".bell", "href"); got != "/notifications" {
		t.Errorf("the bell leads to %s", got)
	}
	list := r.get("/notifications")
	list.says("#actions", "Recommended action", "1 customer is not approved", "second factor")
	list.says("#notices tbody tr:nth-child(1)", "Fromagerie du Vercors SARL is not approved", "The name differs from the register", "New", "Verification of customers")
	list.says("#notices tbody tr:nth-child(2)", "Fromagerie du Vercors SARL is under review")

	opened := r.get(list.attr("#notices tbody tr:nth-child(1) a", "href")).is(http.StatusSeeOther)
	if got := opened.header.Get("Location"); got != "/customers/"+string(c.ID)+"/account" {
		t.Errorf("the notice leads to %s", got)
	}
	list = r.get("/notifications")
	list.says(".bell", "1")
	list.says("#notices tbody tr:nth-child(1)", "Read")

	both := url.Values{"csrf": {csrf}, "id": {list.attr("#notices tbody tr:nth-child(1) input", "value"), list.attr("#notices tbody tr:nth-child(2) input", "value")}}
	gone := r.follow(r.post("/notifications/archive", both))
	gone.says("main", "No notifications")
	gone.says("#toasts", "Archived")
	if gone.text(".bell") != "" {
		t.Errorf("the bell still counts %s", gone.text(".bell"))
	}
	kept := r.get("/notifications/archive")
	kept.says("#notices tbody tr:nth-child(1)", "Fromagerie du Vercors SARL is not approved")
	back := r.follow(r.post("/notifications/restore", url.Values{"csrf": {csrf}, "id": {both.Get("id")}}))
	back.says("#notices", "is under review")
	back.hides("#notices", "is not approved")

	// Who did not come with the others finds it as it was.
	w.reads("direct sales-agent").get("/notifications").says("#notices tbody tr:nth-child(1)", "is not approved", "New")
	w.readsIn("direct sales-agent", "sv").get("/notifications").says("#notices tbody tr:nth-child(1)", "Fromagerie du Vercors SARL är inte godkänd", "Nytt")
	w.reads("operator operator-admin").get("/notifications").is(http.StatusOK).says("#actions", "second factor")
}

func TestEveryNoticeLeadsToAPage(t *testing.T) {
	mux := http.NewServeMux()
	for _, pattern := range portal.Pages() {
		mux.HandleFunc(pattern, func(http.ResponseWriter, *http.Request) {})
	}
	exists := func(path string) bool {
		_, pattern := mux.Handler(&http.Request{Method: http.MethodGet, URL: &url.URL{Path: path}})
		return pattern != "" && pattern != "/"
	}
	for _, r := range notice.Rows() {
		for _, path := range []string{r.ManyPath, pathOf(r)} {
			path, _, _ = strings.Cut(path, "?")
			if path != "" && !exists(path) {
				t.Errorf("%s leads to %s, where there is no page", r.Kind, path)
			}
		}
	}
	for _, path := range []string{"/notifications/preferences", "/notifications/address"} {
		if !exists(path) {
			t.Errorf("mail leads to %s, where there is no page", path)
		}
	}
}

func pathOf(r notice.Row) string {
	if r.Path == nil {
		return ""
	}
	return r.Path(notice.Facts{"CustomerID": "c", "Tenant": "t", "Import": "i", "Batch": "b"})
}

var codeIn = regexp.MustCompile(`code=([A-Z0-9]+)`)

func TestPreferencesAreThoseOfTheReader(t *testing.T) { // P-20: required ones locked, address with verification
	w := newWorld(t)
	p := w.letters()
	r := w.reads("direct admin-agent")
	page := r.get("/notifications/preferences")
	page.says("main", "What needs an answer from you", "Required")
	form := page.form("#wishes")
	form["mail"] = []string{"agreements"}
	form.Set("language", "fr")
	saved := r.follow(r.post("/notifications/preferences", form))
	saved.says("#toasts", "Saved")
	kept := do(w, notice.GetPreferences, w.actor("direct admin-agent"), struct{}{})
	if !kept.Mutes(notice.Verification) || kept.Mutes(notice.Agreements) || kept.Mutes(notice.Requests) || kept.Language != "fr" {
		t.Errorf("kept %+v", kept)
	}

	r.post("/notifications/address", url.Values{"csrf": {csrf}, "address": {"no address"}}).is(http.StatusBadRequest).says("#address-error", "Enter an e-mail address")
	r.follow(r.post("/notifications/address", url.Values{"csrf": {csrf}, "address": {"camille@privat.example"}})).says("main", "camille@privat.example", "Not confirmed")
	w.work()
	if len(p.box) != 1 || p.box[0].Address != "camille@privat.example" || p.box[0].Language != "fr" {
		t.Fatalf("mail: %+v", p.box)
	}
	link := codeIn.FindString(p.box[0].Text)
	if got := r.get("/notifications/address?" + link).value("code"); "code="+got != link {
		t.Errorf("the link of the mail gives the code %q", got)
	}
	r.post("/notifications/address/confirm", url.Values{"csrf": {csrf}, "code": {"WRONG"}}).is(http.StatusBadRequest).says("#code-error", "wrong or too old")
	done := r.follow(r.post("/notifications/address/confirm", url.Values{"csrf": {csrf}, "code": {strings.TrimPrefix(link, "code=")}}))
	done.says("#toasts", "The address is confirmed")
	done.hides("main", "Not confirmed")
}

func TestTheOperatorReadsMailAndSendsItAgain(t *testing.T) { // V-14
	w := newWorld(t)
	p := w.letters()
	p.away = true
	c := w.add("direct admin-agent", newCustomer(`Fromagerie <b>Vercors</b> SARL`, "vercors"))
	do(w, verification.Reject, w.actor("operator operator-admin"), verification.Decision{Partner: c.Partner, Customer: c.ID, Reason: "other", Text: "<script>alert(1)</script>"})
	for range 60 {
		w.work()
		w.k.Clock.Advance(time.Hour)
	}
	r := w.reads("operator operator-admin")
	list := r.get("/operator/mail?state=failed")
	list.says(".tabs", "Failed")
	list.says("#mails tbody tr:nth-child(1)", "is not approved", "Élodie Åkerström", "Failed")
	path := list.attr("#mails tbody a", "href")
	one := r.get(path)
	one.says("main", "Given up after 14 tries", "the mail server does not answer", "Send again")
	if text := one.value("text"); !strings.Contains(text, "<script>alert(1)</script>") {
		t.Errorf("the text is %q", text)
	}
	file := r.get(path + "/download").is(http.StatusOK)
	if got := file.header.Get("Content-Disposition"); !strings.HasSuffix(got, `.eml"`) || !strings.Contains(file.body, "Message-ID: <") {
		t.Errorf("downloaded %s: %.200s", got, file.body)
	}
	page := r.get(path + "/page").is(http.StatusOK)
	if csp := page.header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "sandbox") || strings.Contains(page.body, "<script>") {
		t.Errorf("the letter is shown under %s: %.300s", csp, page.body)
	}
	p.away = false
	r.follow(r.post(path+"/resend", url.Values{"csrf": {csrf}})).says("main", "Waiting")
	w.work()
	r.get(path).says("main", "Sent")
	if len(p.box) != 1 {
		t.Errorf("%d letters went out", len(p.box))
	}

	// What else failed is sent with one command.
	r.get("/operator/mail").hides("main", "Send all again")
	failed := r.get("/operator/mail?state=failed")
	failed.says("main", "Send all again", "Mend what the reasons name first")
	failed.says("#mails tbody tr:nth-child(1)", "Not delivered")
	sent := r.follow(r.post("/operator/mail/resend", url.Values{"csrf": {csrf}}))
	sent.says("#toasts", "1 mail is sent again")
	w.work()
	r.follow(r.post("/operator/mail/resend", url.Values{"csrf": {csrf}})).says("#toasts", "No mail has failed")
	if len(p.box) != 2 {
		t.Errorf("%d letters went out", len(p.box))
	}

	w.staff()
	w.reads("operator operator-support").get("/operator/mail").is(http.StatusOK)
	w.reads("operator operator-reviewer").get("/operator/mail").is(http.StatusForbidden)
	w.reads("direct global-admin").get("/operator/mail").is(http.StatusNotFound)
}

func TestTheBellOpensAPaneOverThePage(t *testing.T) { // portal 0.1, in a browser
	browser := browsertest.NewBrowser(t)
	w := newWorld(t)
	w.add("direct admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))
	w.work()
	p := browser.Open(t, w.as("direct admin-agent", "en", "/customers"))
	before := browsertest.Eval[string](p, "location.pathname")
	p.Click(".bell")
	p.Wait("document.querySelector('#pane h2')?.textContent === 'Notifications'")
	if text := p.Text("#pane"); !strings.Contains(text, "Fromagerie du Vercors SARL is under review") {
		t.Errorf("the pane says %q", text)
	}
	p.Press("\u001b")
	p.Wait("document.querySelector('#pane').hidden")
	if now := browsertest.Eval[string](p, "location.pathname"); now != before {
		t.Errorf("the page is now %s", now)
	}
	p.Click(".bell")
	p.Wait("document.querySelector('#pane form button')")
	p.Click("#pane form[action='/notifications/read'] button")
	p.Wait("!document.querySelector('.bell-count')")
	if now := browsertest.Eval[string](p, "location.pathname"); now != before {
		t.Errorf("after reading all the page is %s", now)
	}
}
