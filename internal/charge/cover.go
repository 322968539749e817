package charge

import (
	"fmt"
	"time"

	"comptoir/internal/money"
	"comptoir/internal/term"
)

// Cover is what a subscription is charged for in a charge cycle: so many
// licences, from now to the end of the cycle. It keeps the price, the exchange
// rate and the mode at which it was charged, so that a refund takes back what
// was charged, whatever holds by then.
type Cover struct {
	Cycle    term.Cycle
	Price    money.Amount // of a licence for a whole cycle, discounts taken off
	Months   Share        // of the cycle, after a change of billing: term.Switched
	Quantity int64
	Exchange Exchange
	Mode     Mode
}

// Charge returns the line for the whole of c, at the start of its cycle: a
// purchase, a renewal, a later cycle or a change of billing.
func (c Cover) Charge(t Type) (Line, error) { return c.line(t, c.Cycle.Start, c.Quantity) }

// line returns the line for quantity licences from day to the end of the cycle.
func (c Cover) line(t Type, day time.Time, quantity int64) (Line, error) {
	if !c.Cycle.Covers(day) {
		return Line{}, fmt.Errorf("%w: %s", ErrDay, day.Format(time.DateOnly))
	}
	f := Formula{
		Price: c.Price, Months: c.Months, Days: Share{c.Cycle.From(day), c.Cycle.Days},
		Quantity: quantity, Exchange: c.Exchange, Mode: c.Mode,
	}
	subtotal, err := f.Subtotal()
	if err != nil {
		return Line{}, err
	}
	return Line{Type: t, From: term.Day(day), To: c.Cycle.End, Formula: f, Subtotal: subtotal}, nil
}

// Resized returns c with another quantity, at least 1, from day on, and its two
// lines: the refund of all licences there were and the charge of all there are
// now, for the days that are left, the latter at the exchange rate of the day.
// Nothing is charged when the quantity stays. It fails with ErrDay and
// ErrQuantity.
func (c Cover) Resized(day time.Time, quantity int64, today Exchange) (Cover, []Line, error) {
	if quantity < 1 {
		return Cover{}, nil, fmt.Errorf("%w: %d licences", ErrQuantity, quantity)
	}
	if quantity == c.Quantity {
		return c, nil, nil
	}
	t := AddQuantity
	if quantity < c.Quantity {
		t = RemoveQuantity
	}
	refund, err := c.line(t, day, -c.Quantity)
	if err != nil {
		return Cover{}, nil, err
	}
	c.Quantity, c.Exchange = quantity, today
	charged, err := c.line(t, day, quantity)
	if err != nil {
		return Cover{}, nil, err
	}
	return c, []Line{refund, charged}, nil
}

// Cancelled returns the refund of all licences for the days that are left, that
// of cancellation included (§17.3). A full refund is made by Reversed. It fails
// with ErrDay.
func (c Cover) Cancelled(day time.Time) (Line, error) {
	return c.line(CancelImmediate, day, -c.Quantity)
}

// Move is a change from one subscription to another, or to another term: Given
// licences of From are refunded and Taken of To charged, from Day to the ends
// of their cycles. Its type is MoveQuantity, Convert or ExtendTerm.
type Move struct {
	Type         Type
	Day          time.Time
	From, To     Cover // To has the exchange rate of the day
	Given, Taken int64
}

// Lines returns what From and To are after m, and the two lines of m. It fails
// with ErrDay, and with ErrQuantity when From has fewer licences than it gives.
func (m Move) Lines() (from, to Cover, lines []Line, err error) {
	if m.Given < 1 || m.Given > m.From.Quantity || m.Taken < 1 {
		return from, to, nil, fmt.Errorf("%w: %d of %d licences for %d", ErrQuantity, m.Given, m.From.Quantity, m.Taken)
	}
	refund, err := m.From.line(m.Type, m.Day, -m.Given)
	if err != nil {
		return from, to, nil, err
	}
	charged, err := m.To.line(m.Type, m.Day, m.Taken)
	if err != nil {
		return from, to, nil, err
	}
	from, to = m.From, m.To
	from.Quantity -= m.Given
	to.Quantity += m.Taken
	return from, to, []Line{refund, charged}, nil
}
