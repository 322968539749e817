package customer_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"comptoir/internal/clock"
	"comptoir/internal/customer"
	"comptoir/internal/db"
	"comptoir/internal/op"
	"comptoir/internal/relationship"
	"comptoir/internal/verification"
)

// durable opens an SQLite database as production does.
func durable(b *testing.B) *world {
	b.Helper()
	d, err := db.Open(b.Context(), b.TempDir()+"/comptoir.db", db.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { d.Close() })
	if err := d.Migrate(b.Context()); err != nil {
		b.Fatal(err)
	}
	w := newWorld(b, d)
	w.k.Clock = new(clock.Clock)
	return w
}

var (
	benchWords  = []string{"Nord", "Puma", "Shell", "Energy", "Bank", "Data", "Marine", "Alpha", "Orchard", "Cable", "Timber", "Optics", "Steel", "Glass", "Piano"}
	benchForms  = []string{"AB", "SARL", "GmbH", "Kft"}
	benchPlaces = []struct{ country, culture, postalCode string }{{"SE", "sv-SE", "222 21"}, {"FR", "fr-FR", "75007"}, {"DE", "de-DE", "60311"}, {"NL", "nl-NL", "2596 HR"}}
)

// nth returns the n-th customer of a benchmark; names begin anywhere in the alphabet.
func nth(n int) customer.NewCustomer {
	in := bakery()
	p := benchPlaces[n%len(benchPlaces)]
	x := uint32(n) * 2654435761
	in.Billing.CompanyName = fmt.Sprintf("%c%c%c%s %s %s", 'A'+x>>27, 'a'+x>>22%26, 'a'+x>>17%26, benchWords[n%15], benchWords[n/15%15], benchForms[n%4])
	in.Domain = fmt.Sprintf("%c%c%cfirm%d", 'a'+x>>27%26, 'a'+x>>22%26, 'a'+x>>17%26, n)
	in.Billing.Email = fmt.Sprintf("maja@%s.example", in.Domain)
	in.Billing.Address.Country, in.Billing.Culture, in.Billing.Address.PostalCode = p.country, p.culture, p.postalCode
	in.Registration.ID = fmt.Sprintf("%d", 100000000+n)
	in.Distinct = true
	return in
}

// addMany adds customers number from up to, but not including, to in batches.
func (w *world) addMany(from, to, batch int) {
	w.t.Helper()
	for ; from < to; from += batch {
		w.as(w.seller(), func(ctx context.Context, u *op.Unit) error {
			intake, err := customer.OpenIntake(ctx, u)
			if err != nil {
				return err
			}
			var drafts []customer.Draft
			for n := from; n < min(from+batch, to); n++ {
				d, err := intake.Draft(nth(n), customer.Extra{})
				if err != nil {
					return err
				}
				drafts = append(drafts, d)
			}
			outcomes, err := intake.Add(ctx, u, drafts)
			for _, o := range outcomes {
				if o.Err != nil {
					return o.Err
				}
			}
			return err
		})
	}
}

// BenchmarkAdd adds customers one by one for many callers at once, each on the
// disk before its caller hears of it.
func BenchmarkAdd(b *testing.B) {
	w := durable(b)
	var n atomic.Int64
	b.SetParallelism(32)
	b.ResetTimer()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			if _, err := customer.Add.Do(b.Context(), w.k, w.seller(), nth(int(n.Add(1)))); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "customers/s")
}

// BenchmarkUpdate changes the billing profile of one of many customers for many
// callers at once, each on the disk before its caller hears of it.
func BenchmarkUpdate(b *testing.B) {
	const customers = 5_000
	w := durable(b)
	w.addMany(0, customers, 1000)
	page, err := customer.List.Do(b.Context(), w.k, w.seller(), customer.Query{Size: 500})
	if err != nil {
		b.Fatal(err)
	}
	profiles := make([]customer.Customer, len(page.Items))
	for i, item := range page.Items {
		if profiles[i], err = customer.GetBilling.Do(b.Context(), w.k, w.seller(), customer.Ref{ID: item.ID}); err != nil {
			b.Fatal(err)
		}
	}
	var n atomic.Int64
	b.SetParallelism(32)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			at := int(n.Add(1))
			c := profiles[at%len(profiles)]
			c.Billing.Address.AddressLine1 = fmt.Sprintf("Lilla torget %d", at)
			if _, err := customer.UpdateBilling.Do(b.Context(), w.k, w.seller(), customer.BillingChange{ID: c.ID, Billing: c.Billing}); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "changes/s")
}

// BenchmarkAddBatch adds customers as an import does.
func BenchmarkAddBatch(b *testing.B) {
	w := durable(b)
	b.ResetTimer()
	w.addMany(0, b.N, 500)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "customers/s")
}

// BenchmarkList reads first pages of lists of 50 000 customers.
func BenchmarkList(b *testing.B) {
	w := durable(b)
	w.addMany(0, 50_000, 1000)
	for name, q := range map[string]customer.Query{
		"first page":     {},
		"by domain down": {Sort: customer.ByDomain, Descending: true},
		"by status":      {Sort: customer.ByStatus},
		"country":        {Filter: customer.Filter{Country: "SE"}},
		"nobody":         {Filter: customer.Filter{Status: verification.Allowed}},
		"kind, created":  {Filter: customer.Filter{Kind: relationship.Reseller}, Sort: customer.ByCreated},
		"search":         {Filter: customer.Filter{Search: "marine"}},
		"two words":      {Filter: customer.Filter{Search: "marine abc"}},
		"name prefix":    {Filter: customer.Filter{NamePrefix: "ab"}, Exact: true},
	} {
		b.Run(name, func(b *testing.B) {
			q.Size = 50
			for b.Loop() {
				if _, err := customer.List.Do(b.Context(), w.k, w.seller(), q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
