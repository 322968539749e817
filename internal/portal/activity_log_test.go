package portal_test

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"
	"time"

	"comptoir/internal/clock"
	"comptoir/internal/customer"
	"comptoir/internal/identity"
	"comptoir/internal/policy"
	"comptoir/internal/portal/browsertest"
)

// aMonthOfWork is a log: customers added and approved, one renamed, an application
// registered, somebody refused.
func aMonthOfWork(t *testing.T) (*world, customer.Customer) {
	t.Helper()
	w := newWorld(t)
	w.add("direct admin-agent", newCustomer("Ferme des Alpes SAS", "ferme"))
	w.k.Clock = clock.Fixed(today.Add(time.Hour))
	c := w.add("direct sales-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))
	w.approve(c)
	w.k.Clock = clock.Fixed(today.Add(2 * time.Hour))
	b := c.Billing
	b.CompanyName = "Fromagerie du Vercors et de la Drôme SARL"
	do(w, customer.UpdateBilling, w.actor("direct sales-agent"), customer.BillingChange{ID: c.ID, Billing: b})
	do(w, identity.AddApplication, w.actor("direct global-admin"), identity.NewApp{Name: "Nightly"})
	w.k.Clock = clock.Fixed(today.Add(3 * time.Hour))
	w.reads("direct helpdesk-agent").get("/settings/activity-log").is(http.StatusForbidden).says("main", "Global admin", "Admin agent")
	return w, c
}

// The columns of rule K1, the newest entry first; names are the original ones (C32).
func TestTheActivityLogSaysWhatWasDoneAndByWhom(t *testing.T) {
	w, c := aMonthOfWork(t)
	r := w.reads("direct global-admin")
	p := r.get("/settings/activity-log").is(http.StatusOK)
	p.says("#activity thead", "Date-Time", "Affected customer", "Action", "Partner user", "Status")
	p.says("#activity tbody tr:nth-child(1)", "Access refused", "helpdesk-agent@", "Failed")
	p.says("#activity tbody", "Application registered", "Friendly name changed", "Billing information changed", "Account approved", "Customer added")
	p.says(".chip", "From", "Oct 20, 2026") // the last month
	if text := p.text("#activity tbody"); strings.Contains(text, "et de la Drôme") || !strings.Contains(text, c.OriginalName) {
		t.Errorf("C32: the log names customers by their original names: %s", text)
	}
	p.says("main nav.crumbs", "Account settings")

	narrowed := func(query string, want ...string) {
		t.Helper()
		p := r.get("/settings/activity-log?" + query).is(http.StatusOK)
		var rows []string
		for _, n := range p.find("#activity tbody td[data-l='Action']") {
			rows = append(rows, n.FirstChild.Data)
		}
		if strings.Join(rows, ", ") != strings.Join(want, ", ") {
			t.Errorf("%s: %q, want %q", query, rows, want)
		}
	}
	narrowed("action=add_customer", "Customer added", "Customer added")
	narrowed("action=add_customer&customer="+string(c.ID), "Customer added")
	narrowed("action=add_customer&q=alpes", "Customer added")
	narrowed("q=SALES-agent&by=user&action=add_customer", "Customer added")
	narrowed("status=failed", "Access refused")
	narrowed("from=2026-11-20&to=2026-11-20&action=register_application", "Application registered or changed")
	narrowed("from=2026-10-01&to=2026-11-19")
	narrowed("from=yesterday&action=register_application&status=strange", "Application registered or changed")
	r.get("/settings/activity-log?to=2026-11-01").says("#activity", "Nothing was done in this time")
}

// A row opens to what was before and after, the key-value data and the correlation
// ID (K1); somebody else's does not open.
func TestAnEntryOpensToItsValues(t *testing.T) {
	w, c := aMonthOfWork(t)
	r := w.reads("direct admin-agent")
	open := func(action string) *page {
		t.Helper()
		row := r.get("/settings/activity-log?action="+action).attr("#activity tbody tr", "id")
		return r.get("/settings/activity-log?open=" + strings.TrimPrefix(row, "activity-")).is(http.StatusOK)
	}
	p := open("update_customer_billing_profile")
	p.says("#pane", "Billing information changed", "sales-agent@", c.OriginalName, string(c.ID), "Correlation ID")
	p.says("#pane", "CompanyName", "Fromagerie du Vercors et de la Drôme SARL", "Before: Fromagerie du Vercors SARL")
	if strings.Contains(p.text("#pane"), "DefaultAddress.City") {
		t.Error("what did not change is listed as changed")
	}
	open("add_customer").says("#pane", "DomainName", "BillingProfile.DefaultAddress.City", "Lyon")
	open("access_refused").says("#pane", "Failed", "activity.list")

	theirs := w.reads("provider global-admin").get("/settings/activity-log?open=" + strings.TrimPrefix(r.get("/settings/activity-log").attr("#activity tbody tr", "id"), "activity-"))
	theirs.is(http.StatusOK)
	if theirs.attr("#pane", "hidden") != "hidden" && strings.Contains(theirs.text("#pane"), "direct") {
		t.Errorf("another partner reads the entry: %s", theirs.text("#pane"))
	}
}

func TestThePagesOfTheLogAreTurned(t *testing.T) { // portal 0.3
	w := newWorld(t)
	w.many("direct admin-agent", 40)
	r := w.reads("direct global-admin")
	first := r.get("/settings/activity-log?size=25")
	first.says(".pager", "1–25 of 26 or more", "Page 1")
	second := r.get(first.attr(`.pages a[aria-label="Next"]`, "href"))
	second.says(".pager", "26–50 of 51 or more", "Page 2")
	again := r.get(second.attr(`.pages a[aria-label="Previous"]`, "href"))
	if again.text("#activity tbody") != first.text("#activity tbody") {
		t.Error("one page on and one back is another page")
	}
	last := r.get(first.attr(`.pages a[aria-label="Last"]`, "href")).is(http.StatusOK)
	if last.attr(`.pages a[aria-label="Next"]`, "href") != "" || last.attr(`.pages a[aria-label="Previous"]`, "href") == "" {
		t.Error("the last page leads on, or not back")
	}
	if n := len(last.find("#activity tbody tr")); n != 25 {
		t.Errorf("the last page has %d rows", n)
	}
}

// The export has what the filter shows, with all details, and is itself recorded.
func TestTheLogIsExported(t *testing.T) { // rule K1, portal 0.3
	w, c := aMonthOfWork(t)
	r := w.reads("direct admin-agent")
	read := func(query string) [][]string {
		t.Helper()
		p := r.get("/settings/activity-log/export?" + query).is(http.StatusOK)
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(p.body, "\ufeff"))).ReadAll()
		if err != nil || !strings.HasPrefix(p.body, "\ufeff") {
			t.Fatalf("%v in %.200s", err, p.body)
		}
		return rows
	}
	rows := read("action=update_customer_partner_contract_company_name")
	if len(rows) != 2 || rows[0][0] != "Date-Time" || rows[1][1] != c.OriginalName || rows[1][3] != "Friendly name changed" ||
		!strings.Contains(rows[1][9], "et de la Drôme") || !strings.HasPrefix(rows[1][0], "2026-11-20T11:00:00Z") {
		t.Errorf("exported %q", rows)
	}
	if rows = read("raw=1&status=failed"); len(rows) != 2 || rows[1][3] != "access_refused" || rows[1][7] != "failed" {
		t.Errorf("exported for programs: %q", rows)
	}
	r.get("/settings/activity-log?action=export_data").says("#activity tbody", "Data exported")
	w.reads("direct sales-agent").get("/settings/activity-log/export").is(http.StatusForbidden)
}

