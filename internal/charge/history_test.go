package charge_test

import (
	"math/big"
	"testing"
	"time"

	"github.com/govalues/decimal"
	"pgregory.net/rapid"

	"comptoir/internal/charge"
	"comptoir/internal/money"
	"comptoir/internal/term"
)

// sum adds up subtotals.
func sum(t *rapid.T, currency string, lines ...charge.Line) money.Amount {
	total, err := money.Zero(currency)
	for _, l := range lines {
		if err == nil {
			total, err = total.Add(l.Subtotal)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return total
}

// anyCover draws a cycle of a term, with or without a custom end, and what is
// charged for it; the price in cents, the exchange rate in ten-thousandths.
func anyCover(t *rapid.T) (c charge.Cover, cents, rate int64) {
	start := on("2020-01-01").AddDate(0, 0, rapid.IntRange(0, 3000).Draw(t, "start"))
	d := rapid.SampledFrom([]term.Duration{term.Month, term.Year, term.ThreeYears}).Draw(t, "duration")
	b := rapid.SampledFrom([]term.Billing{term.Monthly, term.OneTime}).Draw(t, "billing")
	full, err := term.New(start, d, b)
	if err != nil {
		t.Fatal(err)
	}
	length := rapid.IntRange(1, term.Days(full.Start, full.End)-1).Draw(t, "length")
	bought, err := term.NewUntil(start, d, b, start.AddDate(0, 0, length))
	if err != nil {
		t.Fatal(err)
	}
	cycle := rapid.SampledFrom(bought.Cycles()).Draw(t, "cycle")
	cents = rapid.Int64Range(0, 1_000_000).Draw(t, "cents")
	price, err := money.New(decimal.MustNew(cents, 2), "USD")
	if err != nil {
		t.Fatal(err)
	}
	x, rate := anyExchange(t)
	return charge.Cover{
		Cycle: cycle, Price: price, Quantity: rapid.Int64Range(1, 10_000).Draw(t, "licences"),
		Exchange: x, Mode: rapid.SampledFrom([]charge.Mode{charge.ByUnit, charge.ByLine}).Draw(t, "mode"),
	}, cents, rate
}

func anyExchange(t *rapid.T) (charge.Exchange, int64) {
	rate := rapid.Int64Range(1, 30_000).Draw(t, "rate")
	return charge.Exchange{Rate: decimal.MustNew(rate, 4), Currency: "EUR"}, rate
}

// held is what a number of licences was charged or refunded, in cents, by whole
// numbers alone: the closed formula of §18.3.
func held(mode charge.Mode, cents, rate int64, days, of int, quantity int64) *big.Int {
	n := big.NewInt(cents)
	n.Mul(n, big.NewInt(rate))
	n.Mul(n, big.NewInt(int64(days)))
	if mode == charge.ByLine {
		n.Mul(n, big.NewInt(quantity))
	}
	n.Quo(n, new(big.Int).Mul(big.NewInt(10_000), big.NewInt(int64(of))))
	if mode == charge.ByUnit {
		n.Mul(n, big.NewInt(quantity))
	}
	return n
}

func centsOf(a money.Amount) *big.Int {
	n := new(big.Int).SetUint64(a.Decimal().Coef())
	if a.Sign() < 0 {
		n.Neg(n)
	}
	return n
}

// anyDays draws days of a cycle from its start on, in order.
func anyDays(t *rapid.T, c term.Cycle) []time.Time {
	var days []time.Time
	day := c.Start
	for range rapid.IntRange(0, 12).Draw(t, "changes") {
		day = day.AddDate(0, 0, rapid.IntRange(0, 5).Draw(t, "later"))
		if day.After(c.End) {
			break
		}
		days = append(days, day)
	}
	return days
}

// A history of changes of seats costs, to the last digit, the sum over its
// stretches: what the licences were charged at its begin less what they were
// refunded at its end. No refund is more than the charge it takes from, and
// never is more given back than was charged.
func TestAHistoryOfChangesCostsWhatItsStretchesDo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, cents, rate := anyCover(t)
		at := func(day time.Time, q int64) *big.Int {
			return held(c.Mode, cents, rate, c.Cycle.From(day), c.Cycle.Days, q)
		}
		first, err := c.Charge(charge.New)
		if err != nil {
			t.Fatal(err)
		}
		lines, want := []charge.Line{first}, at(c.Cycle.Start, c.Quantity)
		seats := c.Quantity
		for _, day := range anyDays(t, c.Cycle) {
			quantity := rapid.Int64Range(1, 10_000).Draw(t, "licences")
			x, newRate := anyExchange(t)
			changed, pair, err := c.Resized(day, quantity, x)
			if err != nil {
				t.Fatal(err)
			}
			if quantity == c.Quantity {
				if len(pair) != 0 {
					t.Fatal("a change to the same quantity was charged")
				}
				continue
			}
			charged, refund := lines[len(lines)-1].Subtotal, pair[0].Subtotal.Neg()
			if order, err := refund.Compare(charged); err != nil || order > 0 {
				t.Fatalf("%s was refunded of %s, %v", refund, charged, err)
			}
			want.Sub(want, at(day, c.Quantity))
			c, rate = changed, newRate
			want.Add(want, at(day, c.Quantity))
			lines = append(lines, pair...)
			seats += pair[0].Formula.Quantity + pair[1].Formula.Quantity
			if sum(t, "EUR", lines...).Sign() < 0 {
				t.Fatalf("more was given back than charged: %v", lines)
			}
		}
		if got := centsOf(sum(t, "EUR", lines...)); got.Cmp(want) != 0 {
			t.Fatalf("the lines add up to %s cents, the stretches to %s", got, want)
		}
		if seats != c.Quantity {
			t.Fatalf("the lines count %d licences of %d", seats, c.Quantity)
		}
		if total := sum(t, "EUR", append(lines, charge.Reversed(lines)...)...); !total.IsZero() {
			t.Fatalf("a full refund leaves %s", total)
		}
		day := c.Cycle.End
		refund, err := c.Cancelled(day)
		if err != nil {
			t.Fatal(err)
		}
		if got := centsOf(refund.Subtotal); got.CmpAbs(at(day, c.Quantity)) != 0 || refund.Subtotal.Sign() > 0 {
			t.Fatalf("the last day is refunded with %s cents, not %s", got, at(day, c.Quantity))
		}
		if sum(t, "EUR", append(lines, refund)...).Sign() < 0 {
			t.Fatalf("a cancellation gave back more than was charged: %v", append(lines, refund))
		}
	})
}

