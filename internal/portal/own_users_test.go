package portal_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"comptoir/internal/identity"
	"comptoir/internal/policy"
	"comptoir/internal/portal/visit"
)

// Portal K-8, rule c10: a customer's admin adds people with roles; the temporary
// password is shown once. Others of the customer have no such page, its partner
// neither.
func TestACustomersAdminAddsColleagues(t *testing.T) {
	w, c := aCustomerOfDirect(t)
	r := w.reads("customer")
	r.get("/admin").says("nav", "Utilisateurs")
	p := r.get(visit.OwnUsersPath + "/new").is(http.StatusOK)
	p.says("#roles", "Administrateur du client", "Administrateur de facturation du client", "Utilisateur du client")
	form := p.form("main form")
	if form.Get("location") != "FR" {
		t.Errorf("proposes to work in %q", form.Get("location"))
	}
	form.Set("display", "Agnès Petit")
	form.Set("local", "agnes petit")
	form["roles"] = []string{"customer-user"}
	r.post(visit.OwnUsersPath+"/new", form).is(http.StatusBadRequest).says("#errors", "nom d’utilisateur")
	form.Set("local", "agnes")
	form.Set("location", "XX")
	r.post(visit.OwnUsersPath+"/new", form).is(http.StatusBadRequest).says("#errors", "pays")
	form.Set("location", "BE")
	form["roles"] = []string{"global-admin"}
	r.post(visit.OwnUsersPath+"/new", form).is(http.StatusBadRequest)
	form["roles"] = []string{"customer-user"}
	once := r.post(visit.OwnUsersPath+"/new", form).is(http.StatusOK)
	if password := once.attr("#password", "value"); password == "" || once.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("no password to save, or it is kept: %s", once.text("main"))
	}
	r.get(visit.OwnUsersPath+"?q=agn").says("#users tbody", "Agnès Petit", "agnes@"+c.Domain, "Utilisateur du client", "Belgique")
	r.get(visit.OwnUsersPath+"?role=customer-admin").hides("#users tbody", "Agnès Petit")

	w.person("colleague", c.ID, policy.CustomerUser)
	agnes := w.people["colleague customer-user"].ID
	for _, path := range []string{"", "/new", "/deleted", "/" + string(agnes)} {
		w.reads("colleague customer-user").get(visit.OwnUsersPath + path).is(http.StatusForbidden)
		w.reads("direct admin-agent").get(visit.OwnUsersPath + path).is(http.StatusNotFound)
		w.reads("operator operator-admin").get(visit.OwnUsersPath + path).is(http.StatusNotFound)
	}
	w.reads("colleague customer-user").get("/admin").hides("nav", "Utilisateurs")
}

// Rules A13 and J3: the last admin stays; who is deleted is restored as he was.
func TestACustomersUserIsDeletedAndRestored(t *testing.T) {
	w, c := aCustomerOfDirect(t)
	r, admin := w.reads("customer"), visit.OwnUsersPath+"/"+string(w.people["customer"].ID)
	r.post(admin+"/remove", nil).is(http.StatusConflict).says("dialog", "dernier administrateur")
	r.post(admin+"/roles", url.Values{"roles": {"customer-user"}}).is(http.StatusConflict).says("#errors", "dernier administrateur")

	w.person("colleague", c.ID, policy.CustomerUser)
	agnes := visit.OwnUsersPath + "/" + string(w.people["colleague customer-user"].ID)
	r.get(agnes+"/remove").says("dialog", "30 jours")
	r.follow(r.post(agnes+"/remove", nil)).says("#toasts", "peut être restauré")
	r.get(visit.OwnUsersPath).hides("#users tbody", "customer-user")
	r.post(agnes, url.Values{"display": {"Autre"}}).is(http.StatusNotFound)
	r.get(visit.OwnUsersPath+"/deleted").says("#users tbody", "20 déc. 2026")
	r.get(agnes).is(http.StatusOK).says("main", "Restaurer")
	r.follow(r.post(agnes+"/restore", nil)).says("#toasts", "a été restauré")
	r.post(agnes+"/restore", nil).is(http.StatusConflict).says("dialog", "30 jours")
	r.get(visit.OwnUsersPath+"/deleted").says("main", "Personne n’a été supprimé")

	second := r.follow(r.post(agnes+"/roles", url.Values{"roles": {"customer-admin"}}))
	second.hides("#toasts", "qu’un administrateur")
	r.follow(r.post(agnes+"/roles", url.Values{"roles": {"customer-user"}})).says("#toasts", "qu’un administrateur")
	r.follow(r.post(agnes, url.Values{"display": {"Agnès"}, "location": {"SE"}, "blocked": {"yes"}}))
	r.get(visit.OwnUsersPath+"?status=blocked").says("#users tbody", "Agnès", "Suède", "Bloqué")
	if once := r.post(agnes+"/password", nil).is(http.StatusOK); once.attr("#password", "value") == "" {
		t.Error("no password to save")
	}
}

// Portal 0.3: the list of people has a first and a last page, and those between.
func TestTheListOfPeopleHasPages(t *testing.T) {
	w := newWorld(t)
	for i := range 60 {
		do(w, identity.AddUser, w.actor("direct global-admin"), identity.NewUser{Name: fmt.Sprintf("p%02d", i), DisplayName: fmt.Sprintf("Personne %02d", i)})
	}
	r := w.reads("direct global-admin")
	turn := func(p *page, label string) *page {
		t.Helper()
		return r.get(p.attr(".pager a[aria-label='"+label+"']", "href")).is(http.StatusOK)
	}
	first := r.get("/settings/users?size=25")
	first.says(".pager", "1–25 of 66", "Page 1 of 3")
	second := turn(first, "Next")
	second.says(".pager", "26–50 of 66", "Page 2 of 3")
	if back := turn(second, "Previous"); back.text("#users tbody") != first.text("#users tbody") {
		t.Error("back is not where the list began")
	}
	last := turn(first, "Last")
	last.says(".pager", "42–66 of 66", "Page 3 of 3")
	turn(last, "Previous").says(".pager", "Page 2 of 3")
	r.get("/settings/users?after=nonsense").is(http.StatusOK).says(".pager", "Page 1")
}

// Portal K-1, rules c4, c10 and c11: the customer's home says what waits for the
// reader, how many people there are, and where its partner is asked for help.
func TestTheCustomersHomeSaysWhatWaits(t *testing.T) {
	w, c := aCustomerOfDirect(t)
	w.reads("direct global-admin").post("/settings/legal/support", url.Values{"support-email": {"aide@atelier-nuage.example"}, "support-phone": {"+33 1 23 45 67 89"}})
	r := w.reads("customer")
	home := r.get("/admin").is(http.StatusOK)
	home.says("#todo", "accepte le contrat client", "qu’un administrateur")
	home.says("#support", "aide@atelier-nuage.example")
	home.says("main", "Atelier Nuage SAS gère pour vous", "Utilisateurs")

	w.person("second", c.ID, policy.CustomerAdmin)
	form := r.get(visit.AgreementPath).form("#accept-form")
	form.Set("agreed", "yes")
	r.follow(r.post(visit.AgreementPath, form))
	r.get("/admin").says("#todo", "Aucune action n’est attendue de votre part")

	w.person("colleague", c.ID, policy.CustomerUser)
	user := w.reads("colleague customer-user").get("/admin").is(http.StatusOK)
	user.says("#support", "aide@atelier-nuage.example")
	user.says("#todo", "Nothing waits for you")
	user.hides("main", "The people of your organization", "Customer agreement")
}
