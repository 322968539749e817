package portal_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// The operator writes what a mail says: checked, looked at, tried, and taken back (V-10).
func TestTheOperatorWritesWhatMailsSay(t *testing.T) {
	w := newWorld(t)
	w.staff()
	p := w.letters()
	const path = "/operator/messages/verification.approved/fr"
	r := w.reads("operator operator-admin")
	list := r.get("/operator/messages")
	list.says("#mail-texts", "{Customer} is approved", "Verification of customers", "Built-in", "French")
	if got := list.attr("#mail-texts a[href='"+path+"']", "href"); got != path {
		t.Error("the list does not lead to the mail in French")
	}
	page := r.get(path)
	page.says("#places", "{Customer}", "{Link}", "{N}")
	page.hides("main", "Back to the built-in text")
	form := page.form("#writing")
	if form.Get("subject") != "{Customer} est approuvé" || !strings.HasSuffix(form.Get("body"), " {Link}") { // the reader folds spaces
		t.Errorf("the form holds %q", form)
	}

	form.Set("body", strings.ReplaceAll(form.Get("body"), " {Link}", "\n\n{Link}"))
	bad := r.post(path, with(form, "subject", "{Client} est approuvé", "body", "Bravo.")).is(http.StatusBadRequest)
	bad.says("#subject-error", "{Client} is no placeholder of this message", "{Customer}")
	bad.says("#body-error", "Put {Link} back")
	if bad.value("body") != "Bravo." {
		t.Errorf("what was typed is lost: %q", bad.value("body"))
	}

	own := with(form, "subject", "Bravo : {Customer}", "body", "C’est <b>fait</b>.\n\n{Link}\n\nÀ bientôt")
	seen := r.post(path+"/page", own).is(http.StatusOK)
	if csp := seen.header.Get("Content-Security-Policy"); !strings.Contains(csp, "sandbox") || !strings.Contains(seen.body, "Bravo : Boulangerie Exemple SARL") || !strings.Contains(seen.body, "&lt;b&gt;fait") { //nolint:misspell // French
		t.Errorf("the preview under %s: %s", csp, seen.body)
	}
	r.post(path+"/page", with(own, "subject", "")).is(http.StatusBadRequest).says("#subject-error", "Enter a subject")
	tried := r.post(path+"/try", own).is(http.StatusOK)
	tried.says("#messages", "An example was sent to")
	if tried.value("subject") != "Bravo : {Customer}" {
		t.Error("trying forgets what is typed")
	}
	w.work()
	if len(p.box) != 1 || p.box[0].Subject != "Bravo : Boulangerie Exemple SARL" || p.box[0].Language != "fr" { //nolint:misspell // French
		t.Errorf("tried: %+v", p.box)
	}

	saved := r.follow(r.post(path, own))
	saved.says("main", "Own text", "Changed by chef", "Back to the built-in text", "{Customer} est approuvé")
	r.get("/operator/messages").says("#mail-texts", "Own text")
	back := r.follow(r.post(path+"/reset", url.Values{"csrf": {csrf}}))
	back.says("#toasts", "The built-in text holds again")
	back.hides("main", "Own text")

	r.get("/operator/messages/verification.opened/fr").is(http.StatusNotFound) // no mail
	r.get("/operator/messages/verification.approved/de").is(http.StatusNotFound)
	w.reads("operator operator-reviewer").get(path).is(http.StatusOK).says("main", "{Customer}")
	w.reads("operator operator-reviewer").post(path, own).is(http.StatusForbidden)
	w.reads("direct global-admin").get(path).is(http.StatusNotFound)
}

// messageScenes are the pages of V-10.
func (w *world) messageScenes() []scene {
	const chief, path = "operator operator-admin", "/operator/messages/verification.rejected/"
	r := w.reads(chief)
	r.post(path+"fr", url.Values{
		"csrf": {csrf}, "subject": {"Le compte de {Customer} n’a pas pu être vérifié et attend vos corrections"}, "body": {"Motif : {Reason}.\n\n{Link}\n\nMerci."},
	}).is(http.StatusSeeOther)
	return []scene{
		{"messages", chief, "/operator/messages", nil},
		{"message", chief, path + "sv", nil},
		{"message-own", chief, path + "fr", nil},
	}
}
