package v1

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"comptoir/internal/api/v1/wire"
	"comptoir/internal/gdap"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares an answer with testdata/name.golden: status, the headers that
// are part of the contract, and the body with what changes from run to run
// named instead.
func (a answerTo) golden(name string) {
	a.t.Helper()
	var b bytes.Buffer
	fmt.Fprintf(&b, "%d\n", a.Code)
	for _, header := range []string{"Allow", "Content-Type", "ETag", "Retry-After", "WWW-Authenticate"} {
		if v := a.Header().Get(header); v != "" {
			fmt.Fprintf(&b, "%s: %s\n", header, v)
		}
	}
	b.WriteByte('\n')
	if body := a.Body.Bytes(); len(body) > 0 {
		if err := json.Indent(&b, body, "", "  "); err != nil {
			a.t.Fatalf("%v in %s", err, body)
		}
		b.WriteByte('\n')
	}
	got := scrub(b.String())
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			a.t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		a.t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		a.t.Errorf("%s (-want +got):\n%s", path, d)
	}
}

var (
	guids     = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	passwords = regexp.MustCompile(`"password": "[^"]+"`)
	linksIn   = regexp.MustCompile(`(agreementdocuments|agreement-request)/[A-Za-z0-9._-]+`)
	datesIn   = regexp.MustCompile(`datetime'[^']+'`)
	tokensIn  = regexp.MustCompile(`("value"|"continuationToken"): "[A-Za-z0-9_-]{20,}"`)
)

// scrub names GUIDs in the order in which they appear, and passwords and tokens.
func scrub(s string) string {
	var seen []string
	s = guids.ReplaceAllStringFunc(s, func(guid string) string {
		i := slices.Index(seen, guid)
		if i < 0 {
			i, seen = len(seen), append(seen, guid)
		}
		return fmt.Sprintf("GUID-%d", i+1)
	})
	s = passwords.ReplaceAllString(s, `"password": "PASSWORD"`)
	s = datesIn.ReplaceAllString(s, "datetime'TIME'")
	s = linksIn.ReplaceAllString(s, "$1/LINK")
	return tokensIn.ReplaceAllString(s, `$1: "TOKEN"`)
}

