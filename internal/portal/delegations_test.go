package portal_test

import (
	"net/http"
	"testing"

	"comptoir/internal/customer"
	"comptoir/internal/gdap"
	"comptoir/internal/portal/visit"
)

// asked is a request for admin roles that waits for c's answer.
func (w *world) asked(c customer.Customer, name string) gdap.Relationship {
	w.t.Helper()
	r := do(w, gdap.Create, w.actor("direct admin-agent"), gdap.New{
		Name: name, Duration: "P180D", Customer: c.ID, CustomerName: "Vercors",
		Roles: []gdap.RoleID{gdap.GlobalAdministrator, gdap.ServiceSupportAdministrator},
	})
	do(w, gdap.LockForApproval, w.actor("direct admin-agent"), gdap.Ref{Relationship: r.ID})
	return r
}

// K-7, F2, F6: the customer follows the link of its partner, reads what is asked
// for and approves all of it.
func TestTheCustomerAnswersARequestForAdminRoles(t *testing.T) {
	w, c := aCustomerOfDirect(t)
	own := w.reads("customer")
	r := w.asked(c, "Exploitation 2027")
	old := own.get("/AdminPortal/Home?ref=/partners/invitation/granularAdminRelationships/" + r.ID).is(http.StatusFound)
	if old.header.Get("Location") != visit.OfferPath+r.ID {
		t.Errorf("F2: the link leads to %s", old.header.Get("Location"))
	}
	p := own.get(visit.OfferPath + r.ID).is(http.StatusOK)
	p.says("main", "Exploitation 2027", "180 jours", "Global Administrator", "Service Support Administrator", "Étendu", "Tout approuver", "Refuser")
	form := p.form("#answer-form")
	form.Set("answer", "approve")
	own.follow(own.post(visit.OfferPath+r.ID, form)).says("#toasts", "sont approuvés")
	p = own.get(visit.OfferPath + r.ID).is(http.StatusOK)
	p.says("main", "déjà approuvée")
	p.hides("main", "Tout approuver")
	if got := do(w, gdap.Get, w.actor("direct admin-agent"), r.ID); got.Status != gdap.Active {
		t.Errorf("it is %s", got.Status)
	}
	no := w.asked(c, "Encore")
	form = own.get(visit.OfferPath + no.ID).form("#answer-form")
	form.Set("answer", "Decline") // which nothing says
	own.post(visit.OfferPath+no.ID, form).is(http.StatusBadRequest)
	form.Set("answer", "decline")
	own.follow(own.post(visit.OfferPath+no.ID, form)).says("main", "retirée ou refusée")

	late := w.asked(c, "Trop tard")
	form = own.get(visit.OfferPath + late.ID).form("#answer-form")
	do(w, gdap.End, w.actor("direct admin-agent"), gdap.Ref{Relationship: late.ID})
	form.Set("answer", "approve")
	own.post(visit.OfferPath+late.ID, form).is(http.StatusConflict).says("main", "résiliée", "retirée ou refusée")
	own.get(visit.OfferPath + "nothing").is(http.StatusNotFound)
	w.reads("direct admin-agent").get(visit.OfferPath + r.ID).is(http.StatusNotFound)
}

// What is no text is refused, whatever the database would say of it.
func TestARequestThatIsNoTextIsRefused(t *testing.T) {
	w, _ := aCustomerOfDirect(t)
	own := w.reads("customer")
	for _, path := range []string{visit.OfferPath + "%00", visit.OfferPath + "%ff", "/admin/users?q=a%00b"} {
		own.get(path).is(http.StatusBadRequest)
	}
	form := own.get("/admin/settings/org-profile").form("main form")
	for name := range form {
		if name != "csrf" {
			form.Set(name, "a\x00b")
		}
	}
	own.post("/admin/settings/org-profile", form).is(http.StatusBadRequest)
}
