package graph

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

	"comptoir/internal/lang"
)

var update = flag.Bool("update", false, "write the golden files anew")

const at = "/v1.0/tenantRelationships/delegatedAdminRelationships"

var guids = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

var tokens = regexp.MustCompile(`skiptoken=[A-Za-z0-9_-]+`)

// golden compares an answer with testdata/name.golden: status, the headers that
// are part of the interface, and the body with GUIDs named instead.
func (a answered) golden(name string) answered {
	a.t.Helper()
	var b bytes.Buffer
	fmt.Fprintf(&b, "%d\n", a.Code)
	for _, header := range []string{"Allow", "Content-Type", "ETag", "Location", "Retry-After", "WWW-Authenticate"} {
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
	var seen []string
	got := guids.ReplaceAllStringFunc(b.String(), func(guid string) string {
		i := slices.Index(seen, guid)
		if i < 0 {
			i, seen = len(seen), append(seen, guid)
		}
		return fmt.Sprintf("GUID-%d", i+1)
	})
	got = tokens.ReplaceAllString(got, "skiptoken=TOKEN")
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			a.t.Fatal(err)
		}
		return a
	}
	want, err := os.ReadFile(path)
	if err != nil {
		a.t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		a.t.Errorf("%s (-want +got):\n%s", path, d)
	}
	return a
}

func TestAnswersAreThoseOfTheGoldenFiles(t *testing.T) { // section 21
	w := newWorld(t)
	r := w.draft("Drift 2026 Fjällbageri")
	w.get(at + "/" + r.ID).want(200).golden("relationship_created")
	w.send("direct", http.MethodPost, at+"/"+r.ID+"/requests", `{"action":"lockForApproval"}`, "If-Match", r.Etag).want(201).golden("request_lock")
	r = w.approved("Support 2026 Fjällbageri")
	one := at + "/" + r.ID
	w.get(one).want(200).golden("relationship_active")
	w.get(at + "?$count=true&$top=1&$orderby=displayName").want(200).golden("relationships")
	w.get(at + "?$select=customer,autoExtendDuration,endDateTime&$filter=status%20eq%20'active'").want(200).golden("relationships_selected")
	w.get(one + "/requests").want(200).golden("requests")
	group := w.group("Tekniker")
	made := w.send("direct", http.MethodPost, one+"/accessAssignments", `{"accessContainer":{"accessContainerId":"`+group+`","accessContainerType":"securityGroup"},
		"accessDetails":{"unifiedRoles":[{"roleDefinitionId":"f2ef992c-3afb-46b9-b7cf-a126ee74c451"}]}}`).want(201).golden("assignment_create")
	var a relation
	made.into(&a)
	w.runDue()
	w.get(one + "/accessAssignments").want(200).golden("assignments")
	const other = `{"accessDetails":{"unifiedRoles":[{"roleDefinitionId":"f023fd81-a637-4b56-95fd-791ac0226033"}]}}`
	w.send("direct", http.MethodPatch, one+"/accessAssignments/"+a.ID, other).want(202).golden("assignment_update")
	w.get(one + "/operations").want(200).golden("operations")
	w.runDue()
	w.send("direct", http.MethodPatch, one+"/accessAssignments/"+a.ID, other).want(200)
	w.send("direct", http.MethodDelete, one+"/accessAssignments/"+a.ID, "", "If-Match", a.Etag).want(412).golden("refused_stale")
	w.get("/v1.0/tenantRelationships/delegatedAdminCustomers").want(200).golden("customers")
	w.get("/v1.0/tenantRelationships/delegatedAdminCustomers/" + string(w.bakery) + "/serviceManagementDetails").want(200).golden("services")
	w.get("/beta/organization").want(200).golden("organization")
	w.get("/beta/groups?$top=999&$select=id,displayName&$filter=securityEnabled eq true").want(200).golden("groups")
	w.get("/v1.0/contracts").want(200).golden("contracts")
	w.send("nobody", http.MethodGet, at, "", "Client-Request-Id", "0a1b0000-00bb-7000-8000-0000000000bb").want(401).golden("refused_nobody")
	w.send("direct-app", http.MethodGet, at, "").want(403).golden("refused_app")
	w.get(at + "/nothing").want(404).golden("refused_unknown")
	w.send("direct", http.MethodPost, "/v1.0/$batch", `{"requests":[{"id":"1","method":"GET","url":"/tenantRelationships/delegatedAdminRelationships/`+r.ID+`?$select=id"},
		{"id":"2","method":"PATCH","url":"tenantRelationships/delegatedAdminRelationships/`+r.ID+`","headers":{"Content-Type":"application/json"},"body":{"autoExtendDuration":"P365D"}},
		{"id":"3","method":"GET","url":"organization","dependsOn":["2"]}]}`).want(200).golden("batch")
}

