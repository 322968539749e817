package v1

import (
	"net/http"
	"strings"
	"testing"

	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"

	"comptoir/internal/api/v1/wire"
)

const legalBody = `{"CompanyName":"Nordmolnet AB","Address":{"Country":"SE","City":"Malmö","AddressLine1":"Hamngatan 12","AddressLine2":"Plan 3","Region":null,"State":"Skåne","PostalCode":"211 22",
 "FirstName":"Ida","LastName":"Berg","PhoneNumber":"0401234567"},"PrimaryContact":{"FirstName":"Ida","LastName":"Berg","Email":"ida@nordmolnet.example","PhoneNumber":"0401234567"},
 "CompanyApproverAddress":{"Country":"SE","City":"Malmö","State":"Skåne","AddressLine1":"Hamngatan 12","AddressLine2":"Plan 3","PostalCode":"211 22","FirstName":null},"CompanyApproverEmail":"ida@nordmolnet.example",
 "VettingStatus":"authorized","VettingSubStatus":"none","ProfileType":"legal_business_profile","Links":{},"Attributes":{"ObjectType":"LegalBusinessProfile"}}`

// Section 17.1: another name or address has the business vetted again; what was
// accepted last stays to be read.
func TestTheLegalProfileIsVettedAgainWhenItChanges(t *testing.T) {
	w := newWorld(t)
	w.get("direct-app", "/v1/profiles/legalbusiness").want(200)
	w.send(request{as: "direct", method: http.MethodPut, target: "/v1/profiles/legalbusiness", body: legalBody}).want(200)

	var now, final wire.LegalBusinessProfile
	w.get("direct", "/v1/profiles/legalbusiness?vettingVersion=Current").want(200).into(&now)
	w.get("direct", "/v1/profiles/legalbusiness?vettingVersion=LastFinalized").want(200).into(&final)
	if now.CompanyName != "Nordmolnet AB" || now.VettingStatus != "pending" || now.VettingSubStatus != "business_verification" {
		t.Errorf("the profile now: %+v", now)
	}
	if final.CompanyName != "direct AB" || final.VettingStatus != "authorized" {
		t.Errorf("the profile accepted last: %+v", final)
	}
	accepted := identity.Vetting{Tenant: direct, Step: identity.VettingBusiness, State: identity.VettingAccepted}
	if _, err := identity.VetPartner.Do(t.Context(), w.kernel, op.System("", 0, op.ViaCLI), accepted); err != nil {
		t.Fatal(err)
	}
	contact := strings.Replace(legalBody, `"PrimaryContact":{"FirstName":"Ida"`, `"PrimaryContact":{"FirstName":"Iris"`, 1)
	w.send(request{as: "direct", method: http.MethodPut, target: "/v1/profiles/legalbusiness", body: contact}).want(200).into(&now)
	if now.VettingStatus != "authorized" || now.PrimaryContact.FirstName != "Iris" {
		t.Errorf("another contact: %+v", now)
	}
	w.get("direct", "/v1/profiles/legalbusiness?vettingVersion=Next").refused(400, "2000")
	w.send(request{as: "direct", method: http.MethodPut, target: "/v1/profiles/legalbusiness", body: strings.ReplaceAll(legalBody, `"SE"`, `"NO"`)}).refused(400, "27002")
	w.send(request{as: "direct", method: http.MethodPut, target: "/v1/profiles/legalbusiness", body: `{}`}).refused(400, "27002")
	w.send(request{as: "direct-helpdesk", method: http.MethodPut, target: "/v1/profiles/legalbusiness", body: legalBody}).refused(403, "900150") // rule b49
	w.send(request{as: "direct-app", method: http.MethodPut, target: "/v1/profiles/legalbusiness", body: legalBody}).refused(403, "900329")
}

func TestAPartnerIDIsVerified(t *testing.T) { // section 17.2
	w := newWorld(t)
	w.get("direct", "/v1/profiles/mpn").want(200)
	var found wire.MpnProfile
	w.get("direct-helpdesk", "/v1/profiles/PartnerNetworkProfile?mpnId=6105543").want(200).into(&found)
	if found.PartnerName != "reseller AB" || found.MpnID != "6105543" {
		t.Errorf("6105543 is %+v", found)
	}
	w.get("direct", "/v1/profiles/mpn?mpnId=42").refused(404, "3000")
	w.get("direct-app", "/v1/profiles/mpn").refused(403, "900329")
}

// Section 17.3, and section 6: a stale version is refused whichever way it came.
func TestThePartnersBillingProfile(t *testing.T) {
	w := newWorld(t)
	const path = "/v1/profiles/billing"
	w.get("direct", path).want(200)
	body := func(etag, order string) string {
		return `{"companyName":"Nordmolnet AB","address":{"country":"SE","city":"Malmö","addressLine1":"Hamngatan 12","postalCode":"211 22"},
		"primaryContact":{"firstName":"Ida","lastName":"Berg","email":"ida@nordmolnet.example"},"purchaseOrderNumber":"` + order + `","taxId":"SE556677889901","billingCurrency":"USD",
		"attributes":{"etag":"` + etag + `"}}`
	}
	var p wire.BillingProfile
	w.send(request{as: "direct", method: http.MethodPut, target: path, body: body("1", "PO 1")}).want(200)
	w.get("direct", path).into(&p)
	if p.PurchaseOrderNumber != "PO 1" || p.BillingCurrency == "USD" || p.Attributes.Etag == "1" {
		t.Errorf("kept %+v", p)
	}
	w.send(request{as: "direct", method: http.MethodPut, target: path, body: body("1", "PO 2")}).refused(400, "2055")
	w.send(request{as: "direct", method: http.MethodPut, target: path, body: body("", "PO 2"), headers: map[string]string{"If-Match": `"1"`}}).refused(412, "2055")
	w.send(request{as: "direct", method: http.MethodPut, target: path, body: body("", "PO 3"), headers: map[string]string{"If-Match": `"` + p.Attributes.Etag + `"`}}).want(200)
	w.send(request{as: "direct", method: http.MethodPut, target: path, body: body("", strings.Repeat("9", 101))}).refused(400, "27002")
	w.send(request{as: "direct-helpdesk", method: http.MethodPut, target: path, body: body("", "PO 4")}).refused(403, "900150")
	w.get("stranger", path).want(200).into(&p)
	if p.CompanyName != "stranger AB" {
		t.Errorf("a stranger reads %+v", p)
	}
}

