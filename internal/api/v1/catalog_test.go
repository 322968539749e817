package v1

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"comptoir/internal/api/v1/wire"
	"comptoir/internal/catalog"
	"comptoir/internal/money"
	"comptoir/internal/op"
)

const (
	fjordMail = "CFQ7TTC0MAIL"
	compute   = "DZH318Z0RSV1"
	mailOffer = "7B1F0C52-0E55-4B60-9B51-2C6D0A9E7A11"
)

// stock fills the catalogue: a mail service with a trial and an add-on, a reservation,
// offers of the older catalogue, and a promotion.
func (w *world) stock() {
	w.t.Helper()
	sku := func(product, id, title string) catalog.SKU {
		return catalog.SKU{
			Product: product, ID: id, Title: title, Description: title + " for everybody", Unit: "Licenses", State: catalog.Open, Minimum: 1, Maximum: 300,
			Limit: catalog.Limit{Kind: catalog.NoLimit},
		}
	}
	basic, trial, archive, north := sku(fjordMail, "0001", "Basic"), sku(fjordMail, "0002", "Trial"), sku(fjordMail, "0003", "Archive"), sku(compute, "0001", "Two cores, north")
	basic.ProvisioningID, basic.Overage = "0a1b0000-00bb-7000-8000-000000000001", true
	trial.Trial, trial.Limit, trial.Conversions = true, catalog.Limit{Kind: catalog.LifetimeLimit, Count: 1}, []catalog.Ref{basic.Ref()}
	archive.AddOn, archive.Prerequisites, archive.Attestation = true, []catalog.Ref{basic.Ref()}, "Archive"
	north.Checks, north.InventoryVariables, north.ProvisioningVariables = []string{"InventoryCheck"}, []string{"CustomerId", "ArmRegionName"}, []string{"Scope", "Duration"}
	for _, name := range []string{"armSkuName", "region", "duration", "cores", "ram", "category", "diskType", "skuDisplayName"} {
		north.Traits = append(north.Traits, catalog.Trait{Name: name, Value: "two"})
	}
	north.Traits = append(north.Traits, catalog.Trait{Name: "armRegionName", Value: "northeurope"})
	w.publishEntry(catalog.Product{ID: fjordMail, Title: "Fjord Mail", Description: "Mail", Publisher: "Fjordsoft", View: catalog.OnlineServicesView, Kind: catalog.Licence}, basic, trial, archive)
	w.publishEntry(catalog.Product{ID: compute, Title: "Compute", Description: "Machines", Publisher: "Nimbus", View: catalog.ReservationsVM, Kind: catalog.Azure, Subkind: "VirtualMachines"}, north)
	var list catalog.PriceList
	for _, s := range []catalog.SKU{basic, trial, archive, north} {
		p := catalog.Price{
			Market: "SE", Product: s.Product, SKU: s.ID, Segment: catalog.Commercial, Term: catalog.OneYear, Plan: catalog.Monthly,
			StartsAt: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), Unit: money.MustParse("4.00", "EUR"),
		}
		if s.Trial {
			p.Term, p.Plan = catalog.OneMonth, catalog.NoPlan
		}
		list = append(list, catalog.Listing{Price: p})
		p.Segment = catalog.Nonprofit
		list = append(list, catalog.Listing{Price: p})
	}
	system := op.System("", 0, op.ViaCLI)
	_, err := catalog.Publish.Do(w.t.Context(), w.kernel, system, list)
	w.fine(err)
	offer := catalog.Offer{
		ID: mailOffer, Name: "Nordlicht Mail Plan", Description: "Hosted mail", Category: "SmallBusiness_Key", Rank: 12, Minimum: 1, Maximum: 300,
		Limit: catalog.Limit{Kind: catalog.ConcurrentLimit, Count: 1}, TermUnit: "Year", Term: 1, Billing: "license",
		Cycles: []catalog.Plan{catalog.Annual, catalog.Monthly}, Unit: "Licenses", SalesGroup: "Default", ProductID: "0a1b0000-00bb-7000-8000-000000000002",
		ProductName: "Nordlicht Mail Plan", Open: true, Renewable: true,
	}
	addOn := offer
	addOn.ID, addOn.Name, addOn.Category, addOn.AddOn, addOn.Prerequisites = strings.Replace(mailOffer, "7A11", "7A12", 1), "Nordlicht Archive", "", true, []string{mailOffer}
	for _, o := range []catalog.Offer{offer, addOn} {
		_, err := catalog.PutOffer.Do(w.t.Context(), w.kernel, system, o)
		w.fine(err)
	}
	_, err = catalog.PutPromotion.Do(w.t.Context(), w.kernel, system, catalog.Promotion{
		ID: fjordMail + ":0001:39NFJQT1PGPL", Name: "Welcome", Description: "A third off", Segment: catalog.Commercial, Automatic: true,
		StartsAt: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), EndsAt: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC),
		LeastSeats: 1, MostSeats: 300, MostRedemptions: 1, FirstPurchase: true, Owned: []catalog.Ref{archive.Ref()},
		Terms: []catalog.Discount{{Ref: basic.Ref(), Term: catalog.OneYear, Plan: catalog.Monthly, Fraction: "0.33"}},
	})
	w.fine(err)
}

func (w *world) publishEntry(p catalog.Product, skus ...catalog.SKU) {
	w.t.Helper()
	_, err := catalog.Put.Do(w.t.Context(), w.kernel, op.System("", 0, op.ViaCLI), catalog.Entry{Product: p, SKUs: skus})
	w.fine(err)
}