// journey visits every route once and calls look with each answer.
func (w *world) journey(look func(name string, a answerTo)) {
	w.t.Helper()
	w.moving = true
	body := strings.Replace(fjallbageri, `{"companyProfile":{`, `{"associatedPartnerId":"`+string(reseller)+`","companyProfile":{"organizationRegistrationNumber":"556016-0680",`, 1)
	created := w.send(request{as: "provider", method: http.MethodPost, target: "/v1/customers", body: body}).want(201)
	look("customer_create", created)
	var added struct{ ID string }
	created.into(&added)
	at := "/v1/customers/" + added.ID
	look("customer", w.get("provider", at).want(200))
	w.assign("provider", added.ID, gdap.GlobalReader)
	look("customer_delegated", w.get("provider", at).want(200))
	look("customer_of_reseller", w.get("reseller", at).want(200))
	look("company_profile", w.get("provider", at+"/profiles/company").want(200))
	look("organization", w.get("provider", at+"/organization").want(200))
	look("domains", w.get("provider", at+"/customDomains").want(200))
	billing := w.get("provider", at+"/profiles/billing").want(200)
	look("billing_profile", billing)
	look("billing_profile_update", w.send(request{
		as: "provider", method: http.MethodPut, target: at + "/profiles/billing",
		body: strings.Replace(billing.Body.String(), "Fjällbageri AB", "Fjällbageri i Lund AB", 1),
	}).want(200))
	look("validation_status", w.get("provider", at+"/validationStatus?type=account").want(200))
	look("qualification_create", w.qualify("provider", added.ID, `{"qualification":"StateOwnedEntity"}`).want(201))
	look("qualification_set", w.qualifyOld("provider", added.ID, "", `"education"`).want(200))
	look("qualifications", w.get("provider", at+"/qualifications").want(200))
	look("qualification", w.get("provider", at+"/qualification").want(200))
	nord := w.add("provider", newBody("Nordbageri AB", "nordbageri"))
	w.code("provider", "STAD-1")
	w.qualifyOld("provider", nord.ID, "?code=STAD-1", `"government_community_cloud"`).want(200)
	look("customers", w.get("provider", "/v1/customers").want(200))
	look("customers_page", w.get("provider", "/v1/customers?size=1").want(200))
	look("relationships", w.get("provider", "/v1/relationships?relationship_type=IsIndirectCloudSolutionProviderOf").want(200))
	look("customer_relationships", w.get("provider", at+"/relationships").want(200))
	look("relationship_request", w.get("provider", "/v1/customers/relationshiprequests").want(200))
	look("relationship_request_joint", w.get("reseller", "/v1/customers/relationshiprequests?dualRoleIndirectRelationship=false&indirectCloudSolutionProviderId="+string(w.actors["provider"].Tenant)).want(200))
	look("agreements", w.get("provider", "/v1/agreements?agreementType=*").want(200))
	look("customer_agreement_create", attest(w, "provider", added.ID, "117a77b0-9360-443b-8795-c6dedc750cf9", "MicrosoftCustomerAgreement", "2026-11-02", "maja@fjallbageri.example").want(201))
	look("customer_agreements", w.get("provider", at+"/agreements?agreementType=*").want(200))
	look("agreement_document", w.get("provider", "/v1/agreementtemplates/117a77b0-9360-443b-8795-c6dedc750cf9/document?country=SE&language=sv-SE").want(200))
	look("agreement_records", w.get("provider", "/v1/partners/customeragreementrecords").want(200))
	look("agreement_bulk", w.send(request{as: "provider", method: http.MethodPost, target: "/v1/CreateBulkReAttestation", body: `[]`}).want(200))
	look("agreement_status", w.get("provider", "/v1/compliance/csp/agreementstatus?mpnId=&tenantId="+string(w.actors["reseller"].Tenant)).want(200)) // Q18
	look("direct_signed", w.get("provider", at+"/directSignedMicrosoftCustomerAgreementStatus").want(200))
	var enhance wire.EnhancedAttestation
	asked := w.enhance("provider-app", enhanced).want(201)
	asked.into(&enhance)
	look("enhanced_attestation_create", asked)
	look("enhanced_attestation", w.get("provider-app", "/v1/attestations/enhanced/"+enhance.AttestationID).want(200))
	look("validation_codes", w.get("provider", "/v1/customers/all/validations").want(200))
	look("validation", w.get("provider", "/v1/customers/"+nord.ID+"/validations").want(200))
	look("address", w.send(request{as: "provider", method: http.MethodPost, target: "/v1/validations/address", body: `{"country":"SE","city":"Lund","addressLine1":"Bredgatan 4","postalCode":"22221"}`}).want(200))
	look("address_refused", w.send(request{as: "provider", method: http.MethodPost, target: "/v1/validations/address", body: `{"country":"SE","city":"Lund"}`}).want(200))
	look("country_rules", w.get("provider", "/v1/countryvalidationrules/AM").want(200))
	look("domain_taken", w.send(request{as: "provider", method: http.MethodHead, target: "/v1/domains/nordbageri.onmicrosoft.com"}).want(200))
	look("domain_prefix", w.get("provider", "/v1/validations/checkdomainavailability/free").want(200))
	records := w.get("provider", "/v1/auditrecords?filter="+url.QueryEscape(`{"Field":"ResourceType","Value":"Customer","Operator":"equals"}`)).want(200)
	look("audit_records", records)
	var log wire.Collection[wire.AuditRecord]
	records.into(&log)
	look("audit_record", w.get("provider", "/auditactivity/v1/auditrecords/"+log.Items[len(log.Items)-1].ID).want(200))
	w.get("provider", "/auditactivity/v1/auditrecords").want(200)
	look("customer_undelegated", w.send(request{as: "provider", method: http.MethodPatch, target: at, body: `{"allowDelegatedAccess":false}`}).want(200))
	north := w.add("provider", newBody("Nordglas AB", "nordglas"))
	look("customer_removed", w.send(request{as: "provider", method: http.MethodPatch, target: "/v1/customers/" + north.ID + "/", body: `{ "relationshipToPartner": "none" }`}).want(200))
	w.register("provider")
	look("verified_domain", w.give("provider", added.ID, domainBody).want(201))
	w.profiles(look)
	w.catalogue(added.ID, look)
	look("customer_delete", w.send(request{as: "provider", method: http.MethodDelete, target: at}).want(204))
}

func TestAnswersAreThoseOfTheGoldenFiles(t *testing.T) {
	w := newWorld(t)
	w.journey(func(name string, a answerTo) { a.golden(name) })
	w.get("", "/v1/customers").golden("refused_unauthenticated")
	w.get("provider", "/v1/customers/x").golden("refused_argument")
	w.get("provider", "/v1/nothing").golden("refused_route")
	w.send(request{as: "provider", method: http.MethodPatch, target: "/v1/relationships"}).golden("refused_method")
	w.send(request{as: "provider", method: http.MethodPost, target: "/v1/customers", body: `{}`}).golden("refused_creation")
	w.send(request{as: "provider", method: http.MethodPost, target: "/v1/customers", body: strings.Replace(fjallbageri, `"companyProfile":{`, `"companyProfile":{"organizationRegistrationNumber":"!!",`, 1)}).golden("refused_registration")
}

// Every route is visited, so that no golden file is missing.
func TestTheJourneyVisitsEveryRoute(t *testing.T) {
	w := newWorld(t)
	visited := map[string]bool{}
	w.onSend = func(pattern string) { visited[pattern] = true }
	w.journey(func(string, answerTo) {})
	for _, rt := range w.api.Routes() {
		if rt.Ours == "" && !visited[rt.Pattern()] {
			t.Errorf("%s is not visited", rt.Pattern())
		}
	}
}

// keysFile lists the JSON paths that published examples show.
func keysFile() string {
	if path := os.Getenv("COMPTOIR_GOLDEN_KEYS"); path != "" {
		return path
	}
	return filepath.Join("..", "..", "..", "..", "shared", "spec", "golden-keys.tsv")
}

