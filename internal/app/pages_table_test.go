package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"comptoir/internal/agreement"
	"comptoir/internal/customer"
	"comptoir/internal/gdapbulk"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/policy"
	"comptoir/internal/qualification"
)

// page says how a page is opened plausibly, for whom it is there, and which rows
// of the matrix decide about it.
type page struct {
	// kind is whose people have the page; Nobody stands for everybody who is
	// signed in. Others are told that there is no such page, or, where leads is
	// set, led to the first page of their own.
	kind  policy.Kind
	leads bool
	// others are the statuses with which others are refused, nil for 404.
	others []int
	rows   []row // asked before the page looks for what it is about
	// operates are asked of people of the operator instead; nil asks the same.
	operates []row
	then     []row // asked after that
	// sells refuses a partner that may not take up new business (RF-43).
	sells bool
	// targets are what the page may be about; nil means customers where the path
	// has an id, else nothing.
	targets func(h *house, a *actor) []target
	query   func(h *house, a *actor, about target) url.Values
	form    func(h *house, a *actor, about target) url.Values
	header  map[string]string
	file    bool // the form has a file
	// ok are the statuses of success beside 200 and 303, elsewhere those about
	// what is none of the reader's business, nil for 404.
	ok, elsewhere []int
}

// row is a question to the matrix.
type row struct {
	action policy.Action
	write  bool
}

var (
	listing   = row{"customer.list", false}
	adding    = row{"customer.add", true}
	importing = row{"organization.import", true}
	account   = row{"customer.account.view", false}
	tagging   = row{"customer.tag", true}
	attesting = row{"agreement.attest", true}
	appealing = row{"customer.verification.resubmit", true}
	billing   = row{"customer.billing.update", false}

	readingMail                = row{"mail.view", false}
	readingTexts, writingTexts = row{"message.view", false}, row{"message.update", true}

	activityLog = row{"activity.view", false}
)

// ticked is the form of who has saved what was shown once.
func ticked(*house, *actor, target) url.Values { return url.Values{"saved": {"yes"}} }

// anyStatus is where a page leads on whatever it is about.
var anyStatus = []int{http.StatusOK, http.StatusSeeOther}

