package portal_test

import (
	"bytes"
	"encoding/csv"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
)

// send uploads a file as the form of the page does.
func (r *reader) send(file, content string) *page { return r.sendTo("/imports", file, content) }

// sendTo uploads a file to a page, with other fields, names and values in turn,
// before it.
func (r *reader) sendTo(path, file, content string, fields ...string) *page {
	r.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i, fields := 0, append([]string{"csrf", csrf}, fields...); i+1 < len(fields); i += 2 {
		if err := w.WriteField(fields[i], fields[i+1]); err != nil {
			r.t.Fatal(err)
		}
	}
	if file != "" {
		part, err := w.CreateFormFile("file", file)
		if err != nil {
			r.t.Fatal(err)
		}
		if _, err := part.Write([]byte(content)); err != nil {
			r.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		r.t.Fatal(err)
	}
	request := r.request(http.MethodPost, path, &body)
	request.Header.Set("Content-Type", w.FormDataContentType())
	return r.do(request)
}

// From the file to the customers: preview, rehearsal, import, results (P-23, V-5).
func TestAFileIsImported(t *testing.T) {
	w := newWorld(t)
	r := w.reads("direct sales-agent")
	r.get("/imports").is(http.StatusOK).says("main", "Upload a file", "Nothing is created yet")
	uploaded := r.send("clients.csv", clients)
	kept := r.follow(uploaded)
	path := kept.path
	for field, column := range map[string]string{
		"companyName": "Raison sociale", "country": "Pays", "city": "Ville", "email": "Courriel", "id": "N° client", "contactName": "Contact", "phone": "",
	} {
		if got := kept.value("from." + field); got != column {
			t.Errorf("%s is taken from %q, want %q", field, got, column)
		}
	}
	kept.says("main", "Not used: Notes.", "For example “Fromagerie du Vercors SARL”")
	kept.says("#preview tr:nth-child(1)", "Would be created")
	kept.says("#preview tr:nth-child(2)", "Refused", "Address line 1: Enter the first line of the address.")
	kept.says("#preview tr:nth-child(3)", "Refused", "Country/region: ", "outside the market") // RF-08

	// Another mapping, looked at before anything happens.
	form := kept.form("#mapping")
	form.Set("from.tags", "Notes")
	form.Set("else.phone", "+33 4 00 00 00 00")
	again := r.post(path, form).is(http.StatusOK)
	if again.value("from.tags") != "Notes" || again.value("else.phone") != "+33 4 00 00 00 00" {
		t.Error("the chosen mapping is forgotten")
	}
	form.Set("from.companyName", "")
	r.post(path, form).says("main", "No column holds the company name")
	form.Set("from.companyName", "Raison sociale")

	rehearsing := r.follow(r.post(path, with(form, "go", "rehearse")))
	rehearsing.says("main", "Under way")
	if got := rehearsing.attr("#progress", "hx-trigger"); got != "every 2s" {
		t.Errorf("the page looks again %q", got)
	}
	w.work()
	rehearsed := r.get(path)
	rehearsed.says("main", "This was a rehearsal", "Would be created 1", "Refused 2")
	if rehearsed.value("from.tags") != "Notes" {
		t.Error("the mapping of the rehearsal is forgotten")
	}
	r.get("/customers").says("#customers", "No customers yet")

	r.follow(r.post(path, with(rehearsed.form("#mapping"), "go", "start")))
	w.work()
	done := r.get(path)
	done.says("main", "Done", "Created 1", "Already there 0", "Refused 2")
	done.says("#results", "Fromagerie du Vercors SARL", "outside the market")
	r.get(path+"?outcome=refused").hides("#results tbody", "Fromagerie")
	r.get("/customers").says("#customers tbody", "Fromagerie du Vercors SARL", "fidèle")
	refused := r.get(path + "/results?outcome=refused&raw=1").is(http.StatusOK)
	if lines := strings.Split(strings.TrimSpace(refused.body), "\r\n"); len(lines) != 3 || !strings.HasPrefix(lines[1], "2,3,K-2,Ateliers Rhône SAS,refused,,") || !strings.Contains(lines[2], "2030") {
		t.Errorf("the refused rows are %q", lines)
	}
	r.get("/jobs").says("main", "clients.csv", "1 created, 0 already there, 2 refused", "Done")

	// The same file again creates nothing (S: safe to repeat).
	second := r.follow(r.send("clients.csv", clients))
	second.says("#preview", "Already there")
	left := r.follow(r.post(path+"/discard", nil))
	left.says("#toasts", "The customers stay.")
	r.get(path).is(http.StatusNotFound)
}

func TestAnImportIsStopped(t *testing.T) { // P-23
	w := newWorld(t)
	r := w.reads("direct sales-agent")
	path := r.follow(r.send("clients.csv", clients)).path
	r.follow(r.post(path, url.Values{"go": {"start"}}))
	stopped := r.follow(r.post(path, url.Values{"go": {"cancel"}}))
	stopped.says("h1, .badge", "Cancelled")
	w.work()
	r.get("/customers").says("#customers", "No customers yet")
	r.get(path).says("main", "Update the preview") // it can be started again
}

func TestAnUploadThatCannotBeImportedSaysWhy(t *testing.T) {
	w := newWorld(t)
	r := w.reads("direct sales-agent")
	r.send("", "").is(http.StatusBadRequest).says(".summary", "Choose a file first.")
	for name, text := range map[string]string{"nothing": "", "blank lines": "\n\n", "the names of the columns alone": "id;company\n"} {
		r.send("empty.csv", text).is(http.StatusBadRequest).says(".summary", "The file is empty. Choose a file with at least one row.")
		if listed := r.get("/imports").text("main"); strings.Contains(listed, "empty.csv") {
			t.Errorf("%s was kept", name)
		}
	}
	w.reads("direct helpdesk-agent").get("/imports").is(http.StatusForbidden)
	w.reads("direct helpdesk-agent").send("clients.csv", clients).is(http.StatusForbidden)
	w.reads("direct admin-agent").get(r.follow(r.send("clients.csv", clients)).path).is(http.StatusNotFound) // somebody else's
	template := r.get("/imports/template").is(http.StatusOK)
	if !strings.Contains(template.body, "companyName") {
		t.Errorf("the template is %q", template.body)
	}
}

// The example file is understood as it is.
func TestTheTemplateFitsItself(t *testing.T) {
	w := newWorld(t)
	r := w.reads("direct sales-agent")
	head := strings.TrimSpace(r.get("/imports/template").body)
	p := r.follow(r.send("template.csv", head+"\r\n1,Ateliers Rhône SAS,FR,,1 rue du Rhône,69001,Lyon,,Luc,Morel,luc@ateliers-rhone.example,,rhone,VIP\r\n"))
	p.says("#preview", "Ateliers Rhône SAS", "Would be created")
	p.says("main", "Every column of the file is used.")
}

func TestResultsAreTurnedPageByPage(t *testing.T) {
	w := newWorld(t)
	r := w.reads("direct sales-agent")
	var file strings.Builder
	file.WriteString("id,companyName,country\n")
	for i := range 60 {
		file.WriteString("K-" + string(rune('a'+i%26)) + strings.Repeat("x", i) + ",Société,XX\n")
	}
	path := r.follow(r.send("bad.csv", file.String())).path
	r.follow(r.post(path, url.Values{"go": {"start"}}))
	w.work()
	first := r.get(path + "?size=25")
	first.says(".pager", "1–25 of 60")
	second := r.get(first.attr(`.pages a[aria-label=Next]`, "href"))
	second.says("#results tbody tr:first-child", "26")
	third := r.get(second.attr(`.pages a[aria-label=Next]`, "href"))
	third.says("#results tbody tr:last-child", "60")
	back := r.get(third.attr(`.pages a[aria-label=Previous]`, "href"))
	if back.text("#results tbody") != second.text("#results tbody") {
		t.Errorf("Previous leads to %s", back.path)
	}
	r.get(back.attr(`.pages a[aria-label=Previous]`, "href")).says("#results tbody tr:first-child", "1")
}

// Nothing is created at one press: the question says how many customers that makes,
// and leads back to what was chosen.
func TestAnImportAsksFirst(t *testing.T) {
	w := newWorld(t)
	r := w.reads("direct sales-agent")
	page := r.follow(r.send("clients.csv", clients))
	if primary := page.text("main .btn.primary"); primary != "Import" {
		t.Errorf("the primary buttons are %q", primary)
	}
	form := page.form("#mapping")
	form.Set("from.tags", "Notes")
	asked := r.post(page.path, with(form, "go", "ask")).is(http.StatusOK)
	asked.says("dialog", "Create 1 customer?", "2 rows will be refused.", "gets a password", "Cancel", "Import")
	r.get("/customers").says("#customers", "No customers yet")

	answer := asked.form("dialog form")
	back := r.post(page.path, answer).is(http.StatusOK)
	if back.value("from.tags") != "Notes" || len(back.find("#preview")) == 0 {
		t.Error("Cancel forgets what was chosen")
	}
	r.follow(r.post(page.path, with(answer, "go", "start")))
	w.work()
	r.get(page.path).says("main", "Created 1", "Refused 2")
	r.get("/customers").says("#customers tbody", "fidèle")

	again := r.follow(r.send("clients.csv", clients))
	none := r.post(again.path, with(again.form("#mapping"), "go", "ask")).is(http.StatusOK)
	none.says("dialog", "There is nothing to create", "2 rows will be refused.", "1 customer is already there")
	if len(none.find("dialog button[value=start]")) != 0 {
		t.Error("an import that creates nothing can be confirmed")
	}
	french := w.readsIn("direct sales-agent", "fr")
	french.post(again.path, with(again.form("#mapping"), "go", "ask")).says("dialog", "Il n’y a rien à créer", "1 client est déjà présent")
}

// The passwords of new customers' first admins can be downloaded once, by who
// started the import, in the browser in which that was.
func TestPasswordsOfAnImportAreDownloadedOnce(t *testing.T) { // rule C9
	w := newWorld(t)
	r := w.reads("direct sales-agent")
	path := r.follow(r.send("clients.csv", clients)).path
	started := r.post(path, url.Values{"go": {"start"}})
	var key *http.Cookie
	for _, c := range (&http.Response{Header: started.header}).Cookies() {
		if c.Name == "import-key" {
			key = c
		}
	}
	if key == nil || key.Path != path || !key.HttpOnly || key.SameSite != http.SameSiteStrictMode {
		t.Fatalf("the key is kept as %v", key)
	}
	r.get(path).hides("main", "Passwords of the new customers")
	w.work()

	const only = "only in the browser in which the import was started"
	elsewhere := w.reads("direct sales-agent")
	elsewhere.get(path).says("#passwords", "1 new customer", only)
	elsewhere.post(path+"/passwords", nil).is(http.StatusConflict).says("main", only)

	r.get(path).hides("#passwords", only)
	taken := r.post(path+"/passwords", nil).is(http.StatusOK)
	lines := strings.Split(strings.TrimSpace(strings.TrimPrefix(taken.body, "\ufeff")), "\r\n")
	if len(lines) != 2 || !strings.HasSuffix(lines[0], "User name,Password") || !strings.Contains(lines[1], "Fromagerie du Vercors SARL") || !strings.Contains(lines[1], "admin@") {
		t.Errorf("the passwords are %q", lines)
	}
	r.post(path+"/passwords", nil).is(http.StatusConflict).says("main", "downloaded already")
	r.get(path).hides("main", "Passwords of the new customers")
	w.reads("direct admin-agent").post(path+"/passwords", nil).is(http.StatusNotFound)
}

// What spreadsheets save in Western Europe is read as it was written, and the page
// says so.
func TestAWesternSpreadsheetIsReadAsItWasWritten(t *testing.T) {
	w := newWorld(t)
	r := w.reads("direct sales-agent")
	western, err := charmap.Windows1252.NewEncoder().String(clients)
	if err != nil {
		t.Fatal(err)
	}
	page := r.follow(r.send("clients.csv", western))
	page.says("main", "This file is not UTF-8. Its letters are read as Windows (Western Europe)")
	page.says("select[name=encoding]", "Automatic: Windows (Western Europe)")
	page.says("#preview", "Ateliers Rhône SAS")
	form := page.form("#mapping")
	form.Set("encoding", "macintosh")
	r.post(page.path, form).is(http.StatusOK).hides("main", "Ateliers Rhône SAS", "This file is not UTF-8")
}

// Jobs are what was started; a file that somebody uploaded waits on its own page.
func TestAnUploadedFileIsNoJob(t *testing.T) { // P-23
	w := newWorld(t)
	r := w.reads("direct sales-agent")
	path := r.follow(r.send("clients.csv", clients)).path
	r.get("/jobs").hides("main", "clients.csv")
	r.get("/imports").says("main", "clients.csv", "Uploaded file")
	r.post(path, url.Values{"go": {"rehearse"}})
	w.work()
	r.get("/jobs").says("main", "clients.csv", "1 would be created, 0 already there, 2 refused")
	w.readsIn("direct sales-agent", "fr").get("/jobs").says("main", "1 serait créé, 0 déjà présent, 2 refusés")
	w.readsIn("direct sales-agent", "fr").get(path).says("main", "Serait créé 1", "Refusés 2", "Nom de la société", "Pays/région")
	w.readsIn("direct sales-agent", "sv").get("/jobs").says("main", "1 skulle skapas, 0 finns redan, 2 nekade")
}

// The operator imports for all partners through the same pages: the file says for
// whom, and what the partner is to the customer (V-5, A6).
func TestTheOperatorImportsForAllPartners(t *testing.T) {
	w := newWorld(t)
	w.staff()
	r := w.reads("operator operator-admin")
	r.get("/operator/organizations").says(".commands", "Import customers")
	r.get("/imports").is(http.StatusOK).says("main", "one row a customer and partner")
	if head := r.get("/imports/template").body; !strings.Contains(head, "partner,relation,provider,customerTenantId") {
		t.Errorf("the file to fill in begins with %q", head)
	}
	c := w.add("direct admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))
	file := "Tenant ID;Customer;Partner;Relationship\n" +
		string(c.ID) + ";Fromagerie du Vercors;skanes-it.example;Conseiller\n" +
		string(c.ID) + ";Fromagerie du Vercors;nobody.example;advisor\n"
	kept := r.follow(r.send("relations.csv", file))
	for field, column := range map[string]string{"partner": "Partner", "relation": "Relationship", "customerTenantId": "Tenant ID"} {
		if got := kept.value("from." + field); got != column {
			t.Errorf("%s is taken from %q, want %q", field, got, column)
		}
	}
	kept.says("#preview tr:nth-child(1)", "Would be created")
	kept.says("#preview tr:nth-child(2)", "Refused", "No partner is known as “nobody.example”")
	r.post(kept.path, with(kept.form("#mapping"), "go", "ask")).says("#ask", "Make 1 relationship?", "1 row")
	r.follow(r.post(kept.path, with(kept.form("#mapping"), "go", "start")))
	w.work()
	r.get(kept.path).says("main", "Done", "Created 1", "Refused 1")
	w.reads("reseller admin-agent").get("/customers").says("#customers tbody", "Fromagerie du Vercors SARL", "Advisor", "No reseller relationship yet")
	sheet := w.reads("reseller admin-agent").get("/customers/export").is(http.StatusOK).body
	if rows, err := csv.NewReader(strings.NewReader(sheet)).ReadAll(); err != nil || !strings.Contains(sheet, "Agreement") || len(rows) != 2 {
		t.Errorf("the list with a customer that is served reads %q: %v", sheet, err)
	}
	w.reads("operator operator-support").get("/imports").is(http.StatusForbidden)
	w.reads("direct admin-agent").get(kept.path).is(http.StatusNotFound)
}
