package clock

import "time"

// Stopwatch measures how long something takes, in real time: a clock that
// stands still or travels does not disturb it.
type Stopwatch struct{ start time.Time }

// Start starts a stopwatch.
func Start() Stopwatch { return Stopwatch{time.Now()} }

// Elapsed returns how long s has been running.
func (s Stopwatch) Elapsed() time.Duration { return time.Since(s.start) }
