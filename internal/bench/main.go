// Command bench measures Comptoir against the least that a program in the same
// language with the same database driver has to do, on one machine and in one
// go, and writes docs/benchmarks.md. See there for how to read it.
//
// It is a program of its own and no part of comptoir.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"syscall"
	"time"

	"comptoir/internal/bench/report"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if setup := os.Getenv(roleVariable); setup != "" {
		return play(ctx, setup)
	}
	o, err := parse(args)
	if err != nil {
		return err
	}
	if o.profiles != "" {
		if err := os.MkdirAll(o.profiles, 0o750); err != nil {
			return err
		}
	}
	b := &bench{options: o, machine: machine()}
	rows, err := b.run(ctx)
	if err != nil {
		return err
	}
	return b.publish(rows)
}

// million is the size of the large installation.
const million = 1_000_000

// options say what is measured and how.
type options struct {
	million  bool
	many     int // customers of the large installation
	only     *regexp.Regexp
	rounds   int
	time     time.Duration
	cache    string // folder of the databases
	docs     string // folder of the results; empty writes none
	baseline bool   // make this run the one that later ones are compared with
	profiles string // folder for profiles; empty takes none
}

func parse(args []string) (options, error) {
	var o options
	var only string
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.BoolVar(&o.million, "million", true, "also measure with a million customers")
	f.IntVar(&o.many, "customers", million, "size of the large installation; any but a million writes nothing")
	f.StringVar(&only, "only", "", "measure only what this regular expression matches, and write nothing")
	f.IntVar(&o.rounds, "rounds", 3, "how many turns each side has; medians count")
	f.DurationVar(&o.time, "time", 3*time.Second, "length of a turn")
	f.StringVar(&o.cache, "cache", ".cache/bench", "folder that keeps the databases for the next run")
	f.StringVar(&o.docs, "docs", "docs", "folder of benchmarks.md and benchmarks.json")
	f.BoolVar(&o.baseline, "baseline", false, "make this run the one that later runs are compared with")
	f.StringVar(&o.profiles, "profiles", "", "folder for a CPU profile of Comptoir in each measure; it is made when missing")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if f.NArg() > 0 || o.rounds < 1 || o.time <= 0 || o.many < usual {
		return o, errors.New("see -help")
	}
	var err error
	o.only, err = regexp.Compile("(?i)" + only)
	return o, err
}

// publish prints the table and keeps it.
func (b *bench) publish(rows []report.Row) error {
	path := filepath.Join(b.docs, "benchmarks.json")
	baseline, err := report.ReadBaseline(path)
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stdout, report.Text(b.machine, rows, baseline))
	if b.partial() {
		return nil
	}
	if err := os.WriteFile(filepath.Join(b.docs, "benchmarks.md"), []byte(page(b.machine, rows)), 0o644); err != nil { //nolint:gosec // documentation
		return err
	}
	if baseline.Empty() || b.baseline {
		return baseline.With(b.machine, rows).Write(path)
	}
	return nil
}

// partial reports whether the options leave something out, so that the result
// is not the documentation's.
func (o options) partial() bool { return !o.million || o.many != million || o.only.String() != "(?i)" }
