package portal_test

import (
	"net/http"
	"strings"
	"testing"

	"comptoir/internal/portal/browsertest"
	"comptoir/internal/portal/visit"
)

// A partner asks for a qualification, the operator denies it with words and then
// approves it, and the account tells each (P-7, V-3, rules C37 to C39).
func TestASchoolIsQualified(t *testing.T) {
	w := newWorld(t)
	c := w.add("direct admin-agent", newCustomer("Lycée du Vercors SARL", "lycee"))
	r, path := w.reads("direct sales-agent"), visit.AccountPath(c.ID)
	r.get(path).says("#qualifications", "None", "Request a qualification")
	form := r.get(path + "/qualification").is(http.StatusOK).form("dialog form")
	bad := r.post(path+"/qualification", with(form, "qualification", "Education", "website", "x y"))
	bad.is(http.StatusBadRequest).says("#segment-error", "education segment")
	bad.says("#website-error", "address of the website")
	r.follow(r.post(path+"/qualification", with(form, "qualification", "Education", "segment", "HigherEducation", "website", "www.lycee.example"))).
		says("#qualifications", "Education", "In review since Nov 20, 2026", "Higher education", "www.lycee.example")

	o := w.reads("operator operator-admin")
	queue := o.get(visit.QualificationsPath)
	queue.says("main", "Lycée du Vercors SARL", "Atelier Nuage SAS", "Education", "sales-agent@atelier-nuage.example")
	one := queue.attr("#queue tbody a", "href")
	o.get(one).says("#facts", "www.lycee.example", "Higher education", "camille@lycee.example")
	deny := o.get(one + "/deny").form("dialog form")
	o.post(one, deny).is(http.StatusBadRequest).says("#reason-error", "Tell the partner why")
	o.follow(o.post(one, with(deny, "reason", "No such school is known."))).says("main", "Nothing to decide")
	r.get(path).says("#qualifications", "Not an education customer", "No such school is known.", "request it again")
	again := r.get(path + "/qualification").form("dialog form")
	if again.Get("website") != "www.lycee.example" {
		t.Errorf("asked again from nothing: %v", again)
	}
	r.follow(r.post(path+"/qualification", again))
	o.follow(o.post(one, with(deny, "go", "approve")))
	r.get(path).says("#qualifications", "Education", "Approved")
	o.post(one, with(deny, "go", "approve")).is(http.StatusConflict).says("#messages", "no longer under review")
	w.reads("direct helpdesk-agent").get(path + "/qualification").is(http.StatusForbidden)
	w.reads("direct admin-agent").get(visit.QualificationsPath).is(http.StatusNotFound)
}

// The operator issues a code, with which the partner makes a government customer
// at once (C37).
func TestACodeIsIssuedAndUsed(t *testing.T) {
	w := newWorld(t)
	c := w.add("direct admin-agent", newCustomer("Mairie du Vercors SARL", "mairie"))
	o := w.reads("operator operator-admin")
	form := o.get(visit.QualificationsPath + "/codes").is(http.StatusOK).form("dialog form")
	bad := o.post(visit.QualificationsPath+"/codes", with(form, "partner", string(w.direct.Tenant), "code", "", "organization", "Ville", "max", "0"))
	bad.is(http.StatusBadRequest).says("#code-error", "Enter a value")
	o.post(visit.QualificationsPath+"/codes", with(form, "partner", string(w.direct.Tenant), "code", "VILLE-1", "organization", "Ville", "max", "5")).is(http.StatusSeeOther)
	r, path := w.reads("direct admin-agent"), visit.AccountPath(c.ID)
	ask := r.get(path + "/qualification").form("dialog form")
	r.post(path+"/qualification", with(ask, "qualification", "GovernmentCommunityCloud", "validation-code", "VILLE-2")).is(http.StatusBadRequest).says("#validation-code-error", "used up")
	r.follow(r.post(path+"/qualification", with(ask, "qualification", "GovernmentCommunityCloud", "validation-code", "VILLE-1"))).says("#qualifications", "Government Community Cloud", "Approved")
}

// The dialogs in a browser.
func TestAQualificationIsAskedForInABrowser(t *testing.T) {
	w := newWorld(t)
	c := w.add("direct admin-agent", newCustomer("Lycée du Vercors SARL", "lycee"))
	p := browsertest.NewBrowser(t).Open(t, w.as("direct admin-agent", "fr", visit.AccountPath(c.ID)))
	p.Click("#qualifications .btn")
	p.Wait("document.querySelector('#dialogs dialog:modal #qualification')")
	browsertest.Axe(t, p)
	browsertest.Eval[bool](p, "(document.querySelector('#dialogs #qualification').value = 'StateOwnedEntity', true)")
	p.Click("#dialogs .btn.primary")
	p.Wait("document.querySelector('#qualifications .badge.info')")
	if got := p.Text("#qualifications"); !strings.Contains(got, "Entité appartenant à l’État") {
		t.Errorf("the account says %s", got)
	}
}
