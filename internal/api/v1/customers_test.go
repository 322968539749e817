package v1

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"comptoir/internal/api/v1/wire"
	"comptoir/internal/db"
	"comptoir/internal/gdap"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/job"
	"comptoir/internal/op"
	"comptoir/internal/policy"
)

// fjallbageri is a customer as a client sends it.
const fjallbageri = `{"companyProfile":{"domain":"Fjallbageri.onmicrosoft.com"},
	"billingProfile":{"culture":"SV-se","language":"sv","email":"ekonomi@fjallbageri.example","companyName":"Fjällbageri AB",
	"defaultAddress":{"country":"SE","city":"Lund","addressLine1":"Bredgatan 4","postalCode":"222 21","firstName":"Maja","lastName":"Lind","phoneNumber":"046123456"}}}`

// newBody returns fjallbageri under another name and domain.
func newBody(name, prefix string) string {
	return strings.NewReplacer("Fjallbageri.onmicrosoft.com", prefix+".onmicrosoft.com", "Fjällbageri AB", name).Replace(fjallbageri)
}

// add adds a customer for the partner of a token.
func (w *world) add(as, body string) wire.Customer {
	w.t.Helper()
	var c wire.Customer
	w.send(request{as: as, method: http.MethodPost, target: "/v1/customers", body: body}).want(http.StatusCreated).into(&c)
	return c
}

func TestACustomerIsAddedAndRead(t *testing.T) { // sections 9.1, 9.3, 9.4
	w := newWorld(t)
	added := w.add("direct", fjallbageri)
	if added.UserCredentials == nil || added.UserCredentials.UserName != "admin" || added.UserCredentials.Password == "" {
		t.Errorf("credentials %+v", added.UserCredentials)
	}
	if added.CompanyProfile.Domain != "Fjallbageri.onmicrosoft.com" || added.CompanyProfile.Links == nil || added.Links != nil {
		t.Errorf("the answer to a creation is %+v", added)
	}
	if added.BillingProfile.Culture != "sv-SE" || added.BillingProfile.Attributes.Etag == "" || !*added.AllowDelegatedAccess {
		t.Errorf("profile %+v", added.BillingProfile)
	}
	var read wire.Customer
	w.get("direct-app", "/v1/customers/"+strings.ToUpper(added.ID)).want(http.StatusOK).into(&read)
	want := added
	want.UserCredentials, want.EnableGDAPByDefault, want.Links = nil, nil, wire.SelfLink("/customers/"+added.ID)
	want.CompanyProfile.Domain = "fjallbageri.onmicrosoft.com"
	if d := cmp.Diff(want, read); d != "" {
		t.Error(d)
	}
}

// companyProfile.address, email and customDomains need a delegated role; so do
// organization and customDomains as routes (9.3, 9.11, 9.12, RF-41).
func TestWhatADelegatedRoleShows(t *testing.T) {
	w := newWorld(t)
	added := w.add("direct", fjallbageri)
	at := "/v1/customers/" + added.ID
	w.get("direct", at+"/organization").refused(403, "900308")
	w.get("direct", at+"/customDomains").refused(403, "900308")
	w.get("direct-app", at+"/organization").refused(403, "900308")
	var without wire.Customer
	w.get("direct", at).want(200).into(&without)
	if without.CompanyProfile.Address != nil || without.CompanyProfile.Email != "" || without.CustomDomains != nil {
		t.Errorf("shown without a role: %+v", without.CompanyProfile)
	}

	w.assign("direct", added.ID, gdap.GlobalReader)
	var with wire.Customer
	w.get("direct", at).want(200).into(&with)
	if with.CompanyProfile.Address == nil || with.CompanyProfile.Email != "ekonomi@fjallbageri.example" || !cmp.Equal(with.CustomDomains, []string{"fjallbageri.onmicrosoft.com"}) {
		t.Errorf("not shown with a role: %+v", with.CompanyProfile)
	}
	var profile wire.CustomerCompanyProfile
	w.get("direct", at+"/profiles/company").want(200).into(&profile)
	if d := cmp.Diff(with.CompanyProfile, &profile); d != "" {
		t.Errorf("two company profiles: %s", d)
	}
	var organizations []wire.Organization
	w.get("direct", at+"/organization").want(200).into(&organizations)
	want := []wire.Organization{{
		Street: "Bredgatan 4", CountryLetterCode: "SE", PostalCode: "222 21", City: "Lund", DisplayName: "Fjällbageri AB",
		TechnicalNotificationMails: []string{"ekonomi@fjallbageri.example"},
	}}
	if d := cmp.Diff(want, organizations); d != "" {
		t.Error(d)
	}
	var domains []string
	w.get("direct", at+"/customDomains").want(200).into(&domains)
	if !cmp.Equal(domains, []string{"fjallbageri.onmicrosoft.com"}) {
		t.Errorf("domains %v", domains)
	}
}

