package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
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
	Address string // where it answers
	Profile string // where it answers profiles
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
	cmd := exec.CommandContext(ctx, self) //nolint:gosec // this very program
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

// stop ends the process and waits for it.
func (c *child) stop() error {
	err := errors.Join(c.resume(), c.in.Close(), c.cmd.Wait())
	if err != nil {
		return fmt.Errorf("%s: %w", c.name, err)
	}
	return nil
}