// shownPaths are the paths of one route with how many of the examples show each.
type shownPaths struct {
	examples int
	seen     map[string]int
}

func readShown(t *testing.T) map[string]shownPaths {
	t.Helper()
	f, err := os.Open(keysFile())
	if os.IsNotExist(err) {
		t.Skipf("the list of published JSON paths is not here (%v); COMPTOIR_GOLDEN_KEYS may say where it is", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all := map[string]shownPaths{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		cells := strings.Split(lines.Text(), "\t")
		if len(cells) < 6 || cells[2] != "response" {
			continue
		}
		route := cells[0] + " " + cells[1]
		examples, err := strconv.Atoi(cells[3])
		if err != nil {
			t.Fatal(err)
		}
		seen, err := strconv.Atoi(cells[5])
		if err != nil {
			t.Fatal(err)
		}
		if all[route].seen == nil {
			all[route] = shownPaths{examples, map[string]int{}}
		}
		all[route].seen[cells[4]] = seen
	}
	if len(all) < 50 || lines.Err() != nil {
		t.Fatalf("%d routes: %v", len(all), lines.Err())
	}
	return all
}

// notAnswered are paths that most examples show and we do not, with the reason.
var notAnswered = map[string]string{
	"billingProfile.defaultAddress.state": "the customer of the journey is Swedish; its country has no states",
	"defaultAddress.state":                "the customer of the journey is Swedish; its country has no states",
	"address.region":                      "given only where the customer entered a region",
	"companyProfile.address.region":       "given only where the customer entered a region",
	"[].state":                            "given only where the customer entered a state or region",
	"items[].links.learnMore.uri":         "the link may lack its address (section 1.1 of the commerce contract), as for the add-on of the journey",
	"localizedAttributes":                 "titles are given in one language",
	"localizedAttributes[].key":           "titles are given in one language",
	"localizedAttributes[].value":         "titles are given in one language",
}

// notShown are paths that we answer and no example shows, with the reason.
var notShown = regexp.MustCompile(strings.Join([]string{
	`^(companyProfile\.)?organizationRegistrationNumber$`, // table of section 9.8
	`(^|\.)defaultAddress\.(middleName|region|addressLine2)$`,
	`^(items\[\]\.|companyProfile\.|billingProfile\.|)links(\.self(\.(uri|method|headers))?)?$`, // section 4.6
	`^customDomains\[\]$`, `^\[\]\.technicalNotificationMails\[\]$`, // members of arrays that are shown empty
	`^billingProfile\.(first|last)Name$`,                       // table of section 9.4
	`^associatedPartnerId$`,                                    // table of section 9.1
	`^items\[\]\.(id|originalCorrelationId|resourceOldValue)$`, // table of section 19
	`^attributes(\.objectType)?$`,                              // section 4.7
	`^items\[\]\.userId$`,                                      // table of section 11.3
	`^vettingCreatedDate$`,                                     // section 12
	`^versionRank$`,                                            // section 11.5
	`^links\.(next|previous)`,                                  // section 5.2
	`^continuationToken$`,                                      // section 4.7
	// Section 1.1 of the commerce contract: an add-on is a whole offer.
	`^items\[\]\.(conversionTargetOffers|upgradeTargetOffers|term|acquisitionType|termUnitOfMeasure|supportedBillingCycles|resellerQualifications` +
		`|reselleeQualifications|isTrial|supportedCatalogTypes|hasAddOns|isMicrosoftProduct|isInternal|limitUnitOfMeasure|limit)$`,
	`^items\[\]\.attributes(\.objectType)?$`,  // section 4.7
	`^dynamicAttributes\.isMicrosoftProduct$`, // section 1.2 of the commerce contract
}, "|"))

// mistaken are the routes whose published example is of another resource.
var mistaken = []string{
	"GET /v1/customers/{id}/products",
	"GET /v1/customers/{id}/products/{id}/skus/{id}/availabilities",
}

// A path that most published examples show is answered, and every answered path
// is known: shown in an example, or in a table of the contract.
func TestAnswersHaveThePathsThatExamplesShow(t *testing.T) {
	all := readShown(t)
	w := newWorld(t)
	w.journey(func(string, answerTo) {})
	compared := 0
	for pattern, answered := range w.answered {
		shown, ok := all[braces.ReplaceAllString(pattern, "{id}")]
		if !ok || slices.Contains(mistaken, braces.ReplaceAllString(pattern, "{id}")) {
			continue
		}
		compared++
		for path, seen := range shown.seen {
			if 2*seen > shown.examples && !answered[path] && notAnswered[path] == "" {
				t.Errorf("%s: %d of %d examples show %s, we do not answer it", pattern, seen, shown.examples, path)
			}
		}
		for path := range answered {
			if _, ok := shown.seen[path]; !ok && !notShown.MatchString(path) && !strings.HasSuffix(path, "[]") {
				t.Errorf("%s: we answer %s, which is not published", pattern, path)
			}
		}
	}
	if compared < 7 {
		t.Errorf("only %d routes were compared", compared)
	}
}
