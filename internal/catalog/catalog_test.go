package catalog_test

import (
	"testing"
	"time"

	"comptoir/internal/catalog"
	"comptoir/internal/db"
	"comptoir/internal/db/dbtest"
	"comptoir/internal/qualification"
)

// Rule G9: a product is listed in the countries in which it has prices, a page at a
// time, and nowhere else.
func TestProductsAreSoldWhereTheyHavePrices(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.publish(list(price("CFQ7TTC0AAAA", "0001", "1"), price("CFQ7TTC0ZZZZ", "0001", "1")))
		reserved := price("DZH318Z0RSV1", "0001", "900")
		reserved.Plan = catalog.Annual
		w.put(catalog.Entry{
			Product: catalog.Product{ID: "DZH318Z0RSV1", Title: "Compute", Publisher: "Nimbus", View: catalog.ReservationsVM, Kind: catalog.Azure},
			SKUs:    []catalog.SKU{licence("DZH318Z0RSV1", "0001", "Compute, north")},
		})
		w.publish(list(reserved))
		for _, c := range []struct{ country, view, want string }{
			{"SE", "OnlineServices", "CFQ7TTC0AAAA CFQ7TTC0MAIL CFQ7TTC0ZZZZ"},
			{"NO", "OnlineServices", ""},
			{"SE", "AzureReservations", "DZH318Z0RSV1"},
			{"SE", "AzureReservationsVM", "DZH318Z0RSV1"},
			{"SE", "AzureReservationsSQL", ""},
			{"SE", "Azure", "DZH318Z0RSV1"},
			{"SE", "Software", ""},
		} {
			if got := w.ids(w.seller, c.country, catalog.View(c.view)); got != c.want {
				t.Errorf("%s in %s: %q, want %q", c.view, c.country, got, c.want)
			}
		}
		_, err := w.show(w.seller, "NO", mail)
		if got := codes(err); got != "400013 catalog.no_product" {
			t.Error(got)
		}
		_, err = w.show(w.seller, "XX", mail)
		if got := codes(err); got != "800070 catalog.country country" {
			t.Error(got)
		}
		_, err = catalog.List.Do(t.Context(), w.k, agent(w.seller), catalog.Search{Country: "SE", View: "Cars", Size: 1})
		if got := codes(err); got != "400036 catalog.view targetView" {
			t.Error(got)
		}
	})
}

// Rule G9: what is exclusive is for those whom the operator has authorized, and what
// the operator has taken from one partner stays with the others.
func TestTheOperatorAuthorizesPartners(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		other := w.enrol("Stormmoln AB", "stormmoln.example")
		w.put(catalog.Entry{
			Product: catalog.Product{ID: "CFQ7TTC0EXCL", Title: "Ledger", Publisher: "Kobolt", View: catalog.OnlineServicesView, Kind: catalog.Licence, Exclusive: true},
			SKUs:    []catalog.SKU{licence("CFQ7TTC0EXCL", "0001", "Ledger")},
		})
		w.publish(list(price("CFQ7TTC0EXCL", "0001", "30")))
		if got := w.ids(w.seller, "SE", "OnlineServices"); got != mail {
			t.Errorf("nobody is authorized, and %q is listed", got)
		}
		for _, g := range []catalog.Grant{{w.seller.Tenant, "CFQ7TTC0EXCL", true}, {other.Tenant, mail, false}} {
			_, err := catalog.Authorize.Do(t.Context(), w.k, system, g)
			w.ok(err)
		}
		if got := w.ids(w.seller, "SE", "OnlineServices"); got != "CFQ7TTC0EXCL "+mail {
			t.Errorf("authorized: %q", got)
		}
		if got := w.ids(other, "SE", "OnlineServices"); got != "" {
			t.Errorf("not authorized: %q", got)
		}
		if _, err := w.show(other, "SE", mail); codes(err) != "400013 catalog.no_product" {
			t.Errorf("%v", err)
		}
		_, err := catalog.Authorize.Do(t.Context(), w.k, agent(w.seller), catalog.Grant{Partner: w.seller.Tenant, Product: mail, Allowed: true})
		if got := codes(err); got != "900150 refusal.rf10" {
			t.Errorf("a partner authorizes itself: %s", got)
		}
	})
}

