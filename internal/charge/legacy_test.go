package charge_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"comptoir/internal/charge"
	"comptoir/internal/money"
	"comptoir/internal/term"
)

func legacy(t *testing.T, start string, d term.Duration, price string, quantity int64, rule charge.LegacyRule) charge.LegacyCover {
	t.Helper()
	bought, err := term.New(on(start), d, term.OneTime)
	if err != nil {
		t.Fatal(err)
	}
	return charge.LegacyCover{Cycle: bought.Cycles()[0], From: bought.Start, Price: usd(price), Quantity: quantity, Rule: rule}
}

// written is a legacy line as §18.5 writes it.
func written(l charge.LegacyLine) string {
	const day = "2 Jan"
	return fmt.Sprintf("%s–%s %s: %s × %d = %s", l.From.Format(day), l.To.Format(day), l.Type, l.Unit.Number(), l.Quantity, l.Amount.Number())
}

func checkLines(t *testing.T, name string, lines []charge.LegacyLine, err error, want ...string) {
	t.Helper()
	var got []string
	for _, l := range lines {
		got = append(got, written(l))
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%s: %v\n%q, want\n%q", name, err, got, want)
	}
}

func one(l charge.LegacyLine, err error) ([]charge.LegacyLine, error) {
	return []charge.LegacyLine{l}, err
}

// The licences of §18.5 that are billed monthly: the price of a day has three
// digits, half up.
func TestLegacyMonthlyLicences(t *testing.T) {
	month := legacy(t, "2026-01-13", term.Month, "4.00", 1, charge.LegacyMonthly)
	first, err := one(month.Charge(charge.LegacyCycleFee))
	checkLines(t, "new", first, err, "13 Jan–12 Feb Cycle fee: 4.00 × 1 = 4.00")

	february := legacy(t, "2026-02-13", term.Month, "4.00", 1, charge.LegacyMonthly)
	lines, err := one(february.Charge(charge.LegacyCycleFee))
	checkLines(t, "next cycle", lines, err, "13 Feb–12 Mar Cycle fee: 4.00 × 1 = 4.00")

	two, lines, err := month.Resized(on("2026-02-01"), 2)
	checkLines(t, "one licence more", lines, err,
		"13 Jan–12 Feb Offset a line item: 4.00 × -1 = -4.00",
		"13 Jan–31 Jan Cycle instance prorate: 2.45 × 1 = 2.45",
		"1 Feb–12 Feb Cycle instance prorate: 1.55 × 2 = 3.10")
	february.Quantity = two.Quantity
	lines, err = one(february.Charge(charge.LegacyCycleFee))
	checkLines(t, "next cycle of two", lines, err, "13 Feb–12 Mar Cycle fee: 4.00 × 2 = 8.00")

	lines, err = month.Suspended(on("2026-02-01"), on("2026-01-13"), first)
	checkLines(t, "suspended within 30 days", lines, err, "13 Jan–12 Feb Cancel fee: 4.00 × -1 = -4.00")

	february.Quantity = 1
	lines, err = february.Suspended(on("2026-03-01"), on("2026-01-13"), nil)
	checkLines(t, "suspended after 30 days", lines, err, "1 Mar–12 Mar Cancel fee: 1.72 × -1 = -1.72")
}

// The price of a day, rounded up, would make 30 of 31 days cost more than all.
func TestAPartOfALegacyCycleCostsNoMoreThanTheWhole(t *testing.T) {
	month := legacy(t, "2026-01-13", term.Month, "0.05", 1, charge.LegacyMonthly)
	_, lines, err := month.Resized(on("2026-01-14"), 2)
	checkLines(t, "a cheap licence more", lines, err,
		"13 Jan–12 Feb Offset a line item: 0.05 × -1 = -0.05",
		"13 Jan–13 Jan Cycle instance prorate: 0.00 × 1 = 0.00",
		"14 Jan–12 Feb Cycle instance prorate: 0.05 × 2 = 0.10")
}

// The licences of §18.5 that are billed annually: the price of a day has two
// digits, half up.
func TestLegacyAnnualLicences(t *testing.T) {
	year := legacy(t, "2026-01-13", term.Year, "48.00", 1, charge.LegacyAnnual)
	bought := on("2026-01-13")
	first, err := one(year.Charge(charge.LegacyCycleFee))
	checkLines(t, "new", first, err, "13 Jan–12 Jan Cycle fee: 48.00 × 1 = 48.00")

	_, lines, err := year.Resized(on("2026-02-01"), 2)
	checkLines(t, "one licence more", lines, err,
		"13 Jan–12 Jan Offset a line item: 48.00 × -1 = -48.00",
		"13 Jan–31 Jan Cycle instance prorate: 2.47 × 1 = 2.47",
		"1 Feb–12 Jan Cycle instance prorate: 44.98 × 2 = 89.96")

	lines, err = year.Suspended(on("2026-02-01"), bought, first)
	checkLines(t, "suspended within 30 days", lines, err, "13 Jan–12 Jan Cancel fee: 48.00 × -1 = -48.00")
	again, l, err := year.Reactivated(on("2026-03-01"))
	lines, err = one(l, err)
	checkLines(t, "activated again", lines, err, "1 Mar–12 Jan Prorate fees when activate: 41.34 × 1 = 41.34")
	if !again.From.Equal(on("2026-03-01")) {
		t.Errorf("activated again from %v", again.From)
	}

	lines, err = year.Suspended(on("2026-03-01"), bought, first)
	checkLines(t, "suspended after 30 days", lines, err, "1 Mar–12 Jan Cancel fee: 41.34 × -1 = -41.34")
}

