package portal_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"comptoir/internal/agreement"
	"comptoir/internal/customer"
	"comptoir/internal/portal/visit"
)

// Who sees which command of the customer list (rules b1 to b8; S2.2, S2.4, S2.17).
func TestCommandsFollowTheRoleAndTheOrganization(t *testing.T) {
	w := newWorld(t)
	const add, tag, export = "Add customer", "Assign tags", "Export customers"
	for who, may := range map[string][]string{
		"direct global-admin":     {add, tag, export},
		"direct user-admin":       {add},
		"direct billing-admin":    {export},
		"direct admin-agent":      {add, tag, export},
		"direct sales-agent":      {add, tag, export},
		"direct helpdesk-agent":   {},
		"provider admin-agent":    {add, tag, export},
		"reseller admin-agent":    {tag, export},
		"reseller helpdesk-agent": {},
	} {
		p := w.reads(who).get("/customers").is(http.StatusOK)
		for _, command := range []string{add, tag, export} {
			allowed := strings.Contains(strings.Join(may, "|"), command)
			offered := strings.Contains(p.text(".commands a, .commands button[type=submit]"), command)
			refused := strings.Contains(p.text(".commands [aria-disabled]"), command)
			if offered != allowed || refused == allowed {
				t.Errorf("%s: %s offered %v, refused %v, want offered %v", who, command, offered, refused, allowed)
			}
		}
	}
	// RF-01 stands beside the command of a reseller (S2.4, S2.5).
	w.reads("reseller admin-agent").get("/customers").says(".commands .tip", "Indirect resellers cannot add customers")
}

// The list: search, filters, order, pages, all in the address (portal 0.3, C35).
func TestCustomersAreFound(t *testing.T) {
	w := newWorld(t)
	all := w.many("direct admin-agent", 60)
	r := w.reads("direct admin-agent")
	names := func(path string) []string {
		p := r.get(path).is(http.StatusOK)
		var found []string
		for _, n := range p.find("#customers tbody td[data-l='Company name'] a") {
			found = append(found, n.FirstChild.Data)
		}
		return found
	}
	if got := names("/customers?q=" + url.QueryEscape("horizon cons")); len(got) != 1 || got[0] != "Horizon Conseil SA" {
		t.Errorf("a search for the beginnings of two words finds %v", got)
	}
	if got := names("/customers?q=ile"); len(got) != 4 {
		t.Errorf("a search without the accent finds %v", got)
	}
	if got := names("/customers?q=client01&by=domain"); len(got) != 10 {
		t.Errorf("a search by domain finds %d", len(got))
	}
	if got := names("/customers?q=" + string(all[7].ID)); len(got) != 1 || got[0] != all[7].OriginalName {
		t.Errorf("a search by tenant ID finds %v", got)
	}
	if got := names("/customers?status=NotAllowed"); len(got) != 8 {
		t.Errorf("%d accounts are not approved, want 8", len(got))
	}
	if got := names("/customers?tag=VIP&country=BE"); len(got) != 4 {
		t.Errorf("%d Belgian VIPs, want 4: %v", len(got), got)
	}
	up, down := names("/customers?sort=name&size=25"), names("/customers?sort=-name&size=25")
	if up[0] != "Aurore Bâtiment SA" || down[0] != "Océan Pharmacie SNC" {
		t.Errorf("sorted up it begins with %s, down with %s", up[0], down[0])
	}
	// An old bookmark shows a list and no error, and says what it left out.
	if got := names("/customers?after=stale&sort=nothing&status=Strange"); len(got) != 50 {
		t.Errorf("a stale address shows %d rows", len(got))
	}
	stale := r.get("/customers?status=Strange&country=QQ&relation=Friend&tag=VIP")
	stale.says(".message.warning", "left out: Account status “Strange”, Relationship “Friend” and Country/region “QQ”.")
	if chips := stale.text(".chip"); !strings.Contains(chips, "VIP") || strings.Contains(chips, "Strange") {
		t.Errorf("the filters in force are %q", chips)
	}
	if said := r.get("/customers?status=NotAllowed&tag=VIP").text(".message.warning"); said != "" {
		t.Errorf("an address in order is warned of: %q", said)
	}
	r.get("/customers?q=zzzz").says("#customers", "No results", "Clear filters")
}

