package identity

import (
	"net/netip"
	"sync"
	"time"

	"comptoir/internal/fault"
)

// ErrTooManyTries refuses a sign-in while the caller has to wait; argument
// Seconds.
var ErrTooManyTries = fault.New(fault.TooMany, "429", "identity.signin.too_many")

// throttle slows down whoever guesses passwords, without locking out the person
// whose password is guessed: it counts by account and network address together,
// and by address alone, never by account alone. A browser in which the person
// signed in before (a known device) is counted by itself, so that strangers
// behind the same address do not slow it down.
//
// It is kept in memory, each node its own: a guesser must not be able to make
// the database write.
type throttle struct {
	mu    sync.Mutex
	tries map[string]*tries
}

// tries are the failures of one counter. An attempt counts as failed until it
// succeeds, so that many at once do not slip through together.
type tries struct {
	failed int
	last   time.Time
}

// limit says how many failures are free and when a counter is forgotten.
type limit struct {
	free   int
	forget time.Duration
}

var (
	perAccount = limit{free: 5, forget: time.Hour} // account and address
	perAddress = limit{free: 50, forget: time.Hour}
	perDevice  = limit{free: 10, forget: time.Hour}
	// perPerson counts guesses at the second factor of an account wherever they
	// come from: who makes them knows the password.
	perPerson = limit{free: 30, forget: 24 * time.Hour}
)

const (
	longestWait  = 15 * time.Minute
	throttleSize = 100_000
)

func newThrottle() *throttle { return &throttle{tries: make(map[string]*tries)} }

// attempt is one try to sign in, counted under each key.
type attempt map[string]limit

// attemptFor returns the counters of a try for an account from an address.
func attemptFor(account, address, device string) attempt {
	if device != "" {
		return attempt{"d\x00" + account + "\x00" + device: perDevice}
	}
	network := networkOf(address)
	return attempt{"a\x00" + account + "\x00" + network: perAccount, "n\x00" + network: perAddress}
}

// networkOf returns the part of an address that one caller has: an IPv4
// address, or the 64-bit network of an IPv6 one.
func networkOf(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	a = a.Unmap()
	if a.Is4() {
		return a.String()
	}
	p, err := a.WithZone("").Prefix(64)
	if err != nil {
		return address
	}
	return p.String()
}

// begin counts a try at now, or refuses it with ErrTooManyTries while one of
// its counters has to wait.
func (t *throttle) begin(a attempt, now time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	for key, l := range a {
		if wait := t.wait(key, l, now); wait > 0 {
			return ErrTooManyTries.With("Seconds", int(wait/time.Second)+1)
		}
	}
	t.makeRoom(now)
	for key, l := range a {
		c := t.tries[key]
		if c == nil || now.Sub(c.last) >= l.forget {
			c = new(tries)
			t.tries[key] = c
		}
		c.failed++
		c.last = now
	}
	return nil
}

// wait returns how long the counter key makes its next try wait: 2, 4, 8 …
// seconds after the free failures.
func (t *throttle) wait(key string, l limit, now time.Time) time.Duration {
	c := t.tries[key]
	if c == nil || c.failed < l.free || now.Sub(c.last) >= l.forget {
		return 0
	}
	delay := min(time.Second<<min(c.failed-l.free+1, 20), longestWait)
	return max(0, delay-now.Sub(c.last))
}

// succeeded forgets the failures of the account from there, and takes the try
// itself back from the address.
func (t *throttle) succeeded(a attempt) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for key, l := range a {
		if l != perAddress {
			delete(t.tries, key)
		} else if c := t.tries[key]; c != nil && c.failed > 0 {
			c.failed--
		}
	}
}

// makeRoom drops counters that are over, and when that is not enough, any:
// whoever fills the table from many addresses gains a few tries at most.
func (t *throttle) makeRoom(now time.Time) {
	if len(t.tries) < throttleSize {
		return
	}
	for key, c := range t.tries {
		if now.Sub(c.last) >= time.Hour {
			delete(t.tries, key)
		}
	}
	for key := range t.tries {
		if len(t.tries) < throttleSize*9/10 {
			return
		}
		delete(t.tries, key)
	}
}
