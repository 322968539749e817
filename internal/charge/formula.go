package charge

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/govalues/decimal"

	"comptoir/internal/money"
)

// Mode says where a charge line is truncated. The published examples disagree
// (§18.3), so it is a choice.
type Mode uint8

// The modes.
const (
	ByUnit Mode = iota // the price of one licence, then times the quantity
	ByLine             // the price of all licences
)

// String returns m as a setting spells it: "unit", "line".
func (m Mode) String() string { return [...]string{"unit", "line"}[m] }

// Exchange is what one unit of the pricing currency costs in the currency of
// the invoice (pcToBCExchangeRate, §18.7).
type Exchange struct {
	Rate     decimal.Decimal
	Currency string // of the invoice, ISO 4217
}

// SameCurrency returns the exchange of a price that is billed in its own currency.
func SameCurrency(code string) Exchange { return Exchange{Rate: decimal.One, Currency: code} }

// Share is the part of a charge cycle that is paid for, in days or months. The
// zero Share is the whole.
type Share struct{ Part, Of int }

func (s Share) fraction() *big.Rat {
	if s.isWhole() {
		return big.NewRat(1, 1)
	}
	return big.NewRat(int64(s.Part), int64(s.Of))
}

func (s Share) isWhole() bool { return s.Part == s.Of }

// Formula is how the amount of a charge line comes about (§18.3).
type Formula struct {
	Price    money.Amount // of a licence for a whole charge cycle, discounts taken off
	Months   Share        // after a change of billing, the months of the cycle that were left
	Days     Share        // the days that the line pays for
	Quantity int64        // licences; negative when they are refunded
	Exchange Exchange
	Mode     Mode
}

// unit returns the price of one licence for the share that is paid for, in the
// pricing currency.
func (f Formula) unit() *big.Rat {
	return product(fraction(f.Price.Decimal()), f.Months.fraction(), f.Days.fraction())
}

// EffectiveUnitPrice returns the price of one licence for the share that is
// paid for, in the pricing currency, with the given digits after the point. It
// is for showing: the formula uses it exactly. It fails with money.ErrOverflow.
func (f Formula) EffectiveUnitPrice(digits int, how money.Rounding) (money.Amount, error) {
	return rounded(f.unit(), f.Price.Currency(), digits, how)
}

// Subtotal returns the amount of the line, in the currency of the invoice and
// without tax. It fails with money.ErrOverflow and money.ErrCurrency.
func (f Formula) Subtotal() (money.Amount, error) {
	unit := product(f.unit(), fraction(f.Exchange.Rate))
	if f.Mode == ByLine {
		return truncated(product(unit, new(big.Rat).SetInt64(f.Quantity)), f.Exchange.Currency)
	}
	each, err := truncated(unit, f.Exchange.Currency)
	if err != nil {
		return money.Amount{}, err
	}
	return each.Times(f.Quantity)
}

// String returns f in figures, for whoever wants to calculate it again:
// "TRUNC(23.70 × 17 ÷ 31, 2) × 14", in the currency of the invoice.
func (f Formula) String() string {
	var unit strings.Builder
	unit.WriteString(f.Price.Number())
	for _, s := range []Share{f.Months, f.Days} {
		if !s.isWhole() {
			fmt.Fprintf(&unit, " × %d ÷ %d", s.Part, s.Of)
		}
	}
	if !f.Exchange.Rate.IsOne() {
		fmt.Fprintf(&unit, " × %s", f.Exchange.Rate)
	}
	digits := money.Digits(f.Exchange.Currency)
	if f.Mode == ByLine {
		return fmt.Sprintf("TRUNC(%s × %d, %d)", &unit, f.Quantity, digits)
	}
	return fmt.Sprintf("TRUNC(%s, %d) × %d", &unit, digits, f.Quantity)
}
