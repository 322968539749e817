package v1

import (
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"comptoir/internal/id"
	"comptoir/internal/refusal"
)

// limits counts the requests of each partner (section 8).
type limits struct {
	mu        sync.Mutex
	partners  map[id.Tenant]*rate.Limiter
	perMinute int // what the limiters were made for
}

// longestWait is how far ahead rejected requests, which count too, push the time
// at which a partner is let in again; beyond it they no longer count.
const longestWait = time.Minute

// take counts a request of a partner at the time now. It returns refusal.RF42
// with how many seconds to wait when there were more than perMinute of late; 0
// allows any number.
func (l *limits) take(partner id.Tenant, perMinute int, now time.Time) error {
	if perMinute == 0 {
		return nil
	}
	r := l.of(partner, perMinute).ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if wait <= 0 {
		return nil
	}
	if wait > longestWait {
		r.CancelAt(now)
	}
	return refusal.RF42.With("Seconds", int(math.Ceil(wait.Seconds())))
}

func (l *limits) of(partner id.Tenant, perMinute int) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.perMinute != perMinute { // the first request, or the operator changed the setting
		l.partners, l.perMinute = make(map[id.Tenant]*rate.Limiter), perMinute
	}
	limiter := l.partners[partner]
	if limiter == nil {
		limiter = rate.NewLimiter(rate.Every(time.Minute/time.Duration(perMinute)), perMinute)
		l.partners[partner] = limiter
	}
	return limiter
}
