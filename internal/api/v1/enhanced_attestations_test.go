package v1

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"comptoir/internal/agreement"
	"comptoir/internal/api/v1/wire"
	"comptoir/internal/op"
)

const enhanced = `{"Country":"SE","Language":"sv-SE","CompanyName":"Fjällbageri AB","SignatoryFirstName":"Maja","SignatoryLastName":"Lind","SignatoryEmail":"maja@fjallbageri.example","SignatoryPhoneNumber":46123456}`

func (w *world) enhance(as, body string) answerTo {
	w.t.Helper()
	return w.send(request{as: as, method: http.MethodPost, target: "/v1/Attestations/Enhanced", body: body})
}

// accept ticks the page of an attestation as the person would who was asked.
func (w *world) accept(a wire.EnhancedAttestation) {
	w.t.Helper()
	u, err := url.Parse(a.AcceptanceURL)
	if err != nil || !u.IsAbs() || !strings.HasPrefix(u.Path, acceptancePage) {
		w.t.Fatalf("acceptanceUrl %q: %v", a.AcceptanceURL, err)
	}
	link := strings.TrimPrefix(u.Path, acceptancePage)
	if _, err := agreement.AnswerRequest.Do(w.t.Context(), w.kernel, op.Actor{}, agreement.Answer{Link: link, Agreed: true}); err != nil {
		w.t.Fatal(err)
	}
}

// Section 11.6: asked for, accepted on the page, made a customer's agreement.
func TestEnhancedAttestation(t *testing.T) { // AG2, RF-04, RF-21
	w := newWorld(t)
	added := w.add("direct", fjallbageri)
	var made wire.EnhancedAttestation
	w.enhance("direct-app", enhanced).want(201).into(&made)
	if made.Status != "Created" || made.ExpirationDate.IsZero() || made.CustomerID != "" || made.AcceptedDate != nil {
		t.Errorf("made %+v", made)
	}
	at := "/v1/customers/" + added.ID + "/agreements"
	confirm := func(as, id string) answerTo {
		return w.send(request{as: as, method: http.MethodPost, target: at, body: `{"attestationId":"` + id + `","type":"MicrosoftCustomerAgreement"}`})
	}
	confirm("direct", made.AttestationID).refused(400, "900203")
	w.accept(made)
	w.get("direct-app", "/v1/attestations/enhanced/"+made.AttestationID).want(200).into(&made)
	if made.Status != "Accepted" || made.AcceptedDate == nil {
		t.Errorf("accepted: %+v", made)
	}
	var confirmed wire.Agreement
	confirm("direct", strings.ToUpper(made.AttestationID)).want(201).into(&confirmed)
	if confirmed.PrimaryContact.Email != "maja@fjallbageri.example" || !confirmed.DateAgreed.Equal(made.AcceptedDate.Time) {
		t.Errorf("confirmed %+v", confirmed)
	}
	w.get("direct-app", "/v1/attestations/enhanced/"+made.AttestationID).want(200).into(&made)
	if made.Status != "Completed" || made.CustomerID != added.ID {
		t.Errorf("completed: %+v", made)
	}
	confirm("direct", made.AttestationID).refused(409, "600061")

	confirm("direct", "x").refused(400, "27002")
	confirm("direct", "0190b3f8-0000-7000-8000-000000000000").refused(400, "900206")
	w.send(request{as: "direct", method: http.MethodPost, target: at, body: `{"attestationId":"` + made.AttestationID + `","templateId":"x"}`}).refused(400, "27002")
	w.send(request{as: "direct", method: http.MethodPost, target: at, body: `{"attestationId":"` + made.AttestationID + `","type":"MicrosoftCloudAgreement"}`}).refused(400, "27002")
	confirm("stranger", made.AttestationID).refused(404, "1000")
	w.enhance("direct", enhanced).refused(403, "2032") // an application alone
	w.enhance("reseller-app", enhanced).refused(403, "2032")
	w.get("stranger-app", "/v1/attestations/enhanced/"+made.AttestationID).refused(404, "1000")
	w.get("direct-app", "/v1/attestations/enhanced/1").refused(400, "2000")
	bad := w.enhance("direct-app", `{"country":"UK","language":"","companyName":"x","signatoryEmail":"nobody"}`).want(400)
	for _, member := range []string{"country", "language", "companyName", "signatoryFirstName", "signatoryLastName", "signatoryEmail"} {
		if !strings.Contains(bad.Body.String(), `"`+member+`:  `) {
			t.Errorf("%s is not named in %s", member, bad.Body)
		}
	}
	w.enhance("direct-app", `[]`).refused(400, "800002")
	w.enhance("direct-app", `{"country":{}}`).refused(400, "27002")
}
