// Package db keeps Comptoir's state on one of two engines: an embedded SQLite
// file, or PostgreSQL for several nodes. Both run the same SQL text.
//
// Features never open a transaction: an operation (package op) does, and hands
// them a *Tx.
//
// On SQLite all writes pass through one goroutine that runs the transactions
// that wait and commits them together, so that one flush to the disk serves many
// callers. One that fails leaves nothing and harms no other. What was acknowledged is on
// the disk (synchronous=FULL).
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	_ "modernc.org/sqlite"             // driver "sqlite"
)

// Engine tells the two engines apart, where a dialect hook must.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// DB is an open database.
type DB struct {
	engine Engine
	source string  // file path or URL
	pool   *sql.DB // readers on SQLite, everything on PostgreSQL

	// On SQLite only.
	writer  *writer
	readers *readers
}

// Options tune an open database. The zero value is right for production.
type Options struct {
	// NoSync gives up durability for speed. Only tests may.
	NoSync bool
	// CommitEach switches group commit off, for comparison in benchmarks.
	CommitEach bool
	// MaxConns bounds the connections; 0 chooses by the machine.
	MaxConns int
}

// Open opens the database that source names: "postgres://…" or "postgresql://…",
// or the path of an SQLite file, which is created with its folder when missing.
// It does not migrate; see Migrate.
func Open(ctx context.Context, source string, o Options) (*DB, error) {
	if strings.HasPrefix(source, "postgres://") || strings.HasPrefix(source, "postgresql://") {
		return openPostgres(ctx, source, o)
	}
	return openSQLite(ctx, source, o)
}

func openPostgres(ctx context.Context, source string, o Options) (*DB, error) {
	pool, err := sql.Open("pgx", source)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", redact(source), err)
	}
	n := o.MaxConns
	if n == 0 {
		n = max(16, 4*runtime.GOMAXPROCS(0))
	}
	pool.SetMaxOpenConns(n)
	pool.SetMaxIdleConns(n)
	if err := pool.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", redact(source), err), pool.Close())
	}
	if err := checkOrder(ctx, pool); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", redact(source), err), pool.Close())
	}
	return &DB{engine: Postgres, source: source, pool: pool}, nil
}

// ErrCollation refuses a PostgreSQL database that sorts text by a language:
// pages and prefix searches rely on the order of code points, as on SQLite.
var ErrCollation = errors.New("the database sorts text by a language; make it with: " +
	"CREATE DATABASE comptoir TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")

// checkOrder makes sure that the database sorts text by code points.
func checkOrder(ctx context.Context, pool *sql.DB) error {
	var byCodePoint bool
	if err := pool.QueryRowContext(ctx, "SELECT 'B' < 'a' AND 'z' < 'é' AND ' z' < 'a'").Scan(&byCodePoint); err != nil {
		return err
	}
	if !byCodePoint {
		return ErrCollation
	}
	return nil
}

func openSQLite(ctx context.Context, path string, o Options) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	sync := "FULL"
	if o.NoSync {
		sync = "OFF"
	}
	write, err := sql.Open("sqlite", sqliteDSN(path, "journal_mode(WAL)", "synchronous("+sync+")",
		"wal_autocheckpoint(0)", "cache_size(-65536)", "temp_store(MEMORY)"))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	w, err := startWriter(ctx, write, o)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), write.Close())
	}
	pool, err := sql.Open("sqlite", sqliteDSN(path, "query_only(1)", "cache_size(-16384)", mapped, "temp_store(MEMORY)"))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), w.close())
	}
	n := o.MaxConns
	if n == 0 {
		n = max(4, 2*runtime.GOMAXPROCS(0))
	}
	pool.SetMaxOpenConns(n + spareConns)
	pool.SetMaxIdleConns(n)
	return &DB{engine: SQLite, source: path, pool: pool, writer: w, readers: newReaders(pool, n)}, nil
}

// mapped has readers see the file in memory as far as SQLite can map it, 2 GiB.
// What lies beyond is read page by page through the cache of each.
const mapped = "mmap_size(2147418112)"

// spareConns are connections for those who use the pool itself: pings, tests.
const spareConns = 2

func sqliteDSN(path string, pragmas ...string) string {
	v := url.Values{}
	for _, p := range append([]string{"busy_timeout(15000)", "foreign_keys(1)"}, pragmas...) {
		v.Add("_pragma", p)
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + v.Encode()
}

// redact removes the password from a database URL before it is shown.
func redact(source string) string {
	u, err := url.Parse(source)
	if err != nil {
		return "the database URL"
	}
	return u.Redacted()
}

// Engine returns the engine of d.
func (d *DB) Engine() Engine { return d.engine }

// Source returns the file path or URL that d was opened with.
func (d *DB) Source() string { return d.source }

// Pool returns the connections underneath, for migrations, backup and tests.
// On SQLite they only read.
func (d *DB) Pool() *sql.DB { return d.pool }

// Close waits for whoever reads or writes, flushes and closes.
func (d *DB) Close() error {
	var errs []error
	if d.writer != nil {
		errs = append(errs, d.writer.close(), d.readers.close())
	}
	return errors.Join(append(errs, d.pool.Close())...)
}

// Waiting returns how many writes wait for the writer; always 0 on PostgreSQL,
// where each has a connection of its own.
func (d *DB) Waiting() int {
	if d.writer == nil {
		return 0
	}
	return len(d.writer.queue)
}

// Ping reports whether the database answers.
func (d *DB) Ping(ctx context.Context) error {
	var one int
	return d.pool.QueryRowContext(ctx, "SELECT 1").Scan(&one)
}

// Read runs f in a transaction that sees one state of the database and may not
// change it. f must not wait for another Read: on SQLite there are few readers.
func (d *DB) Read(ctx context.Context, f func(ctx context.Context, t *Tx) error) error {
	if d.readers != nil {
		return d.readers.read(ctx, d, f)
	}
	tx, err := d.pool.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead})
	if err != nil {
		return fmt.Errorf("begin read: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // a read leaves nothing behind
	return f(ctx, &Tx{db: d, tx: tx})
}

// Write runs f in a transaction and commits it durably before it returns. When
// f fails, nothing of it stays. f may run more than once (PostgreSQL asks for a
// retry when two transactions cross, SQLite when another one of the same commit
// fails), so it must not have effects outside of the transaction; on SQLite it holds up all other writers, so it must not wait.
func (d *DB) Write(ctx context.Context, f func(ctx context.Context, t *Tx) error) error {
	if d.writer != nil {
		return d.writer.do(ctx, d, f)
	}
	return d.writePostgres(ctx, f)
}

const postgresTries = 20

// ErrRetry is returned by a transaction that wants to be run again because
// another one was faster. It only happens on PostgreSQL.
var ErrRetry = errors.New("run the transaction again")

func (d *DB) writePostgres(ctx context.Context, f func(ctx context.Context, t *Tx) error) error {
	var err error
	for try := range postgresTries {
		if err = d.tryPostgres(ctx, f); !isRetryable(err) && !errors.Is(err, ErrRetry) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(backoff(try)):
		}
	}
	return fmt.Errorf("gave up after %d tries: %w", postgresTries, err)
}

func (d *DB) tryPostgres(ctx context.Context, f func(ctx context.Context, t *Tx) error) error {
	tx, err := d.pool.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelSerializable})
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit it does nothing
	if err := f(ctx, &Tx{db: d, tx: tx, write: true}); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}
