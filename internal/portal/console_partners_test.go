package portal_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"comptoir/internal/identity"
	"comptoir/internal/policy"
	"comptoir/internal/portal/visit"
)

func filePath(p identity.Partner) string { return "/operator/partners/" + string(p.Tenant) }

func TestTheOperatorFindsPartners(t *testing.T) { // V-4
	w := newWorld(t)
	w.staff()
	for _, who := range []string{"operator operator-admin", "operator operator-reviewer", "operator operator-support"} {
		r := w.reads(who)
		r.get("/operator/partners").says("#partners", "Atelier Nuage SAS", "Nordmolnet Distribution AB", "Skånes IT-partner AB", "Active", "1–3 of 3")
		r.get("/operator/partners?q=skånes").hides("#partners", "Nordmolnet")
		r.get("/operator/partners?type=indirect-provider").hides("#partners", "Skånes")
		r.get("/operator/partners?status=suspended").says("#partners", "No results")
		r.get("/operator/partners?sort=-name").says("#partners tbody tr:first-child", "Skånes IT-partner AB")
		r.get(filePath(w.direct)).says("main", w.direct.PartnerID, "France", "Élodie Åkerström", "Sales agent")
	}
	w.reads("direct global-admin").get("/operator/partners").is(http.StatusNotFound)
	w.reads("operator operator-admin").get("/operator/partners/" + string(w.people["operator operator-admin"].Tenant)).is(http.StatusNotFound)
}

// A list longer than a page is turned both ways by the place of its rows.
func TestPartnersAreTurnedPageByPage(t *testing.T) {
	w := newWorld(t)
	for i := range 30 {
		w.enrolled(firstWords[i%15]+" "+secondWords[i%12]+" SAS", "p"+string(rune('a'+i%26))+string(rune('a'+i/26))+".example")
	}
	r := w.reads("operator operator-admin")
	first := r.get("/operator/partners?size=25")
	first.says("#partners", "1–25 of 33")
	second := r.get(first.attr(".pager a[aria-label=\"Next\"]", "href"))
	second.says("#partners", "26–33 of 33")
	r.get(second.attr(".pager a[aria-label=\"Previous\"]", "href")).says("#partners", "1–25 of 33")
}

func (w *world) enrolled(name, domain string) identity.Partner {
	w.t.Helper()
	return do(w, identity.EnrolPartner, system(), identity.Enrolment{Name: name, Types: policy.IndirectReseller, Country: "FR", Market: "EU", Domain: domain}).Partner
}

