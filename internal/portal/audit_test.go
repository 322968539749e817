package portal_test

import (
	"context"
	"encoding/csv"
	"net/http"
	"strings"
	"testing"

	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/policy"
	"comptoir/internal/portal/browsertest"
)

// busyInstallation is the log of two partners and the operator.
func busyInstallation(t *testing.T) (*world, customer.Customer) {
	t.Helper()
	w, c := aMonthOfWork(t)
	w.add("provider admin-agent", swedishCustomer("Ost i Kiruna AB", "ostkiruna"))
	w.person("operator", w.people["operator operator-admin"].Tenant, policy.OperatorReviewer)
	return w, c
}

func swedishCustomer(name, domain string) customer.NewCustomer {
	in := newCustomer(name, domain)
	in.Billing.Address.Country, in.Billing.Address.PostalCode, in.Billing.Address.City = "SE", "222 21", "Lund"
	in.Billing.Culture = "sv-SE"
	return in
}

// The operator reads the log of all organizations, narrowed by organization,
// customer, operation, user and time (V-13).
func TestTheAuditShowsTheLogsOfAll(t *testing.T) {
	w, c := busyInstallation(t)
	r := w.reads("operator operator-admin")
	all := r.get("/operator/audit").is(http.StatusOK)
	all.says("#activity thead", "Date-Time", "Organization", "Affected customer", "Action", "User", "Status")
	all.says("#activity tbody", "Atelier Nuage SAS", "Nordmolnet Distribution AB", "Ost i Kiruna AB", "Fromagerie du Vercors SARL")
	all.says("nav", "Audit log")
	for query, says := range map[string][2]string{
		"organization=" + string(w.provider.Tenant):   {"Ost i Kiruna AB", "Vercors"},
		"customer=" + string(c.ID):                    {"Fromagerie du Vercors SARL", "Kiruna"},
		"q=kiruna":                                    {"Ost i Kiruna AB", "Vercors"},
		"action=register_application":                 {"Application registered or changed", "Customer added"},
		"q=helpdesk&by=user":                          {"Access refused", "Customer added"},
		"status=failed":                               {"Access refused", "Customer added"},
		"from=2026-11-20&organization=nonsense":       {"Ost i Kiruna AB", "Clear-nothing"},
		"from=2026-10-01&to=2026-11-19":               {"Nothing was done in this time", "Kiruna"},
		"customer=" + string(c.ID) + "&status=failed": {"Nothing was done in this time", "Vercors"},
	} {
		p := r.get("/operator/audit?" + query).is(http.StatusOK)
		p.says("#activity", says[0])
		p.hides("#activity tbody", says[1])
	}
	row := r.get("/operator/audit?q=kiruna&action=add_customer").attr("#activity tbody tr", "id")
	pane := r.get("/operator/audit?open=" + strings.TrimPrefix(row, "activity-")).is(http.StatusOK)
	pane.says("#pane", "Customer added", "Organization", "Nordmolnet Distribution AB", "Correlation ID", "ostkiruna")
	if got := pane.attr("#pane a[href^='/operator/organizations/']", "href"); got == "" {
		t.Error("the pane does not lead to the organization")
	}
	r.get("/operator/audit?open=nonsense").is(http.StatusOK)

	first := r.get("/operator/audit?size=25")
	if next := first.attr(`.pages a[aria-label="Next"]`, "href"); next != "" {
		second := r.get(next)
		again := r.get(second.attr(`.pages a[aria-label="Previous"]`, "href"))
		if again.text("#activity tbody") != first.text("#activity tbody") {
			t.Error("one page on and one back is another page")
		}
	}
}

// The audit is for who may see it, in the console and nowhere else (V-13).
func TestTheAuditIsForTheOperator(t *testing.T) {
	w, _ := busyInstallation(t)
	for _, path := range []string{"/operator/audit", "/operator/audit/export", "/operator/audit/chain"} {
		w.reads("operator operator-reviewer").get(path).is(http.StatusForbidden)
		w.reads("direct global-admin").get(path).is(http.StatusNotFound)
	}
	w.reads("operator operator-reviewer").post("/operator/audit/chain", nil).is(http.StatusForbidden)
	w.reads("operator operator-reviewer").get("/operator").hides("nav", "Audit log")
}

