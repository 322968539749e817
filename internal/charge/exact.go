// Package charge calculates what a subscription costs: charge lines with the
// formula that made each, for new commerce (spec: api-commerce.md §18.2–18.4,
// §18.6) and legacy (§18.5).
//
// Amounts come and go as decimals. Between, a price for 17 of 31 days is no
// decimal at all, so it is kept as a fraction, exactly, and is rounded once,
// where and how the formula says.
package charge

import (
	"errors"
	"fmt"
	"math/big"

	"github.com/govalues/decimal"

	"comptoir/internal/money"
)

// The reasons for which something cannot be charged. Both are mistakes of the
// caller, who has checked what people asked for.
var (
	// ErrDay: a day outside of the charge cycle.
	ErrDay = errors.New("charge: not a day of the charge cycle")
	// ErrQuantity: a number of licences or units that cannot be.
	ErrQuantity = errors.New("charge: impossible quantity")
)

// fraction returns d as a fraction.
func fraction(d decimal.Decimal) *big.Rat {
	numerator := new(big.Int).SetUint64(d.Coef())
	if d.IsNeg() {
		numerator.Neg(numerator)
	}
	return new(big.Rat).SetFrac(numerator, tenTo(d.Scale()))
}

func tenTo(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// product returns the product of factors.
func product(factors ...*big.Rat) *big.Rat {
	p := big.NewRat(1, 1)
	for _, f := range factors {
		p.Mul(p, f)
	}
	return p
}

// rounded returns r as an amount with the given digits after the point. It
// fails with money.ErrOverflow and money.ErrCurrency.
func rounded(r *big.Rat, currency string, digits int, how money.Rounding) (money.Amount, error) {
	units := new(big.Int).Mul(r.Num(), tenTo(digits))
	remainder := new(big.Int)
	units.QuoRem(units, r.Denom(), remainder)
	middle := new(big.Int).Abs(remainder)
	half := middle.Lsh(middle, 1).Cmp(r.Denom())
	away := false
	switch how {
	case money.HalfUp:
		away = half >= 0
	case money.HalfEven:
		away = half > 0 || half == 0 && units.Bit(0) == 1
	case money.Up:
		away = remainder.Sign() != 0
	case money.Down:
	}
	if away {
		units.Add(units, big.NewInt(int64(r.Sign())))
	}
	if !units.IsInt64() {
		return money.Amount{}, fmt.Errorf("%w: %s", money.ErrOverflow, r.FloatString(digits))
	}
	number, err := decimal.New(units.Int64(), digits)
	if err != nil {
		return money.Amount{}, fmt.Errorf("%w: %s: %w", money.ErrOverflow, r.FloatString(digits), err)
	}
	return money.New(number, currency)
}

// truncated returns r with the digits of its currency; what is beyond them is
// dropped, from a refund as from a charge (TRUNC of §18.3).
func truncated(r *big.Rat, currency string) (money.Amount, error) {
	return rounded(r, currency, money.Digits(currency), money.Down)
}
