package main

import (
	"context"
	"fmt"
	"time"

	"comptoir/internal/app"
	"comptoir/internal/op"
)

type clockCommand struct {
	Show    clockShow    `cmd:"" help:"Print the time of the installation."`
	Advance clockAdvance `cmd:"" help:"Move the clock of a sandbox ahead; what is due on the way happens in order."`
	Set     clockSet     `cmd:"" help:"Move the clock of a sandbox to a later time."`
}

type clockShow struct{}

// Run prints the time of the installation.
func (clockShow) Run(ctx context.Context, c *commands, o output) error {
	return with(ctx, c, func(a *app.App) error { return printTime(a, c, o) })
}

type clockAdvance struct {
	By time.Duration `arg:"" help:"How far, such as 720h."`
}

// Run moves the clock ahead.
func (m *clockAdvance) Run(ctx context.Context, c *commands, o output) error {
	if m.By < 0 {
		return usageError{fmt.Errorf("%s is not ahead", m.By)}
	}
	return with(ctx, c, func(a *app.App) error { return travel(ctx, a, c, o, a.Kernel.Clock.Now().Add(m.By)) })
}

type clockSet struct {
	To string `arg:"" help:"When, such as 2027-01-31T00:00:00Z."`
}

// Run moves the clock to a time.
func (m *clockSet) Run(ctx context.Context, c *commands, o output) error {
	to, err := time.Parse(time.RFC3339, m.To)
	if err != nil {
		return usageError{fmt.Errorf("%q is not a time such as 2027-01-31T00:00:00Z", m.To)}
	}
	return with(ctx, c, func(a *app.App) error { return travel(ctx, a, c, o, to) })
}

func travel(ctx context.Context, a *app.App, c *commands, o output, to time.Time) error {
	if _, err := a.Workers.Travel(ctx, op.System("", 0, op.ViaCLI), to); err != nil {
		return err
	}
	return printTime(a, c, o)
}

func printTime(a *app.App, c *commands, o output) error {
	now := a.Kernel.Clock.Now().Format(time.RFC3339)
	return o.print(c, struct {
		Now string `json:"now"`
	}{now}, now)
}
