package catalog_test

import (
	"strings"
	"testing"
	"time"

	"comptoir/internal/catalog"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/fault"
)

const (
	baseOffer  = "7B1F0C52-0E55-4B60-9B51-2C6D0A9E7A11"
	addOnOffer = "7B1F0C52-0E55-4B60-9B51-2C6D0A9E7A12"
	eduOffer   = "7B1F0C52-0E55-4B60-9B51-2C6D0A9E7A13"
)

func (w *world) offers() {
	w.t.Helper()
	base := catalog.Offer{
		ID: baseOffer, Name: "Nordlicht Mail Plan", Category: "SmallBusiness_Key", Rank: 12, Minimum: 1, Maximum: 300,
		Limit: catalog.Limit{Kind: catalog.ConcurrentLimit, Count: 1}, TermUnit: "Year", Term: 1, Billing: "license",
		Cycles: []catalog.Plan{catalog.Annual, catalog.Monthly}, Unit: "Licenses", SalesGroup: "Default", Open: true, Renewable: true,
	}
	addOn := base
	addOn.ID, addOn.Name, addOn.Category, addOn.AddOn, addOn.Prerequisites = addOnOffer, "Nordlicht Mail Archive", "", true, []string{baseOffer}
	edu := base
	edu.ID, edu.Category, edu.Countries, edu.CustomerQualifications = eduOffer, "Education_Key", []string{"SE"}, []string{"Education"}
	for _, o := range []catalog.Offer{base, addOn, edu} {
		_, err := catalog.PutOffer.Do(w.t.Context(), w.k, system, o)
		w.ok(err)
	}
}

// The older catalogue: offers of a country and category, with their add-ons (rule G25).
func TestOffersOfACountry(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.offers()
		swedish, err := catalog.ListOffers.Do(t.Context(), w.k, agent(w.seller), catalog.Country{Code: "SE"})
		w.ok(err)
		norwegian, err := catalog.ListOffers.Do(t.Context(), w.k, agent(w.seller), catalog.Country{Code: "no"})
		w.ok(err)
		if len(swedish.All) != 3 || len(norwegian.All) != 2 || len(swedish.In("education_key")) != 1 {
			t.Errorf("%d Swedish, %d Norwegian", len(swedish.All), len(norwegian.All))
		}
		base, err := swedish.Find("7b1f0c52-0e55-4b60-9b51-2c6d0a9e7a11")
		w.ok(err)
		if some := swedish.AddOnsOf(base); !base.HasAddOns || len(some) != 1 || some[0].ID != addOnOffer || some[0].HasAddOns {
			t.Errorf("add-ons %+v", some)
		}
		if _, err := swedish.Find(mail + ":0001"); codes(err) != "2100 catalog.modern" {
			t.Errorf("%v", err)
		}
		if _, err := swedish.Find("7b1f0c52-0e55-4b60-9b51-2c6d0a9e7aff"); codes(err) != "1000 catalog.no_offer" {
			t.Errorf("%v", err)
		}
		bakery, err := catalog.ListOffersOf.Do(t.Context(), w.k, agent(w.seller), catalog.ForCustomer{Customer: w.customer("Bageriet i Lund AB", "bageriet")})
		w.ok(err)
		if _, err := bakery.Find(eduOffer); codes(err) != "1000 catalog.no_offer" {
			t.Errorf("a bakery finds an offer for schools: %v", err)
		}
		_, err = catalog.PutOffer.Do(t.Context(), w.k, system, catalog.Offer{ID: baseOffer, AddOn: true})
		if got := codes(err); got == "" {
			t.Error("an offer without anything was published")
		}
	})
}

