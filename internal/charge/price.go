package charge

import (
	"fmt"

	"github.com/govalues/decimal"

	"comptoir/internal/money"
)

// What the extended service term costs of a monthly price, and of the twelfth
// of an annual one, 1.23 ÷ 12 (§17.5).
var (
	ofMonthly = decimal.MustParse("1.03")
	ofAnnual  = decimal.MustParse("0.1025")
)

// Discounted returns price less the given parts of it, one after the other: a
// promotion of 16.7 % is 0.167. It is not rounded. It fails with ErrQuantity
// for a part that is not within 0 and 1, and with money.ErrOverflow.
func Discounted(price money.Amount, parts ...decimal.Decimal) (money.Amount, error) {
	for _, part := range parts {
		left, err := decimal.One.Sub(part)
		if err != nil || part.IsNeg() || left.IsNeg() {
			return money.Amount{}, fmt.Errorf("%w: a discount of %s", ErrQuantity, part)
		}
		if price, err = price.Multiply(left); err != nil {
			return money.Amount{}, err
		}
	}
	return price, nil
}

// ExtendedFromMonthly returns the monthly price of the extended service term of
// what costs list in a monthly term. It fails with money.ErrOverflow.
func ExtendedFromMonthly(list money.Amount) (money.Amount, error) { return list.Multiply(ofMonthly) }

// ExtendedFromAnnual returns the monthly price of the extended service term of
// what has no monthly term and costs list a year. It fails with money.ErrOverflow.
func ExtendedFromAnnual(list money.Amount) (money.Amount, error) { return list.Multiply(ofAnnual) }
