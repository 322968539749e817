package v1

import (
	"net/http"
	"reflect"

	"comptoir/internal/api/route"
	"comptoir/internal/api/v1/wire"
	"comptoir/internal/catalog"
	"comptoir/internal/refusal"
)

// printedPost is why lists of a customer's products can be asked for with POST.
const printedPost = "the published pages print POST where their examples and clients send GET"

// Query parameters of the catalogue.
var (
	countryParameter = route.Parameter{Name: "country", Type: "string"}
	viewParameter    = route.Parameter{Name: "targetView", Type: "string"}
	segmentParameter = route.Parameter{Name: "targetSegment", Type: "string"}
	scopeParameter   = route.Parameter{Name: "reservationScope", Type: "string"}
)

// Paths of the catalogue, below "/v1" or below a customer.
const (
	productsPath       = "/products"
	productPath        = productsPath + "/{product-id}"
	skusPath           = productPath + "/skus"
	skuPath            = skusPath + "/{sku-id}"
	availabilitiesPath = skuPath + "/availabilities"
	availabilityPath   = availabilitiesPath + "/{availability-id}"

	ofCustomer = "/customers/{customer-id}"
)

// productRoutes add the catalogue (commerce, section 1.2).
func (a *API) productRoutes() {
	a.productsRoute("/v1"+productsPath, "listProducts", "api.route.products", countryParameter)
	a.itemRoute("/v1"+productPath, "getProduct", "api.route.product", reflect.TypeFor[wire.Product](), "Product", productOf, countryParameter)
	a.itemRoute("/v1"+skusPath, "listSkus", "api.route.skus", reflect.TypeFor[wire.Collection[wire.SKU]](), "Collection<Sku>", skusOf, countryParameter, segmentParameter)
	a.itemRoute("/v1"+skuPath, "getSku", "api.route.sku", reflect.TypeFor[wire.SKU](), "Sku", skuOf, countryParameter)
	a.itemRoute("/v1"+availabilitiesPath, "listAvailabilities", "api.route.availabilities", reflect.TypeFor[wire.Collection[wire.Availability]](),
		"Collection<Availability>", availabilitiesOf, countryParameter, segmentParameter, viewParameter)
	a.itemRoute("/v1"+availabilityPath, "getAvailability", "api.route.availability", reflect.TypeFor[wire.Availability](), "Availability", availabilityOf, countryParameter)

	a.productsRoute("/v1"+ofCustomer+productsPath, "listCustomerProducts", "api.route.customer_products")
	a.itemRoute("/v1"+ofCustomer+productPath, "getCustomerProduct", "api.route.customer_product", reflect.TypeFor[wire.Product](), "Product", productOf)
	a.itemRoute("/v1"+ofCustomer+skusPath, "listCustomerSkus", "api.route.customer_skus", reflect.TypeFor[wire.Collection[wire.SKU]](), "Collection<Sku>", skusOf, segmentParameter)
	a.itemRoute("/v1"+ofCustomer+skuPath, "getCustomerSku", "api.route.customer_sku", reflect.TypeFor[wire.SKU](), "Sku", skuOf)
	a.itemRoute("/v1"+ofCustomer+availabilitiesPath, "listCustomerAvailabilities", "api.route.customer_availabilities",
		reflect.TypeFor[wire.Collection[wire.Availability]](), "Collection<Availability>", availabilitiesOf, segmentParameter)
	a.itemRoute("/v1"+ofCustomer+availabilityPath, "getCustomerAvailability", "api.route.customer_availability", reflect.TypeFor[wire.Availability](), "Availability", availabilityOf)
}

// productsRoute adds a list of products, for a customer also with POST.
func (a *API) productsRoute(path, name, summary string, more ...route.Parameter) {
	rt := route.Route{
		Method: http.MethodGet, Path: path, Auth: route.Both, Name: name, Summary: summary, NumberCodes: true,
		Query: append([]route.Parameter{viewParameter, segmentParameter, scopeParameter}, more...),
		Gives: reflect.TypeFor[wire.Collection[wire.Product]](), ObjectType: "Collection<Product>", Status: http.StatusOK,
	}
	a.catalogRoute(rt, listProducts)
}

// itemRoute adds a route about one product, which look finds and shows; a list of a
// customer also with POST.
func (a *API) itemRoute(path, name, summary string, gives reflect.Type, object string, look func(*call, catalog.Offering) (any, error), more ...route.Parameter) {
	rt := route.Route{
		Method: http.MethodGet, Path: path, Auth: route.Both, Name: name, Summary: summary, NumberCodes: true,
		Query: append([]route.Parameter{scopeParameter}, more...), Gives: gives, ObjectType: object, Status: http.StatusOK,
	}
	a.catalogRoute(rt, func(c *call) error {
		offering, err := c.offering()
		if err != nil {
			return err
		}
		view, err := look(c, offering)
		if err != nil {
			return err
		}
		return c.answer(http.StatusOK, view)
	})
}