// pages has an entry for every page of the portal, by its pattern; some are
// opened in several ways.
var pages = map[string][]page{
	"/":          {{ok: []int{http.StatusNotFound}}},
	"GET /{$}":   {{}},
	"GET /home":  {{kind: policy.Partner, leads: true}},
	"GET /admin": {{kind: policy.Customer}},
	"GET /search": {
		{kind: policy.Partner, leads: true, query: searching},
		{kind: policy.Partner, leads: true, query: about("q"), targets: (*house).customerTargets, elsewhere: anyStatus},
	},
	"GET /my-access":    {{}},
	"GET /profile":      {{}},
	"POST /preferences": {{form: preferences}},

	"GET /customers": {
		{rows: []row{listing}},
		{rows: []row{listing}, query: searching},
		{rows: []row{listing}, query: every},
		{rows: []row{listing}, then: []row{account}, query: about("open"), targets: (*house).customerTargets, elsewhere: anyStatus},
		{rows: []row{listing}, then: []row{account}, query: about("open"), targets: (*house).customerTargets, header: asksFor("pane")},
		{rows: []row{listing}, query: about("added"), targets: (*house).customerTargets, header: asksFor("customers"), elsewhere: anyStatus},
		{rows: []row{listing}, query: about("reseller"), targets: partnerTargets, elsewhere: anyStatus},
		{rows: []row{listing}, query: about("provider"), targets: partnerTargets, elsewhere: anyStatus},
	},
	"GET /customers/export":    {{rows: []row{{"customer.export", true}}}},
	"POST /customers/tags/ask": {{rows: []row{listing}, targets: (*house).customerTargets, form: selected, elsewhere: anyStatus}},
	"POST /customers/tags": {
		{rows: []row{listing, tagging}, targets: (*house).customerTargets, form: retagged, elsewhere: []int{http.StatusOK}},
	},
	"GET /customers/new": {
		{rows: []row{adding}, sells: true},
		{rows: []row{adding}, sells: true, query: func(*house, *actor, target) url.Values { return url.Values{"draft": {"resume"}} }},
		{rows: []row{adding}, sells: true, query: about("reseller"), targets: partnerTargets, elsewhere: anyStatus},
	},
	"POST /customers/new":        {{rows: []row{adding}, sells: true, form: typedCustomer}},
	"POST /customers/new/check":  {{rows: []row{adding}, sells: true, form: typedCustomer}},
	"GET /customers/new/review":  {{rows: []row{adding}, sells: true}, {rows: []row{adding}, sells: true, query: afterTyping}},
	"POST /customers/new/review": {{rows: []row{adding}, sells: true, form: reviewed}},
	"POST /customers/new/done":   {{rows: []row{adding}, sells: true, form: ticked}},
	"POST /customers/new/again":  {{rows: []row{adding}, sells: true, form: ticked}},
	"POST /customers/new/assign": {{rows: []row{adding}, sells: true, form: ticked}},

	"GET /customers/{id}":                            {{elsewhere: anyStatus}},
	"GET /customers/{id}/account/{part}":             {{elsewhere: anyStatus}},
	"GET /customers/{id}/account":                    {{rows: []row{account}}},
	"POST /customers/{id}/account/billing":           {{rows: []row{account}, then: []row{billing}, form: profileForm, ok: []int{http.StatusBadRequest}}},
	"POST /customers/{id}/account/tags":              {{rows: []row{tagging}, form: tagForm}},
	"GET /customers/{id}/account/agreement":          {{rows: []row{account}, then: []row{attesting}}},
	"GET /customers/{id}/account/agreement/document": {{rows: []row{account}, then: []row{{"agreement.view", false}}, query: shippedText}},
	"POST /customers/{id}/account/agreement":         {{rows: []row{account}, then: []row{attesting}, form: attestation}},
	"GET /customers/{id}/account/qualification":      {{rows: []row{account}, then: []row{{"customer.qualification", true}}}},
	"POST /customers/{id}/account/qualification":     {{rows: []row{account}, then: []row{{"customer.qualification", true}}, form: qualifiedForm, ok: []int{http.StatusBadRequest}}},
	"GET /customers/{id}/account/appeal":             {{rows: []row{account}, then: []row{appealing}}},
	"POST /customers/{id}/account/appeal":            {{rows: []row{account}, then: []row{appealing}, form: appeal, ok: []int{http.StatusConflict}}},

	"GET /admin/agreement":          {{kind: policy.Customer, rows: []row{{"own.agreement.accept", false}}}},
	"GET /admin/agreement/document": {{kind: policy.Customer, rows: []row{{"own.agreement.accept", false}}, query: shippedText}},
	"POST /admin/agreement":         {{kind: policy.Customer, rows: []row{{"own.agreement.accept", true}}, form: acceptance, ok: []int{http.StatusConflict}}},

	"GET /admin/gdap/{id}":  {{kind: policy.Customer, rows: []row{{"own.partner.view", false}}, targets: offerTargets, elsewhere: []int{http.StatusForbidden, http.StatusNotFound}}},
	"POST /admin/gdap/{id}": {{kind: policy.Customer, rows: []row{{"own.gdap.decide", true}}, targets: offerTargets, form: approving, ok: []int{http.StatusConflict}, elsewhere: []int{http.StatusForbidden, http.StatusNotFound}}},

	"GET /admin/partners":                                    {{kind: policy.Customer, rows: []row{ownPartners}}, {kind: policy.Customer, rows: []row{ownPartners}, query: func(*house, *actor, target) url.Values { return url.Values{"state": {"active", "expired"}} }}},
	"GET /admin/partners/{partner}":                          {{kind: policy.Customer, rows: []row{ownPartners}, targets: partnersOf}},
	"POST /admin/partners/{partner}/roles/{relationship}":    {{kind: policy.Customer, rows: []row{ownPartners}, then: []row{{"own.gdap.decide", true}}, targets: rolesOf, form: staleVersion, ok: []int{http.StatusPreconditionFailed, http.StatusConflict}}},
	"GET /admin/partners/{partner}/roles/{relationship}/end": {{kind: policy.Customer, rows: []row{ownPartners}, targets: rolesOf}},
	"POST /admin/partners/{partner}/roles/{relationship}/end": {
		{kind: policy.Customer, rows: []row{ownPartners}, then: []row{{"own.gdap.decide", true}}, targets: askedRoles, ok: []int{http.StatusConflict}},
	},
	"GET /admin/partners/{partner}/end":  {{kind: policy.Customer, rows: []row{ownPartners}, targets: partnersOf}},
	"POST /admin/partners/{partner}/end": {{kind: policy.Customer, rows: []row{ownPartners}, targets: partnersOf, form: nothingTyped, ok: refusedForms}},

	"GET /admin/invitation": {
		{kind: policy.Customer, others: notForPartners, rows: []row{answering}, query: invited},
		{kind: policy.Customer, others: notForPartners, rows: []row{answering}, query: func(h *house, a *actor, t target) url.Values {
			q := invited(h, a, t)
			q.Set("step", "company")
			return q
		}},
	},
	"POST /admin/invitation":         {{kind: policy.Customer, others: notForPartners, rows: []row{answering}, query: invited, form: typedCompany, ok: refusedForms}},
	"GET /admin/invitation/review":   {{kind: policy.Customer, others: notForPartners, rows: []row{answering}, query: invited}},
	"POST /admin/invitation/review":  {{kind: policy.Customer, others: notForPartners, rows: []row{answering}, query: invited, form: unticked, ok: refusedForms}},
	"GET /admin/invitation/decline":  {{kind: policy.Customer, others: notForPartners, rows: []row{answering}, query: invited}},
	"POST /admin/invitation/decline": {{kind: policy.Customer, others: notForPartners, rows: []row{answering}, query: invited, form: illegible, ok: refusedForms}},
	"GET /admin/invitation/done":     {{kind: policy.Customer, rows: []row{answering}, query: invited}},

	"GET /operator/agreements":                 {{kind: policy.Operator, rows: []row{{"agreement.template.view", false}}}},
	"GET /operator/agreements/new":             {{kind: policy.Operator, rows: []row{{"agreement.template.update", true}}}},
	"POST /operator/agreements":                {{kind: policy.Operator, rows: []row{{"agreement.template.update", true}}, file: true, ok: []int{http.StatusBadRequest}}},
	"GET /operator/agreements/{rank}":          {{kind: policy.Operator, rows: []row{{"agreement.template.view", false}}}},
	"GET /operator/agreements/{rank}/document": {{kind: policy.Operator, rows: []row{{"agreement.template.view", false}}}},
	"POST /operator/agreements/{rank}":         {{kind: policy.Operator, rows: []row{{"agreement.template.update", true}}, file: true, ok: []int{http.StatusNotFound}}},

	"GET /operator/qualifications":                                  {{kind: policy.Operator, rows: []row{{"qualification.decide", false}}}},
	"GET /operator/qualifications/codes":                            {{kind: policy.Operator, rows: []row{{"qualification.code.issue", true}}}},
	"POST /operator/qualifications/codes":                           {{kind: policy.Operator, rows: []row{{"qualification.code.issue", true}}, ok: []int{http.StatusBadRequest}}},
	"GET /operator/qualifications/{partner}/{customer}/{kind}":      {{kind: policy.Operator, rows: []row{{"qualification.decide", false}}, targets: qualifications}},
	"GET /operator/qualifications/{partner}/{customer}/{kind}/deny": {{kind: policy.Operator, rows: []row{{"qualification.decide", false}}, targets: qualifications}},
	"POST /operator/qualifications/{partner}/{customer}/{kind}":     {{kind: policy.Operator, rows: []row{{"qualification.decide", false}}, targets: qualifications, form: approval, ok: []int{http.StatusConflict}}},

	"GET /agreements":                     {{rows: []row{attesting}}},
	"POST /agreements/ask":                {{rows: []row{attesting}, form: selected}},
	"POST /agreements":                    {{rows: []row{attesting}, targets: (*house).customerTargets, form: planned, elsewhere: anyStatus}},
	"GET /agreements/{id}":                {{rows: []row{{"agreement.view", false}}, targets: rounds}},
	"POST /agreements/{id}":               {{rows: []row{{"agreement.view", false}}, targets: rounds, form: nothingTyped}},
	"GET /agreements/{id}/rows/{number}":  {{rows: []row{attesting}, targets: roundRows}},
	"POST /agreements/{id}/rows/{number}": {{rows: []row{attesting}, targets: roundRows, form: corrected}},

	"GET /customers/admin-relationships/bulk":              {{rows: []row{{"gdap.assign", true}}}},
	"POST /customers/admin-relationships/bulk":             {{rows: []row{{"gdap.assign", true}}, file: true, ok: []int{http.StatusBadRequest}}},
	"GET /customers/admin-relationships/bulk/template":     {{}},
	"GET /customers/admin-relationships/bulk/{id}":         {{rows: []row{{"gdap.view", false}}, targets: batches}},
	"POST /customers/admin-relationships/bulk/{id}":        {{rows: []row{{"gdap.view", false}}, targets: batches, form: nothingTyped}},
	"GET /customers/admin-relationships/bulk/{id}/results": {{rows: []row{{"gdap.view", false}}, targets: batches}},

	"GET /imports":                 {{rows: []row{adding}, operates: []row{importing}, sells: true}},
	"POST /imports":                {{rows: []row{adding}, operates: []row{importing}, sells: true, file: true}},
	"GET /imports/template":        {{}},
	"GET /imports/{id}":            {{targets: imports}},
	"POST /imports/{id}":           {{targets: imports, form: nothingTyped}},
	"GET /imports/{id}/results":    {{targets: imports}},
	"GET /imports/{id}/{part}":     {{targets: imports, elsewhere: anyStatus}},
	"POST /imports/{id}/passwords": {{then: []row{adding}, targets: fresh, ok: []int{http.StatusConflict}}},
	"POST /imports/{id}/discard":   {{targets: fresh}},
	"GET /jobs":                    {{}},

	"GET /settings": {{kind: policy.Partner}},
	"GET /settings/activity-log": {
		{kind: policy.Partner, rows: []row{activityLog}},
		{kind: policy.Partner, rows: []row{activityLog}, query: about("customer"), targets: (*house).customerTargets, elsewhere: anyStatus},
		{kind: policy.Partner, rows: []row{activityLog}, query: about("open"), targets: logLines, header: asksFor("pane")},
	},
	"GET /settings/activity-log/export": {{kind: policy.Partner, rows: []row{{"activity.view", true}}}},

	"GET /operator": {{kind: policy.Operator, rows: []row{{"partner.list", false}}}},

	"GET /dashboard":                                    {{ok: moved}},
	"GET /dashboard/home":                               {{ok: moved}},
	"GET /dashboard/commerce2/customers/list":           {{ok: moved}},
	"GET /dashboard/v2/customers/list":                  {{ok: moved}},
	"GET /commerce/customers/list":                      {{ok: moved}},
	"GET /dashboard/commerce2/customers/{id}/{rest...}": {{ok: moved, elsewhere: moved}},
	"GET /commerce/customers/{id}/{rest...}":            {{ok: moved, elsewhere: moved}},
	"GET /dashboard/commerce2/customers/addcustomer":    {{ok: moved}},
	"GET /adminportal/home":                             {{ok: moved}, {ok: moved, query: func(*house, *actor, target) url.Values { return url.Values{"ref": {"/BillingAccounts/agreement"}} }}},

	"GET /notifications":                  {{}},
	"GET /notifications/panel":            {{}},
	"GET /notifications/archive":          {{}},
	"GET /notifications/preferences":      {{}},
	"GET /notifications/address":          {{query: func(*house, *actor, target) url.Values { return url.Values{"code": {payload}} }}},
	"GET /notifications/{id}":             {{targets: notices}},
	"POST /notifications/read":            {{targets: notices, form: selected, elsewhere: anyStatus}},
	"POST /notifications/archive":         {{targets: notices, form: selected, elsewhere: anyStatus}},
	"POST /notifications/restore":         {{targets: notices, form: selected, elsewhere: anyStatus}},
	"POST /notifications/preferences":     {{form: func(*house, *actor, target) url.Values { return url.Values{"language": {"sv"}, "mail": {payload}} }}},
	"POST /notifications/address":         {{form: func(*house, *actor, target) url.Values { return url.Values{"address": {payload}} }, ok: refusedForms}},
	"POST /notifications/address/confirm": {{form: func(*house, *actor, target) url.Values { return url.Values{"code": {payload}} }, ok: refusedForms}},

	"GET /operator/mail":               {{kind: policy.Operator, rows: []row{readingMail}}},
	"GET /operator/mail/{id}":          {{kind: policy.Operator, rows: []row{readingMail}, targets: writtenMail}},
	"GET /operator/mail/{id}/page":     {{kind: policy.Operator, rows: []row{readingMail}, targets: writtenMail}},
	"GET /operator/mail/{id}/download": {{kind: policy.Operator, rows: []row{readingMail}, targets: writtenMail}},
	"POST /operator/mail/{id}/resend":  {{kind: policy.Operator, rows: []row{{"mail.resend", true}}, targets: writtenMail}},
	"POST /operator/mail/resend":       {{kind: policy.Operator, rows: []row{{"mail.resend", true}}}},
	"POST /operator/mail/events":       {{kind: policy.Operator, rows: []row{{"job.manage", true}}}},

	"GET /operator/messages":                          {{kind: policy.Operator, rows: []row{readingTexts}}},
	"GET /operator/messages/{kind}/{language}":        {{kind: policy.Operator, rows: []row{readingTexts}}},
	"POST /operator/messages/{kind}/{language}":       {{kind: policy.Operator, rows: []row{writingTexts}, form: mailWords}},
	"POST /operator/messages/{kind}/{language}/page":  {{kind: policy.Operator, rows: []row{readingTexts}, form: mailWords}},
	"POST /operator/messages/{kind}/{language}/try":   {{kind: policy.Operator, rows: []row{writingTexts}, form: mailWords}},
	"POST /operator/messages/{kind}/{language}/reset": {{kind: policy.Operator, rows: []row{writingTexts}}},

	"GET /profile/security":                    {{}},
	"POST /profile/security/password":          {{form: wrongPassword, ok: []int{http.StatusBadRequest}}},
	"POST /profile/security/app":               {{form: named("Telefon")}},
	"POST /profile/security/app/confirm":       {{form: strangersFactor, ok: refusedForms}},
	"POST /profile/security/passkey/options":   {{}},
	"POST /profile/security/passkey":           {{form: strangersFactor, ok: refusedForms}},
	"GET /profile/security/factors/remove":     {{query: strangersFactor, ok: refusedForms}},
	"POST /profile/security/factors/remove":    {{form: strangersFactor, ok: refusedForms}},
	"POST /profile/security/recovery":          {{ok: refusedForms}},
	"POST /profile/security/sessions/end":      {{form: strangersSession, ok: refusedForms}},
	"POST /profile/security/consents/withdraw": {{form: strangersConsent}},
	"POST /profile/security/done":              {{form: ticked}},
}

