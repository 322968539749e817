package v1

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"comptoir/internal/api/v1/wire"
)

func attest(w *world, as, customer, template, kind, date, email string) answerTo {
	w.t.Helper()
	return w.send(request{as: as, method: http.MethodPost, target: "/v1/customers/" + customer + "/agreements", body: fmt.Sprintf(
		`{"PrimaryContact":{"FirstName":"Maja","LastName":"Lind","Email":%q,"PhoneNumber":46123456},"TemplateId":%q,"Type":%q,"DateAgreed":%q,"UserId":null}`,
		email, template, kind, date)})
}

// Section 11, rules AG2 to AG5.
func TestAgreementsAreAttestedAndRead(t *testing.T) {
	w := newWorld(t)
	added := w.add("direct", fjallbageri)
	const email, date = "maja@fjallbageri.example", "2026-11-02T00:00:00"

	var metadata wire.Collection[wire.AgreementMetaData]
	for query, want := range map[string][]string{
		"": {"MicrosoftCloudAgreement"},
		"?agreementType=microsoftCustomerAgreement": {"MicrosoftCustomerAgreement"}, // Q39: exactly one
		"?AgreementType=*":                          {"MicrosoftCloudAgreement", "MicrosoftCustomerAgreement"},
	} {
		metadata = wire.Collection[wire.AgreementMetaData]{}
		w.get("direct", "/v1/agreements"+query).want(200).into(&metadata)
		var got []string
		for _, m := range metadata.Items {
			got = append(got, m.AgreementType)
			if u, err := url.Parse(m.AgreementLink); err != nil || !u.IsAbs() {
				t.Errorf("agreementLink %q", m.AgreementLink)
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) || metadata.TotalCount != int64(len(want)) {
			t.Errorf("%q: %v", query, got)
		}
	}
	w.get("direct", "/v1/agreements?agreementType=handshake").refused(400, "2000")
	w.get("direct-app", "/v1/agreements").refused(403, "900329")

	w.get("direct", "/v1/agreements?agreementType=MicrosoftCustomerAgreement").into(&metadata)
	template := metadata.Items[0].TemplateID
	var made wire.Agreement
	attest(w, "direct", added.ID, template, "MicrosoftCustomerAgreement", date, email).want(201).into(&made)
	if made.UserID != string(w.actors["direct"].User) || made.PrimaryContact.Email != email || made.PrimaryContact.PhoneNumber != "46123456" || made.DateAgreed.Day() != 2 {
		t.Errorf("made %+v", made)
	}

	at := "/v1/customers/" + added.ID
	var list wire.Collection[wire.Agreement]
	w.get("direct", at+"/agreements?agreementType=*").want(200).into(&list)
	if list.TotalCount != 1 || list.Items[0].TemplateID != template || list.Items[0].AgreementLink == "" {
		t.Errorf("list %+v", list)
	}
	w.get("direct", at+"/agreements").want(200).into(&list)
	if list.TotalCount != 0 {
		t.Errorf("without a type only the older agreement is listed: %+v", list)
	}
	if got := w.get("direct", at+"/directSignedMicrosoftCustomerAgreementStatus").want(200).Body.String(); got != `{"isSigned":false}` {
		t.Errorf("directly signed: %s", got)
	}

	refused := attest(w, "direct", added.ID, template, "MicrosoftCustomerAgreement", date, email).refused(409, "600061") // RF-21
	if !strings.Contains(refused.Body.String(), `"errorName":"PartnerConfirmedAgreementAlreadyExists"`) {
		t.Errorf("shape B: %s", refused.Body)
	}
	attest(w, "direct", added.ID, template, "MicrosoftCustomerAgreement", "2027-01-01", "b@fjallbageri.example").refused(400, "3000") // RF-20
	attest(w, "direct", added.ID, template, "MicrosoftCloudAgreement", date, email).refused(400, "27002")
	attest(w, "direct", added.ID, strings.ToUpper(template), "MicrosoftCustomerAgreement", date, email).refused(400, "27002")
	attest(w, "stranger", added.ID, template, "MicrosoftCustomerAgreement", date, email).refused(404, "1000")
	attest(w, "direct-helpdesk", added.ID, template, "MicrosoftCustomerAgreement", date, email).refused(403, "900150")
	bad := attest(w, "direct", added.ID, template, "MicrosoftCustomerAgreement", "", "no address").want(400)
	for _, member := range []string{`"dateAgreed:  `, `"primaryContact.email:  `} {
		if !strings.Contains(bad.Body.String(), member) {
			t.Errorf("%s is not named in %s", member, bad.Body)
		}
	}
	w.get("stranger", at+"/agreements?agreementType=*").refused(404, "1000")
	w.get("direct", at+"/agreements?agreementType=x").refused(400, "2000")
}
