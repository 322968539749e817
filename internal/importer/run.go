package importer

import (
	"context"
	"io"
	"sync/atomic"

	"comptoir/internal/customer"
	"comptoir/internal/op"
)

var openIntake = op.Define(op.Spec{Name: "importer.open", Action: "customer.add"},
	func(ctx context.Context, u *op.Unit, _ struct{}) (*customer.Intake, error) {
		return customer.OpenIntake(ctx, u)
	})

// deskWithin prepares the import of f in the unit of work u.
func deskWithin(ctx context.Context, u *op.Unit, f *file, o Options) (*desk, error) {
	if o.Placing {
		return newPlacingDesk(f, o, customer.OpenReading(u), func(ctx context.Context, n named) (party, error) { return readParty(ctx, u, n) })
	}
	intake, err := customer.OpenIntake(ctx, u)
	if err != nil {
		return nil, err
	}
	return newDesk(f, o, intake, func(ctx context.Context, n *customer.Intake, reseller string) (*customer.Intake, error) {
		return n.WithResellers(ctx, u, reseller)
	})
}

// deskOutside prepares the import of f for a, outside of a unit of work.
func deskOutside(ctx context.Context, k *op.Kernel, a op.Actor, f *file, o Options) (*desk, error) {
	if o.Placing {
		reading, err := openReading.Do(ctx, k, a, struct{}{})
		if err != nil {
			return nil, err
		}
		return newPlacingDesk(f, o, reading, func(ctx context.Context, n named) (party, error) { return findParty.Do(ctx, k, a, n) })
	}
	intake, err := openIntake.Do(ctx, k, a, struct{}{})
	if err != nil {
		return nil, err
	}
	return newDesk(f, o, intake, learningFor(k, a))
}

// batchInput is a batch on its way into the database.
type batchInput struct {
	desk *desk
	rows []candidate
	dry  *rehearsal
}

var (
	addBatch = doors("importer.batch", true,
		func(ctx context.Context, u *op.Unit, in batchInput) ([]Result, error) {
			return in.desk.settle(ctx, u, in.rows, nil)
		})
	rehearseBatch = doors("importer.rehearse", false,
		func(ctx context.Context, u *op.Unit, in batchInput) ([]Result, error) {
			return in.desk.settle(ctx, u, in.rows, in.dry)
		})
)

// Pass is one pass over a file that imports it as it is read.
type Pass struct {
	kernel *op.Kernel
	actor  op.Actor
	desk   *desk
	dry    *rehearsal
	read   atomic.Int64
}

// Open reads the beginning of body and prepares its import for the actor's
// organization (policy customer.add). It refuses what cannot be imported as a
// whole: a partner that may not sell (RF-06, RF-43), a file that has no rows or is
// none of the formats, a mapping that does not fit its columns. Recognise says
// beforehand which encoding the file has; where o has none, it is UTF-8 or UTF-16.
func Open(ctx context.Context, k *op.Kernel, a op.Actor, body io.Reader, o Options) (*Pass, error) {
	a.IdempotencyKey = "" // of the command, not of each batch
	intake, err := openIntake.Do(ctx, k, a, struct{}{})
	if err != nil {
		return nil, err
	}
	p := &Pass{kernel: k, actor: a}
	f, err := openFile(counting{body, &p.read}, o)
	if err != nil {
		return nil, err
	}
	if err := f.begin(); err != nil {
		return nil, err
	}
	if p.desk, err = newDesk(f, o, intake, learningFor(k, a)); err != nil {
		return nil, err
	}
	if o.DryRun {
		p.dry = newRehearsal()
	}
	return p, nil
}

// Mapping returns where fields come from, guesses included.
func (p *Pass) Mapping() Mapping { return p.desk.mapping }

// Columns returns the columns of the file; of JSON lines those of its beginning.
func (p *Pass) Columns() []string { return p.desk.file.header }

// Read returns how many bytes of the file were read. It may be called at any time.
func (p *Pass) Read() int64 { return p.read.Load() }

// Run imports the file and calls report for each row, in the order of the file,
// after the row is durably what the result says. When it fails, or ctx ends, the
// rows that were reported stay; another run goes on from there. report must not
// keep the result's passwords longer than it needs.
func (p *Pass) Run(ctx context.Context, report func(Result) error) (Summary, error) {
	var sum Summary
	err := p.desk.pipeline(ctx, crowded(p.kernel), func(ctx context.Context, rows []candidate) error {
		results, err := p.settle(ctx, rows)
		if err != nil {
			return err
		}
		sum.count(results)
		for _, r := range results {
			if err := report(r); err != nil {
				return err
			}
		}
		return nil
	})
	return sum, err
}

// crowded returns whether others wait for the database.
func crowded(k *op.Kernel) func() bool { return func() bool { return k.DB.Waiting() > 0 } }

func (p *Pass) settle(ctx context.Context, rows []candidate) ([]Result, error) {
	if p.dry != nil {
		return rehearseBatch.Do(ctx, p.kernel, p.actor, batchInput{p.desk, rows, p.dry})
	}
	return addBatch.Do(ctx, p.kernel, p.actor, batchInput{desk: p.desk, rows: rows})
}

// counting counts what is read.
type counting struct {
	io.Reader
	n *atomic.Int64
}

// Read implements io.Reader.
func (c counting) Read(into []byte) (int, error) {
	n, err := c.Reader.Read(into)
	c.n.Add(int64(n))
	return n, err
}
