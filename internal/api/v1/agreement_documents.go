package v1

import (
	"cmp"
	"net/http"
	"reflect"
	"strconv"

	"comptoir/internal/agreement"
	"comptoir/internal/api/route"
	"comptoir/internal/api/v1/wire"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/refusal"
)

// errSignatoryMissing refuses the question about a partner that names none.
var errSignatoryMissing = fault.New(fault.Invalid, "2001", "api.signatory_missing")

// openedPath is where links to documents lead.
const openedPath = "/v1/agreementdocuments/"

// agreementDocumentRoutes add the texts of the customer agreement, attestations in
// bulk, and whether partners have signed theirs (11.5, 11.7, 17.6).
func (a *API) agreementDocumentRoutes() {
	a.handle(route.Route{
		Method: http.MethodGet, Path: "/v1/agreementtemplates/{template-id}/document", Auth: route.User,
		Name: "getAgreementDocument", Summary: "api.route.agreement_document",
		Query: []route.Parameter{{Name: "language", Type: "string"}, {Name: "country", Type: "string"}},
		Gives: reflect.TypeFor[wire.AgreementDocument](), ObjectType: "AgreementDocument", Status: http.StatusOK,
	}, getAgreementDocument)
	a.handle(route.Route{
		Method: http.MethodGet, Path: openedPath + "{link}", Auth: route.None,
		Name: "openAgreementDocument", Summary: "api.route.agreement_open",
		Query: []route.Parameter{{Name: "download", Type: "boolean"}}, Status: http.StatusOK, Ours: "displayUri and downloadUri lead here",
	}, openAgreementDocument)
	on(a, route.Route{
		Method: http.MethodGet, Path: "/v1/partners/customeragreementrecords", Auth: route.User,
		Name: "listCustomerAgreementRecords", Summary: "api.route.agreement_records", Query: []route.Parameter{{Name: "continuation_token", Type: "string"}},
		Gives: reflect.TypeFor[wire.CustomerAgreementRecords](), ObjectType: "CustomerAgreementRecords", Status: http.StatusOK,
	}, agreement.ListLatest, afterCustomer, viewRecords)
	on(a, route.Route{
		Method: http.MethodPost, Path: "/v1/CreateBulkReAttestation", Auth: route.User,
		Name: "createBulkReAttestation", Summary: "api.route.agreement_bulk",
		Takes: reflect.TypeFor[[]wire.ReAttestation](), Status: http.StatusOK,
	}, agreement.AttestAll, reattestations, nil)
	on(a, route.Route{
		Method: http.MethodGet, Path: "/v1/compliance/{program}/agreementstatus", Auth: route.User,
		Name: "getAgreementSignatureStatus", Summary: "api.route.agreement_status",
		Query: []route.Parameter{{Name: "mpnId", Type: "string"}, {Name: "tenantId", Type: "string"}},
		Gives: reflect.TypeFor[wire.AgreementSignatureStatus](), ObjectType: "AgreementSignatureStatus", Status: http.StatusOK,
	}, identity.AgreementSigned, signatory, func(_ *call, signed bool) any { return wire.AgreementSignatureStatus{IsAgreementSigned: signed} })
}

func getAgreementDocument(c *call) error {
	template, err := c.name("template-id")
	if err != nil {
		return err
	}
	if template != agreement.CustomerTemplate {
		return refusal.NotFound
	}
	made, err := agreement.Link(c.r.Context(), c.api.kernel, c.actor, agreement.Wanted{
		Country: cmp.Or(c.param("country"), agreement.DefaultCountry), Language: cmp.Or(c.param("language"), agreement.DefaultLanguage),
	})
	if err != nil {
		return err
	}
	display := c.api.origin.Base(c.r) + openedPath + made.Token
	return c.answer(http.StatusOK, wire.AgreementDocument{
		DisplayURI: display, DownloadURI: display + "?download=true", Language: made.Language, Country: made.Country, VersionRank: made.Rank,
	})
}

