package portal_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"comptoir/internal/customer"
	"comptoir/internal/draft"
	"comptoir/internal/portal/visit"
)

// filled is the wizard filled in so that nothing speaks against it.
func filled(company, prefix string) url.Values {
	return url.Values{
		"country": {"FR"}, "company": {company}, "line1": {"3 place du Marché"}, "postal-code": {"38250"}, "city": {"Villard-de-Lans"},
		"first-name": {"Agnès"}, "last-name": {"Petit"}, "email": {"agnes@" + prefix + ".example"}, "culture": {"fr-FR"}, "domain": {prefix},
		"agreement": {"contact"}, "agreed-on": {"2026-11-19"}, "gdap": {"yes"},
	}
}

// with is v with values replaced.
func with(v url.Values, pairs ...string) url.Values {
	changed := url.Values{}
	for name, all := range v {
		changed[name] = all
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		changed.Set(pairs[i], pairs[i+1])
	}
	return changed
}

// From the button to the temporary password (S2.16 to S2.20; rules C5 to C9).
func TestACustomerIsAddedByHand(t *testing.T) {
	w := newWorld(t)
	r := w.reads("direct sales-agent")
	form := r.get("/customers/new").is(http.StatusOK)
	for name, want := range map[string]string{"country": "FR", "culture": "fr-FR", "gdap": "yes", "agreement": "contact"} {
		if got := form.value(name); got != want {
			t.Errorf("%s begins with %q, want %q", name, got, want)
		}
	}
	review := r.follow(r.post("/customers/new", with(filled("Fromagerie du Vercors SARL", "vercors"), "tags", "VIP, Alpes")))
	review.says("main", "Fromagerie du Vercors SARL", "3 place du Marché, 38250 Villard-de-Lans", "Agnès Petit", "vercors.onmicrosoft.com",
		"Nov 19, 2026", "VIP", "Every new account is verified", "three business days")
	key := review.form(".wizard form")
	added := r.post("/customers/new/review", key).is(http.StatusOK)
	added.says("main", "Fromagerie du Vercors SARL is added.", "Under review", "admin@vercors.onmicrosoft.com", "I have saved it")
	secret := added.attr("[data-secret]", "value")
	if len(secret) < 12 {
		t.Fatalf("the temporary password is %q", secret)
	}
	// The page loaded again: one customer, and the password is not shown twice (C9).
	again := r.post("/customers/new/review", key).is(http.StatusOK)
	again.says(".secrets", "Already shown", "admin@vercors.onmicrosoft.com")
	if strings.Contains(again.body, secret) || len(again.find("[data-secrets]")) > 0 {
		t.Error("the password is shown again when the page is loaded again")
	}
	// Where the first answer was lost on its way, the same form brings it (C8).
	if lost := w.reads("direct sales-agent").post("/customers/new/review", key).is(http.StatusOK); lost.attr("[data-secret]", "value") != secret {
		t.Error("after a lost answer the form gives another password")
	}
	// Nobody goes on without the tick, with or without script (portal 0.4).
	r.post("/customers/new/done", url.Values{}).is(http.StatusBadRequest).says("main", "Have you saved it?", "Tick the box to go on", "I have saved it")
	list := r.follow(r.post("/customers/new/done", url.Values{"saved": {"yes"}}))
	list.says("#toasts", "Fromagerie du Vercors SARL is added.")
	list.says("tr.marked", "Fromagerie du Vercors SARL")
	list.says(".pager", "1–1 of 1")
	if p := r.get("/customers/new"); strings.Contains(p.text("#messages"), "unfinished") {
		t.Error("the draft of an added customer is offered again")
	}
	if p := r.get("/customers/new/review"); p.header.Get("Location") != "/customers/new" {
		t.Error("the review of nothing is shown")
	}
}

// The confirmation leads on to the groups that get the roles of the default
// relationship, only where one was made and to who may give them (rule F12, P-3).
func TestTheConfirmationLeadsToTheGroupsOfTheDefaultRelationship(t *testing.T) {
	w := newWorld(t)
	const button = `.secret-foot [formaction="/customers/new/assign"]`
	add := func(r *reader, form url.Values) *page {
		review := r.follow(r.post("/customers/new", form)).is(http.StatusOK)
		return r.post("/customers/new/review", review.form(".wizard form")).is(http.StatusOK)
	}
	agent := w.reads("direct admin-agent")
	add(agent, filled("Fromagerie du Vercors SARL", "vercors")).says(button, "Assign security groups to the default GDAP")
	agent.post("/customers/new/assign", url.Values{}).is(http.StatusBadRequest).says(button, "Assign security groups")
	groups := agent.post("/customers/new/assign", url.Values{"saved": {"yes"}})
	if to := groups.header.Get("Location"); !strings.HasSuffix(to, "/groups") {
		t.Fatalf("leads to %s", to)
	}
	agent.follow(groups).is(http.StatusOK).says("main", "Default_", "Admin agents")

	without := add(agent, with(filled("Verrerie du Diois SARL", "diois"), "gdap", ""))
	if len(without.find(button)) > 0 {
		t.Error("groups get roles of a relationship that is not there")
	}
	without.hides("main", "default delegated")

	sales := w.reads("direct sales-agent") // b34
	if p := add(sales, filled("Tannerie de Romans SARL", "romans")); len(p.find(".secret-foot button[aria-disabled]")) != 1 {
		t.Error("who gives no roles is led to the groups")
	}
	if to := sales.post("/customers/new/assign", url.Values{"saved": {"yes"}}).header.Get("Location"); !strings.HasPrefix(to, "/customers?") {
		t.Errorf("leads to %s", to)
	}
}

