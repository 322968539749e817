package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	"comptoir/internal/activity"
	"comptoir/internal/agreement"
	"comptoir/internal/api/route"
	"comptoir/internal/api/v1/wire"
	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/qualification"
)

// sample says how a route is called plausibly, and which row of the matrix
// decides about it.
type sample struct {
	// action is the row; "" where the route tells nobody's data and asks for a
	// token only.
	action policy.Action
	write  bool
	query  string
	// queryOf makes the query where it is not known beforehand.
	queryOf func(h *house, a *actor) string
	body    func(h *house, a *actor, about target) string
	// may are the codes with which somebody who is allowed may be refused about
	// what is his own.
	may []string
	// targets are what the request may be about; nil means customers where the
	// path has one, else nothing.
	targets func(h *house, a *actor) []target
	// uses says that a success uses its customer up.
	uses bool
}

// target is what a request is about.
type target struct {
	what string
	id   string // of the path parameter; several are joined by slashes
	own  bool   // the actor's organisation has business with it
}

// samples has an entry for every route, by its name.
var samples = map[string]sample{
	"getCountryValidationRules": {},
	"validateAddress":           {body: postalAddress},
	"listAgreements":            {action: "profile.update", query: "agreementType=*"},

	"listCustomers":  {action: "customer.list", query: "size=50"},
	"createCustomer": {action: "customer.add", write: true, body: newCustomerBody},
	"getCustomer":    {action: "customer.account.view"},
	"patchCustomer":  {action: "relationship.remove", write: true, uses: true, body: leaving},
	"deleteCustomer": {action: "customer.delete", write: true, uses: true},

	"getCustomerCompanyProfile":    {action: "customer.account.view"},
	"getCustomerBillingProfile":    {action: "customer.account.view"},
	"updateCustomerBillingProfile": {action: "customer.billing.update", write: true, body: billingBody},
	"getCustomerOrganization":      {action: "customer.account.view", may: []string{"900308"}}, // RF-41
	"listCustomerDomains":          {action: "customer.account.view", may: []string{"900308"}},
	"createVerifiedDomain":         {action: "customer.domain.add", write: true, body: verifiedDomain, may: []string{"2032"}}, // customer.ErrNotRegistrar
	"listCustomerQualifications":   {action: "customer.account.view"},
	"getCustomerQualification":     {action: "customer.account.view"},
	"createCustomerQualification":  {action: "customer.qualification", write: true, body: qualified, may: []string{"1003"}},
	"setCustomerQualification":     {action: "customer.qualification", write: true, body: oldQualified, may: []string{"1003"}},
	"listValidationCodes":          {action: "customer.account.view"},
	"getCustomerValidation":        {action: "customer.account.view", may: []string{"1000"}, targets: governmentCustomers},
	"getValidationStatus":          {action: "customer.account.view", query: "type=account"},

	"checkDomain":             {action: "customer.domain.check", targets: domains},
	"checkDomainAvailability": {action: "customer.domain.check", targets: prefixes},

	"getRelationshipRequest":    {action: "relationship.invite", may: []string{"800039", "900149", "900124"}},
	"listPartnerRelationships":  {action: "customer.list", query: "relationship_type=IsIndirectCloudSolutionProviderOf"},
	"listCustomerRelationships": {action: "customer.account.view", may: []string{"1002"}}, // relationship.ErrProvidersOnly

	"listCustomerAgreements":  {action: "agreement.view", query: "agreementType=*"},
	"createCustomerAgreement": {action: "agreement.attest", write: true, body: agreementBody},
	"getDirectSignedStatus":   {action: "agreement.view"},

	"getAgreementDocument":         {action: "agreement.view", query: "country=SE&language=sv-SE", targets: agreementTemplates},
	"openAgreementDocument":        {targets: agreementLinks},
	"listCustomerAgreementRecords": {action: "agreement.view"},
	"createBulkReAttestation":      {action: "agreement.attest", write: true, body: reattestation, targets: (*house).customerTargets},
	"getAgreementSignatureStatus":  {action: "partner.agreement.view", queryOf: signatory, targets: complianceProgram},

	"createEnhancedAttestation": {action: "agreement.request", write: true, body: enhancedBody},
	"getEnhancedAttestation":    {action: "agreement.request", targets: requestTargets},

	"listAuditRecords":  {action: "activity.view", query: "size=100"},
	"listAuditActivity": {action: "activity.view"},
	"getAuditRecord":    {action: "activity.view", targets: records},

	"getLegalBusinessProfile":     {action: "partner.profile.view"},
	"updateLegalBusinessProfile":  {action: "partner.profile.update", write: true, body: partnerProfile},
	"getMpnProfile":               {action: "partner.profile.view"},
	"getPartnerNetworkProfile":    {action: "partner.profile.view"},
	"getPartnerBillingProfile":    {action: "partner.profile.view"},
	"updatePartnerBillingProfile": {action: "partner.billing.update", write: true, body: partnerProfile},
	"getSupportProfile":           {action: "partner.profile.view"},
	"updateSupportProfile":        {action: "partner.support.update", write: true, body: partnerProfile},
	"putSupportProfile":           {action: "partner.support.update", write: true, body: partnerProfile},
	"getOrganizationProfile":      {action: "partner.profile.view"},
	"updateOrganizationProfile":   {action: "partner.profile.update", write: true, body: partnerProfile},

	"listProducts":                {action: "catalog.view", query: "country=SE&targetView=OnlineServices"},
	"getProduct":                  {action: "catalog.view", query: "country=SE", targets: shelved(houseProduct)},
	"listSkus":                    {action: "catalog.view", query: "country=SE", targets: shelved(houseProduct)},
	"getSku":                      {action: "catalog.view", query: "country=SE", targets: shelved(houseProduct, "0001")},
	"listAvailabilities":          {action: "catalog.view", query: "country=SE", targets: shelved(houseProduct, "0001")},
	"getAvailability":             {action: "catalog.view", query: "country=SE", targets: onSale},
	"listCustomerProducts":        {action: "catalog.customer.view", query: "targetView=OnlineServices"},
	"postCustomerProducts":        {action: "catalog.customer.view", query: "targetView=OnlineServices"},
	"getCustomerProduct":          {action: "catalog.customer.view", targets: shelvedFor(houseProduct)},
	"listCustomerSkus":            {action: "catalog.customer.view", targets: shelvedFor(houseProduct)},
	"postCustomerSkus":            {action: "catalog.customer.view", targets: shelvedFor(houseProduct)},
	"getCustomerSku":              {action: "catalog.customer.view", targets: shelvedFor(houseProduct, "0001")},
	"listCustomerAvailabilities":  {action: "catalog.customer.view", targets: shelvedFor(houseProduct, "0001")},
	"postCustomerAvailabilities":  {action: "catalog.customer.view", targets: shelvedFor(houseProduct, "0001")},
	"getCustomerAvailability":     {action: "catalog.customer.view", targets: onSaleFor, may: []string{"400019"}}, // of another country
	"listOffers":                  {action: "catalog.view", query: "country=SE"},
	"getOffer":                    {action: "catalog.view", query: "country=SE", targets: shelved(houseOffer)},
	"listOfferAddOns":             {action: "catalog.view", query: "country=SE", targets: shelved(houseOffer)},
	"listOfferCategories":         {action: "catalog.view", query: "country=SE"},
	"listCustomerOffers":          {action: "catalog.customer.view"},
	"listCustomerOfferCategories": {action: "catalog.customer.view"},
	"checkInventory":              {action: "catalog.view", query: "country=SE", body: inventoryBody},
	"listProductPromotions":       {action: "catalog.promotion.view", query: "country=SE&segment=commercial"},
	"getProductPromotion":         {action: "catalog.promotion.view", query: "country=SE", targets: shelved(housePromotion)},

	"getOpenAPI":        {},
	"getReference":      {},
	"getReferenceStyle": {},
}

