package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// readers are the connections that read an SQLite file. Each keeps its
// statements prepared and serves one transaction at a time; callers wait in the
// order in which they came. (database/sql would choose among them by chance,
// and would need a second connection to prepare a statement.)
type readers struct {
	pool   *sql.DB
	n      int
	free   chan *reader
	closed chan struct{}
}

// reader is one connection; conn is nil until it is needed.
type reader struct {
	conn  *sql.Conn
	stmts map[*Stmt]*sql.Stmt

	begin, end *sql.Stmt
}

func newReaders(pool *sql.DB, n int) *readers {
	all := &readers{pool: pool, n: n, free: make(chan *reader, n), closed: make(chan struct{})}
	for range n {
		all.free <- new(reader)
	}
	return all
}

// unwatched is a context whose end nobody waits for: watching it would cost a
// goroutine for every statement. Err still tells of the end, and is asked
// before each.
type unwatched struct{ context.Context }

// Done implements context.Context.
func (unwatched) Done() <-chan struct{} { return nil }

// read runs f in a transaction that sees one state of the database.
func (all *readers) read(ctx context.Context, d *DB, f func(ctx context.Context, t *Tx) error) error {
	r, err := all.take(ctx)
	if err != nil {
		return err
	}
	defer func() { all.free <- r }()
	ctx = unwatched{ctx}
	if err := r.open(ctx, all.pool); err != nil {
		return fmt.Errorf("begin read: %w", err)
	}
	if _, err := r.begin.ExecContext(ctx); err != nil {
		return errors.Join(fmt.Errorf("begin read: %w", err), r.close())
	}
	defer func() {
		if _, err := r.end.ExecContext(ctx); err != nil {
			r.close() //nolint:errcheck // the next caller gets a new connection
		}
	}()
	return f(ctx, &Tx{db: d, r: r})
}

// take waits for a reader.
func (all *readers) take(ctx context.Context) (*reader, error) {
	select {
	case r := <-all.free:
		return r, nil
	default:
	}
	select {
	case r := <-all.free:
		return r, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-all.closed:
		return nil, ErrClosed
	}
}

// open connects r unless it is.
func (r *reader) open(ctx context.Context, pool *sql.DB) error {
	if r.conn != nil {
		return nil
	}
	conn, err := pool.Conn(ctx)
	if err != nil {
		return err
	}
	r.conn, r.stmts = conn, make(map[*Stmt]*sql.Stmt)
	if r.begin, err = conn.PrepareContext(ctx, "BEGIN"); err == nil {
		r.end, err = conn.PrepareContext(ctx, "ROLLBACK") // nothing was changed, and it cannot fail for a reader that is still open
	}
	if err != nil {
		return errors.Join(err, r.close())
	}
	return nil
}

// stmt returns s prepared on the connection of r.
func (r *reader) stmt(ctx context.Context, s *Stmt) (*sql.Stmt, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if p, ok := r.stmts[s]; ok {
		return p, nil
	}
	p, err := r.conn.PrepareContext(ctx, s.text)
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	r.stmts[s] = p
	return p, nil
}

// close disconnects r.
func (r *reader) close() error {
	if r.conn == nil {
		return nil
	}
	var errs []error
	for _, p := range r.stmts {
		errs = append(errs, p.Close())
	}
	for _, p := range []*sql.Stmt{r.begin, r.end} {
		if p != nil {
			errs = append(errs, p.Close())
		}
	}
	errs = append(errs, r.conn.Close())
	*r = reader{}
	return errors.Join(errs...)
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
	for range all.n {
		errs = append(errs, (<-all.free).close())
	}
	return errors.Join(errs...)
}
