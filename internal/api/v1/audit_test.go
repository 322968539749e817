package v1

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"comptoir/internal/activity"
	"comptoir/internal/api/v1/wire"
	"comptoir/internal/clock"
	"comptoir/internal/identity"
	"comptoir/internal/op"
)

type auditRecords = wire.Collection[wire.AuditRecord]

// Section 19, rules K1 and K4.
func TestTheActivityLogOverREST(t *testing.T) {
	w := newWorld(t)
	added := w.add("direct", fjallbageri)
	w.kernel.Clock = clock.Fixed(w.kernel.Clock.Now().Add(time.Hour))
	body := strings.Replace(w.get("direct", "/v1/customers/"+added.ID+"/profiles/billing").Body.String(), "Fjällbageri AB", "Fjällbageri i Lund AB", 1)
	w.send(request{as: "direct-app", method: http.MethodPut, target: "/v1/customers/" + added.ID + "/profiles/billing", body: body}).want(200)

	var log auditRecords
	w.get("direct-app", "/v1/auditrecords").want(200).into(&log)
	find := func(operation string) wire.AuditRecord {
		t.Helper()
		for _, r := range log.Items {
			if r.OperationType == operation {
				return r
			}
		}
		t.Fatalf("no %s in %+v", operation, log)
		return wire.AuditRecord{}
	}
	add, changed := find("add_customer"), find("update_customer_billing_profile")
	if add.CustomerID != added.ID || add.CustomerName != "Fjällbageri AB" || add.UserPrincipalName != "ada@direct-partner.example" || add.OperationStatus != "succeeded" {
		t.Errorf("record %+v", add)
	}
	if changed.UserPrincipalName != "" || changed.ApplicationID == "" || !strings.Contains(changed.ResourceOldValue, `"CompanyName":"Fjällbageri AB"`) {
		t.Errorf("record %+v", changed)
	}
	want := string(direct) + "_" + added.ID + "_addcustomer_639307620000000000"
	if add.ID != want {
		t.Errorf("id %q, want %q", add.ID, want)
	}
	if log.Items[len(log.Items)-1].OperationDate.After(log.Items[0].OperationDate.Time) {
		t.Error("the log is not newest first")
	}
	for _, r := range log.Items {
		if !activity.Contract(r.OperationType) {
			t.Errorf("K4: %s has no name in the contract", r.OperationType)
		}
		var one wire.AuditRecord
		w.get("direct", "/auditactivity/v1/auditrecords/"+strings.ToUpper(r.ID)).want(200).into(&one)
		if one.ID != r.ID {
			t.Errorf("%s is read as %s", r.ID, one.ID)
		}
	}
	w.get("stranger", "/auditactivity/v1/auditrecords/"+add.ID).refused(404, "1000")
	w.get("direct-helpdesk", "/v1/auditrecords").refused(403, "900150")

	w.set(settingNamed(t, "audit.exposeLocalOperations"), "true")
	w.get("direct", "/v1/auditrecords").into(&log)
	local := find("verification_opened")
	w.get("direct", "/auditactivity/v1/auditrecords/"+local.ID).want(200)
	w.set(settingNamed(t, "audit.exposeLocalOperations"), "false")
	w.get("direct", "/auditactivity/v1/auditrecords/"+local.ID).refused(404, "1000")
}

// Section 19: what was before and after is JSON text in PascalCase, whoever
// recorded it.
func TestValuesOfRecordsHaveTheNamesOfTheContract(t *testing.T) {
	w := newWorld(t)
	made, err := identity.AddApplication.Do(t.Context(), w.kernel, w.actors["direct"], identity.NewApp{Name: "Nightly", RedirectURIs: []string{"https://nightly.example/"}})
	if err != nil {
		t.Fatal(err)
	}
	var log auditRecords
	w.get("direct", "/v1/auditrecords?filter="+url.QueryEscape(`{"Field":"ResourceType","Value":"Application","Operator":"equals"}`)).want(200).into(&log)
	if len(log.Items) != 1 {
		t.Fatalf("%d records of applications", len(log.Items))
	}
	want := `{"Id":"` + string(made.App.ID) + `","Name":"Nightly","RedirectUris":["https://nightly.example/"],"Public":false,"MultiTenant":false,"Roles":null}`
	if r := log.Items[0]; r.ResourceNewValue != want || r.ResourceOldValue != "" || r.OperationType != "register_application" || r.CustomerID != nobody {
		t.Errorf("record %+v, want the value %s", r, want)
	}
}

