package db

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate brings the schema to the version of this program. On PostgreSQL a
// lock keeps several nodes from migrating at once.
func (d *DB) Migrate(ctx context.Context) error {
	return d.migrate(func(p *goose.Provider) error {
		_, err := p.Up(ctx)
		return err
	})
}

// MigrateTo brings the schema to an older version of this program, so that a
// backup from then can be read.
func (d *DB) MigrateTo(ctx context.Context, version int64) error {
	return d.migrate(func(p *goose.Provider) error {
		_, err := p.UpTo(ctx, version)
		return err
	})
}

func (d *DB) migrate(up func(*goose.Provider) error) error {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	dialect, opts := goose.DialectSQLite3, []goose.ProviderOption{goose.WithVerbose(false)}
	pool := d.pool
	if d.engine == Postgres {
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
		dialect, opts = goose.DialectPostgres, append(opts, goose.WithSessionLocker(locker))
	} else {
		if pool, err = sql.Open("sqlite", sqliteDSN(d.source)); err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
		defer pool.Close()
	}
	p, err := goose.NewProvider(dialect, pool, dir, opts...)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if err := up(p); err != nil && !errors.Is(err, goose.ErrNoMigrations) {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// Version returns the number of the newest migration that the database has.
func (d *DB) Version(ctx context.Context) (int64, error) {
	var v int64
	err := d.pool.QueryRowContext(ctx, "SELECT max(version_id) FROM goose_db_version").Scan(&v)
	return v, err
}

// Latest returns the number of the newest migration that this program knows.
func Latest() int64 {
	var latest int64
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		panic(err) // the pattern is wrong
	}
	for _, name := range names {
		n, err := goose.NumericComponent(name)
		if err != nil {
			panic(fmt.Sprintf("db: migration %s has no number", name))
		}
		latest = max(latest, n)
	}
	return latest
}
