package app_test

import (
	"strings"
	"time"

	"comptoir/internal/catalog"
	"comptoir/internal/money"
	"comptoir/internal/op"
)

// What is for sale in the house.
const (
	houseProduct = "CFQ7TTC0HOME"
	houseOffer   = "7B1F0C52-0E55-4B60-9B51-2C6D0A9E7AF1"
)

var housePromotion = houseProduct + ":0001:39NFJQT1HOME"

// stock puts a product into the catalogue, in all countries of the house's customers.
func (h *house) stock() error {
	system := op.System("", 0, op.ViaCLI)
	begin := h.Kernel.Clock.Now().Add(-24 * time.Hour)
	var list catalog.PriceList
	for _, country := range []string{"SE", "FR", "DE", "DK", "FI", "NO", "NL", "PL", "HU", "ES", "IT"} {
		list = append(list, catalog.Listing{Title: "House Mail", Publisher: "Fjordsoft", Price: catalog.Price{
			Market: country, Product: houseProduct, SKU: "0001", Segment: catalog.Commercial, Term: catalog.OneYear, Plan: catalog.Monthly,
			StartsAt: begin, Unit: money.MustParse("4", "EUR"),
		}})
	}
	if _, err := do(h, catalog.Publish, system, list); err != nil {
		return err
	}
	_, err := do(h, catalog.PutOffer, system, catalog.Offer{
		ID: houseOffer, Name: "House Mail", Category: "SmallBusiness_Key", Minimum: 1, Maximum: 300, Limit: catalog.Limit{Kind: catalog.NoLimit},
		TermUnit: "Year", Term: 1, Billing: "license", Unit: "Licenses", SalesGroup: "Default", Open: true,
	})
	if err != nil {
		return err
	}
	_, err = do(h, catalog.PutPromotion, system, catalog.Promotion{
		ID: housePromotion, Name: "Welcome", Segment: catalog.Commercial, StartsAt: begin, EndsAt: begin.AddDate(1, 0, 0),
		Terms: []catalog.Discount{{Ref: catalog.Ref{Product: houseProduct, SKU: "0001"}, Term: catalog.OneYear, Plan: catalog.Monthly, Fraction: "0.1"}},
	})
	return err
}

// shelved are things of the catalogue, which is the same for all.
func shelved(path ...string) func(*house, *actor) []target {
	return func(*house, *actor) []target {
		return []target{{"a thing of the catalogue", strings.Join(path, "/"), true}}
	}
}

// shelvedFor are things of the catalogue for customers.
func shelvedFor(path ...string) func(*house, *actor) []target {
	return func(h *house, a *actor) []target {
		all := h.customerTargets(a)
		for i := range all {
			all[i].id += "/" + strings.Join(path, "/")
		}
		return all
	}
}

// onSale are the availability that is for sale in Sweden, in general and for customers.
func onSale(h *house, _ *actor) []target {
	return shelved(houseProduct, "0001", h.availability())(h, nil)
}

func onSaleFor(h *house, a *actor) []target {
	return shelvedFor(houseProduct, "0001", h.availability())(h, a)
}

func (h *house) availability() string {
	o, err := do(h, catalog.Show, h.org("provider").system(), catalog.Item{Country: "SE", Product: houseProduct})
	if err != nil {
		panic(err)
	}
	return o.SKUs[0].Availabilities[0].ID
}

func inventoryBody(*house, *actor, target) string {
	return `{"targetItems":[{"productId":"` + houseProduct + `"}],"inventoryContext":{}}`
}