// moved is the status of an old address.
var moved = []int{http.StatusFound}

// refusedForms are the statuses of forms about what the reader does not have.
var refusedForms = []int{http.StatusBadRequest, http.StatusNotFound, http.StatusConflict}

// about puts the target into a member of the address.
func about(name string) func(*house, *actor, target) url.Values {
	return func(_ *house, _ *actor, t target) url.Values { return url.Values{name: {t.id}} }
}

// asksFor are the headers with which the script asks for a part of a page.
func asksFor(element string) map[string]string {
	return map[string]string{"Hx-Request": "true", "Hx-Target": "div#" + element}
}

// searching looks for the beginning of words that names of all partners'
// customers have.
func searching(*house, *actor, target) url.Values { return url.Values{"q": {"bo"}} }

// every asks for as much as a list shows at once, with all columns.
func every(*house, *actor, target) url.Values {
	return url.Values{"size": {"200"}, "cols": {"name,domain,id,relation,status,tags,original,country,qualification,created,reseller,provider"}}
}

// partnerTargets are partners by whom lists are filtered.
func partnerTargets(h *house, a *actor) []target {
	var all []target
	for _, o := range h.orgs {
		if o.kind == policy.Partner {
			all = append(all, target{"the partner " + o.key, string(o.tenant), a.org.knows[o.tenant]})
		}
	}
	return all
}