// The operator enrols a partner, vets it, and activates it; its first user gets a
// password that is shown once (V-4; rules A2, A7, A8, A13).
func TestAPartnerIsEnrolledVettedAndActivated(t *testing.T) {
	w := newWorld(t)
	r := w.reads("operator operator-admin")
	form := r.get("/operator/partners/new").form("#enrol")
	again := r.post("/operator/partners/new", form).is(http.StatusBadRequest)
	again.says(".summary", "Name of the organization", "Country", "Domain", "Display name")
	for name, value := range map[string]string{
		"name": "Bretagne Cloud SARL", "country": "FR", "domain": "Atelier-Nuage.example", "admin": "yann", "admin-name": "Yann Le Goff", "type": "indirect-provider",
	} {
		form.Set(name, value)
	}
	taken := r.post("/operator/partners/new", form).is(http.StatusBadRequest) // DM02
	taken.says(".summary", "atelier-nuage.example")
	form.Set("domain", "bretagne-cloud.example")
	made := r.post("/operator/partners/new", form).is(http.StatusOK)
	password := made.attr("#password", "value")
	made.says(".secrets", "Bretagne Cloud SARL", "yann@bretagne-cloud.example")
	if len(password) < 8 {
		t.Fatalf("the password shown is %q", password)
	}
	// Loaded again, the page enrols nobody twice and withholds the password; only
	// where the first answer was lost, the form brings it again.
	reloaded := r.post("/operator/partners/new", form).is(http.StatusOK)
	reloaded.says(".secrets", "Already shown", "yann@bretagne-cloud.example")
	if strings.Contains(reloaded.body, password) {
		t.Error("loaded again, the page shows the password again")
	}
	if lost := w.reads("operator operator-admin").post("/operator/partners/new", form).is(http.StatusOK); lost.attr("#password", "value") != password {
		t.Error("sent again, the form made another password")
	}
	found := do(w, identity.FindPartners, system(), identity.PartnerQuery{Search: "bretagne"})
	if len(found) != 1 || found[0].Market == "" || found[0].Types != policy.IndirectProvider || found[0].Status != identity.PartnerPending {
		t.Fatalf("enrolled %+v", found)
	}
	p := found[0]
	r.post(filePath(p)+"/saved", nil).is(http.StatusBadRequest).says("main", "Have you saved it?")
	file := r.follow(r.post(filePath(p)+"/saved", url.Values{"saved": {"yes"}}))
	file.says("#toasts", "Bretagne Cloud SARL is enrolled")
	file.says("main", "Pending", "Not signed", "Accept every step of the vetting first", "Partner enrolled")

	for _, step := range identity.VettingSteps() {
		dialog := r.get(filePath(p) + "/vetting?step=" + string(step)).form("dialog form")
		dialog.Set("state", "accepted")
		dialog.Set("note", "Papers seen.")
		r.follow(r.post(filePath(p)+"/vetting", dialog)).says("#vetting", "Accepted", "Papers seen.", "chef@drift.example")
	}
	active := r.get(filePath(p) + "/status?to=active").form("dialog form")
	r.follow(r.post(filePath(p)+"/status", active)).says(".page-head", "Active")
	edit := r.get(filePath(p) + "/edit").form("dialog form")
	edit.Set("signed", "yes")
	edit.Set("partner-id", w.direct.PartnerID)
	r.post(filePath(p)+"/edit", edit).is(http.StatusBadRequest).says(".summary", w.direct.PartnerID)
	edit.Set("partner-id", "5550001")
	r.follow(r.post(filePath(p)+"/edit", edit)).says("main", "5550001", "On paper")
}