// postedLists are the lists of a customer that can be asked for with POST.
var postedLists = map[string]string{
	"listCustomerProducts": "postCustomerProducts", "listCustomerSkus": "postCustomerSkus", "listCustomerAvailabilities": "postCustomerAvailabilities",
}

func (a *API) catalogRoute(rt route.Route, work func(*call) error) {
	a.handle(rt, work)
	if posted := postedLists[rt.Name]; posted != "" {
		rt.Method, rt.Name, rt.Ours = http.MethodPost, posted, printedPost
		a.handle(rt, work)
	}
}

// segment reads the segment of a call; "" when none was asked for.
func (c *call) segment(name string) (catalog.Segment, error) {
	s := c.param(name)
	if s == "" {
		return "", nil
	}
	segment, ok := catalog.ParseSegment(s)
	if !ok {
		return "", catalog.ErrSegment.On(name)
	}
	return segment, nil
}

// listProducts answers the products of a country or of a customer.
func listProducts(c *call) error {
	segment, err := c.segment("targetSegment")
	if err != nil {
		return err
	}
	asked := c.param("targetView")
	if asked == "" {
		return refusal.Required.On("targetView")
	}
	view, ok := catalog.ParseView(asked)
	if !ok {
		return catalog.ErrView.On("targetView")
	}
	at := c.place()
	l := listing{path: at.path, fixed: at.query(asked, segment)}
	return answerList(c, l, func(p ask) (batch[wire.Product], error) {
		page, err := c.products(view, segment, p)
		if err != nil {
			return batch[wire.Product]{}, err
		}
		items := make([]wire.Product, len(page.Products))
		for i := range page.Products {
			items[i] = at.product(&page.Products[i])
		}
		return batch[wire.Product]{items: items, next: page.Next, total: uncounted}, nil
	})
}

// products reads a page of products.
func (c *call) products(view catalog.View, segment catalog.Segment, p ask) (catalog.Page, error) {
	if c.r.PathValue("customer-id") == "" {
		return catalog.List.Do(c.r.Context(), c.api.kernel, c.actor, catalog.Search{
			Country: c.param("country"), Segment: segment, View: view, After: p.cursor, Size: p.size,
		})
	}
	customer, err := c.customer()
	if err != nil {
		return catalog.Page{}, err
	}
	return catalog.ListOf.Do(c.r.Context(), c.api.kernel, c.actor, catalog.CustomerSearch{
		Customer: customer, Segment: segment, View: view, After: p.cursor, Size: p.size,
	})
}

// offering reads the product of the path.
func (c *call) offering() (catalog.Offering, error) {
	segment, err := c.segment("targetSegment")
	if err != nil {
		return catalog.Offering{}, err
	}
	product, err := c.name("product-id")
	if err != nil {
		return catalog.Offering{}, err
	}
	if c.r.PathValue("customer-id") == "" {
		return catalog.Show.Do(c.r.Context(), c.api.kernel, c.actor, catalog.Item{Country: c.param("country"), Segment: segment, Product: product})
	}
	customer, err := c.customer()
	if err != nil {
		return catalog.Offering{}, err
	}
	return catalog.ShowOf.Do(c.r.Context(), c.api.kernel, c.actor, catalog.CustomerItem{Customer: customer, Segment: segment, Product: product})
}

func productOf(c *call, o catalog.Offering) (any, error) { return c.place().product(&o.Product), nil }

func skusOf(c *call, o catalog.Offering) (any, error) {
	at := c.place()
	items := make([]wire.SKU, len(o.SKUs))
	for i := range o.SKUs {
		items[i] = at.sku(&o.Product, &o.SKUs[i])
	}
	all := wire.NewCollection(items)
	all.Links = &wire.PageLinks{Self: wire.GetLink(at.skus(o.Product.ID))}
	return all, nil
}

func skuOf(c *call, o catalog.Offering) (any, error) {
	s, err := o.SKU(c.r.PathValue("sku-id"))
	if err != nil {
		return nil, err
	}
	return c.place().sku(&o.Product, &s), nil
}

func availabilitiesOf(c *call, o catalog.Offering) (any, error) {
	s, err := o.SKU(c.r.PathValue("sku-id"))
	if err != nil {
		return nil, err
	}
	at := c.place()
	items := make([]wire.Availability, len(s.Availabilities))
	for i := range s.Availabilities {
		items[i] = at.availability(c, &o, &s, &s.Availabilities[i])
	}
	all := wire.NewCollection(items)
	all.Links = &wire.PageLinks{Self: wire.GetLink(at.availabilities(s.SKU.Ref()))}
	return all, nil
}

func availabilityOf(c *call, o catalog.Offering) (any, error) {
	s, err := o.SKU(c.r.PathValue("sku-id"))
	if err != nil {
		return nil, err
	}
	one, err := s.Availability(c.r.PathValue("availability-id"))
	if err != nil {
		return nil, err
	}
	return c.place().availability(c, &o, &s, &one), nil
}
