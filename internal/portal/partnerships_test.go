package portal_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"comptoir/internal/identity"
	"comptoir/internal/policy"
)

// A provider asks a reseller for a partnership with a message that it sends itself,
// and the reseller authorizes it (E18, E19; P-14 to P-16).
func TestAProviderAndAResellerComeTogether(t *testing.T) {
	w := newWorld(t)
	w.enrol("other", "Lunds Datateknik AB", policy.IndirectReseller, "SE", "lunds-data.example")
	r := w.reads("provider sales-agent")
	r.get("/indirect-resellers").is(http.StatusOK).says("#resellers", "Skånes IT-partner AB", "Sweden", "Active")
	draft := r.get("/indirect-resellers/invite").is(http.StatusOK)
	draft.says("#request", "Nordmolnet Distribution AB would like to work with you", "The link is valid for 90 days")
	form := draft.form("#request")
	link := regexp.MustCompile(`http\S+/partnership/\S+`).FindString(form.Get("message"))
	if link == "" || !strings.Contains(form.Get("message"), link) {
		t.Fatalf("the message carries no link: %q", form.Get("message"))
	}
	named := r.post("/indirect-resellers/invite", with(form, "recipient-name", "Maja Lind", "language", "sv", "go", "refresh"))
	named.is(http.StatusOK).says("#request", "Hej Maja Lind", link)
	kept := r.post("/indirect-resellers/invite", with(form, "message", "Own words "+link, "recipient-name", "Maja", "go", "refresh"))
	kept.says("#request", "Own words")
	r.post("/indirect-resellers/invite", with(form, "message", "Without", "go", "reset")).says("#request", link)
	r.post("/indirect-resellers/invite", with(form, "message", "Hello Maja")).is(http.StatusBadRequest).says(".summary", "link")
	r.post("/indirect-resellers/invite", with(form, "recipient-email", "maja")).is(http.StatusBadRequest).says(".summary", "email")
	file := r.post("/indirect-resellers/invite", with(form, "recipient-name", "Maja", "recipient-email", "maja@lunds-data.example", "go", "download"))
	if file.is(http.StatusOK); !strings.HasPrefix(file.header.Get("Content-Type"), "message/rfc822") || !strings.Contains(file.body, "maja@lunds-data.example") {
		t.Errorf("the message as a file is %s: %s", file.header.Get("Content-Type"), file.body)
	}
	list := r.follow(r.post("/indirect-resellers/invite", with(form, "recipient-name", "Maja Lind", "recipient-email", "maja@lunds-data.example")))
	list.says(".toast", "Send the message to the reseller yourself")
	list.says("#requests", "Maja Lind", "maja@lunds-data.example", "Open")

	path := strings.TrimPrefix(link, w.server.URL)
	seller := w.reads("other sales-agent")
	seller.get(path).is(http.StatusOK).says("main", "Nordmolnet Distribution AB", "Sweden", "It needs one of these roles", "Global admin")
	seller.get(path).hides("main", "Not now")
	admin := w.reads("other global-admin")
	offer := admin.get(path).is(http.StatusOK)
	offer.says("main", "Partnership with Nordmolnet Distribution AB", "may place orders", "do not go over to the provider", "Authorize indirect provider", "Not now")
	answer := offer.form("#authorize")
	admin.post(path, answer).is(http.StatusBadRequest).says(".summary", "Tick the box")
	done := admin.follow(admin.post(path, with(answer, "agreed", "yes")))
	done.says(".toast", "Nordmolnet Distribution AB is now your indirect provider")
	done.says("main", "does not bring its customers into your list") // A5, S4.9
	done.says("#providers", "Nordmolnet Distribution AB", "Élodie Åkerström")
	admin.get(path).is(http.StatusOK).says("main", "works with Nordmolnet Distribution AB already")
	r.get("/indirect-resellers").says("#resellers", "Lunds Datateknik AB", "Skånes IT-partner AB")
	r.get("/indirect-resellers/requests?state=authorized").says("#requests", "Lunds Datateknik AB", "Authorized")
	w.reads("provider admin-agent").get("/settings/activity-log").says("#activity", "Partnership made", "Partnership requested")
	w.reads("other admin-agent").get("/settings/activity-log").says("#activity", "Partnership made")
}

