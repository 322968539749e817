// Package catalog is what partners can buy for their customers: products with their
// SKUs, the prices that make them available in a country and a segment, the offers of
// the older catalogue and promotions (rules G8 to G12; docs/spec/api-commerce.md,
// section 1). The operator publishes it; a partner sees what it may sell.
package catalog

import (
	"slices"
	"strings"

	"comptoir/internal/fault"
)

// Product is something that a publisher sells, in one or more SKUs.
type Product struct {
	ID          string // 12 upper-case letters and digits
	Title       string
	Description string
	Publisher   string
	FirstParty  bool // of the publisher whose programme this is (isMicrosoftProduct)
	View        View
	Kind        Kind
	Subkind     string // "VirtualMachines", "SaaS" …; "" for most
	// Exclusive says that only partners whom the operator has authorized may sell it
	// (rule G9).
	Exclusive bool
}

// View is a part of the catalogue, as callers ask for it (targetView).
type View string

// The views in which products stand. Others are groups of these.
const (
	AzurePlanView       View = "MicrosoftAzure"
	ReservationsVM      View = "AzureReservationsVM"
	ReservationsSQL     View = "AzureReservationsSQL"
	ReservationsCosmos  View = "AzureReservationsCosmosDb"
	OnlineServicesView  View = "OnlineServices"
	SoftwareLinux       View = "SoftwareSUSELinux"
	SoftwarePerpetual   View = "SoftwarePerpetual"
	SoftwareTerm        View = "SoftwareSubscriptions"
	SpecializedView     View = "SpecializedOffers"
	MarketplaceSaaSView View = "MarketplaceSaaS"
)

// views are the names that callers may use, with the views that each stands for.
var views = map[View][]View{
	AzurePlanView:       {AzurePlanView},
	ReservationsVM:      {ReservationsVM},
	ReservationsSQL:     {ReservationsSQL},
	ReservationsCosmos:  {ReservationsCosmos},
	OnlineServicesView:  {OnlineServicesView},
	SoftwareLinux:       {SoftwareLinux},
	SoftwarePerpetual:   {SoftwarePerpetual},
	SoftwareTerm:        {SoftwareTerm},
	SpecializedView:     {SpecializedView},
	MarketplaceSaaSView: {MarketplaceSaaSView},

	"Azure":             {ReservationsCosmos, ReservationsSQL, ReservationsVM, AzurePlanView},
	"AzureReservations": {ReservationsCosmos, ReservationsSQL, ReservationsVM},
	"Software":          {SoftwarePerpetual, SoftwareLinux, SoftwareTerm},
}

// ParseView returns the view of a name, which is compared without case.
func ParseView(s string) (View, bool) {
	for v := range views {
		if strings.EqualFold(s, string(v)) {
			return v, true
		}
	}
	return "", false
}

// IsGroup reports whether v stands for several views, so that no product stands in
// it itself.
func (v View) IsGroup() bool { return len(views[v]) > 1 }

// Kind is the type of a product on the wire.
type Kind string

// The kinds of products.
const (
	Licence     Kind = "OnlineServicesNCE"
	Azure       Kind = "Azure"
	Software    Kind = "Software"
	Specialized Kind = "SpecializedOffers"
)

// Kinds returns all kinds of products.
func Kinds() []Kind { return []Kind{Licence, Azure, Software, Specialized} }

// State says whether a SKU can be bought.
type State string

// The states of a SKU. What can only be renewed is still there for those who have it.
const (
	Open        State = "open"
	RenewalOnly State = "renewal"
	Ended       State = "ended"
)

// LimitKind says how the number of subscriptions of one customer is limited.
type LimitKind string

// The kinds of limits (rule G9).
const (
	NoLimit         LimitKind = "None"
	ConcurrentLimit LimitKind = "Concurrent" // at once
	LifetimeLimit   LimitKind = "Lifetime"   // ever
)

// Limit is how many subscriptions of one thing a customer may have; Count is 0 for
// NoLimit.
type Limit struct {
	Kind  LimitKind
	Count int64
}

// SKU is a product in one form that can be ordered.
type SKU struct {
	Product     string // id
	ID          string // 4 letters and digits, unique within the product
	Title       string
	Description string
	Unit        string // "Licenses"; as price lists write it
	State       State
	Minimum     int64
	Maximum     int64
	Limit       Limit
	Trial       bool
	AddOn       bool
	Overage     bool // more than was ordered can be used, and is paid by use

	ProvisioningID   string // the licence that its users get, a GUID; "" where there are no licences
	ProvisioningName string

	Prerequisites []Ref // the customer must have one of them
	Upgrades      []Ref // what it can be upgraded to
	Conversions   []Ref // what a trial becomes

	Checks                []string // purchasePrerequisites of the wire
	InventoryVariables    []string
	ProvisioningVariables []string
	Actions               []string
	Attestation           string // what the buyer must attest; "" for nothing
	TermsURI              string
	Traits                []Trait // of reservations: region, size and so on
}

