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