// A promotion is listed while it runs, and found by its id ever after.
func TestPromotionsRunForATime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		p := catalog.Promotion{
			ID: mail + ":0001:39NFJQT1PGPL", Name: "Welcome", Segment: catalog.Commercial, StartsAt: november, EndsAt: december, Automatic: true,
			MostSeats: 300, MostRedemptions: 1, FirstPurchase: true, Owned: []catalog.Ref{{Product: mail, SKU: "0002"}}, Countries: []string{"SE"},
			Terms: []catalog.Discount{{Ref: catalog.Ref{Product: mail, SKU: "0001"}, Term: catalog.OneYear, Plan: catalog.Monthly, Fraction: "0.15"}},
		}
		for range 2 {
			_, err := catalog.PutPromotion.Do(t.Context(), w.k, system, p)
			w.ok(err)
		}
		running := func(country string, s catalog.Segment) int {
			all, err := catalog.ListPromotions.Do(t.Context(), w.k, agent(w.seller), catalog.Running{Country: country, Segment: s})
			w.ok(err)
			return len(all)
		}
		if running("SE", "commercial") != 1 || running("SE", "") != 1 || running("SE", "education") != 0 || running("NO", "") != 0 {
			t.Error("it runs for the wrong customers")
		}
		w.k.Clock.Advance(30 * 24 * time.Hour)
		if running("SE", "") != 0 {
			t.Error("it runs after its end")
		}
		found, err := catalog.ShowPromotion.Do(t.Context(), w.k, agent(w.seller), catalog.OnePromotion{Country: "SE", ID: p.ID})
		w.ok(err)
		if len(found.Terms) != 1 || found.Terms[0] != p.Terms[0] || found.Owned[0] != p.Owned[0] || !found.EndsAt.Equal(december) {
			t.Errorf("%+v", found)
		}
		_, err = catalog.ShowPromotion.Do(t.Context(), w.k, agent(w.seller), catalog.OnePromotion{Country: "NO", ID: p.ID})
		if got := codes(err); got != "1000 catalog.no_promotion" {
			t.Error(got)
		}
		for _, wrong := range []string{"0", "1.5", "half", "-0.1"} {
			bad := p
			bad.Terms = []catalog.Discount{p.Terms[0]}
			bad.Terms[0].Fraction = wrong
			_, err := catalog.PutPromotion.Do(t.Context(), w.k, system, bad)
			if got := codes(err); got != "3000 catalog.invalid value" {
				t.Errorf("%s off: %s", wrong, got)
			}
		}
	})
}

// What is not open for sale, or is tied to another region, is restricted; what nobody
// knows is left out.
func TestInventory(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ended, north := licence(mail, "0002", "Fjord Mail Plus"), licence(mail, "0003", "Fjord Mail North")
		ended.State, north.Traits = catalog.RenewalOnly, []catalog.Trait{{Name: "armRegionName", Value: "northeurope"}}
		w.put(catalog.Entry{
			Product: catalog.Product{ID: mail, Title: "Fjord Mail", Publisher: "Fjordsoft", View: catalog.OnlineServicesView, Kind: catalog.Licence},
			SKUs:    []catalog.SKU{ended, north},
		})
		w.publish(list(price(mail, "0003", "9")))
		stock, err := catalog.CheckInventory.Do(t.Context(), w.k, agent(w.seller), catalog.Inventory{
			Country: "SE", Region: "westus", Items: []catalog.Ref{{Product: mail}, {Product: "CFQ7TTC0NONE", SKU: "0001"}},
		})
		w.ok(err)
		want := []bool{false, true, true}
		for i, s := range stock {
			if len(stock) != 3 || s.Restricted != want[i] || (s.Region != "") != (i == 2) {
				t.Errorf("%+v", stock)
			}
		}
	})
}

// One is asked about a hundred things at most at once; what is asked twice is answered
// twice, in whatever case.
func TestInventoryIsBounded(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	ask := func(n int) ([]catalog.Stock, error) {
		items := make([]catalog.Ref, n)
		for i := range items {
			items[i] = catalog.Ref{Product: []string{mail, strings.ToLower(mail), "CFQ7TTC0NONE", "CFQ7TTC0NONE"}[i%4], SKU: "0001"}
		}
		return catalog.CheckInventory.Do(t.Context(), w.k, agent(w.seller), catalog.Inventory{Country: "SE", Items: items})
	}
	stock, err := ask(100)
	w.ok(err)
	if len(stock) != 50 || stock[1].Product != mail {
		t.Errorf("%d answers: %+v", len(stock), stock[:2])
	}
	if _, err := ask(101); codes(err) != "2000 catalog.stock targetItems" || fault.KindOf(err) != fault.Invalid {
		t.Errorf("101 things: %s", codes(err))
	}
}
