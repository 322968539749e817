package importer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/job"
	"comptoir/internal/op"
)

// Refusals about an import.
var (
	// ErrNotReady refuses to start, or look into, an import whose file is not
	// complete or not there any more, or that is under way.
	ErrNotReady = fault.New(fault.Conflict, "1003", "importer.not_ready")
	// ErrUnderWay refuses to remove an import that is under way.
	ErrUnderWay = fault.New(fault.Conflict, "1003", "importer.under_way")
	// ErrInterrupted is the fault of an import whose job ended too often before it
	// was done.
	ErrInterrupted = fault.New(fault.Unavailable, "1003", "importer.interrupted")
)

// Order is the input of LookAhead and Start.
type Order struct {
	ID      string
	Options Options
	// PasswordKey is what the passwords of the new customers' first admins are
	// sealed to, for TakePasswords; without one they are not kept.
	PasswordKey PublicKey
}

// MaxPreview is how many rows a preview shows.
const MaxPreview = 20

// Preview is what would be made of the first rows of a file.
type Preview struct {
	Format  Format
	Columns []string // of JSON lines those of the beginning
	Mapping Mapping  // guesses included
	Unused  []string // columns that nothing is taken from
	// Faults say why the file cannot be imported as a whole with these options:
	// then no row has a result.
	Faults fault.List
	Rows   []PreviewRow
}

// PreviewRow is one row of a preview.
type PreviewRow struct {
	Result
	Cells []string // by column; nil when the row cannot be read
}

// LookAhead shows what Start would make of the first rows, with the same options,
// and changes nothing (policy customer.add). A mapping that does not fit is told
// beside the columns, so that a form can ask for another.
var LookAhead = doors("importer.preview", false,
	func(ctx context.Context, u *op.Unit, in Order) (Preview, error) {
		i, err := findOwn(ctx, u, in.ID)
		if err != nil {
			return Preview{}, err
		}
		if !i.Kept() {
			return Preview{}, ErrNotReady
		}
		f, err := i.open(ctx, u.Tx, in.Options)
		if faults := fault.All(err); faults != nil {
			return Preview{Faults: faults}, nil
		}
		if err != nil {
			return Preview{}, orNotReady(err)
		}
		p, err := f.preview(ctx, u, in.Options.by(u.Actor))
		return p, orNotReady(err)
	})

// orNotReady returns err, or ErrNotReady when the file was removed while it was
// read.
func orNotReady(err error) error {
	if errors.Is(err, errPieceGone) {
		return ErrNotReady
	}
	return err
}

func (f *file) preview(ctx context.Context, u *op.Unit, o Options) (Preview, error) {
	p := Preview{Format: f.format, Columns: f.header}
	records, err := f.first(MaxPreview)
	if err != nil {
		return p, err
	}
	for _, r := range records {
		p.Rows = append(p.Rows, PreviewRow{Result: Result{Row: r.row, Line: r.line}, Cells: f.show(r)})
	}
	d, err := deskWithin(ctx, u, f, o)
	if fault.KindOf(err) == fault.Forbidden { // not the file's fault
		return p, err
	}
	if p.Faults = fault.All(err); p.Faults != nil {
		p.Mapping = o.Mapping
		return p, nil //nolint:nilerr // the preview shows them
	}
	if err != nil {
		return p, err
	}
	p.Mapping, p.Unused = d.mapping, d.mapping.Unused(f.header)
	rows, err := d.draft(ctx, records)
	if err != nil {
		return p, err
	}
	results, err := d.settle(ctx, u, rows, newRehearsal())
	for n, r := range results {
		p.Rows[n].Result = r
	}
	return p, err
}

// Start has one of the actor's own files imported, or rehearsed, by a job (policy
// customer.add). A file that was rehearsed, or whose import was cancelled or
// failed, can be started again. It refuses options that do not fit the file, as
// LookAhead would tell.
var Start = doors("importer.start", true,
	func(ctx context.Context, u *op.Unit, in Order) (Import, error) {
		i, err := findOwn(ctx, u, in.ID)
		if err != nil {
			return Import{}, err
		}
		if i, err = i.withJob(ctx, u.Tx); err != nil {
			return Import{}, err
		}
		if !i.Kept() || i.Stage.active() {
			return Import{}, ErrNotReady
		}
		in.Options = in.Options.by(u.Actor)
		if err := i.fits(ctx, u, in.Options); err != nil {
			return Import{}, err
		}
		options, err := json.Marshal(in.Options)
		if err != nil {
			return Import{}, fmt.Errorf("importer: options: %w", err)
		}
		if _, err := u.Exec(ctx, deleteResults, i.Partner, i.ID); err != nil {
			return Import{}, err
		}
		newJob, err := importing.Enqueue(ctx, u, task{i.ID}, job.Order{})
		if err != nil {
			return Import{}, err
		}
		_, err = u.Exec(ctx, startImport, i.Partner, i.ID, string(options), newJob, u.Actor.Locale, db.Micros(u.Now), in.PasswordKey)
		if err != nil {
			return Import{}, err
		}
		err = u.Record(ctx, op.Record{
			Operation: "start_customer_import", Resource: "customer",
			Data: map[string]string{"Import": i.ID, "File": i.Name, "DryRun": fmt.Sprint(in.Options.DryRun)},
		})
		if err != nil {
			return Import{}, err
		}
		return find(ctx, u.Tx, i.Partner, i.ID)
	})

