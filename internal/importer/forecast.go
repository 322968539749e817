package importer

import (
	"context"
	"errors"
	"io"
	"reflect"

	"comptoir/internal/op"
)

// maxForecast is how many rows a forecast goes through while somebody waits for it.
const maxForecast = 1000

// Prospect is what Start would make of all rows of a file.
type Prospect struct {
	// Known says that Summary counts all rows. The rows of a file of more than
	// maxForecast are counted by a rehearsal only.
	Known   bool
	Summary Summary
}

// Forecast counts what Start would make of one of the actor's own files, with the
// same options, so that whoever imports knows it beforehand (policy customer.add).
// It takes the counts of a rehearsal with these options where there was one. It
// refuses like Start, and changes nothing.
var Forecast = doors("importer.forecast", false,
	func(ctx context.Context, u *op.Unit, in Order) (Prospect, error) {
		i, err := findOwn(ctx, u, in.ID)
		if err != nil {
			return Prospect{}, err
		}
		if i, err = i.withJob(ctx, u.Tx); err != nil {
			return Prospect{}, err
		}
		if !i.Kept() || i.Stage.active() {
			return Prospect{}, ErrNotReady
		}
		if i.rehearsed(in.Options.by(u.Actor)) {
			return Prospect{Known: true, Summary: i.Summary}, nil
		}
		p, err := i.forecast(ctx, u, in.Options.by(u.Actor))
		return p, orNotReady(err)
	})

// rehearsed reports whether the last thing done with i was a rehearsal with o.
func (i Import) rehearsed(o Options) bool {
	o.DryRun = true
	return i.Stage == Done && reflect.DeepEqual(i.Options, o)
}

func (i Import) forecast(ctx context.Context, u *op.Unit, o Options) (p Prospect, _ error) {
	f, err := i.open(ctx, u.Tx, o)
	if err != nil {
		return p, err
	}
	d, err := deskWithin(ctx, u, f, o)
	if err != nil {
		return p, err
	}
	records, err := f.first(maxForecast)
	if err != nil {
		return p, err
	}
	if _, err := f.next(); !errors.Is(err, io.EOF) {
		return p, err // there are more, or they cannot be read
	}
	rows, err := d.draft(ctx, records)
	if err != nil {
		return p, err
	}
	results, err := d.settle(ctx, u, rows, newRehearsal())
	p.Known = err == nil
	p.Summary.count(results)
	return p, err
}
