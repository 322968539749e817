package v1

import (
	"net/http"
	"strings"
	"testing"

	"comptoir/internal/api/v1/wire"
	"comptoir/internal/gdap"
	"comptoir/internal/identity"
	"comptoir/internal/op"
)

// register makes a partner a registrar of domains.
func (w *world) register(as string) {
	w.t.Helper()
	yes := true
	if _, err := identity.UpdatePartner.Do(w.t.Context(), w.kernel, op.System("", 0, op.ViaCLI), identity.PartnerChange{
		Tenant: w.actors[as].Tenant, Registrar: &yes,
	}); err != nil {
		w.t.Fatal(err)
	}
}

// domainBody is a domain whose users sign in here.
const domainBody = `{"VerifiedDomainName":"Fjallbageri.example","Domain":{"AuthenticationType":"Managed","Capability":"Email","IsDefault":null,"IsInitial":null,
	"Name":"fjallbageri.example","RootDomain":null,"Status":"Verified","VerificationMethod":"DnsRecord"}}`

// federatedBody is one whose users sign in elsewhere.
var federatedBody = strings.Replace(strings.TrimSuffix(strings.ReplaceAll(strings.ReplaceAll(domainBody, "Managed", "federated"), "allbageri", "allbrod"), "}")+
	`,"domainFederationSettings":{"issuerUri":"urn:fjallbrod","logOffUri":"https://sts.fjallbrod.example/out","passiveLogOnUri":"https://sts.fjallbrod.example/in",
	"preferredAuthenticationProtocol":"wsfed","promptLoginBehavior":1,"signingCertificate":"MIIB","signingCertificateUpdateStatus":{"lastRunAt":null},"supportsMfa":true}}`, "DnsRecord", "None", 1)

func (w *world) give(as, customer, body string) answerTo {
	w.t.Helper()
	return w.send(request{as: as, method: http.MethodPost, target: "/v1/customers/" + customer + "/VerifiedDomain", body: body})
}

// Section 9.13: registrars give their customers domains.
func TestVerifiedDomains(t *testing.T) { // C33
	w := newWorld(t)
	added := w.add("direct", fjallbageri)
	w.give("direct", added.ID, domainBody).refused(403, "2032")
	w.register("direct")
	var got wire.Domain
	w.give("direct-app", added.ID, domainBody).want(201).into(&got)
	want := wire.Domain{AuthenticationType: "managed", Capability: "email", Name: "fjallbageri.example", Status: "verified", VerificationMethod: "dns_record"}
	if got != want {
		t.Errorf("got %+v", got)
	}
	w.give("direct", added.ID, strings.Replace(federatedBody, `"IsDefault":null`, `"IsDefault":false`, 1)).want(201)
	w.give("direct", added.ID, domainBody).refused(409, "1003")
	w.send(request{as: "direct", method: http.MethodHead, target: "/v1/domains/fjallbrod.example"}).want(200)
	w.assign("direct", added.ID, gdap.GlobalReader)
	if names := w.get("direct", "/v1/customers/"+added.ID+"/customDomains").want(200).Body.String(); !strings.Contains(names, `"fjallbageri.example","fjallbageri.onmicrosoft.com","fjallbrod.example"`) {
		t.Errorf("domains %s", names)
	}
	fresh := strings.ReplaceAll(domainBody, "allbageri", "allkaffe")
	w.give("direct", added.ID, strings.Replace(fresh, `"IsDefault":null`, `"IsDefault":true`, 1)).want(201)

	w.give("stranger", added.ID, domainBody).refused(403, "2032")
	w.register("stranger")
	w.give("stranger", added.ID, domainBody).refused(404, "1000")
	w.give("direct-helpdesk", added.ID, domainBody).refused(403, "900150")
	w.give("direct", "x", domainBody).refused(400, "2000")
	for member, body := range map[string]string{
		"domain.authenticationType":                                `{"verifiedDomainName":"a.example","domain":{"name":"a.example"}}`,
		"domain.capability":                                        strings.Replace(fresh, `"Email"`, `"Pigeons"`, 1),
		"domain.status":                                            strings.Replace(fresh, `"Verified"`, `"Unverified"`, 1),
		"domain.verificationMethod":                                strings.Replace(fresh, `"DnsRecord"`, `"Rumour"`, 1),
		"domain.isInitial":                                         strings.Replace(fresh, `"IsInitial":null`, `"IsInitial":true`, 1),
		"domain.name":                                              strings.Replace(fresh, `"fjallkaffe.example"`, `"other.example"`, 1),
		"domainFederationSettings":                                 strings.Replace(fresh, "Managed", "Federated", 1),
		"domain.isDefault":                                         strings.Replace(federatedBody, `"IsDefault":null`, `"IsDefault":true`, 1),
		"domainFederationSettings.logOffUri":                       strings.Replace(federatedBody, "https://sts.fjallbrod.example/out", "javascript:alert(1)", 1),
		"domainFederationSettings.signingCertificate":              strings.Replace(federatedBody, `"MIIB"`, `"%%%"`, 1),
		"domainFederationSettings.issuerUri":                       strings.Replace(federatedBody, "urn:fjallbrod", "", 1),
		"domainFederationSettings.promptLoginBehavior":             strings.Replace(federatedBody, `"promptLoginBehavior":1`, `"promptLoginBehavior":9`, 1),
		"domainFederationSettings.preferredAuthenticationProtocol": strings.Replace(federatedBody, `"wsfed"`, `null`, 1),
		"verifiedDomainName":                                       strings.ReplaceAll(strings.ReplaceAll(fresh, "Fjallkaffe.example", "no domain"), "fjallkaffe.example", "no domain"),
	} {
		refused := w.give("direct", added.ID, body).refused(400, "27002")
		if !strings.Contains(refused.Body.String(), `"`+member+`:  `) {
			t.Errorf("%s is not named in %s", member, refused.Body)
		}
	}
}
