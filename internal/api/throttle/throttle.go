// Package throttle counts the requests that organizations send, for all interfaces
// together (api-customers.md, section 8).
package throttle

import (
	"math"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"comptoir/internal/id"
	"comptoir/internal/op"
	"comptoir/internal/refusal"
)

// RequestsPerMinute is how many requests a minute an organization may send; "0" is any
// number.
var RequestsPerMinute = op.DefineSetting(op.Setting{
	Name: "api.requestsPerMinute", Default: "0", Check: isCount, Rule: "api-customers 8", Mark: "D", Effect: "setting.api.requests_per_minute",
})

// isCount checks a setting that is a number.
func isCount(value string) error {
	_, err := strconv.ParseUint(value, 10, 31)
	return err
}

// Limits counts the requests of each organization. The zero value has counted none.
type Limits struct {
	mu            sync.Mutex
	organizations map[id.Tenant]*rate.Limiter
	perMinute     int // what the limiters were made for
}

// longestWait is how far ahead rejected requests, which count too, push the time
// at which an organization is let in again; beyond it they no longer count.
const longestWait = time.Minute

// Take counts a request of an organization. It returns refusal.RF42 with how many
// Seconds to wait when there were more of late than k's setting allows.
func (l *Limits) Take(k *op.Kernel, tenant id.Tenant) error {
	perMinute, err := strconv.Atoi(k.Setting(RequestsPerMinute))
	if err != nil || perMinute <= 0 { // 0, or what somebody wrote past the check
		return nil //nolint:nilerr // the default is no limit
	}
	now := k.Wall.Now()
	r := l.of(tenant, perMinute).ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if wait <= 0 {
		return nil
	}
	if wait > longestWait {
		r.CancelAt(now)
	}
	return refusal.RF42.With("Seconds", int(math.Ceil(wait.Seconds())))
}

func (l *Limits) of(tenant id.Tenant, perMinute int) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.perMinute != perMinute { // the first request, or the operator changed the setting
		l.organizations, l.perMinute = make(map[id.Tenant]*rate.Limiter), perMinute
	}
	limiter := l.organizations[tenant]
	if limiter == nil {
		limiter = rate.NewLimiter(rate.Every(time.Minute/time.Duration(perMinute)), perMinute)
		l.organizations[tenant] = limiter
	}
	return limiter
}