func TestTheSupportProfileHasTwoAddresses(t *testing.T) { // section 17.4, Q36
	w := newWorld(t)
	w.get("direct", "/v1/profiles/support").want(200)
	for path, mail := range map[string]string{"/v1/profiles/support": "stod@direct.example", "/v1/profiles/supportProfile": "help@direct.example"} {
		var p wire.SupportProfile
		w.send(request{as: "direct", method: http.MethodPut, target: path, body: `{"email":"` + mail + `","telephone":"0401234567","website":"https://direct.example"}`}).want(200)
		w.get("direct-helpdesk", "/v1/profiles/support").want(200).into(&p)
		if p.Email != mail || p.Website != "https://direct.example" {
			t.Errorf("%s: kept %+v", path, p)
		}
	}
	for _, body := range []string{`{"email":"x"}`, `{"telephone":"1"}`, `{"email":"a@direct.example","website":"javascript:alert(1)"}`} {
		w.send(request{as: "direct", method: http.MethodPut, target: "/v1/profiles/support", body: body}).refused(400, "27002")
	}
}

// Section 17.5: the name is the live one of the organisation (rule C32).
func TestThePartnersOrganizationIsRenamed(t *testing.T) {
	w := newWorld(t)
	const path = "/v1/profiles/organization"
	w.get("direct", path).want(200)
	var p wire.OrganizationProfile
	w.send(request{as: "direct", method: http.MethodPut, target: path, body: `{"id":"x","companyName":"Molnverket AB","tenantId":"x","domain":"evil.example","defaultAddress":{"country":"SE","city":"Malmö",
	 "addressLine1":"Hamngatan 12","postalCode":"211 22"},"email":"ida@direct.example","language":"sv","culture":"sv-SE","attributes":{"etag":"\"1\""}}`}).want(200).into(&p)
	if p.CompanyName != "Molnverket AB" || p.TenantID != string(direct) || p.ID != string(direct) || p.Domain != "direct-partner.example" {
		t.Errorf("kept %+v", p)
	}
	var n wire.MpnProfile
	w.get("stranger", "/v1/profiles/mpn?mpnId=6105541").want(200).into(&n)
	if n.PartnerName != "Molnverket AB" {
		t.Errorf("others know it as %q", n.PartnerName)
	}
	w.send(request{as: "direct", method: http.MethodPut, target: path, body: `{"companyName":"X","defaultAddress":{"country":"SE","city":"Malmö","addressLine1":"1","postalCode":"211 22"},"email":"a@b.example","attributes":{"etag":"1"}}`}).refused(400, "2055")
	agent := w.actors["direct"]
	agent.Roles = policy.AdminAgent
	w.actors["direct-agent"] = agent
	w.send(request{as: "direct-agent", method: http.MethodPut, target: path, body: `{}`}).refused(403, "900150")
}

const billingBody = `{"companyName":"Nordmolnet AB","address":{"country":"SE","city":"Malmö","addressLine1":"Hamngatan 12","addressLine2":"Plan 3","state":"Skåne","postalCode":"211 22","firstName":"Ida","lastName":"Berg","phoneNumber":"0401234567"},
 "primaryContact":{"firstName":"Ida","lastName":"Berg","email":"ida@nordmolnet.example","phoneNumber":"0401234567"},"purchaseOrderNumber":"PO 7","taxId":"SE556677889901"}`

const organizationBody = `{"companyName":"Nordmolnet AB","defaultAddress":{"country":"SE","city":"Malmö","addressLine1":"Hamngatan 12","addressLine2":"Plan 3","state":"Skåne","postalCode":"211 22","firstName":"Ida","lastName":"Berg","phoneNumber":"0401234567"},
 "email":"ida@nordmolnet.example","language":"sv","culture":"sv-SE"}`

const supportBody = `{"email":"stod@nordmolnet.example","telephone":"0401234567","website":"https://nordmolnet.example"}`

// profiles visits the profiles of a partner.
func (w *world) profiles(look func(name string, a answerTo)) {
	w.t.Helper()
	put := func(path, body string) answerTo {
		return w.send(request{as: "provider", method: http.MethodPut, target: "/v1/profiles/" + path, body: body}).want(200)
	}
	read := func(path string) answerTo { return w.get("provider", "/v1/profiles/"+path).want(200) }
	look("legal_profile_update", put("legalbusiness", legalBody))
	look("legal_profile", read("legalbusiness"))
	look("mpn_profile", read("mpn"))
	read("partnernetworkprofile")
	look("partner_billing_update", put("billing", billingBody))
	look("partner_billing", read("billing"))
	look("support_profile_update", put("support", supportBody))
	look("support_profile", read("support"))
	put("supportprofile", supportBody)
	look("organization_profile_update", put("organization", organizationBody))
	look("organization_profile", read("organization"))
}
