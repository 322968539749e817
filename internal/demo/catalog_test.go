package demo_test

import (
	"log/slog"
	"testing"

	"comptoir/internal/catalog"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/demo"
	"comptoir/internal/op"
	"comptoir/internal/policy"
	"comptoir/internal/relationship"
)

// The demo world has one of everything that the rules of the catalogue speak of (rules
// G9, G14, G23 to G25), so that each can be tried.
func TestTheCatalogueHasOneOfEverything(t *testing.T) {
	k := op.New(dbtest.SQLite(t), slog.New(slog.DiscardHandler))
	k.Link, k.Sandbox = relationship.Link, true
	w, err := demo.Fill(t.Context(), k, "http://localhost:8080")
	if err != nil {
		t.Fatal(err)
	}
	tenant := map[string]op.Actor{}
	for _, p := range w.Partners {
		types := map[string]policy.Org{"direct": policy.DirectBill, "provider": policy.IndirectProvider, "reseller": policy.IndirectReseller}[p.Key]
		tenant[p.Key] = op.System(p.Tenant, types, op.ViaCLI)
	}
	has := map[string]bool{}
	products := map[string]int{}
	for _, key := range []string{"direct", "provider"} {
		for _, view := range []catalog.View{"OnlineServices", "Azure", "Software", "MarketplaceSaaS"} {
			page, err := catalog.List.Do(t.Context(), k, tenant[key], catalog.Search{Country: "SE", View: view, Size: 100})
			if err != nil {
				t.Fatal(err)
			}
			products[key] += len(page.Products)
			for _, p := range page.Products {
				for _, segment := range catalog.Segments() {
					o, err := catalog.Show.Do(t.Context(), k, tenant[key], catalog.Item{Country: "SE", Segment: segment, Product: p.ID})
					if err != nil {
						t.Fatal(err)
					}
					note(has, o)
				}
			}
		}
	}
	if products["direct"] < 50 || products["provider"] >= products["direct"] {
		t.Errorf("products of partners: %v; some are exclusive", products)
	}
	for _, want := range []string{
		"commercial", "education", "government", "nonprofit", "SEK", "trial", "add-on", "overage", "upgrade", "conversion", "renewal", "limit Concurrent",
		"limit Lifetime", "attestation", "inventory", "exclusive", "P1M Monthly", "P1M None", "P1Y Monthly", "P1Y Annual", "P3Y Monthly", "P3Y Annual",
		"P3Y Triennial", "P1Y OneTime", "P3Y OneTime", " OneTime",
	} {
		if !has[want] {
			t.Errorf("nothing has %q", want)
		}
	}
	offers, err := catalog.ListOffers.Do(t.Context(), k, tenant["direct"], catalog.Country{Code: "FR"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range catalog.Categories() {
		if len(offers.In(c.ID)) == 0 {
			t.Errorf("no offer is in %s", c.ID)
		}
	}
	running, err := catalog.ListPromotions.Do(t.Context(), k, tenant["direct"], catalog.Running{Country: "FR"})
	if err != nil || len(running) != 2 {
		t.Errorf("%d promotions, %v", len(running), err)
	}
}

// note notes what an offering has.
func note(has map[string]bool, o catalog.Offering) {
	has["exclusive"] = has["exclusive"] || o.Product.Exclusive
	for _, s := range o.SKUs {
		for name, is := range map[string]bool{
			"trial": s.SKU.Trial, "add-on": s.SKU.AddOn, "overage": s.SKU.Overage, "upgrade": len(s.SKU.Upgrades) > 0, "conversion": len(s.SKU.Conversions) > 0,
			"renewal": s.SKU.State == catalog.RenewalOnly, "attestation": s.SKU.Attestation != "", "inventory": len(s.SKU.Checks) > 0,
			"limit " + string(s.SKU.Limit.Kind): true,
		} {
			has[name] = has[name] || is
		}
		for _, a := range s.Availabilities {
			has[string(a.Segment)], has[a.Currency] = true, true
			for _, term := range a.Terms {
				has[string(term.Duration)+" "+string(term.Plan)] = true
			}
		}
	}
}
