package charge

import (
	"errors"
	"fmt"
	"math/big"

	"github.com/govalues/decimal"

	"comptoir/internal/money"
)

// ErrTiers refuses a meter whose tiers do not begin at 0, do not rise or mix currencies.
var ErrTiers = errors.New("charge: no row of tiers")

// Tier is the price of each unit beyond From units, up to the next tier.
type Tier struct {
	From  decimal.Decimal
	Price money.Amount
}

// Meter is how usage is priced: by tiers, the first from 0, less the part that
// is the partner's earned credit (0.15, or 0; §18.6).
type Meter struct {
	Tiers  []Tier
	Credit decimal.Decimal
}

// Usage is what a quantity of units costs.
type Usage struct {
	Quantity decimal.Decimal
	Priced   money.Amount // in the pricing currency
	Subtotal money.Amount // in the currency of the invoice, without tax
}

// Charge returns what the units cost that were used since the month began. They
// are truncated twice, in the pricing currency and in that of the invoice
// (§18.3). It fails with ErrTiers, ErrQuantity and the errors of money.
func (m Meter) Charge(quantity decimal.Decimal, x Exchange) (Usage, error) {
	if quantity.IsNeg() || m.Credit.IsNeg() || decimal.One.Less(m.Credit) {
		return Usage{}, fmt.Errorf("%w: %s units with a credit of %s", ErrQuantity, quantity, m.Credit)
	}
	if !m.rises() {
		return Usage{}, ErrTiers
	}
	kept := new(big.Rat).Sub(big.NewRat(1, 1), fraction(m.Credit))
	priced, err := truncated(product(m.list(quantity), kept), m.Tiers[0].Price.Currency())
	if err != nil {
		return Usage{}, err
	}
	subtotal, err := truncated(product(fraction(priced.Decimal()), fraction(x.Rate)), x.Currency)
	if err != nil {
		return Usage{}, err
	}
	return Usage{Quantity: quantity, Priced: priced, Subtotal: subtotal}, nil
}

// list returns the price of quantity units before credits.
func (m Meter) list(quantity decimal.Decimal) *big.Rat {
	total := new(big.Rat)
	for i, tier := range m.Tiers {
		upTo := quantity
		if i+1 < len(m.Tiers) {
			upTo = upTo.Min(m.Tiers[i+1].From)
		}
		if tier.From.Less(upTo) {
			units := new(big.Rat).Sub(fraction(upTo), fraction(tier.From))
			total.Add(total, product(units, fraction(tier.Price.Decimal())))
		}
	}
	return total
}

func (m Meter) rises() bool {
	for i, tier := range m.Tiers {
		if i == 0 && !tier.From.IsZero() || tier.Price.Currency() != m.Tiers[0].Price.Currency() {
			return false
		}
		if i > 0 && !m.Tiers[i-1].From.Less(tier.From) {
			return false
		}
	}
	return len(m.Tiers) > 0
}

// EffectiveUnitPrice returns what one unit cost in the pricing currency, with
// the given digits after the point: nothing when none was used. It fails with
// money.ErrOverflow.
func (u Usage) EffectiveUnitPrice(digits int) (money.Amount, error) {
	return perUnit(u.Priced, u.Quantity, digits, money.HalfUp)
}

// perUnit returns what each of quantity units costs, when all cost total.
func perUnit(total money.Amount, quantity decimal.Decimal, digits int, how money.Rounding) (money.Amount, error) {
	if quantity.IsZero() {
		return money.Zero(total.Currency())
	}
	each := new(big.Rat).Quo(fraction(total.Decimal()), fraction(quantity))
	return rounded(each, total.Currency(), digits, how)
}
