package money

import "github.com/govalues/decimal"

// Rounding says what becomes of the digits that are dropped.
type Rounding uint8

// The ways to round. "Up" is away from zero and "down" towards it, so that an
// amount and its negative (a charge and its credit) round alike.
const (
	HalfUp   Rounding = iota // to the nearest; the middle goes up
	HalfEven                 // to the nearest; the middle goes to the even neighbour
	Up                       // away from zero
	Down                     // towards zero
)

// String returns the name of r as settings and documents spell it.
func (r Rounding) String() string {
	switch r {
	case HalfUp:
		return "half-up"
	case HalfEven:
		return "half-even"
	case Up:
		return "up"
	case Down:
		return "down"
	}
	return "unknown"
}

// ParseRounding returns the rounding with the given name ("half-up",
// "half-even", "up", "down") and whether there is one.
func ParseRounding(name string) (Rounding, bool) {
	for r := HalfUp; r <= Down; r++ {
		if r.String() == name {
			return r, true
		}
	}
	return 0, false
}

// Round returns a with the digits of its currency: 12.345 EUR becomes 12.35
// (HalfUp), 12 JPY stays as it is. A number
// that is shorter than the currency's gets zeros: 12.5 EUR becomes 12.50.
func (a Amount) Round(r Rounding) Amount { return a.RoundTo(Digits(a.currency), r) }

// RoundTo returns a with scale digits after the point (0 to 19); a shorter
// number gets zeros as far as 19 digits hold them.
func (a Amount) RoundTo(scale int, r Rounding) Amount {
	a.number = round(a.number, scale, r).Pad(scale)
	return a
}

func round(d decimal.Decimal, scale int, r Rounding) decimal.Decimal {
	if d.Scale() <= scale {
		return d
	}
	switch r {
	case HalfEven:
		return d.Round(scale)
	case HalfUp:
		if !losesHalf(d, d.Scale()-scale) {
			return d.Trunc(scale)
		}
	case Down:
		return d.Trunc(scale)
	}
	if d.IsNeg() {
		return d.Floor(scale)
	}
	return d.Ceil(scale)
}

// losesHalf reports whether the last n digits of d (1 to 19) are at least half
// of a unit of the digit before them.
func losesHalf(d decimal.Decimal, n int) bool {
	half := uint64(5)
	for range n - 1 {
		half *= 10
	}
	return d.Coef()%(2*half) >= half
}