// assign gives the admin agents of a partner a role of its default relationship
// with a customer.
func (w *world) assign(as, customer string, role gdap.RoleID) {
	w.t.Helper()
	groups, err := identity.ListGroups.Do(w.t.Context(), w.kernel, w.actors[as], struct{}{})
	if err != nil {
		w.t.Fatal(err)
	}
	var relationships []gdap.Relationship
	err = w.kernel.DB.Read(w.t.Context(), func(ctx context.Context, tx *db.Tx) error {
		relationships, err = gdap.Of(ctx, tx, w.actors[as].Tenant, id.Tenant(customer))
		return err
	})
	if err != nil || len(relationships) != 1 {
		w.t.Fatalf("%d relationships: %v", len(relationships), err)
	}
	for _, g := range groups {
		if g.Role != policy.AdminAgent {
			continue
		}
		_, err := gdap.Assign.Do(w.t.Context(), w.kernel, w.actors[as], gdap.Assignment{
			Relationship: relationships[0].ID, Group: g.ID, Roles: gdap.Set{role},
		})
		if err != nil {
			w.t.Fatal(err)
		}
		if _, err := job.NewWorkers(w.kernel, 1).RunDue(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
	}
}

func TestABillingProfileIsReplaced(t *testing.T) { // sections 6, 9.9
	w := newWorld(t)
	added := w.add("direct", fjallbageri)
	at := "/v1/customers/" + added.ID + "/profiles/billing"
	var before wire.CustomerBillingProfile
	read := w.get("direct-app", at).want(200)
	read.into(&before)
	if read.Header().Get("ETag") != `"`+before.Attributes.Etag+`"` {
		t.Errorf("ETag %q, in the body %q", read.Header().Get("ETag"), before.Attributes.Etag)
	}
	body := func(name, etag string) string {
		return fmt.Sprintf(`{"Id":null,"CompanyName":%q,"Culture":"sv-SE","Language":"sv","Email":"ekonomi@fjallbageri.example","FirstName":"Maja","LastName":"Lind",
			"DefaultAddress":{"Country":"SE","City":"Lund","AddressLine1":"Bredgatan 4","AddressLine2":null,"PostalCode":"222 21","FirstName":"Maja","LastName":"Lind"},
			"Links":{"Self":{"Uri":"x","Headers":[]}},"Attributes":{"Etag":%q,"ObjectType":"CustomerBillingProfile"}}`, name, etag)
	}
	var after wire.CustomerBillingProfile
	w.send(request{as: "direct", method: http.MethodPut, target: at, body: body("Fjällbageri i Lund AB", before.Attributes.Etag)}).want(200).into(&after)
	if after.CompanyName != "Fjällbageri i Lund AB" || after.Attributes.Etag == before.Attributes.Etag || after.ID != before.ID {
		t.Errorf("after %+v", after)
	}
	if after.DefaultAddress.PhoneNumber != "" {
		t.Error("a full replacement kept a member that was not sent")
	}

	stale := body("Fjällbageri AB", before.Attributes.Etag)
	w.send(request{as: "direct", method: http.MethodPut, target: at, body: stale}).refused(400, "2055")
	w.send(request{as: "direct", method: http.MethodPut, target: at, body: stale, headers: map[string]string{"If-Match": `"` + before.Attributes.Etag + `"`}}).refused(412, "2055")
	w.send(request{as: "direct", method: http.MethodPut, target: at, body: body("Fjällbageri AB", "no etag of ours")}).refused(400, "2055")
	w.send(request{as: "direct-app", method: http.MethodPut, target: at, body: stale, headers: map[string]string{"If-Match": `"` + after.Attributes.Etag + `"`}}).want(200)
	w.send(request{as: "direct", method: http.MethodPut, target: at, body: body("Fjällbageri AB", "")}).want(200)

	w.set(StrictEtag, "true")
	w.send(request{as: "direct", method: http.MethodPut, target: at, body: body("Fjällbageri AB", "")}).refused(400, "2055")

	// Members at fault are named as they stand in this body.
	refused := w.send(request{as: "direct", method: http.MethodPut, target: at, headers: map[string]string{"If-Match": "*"}, body: strings.ReplaceAll(body("F", ""), `"Lund"`, `""`)}).want(400)
	if s := refused.Body.String(); !strings.Contains(s, `"companyName:  `) || !strings.Contains(s, `"defaultAddress.city:  `) || strings.Contains(s, "billingProfile") {
		t.Errorf("refused with %s", s)
	}
	moved := strings.ReplaceAll(body("Fjällbageri AB", ""), `"SE"`, `"NO"`)
	w.send(request{as: "direct", method: http.MethodPut, target: at, headers: map[string]string{"If-Match": "*"}, body: moved}).want(400)
}

// set changes a setting as the operator does.
func (w *world) set(s *op.Setting, value string) {
	w.t.Helper()
	operator := op.Actor{Kind: policy.Operator, Roles: policy.OperatorAdmin, Tenant: "0a1b0000-0000-7000-8000-000000000000", User: "o1"}
	if err := w.kernel.UpdateSetting(w.t.Context(), operator, op.SetSetting{Name: s.Name, Value: value}); err != nil {
		w.t.Fatal(err)
	}
}

func TestWhoSeesAndChangesACustomer(t *testing.T) {
	w := newWorld(t)
	own := w.add("direct", fjallbageri)
	shared := w.add("provider", strings.Replace(newBody("Nordbageri AB", "nordbageri"), `{"companyProfile"`, `{"associatedPartnerId":"`+string(reseller)+`","companyProfile"`, 1))
	if shared.AssociatedPartnerID != string(reseller) {
		t.Errorf("associated partner %q", shared.AssociatedPartnerID)
	}
	tests := []struct {
		name, as, method, target, body string
		status                         int
		code                           string
	}{
		{"nobody", "", "GET", "/v1/customers/" + own.ID, "", 401, "400"},
		{"another partner does not learn that it exists", "stranger", "GET", "/v1/customers/" + own.ID, "", 404, "1000"},
		{"nor may change it", "stranger", "PUT", "/v1/customers/" + own.ID + "/profiles/billing", `{"companyName":"X"}`, 404, "1000"},
		{"unknown tenant", "direct", "GET", "/v1/customers/0a1b0000-00ff-7000-8000-0000000000ff", "", 404, "1000"},
		{"no GUID", "direct", "GET", "/v1/customers/fjallbageri.onmicrosoft.com", "", 400, "2000"},
		{"application alone on a user route", "direct-app", "GET", "/v1/customers/" + own.ID + "/profiles/company", "", 403, "900329"},
		{"only a provider sees the reseller", "direct", "GET", "/v1/customers/" + own.ID + "/relationships", "", 403, "1002"},
		{"and only of its customers", "provider", "GET", "/v1/customers/" + own.ID + "/relationships", "", 404, "1000"},
		{"the reseller sees the shared one", "reseller", "GET", "/v1/customers/" + shared.ID, "", 200, ""},
		{"RF-03 the reseller does not edit it", "reseller", "PUT", "/v1/customers/" + shared.ID + "/profiles/billing", `{"companyName":"X"}`, 403, "2032"},
		{"RF-01 nor adds customers", "reseller", "POST", "/v1/customers", newBody("Bageri AB", "bageri"), 403, "2032"},
		{"RF-10 helpdesk reads", "direct-helpdesk", "GET", "/v1/customers/" + own.ID, "", 200, ""},
		{"RF-10 and does not add", "direct-helpdesk", "POST", "/v1/customers", newBody("Bageri AB", "bageri"), 403, "900150"},
		{"naming a reseller needs a user", "provider-app", "POST", "/v1/customers", `{"associatedPartnerId":"` + string(reseller) + `"}`, 403, "900329"},
		{"RF-26 a stranger is no reseller", "provider", "POST", "/v1/customers", strings.Replace(newBody("Bageri AB", "bageri"), `{"companyProfile"`, `{"associatedPartnerId":"`+string(stranger)+`","companyProfile"`, 1), 400, "800016"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w.t = t
			got := w.send(request{as: tt.as, method: tt.method, target: tt.target, body: tt.body})
			if tt.code == "" {
				got.want(tt.status)
				return
			}
			got.refused(tt.status, tt.code)
		})
	}
}

