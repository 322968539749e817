package portal_test

import (
	"net/http"
	"net/url"
	"testing"
)

// The operator finds any customer, sees which partners have it, and corrects what
// was recorded, with a reason that the partner reads (V-5; rules C32, C33).
func TestTheOperatorLooksUpAndCorrectsCustomers(t *testing.T) {
	w := newWorld(t)
	w.staff()
	c := w.add("direct admin-agent", newCustomer("Fromagerie du Verkors SARL", "vercors"))
	r := w.reads("operator operator-admin")
	r.get("/operator/organizations").says("#organizations", "Whom are you looking for?")
	r.get("/operator/organizations?q=fromag").says("#organizations", "Fromagerie du Verkors SARL", "Atelier Nuage SAS", "Under review")
	r.get("/operator/organizations?q="+string(c.ID)).says("#organizations", "Fromagerie")
	r.get("/operator/organizations?q=nuage").says("#organizations", "Direct-bill partner")
	path := "/operator/organizations/" + string(c.ID)
	file := r.get(path)
	file.says("main", string(c.ID), "Atelier Nuage SAS", "Reseller", c.Domain)
	dialog := r.get(path + "/correct?partner=" + string(c.Partner) + "&relation=reseller").form("dialog form")
	dialog.Set("name", "Fromagerie du Vercors SARL")
	r.post(path+"/correct", dialog).is(http.StatusBadRequest).says(".summary", "reason")
	dialog.Set("reason", "Mistyped at the import.")
	r.follow(r.post(path+"/correct", dialog)).says("#relations", "Fromagerie du Vercors SARL")
	agent := w.reads("direct admin-agent")
	agent.get("/settings/activity-log").says("main", "Recorded name or domain corrected")

	for _, who := range []string{"operator operator-reviewer", "operator operator-support"} {
		s := w.reads(who)
		s.get(path).is(http.StatusOK)
		s.post(path+"/correct", url.Values{"partner": {string(c.Partner)}, "relation": {"reseller"}}).is(http.StatusForbidden)
	}
	agent.get("/operator/organizations").is(http.StatusNotFound)
}

// The operator finds organisations that are there twice, compares them, chooses
// which one stays, and makes them one (V-5).
func TestTheOperatorMergesDuplicates(t *testing.T) {
	w := newWorld(t)
	w.staff()
	stays := w.add("direct admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))
	twice := newCustomer("Fromagerie du Vercors SARL", "vercors2")
	twice.Distinct = true
	ends := w.add("provider admin-agent", twice)
	r := w.reads("operator operator-admin")
	r.get("/operator/organizations").says(".commands", "Find duplicates")
	r.get("/operator/organizations/duplicates").says("#duplicates", "No duplicates here")
	r.get("/operator/organizations/duplicates?by=name").says("#duplicates", stays.Domain, ends.Domain, "Compare with Fromagerie du Vercors SARL")

	path := "/operator/organizations/" + string(stays.ID) + "/merge"
	r.get("/operator/organizations/"+string(stays.ID)).says(".commands", "Merge with a duplicate")
	r.get(path).says("main", "Which organization is the same one?")
	r.get(path+"?with=nobody").says("main", "No customer has this tenant ID")
	r.get(path+"?with="+string(stays.ID)).says("main", "cannot be merged with itself")
	page := r.get(path + "?with=" + string(ends.ID)).is(http.StatusOK)
	page.says("#sides", stays.Domain, ends.Domain, "Atelier Nuage SAS (Cloud Reseller)", "Nordmolnet Distribution AB (Cloud Reseller)")
	page.says("#plan", "Nordmolnet Distribution AB", "Moves to the one that stays")
	if swap := page.attr(`a[href="/operator/organizations/`+string(ends.ID)+`/merge?with=`+string(stays.ID)+`"]`, "href"); swap == "" {
		t.Error("the two cannot be swapped")
	}
	form := page.form("#merge")
	r.post(path, form).is(http.StatusBadRequest).says(".summary", "Give the reason", "Type the name")
	form.Set("reason", "Added twice.")
	form.Set("typed", "Fromagerie du Vercors SARL")
	r.post(path, with(form, "seen", "stale")).is(http.StatusConflict).says("main", "has changed since you looked")
	r.follow(r.post(path, form)).says("#relations", "Atelier Nuage SAS", "Nordmolnet Distribution AB")
	r.get("/operator/organizations/"+string(ends.ID)).says("main", "This organization has ended", "Open that one")
	agent := w.reads("provider admin-agent")
	agent.follow(agent.get("/customers/"+string(ends.ID)+"/account")).says("main", "Fromagerie du Vercors SARL", ends.Domain)
	agent.get("/settings/activity-log").says("main", "Customers merged")
	for _, who := range []string{"operator operator-reviewer", "operator operator-support"} {
		w.reads(who).get(path).is(http.StatusForbidden)
	}
	agent.get(path).is(http.StatusNotFound)
}