// All mistakes at once, beside their fields and in the summary; nothing typed is
// lost (portal 0.4; RF-12 to RF-14, RF-20, RF-44).
func TestAllMistakesAreSaidAtOnce(t *testing.T) {
	w := newWorld(t)
	r := w.reads("direct sales-agent")
	// The direct partner sells in the market of France; Armenia is in another one,
	// so that its rules meet the one about markets.
	wrong := url.Values{
		"country": {"FR"}, "company": {"999"}, "line1": {"3 place du Marché"}, "postal-code": {"x"}, "city": {""}, "first-name": {"X"}, "last-name": {""},
		"email": {"agnes@atelier-nuage.example"}, "culture": {"fr-FR"}, "domain": {"A B"}, "agreement": {"contact"}, "agreed-on": {"2027-01-01"},
	}
	p := r.post("/customers/new", wrong).is(http.StatusBadRequest)
	for field, want := range map[string]string{
		"company": "cannot be one repeated character", "postal-code": "", "city": "Enter the city.", "first-name": "at least two characters",
		"last-name": "", "email": "customer’s own email address", "domain": "", "agreed-on": "lies in the future",
	} {
		p.says("#"+field+"-error", want)
		if p.text("#"+field+"-error") == "" {
			t.Errorf("nothing is said about %s", field)
		}
		if p.attr(`#errors a[href="#`+field+`"]`, "href") == "" {
			t.Errorf("the summary does not lead to %s", field)
		}
		if p.attr("#"+field, "aria-invalid") != "true" || !strings.Contains(p.attr("#"+field, "aria-describedby"), field+"-error") {
			t.Errorf("%s does not tell a screen reader", field)
		}
	}
	for name, values := range wrong {
		if got := p.value(name); got != values[0] {
			t.Errorf("%s was %q and is %q", name, values[0], got)
		}
	}
	if got := p.value("gdap"); got != "" {
		t.Error("the unticked box is ticked again")
	}
	// What was typed is there when somebody comes back (portal 0.4).
	w.k.Clock.Advance(time.Hour)
	r.get("/customers/new").says("#messages", "You have an unfinished customer")
	if got := r.get("/customers/new?draft=resume").value("company"); got != "999" {
		t.Errorf("the draft has %q", got)
	}
	w.k.Clock.Advance(draft.Lifetime)
	r.get("/customers/new").hides("#messages", "unfinished")
}

// The country decides about labels, types and what must be given (rules C16 to C19).
func TestTheCountryDecidesWhatIsAsked(t *testing.T) {
	w := newWorld(t)
	r := w.reads("direct sales-agent")
	poland := r.post("/customers/new", with(filled("Ser z Gór Sp. z o.o.", "serzgor"), "country", "PL", "go", "refresh")).is(http.StatusOK)
	poland.says("form", "Registration ID (TIN)", "organization’s INN", "Example:")
	if poland.value("culture") != "pl-PL" || poland.attr("#phone", "required") == "" && !strings.Contains(poland.body, `id="phone"`) {
		t.Errorf("the language is %q", poland.value("culture"))
	}
	if poland.value("company") != "Ser z Gór Sp. z o.o." {
		t.Error("the change of country loses what was typed")
	}
	if poland.text("#errors") != "" {
		t.Error("a change of country complains")
	}
	missing := r.post("/customers/new", with(filled("Ser z Gór Sp. z o.o.", "serzgor"), "country", "PL", "postal-code", "34-500", "city", "Zakopane", "culture", "pl-PL"))
	missing.is(http.StatusBadRequest).says("#registration-id-error", "registration ID is required") // RF-12
	missing.says("#phone-error", "phone number is required")                                        // RF-14
	form := r.post("/customers/new", with(filled("Ser z Gór Sp. z o.o.", "serzgor"), "country", "PL", "registration-id", "12", "phone", "+48 18 20 000 00"))
	form.says("#registration-id-error", "Expected: 10 digits. Example: 1234563218.") // RF-13
	form.hides("form", `^\d`)
	// Polish documents write the country before the number.
	written := r.post("/customers/new", with(filled("Ser z Gór Sp. z o.o.", "serzgor"), "country", "PL", "registration-id", "PL 526-025-02-74", "phone", "+48 18 20 000 00"))
	if said := written.text("#registration-id-error"); said != "" {
		t.Errorf("a number with its country is refused: %s", said)
	}
	if written.attr("#contact-section #phone", "name") != "phone" {
		t.Error("the phone number of the contact is not asked for with the contact")
	}
	// Countries of other markets are not offered, and refused when sent (RF-08).
	if strings.Contains(poland.text("#country"), "United States") {
		t.Error("a country of another market is offered")
	}
	far := r.post("/customers/new", with(filled("Contoso Robotics Inc", "contosorobotics"), "country", "US", "state", "WA", "postal-code", "98052", "culture", "en-US"))
	far.is(http.StatusBadRequest).says("#country-error", "outside the market")
}

