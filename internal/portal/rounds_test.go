package portal_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"comptoir/internal/agreement"
	"comptoir/internal/customer"
	"comptoir/internal/id"
	"comptoir/internal/portal/browsertest"
)

// confirmable adds customers of the direct partner; the first has accepted a version
// that will soon be too old.
func (w *world) confirmable() []id.Tenant {
	w.t.Helper()
	agent := w.actor("direct admin-agent")
	var all []id.Tenant
	for n, name := range []string{"Fruitière du Jura SARL", "Ateliers Rhône SAS", "Conserverie de Brest SAS"} {
		added := do(w, customer.Add, agent, newCustomer(name, fmt.Sprintf("confirmable%d", n)))
		all = append(all, added.Customer.ID)
	}
	do(w, agreement.Attest, agent, agreement.Confirmation{Customer: all[0], Attestation: agreement.Attestation{
		Person: agreement.Person{FirstName: "Odile", LastName: "Perrin", Email: "odile@jura.example"}, AgreedAt: today,
	}})
	do(w, agreement.Publish, w.actor("operator operator-admin"), agreement.NewVersion{
		Label: "2027", Mandatory: true, EnforcedAt: today.AddDate(0, 0, 20), Texts: map[string][]byte{"en": []byte("<p>Terms.")},
	})
	return all
}

// A partner sees whose acceptance it has to confirm, plans the confirmations for a
// selection, corrects one, starts them and reads what became of each customer; the
// jobs list them too (AG3, AG8; portal 0.3, P-23).
func TestAPartnerConfirmsManyAgreements(t *testing.T) {
	w := newWorld(t)
	all := w.confirmable()
	r := w.reads("direct admin-agent")
	list := r.get("/agreements").is(http.StatusOK)
	list.says("#open", "Fruitière du Jura SARL", "Ateliers Rhône SAS", "Not accepted", "Accepted for now", "2027, required from Dec 10, 2026")
	coming := r.get("/agreements?state=accepted")
	coming.says("#open", "Fruitière du Jura SARL")
	coming.hides("#open", "Ateliers Rhône SAS")
	r.get("/agreements?state=nonsense").says("#open", "Ateliers Rhône SAS")

	ask := r.post("/agreements/ask?state=missing", url.Values{"all": {"yes"}})
	ask.is(http.StatusOK).says("dialog", "2 customers are selected")
	r.post("/agreements/ask", nil).says("dialog", "Select at least one customer")
	form := r.post("/agreements/ask", url.Values{"id": {string(all[0]), string(all[1]), string(all[2])}}).form("dialog form")
	r.post("/agreements", with(form, "on", "2026-12-24")).is(http.StatusBadRequest).says(".summary", "future") // RF-20
	r.post("/agreements", with(form, "on", "soon")).is(http.StatusBadRequest).says(".summary", "date")
	sent := r.post("/agreements", form)
	path := sent.header.Get("Location")
	plan := r.follow(sent)
	plan.says("main", "Nothing is confirmed yet", "To be confirmed 3", "Odile Perrin", "Confirm for 3 customers")

	row := r.get(path + "/rows/1").form("dialog form")
	r.post(path+"/rows/1", with(row, "email", "nobody")).is(http.StatusBadRequest).says(".summary", "email")
	r.follow(r.post(path+"/rows/1", with(row, "first-name", "Solène"))).says("#rows", "Solène")
	r.follow(r.post(path+"/rows/2", with(r.get(path+"/rows/2").form("#leave-out"), "go", "leave-out"))).says("main", "To be confirmed 2")
	r.get(path + "/rows/9").is(http.StatusNotFound)

	r.follow(r.post(path, url.Values{"go": {"start"}})).says("#progress", "Confirming acceptances")
	w.work()
	done := r.get(path)
	done.says("main", "Done", "Confirmed 2", "Refused 0")
	done.hides("main", "Nothing is confirmed yet")
	r.get(path+"?outcome=made").says("#rows", "Solène")
	r.post(path+"/rows/1", row).is(http.StatusConflict)
	r.get("/jobs").says("#jobs", "2 customers", "Confirmation of agreements", "2 confirmed, 0 confirmed before, 0 refused")
	r.get("/agreements").says("#open", "1–1 of 1")

	thrown := r.post("/agreements", with(form, "on", "2026-11-19")).header.Get("Location")
	r.post(thrown, url.Values{"go": {"start"}}).is(http.StatusSeeOther)
	w.work()
	thrown = r.post("/agreements", url.Values{"id": {string(all[0])}, "on": {"2026-11-19"}, "person": {"contact"}}).header.Get("Location")
	if to := r.post(thrown, url.Values{"go": {"end"}}).header.Get("Location"); to != "/agreements" {
		t.Errorf("a discarded plan leads to %s", to)
	}
	r.get(thrown).is(http.StatusNotFound)
	w.reads("direct sales-agent").get(path).is(http.StatusNotFound) // a colleague's
	w.reads("direct helpdesk-agent").get("/agreements").is(http.StatusForbidden)
	w.reads("reseller admin-agent").get("/agreements").is(http.StatusForbidden).says("main", "2032") // RF-04
}

// roundScenes are the pages on which a partner confirms many acceptances.
func (w *world) roundScenes() []scene {
	const agent = "direct admin-agent"
	all := w.confirmable()
	plan := func() string {
		return "/agreements/" + do(w, agreement.PlanRound, w.actor(agent), agreement.RoundPlan{
			Customers: append(all, "0190b3f8-0000-7000-8000-000000000000"), Person: agreement.LastPerson, AgreedAt: today,
		}).ID
	}
	planned, ended := plan(), plan()
	do(w, agreement.StartRound, w.actor(agent), ended[len("/agreements/"):])
	w.work()
	return []scene{
		{"rounds", agent, "/agreements", nil},
		{"round-plan", agent, planned, nil},
		{"round-row", agent, planned + "/rows/1", nil},
		{"round-done", agent, ended, nil},
	}
}

// With script the plan is a dialog over the list, and the result comes by itself.
func TestManyAgreementsAreConfirmedInABrowser(t *testing.T) {
	w := newWorld(t)
	w.confirmable()
	p := browsertest.NewBrowser(t).Open(t, w.as("direct admin-agent", "sv", "/agreements"))
	p.Click("#open thead input[type=checkbox]")
	p.Click(".commands .primary")
	p.Wait("document.querySelector('dialog[open] [name=on]')")
	p.Click("dialog[open] .primary")
	p.Wait("document.querySelector('#round .primary')")
	p.Click("#round .primary")
	p.Wait("document.querySelector('#progress')")
	w.work()
	p.Wait("document.querySelector('.page-head .badge')?.textContent.includes('Klart') || !document.querySelector('#progress')")
	if problems := p.Problems(); len(problems) > 0 {
		t.Errorf("the console says %v", problems)
	}
}