func preferences(*house, *actor, target) url.Values {
	return url.Values{"theme": {"dark"}, "back": {"//evil.example/"}}
}

func selected(_ *house, _ *actor, t target) url.Values { return url.Values{"id": {t.id}} }

func retagged(_ *house, _ *actor, t target) url.Values {
	return url.Values{"id": {t.id}, "add": {"Ny " + payload}}
}

func tagForm(*house, *actor, target) url.Values {
	return url.Values{"tags": {"Tagg " + payload + ", Andra"}}
}

// typedCustomer is the wizard filled in, and a draft once it was sent: nobody
// else's business.
func typedCustomer(h *house, a *actor, _ target) url.Values {
	b := h.newCustomer(payload)
	h.secrets.keep(a.org.tenant, a.user, b.CompanyName, b.Billing.Email)
	return url.Values{
		"country": {"SE"}, "company": {b.CompanyName}, "distinct": {"yes"}, "line1": {b.Billing.Address.AddressLine1}, "city": {"Lund"},
		"postal-code": {"222 21"}, "address-confirmed": {"yes"}, "phone": {b.Billing.Address.PhoneNumber}, "first-name": {b.Billing.FirstName},
		"last-name": {b.Billing.LastName}, "email": {b.Billing.Email}, "culture": {"sv-SE"}, "domain": {b.Domain}, "agreement": {"later"},
		"gdap": {"yes"}, "go": {"next"},
	}
}