// Who is a customer already is not added again (rule C3, RF-11; S2.13).
func TestAKnownOrganizationIsNotAddedAgain(t *testing.T) {
	w := newWorld(t)
	known := newCustomer("Fromagerie du Vercors SARL", "vercors")
	known.Registration = customer.Registration{ID: "552 100 554"}
	w.add("provider admin-agent", known)
	r := w.reads("direct sales-agent")
	p := r.post("/customers/new", with(filled("Fromages du Vercors SARL", "fromages"), "registration-id", "552100554")).is(http.StatusBadRequest)
	p.says(".message.blocked", "This organization may already exist", "look for it in your customer list")
	p.says("#registration-id-error", "already has an account")
	p.hides("main", "provider", "Nordmolnet") // nothing about the other record
	taken := r.post("/customers/new", filled("Tout autre SARL", "vercors")).is(http.StatusBadRequest)
	if taken.text("#domain-error") == "" {
		t.Error("the taken domain is not said")
	}
	// One that looks alike needs the word that it is another (rule C3).
	alike := with(filled("Fromagerie du Vercors SA", "vercors2"), "postal-code", "69003", "city", "Lyon")
	p = r.post("/customers/new", alike).is(http.StatusBadRequest)
	if len(p.find("input[name=distinct]")) != 1 {
		t.Fatal("the form does not ask whether it is a different organization")
	}
	r.follow(r.post("/customers/new", with(alike, "distinct", "yes"))).says(".message.warning", "same name, country and postal code")
}

// Warnings never block: they are amber at the field, again in the review, and go
// to the reviewer (rules C11, C25; CN09, CN10, EM05).
func TestWarningsDoNotBlock(t *testing.T) {
	w := newWorld(t)
	r := w.reads("direct sales-agent")
	odd := with(filled("TEST", "odd"), "email", "agnes@gmail.com")
	field := r.post("/customers/new/check?field=company", odd).is(http.StatusOK)
	field.says("#company-warning", "not an acronym", "Test names")
	if len(field.find("input")) != 1 {
		t.Errorf("the check of one field answers with %d", len(field.find("input")))
	}
	free := r.post("/customers/new/check?field=domain", odd)
	free.says(".hint", "odd.onmicrosoft.com is available")
	review := r.follow(r.post("/customers/new", odd))
	review.says(".message.warning", "Company name", "Test names", "Email address")
	r.post("/customers/new/review", review.form(".wizard form")).is(http.StatusOK)
	queue := w.reads("operator operator-admin").get("/operator/verifications")
	queue.says("#queue", "TEST", "3")
	w.reads("operator operator-admin").get(queue.attr("#queue tbody a", "href")).says("main", "Test names are not allowed")
}

// The address: validated on demand, suggested, or confirmed (rule C13, RF-45).
func TestTheAddressIsValidated(t *testing.T) {
	w := newWorld(t)
	r := w.reads("direct sales-agent")
	swedish := with(filled("Ost i Kiruna AB", "ostkiruna"), "country", "SE", "postal-code", "98131", "city", "Kiruna", "culture", "sv-SE")
	checked := r.post("/customers/new", with(swedish, "go", "validate")).is(http.StatusOK)
	checked.says("main", "Verified", "981 31")
	used := r.post("/customers/new", with(swedish, "go", "use:0"))
	if got := used.value("postal-code"); got != "981 31" {
		t.Errorf("the suggestion is not used: %q", got)
	}
	wrong := with(swedish, "postal-code", "98")
	p := r.post("/customers/new", wrong).is(http.StatusBadRequest)
	p.says("main", "Address not found")
	if len(p.find("input[name=address-confirmed]")) != 1 {
		t.Fatal("there is no way to say that the address is right")
	}
	r.follow(r.post("/customers/new", with(wrong, "address-confirmed", "yes"))).says(".message.warning", "The submitter confirmed")
}