// request makes the request of a route about a target.
func (s sample) request(h *house, a *actor, rt route.Route, about target) call {
	path := rt.Path
	for part := range strings.SplitSeq(about.id, "/") {
		if begin, end := strings.IndexByte(path, '{'), strings.IndexByte(path, '}'); begin >= 0 {
			path = path[:begin] + url.PathEscape(part) + path[end+1:]
		}
	}
	c := call{method: rt.Method, path: path}
	if s.query != "" {
		c.path += "?" + s.query
	}
	if s.queryOf != nil {
		c.path += "?" + s.queryOf(h, a)
	}
	if s.body != nil {
		c.body = s.body(h, a, about)
	}
	return c
}

// targetsOf returns what requests of a route are about.
func (h *house) targetsOf(a *actor, rt route.Route, s sample) []target {
	switch {
	case s.targets != nil:
		return s.targets(h, a)
	case strings.Contains(rt.Path, "{customer-id}"):
		return h.customerTargets(a)
	}
	return []target{{what: "nothing of anybody", id: "SE", own: true}}
}

// customerTargets are a customer of the actor's own, and those that are none of
// his business: of a stranger, of who is nearest to him, and of nobody.
func (h *house) customerTargets(a *actor) []target {
	var all []target
	if own := h.ownCustomer(a); own != "" {
		all = append(all, target{"a customer of his own", string(own), true})
	}
	if a.org != nil && a.org.danger != "" {
		all = append(all, target{"a customer of his own whose texts are dangers", string(a.org.danger), true})
	}
	for _, key := range []string{"provider", "direct", "foreign", "dual"} {
		if c := h.org(key).customers[0]; a.org == nil || !a.org.knows[c] {
			all = append(all, target{"a customer of " + key, string(c), false})
		}
	}
	return append(all,
		target{"a partner", string(h.org("foreign").tenant), false},
		target{"nobody", "00000000-0000-4000-8000-000000000000", false},
	)
}

