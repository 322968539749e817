package v1

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"comptoir/internal/api/v1/wire"
)

const customerTemplate = "117a77b0-9360-443b-8795-c6dedc750cf9"

// Section 11.5: links that open the text without a token, for five minutes.
func TestTheTextOfTheAgreement(t *testing.T) {
	w := newWorld(t)
	for query, want := range map[string]string{
		"":                           "US en-US",
		"?country=SE&language=sv-SE": "SE sv-SE",
		"?Country=SE&Language=fr-FR": "SE en-US", // not a language of the country
		"?country=FR&language=fr-fr": "FR en-US", // with its letter case
	} {
		var got wire.AgreementDocument
		w.get("direct", "/v1/agreementtemplates/"+customerTemplate+"/document"+query).want(200).into(&got)
		if got.Country+" "+got.Language != want || got.VersionRank != 1 {
			t.Errorf("%q: %+v", query, got)
		}
	}
	w.get("direct", "/v1/agreementtemplates/"+customerTemplate+"/document?country=se").refused(400, "2000")
	w.get("direct", "/v1/agreementtemplates/998b88de-aa99-4388-a42c-1b3517d49490/document").refused(404, "1000")
	w.get("direct-app", "/v1/agreementtemplates/"+customerTemplate+"/document").refused(403, "900329")

	var made wire.AgreementDocument
	w.get("reseller", "/v1/AgreementTemplates/"+customerTemplate+"/document?country=SE&language=sv-SE").want(200).into(&made)
	for link, disposition := range map[string]string{made.DisplayURI: "inline", made.DownloadURI: "attachment"} {
		u, err := url.Parse(link)
		if err != nil || !u.IsAbs() {
			t.Fatalf("link %q: %v", link, err)
		}
		opened := w.get("", u.RequestURI()).want(200)
		if body := opened.Body.String(); !strings.Contains(body, "Användning av tjänsterna") || !strings.HasPrefix(body, "<!DOCTYPE html>") {
			t.Errorf("opened %.200s", body)
		}
		h := opened.Header()
		if !strings.HasPrefix(h.Get("Content-Disposition"), disposition+"; filename=") || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("headers %v", h)
		}
	}
	w.get("", "/v1/agreementdocuments/1.sv-SE.9999999999.AAAA").refused(404, "1000")
}

// Section 11.7: what was attested last, and many attestations at once.
func TestAttestationsInBulk(t *testing.T) { // AG3, RF-20
	w := newWorld(t)
	one, two := w.add("direct", fjallbageri), w.add("direct", newBody("Nordbageri AB", "nordbageri"))
	item := func(customer, date string, more string) string {
		return fmt.Sprintf(`{"PartnerId":%q,"CustomerId":%q,"Agreement":{"TemplateId":%q,"DateAgreed":%q,"PrimaryContact":{"FirstName":"Maja","LastName":"Lind","Email":"maja@fjallbageri.example"}}%s}`,
			w.actors["direct"].Tenant, customer, customerTemplate, date, more)
	}
	send := func(as string, items ...string) answerTo {
		return w.send(request{as: as, method: http.MethodPost, target: "/v1/CreateBulkReAttestation", body: "[" + strings.Join(items, ",") + "]"})
	}
	if body := send("direct", item(one.ID, "2026-11-02", ""), item(two.ID, "", `,"CustomerDirectAcceptance":true`)).want(200).Body.String(); body != "" {
		t.Errorf("answered %s", body)
	}
	send("direct", item(one.ID, "2026-11-02", "")).want(200) // known already
	var page wire.CustomerAgreementRecords
	w.get("direct", "/v1/partners/customeragreementrecords?continuation_token=").want(200).into(&page)
	if len(page.Records) != 1 || page.ContinuationToken != "" || !page.Records[0].PartnerAttestationCompleted ||
		page.Records[0].LastAgreementDateEpoch != 1793577600 || page.Records[0].LastAgreementPrimaryContact.FirstName != "Maja" {
		t.Errorf("records %+v", page)
	}
	bad := send("direct", item(one.ID, "2026-11-02", ""), item(two.ID, "2027-01-01", "")).refused(400, "3000")
	if !strings.Contains(bad.Body.String(), `"[1].agreement.dateAgreed:  `) {
		t.Errorf("the item is not named in %s", bad.Body)
	}
	send("direct", strings.Replace(item(one.ID, "2026-11-02", ""), customerTemplate, "x", 1)).refused(400, "27002")
	send("direct", strings.Replace(item(one.ID, "2026-11-02", ""), string(w.actors["direct"].Tenant), string(w.actors["provider"].Tenant), 1)).refused(400, "27002")
	send("direct", item("x", "2026-11-02", "")).refused(400, "27002")
	send("stranger", `{"customerId":"`+one.ID+`","customerDirectAcceptance":true}`).refused(404, "1000")
	send("reseller", `{"customerId":"`+one.ID+`","customerDirectAcceptance":true}`).refused(403, "2032") // RF-04
	w.get("direct", "/v1/partners/customeragreementrecords?continuation_token=x").refused(400, "2000")
}

// Section 17.6: whether a partner has signed its agreement.
func TestWhoHasSignedThePartnerAgreement(t *testing.T) { // RF-07
	w := newWorld(t)
	reseller := string(w.actors["reseller"].Tenant)
	for query, want := range map[string]string{
		"mpnId=&tenantId=":             "2001",
		"":                             "2001",
		"mpnId=1&tenantId=" + reseller: "2000",
		"tenantId=x":                   "2000",
		"mpnId=12a":                    "2000",
		"mpnId=999999999999":           "2200",
		"tenantId=0190b3f8-0000-7000-8000-000000000000": "2205",
	} {
		w.get("provider", "/v1/compliance/csp/agreementstatus?"+query).refused(400, want)
	}
	w.get("provider", "/v1/compliance/bingo/agreementstatus?tenantId="+reseller).refused(404, "1000")
	if got := w.get("provider", "/v1/compliance/csp/agreementstatus?mpnId=&tenantId="+reseller).want(200).Body.String(); got != `{"isAgreementSigned":true}` {
		t.Errorf("answered %s", got)
	}
}
