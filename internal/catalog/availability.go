package catalog

import (
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strings"
	"time"

	"comptoir/internal/money"
)

// Offering is a product as it is sold in one country: its SKUs that have prices there.
type Offering struct {
	Product Product
	Country string
	SKUs    []OnSale
}

// OnSale is a SKU with where it is available: one availability for each segment and
// currency, in that order.
type OnSale struct {
	SKU            SKU
	Availabilities []Availability
}

// Availability is a SKU in one country and segment.
type Availability struct {
	// ID names what was on sale: when its prices change, it has another, and a cart
	// that was filled before is noticed.
	ID       string // 12 upper-case letters and digits
	Country  string
	Segment  Segment
	Currency string
	Terms    []Term
}

// Term is a term with its billing plan and price.
type Term struct {
	ID       string // 12 lower-case letters and digits
	Duration Duration
	Plan     Plan
	Tiers    []Tier // by quantity
}

// Tier is a price from a quantity on; To is 0 for no bound.
type Tier struct {
	From, To     int64
	Unit, Retail money.Amount
}

// SKU returns a SKU of o, or ErrSKU.
func (o Offering) SKU(id string) (OnSale, error) {
	for _, s := range o.SKUs {
		if strings.EqualFold(s.SKU.ID, id) {
			return s, nil
		}
	}
	return OnSale{}, ErrSKU
}

// Availability returns an availability of s, or ErrAvailability.
func (s OnSale) Availability(id string) (Availability, error) {
	for _, a := range s.Availabilities {
		if strings.EqualFold(a.ID, id) {
			return a, nil
		}
	}
	return Availability{}, ErrAvailability
}

// Plans returns the billing plans that s can be bought with.
func (s OnSale) Plans() []Plan {
	var plans []Plan
	for _, a := range s.Availabilities {
		for _, t := range a.Terms {
			if !slices.Contains(plans, t.Plan) {
				plans = append(plans, t.Plan)
			}
		}
	}
	return plans
}

// Renewable reports whether a can be renewed: it is still there, no trial, and not
// bought for good.
func (a Availability) Renewable(s SKU) bool {
	return s.State != Ended && !s.Trial && slices.ContainsFunc(a.Terms, func(t Term) bool { return t.Plan != OneTime })
}

// availabilities makes the availabilities of a SKU of its prices in force, which are
// in the order of segment, currency, term, plan and tier.
func availabilities(prices []Price) []Availability {
	var all []Availability
	var stamps []time.Time
	for _, p := range prices {
		i := len(all) - 1
		if i < 0 || all[i].Segment != p.Segment || all[i].Currency != p.Unit.Currency() {
			all = append(all, Availability{Country: p.Market, Segment: p.Segment, Currency: p.Unit.Currency()})
			stamps = append(stamps, p.StartsAt)
			i++
		}
		a := &all[i]
		if p.StartsAt.After(stamps[i]) {
			stamps[i] = p.StartsAt
		}
		a.ID = code(p.Product, p.SKU, p.Market, string(p.Segment), a.Currency, stamps[i].UTC().Format(time.RFC3339Nano))
		if n := len(a.Terms); n == 0 || a.Terms[n-1].Duration != p.Term || a.Terms[n-1].Plan != p.Plan {
			id := strings.ToLower(code("term", p.Product, p.SKU, string(p.Term), string(p.Plan)))
			a.Terms = append(a.Terms, Term{ID: id, Duration: p.Term, Plan: p.Plan})
		}
		t := &a.Terms[len(a.Terms)-1]
		t.Tiers = append(t.Tiers, Tier{From: p.TierFrom, To: p.TierTo, Unit: p.Unit, Retail: p.Retail})
	}
	return all
}

// code returns 12 letters and digits that stand for parts.
func code(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return base32.StdEncoding.EncodeToString(sum[:])[:12]
}

// Refund says that part of the price, or all, is given back to who cancels in time.
type Refund struct {
	Full  bool
	After string // ISO 8601 duration after which it ends
}

// Refunds returns how a term of p can be cancelled (rule G19), the better first.
func (p Product) Refunds(t Term) []Refund {
	switch {
	case p.View == SoftwarePerpetual:
		return []Refund{{Full: true, After: "P30D"}}
	case p.View == MarketplaceSaaSView && t.Duration == OneMonth:
		return []Refund{{Full: true, After: "P1D"}}
	case p.View == MarketplaceSaaSView:
		return []Refund{{Full: true, After: "P14D"}}
	case p.View == AzurePlanView:
		return nil
	}
	return []Refund{{Full: true, After: "P1D"}, {After: "P7D"}}
}
