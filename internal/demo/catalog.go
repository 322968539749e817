package demo

import (
	"context"
	_ "embed" // the catalogue
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/govalues/decimal"

	"comptoir/internal/catalog"
	"comptoir/internal/money"
	"comptoir/internal/op"
)

// shelves is the catalogue of the demo world, of invented publishers: a line for each
// SKU. terms are pairs of a term (m month, y year, 3 three years, n none) and a plan
// (m monthly, y annual, t triennial, o one payment, - none); price is for a month,
// or for all of it where one payment is made.
//
//go:embed catalog.tsv
var shelves string

var (
	termLetters    = map[byte]catalog.Duration{'m': catalog.OneMonth, 'y': catalog.OneYear, '3': catalog.ThreeYears, 'n': catalog.NoTerm}
	planLetters    = map[byte]catalog.Plan{'m': catalog.Monthly, 'y': catalog.Annual, 't': catalog.Triennial, 'o': catalog.OneTime, '-': catalog.NoPlan}
	planMonths     = map[catalog.Plan]string{catalog.Monthly: "1", catalog.Annual: "12", catalog.Triennial: "36", catalog.OneTime: "1", catalog.NoPlan: "1"}
	segmentLetters = map[string]struct {
		segment catalog.Segment
		share   string // of the commercial price
	}{
		"c": {catalog.Commercial, "1"}, "e": {catalog.Education, "0.45"}, "g": {catalog.Government, "0.95"}, "n": {catalog.Nonprofit, "0.35"},
	}
)

// markets are the countries in which the demo world sells, with their currencies and
// what a euro is in them.
var markets = []struct{ country, currency, rate string }{
	{"DE", "EUR", "1"},
	{"DK", "DKK", "7.46"},
	{"ES", "EUR", "1"},
	{"FI", "EUR", "1"},
	{"FR", "EUR", "1"},
	{"HU", "EUR", "1"},
	{"IT", "EUR", "1"},
	{"NL", "EUR", "1"},
	{"NO", "NOK", "11.60"},
	{"PL", "EUR", "1"},
	{"SE", "SEK", "11.20"},
}

// catalogue publishes the catalogue: products, their prices since the beginning of the
// month, offers of the older catalogue, and promotions.
func (b *builder) catalogue(ctx context.Context) error {
	r := csv.NewReader(strings.NewReader(shelves))
	r.Comma = '\t'
	rows, err := r.ReadAll()
	if err != nil {
		return err
	}
	now := b.k.Clock.Now()
	begin := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	system := op.System("", 0, op.ViaCLI)
	var list catalog.PriceList
	for _, row := range rows[1:] {
		e, prices, err := shelf(row, begin)
		if err != nil {
			return fmt.Errorf("%s: %w", row[5], err)
		}
		if _, err := catalog.Put.Do(ctx, b.k, system, e); err != nil {
			return fmt.Errorf("%s: %w", row[5], err)
		}
		if e.Product.Exclusive {
			g := catalog.Grant{Partner: b.partners["direct"].Tenant, Product: e.Product.ID, Allowed: true}
			if _, err := catalog.Authorize.Do(ctx, b.k, system, g); err != nil {
				return err
			}
		}
		list = append(list, prices...)
	}
	if _, err := catalog.Publish.Do(ctx, b.k, system, list); err != nil {
		return err
	}
	for _, o := range demoOffers {
		if _, err := catalog.PutOffer.Do(ctx, b.k, system, o.offer()); err != nil {
			return fmt.Errorf("%s: %w", o.name, err)
		}
	}
	for _, p := range demoPromotions(begin) {
		if _, err := catalog.PutPromotion.Do(ctx, b.k, system, p); err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
	}
	return nil
}

// shelf reads a line of the catalogue.
func shelf(row []string, begin time.Time) (catalog.Entry, catalog.PriceList, error) {
	kind, subkind, _ := strings.Cut(row[3], "/")
	flags := strings.Fields(row[10])
	p := catalog.Product{
		ID: row[0], Title: row[5], Description: row[5] + " by " + row[4], Publisher: row[4], FirstParty: slices.Contains(flags, "f"),
		View: catalog.View(row[2]), Kind: catalog.Kind(kind), Subkind: subkind, Exclusive: slices.Contains(flags, "exclusive"),
	}
	s, err := shelvedSKU(row, flags)
	if err != nil {
		return catalog.Entry{}, nil, err
	}
	prices, err := demoPrices(row, begin)
	return catalog.Entry{Product: p, SKUs: []catalog.SKU{s}}, prices, err
}

