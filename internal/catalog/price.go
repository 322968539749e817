package catalog

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"comptoir/internal/fault"
	"comptoir/internal/money"
	"comptoir/internal/place"
)

// Segment is a kind of customers for whom there are own prices, as the wire spells it.
type Segment string

// The segments. What nonprofit organizations pay is shown only to who asks for it.
const (
	Commercial Segment = "commercial"
	Education  Segment = "education"
	Government Segment = "government"
	Nonprofit  Segment = "nonprofit"
)

// Segments returns all segments.
func Segments() []Segment { return []Segment{Commercial, Education, Government, Nonprofit} }

// ParseSegment returns the segment of a name, which is compared without case; price
// lists call nonprofit organizations "Charity".
func ParseSegment(s string) (Segment, bool) {
	if strings.EqualFold(s, "charity") {
		return Nonprofit, true
	}
	return parse(s, Segments())
}

// Duration is a term as ISO 8601 writes it, or NoTerm.
type Duration string

// The terms.
const (
	NoTerm     Duration = ""
	OneMonth   Duration = "P1M"
	OneYear    Duration = "P1Y"
	ThreeYears Duration = "P3Y"
	FiveYears  Duration = "P5Y"
)

// months are the terms with their lengths.
var months = map[Duration]int{NoTerm: 0, OneMonth: 1, OneYear: 12, ThreeYears: 36, FiveYears: 60}

// ParseDuration returns the term of a text; price lists write "NoTerm" for none.
func ParseDuration(s string) (Duration, bool) {
	if s == "" || strings.EqualFold(s, "NoTerm") {
		return NoTerm, true
	}
	return parse(s, []Duration{OneMonth, OneYear, ThreeYears, FiveYears})
}

// Plan says how often a term is billed, as price lists spell it.
type Plan string

// The billing plans.
const (
	Monthly   Plan = "Monthly"
	Annual    Plan = "Annual"
	Triennial Plan = "Triennial"
	OneTime   Plan = "OneTime"
	NoPlan    Plan = "None"
)

// ParsePlan returns the plan of a name, which is compared without case.
func ParsePlan(s string) (Plan, bool) {
	return parse(s, []Plan{Monthly, Annual, Triennial, OneTime, NoPlan})
}

// Suits reports whether a term can be billed by the plan: at most once a period, and
// never less often than once a term.
func (p Plan) Suits(d Duration) bool {
	switch p {
	case Monthly:
		return months[d] >= 1
	case Annual:
		return months[d] >= 12
	case Triennial:
		return d == ThreeYears
	case OneTime:
		return true
	case NoPlan:
		return d == NoTerm || d == OneMonth // trials, and what is paid by use
	}
	return false
}

func parse[T ~string](s string, all []T) (T, bool) {
	for _, one := range all {
		if strings.EqualFold(s, string(one)) {
			return one, true
		}
	}
	return "", false
}

// Price is what a SKU costs the partner in one country and segment, for a term that
// is billed by a plan, from a moment on. Prices in force make a SKU available.
type Price struct {
	Market   string // country
	Product  string
	SKU      string
	Segment  Segment
	Term     Duration
	Plan     Plan
	TierFrom int64 // quantity from which it holds; 0 and 1 are any
	TierTo   int64 // 0 is no bound
	StartsAt time.Time
	EndsAt   time.Time // zero is until further notice
	// Unit is for one unit and one period of the plan; Retail is what the publisher
	// suggests to ask the customer, the zero Amount for nothing.
	Unit, Retail money.Amount
	Tags         string

	until time.Time // it ends, or another follows; never zero once settled
}

// Ref returns the SKU that p is a price of.
func (p Price) Ref() Ref { return Ref{p.Product, p.SKU} }

// Version names a price: two of one catalogue never have the same.
type Version struct {
	line  line
	start int64
}

// Version returns the name of p.
func (p Price) Version() Version { return Version{p.line(), p.StartsAt.UnixMicro()} }

