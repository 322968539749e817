package money_test

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"comptoir/internal/money"
)

func TestRounding(t *testing.T) {
	tests := []struct {
		number, code               string
		halfUp, halfEven, up, down string
	}{
		{"12.344", "EUR", "12.34", "12.34", "12.35", "12.34"},
		{"12.345", "EUR", "12.35", "12.34", "12.35", "12.34"},
		{"12.355", "EUR", "12.36", "12.36", "12.36", "12.35"},
		{"-12.345", "EUR", "-12.35", "-12.34", "-12.35", "-12.34"},
		{"-12.344", "EUR", "-12.34", "-12.34", "-12.35", "-12.34"},
		{"0.0000000001", "EUR", "0.00", "0.00", "0.01", "0.00"},
		{"12.340", "EUR", "12.34", "12.34", "12.34", "12.34"},
		{"12.5", "EUR", "12.50", "12.50", "12.50", "12.50"},
		{"12.5", "JPY", "13", "12", "13", "12"},
		{"1.2345", "KWD", "1.235", "1.234", "1.235", "1.234"},
		{"99999999999999999.99", "EUR", "99999999999999999.99", "99999999999999999.99", "99999999999999999.99", "99999999999999999.99"},
		{"9999999999999999.995", "EUR", "10000000000000000.00", "10000000000000000.00", "10000000000000000.00", "9999999999999999.99"},
	}
	for _, tt := range tests {
		a := money.MustParse(tt.number, tt.code)
		for r, want := range map[money.Rounding]string{
			money.HalfUp: tt.halfUp, money.HalfEven: tt.halfEven, money.Up: tt.up, money.Down: tt.down,
		} {
			if got := a.Round(r).Number(); got != want {
				t.Errorf("%s rounded %s is %s, want %s", a, r, got, want)
			}
		}
	}
}

func TestRoundingNamesAreReadBack(t *testing.T) {
	for _, r := range []money.Rounding{money.HalfUp, money.HalfEven, money.Up, money.Down} {
		if got, ok := money.ParseRounding(r.String()); !ok || got != r {
			t.Errorf("%q was read back as %v", r, got)
		}
	}
	if _, ok := money.ParseRounding("bankers"); ok {
		t.Error("an unknown rounding was accepted")
	}
}

// A rounded amount is a neighbour of the exact one: less than one unit away,
// at most half a unit for the two nearest modes, on the right side for the
// other two, and a charge rounds as its credit does.
func TestARoundedAmountIsTheRightNeighbour(t *testing.T) {
	half := big.NewRat(1, 2)
	rapid.Check(t, func(t *rapid.T) {
		a := amounts().Draw(t, "a")
		scale := rapid.IntRange(0, 6).Draw(t, "to")
		unit := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil))
		for _, r := range []money.Rounding{money.HalfUp, money.HalfEven, money.Up, money.Down} {
			got := a.RoundTo(scale, r)
			units := new(big.Rat).Quo(rational(got), unit)
			if !units.IsInt() {
				t.Fatalf("%s rounded %s to %d digits is %s", a, r, scale, got)
			}
			moved := new(big.Rat).Sub(new(big.Rat).Abs(rational(got)), new(big.Rat).Abs(rational(a)))
			moved.Quo(moved, unit)
			distance := new(big.Rat).Abs(moved)
			switch {
			case r == money.Up && (moved.Sign() < 0 || distance.Cmp(big.NewRat(1, 1)) >= 0),
				r == money.Down && (moved.Sign() > 0 || distance.Cmp(big.NewRat(1, 1)) >= 0),
				r == money.HalfUp && (distance.Cmp(half) > 0 || moved.Cmp(new(big.Rat).Neg(half)) == 0),
				r == money.HalfEven && (distance.Cmp(half) > 0 || distance.Cmp(half) == 0 && units.Num().Bit(0) == 1):
				t.Fatalf("%s rounded %s to %d digits is %s", a, r, scale, got)
			}
			if credit := a.Neg().RoundTo(scale, r); !credit.Equal(got.Neg()) {
				t.Fatalf("the credit of %s rounds %s to %s", a, r, credit)
			}
		}
	})
}
