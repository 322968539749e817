package importer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
)

// batchRows is how many rows are written in one unit of work: enough that a flush
// to the disk costs little for each, and few enough that everybody else who writes
// waits for some hundredths of a second only.
const batchRows = 300

// batch is a piece of the file.
type batch struct {
	records    []record
	candidates []candidate
	err        error
	ready      chan struct{} // closed when candidates, or err, are set
}

// pipeline cuts the file of d into batches, drafts their customers in parallel and
// calls write for each batch, one after the other, in the order of the file. It
// stops at the first error of write or of the file; what was read before that
// error is written first.
func (d *desk) pipeline(ctx context.Context, write func(ctx context.Context, rows []candidate) error) error {
	ctx, cancel := context.WithCancel(ctx)
	workers := runtime.GOMAXPROCS(0)
	todo, inOrder := make(chan *batch, workers), make(chan *batch, workers)
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
	err := writeInOrder(ctx, inOrder, write)
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

func writeInOrder(ctx context.Context, batches <-chan *batch, write func(ctx context.Context, rows []candidate) error) error {
	for b := range batches {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-b.ready:
		}
		if b.err != nil {
			return b.err
		}
		if err := write(ctx, b.candidates); err != nil {
			return err
		}
	}
	return ctx.Err()
}