// The log is the partner's own: people of customers and of the operator have none
// here, and the settings list what each role may open (rules b45, b48 to b50).
func TestTheSettingsFollowTheRole(t *testing.T) {
	w := newWorld(t)
	for _, role := range roles {
		p := w.reads("direct " + role.Names()[0]).get("/settings").is(http.StatusOK)
		logged := role&(policy.GlobalAdmin|policy.UserAdmin|policy.AdminAgent) != 0
		if offered := strings.Contains(p.text("main a.tile"), "Activity log"); offered != logged {
			t.Errorf("%s: the log offered %v, want %v", role.Names()[0], offered, logged)
		}
	}
	for _, path := range []string{"/settings", "/settings/activity-log", "/settings/activity-log/export"} {
		w.reads("operator operator-admin").get(path).is(http.StatusNotFound)
	}
}

func TestTheActivityLogInABrowser(t *testing.T) { // rule K1
	browser := browsertest.NewBrowser(t)
	w, _ := aMonthOfWork(t)
	for lang, say := range map[string][2]string{"en": {"Customer added", "Correlation ID"}, "fr": {"Client ajouté", "ID de corrélation"}, "sv": {"Kund tillagd", "Korrelations-ID"}} {
		t.Run(lang, func(t *testing.T) {
			p := browser.Open(t, w.as("direct admin-agent", lang, "/settings/activity-log"))
			p.Type("#activity-q", "vercors")
			p.Wait("location.search.includes('q=vercors') && [...document.querySelectorAll('#activity tbody tr')].every(r => r.innerText.includes('Vercors'))")
			p.Go(w.as("direct admin-agent", lang, "/settings/activity-log?action=add_customer&q=vercors"))
			p.Click("#activity tbody tr td:nth-child(3)")
			p.Wait("document.querySelector('#pane')?.innerText.includes('" + say[0] + "')")
			p.Wait("document.querySelector('#pane').innerText.includes('" + say[1] + "') && location.search.includes('open=')")
		})
	}
}
