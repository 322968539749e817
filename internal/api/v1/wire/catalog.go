package wire

// Product is something that can be bought, in one or more SKUs.
type Product struct {
	ID                 string       `json:"id"`
	Title              string       `json:"title"`
	Description        string       `json:"description"`
	ProductType        ItemType     `json:"productType"`
	IsMicrosoftProduct bool         `json:"isMicrosoftProduct"`
	PublisherName      string       `json:"publisherName"`
	Links              ProductLinks `json:"links"`
	Attributes         Attributes   `json:"attributes"`
}

// ItemType is the type of a product; SubType is there for some.
type ItemType struct {
	ID          string       `json:"id"`
	DisplayName string       `json:"displayName"`
	SubType     *ItemSubType `json:"subType,omitempty"`
}

// ItemSubType is the type of a product within its type.
type ItemSubType struct {
	ID          string `json:"id"`
	DisplayName string `json:"displayName"`
}

// ProductLinks are the links of a product.
type ProductLinks struct {
	SKUs *Link `json:"skus"`
	Self *Link `json:"self"`
}

// SKU is a product in one form. What DynamicAttributes holds depends on the type of
// the product.
type SKU struct {
	ID                     string                 `json:"id"`
	ProductID              string                 `json:"productId"`
	Title                  string                 `json:"title"`
	Description            string                 `json:"description"`
	MinimumQuantity        int64                  `json:"minimumQuantity"`
	MaximumQuantity        int64                  `json:"maximumQuantity"`
	IsTrial                bool                   `json:"isTrial"`
	SupportedBillingCycles []string               `json:"supportedBillingCycles"`
	PurchasePrerequisites  []string               `json:"purchasePrerequisites"`
	InventoryVariables     []string               `json:"inventoryVariables"`
	ProvisioningVariables  []string               `json:"provisioningVariables"`
	Actions                []string               `json:"actions,omitempty"`
	DynamicAttributes      map[string]any         `json:"dynamicAttributes"`
	TermsOfUseURI          string                 `json:"termsOfUseUri,omitempty"`
	AttestationProperties  *AttestationProperties `json:"attestationProperties,omitempty"`
	ConsumptionType        string                 `json:"consumptionType,omitempty"`
	Links                  SKULinks               `json:"links"`
	Attributes             Attributes             `json:"attributes"`
}

// AttestationProperties say what who buys must attest.
type AttestationProperties struct {
	AttestationType    string `json:"attestationType"`
	EnforceAttestation bool   `json:"enforceAttestation"`
}

// SKULinks are the links of a SKU.
type SKULinks struct {
	Availabilities *Link `json:"availabilities"`
	Self           *Link `json:"self"`
}

// ConversionInstruction says what the terms of a SKU can become.
type ConversionInstruction struct {
	ApplicableTermIDs []string           `json:"applicableTermIds"`
	ConversionOptions []ConversionOption `json:"conversionOptions"`
}

// ConversionOption is what a SKU can become, and when.
type ConversionOption struct {
	TransferToID      string             `json:"transferToId"`
	TermTransferRules []TermTransferRule `json:"termTransferRules"`
}

// TermTransferRule is a time at which a SKU can become another: "Immediate" or
// "Scheduled".
type TermTransferRule struct {
	TransferTiming string `json:"transferTiming"`
}

// Availability is a SKU in one country and segment.
type Availability struct {
	ID                  string               `json:"id"`
	ProductID           string               `json:"productId"`
	SKUID               string               `json:"skuId"`
	CatalogItemID       string               `json:"catalogItemId"`
	DefaultCurrency     CurrencyInfo         `json:"defaultCurrency"`
	Segment             string               `json:"segment"`
	Country             string               `json:"country"`
	IsPurchasable       bool                 `json:"isPurchasable"`
	IsRenewable         bool                 `json:"isRenewable"`
	RenewalInstructions []RenewalInstruction `json:"renewalInstructions,omitempty"`
	Terms               []Term               `json:"terms"`
	Product             Product              `json:"product"`
	SKU                 SKU                  `json:"sku"`
	Links               Links                `json:"links"`
	Attributes          Attributes           `json:"attributes"`
}

// CurrencyInfo is a currency with the sign that people write.
type CurrencyInfo struct {
	Code   string `json:"code"`
	Symbol string `json:"symbol"`
}

