package gdapbulk

import (
	"context"
	"fmt"

	"comptoir/internal/db"
	"comptoir/internal/fault"
	"comptoir/internal/job"
	"comptoir/internal/op"
)

// ErrNothingReady refuses to start a batch of which nothing would be done.
var ErrNothingReady = fault.New(fault.Conflict, "1003", "gdapbulk.nothing")

// ByKind is an operation that the row of the matrix for what a batch does decides
// about.
type ByKind[I, O any] map[Kind]*op.Operation[I, O]

// Plan looks at a file of orders and keeps it with what every row would come to;
// nothing is done yet. What is wrong with a single row stands at the row.
var Plan = func() ByKind[Order, Batch] {
	all := make(ByKind[Order, Batch])
	for _, k := range Kinds() {
		all[k] = op.DefinePlanned(op.Spec{Name: "gdapbulk.plan." + string(k), Action: k.Action()}, plan)
	}
	return all
}()

// plan judges beside the writer and has the plan written in its turn. The rows are
// judged once more when they are done.
func plan(ctx context.Context, u *op.Unit, in Order) (op.Change[Batch], error) {
	j, err := openJudge(ctx, u, in.Kind)
	if err != nil {
		return nil, err
	}
	b := Batch{Kind: in.Kind, File: in.File, Stage: Planned, Total: int64(len(in.Rows))}
	rows := make([]Row, len(in.Rows))
	for i, row := range in.Rows {
		if rows[i], err = j.judge(ctx, row); err != nil {
			return nil, err
		}
		b.count(rows[i].Outcome, 1)
	}
	return func(ctx context.Context, u *op.Unit) (Batch, error) {
		b.Partner, b.ID, b.PlannedAt = u.Actor.Tenant, u.NewID(), u.Now
		b.User, b.UserName, b.locale = u.Actor.User, u.Actor.UserName, u.Actor.Locale
		return b, b.insert(ctx, u, rows)
	}, nil
}

// Again plans a new batch of what one of the actor's own batches has left undone: what
// it refused and, when it was stopped or its job was given up, what it has not come to.
func Again(ctx context.Context, k *op.Kernel, a op.Actor, batch string) (Batch, error) {
	b, err := Show.Do(ctx, k, a, batch)
	if err != nil {
		return Batch{}, err
	}
	rows, err := ListRows.Do(ctx, k, a, Rows{Batch: batch, Undone: true, Limit: MaxRows})
	if err != nil {
		return Batch{}, err
	}
	again := Order{Kind: b.Kind, File: b.File}
	for i, row := range rows {
		again.Rows = append(again.Rows, Row{Number: int64(i) + 1, Line: row.Line, Given: row.Given})
	}
	if len(again.Rows) == 0 {
		return Batch{}, ErrNothingReady
	}
	return Plan[b.Kind].Do(ctx, k, a, again)
}

// Show returns one of the actor's own batches.
var Show = op.Define(op.Spec{Name: "gdapbulk.show", Action: "gdap.view"},
	func(ctx context.Context, u *op.Unit, batch string) (Batch, error) {
		b, err := own(ctx, u, batch)
		if err != nil {
			return Batch{}, err
		}
		return b.withJob(ctx, u.Tx)
	})

// withJob returns b at the stage that its job gives it: one that was cancelled, or
// given up, among the jobs has ended here too.
func (b Batch) withJob(ctx context.Context, t *db.Tx) (Batch, error) {
	if !b.Stage.Active() {
		return b, nil
	}
	state, found, err := job.StateOf(ctx, t, b.job)
	switch {
	case err != nil:
		return b, err
	case found && state == job.Cancelled:
		b.Stage = Cancelled
	case !found || state == job.Failed:
		b.Stage = Failed
	}
	return b, nil
}

// Rows asks for rows of one of the actor's own batches.
type Rows struct {
	Batch   string
	Outcome Outcome // "" for all
	Undone  bool    // only those that Batch.Undone counts, in place of Outcome
	After   int64   // number of the last one of the page before; 0 for the first page
	Limit   int     // 1 to MaxRows; 0 means 50
}

// ListRows returns a page of the rows of one of the actor's own batches.
var ListRows = op.Define(op.Spec{Name: "gdapbulk.rows", Action: "gdap.view"},
	func(ctx context.Context, u *op.Unit, in Rows) ([]Row, error) {
		b, err := own(ctx, u, in.Batch)
		if err != nil {
			return nil, err
		}
		if in.Limit <= 0 {
			in.Limit = 50
		}
		in.Limit = min(in.Limit, MaxRows)
		if !in.Undone {
			return rowsOf(ctx, u.Tx, b, in.Outcome, in.After, in.Limit)
		}
		if b, err = b.withJob(ctx, u.Tx); err != nil {
			return nil, err
		}
		return b.undone(ctx, u.Tx, in.After, in.Limit)
	})