// openAgreementDocument sends the text that a link is for. It is no page of ours
// whatever it says, so a browser shows it without any right.
func openAgreementDocument(c *call) error {
	token, err := c.name("link")
	if err != nil {
		return err
	}
	d, err := agreement.Open.Do(c.r.Context(), c.api.kernel, c.actor, token)
	if err != nil {
		return err
	}
	h := c.w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox")
	disposition := "inline"
	if download, err := strconv.ParseBool(c.param("download")); err == nil && download {
		disposition = "attachment"
	}
	h.Set("Content-Disposition", disposition+`; filename="`+d.FileName()+`"`)
	media := d.Media
	if media == agreement.HTML {
		media += "; charset=utf-8"
	}
	c.write(http.StatusOK, media, d.File())
	return nil
}

// afterCustomer reads where a page of records begins.
func afterCustomer(c *call) (agreement.After, error) {
	token := c.param("continuation_token")
	if token == "" {
		return agreement.After{}, nil
	}
	customer, ok := id.Parse(token)
	if !ok {
		return agreement.After{}, refusal.Argument.On("continuation_token")
	}
	return agreement.After{Customer: id.Tenant(customer)}, nil
}

func viewRecords(_ *call, page agreement.LatestPage) any {
	view := wire.CustomerAgreementRecords{Records: make([]wire.CustomerAgreementRecord, len(page.Records)), ContinuationToken: string(page.Next)}
	for i := range page.Records {
		r := &page.Records[i]
		view.Records[i] = wire.CustomerAgreementRecord{
			CustomerTenantID: string(r.Customer), LastAgreementDateEpoch: r.AgreedAt.Unix(), PartnerAttestationCompleted: r.Completed,
			LastAgreementPrimaryContact: viewContact(r.Person),
		}
	}
	return view
}

// reattestations reads many attestations. Only the caller's own can be brought.
func reattestations(c *call) (agreement.Reattestations, error) {
	var body []wire.ReAttestation
	if err := c.decode(&body); err != nil {
		return agreement.Reattestations{}, err
	}
	in := agreement.Reattestations{All: make([]agreement.Reattestation, len(body))}
	for i := range body {
		b := &body[i]
		item := "[" + strconv.Itoa(i) + "]."
		if sent := b.PartnerID.String(); sent != "" {
			if partner, ok := id.Parse(sent); !ok || id.Tenant(partner) != c.actor.Tenant {
				return in, refusal.Property.On(item + "partnerId")
			}
		}
		customer, ok := id.Parse(b.CustomerID.String())
		if !ok {
			return in, refusal.Property.On(item + "customerId")
		}
		if template := b.Agreement.TemplateID.String(); template != agreement.CustomerTemplate && !bool(b.CustomerDirectAcceptance) {
			return in, refusal.Property.On(item+"agreement.templateId").With("Allowed", agreement.CustomerTemplate)
		}
		in.All[i] = agreement.Reattestation{
			Customer: id.Tenant(customer), DirectAcceptance: bool(b.CustomerDirectAcceptance),
			Attestation: agreement.Attestation{Person: person(b.Agreement.PrimaryContact), AgreedAt: b.Agreement.DateAgreed.Time},
		}
	}
	return in, nil
}

// signatory reads by what a partner is asked for: exactly one of the two.
func signatory(c *call) (identity.Signatory, error) {
	program, err := c.name("program")
	if err != nil {
		return identity.Signatory{}, err
	}
	if program != "csp" && program != "CSP" {
		return identity.Signatory{}, refusal.NotFound
	}
	number, tenant := c.param("mpnId"), c.param("tenantId")
	switch {
	case number == "" && tenant == "":
		return identity.Signatory{}, errSignatoryMissing
	case number != "" && tenant != "":
		return identity.Signatory{}, refusal.Argument.On("mpnId")
	case tenant != "":
		parsed, ok := id.Parse(tenant)
		if !ok {
			return identity.Signatory{}, refusal.Argument.On("tenantId")
		}
		return identity.Signatory{Tenant: id.Tenant(parsed)}, nil
	}
	if _, err := strconv.ParseUint(number, 10, 63); err != nil {
		return identity.Signatory{}, refusal.Argument.On("mpnId")
	}
	return identity.Signatory{PartnerID: number}, nil
}
