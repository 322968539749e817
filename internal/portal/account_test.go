package portal_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/gdap"
	"comptoir/internal/identity"
	"comptoir/internal/portal/visit"
	"comptoir/internal/verification"
)

func billingForm(p *page) url.Values { return p.form("#billing-form") }

// Editing billing information: the effects first, then the change, then a new
// verification (rules C20, C28, C29; S2.24 to S2.27, S0.8).
func TestBillingInformationIsEdited(t *testing.T) {
	w := newWorld(t)
	c := w.add("direct admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))
	w.approve(c)
	w.k.Clock.Advance(time.Minute)
	r, path := w.reads("direct sales-agent"), visit.AccountPath(c.ID)
	form := billingForm(r.get(path).is(http.StatusOK))
	form.Set("line1", "4 place du Marché")
	asked := r.post(path+"/billing", form).is(http.StatusOK)
	asked.says("dialog", "verified again", "purchases, changes and cancellations are not possible; renewals go on", "Continue", "Cancel")
	r.get(path).says("#verification", "Approved") // nothing happened yet
	confirmed := asked.form("dialog form")
	saved := r.follow(r.post(path+"/billing", confirmed))
	saved.says("#toasts", "The billing information is saved.")
	saved.says("#verification", "Under review", "Billing information changed")
	if got := saved.value("line1"); got != "4 place du Marché" {
		t.Errorf("the address is %q", got)
	}
	// Saving without a difference starts nothing (C20).
	w.k.Clock.Advance(time.Minute)
	w.approve(c)
	same := r.follow(r.post(path+"/billing", billingForm(r.get(path))))
	same.says("#toasts", "Nothing was changed.")
	same.says("#verification", "Approved")
}

func TestMistakesInBillingInformationAreSaidAtOnce(t *testing.T) { // RF-44, C11
	w := newWorld(t)
	c := w.add("direct admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))
	r, path := w.reads("direct sales-agent"), visit.AccountPath(c.ID)
	form := billingForm(r.get(path))
	for name, value := range map[string]string{"company": "1", "city": "", "email": "nobody", "last-name": ""} {
		form.Set(name, value)
	}
	p := r.post(path+"/billing", form).is(http.StatusBadRequest)
	for _, name := range []string{"company", "city", "email", "last-name"} {
		if p.text("#"+name+"-error") == "" || p.attr(`#errors a[href="#`+name+`"]`, "href") == "" {
			t.Errorf("%s is not complained about at the field and in the summary", name)
		}
	}
	if p.value("company") != "1" || p.value("email") != "nobody" {
		t.Error("what was typed is lost")
	}
	if got := r.get(path + "/billing").header.Get("Location"); got != path {
		t.Errorf("the address of the form leads to %q", got)
	}
}

// Two people edit at once: the second sees both versions and chooses field by
// field (rule C30, RF-18).
func TestAStaleEditShowsBothVersions(t *testing.T) {
	w := newWorld(t)
	c := w.add("direct admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))
	r, path := w.reads("direct sales-agent"), visit.AccountPath(c.ID)
	mine := billingForm(r.get(path))
	theirs := c.Billing
	theirs.CompanyName, theirs.Address.City = "Fromages Amis", "Autrans"
	do(w, customer.UpdateBilling, w.actor("direct admin-agent"), customer.BillingChange{ID: c.ID, Billing: theirs})
	mine.Set("company", "Fromagerie Vercors")
	mine.Set("line1", "4 place du Marché")
	p := r.post(path+"/billing", mine).is(http.StatusPreconditionFailed)
	p.says("main", "Somebody else was faster", "Fromagerie Vercors", "Fromages Amis", "Autrans", "Your version", "Saved meanwhile")
	choice := p.form(".card form")
	choice.Set("company", "Fromages Amis") // theirs
	choice.Set("city", "Autrans")
	asked := r.post(path+"/billing", choice).is(http.StatusOK)
	saved := r.follow(r.post(path+"/billing", asked.form("dialog form")))
	for name, want := range map[string]string{"company": "Fromages Amis", "city": "Autrans", "line1": "4 place du Marché"} {
		if got := saved.value(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

// What only one of two people changed is joined without a question, and nobody's
// change is undone (rule C30, RF-18).
func TestAStaleEditKeepsTheColleaguesChange(t *testing.T) {
	w := newWorld(t)
	c := w.add("direct admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))
	r, path := w.reads("direct sales-agent"), visit.AccountPath(c.ID)
	mine := billingForm(r.get(path))
	theirs := c.Billing
	theirs.CompanyName = "Fromages Amis"
	do(w, customer.UpdateBilling, w.actor("direct admin-agent"), customer.BillingChange{ID: c.ID, Billing: theirs})
	asked := r.post(path+"/billing", with(mine, "line2", "Bâtiment B")).is(http.StatusPreconditionFailed)
	asked.says("main", "Nobody else changed the same fields", "Bâtiment B", "Fromages Amis")
	if asked.attr(`input[type=radio]`, "name") != "" {
		t.Error("a field that only one of the two changed is asked")
	}
	question := r.post(path+"/billing", asked.form(".card form")).is(http.StatusOK)
	saved := r.follow(r.post(path+"/billing", question.form("dialog form")))
	for name, want := range map[string]string{"company": "Fromages Amis", "line2": "Bâtiment B"} {
		if got := saved.value(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

// Who cancels the question finds what was typed, and nothing is saved (rule C28).
func TestCancellingTheQuestionLosesNothing(t *testing.T) {
	w := newWorld(t)
	c := w.add("direct admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))
	w.approve(c)
	r, path := w.reads("direct sales-agent"), visit.AccountPath(c.ID)
	form := with(billingForm(r.get(path)), "line1", "4 place du Marché")
	question := r.post(path+"/billing", form).is(http.StatusOK)
	if question.attr(`dialog button[name="back"]`, "value") != "yes" {
		t.Fatal("the question has no way back")
	}
	back := r.post(path+"/billing", with(question.form("dialog form"), "back", "yes")).is(http.StatusOK)
	if got := back.value("line1"); got != "4 place du Marché" {
		t.Errorf("what was typed is lost: the address is %q", got)
	}
	if got := r.get(path).value("line1"); got != "12 rue des Lilas" {
		t.Errorf("the cancelled change is stored: the address is %q", got)
	}
	again := r.post(path+"/billing", billingForm(back)).is(http.StatusOK)
	again.says("dialog", "verified again")
}

// Who may only read sees the information and why (rules b5, RF-03; S0.10).
func TestBillingInformationIsReadOnlyForOthers(t *testing.T) {
	w := newWorld(t)
	in := newCustomer("Ost i Kiruna AB", "ostkiruna")
	in.Reseller = string(w.reseller.Tenant)
	c := w.add("provider admin-agent", in)
	for who, why := range map[string]string{
		"reseller admin-agent":    "see billing information but not change it", // RF-03
		"provider global-admin":   "needs one of these roles",
		"provider helpdesk-agent": "needs one of these roles",
	} {
		r, path := w.reads(who), visit.AccountPath(c.ID)
		p := r.get(path).is(http.StatusOK)
		p.says("#billing", why, "Ost i Kiruna AB", "camille@ostkiruna.example")
		if len(p.find("#billing form")) > 0 {
			t.Errorf("%s gets a form", who)
		}
		r.post(path+"/billing", url.Values{"company": {"Annat namn AB"}, "etag": {"1"}}).is(http.StatusForbidden)
	}
}

// What an account that is not approved shows, and the appeal (rules C21, C24 to C26).
func TestTheAccountShowsItsVerification(t *testing.T) {
	w := newWorld(t)
	c := w.add("direct admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))
	r, path := w.reads("direct sales-agent"), visit.AccountPath(c.ID)
	p := r.get(path)
	p.says("#messages", "Under review", "three business days")
	p.says("#verification", "Blocked: new purchases", "Due Nov 25, 2026")
	do(w, verification.Reject, w.actor("operator operator-admin"), verification.Decision{
		Partner: c.Partner, Customer: c.ID, Reason: "address_mismatch", Text: "The register has another street.",
	})
	p = r.get(path)
	p.says("#messages", "Not approved")
	p.says("#verification", "The address differs from the register", "The register has another street.", "Appeal")
	dialog := r.get(path + "/appeal").is(http.StatusOK)
	empty := r.post(path+"/appeal", dialog.form("form#appeal")).is(http.StatusBadRequest)
	if empty.text("#text-error") == "" {
		t.Error("an appeal without a word is not complained about")
	}
	form := dialog.form("form#appeal")
	form.Set("text", "We moved in October.")
	w.k.Clock.Advance(time.Minute)
	sent := r.follow(r.post(path+"/appeal", form))
	sent.says("#verification", "Appeal", "Under review")
	w.reads("direct helpdesk-agent").get(path + "/appeal").is(http.StatusForbidden)
	operator := w.reads("operator operator-admin")
	operator.get(operator.get("/operator/verifications").attr("#queue tbody a", "href")).says("main", "We moved in October.")
}

// Without a delegated role Company details are short, and say how to see more
// (rule C31).
func TestCompanyDetailsNeedADelegatedRole(t *testing.T) {
	w := newWorld(t)
	in := newCustomer("Fromagerie du Vercors SARL", "vercors")
	in.Registration = customer.Registration{ID: "552100554"}
	c := w.add("direct admin-agent", in)
	path := visit.AccountPath(c.ID)
	short := w.reads("direct helpdesk-agent").get(path)
	short.says("#company-details", "Fromagerie du Vercors SARL", "vercors.onmicrosoft.com", "France", "delegated role")
	short.hides("#company-details", "rue des Lilas", "554")
	w.delegate("direct helpdesk-agent", c)
	full := w.reads("direct helpdesk-agent").get(path)
	full.says("#company-details", "12 rue des Lilas", "••••••554")
	full.hides("#company-details", "552100")
	w.delegate("direct sales-agent", c)
	w.reads("direct sales-agent").get(path).says("#company-details", "552100554")
}

func TestTheAgreementIsConfirmedLater(t *testing.T) { // rules AG1 to AG4, RF-20, RF-21
	w := newWorld(t)
	c := w.add("direct admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))
	r, path := w.reads("direct sales-agent"), visit.AccountPath(c.ID)
	r.get(path).says("#messages", "The customer agreement is not confirmed")
	dialog := r.get(path + "/agreement").is(http.StatusOK)
	if dialog.value("agreed-first") != "Camille" || dialog.value("agreed-on") != "2026-11-20" {
		t.Error("the primary contact and the day are not proposed")
	}
	form := dialog.form("dialog form")
	late := r.post(path+"/agreement", with(form, "agreed-on", "2027-01-01", "agreed-first", "")).is(http.StatusBadRequest)
	late.says("#agreed-on-error", "lies in the future") // RF-20
	if late.text("#agreed-first-error") == "" {
		t.Error("the missing name is not said")
	}
	saved := r.follow(r.post(path+"/agreement", form))
	saved.says("#agreement", "Accepted", "Camille Lefèvre", "Partner attestation")
	saved.hides("#messages", "not confirmed")
	again := r.get(path + "/agreement").form("dialog form")
	again.Set("request-id", "another")
	r.post(path+"/agreement", again).is(http.StatusBadRequest).says(".summary", "already confirmed") // RF-21
	w.reads("direct global-admin").get(path + "/agreement").is(http.StatusForbidden)
	w.reads("direct billing-admin").get(path).hides("main", "Customer agreement") // b11
}

func TestTagsOfOneCustomerAreEdited(t *testing.T) { // b8, C5
	w := newWorld(t)
	c := w.add("direct admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))
	r, path := w.reads("direct sales-agent"), visit.AccountPath(c.ID)
	saved := r.follow(r.post(path+"/tags", url.Values{"tags": {"VIP, Alpes ,vip"}}))
	if got := saved.value("tags"); got != "VIP, Alpes" {
		t.Errorf("the tags are %q", got)
	}
	p := r.post(path+"/tags", url.Values{"tags": {strings.Repeat("x", customer.MaxTagLength+1)}}).is(http.StatusBadRequest)
	p.says("#tags", "too long")
	w.reads("direct helpdesk-agent").get(path).says("#tags", "VIP", "Your role does not allow this")
}

// A relation that ended meanwhile is not there any more (portal 4).
func TestARemovedCustomerIsNotFound(t *testing.T) {
	w := newWorld(t)
	w.k.Sandbox = true
	c := w.add("direct admin-agent", newCustomer("Fromagerie du Vercors SARL", "vercors"))
	r, path := w.reads("direct admin-agent"), visit.AccountPath(c.ID)
	form := billingForm(r.get(path))
	do(w, customer.Delete, w.actor("direct admin-agent"), customer.Ref{ID: c.ID})
	r.get(path).is(http.StatusNotFound)
	r.post(path+"/billing", form).is(http.StatusNotFound)
	list := r.get("/customers?open=" + string(c.ID)).is(http.StatusOK) // an old bookmark shows the list, without the pane
	list.hides("main", "Fromagerie du Vercors SARL")
	r.get("/customers?open=mistyped").is(http.StatusOK)
}

// delegate gives somebody's group a delegated role at a customer.
func (w *world) delegate(who string, c customer.Customer) {
	w.t.Helper()
	p := w.people[who]
	group := do(w, identity.AddGroup, w.actor("direct global-admin"), identity.NewGroup{Name: "Readers of " + who})
	do(w, identity.AddMember, w.actor("direct global-admin"), identity.Membership{Group: group.ID, User: p.ID})
	var relationships []gdap.Relationship
	err := w.k.DB.Read(context.Background(), func(ctx context.Context, t *db.Tx) (err error) {
		relationships, err = gdap.Of(ctx, t, c.Partner, c.ID)
		return err
	})
	if err != nil || len(relationships) == 0 {
		w.t.Fatalf("delegated relationships %v: %v", relationships, err)
	}
	do(w, gdap.Assign, w.actor("direct admin-agent"), gdap.Assignment{
		Relationship: relationships[0].ID, Group: group.ID, Roles: gdap.Set{gdap.DirectoryReaders},
	})
	w.work()
}
