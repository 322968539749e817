package charge_test

import (
	"errors"
	"testing"

	"comptoir/internal/charge"
	"comptoir/internal/money"
	"comptoir/internal/term"
)

// The charge types of §18.2, in its words.
func TestChargeTypesAreReadAsInvoicesWriteThem(t *testing.T) {
	for _, name := range []string{
		"new", "renew", "cycleCharge", "addQuantity", "removeQuantity", "moveQuantity", "cancelImmediate", "convert",
		"changeBillingPlan", "customerCredit", "extendTerm",
	} {
		if read, ok := charge.ParseType(name); !ok || read.String() != name {
			t.Errorf("%q was read as %q, %v", name, read, ok)
		}
	}
	for _, name := range []string{
		"Activation fee", "Cancel fee", "Cancel instance prorate", "Cycle fee", "Cycle instance prorate",
		"Prorate fees when cancel", "Prorate fees when convert away from current offering",
		"Prorate fees when convert to a new offering", "Prorate fees when purchase", "Prorate fees when activate",
		"Prorate fee when renew", "New purchase cycle fee", "Offset a line item", "Activation discount",
		"Cycle discount", "Renew discount", "Cancel discount", "Assess usage fee for current cycle",
		"Assess usage fee when cancel",
	} {
		if read, ok := charge.ParseLegacyType(name); !ok || read.String() != name {
			t.Errorf("%q was read as %q, %v", name, read, ok)
		}
	}
	for _, name := range []string{"", "New", "cycle fee"} {
		if read, ok := charge.ParseType(name); ok {
			t.Errorf("%q was read as %q", name, read)
		}
		if read, ok := charge.ParseLegacyType(name); ok {
			t.Errorf("%q was read as %q", name, read)
		}
	}
}

func TestAFormulaCanBeCalculatedAgain(t *testing.T) {
	euros := charge.Exchange{Rate: number("0.92314"), Currency: "EUR"}
	yen := charge.Exchange{Rate: number("151.37"), Currency: "JPY"}
	for want, f := range map[string]charge.Formula{
		"TRUNC(10.08, 2) × 10":            {Price: usd("10.08"), Days: charge.Share{Part: 30, Of: 30}, Quantity: 10, Exchange: inDollars},
		"TRUNC(23.70 × 17 ÷ 31, 2) × -14": {Price: usd("23.70"), Days: charge.Share{Part: 17, Of: 31}, Quantity: -14, Exchange: inDollars},
		"TRUNC(12.00 × 29 ÷ 31 × 15, 2)":  {Price: usd("12.00"), Days: charge.Share{Part: 29, Of: 31}, Quantity: 15, Exchange: inDollars, Mode: charge.ByLine},
		"TRUNC(18.50 × 0.92314, 2) × 25":  {Price: usd("18.50"), Quantity: 25, Exchange: euros},
		"TRUNC(250.00 × 11 ÷ 12 × 3 ÷ 334 × 151.37, 0) × 1": {
			Price: usd("250.00"), Months: charge.Share{Part: 11, Of: 12}, Days: charge.Share{Part: 3, Of: 334}, Quantity: 1, Exchange: yen,
		},
	} {
		if got := f.String(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestWhatCannotBeCharged(t *testing.T) {
	c := cover(t, "2026-01-13", term.Year, term.Monthly, "4.00", 2)
	if _, _, err := c.Resized(on("2026-01-20"), 0, inDollars); !errors.Is(err, charge.ErrQuantity) {
		t.Errorf("no licence: %v", err)
	}
	for _, day := range []string{"2026-01-12", "2026-02-13"} {
		if _, _, err := c.Resized(on(day), 3, inDollars); !errors.Is(err, charge.ErrDay) {
			t.Errorf("resized on %s: %v", day, err)
		}
		if _, err := c.Cancelled(on(day)); !errors.Is(err, charge.ErrDay) {
			t.Errorf("cancelled on %s: %v", day, err)
		}
	}
	for _, seats := range [][2]int64{{0, 1}, {1, 0}, {3, 3}} {
		move := charge.Move{Type: charge.Convert, Day: on("2026-01-20"), From: c, To: c, Given: seats[0], Taken: seats[1]}
		if _, _, _, err := move.Lines(); !errors.Is(err, charge.ErrQuantity) {
			t.Errorf("%d licences became %d: %v", seats[0], seats[1], err)
		}
	}
	later := cover(t, "2026-02-13", term.Year, term.Monthly, "4.00", 2)
	for _, move := range []charge.Move{
		{Type: charge.ExtendTerm, Day: on("2026-01-20"), From: c, To: later, Given: 2, Taken: 2},
		{Type: charge.ExtendTerm, Day: on("2026-02-13"), From: c, To: later, Given: 2, Taken: 2},
	} {
		if _, _, _, err := move.Lines(); !errors.Is(err, charge.ErrDay) {
			t.Errorf("moved on %v: %v", move.Day, err)
		}
	}
	c.Price, c.Quantity = usd("9999999999999999.99"), 1000
	if l, err := c.Charge(charge.New); !errors.Is(err, money.ErrOverflow) {
		t.Errorf("%s, %v", l.Subtotal, err)
	}
	c.Exchange = charge.Exchange{}
	if l, err := c.Charge(charge.New); !errors.Is(err, money.ErrCurrency) {
		t.Errorf("charged in no currency: %s, %v", l.Subtotal, err)
	}
}

// A term that gives way to a longer one (§17.4): the rest of the old is
// refunded, the first cycle of the new one charged in full.
func TestALongerTermStartsAtOnce(t *testing.T) {
	old := cover(t, "2026-01-13", term.Month, term.Monthly, "12.40", 5)
	year := cover(t, "2026-01-23", term.Year, term.Monthly, "10.00", 0)
	move := charge.Move{Type: charge.ExtendTerm, Day: on("2026-01-23"), From: old, To: year, Given: 5, Taken: 5}
	before, after, lines, err := move.Lines()
	if err != nil {
		t.Fatal(err)
	}
	if got := amounts(lines...); got != "-42.00 50.00" || before.Quantity != 0 || after.Quantity != 5 {
		t.Errorf("%s, from %d to %d licences", got, before.Quantity, after.Quantity)
	}
}
