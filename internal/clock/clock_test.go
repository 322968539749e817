package clock_test

import (
	"testing"
	"testing/synctest"
	"time"

	"comptoir/internal/clock"
)

func TestAStandingClockMovesOnlyWhenToldTo(t *testing.T) {
	start := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	c := clock.Fixed(start)
	if a, b := c.Now(), c.Now(); !a.Equal(start) || !b.Equal(start) {
		t.Fatalf("the clock moved by itself: %v %v", a, b)
	}
	c.Advance(72 * time.Hour)
	if got, want := c.Now(), start.Add(72*time.Hour); !got.Equal(want) {
		t.Fatalf("now %v, want %v", got, want)
	}
}

func TestASandboxClockRunsAheadOfTheRealTime(t *testing.T) {
	var c clock.Clock
	c.SetOffset(720 * time.Hour)
	ahead := time.Until(c.Now())
	if ahead < 719*time.Hour || ahead > 720*time.Hour {
		t.Fatalf("the clock is %v ahead, want 720h", ahead)
	}
	c.Advance(time.Hour)
	if c.Offset() != 721*time.Hour {
		t.Fatalf("offset %v, want 721h", c.Offset())
	}
}

func TestAStandingClockTravelsToo(t *testing.T) {
	start := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	c := clock.Fixed(start)
	c.SetOffset(48 * time.Hour)
	c.Advance(time.Hour)
	c.SetOffset(72 * time.Hour)
	if got, want := c.Now(), start.Add(73*time.Hour); !got.Equal(want) || c.Offset() != 72*time.Hour {
		t.Fatalf("now %v, offset %v; want %v", got, c.Offset(), want)
	}
}

func TestAStopwatchRunsInRealTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		watch := clock.Start()
		time.Sleep(3 * time.Second) // of the bubble's time
		if got := watch.Elapsed(); got != 3*time.Second {
			t.Errorf("the stopwatch shows %v", got)
		}
	})
}
