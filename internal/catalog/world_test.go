package catalog_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"comptoir/internal/catalog"
	"comptoir/internal/clock"
	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/id"
	"comptoir/internal/identity"
	"comptoir/internal/money"
	"comptoir/internal/op"
	"comptoir/internal/place"
	"comptoir/internal/policy"
	"comptoir/internal/relationship"
)

// A world is a sandbox with a mail service in the catalogue and a partner that sells it.
type world struct {
	t      testing.TB
	k      *op.Kernel
	seller identity.Partner
}

var (
	opening  = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	november = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	december = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	system   = op.System("", 0, op.ViaCLI)
)

const mail = "CFQ7TTC0MAIL"

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	k := op.New(d, slog.New(slog.DiscardHandler))
	k.Clock, k.Sandbox, k.Link = clock.Fixed(opening), true, relationship.Link
	w := &world{t: t, k: k}
	w.seller = w.enrol("Nordmolnet AB", "nordmolnet.example")
	w.put(catalog.Entry{
		Product: catalog.Product{ID: mail, Title: "Fjord Mail", Publisher: "Fjordsoft", View: catalog.OnlineServicesView, Kind: catalog.Licence},
		SKUs:    []catalog.SKU{licence(mail, "0001", "Fjord Mail Basic"), licence(mail, "0002", "Fjord Mail Plus")},
	})
	w.publish(list(price(mail, "0001", "4.00"), price(mail, "0002", "8.00")))
	return w
}

func licence(product, sku, title string) catalog.SKU {
	return catalog.SKU{
		Product: product, ID: sku, Title: title, Unit: "Licenses", State: catalog.Open, Minimum: 1, Maximum: 300,
		Limit: catalog.Limit{Kind: catalog.NoLimit},
	}
}

// price is a monthly price in Sweden since November.
func price(product, sku, unit string) catalog.Price {
	return catalog.Price{
		Market: "SE", Product: product, SKU: sku, Segment: catalog.Commercial, Term: catalog.OneYear, Plan: catalog.Monthly,
		StartsAt: november, Unit: money.MustParse(unit, "EUR"),
	}
}

func list(all ...catalog.Price) catalog.PriceList {
	var l catalog.PriceList
	for _, p := range all {
		l = append(l, catalog.Listing{Price: p, Title: "Fjord Mail", SKUTitle: "Fjord Mail " + p.SKU, Publisher: "Fjordsoft"})
	}
	return l
}

func (w *world) enrol(name, domain string) identity.Partner {
	w.t.Helper()
	country, _ := place.World().Country("SE")
	out, err := identity.EnrolPartner.Do(w.t.Context(), w.k, system, identity.Enrolment{
		Name: name, Types: policy.DirectBill, Country: "SE", Market: country.Market, Domain: domain, Active: true, SignedMPA: true,
	})
	w.ok(err)
	return out.Partner
}

func (w *world) customer(name, prefix string) id.Tenant {
	w.t.Helper()
	added, err := customer.Add.Do(w.t.Context(), w.k, agent(w.seller), customer.NewCustomer{
		Domain: prefix, Billing: customer.Billing{
			CompanyName: name, Email: "maja@" + prefix + ".example", Culture: "sv-SE", Language: "sv",
			Address: place.Address{
				Country: "SE", City: "Lund", AddressLine1: "Bredgatan 4", PostalCode: "222 21", FirstName: "Maja", LastName: "Lind", PhoneNumber: "046-12 34 56",
			},
		},
	})
	w.ok(err)
	return added.Customer.ID
}

// agent is an admin agent of p.
func agent(p identity.Partner) op.Actor {
	return op.Actor{
		Kind: policy.Partner, Tenant: p.Tenant, Org: p.Types, Roles: policy.AdminAgent, User: id.User(p.Tenant), UserName: "ada@" + p.Domain,
		Channel: op.ViaREST, Locale: "en",
	}
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) put(e catalog.Entry) {
	w.t.Helper()
	_, err := catalog.Put.Do(w.t.Context(), w.k, system, e)
	w.ok(err)
}

func (w *world) publish(l catalog.PriceList) catalog.Difference {
	w.t.Helper()
	d, err := catalog.Publish.Do(w.t.Context(), w.k, system, l)
	w.ok(err)
	return d
}

func (w *world) show(p identity.Partner, country, product string) (catalog.Offering, error) {
	return catalog.Show.Do(w.t.Context(), w.k, agent(p), catalog.Item{Country: country, Product: product})
}

// ids returns the ids of the products that p may sell in a country.
func (w *world) ids(p identity.Partner, country string, view catalog.View) string {
	w.t.Helper()
	var all []string
	next := ""
	for {
		page, err := catalog.List.Do(w.t.Context(), w.k, agent(p), catalog.Search{Country: country, View: view, After: next, Size: 1})
		w.ok(err)
		for _, product := range page.Products {
			all = append(all, product.ID)
		}
		if next = page.Next; next == "" {
			return strings.Join(all, " ")
		}
	}
}

func codes(err error) string {
	var all []string
	for _, f := range fault.All(err) {
		all = append(all, strings.TrimSpace(f.Code+" "+f.Key+" "+f.Field))
	}
	if len(all) == 0 && err != nil {
		return err.Error()
	}
	return strings.Join(all, "; ")
}
