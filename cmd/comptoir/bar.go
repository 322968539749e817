package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// bar shows on a terminal how far a long command is; elsewhere it shows nothing.
type bar struct {
	out         io.Writer // nil when nobody is looking
	size        int64     // of what is read, 0 when it is not known
	start, last time.Time
	drawn       bool
}

// barEvery is how often output is flushed and the bar drawn.
const barEvery = 100 * time.Millisecond

func newBar(w io.Writer, size int64) *bar {
	b := &bar{size: size, start: time.Now(), last: time.Now()}
	if f, ok := w.(*os.File); ok && os.Getenv("TERM") != "dumb" {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			b.out = w
		}
	}
	return b
}

// due reports whether it is time to draw again.
func (b *bar) due() bool {
	if time.Since(b.last) < barEvery {
		return false
	}
	b.last = time.Now()
	return true
}

// clear takes the bar off the terminal, so that something else can be printed.
func (b *bar) clear() {
	if b.drawn {
		fmt.Fprint(b.out, "\r\x1b[K")
		b.drawn = false
	}
}

// draw shows that rows are done and read bytes of the size are read.
func (b *bar) draw(rows, read int64) {
	if b.out == nil {
		return
	}
	b.drawn = true
	fmt.Fprint(b.out, b.text(rows, read, time.Since(b.start)))
}

// width is how many characters the bar itself has.
const width = 30

func (b *bar) text(rows, read int64, took time.Duration) string {
	rate := fmt.Sprintf("%d rows, %.0f rows/s", rows, float64(rows)/took.Seconds())
	if b.size == 0 {
		return rate
	}
	share := min(float64(read)/float64(b.size), 1)
	full := int(share * width)
	left := ""
	if read > 0 {
		rest := time.Duration(float64(took) * (1/share - 1))
		left = ", " + rest.Round(time.Second).String() + " left"
	}
	return fmt.Sprintf("[%s%s] %3.0f%%  %s%s", strings.Repeat("#", full), strings.Repeat("-", width-full), 100*share, rate, left)
}
