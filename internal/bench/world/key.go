package world

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"comptoir/internal/db"
)

// sources are the files of this package, which decide what is in a world.
//
//go:embed *.go
var sources embed.FS

// Key names a world of so many customers. It changes with the schema and with
// what this package puts into a world.
func Key(ctx context.Context, customers int) (string, error) {
	h := sha256.New()
	files, err := sources.ReadDir(".")
	if err != nil {
		return "", err
	}
	for _, f := range files {
		text, err := sources.ReadFile(f.Name())
		if err != nil {
			return "", err
		}
		h.Write(text)
	}
	text, err := emptySchema(ctx)
	if err != nil {
		return "", fmt.Errorf("world: %w", err)
	}
	h.Write([]byte(text))
	return fmt.Sprintf("world-%d-%s", customers, hex.EncodeToString(h.Sum(nil)[:6])), nil
}

// emptySchema returns the definitions of all tables and indexes.
func emptySchema(ctx context.Context) (string, error) {
	dir, err := os.MkdirTemp("", "comptoir-schema-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	d, err := db.Open(ctx, filepath.Join(dir, "empty.db"), db.Options{NoSync: true})
	if err != nil {
		return "", err
	}
	if err := d.Migrate(ctx); err != nil {
		return "", errors.Join(err, d.Close())
	}
	all, err := readSchema(ctx, d.Pool())
	return all, errors.Join(err, d.Close())
}

func readSchema(ctx context.Context, pool *sql.DB) (string, error) {
	rows, err := pool.QueryContext(ctx, `SELECT COALESCE(sql, '') FROM sqlite_master ORDER BY type, name`)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	var all strings.Builder
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			return "", err
		}
		all.WriteString(one)
		all.WriteByte('\n')
	}
	return all.String(), rows.Err()
}
