package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"comptoir/internal/bench/report"
	"comptoir/internal/clock"
)

// build builds the program as it is released, once, and returns its path.
func (b *bench) build(ctx context.Context) (string, error) {
	if b.program != "" {
		return b.program, nil
	}
	path := filepath.Join(b.temp, "comptoir")
	cmd := exec.CommandContext(ctx, "make", "build", "BIN="+path)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	b.program = path
	return path, nil
}

// residence measures the program itself: how long it takes to start on a filled
// database, how much memory it then needs, and how large it is.
func (b *bench) residence(ctx context.Context) ([]report.Row, error) {
	program, err := b.build(ctx)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(program)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(b.temp, "start.db")
	if err := copyFile(path, b.small.Path); err != nil {
		return nil, err
	}
	const starts = 7
	var times []time.Duration
	var memory float64
	for i := range starts {
		s, err := launch(ctx, program, path)
		if err != nil {
			return nil, err
		}
		times = append(times, s.took)
		if i == starts-1 {
			memory, err = s.idle(ctx)
		}
		if err := errors.Join(err, s.stop()); err != nil {
			return nil, err
		}
	}
	start := median(times, milliseconds)
	size := float64(info.Size()) / 1e6
	return []report.Row{
		{Measure: "start on 50 000 customers to the first answer", Figure: report.Number(start) + " ms", Value: start, Unit: "ms", Goal: report.AtMost(150)},
		{Measure: "memory when idle", Figure: report.Number(memory) + " MiB", Value: memory, Unit: "MiB", Goal: report.AtMost(64)},
		{Measure: "size of the program", Figure: report.Number(size) + " MB", Value: size, Unit: "MB", Goal: report.AtMost(45)},
	}, nil
}

// server is the released program, serving.
type server struct {
	cmd  *exec.Cmd
	took time.Duration // from its start to the first answer
}

// launch starts the program on a database and waits for its first answer.
func launch(ctx context.Context, program, database string) (*server, error) {
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, program, "serve", "--db", database, "--listen", address, "--log-level", "warn")
	cmd.Stderr = os.Stderr
	watch := clock.Start()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	for watch.Elapsed() < 20*time.Second {
		if _, err = fetch(ctx, "GET", "http://"+address+"/readyz", nil); err == nil {
			return &server{cmd, watch.Elapsed()}, nil
		}
		time.Sleep(time.Millisecond)
	}
	return nil, errors.Join(fmt.Errorf("the program does not answer: %w", err), cmd.Process.Kill(), cmd.Wait())
}

// freeAddress returns an address that nobody listens on.
func freeAddress(ctx context.Context) (string, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// idle returns how much memory the process holds a while after its start, in MiB.
func (s *server) idle(ctx context.Context) (float64, error) {
	select {
	case <-ctx.Done():
		return 0, ctx.Err()
	case <-time.After(5 * time.Second):
	}
	kilobytes, err := strconv.Atoi(firstWord(lineOf(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid), "VmRSS")))
	return float64(kilobytes) / 1024, err
}

// stop tells the program to end and waits until it has.
func (s *server) stop() error {
	return errors.Join(s.cmd.Process.Signal(syscall.SIGTERM), s.cmd.Wait())
}