// Special qualifications and the agreement ask for more when they are chosen
// (rules C37, AG3, AG4).
func TestChoicesAskForWhatTheyNeed(t *testing.T) {
	w := newWorld(t)
	r := w.reads("direct sales-agent")
	school := with(filled("Lycée du Vercors", "lycee"), "qualification", "Education", "agreement", "other")
	p := r.post("/customers/new", with(school, "go", "refresh")).is(http.StatusOK)
	for _, name := range []string{"segment", "website", "agreed-first", "agreed-last", "agreed-email", "agreed-on"} {
		if len(p.find(`[name="`+name+`"]`)) == 0 {
			t.Errorf("%s is not asked for", name)
		}
	}
	p = r.post("/customers/new", school).is(http.StatusBadRequest)
	for _, name := range []string{"segment", "agreed-first", "agreed-last", "agreed-email"} {
		if p.text("#"+name+"-error") == "" {
			t.Errorf("nothing is said about %s", name)
		}
	}
	later := with(filled("Lycée du Vercors", "lycee"), "agreement", "later")
	r.follow(r.post("/customers/new", later)).says("main", "The customer will accept it in its portal")
	// Who may add but not attest cannot say that it was accepted (b3, b10).
	admin := w.reads("direct global-admin")
	form := admin.get("/customers/new")
	if form.value("agreement") != "later" || len(form.find("input[name=agreement][disabled]")) != 2 {
		t.Error("a Global admin is offered to attest")
	}
}

// A provider adds for a reseller, who is preselected when one comes from its row
// (rules C5, C8; S2.5).
func TestAProviderAddsForItsReseller(t *testing.T) {
	w := newWorld(t)
	r := w.reads("provider sales-agent")
	chosen := string(w.reseller.Tenant)
	if got := r.get("/customers/new?reseller=" + chosen).value("reseller"); got != chosen {
		t.Errorf("the reseller is %q", got)
	}
	form := with(filled("Ost i Kiruna AB", "ostkiruna"), "country", "SE", "postal-code", "981 31", "city", "Kiruna", "culture", "sv-SE", "reseller", chosen)
	review := r.follow(r.post("/customers/new", form))
	review.says("main", "Skånes IT-partner AB")
	r.post("/customers/new/review", review.form(".wizard form")).is(http.StatusOK)
	w.reads("provider sales-agent").get("/customers?cols=name,reseller").says("#customers tbody", "Skånes IT-partner AB")
	theirs := w.reads("reseller admin-agent").get("/customers?cols=name,relation,provider")
	theirs.says("#customers tbody", "Ost i Kiruna AB", "Indirect reseller", "Nordmolnet Distribution AB")
	if len(w.reads("direct sales-agent").get("/customers/new").find("[name=reseller]")) != 0 {
		t.Error("a direct-bill partner is asked for a reseller")
	}
}

// Two windows: what is added is what the review showed.
func TestAReviewThatIsOutOfDateIsShownAgain(t *testing.T) {
	w := newWorld(t)
	r := w.reads("direct sales-agent")
	old := r.follow(r.post("/customers/new", filled("Fromagerie du Vercors SARL", "vercors"))).form(".wizard form")
	r.post("/customers/new", filled("Ateliers Rhône SAS", "rhone"))
	p := r.post("/customers/new/review", old)
	p.is(http.StatusConflict).says("main", "Ateliers Rhône SAS")
	r.get("/customers").says("#customers", "No customers yet")
	back := r.post("/customers/new/review", with(old, "go", "back"))
	if back.header.Get("Location") != "/customers/new?draft=resume" {
		t.Error("Previous does not lead back")
	}
	// Somebody else takes the domain meanwhile.
	ready := r.follow(r.post("/customers/new", filled("Fromagerie du Vercors SARL", "vercors"))).form(".wizard form")
	w.add("provider admin-agent", newCustomer("Vercors Vélos SARL", "vercors"))
	r.post("/customers/new/review", ready).is(http.StatusBadRequest)
}

func TestWhoAddsOneAfterTheOtherBeginsAnew(t *testing.T) {
	w := newWorld(t)
	r := w.reads("direct sales-agent")
	review := r.follow(r.post("/customers/new", filled("Fromagerie du Vercors SARL", "vercors")))
	r.post("/customers/new/review", review.form(".wizard form")).is(http.StatusOK)
	next := r.follow(r.post("/customers/new/again", url.Values{"saved": {"yes"}}))
	if next.path != visit.NewCustomerPath || next.value("company") != "" {
		t.Errorf("%s begins with %q", next.path, next.value("company"))
	}
}
