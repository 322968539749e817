package db

import "context"

// Size returns how many bytes the database takes on its disk, without the log of
// what SQLite has not moved into the file yet.
func (d *DB) Size(ctx context.Context) (int64, error) {
	query := "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
	if d.engine == Postgres {
		query = "SELECT pg_database_size(current_database())"
	}
	var bytes int64
	err := d.pool.QueryRowContext(ctx, query).Scan(&bytes)
	return bytes, err
}
