package v1

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"comptoir/internal/api/v1/wire"
	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/qualification"
)

func (w *world) qualify(as, customer, body string) answerTo {
	w.t.Helper()
	return w.send(request{as: as, method: http.MethodPost, target: "/v1/customers/" + customer + "/qualifications", body: body})
}

func (w *world) qualifyOld(as, customer, query, body string) answerTo {
	w.t.Helper()
	return w.send(request{as: as, method: http.MethodPut, target: "/v1/customers/" + customer + "/qualification" + query, body: body})
}

// code gives a partner a code for one customer.
func (w *world) code(partner, text string) {
	w.t.Helper()
	_, err := qualification.Issue.Do(w.t.Context(), w.kernel, op.System("", 0, op.ViaCLI), qualification.Code{
		Partner: w.actors[partner].Tenant, Code: text, Organization: "Lunds stad", Max: 1,
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// Section 12: asked for now, decided later, and both shown in the newer and in
// the older form.
func TestAQualificationIsAskedForAndVetted(t *testing.T) { // C37, C38, S2.14
	w := newWorld(t)
	added := w.add("direct", fjallbageri)
	at := "/v1/customers/" + added.ID
	var made wire.CustomerQualification
	w.qualify("direct", added.ID, `{"Qualification":"education","EducationSegment":"k12","Website":"www.skolan.example","ValidationCode":null}`).want(201).into(&made)
	if made.Qualification != "Education" || made.VettingStatus != "InReview" || made.VettingCreatedDate.IsZero() || !made.VettingCreateDate.Equal(made.VettingCreatedDate.Time) {
		t.Errorf("made %+v", made)
	}
	if got := w.get("direct-app", at+"/qualification").want(200).Body.String(); got != `"education"` {
		t.Errorf("older form: %s", got)
	}
	w.qualify("direct", added.ID, `{"qualification":"Education","educationSegment":"K12"}`).refused(409, "1003")
	reviewer := op.Actor{Kind: policy.Operator, Tenant: "operator", Roles: policy.OperatorReviewer, User: "olga", Channel: op.ViaPortal}
	_, err := qualification.Deny.Do(t.Context(), w.kernel, reviewer, qualification.Decision{
		Key: qualification.Key{Partner: w.actors["direct"].Tenant, Customer: id.Tenant(added.ID), Qualification: qualification.Education}, Reason: "No such school.",
	})
	if err != nil {
		t.Fatal(err)
	}
	var all []wire.CustomerQualification
	w.get("direct", at+"/qualifications").want(200).into(&all)
	if len(all) != 1 || all[0].VettingStatus != "Denied" || all[0].VettingReason != "No such school." {
		t.Errorf("denied: %+v", all)
	}
	if got := w.get("direct", at+"/qualification").want(200).Body.String(); got != `"none"` {
		t.Errorf("older form: %s", got)
	}
	for body, code := range map[string]string{
		`{"qualification":"None"}`:      "900126",
		`{"qualification":"Nonprofit"}`: "900126",
		`{}`:                            "900126",
		`{"qualification":"Education"}`: "27002",
		`{"qualification":"GovernmentCommunityCloud"}`:                             "27002",
		`{"qualification":"GovernmentCommunityCloud","validationCode":"nobody's"}`: "27002",
	} {
		w.qualify("direct", added.ID, body).refused(400, code)
	}
	w.qualify("stranger", added.ID, `{"qualification":"StateOwnedEntity"}`).refused(404, "1000")
	w.qualify("direct-helpdesk", added.ID, `{"qualification":"StateOwnedEntity"}`).refused(403, "900150")
	w.qualify("direct-app", added.ID, `{"qualification":"StateOwnedEntity"}`).refused(403, "900329")
}

// The older form takes a word or its ordinal, and the code in the query.
func TestAQualificationInTheOlderForm(t *testing.T) { // C37
	w := newWorld(t)
	one, two, three := w.add("direct", fjallbageri), w.add("direct", newBody("Nordbageri AB", "nordbageri")), w.add("direct", newBody("Sydbageri AB", "sydbageri"))
	if got := w.qualifyOld("direct", one.ID, "", `"Education"`).want(200).Body.String(); got != `"education"` { // without a segment
		t.Errorf("a word: %s", got)
	}
	if got := w.qualifyOld("direct", two.ID, "", `4`).want(200).Body.String(); got != `"state_owned_entity"` {
		t.Errorf("an ordinal: %s", got)
	}
	w.code("direct", "STAD 1")
	query := "?code=" + url.QueryEscape("STAD 1")
	if got := w.qualifyOld("direct", three.ID, query, `"GovernmentCommunityCloud"`).want(200).Body.String(); got != `"government_community_cloud"` {
		t.Errorf("with a code: %s", got)
	}
	for _, body := range []string{`"none"`, `0`, `"nonprofit"`, `2`, `"bakery"`, `9`} {
		w.qualifyOld("direct", two.ID, "", body).refused(400, "900126")
	}
	w.qualifyOld("direct", two.ID, "", `{`).refused(400, "800002")

	var codes []wire.ValidationCode
	w.get("direct-app", "/v1/customers/all/validations").want(200).into(&codes)
	if len(codes) != 1 || codes[0].ValidationID != "STAD 1" || codes[0].MaxCreates != 1 || codes[0].RemainingCreates != 0 || !strings.HasPrefix(codes[0].ETag, `W/"datetime'20`) {
		t.Errorf("codes %+v", codes)
	}
	var used wire.GCCValidation
	w.get("direct", "/v1/customers/"+three.ID+"/validations").want(200).into(&used)
	if used.CustomerID != three.ID || used.OrganizationName != "Lunds stad" {
		t.Errorf("used %+v", used)
	}
	w.get("direct", "/v1/customers/"+one.ID+"/validations").refused(404, "1000")
	w.get("stranger", "/v1/customers/"+three.ID+"/validations").refused(404, "1000")
	if got := w.get("stranger", "/v1/customers/all/validations").want(200).Body.String(); got != "[]" {
		t.Errorf("codes of others: %s", got)
	}
}
