package charge

import (
	"time"

	"github.com/govalues/decimal"

	"comptoir/internal/money"
)

// Type says why a line of new commerce is charged (§18.2).
type Type uint8

// The charge types.
const (
	New Type = iota + 1
	Renew
	CycleCharge // a later charge cycle of a running term
	AddQuantity
	RemoveQuantity
	MoveQuantity // an upgrade into a subscription that was there
	CancelImmediate
	Convert // a trial that is paid for, or an upgrade to a new subscription
	ChangeBillingPlan
	CustomerCredit // a credit that is not for licences
	ExtendTerm     // a running term that gives way to a longer one
)

var types = [...]string{
	"", "new", "renew", "cycleCharge", "addQuantity", "removeQuantity", "moveQuantity", "cancelImmediate",
	"convert", "changeBillingPlan", "customerCredit", "extendTerm",
}

// String returns t as line items write it: "addQuantity".
func (t Type) String() string { return types[t] }

// ParseType returns the type that line items call s, and whether there is one.
func ParseType(s string) (Type, bool) {
	for t := New; int(t) < len(types); t++ {
		if types[t] == s {
			return t, true
		}
	}
	return 0, false
}

// Line is one line of an invoice: what is charged, or refunded when its
// quantity is negative, for the days From to To, both included.
type Line struct {
	Type     Type
	From, To time.Time
	Formula  Formula
	Subtotal money.Amount // what Formula comes to
}

// Tax returns the tax of l at a rate such as 0.2, truncated for the line by
// itself: the tax of an invoice is the sum of those of its lines (§18.8). It
// fails with money.ErrOverflow.
func (l Line) Tax(rate decimal.Decimal) (money.Amount, error) {
	return truncated(product(fraction(l.Subtotal.Decimal()), fraction(rate)), l.Subtotal.Currency())
}

// Reversed returns the lines that give back to the last digit what lines
// charged: the full refund of a cancellation within its first day (§17.3).
func Reversed(lines []Line) []Line {
	back := make([]Line, len(lines))
	for i, l := range lines {
		l.Type = CancelImmediate
		l.Formula.Quantity = -l.Formula.Quantity
		l.Subtotal = l.Subtotal.Neg()
		back[i] = l
	}
	return back
}