func TestACreationSaysEverythingThatIsWrong(t *testing.T) {
	w := newWorld(t)
	tests := []struct {
		name, body string
		status     int
		code       string
		fields     []string
	}{
		{"nothing at all", `{}`, 400, "27002", []string{
			"companyProfile.domain", "billingProfile.companyName", "billingProfile.email", "billingProfile.culture", "billingProfile.language",
			"billingProfile.defaultAddress.country", "billingProfile.defaultAddress.addressLine1",
		}},
		{"RF-08 outside the market", strings.Replace(fjallbageri, `"SE"`, `"US"`, 1), 400, "", nil},
		{"RF-44 name of one character", newBody("F", "bageri"), 400, "3000", []string{"billingProfile.companyName"}},
		{"unknown culture", strings.Replace(fjallbageri, "SV-se", "xx-XX", 1), 400, "27002", []string{"billingProfile.culture"}},
		{"RF-13 registration id", strings.Replace(fjallbageri, `"companyProfile":{`, `"companyProfile":{"organizationRegistrationNumber":"!!",`, 1), 400, "600050", []string{"companyProfile.organizationRegistrationNumber"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w.t = t
			got := w.send(request{as: "direct", method: http.MethodPost, target: "/v1/customers", body: tt.body})
			if got.Code < 400 || got.Code >= 500 {
				t.Fatalf("status %d: %s", got.Code, got.Body)
			}
			if tt.code != "" {
				got.refused(tt.status, tt.code)
			}
			for _, field := range tt.fields {
				if !strings.Contains(got.Body.String(), `"`+field+`:  `) {
					t.Errorf("%s is not named in %s", field, got.Body)
				}
			}
		})
	}
	w.t = t
	w.add("direct", fjallbageri)
	w.send(request{as: "direct", method: http.MethodPost, target: "/v1/customers", body: fjallbageri}).refused(409, "1003") // the domain is taken
}

