package importer

import (
	"context"
	"errors"
	"fmt"
	"io"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/job"
	"comptoir/internal/op"
)

// task is what a job that imports knows. Everything else stands with the import.
type task struct{ Import string }

// position is how far a job has come.
type position struct {
	Total int64 // rows of the file, 0 before they were counted
	Row   int64 // the last one that has its result
}

// importing is the job that imports a file. Each batch is one step, so that after
// a crash it goes on behind the last one that was written and makes nothing twice.
var importing = job.DefineLong("importer.run", job.Options{Tries: 10}, func(ctx context.Context, l *job.Long, in task) error {
	w := &worker{long: l}
	err := w.work(ctx, in.Import)
	switch faults := fault.All(err); {
	case errors.Is(err, errNotWanted):
		return nil
	case len(faults) > 0 && ctx.Err() == nil:
		return errors.Join(err, w.fail(ctx, faults[0]))
	}
	return err
})

// errNotWanted ends a job whose import was cancelled.
var errNotWanted = errors.New("the import was cancelled")

// worker does one job.
type worker struct {
	long *job.Long
	imp  Import
	at   position
	desk *desk
	dry  *rehearsal
}

var (
	readForJob = op.Define(op.Spec{Name: "importer.job.read", Action: "job.run"},
		func(ctx context.Context, u *op.Unit, importID string) (Import, error) {
			return find(ctx, u.Tx, u.Actor.Tenant, importID)
		})
	readPieceForJob = op.Define(op.Spec{Name: "importer.job.piece", Action: "job.run"},
		func(ctx context.Context, u *op.Unit, in piece) ([]byte, error) { return readPiece(ctx, u.Tx, in) })
)

func (w *worker) work(ctx context.Context, importID string) error {
	var err error
	w.imp, err = readForJob.Do(ctx, w.long.Kernel, w.long.Actor(), importID)
	if err != nil {
		return err
	}
	if w.imp.Stage == Done {
		return clearFile(ctx, w.long, w.imp)
	}
	resumed, err := w.long.Resume(&w.at)
	if err != nil {
		return err
	}
	if !resumed {
		if err := w.begin(ctx); err != nil {
			return err
		}
	}
	if err := w.prepare(ctx); err != nil {
		return err
	}
	if err := w.desk.pipeline(ctx, crowded(w.long.Kernel), w.write); err != nil {
		return err
	}
	return w.finish(ctx)
}

// content returns the file from its beginning.
func (w *worker) content(ctx context.Context) io.Reader {
	kernel, actor, imp := w.long.Kernel, w.long.Actor(), w.imp // what the job saves meanwhile is none of the reader's
	return &chunkReader{chunks: imp.chunks, piece: func(number int64) ([]byte, error) {
		return readPieceForJob.Do(ctx, kernel, actor, piece{imp.Partner, imp.ID, number})
	}}
}

// begin counts the rows, so that whoever waits sees how many there are.
func (w *worker) begin(ctx context.Context) error {
	f, err := openFile(w.content(ctx), w.imp.reading(w.imp.Options))
	if err != nil {
		return err
	}
	if w.at.Total, err = f.count(ctx); err != nil {
		return err
	}
	w.long.Total = w.at.Total
	return w.step(ctx, w.restart)
}

// restart forgets the results of an earlier try.
func (w *worker) restart(ctx context.Context, u *op.Unit) error {
	if _, err := u.Exec(ctx, beginImport, w.imp.Partner, w.imp.ID, w.at.Total); err != nil {
		return err
	}
	_, err := u.Exec(ctx, deleteResults, w.imp.Partner, w.imp.ID)
	return err
}

// prepare opens the file behind the rows that have their result. What a rehearsal
// remembers does not outlive its process, so it begins anew.
func (w *worker) prepare(ctx context.Context) error {
	if w.imp.Options.DryRun {
		w.dry = newRehearsal()
		w.at.Row, w.long.Done = 0, 0
		if err := w.step(ctx, w.restart); err != nil {
			return err
		}
	}
	f, err := openFile(w.content(ctx), w.imp.reading(w.imp.Options))
	if err != nil {
		return err
	}
	for range w.at.Row {
		if _, err := f.next(); err != nil {
			return fmt.Errorf("importer: the rows that have their result: %w", err)
		}
	}
	w.desk, err = deskOutside(ctx, w.long.Kernel, w.actor(), f, w.imp.Options)
	return err
}

