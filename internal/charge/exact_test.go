package charge

import (
	"math/big"
	"testing"

	"github.com/govalues/decimal"
	"pgregory.net/rapid"

	"comptoir/internal/money"
)

// A fraction that is a decimal is rounded as the decimal is.
func TestFractionsAreRoundedAsDecimalsAre(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := decimal.MustNew(rapid.Int64Range(-1_000_000_000, 1_000_000_000).Draw(t, "digits"), rapid.IntRange(0, 6).Draw(t, "scale"))
		a, err := money.New(d, "EUR")
		if err != nil {
			t.Fatal(err)
		}
		digits := rapid.IntRange(0, 6).Draw(t, "to")
		for _, how := range []money.Rounding{money.HalfUp, money.HalfEven, money.Up, money.Down} {
			got, err := rounded(fraction(d), "EUR", digits, how)
			if err != nil || !got.Equal(a.RoundTo(digits, how)) {
				t.Fatalf("%s rounded %s is %s, %v; want %s", a, how, got, err, a.RoundTo(digits, how))
			}
		}
	})
}

// Nineteen digits of a third are no third: what is cut off is cut off the
// exact number.
func TestAFractionIsNotRoundedTwice(t *testing.T) {
	almostOne := new(big.Rat).SetFrac(new(big.Int).Sub(tenTo(30), big.NewInt(1)), tenTo(30))
	got, err := truncated(almostOne, "EUR")
	if err != nil || got.Number() != "0.99" {
		t.Errorf("%s, %v", got, err)
	}
}