// ownCustomer returns the customer that requests of a are about.
func (h *house) ownCustomer(a *actor) id.Tenant {
	switch {
	case a.org == nil:
		return h.org("direct").customers[0]
	case a.org.kind == policy.Customer:
		return a.org.tenant
	case a.org.kind == policy.Partner:
		return a.org.customers[0]
	}
	return ""
}

// domains are a taken one and a free one: that a name is taken is no secret.
func domains(h *house, _ *actor) []target {
	return []target{{"a taken domain", h.org("direct").domain, true}}
}

func prefixes(*house, *actor) []target {
	return []target{{"a taken prefix", "boulangeriedupont", true}, {"a free prefix", "ledigt", true}}
}

// records are audit records under both of their names, those of a stranger also
// under a name that pretends to be the actor's.
func records(h *house, a *actor) []target {
	var all []target
	for _, o := range h.orgs {
		if o.kind != policy.Partner {
			continue
		}
		r := h.lastRecord(o)
		own := a.org == o
		name := strings.Join([]string{string(o.tenant), string(r.Customer), strings.ReplaceAll(r.Operation, "_", ""), wire.Ticks(r.At)}, "_")
		all = append(all, target{"a record of " + o.key, r.ID, own}, target{"a record of " + o.key, name, own})
		if a.org != nil && !own {
			all = append(all, target{"a record of " + o.key, strings.Replace(name, string(o.tenant), string(a.org.tenant), 1), false})
		}
	}
	return all
}

// partnerProfile is what every profile of a partner takes: each reads what it knows.
func partnerProfile(h *house, a *actor, _ target) string {
	country, postal := "SE", "211 22"
	address := map[string]string{"country": country, "city": "Malmö", "addressLine1": "Profilgatan 7", "postalCode": postal}
	name := "Ny Molnbyrå"
	if a.org != nil && a.org.kind == policy.Partner {
		t, err := h.tenant(a.org.tenant)
		if err != nil {
			panic(err)
		}
		name = t.Name // others know it by that
		if address["country"] = t.Country; t.Country == "FR" {
			address["postalCode"] = "69003"
		}
	}
	return encode(map[string]any{
		"companyName": name, "address": address, "defaultAddress": address, "email": "stod@molnbyran.example", "telephone": "0709998877",
		"primaryContact": map[string]string{"firstName": "Ida", "lastName": "Berg", "email": "ida@molnbyran.example"},
	})
}

// tenant returns an organisation.
func (h *house) tenant(tenant id.Tenant) (t identity.Tenant, err error) {
	err = h.Kernel.DB.Read(h.ctx, func(ctx context.Context, tx *db.Tx) error {
		t, err = identity.TenantByID(ctx, tx, tenant)
		return err
	})
	return t, err
}

// lastRecord returns the newest record of a partner about a new customer.
func (h *house) lastRecord(o *org) activity.Record {
	page, err := do(h, activity.List, o.system(), activity.Query{Operation: "add_customer", Limit: 1})
	if o.key == "reseller" { // its provider adds its customers
		page, err = do(h, activity.List, o.system(), activity.Query{Operation: "granular_admin_access_assignment_created", Limit: 1})
	}
	if err != nil || len(page.Records) == 0 {
		panic(fmt.Sprintf("%s has no record of a new customer: %v", o.key, err))
	}
	return page.Records[0]
}

