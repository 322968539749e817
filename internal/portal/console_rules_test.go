package portal_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"comptoir/internal/activity"
	"comptoir/internal/customer"
	"comptoir/internal/fault"
	"comptoir/internal/identity"
	"comptoir/internal/naming"
	"comptoir/internal/refusal"
)

// What the operator decides about countries holds for the next customer: what is
// required, which patterns, whether it is offered at all (V-8; rules C5, C16).
func TestCountriesAreDecidedInTheConsole(t *testing.T) {
	w := newWorld(t)
	w.staff()
	r, agent := w.reads("operator operator-admin"), w.reads("direct admin-agent")
	r.get("/operator/countries?q=france").says("#countries", "France", "As published")
	form := r.get("/operator/countries/FR").form("#country")
	form.Set("postal-pattern", `^F-\d{5}$`)
	form.Set("go", "test")
	form.Set("try-postal", "69003")
	r.post("/operator/countries/FR", form).is(http.StatusOK).says("#country", "does not match")
	form.Set("try-postal", "F-69003")
	r.post("/operator/countries/FR", form).is(http.StatusOK).says("#country", "matches")
	form.Del("go")
	form.Set("phone-pattern", "(")
	r.post("/operator/countries/FR", form).is(http.StatusBadRequest).says(".summary", "regular expression")
	form.Set("phone-pattern", r.get("/operator/countries/FR").value("phone-pattern"))
	after := r.follow(r.post("/operator/countries/FR", form))
	after.says("#toasts", "France")
	after.says("#log", "France", "chef@drift.example")

	add := func(name, prefix, postal string) error {
		in := newCustomer(name, prefix)
		in.Billing.Address.PostalCode = postal
		_, err := customer.Add.Do(t.Context(), w.k, w.actor("direct admin-agent"), in)
		return err
	}
	if err := add("Fromagerie du Vercors SARL", "vercors", "69003"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a postal code of the old form: %v", err)
	}
	if err := add("Fromagerie du Vercors SARL", "vercors", "F-69003"); err != nil {
		t.Errorf("a postal code of the new form: %v", err)
	}
	r.follow(r.post("/operator/countries/FR", url.Values{"go": {"reset"}}))
	if err := add("Ateliers Rhône SAS", "rhone", "69003"); err != nil {
		t.Errorf("back to what is published: %v", err)
	}

	belgium := r.get("/operator/countries/BE").form("#country")
	agent.get("/customers/new").says("select[name=country]", "Belgium")
	belgium.Del("offered")
	r.follow(r.post("/operator/countries/BE", belgium))
	agent.get("/customers/new").hides("select[name=country]", "Belgium")

	poland := r.get("/operator/countries/PL").form("#country")
	r.get("/operator/countries/PL").says("#types", "TIN", "Check digit", "PESEL", "personal number") // rule C17
	for id, says := range map[string]string{"5260250274": "matches", "526": "10", "5260250275": "check digit"} {
		poland.Set("go", "test")
		poland.Set("try-registration", id)
		r.post("/operator/countries/PL", poland).is(http.StatusOK).says("#country", says)
	}
	poland.Del("go")
	poland.Del("registration")
	r.post("/operator/countries/PL", poland).is(http.StatusBadRequest).says(".summary", "stays required") // rule C16
	s := w.reads("operator operator-support")
	s.get("/operator/countries/PL").is(http.StatusOK)
	s.post("/operator/countries/PL", poland).is(http.StatusForbidden)
}

// What the operator decides about name rules holds for the next customer (V-9;
// rules C11, RF-44, CN02, CN09).
func TestNameRulesAreDecidedInTheConsole(t *testing.T) {
	w := newWorld(t)
	r := w.reads("operator operator-admin")
	r.get("/operator/name-rules?what=company&text=ABC").says("#test", "CN09")
	r.get("/operator/name-rules?what=email&text=nobody").says("#test .message", "address")
	r.get("/operator/name-rules/CN09").is(http.StatusOK)
	r.follow(r.post("/operator/name-rules/CN09", url.Values{"severity": {"error"}})).says("#log", "CN09", "Warning → Error")
	if _, err := customer.Add.Do(t.Context(), w.k, w.actor("direct admin-agent"), newCustomer("ABC", "abccustomer")); fault.KindOf(err) != fault.Invalid {
		t.Errorf("RF-44: an acronym is taken: %v", err)
	}
	r.follow(r.post("/operator/name-rules/CN09", url.Values{"severity": {"off"}}))
	w.add("direct admin-agent", newCustomer("ABC", "abccustomer"))
	r.post("/operator/name-rules/CN02", url.Values{"severity": {"warning"}}).is(http.StatusBadRequest).says(".summary", "CN02")
	r.post("/operator/name-rules/CN09", url.Values{"severity": {"mild"}}).is(http.StatusBadRequest)
}