// The export says whose each entry is, and is itself in the operator's log.
func TestTheAuditIsExported(t *testing.T) { // V-13, portal 0.3
	w, _ := busyInstallation(t)
	r := w.reads("operator operator-admin")
	p := r.get("/operator/audit/export?action=add_customer&raw=1").is(http.StatusOK)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(p.body, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 4 || rows[0][0] != "Organization" {
		t.Fatalf("%v, %q", err, rows)
	}
	owners := map[string]int{}
	for _, row := range rows[1:] {
		owners[row[0]+" "+row[1]]++
	}
	if owners["Atelier Nuage SAS "+string(w.direct.Tenant)] != 2 || owners["Nordmolnet Distribution AB "+string(w.provider.Tenant)] != 1 {
		t.Errorf("exported of %v", owners)
	}
	own := "organization=" + string(w.people["operator operator-admin"].Tenant)
	r.get("/operator/audit?action=export_data&"+own).says("#activity tbody", "Comptoir Drift AB", "Data exported")
	w.reads("direct global-admin").get("/settings/activity-log?action=export_data").hides("#activity tbody", "Data exported")
}

var behindTheBack = db.Scan(`UPDATE activity SET user_name = 'nobody' WHERE operation = 'register_application'`, "test")

// The chain is verified with a button, and a log that was changed behind the
// program's back is no secret (V-13, rule K2).
func TestTheChainOfTheLogIsVerified(t *testing.T) {
	w, _ := busyInstallation(t)
	r := w.reads("operator operator-admin")
	r.get("/operator/audit").says("main", "The chain was never verified.")
	chain := r.get("/operator/audit/chain").is(http.StatusOK)
	chain.says("main", "Last verification", "Not verified")
	ordered := r.follow(r.post("/operator/audit/chain", chain.form("#chain form")))
	ordered.says("#toasts", "being verified")
	ordered.says("#chain", "Verification under way")
	if ordered.attr("#chain", "hx-get") != "/operator/audit/chain" {
		t.Error("the page does not look again by itself")
	}
	w.work()
	done := r.get("/operator/audit/chain")
	done.says("#chain", "Whole", "The chain was verified Nov 20, 2026", "chef@drift.example", "Head")
	if done.attr("#chain", "hx-get") != "" {
		t.Error("the page looks again for nothing")
	}
	r.get("/operator/audit").says("main", "is whole")
	r.get("/operator/audit?action=verify_activity_log").says("#activity tbody", "Activity log verified")

	err := w.k.DB.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, behindTheBack)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	r.follow(r.post("/operator/audit/chain", done.form("#chain form")))
	w.work()
	r.get("/operator/audit/chain").says("#chain", "The log was changed", "was changed after it was sealed", "compare with your backups")
	r.get("/operator/audit").says("main", "The log was changed", "was changed after it was sealed")
}

func TestTheAuditInABrowser(t *testing.T) { // V-13
	browser := browsertest.NewBrowser(t)
	w, _ := busyInstallation(t)
	for lang, say := range map[string][3]string{
		"en": {"Organization", "Verification under way", "Whole"},
		"fr": {"Organisation", "Vérification en cours", "Intacte"},
		"sv": {"Organisation", "Kontroll pågår", "Hel"},
	} {
		t.Run(lang, func(t *testing.T) {
			p := browser.Open(t, w.as("operator operator-admin", lang, "/operator/audit?action=add_customer"))
			p.Type("#activity-q", "kiruna")
			p.Wait("location.search.includes('q=kiruna') && document.querySelectorAll('#activity tbody tr').length === 1")
			p.Click("#activity tbody tr td:nth-child(4)")
			p.Wait("document.querySelector('#pane')?.innerText.includes('" + say[0] + "') && document.querySelector('#pane').innerText.includes('Nordmolnet')")
			p.Go(w.as("operator operator-admin", lang, "/operator/audit/chain"))
			p.Click("#chain .btn.primary")
			p.Wait("document.querySelector('#chain').innerText.includes('" + say[1] + "')")
			w.work()
			p.Wait("document.querySelector('#chain').innerText.includes('" + say[2] + "') && document.querySelector('#chain').getAttribute('hx-get') === null")
		})
	}
}
