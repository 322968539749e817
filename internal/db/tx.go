package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlitelib "modernc.org/sqlite/lib"
)

// Tx is a running transaction.
type Tx struct {
	db    *DB
	tx    *sql.Tx     // on PostgreSQL
	c     *connection // on SQLite
	write bool
}

// Engine returns the engine that t runs on.
func (t *Tx) Engine() Engine { return t.db.engine }

// Exec runs s and returns how many rows it changed.
func (t *Tx) Exec(ctx context.Context, s *Stmt, args ...any) (int64, error) {
	if !t.write {
		return 0, fmt.Errorf("%s: write in a read transaction", s.site)
	}
	res, err := t.exec(ctx, s, args)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", s.site, err)
	}
	return res.RowsAffected()
}

func (t *Tx) exec(ctx context.Context, s *Stmt, args []any) (sql.Result, error) {
	if t.c == nil {
		return t.tx.ExecContext(ctx, s.text, args...)
	}
	t.c.changes++
	p, err := t.c.stmt(ctx, s)
	if err != nil {
		return nil, err
	}
	return p.ExecContext(ctx, args...)
}

// Query runs s. The caller closes the rows.
func (t *Tx) Query(ctx context.Context, s *Stmt, args ...any) (*sql.Rows, error) {
	rows, err := t.query(ctx, s, args)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.site, err)
	}
	return rows, nil
}

func (t *Tx) query(ctx context.Context, s *Stmt, args []any) (*sql.Rows, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if t.c == nil {
		return t.tx.QueryContext(ctx, s.On(t.db.engine), args...)
	}
	if !s.read { // it returns what it changes
		t.c.changes++
	}
	p, err := t.c.stmt(ctx, s)
	if err != nil {
		return nil, err
	}
	return p.QueryContext(ctx, args...)
}

// QueryRow runs s, which gives at most one row, and scans it into dest. It
// returns sql.ErrNoRows when there is none.
func (t *Tx) QueryRow(ctx context.Context, s *Stmt, args []any, dest ...any) error {
	rows, err := t.query(ctx, s, args)
	if err != nil {
		return fmt.Errorf("%s: %w", s.site, err)
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return fmt.Errorf("%s: %w", s.site, err)
		}
		return sql.ErrNoRows
	}
	if err := rows.Scan(dest...); err != nil {
		return fmt.Errorf("%s: %w", s.site, err)
	}
	return rows.Close()
}

// Found runs s like QueryRow and reports whether there was a row.
func (t *Tx) Found(ctx context.Context, s *Stmt, args []any, dest ...any) (bool, error) {
	err := t.QueryRow(ctx, s, args, dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// Row is the row that stands to be read: of [sql.Rows] or [sql.Row].
type Row interface{ Scan(dest ...any) error }

// All runs s and returns what scan makes of each row, in the order of the rows.
func All[T any](ctx context.Context, t *Tx, s *Stmt, args []any, scan func(Row) (T, error)) ([]T, error) {
	rows, err := t.Query(ctx, s, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.site, err)
		}
		all = append(all, one)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", s.site, err)
	}
	return all, nil
}

// IsUnique reports whether err says that a row with this key exists already.
func IsUnique(err error) bool {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return lite.Code() == sqlitelib.SQLITE_CONSTRAINT_UNIQUE || lite.Code() == sqlitelib.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "23505"
}

// isRetryable reports whether PostgreSQL asks to run the transaction again:
// serialization failure or deadlock.
func isRetryable(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}

// backoff returns how long to wait before another try: growing, with chance,
// so that two that crossed do not cross again.
func backoff(try int) time.Duration {
	top := min(time.Millisecond<<min(try, 8), 200*time.Millisecond)
	return rand.N(top) + time.Millisecond
}

// Micros returns t as the database keeps it: microseconds since 1970 in UTC,
// and 0 for the zero time.
func Micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// Time is the inverse of Micros.
func Time(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros).UTC()
}