// afterTyping leaves a draft behind and asks for nothing.
func afterTyping(h *house, a *actor, t target) url.Values {
	if _, err := h.visit(a.address, &a.browser, http.MethodPost, "/customers/new", typedCustomer(h, a, t)); err != nil {
		panic(err)
	}
	return nil
}

var requestID = regexp.MustCompile(`name="request-id" value="([^"]+)"`)

// reviewed confirms the draft that the reader has, under the key of its page.
func reviewed(h *house, a *actor, _ target) url.Values {
	got, err := h.visit(a.address, &a.browser, http.MethodGet, "/customers/new/review", nil)
	if err != nil {
		panic(err)
	}
	form := url.Values{"go": {"add"}}
	if found := requestID.FindStringSubmatch(got.body); found != nil {
		form.Set("request-id", found[1])
	}
	return form
}

// profileForm is the billing information with a name that is a danger to pages.
// The page asks before it saves that; a stranger's customer it would change at once.
func profileForm(h *house, a *actor, t target) url.Values {
	c := customer.Customer{Billing: h.newCustomer("").Billing}
	if t.own && a.org.kind == policy.Partner {
		var err error
		if c, err = do(h, customer.GetBilling, a.org.system(), customer.Ref{ID: id.Tenant(t.id)}); err != nil {
			panic(err)
		}
	}
	b := c.Billing
	if !strings.Contains(b.CompanyName, payload) {
		b.CompanyName += " " + payload
	}
	return url.Values{
		"etag": {strconv.FormatInt(c.Version, 10)}, "company": {b.CompanyName}, "registration-type": {c.Registration.Type},
		"registration-id": {c.Registration.ID}, "line1": {b.Address.AddressLine1}, "line2": {b.Address.AddressLine2}, "city": {b.Address.City},
		"state": {b.Address.State}, "postal-code": {b.Address.PostalCode}, "phone": {b.Address.PhoneNumber}, "first-name": {b.FirstName},
		"middle-name": {b.Address.MiddleName}, "last-name": {b.LastName}, "email": {b.Email}, "culture": {b.Culture},
		"address-confirmed": {"yes"},
	}
}