func TestACustomerOfASandboxIsDeleted(t *testing.T) { // section 9.5, rule C40
	w := newWorld(t)
	added := w.add("direct", fjallbageri)
	at := request{as: "direct-app", method: http.MethodDelete, target: "/v1/customers/" + added.ID}
	w.kernel.Sandbox = false
	w.set(identity.SettingMFA, "off")
	w.send(at).refused(400, "900127")
	w.kernel.Sandbox = true
	w.send(request{as: "stranger", method: at.method, target: at.target}).refused(404, "1000")
	if got := w.send(at).want(204); got.Body.Len() != 0 {
		t.Errorf("204 with %q", got.Body)
	}
	w.send(at).refused(404, "1000")
	w.add("direct", fjallbageri) // the domain is free again
}

func TestVerificationStatus(t *testing.T) { // section 13
	w := newWorld(t)
	added := w.add("direct", fjallbageri)
	at := "/v1/customers/" + added.ID + "/validationStatus"
	var s wire.ValidationStatus
	w.get("direct", at+"?type=Account").want(200).into(&s)
	if s.Type != "account" || s.Status != "UnderReview" {
		t.Errorf("status %+v", s)
	}
	w.get("direct", at).refused(400, "2000")
	w.get("direct", at+"?type=device").refused(400, "2000")
	w.get("direct-app", at+"?type=account").refused(403, "900329")
	w.get("stranger", at+"?type=account").refused(404, "1000")
}

func TestDomains(t *testing.T) { // section 10.4, Q30
	w := newWorld(t)
	w.add("direct", fjallbageri)
	for target, status := range map[string]int{
		"/v1/domains/FJALLBAGERI.onmicrosoft.com": 200,
		"/v1/domains/free.onmicrosoft.com":        404,
		"/v1/domains/stranger-partner.example":    200,
		"/v1/domains/a%00b":                       400,
	} {
		if got := w.send(request{as: "direct-app", method: http.MethodHead, target: target}); got.Code != status || got.Body.Len() != 0 {
			t.Errorf("%s: %d %q", target, got.Code, got.Body)
		}
	}
	for prefix, want := range map[string]string{"fjallbageri": "false", "nordbageri": "true"} {
		if got := w.get("direct-app", "/v1/validations/checkdomainavailability/"+prefix).want(200).Body.String(); got != want {
			t.Errorf("%s: %s", prefix, got)
		}
	}
	if got := w.get("direct-app", "/v1/validations/checkdomainavailability/"+url.PathEscape("no good!")); got.Code != 400 {
		t.Errorf("a prefix that breaks the rules: %d", got.Code)
	}
}