// shelvedSKU reads the SKU of a line.
func shelvedSKU(row, flags []string) (catalog.SKU, error) {
	s := catalog.SKU{
		Product: row[0], ID: row[1], Title: row[6], Description: row[6] + " by " + row[4], Unit: "Licenses", State: catalog.Open,
		Limit: catalog.Limit{Kind: catalog.NoLimit}, Trial: slices.Contains(flags, "trial"), AddOn: slices.Contains(flags, "addon"),
		Overage: slices.Contains(flags, "overage"), Prerequisites: demoRefs(row[14]),
	}
	if successors := demoRefs(row[15]); s.Trial {
		s.Conversions = successors
	} else {
		s.Upgrades = successors
	}
	for _, f := range flags {
		switch f {
		case "renewal":
			s.State = catalog.RenewalOnly
		case "usage":
			s.Unit = "Usage-based"
		case "attest":
			s.Attestation = "CloudDesktop"
		case "reserve":
			s.Unit, s.Checks = "Instances", []string{"InventoryCheck", "AzureSubscriptionRegistration"}
			s.InventoryVariables = []string{"CustomerId", "AzureSubscriptionId", "ArmRegionName"}
			s.ProvisioningVariables, s.Actions = []string{"Scope", "SubscriptionId", "Duration"}, []string{"Refund"}
		}
	}
	for t := range strings.SplitSeq(row[16], ";") {
		if name, value, ok := strings.Cut(t, "="); ok {
			s.Traits = append(s.Traits, catalog.Trait{Name: name, Value: value})
		}
	}
	_, err := fmt.Sscan(row[7]+" "+row[8], &s.Minimum, &s.Maximum)
	switch limit, count, _ := strings.Cut(row[9], " "); limit {
	case "concurrent":
		s.Limit.Kind = catalog.ConcurrentLimit
		_, err = fmt.Sscan(count, &s.Limit.Count)
	case "lifetime":
		s.Limit.Kind = catalog.LifetimeLimit
		_, err = fmt.Sscan(count, &s.Limit.Count)
	}
	return s, err
}

func demoRefs(text string) []catalog.Ref {
	var all []catalog.Ref
	for one := range strings.FieldsSeq(text) {
		if r, ok := catalog.ParseRef(one); ok {
			all = append(all, r)
		}
	}
	return all
}

// demoPrices makes the prices of a line in all markets.
func demoPrices(row []string, begin time.Time) (catalog.PriceList, error) {
	var list catalog.PriceList
	for _, m := range markets {
		for letter := range strings.FieldsSeq(row[13]) {
			for pair := range strings.FieldsSeq(row[12]) {
				seg := segmentLetters[letter]
				p := catalog.Price{
					Market: m.country, Product: row[0], SKU: row[1], Segment: seg.segment, Term: termLetters[pair[0]], Plan: planLetters[pair[1]], StartsAt: begin,
				}
				factors := []string{m.rate, seg.share, planMonths[p.Plan]}
				if p.Term == catalog.OneMonth {
					factors = append(factors, "1.2") // no commitment costs more
				}
				var err error
				if p.Unit, err = demoAmount(row[11], m.currency, factors...); err != nil {
					return nil, err
				}
				if p.Retail, err = demoAmount(p.Unit.Number(), m.currency, "1.2"); err != nil {
					return nil, err
				}
				list = append(list, catalog.Listing{Price: p})
			}
		}
	}
	return list, nil
}

// demoAmount returns a number times factors, rounded as it is paid.
func demoAmount(number, currency string, factors ...string) (money.Amount, error) {
	a, err := money.Parse(number, currency)
	for _, f := range factors {
		if err != nil {
			return a, err
		}
		a, err = a.Multiply(decimal.MustParse(f))
	}
	return a.Round(money.HalfUp), err
}