func encode(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func postalAddress(*house, *actor, target) string {
	return `{"country":"SE","city":"Lund","addressLine1":"Bredgatan 4","postalCode":"22221"}`
}

func newCustomerBody(h *house, _ *actor, _ target) string {
	in := h.newCustomer("")
	return encode(map[string]any{
		"companyProfile": map[string]any{"domain": in.Domain, "companyName": in.CompanyName},
		"billingProfile": profileBody(in.Billing),
	})
}

func profileBody(b customer.Billing) map[string]any {
	a := b.Address
	return map[string]any{
		"companyName": b.CompanyName, "firstName": b.FirstName, "lastName": b.LastName, "email": b.Email, "culture": b.Culture, "language": b.Language,
		"defaultAddress": map[string]any{
			"country": a.Country, "addressLine1": a.AddressLine1, "city": a.City, "state": a.State, "postalCode": a.PostalCode,
			"phoneNumber": a.PhoneNumber, "firstName": a.FirstName, "lastName": a.LastName,
		},
	}
}

// leaving ends the relation with a customer.
func leaving(*house, *actor, target) string { return `{"relationshipToPartner":"none"}` }

// billingBody is the profile as it is, about a stranger one that would change it.
func billingBody(h *house, a *actor, about target) string {
	if about.own && a.org != nil && a.org.kind == policy.Partner {
		found, err := do(h, customer.GetBilling, a.org.system(), customer.Ref{ID: id.Tenant(about.id)})
		if err != nil {
			panic(err)
		}
		return encode(profileBody(found.Billing))
	}
	return encode(profileBody(h.newCustomer("").Billing))
}

// agreementTemplates are the one template that has a text.
func agreementTemplates(*house, *actor) []target {
	return []target{{"the customer agreement", agreement.CustomerTemplate, true}}
}

// agreementLinks are a link that a partner has made, and one that somebody else
// has thought up.
func agreementLinks(h *house, _ *actor) []target {
	made, err := agreement.Link(h.ctx, h.Kernel, h.actor("direct admin-agent").as(), agreement.Wanted{Country: "SE", Language: "sv-SE"})
	if err != nil {
		panic(err)
	}
	return []target{{"a link", made.Token, true}, {"no link", "1.sv-SE.9999999999.AAAAAAAAAAAAAAAAAAAAAA", false}}
}

// enhancedBody asks a company for its acceptance.
func enhancedBody(h *house, _ *actor, _ target) string {
	h.made++
	return encode(map[string]any{
		"country": "SE", "language": "sv-SE", "companyName": "Kontraktsbolaget " + letters(h.made) + " AB", "signatoryFirstName": "Tove",
		"signatoryLastName": "Alm", "signatoryEmail": "tove@kontrakt.example",
	})
}

// requestTargets are a request of every partner that may make one.
func requestTargets(h *house, a *actor) []target {
	var all []target
	for _, o := range h.orgs {
		if o.kind == policy.Partner && o.types&policy.Sellers != 0 {
			all = append(all, target{"a request of " + o.key, o.request.ID, a.org == o})
		}
	}
	return append(all, target{"nobody's request", "00000000-0000-4000-8000-000000000000", false})
}

// verifiedDomain is a domain that a registrar gives its customer.
func verifiedDomain(h *house, _ *actor, _ target) string {
	h.made++
	name := fmt.Sprintf("egen%d.example", h.made)
	return encode(map[string]any{"verifiedDomainName": name, "domain": map[string]any{
		"authenticationType": "Managed", "capability": "Email", "name": name, "status": "Verified", "verificationMethod": "DnsRecord",
	}})
}

func complianceProgram(*house, *actor) []target {
	return []target{{"the program", "csp", true}}
}

// signatory asks about the partner that everybody may ask about.
func signatory(h *house, _ *actor) string { return "tenantId=" + string(h.org("reseller").tenant) }

// reattestation attests for one customer.
func reattestation(h *house, a *actor, about target) string {
	return `[{"customerId":"` + about.id + `","agreement":` + agreementBody(h, a, about) + `}]`
}

func qualified(*house, *actor, target) string { return `{"qualification":"StateOwnedEntity"}` }

func oldQualified(*house, *actor, target) string { return `"education"` }

// governmentCustomers are a customer that a code has made one, and those of
// others.
func governmentCustomers(h *house, a *actor) []target {
	all := h.customerTargets(a)
	if a.org == nil || a.org.kind != policy.Partner || a.org.types&policy.Sellers == 0 || a.org.suspended {
		return all
	}
	h.made++
	code := qualification.Code{Partner: a.org.tenant, Code: fmt.Sprintf("code-%d", h.made), Organization: "Staden", Max: 1}
	if _, err := do(h, qualification.Issue, op.System("", 0, op.ViaCLI), code); err != nil {
		panic(err)
	}
	in := h.newCustomer("")
	in.Qualification = &qualification.Request{Qualification: qualification.GovernmentCloud, ValidationCode: code.Code}
	in.Attestation = nil
	added, err := do(h, customer.Add, a.org.system(), in)
	if err != nil {
		panic(err)
	}
	c := added.Customer.ID
	a.org.customers, a.org.knows[c] = append(a.org.customers, c), true
	h.keepCustomerOf(a.org, c)
	return append(all, target{"a government customer", string(c), true})
}

func agreementBody(h *house, _ *actor, _ target) string {
	h.made++
	return encode(map[string]any{
		"primaryContact": map[string]any{
			"firstName": "Tove", "lastName": "Alm", "email": fmt.Sprintf("tove%d@kund.example", h.made), "phoneNumber": "046123456",
		},
		"dateAgreed": h.Kernel.Clock.Now().Add(-24 * time.Hour).Format(time.RFC3339),
		"templateId": agreement.CustomerTemplate, "type": agreement.CustomerAgreement,
	})
}
