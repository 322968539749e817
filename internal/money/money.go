// Package money calculates with amounts of money: exact decimal numbers that
// know their currency. There is no way in or out through a floating-point
// number, and an operation that cannot be done exactly says so.
package money

import (
	"errors"
	"fmt"
	"strings"

	"github.com/bojanz/currency"
	"github.com/govalues/decimal"
)

// The reasons for which an amount cannot be made or calculated.
var (
	// ErrCurrency: two amounts of different currencies, or a code that ISO 4217 does not know.
	ErrCurrency = errors.New("money: wrong currency")
	// ErrNumber: a text that is not a plain decimal number such as "-12.50".
	ErrNumber = errors.New("money: not a decimal number")
	// ErrOverflow: a result that needs more than the 19 digits an amount can hold.
	ErrOverflow = errors.New("money: too many digits")
)

// Amount is a decimal number of up to 19 digits in a currency. Amounts are
// values: no method changes its receiver. The zero Amount is 0 without a
// currency; it can be added to nothing.
type Amount struct {
	number   decimal.Decimal
	currency string
}

// New returns number in the currency with the given ISO 4217 code. It fails
// with ErrCurrency when there is no such code.
func New(number decimal.Decimal, code string) (Amount, error) {
	if code == "" || !currency.IsValid(code) {
		return Amount{}, fmt.Errorf("%w: %q is no currency code", ErrCurrency, code)
	}
	return Amount{number: number, currency: code}, nil
}

// Zero returns 0 of the currency with the given code, or ErrCurrency.
func Zero(code string) (Amount, error) { return New(decimal.Zero, code) }

// Parse reads a plain decimal number ("1234.5", "-0.000012"): digits with at
// most one point, no grouping, no exponent, no blanks. It fails with ErrNumber,
// ErrOverflow or ErrCurrency.
func Parse(number, code string) (Amount, error) {
	d, err := parseNumber(number)
	if err != nil {
		return Amount{}, err
	}
	return New(d, code)
}

// MustParse is Parse for amounts that are written in the source, in tests and
// tables; it panics where Parse fails.
func MustParse(number, code string) Amount {
	a, err := Parse(number, code)
	if err != nil {
		panic(err)
	}
	return a
}

func parseNumber(s string) (decimal.Decimal, error) {
	whole, fraction, point := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	if !digits(whole) || (point && !digits(fraction)) {
		return decimal.Decimal{}, fmt.Errorf("%w: %q", ErrNumber, s)
	}
	if len(fraction) > decimal.MaxScale {
		return decimal.Decimal{}, fmt.Errorf("%w: %q", ErrOverflow, s)
	}
	d, err := decimal.ParseExact(s, len(fraction))
	if err != nil {
		return decimal.Decimal{}, fmt.Errorf("%w: %q", ErrOverflow, s)
	}
	return d, nil
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// Digits returns how many digits after the point the currency has in payment:
// 2 for EUR, 0 for JPY, 3 for KWD. It is 2 for an unknown code.
func Digits(code string) int {
	n, ok := currency.GetDigits(code)
	if !ok {
		return 2
	}
	return int(n)
}

// Decimal returns the number of a.
func (a Amount) Decimal() decimal.Decimal { return a.number }

// Number returns the number of a as Parse reads it and as the database keeps
// it; trailing zeros stay.
func (a Amount) Number() string { return a.number.String() }

// Currency returns the ISO 4217 code of a, empty for the zero Amount.
func (a Amount) Currency() string { return a.currency }

// String returns a for logs: "12.50 EUR". Users read lang's Money instead.
func (a Amount) String() string {
	return strings.TrimSpace(a.number.String() + " " + a.currency)
}

// Sign returns -1, 0 or 1 as a is negative, zero or positive.
func (a Amount) Sign() int { return a.number.Sign() }

// IsZero reports whether the number of a is 0.
func (a Amount) IsZero() bool { return a.number.IsZero() }

// Equal reports whether a and b are the same number of the same currency;
// 1.5 and 1.50 are.
func (a Amount) Equal(b Amount) bool {
	return a.currency == b.currency && a.number.Cmp(b.number) == 0
}

// Compare returns -1, 0 or 1 as a is less than, equal to or greater than b,
// and ErrCurrency when their currencies differ.
func (a Amount) Compare(b Amount) (int, error) {
	if err := a.same(b); err != nil {
		return 0, err
	}
	return a.number.Cmp(b.number), nil
}

// Neg returns -a.
func (a Amount) Neg() Amount {
	a.number = a.number.Neg()
	return a
}

// Add returns a + b, exactly. It fails with ErrCurrency when their currencies
// differ and with ErrOverflow when the sum does not fit: round fine-grained
// products before summing them.
func (a Amount) Add(b Amount) (Amount, error) {
	if err := a.same(b); err != nil {
		return Amount{}, err
	}
	sum, err := a.number.AddExact(b.number, max(a.number.Scale(), b.number.Scale()))
	if err != nil {
		return Amount{}, fmt.Errorf("%w: %s + %s", ErrOverflow, a, b)
	}
	a.number = sum
	return a, nil
}

// Sub returns a - b, exactly; it fails as Add does.
func (a Amount) Sub(b Amount) (Amount, error) { return a.Add(b.Neg()) }

// Multiply returns a × factor: exact as far as 19 digits hold it, beyond that
// rounded half to even in the last of them, which is far below any currency's
// unit. It fails with ErrOverflow when the whole part does not fit.
func (a Amount) Multiply(factor decimal.Decimal) (Amount, error) {
	product, err := a.number.Mul(factor)
	if err != nil {
		return Amount{}, fmt.Errorf("%w: %s × %s", ErrOverflow, a, factor)
	}
	a.number = product
	return a, nil
}

// Times returns a × n, exactly, or ErrOverflow.
func (a Amount) Times(n int64) (Amount, error) {
	factor, err := decimal.New(n, 0)
	if err == nil {
		factor, err = a.number.MulExact(factor, a.number.Scale())
	}
	if err != nil {
		return Amount{}, fmt.Errorf("%w: %s × %d", ErrOverflow, a, n)
	}
	a.number = factor
	return a, nil
}

// Sum adds up amounts of the currency with the given code; the sum of none is 0.
func Sum(code string, amounts ...Amount) (Amount, error) {
	total, err := Zero(code)
	for _, a := range amounts {
		if err != nil {
			break
		}
		total, err = total.Add(a)
	}
	return total, err
}

func (a Amount) same(b Amount) error {
	if a.currency != b.currency || a.currency == "" {
		return fmt.Errorf("%w: %s and %s do not mix", ErrCurrency, a, b)
	}
	return nil
}

// Symbol returns the sign that people write for a currency ("€"), or the code where
// there is none.
func Symbol(code string) string {
	s, ok := currency.GetSymbol(code, currency.NewLocale("en"))
	if !ok {
		return code
	}
	return s
}
