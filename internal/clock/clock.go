// Package clock tells the time of an installation. Rules never ask time.Now:
// they read the clock of their transaction, so that a sandbox can travel in
// time and a test can stand still.
package clock

import (
	"sync/atomic"
	"time"
)

// Clock tells the time. The zero value is the real time; a sandbox sets an
// offset to it. It is safe for concurrent use.
type Clock struct {
	offset atomic.Int64 // nanoseconds added to the real time
	fixed  atomic.Int64 // when not 0, the time in Unix microseconds, standing still
}

// Now returns the time in UTC, to the microsecond, which is what the database keeps.
func (c *Clock) Now() time.Time {
	if f := c.fixed.Load(); f != 0 {
		return time.UnixMicro(f).UTC()
	}
	return time.Now().Add(time.Duration(c.offset.Load())).UTC().Truncate(time.Microsecond)
}

// Offset returns how far the clock is ahead of the real time.
func (c *Clock) Offset() time.Duration { return time.Duration(c.offset.Load()) }

// SetOffset puts the clock d ahead of the real time; one that stands is moved by
// as much. Whether an installation may do so is the caller's rule: only a
// sandbox does.
func (c *Clock) SetOffset(d time.Duration) {
	old := time.Duration(c.offset.Swap(int64(d)))
	if f := c.fixed.Load(); f != 0 {
		c.fixed.Store(time.UnixMicro(f).Add(d - old).UnixMicro())
	}
}

// Fixed returns a clock that stands at t until it is moved.
func Fixed(t time.Time) *Clock {
	c := new(Clock)
	c.Set(t)
	return c
}

// Set makes the clock stand at t.
func (c *Clock) Set(t time.Time) { c.fixed.Store(t.UnixMicro()) }

// Advance moves the clock forward by d, standing or running.
func (c *Clock) Advance(d time.Duration) {
	if f := c.fixed.Load(); f != 0 {
		c.fixed.Store(time.UnixMicro(f).Add(d).UnixMicro())
		return
	}
	c.offset.Add(int64(d))
}