// RenewalInstruction says what terms are renewed to.
type RenewalInstruction struct {
	ApplicableTermIDs []string        `json:"applicableTermIds"`
	RenewalOptions    []RenewalOption `json:"renewalOptions"`
}

// RenewalOption is a SKU to which a term can be renewed.
type RenewalOption struct {
	RenewToID       string `json:"renewToId"`
	IsAutoRenewable bool   `json:"isAutoRenewable"`
}

// Term is a term with the plan by which it is billed.
type Term struct {
	ID                   string               `json:"id"`
	Duration             string               `json:"duration"`
	Description          string               `json:"description"`
	BillingCycle         string               `json:"billingCycle"` // "Monthly"
	CancellationPolicies []CancellationPolicy `json:"cancellationPolicies,omitempty"`
}

// CancellationPolicy says until when a term can be cancelled.
type CancellationPolicy struct {
	RefundOptions []RefundOption `json:"refundOptions"`
}

// RefundOption is what is given back ("Full" or "Partial"), and until when.
type RefundOption struct {
	SequenceID   int    `json:"sequenceId"`
	Type         string `json:"type"`
	ExpiresAfter string `json:"expiresAfter"`
}

// Offer is an entry of the older catalogue.
type Offer struct {
	ID                     string                 `json:"id"`
	Name                   string                 `json:"name"`
	Description            string                 `json:"description"`
	MinimumQuantity        int64                  `json:"minimumQuantity"`
	MaximumQuantity        int64                  `json:"maximumQuantity"`
	Rank                   int64                  `json:"rank"`
	URI                    string                 `json:"uri"`
	Locale                 string                 `json:"locale"`
	Country                string                 `json:"country"`
	Category               OfferCategory          `json:"category"`
	LimitUnitOfMeasure     string                 `json:"limitUnitOfMeasure"`
	Limit                  int64                  `json:"limit"`
	TermUnitOfMeasure      string                 `json:"termUnitOfMeasure"`
	Term                   int64                  `json:"term"`
	PrerequisiteOffers     []string               `json:"prerequisiteOffers"`
	IsAddOn                bool                   `json:"isAddOn"`
	HasAddOns              bool                   `json:"hasAddOns"`
	IsAvailableForPurchase bool                   `json:"isAvailableForPurchase"`
	Billing                string                 `json:"billing"`
	SupportedBillingCycles []string               `json:"supportedBillingCycles"`
	UpgradeTargetOffers    []string               `json:"upgradeTargetOffers"`
	ConversionTargetOffers []string               `json:"conversionTargetOffers"`
	IsAutoRenewable        bool                   `json:"isAutoRenewable"`
	IsInternal             bool                   `json:"isInternal"`
	IsTrial                bool                   `json:"isTrial"`
	IsMicrosoftProduct     bool                   `json:"isMicrosoftProduct"`
	ReselleeQualifications []string               `json:"reselleeQualifications"`
	ResellerQualifications []string               `json:"resellerQualifications"`
	SalesGroupID           string                 `json:"salesGroupId"`
	Product                OfferProduct           `json:"product"`
	UnitType               string                 `json:"unitType"`
	AcquisitionType        string                 `json:"acquisitionType"`
	SupportedCatalogTypes  []string               `json:"supportedCatalogTypes"`
	AttestationProperties  *AttestationProperties `json:"attestationProperties,omitempty"`
	Links                  OfferLinks             `json:"links"`
	Attributes             Attributes             `json:"attributes"`
}

// OfferProduct is what an offer sells.
type OfferProduct struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Unit string `json:"unit"`
}

// OfferLinks are the links of an offer.
type OfferLinks struct {
	LearnMore LearnMoreLink `json:"learnMore"`
	Self      *Link         `json:"self"`
}

// LearnMoreLink may have no address.
type LearnMoreLink struct {
	URI     string   `json:"uri,omitempty"`
	Method  string   `json:"method"`
	Headers []Header `json:"headers"`
}

// NewLearnMore returns the link to an address, which may be "".
func NewLearnMore(uri string) LearnMoreLink {
	return LearnMoreLink{URI: uri, Method: "GET", Headers: noHeaders}
}

