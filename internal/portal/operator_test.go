package portal_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"comptoir/internal/portal/visit"
)

// The operator decides about accounts (V-1, V-2; rules C25, C26).
func TestAReviewerDecidesCases(t *testing.T) {
	w := newWorld(t)
	good := w.add("direct admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))
	w.k.Clock.Advance(time.Minute)
	bad := w.add("direct admin-agent", newCustomer("Ateliers Rhône SAS", "rhone"))
	r := w.reads("operator operator-admin")
	home := r.get("/operator")
	home.says(".stats", "Open cases 2", "Overdue 0", "Partners 3")
	home.says("main", "Due first", "Ateliers Rhône SAS")
	queue := r.get("/operator/verifications")
	queue.says("#queue tbody tr:nth-child(1)", "Fromagerie du Vercors SARL", "Atelier Nuage SAS", "France", "New customer", "Nov 25, 2026")
	path := visit.VerificationsPath + "/" + string(good.Partner) + "/" + string(good.ID)
	r.get(path).says("main", "12 rue des Lilas, 69003 Lyon", "Camille Lefèvre", "Approve", "Reject")
	after := r.follow(r.post(path, url.Values{"go": {"approve"}}))
	after.says("#toasts", "Fromagerie du Vercors SARL")
	after.hides("#queue", "Fromagerie")
	// Who comes second reads that it is decided.
	r.post(path, url.Values{"go": {"approve"}}).is(http.StatusConflict)

	path = visit.VerificationsPath + "/" + string(bad.Partner) + "/" + string(bad.ID)
	dialog := r.get(path + "/reject").is(http.StatusOK)
	form := dialog.form("dialog form")
	form.Set("reason", "test_data")
	again := r.post(path, form).is(http.StatusBadRequest) // words are missing
	if again.value("reason") != "test_data" || again.text(".summary") == "" {
		t.Error("the chosen reason is lost, or nothing is said")
	}
	form.Set("text", "This is no company.")
	r.follow(r.post(path, form)).says("#queue", "Nothing to verify")
	w.reads("direct sales-agent").get(visit.AccountPath(bad.ID)).says("#verification", "Test data", "This is no company.")

	w.k.Clock.Advance(10 * 24 * time.Hour)
	w.add("direct admin-agent", newCustomer("Chalets Alpins SARL", "chalets"))
	w.k.Clock.Advance(10 * 24 * time.Hour)
	r.get("/operator").says(".stats", "Open cases 1", "Overdue 1")
	r.get("/operator/verifications").says("#queue", "Overdue since")
	// Partners have no such pages.
	w.reads("direct admin-agent").get("/operator/verifications").is(http.StatusNotFound)
	w.reads("direct admin-agent").post(path, url.Values{"go": {"approve"}}).is(http.StatusNotFound)
}
