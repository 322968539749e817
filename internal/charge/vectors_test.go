package charge_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/govalues/decimal"

	"comptoir/internal/charge"
	"comptoir/internal/money"
	"comptoir/internal/refusal"
	"comptoir/internal/term"
)

// on reads a day: "2021-01-31".
func on(s string) time.Time {
	day, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return day
}

func usd(number string) money.Amount { return money.MustParse(number, "USD") }

var inDollars = charge.SameCurrency("USD")

// cover is what a subscription that starts on start is charged for in its first cycle.
func cover(t *testing.T, start string, d term.Duration, b term.Billing, price string, quantity int64) charge.Cover {
	t.Helper()
	bought, err := term.New(on(start), d, b)
	if err != nil {
		t.Fatal(err)
	}
	return charge.Cover{Cycle: bought.Cycles()[0], Price: usd(price), Quantity: quantity, Exchange: inDollars}
}

// amounts are the subtotals of lines: "-94.08 112.89".
func amounts(lines ...charge.Line) string {
	var all []string
	for _, l := range lines {
		all = append(all, l.Subtotal.Number())
	}
	return strings.Join(all, " ")
}

func line(t *testing.T) func(charge.Line, error) charge.Line {
	return func(l charge.Line, err error) charge.Line {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
}

// Rows 3 to 6 and 10 to 14 of §18.3, and the first of §18.4. Each row is
// published in one mode; what the other makes of it is held as well.
func TestAChangeOfSeatsRefundsAllOldAndChargesAllNewOnes(t *testing.T) {
	tests := []struct {
		row        string
		start, day string
		price      string
		from, to   int64
		want       charge.Type
		unit, line string
	}{
		{"3, 4", "2021-06-18", "2021-06-20", "10.08", 10, 12, charge.AddQuantity, "-94.00 112.80", "-94.08 112.89"},
		{"5", "2021-06-18", "2021-06-20", "10.08", 12, 8, charge.RemoveQuantity, "-112.80 75.20", "-112.89 75.26"},
		{"10", "2022-03-05", "2022-03-07", "12.00", 10, 15, charge.AddQuantity, "-112.20 168.30", "-112.25 168.38"},
		{"11", "2022-03-05", "2022-03-10", "12.00", 15, 25, charge.AddQuantity, "-150.90 251.50", "-150.96 251.61"},
		{"12", "2022-03-05", "2022-03-12", "12.00", 25, 23, charge.RemoveQuantity, "-232.25 213.67", "-232.25 213.67"},
		{"13", "2022-03-05", "2022-03-14", "12.00", 23, 20, charge.RemoveQuantity, "-195.73 170.20", "-195.87 170.32"},
		{"14", "2022-03-05", "2022-03-25", "12.00", 20, 30, charge.AddQuantity, "-85.00 127.50", "-85.16 127.74"},
		{"4 seats to 14", "2026-10-01", "2026-10-15", "23.70", 14, 18, charge.AddQuantity, "-181.86 233.82", "-181.95 233.94"},
	}
	for _, tt := range tests {
		for mode, want := range map[charge.Mode]string{charge.ByUnit: tt.unit, charge.ByLine: tt.line} {
			before := cover(t, tt.start, term.Year, term.Monthly, tt.price, tt.from)
			before.Mode = mode
			after, lines, err := before.Resized(on(tt.day), tt.to, inDollars)
			if err != nil {
				t.Errorf("row %s: %v", tt.row, err)
				continue
			}
			if got := amounts(lines...); got != want {
				t.Errorf("row %s by %s: %s, want %s", tt.row, mode, got, want)
			}
			for _, l := range lines {
				if l.Type != tt.want || !l.From.Equal(on(tt.day)) || !l.To.Equal(before.Cycle.End) {
					t.Errorf("row %s: %s from %v to %v", tt.row, l.Type, l.From, l.To)
				}
			}
			if after.Quantity != tt.to {
				t.Errorf("row %s leaves %d licences", tt.row, after.Quantity)
			}
		}
	}
}

// Rows 1, 2, 15 and 17 of §18.3 and the prepaid year of §18.4.
func TestAWholeCycleCostsItsPrice(t *testing.T) {
	ok := line(t)
	month := cover(t, "2021-06-18", term.Year, term.Monthly, "10.08", 10)
	for _, charged := range []charge.Type{charge.New, charge.Renew, charge.CycleCharge} {
		l := ok(month.Charge(charged))
		if got := amounts(l); got != "100.80" || l.Type != charged || !l.From.Equal(on("2021-06-18")) || !l.To.Equal(on("2021-07-17")) {
			t.Errorf("row 1, 17: %s %s from %v to %v", l.Type, got, l.From, l.To)
		}
	}
	year := cover(t, "2026-01-01", term.Year, term.OneTime, "120.96", 10)
	if got := amounts(ok(year.Charge(charge.New))); got != "1209.60" {
		t.Errorf("row 2: %s", got)
	}
	if got := amounts(ok(cover(t, "2026-01-01", term.ThreeYears, term.Annual, "250.00", 10).Charge(charge.CycleCharge))); got != "2500.00" {
		t.Errorf("row 15, before: %s", got)
	}
	if got := amounts(ok(cover(t, "2027-01-01", term.ThreeYears, term.Monthly, "20.00", 10).Charge(charge.ChangeBillingPlan))); got != "200.00" {
		t.Errorf("row 15, after: %s", got)
	}
	prepaid := cover(t, "2026-01-01", term.Year, term.OneTime, "204.00", 9)
	day := prepaid.Cycle.End.AddDate(0, 0, -199)
	if got := amounts(ok(prepaid.Cancelled(day))); got != "-1006.02" {
		t.Errorf("200 of 365 days: %s", got)
	}
}

// Row 16 of §18.3: in months, not in days.
func TestAChangeToAnnualBillingChargesTheMonthsThatAreLeft(t *testing.T) {
	running, err := term.New(on("2026-01-15"), term.ThreeYears, term.Monthly)
	if err != nil {
		t.Fatal(err)
	}
	switched, err := running.Switch(on("2026-02-15"), term.Annual)
	if err != nil {
		t.Fatal(err)
	}
	for mode, want := range map[charge.Mode]string{charge.ByUnit: "2291.60", charge.ByLine: "2291.66"} {
		rest := charge.Cover{
			Cycle: switched.Cycle, Months: charge.Share{Part: switched.Left, Of: switched.Of},
			Price: usd("250.00"), Quantity: 10, Exchange: inDollars, Mode: mode,
		}
		charged := line(t)(rest.Charge(charge.ChangeBillingPlan))
		if got := amounts(charged); got != want {
			t.Errorf("by %s: %s, want %s", mode, got, want)
		}
		// What is left is a part of what was charged, not of a year.
		if got, want := amounts(line(t)(rest.Cancelled(on("2026-02-15")))), "-"+want; got != want {
			t.Errorf("the refund of the same day by %s: %s, want %s", mode, got, want)
		}
	}
}

// Row 6 of §18.3 and the cancellations of §18.4; past the window RF-36 (900117).
func TestACancellationRefundsWhatIsLeft(t *testing.T) {
	for mode, want := range map[charge.Mode]string{charge.ByUnit: "-94.20", charge.ByLine: "-94.29"} {
		c := cover(t, "2021-07-15", term.Year, term.Monthly, "10.08", 10)
		c.Mode = mode
		l := line(t)(c.Cancelled(on("2021-07-17")))
		if got := amounts(l); got != want || l.Type != charge.CancelImmediate || l.Formula.Days != (charge.Share{Part: 29, Of: 31}) {
			t.Errorf("row 6 by %s: %s %+v", mode, got, l)
		}
	}
	completed := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	c := cover(t, "2026-11-20", term.Month, term.Monthly, "8.00", 60)
	bought := line(t)(c.Charge(charge.New))
	refund, err := term.Licences.Cancel(completed, completed.Add(20*time.Hour))
	if err != nil || refund != term.FullRefund {
		t.Fatalf("at hour 20: %v, %v", refund, err)
	}
	if got := amounts(charge.Reversed([]charge.Line{bought})...); got != "-480.00" {
		t.Errorf("at hour 20: %s", got)
	}
	if _, err = term.Licences.Cancel(completed, completed.Add(170*time.Hour)); !errors.Is(err, refusal.RF36) {
		t.Errorf("at hour 170: %v", err)
	}
}

// Rows 7 to 9 of §18.3.
func TestAnUpgradeRefundsWhatMovesAndChargesWhatItBecomes(t *testing.T) {
	tests := []struct {
		row        string
		from, to   string // prices
		seats      int64
		given      int64
		day        string
		unit, line string
	}{
		{"7", "10.08", "6.43", 300, 300, "2021-06-25", "-2316.00 1476.00", "-2318.40 1478.90"},
		{"8", "10.08", "6.43", 300, 100, "2021-06-25", "-772.00 492.00", "-772.80 492.96"},
		{"9", "0.00", "52.61", 25, 25, "2021-06-18", "0.00 1315.25", "0.00 1315.25"},
	}
	for _, tt := range tests {
		for mode, want := range map[charge.Mode]string{charge.ByUnit: tt.unit, charge.ByLine: tt.line} {
			from := cover(t, "2021-06-18", term.Year, term.Monthly, tt.from, tt.seats)
			to := cover(t, "2021-06-18", term.Year, term.Monthly, tt.to, 0)
			from.Mode, to.Mode = mode, mode
			move := charge.Move{Type: charge.Convert, Day: on(tt.day), From: from, To: to, Given: tt.given, Taken: tt.given}
			from, to, lines, err := move.Lines()
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.ReplaceAll(amounts(lines...), "-0.00", "0.00"); got != want {
				t.Errorf("row %s by %s: %s, want %s", tt.row, mode, got, want)
			}
			if from.Quantity != tt.seats-tt.given || to.Quantity != tt.given {
				t.Errorf("row %s leaves %d and %d licences", tt.row, from.Quantity, to.Quantity)
			}
		}
	}
}

// The prices that the examples of §18.3 show, half up, beside the exact ones
// that they calculate with; and row 18, as figures only.
func TestEffectiveUnitPricesAreShownRounded(t *testing.T) {
	tests := []struct {
		price    string
		days, of int
		how      money.Rounding
		want     string
	}{
		{"12.00", 29, 31, money.HalfUp, "11.23"},
		{"12.00", 26, 31, money.HalfUp, "10.06"},
		{"12.00", 24, 31, money.HalfUp, "9.29"},
		{"12.00", 22, 31, money.HalfUp, "8.52"},
		{"12.00", 11, 31, money.HalfUp, "4.26"},
		{"250.00", 11, 12, money.Down, "229.16"},
		{"16.00", 27, 28, money.Down, "15.42"},
		{"192.00", 181, 365, money.Down, "95.21"},
		{"16.00", 27, 31, money.Down, "13.93"},
	}
	for _, tt := range tests {
		f := charge.Formula{Price: usd(tt.price), Days: charge.Share{Part: tt.days, Of: tt.of}, Exchange: inDollars}
		got, err := f.EffectiveUnitPrice(2, tt.how)
		if err != nil || got.Number() != tt.want {
			t.Errorf("%s for %d of %d days is shown as %s, %v; want %s", tt.price, tt.days, tt.of, got, err, tt.want)
		}
	}
	add := charge.Formula{Price: usd("23.70"), Days: charge.Share{Part: 17, Of: 31}, Exchange: inDollars}
	if got, err := add.EffectiveUnitPrice(4, money.HalfUp); err != nil || got.Number() != "12.9968" {
		t.Errorf("%s, %v", got, err)
	}
}

// The licence of §18.4 that is billed in another currency.
func TestALicenceIsExchangedBeforeItIsTruncated(t *testing.T) {
	f := charge.Formula{
		Price: usd("18.50"), Quantity: 25,
		Exchange: charge.Exchange{Rate: decimal.MustParse("0.92314"), Currency: "EUR"},
	}
	got, err := f.Subtotal()
	if err != nil || got.String() != "426.75 EUR" {
		t.Errorf("%s, %v", got, err)
	}
	f.Exchange = charge.Exchange{Rate: decimal.MustParse("151.37"), Currency: "JPY"}
	if got, err = f.Subtotal(); err != nil || got.String() != "70000 JPY" {
		t.Errorf("yen have no digits after the point: %s, %v", got, err)
	}
}

// The taxes of §18.4.
func TestTheTaxOfALineIsTruncated(t *testing.T) {
	for _, tt := range []struct{ subtotal, tax, total string }{
		{"233.82", "46.76", "280.58"},
		{"233.94", "46.78", "280.72"},
		{"-233.94", "-46.78", "-280.72"},
	} {
		l := charge.Line{Subtotal: usd(tt.subtotal)}
		tax, err := l.Tax(decimal.MustParse("0.2"))
		if err != nil || tax.Number() != tt.tax {
			t.Errorf("20 %% of %s is %s, %v; want %s", tt.subtotal, tax, err, tt.tax)
		}
		if total, err := l.Subtotal.Add(tax); err != nil || total.Number() != tt.total {
			t.Errorf("%s with tax is %s, %v", tt.subtotal, total, err)
		}
	}
}

// The prices of §18.4 and §17.5.
func TestPricesAreDiscountedAndExtended(t *testing.T) {
	price := func(a money.Amount, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return a.RoundTo(4, money.Down).Number()
	}
	if got := price(charge.Discounted(usd("30.00"), decimal.MustParse("0.167"))); got != "24.9900" {
		t.Errorf("30.00 less 16.7 %% is %s", got)
	}
	if got := price(charge.Discounted(usd("30.00"), decimal.MustParse("0.5"), decimal.MustParse("0.1"))); got != "13.5000" {
		t.Errorf("30.00 less a half, less a tenth is %s", got)
	}
	if got := price(charge.ExtendedFromMonthly(usd("20.00"))); got != "20.6000" {
		t.Errorf("20.00 a month is extended at %s", got)
	}
	if got := price(charge.ExtendedFromAnnual(usd("240.00"))); got != "24.6000" {
		t.Errorf("240.00 a year is extended at %s", got)
	}
	for _, part := range []string{"-0.1", "1.1"} {
		if got, err := charge.Discounted(usd("30.00"), decimal.MustParse(part)); !errors.Is(err, charge.ErrQuantity) {
			t.Errorf("30.00 less %s is %s, %v", part, got, err)
		}
	}
}
