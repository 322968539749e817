package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// child is a server in a process of its own: the floor or Comptoir. Between its
// turns it is stopped, so that what it does in the background is charged to it
// alone.
type child struct {
	greeting
	name string
	cmd  *exec.Cmd
	in   io.Closer // closing it ends the process
}

// greeting is the line with which a child says that it is ready.
type greeting struct {
	Address  string // where it answers
	Profile  string // where it answers profiles
	Cookie   string // of somebody who is signed in to the portal
	Reviewer string // of somebody of the operator who is
}

// start starts this program in a role and waits until it is ready.
func start(ctx context.Context, role role) (*child, error) {
	setup, err := json.Marshal(role)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), roleVariable+"="+string(setup))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	c := &child{name: role.Name, cmd: cmd, in: in}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &c.greeting)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s did not start: %w", role.Name, err), c.stop())
	}
	return c, c.pause()
}

func (c *child) pause() error  { return c.cmd.Process.Signal(syscall.SIGSTOP) }
func (c *child) resume() error { return c.cmd.Process.Signal(syscall.SIGCONT) }

// turn lets c run for as long as f takes.
func (c *child) turn(f func() error) error {
	if err := c.resume(); err != nil {
		return fmt.Errorf("%s: %w", c.name, err)
	}
	err := f()
	return errors.Join(err, c.pause())
}

// settle lets c run until it has nothing to do any more.
func (c *child) settle(ctx context.Context) error {
	return c.turn(func() error {
		const pause, busy = time.Second, 30 * time.Millisecond
		for last := time.Duration(-1); ; {
			used, err := c.used()
			if err != nil || (last >= 0 && used-last < busy) {
				return err
			}
			last = used
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(pause):
			}
		}
	})
}

// used returns how much processor time the process has taken.
func (c *child) used() (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", c.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	const user, system = 11, 12 // places after the name, see proc(5)
	var ticks int64
	for _, field := range []string{fields[user], fields[system]} {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond, nil
}

// stop ends the process and waits for it.
func (c *child) stop() error {
	err := errors.Join(c.resume(), c.in.Close(), c.cmd.Wait())
	if err != nil {
		return fmt.Errorf("%s: %w", c.name, err)
	}
	return nil
}