// fits refuses what a job would refuse as soon as it begins.
func (i Import) fits(ctx context.Context, u *op.Unit, o Options) error {
	f, err := i.open(ctx, u.Tx, o)
	if err != nil {
		return orNotReady(err)
	}
	_, err = deskWithin(ctx, u, f, o)
	return err
}

// withJob returns i in the state that its job gives it: one that was cancelled, or
// given up, among the jobs has ended here too.
func (i Import) withJob(ctx context.Context, t *db.Tx) (Import, error) {
	if !i.Stage.active() {
		return i, nil
	}
	state, found, err := job.StateOf(ctx, t, i.job)
	switch {
	case err != nil:
		return i, err
	case found && state == job.Cancelled:
		i.Stage = Cancelled
	case !found || state == job.Failed:
		i.Stage, i.Fault = Failed, ErrInterrupted
	}
	return i, nil
}

// Progress returns one of the actor's own imports.
var Progress = op.Define(op.Spec{Name: "importer.progress", Action: "job.view"},
	func(ctx context.Context, u *op.Unit, in ByID) (Import, error) {
		i, err := findOwn(ctx, u, in.ID)
		if err != nil {
			return Import{}, err
		}
		return i.withJob(ctx, u.Tx)
	})

// Page is the input of List.
type Page struct {
	Before string // id of the last import of the page before; empty for the first
	Limit  int    // 1 to 100; 0 means 20
	// Started leaves out files that were uploaded and nothing else.
	Started bool
}

// List returns the actor's own imports, newest first.
var List = op.Define(op.Spec{Name: "importer.list", Action: "job.view"},
	func(ctx context.Context, u *op.Unit, in Page) ([]Import, error) {
		if in.Before == "" {
			in.Before = "g" // sorts after every id
		}
		if in.Limit <= 0 {
			in.Limit = 20
		}
		least := int64(0)
		if in.Started {
			least = 1
		}
		all, err := scanAll(u.Query(ctx, listImports, u.Actor.Tenant, u.Actor.User, in.Before, least, min(in.Limit, 100)))
		if err != nil {
			return nil, err
		}
		for n := range all {
			if all[n], err = all[n].withJob(ctx, u.Tx); err != nil {
				return nil, err
			}
		}
		return all, nil
	})

// Cancel ends one of the actor's own imports after the batch that is being
// written. Rows that have a result keep it. One that has ended stays as it is.
var Cancel = op.Define(op.Spec{Name: "importer.cancel", Action: "job.cancel", Write: true},
	func(ctx context.Context, u *op.Unit, in ByID) (Import, error) {
		i, err := findOwn(ctx, u, in.ID)
		if err != nil {
			return Import{}, err
		}
		if !i.Stage.active() {
			return i, nil
		}
		if _, err := u.Exec(ctx, endImport, i.Partner, i.ID, Cancelled, "", db.Micros(u.Now)); err != nil {
			return Import{}, err
		}
		return find(ctx, u.Tx, i.Partner, i.ID)
	})

// Discard removes one of the actor's own imports with its file and its results.
// The customers stay. It refuses one that is under way with ErrUnderWay.
var Discard = op.Define(op.Spec{Name: "importer.discard", Action: "job.cancel", Write: true},
	func(ctx context.Context, u *op.Unit, in ByID) (struct{}, error) {
		i, err := findOwn(ctx, u, in.ID)
		if err != nil {
			return struct{}{}, err
		}
		if i, err = i.withJob(ctx, u.Tx); err != nil {
			return struct{}{}, err
		}
		if i.Stage.active() {
			return struct{}{}, ErrUnderWay
		}
		return struct{}{}, i.remove(ctx, u)
	})

// remove deletes everything about i.
func (i Import) remove(ctx context.Context, u *op.Unit) error {
	_, chunks := u.Exec(ctx, deleteChunks, i.Partner, i.ID, 0, i.chunks)
	_, results := u.Exec(ctx, deleteResults, i.Partner, i.ID)
	_, passwords := u.Exec(ctx, deletePasswords, i.Partner, i.ID)
	_, row := u.Exec(ctx, deleteImport, i.Partner, i.ID)
	return errors.Join(chunks, results, passwords, row)
}