func settingNamed(t *testing.T, name string) *op.Setting {
	t.Helper()
	for _, s := range op.Settings() {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("no setting %s", name)
	return nil
}

func TestTheActivityLogIsBoundedAndFiltered(t *testing.T) {
	w := newWorld(t)
	added := w.add("direct", fjallbageri) // on 20 November 2026
	w.add("direct", newBody("Nordbageri AB", "nordbageri"))
	filter := func(field, value, operator string) string {
		return "filter=" + url.QueryEscape(`{"Field":"`+field+`","Value":"`+value+`","Operator":"`+operator+`"}`)
	}
	tests := []struct {
		name, query string
		customers   int // records of add_customer
	}{
		{"all", "", 2},
		{"that day", "startDate=2026-11-20&endDate=2026-11-20", 2},
		{"Q19 dates of .NET", "startDate=11/20/2026+12:00:00+AM&endDate=11%2F20%2F2026%2012%3A00%3A00%20AM", 2},
		{"dotted names", "auditRequest.startDate=2026-11-20", 2},
		{"the day before", "startDate=2026-11-01&endDate=2026-11-19", 0},
		{"a window longer than 30 days is clipped", "startDate=2026-09-01&endDate=2026-11-20", 0},
		{"the log is read as far back as it is kept", "startDate=2024-01-31", 0},
		{"up to a day long ago", "endDate=2026-03-31", 0},
		{"an end in the future", "startDate=2026-11-20&endDate=2027-11-20", 2},
		{"company", filter("CompanyName", "FJÄLL", "substring"), 1},
		{"customer", filter("CustomerId", strings.ToUpper(added.ID), "equals"), 1},
		{"resource", filter("ResourceType", "Customer", "equals"), 2},
		{"other resource", filter("ResourceType", "order", "equals"), 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w.t = t
			var log auditRecords
			w.get("direct", "/v1/auditrecords?"+tt.query).want(200).into(&log)
			n := 0
			for _, r := range log.Items {
				if r.OperationType == "add_customer" {
					n++
				}
			}
			if n != tt.customers || log.TotalCount != int64(len(log.Items)) {
				t.Errorf("%d records of %d", n, log.TotalCount)
			}
		})
	}
	for _, query := range []string{
		"startDate=yesterday", "endDate=x", "startDate=2026-11-20&endDate=2026-11-19", "size=x", "seekOperation=Last", "filter=x",
		filter("CompanyName", "x", "equals"), filter("CustomerId", "x", "equals"), filter("ResourceType", "cake", "equals"), filter("Colour", "x", "equals"),
	} {
		w.t = t
		w.get("direct", "/v1/auditrecords?"+query).refused(400, "2000")
	}
	for _, name := range []string{"x", "a_b_c_d", string(direct) + "_" + added.ID + "_addcustomer_1", string(direct) + "_" + added.ID + "_nothing_639307620000000000", added.ID} {
		w.get("direct", "/auditactivity/v1/auditrecords/"+name).refused(404, "1000")
	}
}

func TestTheActivityLogIsPaged(t *testing.T) {
	w := newWorld(t)
	w.moving = true
	w.add("direct", fjallbageri)
	w.add("direct", newBody("Nordbageri AB", "nordbageri"))
	var whole, page auditRecords
	w.get("direct", "/v1/auditrecords").into(&whole)
	link := "/auditrecords?size=1"
	var headers map[string]string
	var seen []string
	for link != "" {
		page = auditRecords{}
		w.send(request{as: "direct", method: http.MethodGet, target: "/v1" + link, headers: headers}).want(200).into(&page)
		for _, r := range page.Items {
			seen = append(seen, r.ID)
		}
		link = ""
		if next := page.Links.Next; next != nil {
			if next.Headers[0].Value != page.ContinuationToken || !strings.Contains(next.URI, "startDate=2026-10-21&endDate=2026-11-20&size=1") {
				t.Errorf("next %+v", next)
			}
			link, headers = next.URI, map[string]string{tokenName: next.Headers[0].Value}
		}
	}
	if len(whole.Items) < 3 || len(seen) != len(whole.Items) {
		t.Errorf("%d records page by page, %d at once", len(seen), len(whole.Items))
	}
}

// Whatever operation is recorded under a name of the contract is found again by
// the id that the contract makes of it.
func TestPublishedOperationsAreThoseOfTheLog(t *testing.T) {
	for _, operation := range wire.AuditOperations.Values()[1:] {
		if !activity.Contract(operation) {
			t.Errorf("%s is not known to the log", operation)
		}
	}
	at := time.Date(2026, 11, 20, 9, 15, 6, 58930000, time.UTC)
	if got, ok := wire.ParseTicks(wire.Ticks(at)); !ok || !got.Equal(at) {
		t.Errorf("%v is read back as %v", at, got)
	}
}