// The route table is the published one, twice.
func TestTheTableIsThePublishedOne(t *testing.T) {
	f, err := os.Open("../../../docs/spec/routes-customers.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	braces := regexp.MustCompile(`\{[^}]*\}`)
	type row struct{ takes, status, gives string }
	rows := make(map[string]row)
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		cells := strings.Split(lines.Text(), "\t")
		if len(cells) < 6 || !strings.HasPrefix(cells[1], "/v1.0/") {
			continue
		}
		path, _, _ := strings.Cut(cells[1], "?")
		rows[cells[0]+" "+braces.ReplaceAllString(path, "{}")] = row{cells[3], cells[4], cells[5]}
	}
	if len(rows) != 19 || lines.Err() != nil {
		t.Fatalf("%d rows: %v", len(rows), lines.Err())
	}
	found := make(map[string]int)
	for _, rt := range newWorld(t).api.Routes() {
		path := strings.Replace(rt.Path, "/beta/", "/v1.0/", 1)
		key := rt.Method + " " + braces.ReplaceAllString(path, "{}")
		want, known := rows[key]
		if known == (rt.Ours != "") {
			t.Errorf("%s: published %v, but the reason for having it is %q", rt.Pattern(), known, rt.Ours)
		}
		if known {
			found[key]++
			if want.gives == "-" {
				want.gives = ""
			}
			if rt.ObjectType != want.gives || strconv.Itoa(rt.Status) != want.status || (want.takes == "-") == (rt.Takes != nil) {
				t.Errorf("%s gives %q with %d, published %+v", rt.Pattern(), rt.ObjectType, rt.Status, want)
			}
		}
		if lang.For("sv").T(rt.Summary) == rt.Summary {
			t.Errorf("%s has no sentence in the catalogues", rt.Pattern())
		}
	}
	for key := range rows {
		if found[key] != 2 {
			t.Errorf("%s is served %d times, want under both roots", key, found[key])
		}
	}
}

func TestARelationshipChangesAsClientsDoIt(t *testing.T) { // 21.1, 21.2, Q56, Q57
	w := newWorld(t)
	r := w.draft("Drift")
	if r.Duration != "P730D" || r.AutoExtendDuration != "PT0S" || r.Status != "created" {
		t.Fatalf("%+v", r)
	}
	var again relation
	w.get(at + "/" + strings.ToUpper(r.ID)).want(200)
	w.get(at + "/" + strings.ToUpper(r.ID) + "/requests").want(200)
	w.get(at + "/" + r.ID).want(200).into(&again)
	if again.Etag != r.Etag {
		t.Errorf("Q57: the etag of the draft changed from %s to %s", r.Etag, again.Etag)
	}
	w.send("direct", http.MethodPatch, at+"/"+r.ID, `{"displayName":"Nytt namn"}`).want(200).into(&again) // Q56
	if again.Etag == r.Etag {
		t.Error("the etag stayed")
	}
	w.send("direct", http.MethodPatch, at+"/"+r.ID, `{"displayName":"Igen"}`, "If-Match", r.Etag).want(412)
	w.send("direct", http.MethodPatch, at+"/"+r.ID, `{"displayName":"Igen"}`, "If-Match", `W/"nonsense"`).want(412)
	w.send("direct", http.MethodPatch, at+"/"+r.ID, `{"duration":"P3Y"}`, "If-Match", "*").want(400)
	w.set("graph.strictIfMatch", "true")
	w.send("direct", http.MethodDelete, at+"/"+r.ID, "").want(412)
	w.send("direct", http.MethodPost, at+"/"+r.ID+"/requests", `{"action":"lockForApproval"}`).want(201) // optional there
	w.set("graph.strictIfMatch", "false")
	w.send("direct", http.MethodDelete, at+"/"+r.ID, "").want(409)
	w.send("direct", http.MethodPost, at+"/"+r.ID+"/requests", `{"action":"dance"}`).want(400)
	w.send("direct", http.MethodPost, at+"/"+r.ID+"/requests", `{"action":"terminate"}`).want(201)
	body := strings.NewReplacer("NAME", "Igen", "TENANT", string(w.bakery)).Replace(wish)
	w.send("direct", http.MethodPost, at, body).want(201)
	w.send("direct", http.MethodPost, at, body).want(409)
	w.send("direct", http.MethodPost, at, `{"displayName":`).want(400)
	w.send("direct", http.MethodPost, at, strings.Repeat(" ", 2<<20)).want(413)
	w.send("direct", http.MethodPut, at, `{}`).want(405)
	w.send("reseller", http.MethodGet, at+"/"+r.ID, "").want(404)
	var bound struct {
		Customer struct{ TenantID, DisplayName string }
	}
	open := w.draft("Bunden")
	w.send("direct", http.MethodPatch, at+"/"+open.ID, `{"customer":{"displayName":"Bageriet"}}`).want(200).into(&bound)
	if bound.Customer.TenantID != string(w.bakery) || bound.Customer.DisplayName != "Bageriet" {
		t.Errorf("F2: only the name was sent, and now it is %+v", bound)
	}
	active := w.approved("Aktiv")
	w.send("direct", http.MethodPatch, at+"/"+active.ID, `{"autoExtendDuration":"P180D"}`).want(200).into(&again)
	if again.AutoExtendDuration != "P180D" {
		t.Errorf("%+v", again)
	}
	w.send("direct", http.MethodPatch, at+"/"+active.ID, `{"displayName":"Annat"}`).want(409)
	assigned := `{"accessContainer":{"accessContainerId":"` + w.group("Tekniker") + `"},"accessDetails":{"unifiedRoles":[{"roleDefinitionId":"f2ef992c-3afb-46b9-b7cf-a126ee74c451"}]}}`
	w.send("direct", http.MethodPost, at+"/"+strings.ToUpper(active.ID)+"/accessAssignments", assigned).want(201)
	var all page
	if w.get(at + "/" + strings.ToUpper(active.ID) + "/accessAssignments").want(200).into(&all); len(all.Value) != 1 {
		t.Errorf("%+v", all)
	}
}