// A SKU has one availability for each segment; without a segment all are shown but
// that of nonprofit organizations.
func TestNonprofitPricesAreShownToWhoAsks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		school, charity, yearly := price(mail, "0001", "2"), price(mail, "0001", "1"), price(mail, "0001", "40")
		school.Segment, charity.Segment, yearly.Plan = catalog.Education, catalog.Nonprofit, catalog.Annual
		w.publish(list(school, charity, yearly))
		for _, c := range []struct {
			segment catalog.Segment
			want    []catalog.Segment
		}{
			{"", []catalog.Segment{catalog.Commercial, catalog.Education}},
			{catalog.Nonprofit, []catalog.Segment{catalog.Nonprofit}},
			{catalog.Education, []catalog.Segment{catalog.Education}},
		} {
			o, err := catalog.Show.Do(t.Context(), w.k, agent(w.seller), catalog.Item{Country: "se", Segment: c.segment, Product: mail})
			w.ok(err)
			sku, err := o.SKU("0001")
			w.ok(err)
			var got []catalog.Segment
			for _, a := range sku.Availabilities {
				got = append(got, a.Segment)
			}
			if len(got) != len(c.want) || got[0] != c.want[0] || got[len(got)-1] != c.want[len(c.want)-1] {
				t.Errorf("%q: %v, want %v", c.segment, got, c.want)
			}
		}
		o, err := w.show(w.seller, "SE", mail)
		w.ok(err)
		sku, err := o.SKU("0001")
		w.ok(err)
		if terms := sku.Availabilities[0].Terms; len(terms) != 2 || terms[0].Plan != catalog.Annual || terms[1].Tiers[0].Unit.String() != "4.00 EUR" {
			t.Errorf("terms %+v", terms)
		}
		if _, err := o.SKU("0009"); codes(err) != "400018 catalog.no_sku" {
			t.Errorf("%v", err)
		}
		if _, err := sku.Availability("AAAAAAAAAAAA"); codes(err) != "400019 catalog.no_availability" {
			t.Errorf("%v", err)
		}
	})
}

// Rule G9: a customer sees the prices for which it is qualified, in its country.
func TestACustomerSeesWhatItIsQualifiedFor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		school := price(mail, "0002", "2")
		school.Segment = catalog.Education
		w.publish(list(school))
		tenant := w.customer("Fjällskolan i Lund AB", "fjallskolan")
		segments := func() (all []catalog.Segment) {
			o, err := catalog.ShowOf.Do(t.Context(), w.k, agent(w.seller), catalog.CustomerItem{Customer: tenant, Product: mail})
			w.ok(err)
			sku, err := o.SKU("0002")
			w.ok(err)
			for _, a := range sku.Availabilities {
				all = append(all, a.Segment)
			}
			return all
		}
		if got := segments(); len(got) != 1 || got[0] != catalog.Commercial {
			t.Errorf("anybody sees %v", got)
		}
		_, err := qualification.Ask.Do(t.Context(), w.k, agent(w.seller), qualification.Asking{Customer: tenant, Request: qualification.Request{
			Qualification: qualification.Education, Segment: "K12", Website: "https://fjallskolan.example",
		}})
		w.ok(err)
		_, err = qualification.Approve.Do(t.Context(), w.k, system, qualification.Decision{Key: qualification.Key{Partner: w.seller.Tenant, Customer: tenant, Qualification: qualification.Education}})
		w.ok(err)
		if got := segments(); len(got) != 2 || got[1] != catalog.Education {
			t.Errorf("a school sees %v", got)
		}
		stranger := w.enrol("Stormmoln AB", "stormmoln.example")
		_, err = catalog.ShowOf.Do(t.Context(), w.k, agent(stranger), catalog.CustomerItem{Customer: tenant, Product: mail})
		if got := codes(err); got != "1000 refusal.not_found" {
			t.Errorf("a stranger: %s", got)
		}
	})
}

