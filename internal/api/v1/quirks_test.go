package v1

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"comptoir/internal/api/throttle"
	"comptoir/internal/api/v1/wire"
)

// The quirks of section 23 that concern these routes, each under its number.
// Q3 (links), Q7 (nothing after the value), Q11 to Q13 (enums), Q17 and Q19
// (queries), Q62 (dates) and Q65 (ids) are held where they are made as well:
// package wire, package route and plumbing_test.go.
func TestQuirks(t *testing.T) {
	w := newWorld(t)
	added := w.add("direct", fjallbageri)
	w.add("direct", newBody("Nordbageri AB", "nordbageri"))
	at := "/v1/customers/" + added.ID
	quirk := func(name string, test func(t *testing.T)) {
		t.Run(name, func(t *testing.T) {
			w.t = t
			test(t)
		})
	}

	quirk("Q1 double slashes route", func(t *testing.T) {
		for _, target := range []string{"/v1//customers/" + added.ID, "/v1//customers", "//v1/customers//" + added.ID + "//profiles/billing"} {
			if got := w.get("direct", target).want(200); got.Header().Get("Location") != "" {
				t.Errorf("%s redirects", target)
			}
		}
	})
	quirk("Q2 links are relative without /v1", func(t *testing.T) {
		page := w.get("direct", "/v1/customers?size=1").Body.String() + w.get("direct", at).Body.String()
		uris := regexp.MustCompile(`"uri":"([^"]*)"`).FindAllStringSubmatch(page, -1)
		if len(uris) < 6 {
			t.Fatalf("only %d links", len(uris))
		}
		for _, uri := range uris {
			if !strings.HasPrefix(uri[1], "/customers") {
				t.Errorf("link %q", uri[1])
			}
		}
	})
	quirk("Q3 headers of links are arrays", func(t *testing.T) {
		var page map[string]any
		w.get("direct", "/v1/customers?size=1").into(&page)
		found := 0
		eachLink(page, func(link map[string]any) {
			found++
			if _, ok := link["headers"].([]any); !ok {
				t.Errorf("link %v", link)
			}
		})
		if found < 4 {
			t.Errorf("only %d links", found)
		}
	})
	quirk("Q4 a mark before every body for the module that drops one character", func(t *testing.T) {
		module := map[string]string{"MS-PartnerCenter-Application": "Partner Center PowerShell Module v0.10.0.4"}
		for _, target := range []string{at, at + "/profiles/billing", "/v1/customers", "/v1/customers/x"} {
			got := w.send(request{as: "direct", method: "GET", target: target, headers: module})
			if body, marked := bytes.CutPrefix(got.Body.Bytes(), []byte("\xef\xbb\xbf")); !marked || !json.Valid(body) {
				t.Errorf("%s begins %q", target, got.Body.String()[:8])
			}
		}
	})
	quirk("Q5 Q6 no mark and UTF-8 for everybody else", func(t *testing.T) {
		if got := w.get("direct", at).Body.String(); !strings.HasPrefix(got, "{") || !strings.Contains(got, "Fjällbageri") {
			t.Errorf("begins %q", got[:8])
		}
	})
	quirk("Q7 nothing after the value", func(t *testing.T) {
		for _, target := range []string{at, "/v1/customers", "/v1/customers?size=1", "/v1/customers/x", at + "/qualification"} {
			body := w.get("direct", target).Body.Bytes()
			if trimmed := bytes.TrimSpace(body); len(trimmed) != len(body) || !json.Valid(body) {
				t.Errorf("%s ends %q", target, body[len(body)-8:])
			}
		}
	})
	quirk("Q8 Q46 create with PascalCase, nulls and read-only members", func(t *testing.T) {
		var c wire.Customer
		w.send(request{as: "direct", method: http.MethodPost, target: "/v1/customers", body: `{"enableGDAPByDefault":false,"Id":null,"CommerceId":null,
			"CompanyProfile":{"TenantId":null,"Domain":"sydbageri.onmicrosoft.com","CompanyName":null,"Links":null,"Attributes":{"ObjectType":"CustomerCompanyProfile"}},
			"BillingProfile":{"Id":null,"FirstName":null,"LastName":null,"Email":"a@sydbageri.example","Culture":"sv-SE","Language":"sv","CompanyName":"Sydbageri AB",
			"DefaultAddress":{"Country":"SE","Region":null,"City":"Lund","State":"","AddressLine1":"Bredgatan 5","AddressLine2":null,"PostalCode":22221,"FirstName":"Maja","LastName":"Lind","PhoneNumber":46123456},
			"Attributes":{"ObjectType":"CustomerBillingProfile"}},"RelationshipToPartner":"none","AllowDelegatedAccess":null,"UserCredentials":null,
			"CustomDomains":null,"AssociatedPartnerId":null,"Links":{"Self":{"Uri":"x","Method":"GET","Headers":null}},"Attributes":{"Etag":null,"ObjectType":"Customer"}}`}).want(201).into(&c)
		if c.UserCredentials.UserName != "admin" || c.RelationshipToPartner != "reseller" || *c.AllowDelegatedAccess || c.CompanyProfile.CompanyName != "Sydbageri AB" {
			t.Errorf("added %+v", c)
		}
	})
	quirk("Q9 mixed case", func(t *testing.T) {
		w.send(request{as: "direct", method: http.MethodPost, target: "/v1/customers", body: strings.NewReplacer(
			"companyProfile", "CompanyProfile", `"email"`, `"EMAIL"`, "addressLine1", "AddressLine1", "Fjallbageri", "vastbageri", "Fjällbageri", "Västbageri").Replace(fjallbageri)}).want(201)
	})
	quirk("Q10 names of answers are camelCase", func(t *testing.T) {
		for _, target := range []string{at, "/v1/customers", at + "/profiles/billing", at + "/validationStatus?type=account", "/v1/countryvalidationrules/SE"} {
			for _, name := range regexp.MustCompile(`"([^"]*)":`).FindAllStringSubmatch(w.get("direct", target).Body.String(), -1) {
				if !regexp.MustCompile(`^[a-z][A-Za-z0-9]*$`).MatchString(name[1]) {
					t.Errorf("%s has a member %q", target, name[1])
				}
			}
		}
	})
	quirk("Q11 Q13 only published values", func(t *testing.T) {
		var page customers
		w.get("direct", "/v1/customers").into(&page)
		for _, c := range page.Items {
			if published, ok := wire.RelationshipToPartner.Parse(c.RelationshipToPartner); !ok || published != c.RelationshipToPartner {
				t.Errorf("relationshipToPartner %q", c.RelationshipToPartner)
			}
		}
	})
	quirk("Q15 Q16 etag in the body, or raw in If-Match", func(t *testing.T) {
		var before wire.CustomerBillingProfile
		w.get("direct", at+"/profiles/billing").into(&before)
		raw := map[string]string{"If-Match": before.Attributes.Etag}
		body := w.get("direct", at+"/profiles/billing").Body.String() // as it came, etag in the body
		w.send(request{as: "direct", method: http.MethodPut, target: at + "/profiles/billing", body: body}).want(200)
		w.send(request{as: "direct", method: http.MethodPut, target: at + "/profiles/billing", body: body, headers: raw}).want(200)
	})
	quirk("Q17 odd case of paths and queries", func(t *testing.T) {
		w.get("direct", "/V1/Customers/"+strings.ToUpper(added.ID)+"/Profiles/BILLING").want(200)
		var page customers
		w.get("direct", "/v1/customers?Size=1&SEEKOPERATION=first&Filter=").want(200).into(&page)
		if len(page.Items) != 1 {
			t.Errorf("size was not read: %d items", len(page.Items))
		}
	})
	quirk("Q19 a filter that was never encoded", func(t *testing.T) {
		r := request{as: "direct", method: "GET", target: "/v1/customers"}
		var page customers
		w.sendRaw(r, `filter={"Field":"CompanyName","Value":"Nordbageri+A","Operator":"starts_with"}`).want(200).into(&page)
		if page.TotalCount != 1 {
			t.Errorf("total %d", page.TotalCount)
		}
	})
	quirk("Q22 Q23 Q24 lists without parameters, with size 0 and up to 500 are whole", func(t *testing.T) {
		for _, query := range []string{"", "?size=0", "?size=500"} {
			var page customers
			w.get("direct", "/v1/customers"+query).into(&page)
			if int64(len(page.Items)) != page.TotalCount || page.Links.Next != nil {
				t.Errorf("%q: %d of %d", query, len(page.Items), page.TotalCount)
			}
		}
	})
	quirk("Q25 too many requests", func(t *testing.T) {
		w.set(throttle.RequestsPerMinute, "1")
		defer w.set(throttle.RequestsPerMinute, "0")
		w.get("stranger", "/v1/customers")
		got := w.get("stranger", "/v1/customers").want(429)
		if !regexp.MustCompile(`^[0-9]+$`).MatchString(got.Header().Get("Retry-After")) || regexp.MustCompile(`"(code|description|data)"`).MatchString(got.Body.String()) {
			t.Errorf("Retry-After %q with %s", got.Header().Get("Retry-After"), got.Body)
		}
	})
	quirk("Q26 refusals have code, description and a list of strings", func(t *testing.T) {
		var fault struct {
			Code, Description, Source string
			Data                      []string
		}
		w.send(request{as: "direct", method: http.MethodPost, target: "/v1/customers", body: "{}"}).want(400).into(&fault)
		for _, d := range fault.Data {
			if !regexp.MustCompile(`^[A-Za-z.0-9]+:  .+`).MatchString(d) {
				t.Errorf("data %q", d)
			}
		}
		if fault.Code == "" || fault.Description == "" || len(fault.Data) < 5 {
			t.Errorf("refusal %+v", fault)
		}
	})
	quirk("Q27 Q28 what will never succeed is not answered as if it might", func(t *testing.T) {
		for _, r := range []request{
			{as: "direct", method: "GET", target: at + "/profiles/other"},
			{as: "direct", method: "POST", target: "/v1/customers", body: "x"},
			{as: "direct", method: "GET", target: "/v1/customers/x"},
		} {
			if got := w.send(r); got.Code != 400 && got.Code != 404 {
				t.Errorf("%s %s: %d", r.method, r.target, got.Code)
			}
		}
	})
	quirk("Q29 a repeated request id gives the first answer", func(t *testing.T) {
		once := request{
			as: "direct", method: http.MethodPost, target: "/v1/customers", body: newBody("Ostbageri AB", "ostbageri"),
			headers: map[string]string{"MS-RequestId": "0A1B0000-eeee-4000-8000-000000000001"},
		}
		first := w.send(once).want(201).Body.String()
		if again := w.send(once).want(201).Body.String(); again != first {
			t.Errorf("first %s\nagain %s", first, again)
		}
		once.body = newBody("Ostbageri två AB", "ostbageri2")
		w.send(once).want(201) // another body is another request
		once.headers["MS-RequestId"] = "0A1B0000-eeee-4000-8000-000000000002"
		w.send(once).refused(409, "1003")
	})
	quirk("Q30 domains", func(t *testing.T) {
		for target, status := range map[string]int{"/v1/domains/fjallbageri.onmicrosoft.com": 200, "/v1/domains/nobody.onmicrosoft.com": 404} {
			if got := w.send(request{as: "direct", method: http.MethodHead, target: target}).want(status); got.Body.Len() != 0 {
				t.Errorf("%s with %q", target, got.Body)
			}
		}
	})
	quirk("Q33 trailing slash", func(t *testing.T) {
		w.get("direct", at+"/").want(200)
		w.get("direct", at+"/profiles/billing/").want(200)
		w.get("direct", "/v1/customers/?size=1").want(200)
	})
	quirk("Q37 qualifications are a bare array", func(t *testing.T) {
		if got := w.get("direct", at+"/qualifications").want(200).Body.String(); got != "[]" {
			t.Errorf("got %s", got)
		}
	})
	quirk("Q63 Q64 neither contract version nor Accept matter", func(t *testing.T) {
		for _, accept := range []string{"", "*/*", "text/html, application/json;q=0.1", "image/png"} {
			w.send(request{as: "direct", method: "GET", target: at, headers: map[string]string{"Accept": accept, "MS-Contract-Version": "v7"}}).want(200)
		}
	})
}