func TestAResellerAnswersItsProvider(t *testing.T) { // F4, resellerDelegatedAdminRelationship
	w := newWorld(t)
	body := strings.NewReplacer("NAME", "Drift", "TENANT", string(w.bakery), `"status"`, `"indirectResellerTenantId":"`+string(reseller)+`","status"`).Replace(wish)
	var r struct {
		relation
		Type     string `json:"@odata.type"`
		Provider string `json:"indirectProviderTenantId"`
		Pending  bool   `json:"isPartnerConsentPending"`
	}
	w.send("provider", http.MethodPost, at, body).want(201).into(&r)
	if r.Type != proposedType || r.Provider != string(provider) || !r.Pending {
		t.Errorf("%+v", r)
	}
	w.send("provider", http.MethodPost, at+"/"+r.ID+"/requests", `{"action":"lockForApproval"}`).want(201)
	w.send("reseller", http.MethodPost, at+"/"+r.ID+"/requests", `{"action":"approve"}`).want(201)
	w.send("reseller", http.MethodGet, at+"/"+r.ID, "").want(200).into(&r)
	if r.Pending || r.Status != "approvalPending" {
		t.Errorf("%+v", r)
	}
}

func TestAListIsFilteredAndPaged(t *testing.T) { // 21.2
	w := newWorld(t)
	for i := range 5 {
		w.approved(fmt.Sprintf("Drift %d", i))
	}
	w.draft("Utkast")
	for query, want := range map[string]int{
		"":                             6,
		"$filter=status eq 'active'":   5,
		"$filter=(status eq 'active')": 5,
		"$filter=(status eq 'created') AND (customer/tenantId eq '" + string(w.bakery) + "')": 1,
		"$filter=customer/tenantId eq '" + string(w.bakery) + "'":                             6,
		"$filter=customer/tenantId eq '" + string(direct) + "'":                               0,
		"$filter=displayName eq 'drift 3'":                                                    1,
		"$filter=startswith(displayName,'Drift')":                                             5,
		"$filter=startswith(displayName,'Drift') and status eq 'terminated'":                  0,
		"$filter=status eq 'active'&$orderby=endDateTime desc":                                5,
		"$filter=startswith(displayName,'Drift')&$orderby=displayName desc":                   5,
		"$orderby=displayName":                                           6,
		"$orderby=displayName desc&$filter=status eq 'active'":           5,
		"$orderby=createdDateTime desc":                                  6,
		"filter=status eq 'active'&top=2":                                5,
		"$filter=status eq 'active'&$orderby=createdDateTime desc&top=1": 5,
	} {
		for _, size := range []string{"", "&$top=1", "&$top=2", "&$top=1000"} {
			if strings.Contains(query, "top=") {
				size = ""
			}
			seen, target := map[string]bool{}, at+"?$count=true&"+query+size
			for target != "" {
				var p page
				w.get(target).want(200).into(&p)
				if p.Count == nil || *p.Count != want {
					t.Fatalf("%q counts %v, want %d", query, p.Count, want)
				}
				for _, r := range p.Value {
					if seen[r.ID] {
						t.Fatalf("%q gives %s twice", query, r.ID)
					}
					seen[r.ID] = true
				}
				if p.NextLink != "" && !strings.HasPrefix(p.NextLink, "https://graph.example.org"+at) {
					t.Fatalf("nextLink %s", p.NextLink)
				}
				target = strings.TrimPrefix(p.NextLink, "https://graph.example.org")
			}
			if len(seen) != want {
				t.Errorf("%q with %q gives %d, want %d", query, size, len(seen), want)
			}
		}
	}
	for _, bad := range []string{
		"$filter=status ne 'active'", "$filter=status eq 'x'", "$filter=status eq 'active' or status eq 'created'", "$filter=duration eq 'P1D'",
		"$filter=customer/tenantId eq 'x'", "$orderby=duration", "$orderby=displayName sideways", "$orderby=endDateTime", "$top=0", "$top=x",
		"$filter=displayName eq ''", "$filter=displayName eq ' '", "$filter=startswith(displayName,' ')",
		"$filter=startswith(displayName,'Drift')&$orderby=createdDateTime", "$filter=displayName eq 'Drift 1' and status eq 'active'&$orderby=endDateTime",
		"$skiptoken=%21", "$skiptoken=AAAA", "$filter=" + url.QueryEscape("displayName eq 'a\x00'"), "$filter=" + strings.Repeat("(", 5000),
	} {
		w.get(at + "?" + bad).want(400)
	}
}