// Licences that move are paid for once: their refund is not more than their
// charge, and both subscriptions together have lost and won what moved.
func TestAMoveNeitherLosesNorDoublesLicences(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, cents, rate := anyCover(t)
		to, toCents, _ := anyCover(t)
		to.Cycle, to.Mode, to.Exchange = from.Cycle, from.Mode, from.Exchange
		day := from.Cycle.Start.AddDate(0, 0, rapid.IntRange(0, term.Days(from.Cycle.Start, from.Cycle.End)-1).Draw(t, "day"))
		seats := rapid.Int64Range(1, from.Quantity).Draw(t, "seats")
		bought, err := from.Charge(charge.New)
		if err != nil {
			t.Fatal(err)
		}
		left, grown, lines, err := charge.Move{
			Type: charge.MoveQuantity, Day: day, From: from, To: to, Given: seats, Taken: seats,
		}.Lines()
		if err != nil {
			t.Fatal(err)
		}
		if left.Quantity != from.Quantity-seats || grown.Quantity != to.Quantity+seats {
			t.Fatalf("%d of %d licences moved to %d: %d and %d", seats, from.Quantity, to.Quantity, left.Quantity, grown.Quantity)
		}
		days, of := from.Cycle.From(day), from.Cycle.Days
		want := held(from.Mode, toCents, rate, days, of, seats)
		want.Sub(want, held(from.Mode, cents, rate, days, of, seats))
		if got := centsOf(sum(t, "EUR", lines...)); got.Cmp(want) != 0 {
			t.Fatalf("the move costs %s cents, want %s", got, want)
		}
		if sum(t, "EUR", bought, lines[0]).Sign() < 0 {
			t.Fatalf("%s was charged, %s refunded", bought.Subtotal, lines[0].Subtotal)
		}
	})
}

// As for new commerce: what was charged of a legacy cycle is never less than
// what is given back of it, however the price of a day is rounded.
func TestALegacyCycleNeverCreditsMoreThanItCharged(t *testing.T) {
	rules := []charge.LegacyRule{charge.LegacyMonthly, charge.LegacyAnnual, charge.LegacyExact}
	rapid.Check(t, func(t *rapid.T) {
		bought := on("2020-01-01").AddDate(0, 0, rapid.IntRange(0, 3000).Draw(t, "start"))
		d := rapid.SampledFrom([]term.Duration{term.Month, term.Year}).Draw(t, "duration")
		full, err := term.New(bought, d, term.OneTime)
		if err != nil {
			t.Fatal(err)
		}
		price, err := money.New(decimal.MustNew(rapid.Int64Range(0, 50_000).Draw(t, "cents"), 2), "USD")
		if err != nil {
			t.Fatal(err)
		}
		c := charge.LegacyCover{
			Cycle: full.Cycles()[0], From: full.Start, Price: price,
			Quantity: rapid.Int64Range(1, 100).Draw(t, "licences"), Rule: rapid.SampledFrom(rules).Draw(t, "rule"),
		}
		last, err := c.Charge(charge.LegacyCycleFee)
		if err != nil {
			t.Fatal(err)
		}
		lines := []charge.LegacyLine{last}
		for _, day := range anyDays(t, c.Cycle) {
			var changed []charge.LegacyLine
			if c, changed, err = c.Resized(day, rapid.Int64Range(1, 100).Draw(t, "licences")); err != nil {
				t.Fatal(err)
			}
			if !changed[0].Amount.Equal(lines[len(lines)-1].Amount.Neg()) {
				t.Fatalf("%v was taken back with %v", lines[len(lines)-1], changed[0])
			}
			lines = append(lines, changed...)
		}
		last = lines[len(lines)-1]
		day := c.From.AddDate(0, 0, rapid.IntRange(0, term.Days(c.From, c.Cycle.End)-1).Draw(t, "suspended"))
		credits, err := c.Suspended(day, bought, lines)
		if err != nil {
			t.Fatal(err)
		}
		away, err := c.Converted(day)
		if err != nil {
			t.Fatal(err)
		}
		if order, err := away.Amount.Neg().Compare(last.Amount); err != nil || order > 0 {
			t.Fatalf("%v was credited of %v when it was converted, %v", away, last, err)
		}
		if len(credits) == 1 && len(lines) > 1 {
			if order, err := credits[0].Amount.Neg().Compare(last.Amount); err != nil || order > 0 {
				t.Fatalf("%v was credited of %v, %v", credits[0], last, err)
			}
		}
		total := money.MustParse("0", "USD")
		for _, l := range append(lines, credits...) {
			if total, err = total.Add(l.Amount); err != nil {
				t.Fatal(err)
			}
		}
		if total.Sign() < 0 || len(credits) == len(lines) && len(lines) > 1 && !total.IsZero() {
			t.Fatalf("the cycle cost %s: %v, %v", total, lines, credits)
		}
	})
}