func attestation(h *house, _ *actor, _ target) url.Values {
	h.made++
	return url.Values{
		"agreed-on": {h.Kernel.Clock.Now().Format(time.DateOnly)}, "agreed-first": {"Tove"}, "agreed-last": {"Alm"},
		"agreed-email": {fmt.Sprintf("tove%d@kund.example", h.made)}, "agreed-phone": {"046123456"},
	}
}

// shippedText asks for the agreement that the program comes with.
func shippedText(*house, *actor, target) url.Values {
	return url.Values{"rank": {"1"}, "language": {"sv"}}
}

func acceptance(*house, *actor, target) url.Values {
	return url.Values{"rank": {"1"}, "agreed": {"yes"}}
}

func qualifiedForm(*house, *actor, target) url.Values {
	return url.Values{"qualification": {"StateOwnedEntity"}}
}

// qualify asks for a special qualification, which the operator finds in the queue.
func (h *house) qualify() error {
	direct := h.org("direct")
	_, err := do(h, qualification.Ask, direct.system(), qualification.Asking{
		Customer: direct.customers[0], Request: qualification.Request{Qualification: qualification.StateOwnedEntity},
	})
	return err
}

// qualifications are one that was asked for, and none.
func qualifications(h *house, _ *actor) []target {
	direct := h.org("direct")
	return []target{
		{"a request of direct", string(direct.tenant) + "/" + string(direct.customers[0]), true},
		{"no request", string(direct.tenant) + "/00000000-0000-4000-8000-000000000001", false},
	}
}

