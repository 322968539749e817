package v1

import (
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"comptoir/internal/api/route"
	"comptoir/internal/api/v1/wire"
	"comptoir/internal/catalog"
	"comptoir/internal/id"
	"comptoir/internal/refusal"
)

// offerRoutes add the older catalogue (commerce, section 1.1).
func (a *API) offerRoutes() {
	paging := []route.Parameter{{Name: "offset", Type: "integer"}, {Name: "size", Type: "integer"}}
	collection, categories := reflect.TypeFor[wire.Collection[wire.Offer]](), reflect.TypeFor[wire.Collection[wire.OfferCategory]]()
	a.handle(route.Route{
		Method: http.MethodGet, Path: "/v1/offers", Auth: route.Both, Name: "listOffers", Summary: "api.route.offers", NumberCodes: true,
		Query: append([]route.Parameter{countryParameter, {Name: "offer_category_id", Type: "string"}}, paging...),
		Gives: collection, ObjectType: "Collection<Offer>", Status: http.StatusOK,
	}, func(c *call) error { return c.answerOffers("/offers", c.inCategory) })
	a.handle(route.Route{
		Method: http.MethodGet, Path: "/v1/offers/{offer-id}", Auth: route.Both, Name: "getOffer", Summary: "api.route.offer", NumberCodes: true,
		Query: []route.Parameter{countryParameter}, Gives: reflect.TypeFor[wire.Offer](), ObjectType: "Offer", Status: http.StatusOK,
	}, func(c *call) error {
		offers, err := c.offers()
		if err != nil {
			return err
		}
		one, err := offers.Find(c.r.PathValue("offer-id"))
		if err != nil {
			return err
		}
		return c.answer(http.StatusOK, c.offer(offers.Country, &one))
	})
	a.handle(route.Route{
		Method: http.MethodGet, Path: "/v1/offers/{offer-id}/addons", Auth: route.Both, Name: "listOfferAddOns", Summary: "api.route.offer_addons", NumberCodes: true,
		Query: append([]route.Parameter{countryParameter}, paging...), Gives: collection, ObjectType: "Collection<Offer>", Status: http.StatusOK,
	}, func(c *call) error {
		return c.answerOffers("/offers/"+c.r.PathValue("offer-id")+"/addons", func(offers catalog.Offers) ([]catalog.Offer, error) {
			base, err := offers.Find(c.r.PathValue("offer-id"))
			return offers.AddOnsOf(base), err
		})
	})
	a.handle(route.Route{
		Method: http.MethodGet, Path: "/v1/offercategories", Auth: route.Both, Name: "listOfferCategories", Summary: "api.route.offer_categories", NumberCodes: true,
		Query: []route.Parameter{countryParameter}, Gives: categories, ObjectType: "Collection<OfferCategory>", Status: http.StatusOK,
	}, answerCategories)
	a.handle(route.Route{
		Method: http.MethodGet, Path: "/v1/customers/{customer-id}/offers", Auth: route.Both, Name: "listCustomerOffers", Summary: "api.route.customer_offers", NumberCodes: true,
		Query: paging, Gives: collection, ObjectType: "Collection<Offer>", Status: http.StatusOK,
	}, func(c *call) error {
		return c.answerOffers("/customers/"+strings.ToLower(c.r.PathValue("customer-id"))+"/offers", c.inCategory)
	})
	a.handle(route.Route{
		Method: http.MethodGet, Path: "/v1/customers/{customer-id}/offercategories", Auth: route.Both, Name: "listCustomerOfferCategories",
		Summary: "api.route.customer_offer_categories", NumberCodes: true, Gives: categories, ObjectType: "Collection<OfferCategory>", Status: http.StatusOK,
	}, answerCategories)
}

// offers reads the offers of the country, or of the customer, of a call.
func (c *call) offers() (catalog.Offers, error) {
	if c.r.PathValue("customer-id") == "" {
		return catalog.ListOffers.Do(c.r.Context(), c.api.kernel, c.actor, catalog.Country{Code: c.param("country")})
	}
	customer, err := c.customer()
	if err != nil {
		return catalog.Offers{}, err
	}
	return catalog.ListOffersOf.Do(c.r.Context(), c.api.kernel, c.actor, catalog.ForCustomer{Customer: customer})
}

func (c *call) inCategory(offers catalog.Offers) ([]catalog.Offer, error) {
	return offers.In(c.param("offer_category_id")), nil
}

// answerOffers answers some offers, those from offset on and size of them at most;
// size 0 is all.
func (c *call) answerOffers(path string, some func(catalog.Offers) ([]catalog.Offer, error)) error {
	size, err := c.count("size")
	if err != nil {
		return err
	}
	offset, err := c.count("offset")
	if err != nil {
		return err
	}
	offers, err := c.offers()
	if err != nil {
		return err
	}
	all, err := some(offers)
	if err != nil {
		return err
	}
	part := all[min(offset, len(all)):]
	if size > 0 {
		part = part[:min(size, len(part))]
	}
	items := make([]wire.Offer, len(part))
	for i := range part {
		items[i] = c.offer(offers.Country, &part[i])
	}
	answer := wire.NewCollection(items)
	answer.TotalCount = int64(len(all))
	answer.Links = c.offsetLinks(path, offset, size, len(all))
	return c.answer(http.StatusOK, answer)
}

// locale returns the locale in which the caller wants texts.
func (c *call) locale() string {
	if l := c.r.Header.Get(localeHeader); isLocale(l) {
		return l
	}
	return "en-US"
}