// OfferCategory is a part of the older catalogue; that of an add-on is empty.
type OfferCategory struct {
	ID         string     `json:"id"`
	Name       string     `json:"name"`
	Rank       int64      `json:"rank"`
	Locale     string     `json:"locale"`
	Country    string     `json:"country"`
	Attributes Attributes `json:"attributes"`
}

// Promotion takes a part off the partner's price. Constraints are told of a single one
// alone.
type Promotion struct {
	ID                   string                `json:"id"`
	Name                 string                `json:"name"`
	Description          string                `json:"description"`
	StartDate            string                `json:"startDate"` // with the offset "+00:00"
	EndDate              string                `json:"endDate"`
	Properties           PromotionProperties   `json:"properties"`
	RequiredProducts     []RequiredProduct     `json:"requiredProducts"`
	PromotionConstraints *PromotionConstraints `json:"promotionConstraints,omitempty"`
	Attributes           Attributes            `json:"attributes"`
}

// PromotionProperties say how a promotion comes to a cart.
type PromotionProperties struct {
	IsAutoApplicable bool `json:"isAutoApplicable"`
}

// RequiredProduct is a SKU with the term that a promotion is for.
type RequiredProduct struct {
	ProductID       string          `json:"productId"`
	SKUID           string          `json:"skuId"`
	Term            PromotionTerm   `json:"term"`
	PricingPolicies []PricingPolicy `json:"pricingPolicies"`
}

// PromotionTerm is a term with its plan: "P1Y", "Monthly".
type PromotionTerm struct {
	Duration     string `json:"duration"`
	BillingCycle string `json:"billingCycle"`
}

// PricingPolicy is what is taken off: a fraction.
type PricingPolicy struct {
	PolicyType string `json:"policyType"`
	Value      string `json:"value"`
}

// PromotionConstraints bound who gets a promotion.
type PromotionConstraints struct {
	SeatConstraints             []SeatConstraint        `json:"seatConstraints,omitempty"`
	AssetOwnershipLimits        []AssetOwnershipLimit   `json:"assetOwnershipLimits,omitempty"`
	EligibilityConstraints      []EligibilityConstraint `json:"eligibilityConstraints,omitempty"`
	ProductOwnershipConstraints [][]OwnedProduct        `json:"productOwnershipConstraints,omitempty"`
}

// SeatConstraint bounds the quantity; MaxSeats 0 is left out.
type SeatConstraint struct {
	MinSeats int64  `json:"minSeats"`
	MaxSeats int64  `json:"maxSeats,omitempty"`
	Type     string `json:"type"`
}

// AssetOwnershipLimit bounds how often a customer gets a promotion.
type AssetOwnershipLimit struct {
	MinAssets int64  `json:"minAssets"`
	MaxAssets int64  `json:"maxAssets"`
	Type      string `json:"type"`
}

// EligibilityConstraint is a condition on the customer.
type EligibilityConstraint struct {
	IsApplicable bool   `json:"isApplicable"`
	Type         string `json:"type"`
}

// OwnedProduct is a SKU, "product/sku", that the customer must have.
type OwnedProduct struct {
	BigID string `json:"bigId"`
}

// InventoryCheckRequest asks whether things can be bought.
type InventoryCheckRequest struct {
	TargetItems []struct {
		ProductID Text `json:"productId"`
		SKUID     Text `json:"skuId,omitempty"`
	} `json:"targetItems"`
	InventoryContext struct {
		CustomerID          Text `json:"customerId,omitempty"`
		AzureSubscriptionID Text `json:"azureSubscriptionId,omitempty"`
		ArmRegionName       Text `json:"armRegionName,omitempty"`
	} `json:"inventoryContext"`
}

// InventoryItem says whether a SKU can be bought.
type InventoryItem struct {
	ProductID    string                 `json:"productId"`
	SKUID        string                 `json:"skuId"`
	IsRestricted bool                   `json:"isRestricted"`
	Restrictions []InventoryRestriction `json:"restrictions"`
}

// InventoryRestriction is why a SKU cannot be bought.
type InventoryRestriction struct {
	ReasonCode  string              `json:"reasonCode"`
	Description string              `json:"description"`
	Properties  []RestrictedByValue `json:"properties"`
}

// RestrictedByValue names what a restriction depends on, with the values that would do.
type RestrictedByValue struct {
	Type   string   `json:"type"`
	Values []string `json:"values"`
}