// Whoever cannot authorize a provider sees why (P-16, RF-24).
func TestTheLinkOfAPartnershipSaysWhatIsWrong(t *testing.T) {
	w := newWorld(t)
	w.enrol("far", "Tokyo Cloud KK", policy.IndirectReseller, "JP", "tokyo-cloud.example")
	r := w.reads("provider global-admin")
	form := r.get("/indirect-resellers/invite").form("#request")
	path := strings.TrimPrefix(regexp.MustCompile(`http\S+/partnership/\S+`).FindString(form.Get("message")), w.server.URL)
	sent := r.post("/indirect-resellers/invite", form)
	for who, says := range map[string]string{
		"direct global-admin":   "not enrolled as an indirect reseller",
		"far global-admin":      "different markets",
		"provider global-admin": "your own request",
		"reseller global-admin": "works with Nordmolnet Distribution AB already",
	} {
		reader := w.reads(who)
		reader.get(path).is(http.StatusOK).says("main", says)
		if got := reader.post(path, url.Values{"agreed": {"yes"}}); got.status < 400 {
			t.Errorf("%s authorizes: %d", who, got.status)
		}
	}
	w.reads("reseller global-admin").get("/partnership/nonsense").is(http.StatusNotFound)
	w.reads("operator operator-admin").get(path).is(http.StatusNotFound)
	request := regexp.MustCompile(`added=(.*)`).FindStringSubmatch(sent.header.Get("Location"))[1]
	dialog := r.get("/indirect-resellers/requests/withdraw?id=" + request).is(http.StatusOK)
	r.follow(r.post("/indirect-resellers/requests/withdraw?id="+request, dialog.form("dialog form"))).says("#requests", "Withdrawn", "No recipient named")
	r.post("/indirect-resellers/requests/withdraw?id="+request, dialog.form("dialog form")).is(http.StatusConflict).says("dialog", "no longer open")
	w.enrol("late", "Lunds Datateknik AB", policy.IndirectReseller, "SE", "lunds-data.example")
	w.reads("late global-admin").get(path).says("main", "no longer open", "Withdrawn")
	r.get("/indirect-resellers/requests/message?id="+request).says("main", "its link leads nowhere")
	r.get("/indirect-resellers/requests/message?id=nobody").is(http.StatusNotFound)
	w.reads("provider helpdesk-agent").get("/indirect-resellers/requests").is(http.StatusForbidden)
}

// A provider ends a partnership with the statement; customers and roles stay (E21).
func TestAPartnershipIsRemovedFromTheList(t *testing.T) {
	w := newWorld(t)
	in := newCustomer("Fjällbageriet i Lund AB", "fjallbageriet")
	in.Billing.Address.Country, in.Billing.Address.PostalCode, in.Billing.Address.City, in.Billing.Culture = "SE", "222 21", "Lund", "sv-SE"
	in.Billing.Address.PhoneNumber, in.Reseller = "046-12 34 56", string(w.reseller.Tenant)
	c := w.add("provider admin-agent", in)
	r := w.reads("provider admin-agent")
	r.get("/indirect-resellers?sort=shared").says("#resellers", "Skånes IT-partner AB", "1")
	r.get("/indirect-resellers?q=tokyo").hides("#resellers", "Skånes")
	ask := r.get("/indirect-resellers/remove?id=" + string(w.reseller.Tenant)).is(http.StatusOK)
	ask.says("dialog", "Skånes IT-partner AB", "1 customer that you share stays", "roles stay", "not notified", "in good faith")
	form := ask.form("dialog form")
	r.post("/indirect-resellers/remove", form).is(http.StatusBadRequest).says(".summary", "Tick the statement")
	list := r.follow(r.post("/indirect-resellers/remove", with(form, "statement", "yes")))
	list.says(".toast", "The partnership was removed")
	list.says("#resellers", "Skånes IT-partner AB", "Ended on Nov 20, 2026")
	r.get("/indirect-resellers?state=active").hides("#resellers", "Skånes")
	r.get("/indirect-resellers/export").is(http.StatusOK)
	w.reads("reseller admin-agent").get("/indirect-providers").says("main", "No indirect providers yet")
	w.reads("reseller admin-agent").get("/customers").says("#customers", c.Billing.CompanyName)
	for who, status := range map[string]int{"provider sales-agent": 403, "reseller global-admin": 403, "direct global-admin": 403} {
		w.reads(who).get("/indirect-resellers/remove?id=" + string(w.reseller.Tenant)).is(status)
	}
	r.get("/indirect-resellers/remove?id=nobody").is(http.StatusNotFound)
}

// The commands of the lists lead to the customers of one partner, and to inviting or
// adding some (P-14, P-15).
func TestTheListsOfPartnersLeadOn(t *testing.T) {
	w := newWorld(t)
	for _, tt := range []struct{ who, path, to string }{
		{"provider admin-agent", "/indirect-resellers/customers", "/customers?reseller="},
		{"provider admin-agent", "/indirect-resellers/customers/new", "/customers/new?reseller="},
		{"reseller admin-agent", "/indirect-providers/customers", "/customers?provider="},
		{"reseller admin-agent", "/indirect-providers/invite", "/customers/invite?with="},
	} {
		if to := w.reads(tt.who).get(tt.path + "?id=" + string(w.reseller.Tenant)).header.Get("Location"); to != tt.to+string(w.reseller.Tenant) {
			t.Errorf("%s leads to %s", tt.path, to)
		}
		w.reads(tt.who).get(tt.path + "?id=nobody").is(http.StatusNotFound)
	}
	suspended := identity.PartnerSuspended
	do(w, identity.UpdatePartner, system(), identity.PartnerChange{Tenant: w.provider.Tenant, Status: &suspended, Reason: "abuse", Cause: "abuse"})
	w.reads("provider admin-agent").get("/indirect-resellers/invite").is(http.StatusForbidden) // RF-43
}