func TestPartnerships(t *testing.T) { // section 14, Q21
	w := newWorld(t)
	var list wire.Collection[wire.PartnerRelationship]
	for _, spelling := range []string{"IsIndirectCloudSolutionProviderOf", "is_indirect_cloud_solution_provider_of", "2"} {
		w.get("provider", "/v1/relationships?relationship_type="+spelling).want(200).into(&list)
		if list.TotalCount != 1 || list.Items[0].ID != string(reseller) || list.Items[0].RelationshipType != providerOf || list.Items[0].Location != "SE" {
			t.Errorf("%s: %+v", spelling, list)
		}
	}
	w.get("reseller", "/v1/relationships?relationship_type=IsIndirectResellerOf").want(200).into(&list)
	if list.TotalCount != 1 || list.Items[0].ID != string(provider) || list.Items[0].RelationshipType != resellerOf {
		t.Errorf("providers: %+v", list)
	}
	filter := func(name string) string {
		return "&filter=" + url.QueryEscape(`{"Field":"Name","Value":"`+name+`","Operator":"starts_with"}`)
	}
	w.get("provider", "/v1/relationships?relationship_type=2"+filter("RES")).want(200).into(&list)
	if list.TotalCount != 1 {
		t.Errorf("filtered: %+v", list)
	}
	w.get("provider", "/v1/relationships?relationship_type=2"+filter("other")).want(200).into(&list)
	if list.TotalCount != 0 {
		t.Errorf("filtered: %+v", list)
	}
	w.get("provider", "/v1/relationships").refused(400, "2000")
	w.get("provider", "/v1/relationships?relationship_type=none").refused(400, "2000")
	w.get("provider", "/v1/relationships?relationship_type=2&filter=x").refused(400, "2000")
	w.get("provider", "/v1/relationships?relationship_type=2&filter="+url.QueryEscape(`{"Field":"State","Value":"A","Operator":"starts_with"}`)).refused(400, "2000")
	w.get("provider-app", "/v1/relationships?relationship_type=2").refused(403, "900329")
}

func TestACustomerWithoutQualification(t *testing.T) { // section 12, Q37
	w := newWorld(t)
	added := w.add("direct", fjallbageri)
	if got := w.get("direct-app", "/v1/customers/"+added.ID+"/qualifications").want(200).Body.String(); got != "[]" {
		t.Errorf("qualifications %s", got)
	}
	if got := w.get("direct-app", "/v1/customers/"+added.ID+"/qualification").want(200).Body.String(); got != `"none"` {
		t.Errorf("qualification %s", got)
	}
}

func TestTheLinkOfARelationshipRequest(t *testing.T) { // E9
	w := newWorld(t)
	const at = "/v1/customers/relationshiprequests"
	provider, reseller := string(w.actors["provider"].Tenant), string(w.actors["reseller"].Tenant)
	var got, joint wire.RelationshipRequest
	w.get("direct", at+"?dualRoleIndirectRelationship=false").want(200).into(&got)
	if !strings.Contains(got.URL, "/Adminportal/Home?invType=ResellerRelationship&partnerId="+string(w.actors["direct"].Tenant)+"&msppId=0&DAP=false#/BillingAccounts/partner-invitation") {
		t.Errorf("own: %s", got.URL)
	}
	w.get("provider", at+"?indirectResellerId="+reseller).want(200).into(&got)
	w.get("reseller", at+"?INDIRECTCLOUDSOLUTIONPROVIDERID="+provider).want(200).into(&joint)
	if got != joint || !strings.Contains(got.URL, "indirectCSPId="+provider) {
		t.Errorf("joint: %s and %s", got.URL, joint.URL)
	}
	w.get("direct", at+"?indirectResellerId="+reseller).refused(403, "1002")
	w.get("provider", at+"?indirectResellerId=x").refused(400, "2000")
	w.get("provider", at+"?indirectResellerId=0d6f3a0e-22c1-4d0f-9d0a-6c6a0f8f8f01").refused(400, "2000")
	w.get("provider", at+"?dualRoleIndirectRelationship=perhaps").refused(400, "2000")
	w.get("provider-app", at).refused(403, "900329")
}
