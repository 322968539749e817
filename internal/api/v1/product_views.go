package v1

import (
	"net/url"
	"strings"

	"comptoir/internal/api/v1/wire"
	"comptoir/internal/catalog"
	"comptoir/internal/money"
)

// shelf is where links to the catalogue lead: to that of a country, or of a customer.
type shelf struct {
	path    string // of its products
	country string // as links name it; "" for a customer's
}

// place returns the shelf of a call.
func (c *call) place() shelf {
	if customer := c.r.PathValue("customer-id"); customer != "" {
		return shelf{path: "/customers/" + strings.ToLower(customer) + productsPath}
	}
	return shelf{path: productsPath, country: strings.ToUpper(c.param("country"))}
}

// at returns the address of something below the products of s.
func (s shelf) at(path string) string {
	if s.country != "" {
		path += "?country=" + url.QueryEscape(s.country)
	}
	return s.path + path
}

// query returns the query of a list of products.
func (s shelf) query(view string, segment catalog.Segment) string {
	q := "targetView=" + url.QueryEscape(view)
	if segment != "" {
		q += "&targetSegment=" + string(segment)
	}
	if s.country != "" {
		q = "country=" + url.QueryEscape(s.country) + "&" + q
	}
	return q
}

func (s shelf) skus(product string) string { return s.at("/" + product + "/skus") }

func (s shelf) sku(product *catalog.Product, on *catalog.OnSale) wire.SKU {
	k := &on.SKU
	v := wire.SKU{
		ID: k.ID, ProductID: k.Product, Title: k.Title, Description: k.Description,
		MinimumQuantity: k.Minimum, MaximumQuantity: k.Maximum, IsTrial: k.Trial,
		SupportedBillingCycles: cycles(on.Plans()), PurchasePrerequisites: orEmpty(k.Checks),
		InventoryVariables: orEmpty(k.InventoryVariables), ProvisioningVariables: orEmpty(k.ProvisioningVariables), Actions: k.Actions,
		DynamicAttributes: dynamic(product, on), TermsOfUseURI: k.TermsURI, AttestationProperties: attestation(k.Attestation),
		Links: wire.SKULinks{
			Availabilities: wire.GetLink(s.availabilities(k.Ref())),
			Self:           wire.GetLink(s.at("/" + k.Product + "/skus/" + k.ID)),
		},
		Attributes: wire.Attributes{ObjectType: "Sku"},
	}
	if k.Overage {
		v.ConsumptionType = "overage"
	}
	return v
}

func (s shelf) availabilities(r catalog.Ref) string {
	return s.at("/" + r.Product + "/skus/" + r.SKU + "/availabilities")
}

func (s shelf) product(p *catalog.Product) wire.Product {
	kind := wire.ItemType{ID: string(p.Kind), DisplayName: string(p.Kind)}
	if p.Subkind != "" {
		kind.SubType = &wire.ItemSubType{ID: p.Subkind, DisplayName: p.Subkind}
	}
	return wire.Product{
		ID: p.ID, Title: p.Title, Description: p.Description, ProductType: kind, IsMicrosoftProduct: p.FirstParty, PublisherName: p.Publisher,
		Links:      wire.ProductLinks{SKUs: wire.GetLink(s.skus(p.ID)), Self: wire.GetLink(s.at("/" + p.ID))},
		Attributes: wire.Attributes{ObjectType: "Product"},
	}
}

// dynamic returns the attributes that only some SKUs have.
func dynamic(p *catalog.Product, on *catalog.OnSale) map[string]any {
	k := &on.SKU
	all := map[string]any{"isMicrosoftProduct": p.FirstParty}
	for _, t := range k.Traits {
		all[t.Name] = t.Value
	}
	if p.Kind != catalog.Licence {
		return all
	}
	all["hasConstraints"] = k.AddOn || k.Limit.Kind != catalog.NoLimit
	all["isAddon"] = k.AddOn
	all["prerequisiteSkus"] = names(k.Prerequisites)
	all["upgradeTargetOffers"] = names(k.Upgrades)
	all["isSoftwareAssuranceApplicable"] = false
	all["internal"] = false
	all["billingType"] = "license"
	if k.ProvisioningID != "" {
		all["provisioningId"] = k.ProvisioningID
	}
	if k.Limit.Kind != catalog.NoLimit {
		all["limit"], all["limitUnitOfMeasure"] = k.Limit.Count, string(k.Limit.Kind)
	}
	if len(k.Conversions) > 0 {
		all["conversionInstructions"] = conversions(on)
	}
	return all
}

