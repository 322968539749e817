package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"comptoir/internal/bench/floor"
	"comptoir/internal/bench/report"
	"comptoir/internal/bench/world"
)

const (
	usual = 50_000  // the size of the small world
	large = "large" // the name of the other one
)

// bench is one run.
type bench struct {
	options
	machine string
	temp    string // folder of this run
	program string // path of the built comptoir

	small, large *installation // large is nil without the million
}

// installation is a world with the servers that work on copies of it.
type installation struct {
	*world.World
	floor, comptoir, each *child // each commits every write by itself
	tokens                map[*world.Partner]string
}

// measure is a part of a run that gives rows of the table.
type measure struct {
	name string
	run  func(b *bench, ctx context.Context) ([]report.Row, error)
	// million says that it needs the large installation.
	million bool
}

// measures are all of them, in the order of the table.
var measures = []measure{
	{name: "read one customer", run: (*bench).readOne},
	{name: "list customers", run: (*bench).list},
	{name: "change a billing profile", run: (*bench).update},
	{name: "add a customer", run: (*bench).add},
	{name: "token", run: (*bench).issue},
	{name: "import", run: (*bench).imports},
	{name: "start, memory, size", run: (*bench).residence},
	{name: "read among a million", run: (*bench).readAmongMany, million: true},
	{name: "bulk approval", run: (*bench).approvals},
	{name: "delegated administration", run: (*bench).delegation},
	{name: "queue with closed cases", run: (*bench).closedCases},
	{name: "customers page among a million", run: (*bench).customersPage, million: true},
	{name: "pages among a million", run: (*bench).pages, million: true},
}

// run prepares, measures and cleans up.
func (b *bench) run(ctx context.Context) (rows []report.Row, err error) {
	if b.temp, err = os.MkdirTemp("", "comptoir-bench-"); err != nil {
		return nil, err
	}
	defer os.RemoveAll(b.temp)
	defer func() { err = errors.Join(err, b.close()) }()
	if b.small, err = b.install(ctx, "usual", usual); err != nil {
		return nil, err
	}
	for _, m := range measures {
		if !b.only.MatchString(m.name) || (m.million && !b.million) {
			continue
		}
		if m.million && b.large == nil {
			if b.large, err = b.install(ctx, large, b.many); err != nil {
				return nil, err
			}
		}
		progress("measuring: %s", m.name)
		found, err := m.run(b, ctx)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.name, err)
		}
		rows = append(rows, found...)
	}
	return rows, nil
}

func (b *bench) close() error {
	var errs []error
	for _, i := range []*installation{b.small, b.large} {
		if i == nil {
			continue
		}
		for _, c := range []*child{i.floor, i.comptoir, i.each} {
			if c != nil {
				errs = append(errs, c.stop())
			}
		}
	}
	return errors.Join(errs...)
}

// install takes a world from the cache, or builds it, and starts Comptoir on a
// copy.
func (b *bench) install(ctx context.Context, name string, customers int) (*installation, error) {
	w, err := b.world(ctx, customers)
	if err != nil {
		return nil, err
	}
	i := &installation{World: w}
	if name == large { // it is only read, and too large to copy each time
		i.comptoir, err = start(ctx, role{Name: "comptoir-" + name, Database: w.Path, Visitor: w.Visitor(), Reviewer: w.Reviewer})
	} else {
		i.comptoir, err = b.serve(ctx, role{Name: "comptoir-" + name}, w)
	}
	if err != nil {
		return nil, err
	}
	return i, i.comptoir.turn(func() error {
		i.tokens, err = tokens(ctx, i.comptoir.Address, w)
		return err
	})
}

// world returns the world of so many customers from the cache, or builds it there.
func (b *bench) world(ctx context.Context, customers int) (*world.World, error) {
	key, err := world.Key(ctx, customers)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(b.cache, key+".db")
	w, found, err := world.Open(ctx, path)
	if found || err != nil {
		return w, err
	}
	progress("building an installation of %s customers, kept in %s", report.Number(float64(customers)), path)
	if err := os.MkdirAll(b.cache, 0o750); err != nil {
		return nil, err
	}
	if w, err = world.Build(ctx, path, customers); err != nil {
		return nil, err
	}
	if err := settle(ctx, w); err != nil {
		return nil, err
	}
	w, _, err = world.Open(ctx, path)
	return w, err
}

// settle has Comptoir do what a new world leaves to be done in the background,
// so that it does not do it while something is measured.
func settle(ctx context.Context, w *world.World) error {
	c, err := start(ctx, role{Name: "settle", Database: w.Path, Visitor: w.Visitor(), Reviewer: w.Reviewer})
	if err != nil {
		return err
	}
	return errors.Join(c.settle(ctx), c.stop())
}

// serve starts a child in a role on a copy of a world.
func (b *bench) serve(ctx context.Context, r role, w *world.World) (*child, error) {
	r.Database, r.Visitor, r.Reviewer = filepath.Join(b.temp, r.Name+".db"), w.Visitor(), w.Reviewer
	if err := copyFile(r.Database, w.Path); err != nil {
		return nil, err
	}
	return start(ctx, r)
}

// startFloor starts the floor of i, which answers as much as Comptoir does.
func (b *bench) startFloor(ctx context.Context, i *installation) error {
	if i.floor != nil {
		return nil
	}
	var s floor.Sizes
	err := i.comptoir.turn(func() (err error) {
		s, err = i.sizes(ctx)
		return err
	})
	if err == nil {
		i.floor, err = b.serve(ctx, role{Name: "floor", Floor: true, Sizes: s}, i.World)
	}
	return err
}

func progress(format string, args ...any) { fmt.Fprintf(os.Stderr, "bench: "+format+"\n", args...) }
