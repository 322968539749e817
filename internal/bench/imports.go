package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"comptoir/internal/bench/report"
	"comptoir/internal/bench/world"
	"comptoir/internal/clock"
)

// imports measures the released program importing a large file for a new
// partner, durably and with all checks.
func (b *bench) imports(ctx context.Context) ([]report.Row, error) {
	const customers = 100_000
	program, err := b.build(ctx)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(b.temp, "customers.csv")
	if err := writeFile(file, customers); err != nil {
		return nil, err
	}
	var times []time.Duration
	for i := range min(b.rounds, 2) {
		database := filepath.Join(b.temp, fmt.Sprintf("import-%d.db", i))
		partner, err := command(ctx, program, "partner", "add", "--db", database, "--name", "Importhuset AB", "--type", "direct-bill",
			"--country", "SE", "--domain", "importhuset.example")
		if err != nil {
			return nil, err
		}
		watch := clock.Start()
		out, err := command(ctx, program, "import", "customers", file, "--db", database, "--partner", strings.TrimSpace(partner), "--json")
		if err != nil {
			return nil, err
		}
		times = append(times, watch.Elapsed())
		if want := fmt.Sprintf(`{"summary":{"created":%d,"exists":0,"refused":0}}`, customers); !strings.HasSuffix(strings.TrimSpace(out), want) {
			return nil, fmt.Errorf("the import ended with %s", out[max(0, len(out)-500):])
		}
	}
	rate := median(times, func(d time.Duration) float64 { return customers / d.Seconds() })
	return []report.Row{{
		Measure: "import of 100 000 customers with all checks", Figure: report.Number(rate) + " rows/s", Value: rate, Unit: "rows/s",
		Goal: report.AtLeast(5000),
	}}, nil
}

func writeFile(path string, customers int) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(world.WriteCSV(f, 0, customers), f.Close())
}

// command runs the program and returns what it prints.
func command(ctx context.Context, program string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("comptoir %s: %w\n%s", args[0], err, problems.String())
	}
	return string(out), nil
}
