package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// connection is one connection to an SQLite file. It prepares each statement
// once and keeps it. It serves one goroutine at a time.
type connection struct {
	conn    *sql.Conn
	stmts   map[*Stmt]*sql.Stmt
	changes int // statements that may have changed something since somebody looked
}

// The statements that frame transactions.
var (
	begin       = frame("BEGIN")
	beginWrite  = frame("BEGIN IMMEDIATE")
	commit      = frame("COMMIT")
	rollback    = frame("ROLLBACK")
	savepoint   = frame("SAVEPOINT one")
	release     = frame("RELEASE one")
	rollbackOne = frame("ROLLBACK TO one")
)

func frame(text string) *Stmt { return &Stmt{text: text, site: text} }

func connect(ctx context.Context, pool *sql.DB) (*connection, error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &connection{conn: conn, stmts: make(map[*Stmt]*sql.Stmt)}, nil
}

// stmt returns s prepared.
func (c *connection) stmt(ctx context.Context, s *Stmt) (*sql.Stmt, error) {
	if p, ok := c.stmts[s]; ok {
		return p, nil
	}
	p, err := c.conn.PrepareContext(ctx, s.text)
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	c.stmts[s] = p
	return p, nil
}

// run runs statements without arguments, until one fails.
func (c *connection) run(ctx context.Context, stmts ...*Stmt) error {
	for _, s := range stmts {
		p, err := c.stmt(ctx, s)
		if err == nil {
			_, err = p.ExecContext(ctx)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", s.site, err)
		}
	}
	return nil
}

// row runs s, which has no arguments and gives one row, and scans it into dest.
func (c *connection) row(ctx context.Context, s *Stmt, dest ...any) error {
	p, err := c.stmt(ctx, s)
	if err != nil {
		return err
	}
	return p.QueryRowContext(ctx).Scan(dest...)
}

func (c *connection) close() error {
	var errs []error
	for _, p := range c.stmts {
		errs = append(errs, p.Close())
	}
	return errors.Join(append(errs, c.conn.Close())...)
}