func appeal(*house, *actor, target) url.Values {
	return url.Values{"text": {"Adressen är rättad. " + payload}}
}

// logLines are a line of the reader's own log, lines of those of others, and nobody's.
func logLines(h *house, a *actor) []target {
	all := []target{{"nobody's record", "01900000-0000-7000-8000-000000000000", false}}
	for _, o := range h.orgs {
		if o.kind == policy.Partner {
			all = append(all, target{"a record of " + o.key, h.lastRecord(o).ID, o == a.org})
		}
	}
	return all
}

func planned(_ *house, _ *actor, about target) url.Values {
	return url.Values{"id": {about.id}, "on": {"2026-01-05"}, "person": {"last"}}
}

func corrected(*house, *actor, target) url.Values {
	return url.Values{"on": {"2026-01-05"}, "first-name": {"Maja"}, "last-name": {"Lind"}, "email": {"maja@fjallbageriet.example"}}
}

// rounds are plans of agreements: the reader's own, a colleague's or a stranger's,
// and nobody's.
func rounds(h *house, a *actor) []target {
	all := []target{{"nobody's round", "01900000-0000-7000-8000-000000000000", false}}
	if a.round == "" && len(a.org.customers) > 0 && h.refusal(a, "agreement.attest", true) == nil {
		customers := a.org.customers[:1]
		if a.org.danger != "" {
			customers = []id.Tenant{a.org.danger}
		}
		made, err := agreement.PlanRound.Do(h.ctx, h.Kernel, a.as(), agreement.RoundPlan{
			Customers: customers, Person: agreement.LastPerson, AgreedAt: h.Kernel.Clock.Now(),
		})
		if err != nil {
			panic(err)
		}
		a.round = made.ID
	}
	if a.round != "" {
		all = append(all, target{"his round", a.round, true})
	}
	for _, other := range h.actors {
		if other != a && other.round != "" {
			all = append(all, target{"a round of " + other.name, other.round, false})
		}
	}
	return all[:min(len(all), 4)]
}

// batches are plans about admin relationships: the reader's own, a colleague's or a
// stranger's, and nobody's.
func batches(h *house, a *actor) []target {
	all := []target{{"nobody's batch", "01900000-0000-7000-8000-000000000000", false}}
	if a.batch == "" && len(a.org.customers) > 0 && h.refusal(a, gdapbulk.Asking.Action(), true) == nil {
		about := a.org.customers[0]
		if a.org.danger != "" {
			about = a.org.danger
		}
		made, err := gdapbulk.Plan[gdapbulk.Asking].Do(h.ctx, h.Kernel, a.as(), gdapbulk.Order{Kind: gdapbulk.Asking, File: payload, Rows: []gdapbulk.Row{{
			Number: 1, Line: 2, Given: gdapbulk.Given{gdapbulk.CustomerColumn: string(about), gdapbulk.NameColumn: payload, gdapbulk.RolesColumn: "Global Reader"},
		}}})
		if err != nil {
			panic(err)
		}
		a.batch = made.ID
	}
	if a.batch != "" {
		all = append(all, target{"his batch", a.batch, true})
	}
	for _, other := range h.actors {
		if other != a && other.batch != "" {
			all = append(all, target{"a batch of " + other.name, other.batch, false})
		}
	}
	return all[:min(len(all), 4)]
}

// roundRows are the first customers of rounds.
func roundRows(h *house, a *actor) []target {
	all := rounds(h, a)
	for i := range all {
		all[i].id += "/rows/1"
	}
	return all
}

func nothingTyped(*house, *actor, target) url.Values { return url.Values{} }

// imports are the reader's own, a colleague's, a stranger's and nobody's.
func imports(h *house, a *actor) []target {
	all := []target{{"nobody's import", "01900000-0000-7000-8000-000000000000", false}}
	if a.file != "" {
		all = append(all, target{"his import", a.file, true})
	}
	for _, other := range h.actors {
		if other != a && other.file != "" {
			all = append(all, target{"an import of " + other.name, other.file, false})
		}
	}
	return all[:min(len(all), 4)]
}

