package portal_test

import (
	"net/http"
	"net/url"
	"testing"

	"comptoir/internal/identity"
	"comptoir/internal/policy"
)

// The operator's admin adds colleagues, gives them roles, blocks and removes
// them; one admin always stays (V-15, rule A13).
func TestTheOperatorKeepsItsOwnPeople(t *testing.T) {
	w := newWorld(t)
	w.staff()
	r := w.reads("operator operator-admin")
	r.get("/operator/users").says("#staff", "Søren Lindqvist", "chef@drift.example", "Not set up")
	form := r.get("/operator/users/new").form("#person")
	form.Set("display-name", "Zoé Martin")
	form.Set("user-name", "chef")
	r.post("/operator/users/new", form).is(http.StatusBadRequest).says(".summary", "chef@drift.example")
	form.Set("user-name", "zoe")
	form.Set("roles", "global-admin") // no role of the operator
	r.post("/operator/users/new", form).is(http.StatusBadRequest)
	form.Set("roles", "operator-reviewer")
	made := r.post("/operator/users/new", form).is(http.StatusOK)
	if made.attr("#password", "value") == "" {
		t.Fatal("no password is shown")
	}
	zoe := w.find("Zoé Martin")
	if zoe.Roles != policy.OperatorReviewer || !zoe.MustChange {
		t.Errorf("added %+v", zoe)
	}
	path := "/operator/users/" + string(zoe.ID)
	w.remember("operator zoe", zoe.Tenant, zoe.ID)
	w.reads("operator zoe").get("/operator/users").is(http.StatusForbidden)

	// Another admin, then the first one may go; the last one may not.
	self := "/operator/users/" + string(w.people["operator operator-admin"].ID)
	for name, answer := range map[string]*page{
		"demoted": r.post(self, url.Values{"display-name": {"Søren"}, "roles": {"operator-support"}}),
		"blocked": r.post(self, url.Values{"display-name": {"Søren"}, "roles": {"operator-admin"}, "blocked": {"yes"}}),
		"removed": r.post(self+"/remove", nil),
	} {
		if answer.status < 400 || answer.text(".summary") == "" {
			t.Errorf("the last admin was %s: %d %s", name, answer.status, answer.text("main"))
		}
	}
	r.follow(r.post(path, url.Values{"display-name": {"Zoé Martin"}, "roles": {"operator-reviewer", "operator-admin"}}))
	w.reads("operator zoe").get("/operator/users").is(http.StatusOK)
	r.follow(r.post(path, url.Values{"display-name": {"Zoé Martin"}, "roles": {"operator-support"}, "blocked": {"yes"}})).says("#staff", "Blocked")

	reset := r.get(path + "/password").form("dialog form")
	if r.post(path+"/password", reset).is(http.StatusOK).attr("#password", "value") == "" {
		t.Error("no new password is shown")
	}
	r.get(path + "/remove").is(http.StatusOK)
	r.follow(r.post(path+"/remove", nil)).hides("#staff", "Zoé")
	r.get(path).is(http.StatusNotFound)
	r.get("/operator/users/" + string(w.people["direct sales-agent"].ID)).is(http.StatusNotFound)
}

// find returns the user of the operator with a display name.
func (w *world) find(name string) identity.User {
	w.t.Helper()
	for _, n := range do(w, identity.ListUsers, w.actor("operator operator-admin"), identity.UserList{}).Users {
		if n.DisplayName == name {
			return n
		}
	}
	w.t.Fatalf("nobody is called %s", name)
	return identity.User{}
}