func TestABatchIsAnsweredPartByPart(t *testing.T) { // 21.6
	w := newWorld(t)
	r := w.draft("Drift")
	part := func(id, method, url string) string {
		return `{"id":"` + id + `","method":"` + method + `","url":"` + url + `"}`
	}
	var many []string
	for i := range 21 {
		many = append(many, part(strconv.Itoa(i), "GET", "organization"))
	}
	for name, parts := range map[string][]string{
		"none": nil, "21": many, "twice one id": {part("1", "GET", "a"), part("1", "GET", "b")}, "no id": {part("", "GET", "a")},
	} {
		if got := w.send("direct", http.MethodPost, "/beta/$batch", `{"requests":[`+strings.Join(parts, ",")+`]}`); got.Code != 400 {
			t.Errorf("%s: %d %s", name, got.Code, got.Body)
		}
	}
	var out struct {
		Responses []struct {
			ID     string
			Status int
		}
	}
	w.send("direct", http.MethodPost, "/beta/$batch", `{"requests":[`+strings.Join([]string{
		part("a", "GET", "tenantRelationships/delegatedAdminRelationships"), part("b", "DELETE", "/tenantRelationships/delegatedAdminRelationships/"+r.ID),
		part("c", "GET", "nowhere"), part("d", "G ET", "organization"), part("e", "GET", "http://elsewhere.example/"),
		part("in a batch", "POST", "/$Batch"), part("written otherwise", "POST", "%24batch"),
		part("about a batch", "GET", "tenantRelationships/delegatedAdminRelationships?$filter=displayName%20eq%20'$batch'"),
	}, ",")+`]}`).want(200).into(&out)
	got := map[string]int{}
	for _, one := range out.Responses {
		got[one.ID] = one.Status
	}
	if d := cmp.Diff(map[string]int{"a": 200, "b": 204, "c": 404, "d": 400, "e": 404, "in a batch": 400, "written otherwise": 400, "about a batch": 200}, got); d != "" {
		t.Error(d)
	}
}

func TestEtagsAreReadAsTheyWereWritten(t *testing.T) {
	for _, version := range []int64{1, 255, 1 << 40} {
		for _, text := range []string{etag(version), strings.TrimPrefix(etag(version), "W/"), strings.Trim(strings.TrimPrefix(etag(version), "W/"), `"`)} {
			if got, ok := parseEtag(text); !ok || got != version {
				t.Errorf("%s is %d", text, got)
			}
		}
	}
	if got, ok := parseEtag(`W/"JyItMSIn"`); ok {
		t.Errorf("a negative version: %d", got)
	}
}

func FuzzFilter(f *testing.F) {
	for _, seed := range []string{
		"status eq 'active'", "(status eq 'active') AND (customer/tenantId eq 'x')", "startswith(displayName,'O''Hara')", "securityEnabled eq true", "((((", "''", "status eq 'a",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		all, err := parseFilter(text, "status", "displayName", "customer/tenantId", "securityEnabled")
		if err != nil {
			return
		}
		if len(all) == 0 || len(all) > maxConditions {
			t.Fatalf("%q: %d conditions", text, len(all))
		}
		// Written again it is read the same.
		var parts []string
		for _, c := range all {
			value := "'" + strings.ReplaceAll(c.value, "'", "''") + "'"
			if c.begin {
				parts = append(parts, "startswith("+c.field+","+value+")")
			} else {
				parts = append(parts, c.field+" eq "+value)
			}
		}
		again, err := parseFilter(strings.Join(parts, " and "), "status", "displayName", "customer/tenantId", "securityEnabled")
		if err != nil || !slices.Equal(all, again) {
			t.Errorf("%q: %v, then %v: %v", text, all, again, err)
		}
	})
}