// eachLink calls f for every link in v.
func eachLink(v any, f func(map[string]any)) {
	switch v := v.(type) {
	case map[string]any:
		if _, ok := v["uri"]; ok {
			f(v)
		}
		for _, member := range v {
			eachLink(member, f)
		}
	case []any:
		for _, item := range v {
			eachLink(item, f)
		}
	}
}

// sendRaw sends r with a query that no client library would let through.
func (w *world) sendRaw(r request, rawQuery string) answerTo {
	w.t.Helper()
	w.rawQuery = rawQuery
	defer func() { w.rawQuery = "" }()
	return w.send(r)
}

// Q31, Q32 and what else is known of addresses and countries (section 10).
func TestAddressesAndCountries(t *testing.T) {
	w := newWorld(t)
	const good = `{"country":"se","city":"Lund","addressLine1":"Bredgatan 4","postalCode":"22221"}`
	const bad = `{"country":"SE","city":"Lund","addressLine1":"Bredgatan 4","postalCode":"4"}`
	validate := func(body string, headers map[string]string) answerTo {
		w.t.Helper()
		return w.send(request{as: "direct-app", method: http.MethodPost, target: "/v1/validations/address", body: body, headers: headers})
	}
	t.Run("Q31 current contract", func(t *testing.T) {
		w.t = t
		var v wire.AddressValidationResponse
		validate(good, map[string]string{"MS-SdkVersion": "v3.4.0"}).want(200).into(&v)
		if v.Status != "Verified" || len(v.SuggestedAddresses) != 1 || v.SuggestedAddresses[0].PostalCode != "222 21" || v.OriginalAddress.Country != "se" || v.ValidationMessage != "" {
			t.Errorf("verified: %+v", v)
		}
		validate(bad, nil).want(200).into(&v)
		if v.Status != "None" || len(v.SuggestedAddresses) != 0 || v.ValidationMessage != "Address field invalid for property: 'PostalCode'" {
			t.Errorf("not found: %+v", v)
		}
	})
	t.Run("Q31 old contract", func(t *testing.T) {
		w.t = t
		for _, headers := range []map[string]string{{"MS-SdkVersion": "1.15.0"}, {"MS-SdkVersion": "V1.15"}, {"MS-PartnerCenter-Client": "Partner Center PowerShell"}, {"MS-PartnerCenter-Client": "Partner Center Java SDK"}} {
			if got := validate(good, headers).want(200); got.Body.Len() != 0 {
				t.Errorf("%v: success with %q", headers, got.Body)
			}
			validate(bad, headers).refused(400, "27002")
			validate(strings.Replace(bad, `"4"`, `"222 21","addressLine1":"---"`, 1), headers).refused(400, "27002")
		}
	})
	t.Run("Q32 country rules", func(t *testing.T) {
		w.t = t
		var rules map[string]any
		w.get("direct-app", "/v1/countryvalidationrules/se").want(200).into(&rules)
		for name, want := range map[string]any{"iso2Code": "SE", "defaultCulture": "sv-SE", "isCityRequired": true} {
			if rules[name] != want {
				t.Errorf("%s is %v", name, rules[name])
			}
		}
		if _, ok := rules["supportedCulturesList"].([]any); !ok {
			t.Errorf("rules %v", rules)
		}
		w.get("direct-app", "/v1/countryvalidationrules/us").want(200).into(&rules)
		if states, ok := rules["supportedStatesList"].([]any); !ok || len(states) < 50 {
			t.Errorf("states %v", rules["supportedStatesList"])
		}
		w.get("direct-app", "/v1/countryvalidationrules/UK").refused(404, "1000")
		w.get("direct-app", "/v1/countryvalidationrules/Sweden").refused(404, "1000")
	})
}
