package charge

import (
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/govalues/decimal"

	"comptoir/internal/money"
	"comptoir/internal/term"
)

// LegacyRule says how a part of a legacy price is rounded. The published
// examples do it in different ways (§18.5).
type LegacyRule struct {
	DayDigits int            // digits of the price of a day, rounded half up; below 0, exact
	Rounding  money.Rounding // of the price of the part
}

// The ways of the published examples.
var (
	LegacyMonthly = LegacyRule{DayDigits: 3, Rounding: money.HalfUp}
	LegacyAnnual  = LegacyRule{DayDigits: 2, Rounding: money.HalfUp}
	LegacyExact   = LegacyRule{DayDigits: -1, Rounding: money.HalfUp}
)

// part returns the price of one licence for days of a cycle of so many days, not
// rounded, but never more than that of the whole, to which the price of a day,
// rounded up, could add up.
func (r LegacyRule) part(price money.Amount, days Share) (*big.Rat, error) {
	whole := fraction(price.Decimal())
	if days.isWhole() {
		return whole, nil
	}
	if r.DayDigits < 0 {
		return product(whole, days.fraction()), nil
	}
	day, err := rounded(product(whole, Share{1, days.Of}.fraction()), price.Currency(), r.DayDigits, money.HalfUp)
	if err != nil {
		return nil, err
	}
	part := product(fraction(day.Decimal()), big.NewRat(int64(days.Part), 1))
	if part.Cmp(whole) > 0 {
		return whole, nil
	}
	return part, nil
}

// LegacyLine is a line of a legacy invoice, for the days From to To, both
// included. Unit is the price of one licence for them.
type LegacyLine struct {
	Type     LegacyType
	From, To time.Time
	Unit     money.Amount
	Quantity int64 // negative when licences are credited
	Amount   money.Amount
}

// LegacyCover is what a legacy subscription is charged for in a charge cycle,
// from the day From, which the last line is for.
type LegacyCover struct {
	Cycle    term.Cycle
	From     time.Time
	Price    money.Amount // of a licence for a whole cycle
	Quantity int64
	Rule     LegacyRule
}

// Charge returns the line for the licences of c from From to the end of the cycle.
func (c LegacyCover) Charge(t LegacyType) (LegacyLine, error) {
	return c.line(t, c.From, c.Cycle.End, c.Quantity)
}

func (c LegacyCover) line(t LegacyType, from, to time.Time, quantity int64) (LegacyLine, error) {
	if !c.Cycle.Covers(from) {
		return LegacyLine{}, fmt.Errorf("%w: %s", ErrDay, from.Format(time.DateOnly))
	}
	part, err := c.Rule.part(c.Price, Share{term.Days(from, to), c.Cycle.Days})
	if err != nil {
		return LegacyLine{}, err
	}
	currency := c.Price.Currency()
	unit, err := rounded(part, currency, money.Digits(currency), c.Rule.Rounding)
	if err != nil {
		return LegacyLine{}, err
	}
	l := LegacyLine{Type: t, From: from, To: to, Unit: unit, Quantity: quantity}
	if c.Rule.DayDigits < 0 {
		l.Amount, err = rounded(product(part, big.NewRat(quantity, 1)), currency, money.Digits(currency), c.Rule.Rounding)
	} else {
		l.Amount, err = unit.Times(quantity)
	}
	return l, err
}

// Resized returns c with another quantity, at least 1, from day on, and its
// lines: what was charged from From on is taken back, then charged with the old
// quantity until the day before and with the new one from day. It fails with
// ErrDay and ErrQuantity.
func (c LegacyCover) Resized(day time.Time, quantity int64) (LegacyCover, []LegacyLine, error) {
	day = term.Day(day)
	if quantity < 1 {
		return LegacyCover{}, nil, fmt.Errorf("%w: %d licences", ErrQuantity, quantity)
	}
	if day.Before(c.From) {
		return LegacyCover{}, nil, fmt.Errorf("%w: %s was charged anew", ErrDay, day.Format(time.DateOnly))
	}
	offset, err := c.line(LegacyOffset, c.From, c.Cycle.End, -c.Quantity)
	if err != nil {
		return LegacyCover{}, nil, err
	}
	lines := []LegacyLine{offset}
	if day.After(c.From) {
		used, err := c.line(LegacyCycleProrate, c.From, day.AddDate(0, 0, -1), c.Quantity)
		if err != nil {
			return LegacyCover{}, nil, err
		}
		lines = append(lines, used)
	}
	c.From, c.Quantity = day, quantity
	left, err := c.Charge(LegacyCycleProrate)
	if err != nil {
		return LegacyCover{}, nil, err
	}
	return c, append(lines, left), nil
}

// legacyGrace is for how many days after a purchase a suspension credits the
// whole cycle.
const legacyGrace = 30

// Suspended returns the credit of a suspension on day: all that was charged for
// the cycle within 30 days of the purchase, later the part that is left (§18.5).
// It fails with ErrDay.
func (c LegacyCover) Suspended(day, bought time.Time, charged []LegacyLine) ([]LegacyLine, error) {
	day = term.Day(day)
	if !day.After(term.Day(bought).AddDate(0, 0, legacyGrace)) {
		credits := slices.Clone(charged)
		for i := range credits {
			l := &credits[i]
			l.Type, l.Quantity, l.Amount = LegacyCancelFee, -l.Quantity, l.Amount.Neg()
		}
		return credits, nil
	}
	credit, err := c.line(LegacyCancelFee, day, c.Cycle.End, -c.Quantity)
	return []LegacyLine{credit}, err
}

// Reactivated returns c and the line for it from day on, after a suspension. It
// fails with ErrDay.
func (c LegacyCover) Reactivated(day time.Time) (LegacyCover, LegacyLine, error) {
	c.From = term.Day(day)
	l, err := c.Charge(LegacyProrateActivate)
	return c, l, err
}

// Converted returns the credit of c for the days that are left when another
// offer comes in its place on day. It is truncated, as in the examples of
// §18.5, and so never more than what was charged for them. It fails with ErrDay.
func (c LegacyCover) Converted(day time.Time) (LegacyLine, error) {
	c.Rule.Rounding = money.Down
	return c.line(LegacyProrateConvertAway, term.Day(day), c.Cycle.End, -c.Quantity)
}

// LegacyUsage is what usage beyond what is included costs (§18.5). The effective
// rates are per unit and have eight digits, truncated.
type LegacyUsage struct {
	Pretax, PostTax         money.Amount
	PretaxRate, PostTaxRate money.Amount
}

// LegacyOverage returns the price of the units beyond those included, at list
// each, with the given tax. It fails with the errors of money.
func LegacyOverage(list money.Amount, units decimal.Decimal, tax money.Amount) (LegacyUsage, error) {
	const rateDigits = 8
	var u LegacyUsage
	var err error
	price := product(fraction(list.Decimal()), fraction(units))
	if u.Pretax, err = rounded(price, list.Currency(), money.Digits(list.Currency()), money.HalfUp); err != nil {
		return LegacyUsage{}, err
	}
	if u.PostTax, err = u.Pretax.Add(tax); err != nil {
		return LegacyUsage{}, err
	}
	if u.PretaxRate, err = perUnit(u.Pretax, units, rateDigits, money.Down); err != nil {
		return LegacyUsage{}, err
	}
	u.PostTaxRate, err = perUnit(u.PostTax, units, rateDigits, money.Down)
	return u, err
}