// fresh are imports of which the reader's own was uploaded a moment ago: it may be
// discarded, and another page may have discarded the one before.
func fresh(h *house, a *actor) []target {
	all := imports(h, a)
	if a.file != "" {
		if err := h.upload(a); err != nil {
			panic(err)
		}
		all[1].id = a.file
		a.file = all[1].id
	}
	return all
}

// cases are accounts that are or were verified, and one that nobody has.
func cases(h *house, _ *actor) []target {
	direct := h.org("direct")
	all := []target{{"no account", "00000000-0000-4000-8000-000000000000/00000000-0000-4000-8000-000000000001", false}}
	for _, c := range []id.Tenant{direct.customers[0], direct.customers[9], direct.danger} {
		all = append(all, target{"an account of direct", string(direct.tenant) + "/" + string(c), true})
	}
	return all
}

func wrongPassword(*house, *actor, target) url.Values {
	return url.Values{"current": {"not the password"}, "password": {"Another-Long-Secret-9"}, "repeat": {"Another-Long-Secret-9"}}
}

func named(name string) func(*house, *actor, target) url.Values {
	return func(*house, *actor, target) url.Values { return url.Values{"name": {name}} }
}

// strangersFactor names a second factor that somebody else has begun to add.
func strangersFactor(h *house, a *actor, _ target) url.Values {
	return url.Values{"id": {h.factor}, "code": {"000000"}, "passkey-id": {h.factor}, "passkey": {"{}"}}
}

// strangersSession names a session of somebody else, who must stay signed in.
func strangersSession(h *house, a *actor, _ target) url.Values {
	victim := h.actor("direct first-user")
	if a == victim {
		victim = h.actor("provider first-user")
	}
	sessions, err := do(h, identity.ListSessions, victim.as(), struct{}{})
	if err != nil || len(sessions) == 0 {
		panic(fmt.Sprintf("%s has no session: %v", victim, err))
	}
	return url.Values{"handle": {sessions[0].Handle}}
}

func strangersConsent(h *house, _ *actor, _ target) url.Values {
	return url.Values{"app": {string(h.org("foreign").app.ID)}}
}

// pathOf returns the address of a pattern about a target.
func pathOf(pattern string, t target) (method, path string) {
	method, path, found := strings.Cut(pattern, " ")
	if !found { // the page for all that is no page
		return http.MethodGet, "/" + "nothing-of-the-kind"
	}
	path = strings.ReplaceAll(path, "{$}", "")
	path = strings.ReplaceAll(path, "{tenant}", "common")
	path = strings.ReplaceAll(path, "{id}/account/documents/{document}", t.id)
	path = strings.ReplaceAll(path, "{partner}/{customer}/documents/{document}", t.id)
	path = strings.ReplaceAll(path, "{partner}/{customer}", t.id)
	path = strings.ReplaceAll(path, "{partner}/roles/{relationship}", t.id)
	path = strings.ReplaceAll(path, "/partners/{partner}", "/partners/"+t.id)
	path = strings.ReplaceAll(path, "{id}/rows/{number}", t.id)
	path = strings.ReplaceAll(path, "{id}/types/{type}", t.id)
	path = strings.ReplaceAll(path, "{id}/admin-relationships/{relationship}/groups/{assignment}", t.id)
	path = strings.ReplaceAll(path, "{id}/admin-relationships/{relationship}", t.id)
	for _, name := range []string{"{id}", "{user}", "{group}", "{app}", "{token}"} {
		path = strings.ReplaceAll(path, name, t.id)
	}
	path = strings.ReplaceAll(path, "{part}", "part")
	path = strings.ReplaceAll(path, "{rank}", "1")
	path = strings.ReplaceAll(path, "/operator/drafts/{kind}/{language}", "/operator/drafts/own/sv")
	path = strings.ReplaceAll(path, "{kind}/{language}", "verification.approved/sv")
	path = strings.ReplaceAll(path, "{kind}", "StateOwnedEntity")
	return method, strings.ReplaceAll(path, "{rest...}", "account")
}

// approval approves a special qualification.
func approval(*house, *actor, target) url.Values { return url.Values{"go": {"approve"}} }