func TestThePagesOfTheListAreTurned(t *testing.T) { // portal 0.3
	w := newWorld(t)
	w.many("direct admin-agent", 60)
	r := w.reads("direct admin-agent")
	turn := func(p *page, label string) *page {
		t.Helper()
		to := p.attr(`.pages a[aria-label="`+label+`"]`, "href")
		if to == "" {
			t.Fatalf("%s: no way to %s", p.path, label)
		}
		return r.get(to).is(http.StatusOK)
	}
	first := r.get("/customers?size=25")
	first.says(".pager", "1–25 of 60", "Page 1 of 3")
	second := turn(first, "Next")
	second.says(".pager", "26–50 of 60", "Page 2 of 3")
	last := turn(second, "Last")
	last.says(".pager", "Page 3 of 3")
	before := turn(last, "Previous")
	before.says(".pager", "Page 2 of 3")
	again := turn(second, "Previous")
	if again.text("#customers tbody") != first.text("#customers tbody") {
		t.Error("one page on and one back is another page")
	}
	for _, p := range []*page{first, last} {
		if n := len(p.find(".pages [aria-disabled]")); n != 2 {
			t.Errorf("%s: %d ways are closed, want 2", p.path, n)
		}
	}
}

func TestTheListRemembersHowItWasLookedAt(t *testing.T) { // portal 0.3
	w := newWorld(t)
	w.many("direct admin-agent", 3)
	r := w.reads("direct admin-agent")
	r.get("/customers?cols=name,country&sort=-name&size=100")
	p := r.get("/customers")
	if got := p.text("#customers thead"); !strings.Contains(got, "Country/region") || strings.Contains(got, "Tags") {
		t.Errorf("the columns are %s", got)
	}
	if got := p.attr("th[aria-sort]", "aria-sort"); got != "descending" {
		t.Errorf("sorted %q", got)
	}
	r.follow(r.get("/customers?view=reset")).says("#customers thead", "Tags")
	r.get("/customers").says("#customers thead", "Tags")
}

// The friendly name appears in the list and in the billing information, and
// nowhere else (rule C32; S0.13 to S0.16).
func TestTheThreeNamesStayApart(t *testing.T) {
	w := newWorld(t)
	c := w.add("direct admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))
	billing := c.Billing
	billing.CompanyName = "Fromages Amis"
	do(w, customer.UpdateBilling, w.actor("direct admin-agent"), customer.BillingChange{ID: c.ID, Billing: billing})
	r := w.reads("direct admin-agent")
	const friendly, original = "Fromages Amis", "Fromagerie du Vercors SARL"

	list := r.get("/customers")
	list.says("#customers tbody", friendly)
	list.hides("#customers tbody", original)
	pane := r.get("/customers?open=" + string(c.ID))
	pane.says("#pane h2", friendly)
	pane.says("#pane .sub", original)
	for _, path := range []string{"/home", "/search?q=fromages", visit.AccountPath(c.ID) + "/agreement"} {
		p := r.get(path).is(http.StatusOK)
		p.says("body", original)
		p.hides("body", friendly)
	}
	account := r.get(visit.AccountPath(c.ID))
	account.says(".crumbs", original)
	account.says("#company-details", original)
	account.says("#nav", original)
	if got := account.value("company"); got != friendly {
		t.Errorf("the billing information has %q", got)
	}
	account.hides(".crumbs, #nav, #company-details, #verification, #agreement, #tags, title", friendly)
	export := r.get("/customers/export")
	if !strings.Contains(export.body, friendly) || strings.Contains(export.body, original) { // C35
		t.Errorf("the export says %s", export.body)
	}
	w.reads("operator operator-admin").get("/operator/verifications").says("#queue", original)
}

// The list shows and filters where customers stand with the agreement, for those
// who may see it; the export says it last (P-2, b11).
func TestTheListTellsWhereTheAgreementStands(t *testing.T) {
	w := newWorld(t)
	open := w.add("direct admin-agent", newCustomer("Ateliers Rhône SAS", "rhone"))
	in := newCustomer("Plus & Moins, SARL", "plusmoins")
	in.Attestation = &agreement.Attestation{
		Person: agreement.Person{FirstName: "Maja", LastName: "Lind", Email: "maja@plusmoins.example"}, AgreedAt: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC),
	}
	done := w.add("direct admin-agent", in)
	r := w.reads("direct admin-agent")
	for state, want := range map[string][2]string{"accepted": {"Plus & Moins", "Ateliers"}, "missing": {"Ateliers", "Plus & Moins"}} {
		p := r.get("/customers?cols=name,agreement&agreement=" + state).is(http.StatusOK)
		p.says("#customers tbody", want[0])
		p.hides("#customers tbody", want[1])
	}
	r.get("/customers?agreement=outdated").hides("#customers", "Ateliers")
	if sheet := r.get("/customers/export").body; !strings.Contains(sheet, string(open.ID)+",") || !strings.Contains(sheet, ",Not accepted\r\n") || !strings.Contains(sheet, ",Accepted\r\n") {
		t.Errorf("the export says %s about %s", sheet, done.ID)
	}
	r.get("/customers?agreement=perhaps").is(http.StatusOK).says(".messages", "perhaps")
	clerk := w.reads("direct billing-admin")
	list := clerk.get("/customers?cols=name,agreement&agreement=accepted").is(http.StatusOK)
	list.says("#customers tbody", "Ateliers")
	list.hides("#customers thead", "Agreement")
	if sheet := clerk.get("/customers/export").body; strings.Contains(sheet, "Agreement") {
		t.Errorf("somebody without the right is told in the export: %s", sheet)
	}
}