func (c *call) offer(country string, o *catalog.Offer) wire.Offer {
	self := "/offers/" + o.ID + "?country=" + country
	types := []string{"live"}
	if c.api.kernel.Sandbox {
		types = []string{"sandbox", "live"}
	}
	return wire.Offer{
		ID: o.ID, Name: o.Name, Description: o.Description, MinimumQuantity: o.Minimum, MaximumQuantity: o.Maximum, Rank: o.Rank,
		URI: "/" + string(c.actor.Tenant) + "/Offers/" + o.ID, Locale: c.locale(), Country: country, Category: c.category(o.In(), country),
		LimitUnitOfMeasure: string(o.Limit.Kind), Limit: o.Limit.Count, TermUnitOfMeasure: o.TermUnit, Term: o.Term,
		PrerequisiteOffers: orEmpty(o.Prerequisites), IsAddOn: o.AddOn, HasAddOns: o.HasAddOns, IsAvailableForPurchase: o.Open,
		Billing: o.Billing, SupportedBillingCycles: cycles(o.Cycles), UpgradeTargetOffers: orEmpty(o.Upgrades), ConversionTargetOffers: orEmpty(o.Conversions),
		IsAutoRenewable: o.Renewable, IsInternal: o.Category == "Internal_Key", IsTrial: o.Trial, IsMicrosoftProduct: o.FirstParty,
		ReselleeQualifications: orEmpty(o.CustomerQualifications), ResellerQualifications: orEmpty(o.PartnerQualifications), SalesGroupID: o.SalesGroup,
		Product: wire.OfferProduct{ID: o.ProductID, Name: o.ProductName, Unit: o.Unit}, UnitType: o.Unit, AcquisitionType: "purchase",
		SupportedCatalogTypes: types, AttestationProperties: attestation(o.Attestation),
		Links:      wire.OfferLinks{LearnMore: wire.NewLearnMore(o.LearnMore), Self: wire.GetLink(self)},
		Attributes: wire.Attributes{ObjectType: "Offer"},
	}
}

// category shows a category; that of an add-on is empty.
func (c *call) category(k catalog.Category, country string) wire.OfferCategory {
	v := wire.OfferCategory{ID: k.ID, Rank: k.Rank, Locale: c.locale(), Country: country, Attributes: wire.Attributes{ObjectType: "OfferCategory"}}
	if k.Key != "" {
		v.Name = c.printer.T(k.Key)
	}
	return v
}

// answerCategories answers the categories of which there are offers.
func answerCategories(c *call) error {
	offers, err := c.offers()
	if err != nil {
		return err
	}
	var items []wire.OfferCategory
	for _, k := range catalog.Categories() {
		if len(offers.In(k.ID)) > 0 {
			items = append(items, c.category(k, offers.Country))
		}
	}
	return c.answer(http.StatusOK, wire.NewCollection(items))
}

// inventoryRoute adds the check whether things can be bought (section 1.3).
func (a *API) inventoryRoute() {
	on(a, route.Route{
		Method: http.MethodPost, Path: "/v1/extensions/product/checkInventory", Auth: route.Both, Name: "checkInventory", Summary: "api.route.inventory",
		NumberCodes: true, Query: []route.Parameter{countryParameter}, Takes: reflect.TypeFor[wire.InventoryCheckRequest](),
		Gives: reflect.TypeFor[[]wire.InventoryItem](), ObjectType: "array<InventoryItem>", Status: http.StatusOK,
	}, catalog.CheckInventory, func(c *call) (catalog.Inventory, error) {
		var body wire.InventoryCheckRequest
		if err := c.decode(&body); err != nil {
			return catalog.Inventory{}, err
		}
		in := catalog.Inventory{Country: c.param("country"), Region: body.InventoryContext.ArmRegionName.String()}
		if sent := body.InventoryContext.CustomerID.String(); sent != "" {
			if _, ok := id.Parse(sent); !ok {
				return in, refusal.Argument.On("inventoryContext.customerId")
			}
		}
		for _, item := range body.TargetItems {
			if item.ProductID.String() == "" {
				return in, refusal.Required.On("targetItems.productId")
			}
			in.Items = append(in.Items, catalog.Ref{Product: item.ProductID.String(), SKU: item.SKUID.String()})
		}
		return in, nil
	}, viewStock)
}

func viewStock(c *call, all []catalog.Stock) any {
	items := make([]wire.InventoryItem, len(all))
	for i, s := range all {
		items[i] = wire.InventoryItem{ProductID: s.Product, SKUID: s.SKU, IsRestricted: s.Restricted, Restrictions: []wire.InventoryRestriction{}}
		if !s.Restricted {
			continue
		}
		r := wire.InventoryRestriction{ReasonCode: "NotAvailableForSubscription", Description: c.printer.T("catalog.restricted"), Properties: []wire.RestrictedByValue{}}
		if s.Region != "" {
			r.Properties = append(r.Properties, wire.RestrictedByValue{Type: "Location", Values: []string{s.Region}})
		}
		items[i].Restrictions = append(items[i].Restrictions, r)
	}
	return items
}

// offsetLinks returns the links of a part of a list that is paged by offset.
func (c *call) offsetLinks(path string, offset, size, total int) *wire.PageLinks {
	at := func(offset int) *wire.Link {
		query := url.Values{}
		for _, name := range []string{"country", "offer_category_id"} {
			if v := c.param(name); v != "" {
				query.Set(name, v)
			}
		}
		if size > 0 {
			query.Set("size", strconv.Itoa(size))
		}
		if size > 0 || offset > 0 {
			query.Set("offset", strconv.Itoa(offset))
		}
		if len(query) == 0 {
			return wire.GetLink(path)
		}
		return wire.GetLink(path + "?" + query.Encode())
	}
	links := &wire.PageLinks{Self: at(offset)}
	if size > 0 && offset+size < total {
		links.Next = at(offset + size)
	}
	if size > 0 && offset > 0 {
		links.Previous = at(max(0, offset-size))
	}
	return links
}