// line is what p is a version of: two prices of one line cannot be in force at once.
type line struct {
	market, product, sku string
	segment              Segment
	currency             string
	term                 Duration
	plan                 Plan
	from                 int64
}

func (p Price) line() line {
	return line{p.Market, p.Product, p.SKU, p.Segment, p.Unit.Currency(), p.Term, p.Plan, p.TierFrom}
}

// same reports whether p and q say the same about their line.
func (p Price) same(q Price) bool {
	return p.Unit.Equal(q.Unit) && p.Retail.Equal(q.Retail) && p.TierTo == q.TierTo && p.EndsAt.Equal(q.EndsAt) && p.Tags == q.Tags
}

// forever is the end of what holds until further notice.
var forever = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// settle sets until when each of all holds: to its end, or until another of its line
// follows.
func settle(all []Price) {
	versions := make(map[line][]*Price)
	for i := range all {
		p := &all[i]
		if p.until = p.EndsAt; p.EndsAt.IsZero() {
			p.until = forever
		}
		versions[p.line()] = append(versions[p.line()], p)
	}
	for _, v := range versions {
		slices.SortFunc(v, func(a, b *Price) int { return a.StartsAt.Compare(b.StartsAt) })
		for i := range len(v) - 1 {
			if next := v[i+1].StartsAt; next.Before(v[i].until) {
				v[i].until = next
			}
		}
	}
}

// Check returns what is wrong with p. The fields are the columns of price lists.
func (p Price) Check() (faults fault.List) {
	invalid := func(ok bool, column, value string) {
		if !ok {
			faults.Add(ErrInvalid.On(column).With("Name", column).With("Value", value))
		}
	}
	invalid(IsProductID(p.Product), "ProductId", p.Product)
	invalid(IsSKUID(p.SKU), "SkuId", p.SKU)
	invalid(slices.Contains(Segments(), p.Segment), "Segment", string(p.Segment))
	_, known := months[p.Term]
	invalid(known, "TermDuration", string(p.Term))
	invalid(p.Plan.Suits(p.Term), "BillingPlan", string(p.Plan))
	_, sold := place.World().Country(p.Market)
	invalid(sold, "Market", p.Market)
	invalid(p.Unit.Currency() != "", "Currency", p.Unit.Currency())
	invalid(p.Unit.Sign() >= 0, "UnitPrice", p.Unit.Number())
	invalid(p.Retail.Currency() == "" || p.Retail.Sign() >= 0 && p.Retail.Currency() == p.Unit.Currency(), "ERP Price", p.Retail.Number())
	invalid(p.TierFrom >= 0, "PricingTierRangeMin", number(p.TierFrom))
	invalid(p.TierTo == 0 || p.TierTo >= p.TierFrom, "PricingTierRangeMax", number(p.TierTo))
	invalid(!p.StartsAt.IsZero(), "EffectiveStartDate", "")
	invalid(p.EndsAt.IsZero() || p.EndsAt.After(p.StartsAt), "EffectiveEndDate", p.EndsAt.Format(time.DateOnly))
	return faults
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

// Key returns the catalogue key of the name of d.
func (d Duration) Key() string {
	switch d {
	case OneMonth:
		return "catalog.duration.p1m"
	case OneYear:
		return "catalog.duration.p1y"
	case ThreeYears:
		return "catalog.duration.p3y"
	case FiveYears:
		return "catalog.duration.p5y"
	case NoTerm:
	}
	return "catalog.duration.none"
}

// Key returns the catalogue key of the name of p.
func (p Plan) Key() string {
	switch p {
	case Monthly:
		return "catalog.plan.monthly"
	case Annual:
		return "catalog.plan.annual"
	case Triennial:
		return "catalog.plan.triennial"
	case OneTime:
		return "catalog.plan.one_time"
	case NoPlan:
	}
	return "catalog.plan.none"
}
