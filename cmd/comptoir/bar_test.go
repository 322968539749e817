package main

import (
	"bytes"
	"testing"
	"time"
)

func TestABarSaysHowFarItIs(t *testing.T) {
	for want, b := range map[string]*bar{
		"[###############---------------]  50%  1000 rows, 500 rows/s, 2s left": {size: 4000},
		"1000 rows, 500 rows/s": {},
	} {
		if got := b.text(1000, 2000, 2*time.Second); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := (&bar{size: 100}).text(0, 0, time.Second); got != "[------------------------------]   0%  0 rows, 0 rows/s" {
		t.Errorf("at the beginning %q", got)
	}
}

// Scripts read what a command prints, and want no bar in it.
func TestNobodyButATerminalIsShownABar(t *testing.T) {
	var out bytes.Buffer
	b := newBar(&out, 100)
	b.draw(1, 10)
	b.clear()
	if out.Len() != 0 {
		t.Errorf("printed %q", out.String())
	}
}
