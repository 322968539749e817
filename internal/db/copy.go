package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// CopyTo writes a consistent copy of an SQLite database to a file that does not
// exist yet, while others go on reading and writing. The copy is without gaps,
// and flushed by nobody yet.
func (d *DB) CopyTo(ctx context.Context, path string) (err error) {
	if d.engine != SQLite {
		return errors.New("only an SQLite database can be copied to a file")
	}
	// The readers' connections may not even write to another file.
	conn, err := sql.Open("sqlite", sqliteDSN(d.source))
	if err != nil {
		return fmt.Errorf("copy to %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, "VACUUM INTO $1", path); err != nil {
		return fmt.Errorf("copy to %s: %w", path, err)
	}
	return nil
}
