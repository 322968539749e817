package importer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
)

// batchRows is how many rows are drafted, and at least written, together. As many
// as unitRows go into one unit of work while nobody else waits for the database,
// because what a unit costs the disk is shared by its rows.
const (
	batchRows = 250
	unitRows  = 1000
)

// batch is a piece of the file.
type batch struct {
	records    []record
	candidates []candidate
	err        error
	ready      chan struct{} // closed when candidates, or err, are set
}

// pipeline cuts the file of d into batches, drafts their customers in parallel and
// calls write for one or several batches, one after the other, in the order of the
// file: for one only when crowded says that others wait. It stops at the first
// error of write or of the file; what was read before that error is written first.
func (d *desk) pipeline(ctx context.Context, crowded func() bool, write func(ctx context.Context, rows []candidate) error) error {
	ctx, cancel := context.WithCancel(ctx)
	workers := runtime.GOMAXPROCS(0)
	ahead := workers + unitRows/batchRows // how many batches are in memory
	todo, inOrder := make(chan *batch, ahead), make(chan *batch, ahead)
	var running sync.WaitGroup
	var unread error
	running.Go(func() {
		defer close(todo)
		defer close(inOrder)
		unread = d.cut(ctx, todo, inOrder)
	})
	for range workers {
		running.Go(func() {
			for b := range todo {
				b.candidates, b.err = d.draft(ctx, b.records)
				close(b.ready)
			}
		})
	}
	err := (&queue{batches: inOrder}).write(ctx, crowded, write)
	cancel()
	for range inOrder { // lets the cutter see that it is over
	}
	running.Wait()
	return errors.Join(err, unread)
}

// cut reads the file and hands its batches to whoever drafts, and in order to
// whoever writes.
func (d *desk) cut(ctx context.Context, todo, inOrder chan<- *batch) error {
	for {
		b := &batch{records: make([]record, 0, batchRows), ready: make(chan struct{})}
		err := d.fill(b)
		if len(b.records) > 0 {
			select {
			case <-ctx.Done():
				return nil // whoever ended it knows why
			case todo <- b:
			}
			select {
			case <-ctx.Done():
				return nil
			case inOrder <- b:
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

// fill reads records until b is full. io.EOF says that there are no more.
func (d *desk) fill(b *batch) error {
	for len(b.records) < batchRows {
		r, err := d.file.next()
		if err != nil {
			return err
		}
		b.records = append(b.records, r)
	}
	return nil
}

// draft drafts the customers of records.
func (d *desk) draft(ctx context.Context, records []record) (rows []candidate, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("row %d and those behind it: panic: %v", records[0].row+int64(len(rows)), p)
		}
	}()
	e := make(entry, len(labels))
	rows = make([]candidate, 0, len(records))
	for _, r := range records {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		c, err := d.candidate(ctx, r, e)
		if err != nil {
			return nil, fmt.Errorf("row %d: %w", r.row, err)
		}
		rows = append(rows, c)
	}
	return rows, nil
}

// queue hands out batches in their order.
type queue struct {
	batches <-chan *batch
	held    *batch // was received, and is not handed out
}

// write calls write for the rows of the batches.
func (q *queue) write(ctx context.Context, crowded func() bool, write func(ctx context.Context, rows []candidate) error) error {
	for ctx.Err() == nil {
		b := q.wait(ctx)
		if b == nil {
			break
		}
		rows, failed := b.candidates, b.err
		for failed == nil && len(rows) <= unitRows-batchRows && !crowded() {
			next := q.ready()
			if next == nil {
				break
			}
			rows, failed = append(rows, next.candidates...), next.err
		}
		if len(rows) > 0 {
			if err := write(ctx, rows); err != nil {
				return err
			}
		}
		if failed != nil {
			return failed
		}
	}
	return ctx.Err()
}

// wait returns the next batch when it is drafted; nil says that there are no more,
// or that ctx has ended.
func (q *queue) wait(ctx context.Context) *batch {
	b := q.held
	if q.held = nil; b == nil {
		select {
		case <-ctx.Done():
		case b = <-q.batches:
		}
	}
	if b == nil {
		return nil
	}
	select {
	case <-ctx.Done():
		return nil
	case <-b.ready:
		return b
	}
}

// ready returns the next batch if it is drafted already, nil otherwise.
func (q *queue) ready() *batch {
	if q.held == nil {
		select {
		case q.held = <-q.batches:
		default:
		}
	}
	if q.held == nil {
		return nil
	}
	select {
	case <-q.held.ready:
		b := q.held
		q.held = nil
		return b
	default:
		return nil
	}
}
