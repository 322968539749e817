package op

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/refusal"
)

// clockSetting keeps how many nanoseconds the clock of a sandbox is ahead.
const clockSetting = "clock.offset"

// ErrClockBackwards refuses to move the clock of a sandbox into the past: what
// has happened stays in order.
var ErrClockBackwards = fault.New(fault.Invalid, "2000", "clock.backwards")

// SetClock is the input of MoveClock.
type SetClock struct{ To time.Time }

// moveClock stores how far the sandbox is ahead. It runs no due work: package
// job does, step by step.
var moveClock = Define(Spec{Action: "clock.move", Write: true},
	func(ctx context.Context, u *Unit, in SetClock) (int64, error) {
		if !u.Sandbox {
			return 0, refusal.SandboxOnly
		}
		if in.To.Before(u.Now) {
			return 0, ErrClockBackwards.On("to")
		}
		ahead := int64(u.kernel.Clock.Offset() + in.To.Sub(u.Now))
		_, err := u.Exec(ctx, putSetting, clockSetting, strconv.FormatInt(ahead, 10), db.Micros(u.Now))
		return ahead, err
	})

// MoveClock sets the clock of a sandbox to a later time, for all nodes. Outside
// a sandbox it is refused.
func (k *Kernel) MoveClock(ctx context.Context, a Actor, in SetClock) error {
	ahead, err := moveClock.Do(ctx, k, a, in)
	if err != nil {
		return fmt.Errorf("clock: %w", err)
	}
	k.Clock.SetOffset(time.Duration(ahead))
	return nil
}

// followClock takes over the clock that another node, or the command line, has
// moved.
func (k *Kernel) followClock(values map[string]string) {
	if !k.Sandbox {
		return
	}
	ahead, err := strconv.ParseInt(values[clockSetting], 10, 64)
	if err == nil && time.Duration(ahead) > k.Clock.Offset() {
		k.Clock.SetOffset(time.Duration(ahead))
	}
}
