package term

import (
	"slices"
	"time"

	"comptoir/internal/refusal"
)

const oneDay = 24 * time.Hour

// Window says how long after a purchase, or after a renewal was completed, it
// can be taken back (§17.3, rule G19). The zero Window is that of what cannot.
type Window struct {
	Full    time.Duration // so long for all of its price
	Partial time.Duration // so long for the part of the price that is left
}

// The windows of the kinds of products; an Azure plan has none.
var (
	Licences           = Window{Full: oneDay, Partial: 7 * oneDay}
	Software           = Window{Partial: 7 * oneDay} // subscriptions to software
	Perpetual          = Window{Full: 30 * oneDay}
	MarketplaceMonthly = Window{Full: oneDay}
	MarketplaceYearly  = Window{Full: 14 * oneDay}
)

// Refund is how much of a price is given back.
type Refund uint8

// The refunds.
const (
	NoRefund Refund = iota
	PartialRefund
	FullRefund
)

// String returns r as the wire writes it: "Full", "Partial".
func (r Refund) String() string {
	return [...]string{"", "Partial", "Full"}[r]
}

// Option is a refund and the moment until which it is given.
type Option struct {
	Refund Refund
	Until  time.Time
}

// Options returns the refunds of a purchase that was completed then, the best
// first.
func (w Window) Options(completed time.Time) []Option {
	var options []Option
	if w.Full > 0 {
		options = append(options, Option{FullRefund, completed.Add(w.Full)})
	}
	if w.Partial > w.Full {
		options = append(options, Option{PartialRefund, completed.Add(w.Partial)})
	}
	return options
}

// Closes returns until when a purchase that was completed then can be
// cancelled: cancellationAllowedUntilDate.
func (w Window) Closes(completed time.Time) time.Time {
	return completed.Add(max(w.Full, w.Partial))
}

// Cancel returns the refund of a purchase that was completed then and is
// cancelled now. Past the window it refuses with RF-36, whose arguments are the
// moment it closed, Until, and its length, Days.
func (w Window) Cancel(completed, now time.Time) (Refund, error) {
	for _, o := range w.Options(completed) {
		if !now.After(o.Until) {
			return o.Refund, nil
		}
	}
	length := max(w.Full, w.Partial)
	if length == 0 {
		return NoRefund, refusal.RF36
	}
	return NoRefund, refusal.RF36.With("Until", w.Closes(completed)).With("Days", int(length/oneDay))
}

// Batch is a number of seats that came at once, by a purchase, an increase or a
// renewal, and the moment until which they can be given back.
type Batch struct {
	Quantity int64
	Until    time.Time
}

// Batches are the seats of a subscription that could be given back, in the
// order in which they came: refundableQuantity.details.
type Batches []Batch

// With returns b and the given seats, which came at the moment completed. The
// windows of earlier ones stay open.
func (b Batches) With(quantity int64, completed time.Time) Batches {
	return append(slices.Clone(b), Batch{quantity, Licences.Closes(completed)})
}

// Open returns those of b whose window is open now.
func (b Batches) Open(now time.Time) Batches {
	var open Batches
	for _, batch := range b {
		if !now.After(batch.Until) {
			open = append(open, batch)
		}
	}
	return open
}

// Reducible returns how many seats can be given back now.
func (b Batches) Reducible(now time.Time) int64 {
	var seats int64
	for _, batch := range b.Open(now) {
		seats += batch.Quantity
	}
	return seats
}

// Without returns the batches that are open after the given seats, at least
// one, were given back now: the newest ones go first (§17.3). When there are not
// so many it refuses with RF-32, whose argument Reducible says how many there are.
func (b Batches) Without(quantity int64, now time.Time) (Batches, error) {
	open := b.Open(now)
	if reducible := open.Reducible(now); quantity > reducible {
		return nil, refusal.RF32.With("Reducible", reducible)
	}
	for i := len(open) - 1; quantity > 0; i-- {
		taken := min(quantity, open[i].Quantity)
		open[i].Quantity -= taken
		quantity -= taken
	}
	return slices.DeleteFunc(open, func(batch Batch) bool { return batch.Quantity == 0 }), nil
}
