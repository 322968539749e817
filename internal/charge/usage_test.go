package charge_test

import (
	"errors"
	"testing"

	"github.com/govalues/decimal"

	"comptoir/internal/charge"
	"comptoir/internal/money"
)

func number(s string) decimal.Decimal { return decimal.MustParse(s) }

func meter(price, credit string) charge.Meter {
	return charge.Meter{Tiers: []charge.Tier{{Price: usd(price)}}, Credit: number(credit)}
}

// The meters of §18.4 and §18.6.
func TestUsageIsTruncatedInBothCurrencies(t *testing.T) {
	euros := charge.Exchange{Rate: number("0.92314"), Currency: "EUR"}
	tiers := charge.Meter{Tiers: []charge.Tier{{number("0"), usd("0.12")}, {number("500"), usd("0.10")}}}
	overage := charge.Meter{Tiers: []charge.Tier{{number("0"), usd("0")}, {number("100"), usd("0.10")}}}
	tests := []struct {
		name             string
		meter            charge.Meter
		quantity         string
		exchange         charge.Exchange
		priced, subtotal string
		digits           int
		each             string
	}{
		{"in another currency", meter("0.0412", "0"), "731.5", euros, "30.13", "27.81", 4, "0.0412"},
		{"with a credit of 15 %", meter("0.217", "0.15"), "144", inDollars, "26.56", "26.56", 6, "0.184444"},
		{"in tiers", tiers, "731", inDollars, "83.10", "83.10", 4, "0.1137"},
		{"within the first tier", tiers, "500", inDollars, "60.00", "60.00", 2, "0.12"},
		{"beyond what is included", overage, "150", inDollars, "5.00", "5.00", 4, "0.0333"},
		{"none", tiers, "0", inDollars, "0.00", "0.00", 0, "0"},
		{"Azure, one day", meter("0.868", "0.15"), "29", inDollars, "21.39", "21.39", 15, "0.737586206896552"},
		{"Azure, a week", meter("0.868", "0.15"), "210.950039", inDollars, "155.63", "155.63", 15, "0.737757626107858"},
		{"Azure, the month", meter("0.868", "0.15"), "555.950039", inDollars, "410.17", "410.17", 15, "0.737782122900436"},
		{"savings plan, a year of hours", meter("0.05", "0"), "8760", inDollars, "438.00", "438.00", 2, "0.05"},
	}
	for _, tt := range tests {
		got, err := tt.meter.Charge(number(tt.quantity), tt.exchange)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got.Priced.Number() != tt.priced || got.Subtotal.Number() != tt.subtotal || got.Subtotal.Currency() != tt.exchange.Currency {
			t.Errorf("%s: %s, billed %s; want %s and %s", tt.name, got.Priced, got.Subtotal, tt.priced, tt.subtotal)
		}
		if each, err := got.EffectiveUnitPrice(tt.digits); err != nil || each.Number() != tt.each {
			t.Errorf("%s: each is %s, %v; want %s", tt.name, each, err, tt.each)
		}
	}
}

func TestAMeterNeedsTiersThatRise(t *testing.T) {
	zero, ten := number("0"), number("10")
	for name, m := range map[string]charge.Meter{
		"no tier":         {},
		"not from 0":      {Tiers: []charge.Tier{{ten, usd("1")}}},
		"twice the same":  {Tiers: []charge.Tier{{zero, usd("1")}, {ten, usd("2")}, {ten, usd("3")}}},
		"two currencies":  {Tiers: []charge.Tier{{zero, usd("1")}, {ten, money.MustParse("1", "EUR")}}},
		"falling instead": {Tiers: []charge.Tier{{zero, usd("1")}, {ten, usd("2")}, {number("5"), usd("3")}}},
	} {
		if got, err := m.Charge(ten, inDollars); !errors.Is(err, charge.ErrTiers) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	for _, m := range []charge.Meter{meter("1", "-0.1"), meter("1", "1.1")} {
		if got, err := m.Charge(ten, inDollars); !errors.Is(err, charge.ErrQuantity) {
			t.Errorf("a credit of %s: %v, %v", m.Credit, got, err)
		}
	}
	if got, err := meter("1", "0").Charge(number("-1"), inDollars); !errors.Is(err, charge.ErrQuantity) {
		t.Errorf("less than nothing was used: %v, %v", got, err)
	}
}