// The 211.20 of §18.5: the price of a day is exact, amounts half up.
func TestALegacyPriceOfADayCanBeExact(t *testing.T) {
	year := legacy(t, "2017-02-11", term.Year, "211.20", 1, charge.LegacyExact)
	two, lines, err := year.Resized(on("2017-02-12"), 2)
	checkLines(t, "one licence more", lines[:2], err,
		"11 Feb–10 Feb Offset a line item: 211.20 × -1 = -211.20",
		"11 Feb–11 Feb Cycle instance prorate: 0.58 × 1 = 0.58")
	_, lines, err = two.Resized(on("2017-03-11"), 3)
	checkLines(t, "a month later", lines[1:2], err, "12 Feb–10 Mar Cycle instance prorate: 15.62 × 2 = 31.25")
	two.From = on("2017-03-11")
	lines, err = one(two.Charge(charge.LegacyCycleProrate))
	checkLines(t, "the rest", lines, err, "11 Mar–10 Feb Cycle instance prorate: 195.00 × 2 = 390.00")
}

// The changes of billing of §18.5. The credit of a licence is truncated there;
// printed quantities are a tenth of those that the amounts are for.
func TestLegacyLicencesChangeTheirBilling(t *testing.T) {
	year := legacy(t, "2017-02-11", term.Year, "48.6", 1500, charge.LegacyExact)
	lines, err := one(year.Charge(charge.LegacyCycleFee))
	checkLines(t, "annual", lines, err, "11 Feb–10 Feb Cycle fee: 48.60 × 1500 = 72900.00")
	lines, err = one(year.Converted(on("2017-02-12")))
	checkLines(t, "credit", lines, err, "12 Feb–10 Feb Prorate fees when convert away from current offering: 48.46 × -1500 = -72700.27")
	if printed := lines[0].Amount.RoundTo(1, money.HalfUp).Number(); printed != "-72700.3" {
		t.Errorf("the credit is printed %s", printed)
	}
	lines, err = one(legacy(t, "2017-02-12", term.Month, "4.05", 1500, charge.LegacyExact).Charge(charge.LegacyProrateConvertInto))
	checkLines(t, "monthly", lines, err, "12 Feb–11 Mar Prorate fees when convert to a new offering: 4.05 × 1500 = 6075.00")

	month := legacy(t, "2017-03-11", term.Month, "21.1", 1, charge.LegacyExact)
	credit, err := month.Converted(on("2017-03-17"))
	if err != nil || credit.Unit.Number() != "17.01" {
		t.Errorf("25 of 31 days are credited with %s, %v", credit.Unit, err)
	}
	_, lines, err = month.Resized(on("2017-03-17"), 2650)
	if err != nil || lines[1].Unit.Number() != "4.08" {
		t.Errorf("6 of 31 days: %v, %v", lines, err)
	}
	lines, err = one(legacy(t, "2017-03-17", term.Year, "270.12", 26500, charge.LegacyExact).Charge(charge.LegacyProrateConvertInto))
	checkLines(t, "annual instead", lines, err, "17 Mar–16 Mar Prorate fees when convert to a new offering: 270.12 × 26500 = 7158180.00")
}

// The usage of §18.5: half up, effective rates truncated to eight digits.
func TestLegacyUsageBeyondWhatIsIncluded(t *testing.T) {
	got, err := charge.LegacyOverage(usd("0.085"), number("745"), usd("6.34"))
	if err != nil || got.Pretax.Number() != "63.33" || got.PostTax.Number() != "69.67" ||
		got.PretaxRate.Number() != "0.08500671" || got.PostTaxRate.Number() != "0.09351677" {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err = charge.LegacyOverage(usd("0.085"), number("745"), money.MustParse("6.34", "EUR")); !errors.Is(err, money.ErrCurrency) {
		t.Errorf("tax in another currency: %v", err)
	}
}

func TestWhatCannotHappenToALegacyCycle(t *testing.T) {
	month := legacy(t, "2026-01-13", term.Month, "4.00", 2, charge.LegacyMonthly)
	if _, _, err := month.Resized(on("2026-02-01"), 0); !errors.Is(err, charge.ErrQuantity) {
		t.Errorf("no licence: %v", err)
	}
	for _, day := range []time.Time{on("2026-01-12"), on("2026-02-13")} {
		if _, _, err := month.Resized(day, 3); !errors.Is(err, charge.ErrDay) {
			t.Errorf("resized on %v: %v", day, err)
		}
		if _, _, err := month.Reactivated(day); !errors.Is(err, charge.ErrDay) {
			t.Errorf("activated on %v: %v", day, err)
		}
		if _, err := month.Converted(day); !errors.Is(err, charge.ErrDay) {
			t.Errorf("converted on %v: %v", day, err)
		}
	}
	if _, err := month.Suspended(on("2026-02-13"), on("2025-01-13"), nil); !errors.Is(err, charge.ErrDay) {
		t.Errorf("suspended after the cycle: %v", err)
	}
}