// actor is the installation acting for who started the import.
func (w *worker) actor() op.Actor {
	a := w.long.Actor()
	a.User, a.UserName, a.Locale = w.imp.User, w.imp.UserName, w.imp.locale
	return a
}

// step does a part of the job, unless the import is not wanted any more.
func (w *worker) step(ctx context.Context, work func(ctx context.Context, u *op.Unit) error) error {
	return w.long.Step(ctx, w.at, func(ctx context.Context, u *op.Unit) error {
		now, err := find(ctx, u.Tx, w.imp.Partner, w.imp.ID)
		if err != nil {
			return err
		}
		if !now.Stage.active() || now.job != w.imp.job {
			return errNotWanted
		}
		a := w.actor()
		u.Actor.User, u.Actor.UserName, u.Actor.Locale = a.User, a.UserName, a.Locale
		return work(ctx, u)
	})
}

// write settles a batch and keeps its results. A rehearsal is not part of the
// step: it remembers, and a step may be run more than once.
func (w *worker) write(ctx context.Context, rows []candidate) error {
	var results []Result
	if w.dry != nil {
		var err error
		if results, err = rehearseBatch.Do(ctx, w.long.Kernel, w.actor(), batchInput{w.desk, rows, w.dry}); err != nil {
			return err
		}
	}
	w.at.Row = rows[len(rows)-1].row
	w.long.Done = w.at.Row
	return w.step(ctx, func(ctx context.Context, u *op.Unit) (err error) {
		if w.dry == nil {
			if results, err = w.desk.settle(ctx, u, rows, nil); err != nil {
				return err
			}
			if err := w.imp.keepPasswords(ctx, u, results); err != nil {
				return err
			}
		}
		return w.imp.keepResults(ctx, u, results)
	})
}

// finish ends the import and removes its file, of a rehearsal only the memory.
func (w *worker) finish(ctx context.Context) error {
	err := w.step(ctx, func(ctx context.Context, u *op.Unit) error {
		if _, err := u.Exec(ctx, endImport, w.imp.Partner, w.imp.ID, Done, "", db.Micros(u.Now)); err != nil {
			return err
		}
		return w.tell(ctx, u)
	})
	if err != nil || w.imp.Options.DryRun {
		return err
	}
	return clearFile(ctx, w.long, w.imp)
}

// tell lets who started the import know that it has ended (rule N19).
func (w *worker) tell(ctx context.Context, u *op.Unit) error {
	now, err := find(ctx, u.Tx, w.imp.Partner, w.imp.ID)
	if err != nil {
		return err
	}
	data := map[string]string{
		"Import": now.ID, "File": now.Name, "User": string(now.User), "Stage": string(now.Stage), "DryRun": fmt.Sprint(now.Options.DryRun),
		"Created": fmt.Sprint(now.Summary.Created), "Exists": fmt.Sprint(now.Summary.Exists), "Refused": fmt.Sprint(now.Summary.Refused),
	}
	if err := u.Record(ctx, op.Record{Operation: "end_customer_import", Resource: "customer", Data: data}); err != nil {
		return err
	}
	return u.Emit(ctx, op.Event{Name: "customer-import-ended", Payload: data})
}

// fail ends the import as a whole. The file stays, to be started again.
func (w *worker) fail(ctx context.Context, reason *fault.Error) error {
	text, err := fault.Text(reason)
	if err != nil {
		return err
	}
	return w.step(ctx, func(ctx context.Context, u *op.Unit) error {
		if _, err := u.Exec(ctx, endImport, w.imp.Partner, w.imp.ID, Failed, text, db.Micros(u.Now)); err != nil {
			return err
		}
		return w.tell(ctx, u)
	})
}
