package term_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"comptoir/internal/fault"
	"comptoir/internal/refusal"
	"comptoir/internal/term"
)

var bought = time.Date(2026, 11, 20, 9, 13, 5, 0, time.UTC)

// §17.3 and rule G19; refused with RF-36.
func TestWhatCanBeTakenBackAndUntilWhen(t *testing.T) {
	const day = 24 * time.Hour
	tests := []struct {
		name   string
		window term.Window
		after  time.Duration
		want   term.Refund
		days   int // of the refusal
	}{
		{"licences at hour 20", term.Licences, 20 * time.Hour, term.FullRefund, 0},
		{"licences at hour 24", term.Licences, day, term.FullRefund, 0},
		{"licences after hour 24", term.Licences, day + 1, term.PartialRefund, 0},
		{"licences at hour 168", term.Licences, 168 * time.Hour, term.PartialRefund, 0},
		{"licences at hour 170", term.Licences, 170 * time.Hour, term.NoRefund, 7},
		{"software at once", term.Software, 0, term.PartialRefund, 0},
		{"software after a week", term.Software, 7*day + 1, term.NoRefund, 7},
		{"perpetual after 30 days", term.Perpetual, 30 * day, term.FullRefund, 0},
		{"perpetual later", term.Perpetual, 31 * day, term.NoRefund, 30},
		{"marketplace, monthly", term.MarketplaceMonthly, day, term.FullRefund, 0},
		{"marketplace, monthly, later", term.MarketplaceMonthly, 2 * day, term.NoRefund, 1},
		{"marketplace, yearly", term.MarketplaceYearly, 14 * day, term.FullRefund, 0},
		{"marketplace, yearly, later", term.MarketplaceYearly, 15 * day, term.NoRefund, 14},
	}
	for _, tt := range tests {
		got, err := tt.window.Cancel(bought, bought.Add(tt.after))
		if got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
		var refused *fault.Error
		if errors.As(err, &refused) != (tt.days > 0) {
			t.Errorf("%s: %v", tt.name, err)
		}
		if refused != nil && (refused.Code != "900117" || refused.Args["Days"] != tt.days || refused.Args["Until"] != tt.window.Closes(bought)) {
			t.Errorf("%s: refused with %s %v", tt.name, refused.Code, refused.Args)
		}
	}
	if _, err := (term.Window{}).Cancel(bought, bought); !errors.Is(err, refusal.RF36) {
		t.Errorf("an Azure plan was cancelled: %v", err)
	}
}

// The refundOptions of the contract's example (§4.2).
func TestRefundOptionsNameTheirEnd(t *testing.T) {
	want := []term.Option{
		{Refund: term.FullRefund, Until: bought.Add(24 * time.Hour)},
		{Refund: term.PartialRefund, Until: bought.Add(168 * time.Hour)},
	}
	if diff := cmp.Diff(want, term.Licences.Options(bought)); diff != "" {
		t.Error(diff)
	}
	if got := term.Licences.Closes(bought); !got.Equal(time.Date(2026, 11, 27, 9, 13, 5, 0, time.UTC)) {
		t.Errorf("cancellation is allowed until %v", got)
	}
	if term.FullRefund.String()+term.PartialRefund.String() != "FullPartial" {
		t.Error("refunds have other names on the wire")
	}
}

// Rule G17: only seats of the last seven days, the newest first; RF-32.
func TestSeatsAreGivenBackNewestFirst(t *testing.T) {
	at := func(hours int) time.Time { return bought.Add(time.Duration(hours) * time.Hour) }
	seats := term.Batches{}.With(10, at(0)).With(5, at(100)).With(3, at(120))

	left, err := seats.Without(6, at(130))
	want := term.Batches{{Quantity: 10, Until: at(168)}, {Quantity: 2, Until: at(268)}}
	if diff := cmp.Diff(want, left); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	if got := seats.Reducible(at(168)); got != 18 {
		t.Errorf("%d seats can be given back while all windows are open", got)
	}
	if got := seats.Reducible(at(169)); got != 8 {
		t.Errorf("%d seats can be given back once the first window has closed", got)
	}
	if _, err = seats.Without(9, at(169)); !errors.Is(err, refusal.RF32) {
		t.Errorf("nine of eight seats were given back: %v", err)
	}
	if diff := cmp.Diff(term.Batches{{10, at(168)}, {5, at(268)}, {3, at(288)}}, seats); diff != "" {
		t.Error("the batches were changed: " + diff)
	}
}

func TestGivingBackSeatsTakesExactlyThoseFromTheOpenWindows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var seats term.Batches
		now := bought
		for range rapid.IntRange(0, 20).Draw(t, "events") {
			now = now.Add(time.Duration(rapid.IntRange(1, 100).Draw(t, "hours")) * time.Hour)
			n := rapid.Int64Range(1, 50).Draw(t, "seats")
			if rapid.Bool().Draw(t, "added") {
				before := seats.Reducible(now)
				if seats = seats.With(n, now); seats.Reducible(now) != before+n {
					t.Fatalf("%d seats were added to %d, now %v", n, before, seats)
				}
				continue
			}
			before := seats.Reducible(now)
			left, err := seats.Without(n, now)
			if (err != nil) != (n > before) {
				t.Fatalf("%d of %d seats: %v", n, before, err)
			}
			if err == nil {
				if seats = left; seats.Reducible(now) != before-n {
					t.Fatalf("%d of %d seats were given back, now %v", n, before, seats)
				}
			}
		}
	})
}