// Ref names a SKU.
type Ref struct{ Product, SKU string }

// String returns r as the wire and the tables write it: "product:sku".
func (r Ref) String() string { return r.Product + ":" + r.SKU }

// ParseRef reads what String writes.
func ParseRef(s string) (Ref, bool) {
	product, sku, ok := strings.Cut(s, ":")
	return Ref{product, sku}, ok && IsProductID(product) && IsSKUID(sku)
}

// Trait is a fact about a SKU that only some have.
type Trait struct{ Name, Value string }

// Trait returns the value of a fact, "" when s does not have it.
func (s SKU) Trait(name string) string {
	for _, t := range s.Traits {
		if t.Name == name {
			return t.Value
		}
	}
	return ""
}

// Ref returns the name of s.
func (s SKU) Ref() Ref { return Ref{s.Product, s.ID} }

// Refusals of the catalogue.
var (
	// ErrProduct refuses a product that does not exist, is not sold in the country or
	// that the partner may not sell: nobody learns which.
	ErrProduct = fault.New(fault.NotFound, "400013", "catalog.no_product")
	// ErrSKU refuses a SKU that the product does not have in the country.
	ErrSKU = fault.New(fault.NotFound, "400018", "catalog.no_sku")
	// ErrAvailability refuses an availability that is no longer current.
	ErrAvailability = fault.New(fault.NotFound, "400019", "catalog.no_availability")
	// ErrView refuses a part of the catalogue that there is not.
	ErrView = fault.New(fault.Forbidden, "400036", "catalog.view")
	// ErrSegment refuses a segment that there is not.
	ErrSegment = fault.New(fault.Forbidden, "400030", "catalog.segment")
	// ErrCountry refuses a country that nothing is sold in; argument Value.
	ErrCountry = fault.New(fault.Invalid, "800070", "catalog.country")
	// ErrInvalid refuses a value that the catalogue cannot have; arguments Name, Value.
	ErrInvalid = fault.New(fault.Invalid, "3000", "catalog.invalid")
)

// IsProductID reports whether s has the form of a product's id.
func IsProductID(s string) bool { return len(s) == 12 && isUpper(s) }

// IsSKUID reports whether s has the form of a SKU's id.
func IsSKUID(s string) bool { return len(s) == 4 && isUpper(s) }

func isUpper(s string) bool {
	return strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

// Check returns what is wrong with p.
func (p Product) Check() (faults fault.List) {
	invalid := func(ok bool, name, value string) {
		if !ok {
			faults.Add(ErrInvalid.On(name).With("Name", name).With("Value", value))
		}
	}
	invalid(IsProductID(p.ID), "id", p.ID)
	invalid(p.Title != "", "title", p.Title)
	invalid(p.Publisher != "", "publisher", p.Publisher)
	invalid(len(views[p.View]) == 1, "view", string(p.View))
	invalid(slices.Contains(Kinds(), p.Kind), "kind", string(p.Kind))
	return faults
}

// Check returns what is wrong with s.
func (s SKU) Check() (faults fault.List) {
	invalid := func(ok bool, name, value string) {
		if !ok {
			faults.Add(ErrInvalid.On(name).With("Name", name).With("Value", value))
		}
	}
	invalid(IsProductID(s.Product), "productId", s.Product)
	invalid(IsSKUID(s.ID), "id", s.ID)
	invalid(s.Title != "", "title", s.Title)
	invalid(slices.Contains([]State{Open, RenewalOnly, Ended}, s.State), "state", string(s.State))
	invalid(s.Minimum > 0, "minimumQuantity", number(s.Minimum))
	invalid(s.Maximum >= s.Minimum, "maximumQuantity", number(s.Maximum))
	invalid(s.Limit.good(), "limit", number(s.Limit.Count))
	for _, r := range slices.Concat(s.Prerequisites, s.Upgrades, s.Conversions) {
		_, ok := ParseRef(r.String())
		invalid(ok && r != s.Ref(), "sku", r.String())
	}
	invalid(!s.AddOn || len(s.Prerequisites) > 0, "prerequisiteSkus", "")
	return faults
}

func (l Limit) good() bool {
	switch l.Kind {
	case NoLimit:
		return l.Count == 0
	case ConcurrentLimit, LifetimeLimit:
		return l.Count > 0
	}
	return false
}