// A price list is brought in once: a second time it changes nothing. A price that
// begins later ends the one before, on its day, and gives the availability another id.
func TestPricesFollowEachOther(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		next := price(mail, "0001", "4.50")
		next.StartsAt = december
		both := list(price(mail, "0001", "4.00"), next)
		if diff := w.publish(both); len(diff.New) != 1 || diff.Same != 1 || len(diff.Changed)+len(diff.Products) != 0 {
			t.Errorf("%+v", diff)
		}
		if diff := w.publish(both); !diff.Empty() || diff.Same != 2 {
			t.Errorf("again: %+v", diff)
		}
		now := func() catalog.Availability {
			o, err := w.show(w.seller, "SE", mail)
			w.ok(err)
			return o.SKUs[0].Availabilities[0]
		}
		before := now()
		if got := before.Terms[0].Tiers[0].Unit.String(); got != "4.00 EUR" {
			t.Errorf("in November %s", got)
		}
		w.k.Clock.Advance(december.Sub(opening))
		after := now()
		if got := after.Terms[0].Tiers[0].Unit.String(); got != "4.50 EUR" || len(after.Terms[0].Tiers) != 1 {
			t.Errorf("in December %s", got)
		}
		if before.ID == after.ID || before.Terms[0].ID != after.Terms[0].ID {
			t.Errorf("ids: %s then %s", before.ID, after.ID)
		}
		corrected := next
		corrected.EndsAt = december.AddDate(0, 1, 0)
		if diff := w.publish(list(corrected)); len(diff.Changed) != 1 || !diff.Changed[0].Old.EndsAt.IsZero() {
			t.Errorf("corrected: %+v", diff)
		}
		w.k.Clock.Advance(40 * 24 * time.Hour)
		if o, err := w.show(w.seller, "SE", mail); err != nil || len(o.SKUs) != 1 || o.SKUs[0].SKU.ID != "0002" {
			t.Errorf("after its end: %+v, %v", o.SKUs, err)
		}
	})
}

// All of a price list is brought in, or nothing of it.
func TestAPriceListWithAMistakeChangesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		bad := price("CFQ7TTC0BADD", "0001", "1")
		bad.Term = catalog.OneMonth
		bad.Plan = catalog.Annual
		_, err := catalog.Publish.Do(t.Context(), w.k, system, list(price("CFQ7TTC0GOOD", "0001", "1"), bad))
		if got := codes(err); got != "3000 catalog.invalid BillingPlan" {
			t.Error(got)
		}
		if got := w.ids(w.seller, "SE", "OnlineServices"); got != mail {
			t.Errorf("half of it is there: %s", got)
		}
	})
}

// A plan bills a term at most once a period and never less often than once a term.
func TestPlansSuitTerms(t *testing.T) {
	for _, c := range []struct {
		plan  catalog.Plan
		terms string // P1M P1Y P3Y and none
	}{
		{catalog.Monthly, "yyyn"},
		{catalog.Annual, "nyyn"},
		{catalog.Triennial, "nnyn"},
		{catalog.OneTime, "yyyy"},
		{catalog.NoPlan, "ynny"},
	} {
		got := ""
		for _, term := range []catalog.Duration{catalog.OneMonth, catalog.OneYear, catalog.ThreeYears, catalog.NoTerm} {
			if c.plan.Suits(term) {
				got += "y"
			} else {
				got += "n"
			}
		}
		if got != c.terms {
			t.Errorf("%s: %s, want %s", c.plan, got, c.terms)
		}
	}
}