// The word lists behind the rules are edited an entry a line; what a documented
// error rests on stays (V-9; CN10, CT03).
func TestWordListsAreEditedInTheConsole(t *testing.T) {
	w := newWorld(t)
	w.staff()
	r := w.reads("operator operator-admin")
	r.get("/operator/name-rules").says("#lists", "Test words", "CN10", "As published")
	form := r.get("/operator/name-rules/lists/test-words").form("#words")
	published := strings.Join(naming.Default().List(naming.TestWords), "\r\n")
	form.Set("entries", published+"\r\nprueba\r\n")
	after := r.follow(r.post("/operator/name-rules/lists/test-words", form))
	after.says("#word-lists-test-words", "Changed here", "1 added, 0 removed")
	after.says("#log", "Test words", "Not set → +prueba")
	r.get("/operator/name-rules?what=company&text=Prueba+Nuage").says("#test", "CN10")
	r.get("/operator/name-rules/lists/test-words").says("#difference", "Added", "prueba")
	r.follow(r.post("/operator/name-rules/lists/test-words", url.Values{"go": {"reset"}}))
	r.get("/operator/name-rules?what=company&text=Prueba+Nuage").hides("#test", "CN10")

	names := r.get("/operator/name-rules/lists/placeholder-names").form("#words")
	names.Set("entries", "nobody")
	r.post("/operator/name-rules/lists/placeholder-names", names).is(http.StatusBadRequest).says(".summary", "must stay")
	names.Set("entries", "")
	r.post("/operator/name-rules/lists/test-words", names).is(http.StatusBadRequest).says(".summary", "at least one entry")
	s := w.reads("operator operator-support")
	s.get("/operator/name-rules/lists/test-words").is(http.StatusOK)
	s.post("/operator/name-rules/lists/test-words", form).is(http.StatusForbidden)
}

// The forms of registration ids are decided type by type, tried before they are
// saved, and hold for the next customer and for the wire (V-8; C17, RF-13).
func TestTypesOfRegistrationIDsAreDecidedInTheConsole(t *testing.T) {
	w := newWorld(t)
	w.staff()
	r := w.reads("operator operator-admin")
	const path = "/operator/countries/PL/types/TIN"
	r.get("/operator/countries/PL").says("#types", "TIN", `^\d{10}$`, "As published")
	form := r.get(path).form("#type")
	form.Set("pattern", `^PL\d{12}$`)
	form.Set("go", "test")
	form.Set("try", "PL123456789012\n5260250274")
	r.post(path, form).is(http.StatusOK).says("#type", "does not match this pattern")           // the example is the old one
	r.post(path, with(form, "example", "PL123456789012")).says("#type", "check digit is wrong") // a finding, no refusal
	form.Set("example", "PL123456789012")
	form.Del("check-digits")
	tried := r.post(path, form).is(http.StatusOK)
	tried.says("#type", "“PL123456789012” matches", "5260250274")
	tried.says("#published", `^\d{10}$`)
	for pattern, says := range map[string]string{"(": "regular expression", `^\d{9}$`: "does not match", `PL\d{12}`: "Begin it with ^"} {
		r.post(path, with(form, "go", "", "pattern", pattern)).is(http.StatusBadRequest).says(".summary", says)
	}
	saved := r.follow(r.post(path, with(form, "go", "")))
	saved.says("#log", "Poland TIN", `Pattern: ^\d{10}$ → ^PL\d{12}$.`, "chef@drift.example")
	saved.says("#published", `^\d{10}$`)
	list := r.get("/operator/countries/PL")
	list.says("#types", `^PL\d{12}$`, `Published: ^\d{10}$`, "Changed here")
	list.says("#log", "Poland TIN")
	r.get("/operator/countries?state=changed").says("#countries", "Poland")

	add := func(registration string) error {
		in := newCustomer("Sklep Wrocław SA", "wroclaw"+registration[len(registration)-2:])
		in.Billing.Address.Country, in.Billing.Address.PostalCode, in.Billing.Address.City = "PL", "50-001", "Wrocław"
		in.Registration.ID = registration
		_, err := customer.Add.Do(t.Context(), w.k, w.actor("direct admin-agent"), in)
		return err
	}
	if err := add("5260250274"); !errors.Is(err, refusal.RF13) {
		t.Errorf("RF-13: an ID of the published form: %v", err)
	}
	if err := add("PL123456789012"); errors.Is(err, refusal.RF13) {
		t.Errorf("an ID of the new form: %v", err)
	}
	off := r.get(path).form("#type")
	off.Del("offered")
	r.follow(r.post(path, off)).says("#log", "Switched off: No → Yes.")
	r.follow(r.post(path, url.Values{"go": {"reset"}})).hides("main", "Changed here")
	r.get("/operator/countries/PL/types/ABC").is(http.StatusNotFound)
	r.get("/operator/countries/ZZ/types/TIN").is(http.StatusNotFound)
	s := w.reads("operator operator-support")
	s.get(path).is(http.StatusOK).hides("#type", "Save")
	s.post(path, form).is(http.StatusForbidden)
}

