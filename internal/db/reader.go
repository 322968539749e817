package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// readers are the connections that read an SQLite file. Each serves one
// transaction at a time; callers wait in the order in which they came.
// (database/sql would choose among them by chance, and would need a second
// connection to prepare a statement.)
type readers struct {
	pool   *sql.DB
	free   chan *connection // nil for one that is not open yet
	closed chan struct{}
}

func newReaders(pool *sql.DB, n int) *readers {
	all := &readers{pool: pool, free: make(chan *connection, n), closed: make(chan struct{})}
	for range n {
		all.free <- nil
	}
	return all
}

// unwatched is a context whose end nobody waits for: watching it would cost a
// goroutine for every statement. Err still tells of the end, and is asked
// before each.
type unwatched struct{ context.Context } //nolint:containedctx // it is one

// Done implements context.Context.
func (unwatched) Done() <-chan struct{} { return nil }

// read runs f in a transaction that sees one state of the database.
func (all *readers) read(ctx context.Context, d *DB, f func(ctx context.Context, t *Tx) error) error {
	c, err := all.take(ctx)
	if err != nil {
		return err
	}
	defer func() { all.free <- c }()
	ctx = unwatched{ctx}
	if c == nil {
		if c, err = connect(ctx, all.pool); err != nil {
			return fmt.Errorf("begin read: %w", err)
		}
	}
	if err := c.run(ctx, begin); err != nil {
		err = errors.Join(fmt.Errorf("begin read: %w", err), c.close())
		c = nil
		return err
	}
	defer func() {
		if c.run(ctx, rollback) != nil { // nothing was changed, but the state must not be held on to
			c.close() //nolint:errcheck // the next caller gets a new connection
			c = nil
		}
	}()
	return f(ctx, &Tx{db: d, c: c})
}

// take waits for a reader.
func (all *readers) take(ctx context.Context) (*connection, error) {
	select {
	case c := <-all.free:
		return c, nil
	default:
	}
	select {
	case c := <-all.free:
		return c, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-all.closed:
		return nil, ErrClosed
	}
}

// close waits for those who read and disconnects all.
func (all *readers) close() error {
	select {
	case <-all.closed:
		return nil
	default:
		close(all.closed)
	}
	var errs []error
	for range cap(all.free) {
		if c := <-all.free; c != nil {
			errs = append(errs, c.close())
		}
	}
	return errors.Join(errs...)
}
