package portal_test

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"comptoir/internal/customer"
	"comptoir/internal/portal/browsertest"
	"comptoir/internal/portal/visit"
)

// scene is a page as somebody sees it.
type scene struct {
	name, who, path string
	// act does something on the page before it is looked at; nil for nothing.
	act func(p *browsertest.Page)
}

// scenes are all pages in the states that matter.
func (w *world) scenes() []scene {
	all := w.many("direct admin-agent", 60)
	account := func(i int) string { return visit.AccountPath(all[i].ID) }
	w.signInAdmin(do(w, customer.Add, w.actor("direct admin-agent"), newCustomer("Fromagerie du Vercors SARL", "vercors")))
	kept, rehearsed, waiting := w.upload("direct admin-agent", clients), w.upload("direct admin-agent", clients), w.upload("direct admin-agent", clients)
	w.start("direct admin-agent", rehearsed, true)
	w.work()
	w.start("direct admin-agent", waiting, false)
	review := visit.VerificationsPath + "/" + string(all[1].Partner) + "/" + string(all[1].ID)
	return append(slices.Concat(w.verificationScenes(), w.consoleScenes(), w.settingsScenes(), w.noticeScenes(), w.messageScenes(), w.roundScenes(), w.acceptingScenes(), w.batchScenes()), []scene{
		{"import", "direct admin-agent", "/imports", nil},
		{"import-kept", "direct admin-agent", "/imports/" + kept.ID, nil},
		{"import-rehearsed", "direct admin-agent", "/imports/" + rehearsed.ID, nil},
		{"import-waiting", "direct admin-agent", "/imports/" + waiting.ID, nil},
		{"jobs", "direct admin-agent", "/jobs", nil},
		{"operator", "operator operator-admin", "/operator", nil},
		{"queue", "operator operator-admin", "/operator/verifications", nil},
		{"case", "operator operator-admin", review, nil},
		{"reject", "operator operator-admin", review + "/reject", nil},
		{"customer", "customer", "/admin", nil},
		{"own-agreement", "customer", "/admin/agreement", nil},
		{"qualification", "direct admin-agent", account(0) + "/qualification", nil},
		{"qualifications", "operator operator-admin", "/operator/qualifications", nil},
		{"qualifications-code", "operator operator-admin", "/operator/qualifications/codes", nil},
		{"agreements", "operator operator-admin", "/operator/agreements", nil},
		{"agreements-version", "operator operator-admin", "/operator/agreements/1", nil},
		{"agreements-new", "operator operator-admin", "/operator/agreements/new", nil},
		{"review", "direct admin-agent", "/customers/new", fillNew},
		{"added", "direct admin-agent", "/customers/new", func(p *browsertest.Page) {
			fillNew(p)
			p.Click(".wizard-foot .primary")
			p.Wait("document.querySelector('.secrets')")
		}},
		{"tags", "direct admin-agent", "/customers", func(p *browsertest.Page) {
			browsertest.Eval[bool](p, "(document.querySelector('tbody .pick input').click(), true)")
			browsertest.Eval[bool](p, "(document.querySelector('[data-needs=some]').click(), true)") // in a narrow window it stands in a menu
			p.Wait("document.querySelector('#dialogs dialog')")
		}},
		{"home", "direct admin-agent", "/home", nil},
		{"home-empty", "provider admin-agent", "/home", nil},
		{"list", "direct admin-agent", "/customers", nil},
		{"list-pane", "direct admin-agent", "/customers?open=" + string(all[6].ID), nil},
		{"list-filtered", "direct admin-agent", "/customers?status=UnderReview&country=FR", nil},
		{"list-nomatch", "direct admin-agent", "/customers?q=zzz", nil},
		{"list-empty", "provider admin-agent", "/customers", nil},
		{"list-reseller", "reseller admin-agent", "/customers", nil},
		{"add", "direct admin-agent", "/customers/new", nil},
		{"add-errors", "direct admin-agent", "/customers/new", func(p *browsertest.Page) {
			p.Click(".wizard-foot .primary")
			p.Wait("document.querySelector('#errors')")
		}},
		{"account-review", "direct admin-agent", account(1), nil},
		{"account-rejected", "direct admin-agent", account(3), nil},
		{"account-approved", "direct admin-agent", account(0), nil},
		{"account-reader", "direct billing-admin", account(0), nil},
		{"agreement", "direct admin-agent", account(0) + "/agreement", nil},
		{"profile", "direct admin-agent", "/profile", nil},
		{"access", "direct admin-agent", "/my-access", nil},
		{"search", "direct admin-agent", "/search?q=conseil", nil},
		{"missing", "direct admin-agent", "/nothing/here", nil},
		{"refused", "direct helpdesk-agent", "/customers/new", nil},
	}...)
}

// fillNew fills the wizard in and goes on to the review.
func fillNew(p *browsertest.Page) {
	for name, value := range map[string]string{
		"company": "TEST", "line1": "3 place du Marché", "postal-code": strconv.Itoa(38000 + int(browsertest.Eval[float64](p, "Math.floor(performance.timeOrigin % 900)"))), "city": "Villard-de-Lans", "first-name": "Agnès", "last-name": "Petit",
		"email": "agnes@gmail.com", "domain": "pictures" + strconv.Itoa(int(browsertest.Eval[float64](p, "Math.floor(performance.timeOrigin % 1e9)"))),
	} {
		browsertest.Eval[bool](p, "(document.querySelector('[name=\""+name+"\"]').value = "+strconv.Quote(value)+", true)")
	}
	browsertest.Eval[bool](p, "(document.querySelector('[name=agreed-on]').value = '2026-11-19', true)")
	p.Click(".wizard-foot .primary")
	p.Wait("location.pathname.endsWith('/review')")
}

// TestPictures draws the pages into the directory that COMPTOIR_PORTAL_PICTURES
// names, for whoever works on the look. COMPTOIR_PORTAL_ONLY narrows the pages
// by name, COMPTOIR_PORTAL_LOOKS the looks: "en-light-1440 sv-dark-320".
func TestPictures(t *testing.T) {
	dir := os.Getenv("COMPTOIR_PORTAL_PICTURES")
	if dir == "" {
		t.Skip("COMPTOIR_PORTAL_PICTURES names no directory for the pictures")
	}
	only, looks := os.Getenv("COMPTOIR_PORTAL_ONLY"), strings.Fields(os.Getenv("COMPTOIR_PORTAL_LOOKS"))
	if len(looks) == 0 {
		looks = []string{"en-light-1440", "fr-dark-1440", "sv-light-320"}
	}
	w := newWorld(t)
	browser := browsertest.NewBrowser(t)
	scenes := w.scenes()
	for _, look := range looks {
		parts := strings.Split(look, "-")
		width, err := strconv.ParseInt(parts[2], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		page := browser.Open(t, w.as("direct admin-agent", parts[0], "/home"))
		page.Prefer("prefers-color-scheme", parts[1])
		for _, s := range scenes {
			if only != "" && !strings.Contains(" "+only+" ", " "+s.name+" ") {
				continue
			}
			page.Resize(width, 900)
			page.Go(w.as(s.who, parts[0], s.path))
			if s.act != nil {
				s.act(page)
			}
			tall := browsertest.Eval[int64](page, "Math.min(6000, Math.max(document.querySelector('main').scrollHeight + 60, 900))")
			page.Resize(width, tall)
			page.Screenshot(filepath.Join(dir, s.name+"-"+look+".png"))
			page.Problems() // refused pages answer with a status that the console notes
		}
	}
}