// Filters of what is there already offer countries as the operator decided about
// them (V-2, V-7, V-8).
func TestFiltersKnowWhichCountriesAreSwitchedOff(t *testing.T) {
	w := newWorld(t)
	r := w.reads("operator operator-admin")
	form := r.get("/operator/countries/BE").form("#country")
	form.Del("offered")
	r.follow(r.post("/operator/countries/BE", form))
	for _, path := range []string{"/operator/verifications", "/operator/agreements/new"} {
		r.get(path).says("main", "Belgium (switched off)", "France")
		w.readsIn("operator operator-admin", "sv").get(path).says("main", "Belgien (avstängt)")
	}
}

// The operator says which partners register domains; the partner's log tells (V-4).
func TestRegistrarsAreNamedInTheConsole(t *testing.T) {
	w := newWorld(t)
	w.staff()
	r := w.reads("operator operator-admin")
	path := "/operator/partners/" + string(w.direct.Tenant)
	r.get(path).says("main", "Domain registrar No", "Make domain registrar")
	ask := r.get(path + "/registrar").is(http.StatusOK)
	ask.says("dialog", "Make domain registrar: Atelier Nuage SAS", "accredited registrars")
	turned := r.follow(r.post(path+"/registrar", ask.form("dialog form")))
	turned.says("main", "Domain registrar Yes")
	turned.says("#log", "chef@drift.example")
	if p := do(w, identity.InspectPartner, w.actor("operator operator-admin"), w.direct.Tenant); !p.Partner.Registrar {
		t.Error("the switch is not turned")
	}
	before := len(do(w, activity.Inspect, w.actor("operator operator-admin"), activity.Query{Tenant: w.direct.Tenant, Limit: 50}).Records)
	r.post(path+"/registrar", ask.form("dialog form")).is(http.StatusSeeOther) // from another tab
	if after := len(do(w, activity.Inspect, w.actor("operator operator-admin"), activity.Query{Tenant: w.direct.Tenant, Limit: 50}).Records); after != before {
		t.Error("what changes nothing is recorded")
	}
	back := r.get(path + "/registrar")
	back.says("dialog", "Withdraw registrar role", "stay")
	r.follow(r.post(path+"/registrar", back.form("dialog form"))).says("main", "Domain registrar No")
	s := w.reads("operator operator-support")
	s.get(path + "/registrar").is(http.StatusForbidden)
	s.post(path+"/registrar", url.Values{"registrar": {"yes"}}).is(http.StatusForbidden)
}

// The operator's links stand in the help panels, in the reader's language (V-10).
func TestHelpLinksAreEditedInTheConsole(t *testing.T) {
	w := newWorld(t)
	w.staff()
	r := w.reads("operator operator-admin")
	r.get("/operator/messages").says("main", "Help links")
	r.get("/operator/help").says("#help-links", "Every page", "Import customers", "Partners")
	const path = "/operator/help/edit?page=/customers"
	form := with(r.get(path).form("#help-links"), "link-0-address", "https://learn.example/start", "link-0-en", "Our training", "link-0-fr", "Notre formation", "link-0-sv", "Vår utbildning")
	r.post(path, with(form, "link-0-address", "javascript:alert(1)", "link-0-sv", "")).is(http.StatusBadRequest).says(".summary", "https://", "every language")
	r.follow(r.post(path, form)).says("#help-links", "Our training")
	for lang, says := range map[string]string{"en": "Our training", "fr": "Notre formation", "sv": "Vår utbildning"} {
		p := w.readsIn("direct admin-agent", lang).get("/customers")
		p.says("#help", says)
		if got := p.attr("#help a[target=_blank]", "href"); got != "https://learn.example/start" {
			t.Errorf("%s leads to %s", says, got)
		}
	}
	w.reads("direct admin-agent").get("/imports").hides("main", "Our training")
	r.follow(r.post(path, url.Values{})).hides("#help-links", "Our training")
	r.get("/operator/help/edit?page=/nothing").is(http.StatusNotFound)
	s := w.reads("operator operator-support")
	s.get(path).is(http.StatusOK)
	s.post(path, form).is(http.StatusForbidden)
}