// What the operator decides about a partner holds at the partner's next click
// (rule A7; RF-43).
func TestTheStatusOfAPartnerHoldsAtOnce(t *testing.T) {
	w := newWorld(t)
	c := w.add("direct admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))
	r, agent := w.reads("operator operator-admin"), w.reads("direct admin-agent")
	change := func(to string, more url.Values) *page {
		form := r.get(filePath(w.direct) + "/status?to=" + to).is(http.StatusOK).form("dialog form")
		for name, values := range more {
			form[name] = values
		}
		return r.post(filePath(w.direct)+"/status", form)
	}
	saves := func() int {
		form := agent.get(visit.AccountPath(c.ID)).form("#billing form")
		form.Set("city", "Grenoble "+string(rune('A'+len(w.people))))
		form.Set("confirmed", "yes")
		return agent.post(visit.AccountPath(c.ID)+"/billing", form).status
	}
	agent.get("/customers/new").is(http.StatusOK)

	change("restricted", nil).is(http.StatusBadRequest).says(".summary", "Words to the partner")
	r.follow(change("restricted", url.Values{"cause": {"Quality of the data"}})).says(".messages", "Restricted", "Quality of the data")
	agent.get("/customers/new").is(http.StatusForbidden).says("main", "800039")
	agent.get("/imports").is(http.StatusForbidden)

	change("suspended", url.Values{"cause": {"Third reminder"}}).is(http.StatusBadRequest).says(".summary", "Cause")
	r.follow(change("suspended", url.Values{"cause": {"Third reminder"}, "reason": {"overdue"}})).says(".messages", "Bill more than 60 days overdue", "Third reminder")
	agent.get("/customers/new").is(http.StatusForbidden).says("main", "800039")
	if status := saves(); status >= 400 { // existing accounts are still managed
		t.Errorf("a suspended partner saves billing information: %d", status)
	}

	r.follow(change("active", nil)).hides(".messages", "Third reminder")
	agent.get("/customers/new").is(http.StatusOK)

	change("closed", url.Values{"cause": {"On request"}}).is(http.StatusBadRequest).says(".summary", "Type the name")
	change("closed", url.Values{"cause": {"On request"}, "typed": {"Atelier"}}).is(http.StatusBadRequest)
	r.follow(change("closed", url.Values{"cause": {"On request"}, "typed": {"Atelier Nuage SAS"}})).says(".page-head", "Closed")
	agent.get("/customers/new").is(http.StatusForbidden)
	if status := saves(); status != http.StatusForbidden {
		t.Errorf("a closed partner saves billing information: %d", status)
	}
	agent.get("/customers").says("#customers", "Fromagerie du Vercors SARL") // its records stay readable
	r.get(filePath(w.direct) + "/status?to=active").is(http.StatusNotFound)  // closed for good
}

// The operator limits what a partner may owe, gives it codes for government
// customers, and turns back in its log (V-4).
func TestTheCreditAndTheCodesOfAPartnerAreDecided(t *testing.T) {
	w := newWorld(t)
	r := w.reads("operator operator-admin")
	r.get(filePath(w.direct)).says("#credit", "No limit", "renewals and consumption never are")
	form := r.get(filePath(w.direct) + "/credit").form("dialog form")
	form.Set("limit", "25,000.50")
	after := r.follow(r.post(filePath(w.direct)+"/credit", form))
	after.says("#credit", "USD", "25,000.50")
	after.says("#log", "Credit limit changed")
	form.Set("limit", "plenty")
	r.post(filePath(w.direct)+"/credit", form).is(http.StatusBadRequest).says(".summary", "from 0 to 1,000,000,000")
	w.reads("direct global-admin").get("/settings/activity-log").says("main", "Credit limit changed")

	code := r.get("/operator/qualifications/codes?partner=" + string(w.direct.Tenant)).form("dialog form")
	if code.Get("partner") != string(w.direct.Tenant) {
		t.Errorf("the dialog asks again for whom: %v", code)
	}
	for name, value := range map[string]string{"code": "GCC-2026-1", "organization": "Mairie de Lyon", "max": "3"} {
		code.Set(name, value)
	}
	r.follow(r.post("/operator/qualifications/codes", code))
	r.get(filePath(w.direct)).says("#codes-card", "GCC-2026-1", "Mairie de Lyon", "3 of 3")
	r.get(filePath(w.provider)).says("#codes-card", "No code has been issued")

	for i := range 17 { // more than the page shows at once
		w.k.Clock.Advance(time.Second)
		form.Set("limit", strconv.Itoa(i))
		r.follow(r.post(filePath(w.direct)+"/credit", form))
	}
	page := r.get(filePath(w.direct))
	page.hides("#log", "Validation code issued")
	r.get(page.attr("#log .card-foot a", "href")).says("#log", "Validation code issued")
}

// Reviewers and support see partners and change nothing.
func TestOnlyTheOperatorsAdminDecidesAboutPartners(t *testing.T) {
	w := newWorld(t)
	w.staff()
	for _, who := range []string{"operator operator-reviewer", "operator operator-support"} {
		r := w.reads(who)
		r.get("/operator/partners/new").is(http.StatusForbidden)
		r.get(filePath(w.direct) + "/status?to=closed").is(http.StatusForbidden)
		r.post(filePath(w.direct)+"/status", url.Values{"to": {"closed"}, "cause": {"x"}, "typed": {"Atelier Nuage SAS"}}).is(http.StatusForbidden)
		r.post(filePath(w.direct)+"/vetting", url.Values{"step": {"email"}, "state": {"rejected"}}).is(http.StatusForbidden)
		r.post(filePath(w.direct)+"/credit", url.Values{"limit": {"5"}}).is(http.StatusForbidden)
		r.post(filePath(w.direct)+"/edit", url.Values{"type": {"indirect-provider"}}).is(http.StatusForbidden)
	}
}
