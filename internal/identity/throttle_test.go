package identity

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"comptoir/internal/clock"
	"comptoir/internal/fault"
)

func clockAt(t time.Time) *clock.Clock { return clock.Fixed(t) }

// guess makes n wrong tries and returns how many were let through.
func guess(t *throttle, a attempt, now time.Time, n int) int {
	let := 0
	for range n {
		if t.begin(a, now) == nil {
			let++
		}
	}
	return let
}

func TestGuessingGetsSlowerAndSlower(t *testing.T) {
	th, now := newThrottle(), today()
	stranger := attemptFor("maja", "203.0.113.9", "")
	if let := guess(th, stranger, now, 100); let != perAccount.free {
		t.Errorf("%d guesses at once, want %d", let, perAccount.free)
	}
	var refused *fault.Error
	if err := th.begin(stranger, now); !errors.As(err, &refused) || !errors.Is(err, ErrTooManyTries) || refused.Args["Seconds"] == 0 {
		t.Errorf("got %v", err)
	}
	let := 0
	for range 24 * 60 {
		now = now.Add(time.Minute)
		let += guess(th, stranger, now, 10)
	}
	if let > 24*60/15+20 {
		t.Errorf("%d guesses in a day", let)
	}
}

func TestAStrangerDoesNotLockTheOwnerOut(t *testing.T) {
	th, now := newThrottle(), today()
	guess(th, attemptFor("maja", "203.0.113.9", ""), now, 1000)
	if err := th.begin(attemptFor("maja", "192.0.2.10", ""), now); err != nil {
		t.Errorf("from her own address: %v", err)
	}
	if err := th.begin(attemptFor("maja", "203.0.113.9", "her telephone"), now); err != nil {
		t.Errorf("with a known device, even from the stranger's address: %v", err)
	}
	if let := guess(th, attemptFor("maja", "192.0.2.10", "stolen telephone"), now, 100); let != perDevice.free {
		t.Errorf("%d guesses with a known device, want %d", let, perDevice.free)
	}
}

func TestManyAccountsFromOneAddressAreSlowedDownTogether(t *testing.T) {
	th, now := newThrottle(), today()
	let := 0
	for i := range 1000 {
		let += guess(th, attemptFor(fmt.Sprint("user", i), fmt.Sprintf("2001:db8:1:2::%x", i+1), ""), now, 1)
	}
	if let != perAddress.free {
		t.Errorf("%d accounts tried from one network, want %d", let, perAddress.free)
	}
}

func TestSuccessForgetsTheFailures(t *testing.T) {
	th, now := newThrottle(), today()
	a := attemptFor("maja", "192.0.2.10", "")
	for range 20 {
		guess(th, a, now, perAccount.free-1)
		if err := th.begin(a, now); err != nil {
			t.Fatal(err)
		}
		th.succeeded(a)
		now = now.Add(time.Hour)
	}
}

func TestTheTableOfTriesIsBounded(t *testing.T) {
	th, now := newThrottle(), today()
	for i := range throttleSize + 1000 {
		th.begin(attempt{fmt.Sprint(i): perAccount}, now) // each is a first try
	}
	if len(th.tries) > throttleSize {
		t.Errorf("%d counters", len(th.tries))
	}
}