// The export is always the full list, in a form that no spreadsheet takes for a
// program (P-2).
func TestTheExportIsAWholeAndHarmlessSpreadsheet(t *testing.T) {
	w := newWorld(t)
	in := newCustomer("Plus & Moins, SARL", "plusmoins")
	in.Tags = []string{"=HYPERLINK(A1)", "VIP"}
	c := w.add("direct admin-agent", in)
	w.add("direct admin-agent", newCustomer("Ateliers Rhône SAS", "rhone"))
	p := w.reads("direct sales-agent").get("/customers/export").is(http.StatusOK)
	if got := p.header.Get("Content-Disposition"); got != `attachment; filename="Customers.csv"` {
		t.Errorf("the file is %s", got)
	}
	want := "\ufeffTenant ID,Company name,Primary domain name,Relationship,Tags,Agreement\r\n" +
		string(c.ID) + `,"Plus & Moins, SARL",plusmoins.onmicrosoft.com,Cloud Reseller,'=HYPERLINK(A1); VIP,Not accepted` + "\r\n"
	if !strings.HasPrefix(p.body, "\ufeffTenant ID") || !strings.Contains(p.body, strings.SplitN(want, "\r\n", 2)[1]) || strings.Count(p.body, "\r\n") != 3 {
		t.Errorf("got %q, want %q and one more", p.body, want)
	}
	if fr := w.readsIn("direct sales-agent", "fr"); !strings.Contains(fr.get("/customers/export").body, "Nom de la société") ||
		!strings.Contains(fr.get("/customers/export?raw=1").body, "Company name") {
		t.Error("the titles do not follow the language, or raw=1 does not")
	}
	w.reads("direct helpdesk-agent").get("/customers/export").is(http.StatusForbidden).says("main", "Your role does not allow this") // RF-10
}

func TestTagsAreAssignedToASelection(t *testing.T) { // b8
	w := newWorld(t)
	all := w.many("direct admin-agent", 5)
	r := w.reads("direct sales-agent")
	asked := r.post("/customers/tags/ask", url.Values{"id": {string(all[1].ID), string(all[2].ID)}})
	asked.is(http.StatusOK).says("dialog", "2 customers are selected")
	form := asked.form("dialog form")
	form["add"] = []string{"Salon, Été"}
	done := r.post("/customers/tags", form)
	after := r.follow(done)
	after.says("#toasts", "The tags of 2 customers are changed.")
	r.get("/customers?tag="+url.QueryEscape("Été")).says("#customers tbody", all[1].OriginalName, all[2].OriginalName)

	// Offered to be taken away are the tags of the selection, and no others.
	asked = r.post("/customers/tags/ask", url.Values{"id": {string(all[1].ID), string(all[3].ID)}})
	asked.says("dialog", "Salon", "1 customer")
	for _, c := range all {
		for _, tag := range c.Tags {
			if !slices.Contains(all[1].Tags, tag) && !slices.Contains(all[3].Tags, tag) {
				asked.hides("dialog", tag)
			}
		}
	}
	r.post("/customers/tags/ask", url.Values{"id": {string(all[3].ID)}}).hides("dialog", "Salon")

	// All that match, whatever page they are on, and tags that go.
	asked = r.post("/customers/tags/ask?tag=VIP", url.Values{"all": {"yes"}})
	form = asked.form("dialog form")
	form["remove"] = []string{"VIP"}
	r.follow(r.post("/customers/tags", form))
	r.get("/customers?tag=VIP").says("#customers", "No results")

	long := strings.Repeat("x", customer.MaxTagLength+1)
	form["add"] = []string{long}
	refused := r.post("/customers/tags", form).is(http.StatusBadRequest)
	refused.says(".summary", "too long")
	if refused.value("add") != long {
		t.Error("what was typed is lost")
	}
	r.post("/customers/tags/ask", nil).says("dialog", "Select one or more customers")
}