// conversions says what all terms of a trial can become.
func conversions(on *catalog.OnSale) []wire.ConversionInstruction {
	one := wire.ConversionInstruction{ApplicableTermIDs: []string{}}
	for _, a := range on.Availabilities {
		for _, t := range a.Terms {
			one.ApplicableTermIDs = append(one.ApplicableTermIDs, t.ID)
		}
	}
	for _, r := range on.SKU.Conversions {
		one.ConversionOptions = append(one.ConversionOptions, wire.ConversionOption{
			TransferToID: r.String(), TermTransferRules: []wire.TermTransferRule{{TransferTiming: "Immediate"}, {TransferTiming: "Scheduled"}},
		})
	}
	return []wire.ConversionInstruction{one}
}

func (s shelf) availability(c *call, o *catalog.Offering, on *catalog.OnSale, a *catalog.Availability) wire.Availability {
	ref := on.SKU.Ref()
	v := wire.Availability{
		ID: a.ID, ProductID: ref.Product, SKUID: ref.SKU, CatalogItemID: ref.String() + ":" + a.ID,
		DefaultCurrency: wire.CurrencyInfo{Code: a.Currency, Symbol: money.Symbol(a.Currency)},
		Segment:         string(a.Segment), Country: a.Country, IsPurchasable: on.SKU.State == catalog.Open, IsRenewable: a.Renewable(on.SKU),
		Product: s.product(&o.Product), SKU: s.sku(&o.Product, on),
		Links:      *wire.SelfLink(s.at("/" + ref.Product + "/skus/" + ref.SKU + "/availabilities/" + a.ID)),
		Attributes: wire.Attributes{ObjectType: "Availability"},
	}
	ids := make([]string, len(a.Terms))
	for i, t := range a.Terms {
		ids[i] = t.ID
		v.Terms = append(v.Terms, c.term(&o.Product, t))
	}
	if v.IsRenewable {
		v.RenewalInstructions = []wire.RenewalInstruction{{
			ApplicableTermIDs: ids, RenewalOptions: []wire.RenewalOption{{RenewToID: ref.String(), IsAutoRenewable: true}},
		}}
	}
	return v
}

func (c *call) term(p *catalog.Product, t catalog.Term) wire.Term {
	v := wire.Term{
		ID: t.ID, Duration: string(t.Duration), BillingCycle: string(t.Plan),
		Description: c.printer.T("catalog.term", "Term", c.printer.T(t.Duration.Key()), "Plan", c.printer.T(t.Plan.Key())),
	}
	var options []wire.RefundOption
	for i, r := range p.Refunds(t) {
		kind := "Partial"
		if r.Full {
			kind = "Full"
		}
		options = append(options, wire.RefundOption{SequenceID: i, Type: kind, ExpiresAfter: r.After})
	}
	if options != nil {
		v.CancellationPolicies = []wire.CancellationPolicy{{RefundOptions: options}}
	}
	return v
}

// cycleWords are the plans as lists of billing cycles spell them.
var cycleWords = map[catalog.Plan]string{
	catalog.Monthly: "monthly", catalog.Annual: "annual", catalog.Triennial: "triennial", catalog.OneTime: "one_time", catalog.NoPlan: "none",
}

func cycles(plans []catalog.Plan) []string {
	words := make([]string, len(plans))
	for i, p := range plans {
		words[i] = cycleWords[p]
	}
	return words
}

func names(refs []catalog.Ref) []string {
	all := make([]string, len(refs))
	for i, r := range refs {
		all[i] = r.String()
	}
	return all
}

func attestation(kind string) *wire.AttestationProperties {
	if kind == "" {
		return nil
	}
	return &wire.AttestationProperties{AttestationType: kind, EnforceAttestation: true}
}

// orEmpty returns a list that is never null on the wire.
func orEmpty(all []string) []string {
	if all == nil {
		return []string{}
	}
	return all
}