func (w *world) fine(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// catalogue visits the routes of the catalogue, in a country and for a customer.
func (w *world) catalogue(customer string, look func(name string, a answerTo)) {
	w.t.Helper()
	w.stock()
	for _, at := range []struct{ name, path, query string }{
		{"", "/v1/products", "?country=SE"}, {"customer_", "/v1/customers/" + customer + "/products", ""},
	} {
		view := "?targetView=OnlineServices&" + strings.TrimPrefix(at.query, "?")
		look(at.name+"products", w.get("provider", at.path+view).want(200))
		one := at.path + "/" + fjordMail
		look(at.name+"product", w.get("provider", at.path+"/"+compute+at.query).want(200))
		look(at.name+"skus", w.get("provider", one+"/skus"+at.query).want(200))
		look(at.name+"sku", w.get("provider", at.path+"/"+compute+"/skus/0001"+at.query).want(200))
		all := w.get("provider", one+"/skus/0001/availabilities"+at.query).want(200)
		look(at.name+"availabilities", all)
		var found wire.Collection[wire.Availability]
		all.into(&found)
		look(at.name+"availability", w.get("provider", one+"/skus/0001/availabilities/"+found.Items[0].ID+at.query).want(200))
	}
	look("offers", w.get("provider", "/v1/offers?country=SE").want(200))
	look("offers_page", w.get("provider", "/v1/offers?country=SE&size=1&offset=1").want(200))
	look("offer", w.get("provider", "/v1/offers/"+mailOffer+"?country=SE").want(200))
	look("offer_addons", w.get("provider", "/v1/offers/"+mailOffer+"/addons?country=SE").want(200))
	look("offer_categories", w.get("provider", "/v1/offercategories?country=SE").want(200))
	look("customer_offers", w.get("provider", "/v1/customers/"+customer+"/offers").want(200))
	look("customer_offer_categories", w.get("provider", "/v1/customers/"+customer+"/offercategories").want(200))
	look("inventory", w.send(request{
		as: "provider", method: http.MethodPost, target: "/v1/extensions/product/checkInventory?country=SE",
		body: `{"TargetItems":[{"ProductId":"` + compute + `"},{"ProductId":"CFQ7TTC0NONE"}],"InventoryContext":{"armRegionName":"westus"}}`,
	}).want(200))
	look("promotions", w.get("provider", "/v1/productpromotions?country=SE&segment=commercial").want(200))
	look("promotion", w.get("provider", "/v1/productpromotions/"+fjordMail+":0001:39NFJQT1PGPL?country=SE").want(200))
}

// What cannot be seen in the catalogue is refused with the published codes, as numbers.
func TestTheCatalogueRefuses(t *testing.T) {
	w := newWorld(t)
	w.stock()
	for _, c := range []struct {
		path   string
		status int
		code   string
	}{
		{"/v1/products?country=SE&targetView=Cars", 403, "400036"},
		{"/v1/products?country=SE&targetView=OnlineServices&targetSegment=rich", 403, "400030"},
		{"/v1/products?country=SE", 400, "27002"},
		{"/v1/products?targetView=OnlineServices", 400, "800070"},
		{"/v1/products/CFQ7TTC0NONE?country=SE", 404, "400013"},
		{"/v1/products/" + fjordMail + "?country=NO", 404, "400013"},
		{"/v1/products/" + fjordMail + "/skus/0009?country=SE", 404, "400018"},
		{"/v1/products/" + fjordMail + "/skus/0001/availabilities/AAAAAAAAAAAA?country=SE", 404, "400019"},
		{"/v1/offers/" + fjordMail + ":0001?country=SE", 400, "2100"},
		{"/v1/offers/0a1b0000-00bb-7000-8000-0000000000ff?country=SE", 404, "1000"},
		{"/v1/productpromotions/" + fjordMail + ":0001:NONE?country=SE", 404, "1000"},
	} {
		w.get("provider", c.path).refused(c.status, c.code)
	}
	w.get("direct-helpdesk", "/v1/productpromotions?country=SE").refused(403, "900150")
	w.get("direct-app", "/v1/products?country=se&targetView=onlineservices").want(200)
	if body := w.get("provider", "/v1/products/CFQ7TTC0NONE?country=SE").Body.String(); !strings.Contains(body, `"code":400013`) {
		t.Errorf("the code is no number: %s", body)
	}
}

// Nonprofit prices are told to who asks for them (commerce, section 1.2).
func TestAvailabilitiesOfNonprofitOrganizationsAreAskedFor(t *testing.T) {
	w := newWorld(t)
	w.stock()
	path := "/v1/products/" + fjordMail + "/skus/0001/availabilities?country=SE"
	for query, want := range map[string]string{"": "commercial", "&targetSegment=Nonprofit": "nonprofit"} {
		var all wire.Collection[wire.Availability]
		w.get("provider", path+query).want(200).into(&all)
		if len(all.Items) != 1 || all.Items[0].Segment != want {
			t.Errorf("%q: %+v", query, all.Items)
		}
	}
}

// The published pages print POST for lists of a customer: both are answered alike.
func TestListsOfACustomerCanBePosted(t *testing.T) {
	w := newWorld(t)
	w.stock()
	at := "/v1/customers/" + w.add("provider", newBody("Nordbageri AB", "nordbageri")).ID + "/products"
	for _, path := range []string{at + "?targetView=OnlineServices", at + "/" + fjordMail + "/skus", at + "/" + fjordMail + "/skus/0001/availabilities"} {
		got := w.send(request{as: "provider", method: http.MethodPost, target: path}).want(200).Body.String()
		if want := w.get("provider", path).want(200).Body.String(); got != want {
			t.Errorf("%s: posted %s, got %s", path, got, want)
		}
	}
}
