package v1

import (
	"net/http"
	"reflect"
	"time"

	"comptoir/internal/api/route"
	"comptoir/internal/api/v1/wire"
	"comptoir/internal/catalog"
)

// promotionRoutes add the promotions (commerce, section 1.4).
func (a *API) promotionRoutes() {
	on(a, route.Route{
		Method: http.MethodGet, Path: "/v1/productpromotions", Auth: route.Both, Name: "listProductPromotions", Summary: "api.route.promotions",
		NumberCodes: true, Query: []route.Parameter{countryParameter, {Name: "segment", Type: "string"}},
		Gives: reflect.TypeFor[wire.Collection[wire.Promotion]](), ObjectType: "Collection<Promotion>", Status: http.StatusOK,
	}, catalog.ListPromotions, func(c *call) (catalog.Running, error) {
		segment, err := c.segment("segment")
		return catalog.Running{Country: c.param("country"), Segment: segment}, err
	}, func(_ *call, all []catalog.Promotion) any {
		items := make([]wire.Promotion, len(all))
		for i := range all {
			items[i] = viewPromotion(&all[i])
		}
		return wire.NewCollection(items)
	})
	on(a, route.Route{
		Method: http.MethodGet, Path: "/v1/productpromotions/{promotion-id}", Auth: route.Both, Name: "getProductPromotion", Summary: "api.route.promotion",
		NumberCodes: true, Query: []route.Parameter{countryParameter},
		Gives: reflect.TypeFor[wire.Promotion](), ObjectType: "Promotion", Status: http.StatusOK,
	}, catalog.ShowPromotion, func(c *call) (catalog.OnePromotion, error) {
		promotion, err := c.name("promotion-id")
		return catalog.OnePromotion{Country: c.param("country"), ID: promotion}, err
	}, func(_ *call, p catalog.Promotion) any {
		v := viewPromotion(&p)
		v.PromotionConstraints = constraints(&p)
		return v
	})
}

// offsetTime is how promotions write instants.
const offsetTime = "2006-01-02T15:04:05.9999999+00:00"

func viewPromotion(p *catalog.Promotion) wire.Promotion {
	date := func(t time.Time) string { return t.UTC().Format(offsetTime) }
	v := wire.Promotion{
		ID: p.ID, Name: p.Name, Description: p.Description, StartDate: date(p.StartsAt), EndDate: date(p.EndsAt),
		Properties: wire.PromotionProperties{IsAutoApplicable: p.Automatic}, Attributes: wire.Attributes{ObjectType: "Promotion"},
	}
	for _, d := range p.Terms {
		v.RequiredProducts = append(v.RequiredProducts, wire.RequiredProduct{
			ProductID: d.Product, SKUID: d.SKU, Term: wire.PromotionTerm{Duration: string(d.Term), BillingCycle: string(d.Plan)},
			PricingPolicies: []wire.PricingPolicy{{PolicyType: "PercentDiscount", Value: d.Fraction}},
		})
	}
	return v
}

func constraints(p *catalog.Promotion) *wire.PromotionConstraints {
	var all wire.PromotionConstraints
	if p.LeastSeats+p.MostSeats > 0 {
		all.SeatConstraints = []wire.SeatConstraint{{MinSeats: p.LeastSeats, MaxSeats: p.MostSeats, Type: "SubscriptionQuantity"}}
	}
	if p.MostRedemptions > 0 {
		all.AssetOwnershipLimits = []wire.AssetOwnershipLimit{{MaxAssets: p.MostRedemptions, Type: "LifetimeRedemptionCount"}}
	}
	if p.FirstPurchase {
		all.EligibilityConstraints = []wire.EligibilityConstraint{{IsApplicable: true, Type: "FirstPurchase"}}
	}
	if len(p.Owned) > 0 {
		owned := make([]wire.OwnedProduct, len(p.Owned))
		for i, r := range p.Owned {
			owned[i] = wire.OwnedProduct{BigID: r.Product + "/" + r.SKU}
		}
		all.ProductOwnershipConstraints = [][]wire.OwnedProduct{owned}
	}
	return &all
}