// Page is the input of List.
type Page struct {
	Before string // id of the last batch of the page before; empty for the first
	Limit  int    // 1 to 200; 0 means 50
}

// List returns the actor's own batches that were started, newest first.
var List = op.Define(op.Spec{Name: "gdapbulk.list", Action: "job.view"},
	func(ctx context.Context, u *op.Unit, in Page) ([]Batch, error) {
		if in.Before == "" {
			in.Before = "g" // sorts after every id
		}
		if in.Limit <= 0 {
			in.Limit = 50
		}
		all, err := db.All(ctx, u.Tx, listBatches, []any{u.Actor.Tenant, u.Actor.User, in.Before, min(in.Limit, 200)}, scanBatch)
		for i := 0; i < len(all) && err == nil; i++ {
			all[i], err = all[i].withJob(ctx, u.Tx)
		}
		return all, err
	})

// Start has a plan of the actor's own done by a job. One that was started already
// is answered as it is, so that it can be sent twice.
var Start = func() ByKind[string, Batch] {
	all := make(ByKind[string, Batch])
	for _, k := range Kinds() {
		all[k] = op.Define(op.Spec{Name: "gdapbulk.start." + string(k), Action: k.Action(), Write: true},
			func(ctx context.Context, u *op.Unit, batch string) (Batch, error) {
				b, err := own(ctx, u, batch)
				if err == nil && b.Kind != k {
					err = ErrKind // another row of the matrix decides about it
				}
				if err != nil {
					return Batch{}, err
				}
				return b.start(ctx, u)
			})
	}
	return all
}()

func (b Batch) start(ctx context.Context, u *op.Unit) (Batch, error) {
	if b.Stage != Planned {
		return b.withJob(ctx, u.Tx)
	}
	// Customers that were deleted meanwhile are in no row any more.
	b, err := b.recount(ctx, u.Tx)
	if err != nil {
		return Batch{}, err
	}
	if b.Ready() == 0 {
		return Batch{}, ErrNothingReady
	}
	work, err := doing.Enqueue(ctx, u, task{b.ID}, job.Order{})
	if err != nil {
		return Batch{}, err
	}
	if _, err := u.Exec(ctx, startBatch, b.Partner, b.ID, work, u.Actor.Locale, db.Micros(u.Now)); err != nil {
		return Batch{}, err
	}
	if err := b.log(ctx, u, "start_granular_admin_batch"); err != nil {
		return Batch{}, err
	}
	return find(ctx, u.Tx, b.Partner, b.ID)
}

// log writes to the log what becomes of b.
func (b Batch) log(ctx context.Context, u *op.Unit, operation string) error {
	return u.Record(ctx, op.Record{Operation: operation, Resource: "granular_admin_relationship", Data: b.facts()})
}

// facts are what others are told of b.
func (b Batch) facts() map[string]string {
	return map[string]string{
		"Batch": b.ID, "Kind": string(b.Kind), "File": b.File, "Total": fmt.Sprint(b.Total), "Made": fmt.Sprint(b.Made), "Known": fmt.Sprint(b.Known),
		"Refused": fmt.Sprint(b.Refused),
	}
}

// End discards a plan of the actor's own, or stops a batch that is under way behind
// the rows that are being done. What was done stays, and so does a batch that has
// ended already, however it did.
var End = op.Define(op.Spec{Name: "gdapbulk.end", Action: "job.cancel", Write: true},
	func(ctx context.Context, u *op.Unit, batch string) (Batch, error) {
		b, err := own(ctx, u, batch)
		if err != nil {
			return Batch{}, err
		}
		if b, err = b.withJob(ctx, u.Tx); err != nil {
			return Batch{}, err
		}
		switch {
		case b.Stage == Planned:
			return b, b.remove(ctx, u)
		case !b.Stage.Active():
			return b, nil
		}
		return b.end(ctx, u, Cancelled)
	})

// end keeps that b has ended, with its rows as they are now, and logs it.
func (b Batch) end(ctx context.Context, u *op.Unit, stage Stage) (Batch, error) {
	if _, err := u.Exec(ctx, endBatch, b.Partner, b.ID, stage, db.Micros(u.Now)); err != nil {
		return Batch{}, err
	}
	b, err := b.recount(ctx, u.Tx)
	if err != nil {
		return Batch{}, err
	}
	return b, b.log(ctx, u, "end_granular_admin_batch")
}
